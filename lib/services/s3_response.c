/*
 * s3_response.c - S3's good answers.
 */
#include "services/s3_response.h"

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

void ic_s3_put_parse(const ic_response *response, icecat_s3_put_result *out)
{
    memset(out, 0, sizeof(*out));
    out->struct_size = sizeof(*out);
    copy_header(response, "etag", out->etag, sizeof(out->etag));
    copy_header(response, "x-amz-version-id", out->version_id, sizeof(out->version_id));
}

/* "bytes 0-9/1234": the number behind the slash, else Content-Length. */
static uint64_t whole_size(const ic_pairs *headers, uint64_t body_len)
{
    const char *range = ic_pairs_get(headers, "content-range");
    const char *length = ic_pairs_get(headers, "content-length");
    const char *slash = range != NULL ? strchr(range, '/') : NULL;
    uint64_t size;

    if (slash != NULL && ic_view_u64(ic_view_of(slash + 1), &size))
        return size;
    if (slash == NULL && length != NULL && ic_view_u64(ic_view_of(length), &size))
        return size;
    return body_len;
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
