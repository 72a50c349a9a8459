/*
 * log.c - one line of JSON per happening on stdout. Never an event's body, never a credential.
 */
#include "log.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static void add_time(cJSON *line)
{
    struct timespec now;
    struct tm utc;
    char text[40];
    size_t len;

    if (clock_gettime(CLOCK_REALTIME, &now) != 0 || gmtime_r(&now.tv_sec, &utc) == NULL)
        return;
    len = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(text + len, sizeof(text) - len, ".%03dZ", (int)(now.tv_nsec / 1000000));
    cJSON_AddStringToObject(line, "time", text);
}

cJSON *log_begin(const char *level, const char *request_id)
{
    cJSON *line = cJSON_CreateObject();

    if (line == NULL)
        return NULL;
    add_time(line);
    cJSON_AddStringToObject(line, "level", level);
    if (request_id != NULL)
        cJSON_AddStringToObject(line, "requestId", request_id);
    return line;
}

void log_end(const struct log *log, cJSON *line)
{
    char *text = line == NULL ? NULL : cJSON_PrintUnformatted(line);

    cJSON_Delete(line);
    if (text == NULL)
        return;
    log->write(text, log->userdata);
    cJSON_free(text);
}

void log_message(const struct log *log, const char *level, const char *request_id,
                 const char *message)
{
    cJSON *line = log_begin(level, request_id);

    if (line != NULL)
        cJSON_AddStringToObject(line, "message", message);
    log_end(log, line);
}

void log_to_stdout(const char *line, void *userdata)
{
    (void)userdata;
    fputs(line, stdout);
    fputc('\n', stdout);
    fflush(stdout);
}
