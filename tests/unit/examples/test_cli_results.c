/*
 * test_cli_results.c - from records to words, exit codes, names of files.
 */
#include "cmocka_all.h"

#include "batch_source.h"
#include "fingerprints.h"
#include "result_file.h"
#include "result_rows.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LABELS                                                                                     \
    "[{\"name\":\"Cat\",\"confidence\":98.44,\"parents\":[\"Animal\"]},"                           \
    "{\"name\":\"Mammal\",\"confidence\":98.36,\"parents\":[]}]"

static struct result_row row_of(uint32_t state, uint32_t is_cat)
{
    icecat_result result = ICECAT_RESULT_INIT;
    struct result_row row;

    result.state = state;
    result.is_cat = is_cat;
    result.batch_id = 1744377772;
    result.confidence = 98.44;
    result.labels_json = LABELS;
    result_row_from(&row, &result);
    return row;
}

/* C11: five states that the Python client showed as N/A. */
static void states_stay_apart(void **state)
{
    (void)state;
    assert_string_equal(verdict_word(row_of(ICECAT_RESULT_SUCCESS, 1).verdict), "cat");
    assert_string_equal(verdict_word(row_of(ICECAT_RESULT_SUCCESS, 0).verdict), "not cat");
    assert_string_equal(verdict_word(row_of(ICECAT_RESULT_PENDING, 1).verdict), "pending");
    assert_string_equal(verdict_word(row_of(ICECAT_RESULT_FAIL, 1).verdict), "failed");
    assert_string_equal(verdict_word(row_of(ICECAT_RESULT_MISSING, 1).verdict), "missing");
    assert_non_null(row_of(ICECAT_RESULT_FAIL, 0).reason);
    assert_int_equal(verdict_from_word("not-cat"), VERDICT_NOT_CAT);
    assert_int_equal(verdict_from_word("dog"), VERDICT_COUNT);
}

static void labels_are_whole(void **state)
{
    struct result_row row = row_of(ICECAT_RESULT_SUCCESS, 1);
    char text[64];

    (void)state;
    result_row_labels(&row, 3, " - ", text, sizeof(text));
    assert_string_equal(text, "Cat 98.4 - Mammal 98.4");
    result_row_labels(&row, 1, " - ", text, sizeof(text));
    assert_string_equal(text, "Cat 98.4");
    result_row_labels(&row, 3, " - ", text, 20);
    assert_string_equal(text, "Cat 98.4");
    row.labels_json = "[{\"name\":1},{},7,{\"name\":\"Dog\",\"confidence\":1e300}]";
    result_row_labels(&row, 3, " - ", text, sizeof(text));
    assert_string_equal(text, "Dog 100.0");
    row.labels_json = "no JSON";
    result_row_labels(&row, 3, " - ", text, sizeof(text));
    assert_string_equal(text, "");
}

static void confidence_is_of_what_was_seen(void **state)
{
    struct result_row row = row_of(ICECAT_RESULT_SUCCESS, 1);
    char text[32];

    (void)state;
    result_row_confidence(&row, text, sizeof(text));
    assert_string_equal(text, "98.4");
    row = row_of(ICECAT_RESULT_SUCCESS, 0);
    row.labels_json =
        "[{\"name\":\"Pet\",\"confidence\":80},{\"name\":\"Dog\",\"confidence\":99.1}]";
    result_row_confidence(&row, text, sizeof(text));
    assert_string_equal(text, "99.1");
    row = row_of(ICECAT_RESULT_PENDING, 0);
    result_row_confidence(&row, text, sizeof(text));
    assert_string_equal(text, "");
}

static int exit_of(uint64_t cat, uint64_t pending, uint64_t failed, uint64_t rejected, int allow)
{
    struct result_counts counts = { .total = cat + pending + failed + rejected };

    counts.by_verdict[VERDICT_CAT] = cat;
    counts.by_verdict[VERDICT_PENDING] = pending;
    counts.by_verdict[VERDICT_FAILED] = failed;
    counts.by_verdict[VERDICT_REJECTED] = rejected;
    return result_counts_exit(&counts, allow);
}

