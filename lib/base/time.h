/*
 * time.h - clocks, and the date forms of AWS. Everything but the two clocks is pure.
 */
#ifndef IC_TIME_H
#define IC_TIME_H

#include <stddef.h>
#include <stdint.h>

int64_t ic_time_unix_s(void);
int64_t ic_time_unix_us(void);
/** Milliseconds of a clock that never jumps. */
uint64_t ic_time_monotonic_ms(void);

typedef struct ic_time_utc {
    int year, month, day, hour, minute, second;
} ic_time_utc;

ic_time_utc ic_time_split(int64_t unix_s);
int64_t ic_time_join(ic_time_utc utc);

#define IC_TIME_AMZ_SIZE 17 /* "20150830T123600Z" */
void ic_time_amz(int64_t unix_s, char out[IC_TIME_AMZ_SIZE]);
#define IC_TIME_HOUR_SIZE 14 /* "2025-04-11-13" */
void ic_time_hour(int64_t unix_s, char out[IC_TIME_HOUR_SIZE]);
/** RFC 9110 IMF-fixdate, "Tue, 15 Nov 1994 08:12:31 GMT"; independent of the locale. 1 when read. */
int ic_time_http_parse(const char *text, int64_t *unix_s);
/** "2015-08-30T12:36:00Z", or with "+02:00", a fraction, or in the basic form. 1 when read. */
int ic_time_iso_parse(const char *text, int64_t *unix_s);

#endif
