/*
 * chain_rig.c - a place to try the credentials chain in.
 */
#include "chain_rig.h"

#include "base/error.h"
#include "cmocka_all.h"
#include "scarce.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;

rig place;

static int64_t rig_unix_s(void *userdata)
{
    return atomic_load(&((rig *)userdata)->unix_s);
}

static uint64_t rig_monotonic_ms(void *userdata)
{
    (void)userdata;
    return ic_clock_monotonic_ms(NULL);
}

/* Every variable of ours or the machine's that a source could look at. */
static void clear_environment(void)
{
    for (char **at = environ; *at != NULL;) {
        char name[128];
        size_t len = strcspn(*at, "=");

        if (strncmp(*at, "AWS_", 4) != 0 || len >= sizeof(name)) {
            at++;
            continue;
        }
        memcpy(name, *at, len);
        name[len] = '\0';
        unsetenv(name);
    }
}

void rig_setup(rig *r)
{
    memset(r, 0, sizeof(*r));
    snprintf(r->home, sizeof(r->home), "/tmp/icecat-rig-XXXXXX");
    if (mkdtemp(r->home) == NULL)
        abort();
    clear_environment();
    setenv("HOME", r->home, 1);
    setenv("AWS_EC2_METADATA_DISABLED", "true", 1);
    atomic_store(&r->unix_s, RIG_TIME);
    r->clock.unix_s = rig_unix_s;
    r->clock.monotonic_ms = rig_monotonic_ms;
    r->clock.userdata = r;
}

static void remove_all(const char *path)
{
    DIR *folder = opendir(path);
    struct dirent *entry;
    char below[512];

    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(below, sizeof(below), "%.200s/%.255s", path, entry->d_name);
        remove_all(below);
    }
    if (folder != NULL)
        closedir(folder);
    remove(path);
}

void rig_teardown(rig *r)
{
    remove_all(r->home);
    clear_environment();
}

const char *rig_path(const rig *r, const char *name)
{
    static char path[512];

    snprintf(path, sizeof(path), "%s/%s", r->home, name);
    return path;
}

void rig_file(const rig *r, const char *name, const char *text)
{
    char path[512];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", r->home, name);
    for (char *c = path + strlen(r->home) + 1; *c != '\0'; c++) {
        if (*c == '/') {
            *c = '\0';
            mkdir(path, 0700);
            *c = '/';
        }
    }
    file = fopen(path, "w");
    if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0)
        abort();
}

void rig_script(rig *r, const rig_reply *replies, size_t count)
{
    r->replies = replies;
    r->reply_count = count;
    r->asked = 0;
}

typedef struct rig_transport {
    ic_transport base;
    rig *owner;
    const ic_mem *mem;
    int is_direct;
    const char *ca_bundle;
    ic_exchange *pending;
} rig_transport;

static void note_request(rig *r, const rig_transport *own, const ic_exchange *exchange)
{
    rig_request *noted = &r->requests[r->asked < RIG_REQUESTS ? r->asked : RIG_REQUESTS - 1];
    size_t used = 0;

    memset(noted, 0, sizeof(*noted));
    snprintf(noted->method, sizeof(noted->method), "%s", exchange->method);
    snprintf(noted->url, sizeof(noted->url), "%s", exchange->url);
    for (size_t i = 0; i < exchange->headers->count && used < sizeof(noted->headers); i++)
        used += (size_t)snprintf(noted->headers + used, sizeof(noted->headers) - used, "%s: %s\n",
                                 exchange->headers->items[i].name,
                                 exchange->headers->items[i].value);
    snprintf(noted->body, sizeof(noted->body), "%.*s", (int)exchange->body_len,
             exchange->body != NULL ? (const char *)exchange->body : "");
    noted->is_direct = own->is_direct;
    noted->ca_bundle = own->ca_bundle;
}

static icecat_status rig_start(ic_transport *transport, ic_exchange *exchange, icecat_error *err)
{
    rig_transport *own = (rig_transport *)transport;

    (void)err;
    own->pending = exchange;
    return ICECAT_OK;
}

static ic_exchange *rig_wait(ic_transport *transport, uint64_t timeout_ms)
{
    rig_transport *own = (rig_transport *)transport;
    rig *r = own->owner;
    ic_exchange *exchange = own->pending;
    const rig_reply *reply;

    if (r->hangs || exchange == NULL || r->reply_count == 0) {
        ic_clock_sleep(NULL, timeout_ms < 2 ? timeout_ms : 2);
        return NULL;
    }
    note_request(r, own, exchange);
    reply = &r->replies[r->asked < r->reply_count ? r->asked : r->reply_count - 1];
    r->asked++;
    own->pending = NULL;
    if (reply->http_status == 0) {
        exchange->status = ic_fail(&exchange->error, reply->failure, "scripted failure");
        return exchange;
    }
    exchange->status = ICECAT_OK;
    exchange->response->http_status = reply->http_status;
    if (reply->body != NULL)
        ic_buf_add_text(&exchange->response->body, reply->body);
    return exchange;
}

