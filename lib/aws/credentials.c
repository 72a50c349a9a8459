/*
 * credentials.c - the refcounted source of access keys.
 */
#include "aws/credentials.h"

#include "base/error.h"

/* A source is shared by clients with different allocators, so without one of its own it uses malloc. */
static icecat_credentials *make(const ic_mem *mem, const ic_clock *clock, const ic_log *log,
                                const char *kind)
{
    icecat_credentials *made = ic_mem_zalloc(mem, sizeof(*made));
    pthread_condattr_t attributes;

    if (made == NULL)
        return NULL;
    atomic_init(&made->references, 1);
    made->mem = mem != NULL ? *mem : ic_mem_default;
    made->clock = clock != NULL ? *clock : ic_clock_system;
    if (log != NULL)
        made->log = *log;
    made->kind = kind;
    pthread_mutex_init(&made->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&made->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    return made;
}

icecat_status ic_credentials_make(const icecat_credentials_keys *keys, const char *kind,
                                  icecat_credentials **out, icecat_error *err)
{
    ic_keys *fixed;
    icecat_status status = ic_keys_make(NULL, keys, kind, &fixed, err);

    if (status != ICECAT_OK)
        return status;
    *out = make(NULL, NULL, NULL, kind);
    if (*out == NULL) {
        ic_keys_release(fixed);
        return ic_fail_memory(err, "credentials");
    }
    (*out)->fixed = fixed;
    return ICECAT_OK;
}

icecat_status ic_credentials_make_fetching(const ic_mem *mem, const ic_clock *clock,
                                           const ic_log *log, const char *kind,
                                           const ic_fetcher *fetcher, void *self,
                                           icecat_credentials **out, icecat_error *err)
{
    *out = make(mem, clock, log, kind);
    if (*out == NULL) {
        fetcher->free(self);
        return ic_fail_memory(err, "credentials");
    }
    (*out)->fetcher = *fetcher;
    (*out)->self = self;
    return ICECAT_OK;
}

icecat_credentials *ic_credentials_retain(const icecat_credentials *credentials)
{
    /* What changes in a shared source is counted, or guarded by its lock. */
    icecat_credentials *shared = (icecat_credentials *)(uintptr_t)credentials;

    atomic_fetch_add_explicit(&shared->references, 1, memory_order_relaxed);
    return shared;
}

void icecat_credentials_free(icecat_credentials *credentials)
{
    ic_mem mem;

    if (credentials == NULL ||
        atomic_fetch_sub_explicit(&credentials->references, 1, memory_order_acq_rel) != 1)
        return;
    mem = credentials->mem;
    if (credentials->fetcher.free != NULL)
        credentials->fetcher.free(credentials->self);
    ic_keys_release(credentials->fixed);
    ic_keys_release(credentials->current);
    pthread_cond_destroy(&credentials->changed);
    pthread_mutex_destroy(&credentials->lock);
    ic_mem_free(&mem, credentials);
}

static icecat_status fixed_keys(const icecat_credentials *credentials, int64_t unix_s,
                                ic_keys **out, icecat_error *err)
{
    ic_keys *keys = credentials->fixed;

    if (keys->expires_unix_s != 0 && unix_s >= keys->expires_unix_s)
        return ic_fail(err, ICECAT_E_BAD_CREDENTIALS,
                       "the credentials from %s (%s) expired %lld s ago; get new ones",
                       keys->source, keys->access_key_id,
                       (long long)(unix_s - keys->expires_unix_s));
    *out = ic_keys_retain(keys);
    return ICECAT_OK;
}

icecat_status ic_credentials_keys_at(const icecat_credentials *credentials, const ic_need *need,
                                     ic_keys **out, icecat_error *err)
{
    *out = NULL;
    if (credentials->fixed != NULL)
        return fixed_keys(credentials, need->unix_s, out, err);
    return ic_credentials_refresh((icecat_credentials *)(uintptr_t)credentials, need, out, err);
}

const char *icecat_credentials_access_key_id(const icecat_credentials *credentials)
{
    return credentials != NULL && credentials->fixed != NULL ? credentials->fixed->access_key_id
                                                             : "";
}

const char *icecat_credentials_source(const icecat_credentials *credentials)
{
    return credentials != NULL ? credentials->kind : "";
}
