/*
 * main.c - icecat-local: the whole stack in one process.
 *
 * Exit codes: 0 ended by a signal as asked, 1 could not start or go on, 2 wrong command line.
 */
#include "settings.h"
#include "stack.h"

#include <event2/event.h>
#include <icecat/version.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define EXIT_USAGE 2
#define WHY_SIZE   1024

static void on_end(evutil_socket_t number, short what, void *userdata)
{
    (void)number;
    (void)what;
    (void)event_base_loopbreak(userdata);
}

/* A client that hangs up must not end the server. */
static int ignore_sigpipe(void)
{
    struct sigaction action;

    memset(&action, 0, sizeof(action));
    action.sa_handler = SIG_IGN;
    return sigemptyset(&action.sa_mask) == 0 && sigaction(SIGPIPE, &action, NULL) == 0;
}

static int complain(const char *why)
{
    (void)fprintf(stderr, "icecat-local: %s\n", why);
    return EXIT_FAILURE;
}

static int run(struct event_base *base, const local_settings *settings)
{
    char why[WHY_SIZE] = "";
    local_stack stack;
    int code = EXIT_SUCCESS;

    if (!stack_start(&stack, base, settings, why, sizeof(why)))
        code = complain(why);
    else if (!stack_print_exports(&stack))
        code = complain("the environment cannot be written to stdout");
    else if (event_base_dispatch(base) < 0)
        code = complain("the event loop failed");
    stack_stop(&stack);
    return code;
}

/* Serve until a signal comes; one that comes while the stack starts ends it in order too. */
static int serve(struct event_base *base, const local_settings *settings)
{
    struct event *interrupt = evsignal_new(base, SIGINT, on_end, base);
    struct event *terminate = evsignal_new(base, SIGTERM, on_end, base);
    int code;

    if (interrupt == NULL || terminate == NULL || event_add(interrupt, NULL) != 0 ||
        event_add(terminate, NULL) != 0)
        code = complain("signals cannot be handled");
    else
        code = run(base, settings);
    if (interrupt != NULL)
        event_free(interrupt);
    if (terminate != NULL)
        event_free(terminate);
    return code;
}

int main(int argc, char **argv)
{
    struct event_base *base;
    local_settings settings;
    char why[WHY_SIZE] = "";
    int code;

    if (!settings_read(argc, argv, &settings, why, sizeof(why))) {
        (void)complain(why);
        return EXIT_USAGE;
    }
    if (settings.show_help)
        return settings_print_help(stdout) ? EXIT_SUCCESS : EXIT_FAILURE;
    if (settings.show_version)
        return printf("icecat-local %s\n", icecat_version_string()) > 0 && fflush(stdout) == 0
                   ? EXIT_SUCCESS
                   : EXIT_FAILURE;
    /* Keys and pictures are nobody else's business. */
    (void)umask(077);
    if (!ignore_sigpipe())
        return complain("SIGPIPE cannot be ignored");
    base = event_base_new();
    if (base == NULL)
        return complain("there is no event loop");
    code = serve(base, &settings);
    event_base_free(base);
    return code;
}
