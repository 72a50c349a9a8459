/*
 * s3_upload_part.c - UploadPart and UploadPartCopy.
 */
#include "s3_condition.h"
#include "s3_digest.h"
#include "s3_headers.h"
#include "s3_operations.h"
#include "s3_upload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool read_number(s3_context *c, int *number)
{
    const char *text = s3_parameter_of(c, "partNumber");
    size_t digits = text == NULL ? 0 : strspn(text, "0123456789");

    *number = digits > 0 && digits < 6 && text[digits] == '\0' ? (int)strtol(text, NULL, 10) : 0;
    if (*number >= 1 && *number <= S3_PARTS_MAX)
        return true;
    return s3_refuse_about(c, "InvalidArgument",
                           "Part number must be an integer between 1 and 10000, inclusive",
                           "ArgumentName", "partNumber");
}

/* Store bytes as a part; its checksum, when the upload wants one, is in piece already. */
static bool store(s3_context *c, const s3_upload *upload, s3_piece *piece, const void *bytes)
{
    piece->modified_s = c->request->now_s;
    if (!s3_etag_of(bytes, (size_t)piece->size, piece->etag))
        return s3_no_memory(c);
    return s3_body_write(c->db, upload->id, piece, bytes) == SQLITE_DONE || s3_broken(c);
}

static bool upload_part(s3_context *c, const s3_upload *upload)
{
    s3_piece piece = { .size = c->body_len };
    s3_checksum given;

    /* The client may send another checksum than the upload keeps: it is checked all the same. */
    if (!read_number(c, &piece.number) ||
        !s3_headers_checksum_of(c, c->body, c->body_len, upload->algorithm, &given))
        return false;
    piece.checksum = given;
    if (strcmp(given.algorithm, upload->algorithm) != 0) {
        piece.checksum = (s3_checksum){ 0 };
        if (upload->algorithm[0] != '\0' &&
            !s3_checksum_of(upload->algorithm, c->body, c->body_len, &piece.checksum))
            return s3_no_memory(c);
    }
    if (!store(c, upload, &piece, c->body))
        return false;
    c->answer->status = 200;
    s3_headers_etag(c->answer, piece.etag);
    if (given.algorithm[0] != '\0') {
        char name[40];

        s3_algorithm_header(given.algorithm, name);
        http_answer_header(c->answer, name, given.value);
    }
    return true;
}

bool s3_upload_part(s3_context *c)
{
    s3_upload upload;
    bool ok = s3_need_upload(c, &upload) && upload_part(c, &upload);

    s3_upload_clear(&upload);
    return ok;
}

/* "bytes=first-last", both given and inside the source. */
static bool read_range(s3_context *c, uint64_t size, uint64_t *start, uint64_t *len)
{
    const char *text = s3_header(c, "x-amz-copy-source-range");
    s3_range_kind kind = s3_range_read(text, size, start, len);
    char last[24];
    const char *dash;

    if (text == NULL)
        return true;
    dash = strchr(text, '-');
    (void)snprintf(last, sizeof(last), "%llu", (unsigned long long)(*start + *len - 1));
    if (kind == S3_RANGE_PART && dash != NULL && dash[-1] != '=' && strcmp(dash + 1, last) == 0)
        return true;
    return s3_refuse_about(c, "InvalidArgument",
                           "The x-amz-copy-source-range value must be of the form bytes=first-last "
                           "where first and last are the zero-based offsets of the first and last "
                           "bytes to copy",
                           "ArgumentValue", text);
}

static bool copy_part(s3_context *c, const s3_upload *upload, const s3_object *from)
{
    s3_piece piece = { 0 };
    uint64_t start;
    unsigned char *bytes;
    bool ok;

    if (!read_number(c, &piece.number) || !read_range(c, from->size, &start, &piece.size))
        return false;
    bytes = s3_body_read(c->db, from->body, start, piece.size);
    if (bytes == NULL)
        return sqlite3_errcode(c->db) == SQLITE_OK ? s3_no_memory(c) : s3_broken(c);
    ok = upload->algorithm[0] == '\0' ||
         s3_checksum_of(upload->algorithm, bytes, (size_t)piece.size, &piece.checksum) ||
         s3_no_memory(c);
    ok = ok && store(c, upload, &piece, bytes) &&
         s3_answer_copied(c, "CopyPartResult", piece.modified_s, piece.etag, &piece.checksum,
                          false);
    free(bytes);
    return ok;
}

bool s3_upload_part_copy(s3_context *c)
{
    s3_upload upload;
    s3_source source = { 0 };
    bool ok = s3_need_upload(c, &upload) && s3_source_find(c, &source) &&
              copy_part(c, &upload, &source.object);

    s3_source_clear(&source);
    s3_upload_clear(&upload);
    return ok;
}
