/*
 * test_local_store.c - the data folder of icecat-local: created, kept, locked, refused.
 */
#include "cmocka_all.h"
#include "init.h"
#include "keys.h"
#include "names.h"
#include "settings.h"
#include "ssm.h"
#include "store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATH_SIZE 512

typedef struct fixture {
    char root[64];
    char data[PATH_SIZE];
} fixture;

static int make_folder(void **state)
{
    fixture *self = calloc(1, sizeof(*self));

    assert_non_null(self);
    strcpy(self->root, "/tmp/icecat-store-XXXXXX");
    assert_non_null(mkdtemp(self->root));
    snprintf(self->data, sizeof(self->data), "%s/data", self->root);
    *state = self;
    return 0;
}

static void empty(const char *path)
{
    char name[PATH_SIZE + 300];
    struct dirent *entry;
    DIR *dir = opendir(path);

    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
        if (entry->d_name[0] != '.')
            (void)unlink(name);
    }
    if (dir != NULL)
        (void)closedir(dir);
    (void)rmdir(path);
}

static int remove_folder(void **state)
{
    fixture *self = *state;

    empty(self->data);
    empty(self->root);
    free(self);
    return 0;
}

static void open_store(void **state, data_store *out)
{
    fixture *self = *state;
    char why[300] = "";

    if (!store_open(self->data, out, why, sizeof(why)))
        fail_msg("%s", why);
}

static void expect_mode(const char *folder, const char *name, mode_t mode)
{
    char path[PATH_SIZE + 32];
    struct stat info;

    snprintf(path, sizeof(path), "%s%s", folder, name);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, mode);
}

static void only_the_owner_can_read(void **state)
{
    fixture *self = *state;
    data_store store;

    open_store(state, &store);
    expect_mode(self->data, "", 0700);
    expect_mode(self->data, "/" STORE_FILE, 0600);
    expect_mode(self->data, "/" STORE_FILE "-wal", 0600);
    expect_mode(self->data, "/" STORE_LOCK, 0600);
    store_close(&store);
}

static void values_stay(void **state)
{
    data_store store;
    char value[16] = "";

    open_store(state, &store);
    assert_int_equal(store_read_value(&store, "name", value, sizeof(value)), 0);
    assert_int_equal(store_write_value(&store, "name", "one"), SQLITE_OK);
    assert_int_equal(store_write_value(&store, "name", "two"), SQLITE_OK);
    store_close(&store);
    open_store(state, &store);
    assert_int_equal(store_read_value(&store, "name", value, sizeof(value)), 1);
    assert_string_equal(value, "two");
    /* Too long for the caller is a failure, not a shorter value. */
    assert_int_equal(store_read_value(&store, "name", value, 3), -1);
    store_close(&store);
}

