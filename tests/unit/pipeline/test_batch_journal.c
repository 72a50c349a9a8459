/*
 * test_batch_journal.c - a submission that is killed at any byte loses no finished record.
 */
#include "batch_sample.h"
#include "pipeline/batch_journal.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cmocka.h>

#define RECORDS 3

/* Lengths of the file after each event. */
static void write_journal(const scratch *s, size_t lens[RECORDS + 1])
{
    icecat_batch *batch = icecat_batch_new();
    struct stat info;

    assert_int_equal(icecat_batch_journal(batch, s->journal, NULL), ICECAT_OK);
    for (int i = 0; i <= RECORDS; i++) {
        icecat_batch_record record = sample_record(i == 1 ? "k\xc3\xa4tzchen.png" : "a.png");

        assert_int_equal(stat(s->journal, &info), 0);
        lens[i] = (size_t)info.st_size;
        record.size_bytes = (uint64_t)i + 1;
        if (i < RECORDS)
            assert_int_equal(icecat_batch_add(batch, &record, NULL), ICECAT_OK);
    }
    icecat_batch_free(batch);
}

/* C1: the Python client wrote its file at the end, so that a killed run left objects nobody knew. */
static void c1_after_a_cut_at_every_byte_the_whole_records_are_there(void **state)
{
    scratch *s = *state;
    size_t lens[RECORDS + 1];
    size_t len;
    char *text;

    write_journal(s, lens);
    text = read_whole(s->journal, &len);
    assert_int_equal(len, lens[RECORDS]);
    for (size_t cut = 0; cut <= len; cut++) {
        icecat_batch *batch = NULL;
        icecat_error err;
        size_t whole = 0;

        /* Without its line break the last record is whole too. */
        while (whole < RECORDS && lens[whole + 1] <= cut + 1)
            whole++;
        write_whole(s->file, text, cut);
        if (icecat_batch_load(s->file, &batch, &err) != ICECAT_OK)
            fail_msg("cut at %zu: %s", cut, err.message);
        assert_int_equal(icecat_batch_count(batch), whole);
        for (size_t i = 0; i < whole; i++) {
            icecat_batch_record record = ICECAT_BATCH_RECORD_INIT;

            assert_int_equal(icecat_batch_at(batch, i, &record), 1);
            assert_true(record.size_bytes == i + 1);
        }
        icecat_batch_free(batch);
    }
    free(text);
    unlink(s->journal);
}

static void damage_before_the_last_line_is_reported(void **state)
{
    scratch *s = *state;
    icecat_batch *batch = NULL;
    icecat_error err;
    size_t lens[RECORDS + 1];
    size_t len;
    char *text;

    write_journal(s, lens);
    text = read_whole(s->journal, &len);
    text[lens[0]] = '!';
    write_whole(s->file, text, len);
    assert_int_equal(icecat_batch_load(s->file, &batch, &err), ICECAT_E_PARSE);
    assert_non_null(strstr(err.message, "line 2"));
    assert_null(batch);
    free(text);
    unlink(s->journal);
}

static void a_journal_is_never_overwritten(void **state)
{
    scratch *s = *state;
    icecat_batch *batch = icecat_batch_new();
    icecat_error err;
    size_t lens[RECORDS + 1];
    size_t len;
    char *text;

    write_journal(s, lens);
    assert_int_equal(icecat_batch_journal(batch, s->journal, &err), ICECAT_E_FILE);
    assert_non_null(strstr(err.message, "exists already"));
    icecat_batch_free(batch);
    text = read_whole(s->journal, &len);
    assert_int_equal(len, lens[RECORDS]);
    free(text);
    unlink(s->journal);
}

static void saving_removes_the_journal(void **state)
{
    scratch *s = *state;
    icecat_batch *batch = icecat_batch_new();
    icecat_batch_record record = sample_record("a.png");

    assert_int_equal(icecat_batch_journal(batch, s->journal, NULL), ICECAT_OK);
    assert_int_equal(icecat_batch_add(batch, &record, NULL), ICECAT_OK);
    assert_int_equal(icecat_batch_save(batch, s->file, NULL), ICECAT_OK);
    assert_int_not_equal(access(s->journal, F_OK), 0);
    assert_int_equal(access(s->file, F_OK), 0);
    icecat_batch_free(batch);
}

