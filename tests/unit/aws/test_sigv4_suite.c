/*
 * test_sigv4_suite.c - the published SigV4 suite, each stage compared, headers and query.
 *
 * The suite is not part of this project; without it the test is skipped. Cases of our own are in
 * test_sigv4.c.
 */
#include "base/buf.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/json.h"
#include "base/time.h"
#include "base/view.h"
#include "cmocka_all.h"

#include <dirent.h>
#include <icecat/sigv4.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUITE       ICECAT_TEST_DATA "/sigv4/v4"
#define MAX_HEADERS 20

typedef struct sample {
    const char *name;
    cJSON *context;
    char *text; /* of request.txt, cut into pieces */
    char *method;
    char *path;
    char *query;
    char *body;
    char *header_block;
    icecat_pair headers[MAX_HEADERS];
    size_t headers_count;
    char hash[IC_SHA256_HEX_SIZE];
} sample;

static char *read_text(const char *name, const char *file)
{
    char path[512];
    ic_buf text;

    snprintf(path, sizeof(path), "%s/%s/%s", SUITE, name, file);
    ic_buf_init(&text, NULL, 1 << 20);
    assert_int_equal(ic_file_read(path, 1 << 20, &text, NULL), ICECAT_OK);
    ic_buf_add(&text, "", 0);
    return ic_buf_take(&text, NULL);
}

/* A line that begins with a blank continues the one before. */
static char *next_line(char **rest)
{
    char *line = *rest;
    char *end = line;

    if (*line == '\0' || *line == '\n')
        return NULL;
    do {
        end = strchr(end + 1, '\n');
    } while (end != NULL && (end[1] == ' ' || end[1] == '\t'));
    if (end == NULL) {
        *rest = line + strlen(line);
        return line;
    }
    *end = '\0';
    *rest = end + 1;
    return line;
}

static void load(sample *s, const char *name)
{
    char *context = read_text(name, "context.json");
    char *rest;
    char *line;
    char *version;

    memset(s, 0, sizeof(*s));
    s->name = name;
    assert_int_equal(ic_json_parse(context, strlen(context), name, &s->context, NULL), ICECAT_OK);
    free(context);
    s->text = read_text(name, "request.txt");
    s->header_block = read_text(name, "request.txt");
    rest = s->text;
    line = next_line(&rest);
    assert_non_null(line);
    version = strstr(line, " HTTP/1.1");
    assert_non_null(version);
    *version = '\0';
    s->method = line;
    s->path = strchr(line, ' ');
    *s->path++ = '\0';
    s->query = strchr(s->path, '?');
    if (s->query != NULL)
        *s->query++ = '\0';
    while ((line = next_line(&rest)) != NULL) {
        char *colon = strchr(line, ':');

        assert_non_null(colon);
        *colon = '\0';
        assert_true(s->headers_count < MAX_HEADERS - 1);
        s->headers[s->headers_count].name = line;
        s->headers[s->headers_count++].value = colon + 1;
    }
    s->body = *rest == '\n' ? rest + 1 : rest;
    assert_true(ic_sha256_hex(s->body, strlen(s->body), s->hash));
}

static void unload(sample *s)
{
    cJSON_Delete(s->context);
    free(s->text);
    free(s->header_block);
}

static void expect_file(const sample *s, const char *mode, const char *stage, const char *got)
{
    char file[64];
    char *want;

    snprintf(file, sizeof(file), "%s-%s.txt", mode, stage);
    want = read_text(s->name, file);
    if (strcmp(want, got) != 0)
        fail_msg("%s/%s\nwant: %s\ngot:  %s", s->name, file, want, got);
    free(want);
}

static const char *member(const sample *s, const char *group, const char *name)
{
    return ic_json_text(ic_json_get(s->context, group), name);
}

