/*
 * cli_error.c - fill an icecat_error, and texts that are wiped.
 */
#include "cli_error.h"

#include "terminal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

icecat_status cli_error(icecat_error *err, icecat_status status, const char *format, ...)
{
    char raw[1024];
    va_list args;

    if (err == NULL)
        return status;
    memset(err, 0, sizeof(*err));
    err->status = (int32_t)status;
    err->retryable = (uint32_t)icecat_status_is_retryable(status);
    va_start(args, format);
    vsnprintf(raw, sizeof(raw), format, args);
    va_end(args);
    terminal_safe(err->message, sizeof(err->message), raw);
    return status;
}

void cli_wipe(void *data, size_t len)
{
    volatile char *at = data;

    while (len-- > 0)
        *at++ = '\0';
}

void cli_wipe_text(char *text)
{
    if (text == NULL)
        return;
    cli_wipe(text, strlen(text));
    free(text);
}

char *cli_copy_text(const char *text, size_t len)
{
    char *copy = malloc(len + 1);

    if (copy != NULL) {
        memcpy(copy, text, len);
        copy[len] = '\0';
    }
    return copy;
}
