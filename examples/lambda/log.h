/*
 * log.h - one line of JSON per happening on stdout, which Lambda passes to CloudWatch Logs.
 */
#ifndef LAMBDA_LOG_H
#define LAMBDA_LOG_H

#include <cjson/cJSON.h>

/** Takes a whole line, without a line break. */
typedef void (*log_line_fn)(const char *line, void *userdata);

struct log {
    log_line_fn write;
    void *userdata;
};

/** A new line, with time, level and request id (may be NULL). NULL when out of memory. */
cJSON *log_begin(const char *level, const char *request_id);
/** Write and release it. NULL is allowed. */
void log_end(const struct log *log, cJSON *line);
/** A line that only has a message. */
void log_message(const struct log *log, const char *level, const char *request_id,
                 const char *message);
/** A log_line_fn that writes to stdout. */
void log_to_stdout(const char *line, void *userdata);

#endif
