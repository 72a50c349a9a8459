/*
 * s3_upload_complete.c - CompleteMultipartUpload: check the list of parts, make them an object.
 */
#include "encoding.h"
#include "s3_digest.h"
#include "s3_headers.h"
#include "s3_operations.h"
#include "s3_upload.h"
#include "s3_xml.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One part of the request's list. */
typedef struct part {
    int number;
    char etag[S3_ETAG_SIZE];
    s3_checksum checksum; /* empty: none was given */
} part;

typedef struct completion {
    part items[S3_PARTS_MAX];
    int count;
    bool bad_number;
    digest *etags;     /* MD5 of the parts' MD5s */
    digest *checksums; /* of the parts' checksums; NULL unless composite */
    uint64_t size;
} completion;

static bool copy_text(char *out, size_t size, const char *text)
{
    if (strlen(text) >= size)
        return false;
    memcpy(out, text, strlen(text) + 1);
    return true;
}

/* An ETag, with quotes or without. One that is too long is no part's. */
static void read_etag(part *item, const char *text)
{
    size_t len;

    text += *text == '"';
    len = strcspn(text, "\"");
    if (len >= sizeof(item->etag))
        len = 0;
    memcpy(item->etag, text, len);
    item->etag[len] = '\0';
}

static bool read_field(completion *all, const char *field, const char *text)
{
    part *item = &all->items[all->count - 1];

    if (strcmp(field, "PartNumber") == 0) {
        size_t len = strlen(text);

        if (len == 0 || len > 9 || strspn(text, "0123456789") != len)
            return false;
        item->number = (int)strtol(text, NULL, 10);
        all->bad_number |= item->number < 1 || item->number > S3_PARTS_MAX;
        return true;
    }
    if (strcmp(field, "ETag") == 0) {
        read_etag(item, text);
        return true;
    }
    if (strncmp(field, "Checksum", 8) == 0) {
        const char *name = s3_algorithm_named(field + 8);

        return name != NULL && copy_text(item->checksum.algorithm, S3_ALGORITHM_SIZE, name) &&
               copy_text(item->checksum.value, S3_CHECKSUM_SIZE, text);
    }
    return false;
}

static bool read_element(void *userdata, const char *path, const char *text)
{
    static const char root[] = "CompleteMultipartUpload";
    completion *all = userdata;

    if (strncmp(path, root, sizeof(root) - 1) != 0)
        return false;
    path += sizeof(root) - 1;
    if (*path == '\0')
        return true;
    if (strcmp(path, "/Part") == 0) {
        if (text == NULL)
            return all->count < S3_PARTS_MAX && ++all->count > 0;
        return all->items[all->count - 1].number != 0 && all->items[all->count - 1].etag[0] != '\0';
    }
    if (strncmp(path, "/Part/", 6) != 0)
        return false;
    return text == NULL || read_field(all, path + 6, text);
}

static bool invalid_part(s3_context *c, const part *item)
{
    char number[16];

    (void)snprintf(number, sizeof(number), "%d", item->number);
    return s3_refuse_about(c, "InvalidPart", NULL, "PartNumber", number);
}

/* Add one part to the object's digests. */
static bool digest_part(s3_context *c, completion *all, const s3_piece *piece)
{
    unsigned char raw[DIGEST_MAX];
    size_t len;

    if (!encoding_hex_read(piece->etag, raw, 16) || !digest_add(all->etags, raw, 16))
        return s3_no_memory(c);
    if (all->checksums == NULL)
        return true;
    len = s3_algorithm_length(piece->checksum.algorithm);
    return (encoding_base64_read(piece->checksum.value, raw, len) &&
            digest_add(all->checksums, raw, len)) ||
           s3_no_memory(c);
}

static bool check_part(s3_context *c, completion *all, const s3_upload *upload, int at)
{
    const part *item = &all->items[at];
    s3_piece piece;
    int found;

    if (at > 0 && item->number <= all->items[at - 1].number)
        return s3_refuse(c, "InvalidPartOrder", NULL);
    found = s3_body_find(c->db, upload->id, item->number, &piece);
    if (found != SQLITE_ROW && found != SQLITE_DONE)
        return s3_broken(c);
    if (found == SQLITE_DONE || strcmp(piece.etag, item->etag) != 0 ||
        (strcmp(item->checksum.algorithm, piece.checksum.algorithm) == 0 &&
         strcmp(item->checksum.value, piece.checksum.value) != 0))
        return invalid_part(c, item);
    if (at + 1 < all->count && piece.size < S3_PART_MINIMUM)
        return s3_refuse_about(c, "EntityTooSmall", NULL, "ETag", piece.etag);
    all->size += piece.size;
    return digest_part(c, all, &piece);
}

/* Parts that were uploaded but are not in the list are dropped. */
static bool drop_others(s3_context *c, const completion *all, int64_t body)
{
    int above = 0;

    for (int i = 0; i <= all->count; i++) {
        int below = i < all->count ? all->items[i].number : S3_PARTS_MAX + 1;

        if (below - above > 1 && s3_body_drop_between(c->db, body, above, below) != SQLITE_DONE)
            return s3_broken(c);
        above = below;
    }
    return true;
}

