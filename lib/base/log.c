/*
 * log.c - one gate for all log lines.
 */
#include "base/log.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>

void ic_log_write(const ic_log *log, uint32_t level, const char *area, const char *format, ...)
{
    char text[512];
    va_list args;

    if (log == NULL || log->fn == NULL || level > log->level)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    ic_utf8_make_line(text, sizeof(text));
    log->fn(level, area, text, log->userdata);
}
