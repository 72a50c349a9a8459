/*
 * credentials_refresh.c - when keys are fetched again, and by whom.
 *
 *   fresh     nothing to do
 *   should    less than 15 minutes are left: one thread fetches, the others go on with the old keys
 *   must      less than 10 minutes are left, or none: all wait for the thread that fetches
 *
 * Windows and rules are those of botocore (RefreshableCredentials). Keys that live shorter than half
 * an hour have shorter windows, else they would be fetched for every request. While a source is down
 * the old keys serve to their end; keys of an instance serve on after it, because AWS accepts them
 * for longer when it is AWS's own service that is down ("static stability").
 */
#include "aws/credentials.h"
#include "base/digest.h"
#include "base/error.h"

#include <string.h>
#include <time.h>

#define ADVISORY_S        900
#define MANDATORY_S       600
#define EXTENSION_S       900 /* and 2 to 10 minutes at random, so that a fleet does not ask at once */
#define EXTENSION_LEAST_S 120
#define EXTENSION_MOST_S  600
#define PAUSE_OLD_S       60 /* before the next try, while old keys serve */
#define PAUSE_NONE_S      3  /* while there are none: a bulk call must not search for each image */
#define LOOK_MS           50

typedef enum freshness { FRESH, SHOULD_FETCH, MUST_FETCH } freshness;

static int64_t window(const ic_keys *keys, int64_t whole, int part)
{
    int64_t life = keys->expires_unix_s - keys->fetched_unix_s;

    if (life <= 0)
        return 0;
    return life / part < whole ? life / part : whole;
}

static int is_paused(const icecat_credentials *own, int64_t now)
{
    /* A clock that was set back must not pause for long. */
    return now < own->not_before_s && own->not_before_s - now <= PAUSE_OLD_S;
}

static freshness look(const icecat_credentials *own, int64_t now)
{
    int64_t left = own->good_until_s - now;

    if (own->current == NULL)
        return MUST_FETCH;
    if (own->good_until_s == 0)
        return FRESH;
    if (left <= 0)
        return MUST_FETCH;
    if (own->old_serve && is_paused(own, now))
        return FRESH;
    if (left <= window(own->current, MANDATORY_S, 3))
        return MUST_FETCH;
    return left <= window(own->current, ADVISORY_S, 2) ? SHOULD_FETCH : FRESH;
}

static int64_t extension(void)
{
    uint32_t bits = 0;

    ic_random_bytes(&bits, sizeof(bits));
    return EXTENSION_S + EXTENSION_LEAST_S +
           (int64_t)(bits % (EXTENSION_MOST_S - EXTENSION_LEAST_S + 1));
}

static int is_of_instance(const ic_keys *keys)
{
    return strcmp(keys->source, "imds") == 0;
}

static icecat_status give(const icecat_credentials *own, ic_keys **out)
{
    *out = ic_keys_retain(own->current);
    return ICECAT_OK;
}

/* Put new keys in place of the old. */
static icecat_status store(icecat_credentials *own, ic_keys *fetched, int64_t now, ic_keys **out,
                           icecat_error *err)
{
    int64_t left = fetched->expires_unix_s - now;

    if (fetched->expires_unix_s != 0 && left <= 0 && !is_of_instance(fetched)) {
        icecat_status status = ic_fail(
            err, ICECAT_E_BAD_CREDENTIALS,
            "%s gave keys (%s) that ended %lld s ago by this machine's clock", fetched->source,
            fetched->access_key_id, (long long)-left);

        ic_keys_release(fetched);
        return status;
    }
    fetched->fetched_unix_s = now;
    ic_keys_release(own->current);
    own->current = fetched;
    own->good_until_s = fetched->expires_unix_s;
    own->not_before_s = 0;
    own->old_serve = 0;
    ic_error_clear(&own->last_error);
    if (fetched->expires_unix_s != 0 && left < ADVISORY_S && is_of_instance(fetched)) {
        own->good_until_s = now + extension();
        own->not_before_s = now + PAUSE_OLD_S;
        own->old_serve = 1;
        ic_log_write(&own->log, ICECAT_LOG_WARN, "credentials",
                     "the instance metadata service gave keys at their end; used for %lld s more",
                     (long long)(own->good_until_s - now));
    }
    return give(own, out);
}

