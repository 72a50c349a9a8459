/*
 * trigger.c - from the queue to a free worker.
 */
#include "trigger.h"

#include "trigger_store.h"
#include "worker.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    WORKERS_MAX = 64,
    LOOK_MS = 5000, /* at the latest: the clock may be set, or another program may redrive */
    STORE_PAUSE_MS = 1000,
    RETRY_PAUSE_MAX_MS = 300000,
    STOP_MS = 2000,
    STOP_STEP_MS = 10
};

struct trigger {
    sqlite3 *db;
    trigger_settings settings; /* without zeros */
    struct event *look;        /* look at the queue */
    struct event *ended;       /* SIGCHLD */
    worker *workers[WORKERS_MAX];
    unsigned count;
};

/* ---- look at the queue ------------------------------------------------------------------- */

static void look_in(trigger *self, int64_t ms)
{
    struct timeval delay;

    if (ms > LOOK_MS)
        ms = LOOK_MS;
    delay.tv_sec = (time_t)(ms / 1000);
    delay.tv_usec = (suseconds_t)(ms % 1000 * 1000);
    evtimer_add(self->look, &delay);
}

static void complain(const trigger *self, const char *what)
{
    char line[256];

    snprintf(line, sizeof(line), "%s: %.150s", what, sqlite3_errmsg(self->db));
    worker_log(&self->settings, 0, line);
}

/* The next event that no worker has. */
static int next_event(trigger *self, trigger_event *event, int64_t *next_due_ms)
{
    int64_t running[WORKERS_MAX];
    size_t count = 0;

    for (unsigned i = 0; i < self->count; i++) {
        int64_t row = worker_row(self->workers[i]);

        if (row != 0)
            running[count++] = row;
    }
    return trigger_store_next(self->db, trigger_store_now_ms(), running, count, event, next_due_ms);
}

static worker *idle_worker(const trigger *self)
{
    for (unsigned i = 0; i < self->count; i++) {
        if (worker_is_idle(self->workers[i]))
            return self->workers[i];
    }
    return NULL;
}

/* Without an idle worker there is nothing to look for: the next idle one asks. */
static void on_look(evutil_socket_t fd, short what, void *userdata)
{
    trigger *self = userdata;
    worker *idle;

    (void)fd;
    (void)what;
    while ((idle = idle_worker(self)) != NULL) {
        trigger_event event = { 0 };
        int64_t due_ms = -1;
        int rc = next_event(self, &event, &due_ms);

        if (rc == SQLITE_ROW) {
            worker_invoke(idle, &event);
            continue;
        }
        if (rc != SQLITE_DONE)
            complain(self, "the queue cannot be read");
        if (rc != SQLITE_DONE)
            look_in(self, STORE_PAUSE_MS);
        else
            look_in(self, due_ms < 0 ? LOOK_MS : due_ms - trigger_store_now_ms());
        return;
    }
}

void trigger_wake(trigger *self)
{
    if (self != NULL)
        look_in(self, 0);
}

/* ---- what becomes of an event ------------------------------------------------------------ */

static void on_idle(void *userdata)
{
    trigger_wake(userdata);
}

static int on_done(const trigger_event *event, void *userdata)
{
    trigger *self = userdata;

    if (trigger_store_done(self->db, event->row) == SQLITE_OK)
        return 1;
    complain(self, "an event that is done cannot be taken from the queue and will run again");
    return 0;
}

static int64_t retry_pause_ms(const trigger *self, unsigned failed_before)
{
    int64_t pause = self->settings.retry_base_ms;

    for (unsigned i = 0; i < failed_before && pause < RETRY_PAUSE_MAX_MS; i++)
        pause *= 2;
    return pause < RETRY_PAUSE_MAX_MS ? pause : RETRY_PAUSE_MAX_MS;
}

