/*
 * trigger_bench.h - a trigger on a database in memory, with the fake function of tests/support.
 */
#ifndef TRIGGER_BENCH_H
#define TRIGGER_BENCH_H

#include "cmocka_all.h"

#include "trigger.h"

struct bench {
    struct event_base *base;
    sqlite3 *db;
    char dir[64];
    char dir_variable[96];
    const char *environment[4];
    trigger_settings settings;
    trigger *trigger;
    char lines[16384]; /* what was logged */
};

/* The settings are: bucket "in", one worker, 3 attempts, pauses from 20 ms. */
int bench_set_up(void **state);
int bench_tear_down(void **state);
void bench_start(struct bench *b);
void bench_stop(struct bench *b);

/* An event with fixed values; and one of bucket "in", queued. */
s3_event bench_event_of(const char *bucket, const char *name, const char *key);
void bench_put(struct bench *b, const char *key);

/* Run the loop until @p done says so; the functions below are for this. */
void bench_run_until(struct bench *b, int (*done)(struct bench *b, const void *what),
                     const void *what);
int bench_queue_is_empty(struct bench *b, const void *what);
int bench_only_one_is_left(struct bench *b, const void *what);
int bench_log_has(struct bench *b, const void *what);
int bench_was_called(struct bench *b, const void *what);

/* A file in the fake function's folder, until the next call; "" when there is none. */
char *bench_notes(struct bench *b, const char *file);
unsigned bench_count_lines(const char *text);
/* Invocations so far. */
unsigned bench_calls(struct bench *b);
/* The dead letters, of which there are @p expected. */
cJSON *bench_dead_letters(struct bench *b, int expected);
/* There is one, and it is this. */
void bench_expect_dead(struct bench *b, const char *key, double attempts, const char *type,
                       const char *message);

#define ON_BENCH(test) cmocka_unit_test_setup_teardown(test, bench_set_up, bench_tear_down)

#endif
