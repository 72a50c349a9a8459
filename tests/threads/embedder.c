/*
 * embedder.c - what docs/threads.md promises to the process around the library, one promise a run.
 *
 *   embedder signals|eintr|cancel|deadline|fork|nested|threads
 *
 * Settings come from the environment that icecat-local exports. Ends with 0 when the promise is kept,
 * else says what was seen. For cancel and deadline the server must be slow.
 */
#include <dirent.h>
#include <icecat/icecat.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WITHIN_MS 100
#define SLACK_MS  150 /* of a busy machine */

static icecat_cancel *token;

static int fail(const char *what, const icecat_error *err)
{
    fprintf(stderr, "%s%s%s\n", what, err != NULL ? ": " : "", err != NULL ? err->message : "");
    return 1;
}

static uint64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static icecat_client *client_new(void)
{
    icecat_client *client = NULL;
    icecat_error err;

    if (icecat_client_new(NULL, &client, &err) != ICECAT_OK)
        fail("no client", &err);
    return client;
}

static icecat_status put(icecat_client *client, const icecat_call_options *call, icecat_error *err)
{
    icecat_s3_put_options options = ICECAT_S3_PUT_OPTIONS_INIT;

    options.call = call;
    return icecat_s3_put_object(client, getenv("S3BUCKET_SOURCE"), "embedder", "x", 1, &options,
                                NULL, err);
}

/* ---- signals ----------------------------------------------------------------------------- */

typedef struct picture {
    void (*handlers[NSIG])(int);
    int flags[NSIG];
    int blocked[NSIG];
} picture;

static picture look(void)
{
    picture seen = { .flags = { 0 } };
    sigset_t mask;

    sigprocmask(SIG_BLOCK, NULL, &mask);
    for (int number = 1; number < NSIG; number++) {
        struct sigaction action;

        if (sigaction(number, NULL, &action) != 0)
            continue;
        seen.handlers[number] = action.sa_handler;
        seen.flags[number] = action.sa_flags;
        seen.blocked[number] = sigismember(&mask, number);
    }
    return seen;
}

static int tell_change(const picture *before, const picture *after)
{
    for (int number = 1; number < NSIG; number++) {
        if (before->handlers[number] == after->handlers[number] &&
            before->flags[number] == after->flags[number] &&
            before->blocked[number] == after->blocked[number])
            continue;
        fprintf(stderr, "signal %d is treated in another way than before\n", number);
        return 1;
    }
    return 0;
}

/* Actions and mask are as before, though connections were reset and closed meanwhile. */
static int keeps_signals(void)
{
    icecat_client *client;
    picture before, after;
    icecat_error err;

    signal(SIGPIPE, SIG_DFL); /* ends this program, should the library let it come */
    before = look();
    client = client_new();
    for (int i = 0; i < 20; i++) {
        if (put(client, NULL, &err) != ICECAT_OK && err.retryable == 0)
            return fail("put", &err);
    }
    icecat_client_free(client);
    after = look();
    return tell_change(&before, &after);
}

static void on_alarm(int number)
{
    (void)number;
}

/* A signal every two milliseconds that interrupts every system call. */
static int goes_on_after_eintr(void)
{
    struct itimerval often = { { 0, 2000 }, { 0, 2000 } };
    struct sigaction action = { .sa_handler = on_alarm };
    icecat_client *client = client_new();
    icecat_error err = { 0 };
    int failed = 0;

    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &often, NULL);
    for (int i = 0; i < 20 && !failed; i++)
        failed = put(client, NULL, &err) != ICECAT_OK;
    memset(&often, 0, sizeof(often));
    setitimer(ITIMER_REAL, &often, NULL);
    icecat_client_free(client);
    return failed ? fail("put", &err) : 0;
}

/* ---- bounds ------------------------------------------------------------------------------ */

static void fire(int number)
{
    (void)number;
    icecat_cancel_fire(token);
}

static int is_late(uint64_t since, uint64_t limit_ms)
{
    uint64_t took = now_ms() - since;

    if (took <= limit_ms + SLACK_MS)
        return 0;
    fprintf(stderr, "it took %llu ms\n", (unsigned long long)took);
    return 1;
}

