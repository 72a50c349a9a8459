/*
 * s3_checksum.c - x-amz-checksum-*: which one a request means, and how answers show it.
 */
#include "dates.h"
#include "s3_digest.h"
#include "s3_headers.h"
#include "s3_xml.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

const char *s3_checksum_type(const s3_checksum *checksum)
{
    return strchr(checksum->value, '-') == NULL ? "FULL_OBJECT" : "COMPOSITE";
}

void s3_headers_checksum(http_answer *answer, const s3_checksum *checksum)
{
    char name[40];

    if (checksum->algorithm[0] == '\0')
        return;
    s3_algorithm_header(checksum->algorithm, name);
    http_answer_header(answer, name, checksum->value);
    http_answer_header(answer, "x-amz-checksum-type", s3_checksum_type(checksum));
}

void s3_checksum_xml(s3_text *xml, const s3_checksum *checksum, bool with_type)
{
    char name[40];

    if (checksum->algorithm[0] == '\0')
        return;
    (void)snprintf(name, sizeof(name), "Checksum%s", checksum->algorithm);
    s3_xml_element(xml, name, checksum->value);
    if (with_type)
        s3_xml_element(xml, "ChecksumType", s3_checksum_type(checksum));
}

bool s3_answer_copied(s3_context *c, const char *root, int64_t modified_s, const char *etag,
                      const s3_checksum *checksum, bool with_type)
{
    char modified[DATES_SIZE];
    char quoted[S3_ETAG_SIZE + 2];
    s3_text xml = { 0 };

    dates_iso(modified_s, modified);
    (void)snprintf(quoted, sizeof(quoted), "\"%s\"", etag);
    s3_xml_begin(&xml, root);
    s3_xml_element(&xml, "LastModified", modified);
    s3_xml_element(&xml, "ETag", quoted);
    s3_checksum_xml(&xml, checksum, with_type);
    s3_xml_close(&xml, root);
    return s3_answer_xml(c, &xml);
}

/* The algorithm whose value stands in a header (*value set) or in the trailer. */
static const char *named(const s3_context *c, const char **value)
{
    const char *trailer = s3_header(c, "x-amz-trailer");
    const char *name;

    *value = NULL;
    for (size_t i = 0; (name = s3_algorithm(i)) != NULL; i++) {
        char header[40];

        s3_algorithm_header(name, header);
        *value = s3_header(c, header);
        if (*value != NULL || (trailer != NULL && strcasecmp(trailer, header) == 0))
            return name;
    }
    return NULL;
}

/* Checksums of S3 that cannot be computed here are refused, not believed. */
static bool known(s3_context *c)
{
    static const char *const unknown[] = { "x-amz-checksum-md5", "x-amz-checksum-xxhash3",
                                           "x-amz-checksum-xxhash64", "x-amz-checksum-xxhash128" };
    const char *trailer = s3_header(c, "x-amz-trailer");

    for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
        if (s3_header(c, unknown[i]) != NULL ||
            (trailer != NULL && strcasecmp(trailer, unknown[i]) == 0))
            return s3_refuse_about(c, "NotImplemented", NULL, "Header", unknown[i]);
    }
    return true;
}

bool s3_headers_checksum_of(s3_context *c, const void *bytes, size_t len, const char *fallback,
                            s3_checksum *out)
{
    const char *value;
    const char *name = named(c, &value);

    *out = (s3_checksum){ 0 };
    if (!known(c))
        return false;
    if (name == NULL && s3_header(c, "x-amz-sdk-checksum-algorithm") != NULL)
        return s3_refuse(c, "InvalidRequest",
                         "x-amz-sdk-checksum-algorithm specified, but no corresponding "
                         "x-amz-checksum-* or x-amz-trailer headers were found.");
    if (name == NULL)
        name = fallback;
    if (name == NULL || *name == '\0')
        return true;
    if (!s3_checksum_of(name, bytes, len, out))
        return s3_no_memory(c);
    if (value != NULL && strcmp(value, out->value) != 0)
        return s3_refuse_about(c, "BadDigest", NULL, "CalculatedDigest", out->value);
    return true;
}
