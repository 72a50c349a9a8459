/*
 * child.h - a child process in a group of its own, whose output comes back as lines.
 */
#ifndef ICECAT_LOCAL_CHILD_H
#define ICECAT_LOCAL_CHILD_H

#include <event2/event.h>
#include <stddef.h>
#include <sys/types.h>

typedef struct child child;

/* Takes one line of stdout or stderr, without its line break. */
typedef void (*child_line_fn)(const char *line, void *userdata);

/*
 * Start @p path with exactly @p environment, nothing on stdin and no other open file. NULL with one
 * sentence in @p why.
 */
child *child_start(struct event_base *base, const char *path, char *const *environment,
                   child_line_fn line, void *userdata, char *why, size_t why_len);

/* Send a signal to the whole group. */
void child_signal(const child *self, int signal);

/*
 * 1 when the process has ended: what it had started is killed too, the rest of its output is given,
 * and @p how says "exit status 1" or "signal: 9". Then only child_free() is allowed.
 */
int child_has_ended(child *self, char *how, size_t how_len);

/* Kill it if it runs. NULL is allowed. */
void child_free(child *self);

#endif
