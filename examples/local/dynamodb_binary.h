/*
 * dynamodb_binary.h - the Binary type: base64 in JSON, bytes for order and equality.
 */
#ifndef ICECAT_LOCAL_DYNAMODB_BINARY_H
#define ICECAT_LOCAL_DYNAMODB_BINARY_H

#include <stdbool.h>
#include <stddef.h>

#define DYNAMODB_BINARY_BAD ((size_t)-1)

/* Bytes that padded standard base64 text stands for, or DYNAMODB_BINARY_BAD. */
size_t dynamodb_binary_length(const char *text);

/* Decode valid text into at most size bytes; returns their count, or DYNAMODB_BINARY_BAD. */
size_t dynamodb_binary_decode(const char *text, unsigned char *out, size_t size);

/* memcmp order of the decoded bytes, a prefix first. Both texts must be valid. */
int dynamodb_binary_compare(const char *a, const char *b);

/* Whether the bytes of whole begin with those of part. Both texts must be valid. */
bool dynamodb_binary_begins(const char *whole, const char *part);

/* Set unused bits of the last digit to zero, so that equal bytes have equal text. */
void dynamodb_binary_normalise(char *text);

#endif
