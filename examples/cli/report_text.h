/*
 * report_text.h - write texts of others into HTML.
 */
#ifndef CLI_REPORT_TEXT_H
#define CLI_REPORT_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* @p text so that it is nothing but text, between tags and in quoted attributes. Control and direction
 * characters become visible, as on a terminal; bytes that are not UTF-8 become U+FFFD. */
void html_text(FILE *file, const char *text);
/* The same, of its first @p len bytes. */
void html_text_part(FILE *file, const char *text, size_t len);
/* A <time> element, in UTC. */
void html_time(FILE *file, int64_t seconds);
void html_base64(FILE *file, const unsigned char *data, size_t len);

/* "2025-04-11T13:22:05Z"; the number itself when it is no time. */
void format_utc(int64_t seconds, char *out, size_t len);

#endif
