/*
 * status.c - what icecat-local says of itself.
 */
#include "status.h"

#include <cjson/cJSON.h>
#include <icecat/version.h>
#include <string.h>

#define PREFIX "/_icecat/"

int status_asked(const http_request *request)
{
    return strncmp(request->path, PREFIX, sizeof(PREFIX) - 1) == 0 &&
           http_request_header(request, "authorization") == NULL;
}

/* Sends and releases @p json; NULL when memory ran out. */
static void send_json(http_answer *answer, int http_status, cJSON *json)
{
    char *text = json == NULL ? NULL : cJSON_Print(json);

    answer->status = http_status;
    http_answer_header(answer, "Content-Type", "application/json");
    if (text == NULL)
        answer->failed = 1;
    else
        http_answer_body(answer, text, strlen(text));
    cJSON_free(text);
    cJSON_Delete(json);
}

static void send_problem(http_answer *answer, int http_status, const char *message)
{
    cJSON *json = cJSON_CreateObject();

    (void)cJSON_AddStringToObject(json, "message", message);
    send_json(answer, http_status, json);
}

static void send_status(const dispatch *self, http_answer *answer)
{
    cJSON *json = cJSON_CreateObject();
    cJSON *dead = NULL;

    if (trigger_dead_letters(self->db, &dead) != SQLITE_OK) {
        cJSON_Delete(json);
        send_problem(answer, 500, sqlite3_errmsg(self->db));
        return;
    }
    (void)cJSON_AddStringToObject(json, "version", icecat_version_string());
    (void)cJSON_AddStringToObject(json, "detector", pool_detector_name(self->pool));
    (void)cJSON_AddBoolToObject(json, "function", self->trigger != NULL);
    (void)cJSON_AddNumberToObject(
        json, "backlog", self->trigger == NULL ? 0 : (double)trigger_backlog(self->trigger));
    (void)cJSON_AddNumberToObject(json, "deadLetters", cJSON_GetArraySize(dead));
    cJSON_Delete(dead);
    send_json(answer, 200, json);
}

static void send_dead_letters(const dispatch *self, http_answer *answer)
{
    cJSON *dead = NULL;

    if (trigger_dead_letters(self->db, &dead) == SQLITE_OK)
        send_json(answer, 200, dead);
    else
        send_problem(answer, 500, sqlite3_errmsg(self->db));
}

static void redrive(const dispatch *self, http_answer *answer)
{
    uint64_t moved = 0;
    cJSON *json;

    if (trigger_redrive(self->db, &moved) != SQLITE_OK) {
        send_problem(answer, 500, sqlite3_errmsg(self->db));
        return;
    }
    trigger_wake(self->trigger);
    json = cJSON_CreateObject();
    (void)cJSON_AddNumberToObject(json, "moved", (double)moved);
    send_json(answer, 200, json);
}

/* The body is one fault as --fault takes it. */
static void add_fault(dispatch *self, const http_request *request, http_answer *answer)
{
    char why[256];

    if (faults_add(&self->faults, (const char *)request->body, why, sizeof(why)))
        send_json(answer, 200, cJSON_CreateObject());
    else
        send_problem(answer, 400, why);
}

/* Browsers add Origin to the POST of any web page; none may move events here. */
static int is_from_page(const http_request *request)
{
    return http_request_header(request, "origin") != NULL;
}

/* Nor may a page whose name was made to lead to this machine read anything. */
static int names_this_machine(const http_request *request)
{
    static const char *const names[] = { "127.", "localhost", "[::1]" };
    const char *host = http_request_header(request, "host");

    for (size_t i = 0; host != NULL && i < sizeof(names) / sizeof(names[0]); i++) {
        size_t len = strlen(names[i]);

        if (strncmp(host, names[i], len) == 0)
            return strspn(host + len, "0123456789.:") == strlen(host + len);
    }
    return 0;
}

void status_handle(dispatch *self, const http_request *request, http_answer *answer)
{
    const char *page = request->path + sizeof(PREFIX) - 1;
    int reads = strcmp(request->method, "GET") == 0 || strcmp(request->method, "HEAD") == 0;

    if (!names_this_machine(request))
        send_problem(answer, 403, "these pages are for this machine");
    else if (reads && strcmp(page, "status") == 0)
        send_status(self, answer);
    else if (reads && strcmp(page, "dead-letters") == 0)
        send_dead_letters(self, answer);
    else if (strcmp(request->method, "POST") == 0 && strcmp(page, "redrive") == 0 &&
             !is_from_page(request))
        redrive(self, answer);
    else if (strcmp(request->method, "POST") == 0 && strcmp(page, "faults") == 0 &&
             !is_from_page(request))
        add_fault(self, request, answer);
    else
        send_problem(answer, 404,
                     "there are status, dead-letters and, by POST, redrive and faults");
    answer->head_length = answer->body_len;
}
