/*
 * dynamodb_fault.c - the only writer of dynamodb_fault.
 */
#include "dynamodb_fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Bytes of the UTF-8 sequence at s, or 0 when it is broken (e.g. cut by a message's limit). */
static size_t sequence_length(const unsigned char *s)
{
    size_t len = s[0] < 0x80 ? 1 : s[0] < 0xC2 ? 0 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4;

    if (s[0] > 0xF4)
        return 0;
    for (size_t i = 1; i < len; i++) {
        if ((s[i] & 0xC0) != 0x80)
            return 0;
    }
    return len;
}

/* A message quotes user data, cut to a length; the answer must still be valid UTF-8. */
static void repair_utf8(char *text)
{
    unsigned char *s = (unsigned char *)text;

    while (*s != '\0') {
        size_t len = sequence_length(s);

        if (len == 0) {
            *s = '?';
            len = 1;
        }
        s += len;
    }
}

__attribute__((format(printf, 3, 0))) static bool record(dynamodb_fault *fault, const char *type,
                                                         const char *format, va_list args)
{
    fault->type = type;
    (void)vsnprintf(fault->message, sizeof(fault->message), format, args);
    repair_utf8(fault->message);
    return false;
}

bool dynamodb_refuse(dynamodb_fault *fault, const char *type, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    (void)record(fault, type, format, args);
    va_end(args);
    return false;
}

bool dynamodb_invalid(dynamodb_fault *fault, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    (void)record(fault, "ValidationException", format, args);
    va_end(args);
    return false;
}

bool dynamodb_broken(dynamodb_fault *fault, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    (void)record(fault, "InternalServerError", format, args);
    va_end(args);
    return false;
}

void dynamodb_fault_clear(dynamodb_fault *fault)
{
    cJSON_Delete(fault->item);
    cJSON_Delete(fault->reasons);
    memset(fault, 0, sizeof(*fault));
}

bool dynamodb_wrong_json(dynamodb_fault *fault, const cJSON *found, const char *wanted)
{
    const char *type = "SerializationException";

    if (cJSON_IsNumber(found))
        return dynamodb_refuse(fault, type, "NUMBER_VALUE cannot be converted to %s", wanted);
    if (cJSON_IsString(found))
        return dynamodb_refuse(fault, type, "STRING_VALUE cannot be converted to %s", wanted);
    if (cJSON_IsBool(found))
        return dynamodb_refuse(fault, type, "%s_VALUE cannot be converted to %s",
                               cJSON_IsTrue(found) ? "TRUE" : "FALSE", wanted);
    if (cJSON_IsObject(found) || cJSON_IsArray(found))
        return dynamodb_refuse(
            fault, type, "Start of structure or map found where not expected; wanted %s", wanted);
    return dynamodb_refuse(fault, type, "Unexpected field type; wanted %s", wanted);
}
