/*
 * credentials_callback.c - keys that the embedder gives when it is asked.
 */
#include "aws/credentials_chain.h"
#include "aws/credentials_report.h"
#include "base/error.h"
#include "base/options.h"

typedef struct callback {
    ic_mem mem;
    icecat_credentials_fn fn;
    void (*free_userdata)(void *userdata);
    void *userdata;
    pthread_mutex_t lock; /* a report and a fetch must not ask at the same time */
} callback;

struct icecat_credentials_receiver {
    const ic_mem *mem;
    ic_keys *keys;
    icecat_error *err;
    icecat_status status; /* of the last icecat_credentials_give() */
};

icecat_status icecat_credentials_give(icecat_credentials_receiver *receiver,
                                      const icecat_credentials_keys *keys)
{
    icecat_credentials_keys own;
    icecat_status status;

    if (receiver == NULL || keys == NULL)
        return ICECAT_E_ARGUMENT;
    ic_keys_release(receiver->keys);
    receiver->keys = NULL;
    status = IC_OPTIONS_LOAD(&own, keys, icecat_credentials_keys, receiver->err);
    if (status == ICECAT_OK)
        status = ic_keys_make(receiver->mem, &own, "callback", &receiver->keys, receiver->err);
    receiver->status = status;
    return status;
}

static icecat_status ask(callback *own, ic_keys **out, icecat_error *err)
{
    icecat_credentials_receiver receiver = { &own->mem, NULL, err, ICECAT_E_NO_CREDENTIALS };
    int answer;

    pthread_mutex_lock(&own->lock);
    answer = own->fn(&receiver, own->userdata);
    pthread_mutex_unlock(&own->lock);
    if (answer != 0) {
        ic_keys_release(receiver.keys);
        return ic_fail(err, ICECAT_E_CALLBACK, "the callback for credentials returned %d", answer);
    }
    if (receiver.status == ICECAT_E_NO_CREDENTIALS)
        return ic_fail(err, receiver.status, "the callback for credentials gave none");
    *out = receiver.keys;
    if (receiver.status != ICECAT_OK)
        ic_error_prefix(err, "the callback for credentials");
    return receiver.status;
}

static icecat_status fetch(void *self, const ic_need *need, ic_keys **out, icecat_error *err)
{
    (void)need;
    return ask(self, out, err);
}

static icecat_status report(void *self, const ic_need *need, icecat_credentials_findings *findings,
                            icecat_error *err)
{
    icecat_error failure = { 0 };
    ic_keys *keys = NULL;
    icecat_status status = ask(self, &keys, &failure);

    if (status != ICECAT_OK)
        return ic_findings_add(findings, "callback",
                               status == ICECAT_E_NO_CREDENTIALS ? ICECAT_CREDENTIALS_PASSED_OVER
                                                                 : ICECAT_CREDENTIALS_FAILED,
                               status, failure.message, err);
    status = ic_findings_add_used(findings, "callback", keys, need->unix_s, err);
    ic_keys_release(keys);
    return status;
}

static void free_callback(void *self)
{
    callback *own = self;
    ic_mem mem = own->mem;

    if (own->free_userdata != NULL)
        own->free_userdata(own->userdata);
    pthread_mutex_destroy(&own->lock);
    ic_mem_free(&mem, own);
}

icecat_status icecat_credentials_new_callback(icecat_credentials_fn fn,
                                              void (*free_userdata)(void *userdata), void *userdata,
                                              const icecat_credentials_options *options,
                                              icecat_credentials **out, icecat_error *err)
{
    static const ic_fetcher fetcher = { fetch, report, free_callback };
    icecat_credentials_options settings;
    ic_log log = { 0 };
    callback *own;
    icecat_status status;

    ic_error_clear(err);
    if (fn == NULL || out == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "%s is NULL", fn == NULL ? "fn" : "out");
    *out = NULL;
    status = ic_credentials_options_load(&settings, options, err);
    if (status != ICECAT_OK)
        return status;
    own = ic_mem_zalloc(settings.allocator, sizeof(*own));
    if (own == NULL)
        return ic_fail_memory(err, "credentials");
    own->mem = settings.allocator != NULL ? *settings.allocator : ic_mem_default;
    own->fn = fn;
    own->userdata = userdata;
    pthread_mutex_init(&own->lock, NULL);
    log.fn = settings.log;
    log.userdata = settings.log_userdata;
    log.level = settings.log_level != 0 ? settings.log_level : ICECAT_LOG_INFO;
    status = ic_credentials_make_fetching(&own->mem, settings.clock, &log, "callback", &fetcher,
                                          own, out, err);
    /* Only a source that was made owns the userdata. */
    if (status == ICECAT_OK)
        own->free_userdata = free_userdata;
    return status;
}
