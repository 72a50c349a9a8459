/*
 * s3_request.c - requests of S3's operations.
 *
 * Source of the rules: Amazon S3 API Reference; Amazon S3 User Guide, "Bucket naming rules" and
 * "Naming Amazon S3 objects".
 */
#include "services/s3_request.h"

#include "base/error.h"
#include "base/uri.h"
#include "base/view.h"

#include <stdio.h>
#include <string.h>

#define MAX_KEY            1024
#define MAX_METADATA_BYTES 2048
#define DEFAULT_MAX_BYTES  (64u << 20)
#define MAX_PUT            (5ull << 30)

static int is_ipv4(const char *text)
{
    size_t dots = 0;

    for (const char *c = text; *c != '\0'; c++)
        dots += *c == '.';
    return dots == 3 && strspn(text, "0123456789.") == strlen(text);
}

icecat_status ic_s3_bucket_check(const char *bucket, icecat_error *err)
{
    size_t len = bucket != NULL ? strlen(bucket) : 0;
    const char *rule = NULL;

    if (bucket == NULL || len < 3 || len > 63)
        rule = "must have 3 to 63 characters";
    else if (strspn(bucket, "abcdefghijklmnopqrstuvwxyz0123456789.-") != len)
        rule = "may hold a-z, 0-9, '.' and '-' only";
    else if (strchr(".-", bucket[0]) != NULL || strchr(".-", bucket[len - 1]) != NULL)
        rule = "must begin and end with a letter or digit";
    else if (strstr(bucket, "..") != NULL || is_ipv4(bucket))
        rule = "must not look like an address or hold \"..\"";
    if (rule == NULL)
        return ICECAT_OK;
    return ic_fail(err, ICECAT_E_ARGUMENT, "bucket name \"%.70s\" %s", bucket != NULL ? bucket : "",
                   rule);
}

static icecat_status check_place(ic_s3_place place, icecat_error *err)
{
    icecat_status status = ic_s3_bucket_check(place.bucket, err);
    size_t len = place.key != NULL ? strlen(place.key) : 0;

    if (status == ICECAT_OK && (len == 0 || len > MAX_KEY))
        status = ic_fail(err, ICECAT_E_ARGUMENT, "an object key has %zu bytes; 1 to %d are allowed",
                         len, MAX_KEY);
    return status;
}

static icecat_status begin(ic_request *request, const ic_mem *mem, const char *operation,
                           const char *method, ic_s3_place place, icecat_error *err)
{
    icecat_status status;

    ic_request_init(request, mem, IC_SERVICE_S3, operation, method);
    status = check_place(place, err);
    if (status != ICECAT_OK)
        return status;
    request->bucket = ic_mem_dup(mem, place.bucket);
    ic_buf_add_char(&request->path, '/');
    ic_uri_encode(&request->path, ic_view_of(place.key), 1);
    if (request->bucket == NULL)
        return ic_fail_memory(err, "a request");
    return ic_buf_check(&request->path, "an encoded object key", err);
}

/* A line break in a value would start a header of its own. */
static icecat_status add_header(ic_request *request, const char *name, const char *value,
                                icecat_error *err)
{
    icecat_status status;

    for (const char *c = value; *c != '\0'; c++) {
        if ((unsigned char)*c < 0x20 || (unsigned char)*c >= 0x7f)
            return ic_fail(err, ICECAT_E_ARGUMENT,
                           "header %.60s may hold printable ASCII only; percent-encode the value",
                           name);
    }
    status = ic_pairs_add(&request->headers, name, value);
    if (status == ICECAT_E_LIMIT)
        return ic_fail(err, status, "too many headers, or too long");
    return status == ICECAT_OK ? status : ic_fail_memory(err, "a header");
}

static int is_token(const char *name)
{
    return name != NULL && name[0] != '\0' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") ==
               strlen(name);
}

static icecat_status add_metadata(ic_request *request, const icecat_pair *metadata, size_t count,
                                  icecat_error *err)
{
    icecat_status status = ICECAT_OK;
    size_t bytes = 0;

    for (size_t i = 0; i < count && status == ICECAT_OK; i++) {
        const icecat_pair *entry = &metadata[i];
        char name[128];

        if (!is_token(entry->name) || strlen(entry->name) > 100 || entry->value == NULL)
            return ic_fail(err, ICECAT_E_ARGUMENT,
                           "metadata %zu needs a name of letters, digits, '-', "
                           "'_' and '.', and a value",
                           i);
        bytes += strlen(entry->name) + strlen(entry->value);
        if (bytes > MAX_METADATA_BYTES)
            return ic_fail(err, ICECAT_E_ARGUMENT, "the metadata is over %d bytes",
                           MAX_METADATA_BYTES);
        snprintf(name, sizeof(name), "x-amz-meta-%s", entry->name);
        status = add_header(request, name, entry->value, err);
    }
    return status;
}

static icecat_status add_content_type(ic_request *request, const char *type, icecat_error *err)
{
    return add_header(request, "content-type", type != NULL ? type : "application/octet-stream",
                      err);
}

static icecat_status set_payload_hash(ic_request *request, const char *hash, icecat_error *err)
{
    if (hash == NULL)
        return ICECAT_OK;
    if (!ic_sha256_hex_is_valid(hash))
        return ic_fail(err, ICECAT_E_ARGUMENT, "payload_sha256 is not 64 lower-case hex digits");
    memcpy(request->payload_hash, hash, sizeof(request->payload_hash));
    return ICECAT_OK;
}

