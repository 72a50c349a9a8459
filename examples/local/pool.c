/*
 * pool.c - a queue, threads that take from it, and a pipe that wakes the event base.
 */
#include "pool.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct work {
    rekognition_job *job;
    pool_done_fn done;
    void *userdata;
    struct work *next;
} work;

typedef struct work_list {
    work *first;
    work **last; /* where the next one is linked */
    unsigned count;
} work_list;

typedef struct worker {
    pool *pool;
    pthread_t thread;
    eye *eye; /* NULL: opened by the thread itself before its first picture */
    int started;
} worker;

struct pool {
    eye_options options;
    struct event *readable;
    int wake[2]; /* the threads write, the event base reads */
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    work_list waiting; /* under the mutex */
    work_list looked;  /* under the mutex */
    int ending;        /* under the mutex */
    unsigned thread_count;
    worker threads[];
};

static void list_init(work_list *list)
{
    *list = (work_list){ .first = NULL, .last = &list->first };
}

static void list_add(work_list *list, work *one)
{
    one->next = NULL;
    *list->last = one;
    list->last = &one->next;
    list->count++;
}

static work *list_take(work_list *list)
{
    work *one = list->first;

    if (one == NULL)
        return NULL;
    list->first = one->next;
    if (list->first == NULL)
        list->last = &list->first;
    list->count--;
    return one;
}

static work *wait_for_work(pool *self)
{
    work *one = NULL;

    (void)pthread_mutex_lock(&self->mutex);
    while (!self->ending && self->waiting.first == NULL)
        (void)pthread_cond_wait(&self->changed, &self->mutex);
    if (!self->ending)
        one = list_take(&self->waiting);
    (void)pthread_mutex_unlock(&self->mutex);
    return one;
}

static void hand_back(pool *self, work *one)
{
    ssize_t wrote;

    (void)pthread_mutex_lock(&self->mutex);
    list_add(&self->looked, one);
    (void)pthread_mutex_unlock(&self->mutex);
    /* A full pipe means that the event base will look anyway. */
    do
        wrote = write(self->wake[1], "", 1);
    while (wrote < 0 && errno == EINTR);
}

static void *run(void *userdata)
{
    worker *me = userdata;
    char why[EYE_WHY_SIZE];
    work *one;

    while ((one = wait_for_work(me->pool)) != NULL) {
        if (me->eye == NULL && eye_open(&me->pool->options, &me->eye, why) != EYE_OK)
            (void)fprintf(stderr, "icecat-local: %s\n", why);
        /* Without an eye the job goes back unlooked, and the client is told to try again. */
        if (me->eye != NULL)
            rekognition_look(one->job, me->eye);
        hand_back(me->pool, one);
    }
    return NULL;
}

static void finish(pool *self)
{
    work *one;

    for (;;) {
        (void)pthread_mutex_lock(&self->mutex);
        one = list_take(&self->looked);
        (void)pthread_mutex_unlock(&self->mutex);
        if (one == NULL)
            return;
        one->done(one->job, one->userdata);
        free(one);
    }
}

static void on_wake(evutil_socket_t fd, short what, void *userdata)
{
    char drain[64];

    (void)what;
    while (read(fd, drain, sizeof(drain)) > 0)
        continue;
    finish(userdata);
}

static int open_pipe(pool *self, struct event_base *base)
{
    if (pipe(self->wake) != 0)
        return 0;
    for (int i = 0; i < 2; i++) {
        if (fcntl(self->wake[i], F_SETFL, O_NONBLOCK) != 0 ||
            fcntl(self->wake[i], F_SETFD, FD_CLOEXEC) != 0)
            return 0;
    }
    self->readable = event_new(base, self->wake[0], EV_READ | EV_PERSIST, on_wake, self);
    return self->readable != NULL && event_add(self->readable, NULL) == 0;
}

/* Signals belong to the event base, so that the threads start with all of them blocked. */
static int start_threads(pool *self)
{
    sigset_t all;
    sigset_t before;
    int ok = 1;

    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    for (unsigned i = 0; i < self->thread_count && ok; i++) {
        self->threads[i].pool = self;
        ok = pthread_create(&self->threads[i].thread, NULL, run, &self->threads[i]) == 0;
        self->threads[i].started = ok;
    }
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return ok;
}

pool *pool_start(struct event_base *base, unsigned threads, const eye_options *options, char *why,
                 size_t why_len)
{
    pool *self = calloc(1, sizeof(*self) + threads * sizeof(self->threads[0]));
    char eye_why[EYE_WHY_SIZE] = "";

    if (self == NULL) {
        (void)snprintf(why, why_len, "out of memory for %u threads", threads);
        return NULL;
    }
    self->options = *options;
    self->thread_count = threads;
    self->wake[0] = self->wake[1] = -1;
    list_init(&self->waiting);
    list_init(&self->looked);
    (void)pthread_mutex_init(&self->mutex, NULL);
    (void)pthread_cond_init(&self->changed, NULL);
    if (eye_open(options, &self->threads[0].eye, eye_why) != EYE_OK)
        (void)snprintf(why, why_len, "%s", eye_why);
    else if (!open_pipe(self, base) || !start_threads(self))
        (void)snprintf(why, why_len, "cannot start %u threads: %s", threads, strerror(errno));
    else
        return self;
    pool_stop(self);
    return NULL;
}

int pool_look(pool *self, rekognition_job *job, pool_done_fn done, void *userdata)
{
    work *one = malloc(sizeof(*one));
    int fits;

    if (one == NULL)
        return 0;
    *one = (work){ job, done, userdata, NULL };
    (void)pthread_mutex_lock(&self->mutex);
    fits = self->waiting.count < POOL_WAITING_MAX;
    if (fits)
        list_add(&self->waiting, one);
    (void)pthread_cond_signal(&self->changed);
    (void)pthread_mutex_unlock(&self->mutex);
    if (!fits)
        free(one);
    return fits;
}

const char *pool_detector_name(const pool *self)
{
    /* Fixed when the eye was opened; a look at the same time changes nothing of it. */
    return eye_detector_name(self->threads[0].eye);
}

void pool_stop(pool *self)
{
    work *one;

    if (self == NULL)
        return;
    (void)pthread_mutex_lock(&self->mutex);
    self->ending = 1;
    while ((one = list_take(&self->waiting)) != NULL)
        list_add(&self->looked, one);
    (void)pthread_cond_broadcast(&self->changed);
    (void)pthread_mutex_unlock(&self->mutex);
    for (unsigned i = 0; i < self->thread_count; i++) {
        if (self->threads[i].started)
            (void)pthread_join(self->threads[i].thread, NULL);
        eye_close(self->threads[i].eye);
    }
    finish(self);
    if (self->readable != NULL)
        event_free(self->readable);
    for (int i = 0; i < 2; i++) {
        if (self->wake[i] >= 0)
            (void)close(self->wake[i]);
    }
    (void)pthread_cond_destroy(&self->changed);
    (void)pthread_mutex_destroy(&self->mutex);
    free(self);
}
