/*
 * s3_xml.c - the XML that S3 answers with.
 */
#include "s3_xml.h"

#include "s3_uri.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD stands for a byte that is not UTF-8 */

void s3_xml_begin(s3_text *out, const char *root)
{
    s3_text_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<");
    s3_text_puts(out, root);
    s3_text_puts(out, " xmlns=\"" S3_XML_NAMESPACE "\">");
}

void s3_xml_open(s3_text *out, const char *name)
{
    s3_text_puts(out, "<");
    s3_text_puts(out, name);
    s3_text_puts(out, ">");
}

void s3_xml_close(s3_text *out, const char *name)
{
    s3_text_puts(out, "</");
    s3_text_puts(out, name);
    s3_text_puts(out, ">");
}

/* What stands for a character; NULL when it stands for itself. */
static const char *entity(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    default:
        return NULL;
    }
}

void s3_xml_escape(s3_text *out, const char *value)
{
    while (*value != '\0') {
        const char *name = entity(*value);
        size_t len = s3_utf8_sequence(value);
        char number[8];

        if (name != NULL) {
            s3_text_puts(out, name);
        } else if ((unsigned char)*value < 0x20) {
            (void)snprintf(number, sizeof(number), "&#x%x;", (unsigned)(unsigned char)*value);
            s3_text_puts(out, number);
        } else if (len == 0) {
            s3_text_puts(out, REPLACEMENT);
        } else {
            s3_text_add(out, value, len);
        }
        value += len == 0 ? 1 : len;
    }
}

void s3_xml_element(s3_text *out, const char *name, const char *value)
{
    s3_xml_open(out, name);
    s3_xml_escape(out, value);
    s3_xml_close(out, name);
}

void s3_xml_number(s3_text *out, const char *name, uint64_t value)
{
    char text[24];

    (void)snprintf(text, sizeof(text), "%" PRIu64, value);
    s3_xml_element(out, name, text);
}

void s3_xml_flag(s3_text *out, const char *name, bool value)
{
    s3_xml_element(out, name, value ? "true" : "false");
}
