/*
 * oom_others.c - what goes wrong inside of other libraries, told apart from what goes wrong here.
 */
#include "oom_others.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define FRAMES 40
#define PIECES 16384

typedef struct piece {
    void *data; /* NULL: free */
    int count;
    void *frames[FRAMES];
} piece;

static piece pieces[PIECES];
static volatile int is_tracing;
static _Thread_local int is_inside; /* backtrace() may allocate */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* The file that an address is in: "" for none. */
static const char *file_of(void *address, const char **function)
{
    Dl_info info;

    *function = "";
    if (dladdr(address, &info) == 0 || info.dli_fname == NULL)
        return "";
    if (info.dli_sname != NULL)
        *function = info.dli_sname;
    return info.dli_fname;
}

static int is_of(const char *file, const char *const *names)
{
    for (; *names != NULL; names++) {
        if (strstr(file, *names) != NULL)
            return 1;
    }
    return 0;
}

void oom_others_prepare(void)
{
    void *frames[2];

    (void)backtrace(frames, 2); /* loads a library */
}

int oom_is_crash_of_others(void)
{
    static const char *const others[] = { "libcrypto.so", "libssl.so", "libcurl.so", NULL };
    static const char *const c_library[] = { "/libc.so", NULL };
    void *frames[FRAMES];
    int count = backtrace(frames, FRAMES);

    for (int i = 3; i < count;
         i++) { /* behind this function, the handler and the signal's return */
        const char *function;
        const char *file = file_of(frames[i], &function);

        if (!is_of(file, c_library))
            return is_of(file, others);
    }
    return 0;
}

static size_t failures;
static int is_spoiled;

/* Innermost, outside of the C library and of this program's malloc, libcurl, and next libssl. */
void oom_note_failure(void)
{
    static const char *const c_library[] = { "/libc.so", NULL };
    static const char *const curl[] = { "libcurl.so", NULL }, *const ssl[] = { "libssl.so", NULL };
    void *frames[FRAMES];
    const char *function;
    int count, at = 3; /* behind this function and malloc's own */

    if (failures++ > 50) /* with all that follow, no session comes to be */
        return;
    count = backtrace(frames, FRAMES);
    while (at < count && is_of(file_of(frames[at], &function), c_library))
        at++;
    if (at == count || !is_of(file_of(frames[at], &function), curl))
        return;
    while (at < count && is_of(file_of(frames[at], &function), curl))
        at++;
    is_spoiled |= at < count && is_of(file_of(frames[at], &function), ssl);
}

int oom_is_heap_of_others(void)
{
    return is_spoiled;
}

/* ---- pieces that are held -------------------------------------------------------------------- */

void oom_trace_begin(void)
{
    memset(pieces, 0, sizeof(pieces));
    is_tracing = 1;
}

static piece *find(const void *data)
{
    for (size_t i = 0; i < PIECES; i++) {
        if (pieces[i].data == data)
            return &pieces[i];
    }
    return NULL;
}

void oom_trace_took(void *data)
{
    piece *one;

    if (!is_tracing || is_inside)
        return;
    is_inside = 1;
    pthread_mutex_lock(&lock);
    one = find(NULL);
    if (one != NULL) {
        one->data = data;
        one->count = backtrace(one->frames, FRAMES);
    }
    pthread_mutex_unlock(&lock);
    is_inside = 0;
}

void oom_trace_gave(void *data)
{
    piece *one;

    if (!is_tracing || is_inside)
        return;
    pthread_mutex_lock(&lock);
    one = find(data);
    if (one != NULL)
        one->data = NULL;
    pthread_mutex_unlock(&lock);
}

/* The function of libcurl that was called from elsewhere is its outermost one. */
static int was_taken_by_transfers(const piece *one)
{
    static const char *const curl[] = { "libcurl.so", NULL };
    const char *outermost = "";

    for (int i = 0; i < one->count; i++) {
        const char *function;

        if (is_of(file_of(one->frames[i], &function), curl))
            outermost = function;
    }
    return strcmp(outermost, "curl_multi_socket_action") == 0 ||
           strcmp(outermost, "curl_multi_perform") == 0;
}

int oom_trace_is_of_others(void)
{
    int all = 1;

    is_tracing = 0;
    for (size_t i = 0; i < PIECES; i++) {
        if (pieces[i].data == NULL || was_taken_by_transfers(&pieces[i]))
            continue;
        all = 0;
        fprintf(stderr, "a piece is left that was taken here:\n");
        backtrace_symbols_fd(pieces[i].frames, pieces[i].count, 2);
    }
    return all;
}
