/*
 * worker.c - one process of the function.
 *
 *   DOWN --pause--> STARTING --next--> IDLE --event--> BUSY --answer--> SETTLED --next--> IDLE
 *
 * The end of the process leads from every state to DOWN, and an unanswered event has failed then.
 * STARTING, BUSY and SETTLED are bounded in time: after it, SIGKILL, and the end is awaited (KILLED).
 * Each process gets a Runtime API of its own, so that nothing of the one before can answer.
 */
#include "worker.h"

#include "child.h"
#include "runtime_api.h"
#include "worker_environment.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAUSE_MAX_MS = 30000, HOW_LEN = 64, LINE_LEN = 1024 };

enum worker_state { DOWN, UP_STARTING, IDLE, BUSY, SETTLED, KILLED, STOPPED };

struct worker {
    struct event_base *base;
    const trigger_settings *settings;
    const worker_hooks *hooks;
    void *userdata;
    unsigned number;
    enum worker_state state;
    struct event *timer; /* end of the state that has one */
    child *process;      /* NULL in DOWN and STOPPED */
    runtime_api *api;    /* as process */
    trigger_event event; /* valid while has_event */
    int has_event;
    int timed_out;
    unsigned failures; /* ends in a row without an answer between them */
    char arn[256];
    char last_words[256]; /* what it said with init/error */
};

void worker_log(const trigger_settings *settings, unsigned number, const char *line)
{
    if (settings->log != NULL)
        settings->log(number, line, settings->userdata);
    else
        fprintf(stderr, "function %u: %s\n", number, line);
}

static void say(const worker *self, const char *what, const char *detail)
{
    char line[LINE_LEN];

    snprintf(line, sizeof(line), "%s%s%s", what, *detail == '\0' ? "" : ": ", detail);
    worker_log(self->settings, self->number, line);
}

static void set_timer(worker *self, uint64_t ms)
{
    struct timeval delay = { .tv_sec = (time_t)(ms / 1000),
                             .tv_usec = (suseconds_t)(ms % 1000 * 1000) };

    evtimer_add(self->timer, &delay);
}

/* ---- what the process asks for ----------------------------------------------------------- */

static void on_waiting(void *userdata)
{
    worker *self = userdata;

    if (self->state == KILLED || self->state == STOPPED)
        return;
    self->state = IDLE;
    evtimer_del(self->timer);
    self->hooks->idle(self->userdata);
}

/* The event is no longer this worker's, whatever the outcome. */
static void settle(worker *self)
{
    trigger_event_clear(&self->event);
    self->has_event = 0;
    if (self->state == BUSY)
        self->state = SETTLED;
}

static int on_responded(void *userdata)
{
    worker *self = userdata;
    int recorded = self->hooks->done(&self->event, self->userdata);

    self->failures = 0;
    settle(self);
    return recorded;
}

static int on_failed(const char *type, const char *message, void *userdata)
{
    worker *self = userdata;
    int recorded = self->hooks->failed(&self->event, type, message, self->userdata);

    self->failures = 0;
    settle(self);
    return recorded;
}

static void on_init_failed(const char *type, const char *message, void *userdata)
{
    worker *self = userdata;

    snprintf(self->last_words, sizeof(self->last_words), "%s: %s", type, message);
}

static const runtime_api_hooks api_hooks = { .waiting = on_waiting,
                                             .responded = on_responded,
                                             .failed = on_failed,
                                             .init_failed = on_init_failed };

static void on_line(const char *line, void *userdata)
{
    const worker *self = userdata;

    worker_log(self->settings, self->number, line);
}

/* ---- start and restart ------------------------------------------------------------------- */

static void release_process(worker *self)
{
    runtime_api_free(self->api);
    child_free(self->process);
    self->api = NULL;
    self->process = NULL;
}

static uint64_t restart_pause_ms(const worker *self)
{
    uint64_t pause = self->settings->restart_ms;

    for (unsigned i = 1; i < self->failures && pause < PAUSE_MAX_MS; i++)
        pause *= 2;
    return pause < PAUSE_MAX_MS ? pause : PAUSE_MAX_MS;
}

/* @p what happened; the next process starts after a pause that grows. */
static void go_down(worker *self, const char *what)
{
    uint64_t pause_ms;
    char line[LINE_LEN];

    release_process(self);
    self->failures++;
    self->state = DOWN;
    pause_ms = restart_pause_ms(self);
    snprintf(line, sizeof(line), "%s%s%s; the next start is in %llu ms", what,
             self->last_words[0] == '\0' ? "" : ", having said ", self->last_words,
             (unsigned long long)pause_ms);
    self->last_words[0] = '\0';
    say(self, line, "");
    set_timer(self, pause_ms);
}