/* "<digest of the parts' digests>-<count>" */
static bool finish_etag(s3_context *c, const completion *all, s3_object *object)
{
    unsigned char raw[DIGEST_MAX];
    char hex[33];

    if (digest_end(all->etags, raw) != 16)
        return s3_no_memory(c);
    encoding_hex(raw, 16, hex);
    (void)snprintf(object->etag, sizeof(object->etag), "%s-%d", hex, all->count);
    return true;
}

static bool finish_checksum(s3_context *c, const completion *all, const s3_upload *upload,
                            s3_object *object)
{
    const char *algorithm = upload->algorithm[0] == '\0' ? "CRC64NVME" : upload->algorithm;
    unsigned char raw[DIGEST_MAX];
    char header[40];
    const char *given;
    size_t len;

    if (all->checksums == NULL) {
        if (!s3_checksum_of_body(c->db, object->body, object->size, algorithm, &object->checksum))
            return s3_broken(c);
    } else {
        char text[S3_CHECKSUM_SIZE];

        len = digest_end(all->checksums, raw);
        encoding_base64(raw, len, text);
        (void)copy_text(object->checksum.algorithm, S3_ALGORITHM_SIZE, algorithm);
        if (snprintf(object->checksum.value, S3_CHECKSUM_SIZE, "%.90s-%d", text, all->count) < 0)
            return s3_no_memory(c);
    }
    s3_algorithm_header(algorithm, header);
    given = s3_header(c, header);
    len = strcspn(object->checksum.value, "-");
    if (given != NULL && (strncmp(given, object->checksum.value, len) != 0 ||
                          (given[len] != '\0' && strcmp(given, object->checksum.value) != 0)))
        return s3_refuse_about(c, "BadDigest", NULL, "CalculatedDigest", object->checksum.value);
    return true;
}

static bool answer(s3_context *c, const s3_object *object)
{
    char etag[S3_ETAG_SIZE + 2];
    s3_text location = { 0 };
    s3_text xml = { 0 };
    const char *host = s3_header(c, "host");

    (void)snprintf(etag, sizeof(etag), "\"%s\"", object->etag);
    s3_text_puts(&location, "http://");
    s3_text_puts(&location, host == NULL ? "localhost" : host);
    s3_text_puts(&location, c->request->path);
    s3_xml_begin(&xml, "CompleteMultipartUploadResult");
    s3_xml_element(&xml, "Location", s3_text_string(&location));
    s3_xml_element(&xml, "Bucket", c->bucket);
    s3_xml_element(&xml, "Key", c->key);
    s3_xml_element(&xml, "ETag", etag);
    s3_checksum_xml(&xml, &object->checksum, true);
    s3_xml_close(&xml, "CompleteMultipartUploadResult");
    s3_text_free(&location);
    return s3_answer_xml(c, &xml);
}

static bool check_size(s3_context *c, const completion *all)
{
    const char *given = s3_header(c, "x-amz-mp-object-size");
    char size[24];

    (void)snprintf(size, sizeof(size), "%llu", (unsigned long long)all->size);
    return given == NULL || strcmp(given, size) == 0 ||
           s3_refuse_about(c, "InvalidRequest",
                           "The provided 'x-amz-mp-object-size' header value does not match what "
                           "was computed",
                           "ActualSize", size);
}

static bool complete(s3_context *c, completion *all, const s3_upload *upload)
{
    s3_object object = { .body = upload->id,
                         .modified_s = c->request->now_s,
                         .headers = upload->headers };

    if (!s3_xml_read(c->body, c->body_len, read_element, all) || all->count == 0)
        return s3_refuse(c, "MalformedXML", NULL);
    if (all->bad_number)
        return s3_refuse(c, "InvalidArgument",
                         "PartNumber must be an integer between 1 and 10000, inclusive");
    for (int i = 0; i < all->count; i++) {
        if (!check_part(c, all, upload, i))
            return false;
    }
    object.size = all->size;
    if (!check_size(c, all) || !drop_others(c, all, upload->id) || !finish_etag(c, all, &object) ||
        !finish_checksum(c, all, upload, &object))
        return false;
    if (s3_upload_forget(c->db, upload->id) != SQLITE_DONE)
        return s3_broken(c);
    return s3_keep(c, &object, "ObjectCreated:CompleteMultipartUpload") && answer(c, &object);
}

static bool run(s3_context *c, const s3_upload *upload)
{
    completion *all = calloc(1, sizeof(*all));
    bool ok = all != NULL;

    if (ok) {
        all->etags = digest_new(DIGEST_MD5);
        all->checksums = upload->composite ? s3_algorithm_digest(upload->algorithm) : NULL;
        ok = all->etags != NULL && (!upload->composite || all->checksums != NULL);
    }
    ok = ok ? complete(c, all, upload) : s3_no_memory(c);
    if (all != NULL) {
        digest_free(all->etags);
        digest_free(all->checksums);
    }
    free(all);
    return ok;
}

bool s3_complete_upload(s3_context *c)
{
    s3_upload upload;
    bool ok = s3_need_upload(c, &upload) && s3_write_allowed(c) && run(c, &upload);

    s3_upload_clear(&upload);
    return ok;
}
