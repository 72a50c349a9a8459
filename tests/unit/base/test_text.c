/*
 * test_text.c - what people read: messages and log lines are one line of UTF-8, whatever went into them.
 */
#include "base/error.h"
#include "base/log.h"
#include "base/utf8.h"
#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

typedef struct line_case {
    const char *in;
    const char *out;
} line_case;

static const line_case cases[] = {
    { "", "" },
    { "tom cat", "tom cat" },
    { "k\xc3\xa4tzchen \xf0\x9f\x90\x88", "k\xc3\xa4tzchen \xf0\x9f\x90\x88" },
    { "a\r\nb\tc\x1b[31m\x7f", "a  b c [31m " },
    { "a\xc2\x85z\xc2\x9b"
      "31m",
      "a z 31m" },                            /* C1: NEL and CSI */
    { "a\xe2\x80\xa8z\xe2\x80\xa9", "a z " }, /* line and paragraph separator */
    { "a\xe2\x80\xae"
      "gpj.exe\xe2\x81\xa6z",
      "a gpj.exe z" },                                  /* right-to-left override, isolate */
    { "\xe2\x80\x8f\xd7\xa9", "\xe2\x80\x8f\xd7\xa9" }, /* a mark that belongs to Hebrew */
    { "a\xff\xc3(\x80", "a?"
                        "?(?" },
    { "\xed\xa0\x80", "???" }, /* a surrogate */
};

static void a_line_holds_neither_controls_nor_broken_characters(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[64];

        snprintf(text, sizeof(text), "%s", cases[i].in);
        ic_utf8_make_line(text, sizeof(text));
        assert_string_equal(text, cases[i].out);
    }
}

static void a_character_that_was_cut_at_the_end_is_left_out(void **state)
{
    char text[8];

    (void)state;
    for (size_t fill = 3; fill < 8; fill++) {
        memset(text, 'a', fill);
        memcpy(text + fill, "\xf0\x9f\x90\x88", fill == 3 ? 4 : 7 - fill);
        text[7] = '\0';
        ic_utf8_make_line(text, sizeof(text));
        assert_int_equal(strlen(text), fill == 3 ? 7 : fill);
    }
}

static void a_message_is_one_line_of_utf8(void **state)
{
    char path[600];
    icecat_error err;

    (void)state;
    memset(path, 0xc3, sizeof(path) - 1);
    path[sizeof(path) - 1] = '\0';
    ic_error_clear(&err);
    ic_fail(&err, ICECAT_E_FILE,
            "cannot open \xc2\x9b"
            "2J\xff.jpg: %s",
            "no");
    assert_string_equal(err.message, "cannot open  2J?.jpg: no");
    ic_error_prefix(&err, "a\nb");
    assert_string_equal(err.message, "a b: cannot open  2J?.jpg: no");
    ic_fail(&err, ICECAT_E_FILE, "%s", path);
    assert_int_equal(err.message[sizeof(err.message) - 3], '?');
}

static void keep_text(uint32_t level, const char *area, const char *text, void *userdata)
{
    (void)level;
    (void)area;
    snprintf(userdata, 600, "%s", text);
}

static void a_log_line_is_one_line_of_utf8(void **state)
{
    char got[600] = "";
    char text[600];
    const ic_log log = { keep_text, got, ICECAT_LOG_INFO };

    (void)state;
    ic_log_write(&log, ICECAT_LOG_INFO, "http", "a\nb\xc2\x9b%s", "\xfe");
    assert_string_equal(got, "a b ?");
    memset(text, 'x', sizeof(text));
    memcpy(text + 510, "\xc3\xa4", 3);
    ic_log_write(&log, ICECAT_LOG_INFO, "http", "%s", text);
    assert_int_equal(strlen(got), 510);
    ic_log_write(&log, ICECAT_LOG_DEBUG, "http", "finer");
    assert_int_equal(strlen(got), 510);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_holds_neither_controls_nor_broken_characters),
        cmocka_unit_test(a_character_that_was_cut_at_the_end_is_left_out),
        cmocka_unit_test(a_message_is_one_line_of_utf8),
        cmocka_unit_test(a_log_line_is_one_line_of_utf8),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
