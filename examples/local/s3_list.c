/*
 * s3_list.c - ListObjects and ListObjectsV2.
 */
#include "s3_list.h"
#include "s3_operations.h"
#include "s3_xml.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

static const char *or_empty(const char *text)
{
    return text == NULL ? "" : text;
}

static bool read_max(s3_context *c, unsigned *max)
{
    const char *text = s3_parameter_of(c, "max-keys");
    unsigned long value;

    *max = S3_LIST_MAX;
    if (text == NULL || *text == '\0')
        return true;
    value = strtoul(text, NULL, 10);
    if (strspn(text, "0123456789") != strlen(text) || value > INT_MAX)
        return s3_refuse_about(c, "InvalidArgument",
                               "Argument maxKeys must be an integer between 0 and 2147483647",
                               "ArgumentValue", text);
    if (value < S3_LIST_MAX)
        *max = (unsigned)value;
    return true;
}

/* What both versions have. */
static bool read_list(s3_context *c, s3_list *list)
{
    const char *encoding = s3_parameter_of(c, "encoding-type");

    *list = (s3_list){ .prefix = or_empty(s3_parameter_of(c, "prefix")),
                       .delimiter = or_empty(s3_parameter_of(c, "delimiter")),
                       .after = "" };
    list->url = encoding != NULL && strcmp(encoding, "url") == 0;
    if (encoding != NULL && !list->url)
        return s3_refuse_about(c, "InvalidArgument", "Invalid Encoding Method specified in Request",
                               "ArgumentValue", encoding);
    return read_max(c, &list->max) && s3_need_bucket(c);
}

static bool fill(s3_context *c, s3_list *list)
{
    int result = s3_list_page(c->db, c->bucket, list);

    if (result == SQLITE_NOMEM)
        return s3_no_memory(c);
    return result == SQLITE_DONE || s3_broken(c);
}

static void begin(const s3_context *c, const s3_list *list, s3_text *xml)
{
    s3_xml_begin(xml, "ListBucketResult");
    s3_xml_element(xml, "Name", c->bucket);
    s3_list_element(list, xml, "Prefix", list->prefix);
    if (*list->delimiter != '\0')
        s3_list_element(list, xml, "Delimiter", list->delimiter);
    s3_xml_number(xml, "MaxKeys", list->max);
    if (list->url)
        s3_xml_element(xml, "EncodingType", "url");
    s3_xml_flag(xml, "IsTruncated", list->truncated);
}

static bool end(s3_context *c, const s3_list *list, s3_text *xml)
{
    s3_text_puts(xml, s3_text_string(&list->contents));
    s3_xml_close(xml, "ListBucketResult");
    return s3_answer_xml(c, xml);
}

/* Whether a marker is itself a common prefix, as NextMarker may be. */
static bool is_group(const s3_list *list)
{
    size_t prefix = strlen(list->prefix);
    size_t delimiter = strlen(list->delimiter);
    const char *found;

    if (delimiter == 0 || strncmp(list->after, list->prefix, prefix) != 0)
        return false;
    found = strstr(list->after + prefix, list->delimiter);
    return found != NULL && found[delimiter] == '\0';
}

bool s3_list_objects(s3_context *c)
{
    s3_text xml = { 0 };
    s3_list list;
    bool ok;

    if (!read_list(c, &list))
        return false;
    list.owner = true;
    list.after = or_empty(s3_parameter_of(c, "marker"));
    list.after_group = is_group(&list);
    ok = fill(c, &list);
    if (ok) {
        begin(c, &list, &xml);
        s3_list_element(&list, &xml, "Marker", list.after);
        if (list.truncated && *list.delimiter != '\0')
            s3_list_element(&list, &xml, "NextMarker", s3_text_string(&list.last));
        ok = end(c, &list, &xml);
    }
    s3_list_free(&list);
    return ok;
}

/* A token is "k" or "p" (key or common prefix) and where the page ended, in hexadecimal. */
static bool read_token(s3_context *c, s3_list *list, char **decoded)
{
    const char *token = s3_parameter_of(c, "continuation-token");

    list->after = or_empty(s3_parameter_of(c, "start-after"));
    if (token == NULL)
        return true;
    *decoded = s3_uri_from_hex(token);
    if (*decoded == NULL || strchr("kp", **decoded) == NULL || **decoded == '\0' ||
        !s3_utf8_valid(*decoded))
        return s3_refuse_about(c, "InvalidArgument", "The continuation token provided is incorrect",
                               "ArgumentName", "continuation-token");
    list->after = *decoded + 1;
    list->after_group = **decoded == 'p';
    return true;
}

static void add_next_token(const s3_list *list, s3_text *xml)
{
    s3_xml_open(xml, "NextContinuationToken");
    s3_uri_hex(xml, list->last_is_group ? "p" : "k");
    s3_uri_hex(xml, s3_text_string(&list->last));
    s3_xml_close(xml, "NextContinuationToken");
}

static bool answer_v2(s3_context *c, const s3_list *list)
{
    const char *token = s3_parameter_of(c, "continuation-token");
    const char *start = s3_parameter_of(c, "start-after");
    s3_text xml = { 0 };

    begin(c, list, &xml);
    if (start != NULL)
        s3_list_element(list, &xml, "StartAfter", start);
    if (token != NULL)
        s3_xml_element(&xml, "ContinuationToken", token);
    if (list->truncated)
        add_next_token(list, &xml);
    s3_xml_number(&xml, "KeyCount", list->count);
    return end(c, list, &xml);
}

bool s3_list_objects_v2(s3_context *c)
{
    const char *owner = s3_parameter_of(c, "fetch-owner");
    char *decoded = NULL;
    s3_list list;
    bool ok;

    if (strcmp(s3_parameter_of(c, "list-type"), "2") != 0)
        return s3_refuse_about(c, "InvalidArgument", "Invalid List Type specified in Request",
                               "ArgumentName", "list-type");
    if (!read_list(c, &list))
        return false;
    list.owner = owner != NULL && strcmp(owner, "true") == 0;
    ok = read_token(c, &list, &decoded) && fill(c, &list) && answer_v2(c, &list);
    s3_list_free(&list);
    free(decoded);
    return ok;
}
