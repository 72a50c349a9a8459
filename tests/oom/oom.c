/*
 * oom.c - run the cases.
 *
 *   oom allocator [CASE...]   allocations of the library fail, by the allocator that it is given
 *   oom malloc [CASE...]      malloc fails, of whoever calls it
 *   oom turn CASE N [warm] [onwards]   one of these, for a debugger
 *   oom list                  which public functions the cases call, and with how many allocations at most
 *
 * Each allocation fails in turn: alone, and with all that follow. An ordinary run takes some of a long
 * case's turns; ICECAT_LONG=1 takes all.
 */
#include "oom_inject.h"
#include "oom_others.h"
#include "oom_server.h"

#include <openssl/crypto.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define TURNS      60 /* of one case and mode, in an ordinary run */
#define NEVER      ((size_t)-1)
#define PATIENCE_S 30

#define FEWER 3 /* exit codes of a turn: there are fewer allocations, */
#define KNOWN 4 /* and what went wrong is known, see oom_others.h */

static const oom_case *const lists[] = { oom_base_cases, oom_client_cases, oom_batch_cases,
                                         oom_pipeline_cases, oom_network_cases };
static oom_server server;
static int is_long;

/* A call that never ends is a broken promise too. */
static void on_alarm(int signal_number)
{
    (void)signal_number;
    oom_broken("it ends", "a call", 0);
}

/* One run. What libcrypto keeps for a thread, its list of errors, is no leak. */
static void run_once(const oom_case *one, int by_malloc, int is_warm, size_t at, int onwards)
{
    oom o = { by_malloc ? NULL : &oom_inject_allocator, server.port, server.ca_bundle, is_warm };

    oom_inject_set(by_malloc, at, onwards);
    alarm(PATIENCE_S);
    one->run(&o);
    alarm(0);
    OPENSSL_thread_stop();
}

/* ---- by the allocator ---------------------------------------------------------------------- */

static size_t stride_of(size_t turns)
{
    return is_long || turns <= TURNS ? 1 : turns / TURNS + 1;
}

/* The first turns are taken one by one: beginnings are where most goes wrong. */
static size_t next_turn(size_t at, size_t stride)
{
    return at < TURNS / 3 ? at + 1 : at + stride;
}

static size_t sweep_allocator(const oom_case *one, int onwards)
{
    size_t runs = 0, turns;

    run_once(one, 0, 1, NEVER, 0);
    turns = oom_inject_seen();
    OOM_CHECK(turns > 0);
    OOM_CHECK(oom_inject_held(0) == 0);
    for (size_t at = 0; at < turns; at = next_turn(at, stride_of(turns)), runs++) {
        run_once(one, 0, 1, at, onwards);
        OOM_CHECK(oom_has_failed());
        OOM_CHECK(oom_inject_held(0) == 0);
    }
    return runs;
}

/* ---- by malloc: each turn in a process of its own, for a crash and for what is made only once ---- */

/* What a run leaves is what a run without failures leaves: nothing, or something that is kept for good. */
static int warm_turn(const oom_case *one, size_t at, int onwards)
{
    long before, left;

    run_once(one, 1, 1, NEVER, 0);
    before = oom_inject_held(1);
    run_once(one, 1, 1, NEVER, 0);
    left = oom_inject_held(1) - before;
    OOM_CHECK(left == 0);
    before = oom_inject_held(1);
    run_once(one, 1, 1, at, onwards);
    left = oom_inject_held(1) - before;
    if (left <= 0)
        return 0;
    oom_trace_begin();
    run_once(one, 1, 1, at, onwards);
    if (oom_trace_is_of_others() || oom_is_heap_of_others())
        return KNOWN;
    fprintf(stderr, "%ld pieces are left\n", left);
    OOM_CHECK(left == 0);
    return 1;
}

static int is_warm_turn;

