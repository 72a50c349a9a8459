/*
 * test_json.c - JSON with bounds, and its writers.
 */
#include "base/json.h"
#include "cmocka_all.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static icecat_status parse(const char *text, cJSON **tree, icecat_error *err)
{
    return ic_json_parse(text, strlen(text), "the document", tree, err);
}

static void documents_are_read_whole_or_refused(void **state)
{
    static const char *const bad[] = { "",         " ",   "{",      "{}x", "[1,]",
                                       "{\"a\":}", "nul", "\"open", "{}{}" };
    char deep[200];
    cJSON *tree;
    icecat_error err;

    (void)state;
    assert_int_equal(parse(" {\"a\": [1, \"b\"]} \r\n", &tree, &err), ICECAT_OK);
    cJSON_Delete(tree);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(parse(bad[i], &tree, &err), ICECAT_E_PARSE);
        assert_null(tree);
        assert_non_null(strstr(err.message, "the document"));
    }
    memset(deep, '[', 65);
    memset(deep + 65, ']', 65);
    deep[130] = '\0';
    assert_int_equal(parse(deep, &tree, &err), ICECAT_E_PARSE);
    assert_non_null(strstr(err.message, "64 deep"));
    deep[129] = '\0';
    assert_int_equal(parse(deep + 1, &tree, &err), ICECAT_OK);
    cJSON_Delete(tree);
}

/* Its text is kept and read again as a C string, which would end there. */
static void a_document_with_a_nul_byte_is_refused(void **state)
{
    static const char *const bad[] = { "{\"a\":\"b\0c\"}", "\0{\"a\":\"bc\"}", "{\"a\":\"bc\"}\0",
                                       "{\"a\":\"\\\0b\"}" };
    cJSON *tree;
    icecat_error err;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(ic_json_parse(bad[i], 11, "the document", &tree, &err), ICECAT_E_PARSE);
        assert_null(tree);
        assert_non_null(strstr(err.message, "NUL"));
    }
}

/* Each value costs some 70 bytes of memory, and only one or two of text. */
static void a_document_of_too_many_values_is_refused(void **state)
{
    enum { COUNT = 2000000 };
    char *text = malloc(2 * COUNT + 2);
    cJSON *tree;
    icecat_error err;

    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < COUNT; i++)
        memcpy(text + 2 * i, i == 0 ? "[1" : ",1", 2);
    text[2 * COUNT] = ']';
    assert_int_equal(ic_json_parse(text, 2 * COUNT + 1, "the document", &tree, &err),
                     ICECAT_E_PARSE);
    assert_null(tree);
    assert_string_equal(err.message, "the document has more than 1000000 values");
    memset(text + 1, 'x', 2 * COUNT - 2); /* one value, however long */
    text[0] = '"';
    text[2 * COUNT - 1] = '"';
    assert_int_equal(ic_json_parse(text, 2 * COUNT, "the document", &tree, &err), ICECAT_OK);
    cJSON_Delete(tree);
    free(text);
}

static void members_of_the_wrong_type_are_absent(void **state)
{
    uint64_t number = 7;
    double real = 7;
    cJSON *tree;

    (void)state;
    assert_int_equal(
        parse("{\"n\":1.5,\"big\":9007199254740992,\"neg\":-1,\"s\":\"x\",\"t\":1e400,\"N\":3}",
              &tree, NULL),
        ICECAT_OK);
    assert_false(ic_json_u64(tree, "n", &number));
    assert_false(ic_json_u64(tree, "neg", &number));
    assert_false(ic_json_u64(tree, "s", &number));
    assert_false(ic_json_u64(tree, "missing", &number));
    assert_true(ic_json_u64(tree, "big", &number));
    assert_true(number == 9007199254740992u);
    assert_true(ic_json_double(tree, "n", &real));
    assert_false(ic_json_double(tree, "t", &real));
    assert_null(ic_json_text(tree, "n"));
    assert_string_equal(ic_json_text(tree, "s"), "x");
    cJSON_Delete(tree);
}

static void written_text_is_valid_json_for_any_bytes(void **state)
{
    static const struct {
        const char *text;
        const char *json;
    } samples[] = {
        { "plain", "\"plain\"" },
        { "q\" b\\ n\n t\t e\x1b d\x7f", "\"q\\\" b\\\\ n\\n t\\t e\\u001b d\\u007f\"" },
        { "caf\xc3\xa9 \xf0\x9f\x90\x88", "\"caf\xc3\xa9 \xf0\x9f\x90\x88\"" },
        { "bad\xff\xc3", "\"bad\xef\xbf\xbd\xef\xbf\xbd\"" },
        { "overlong\xc0\xaf", "\"overlong\xef\xbf\xbd\xef\xbf\xbd\"" },
        { "surrogate\xed\xa0\x80", "\"surrogate\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
    };
    ic_buf out;

    (void)state;
    ic_buf_init(&out, NULL, 1000);
    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        ic_buf_reset(&out);
        ic_json_write_text(&out, samples[i].text);
        assert_string_equal(ic_buf_text(&out), samples[i].json);
    }
    ic_buf_free(&out);
}

static void every_byte_alone_round_trips_or_is_replaced(void **state)
{
    ic_buf out;

    (void)state;
    ic_buf_init(&out, NULL, 1000);
    for (int byte = 1; byte < 256; byte++) {
        char text[2] = { (char)byte, '\0' };
        cJSON *tree;

        ic_buf_reset(&out);
        ic_json_write_text(&out, text);
        assert_int_equal(ic_json_parse(out.data, out.len, "text", &tree, NULL), ICECAT_OK);
        assert_string_equal(cJSON_GetStringValue(tree), byte < 0x80 ? text : "\xef\xbf\xbd");
        cJSON_Delete(tree);
    }
    ic_buf_free(&out);
}

static void numbers_are_written_in_their_shortest_form(void **state)
{
    static const struct {
        double number;
        const char *text;
    } samples[] = { { 98.4, "98.4" },
                    { 0, "0" },
                    { 100, "100" },
                    { 0.1, "0.1" },
                    { 0.1 + 0.2, "0.30000000000000004" },
                    { 0.0 / 0.0, "null" },
                    { HUGE_VAL, "null" },
                    { 97.123456789, "97.123456789" } };
    ic_buf out;

    (void)state;
    ic_buf_init(&out, NULL, 1000);
    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        ic_buf_reset(&out);
        ic_json_write_double(&out, samples[i].number);
        assert_string_equal(ic_buf_text(&out), samples[i].text);
    }
    ic_buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_are_read_whole_or_refused),
        cmocka_unit_test(a_document_with_a_nul_byte_is_refused),
        cmocka_unit_test(a_document_of_too_many_values_is_refused),
        cmocka_unit_test(members_of_the_wrong_type_are_absent),
        cmocka_unit_test(written_text_is_valid_json_for_any_bytes),
        cmocka_unit_test(every_byte_alone_round_trips_or_is_replaced),
        cmocka_unit_test(numbers_are_written_in_their_shortest_form),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
