/*
 * s3_upload.c - CreateMultipartUpload and AbortMultipartUpload.
 */
#include "s3_upload.h"

#include "encoding.h"
#include "s3_digest.h"
#include "s3_headers.h"
#include "s3_operations.h"
#include "s3_xml.h"

#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define TOKEN_BYTES 32

bool s3_need_upload(s3_context *c, s3_upload *upload)
{
    const char *token = s3_parameter_of(c, "uploadId");
    sqlite3_stmt *statement = s3_sql(c->db, "SELECT id, algorithm, composite, headers"
                                            " FROM s3_upload WHERE token = ?1 AND bucket = ?2"
                                            " AND key = ?3");
    int result = statement == NULL ? SQLITE_ERROR : SQLITE_ROW;

    *upload = (s3_upload){ 0 };
    if (statement != NULL) {
        s3_sql_text(statement, 1, token);
        s3_sql_text(statement, 2, c->bucket);
        s3_sql_text(statement, 3, c->key);
        result = sqlite3_step(statement);
    }
    if (result == SQLITE_ROW) {
        const char *headers = (const char *)sqlite3_column_text(statement, 3);

        upload->id = sqlite3_column_int64(statement, 0);
        s3_sql_copy(statement, 1, upload->algorithm, sizeof(upload->algorithm));
        upload->composite = sqlite3_column_int(statement, 2) != 0;
        upload->headers = headers == NULL ? NULL : strdup(headers);
    }
    (void)sqlite3_finalize(statement);
    if (result == SQLITE_ROW)
        return upload->headers != NULL || s3_no_memory(c);
    if (result != SQLITE_DONE)
        return s3_broken(c);
    return s3_need_bucket(c) && s3_refuse(c, "NoSuchUpload", NULL);
}

void s3_upload_clear(s3_upload *upload)
{
    free(upload->headers);
    upload->headers = NULL;
}

int s3_upload_forget(sqlite3 *db, int64_t id)
{
    sqlite3_stmt *statement = s3_sql(db, "DELETE FROM s3_upload WHERE id = ?1");

    if (statement != NULL)
        (void)sqlite3_bind_int64(statement, 1, id);
    return s3_sql_run(db, statement);
}

/* x-amz-checksum-algorithm and -type: only a CRC can be made of the whole from its parts, and
   CRC64NVME in no other way. */
static bool read_checksum(s3_context *c, const char **algorithm, bool *composite)
{
    const char *name = s3_header(c, "x-amz-checksum-algorithm");
    const char *type = s3_header(c, "x-amz-checksum-type");
    bool whole_only;

    *algorithm = name == NULL ? "" : s3_algorithm_named(name);
    *composite = false;
    if (*algorithm == NULL)
        return s3_refuse_about(c, "InvalidRequest", "Checksum algorithm provided is unsupported.",
                               "ArgumentValue", name);
    if (name == NULL)
        return type == NULL || s3_refuse(c, "InvalidRequest",
                                         "The x-amz-checksum-type header can only be used with the "
                                         "x-amz-checksum-algorithm header.");
    whole_only = strcmp(*algorithm, "CRC64NVME") == 0;
    *composite = type == NULL ? !whole_only : strcasecmp(type, "COMPOSITE") == 0;
    if ((type != NULL && !*composite && strcasecmp(type, "FULL_OBJECT") != 0) ||
        (*composite && whole_only) || (!*composite && !s3_algorithm_is_crc(*algorithm)))
        return s3_refuse_about(c, "InvalidRequest",
                               "The checksum type cannot be used with this checksum algorithm.",
                               "ArgumentValue", type);
    return true;
}

static bool store(s3_context *c, const char *token, const char *algorithm, bool composite,
                  const char *headers)
{
    sqlite3_stmt *statement = s3_sql(
        c->db, "INSERT INTO s3_upload VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    int64_t id = s3_store_next(c->db);

    if (statement != NULL) {
        (void)sqlite3_bind_int64(statement, 1, id);
        s3_sql_text(statement, 2, token);
        s3_sql_text(statement, 3, c->bucket);
        s3_sql_text(statement, 4, c->key);
        (void)sqlite3_bind_int64(statement, 5, c->request->now_s);
        s3_sql_text(statement, 6, algorithm);
        (void)sqlite3_bind_int(statement, 7, composite);
        s3_sql_text(statement, 8, headers);
    }
    return (s3_sql_run(c->db, statement) == SQLITE_DONE && id != 0) || s3_broken(c);
}

static bool answer(s3_context *c, const char *token, const char *algorithm, bool composite)
{
    s3_text xml = { 0 };

    s3_xml_begin(&xml, "InitiateMultipartUploadResult");
    s3_xml_element(&xml, "Bucket", c->bucket);
    s3_xml_element(&xml, "Key", c->key);
    s3_xml_element(&xml, "UploadId", token);
    s3_xml_close(&xml, "InitiateMultipartUploadResult");
    if (*algorithm != '\0') {
        http_answer_header(c->answer, "x-amz-checksum-algorithm", algorithm);
        http_answer_header(c->answer, "x-amz-checksum-type",
                           composite ? "COMPOSITE" : "FULL_OBJECT");
    }
    return s3_answer_xml(c, &xml);
}

bool s3_create_upload(s3_context *c)
{
    unsigned char random[TOKEN_BYTES];
    char token[2 * TOKEN_BYTES + 1];
    s3_text headers = { 0 };
    const char *algorithm;
    bool composite;
    bool ok = s3_need_bucket(c) && s3_headers_collect(c, &headers) &&
              read_checksum(c, &algorithm, &composite);

    if (ok && RAND_bytes(random, sizeof(random)) != 1)
        ok = s3_refuse(c, "InternalError", "No random numbers for an upload's name.");
    if (ok) {
        encoding_hex(random, sizeof(random), token);
        ok = store(c, token, algorithm, composite, headers.data) &&
             answer(c, token, algorithm, composite);
    }
    s3_text_free(&headers);
    return ok;
}

bool s3_abort_upload(s3_context *c)
{
    s3_upload upload;

    if (!s3_need_upload(c, &upload))
        return false;
    s3_upload_clear(&upload);
    if (s3_body_drop(c->db, upload.id) != SQLITE_DONE ||
        s3_upload_forget(c->db, upload.id) != SQLITE_DONE)
        return s3_broken(c);
    c->answer->status = 204;
    return true;
}