static void saving_over_the_journal_itself_keeps_the_new_file(void **state)
{
    scratch *s = *state;
    icecat_batch *batch = icecat_batch_new();
    icecat_batch_record record = sample_record("a.png");

    assert_int_equal(icecat_batch_journal(batch, s->journal, NULL), ICECAT_OK);
    assert_int_equal(icecat_batch_add(batch, &record, NULL), ICECAT_OK);
    assert_int_equal(icecat_batch_save(batch, s->journal, NULL), ICECAT_OK);
    icecat_batch_free(batch);
    assert_int_equal(icecat_batch_load(s->journal, &batch, NULL), ICECAT_OK);
    assert_int_equal(icecat_batch_count(batch), 1);
    icecat_batch_free(batch);
    unlink(s->journal);
}

static void a_resumed_batch_writes_what_it_had_first(void **state)
{
    scratch *s = *state;
    icecat_batch *batch = NULL;
    icecat_batch_record record = sample_record("new.png");
    size_t lens[RECORDS + 1];

    write_journal(s, lens);
    assert_int_equal(icecat_batch_load(s->journal, &batch, NULL), ICECAT_OK);
    assert_int_equal(rename(s->journal, s->file), 0);
    assert_int_equal(icecat_batch_journal(batch, s->journal, NULL), ICECAT_OK);
    assert_int_equal(icecat_batch_add(batch, &record, NULL), ICECAT_OK);
    icecat_batch_free(batch);
    assert_int_equal(icecat_batch_load(s->journal, &batch, NULL), ICECAT_OK);
    assert_int_equal(icecat_batch_count(batch), RECORDS + 1);
    icecat_batch_free(batch);
    unlink(s->journal);
}

/* A limit on the file's size stands for a full disk. */
static void a_full_disk_is_reported_and_leaves_whole_lines(void **state)
{
    scratch *s = *state;
    icecat_batch *batch = icecat_batch_new();
    icecat_batch_record record = sample_record("a.png");
    struct rlimit before;
    struct rlimit tight;
    icecat_error err;
    struct stat info;

    assert_int_equal(icecat_batch_journal(batch, s->journal, NULL), ICECAT_OK);
    assert_int_equal(icecat_batch_add(batch, &record, NULL), ICECAT_OK);
    assert_int_equal(stat(s->journal, &info), 0);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    tight = before;
    tight.rlim_cur = (rlim_t)info.st_size + 20;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
    assert_int_equal(icecat_batch_add(batch, &record, &err), ICECAT_E_FILE);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_non_null(strstr(err.message, s->journal));
    assert_int_equal(icecat_batch_count(batch), 1);
    assert_int_equal(icecat_batch_add(batch, &record, &err), ICECAT_OK);
    icecat_batch_free(batch);
    assert_int_equal(icecat_batch_load(s->journal, &batch, NULL), ICECAT_OK);
    assert_int_equal(icecat_batch_count(batch), 2);
    icecat_batch_free(batch);
    unlink(s->journal);
}

static void what_a_batch_cannot_take_is_told(void **state)
{
    scratch *s = *state;
    icecat_batch *batch = icecat_batch_new();
    icecat_batch_record record = sample_record("a.png");
    icecat_error err;

    assert_int_equal(icecat_batch_add(batch, NULL, &err), ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_batch_journal(batch, NULL, &err), ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_batch_save(batch, NULL, &err), ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_batch_load(NULL, &batch, &err), ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_batch_journal(batch, s->journal, &err), ICECAT_OK);
    assert_int_equal(icecat_batch_journal(batch, s->file, &err), ICECAT_E_ARGUMENT);
    assert_non_null(strstr(err.message, "has a journal already"));
    record.epoch_timestamp = -1;
    assert_int_equal(icecat_batch_add(batch, &record, &err), ICECAT_E_ARGUMENT);
    record = sample_record(NULL);
    assert_int_equal(icecat_batch_add(batch, &record, &err), ICECAT_E_ARGUMENT);
    assert_int_equal(icecat_batch_count(batch), 0);
    icecat_batch_free(batch);
    unlink(s->journal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(c1_after_a_cut_at_every_byte_the_whole_records_are_there),
        cmocka_unit_test(damage_before_the_last_line_is_reported),
        cmocka_unit_test(a_journal_is_never_overwritten),
        cmocka_unit_test(saving_removes_the_journal),
        cmocka_unit_test(saving_over_the_journal_itself_keeps_the_new_file),
        cmocka_unit_test(a_resumed_batch_writes_what_it_had_first),
        cmocka_unit_test(what_a_batch_cannot_take_is_told),
        cmocka_unit_test(a_full_disk_is_reported_and_leaves_whole_lines),
    };

    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
