/*
 * sniff_text.c - name the text that was sent as a picture: web pages, error answers of a service,
 * Git LFS pointers, base64, and images that a program converted as if they were text.
 */
#include "image/sniff_text.h"

#include <icecat/image.h>
#include <stdio.h>
#include <string.h>

static void set(ic_sniffed *out, uint32_t format, uint32_t reason, const char *text)
{
    out->format = format;
    out->reason = reason;
    out->offset = 0;
    snprintf(out->message, sizeof(out->message), "%s", text);
}

static char lower(uint8_t c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

static int starts(const uint8_t *data, size_t len, const char *text)
{
    size_t n = strlen(text);

    if (len < n)
        return 0;
    for (size_t i = 0; i < n; i++) {
        if (lower(data[i]) != text[i])
            return 0;
    }
    return 1;
}

static int contains(const uint8_t *data, size_t len, const char *text)
{
    for (size_t i = 0; i < len; i++) {
        if (starts(data + i, len - i, text))
            return 1;
    }
    return 0;
}

/* JPEG bytes that were read as Latin-1, or as broken UTF-8, and written as UTF-8. */
static int is_mangled(const uint8_t *data, size_t len)
{
    return starts(data, len, "\xc3\xbf\xc3\x98\xc3\xbf") ||
           starts(data, len, "\xef\xbf\xbd\xef\xbf\xbd");
}

/* Bytes of the UTF-8 character that begins here; 0 when it is none. A character that the end of
 * the looked-at bytes cuts counts. */
static size_t character(const uint8_t *data, size_t len)
{
    size_t more;

    if (data[0] >= 0x20 && data[0] < 0x7f)
        return 1;
    if (data[0] == '\t' || data[0] == '\n' || data[0] == '\r' || data[0] == '\f')
        return 1;
    if (data[0] >= 0xc2 && data[0] < 0xe0)
        more = 1;
    else if (data[0] >= 0xe0 && data[0] < 0xf0)
        more = 2;
    else if (data[0] >= 0xf0 && data[0] < 0xf5)
        more = 3;
    else
        return 0;
    for (size_t i = 1; i <= more && i < len; i++) {
        if ((data[i] & 0xc0) != 0x80)
            return 0;
    }
    return more + 1;
}

static int is_text(const uint8_t *data, size_t len)
{
    for (size_t i = 0; i < len;) {
        size_t n = character(data + i, len - i);

        if (n == 0)
            return 0;
        i += n;
    }
    return 1;
}

static int is_base64_char(uint8_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/' || c == '=' || c == '-' || c == '_' || c == '\r' || c == '\n';
}

/* Base64 of an image begins with its signature's encoding; other base64 is long and unbroken. */
static int is_base64(const uint8_t *data, size_t len)
{
    size_t n = 0;

    if (starts(data, len, "data:image/"))
        return 1;
    while (n < len && is_base64_char(data[n]))
        n++;
    if (n != len)
        return 0;
    return (len >= 4 && memcmp(data, "/9j/", 4) == 0) ||
           (len >= 8 && memcmp(data, "iVBORw0K", 8) == 0) || len >= 64;
}

static int is_hex(const uint8_t *data, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char c = lower(data[i]);

        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '\n' || c == '\r'))
            return 0;
    }
    return 1;
}

static void markup(const uint8_t *data, size_t len, ic_sniffed *out)
{
    if (contains(data, len, "<svg"))
        set(out, ICECAT_IMAGE_SVG, ICECAT_IMAGE_REASON_FOREIGN,
            "SVG drawing, not JPEG or PNG; render it first");
    else if (contains(data, len, "<error>") || contains(data, len, "<error "))
        set(out, ICECAT_IMAGE_XML, ICECAT_IMAGE_REASON_FOREIGN,
            "XML error document, as S3 answers when a download fails, not an image; download the "
            "picture again");
    else if (starts(data, len, "<?xml") && !contains(data, len, "<html"))
        set(out, ICECAT_IMAGE_XML, ICECAT_IMAGE_REASON_FOREIGN, "XML document, not an image");
    else if (contains(data, len, "<html") || contains(data, len, "<!doctype html") ||
             contains(data, len, "<head") || contains(data, len, "<body"))
        set(out, ICECAT_IMAGE_HTML, ICECAT_IMAGE_REASON_FOREIGN,
            "HTML page, as a failed download leaves it, not an image; download the picture again");
    else
        set(out, ICECAT_IMAGE_XML, ICECAT_IMAGE_REASON_FOREIGN, "XML document, not an image");
}

int ic_sniff_text(const uint8_t *data, size_t len, ic_sniffed *out)
{
    if (is_mangled(data, len)) {
        set(out, ICECAT_IMAGE_UNKNOWN, ICECAT_IMAGE_REASON_TEXT_MANGLED,
            "binary data that was converted as if it were text, which cannot be undone; send the "
            "original file as binary");
        return 1;
    }
    if (starts(data, len, "\xff\xfe") || starts(data, len, "\xfe\xff")) {
        set(out, ICECAT_IMAGE_TEXT, ICECAT_IMAGE_REASON_FOREIGN, "UTF-16 text, not an image");
        return 1;
    }
    if (!is_text(data, len))
        return 0;
    if (starts(data, len, "\xef\xbb\xbf")) {
        data += 3;
        len -= 3;
    }
    while (len != 0 && (data[0] == ' ' || (data[0] >= '\t' && data[0] <= '\r'))) {
        data++;
        len--;
    }
    if (len != 0 && data[0] == '<')
        markup(data, len, out);
    else if (len != 0 && (data[0] == '{' || data[0] == '['))
        set(out, ICECAT_IMAGE_JSON, ICECAT_IMAGE_REASON_FOREIGN, "JSON text, not an image");
    else if (starts(data, len, "version https://git-lfs"))
        set(out, ICECAT_IMAGE_LFS_POINTER, ICECAT_IMAGE_REASON_FOREIGN,
            "Git LFS pointer, not the picture itself; fetch it with \"git lfs pull\"");
    else if (len != 0 && is_hex(data, len))
        set(out, ICECAT_IMAGE_TEXT, ICECAT_IMAGE_REASON_FOREIGN,
            "hexadecimal text, not an image; decode it first");
    else if (len != 0 && is_base64(data, len))
        set(out, ICECAT_IMAGE_BASE64, ICECAT_IMAGE_REASON_FOREIGN,
            "base64 text, not the bytes of an image; decode it first");
    else
        set(out, ICECAT_IMAGE_TEXT, ICECAT_IMAGE_REASON_FOREIGN, "text, not an image");
    return 1;
}