/* The suite writes signed requests as: first line, given headers, added headers, blank line, body. */
static void check_signed_request(const sample *s, const char *mode,
                                 const icecat_sigv4_result *result, const char *token)
{
    ic_buf text;
    char *headers = strchr(s->header_block, '\n') + 1;
    char *end = strstr(headers, "\n\n");
    size_t headers_len = end != NULL ? (size_t)(end - headers) : strlen(headers);
    int signs_body = cJSON_IsTrue(ic_json_get(s->context, "sign_body"));

    while (headers_len != 0 && headers[headers_len - 1] == '\n')
        headers_len--;
    ic_buf_init(&text, NULL, 1 << 20);
    ic_buf_add_format(&text, "%s %s", s->method, s->path);
    if (result->query != NULL)
        ic_buf_add_format(&text, "?%s", result->query);
    else if (s->query != NULL)
        ic_buf_add_format(&text, "?%s", s->query);
    ic_buf_add_format(&text, " HTTP/1.1\n%.*s\n", (int)headers_len, headers);
    if (result->authorization != NULL) {
        if (token != NULL)
            ic_buf_add_format(&text, "X-Amz-Security-Token:%s\n", token);
        ic_buf_add_format(&text, "X-Amz-Date:%s\n", result->amz_date);
        if (signs_body)
            ic_buf_add_format(&text, "x-amz-content-sha256:%s\n", s->hash);
        ic_buf_add_format(&text, "Authorization:%s\n", result->authorization);
    }
    ic_buf_add_format(&text, "\n%s", s->body);
    expect_file(s, mode, "signed-request", ic_buf_text(&text));
    ic_buf_free(&text);
}

static void run(sample *s, const char *mode, uint32_t expires_s)
{
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;
    icecat_sigv4_request request = ICECAT_SIGV4_REQUEST_INIT;
    icecat_sigv4_options options = ICECAT_SIGV4_OPTIONS_INIT;
    icecat_sigv4_result result = ICECAT_SIGV4_RESULT_INIT;
    const char *token = member(s, "credentials", "token");
    size_t headers_count = s->headers_count;
    icecat_error err;
    char scratch[32768];

    keys.access_key_id = member(s, "credentials", "access_key_id");
    keys.secret_access_key = member(s, "credentials", "secret_access_key");
    keys.session_token = token;
    request.method = s->method;
    request.path = s->path;
    request.query = s->query;
    if (expires_s == 0 && cJSON_IsTrue(ic_json_get(s->context, "sign_body"))) {
        s->headers[headers_count].name = "x-amz-content-sha256";
        s->headers[headers_count++].value = s->hash;
    }
    request.headers = s->headers;
    request.headers_count = headers_count;
    request.payload_hash = s->hash;
    options.keys = &keys;
    options.region = ic_json_text(s->context, "region");
    options.service = ic_json_text(s->context, "service");
    assert_true(ic_time_iso_parse(ic_json_text(s->context, "timestamp"), &options.unix_s));
    options.expires_s = expires_s;
    if (!cJSON_IsTrue(ic_json_get(s->context, "normalize")))
        options.flags |= ICECAT_SIGV4_KEEP_PATH;
    if (cJSON_IsTrue(ic_json_get(s->context, "omit_session_token")))
        options.flags |= ICECAT_SIGV4_OMIT_SESSION_TOKEN;

    if (icecat_sigv4_sign(&request, &options, scratch, sizeof(scratch), &result, &err) != ICECAT_OK)
        fail_msg("%s: %s", s->name, err.message);
    expect_file(s, mode, "canonical-request", result.canonical_request);
    expect_file(s, mode, "string-to-sign", result.string_to_sign);
    expect_file(s, mode, "signature", result.signature);
    check_signed_request(s, mode, &result, token);
}

static void every_published_case_agrees_at_every_stage(void **state)
{
    DIR *suite = opendir(SUITE);
    struct dirent *entry;
    unsigned cases = 0;

    (void)state;
    if (suite == NULL) {
        print_message("no SigV4 suite at %s\n", SUITE);
        skip();
    }
    while ((entry = readdir(suite)) != NULL) {
        sample s;

        if (entry->d_name[0] == '.')
            continue;
        load(&s, entry->d_name);
        run(&s, "header", 0);
        run(&s, "query",
            (uint32_t)cJSON_GetNumberValue(ic_json_get(s.context, "expiration_in_seconds")));
        unload(&s);
        cases++;
    }
    closedir(suite);
    print_message("%u cases in two modes\n", cases);
    assert_true(cases >= 38);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_published_case_agrees_at_every_stage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
