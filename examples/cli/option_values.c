/*
 * option_values.c - values of options that are numbers, sizes or one of several words.
 */
#include "option_values.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

int text_number(const char *text, uint64_t min, uint64_t max, uint64_t *out)
{
    uint64_t value = 0;

    if (*text == '\0')
        return 0;
    for (; *text != '\0'; text++) {
        unsigned digit = (unsigned)*text - '0';

        if (digit > 9 || value > (UINT64_MAX - digit) / 10)
            return 0;
        value = value * 10 + digit;
    }
    if (value < min || value > max)
        return 0;
    *out = value;
    return 1;
}

int options_number(const struct options *options, enum option_id id, uint64_t min, uint64_t max,
                   uint64_t *out, char *why, size_t why_len)
{
    const char *text = options_text(options, id);

    if (text == NULL || text_number(text, min, max, out))
        return 1;
    snprintf(why, why_len,
             "--%s must be a whole number from %" PRIu64 " to %" PRIu64 ", not \"%s\"",
             options_row(id)->long_name, min, max, text);
    return 0;
}

static int parse_size(const char *text, uint64_t *out)
{
    static const char units[] = "KMG";
    char digits[24];
    size_t len = strspn(text, "0123456789");
    const char *suffix = text + len;
    uint64_t value, scale = 1;

    if (len == 0 || len >= sizeof(digits))
        return 0;
    memcpy(digits, text, len);
    digits[len] = '\0';
    if (!text_number(digits, 1, UINT64_MAX, &value))
        return 0;
    for (size_t i = 0; i < sizeof(units) - 1 && *suffix != '\0'; i++) {
        if (strncasecmp(suffix, &units[i], 1) == 0) {
            scale = (uint64_t)1 << (10 * (i + 1));
            suffix++;
            break;
        }
    }
    if (*suffix != '\0' && strcasecmp(suffix, "B") != 0 &&
        (scale == 1 || strcasecmp(suffix, "iB") != 0))
        return 0;
    if (value > UINT64_MAX / scale)
        return 0;
    *out = value * scale;
    return 1;
}

int options_size(const struct options *options, enum option_id id, uint64_t *out, char *why,
                 size_t why_len)
{
    const char *text = options_text(options, id);

    if (text == NULL || parse_size(text, out))
        return 1;
    snprintf(why, why_len, "--%s must be a size like 500K or 5M, not \"%s\"",
             options_row(id)->long_name, text);
    return 0;
}

int options_percent(const struct options *options, enum option_id id, double *out, char *why,
                    size_t why_len)
{
    const char *text = options_text(options, id);
    char *end;
    double value;

    if (text == NULL)
        return 1;
    value = strtod(text, &end);
    if (strspn(text, "0123456789.") == strlen(text) && end != text && *end == '\0' &&
        value <= 100) {
        *out = value;
        return 1;
    }
    snprintf(why, why_len, "--%s must be a percentage from 0 to 100, not \"%s\"",
             options_row(id)->long_name, text);
    return 0;
}

int options_choice(const struct options *options, enum option_id id, size_t *out, char *why,
                   size_t why_len)
{
    const char *const *words = options_words(id);
    const char *text = options_text(options, id);
    size_t used;

    if (text == NULL)
        return 1;
    for (size_t i = 0; words[i] != NULL; i++) {
        if (strcmp(text, words[i]) == 0) {
            *out = i;
            return 1;
        }
    }
    snprintf(why, why_len, "--%s must be one of", options_row(id)->long_name);
    for (size_t i = 0; words[i] != NULL; i++) {
        used = strlen(why);
        snprintf(why + used, why_len - used, "%s %s", i == 0 ? "" : ",", words[i]);
    }
    used = strlen(why);
    snprintf(why + used, why_len - used, "; not \"%s\"", text);
    return 0;
}
