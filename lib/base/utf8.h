/*
 * utf8.h - where one character of UTF-8 ends, and lines that are fit to be read.
 */
#ifndef IC_UTF8_H
#define IC_UTF8_H

#include <stddef.h>

#define IC_UTF8_REPLACEMENT "\xef\xbf\xbd" /* U+FFFD stands for a byte that is not UTF-8 */

/** Bytes of the character at @p text, which has @p len bytes; 0 when it is malformed or cut. */
size_t ic_utf8_len(const void *text, size_t len);

/** 1 when all of @p text is UTF-8. */
int ic_utf8_is_valid(const void *text, size_t len);

/**
 * Make one line of @p text, in place: control characters, line separators and what turns the direction of
 * writing become a blank, bytes that are not UTF-8 a '?'. When it fills its @p size bytes, a character
 * that was cut at the end is left out.
 */
void ic_utf8_make_line(char *text, size_t size);

#endif
