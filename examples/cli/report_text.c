/*
 * report_text.c - write texts of others into HTML.
 */
#include "report_text.h"

#include "text.h"
#include <inttypes.h>
#include <string.h>
#include <time.h>

static void write_glyph(FILE *file, const struct glyph *glyph)
{
    static const char special[] = "&<>\"'`";
    char byte = glyph->bytes[0];

    if (glyph->len == 1 && strchr(special, byte) != NULL)
        fprintf(file, "&#%d;", byte);
    else
        fwrite(glyph->bytes, 1, glyph->len, file);
}

void html_text_part(FILE *file, const char *text, size_t len)
{
    const char *end = text + len;
    struct glyph glyph;

    while (text < end && (text = text_next(text, &glyph)) != NULL)
        write_glyph(file, &glyph);
}

void html_text(FILE *file, const char *text)
{
    html_text_part(file, text, strlen(text));
}

void format_utc(int64_t seconds, char *out, size_t len)
{
    time_t when = (time_t)seconds;
    struct tm parts;

    if (seconds < 0 || gmtime_r(&when, &parts) == NULL || parts.tm_year > 8099 ||
        strftime(out, len, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
        snprintf(out, len, "%" PRId64, seconds);
}

void html_time(FILE *file, int64_t seconds)
{
    char utc[32];

    format_utc(seconds, utc, sizeof(utc));
    if (strlen(utc) < sizeof("YYYY-MM-DDTHH:MM:SS"))
        fputs(utc, file);
    else
        fprintf(file, "<time datetime=\"%s\">%.10s %.8s UTC</time>", utc, utc, utc + 11);
}

void html_base64(FILE *file, const unsigned char *data, size_t len)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < len; i += 3) {
        size_t have = len - i < 3 ? len - i : 3;
        uint32_t bits = (uint32_t)data[i] << 16 | (have > 1 ? (uint32_t)data[i + 1] << 8 : 0) |
                        (have > 2 ? data[i + 2] : 0);
        char quad[4] = { digits[bits >> 18], digits[bits >> 12 & 63],
                         have > 1 ? digits[bits >> 6 & 63] : '=',
                         have > 2 ? digits[bits & 63] : '=' };

        fwrite(quad, 1, sizeof(quad), file);
    }
}