static void what_was_committed_survives_a_kill(void **state)
{
    data_store store;
    char value[16] = "";
    int status;
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        fixture *self = *state;

        if (store_open(self->data, &store, value, sizeof(value)) &&
            store_write_value(&store, "name", "kept") == SQLITE_OK)
            (void)raise(SIGKILL);
        _exit(1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    open_store(state, &store);
    assert_int_equal(store_read_value(&store, "name", value, sizeof(value)), 1);
    assert_string_equal(value, "kept");
    store_close(&store);
}

/* The child tries to open the folder that this process has, and says what it was told. */
static void another_process_is_refused(void **state)
{
    fixture *self = *state;
    data_store store;
    char wanted[64];
    char why[600] = "";
    int ends[2];
    ssize_t len;
    pid_t child;

    open_store(state, &store);
    assert_int_equal(pipe(ends), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        data_store second;

        if (!store_open(self->data, &second, why, sizeof(why)))
            (void)!write(ends[1], why, strlen(why));
        _exit(0);
    }
    (void)close(ends[1]);
    len = read(ends[0], why, sizeof(why) - 1);
    (void)close(ends[0]);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_true(len > 0);
    why[len] = '\0';
    snprintf(wanted, sizeof(wanted), "process %ld", (long)getpid());
    assert_non_null(strstr(why, wanted));
    assert_non_null(strstr(why, "--data"));
    store_close(&store);
    open_store(state, &store);
    store_close(&store);
}

static void write_file(const char *folder, const char *name, const char *text)
{
    char path[PATH_SIZE + 32];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void strange_folders_are_refused(void **state)
{
    fixture *self = *state;
    data_store store;
    char path[PATH_SIZE + 32];
    char why[900] = "";

    write_file(self->root, "file", "");
    snprintf(path, sizeof(path), "%s/file", self->root);
    assert_false(store_open(path, &store, why, sizeof(why)));
    assert_non_null(strstr(why, "is not a folder"));
    snprintf(path, sizeof(path), "%s/no/such", self->root);
    assert_false(store_open(path, &store, why, sizeof(why)));
    assert_non_null(strstr(why, strerror(ENOENT)));
    assert_int_equal(mkdir(self->data, 0700), 0);
    write_file(self->data, STORE_FILE,
               "this is no database, but long enough to be looked at as one.");
    assert_false(store_open(self->data, &store, why, sizeof(why)));
    assert_non_null(strstr(why, "not a database"));
}

static void newer_formats_are_refused(void **state)
{
    fixture *self = *state;
    data_store store;
    char why[900] = "";

    open_store(state, &store);
    assert_int_equal(sqlite3_exec(store.db, "PRAGMA user_version = 9", NULL, NULL, NULL),
                     SQLITE_OK);
    store_close(&store);
    assert_false(store_open(self->data, &store, why, sizeof(why)));
    assert_non_null(strstr(why, "newer icecat-local (format 9"));
}

static void keys_are_made_once(void **state)
{
    local_settings settings = { 0 };
    data_store store;
    access_keys first;
    access_keys second;
    char why[300] = "";

    open_store(state, &store);
    assert_true(keys_load(&settings, &store, &first, why, sizeof(why)));
    assert_int_equal(strlen(first.id), 20);
    assert_int_equal(strlen(first.secret), 40);
    store_close(&store);
    open_store(state, &store);
    assert_true(keys_load(&settings, &store, &second, why, sizeof(why)));
    assert_string_equal(first.id, second.id);
    assert_string_equal(first.secret, second.secret);
    /* Given keys are used and not kept. */
    settings.access_key = "AK1";
    settings.secret_key = "given";
    assert_true(keys_load(&settings, &store, &second, why, sizeof(why)));
    assert_string_equal(second.id, "AK1");
    settings.access_key = NULL;
    assert_true(keys_load(&settings, &store, &second, why, sizeof(why)));
    assert_string_equal(first.secret, second.secret);
    store_close(&store);
}

static local_settings settled(data_store *store, local_settings given, kept_names *names)
{
    char why[300] = "";

    if (!names_settle(&given, store, names, why, sizeof(why)))
        fail_msg("%s", why);
    return given;
}

static void names_are_given_kept_or_preset(void **state)
{
    local_settings chosen = { .table = "mine", .bucket_dest = "my-cats", .region = "eu-north-1" };
    local_settings clash = { .bucket_source = "my-cats" };
    local_settings other = { .table = "other" };
    local_settings none = { 0 };
    kept_names names;
    data_store store;
    char why[300] = "";

    open_store(state, &store);
    none = settled(&store, none, &names);
    assert_string_equal(none.region, "eu-central-1");
    assert_string_equal(none.table, "icecat-results");
    assert_string_equal(none.function, "icecat-bulkimg-analyse");
    chosen = settled(&store, chosen, &names);
    assert_string_equal(chosen.bucket_fail, "icecat-fail");
    assert_true(names_keep(&chosen, &store, why, sizeof(why)));
    store_close(&store);
    open_store(state, &store);
    none = settled(&store, (local_settings){ 0 }, &names);
    assert_string_equal(none.region, "eu-north-1");
    assert_string_equal(none.table, "mine");
    assert_string_equal(none.bucket_source, "icecat-source");
    other = settled(&store, other, &names);
    assert_string_equal(other.table, "other");
    assert_string_equal(other.bucket_dest, "my-cats");
    assert_false(names_settle(&clash, &store, &names, why, sizeof(why)));
    assert_non_null(strstr(why, "--bucket-source: must differ"));
    store_close(&store);
}

static int64_t count(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int64_t value;

    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    value = sqlite3_column_int64(statement, 0);
    (void)sqlite3_finalize(statement);
    return value;
}

static void init_can_be_repeated(void **state)
{
    char program[] = "icecat-local";
    char option[] = "--table";
    char value[] = "my-table";
    char *argv[] = { program, option, value, NULL };
    local_settings settings;
    kept_names names;
    data_store store;
    char why[300] = "";

    assert_true(settings_read(3, argv, &settings, why, sizeof(why)));
    open_store(state, &store);
    assert_true(names_settle(&settings, &store, &names, why, sizeof(why)));
    for (int i = 0; i < 2; i++) {
        if (!init_resources(store.db, &settings, 1764032400, why, sizeof(why)))
            fail_msg("%s", why);
    }
    assert_int_equal(count(store.db, "SELECT count(*) FROM dynamodb_table"
                                     " WHERE name = 'my-table' AND ttl = 'ttl'"),
                     1);
    assert_int_equal(count(store.db, "SELECT count(*) FROM ssm_parameter WHERE name LIKE"
                                     " '/stablecaps/dev/cat-wrangler/%'"),
                     6);
    store_close(&store);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(only_the_owner_can_read),
        TEST(values_stay),
        TEST(what_was_committed_survives_a_kill),
        TEST(another_process_is_refused),
        TEST(strange_folders_are_refused),
        TEST(newer_formats_are_refused),
        TEST(keys_are_made_once),
        TEST(names_are_given_kept_or_preset),
        TEST(init_can_be_repeated),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
