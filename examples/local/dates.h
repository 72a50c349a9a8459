/*
 * dates.h - moments as AWS's protocols write them, whatever the locale.
 */
#ifndef ICECAT_LOCAL_DATES_H
#define ICECAT_LOCAL_DATES_H

#include <stdbool.h>
#include <stdint.h>

#define DATES_SIZE 40

void dates_iso(int64_t seconds, char out[DATES_SIZE]);         /* 2026-10-11T12:13:14.000Z */
void dates_iso_ms(int64_t milliseconds, char out[DATES_SIZE]); /* 2026-10-11T12:13:14.015Z */
void dates_basic(int64_t seconds, char out[DATES_SIZE]);       /* 20261011T121314Z */
void dates_http(int64_t seconds, char out[DATES_SIZE]);        /* Sun, 11 Oct 2026 12:13:14 GMT */

/* Read the HTTP form; false when it is another. */
bool dates_http_read(const char *text, int64_t *seconds);

#endif