/* What a failed fetch means: the old keys serve on, or the failure is told. */
static icecat_status settle_failure(icecat_credentials *own, freshness was, int64_t now,
                                    const icecat_error *failure, ic_keys **out, icecat_error *err)
{
    icecat_status status = (icecat_status)failure->status;
    int is_down = icecat_status_is_retryable(status);
    int is_good = own->current != NULL && now < own->good_until_s;

    if (err != NULL)
        *err = *failure;
    if (status == ICECAT_E_CANCELLED || status == ICECAT_E_DEADLINE)
        return status; /* the call's own end; the next one tries anew */
    if (!is_good && is_down && own->current != NULL && is_of_instance(own->current)) {
        own->good_until_s = now + extension();
        is_good = 1;
    }
    own->last_error = *failure;
    own->old_serve = is_good && (was == SHOULD_FETCH || is_down);
    own->not_before_s = now + (own->old_serve ? PAUSE_OLD_S : PAUSE_NONE_S);
    ic_log_write(&own->log, ICECAT_LOG_WARN, "credentials", "%s%s", failure->message,
                 own->old_serve ? "; the old keys serve on" : "");
    if (!own->old_serve)
        return status;
    ic_error_clear(err);
    return give(own, out);
}

/* Fetch without the lock, which the caller holds before and after. */
static icecat_status fetch(icecat_credentials *own, freshness was, const ic_need *need,
                           ic_keys **out, icecat_error *err)
{
    icecat_error failure;
    ic_keys *fetched = NULL;
    icecat_status status;

    ic_error_clear(&failure);
    own->is_fetching = 1;
    pthread_mutex_unlock(&own->lock);
    status = own->fetcher.fetch(own->self, need, &fetched, &failure);
    pthread_mutex_lock(&own->lock);
    own->is_fetching = 0;
    if (status == ICECAT_OK)
        status = store(own, fetched, need->unix_s, out, &failure);
    if (status != ICECAT_OK)
        status = settle_failure(own, was, need->unix_s, &failure, out, err);
    pthread_cond_broadcast(&own->changed);
    return status;
}

static void wait_for_other(icecat_credentials *own)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += LOOK_MS * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_nsec -= 1000000000L;
        until.tv_sec++;
    }
    pthread_cond_timedwait(&own->changed, &own->lock, &until);
}

static icecat_status find(icecat_credentials *own, const ic_need *need, ic_keys **out,
                          icecat_error *err)
{
    icecat_status status;

    for (;;) {
        freshness now = look(own, need->unix_s);

        if (now == FRESH || (now == SHOULD_FETCH && own->is_fetching))
            return give(own, out);
        if (!own->is_fetching && own->last_error.status != ICECAT_OK && !own->old_serve &&
            is_paused(own, need->unix_s)) {
            if (err != NULL)
                *err = own->last_error;
            return (icecat_status)own->last_error.status;
        }
        status = ic_bounds_check(need->bounds, ic_bounds_now(need->bounds), err);
        if (status != ICECAT_OK)
            return status; /* a call that must end begins nothing */
        if (!own->is_fetching)
            return fetch(own, now, need, out, err);
        wait_for_other(own);
    }
}

icecat_status ic_credentials_refresh(icecat_credentials *own, const ic_need *need, ic_keys **out,
                                     icecat_error *err)
{
    icecat_status status;

    pthread_mutex_lock(&own->lock);
    status = find(own, need, out, err);
    pthread_mutex_unlock(&own->lock);
    return status;
}
