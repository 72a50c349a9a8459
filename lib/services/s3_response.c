/*
 * s3_response.c - S3's good answers.
 */
#include "services/s3_response.h"

#include "aws/xml.h"
#include "base/error.h"
#include "base/view.h"

#include <stdio.h>
#include <string.h>

struct icecat_s3_object {
    ic_mem mem;
    ic_pairs headers;
    ic_buf body;
    uint64_t size;
    int is_head;
};

static void copy_header(const ic_response *response, const char *name, char *out, size_t size)
{
    const char *value = ic_pairs_get(&response->headers, name);

    snprintf(out, size, "%s", value != NULL ? value : "");
}

icecat_status ic_s3_put_parse(const ic_response *response, icecat_s3_put_result *out,
                              icecat_error *err)
{
    memset(out, 0, sizeof(*out));
    out->struct_size = sizeof(*out);
    copy_header(response, "etag", out->etag, sizeof(out->etag));
    copy_header(response, "x-amz-version-id", out->version_id, sizeof(out->version_id));
    if (out->etag[0] == '\0')
        return ic_fail(err, ICECAT_E_PROTOCOL,
                       "s3: the answer to PutObject has no ETag, so it was not S3 that answered");
    return ICECAT_OK;
}

icecat_status ic_s3_delete_check(const ic_response *response, icecat_error *err)
{
    if (response->body.len == 0)
        return ICECAT_OK;
    return ic_fail(err, ICECAT_E_PROTOCOL,
                   "s3: the answer to DeleteObject has a body, so it was not S3 that answered");
}

icecat_status ic_s3_copy_check(const ic_response *response, icecat_error *err)
{
    ic_view body = ic_view_n(response->body.data, response->body.len);

    if (ic_xml_root_is(body, "CopyObjectResult"))
        return ICECAT_OK;
    return ic_fail(err, ICECAT_E_PROTOCOL, "s3: the answer to CopyObject is no CopyObjectResult");
}

typedef struct content_range {
    uint64_t first;
    uint64_t last;
    uint64_t size; /* of the whole; last + 1 when the service does not know */
} content_range;

/* "bytes 2-4/9", or an asterisk for the 9. 1 when the numbers agree with each other. */
static int read_range(const char *text, content_range *out)
{
    ic_view rest = ic_view_of(text);
    ic_view unit;
    ic_view first;
    ic_view last;

    rest = ic_view_split(rest, ' ', &unit);
    rest = ic_view_split(rest, '-', &first);
    rest = ic_view_split(rest, '/', &last);
    if (!ic_view_is_nocase(unit, "bytes") || !ic_view_u64(first, &out->first) ||
        !ic_view_u64(last, &out->last) || out->last < out->first || out->last == UINT64_MAX)
        return 0;
    if (ic_view_is(rest, "*"))
        out->size = out->last + 1;
    else if (!ic_view_u64(rest, &out->size))
        return 0;
    return out->size > out->last;
}

/* A body that ends with the connection may be cut; a range tells its length another way. */
static icecat_status check_end(const ic_response *response, icecat_error *err)
{
    if (!response->is_open_ended)
        return ICECAT_OK;
    return ic_fail(err, ICECAT_E_PROTOCOL,
                   "s3: the answer to GetObject does not tell its length, so it may be cut");
}

icecat_status ic_s3_range_check(const ic_response *response, uint64_t start, uint64_t len,
                                icecat_error *err)
{
    const char *text = ic_pairs_get(&response->headers, "content-range");
    content_range range;

    /* The whole is right too, when it is no more than what was asked for. */
    if (response->http_status != 206 && start == 0 && (len == 0 || response->body.len <= len))
        return check_end(response, err);
    if (response->http_status != 206)
        return ic_fail(err, ICECAT_E_PROTOCOL,
                       "s3: GetObject was asked for a range and answered with HTTP %d, the whole",
                       response->http_status);
    if (text == NULL || !read_range(text, &range) || range.first != start ||
        range.last - range.first + 1 != response->body.len ||
        (len != 0 && response->body.len > len))
        return ic_fail(
            err, ICECAT_E_PROTOCOL,
            "s3: GetObject was asked for bytes from %llu on and answered with %zu bytes, "
            "Content-Range \"%.60s\"",
            (unsigned long long)start, response->body.len, text != NULL ? text : "");
    return ICECAT_OK;
}

/* Of a range, what Content-Range says; else Content-Length, which is all that a head has. */
static uint64_t whole_size(const ic_pairs *headers, uint64_t body_len)
{
    const char *text = ic_pairs_get(headers, "content-range");
    const char *length = ic_pairs_get(headers, "content-length");
    content_range range;
    uint64_t size;

    if (text != NULL)
        return read_range(text, &range) ? range.size : body_len;
    return length != NULL && ic_view_u64(ic_view_of(length), &size) ? size : body_len;
}

icecat_status ic_s3_object_parse(ic_response *response, int is_head, icecat_s3_object **out,
                                 icecat_error *err)
{
    icecat_s3_object *object = ic_mem_zalloc(response->mem, sizeof(*object));

    if (object == NULL || ic_buf_add(&response->body, "", 0) != ICECAT_OK) {
        ic_mem_free(response->mem, object);
        return ic_fail_memory(err, "an object");
    }
    object->mem = *response->mem;
    object->is_head = is_head;
    object->headers = response->headers;
    object->body = response->body;
    object->headers.mem = &object->mem;
    object->body.mem = &object->mem;
    memset(&response->headers, 0, sizeof(response->headers));
    memset(&response->body, 0, sizeof(response->body));
    object->size = whole_size(&object->headers, object->body.len);
    *out = object;
    return ICECAT_OK;
}

const void *icecat_s3_object_data(const icecat_s3_object *object)
{
    return object != NULL && !object->is_head ? object->body.data : NULL;
}

size_t icecat_s3_object_len(const icecat_s3_object *object)
{
    return object != NULL && !object->is_head ? object->body.len : 0;
}

uint64_t icecat_s3_object_size(const icecat_s3_object *object)
{
    return object != NULL ? object->size : 0;
}

const char *icecat_s3_object_header(const icecat_s3_object *object, const char *name)
{
    return object != NULL && name != NULL ? ic_pairs_get(&object->headers, name) : NULL;
}

const char *icecat_s3_object_header_name(const icecat_s3_object *object, size_t index)
{
    return object != NULL && index < object->headers.count ? object->headers.items[index].name
                                                           : NULL;
}

void icecat_s3_object_free(icecat_s3_object *object)
{
    ic_mem mem;

    if (object == NULL)
        return;
    mem = object->mem;
    ic_pairs_free(&object->headers);
    ic_buf_free(&object->body);
    ic_mem_free(&mem, object);
}
