/*
 * test_cli_progress.c - the progress line, its numbers and its pace.
 */
#include "cmocka_all.h"

#include "progress.h"
#include <stdlib.h>
#include <string.h>

#define MIB (1024u * 1024u)

static struct progress_state half_way(void)
{
    return (struct progress_state){ .verb = "uploading",
                                    .noun = "files",
                                    .done = 120,
                                    .total = 240,
                                    .bytes_done = 30 * MIB,
                                    .bytes = 60 * MIB,
                                    .failed = 2,
                                    .elapsed_ms = 10000,
                                    .tells_failed = 1 };
}

static void assert_line(const struct progress_state *state, const char *expected)
{
    char line[256];

    progress_format(state, line, sizeof(line));
    assert_string_equal(line, expected);
}

static void tells_all(void **state)
{
    struct progress_state half = half_way();

    (void)state;
    assert_line(&half, "uploading 120/240 files 30.0/60.0 MiB 3.0 MiB/s eta 10s failed 2");
}

static void without_bytes(void **state)
{
    struct progress_state waiting = {
        .verb = "waiting", .noun = "verdicts", .done = 1, .total = 4, .elapsed_ms = 30000
    };

    (void)state;
    assert_line(&waiting, "waiting 1/4 verdicts eta 1m 30s");
}

static void no_guess_before_anything_is_done(void **state)
{
    struct progress_state half = half_way();

    (void)state;
    half.bytes_done = 0;
    assert_true(progress_eta_s(&half) < 0);
    half.done = half.total;
    assert_true(progress_eta_s(&half) >= 0);
}

static void words_for_numbers(void **state)
{
    static const struct {
        double seconds;
        const char *text;
    } times[] = {
        { 0, "0s" }, { 47.4, "47s" }, { 185, "3m 05s" }, { 7830, "2h 10m" }, { -1, "0s" }
    };
    static const struct {
        uint64_t bytes;
        const char *text;
    } sizes[] = { { 0, "0 B" },
                  { 1023, "1023 B" },
                  { 1536, "1.5 KiB" },
                  { 610u * MIB, "610.0 MiB" },
                  { UINT64_MAX, "16777216.0 TiB" } };
    char text[32];

    (void)state;
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        progress_format_seconds(times[i].seconds, text, sizeof(text));
        assert_string_equal(text, times[i].text);
    }
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        progress_format_bytes(sizes[i].bytes, text, sizeof(text));
        assert_string_equal(text, sizes[i].text);
    }
}

static void bar_fits(void **state)
{
    struct progress_state half = half_way();
    char line[256];

    (void)state;
    for (size_t width = 0; width < 200; width++) {
        progress_format_bar(&half, width, line, sizeof(line));
        assert_true(strlen(line) <= width);
    }
    half.bytes = 0;
    progress_format_bar(&half, 63, line, sizeof(line));
    assert_string_equal(line, "[##########..........] uploading 120/240 files eta 10s failed 2");
}

static void a_log_gets_few_lines(void **state)
{
    struct progress_state half = half_way();

    (void)state;
    assert_false(progress_is_due(&half, 9000, 120)); /* the same tenth, 1 s ago */
    assert_true(progress_is_due(&half, 9000, 100));  /* another tenth */
    assert_false(progress_is_due(&half, 9800, 100)); /* another tenth, but too soon */
    assert_true(progress_is_due(&half, 5000, 120));  /* 5 s ago */
    half.total = 0;
    half.done = 0;
    assert_false(progress_is_due(&half, 9000, 0));
}

static void kinds(void **state)
{
    enum progress_kind kind;

    (void)state;
    assert_true(progress_kind_of("auto", 1, &kind));
    assert_int_equal(kind, PROGRESS_BAR);
    assert_true(progress_kind_of(NULL, 0, &kind));
    assert_int_equal(kind, PROGRESS_PLAIN);
    assert_true(progress_kind_of("none", 1, &kind));
    assert_int_equal(kind, PROGRESS_NONE);
    assert_false(progress_kind_of("sometimes", 1, &kind));
}

static char *run_of(enum progress_kind kind)
{
    struct progress_state begin = { .verb = "uploading", .noun = "files", .total = 100 };
    struct progress progress;
    char *text = NULL;
    size_t len = 0;
    FILE *file = open_memstream(&text, &len);

    assert_non_null(file);
    progress_begin(&progress, kind, file, 80, &begin);
    for (uint64_t i = 1; i <= 100; i++)
        progress_update(&progress, i, 0, 0);
    progress_end(&progress);
    fclose(file);
    return text;
}

static void lines_have_no_escapes(void **state)
{
    char *plain = run_of(PROGRESS_PLAIN);
    char *none = run_of(PROGRESS_NONE);
    char *bar = run_of(PROGRESS_BAR);

    (void)state;
    assert_null(strpbrk(plain, "\r\x1b"));
    assert_string_equal(none, "");
    assert_null(strchr(bar, '\n'));
    assert_non_null(strchr(bar, '\r'));
    /* The bar is gone at the end. */
    assert_string_equal(bar + strlen(bar) - 4, "\r\x1b[K");
    free(plain);
    free(none);
    free(bar);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_all),
        cmocka_unit_test(without_bytes),
        cmocka_unit_test(words_for_numbers),
        cmocka_unit_test(no_guess_before_anything_is_done),
        cmocka_unit_test(bar_fits),
        cmocka_unit_test(a_log_gets_few_lines),
        cmocka_unit_test(kinds),
        cmocka_unit_test(lines_have_no_escapes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
