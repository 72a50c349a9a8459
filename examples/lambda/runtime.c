/*
 * runtime.c - the client of Lambda's Runtime API (2018-06-01), plain HTTP on loopback.
 *
 * The sandbox may be frozen for hours inside next, so next has no timeout and a connection that broke
 * meanwhile is only a reason to ask again: the API repeats an invocation that was not answered.
 */
#include "runtime.h"

#include <cjson/cJSON.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum {
    ATTEMPTS = 3,
    PAUSE_MS = 100, /* doubled after each attempt */
    CONNECT_TIMEOUT_MS = 2000,
    ANSWER_TIMEOUT_MS = 10000,
    ADDRESS_MAX = 255
};

struct runtime {
    CURL *curl;
    struct curl_slist *json_headers;
    char base[ADDRESS_MAX + 32]; /* http://host:port/2018-06-01/runtime */
    char *body;
    size_t body_len;
    size_t body_capacity;
    int body_too_large;
    struct runtime_invocation head; /* what the response headers say */
    char problem[256];
};

/* ---- receiving --------------------------------------------------------------------------- */

static size_t on_body(char *data, size_t size, size_t count, void *userdata)
{
    struct runtime *rt = userdata;
    size_t len = size * count;

    if (len > RUNTIME_EVENT_MAX - rt->body_len) {
        rt->body_too_large = 1;
        return 0;
    }
    if (rt->body_len + len > rt->body_capacity) {
        size_t capacity = rt->body_capacity == 0 ? 16384 : rt->body_capacity;
        char *grown;

        while (capacity < rt->body_len + len)
            capacity *= 2;
        grown = realloc(rt->body, capacity);
        if (grown == NULL)
            return 0;
        rt->body = grown;
        rt->body_capacity = capacity;
    }
    memcpy(rt->body + rt->body_len, data, len);
    rt->body_len += len;
    return len;
}

/* Copy the value of a header line "Name: value\r\n". A value that does not fit is dropped. */
static void take_header(const char *line, size_t len, const char *name, char *out, size_t out_size)
{
    size_t name_len = strlen(name);

    if (len <= name_len || line[name_len] != ':' || strncasecmp(line, name, name_len) != 0)
        return;
    line += name_len + 1;
    len -= name_len + 1;
    while (len > 0 && (*line == ' ' || *line == '\t')) {
        line++;
        len--;
    }
    while (len > 0 && strchr(" \t\r\n", line[len - 1]) != NULL)
        len--;
    if (len >= out_size)
        len = 0;
    memcpy(out, line, len);
    out[len] = '\0';
}

static size_t on_header(char *data, size_t size, size_t count, void *userdata)
{
    struct runtime *rt = userdata;
    struct runtime_invocation *head = &rt->head;
    size_t len = size * count;
    char deadline[24] = "";

    take_header(data, len, "Lambda-Runtime-Aws-Request-Id", head->id, sizeof(head->id));
    take_header(data, len, "Lambda-Runtime-Trace-Id", head->trace_id, sizeof(head->trace_id));
    take_header(data, len, "Lambda-Runtime-Invoked-Function-Arn", head->function_arn,
                sizeof(head->function_arn));
    take_header(data, len, "Lambda-Runtime-Deadline-Ms", deadline, sizeof(deadline));
    if (deadline[0] >= '0' && deadline[0] <= '9')
        head->deadline_ms = strtoll(deadline, NULL, 10);
    return len;
}

/* ---- one request ------------------------------------------------------------------------- */

static void set_common(struct runtime *rt, const char *url)
{
    CURL *curl = rt->curl;

    curl_easy_reset(curl); /* keeps the connection */
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TCP_NODELAY, 1L);
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "icecat-bootstrap");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, rt);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, rt);
}