static void rig_stop(ic_transport *transport, ic_exchange *exchange)
{
    (void)exchange;
    ((rig_transport *)transport)->pending = NULL;
}

static void rig_free(ic_transport *transport)
{
    ic_mem_free(((rig_transport *)transport)->mem, transport);
}

static ic_transport *rig_make_transport(const ic_mem *mem, const ic_transport_settings *settings,
                                        void *userdata)
{
    rig_transport *own = ic_mem_zalloc(mem, sizeof(*own));

    if (own == NULL)
        return NULL;
    own->base.start = rig_start;
    own->base.wait = rig_wait;
    own->base.stop = rig_stop;
    own->base.free = rig_free;
    own->owner = userdata;
    own->mem = mem;
    own->is_direct = settings->is_direct;
    own->ca_bundle = settings->ca_bundle;
    return &own->base;
}

static void rig_log(uint32_t level, const char *area, const char *text, void *userdata)
{
    rig *r = userdata;
    size_t len = strlen(r->logged);

    (void)level;
    snprintf(r->logged + len, sizeof(r->logged) - len, "%s: %s\n", area, text);
}

icecat_status rig_chain_with(rig *r, const char *profile, const icecat_allocator *allocator,
                             icecat_credentials **out, icecat_error *err)
{
    icecat_credentials_options options = ICECAT_CREDENTIALS_OPTIONS_INIT;

    *out = NULL;
    options.profile = profile;
    options.clock = &r->clock;
    options.allocator = allocator;
    options.log = rig_log;
    options.log_userdata = r;
    options.log_level = ICECAT_LOG_TRACE;
    options.request_timeout_ms = 200;
    options.process_timeout_ms = 5000;
    return ic_credentials_new_chain(&options, rig_make_transport, r, 1, out, err);
}

icecat_credentials *rig_chain(rig *r, const char *profile)
{
    icecat_credentials *made;
    icecat_error err;

    if (rig_chain_with(r, profile, NULL, &made, &err) != ICECAT_OK)
        abort();
    return made;
}

icecat_status rig_keys(rig *r, const icecat_credentials *credentials, ic_keys **out,
                       icecat_error *err)
{
    ic_bounds bounds;
    ic_need need;

    memset(&bounds, 0, sizeof(bounds));
    bounds.deadline_ms = IC_NO_DEADLINE;
    need.unix_s = atomic_load(&r->unix_s);
    need.bounds = &bounds;
    ic_error_clear(err);
    return ic_credentials_keys_at(credentials, &need, out, err);
}

const char *rig_look(rig *r, const char *profile, icecat_error *err)
{
    static char told[256];
    icecat_credentials *credentials = rig_chain(r, profile);
    ic_keys *keys = NULL;
    icecat_status status = rig_keys(r, credentials, &keys, err);

    if (status == ICECAT_OK)
        snprintf(told, sizeof(told), "%s %s", keys->source, keys->access_key_id);
    else
        snprintf(told, sizeof(told), "%s", icecat_status_name(status));
    ic_keys_release(keys);
    icecat_credentials_free(credentials);
    return told;
}

int rig_begin(void **state)
{
    rig_setup(&place);
    *state = &place;
    return 0;
}

int rig_end(void **state)
{
    rig_teardown(*state);
    return 0;
}

void assert_in(const char *whole, const char *part)
{
    if (strstr(whole, part) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", part, whole);
}

void assert_told(const icecat_error *err, const char *text)
{
    assert_in(err->message, text);
    assert_null(strstr(err->message, CANARY));
}

/* One search and one report with @p given allocations; nothing may be left behind. */
static icecat_status search_with(rig *r, const char *profile, size_t given)
{
    scarce s = { given, 0 };
    icecat_allocator allocator = scarce_allocator(&s);
    icecat_credentials *credentials = NULL;
    icecat_credentials_findings *findings = NULL;
    ic_keys *keys = NULL;
    icecat_error err;
    icecat_status status = rig_chain_with(r, profile, &allocator, &credentials, &err);

    if (status == ICECAT_OK)
        status = rig_keys(r, credentials, &keys, &err);
    r->asked = 0;
    if (status == ICECAT_OK)
        status = icecat_credentials_report(credentials, NULL, &findings, &err);
    icecat_credentials_findings_free(findings);
    ic_keys_release(keys);
    icecat_credentials_free(credentials);
    assert_int_equal(s.live, 0);
    return status;
}

void rig_sweep(rig *r, const char *profile, const rig_reply *replies, size_t count, size_t least)
{
    icecat_status status = ICECAT_E_NO_MEMORY;
    size_t given = 0;

    for (; status != ICECAT_OK; given++) {
        rig_script(r, replies, count);
        status = search_with(r, profile, given);
        if (status != ICECAT_OK)
            assert_int_equal(status, ICECAT_E_NO_MEMORY);
        assert_true(given < 2000);
    }
    assert_true(given > least);
}