static void on_crash(int signal_number)
{
    if (oom_is_heap_of_others() || (!is_warm_turn && oom_is_crash_of_others()))
        _exit(KNOWN);
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

/* The program's exit code: 0 when an allocation did fail, 3 when there were fewer. */
static int in_process(const oom_case *one, size_t at, int onwards, int is_warm)
{
    int status = 0, code = 0;
    pid_t child;

    fflush(NULL);
    child = fork();
    if (child == 0) {
        is_warm_turn = is_warm;
        signal(SIGSEGV, on_crash);
        signal(SIGABRT, on_crash);
        if (is_warm)
            code = warm_turn(one, at, onwards);
        else
            run_once(one, 1, 0, at, onwards);
        _exit(oom_has_failed() ? code : FEWER);
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        return 2;
    if (WIFSIGNALED(status)) {
        fprintf(stderr, "%s, allocation %zu%s%s: signal %d\n", one->name, at,
                onwards ? " and all that follow" : "", is_warm ? "" : ", the first run",
                WTERMSIG(status));
        return 1;
    }
    return WEXITSTATUS(status);
}

/* How many allocations a run has, warm or as the first of its process. */
static size_t count_turns(const oom_case *one, int is_warm)
{
    int ends[2];
    size_t count = 0;

    if (pipe(ends) != 0)
        return 0;
    fflush(NULL);
    if (fork() == 0) {
        if (is_warm)
            run_once(one, 1, 0, NEVER, 0);
        run_once(one, 1, 0, NEVER, 0);
        count = oom_inject_seen();
        _exit(write(ends[1], &count, sizeof(count)) != (ssize_t)sizeof(count));
    }
    close(ends[1]);
    if (read(ends[0], &count, sizeof(count)) != (ssize_t)sizeof(count))
        count = NEVER;
    close(ends[0]);
    wait(NULL);
    return count;
}

static size_t sweep_malloc(const oom_case *one, int onwards, int is_warm, size_t *known,
                           int *failed)
{
    size_t turns = count_turns(one, is_warm), runs = 0;

    if (turns == NEVER) /* it could not be run at all */
        *failed = 1;
    for (size_t at = 0; turns != NEVER && at < turns;
         at = next_turn(at, stride_of(turns)), runs++) {
        int code = in_process(one, at, onwards, is_warm);

        /* A case may take another way, with fewer allocations, when times differ. */
        *known += code == KNOWN;
        if (code != 0 && code != KNOWN && !(code == FEWER && at > turns / 2))
            *failed = 1;
    }
    return runs;
}

/* ---- all ------------------------------------------------------------------------------------ */

static int is_wanted(const oom_case *one, int argc, char **argv)
{
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], one->name) == 0)
            return 1;
    }
    return argc <= 2;
}

static int run_case(const oom_case *one, const char *mode)
{
    static const char *const how[] = { "", " and all that follow" };
    size_t runs = 0, known = 0;
    int failed = 0;

    for (int onwards = 0; onwards < 2; onwards++) {
        oom_inject_name(one->name, how[onwards]);
        if (strcmp(mode, "allocator") == 0)
            runs += sweep_allocator(one, onwards);
        else
            runs += sweep_malloc(one, onwards, 0, &known, &failed) +
                    sweep_malloc(one, onwards, 1, &known, &failed);
    }
    printf("%-24s %5zu runs", one->name, runs);
    if (known != 0)
        printf(", %zu with faults of other libraries", known);
    puts(failed ? ", FAILED" : "");
    return failed;
}

/* Each once, without failures; a second time, so that what is made only once is not counted. */
static void list_functions(void)
{
    const oom_function *functions;
    size_t count;

    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        for (const oom_case *one = lists[i]; one->name != NULL; one++)
            run_once(one, 1, 0, NEVER, 0);
    }
    count = oom_functions(&functions);
    for (size_t i = 0; i < count; i++)
        printf("%s %zu %zu\n", functions[i].name, functions[i].calls, functions[i].allocations);
}

static int has_word(int argc, char **argv, const char *word)
{
    for (int i = 4; i < argc; i++) {
        if (strcmp(argv[i], word) == 0)
            return 1;
    }
    return 0;
}

static void run_turn(int argc, char **argv)
{
    size_t at = argc > 3 ? strtoul(argv[3], NULL, 10) : NEVER;
    int onwards = has_word(argc, argv, "onwards");

    for (size_t i = 0; argc > 2 && i < sizeof(lists) / sizeof(lists[0]); i++) {
        for (const oom_case *one = lists[i]; one->name != NULL; one++) {
            if (strcmp(one->name, argv[2]) != 0)
                continue;
            oom_inject_name(one->name, onwards ? " and all that follow" : "");
            if (has_word(argc, argv, "warm"))
                (void)warm_turn(one, at, onwards);
            else
                run_once(one, 1, 0, at, onwards);
            printf("%zu allocations\n", oom_inject_seen());
        }
    }
}

static int run_cases(const char *mode, int argc, char **argv)
{
    int by_malloc = strcmp(mode, "malloc") == 0;
    int failed = 0;

    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        for (const oom_case *one = lists[i]; one->name != NULL; one++) {
            if (is_wanted(one, argc, argv) && (by_malloc || !one->needs_malloc))
                failed |= run_case(one, mode);
        }
    }
    return failed;
}

int main(int argc, char **argv)
{
    const char *mode = argc > 1 ? argv[1] : "";
    const char *wish = getenv("ICECAT_LONG");
    int failed = 0;

    is_long = wish != NULL && strcmp(wish, "1") == 0;
    oom_functions_share();
    signal(SIGALRM, on_alarm);
    oom_others_prepare();
    if (strcmp(mode, "allocator") != 0 && !oom_malloc_is_ours()) {
        fprintf(stderr, "this build's malloc is not ours\n");
        return 2;
    }
    if (!oom_server_start(&server))
        return 1;
    if (strcmp(mode, "allocator") == 0 || strcmp(mode, "malloc") == 0)
        failed = run_cases(mode, argc, argv);
    else if (strcmp(mode, "turn") == 0)
        run_turn(argc, argv);
    else if (strcmp(mode, "list") == 0)
        list_functions();
    else
        fprintf(stderr, "usage: oom allocator|malloc|turn|list [CASE...]\n");
    oom_server_stop(&server);
    return failed;
}
