/*
 * encoding.h - bytes as hexadecimal, base64, percent escapes and UUIDs.
 */
#ifndef ICECAT_LOCAL_ENCODING_H
#define ICECAT_LOCAL_ENCODING_H

#include <stdbool.h>
#include <stddef.h>

#define ENCODING_UUID_SIZE  37
#define ENCODING_BASE64_MAX 64 /* bytes that encoding_base64_read() decodes at most */

/* Lower-case digits; out has room for 2 * len + 1. */
void encoding_hex(const unsigned char *bytes, size_t len, char *out);
/* Read exactly len bytes from lower-case digits; false when text is anything else. */
bool encoding_hex_read(const char *text, unsigned char *out, size_t len);
/* The byte that two digits of either case stand for; -1 when they are none. */
int encoding_hex_byte(const char *two);

/* With padding, without line breaks; out has room for 4 * ((len + 2) / 3) + 1. */
void encoding_base64(const unsigned char *bytes, size_t len, char *out);
/* Read exactly len bytes; false when text is not what encoding_base64() writes for them. */
bool encoding_base64_read(const char *text, unsigned char *out, size_t len);

/* "%2F", without a NUL byte. */
void encoding_percent(char c, char out[3]);

/* 16 random bytes as a UUID of version 4. */
void encoding_uuid(const unsigned char random[16], char out[ENCODING_UUID_SIZE]);

#endif
