/*
 * dates.c - moments as text (pure functions).
 */
#include "dates.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static const char days[7][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

static struct tm broken_down(int64_t seconds)
{
    time_t t = (time_t)seconds;
    struct tm tm = { 0 };

    (void)gmtime_r(&t, &tm);
    return tm;
}

void dates_iso_ms(int64_t milliseconds, char out[DATES_SIZE])
{
    struct tm tm = broken_down(milliseconds / 1000);

    (void)snprintf(out, DATES_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
                   (tm.tm_year + 1900) % 10000, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
                   tm.tm_sec, (int)(milliseconds % 1000));
}

void dates_iso(int64_t seconds, char out[DATES_SIZE])
{
    dates_iso_ms(seconds * 1000, out);
}

void dates_basic(int64_t seconds, char out[DATES_SIZE])
{
    struct tm tm = broken_down(seconds);

    (void)snprintf(out, DATES_SIZE, "%04d%02d%02dT%02d%02d%02dZ", (tm.tm_year + 1900) % 10000,
                   tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

void dates_http(int64_t seconds, char out[DATES_SIZE])
{
    struct tm tm = broken_down(seconds);

    (void)snprintf(out, DATES_SIZE, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[tm.tm_wday % 7],
                   tm.tm_mday, months[tm.tm_mon % 12], (tm.tm_year + 1900) % 10000, tm.tm_hour,
                   tm.tm_min, tm.tm_sec);
}

/* Days from 1970-01-01 to a date of the Gregorian calendar, year 1 or later. */
static int64_t days_before(int year, int month, int day)
{
    static const int before[12] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };
    int64_t past = year - 1;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return past * 365 + past / 4 - past / 100 + past / 400 + before[month] +
           (leap && month > 1 ? 1 : 0) + day - 1 - 719162;
}

bool dates_http_read(const char *text, int64_t *seconds)
{
    char name[4];
    int day, year, hour, minute, second;
    int month = 0;
    int used = 0;

    if (sscanf(text, "%*3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d GMT%n", &day, name, &year, &hour,
               &minute, &second, &used) != 6 ||
        used == 0 || text[used] != '\0')
        return false;
    while (month < 12 && strcmp(months[month], name) != 0)
        month++;
    if (month == 12 || day < 1 || day > 31 || year < 1 || hour < 0 || hour > 23 || minute < 0 ||
        minute > 59 || second < 0 || second > 60)
        return false;
    *seconds = days_before(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
    return true;
}