static int ends_when_cancelled(void)
{
    struct itimerval once = { { 0, 0 }, { 0, 300000 } };
    struct sigaction action = { .sa_handler = fire };
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    icecat_client *client = client_new();
    uint64_t began = now_ms();
    icecat_status status;
    icecat_error err;

    token = call.cancel = icecat_cancel_new();
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &once, NULL);
    status = put(client, &call, &err);
    if (status != ICECAT_E_CANCELLED)
        return fail("not cancelled", &err);
    if (is_late(began, 300 + WITHIN_MS))
        return 1;
    if (put(client, &call, &err) != ICECAT_E_CANCELLED)
        return fail("a fired token does not stay fired", &err);
    icecat_client_free(client);
    icecat_cancel_free(token);
    return 0;
}

static int ends_at_its_deadline(void)
{
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    icecat_client *client = client_new();
    uint64_t began = now_ms();
    icecat_error err;

    call.timeout_ms = 300;
    if (put(client, &call, &err) != ICECAT_E_DEADLINE)
        return fail("no deadline", &err);
    icecat_client_free(client);
    return is_late(began, 300 + WITHIN_MS);
}

/* ---- processes and threads --------------------------------------------------------------- */

/* The child makes a client of its own and leaves the parent's alone; the parent's goes on. */
static int forks(void)
{
    icecat_client *client = client_new();
    icecat_error err;
    int status = 1;
    pid_t child;

    if (put(client, NULL, &err) != ICECAT_OK)
        return fail("put before fork", &err);
    child = fork();
    if (child == 0) {
        icecat_client *own = client_new();

        status = put(own, NULL, &err) == ICECAT_OK ? 0 : fail("put in the child", &err);
        icecat_client_free(own);
        _exit(status);
    }
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
        return fail("the child failed", NULL);
    if (put(client, NULL, &err) != ICECAT_OK || err.attempts != 1)
        return fail("put after fork, at the first attempt", &err);
    icecat_client_free(client);
    return 0;
}

static int count_threads(void)
{
    DIR *tasks = opendir("/proc/self/task");
    int count = -2; /* "." and ".." */

    while (tasks != NULL && readdir(tasks) != NULL)
        count++;
    if (tasks != NULL)
        closedir(tasks);
    return count;
}

static int starts_no_thread(void)
{
    icecat_client *client = client_new();
    int before = count_threads();
    icecat_error err;

    if (put(client, NULL, &err) != ICECAT_OK)
        return fail("put", &err);
    if (count_threads() != before)
        return fail("a thread is left", NULL);
    icecat_client_free(client);
    return 0;
}

/* ---- callbacks --------------------------------------------------------------------------- */

typedef struct nest {
    icecat_client *client;
    const char *path;
    int given;
    int nested;
} nest;

static int next_path(const char **path, void *userdata)
{
    nest *n = userdata;

    *path = n->path;
    return !n->given++;
}

/* A call with the same client, from inside one. */
static int settled(const icecat_submission *submission, void *userdata)
{
    nest *n = userdata;
    icecat_error err;

    (void)submission;
    n->nested += put(n->client, NULL, &err) == ICECAT_OK;
    return 0;
}

static int calls_from_callbacks(const char *path)
{
    icecat_pipeline_options options = ICECAT_PIPELINE_OPTIONS_INIT;
    nest n = { client_new(), path, 0, 0 };
    icecat_pipeline *pipeline = NULL;
    icecat_error err;

    options.bucket_source = getenv("S3BUCKET_SOURCE");
    options.client_id = "embedder";
    if (icecat_pipeline_new(n.client, &options, &pipeline, &err) != ICECAT_OK ||
        icecat_pipeline_submit_many(pipeline, icecat_batch_id_new(), next_path, settled, &n, NULL,
                                    NULL, &err) != ICECAT_OK)
        return fail("submit", &err);
    icecat_pipeline_free(pipeline);
    icecat_client_free(n.client);
    return n.nested == 1 ? 0 : fail("the nested call failed", NULL);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*keep)(void);
    } promises[] = {
        { "signals", keeps_signals },
        { "eintr", goes_on_after_eintr },
        { "cancel", ends_when_cancelled },
        { "deadline", ends_at_its_deadline },
        { "fork", forks },
        { "threads", starts_no_thread },
    };

    if (argc == 3 && strcmp(argv[1], "nested") == 0)
        return calls_from_callbacks(argv[2]);
    for (size_t i = 0; argc == 2 && i < sizeof(promises) / sizeof(promises[0]); i++) {
        if (strcmp(promises[i].name, argv[1]) == 0)
            return promises[i].keep();
    }
    return fail("usage: embedder PROMISE", NULL);
}