/* The HTTP status, or 0 with a problem text when there is no whole answer. */
static long perform(struct runtime *rt, const char *what)
{
    CURLcode code;
    long status = 0;

    memset(&rt->head, 0, sizeof(rt->head));
    rt->body_len = 0;
    rt->body_too_large = 0;
    rt->problem[0] = '\0';
    code = curl_easy_perform(rt->curl);
    curl_easy_getinfo(rt->curl, CURLINFO_RESPONSE_CODE, &status);
    if (code == CURLE_OK)
        return status;
    if (rt->body_too_large && status == 200)
        return status;
    snprintf(rt->problem, sizeof(rt->problem), "%s: no answer from the Runtime API: %s", what,
             curl_easy_strerror(code));
    return 0;
}

static void pause_before_attempt(unsigned attempt)
{
    long ms = (long)PAUSE_MS << attempt;
    struct timespec pause = { .tv_sec = ms / 1000, .tv_nsec = (ms % 1000) * 1000000L };

    nanosleep(&pause, NULL);
}

static enum runtime_result stop_with_status(struct runtime *rt, const char *what, long status)
{
    if (status != 0)
        snprintf(rt->problem, sizeof(rt->problem), "%s: the Runtime API answered %ld", what,
                 status);
    return RUNTIME_STOP;
}

/* ---- next -------------------------------------------------------------------------------- */

/* The id becomes part of a path, so it must not be able to change that path. */
static int id_is_safe(const char *id)
{
    size_t len = strlen(id);

    return len > 0 && strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                 "-_") == len;
}

enum runtime_result runtime_next(struct runtime *rt, struct runtime_invocation *out)
{
    char url[sizeof(rt->base) + 32];
    long status = 0;

    snprintf(url, sizeof(url), "%s/invocation/next", rt->base);
    for (unsigned attempt = 0; attempt < ATTEMPTS && status == 0; attempt++) {
        if (attempt > 0)
            pause_before_attempt(attempt);
        set_common(rt, url);
        curl_easy_setopt(rt->curl, CURLOPT_TIMEOUT_MS, 0L);
        status = perform(rt, "next");
    }
    if (status != 200)
        return stop_with_status(rt, "next", status);
    if (!id_is_safe(rt->head.id)) {
        snprintf(rt->problem, sizeof(rt->problem), "next: the invocation has no usable request id");
        return RUNTIME_STOP;
    }
    *out = rt->head;
    out->body = rt->body_len == 0 ? "" : rt->body;
    out->body_len = rt->body_len;
    if (rt->body_too_large) {
        snprintf(rt->problem, sizeof(rt->problem), "next: the event is over %u bytes",
                 RUNTIME_EVENT_MAX);
        return RUNTIME_EVENT_TOO_LARGE;
    }
    return RUNTIME_OK;
}

/* ---- answers ----------------------------------------------------------------------------- */

static long post_once(struct runtime *rt, const char *url, const char *what,
                      struct curl_slist *headers, const char *json, size_t len)
{
    set_common(rt, url);
    curl_easy_setopt(rt->curl, CURLOPT_TIMEOUT_MS, (long)ANSWER_TIMEOUT_MS);
    curl_easy_setopt(rt->curl, CURLOPT_POST, 1L);
    curl_easy_setopt(rt->curl, CURLOPT_POSTFIELDS, json);
    curl_easy_setopt(rt->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)len);
    curl_easy_setopt(rt->curl, CURLOPT_HTTPHEADER, headers);
    return perform(rt, what);
}

/* Without them, libcurl calls the document a form, and asks before it sends a large one. */
static struct curl_slist *json_headers_new(void)
{
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");

    if (headers != NULL && curl_slist_append(headers, "Expect:") != NULL)
        return headers;
    curl_slist_free_all(headers);
    return NULL;
}

/* A repeated POST whose first try did arrive is answered 400: refused, and all is well. */
static enum runtime_result post(struct runtime *rt, const char *path, const char *what,
                                struct curl_slist *headers, const char *json, size_t len)
{
    char url[sizeof(rt->base) + 192];
    long status = 0;

