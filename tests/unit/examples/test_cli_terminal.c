/*
 * test_cli_terminal.c - colours, and texts that must not steer a terminal.
 */
#include "cmocka_all.h"

#include "cli_error.h"
#include "terminal.h"
#include <stdlib.h>
#include <string.h>

static void assert_safe(const char *text, const char *expected)
{
    char out[128];

    assert_int_equal(terminal_safe(out, sizeof(out), text), strlen(expected));
    assert_string_equal(out, expected);
}

static void control_characters_never_come_through(void **state)
{
    (void)state;
    assert_safe("cat.jpg", "cat.jpg");
    assert_safe("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m");
    assert_safe("a\r\nb\tc\x7f", "a\\x0d\\x0ab\\x09c\\x7f");
    assert_safe("\xc2\x9b"
                "31m",
                "\\x9b31m"); /* CSI as one character */
    assert_safe("\xe2\x80\xae"
                "gpj.tac",
                "\\u202egpj.tac");
    assert_safe("webp[red].jpg", "webp[red].jpg"); /* C18: markup is only text */
    assert_safe("\xf0\x9f\x90\x88 caf\xc3\xa9", "\xf0\x9f\x90\x88 caf\xc3\xa9");
}

static void no_byte_below_a_blank_is_written(void **state)
{
    char text[2] = { 0, 0 };
    char out[16];

    (void)state;
    for (int byte = 1; byte < 256; byte++) {
        text[0] = (char)byte;
        terminal_safe(out, sizeof(out), text);
        assert_true(out[0] != '\0');
        for (const char *at = out; *at != '\0'; at++)
            assert_true((unsigned char)*at >= 0x20 && *at != 0x7f);
    }
}

static void a_long_text_is_cut_at_a_character(void **state)
{
    char out[4];

    (void)state;
    assert_int_equal(terminal_safe(out, sizeof(out), "ab\xc3\xa9z"), 5);
    assert_string_equal(out, "ab");
    assert_int_equal(terminal_safe(NULL, 0, "a\x1b"), 5);
}

static void clear_colour_variables(void)
{
    unsetenv("NO_COLOR");
    unsetenv("CLICOLOR");
    unsetenv("CLICOLOR_FORCE");
    unsetenv("FORCE_COLOR");
    unsetenv("TERM");
}

static void colours_follow_the_option_and_then_the_environment(void **state)
{
    FILE *file = tmpfile(); /* no terminal */

    (void)state;
    assert_non_null(file);
    clear_colour_variables();
    assert_false(terminal_colour(file, TERMINAL_AUTO));
    assert_true(terminal_colour(file, TERMINAL_ALWAYS));
    setenv("FORCE_COLOR", "0", 1);
    assert_false(terminal_colour(file, TERMINAL_AUTO));
    setenv("FORCE_COLOR", "1", 1);
    setenv("TERM", "dumb", 1);
    assert_true(terminal_colour(file, TERMINAL_AUTO));
    setenv("NO_COLOR", "", 1);
    assert_true(terminal_colour(file, TERMINAL_AUTO));
    setenv("NO_COLOR", "1", 1);
    assert_false(terminal_colour(file, TERMINAL_AUTO));
    assert_true(terminal_colour(file, TERMINAL_ALWAYS));
    assert_false(terminal_colour(file, TERMINAL_NEVER));
    assert_int_equal(terminal_width(file), 0);
    clear_colour_variables();
    fclose(file);
}

static void styles_are_empty_without_colour(void **state)
{
    (void)state;
    assert_string_equal(terminal_style(0, STYLE_RED), "");
    assert_string_equal(terminal_reset(0), "");
    assert_string_equal(terminal_style(1, STYLE_RED), "\x1b[31m");
    assert_string_equal(terminal_style(1, STYLE_NONE), "");
    assert_string_equal(terminal_reset(1), "\x1b[0m");
}

static void errors_are_made_safe(void **state)
{
    icecat_error err;
    char name[600];

    (void)state;
    memset(name, 'a', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    assert_int_equal(cli_error(&err, ICECAT_E_FILE, "%s: no", "\x1b]0;x\x07"), ICECAT_E_FILE);
    assert_string_equal(err.message, "\\x1b]0;x\\x07: no");
    cli_error(&err, ICECAT_E_FILE, "%s", name);
    assert_int_equal(strlen(err.message), sizeof(err.message) - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(control_characters_never_come_through),
        cmocka_unit_test(no_byte_below_a_blank_is_written),
        cmocka_unit_test(a_long_text_is_cut_at_a_character),
        cmocka_unit_test(colours_follow_the_option_and_then_the_environment),
        cmocka_unit_test(styles_are_empty_without_colour),
        cmocka_unit_test(errors_are_made_safe),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
