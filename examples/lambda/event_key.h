/*
 * event_key.h - names inside an S3 event: decode and check them. Pure.
 */
#ifndef LAMBDA_EVENT_KEY_H
#define LAMBDA_EVENT_KEY_H

#include <stddef.h>

/**
 * Decode a key as S3 events carry it (form encoding: '+' is a space, %XX a byte), once.
 *
 * @return A new string, or NULL and *why is set: malformed escape, NUL, not UTF-8, empty, longer than
 *         the 1024 bytes that S3 allows, or out of memory.
 */
char *event_key_decode(const char *text, const char **why);
/** As event_key_decode() for a key that is not encoded (EventBridge). */
char *event_key_copy(const char *text, const char **why);
/** 1 when @p name has the form of a bucket name. */
int event_bucket_is_valid(const char *name);
/** 1 when the JSON text holds the escape of a NUL character, which C strings cannot carry. */
int event_has_nul_escape(const char *data, size_t len);

#endif
