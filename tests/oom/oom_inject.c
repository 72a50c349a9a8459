/*
 * oom_inject.c - which allocation fails, and what the cases called.
 */
#include "oom_inject.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define FUNCTIONS_MAX 400

/* Of this thread only: libcurl's resolver has one of its own, which is left alone. */
static _Thread_local struct {
    int is_armed;
    int is_own_work;
    int by_malloc;
    int onwards;
    size_t at;
    size_t seen;
    int failed;
} now;

static atomic_long held[2];
static const char *case_name = "", *how = "";

typedef struct shared {
    size_t count;
    size_t current; /* index of the function that was named last */
    size_t before;  /* allocations until then */
    oom_function of[FUNCTIONS_MAX];
} shared;

static shared *functions;

void oom_inject_set(int by_malloc, size_t at, int onwards)
{
    memset(&now, 0, sizeof(now));
    now.by_malloc = by_malloc;
    now.at = at;
    now.onwards = onwards;
}

size_t oom_inject_seen(void)
{
    return now.seen;
}

int oom_has_failed(void)
{
    return now.failed;
}

int oom_inject_fails(int by_malloc)
{
    if (!now.is_armed || now.is_own_work || by_malloc != now.by_malloc)
        return 0;
    now.seen++;
    if (now.seen - 1 < now.at || (now.seen - 1 > now.at && !now.onwards))
        return 0;
    now.failed = 1;
    return 1;
}

/* ---- begin and end ------------------------------------------------------------------------- */

/* The allocations since the last name belong to its function. */
static void settle_function(void)
{
    size_t more = now.seen - functions->before;

    if (functions->current < functions->count &&
        functions->of[functions->current].allocations < more)
        functions->of[functions->current].allocations = more;
    functions->before = now.seen;
    functions->current = FUNCTIONS_MAX;
}

void oom_begin(void)
{
    functions->before = now.seen;
    functions->current = FUNCTIONS_MAX;
    now.is_armed = 1;
}

void oom_end(void)
{
    now.is_armed = 0;
    settle_function();
}

void oom_own_work(int is_own)
{
    now.is_own_work = is_own;
}

void oom_note(const char *function)
{
    size_t at = 0;

    settle_function();
    if (!now.is_armed)
        return;
    while (at < functions->count && strcmp(functions->of[at].name, function) != 0)
        at++;
    if (at == FUNCTIONS_MAX)
        abort();
    if (at == functions->count)
        functions->of[functions->count++] = (oom_function){ .name = function };
    functions->of[at].calls++;
    functions->current = at;
}

void oom_functions_share(void)
{
    functions = mmap(NULL, sizeof(*functions), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                     -1, 0);
    if (functions == MAP_FAILED)
        abort();
}

size_t oom_functions(const oom_function **out)
{
    *out = functions->of;
    return functions->count;
}

/* ---- the allocator ------------------------------------------------------------------------- */

long oom_inject_held(int by_malloc)
{
    return held[by_malloc];
}

void oom_inject_count(int by_malloc, int difference)
{
    held[by_malloc] += difference;
}

static void *inject_alloc(size_t size, void *userdata)
{
    void *data = oom_inject_fails(0) ? NULL : malloc(size);

    (void)userdata;
    held[0] += data != NULL;
    return data;
}

static void *inject_realloc(void *data, size_t size, void *userdata)
{
    void *grown = oom_inject_fails(0) ? NULL : realloc(data, size);

    (void)userdata;
    held[0] += data == NULL && grown != NULL;
    return grown;
}

static void inject_free(void *data, void *userdata)
{
    (void)userdata;
    held[0] -= data != NULL;
    free(data);
}

const icecat_allocator oom_inject_allocator = { inject_alloc, inject_realloc, inject_free, NULL };

/* ---- what is promised ---------------------------------------------------------------------- */

void oom_inject_name(const char *name, const char *mode)
{
    case_name = name;
    how = mode;
}

void oom_broken(const char *what, const char *file, int line)
{
    now.is_armed = 0;
    fprintf(stderr, "%s:%d: %s, allocation %zu%s of %zu failed: not true: %s\n", file, line,
            case_name, now.at, how, now.seen, what);
    exit(1);
}

static int is_of_memory(icecat_status status, unsigned may_be)
{
    if (status == ICECAT_E_NO_MEMORY)
        return 1;
    if (status == ICECAT_E_CRYPTO)
        return (may_be & OOM_MAY_BE_CRYPTO) != 0;
    if (status == ICECAT_E_INTERNAL)
        return (may_be & OOM_MAY_BE_INTERNAL) != 0;
    return status >= ICECAT_E_RESOLVE && status <= ICECAT_E_PROTOCOL &&
           (may_be & OOM_MAY_BE_TRANSPORT) != 0;
}

int oom_is_good(icecat_status status, const icecat_error *err, unsigned may_be)
{
    int was_armed = now.is_armed;

    now.is_armed = 0;
    if (status != ICECAT_OK && (!now.failed || !is_of_memory(status, may_be)))
        fprintf(stderr, "%s: %s\n", icecat_status_name(status), err != NULL ? err->message : "");
    OOM_CHECK(status == ICECAT_OK || now.failed);
    OOM_CHECK(status == ICECAT_OK || is_of_memory(status, may_be));
    if (err != NULL && status != ICECAT_OK) {
        OOM_CHECK(err->status == (int32_t)status);
        OOM_CHECK(err->message[0] != '\0' &&
                  memchr(err->message, '\0', sizeof(err->message)) != NULL);
    }
    now.is_armed = was_armed;
    return status == ICECAT_OK;
}
