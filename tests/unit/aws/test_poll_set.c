/*
 * test_poll_set.c - the sockets that a transport waits for.
 */
#include "aws/poll_set.h"
#include "cmocka_all.h"

#include <unistd.h>

#define PIPES 100

typedef struct told {
    ic_poll_set *set;
    int fds[PIPES];
    short events[PIPES];
    size_t count;
    int remove; /* this one, as soon as another is told of; -1: none */
} told;

static void note(int fd, short events, void *userdata)
{
    told *own = userdata;

    own->fds[own->count] = fd;
    own->events[own->count++] = events;
    if (own->remove >= 0)
        ic_poll_set_remove(own->set, own->remove);
}

static void only_what_is_ready_is_told(void **state)
{
    ic_poll_set set;
    told got = { .set = &set, .remove = -1 };
    int pipes[PIPES][2];

    (void)state;
    ic_poll_set_init(&set, &ic_mem_default);
    for (int i = 0; i < PIPES; i++) {
        assert_int_equal(pipe(pipes[i]), 0);
        assert_int_equal(ic_poll_set_watch(&set, pipes[i][0], POLLIN), 1);
    }
    assert_int_equal(set.count, PIPES);
    ic_poll_set_wait(&set, 0, note, &got);
    assert_int_equal(got.count, 0);
    assert_int_equal(write(pipes[37][1], "x", 1), 1);
    ic_poll_set_wait(&set, 1000, note, &got);
    assert_int_equal(got.count, 1);
    assert_int_equal(got.fds[0], pipes[37][0]);
    assert_true((got.events[0] & POLLIN) != 0);
    for (int i = 0; i < PIPES; i++) {
        ic_poll_set_remove(&set, pipes[i][0]);
        close(pipes[i][0]);
        close(pipes[i][1]);
    }
    assert_int_equal(set.count, 0);
    ic_poll_set_free(&set);
}

static void events_are_replaced_and_not_added(void **state)
{
    ic_poll_set set;
    told got = { .set = &set, .remove = -1 };
    int ends[2];

    (void)state;
    ic_poll_set_init(&set, &ic_mem_default);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(ic_poll_set_watch(&set, ends[1], POLLOUT), 1);
    ic_poll_set_wait(&set, 1000, note, &got);
    assert_int_equal(got.count, 1);
    assert_int_equal(ic_poll_set_watch(&set, ends[1], 0), 1);
    assert_int_equal(set.count, 1);
    ic_poll_set_wait(&set, 0, note, &got);
    assert_int_equal(got.count, 1);
    close(ends[0]);
    close(ends[1]);
    ic_poll_set_free(&set);
}

/* Who is told of one socket may close another, whose number may then be somebody else's. */
static void what_was_removed_meanwhile_is_not_told(void **state)
{
    ic_poll_set set;
    told got = { .set = &set };
    int ends[2][2];

    (void)state;
    ic_poll_set_init(&set, &ic_mem_default);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pipe(ends[i]), 0);
        assert_int_equal(ic_poll_set_watch(&set, ends[i][1], POLLOUT), 1);
    }
    got.remove = ends[1][1];
    ic_poll_set_wait(&set, 1000, note, &got);
    assert_int_equal(got.count, 1);
    assert_int_equal(got.fds[0], ends[0][1]);
    ic_poll_set_remove(&set, 12345); /* never watched */
    assert_int_equal(set.count, 1);
    for (int i = 0; i < 2; i++) {
        close(ends[i][0]);
        close(ends[i][1]);
    }
    ic_poll_set_free(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_is_ready_is_told),
        cmocka_unit_test(events_are_replaced_and_not_added),
        cmocka_unit_test(what_was_removed_meanwhile_is_not_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
