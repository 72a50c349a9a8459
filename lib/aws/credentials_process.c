/*
 * credentials_process.c - keys that a program of the user prints.
 *
 * Source of the rules: AWS SDKs and Tools Reference Guide, "Process credential provider". No shell is
 * involved. What the program writes to its standard output holds keys and is never shown; what it
 * writes to its standard error is meant for the user, and is.
 */
#include "aws/credentials_chain.h"
#include "aws/credentials_document.h"
#include "aws/credentials_split.h"
#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_OUTPUT 65536
#define MAX_STDERR 240 /* what is shown of it */
#define WAIT_MS    20

extern char **environ;

typedef struct child {
    pid_t pid; /* 0 when it has been waited for */
    int out;   /* ends of its pipes that we read; -1 when closed */
    int err;
    int exit_status;
    ic_buf output;
    char complaint[MAX_STDERR + 1];
    size_t complaint_len;
} child;

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* Both ends closed on exec: posix_spawn's copies are not. */
static int make_pipe(int ends[2])
{
    if (pipe(ends) != 0)
        return 0;
    for (int i = 0; i < 2; i++)
        fcntl(ends[i], F_SETFD, FD_CLOEXEC);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    return 1;
}

/* A group of its own, so that whatever it starts can be ended with it; signals as at login. */
static int spawn_with(child *c, const ic_words *words, int out, int err)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigset_t usual;
    int code;

    sigemptyset(&none);
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    sigaddset(&usual, SIGINT);
    sigaddset(&usual, SIGTERM);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                              POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setpgroup(&attributes, 0);
    code = posix_spawnp(&c->pid, words->items[0], &actions, &attributes, words->items, environ);
    if (code != 0)
        c->pid = 0;
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return code;
}

static icecat_status start(child *c, const ic_words *words, icecat_error *err)
{
    int out[2] = { -1, -1 };
    int complaints[2] = { -1, -1 };
    int code = make_pipe(out) && make_pipe(complaints) ? 0 : errno;

    if (code == 0)
        code = spawn_with(c, words, out[1], complaints[1]);
    close_fd(&out[1]);
    close_fd(&complaints[1]);
    c->out = out[0];
    c->err = complaints[0];
    if (code != 0)
        return ic_fail(err, ICECAT_E_BAD_CREDENTIALS, "cannot run %.120s: %s", words->items[0],
                       strerror(code));
    return ICECAT_OK;
}

static icecat_status read_output(child *c, icecat_error *err)
{
    char part[4096];
    ssize_t got = read(c->out, part, sizeof(part));
    icecat_status status = ICECAT_OK;

    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
        close_fd(&c->out);
    if (got > 0 && ic_buf_add(&c->output, part, (size_t)got) != ICECAT_OK)
        status = ic_fail(err, ICECAT_E_BAD_CREDENTIALS, "it printed over %d bytes", MAX_OUTPUT);
    ic_mem_wipe(part, sizeof(part));
    return status;
}

static void read_complaint(child *c)
{
    char part[1024];
    ssize_t got = read(c->err, part, sizeof(part));
    size_t room = MAX_STDERR - c->complaint_len;

    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
        close_fd(&c->err);
    if (got <= 0)
        return;
    if ((size_t)got < room)
        room = (size_t)got;
    memcpy(c->complaint + c->complaint_len, part, room);
    c->complaint_len += room;
}

/* 1 when it has ended. */
static int has_ended(child *c)
{
    pid_t got = c->pid != 0 ? waitpid(c->pid, &c->exit_status, WNOHANG) : 0;

    if (got == 0 || (got < 0 && errno == EINTR))
        return c->pid == 0;
    if (got < 0)
        c->exit_status = 0; /* the embedder ignores SIGCHLD: only the output can tell */
    c->pid = 0;
    return 1;
}

