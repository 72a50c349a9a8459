/*
 * process_state.c - look at the process from inside, and compare. Linux's /proc tells of threads.
 */
#include "process_state.h"

#include <dirent.h>
#include <fcntl.h>
#include <locale.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* glibc's own, set by every sigaction(). */
#define NOT_OURS 0x04000000

extern char **environ;

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

static unsigned long hash_environment(void)
{
    unsigned long hash = 5381;

    for (char **at = environ; *at != NULL; at++) {
        for (const char *c = *at; *c != '\0'; c++)
            hash = hash * 33 + (unsigned char)*c;
        hash = hash * 33 + 1;
    }
    return hash;
}

static void look_at_fds(unsigned char *fds)
{
    for (int fd = 0; fd < PROCESS_FDS; fd++) {
        int flags = fcntl(fd, F_GETFD);

        fds[fd] = flags < 0 ? 0 : (flags & FD_CLOEXEC) != 0 ? 1 : 2;
    }
}

void process_state_take(process_state *out)
{
    struct rlimit core;

    memset(out, 0, sizeof(*out));
    look_at_fds(out->fds);
    out->threads = count_threads();
    for (int number = 1; number < NSIG; number++)
        sigaction(number, NULL, &out->actions[number]);
    pthread_sigmask(SIG_BLOCK, NULL, &out->blocked);
    out->mask = umask(0);
    umask(out->mask);
    if (getcwd(out->folder, sizeof(out->folder)) == NULL)
        out->folder[0] = '\0';
    snprintf(out->locale, sizeof(out->locale), "%s", setlocale(LC_ALL, NULL));
    out->environment = environ;
    out->environment_hash = hash_environment();
    out->core_limit = getrlimit(RLIMIT_CORE, &core) == 0 ? (long)core.rlim_cur : -1;
    out->coin = rand();
    srand(1);
    out->next_coin = rand();
    srand(1);
}

static int tell(int is_same, const char *what)
{
    if (!is_same)
        fprintf(stderr, "another %s than before\n", what);
    return is_same;
}

static int has_same_signals(const process_state *before, const process_state *after)
{
    for (int number = 1; number < NSIG; number++) {
        if (before->actions[number].sa_handler == after->actions[number].sa_handler &&
            ((before->actions[number].sa_flags ^ after->actions[number].sa_flags) & ~NOT_OURS) ==
                0 &&
            sigismember(&before->blocked, number) == sigismember(&after->blocked, number))
            continue;
        fprintf(stderr, "signal %d: flags %x, then %x\n", number,
                (unsigned)before->actions[number].sa_flags,
                (unsigned)after->actions[number].sa_flags);
        return 0;
    }
    return 1;
}

int process_state_is_same(const process_state *before, const process_state *after)
{
    int is_same = tell(memcmp(before->fds, after->fds, sizeof(before->fds)) == 0, "descriptors");

    is_same &= tell(before->threads == after->threads, "number of threads");
    is_same &= tell(has_same_signals(before, after), "treatment of signals");
    is_same &= tell(before->mask == after->mask, "umask");
    is_same &= tell(strcmp(before->folder, after->folder) == 0, "working directory");
    is_same &= tell(strcmp(before->locale, after->locale) == 0, "locale");
    is_same &= tell(before->environment == after->environment &&
                        before->environment_hash == after->environment_hash,
                    "environment");
    is_same &= tell(before->next_coin == after->coin, "number from rand()");
    is_same &= tell(before->core_limit == after->core_limit, "limit of core files");
    return is_same;
}

/* libcurl wakes itself with a pair. */
static int is_pair(int fd)
{
    struct sockaddr_storage address;
    socklen_t size = sizeof(address);

    return getsockname(fd, (struct sockaddr *)&address, &size) == 0 && address.ss_family == AF_UNIX;
}

int process_state_new_sockets_close_on_exec(const process_state *before)
{
    unsigned char now[PROCESS_FDS];
    int good = 1;

    look_at_fds(now);
    for (int fd = 0; fd < PROCESS_FDS; fd++) {
        if (now[fd] == 2 && before->fds[fd] == 0 && !is_pair(fd)) {
            fprintf(stderr, "descriptor %d stays open in a program that is started\n", fd);
            good = 0;
        }
    }
    return good;
}