static void exit_codes(void **state)
{
    (void)state;
    assert_int_equal(exit_of(0, 0, 0, 0, 0), 0);
    assert_int_equal(exit_of(3, 0, 0, 0, 0), 0);
    assert_int_equal(exit_of(3, 1, 1, 1, 0), 8);
    assert_int_equal(exit_of(3, 1, 0, 0, 1), 0);
    assert_int_equal(exit_of(3, 0, 1, 0, 0), 3);
    assert_int_equal(exit_of(3, 0, 0, 1, 0), 3);
    assert_int_equal(exit_of(0, 0, 0, 1, 0), 9);
}

static void counts_in_words(void **state)
{
    struct result_counts counts = { .total = 0 };
    char text[160];

    (void)state;
    result_counts_text(&counts, text, sizeof(text));
    assert_string_equal(text, "0 files");
    result_counts_add(&counts, VERDICT_CAT);
    result_counts_text(&counts, text, sizeof(text));
    assert_string_equal(text, "1 file: 1 cat");
    result_counts_add(&counts, VERDICT_REJECTED);
    result_counts_text(&counts, text, sizeof(text));
    assert_string_equal(text, "2 files: 1 cat, 1 rejected");
}

/* C8: the results never replace the batch file. */
static void results_never_replace_the_batch(void **state)
{
    static const char *const names[][2] = {
        { "logs/me_batch-1744377772.json", "logs/me_batch-1744377772-results.json" },
        { "logs/me_batch-1744377772.json.journal", "logs/me_batch-1744377772-results.json" },
        { "batch", "batch-results.json" },
        { "a.json/batch", "a.json/batch-results.json" },
        { "a.json.d/x.JSON", "a.json.d/x.JSON-results.json" },
        { ".json", ".json-results.json" },
        { "a/.json", "a/.json-results.json" },
        { "", "-results.json" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char *name = result_file_name(names[i][0], "-results.json");

        assert_string_equal(name, names[i][1]);
        free(name);
    }
}

/* C12: the logs of all images, not of the last. */
static void logs_of_all_images(void **state)
{
    struct result_row rows[3];
    char path[] = "/tmp/icecat-logs-XXXXXX";
    char text[512] = "";
    int fd = mkstemp(path);
    icecat_error err;
    FILE *file;

    (void)state;
    assert_true(fd >= 0);
    close(fd);
    for (size_t i = 0; i < 3; i++)
        rows[i] = row_of(ICECAT_RESULT_SUCCESS, 1);
    rows[0].fingerprint = "aa";
    rows[0].logs_json = "[\"one\", \"two\"]";
    rows[1].fingerprint = "bb";
    rows[1].logs_json = "[\"three\"]";
    rows[2] = rows[0]; /* an equal image */
    assert_int_equal(result_file_write_logs(path, rows, 3, &err), ICECAT_OK);
    file = fopen(path, "r");
    assert_non_null(file);
    assert_true(fread(text, 1, sizeof(text) - 1, file) > 0);
    fclose(file);
    unlink(path);
    assert_string_equal(text, "{\n    \"aa\": [\n        \"one\",\n        \"two\"\n    ],\n"
                              "    \"bb\": [\n        \"three\"\n    ]\n}\n");
}

static void a_results_file_that_cannot_be_written(void **state)
{
    icecat_error err;

    (void)state;
    assert_int_equal(result_file_write_logs("/no/such/folder/x.json", NULL, 0, &err),
                     ICECAT_E_FILE);
    assert_non_null(strstr(err.message, "/no/such/folder/x.json"));
}

static void equal_fingerprints_share_a_place(void **state)
{
    static const char *const all[] = { "cc", NULL, "aa", "cc", "", "bb", "aa", "cc" };
    static const size_t places[] = { 0, FINGERPRINT_NONE, 1, 0, FINGERPRINT_NONE, 2, 1, 0 };
    struct fingerprints made;

    (void)state;
    assert_true(fingerprints_make(&made, all, 8));
    assert_int_equal(made.distinct_count, 3);
    assert_string_equal(made.distinct[0], "cc");
    assert_string_equal(made.distinct[1], "aa");
    assert_string_equal(made.distinct[2], "bb");
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(made.place[i], places[i]);
    fingerprints_clear(&made);
}

static void sorting_is_stable(void **state)
{
    struct result_row rows[4] = {
        { .file = "b", .verdict = VERDICT_NOT_CAT, .confidence = 10 },
        { .file = "a", .verdict = VERDICT_CAT, .confidence = 90 },
        { .file = NULL, .verdict = VERDICT_CAT, .confidence = 95 },
        { .file = "c", .verdict = VERDICT_NOT_CAT, .confidence = 10 },
    };

    (void)state;
    assert_true(result_rows_sort(rows, 4, SORT_VERDICT));
    assert_string_equal(rows[0].file, "a");
    assert_null(rows[1].file);
    assert_string_equal(rows[2].file, "b");
    assert_true(result_rows_sort(rows, 4, SORT_CONFIDENCE));
    assert_null(rows[0].file);
    assert_string_equal(rows[3].file, "c");
    assert_true(result_rows_sort(rows, 4, SORT_FILE));
    assert_string_equal(rows[0].file, "a");
    assert_null(rows[3].file);
}

static void names_of_batches(void **state)
{
    (void)state;
    assert_int_equal(batch_name_id("me_batch-1744377772.json"), 1744377772);
    assert_int_equal(batch_name_id("a_batch-b_batch-1744377772123456.json.journal"),
                     1744377772123456);
    assert_int_equal(batch_name_id("me_batch-1744377772-results.json"), 0);
    assert_int_equal(batch_name_id("me_batch-1744377772.json~"), 0);
    assert_int_equal(batch_name_id("me_batch-12.json"), 0);
    assert_int_equal(batch_name_id("_batch-1744377772.json"), 0);
    assert_int_equal(batch_name_id("me_batch-99999999999999999999999999.json"), 0);
}

static void newest_batch_file(void **state)
{
    static const char *const names[] = { "a_batch-1744377772.json", "b_batch-1744377773.json",
                                         "b_batch-1744377773-results.json" };
    char dir[] = "/tmp/icecat-batches-XXXXXX";
    char path[3][128];
    char *found;

    (void)state;
    assert_non_null(mkdtemp(dir));
    assert_null(batch_find(dir, 0));
    for (int i = 0; i < 3; i++) {
        struct timespec times[2] = { { .tv_sec = 2000 - i }, { .tv_sec = 2000 - i } };

        snprintf(path[i], sizeof(path[i]), "%s/%s", dir, names[i]);
        close(open(path[i], O_WRONLY | O_CREAT, 0600));
        assert_int_equal(utimensat(AT_FDCWD, path[i], times, 0), 0);
    }
    found = batch_find(dir, 0);
    assert_string_equal(found, path[0]);
    free(found);
    found = batch_find(dir, 1744377773);
    assert_string_equal(found, path[1]);
    free(found);
    assert_null(batch_find(dir, 1744377774));
    for (int i = 0; i < 3; i++)
        unlink(path[i]);
    rmdir(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states_stay_apart),
        cmocka_unit_test(labels_are_whole),
        cmocka_unit_test(confidence_is_of_what_was_seen),
        cmocka_unit_test(exit_codes),
        cmocka_unit_test(counts_in_words),
        cmocka_unit_test(results_never_replace_the_batch),
        cmocka_unit_test(logs_of_all_images),
        cmocka_unit_test(a_results_file_that_cannot_be_written),
        cmocka_unit_test(equal_fingerprints_share_a_place),
        cmocka_unit_test(sorting_is_stable),
        cmocka_unit_test(names_of_batches),
        cmocka_unit_test(newest_batch_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