static int on_failed(const trigger_event *event, const char *type, const char *message,
                     void *userdata)
{
    trigger *self = userdata;
    int64_t now_ms = trigger_store_now_ms();
    int is_last = event->attempts + 1 >= self->settings.attempts;
    char line[512];
    int rc;

    if (is_last)
        rc = trigger_store_bury(self->db, event->row, type, message, now_ms);
    else
        rc = trigger_store_retry(self->db, event->row,
                                 now_ms + retry_pause_ms(self, event->attempts));
    snprintf(line, sizeof(line), "attempt %u of %u of event %.40s failed%s: %.60s: %.250s",
             event->attempts + 1, self->settings.attempts, event->id,
             is_last ? "; it is a dead letter now" : "", type, message);
    worker_log(&self->settings, 0, line);
    if (rc == SQLITE_OK)
        return 1;
    complain(self, "a failed attempt cannot be recorded and will run again");
    return 0;
}

static const worker_hooks hooks = { .idle = on_idle, .done = on_done, .failed = on_failed };

static void on_ended(evutil_socket_t fd, short what, void *userdata)
{
    trigger *self = userdata;

    (void)fd;
    (void)what;
    for (unsigned i = 0; i < self->count; i++)
        worker_check(self->workers[i]);
}

/* ---- life -------------------------------------------------------------------------------- */

static void set_default(unsigned *value, unsigned preset)
{
    if (*value == 0)
        *value = preset;
}

static int check_settings(trigger_settings *settings, char *why, size_t why_len)
{
    set_default(&settings->workers, 2);
    set_default(&settings->timeout_s, 30);
    set_default(&settings->attempts, 3);
    set_default(&settings->retry_base_ms, 1000);
    set_default(&settings->restart_ms, 200);
    set_default(&settings->init_s, 10);
    if (settings->workers > WORKERS_MAX) {
        snprintf(why, why_len, "%u workers are too many; %d is the most", settings->workers,
                 WORKERS_MAX);
        return 0;
    }
    if (settings->bootstrap == NULL || access(settings->bootstrap, X_OK) != 0) {
        snprintf(why, why_len, "the function's program %.300s cannot be run: %s",
                 settings->bootstrap == NULL ? "(none)" : settings->bootstrap, strerror(errno));
        return 0;
    }
    return 1;
}

static int start_all(trigger *self, struct event_base *base)
{
    self->look = evtimer_new(base, on_look, self);
    self->ended = evsignal_new(base, SIGCHLD, on_ended, self);
    if (self->look == NULL || self->ended == NULL || evsignal_add(self->ended, NULL) != 0)
        return 0;
    while (self->count < self->settings.workers) {
        worker *added = worker_new(base, self->count + 1, &self->settings, &hooks, self);

        if (added == NULL)
            return 0;
        self->workers[self->count++] = added;
    }
    return 1;
}

static void release(trigger *self)
{
    for (unsigned i = 0; i < self->count; i++)
        worker_free(self->workers[i]);
    if (self->look != NULL)
        event_free(self->look);
    if (self->ended != NULL)
        event_free(self->ended);
    free(self);
}

trigger *trigger_start(struct event_base *base, sqlite3 *db, const trigger_settings *settings,
                       char *why, size_t why_len)
{
    trigger_settings checked = *settings;
    trigger *self;

    if (!check_settings(&checked, why, why_len))
        return NULL;
    if (trigger_store_open(db) != SQLITE_OK) {
        snprintf(why, why_len, "the queue of events cannot be opened: %.200s", sqlite3_errmsg(db));
        return NULL;
    }
    self = calloc(1, sizeof(*self));
    if (self != NULL) {
        self->db = db;
        self->settings = checked;
        if (start_all(self, base))
            return self;
        release(self);
    }
    snprintf(why, why_len, "the workers cannot be started: out of memory");
    return NULL;
}

uint64_t trigger_backlog(const trigger *self)
{
    uint64_t count = 0;

    (void)trigger_store_count(self->db, &count);
    return count;
}

static int all_have_stopped(trigger *self)
{
    int all = 1;

    for (unsigned i = 0; i < self->count; i++)
        all = worker_has_stopped(self->workers[i]) && all;
    return all;
}

void trigger_stop(trigger *self)
{
    const struct timespec step = { .tv_nsec = STOP_STEP_MS * 1000000L };

    if (self == NULL)
        return;
    for (unsigned i = 0; i < self->count; i++)
        worker_stop(self->workers[i]);
    for (unsigned ms = 0; ms < STOP_MS && !all_have_stopped(self); ms += STOP_STEP_MS)
        nanosleep(&step, NULL);
    release(self); /* kills what is left */
}
