/*
 * error.c - the only writers of icecat_error.
 */
#include "base/error.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

_Static_assert(sizeof(icecat_error) == 512, "icecat_error is frozen at 512 bytes");

void ic_error_clear(icecat_error *err)
{
    if (err != NULL)
        memset(err, 0, sizeof(*err));
}

icecat_status ic_fail(icecat_error *err, icecat_status status, const char *format, ...)
{
    va_list args;

    if (err == NULL)
        return status;
    err->status = (int32_t)status;
    err->retryable = (uint32_t)icecat_status_is_retryable(status);
    va_start(args, format);
    vsnprintf(err->message, sizeof(err->message), format, args);
    va_end(args);
    ic_utf8_make_line(err->message, sizeof(err->message));
    return status;
}

icecat_status ic_fail_memory(icecat_error *err, const char *what)
{
    return ic_fail(err, ICECAT_E_NO_MEMORY, "out of memory for %s", what);
}

icecat_status ic_error_recast(icecat_error *err, icecat_status status)
{
    if (err != NULL) {
        err->status = (int32_t)status;
        err->retryable = (uint32_t)icecat_status_is_retryable(status);
    }
    return status;
}

void ic_error_prefix(icecat_error *err, const char *format, ...)
{
    char old[sizeof(err->message)];
    size_t len;
    va_list args;

    if (err == NULL)
        return;
    memcpy(old, err->message, sizeof(old));
    va_start(args, format);
    vsnprintf(err->message, sizeof(err->message), format, args);
    va_end(args);
    len = strlen(err->message);
    snprintf(err->message + len, sizeof(err->message) - len, ": %s", old);
    ic_utf8_make_line(err->message, sizeof(err->message));
}

#define LEAST_SECRET 8
#define KNOWN_BY     16 /* bytes: a text may have been cut inside of the secret */

static void hide(char *text, size_t size, const char *beginning)
{
    char *at = strstr(text, beginning);

    if (at == NULL)
        return;
    memset(at, 0, size - (size_t)(at - text));
    snprintf(at, size - (size_t)(at - text), "***");
}

void ic_error_hide(icecat_error *err, const char *secret)
{
    char beginning[KNOWN_BY + 1];

    if (err == NULL || secret == NULL || strlen(secret) < LEAST_SECRET)
        return;
    snprintf(beginning, sizeof(beginning), "%s", secret);
    hide(err->message, sizeof(err->message), beginning);
    hide(err->aws_code, sizeof(err->aws_code), beginning);
    hide(err->request_id, sizeof(err->request_id), beginning);
}

#define PREFIX_ROOM 24 /* "after 100 attempts: " */

void ic_error_suffix(icecat_error *err, const char *text)
{
    size_t room = sizeof(err->message) - PREFIX_ROOM;
    size_t wanted = strlen(text) + sizeof("; ...");
    size_t keep;

    if (err == NULL)
        return;
    keep = strlen(err->message);
    if (keep + wanted > room) {
        keep = room > wanted ? room - wanted : 0;
        while (keep != 0 && ((unsigned char)err->message[keep] & 0xc0) == 0x80)
            keep--;
        strcpy(err->message + keep, "...");
        keep += 3;
    }
    snprintf(err->message + keep, sizeof(err->message) - keep, "; %s", text);
    ic_utf8_make_line(err->message, sizeof(err->message));
}
