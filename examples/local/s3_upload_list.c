/*
 * s3_upload_list.c - ListParts and ListMultipartUploads.
 */
#include "dates.h"
#include "s3_headers.h"
#include "s3_list.h"
#include "s3_operations.h"
#include "s3_upload.h"
#include "s3_xml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE_MAX 1000
#define WHO      "<ID>" S3_ACCOUNT "</ID>"

/* A number from 0 up; more than limit becomes limit. */
static bool read_count(s3_context *c, const char *name, long limit, long absent, long *out)
{
    const char *text = s3_parameter_of(c, name);
    size_t digits = text == NULL ? 0 : strspn(text, "0123456789");

    *out = absent;
    if (text == NULL || *text == '\0')
        return true;
    if (text[digits] != '\0' || digits > 9)
        return s3_refuse_about(c, "InvalidArgument",
                               "The value must be an integer between 0 and 2147483647",
                               "ArgumentName", name);
    *out = strtol(text, NULL, 10);
    if (*out > limit)
        *out = limit;
    return true;
}

static void add_part(s3_text *xml, sqlite3_stmt *row)
{
    char modified[DATES_SIZE];
    char etag[S3_ETAG_SIZE + 2];
    s3_checksum checksum;

    dates_iso(sqlite3_column_int64(row, 2), modified);
    (void)snprintf(etag, sizeof(etag), "\"%s\"", (const char *)sqlite3_column_text(row, 3));
    s3_sql_copy(row, 4, checksum.algorithm, sizeof(checksum.algorithm));
    s3_sql_copy(row, 5, checksum.value, sizeof(checksum.value));
    s3_xml_open(xml, "Part");
    s3_xml_number(xml, "PartNumber", (uint64_t)sqlite3_column_int64(row, 0));
    s3_xml_element(xml, "LastModified", modified);
    s3_xml_element(xml, "ETag", etag);
    s3_xml_number(xml, "Size", (uint64_t)sqlite3_column_int64(row, 1));
    s3_checksum_xml(xml, &checksum, false);
    s3_xml_close(xml, "Part");
}

/* Parts behind number marker; *last is the last one shown. */
static int add_parts(sqlite3 *db, s3_text *xml, int64_t body, long marker, long max, long *last,
                     bool *truncated)
{
    sqlite3_stmt *statement = s3_sql(
        db, "SELECT number, size, modified_s, etag, algorithm, checksum FROM s3_piece"
            " WHERE body = ?1 AND number > ?2 ORDER BY number");
    int result = SQLITE_ERROR;
    long count = 0;

    *last = marker;
    if (statement != NULL) {
        (void)sqlite3_bind_int64(statement, 1, body);
        (void)sqlite3_bind_int64(statement, 2, marker);
        while ((result = sqlite3_step(statement)) == SQLITE_ROW && count++ < max) {
            add_part(xml, statement);
            *last = (long)sqlite3_column_int64(statement, 0);
        }
    }
    *truncated = result == SQLITE_ROW;
    (void)sqlite3_finalize(statement);
    return result == SQLITE_ROW ? SQLITE_DONE : result;
}

static bool list_parts(s3_context *c, const s3_upload *upload)
{
    s3_text parts = { 0 };
    s3_text xml = { 0 };
    long marker, max, last;
    bool truncated;

    if (!read_count(c, "part-number-marker", S3_PARTS_MAX, 0, &marker) ||
        !read_count(c, "max-parts", PAGE_MAX, PAGE_MAX, &max))
        return false;
    if (add_parts(c->db, &parts, upload->id, marker, max, &last, &truncated) != SQLITE_DONE) {
        s3_text_free(&parts);
        return s3_broken(c);
    }
    s3_xml_begin(&xml, "ListPartsResult");
    s3_xml_element(&xml, "Bucket", c->bucket);
    s3_xml_element(&xml, "Key", c->key);
    s3_xml_element(&xml, "UploadId", s3_parameter_of(c, "uploadId"));
    s3_text_puts(&xml, "<Initiator>" WHO "</Initiator><Owner>" WHO "</Owner>");
    s3_xml_element(&xml, "StorageClass", "STANDARD");
    s3_xml_number(&xml, "PartNumberMarker", (uint64_t)marker);
    s3_xml_number(&xml, "NextPartNumberMarker", (uint64_t)last);
    s3_xml_number(&xml, "MaxParts", (uint64_t)max);
    s3_xml_flag(&xml, "IsTruncated", truncated);
    if (upload->algorithm[0] != '\0') {
        s3_xml_element(&xml, "ChecksumAlgorithm", upload->algorithm);
        s3_xml_element(&xml, "ChecksumType", upload->composite ? "COMPOSITE" : "FULL_OBJECT");
    }
    s3_text_puts(&xml, s3_text_string(&parts));
    s3_xml_close(&xml, "ListPartsResult");
    xml.failed |= parts.failed;
    s3_text_free(&parts);
    return s3_answer_xml(c, &xml);
}

