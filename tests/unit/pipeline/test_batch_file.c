/*
 * test_batch_file.c - the batch file: byte for byte what Python's json.dump(indent=4) writes.
 */
#include "batch_sample.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Made with Python 3.11: json.dump(records, f, indent=4). */
static const char python_text[] =
    "[\n"
    "    {\n"
    "        \"client_id\": \"stablecaps900\",\n"
    "        \"batch_id\": \"batch-1744377772\",\n"
    "        \"s3bucket_source\": \"cat-wrangler-source-ice1-dev\",\n"
    "        \"s3_key\": \"" SAMPLE_KEY "\",\n"
    "        \"original_file_name\": \"siberian-cats.webp.png\",\n"
    "        \"upload_time\": \"2025-04-11-13\",\n"
    "        \"img_fprint\": \"" SAMPLE_FP "\",\n"
    "        \"epoch_timestamp\": 1744377772\n"
    "    },\n"
    "    {\n"
    "        \"client_id\": \"stablecaps900\",\n"
    "        \"batch_id\": \"batch-1744377772\",\n"
    "        \"s3bucket_source\": \"cat-wrangler-source-ice1-dev\",\n"
    "        \"s3_key\": \"" SAMPLE_KEY "\",\n"
    "        \"original_file_name\": "
    "\"K\\u00e4tzchen \\u732b \\ud83d\\udc31 \\\"a\\\\b\\\" /\\t\\n\\u007f\\udcff.png\",\n"
    "        \"upload_time\": \"2025-04-11-13\",\n"
    "        \"img_fprint\": \"" SAMPLE_FP "\",\n"
    "        \"epoch_timestamp\": 1744377772\n"
    "    }\n"
    "]";
static const char odd_name[] =
    "K\xc3\xa4tzchen \xe7\x8c\xab \xf0\x9f\x90\xb1 \"a\\b\" /\t\n\x7f\xff.png";

static void the_file_is_byte_for_byte_pythons(void **state)
{
    scratch *s = *state;
    icecat_batch *batch = icecat_batch_new();
    icecat_batch_record record = sample_record("siberian-cats.webp.png");
    size_t len;
    char *text;

    assert_int_equal(icecat_batch_add(batch, &record, NULL), ICECAT_OK);
    record = sample_record(odd_name);
    assert_int_equal(icecat_batch_add(batch, &record, NULL), ICECAT_OK);
    assert_int_equal(icecat_batch_save(batch, s->file, NULL), ICECAT_OK);
    text = read_whole(s->file, &len);
    assert_string_equal(text, python_text);
    assert_int_equal(len, strlen(python_text));
    free(text);
    icecat_batch_free(batch);
}

static void what_python_wrote_is_read_and_written_again_unchanged(void **state)
{
    scratch *s = *state;
    icecat_batch_record record = ICECAT_BATCH_RECORD_INIT;
    icecat_batch *batch = NULL;
    icecat_error err;
    size_t len;
    char *text;

    write_whole(s->file, python_text, strlen(python_text));
    if (icecat_batch_load(s->file, &batch, &err) != ICECAT_OK)
        fail_msg("%s", err.message);
    assert_int_equal(icecat_batch_count(batch), 2);
    assert_int_equal(icecat_batch_at(batch, 1, &record), 1);
    assert_string_equal(record.original_file_name, odd_name);
    assert_true(record.batch_id == 1744377772);
    assert_true(record.epoch_timestamp == 1744377772);
    assert_null(record.path);
    assert_null(record.duplicate_of);
    assert_int_equal(icecat_batch_at(batch, 2, &record), 0);
    assert_int_equal(icecat_batch_save(batch, s->file, NULL), ICECAT_OK);
    text = read_whole(s->file, &len);
    assert_string_equal(text, python_text);
    free(text);
    icecat_batch_free(batch);
}

static void an_empty_batch_is_an_empty_array(void **state)
{
    scratch *s = *state;
    icecat_batch *batch = icecat_batch_new();
    size_t len;
    char *text;

    assert_int_equal(icecat_batch_save(batch, s->file, NULL), ICECAT_OK);
    text = read_whole(s->file, &len);
    assert_string_equal(text, "[]");
    free(text);
    icecat_batch_free(batch);
    assert_int_equal(icecat_batch_load(s->file, &batch, NULL), ICECAT_OK);
    assert_int_equal(icecat_batch_count(batch), 0);
    icecat_batch_free(batch);
}

