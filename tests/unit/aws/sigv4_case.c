/*
 * sigv4_case.c - one case of the published SigV4 suite, read from its files.
 */
#include "sigv4_case.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/time.h"
#include "cmocka_all.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *sigv4_case_text(const char *name, const char *file)
{
    char path[512];
    ic_buf text;

    snprintf(path, sizeof(path), "%s/%s/%s", SIGV4_SUITE, name, file);
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

static void cut_first_line(sigv4_case *self, char *line)
{
    char *version = strstr(line, " HTTP/1.1");
    char *path = strchr(line, ' ');
    char *query;

    assert_non_null(version);
    assert_non_null(path);
    *version = '\0';
    *path++ = '\0';
    query = strchr(path, '?');
    if (query != NULL)
        *query++ = '\0';
    self->method = line;
    self->path = path;
    self->query = query;
}

void sigv4_case_load(sigv4_case *out, const char *name, const char *file)
{
    char *context = sigv4_case_text(name, "context.json");
    char *rest;
    char *line;

    memset(out, 0, sizeof(*out));
    out->name = name;
    assert_int_equal(ic_json_parse(context, strlen(context), name, &out->context, NULL), ICECAT_OK);
    free(context);
    out->text = sigv4_case_text(name, file);
    out->whole = sigv4_case_text(name, file);
    rest = out->text;
    line = next_line(&rest);
    assert_non_null(line);
    cut_first_line(out, line);
    while ((line = next_line(&rest)) != NULL) {
        char *colon = strchr(line, ':');

        assert_non_null(colon);
        *colon = '\0';
        assert_true(out->headers_count < SIGV4_CASE_MAX_HEADERS - 1);
        out->headers[out->headers_count].name = line;
        out->headers[out->headers_count++].value = colon + 1;
    }
    out->body = *rest == '\n' ? rest + 1 : rest;
    assert_true(ic_sha256_hex(out->body, strlen(out->body), out->hash));
}

void sigv4_case_unload(sigv4_case *self)
{
    cJSON_Delete(self->context);
    free(self->text);
    free(self->whole);
}

const char *sigv4_case_credential(const sigv4_case *self, const char *name)
{
    return ic_json_text(ic_json_get(self->context, "credentials"), name);
}

int sigv4_case_is(const sigv4_case *self, const char *flag)
{
    return cJSON_IsTrue(ic_json_get(self->context, flag));
}

int64_t sigv4_case_time(const sigv4_case *self)
{
    int64_t unix_s = 0;

    assert_true(ic_time_iso_parse(ic_json_text(self->context, "timestamp"), &unix_s));
    return unix_s;
}

uint32_t sigv4_case_flags(const sigv4_case *self)
{
    return (sigv4_case_is(self, "normalize") ? 0u : ICECAT_SIGV4_KEEP_PATH) |
           (sigv4_case_is(self, "omit_session_token") ? ICECAT_SIGV4_OMIT_SESSION_TOKEN : 0u);
}

unsigned sigv4_case_each(void (*run)(const char *name))
{
    DIR *suite = opendir(SIGV4_SUITE);
    struct dirent *entry;
    unsigned cases = 0;

    if (suite == NULL) {
        print_message("no SigV4 suite at %s\n", SIGV4_SUITE);
        return 0;
    }
    while ((entry = readdir(suite)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        run(entry->d_name);
        cases++;
    }
    closedir(suite);
    return cases;
}
