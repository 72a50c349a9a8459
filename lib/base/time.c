/*
 * time.c - clocks, and the date forms of AWS.
 */
#include "base/time.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

int64_t ic_time_unix_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t ic_time_unix_s(void)
{
    return ic_time_unix_us() / 1000000;
}

uint64_t ic_time_monotonic_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/*
 * Days since 1970-01-01 of a date in the Gregorian calendar. Years are counted from March, so that
 * the leap day is the last of its year.
 */
static int64_t days_from_date(int64_t year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return era * 146097 + day_of_era - 719468;
}

ic_time_utc ic_time_split(int64_t unix_s)
{
    int64_t days = unix_s >= 0 ? unix_s / 86400 : -((-unix_s + 86399) / 86400);
    int64_t second_of_day = unix_s - days * 86400;
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t day_of_era = z - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
                           day_of_era / 146096) /
                          365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_from_march = (5 * day_of_year + 2) / 153;
    ic_time_utc utc;

    utc.day = (int)(day_of_year - (153 * month_from_march + 2) / 5 + 1);
    utc.month = (int)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    utc.year = (int)(year_of_era + era * 400 + (utc.month <= 2 ? 1 : 0));
    utc.hour = (int)(second_of_day / 3600);
    utc.minute = (int)(second_of_day / 60 % 60);
    utc.second = (int)(second_of_day % 60);
    return utc;
}

int64_t ic_time_join(ic_time_utc utc)
{
    return days_from_date(utc.year, utc.month, utc.day) * 86400 + utc.hour * 3600 +
           utc.minute * 60 + utc.second;
}

/* Four or two digits; snprintf would have to be told that they fit. */
static char *put_digits(char *out, int number, int digits)
{
    for (int i = digits; i > 0; i--) {
        out[i - 1] = (char)('0' + number % 10);
        number /= 10;
    }
    return out + digits;
}

void ic_time_amz(int64_t unix_s, char out[IC_TIME_AMZ_SIZE])
{
    ic_time_utc utc = ic_time_split(unix_s);
    char *at = put_digits(out, utc.year, 4);

    at = put_digits(at, utc.month, 2);
    at = put_digits(at, utc.day, 2);
    *at++ = 'T';
    at = put_digits(at, utc.hour, 2);
    at = put_digits(at, utc.minute, 2);
    at = put_digits(at, utc.second, 2);
    memcpy(at, "Z", 2);
}

void ic_time_hour(int64_t unix_s, char out[IC_TIME_HOUR_SIZE])
{
    ic_time_utc utc = ic_time_split(unix_s);
    char *at = put_digits(out, utc.year, 4);

    *at++ = '-';
    at = put_digits(at, utc.month, 2);
    *at++ = '-';
    at = put_digits(at, utc.day, 2);
    *at++ = '-';
    at = put_digits(at, utc.hour, 2);
    *at = '\0';
}

/* Read exactly @p digits decimal digits and move on. */
static int take_digits(const char **text, int digits, int *out)
{
    int number = 0;

    for (int i = 0; i < digits; i++) {
        char c = (*text)[i];

        if (c < '0' || c > '9')
            return 0;
        number = number * 10 + (c - '0');
    }
    *text += digits;
    *out = number;
    return 1;
}

static int take_char(const char **text, char wanted)
{
    if (**text != wanted)
        return 0;
    (*text)++;
    return 1;
}

static int is_sane(ic_time_utc utc)
{
    return utc.month >= 1 && utc.month <= 12 && utc.day >= 1 && utc.day <= 31 && utc.hour <= 23 &&
           utc.minute <= 59 && utc.second <= 60;
}

static int take_month(const char **text, int *month)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

    for (int i = 0; i < 12; i++) {
        if (strncmp(*text, names + 3 * i, 3) == 0) {
            *month = i + 1;
            *text += 3;
            return 1;
        }
    }
    return 0;
}

static int take_clock(const char **text, ic_time_utc *utc)
{
    return take_digits(text, 2, &utc->hour) && take_char(text, ':') &&
           take_digits(text, 2, &utc->minute) && take_char(text, ':') &&
           take_digits(text, 2, &utc->second);
}

int ic_time_http_parse(const char *text, int64_t *unix_s)
{
    ic_time_utc utc;

    if (text == NULL || strlen(text) < 29 || text[3] != ',' || text[4] != ' ')
        return 0;
    text += 5;
    if (!take_digits(&text, 2, &utc.day) || !take_char(&text, ' ') ||
        !take_month(&text, &utc.month) || !take_char(&text, ' ') ||
        !take_digits(&text, 4, &utc.year) || !take_char(&text, ' ') || !take_clock(&text, &utc) ||
        strcmp(text, " GMT") != 0 || !is_sane(utc))
        return 0;
    *unix_s = ic_time_join(utc);
    return 1;
}

/* "Z", or how far the local time is before UTC, "+02:00": then @p offset_s is to be taken off. */
static int take_zone(const char **text, int *offset_s)
{
    int sign = 0;
    int hours;
    int minutes;

    *offset_s = 0;
    if (take_char(text, 'Z'))
        return 1;
    if (take_char(text, '+'))
        sign = 1;
    else if (take_char(text, '-'))
        sign = -1;
    else
        return 0;
    if (!take_digits(text, 2, &hours))
        return 0;
    (void)take_char(text, ':');
    if (!take_digits(text, 2, &minutes) || hours > 23 || minutes > 59)
        return 0;
    *offset_s = sign * (hours * 3600 + minutes * 60);
    return 1;
}

int ic_time_iso_parse(const char *text, int64_t *unix_s)
{
    ic_time_utc utc;
    int offset_s;
    int extended;

    if (text == NULL || !take_digits(&text, 4, &utc.year))
        return 0;
    extended = take_char(&text, '-');
    if (!take_digits(&text, 2, &utc.month) || (extended && !take_char(&text, '-')) ||
        !take_digits(&text, 2, &utc.day) || !take_char(&text, 'T') ||
        !take_digits(&text, 2, &utc.hour) || (extended && !take_char(&text, ':')) ||
        !take_digits(&text, 2, &utc.minute) || (extended && !take_char(&text, ':')) ||
        !take_digits(&text, 2, &utc.second))
        return 0;
    if (take_char(&text, '.'))
        text += strspn(text, "0123456789");
    if (!take_zone(&text, &offset_s) || *text != '\0' || !is_sane(utc))
        return 0;
    *unix_s = ic_time_join(utc) - offset_s;
    return 1;
}