static void start(worker *self)
{
    char why[LINE_LEN / 2] = "no listener for the Runtime API, or no memory";
    char **environment = NULL;

    self->timed_out = 0;
    self->api = runtime_api_new(self->base, &api_hooks, self);
    if (self->api != NULL)
        environment = worker_environment_new(self->settings, runtime_api_address(self->api));
    if (environment != NULL)
        self->process = child_start(self->base, self->settings->bootstrap, environment, on_line,
                                    self, why, sizeof(why));
    worker_environment_free(environment);
    if (self->process == NULL) {
        go_down(self, why);
        return;
    }
    self->state = UP_STARTING;
    set_timer(self, (uint64_t)self->settings->init_s * 1000);
}

/* ---- time is over ------------------------------------------------------------------------ */

static void on_timer(evutil_socket_t fd, short what, void *userdata)
{
    worker *self = userdata;

    (void)fd;
    (void)what;
    if (self->state == DOWN) {
        start(self);
        return;
    }
    self->timed_out = 1;
    self->state = KILLED;
    child_signal(self->process, SIGKILL);
}

/* ---- the end of a process ---------------------------------------------------------------- */

static void fail_event(worker *self, const char *how)
{
    char message[256];

    if (self->timed_out)
        snprintf(message, sizeof(message),
                 "RequestId: %s Error: Task timed out after %u.00 seconds", self->event.id,
                 self->settings->timeout_s);
    else
        snprintf(message, sizeof(message), "RequestId: %s Error: Runtime exited with error: %s",
                 self->event.id, how);
    say(self, message, "");
    (void)self->hooks->failed(&self->event,
                              self->timed_out ? "Sandbox.Timedout" : "Runtime.ExitError", message,
                              self->userdata);
    settle(self);
}

void worker_check(worker *self)
{
    char how[HOW_LEN];
    char line[HOW_LEN + 96];
    int was_starting = self->state == UP_STARTING;

    if (self->process == NULL || !child_has_ended(self->process, how, sizeof(how)))
        return;
    evtimer_del(self->timer);
    if (self->state == STOPPED) {
        release_process(self);
        return;
    }
    if (self->has_event)
        fail_event(self, how);
    snprintf(line, sizeof(line), "the program ended (%s)%s", how,
             self->timed_out ? " because its time was over"
             : was_starting  ? " before it asked for work"
                             : "");
    go_down(self, line);
    self->hooks->idle(self->userdata); /* its event may be due for another worker */
}

/* ---- use --------------------------------------------------------------------------------- */

int worker_is_idle(const worker *self)
{
    return self->state == IDLE && runtime_api_is_waiting(self->api);
}

int64_t worker_row(const worker *self)
{
    return self->has_event ? self->event.row : 0;
}

void worker_invoke(worker *self, trigger_event *event)
{
    runtime_api_invocation invocation = { .function_arn = self->arn };
    uint64_t timeout_ms = (uint64_t)self->settings->timeout_s * 1000;

    self->event = *event;
    *event = (trigger_event){ 0 };
    self->has_event = 1;
    self->state = BUSY;
    invocation.id = self->event.id;
    invocation.json = self->event.json;
    invocation.deadline_ms = trigger_store_now_ms() + (int64_t)timeout_ms;
    set_timer(self, timeout_ms);
    runtime_api_invoke(self->api, &invocation);
}

void worker_stop(worker *self)
{
    evtimer_del(self->timer);
    self->state = STOPPED;
    if (self->process != NULL)
        child_signal(self->process, SIGTERM);
}

int worker_has_stopped(worker *self)
{
    worker_check(self);
    return self->process == NULL;
}

worker *worker_new(struct event_base *base, unsigned number, const trigger_settings *settings,
                   const worker_hooks *hooks, void *userdata)
{
    worker *self = calloc(1, sizeof(*self));

    if (self == NULL)
        return NULL;
    self->base = base;
    self->number = number;
    self->settings = settings;
    self->hooks = hooks;
    self->userdata = userdata;
    self->timer = evtimer_new(base, on_timer, self);
    if (self->timer == NULL) {
        free(self);
        return NULL;
    }
    snprintf(self->arn, sizeof(self->arn), "arn:aws:lambda:%.64s:000000000000:function:%.128s",
             settings->region, worker_function_name(settings));
    set_timer(self, 0);
    return self;
}

void worker_free(worker *self)
{
    if (self == NULL)
        return;
    event_free(self->timer);
    release_process(self);
    trigger_event_clear(&self->event);
    free(self);
}
