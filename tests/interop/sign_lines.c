/*
 * sign_lines.c - sign the requests that come on stdin, one JSON object a line, and write for each what
 * was signed: {"signature": ..., "canonical_request": ...}, or {"error": ...}.
 */
#include <icecat/icecat.h>

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_HEADERS 64
#define SCRATCH      (1u << 18)

typedef struct signing {
    icecat_pair headers[MOST_HEADERS];
    icecat_credentials_keys keys;
    icecat_sigv4_request request;
    icecat_sigv4_options options;
    icecat_sigv4_result result;
    icecat_error err;
} signing;

static char scratch[SCRATCH];

static const char *text(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

static double number(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    return cJSON_IsNumber(item) ? item->valuedouble : 0;
}

static void read_headers(signing *s, const cJSON *line)
{
    const cJSON *pair;

    cJSON_ArrayForEach(pair, cJSON_GetObjectItemCaseSensitive(line, "headers"))
    {
        if (s->request.headers_count == MOST_HEADERS)
            return;
        s->headers[s->request.headers_count].name = cJSON_GetStringValue(
            cJSON_GetArrayItem(pair, 0));
        s->headers[s->request.headers_count++].value = cJSON_GetStringValue(
            cJSON_GetArrayItem(pair, 1));
    }
}

static void read_line(signing *s, const cJSON *line, icecat_sigv4_cache *cache)
{
    memset(s, 0, sizeof(*s));
    s->keys = (icecat_credentials_keys)ICECAT_CREDENTIALS_KEYS_INIT;
    s->request = (icecat_sigv4_request)ICECAT_SIGV4_REQUEST_INIT;
    s->options = (icecat_sigv4_options)ICECAT_SIGV4_OPTIONS_INIT;
    s->result = (icecat_sigv4_result)ICECAT_SIGV4_RESULT_INIT;
    s->keys.access_key_id = text(line, "access_key_id");
    s->keys.secret_access_key = text(line, "secret_access_key");
    s->keys.session_token = text(line, "session_token");
    s->request.method = text(line, "method");
    s->request.path = text(line, "path");
    s->request.query = text(line, "query");
    s->request.payload_hash = text(line, "payload_hash");
    s->request.payload = text(line, "payload");
    s->request.payload_len = s->request.payload != NULL ? strlen(s->request.payload) : 0;
    s->request.headers = s->headers;
    read_headers(s, line);
    s->options.keys = &s->keys;
    s->options.region = text(line, "region");
    s->options.service = text(line, "service");
    s->options.unix_s = (int64_t)number(line, "unix_s");
    s->options.expires_s = (uint32_t)number(line, "expires_s");
    s->options.flags = (uint32_t)number(line, "flags");
    s->options.cache = cache;
}

static icecat_status sign(signing *s)
{
    return icecat_sigv4_sign(&s->request, &s->options, scratch, sizeof(scratch), &s->result,
                             &s->err);
}

static void write_answer(const signing *s, icecat_status status)
{
    cJSON *answer = cJSON_CreateObject();
    char *line;

    if (status != ICECAT_OK) {
        cJSON_AddStringToObject(answer, "error", s->err.message);
    } else {
        cJSON_AddStringToObject(answer, "signature", s->result.signature);
        cJSON_AddStringToObject(answer, "canonical_request", s->result.canonical_request);
    }
    line = cJSON_PrintUnformatted(answer);
    puts(line != NULL ? line : "{}");
    cJSON_free(line);
    cJSON_Delete(answer);
}

int main(void)
{
    icecat_sigv4_cache *cache = NULL;
    char *line = NULL;
    size_t size = 0;

    if (icecat_sigv4_cache_new(NULL, &cache, NULL) != ICECAT_OK)
        return 1;
    while (getline(&line, &size, stdin) > 0) {
        cJSON *tree = cJSON_Parse(line);
        signing s;

        read_line(&s, tree, cache);
        write_answer(&s, sign(&s));
        cJSON_Delete(tree);
    }
    free(line);
    icecat_sigv4_cache_free(cache);
    return 0;
}
