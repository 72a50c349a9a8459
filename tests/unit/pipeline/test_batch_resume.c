/*
 * test_batch_resume.c - a journal that is gone on with: its notes, its order, its torn end, its lock.
 */
#include "batch_sample.h"
#include "pipeline/batch_journal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cmocka.h>

static void add_at(icecat_batch *batch, const char *name, uint64_t position)
{
    icecat_batch_record record = sample_record(name);

    record.position = position;
    assert_int_equal(icecat_batch_add(batch, &record, NULL), ICECAT_OK);
}

static icecat_batch *begin(const scratch *s)
{
    icecat_batch *batch = icecat_batch_new();

    assert_int_equal(icecat_batch_note(batch, "plan 1", NULL), ICECAT_OK);
    assert_int_equal(icecat_batch_note(batch, "file a \"quoted\"\n\xff.png", NULL), ICECAT_OK);
    assert_int_equal(icecat_batch_journal(batch, s->journal, NULL), ICECAT_OK);
    return batch;
}

static void check_names(const icecat_batch *batch, const char *const *names, size_t count)
{
    assert_int_equal(icecat_batch_count(batch), count);
    for (size_t i = 0; i < count; i++) {
        icecat_batch_record record = ICECAT_BATCH_RECORD_INIT;

        assert_int_equal(icecat_batch_at(batch, i, &record), 1);
        assert_string_equal(record.original_file_name, names[i]);
    }
}

static void notes_are_in_the_journal_and_not_in_the_file(void **state)
{
    scratch *s = *state;
    icecat_batch *batch = begin(s);
    size_t len;
    char *text;

    assert_int_equal(icecat_batch_note_count(batch), 0); /* the file has them now */
    assert_int_equal(icecat_batch_note(batch, "later", NULL), ICECAT_OK);
    add_at(batch, "a.png", 0);
    icecat_batch_free(batch);

    assert_int_equal(icecat_batch_resume(s->journal, &batch, NULL), ICECAT_OK);
    assert_int_equal(icecat_batch_note_count(batch), 3);
    assert_string_equal(icecat_batch_note_at(batch, 0), "plan 1");
    assert_string_equal(icecat_batch_note_at(batch, 1), "file a \"quoted\"\n\xff.png");
    assert_string_equal(icecat_batch_note_at(batch, 2), "later");
    assert_null(icecat_batch_note_at(batch, 3));
    assert_int_equal(icecat_batch_save(batch, s->file, NULL), ICECAT_OK);
    icecat_batch_free(batch);
    text = read_whole(s->file, &len);
    assert_null(strstr(text, "note"));
    assert_non_null(strstr(text, "a.png"));
    free(text);
}

static void the_file_is_in_the_order_of_the_positions(void **state)
{
    static const char *const names[] = { "old.png", "one.png", "two.png", "three.png" };
    static const char *const added[] = { "three.png", "one.png", "old.png", "two.png" };
    scratch *s = *state;
    icecat_batch *batch = begin(s);
    size_t len;
    char *text;

    add_at(batch, "three.png", 3);
    add_at(batch, "one.png", 1);
    icecat_batch_free(batch);
    assert_int_equal(icecat_batch_resume(s->journal, &batch, NULL), ICECAT_OK);
    add_at(batch, "old.png", 0);
    add_at(batch, "two.png", 2);
    assert_int_equal(icecat_batch_save(batch, s->file, NULL), ICECAT_OK);
    check_names(batch, added, 4); /* the batch keeps its own */
    icecat_batch_free(batch);
    text = read_whole(s->file, &len);
    assert_null(strstr(text, "position")); /* an array has its own order */
    free(text);
    assert_int_equal(icecat_batch_load(s->file, &batch, NULL), ICECAT_OK);
    check_names(batch, names, 4);
    icecat_batch_free(batch);
}

/* At every byte: what is whole stays, the rest is cut off, and the next line begins on its own. */
static void a_torn_end_is_cut_off_and_written_on(void **state)
{
    static const char *const torn[] = { "a.png", "new.png" };
    static const char *const whole[] = { "a.png", "b.png", "new.png" };
    scratch *s = *state;
    icecat_batch *batch = begin(s);
    struct stat info;
    size_t first;
    size_t len;
    char *text;

    add_at(batch, "a.png", 1);
    assert_int_equal(stat(s->journal, &info), 0);
    first = (size_t)info.st_size;
    add_at(batch, "b.png", 2);
    icecat_batch_free(batch);
    text = read_whole(s->journal, &len);
    for (size_t cut = first; cut <= len; cut++) {
        write_whole(s->journal, text, cut);
        assert_int_equal(icecat_batch_resume(s->journal, &batch, NULL), ICECAT_OK);
        add_at(batch, "new.png", 3);
        icecat_batch_free(batch);
        assert_int_equal(icecat_batch_load(s->journal, &batch, NULL), ICECAT_OK);
        if (cut == len)
            check_names(batch, whole, 3);
        else
            check_names(batch, torn, 2);
        assert_int_equal(icecat_batch_note_count(batch), 2);
        icecat_batch_free(batch);
    }
    free(text);
    unlink(s->journal);
}