static void our_own_members_follow_the_eight_of_python(void **state)
{
    scratch *s = *state;
    icecat_batch *batch = icecat_batch_new();
    icecat_batch_record record = sample_record("b.png");
    icecat_batch_record read = ICECAT_BATCH_RECORD_INIT;
    size_t len;
    char *text;

    record.batch_id = 1744377772123456;
    record.path = "pets/b.png";
    record.size_bytes = 315132;
    record.etag = "\"9b2cf535f27731c974343645a3985328\"";
    record.duplicate_of = "pets/a.png";
    assert_int_equal(icecat_batch_add(batch, &record, NULL), ICECAT_OK);
    assert_int_equal(icecat_batch_save(batch, s->file, NULL), ICECAT_OK);
    icecat_batch_free(batch);
    text = read_whole(s->file, &len);
    assert_non_null(strstr(text, "\"batch_id\": \"batch-1744377772123456\",\n"));
    assert_non_null(strstr(text, "        \"epoch_timestamp\": 1744377772,\n"
                                 "        \"path\": \"pets/b.png\",\n"
                                 "        \"size\": 315132,\n"
                                 "        \"etag\": \"\\\"9b2cf535f27731c974343645a3985328\\\"\",\n"
                                 "        \"duplicate_of\": \"pets/a.png\"\n"
                                 "    }\n]"));
    free(text);
    assert_int_equal(icecat_batch_load(s->file, &batch, NULL), ICECAT_OK);
    assert_int_equal(icecat_batch_at(batch, 0, &read), 1);
    assert_string_equal(read.path, record.path);
    assert_string_equal(read.etag, record.etag);
    assert_string_equal(read.duplicate_of, record.duplicate_of);
    assert_true(read.size_bytes == record.size_bytes);
    assert_true(read.batch_id == record.batch_id);
    icecat_batch_free(batch);
}

static icecat_status load_text(const scratch *s, const char *text, size_t *count, icecat_error *err)
{
    icecat_batch *batch = NULL;
    icecat_status status;

    write_whole(s->file, text, strlen(text));
    status = icecat_batch_load(s->file, &batch, err);
    *count = icecat_batch_count(batch);
    if (status != ICECAT_OK)
        assert_null(batch);
    icecat_batch_free(batch);
    return status;
}

#define FIELDS                                                                                     \
    "\"client_id\":\"c\",\"s3bucket_source\":\"b\",\"s3_key\":\"k\",\"original_file_name\":\"f\"," \
    "\"upload_time\":\"2025-04-11-13\",\"img_fprint\":\"" SAMPLE_FP "\",\"epoch_timestamp\":1"

/* C9: the Python client ended with a traceback. */
static void assert_same(const icecat_batch_record *a, const icecat_batch_record *b)
{
    assert_string_equal(a->client_id, b->client_id);
    assert_string_equal(a->s3bucket_source, b->s3bucket_source);
    assert_string_equal(a->s3_key, b->s3_key);
    assert_string_equal(a->original_file_name, b->original_file_name);
    assert_string_equal(a->upload_time, b->upload_time);
    assert_string_equal(a->fingerprint, b->fingerprint);
    assert_true((a->path == NULL) == (b->path == NULL));
    if (a->path != NULL)
        assert_string_equal(a->path, b->path);
}

/* Records share what is equal: each must keep its own all the same, also when nobody's texts live on. */
static void records_that_share_texts_keep_their_own(void **state)
{
    static const struct {
        const char *client, *bucket, *hour, *path, *name;
    } cases[] = {
        { "a", "bucket-1", "2025-04-11-13", "x/cat.png", "cat.png" },
        { "a", "bucket-1", "2025-04-11-13", "cat.png", "cat.png" },
        { "a", "bucket-1", "2025-04-11-14", "x/dog.png", "cat.png" },
        { "b", "bucket-1", "2025-04-11-14", NULL, "cat.png" },
        { "b", "bucket-2", "2025-04-11-14", "g", "dog.png" },
        { "a", "bucket-1", "2025-04-11-13", "x/", "" },
        { "a", "bucket-1", "2025-04-11-13", "", "" },
    };
    enum { ROUNDS = 40, CASES = sizeof(cases) / sizeof(cases[0]) };
    const scratch *s = *state;
    icecat_batch *batch = icecat_batch_new();
    icecat_batch *again = NULL;

    for (size_t i = 0; i < ROUNDS * CASES; i++) {
        icecat_batch_record record = sample_record(cases[i % CASES].name);
        char client[8];

        snprintf(client, sizeof(client), "%s", cases[i % CASES].client);
        record.client_id = client;
        record.s3bucket_source = cases[i % CASES].bucket;
        record.upload_time = cases[i % CASES].hour;
        record.path = cases[i % CASES].path;
        assert_int_equal(icecat_batch_add(batch, &record, NULL), ICECAT_OK);
        client[0] = '?';
    }
    assert_int_equal(icecat_batch_save(batch, s->file, NULL), ICECAT_OK);
    assert_int_equal(icecat_batch_load(s->file, &again, NULL), ICECAT_OK);
    assert_int_equal(icecat_batch_count(again), ROUNDS * CASES);
    for (size_t i = 0; i < ROUNDS * CASES; i++) {
        icecat_batch_record expected = sample_record(cases[i % CASES].name);
        icecat_batch_record kept = ICECAT_BATCH_RECORD_INIT, read = ICECAT_BATCH_RECORD_INIT;

        expected.client_id = cases[i % CASES].client;
        expected.s3bucket_source = cases[i % CASES].bucket;
        expected.upload_time = cases[i % CASES].hour;
        expected.path = cases[i % CASES].path;
        assert_true(icecat_batch_at(batch, i, &kept) && icecat_batch_at(again, i, &read));
        assert_same(&kept, &expected);
        assert_same(&read, &expected);
    }
    icecat_batch_free(batch);
    icecat_batch_free(again);
}

