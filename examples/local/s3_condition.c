/*
 * s3_condition.c - If-Match and its relatives, and Range.
 */
#include "s3_condition.h"

#include "dates.h"

#include <stddef.h>
#include <string.h>

bool s3_etag_listed(const char *list, const char *etag)
{
    size_t wanted = strlen(etag);

    while (*list != '\0') {
        size_t len;

        list += strspn(list, " \t,");
        if (strncmp(list, "W/", 2) == 0)
            list += 2;
        list += *list == '"';
        len = strcspn(list, "\", \t");
        if ((len == wanted && memcmp(list, etag, len) == 0) || (len == 1 && *list == '*'))
            return true;
        list += len;
        list += *list == '"';
    }
    return false;
}

static bool later(const char *date, int64_t modified_s, bool *known)
{
    int64_t seconds = 0;

    *known = date != NULL && dates_http_read(date, &seconds);
    return *known && modified_s > seconds;
}

s3_verdict s3_conditions_judge(const s3_conditions *conditions, const char *etag,
                               int64_t modified_s, const char **which)
{
    bool known;

    *which = "If-Match";
    if (conditions->match != NULL) {
        if (!s3_etag_listed(conditions->match, etag))
            return S3_VERDICT_FAILED;
    } else if (later(conditions->unmodified_since, modified_s, &known)) {
        *which = "If-Unmodified-Since";
        return S3_VERDICT_FAILED;
    }
    *which = "If-None-Match";
    if (conditions->none_match != NULL)
        return s3_etag_listed(conditions->none_match, etag) ? S3_VERDICT_NOT_MODIFIED
                                                            : S3_VERDICT_GO_ON;
    *which = "If-Modified-Since";
    if (!later(conditions->modified_since, modified_s, &known) && known)
        return S3_VERDICT_NOT_MODIFIED;
    return S3_VERDICT_GO_ON;
}

/* Digits at *text; false when there are none or they do not fit. */
static bool number(const char **text, uint64_t *value)
{
    const char *start = *text;

    *value = 0;
    for (; **text >= '0' && **text <= '9'; (*text)++) {
        uint64_t digit = (uint64_t)(**text - '0');

        if (*value > (UINT64_MAX - digit) / 10)
            return false;
        *value = *value * 10 + digit;
    }
    return *text > start;
}

static s3_range_kind suffix(const char *text, uint64_t size, uint64_t *start, uint64_t *len)
{
    uint64_t last;

    if (!number(&text, &last) || *text != '\0')
        return S3_RANGE_WHOLE;
    if (last == 0 || size == 0)
        return S3_RANGE_BEYOND;
    *len = last < size ? last : size;
    *start = size - *len;
    return S3_RANGE_PART;
}

s3_range_kind s3_range_read(const char *header, uint64_t size, uint64_t *start, uint64_t *len)
{
    uint64_t first;
    uint64_t last = UINT64_MAX;

    *start = 0;
    *len = size;
    if (header == NULL || strncmp(header, "bytes=", 6) != 0)
        return S3_RANGE_WHOLE;
    header += 6;
    if (*header == '-')
        return suffix(header + 1, size, start, len);
    if (!number(&header, &first) || *header++ != '-')
        return S3_RANGE_WHOLE;
    if (*header != '\0' && (!number(&header, &last) || *header != '\0' || last < first))
        return S3_RANGE_WHOLE;
    if (first >= size)
        return S3_RANGE_BEYOND;
    *start = first;
    *len = (last < size ? last : size - 1) - first + 1;
    return S3_RANGE_PART;
}