    snprintf(url, sizeof(url), "%s%s", rt->base, path);
    for (unsigned attempt = 0; attempt < ATTEMPTS && status == 0; attempt++) {
        if (attempt > 0)
            pause_before_attempt(attempt);
        status = post_once(rt, url, what, headers, json, len);
    }
    if (status >= 200 && status < 300)
        return RUNTIME_OK;
    stop_with_status(rt, what, status);
    if (status == 413)
        return RUNTIME_ANSWER_TOO_LARGE;
    return status >= 400 && status < 500 ? RUNTIME_REFUSED : RUNTIME_STOP;
}

enum runtime_result runtime_respond(struct runtime *rt, const char *id, const char *json,
                                    size_t len)
{
    char path[192];

    snprintf(path, sizeof(path), "/invocation/%.128s/response", id);
    return post(rt, path, "response", rt->json_headers, json, len);
}

static char *error_document(const char *type, const char *message)
{
    cJSON *root = cJSON_CreateObject();
    char *text = NULL;

    if (cJSON_AddStringToObject(root, "errorMessage", message) != NULL &&
        cJSON_AddStringToObject(root, "errorType", type) != NULL &&
        cJSON_AddArrayToObject(root, "stackTrace") != NULL)
        text = cJSON_PrintUnformatted(root);
    cJSON_Delete(root);
    return text;
}

static enum runtime_result post_error(struct runtime *rt, const char *path, const char *what,
                                      const char *type, const char *message)
{
    char line[160];
    char *json = error_document(type, message);
    struct curl_slist *headers = json_headers_new();
    enum runtime_result result = RUNTIME_STOP;

    snprintf(line, sizeof(line), "Lambda-Runtime-Function-Error-Type: %.100s", type);
    if (json != NULL && headers != NULL && curl_slist_append(headers, line) != NULL)
        result = post(rt, path, what, headers, json, strlen(json));
    else
        snprintf(rt->problem, sizeof(rt->problem), "%s: out of memory", what);
    curl_slist_free_all(headers);
    cJSON_free(json);
    return result;
}

enum runtime_result runtime_fail(struct runtime *rt, const char *id, const char *type,
                                 const char *message)
{
    char path[192];

    snprintf(path, sizeof(path), "/invocation/%.128s/error", id);
    return post_error(rt, path, "error", type, message);
}

enum runtime_result runtime_fail_init(struct runtime *rt, const char *type, const char *message)
{
    return post_error(rt, "/init/error", "init/error", type, message);
}

/* ---- life -------------------------------------------------------------------------------- */

static int address_is_valid(const char *address)
{
    size_t len = strlen(address);
    const char *colon = strrchr(address, ':');

    return len <= ADDRESS_MAX && colon != NULL && colon != address && colon[1] != '\0' &&
           strspn(colon + 1, "0123456789") == strlen(colon + 1) &&
           strpbrk(address, "/@?# \t\r\n") == NULL;
}

struct runtime *runtime_new(const char *address)
{
    struct runtime *rt;

    if (!address_is_valid(address))
        return NULL;
    rt = calloc(1, sizeof(*rt));
    if (rt == NULL)
        return NULL;
    snprintf(rt->base, sizeof(rt->base), "http://%s/2018-06-01/runtime", address);
    rt->curl = curl_easy_init();
    rt->json_headers = json_headers_new();
    if (rt->curl == NULL || rt->json_headers == NULL) {
        runtime_free(rt);
        return NULL;
    }
    return rt;
}

void runtime_free(struct runtime *rt)
{
    if (rt == NULL)
        return;
    curl_easy_cleanup(rt->curl);
    curl_slist_free_all(rt->json_headers);
    free(rt->body);
    free(rt);
}

const char *runtime_problem(const struct runtime *rt)
{
    return rt->problem;
}