bool s3_list_parts(s3_context *c)
{
    s3_upload upload;
    bool ok = s3_need_upload(c, &upload) && list_parts(c, &upload);

    s3_upload_clear(&upload);
    return ok;
}

/* A page of uploads while it is read. */
typedef struct page {
    s3_list how; /* prefix and encoding */
    s3_text uploads;
    s3_text next_key;
    s3_text next_id;
    long max;
    bool truncated;
} page;

static void add_upload(page *p, sqlite3_stmt *row)
{
    const char *key = (const char *)sqlite3_column_text(row, 0);
    const char *token = (const char *)sqlite3_column_text(row, 1);
    char created[DATES_SIZE];

    dates_iso(sqlite3_column_int64(row, 2), created);
    s3_xml_open(&p->uploads, "Upload");
    s3_list_element(&p->how, &p->uploads, "Key", key);
    s3_xml_element(&p->uploads, "UploadId", token);
    s3_text_puts(&p->uploads, "<Initiator>" WHO "</Initiator><Owner>" WHO "</Owner>");
    s3_xml_element(&p->uploads, "StorageClass", "STANDARD");
    s3_xml_element(&p->uploads, "Initiated", created);
    s3_xml_close(&p->uploads, "Upload");
    s3_text_clear(&p->next_key);
    s3_text_puts(&p->next_key, key);
    s3_text_clear(&p->next_id);
    s3_text_puts(&p->next_id, token);
}

/* Behind the key marker; with an upload marker too, behind that upload of the key. */
static int read_uploads(s3_context *c, page *p, const char *key, const char *token)
{
    sqlite3_stmt *statement = s3_sql(
        c->db, "SELECT key, token, created_s FROM s3_upload WHERE bucket = ?1"
               " AND key >= ?2 AND key < ?2 || ?5"
               " AND (key > ?3 OR (key = ?3 AND ?4 <> '' AND id > (SELECT id FROM s3_upload"
               " WHERE token = ?4))) ORDER BY key, id");
    int result = SQLITE_ERROR;
    long count = 0;

    if (statement != NULL) {
        s3_sql_text(statement, 1, c->bucket);
        s3_sql_text(statement, 2, p->how.prefix);
        s3_sql_text(statement, 3, key);
        s3_sql_text(statement, 4, token);
        s3_sql_text(statement, 5, "\xFF"); /* behind every key with the prefix */
        while ((result = sqlite3_step(statement)) == SQLITE_ROW && count++ < p->max)
            add_upload(p, statement);
    }
    p->truncated = result == SQLITE_ROW;
    (void)sqlite3_finalize(statement);
    return result == SQLITE_ROW ? SQLITE_DONE : result;
}

static bool answer_uploads(s3_context *c, const page *p, const char *key, const char *token)
{
    s3_text xml = { 0 };

    s3_xml_begin(&xml, "ListMultipartUploadsResult");
    s3_xml_element(&xml, "Bucket", c->bucket);
    s3_list_element(&p->how, &xml, "KeyMarker", key);
    s3_xml_element(&xml, "UploadIdMarker", token);
    if (p->truncated) {
        s3_list_element(&p->how, &xml, "NextKeyMarker", s3_text_string(&p->next_key));
        s3_xml_element(&xml, "NextUploadIdMarker", s3_text_string(&p->next_id));
    }
    s3_list_element(&p->how, &xml, "Prefix", p->how.prefix);
    if (p->how.url)
        s3_xml_element(&xml, "EncodingType", "url");
    s3_xml_number(&xml, "MaxUploads", (uint64_t)p->max);
    s3_xml_flag(&xml, "IsTruncated", p->truncated);
    s3_text_puts(&xml, s3_text_string(&p->uploads));
    s3_xml_close(&xml, "ListMultipartUploadsResult");
    xml.failed |= p->uploads.failed || p->next_key.failed || p->next_id.failed;
    return s3_answer_xml(c, &xml);
}

bool s3_list_uploads(s3_context *c)
{
    const char *prefix = s3_parameter_of(c, "prefix");
    const char *encoding = s3_parameter_of(c, "encoding-type");
    const char *key = s3_parameter_of(c, "key-marker");
    const char *token = s3_parameter_of(c, "upload-id-marker");
    page p = { 0 };
    bool ok;

    p.how.prefix = prefix == NULL ? "" : prefix;
    p.how.url = encoding != NULL && strcmp(encoding, "url") == 0;
    key = key == NULL ? "" : key;
    token = token == NULL ? "" : token;
    if (s3_parameter_of(c, "delimiter") != NULL && *s3_parameter_of(c, "delimiter") != '\0')
        return s3_refuse_about(c, "NotImplemented", NULL, "Parameter", "delimiter");
    if (!s3_need_bucket(c) || !read_count(c, "max-uploads", PAGE_MAX, PAGE_MAX, &p.max))
        return false;
    ok = read_uploads(c, &p, key, token) == SQLITE_DONE ? answer_uploads(c, &p, key, token)
                                                        : s3_broken(c);
    s3_text_free(&p.uploads);
    s3_text_free(&p.next_key);
    s3_text_free(&p.next_id);
    return ok;
}
