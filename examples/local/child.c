/*
 * child.c - a child process in a group of its own.
 */
#include "child.h"

#include <errno.h>
#include <event2/buffer.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LINE_MAX_LEN = 64 * 1024, READ_MAX = 16 * 1024, DRAIN_MAX = 64, INHERITED_MAX = 1024 };

struct child {
    pid_t pid; /* 0 when it has been waited for */
    int output;
    struct event *readable;
    struct evbuffer *text;
    child_line_fn line;
    void *userdata;
};

/* ---- output ------------------------------------------------------------------------------ */

static void give_lines(child *self)
{
    char *line;

    while ((line = evbuffer_readln(self->text, NULL, EVBUFFER_EOL_LF)) != NULL) {
        self->line(line, self->userdata);
        free(line);
    }
}

/* What has no line break, once it is too long or nothing can follow. */
static void give_rest(child *self)
{
    size_t len = evbuffer_get_length(self->text);
    char *line = malloc(len + 1);

    if (line == NULL)
        return;
    evbuffer_remove(self->text, line, len);
    line[len] = '\0';
    self->line(line, self->userdata);
    free(line);
}

/* 1: there may be more; 0: nothing now; -1: nothing ever. */
static int read_some(child *self)
{
    char data[READ_MAX];
    ssize_t got = read(self->output, data, sizeof(data));

    if (got == 0)
        return -1;
    if (got < 0)
        return errno == EAGAIN ? 0 : errno == EINTR ? 1 : -1;
    evbuffer_add(self->text, data, (size_t)got);
    give_lines(self);
    if (evbuffer_get_length(self->text) > LINE_MAX_LEN)
        give_rest(self);
    return 1;
}

/* An end of file leaves the event: the end of the process does the rest. */
static void on_readable(evutil_socket_t fd, short what, void *userdata)
{
    child *self = userdata;

    (void)fd;
    (void)what;
    if (read_some(self) < 0)
        event_del(self->readable);
}

static void drain(child *self)
{
    for (unsigned i = 0; i < DRAIN_MAX && read_some(self) > 0; i++)
        ;
    if (evbuffer_get_length(self->text) > 0)
        give_rest(self);
    event_del(self->readable);
}

/* ---- start ------------------------------------------------------------------------------- */

static int make_pipe(int ends[2])
{
    if (pipe(ends) != 0)
        return 0;
    if (fcntl(ends[0], F_SETFD, FD_CLOEXEC) == 0 && fcntl(ends[1], F_SETFD, FD_CLOEXEC) == 0 &&
        fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0)
        return 1;
    close(ends[0]);
    close(ends[1]);
    return 0;
}

/* The signals that this program handles or ignores are the child's own affair. */
static int set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t all, none;

    sigemptyset(&none);
    sigemptyset(&all);
    sigaddset(&all, SIGPIPE);
    sigaddset(&all, SIGCHLD);
    sigaddset(&all, SIGINT);
    sigaddset(&all, SIGTERM);
    sigaddset(&all, SIGHUP);
    return posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                                    POSIX_SPAWN_SETSIGDEF) == 0 &&
           posix_spawnattr_setpgroup(attributes, 0) == 0 &&
           posix_spawnattr_setsigmask(attributes, &none) == 0 &&
           posix_spawnattr_setsigdefault(attributes, &all) == 0;
}

static int set_files(posix_spawn_file_actions_t *files, int output)
{
    return posix_spawn_file_actions_addopen(files, 0, "/dev/null", O_RDONLY, 0) == 0 &&
           posix_spawn_file_actions_adddup2(files, output, 1) == 0 &&
           posix_spawn_file_actions_adddup2(files, output, 2) == 0;
}

/* Our own files are close-on-exec from the start; those that our parent left open are not. */
static void keep_inherited_files(void)
{
    for (int fd = STDERR_FILENO + 1; fd < INHERITED_MAX; fd++) {
        int flags = fcntl(fd, F_GETFD);

        if (flags >= 0 && (flags & FD_CLOEXEC) == 0)
            fcntl(fd, F_SETFD, flags | FD_CLOEXEC);
    }
}

/* 0, or an errno. */
static int spawn(pid_t *pid, const char *path, char *const *environment, int output)
{
    char *arguments[] = { NULL, NULL };
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    char *name = strdup(path);
    int rc = ENOMEM;

    arguments[0] = name;
    keep_inherited_files();
    if (name != NULL && posix_spawn_file_actions_init(&files) == 0) {
        if (posix_spawnattr_init(&attributes) == 0) {
            if (set_files(&files, output) && set_attributes(&attributes))
                rc = posix_spawn(pid, path, &files, &attributes, arguments, environment);
            posix_spawnattr_destroy(&attributes);
        }
        posix_spawn_file_actions_destroy(&files);
    }
    free(name);
    return rc;
}

static child *child_new(struct event_base *base, int output, child_line_fn line, void *userdata)
{
    child *self = calloc(1, sizeof(*self));

    if (self == NULL)
        return NULL;
    self->output = output;
    self->line = line;
    self->userdata = userdata;
    self->text = evbuffer_new();
    self->readable = event_new(base, output, EV_READ | EV_PERSIST, on_readable, self);
    if (self->text != NULL && self->readable != NULL && event_add(self->readable, NULL) == 0)
        return self;
    self->output = -1; /* the caller's still */
    child_free(self);
    return NULL;
}

child *child_start(struct event_base *base, const char *path, char *const *environment,
                   child_line_fn line, void *userdata, char *why, size_t why_len)
{
    child *self;
    int ends[2];
    int rc;

    if (!make_pipe(ends)) {
        snprintf(why, why_len, "no pipe for the output of %s: %s", path, strerror(errno));
        return NULL;
    }
    self = child_new(base, ends[0], line, userdata);
    rc = self == NULL ? ENOMEM : spawn(&self->pid, path, environment, ends[1]);
    close(ends[1]);
    if (rc == 0)
        return self;
    snprintf(why, why_len, "%s cannot be started: %s", path, strerror(rc));
    if (self == NULL) {
        close(ends[0]);
    } else {
        self->pid = 0;
        child_free(self);
    }
    return NULL;
}

/* ---- end --------------------------------------------------------------------------------- */

void child_signal(const child *self, int signal)
{
    if (self->pid > 0)
        kill(-self->pid, signal);
}

static void say_how(int status, char *how, size_t how_len)
{
    if (WIFSIGNALED(status))
        snprintf(how, how_len, "signal: %d", WTERMSIG(status));
    else
        snprintf(how, how_len, "exit status %d", WEXITSTATUS(status));
}

int child_has_ended(child *self, char *how, size_t how_len)
{
    siginfo_t info = { 0 };
    int status = 0;

    /* First only look: until it is waited for, its id, and so its group, cannot be another's. */
    if (waitid(P_PID, (id_t)self->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == 0)
        return 0;
    child_signal(self, SIGKILL);
    while (waitpid(self->pid, &status, 0) < 0 && errno == EINTR)
        ;
    self->pid = 0;
    say_how(status, how, how_len);
    drain(self);
    return 1;
}

void child_free(child *self)
{
    if (self == NULL)
        return;
    if (self->pid > 0) {
        child_signal(self, SIGKILL);
        while (waitpid(self->pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    if (self->readable != NULL)
        event_free(self->readable);
    if (self->text != NULL)
        evbuffer_free(self->text);
    if (self->output >= 0)
        close(self->output);
    free(self);
}
