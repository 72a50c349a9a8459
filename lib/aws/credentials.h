/*
 * credentials.h - access keys, and what they come from. Secrets live here and nowhere else.
 *
 *   keys    one set of access keys, never changed, counted: a caller keeps the set that it took while
 *           another thread puts a newer one in its place
 *   source  what a client holds: fixed keys, or a way to fetch them with the last set that it gave
 */
#ifndef IC_CREDENTIALS_H
#define IC_CREDENTIALS_H

#include "base/cancel.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include <icecat/credentials.h>
#include <pthread.h>
#include <stdatomic.h>

/** Most bytes of one key or token. AWS's own tokens are below 4 kB. */
#define IC_CREDENTIALS_TEXT_MAX 8192

/** One set of keys. Its texts are owned; nothing changes but the count. */
typedef struct ic_keys {
    atomic_uint references;
    ic_mem mem;
    const char *source; /* static: "environment", "imds", ... */
    char *access_key_id;
    char *secret_access_key;
    char *session_token;    /* NULL for long-lived keys */
    int64_t expires_unix_s; /* 0: never */
    int64_t fetched_unix_s; /* set before others see it */
} ic_keys;

/** Check and copy; @p source has static storage. ICECAT_E_BAD_CREDENTIALS, ICECAT_E_NO_MEMORY. */
icecat_status ic_keys_make(const ic_mem *mem, const icecat_credentials_keys *keys,
                           const char *source, ic_keys **out, icecat_error *err);
ic_keys *ic_keys_retain(ic_keys *keys);
void ic_keys_release(ic_keys *keys); /* NULL is allowed */
/** As the signer wants them; borrowed from @p keys. */
icecat_credentials_keys ic_keys_plain(const ic_keys *keys);

/** The call that needs keys: its time, and when it must end. */
typedef struct ic_need {
    int64_t unix_s;
    const ic_bounds *bounds;
} ic_need;

/** How keys are fetched. Every function gets @p self, the fetcher's own data. */
typedef struct ic_fetcher {
    /**
     * Fetch once. ICECAT_E_NO_CREDENTIALS when there are none; any other failure ends the call too.
     */
    icecat_status (*fetch)(void *self, const ic_need *need, ic_keys **out, icecat_error *err);
    /** Append the lines of a report; see credentials_report.h. */
    icecat_status (*report)(void *self, const ic_need *need, icecat_credentials_findings *findings,
                            icecat_error *err);
    void (*free)(void *self);
} ic_fetcher;

struct icecat_credentials {
    atomic_uint references;
    ic_mem mem;
    ic_clock clock;
    ic_log log;
    const char *kind;     /* static: "static", "environment", "default", "callback" */
    ic_fetcher fetcher;   /* fetch is NULL for fixed keys */
    void *self;           /* the fetcher's */
    ic_keys *fixed;       /* NULL when there is a fetcher */
    pthread_mutex_t lock; /* everything below changes, under it */
    pthread_cond_t changed;
    ic_keys *current;     /* the last that were fetched; NULL at first */
    int64_t good_until_s; /* of current: its end, or later while its source is down; 0: for ever */
    int64_t not_before_s; /* after a failure: no fetch before this time */
    int old_serve;        /* until then current is given, else the failure */
    int is_fetching;      /* a thread is at it */
    icecat_error last_error; /* of the last fetch, when it failed; else status 0 */
};

/** Fixed keys. As ic_keys_make(); @p kind is the source's name too. */
icecat_status ic_credentials_make(const icecat_credentials_keys *keys, const char *kind,
                                  icecat_credentials **out, icecat_error *err);

/**
 * A source that fetches. Takes over @p self, and frees it when it fails too.
 * @p mem, @p clock and @p log are copied; each may be NULL.
 */
icecat_status ic_credentials_make_fetching(const ic_mem *mem, const ic_clock *clock,
                                           const ic_log *log, const char *kind,
                                           const ic_fetcher *fetcher, void *self,
                                           icecat_credentials **out, icecat_error *err);

icecat_credentials *ic_credentials_retain(const icecat_credentials *credentials);

/** The fetching half of ic_credentials_keys_at(); see credentials_refresh.c. */
icecat_status ic_credentials_refresh(icecat_credentials *credentials, const ic_need *need,
                                     ic_keys **out, icecat_error *err);

/**
 * Keys that are good at @p need->unix_s; release them with ic_keys_release(). Fetches them when there
 * are none or they are about to expire, and waits for another thread that does; see
 * credentials_refresh.c. Any thread.
 * ICECAT_E_BAD_CREDENTIALS when fixed keys have expired, ICECAT_E_NO_CREDENTIALS when no source has
 * keys, ICECAT_E_CANCELLED, ICECAT_E_DEADLINE, or how the source failed.
 */
icecat_status ic_credentials_keys_at(const icecat_credentials *credentials, const ic_need *need,
                                     ic_keys **out, icecat_error *err);

#endif
