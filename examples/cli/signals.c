/*
 * signals.c - SIGINT, SIGTERM and SIGPIPE.
 *
 * What a signal handler tells can only be in variables of the program; they are in this file alone.
 */
#include "signals.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

static icecat_cancel *token;
static volatile sig_atomic_t caught;
static volatile sig_atomic_t pipe_broke;

static void on_end(int number)
{
    if (caught != 0)
        _exit(128 + number);
    caught = number;
    icecat_cancel_fire(token);
}

static void on_pipe(int number)
{
    (void)number;
    pipe_broke = 1;
}

static void catch_signal(int number, void (*handler)(int), int flags)
{
    struct sigaction action;

    memset(&action, 0, sizeof(action));
    action.sa_handler = handler;
    action.sa_flags = flags;
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

/* A program that was started with SIGINT ignored, as by `nohup` or in the background, keeps that. */
static int is_ignored(int number)
{
    struct sigaction action;

    return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

void signals_catch(icecat_cancel *cancel)
{
    token = cancel;
    if (!is_ignored(SIGINT))
        catch_signal(SIGINT, on_end, 0);
    catch_signal(SIGTERM, on_end, 0);
    catch_signal(SIGPIPE, on_pipe, SA_RESTART);
}

int signals_caught(void)
{
    return caught;
}

int signals_pipe_broke(void)
{
    return pipe_broke;
}
