/*
 * test_cli_report.c - texts of others in HTML, labels to filter by, orders, and the tables of a report.
 */
#include "cmocka_all.h"

#include "report_page.h"
#include "report_text.h"
#include <stdlib.h>
#include <string.h>

/* ---- texts ------------------------------------------------------------------------------- */

static char *html_of(const char *text)
{
    char *out = NULL;
    size_t len = 0;
    FILE *file = open_memstream(&out, &len);

    assert_non_null(file);
    html_text(file, text);
    fclose(file);
    return out;
}

static void texts_stay_texts(void **state)
{
    static const char *const pairs[][2] = {
        { "cat.jpg", "cat.jpg" },
        { "<script>\"x\"&'y'`</script>",
          "&#60;script&#62;&#34;x&#34;&#38;&#39;y&#39;&#96;&#60;/script&#62;" },
        { "a\nb\x1b[2Jc\x7f", "a\\x0ab\\x1b[2Jc\\x7f" },
        { "gpj.\xe2\x80\xaetac", "gpj.\\u202etac" }, /* right-to-left override */
        { "\xe2\x81\xa6x\xe2\x81\xa9", "\\u2066x\\u2069" },
        { "\xff\xc3", "\xef\xbf\xbd\xef\xbf\xbd" },
        { "K\xc3\xa4tzchen \xf0\x9f\x90\xb1", "K\xc3\xa4tzchen \xf0\x9f\x90\xb1" },
        { "", "" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        char *got = html_of(pairs[i][0]);

        assert_string_equal(got, pairs[i][1]);
        free(got);
    }
}

/* No byte, wherever it stands, becomes markup or a control character. */
static void no_byte_is_markup(void **state)
{
    (void)state;
    for (int byte = 1; byte < 256; byte++) {
        char text[4] = { 'a', (char)byte, 'b', '\0' };
        char *got = html_of(text);

        assert_null(strpbrk(got, "<>\"'`"));
        for (const char *at = got; *at != '\0'; at++)
            assert_true((unsigned char)*at >= 0x20 && *at != 0x7f);
        free(got);
    }
}

static void base64_is_of_the_standard(void **state)
{
    static const char *const expected[] = { "",         "Zg==",     "Zm8=",    "Zm9v",
                                            "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy" };

    (void)state;
    for (size_t len = 0; len <= 6; len++) {
        char out[16] = "";
        FILE *file = fmemopen(out, sizeof(out), "w");

        html_base64(file, (const unsigned char *)"foobar", len);
        fclose(file);
        assert_string_equal(out, expected[len]);
    }
}

static void times_are_utc(void **state)
{
    char out[32];

    (void)state;
    format_utc(1744377725, out, sizeof(out));
    assert_string_equal(out, "2025-04-11T13:22:05Z");
    format_utc(INT64_MAX, out, sizeof(out));
    assert_string_equal(out, "9223372036854775807");
    format_utc(-1, out, sizeof(out));
    assert_string_equal(out, "-1");
}

/* ---- rows -------------------------------------------------------------------------------- */

#define LABELS(a, b)                                                                               \
    "[{\"name\":\"" a "\",\"confidence\":90},{\"name\":\"" b "\",\"confidence\":80},"              \
    "{\"name\":\"" a "\",\"confidence\":70}]"

static const struct result_row rows[] = {
    { .file = "b.jpg",
      .verdict = VERDICT_CAT,
      .confidence = 90,
      .batch_id = 1744377772,
      .size_bytes = 1234,
      .upload_ts = 1744377725,
      .labels_json = LABELS("Cat", "Pet") },
    { .file = "=SUM(A1)\t,\"x\"", .verdict = VERDICT_NOT_CAT, .labels_json = LABELS("Dog", "Pet") },
    { .file = "a.jpg",
      .verdict = VERDICT_CAT,
      .confidence = 99,
      .labels_json = LABELS("Cat", "Pet") },
    { .file = NULL, .verdict = VERDICT_MISSING, .confidence = -1, .labels_json = "no JSON" },
};

enum { ROWS = 4 };

static void labels_are_counted_by_picture(void **state)
{
    struct report_labels labels;

    (void)state;
    assert_true(report_labels_make(&labels, rows, ROWS));
    assert_int_equal(labels.count, 3);
    assert_string_equal(labels.top[0].name, "Pet");
    assert_int_equal(labels.top[0].count, 3);
    assert_int_equal(labels.top[0].by_verdict[VERDICT_CAT], 2);
    assert_int_equal(labels.top[0].by_verdict[VERDICT_NOT_CAT], 1);
    assert_string_equal(labels.top[1].name, "Cat");
    assert_int_equal(labels.top[1].count, 2);
    assert_int_equal(report_labels_find(&labels, "Dog"), 2);
    assert_int_equal(report_labels_find(&labels, "dog"), REPORT_LABELS);
    report_labels_clear(&labels);
}

/* More names than anybody has: the table of names fills up and the rest is not counted. */
static void labels_may_be_many(void **state)
{
    struct result_row *many = calloc(500, sizeof(*many));
    char(*texts)[700] = calloc(500, sizeof(*texts));
    struct report_labels labels;

    (void)state;
    for (size_t i = 0; i < 500; i++) {
        size_t used = 0;

        for (size_t k = 0; k < 16; k++)
            used += (size_t)snprintf(texts[i] + used, sizeof(texts[i]) - used,
                                     "%s{\"name\":\"%zu\",\"confidence\":50}", k == 0 ? "[" : ",",
                                     k == 0 ? 0 : i * 16 + k);
        strcpy(texts[i] + used, "]");
        many[i].labels_json = texts[i];
    }
    assert_true(report_labels_make(&labels, many, 500));
    assert_int_equal(labels.count, REPORT_LABELS);
    assert_string_equal(labels.top[0].name, "0");
    assert_int_equal(labels.top[0].count, 500);
    report_labels_clear(&labels);
    free(texts);
    free(many);
}

static void orders_are_positions(void **state)
{
    struct report_orders orders;

    (void)state;
    assert_true(report_orders_make(&orders, rows, ROWS));
    assert_int_equal(orders.by_file[2], 1); /* "=..." < "a.jpg" < "b.jpg" < none */
    assert_int_equal(orders.by_file[0], 2);
    assert_int_equal(orders.by_file[3], 3);
    assert_int_equal(orders.by_verdict[0], 0);
    assert_int_equal(orders.by_verdict[1], 2);
    assert_int_equal(orders.by_confidence[2], 0);
    assert_int_equal(orders.by_confidence[0], 1);
    report_orders_clear(&orders);
}

static void csv_is_safe(void **state)
{
    struct result_report data = { .rows = rows, .row_count = ROWS };
    struct report report = { .data = &data };
    char *out = NULL;
    size_t len = 0;
    FILE *file = open_memstream(&out, &len);

    (void)state;
    assert_true(report_csv(&report, file));
    fclose(file);
    assert_non_null(strstr(out, "verdict,confidence,file,"));
    assert_non_null(strstr(out, "\r\ncat,90.0,b.jpg,,\"Cat 90.0, Pet 80.0, Cat 70.0\",,1234,"
                                "1744377772,,2025-04-11T13:22:05Z,,\r\n"));
    assert_non_null(strstr(out, ",\"'=SUM(A1)\t,\"\"x\"\"\","));
    free(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_stay_texts),
        cmocka_unit_test(no_byte_is_markup),
        cmocka_unit_test(base64_is_of_the_standard),
        cmocka_unit_test(times_are_utc),
        cmocka_unit_test(labels_are_counted_by_picture),
        cmocka_unit_test(labels_may_be_many),
        cmocka_unit_test(orders_are_positions),
        cmocka_unit_test(csv_is_safe),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
