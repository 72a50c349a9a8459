/*
 * trigger_bench.c - a trigger on a database in memory, with the fake function of tests/support.
 */
#include "trigger_bench.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_S = 30 };

/* ---- bench ------------------------------------------------------------------------------- */

static void keep_line(unsigned worker, const char *line, void *userdata)
{
    struct bench *b = userdata;
    size_t used = strlen(b->lines);

    snprintf(b->lines + used, sizeof(b->lines) - used, "%u %s\n", worker, line);
}

int bench_set_up(void **state)
{
    struct bench *b = calloc(1, sizeof(*b));

    assert_non_null(b);
    signal(SIGPIPE, SIG_IGN);
    snprintf(b->dir, sizeof(b->dir), "/tmp/icecat-trigger-XXXXXX");
    assert_non_null(mkdtemp(b->dir));
    snprintf(b->dir_variable, sizeof(b->dir_variable), "FAKE_DIR=%s", b->dir);
    b->environment[0] = b->dir_variable;
    b->base = event_base_new();
    assert_non_null(b->base);
    assert_int_equal(sqlite3_open(":memory:", &b->db), SQLITE_OK);
    assert_int_equal(trigger_schema(b->db), SQLITE_OK);
    b->settings = (trigger_settings){ .bucket = "in",
                                      .bootstrap = ICECAT_FAKE_BOOTSTRAP,
                                      .environment = b->environment,
                                      .region = "eu-west-1",
                                      .workers = 1,
                                      .timeout_s = 20,
                                      .attempts = 3,
                                      .retry_base_ms = 20,
                                      .restart_ms = 20,
                                      .log = keep_line,
                                      .userdata = b };
    *state = b;
    return 0;
}

static void remove_dir(const char *dir)
{
    DIR *entries = opendir(dir);
    struct dirent *entry;
    char path[512];

    assert_non_null(entries);
    while ((entry = readdir(entries)) != NULL) {
        snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
        unlink(path);
    }
    closedir(entries);
    rmdir(dir);
}

int bench_tear_down(void **state)
{
    struct bench *b = *state;

    trigger_stop(b->trigger);
    sqlite3_close(b->db);
    event_base_free(b->base);
    remove_dir(b->dir);
    free(b);
    return 0;
}

void bench_start(struct bench *b)
{
    char why[512] = "";

    b->trigger = trigger_start(b->base, b->db, &b->settings, why, sizeof(why));
    if (b->trigger == NULL)
        fail_msg("%s", why);
}

void bench_stop(struct bench *b)
{
    trigger_stop(b->trigger);
    b->trigger = NULL;
}

s3_event bench_event_of(const char *bucket, const char *name, const char *key)
{
    return (s3_event){ .name = name,
                       .bucket = bucket,
                       .key = key,
                       .etag = "d41d8cd98f00b204e9800998ecf8427e",
                       .size = 1234,
                       .request_id = "4442587FB7D0A2F9",
                       .time_ms = INT64_C(1744377772045),
                       .sequencer = "0000000000000A2F" };
}

void bench_put(struct bench *b, const char *key)
{
    s3_event event = bench_event_of("in", "ObjectCreated:Put", key);

    assert_int_equal(trigger_queue(b->db, &b->settings, &event, 1, 0), SQLITE_OK);
    trigger_wake(b->trigger);
}

/* ---- wait -------------------------------------------------------------------------------- */

static void on_tick(evutil_socket_t fd, short what, void *userdata)
{
    (void)fd;
    (void)what;
    (void)userdata;
}

/* Run the loop until @p done says so. */
void bench_run_until(struct bench *b, int (*done)(struct bench *b, const void *what),
                     const void *what)
{
    const struct timeval step = { .tv_usec = 5000 };
    struct event *tick = event_new(b->base, -1, EV_PERSIST, on_tick, NULL);
    time_t end = time(NULL) + PATIENCE_S;

    assert_non_null(tick);
    event_add(tick, &step);
    while (!done(b, what) && time(NULL) < end)
        event_base_loop(b->base, EVLOOP_ONCE);
    event_free(tick);
    if (!done(b, what))
        fail_msg("it did not come to that; the log: %s", b->lines);
}

int bench_queue_is_empty(struct bench *b, const void *what)
{
    (void)what;
    return trigger_backlog(b->trigger) == 0;
}

int bench_only_one_is_left(struct bench *b, const void *what)
{
    (void)what;
    return trigger_backlog(b->trigger) == 1;
}

int bench_log_has(struct bench *b, const void *what)
{
    return strstr(b->lines, what) != NULL;
}

/* A file in the helper's folder; "" when there is none. */
char *bench_notes(struct bench *b, const char *file)
{
    static char text[65536];
    char path[128];
    size_t len;
    FILE *stream;

    snprintf(path, sizeof(path), "%s/%s", b->dir, file);
    stream = fopen(path, "r");
    len = stream == NULL ? 0 : fread(text, 1, sizeof(text) - 1, stream);
    text[len] = '\0';
    if (stream != NULL)
        fclose(stream);
    return text;
}

unsigned bench_count_lines(const char *text)
{
    unsigned count = 0;

    for (; *text != '\0'; text++)
        count += *text == '\n';
    return count;
}

unsigned bench_calls(struct bench *b)
{
    return bench_count_lines(bench_notes(b, "calls"));
}

int bench_was_called(struct bench *b, const void *what)
{
    return strstr(bench_notes(b, "calls"), what) != NULL;
}

cJSON *bench_dead_letters(struct bench *b, int expected)
{
    cJSON *list = NULL;

    assert_int_equal(trigger_dead_letters(b->db, &list), SQLITE_OK);
    assert_int_equal(cJSON_GetArraySize(list), expected);
    return list;
}

void bench_expect_dead(struct bench *b, const char *key, double attempts, const char *type,
                       const char *message)
{
    cJSON *list = bench_dead_letters(b, 1);
    const cJSON *letter = cJSON_GetArrayItem(list, 0);

    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(letter, "key")), key);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(letter, "bucket")), "in");
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(letter, "errorType")), type);
    assert_non_null(
        strstr(cJSON_GetStringValue(cJSON_GetObjectItem(letter, "errorMessage")), message));
    assert_true(cJSON_GetNumberValue(cJSON_GetObjectItem(letter, "attempts")) == attempts);
    assert_true(
        cJSON_IsArray(cJSON_GetObjectItem(cJSON_GetObjectItem(letter, "event"), "Records")));
    cJSON_Delete(list);
}
