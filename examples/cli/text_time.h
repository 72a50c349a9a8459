/*
 * text_time.h - points in time as people write them. Pure.
 */
#ifndef CLI_TEXT_TIME_H
#define CLI_TEXT_TIME_H

#include <stdint.h>

/*
 * "2026-11-01", "2026-11-01T14:30Z", "2026-11-01T14:30:05Z" (always UTC), seconds since 1970, or how long
 * before @p now: "90s", "30m", "12h", "7d". With @p is_end a day alone means its end. 1 and *out, or 0.
 */
int text_time(const char *text, int64_t now, int is_end, int64_t *out);

#endif