/* Read until the program has ended and its output is read. A grandchild may keep the pipes open. */
static icecat_status run(child *c, const ic_search *search, icecat_error *err)
{
    const ic_bounds *bounds = search->need->bounds;
    uint64_t start_ms = ic_bounds_now(bounds);
    uint32_t limit = search->chain->process_timeout_ms;
    icecat_status status = ICECAT_OK;

    for (;;) {
        struct pollfd waits[2] = { { c->out, POLLIN, 0 }, { c->err, POLLIN, 0 } };
        uint64_t now = ic_bounds_now(bounds);
        int ended = has_ended(c);
        int ready;

        status = ic_bounds_check(bounds, now, err);
        if (status != ICECAT_OK)
            return status;
        if (now - start_ms >= limit)
            return ic_fail(err, ICECAT_E_TIMEOUT, "it did not end within %u ms", limit);
        ready = poll(waits, 2, ended ? 0 : (int)ic_bounds_left(bounds, now, WAIT_MS));
        if (ready > 0 && waits[0].revents != 0)
            status = read_output(c, err);
        if (ready > 0 && waits[1].revents != 0)
            read_complaint(c);
        if (status != ICECAT_OK)
            return status;
        if (ended && ready <= 0)
            return ICECAT_OK;
        if (!ended && c->out < 0 && c->err < 0)
            poll(NULL, 0, WAIT_MS); /* it closed both, and goes on */
    }
}

/* End what is left of it, and wait for it, so that no zombie stays. */
static void finish(child *c)
{
    close_fd(&c->out);
    close_fd(&c->err);
    if (c->pid != 0) {
        kill(-c->pid, SIGKILL);
        while (waitpid(c->pid, &c->exit_status, 0) < 0 && errno == EINTR)
            ;
        c->pid = 0;
    }
    ic_buf_free_secret(&c->output);
}

static icecat_status check_exit(const child *c, icecat_error *err)
{
    const char *said = c->complaint[0] != '\0' ? c->complaint : "it said nothing on stderr";

    if (WIFSIGNALED(c->exit_status))
        return ic_fail(err, ICECAT_E_BAD_CREDENTIALS, "it was ended by signal %d: %s",
                       WTERMSIG(c->exit_status), said);
    if (WIFEXITED(c->exit_status) && WEXITSTATUS(c->exit_status) != 0)
        return ic_fail(err, ICECAT_E_BAD_CREDENTIALS, "it exited with %d: %s",
                       WEXITSTATUS(c->exit_status), said);
    return ICECAT_OK;
}

static icecat_status read_keys(const child *c, const ic_mem *mem, ic_keys **out, icecat_error *err)
{
    uint64_t version = 0;
    cJSON *tree;
    icecat_status status = ic_document_parse(c->output.data, c->output.len, "its output", &tree,
                                             err);

    if (status != ICECAT_OK)
        return status;
    if (!ic_json_u64(tree, "Version", &version) || version != 1)
        status = ic_fail(err, ICECAT_E_BAD_CREDENTIALS,
                         "its output must have \"Version\": 1, the only one that is known");
    else
        status = ic_document_keys(mem, tree, "SessionToken", 0, "its output", "process", out, err);
    ic_document_free(tree);
    return status;
}

static icecat_status run_words(const ic_search *search, const ic_words *words, ic_keys **out,
                               icecat_error *err)
{
    const ic_mem *mem = &search->chain->mem;
    child c = { .out = -1, .err = -1 };
    icecat_status status;

    ic_buf_init(&c.output, mem, MAX_OUTPUT);
    if (ic_buf_reserve(&c.output, MAX_OUTPUT - 1) != ICECAT_OK)
        return ic_fail_memory(err, "the output of a process");
    status = start(&c, words, err);
    if (status == ICECAT_OK)
        status = run(&c, search, err);
    if (status == ICECAT_OK)
        status = check_exit(&c, err);
    if (status == ICECAT_OK)
        status = read_keys(&c, mem, out, err);
    finish(&c);
    return status;
}

icecat_status ic_fetch_process(const ic_search *search, ic_keys **out, icecat_error *err)
{
    const char *command = ic_search_setting(search, "credential_process");
    icecat_status status;
    ic_words words;

    *out = NULL;
    if (command == NULL)
        return ic_fail(err, ICECAT_E_NO_CREDENTIALS, "no credential_process in profile \"%.60s\"",
                       search->profile);
    status = ic_words_split(&search->chain->mem, command, &words, err);
    if (status == ICECAT_OK) {
        status = run_words(search, &words, out, err);
        ic_words_free(&search->chain->mem, &words);
    }
    if (status != ICECAT_OK && status != ICECAT_E_CANCELLED && status != ICECAT_E_DEADLINE)
        ic_error_prefix(err, "credential_process of profile \"%.40s\"", search->profile);
    return status;
}
