/*
 * text_time.c - points in time as people write them.
 */
#include "text_time.h"

#include "option_values.h"
#include <string.h>

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };
#define MOST_SECONDS 253402300799ull /* the end of the year 9999 */

/* @p count digits as a number from @p min to @p max; -1 when they are not. */
static int digits(const char **at, int count, int min, int max)
{
    int value = 0;

    for (int i = 0; i < count; i++, (*at)++) {
        if (**at < '0' || **at > '9')
            return -1;
        value = value * 10 + (**at - '0');
    }
    return value >= min && value <= max ? value : -1;
}

static int is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in(int year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

static int64_t days_since_1970(int year, int month, int day)
{
    int64_t days = day - 1;

    for (int i = 1970; i < year; i++)
        days += is_leap(i) ? 366 : 365;
    for (int i = 1; i < month; i++)
        days += days_in(year, i);
    return days;
}

/* "YYYY-MM-DD" and what follows it. */
static int read_day(const char **at, int64_t *out)
{
    int year = digits(at, 4, 1970, 9999);
    int month = year >= 0 && *(*at)++ == '-' ? digits(at, 2, 1, 12) : -1;
    int day = month >= 0 && *(*at)++ == '-' ? digits(at, 2, 1, 31) : -1;

    if (day < 0 || day > days_in(year, month))
        return 0;
    *out = days_since_1970(year, month, day) * DAY;
    return 1;
}

/* "THH:MM" or "THH:MM:SS", then "Z". */
static int read_clock(const char *at, int64_t *seconds)
{
    int hour = *at++ == 'T' ? digits(&at, 2, 0, 23) : -1;
    int minute = hour >= 0 && *at++ == ':' ? digits(&at, 2, 0, 59) : -1;
    int second = 0;

    if (minute >= 0 && *at == ':') {
        at++;
        second = digits(&at, 2, 0, 59);
    }
    *seconds = (int64_t)hour * HOUR + minute * MINUTE + second;
    return minute >= 0 && second >= 0 && strcmp(at, "Z") == 0;
}

static int read_ago(const char *text, int64_t now, int64_t *out)
{
    static const char units[] = "smhd";
    static const int seconds[] = { 1, MINUTE, HOUR, DAY };
    size_t len = strlen(text);
    const char *unit = len > 1 ? strchr(units, text[len - 1]) : NULL;
    char number[16];
    uint64_t count;

    if (unit == NULL || len > sizeof(number))
        return 0;
    memcpy(number, text, len - 1);
    number[len - 1] = '\0';
    if (!text_number(number, 0, 1000000000, &count))
        return 0;
    *out = now - (int64_t)count * seconds[unit - units];
    return *out > 0;
}

int text_time(const char *text, int64_t now, int is_end, int64_t *out)
{
    const char *at = text;
    uint64_t seconds;
    int64_t clock;

    if (text_number(text, 1, MOST_SECONDS, &seconds)) {
        *out = (int64_t)seconds;
        return 1;
    }
    if (read_ago(text, now, out))
        return 1;
    if (!read_day(&at, out))
        return 0;
    if (*at == '\0') {
        *out += is_end ? DAY : 0;
        return 1;
    }
    if (!read_clock(at, &clock))
        return 0;
    *out += clock;
    return 1;
}