static void c9_a_batch_id_may_be_a_number(void **state)
{
    icecat_error err;
    size_t count;

    assert_int_equal(load_text(*state, "[{" FIELDS ",\"batch_id\":1744377772}]", &count, &err),
                     ICECAT_OK);
    assert_int_equal(count, 1);
    assert_int_equal(load_text(*state, "[{" FIELDS ",\"batch_id\":\"1744377772\"}]", &count, &err),
                     ICECAT_OK);
    assert_int_equal(load_text(*state, "[{" FIELDS ",\"batch_id\":12}]", &count, &err),
                     ICECAT_E_PARSE);
    assert_int_equal(load_text(*state, "[{" FIELDS ",\"batch_id\":1744377772.5}]", &count, &err),
                     ICECAT_E_PARSE);
}

static void malformed_files_are_refused_with_the_position(void **state)
{
    static const struct {
        const char *text;
        const char *says;
    } cases[] = {
        { "{}", "at byte 0" },
        { "hello", "at byte 0" },
        { "  ", "at byte 2" },
        { "[", "record 1" },
        { "[{", "record 1" },
        { "[1]", "record 1" },
        { "[null]", "record 1" },
        { "[{}]", "client_id" },
        { "[{" FIELDS ",\"batch_id\":\"batch-1744377772\"},]", "record 2" },
        { "[{" FIELDS ",\"batch_id\":\"batch-1744377772\"},{\"client_id\":3}]", "record 2" },
        { "[{" FIELDS ",\"batch_id\":\"batch-1744377772\"}] x", "follows" },
        { "[{" FIELDS ",\"batch_id\":\"x\"}]", "batch_id" },
        { "[] []", "follows" },
    };
    icecat_error err;
    size_t count;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (load_text(*state, cases[i].text, &count, &err) != ICECAT_E_PARSE ||
            strstr(err.message, cases[i].says) == NULL || strstr(err.message, "b.json") == NULL)
            fail_msg("case %zu gave \"%s\"", i, err.message);
    }
}

static void a_file_that_is_not_there_is_an_error_of_the_file(void **state)
{
    icecat_batch *batch = NULL;
    icecat_error err;

    (void)state;
    assert_int_equal(icecat_batch_load("/nonexistent/b.json", &batch, &err), ICECAT_E_FILE);
    assert_non_null(strstr(err.message, "/nonexistent/b.json"));
    assert_null(batch);
}

static void a_record_without_its_eight_fields_is_not_taken(void **state)
{
    icecat_batch *batch = icecat_batch_new();
    icecat_batch_record record = sample_record(NULL);
    icecat_error err;

    (void)state;
    assert_int_equal(icecat_batch_add(batch, &record, &err), ICECAT_E_ARGUMENT);
    record = sample_record("a.png");
    record.struct_size = 0;
    assert_int_equal(icecat_batch_add(batch, &record, &err), ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_batch_count(batch), 0);
    icecat_batch_free(batch);
}

static void nothing_crashes_on_random_damage(void **state)
{
    scratch *s = *state;
    unsigned seed = 20250411;
    char text[sizeof(python_text)];

    for (int round = 0; round < 400; round++) {
        icecat_batch *batch = NULL;

        memcpy(text, python_text, sizeof(text));
        for (int i = 0; i < 3; i++) {
            seed = seed * 1103515245u + 12345u;
            text[(seed >> 8) % (sizeof(text) - 1)] = (char)(seed >> 24);
        }
        write_whole(s->file, text, sizeof(text) - 1);
        icecat_batch_load(s->file, &batch, NULL);
        icecat_batch_free(batch);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_file_is_byte_for_byte_pythons),
        cmocka_unit_test(what_python_wrote_is_read_and_written_again_unchanged),
        cmocka_unit_test(an_empty_batch_is_an_empty_array),
        cmocka_unit_test(our_own_members_follow_the_eight_of_python),
        cmocka_unit_test(records_that_share_texts_keep_their_own),
        cmocka_unit_test(c9_a_batch_id_may_be_a_number),
        cmocka_unit_test(malformed_files_are_refused_with_the_position),
        cmocka_unit_test(a_file_that_is_not_there_is_an_error_of_the_file),
        cmocka_unit_test(a_record_without_its_eight_fields_is_not_taken),
        cmocka_unit_test(nothing_crashes_on_random_damage),
    };

    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
