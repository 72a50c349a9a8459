/*
 * log.h - one gate for all log lines.
 */
#ifndef IC_LOG_H
#define IC_LOG_H

#include <icecat/log.h>

typedef struct ic_log {
    icecat_log_fn fn; /* NULL: silent */
    void *userdata;
    uint32_t level;
} ic_log;

void ic_log_write(const ic_log *log, uint32_t level, const char *area, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
