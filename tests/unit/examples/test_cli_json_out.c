/*
 * test_cli_json_out.c - JSON that every reader takes, whatever bytes go in.
 */
#include "cmocka_all.h"

#include "json_out.h"
#include <cjson/cJSON.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static char *text;
static size_t text_len;

static struct json_out begin(unsigned indent)
{
    struct json_out out;

    json_out_init(&out, open_memstream(&text, &text_len), indent);
    assert_non_null(out.file);
    return out;
}

static void assert_written(struct json_out *out, const char *expected)
{
    cJSON *tree;

    assert_true(json_out_end(out));
    fclose(out->file);
    assert_string_equal(text, expected);
    tree = cJSON_Parse(text);
    assert_non_null(tree);
    cJSON_Delete(tree);
    free(text);
}

static void nesting_and_commas(void **state)
{
    struct json_out out = begin(0);

    (void)state;
    json_out_object(&out, NULL);
    json_out_array(&out, "empty");
    json_out_close(&out);
    json_out_array(&out, "list");
    json_out_u64(&out, NULL, 18446744073709551615u);
    json_out_i64(&out, NULL, INT64_MIN);
    json_out_object(&out, NULL);
    json_out_close(&out);
    json_out_close(&out);
    json_out_bool(&out, "yes", 2);
    json_out_text(&out, "none", NULL);
    json_out_raw(&out, "raw", "[1]");
    assert_written(&out, "{\"empty\":[],\"list\":[18446744073709551615,-9223372036854775808,{}],"
                         "\"yes\":true,\"none\":null,\"raw\":[1]}\n");
}

static void indents_as_python_does(void **state)
{
    struct json_out out = begin(4);

    (void)state;
    json_out_array(&out, NULL);
    json_out_object(&out, NULL);
    json_out_text(&out, "a", "b");
    json_out_text(&out, "c", "d");
    assert_written(&out, "[\n    {\n        \"a\": \"b\",\n        \"c\": \"d\"\n    }\n]\n");
}

static void escapes_what_json_wants(void **state)
{
    struct json_out out = begin(0);

    (void)state;
    json_out_text(&out, NULL, "\"\\\n\t\x01\x7f \xc3\xa9 \xf0\x9f\x90\xb1");
    assert_written(&out, "\"\\\"\\\\\\n\\u0009\\u0001\\u007f \xc3\xa9 \xf0\x9f\x90\xb1\"\n");
}

static void repairs_what_is_not_utf8(void **state)
{
    /* A lone byte, an overlong slash, half a surrogate pair, a sequence that ends too early. */
    struct json_out out = begin(0);

    (void)state;
    json_out_text(&out, NULL, "a\xff\xc0\xaf\xed\xa0\x80\xe2\x82");
    assert_written(&out,
                   "\"a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
                   "\xef\xbf\xbd\xef\xbf\xbd\"\n");
}

static void keeps_the_bytes_of_names(void **state)
{
    struct json_out out = begin(0);

    (void)state;
    json_out_object(&out, NULL);
    json_out_file(&out, "file", "caf\xe9.jpg");
    json_out_file(&out, "path", "caf\xc3\xa9.jpg");
    assert_written(&out, "{\"file\":\"caf\xef\xbf\xbd.jpg\",\"file_b64\":\"Y2Fm6S5qcGc=\","
                         "\"path\":\"caf\xc3\xa9.jpg\"}\n");
}

static void numbers_read_back(void **state)
{
    static const double numbers[] = { 0, 98.4, 0.1, 1.0 / 3, 1e300, -5e-324, 99.98765563964844 };

    (void)state;
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        struct json_out out = begin(0);

        json_out_double(&out, NULL, numbers[i]);
        assert_true(json_out_end(&out));
        fclose(out.file);
        assert_true(strtod(text, NULL) >= numbers[i] && strtod(text, NULL) <= numbers[i]);
        free(text);
    }
}

static void numbers_are_short(void **state)
{
    struct json_out out = begin(0);

    (void)state;
    json_out_array(&out, NULL);
    json_out_double(&out, NULL, 98.4);
    json_out_double(&out, NULL, (double)NAN);
    json_out_fixed(&out, NULL, 1.23456, 2);
    json_out_fixed(&out, NULL, (double)INFINITY, 2);
    assert_written(&out, "[98.4,null,1.23,null]\n");
}

static void numbers_ignore_the_locale(void **state)
{
    static const char *const commas[] = { "de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "de_DE" };
    struct json_out out;
    size_t i = 0;

    (void)state;
    while (i < 4 && setlocale(LC_NUMERIC, commas[i]) == NULL)
        i++;
    if (i == 4)
        skip();
    out = begin(0);
    json_out_array(&out, NULL);
    json_out_double(&out, NULL, 98.4);
    json_out_fixed(&out, NULL, 0.5, 1);
    setlocale(LC_NUMERIC, "C");
    assert_written(&out, "[98.4,0.5]\n");
}

static void tells_of_a_full_disk(void **state)
{
    FILE *full = fopen("/dev/full", "w");
    struct json_out out;

    (void)state;
    if (full == NULL)
        skip();
    json_out_init(&out, full, 0);
    json_out_object(&out, NULL);
    json_out_text(&out, "a", "b");
    assert_false(json_out_end(&out));
    fclose(full);
}

static void errors_have_their_facts(void **state)
{
    struct json_out out = begin(0);
    icecat_error err = { .status = ICECAT_E_ACCESS, .http_status = 403, .attempts = 1 };

    (void)state;
    strcpy(err.aws_code, "AccessDenied");
    strcpy(err.request_id, "R1");
    strcpy(err.message, "no");
    json_out_error(&out, NULL, &err, "cat.jpg", "ask");
    assert_written(&out,
                   "{\"code\":4,\"name\":\"ICECAT_E_ACCESS\",\"message\":\"no\",\"hint\":\"ask\","
                   "\"file\":\"cat.jpg\",\"http_status\":403,\"aws_code\":\"AccessDenied\","
                   "\"request_id\":\"R1\",\"retryable\":false,\"attempts\":1}\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nesting_and_commas),       cmocka_unit_test(indents_as_python_does),
        cmocka_unit_test(escapes_what_json_wants),  cmocka_unit_test(repairs_what_is_not_utf8),
        cmocka_unit_test(keeps_the_bytes_of_names), cmocka_unit_test(numbers_read_back),
        cmocka_unit_test(numbers_are_short),        cmocka_unit_test(numbers_ignore_the_locale),
        cmocka_unit_test(tells_of_a_full_disk),     cmocka_unit_test(errors_have_their_facts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
