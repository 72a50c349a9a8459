/*
 * utf8.h - where one character of UTF-8 ends.
 */
#ifndef IC_UTF8_H
#define IC_UTF8_H

#include <stddef.h>

#define IC_UTF8_REPLACEMENT "\xef\xbf\xbd" /* U+FFFD stands for a byte that is not UTF-8 */

/** Bytes of the character at @p text, which has @p len bytes; 0 when it is malformed or cut. */
size_t ic_utf8_len(const void *text, size_t len);

#endif