icecat_status ic_s3_put_request(ic_request *request, const ic_mem *mem, ic_s3_place place,
                                ic_view body, const icecat_s3_put_options *options,
                                icecat_error *err)
{
    icecat_status status = begin(request, mem, "PutObject", "PUT", place, err);

    if (status != ICECAT_OK)
        return status;
    if (body.len > MAX_PUT)
        return ic_fail(err, ICECAT_E_LIMIT, "a put of %zu bytes; S3 takes 5 GB", body.len);
    request->body = body.data;
    request->body_len = body.len;
    request->takes_checksum = 1;
    status = set_payload_hash(request, options->payload_sha256, err);
    if (status == ICECAT_OK)
        status = add_content_type(request, options->content_type, err);
    if (status == ICECAT_OK && options->if_none_match)
        status = add_header(request, "if-none-match", "*", err);
    return status == ICECAT_OK
               ? add_metadata(request, options->metadata, options->metadata_count, err)
               : status;
}

icecat_status ic_s3_get_request(ic_request *request, const ic_mem *mem, ic_s3_place place,
                                const icecat_s3_get_options *options, icecat_error *err)
{
    uint64_t most = options->max_bytes != 0 ? options->max_bytes : DEFAULT_MAX_BYTES;
    uint64_t last = options->range_start + options->range_len - 1;
    icecat_status status = begin(request, mem, "GetObject", "GET", place, err);
    char range[64];

    request->max_answer = most < SIZE_MAX ? (size_t)most : SIZE_MAX;
    if (status != ICECAT_OK || (options->range_start == 0 && options->range_len == 0))
        return status;
    if (options->range_len != 0 && last < options->range_start)
        return ic_fail(err, ICECAT_E_ARGUMENT, "the range is over 2^64 bytes");
    if (options->range_len != 0)
        snprintf(range, sizeof(range), "bytes=%llu-%llu", (unsigned long long)options->range_start,
                 (unsigned long long)last);
    else
        snprintf(range, sizeof(range), "bytes=%llu-", (unsigned long long)options->range_start);
    return add_header(request, "range", range, err);
}

icecat_status ic_s3_head_request(ic_request *request, const ic_mem *mem, ic_s3_place place,
                                 icecat_error *err)
{
    return begin(request, mem, "HeadObject", "HEAD", place, err);
}

static icecat_status add_replacement(ic_request *request, const icecat_s3_copy_options *options,
                                     icecat_error *err)
{
    icecat_status status;

    if (!options->replace_metadata) {
        if (options->content_type == NULL && options->metadata_count == 0)
            return ICECAT_OK;
        return ic_fail(err, ICECAT_E_ARGUMENT,
                       "a copy takes a content type or metadata only with replace_metadata");
    }
    status = add_header(request, "x-amz-metadata-directive", "REPLACE", err);
    if (status == ICECAT_OK)
        status = add_content_type(request, options->content_type, err);
    return status == ICECAT_OK
               ? add_metadata(request, options->metadata, options->metadata_count, err)
               : status;
}

icecat_status ic_s3_copy_request(ic_request *request, const ic_mem *mem, ic_s3_place source,
                                 ic_s3_place place, const icecat_s3_copy_options *options,
                                 icecat_error *err)
{
    icecat_status status = begin(request, mem, "CopyObject", "PUT", place, err);
    ic_buf from;

    if (status == ICECAT_OK)
        status = check_place(source, err);
    if (status != ICECAT_OK)
        return status;
    request->error_in_success = 1;
    ic_buf_init(&from, mem, 8192);
    ic_buf_add_format(&from, "/%s/", source.bucket);
    ic_uri_encode(&from, ic_view_of(source.key), 1);
    status = ic_buf_check(&from, "the source of a copy", err);
    if (status == ICECAT_OK)
        status = add_header(request, "x-amz-copy-source", ic_buf_text(&from), err);
    ic_buf_free(&from);
    return status == ICECAT_OK ? add_replacement(request, options, err) : status;
}

icecat_status ic_s3_delete_request(ic_request *request, const ic_mem *mem, ic_s3_place place,
                                   icecat_error *err)
{
    return begin(request, mem, "DeleteObject", "DELETE", place, err);
}

icecat_status ic_s3_presign_request(ic_request *request, const ic_mem *mem, const char *method,
                                    ic_s3_place place, const icecat_s3_presign_options *options,
                                    icecat_error *err)
{
    int is_put = strcmp(method, "PUT") == 0;
    icecat_status status = begin(request, mem, is_put ? "PutObject" : "GetObject",
                                 is_put ? "PUT" : "GET", place, err);

    if (status != ICECAT_OK)
        return status;
    if (!is_put && strcmp(method, "GET") != 0)
        return ic_fail(err, ICECAT_E_ARGUMENT,
                       "a URL can be presigned for GET or PUT, not \"%.20s\"", method);
    if (!is_put && (options->content_type != NULL || options->payload_sha256 != NULL))
        return ic_fail(err, ICECAT_E_ARGUMENT,
                       "content_type and payload_sha256 bind a PUT; a GET has no body");
    status = set_payload_hash(request, options->payload_sha256, err);
    if (status == ICECAT_OK && options->content_type != NULL)
        status = add_header(request, "content-type", options->content_type, err);
    return status;
}