static void only_journals_are_gone_on_with(void **state)
{
    scratch *s = *state;
    icecat_batch *batch = NULL;
    icecat_error err;

    write_whole(s->file, "[]", 2);
    assert_int_equal(icecat_batch_resume(s->file, &batch, &err), ICECAT_E_PARSE);
    assert_non_null(strstr(err.message, s->file));
    write_whole(s->file, IC_JOURNAL_HEAD, 5);
    assert_int_equal(icecat_batch_resume(s->file, &batch, &err), ICECAT_E_PARSE);
    write_whole(s->file, "", 0);
    assert_int_equal(icecat_batch_resume(s->file, &batch, &err), ICECAT_E_PARSE);
    assert_int_equal(icecat_batch_resume("/nonexistent/j", &batch, &err), ICECAT_E_FILE);
    assert_null(batch);
}

/* The parent has the journal; a child may not go on with it, and may once the parent has closed it. */
static void two_programs_do_not_write_one_journal(void **state)
{
    scratch *s = *state;
    icecat_batch *batch = begin(s);

    for (int is_free = 0; is_free < 2; is_free++) {
        pid_t child = fork();
        int code;

        assert_true(child >= 0);
        if (child == 0) {
            icecat_batch *other = NULL;
            icecat_error err;
            icecat_status status = icecat_batch_resume(s->journal, &other, &err);

            _exit(status == ICECAT_OK                                                         ? 0
                  : status == ICECAT_E_FILE && strstr(err.message, "another program") != NULL ? 1
                                                                                              : 2);
        }
        assert_int_equal(waitpid(child, &code, 0), child);
        assert_true(WIFEXITED(code));
        assert_int_equal(WEXITSTATUS(code), is_free ? 0 : 1);
        if (!is_free)
            icecat_batch_free(batch);
    }
    unlink(s->journal);
}

static void a_deferred_record_is_in_the_file_at_once(void **state)
{
    scratch *s = *state;
    icecat_batch *batch = begin(s);
    icecat_batch *seen = NULL;
    icecat_error err;

    icecat_batch_defer(batch);
    add_at(batch, "a.png", 1);
    add_at(batch, "b.png", 2);
    assert_int_equal(icecat_batch_load(s->journal, &seen, NULL), ICECAT_OK);
    assert_int_equal(icecat_batch_count(seen), 2);
    icecat_batch_free(seen);
    assert_int_equal(icecat_batch_sync(batch, &err), ICECAT_OK);
    assert_int_equal(icecat_batch_sync(batch, &err), ICECAT_OK);
    icecat_batch_free(batch);
    assert_int_equal(icecat_batch_sync(NULL, &err), ICECAT_E_ARGUMENT);
    icecat_batch_defer(NULL);
    unlink(s->journal);
}

static void notes_have_a_limit(void **state)
{
    icecat_batch *batch = icecat_batch_new();
    char *text = calloc(1, 32770);

    (void)state;
    memset(text, '\x01', 32769);
    assert_int_equal(icecat_batch_note(batch, text, NULL), ICECAT_E_LIMIT);
    text[32768] = '\0';
    assert_int_equal(icecat_batch_note(batch, text, NULL), ICECAT_OK);
    assert_int_equal(icecat_batch_note(batch, NULL, NULL), ICECAT_E_ARGUMENT);
    free(text);
    icecat_batch_free(batch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(notes_are_in_the_journal_and_not_in_the_file),
        cmocka_unit_test(the_file_is_in_the_order_of_the_positions),
        cmocka_unit_test(a_torn_end_is_cut_off_and_written_on),
        cmocka_unit_test(only_journals_are_gone_on_with),
        cmocka_unit_test(two_programs_do_not_write_one_journal),
        cmocka_unit_test(a_deferred_record_is_in_the_file_at_once),
        cmocka_unit_test(notes_have_a_limit),
    };

    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
