/*
 * process_aside.c - an object under a key that submit never writes: it belongs to no record, so it
 * is kept in the fail bucket for a human to look at, with the reason in its metadata.
 */
#include "pipeline/process.h"

#include "base/error.h"
#include "base/pairs.h"

#include <string.h>
#include <strings.h>

#define MAX_S3_KEY    1024
#define MAX_PAIRS     64
#define MAX_BYTES     2048 /* of user-defined metadata: S3 User Guide, "Working with object metadata" */
#define METADATA      "x-amz-meta-"
#define REASON        "icecat-fail-reason"
#define REASON_HEADER METADATA REASON

/* What else a copy with new metadata would drop, and a reader of the bytes may need. */
static int has_more_than_metadata(const icecat_s3_object *object)
{
    static const char *const names[] = { "cache-control",    "content-disposition",
                                         "content-encoding", "content-language",
                                         "expires",          "x-amz-website-redirect-location" };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (icecat_s3_object_header(object, names[i]) != NULL)
            return 1;
    }
    return 0;
}

static icecat_status add_reason(ic_pairs *metadata, const char *sentence)
{
    char reason[sizeof(((icecat_error *)NULL)->message)];
    size_t len = strlen(sentence);

    for (size_t i = 0; i <= len; i++) /* a header holds printable ASCII */
        reason[i] = sentence[i] == '\0' || (sentence[i] >= 0x20 && sentence[i] < 0x7f) ? sentence[i]
                                                                                       : '?';
    return ic_pairs_add(metadata, REASON, reason);
}

/* The object's own metadata and the reason. ICECAT_E_LIMIT: more than an object may have. */
static icecat_status collect(const icecat_s3_object *object, const char *sentence,
                             ic_pairs *metadata)
{
    icecat_status status = add_reason(metadata, sentence);
    const char *name = icecat_s3_object_header_name(object, 0);

    for (size_t i = 1; status == ICECAT_OK && name != NULL; i++) {
        if (strncasecmp(name, METADATA, strlen(METADATA)) == 0 &&
            strcasecmp(name, REASON_HEADER) != 0)
            status = ic_pairs_add(metadata, name + strlen(METADATA),
                                  icecat_s3_object_header(object, name));
        name = icecat_s3_object_header_name(object, i);
    }
    return status;
}

static icecat_status copy_with(ic_process *p, const icecat_s3_object *object,
                               const ic_pairs *metadata, icecat_error *err)
{
    icecat_s3_copy_options options = ICECAT_S3_COPY_OPTIONS_INIT;

    options.replace_metadata = 1;
    options.content_type = icecat_s3_object_header(object, "content-type");
    options.metadata = metadata->items;
    options.metadata_count = metadata->count;
    return ic_process_copy_as(p, p->pipeline->bucket_source, p->pipeline->bucket_fail, &options,
                              err);
}

/* An object that cannot take the reason keeps all that it has; the log tells why in any case. */
static icecat_status copy(ic_process *p, const icecat_s3_object *object, const char *sentence,
                          icecat_error *err)
{
    icecat_status status = ICECAT_E_LIMIT;
    ic_pairs metadata;

    ic_pairs_init(&metadata, &p->pipeline->mem, MAX_PAIRS, MAX_BYTES);
    if (!has_more_than_metadata(object))
        status = collect(object, sentence, &metadata);
    if (status == ICECAT_OK)
        status = copy_with(p, object, &metadata, err);
    else if (status == ICECAT_E_NO_MEMORY)
        status = ic_fail_memory(err, "an object's metadata");
    ic_pairs_free(&metadata);
    if (status != ICECAT_E_LIMIT && status != ICECAT_E_ARGUMENT)
        return status;
    return ic_process_copy(p, p->pipeline->bucket_source, p->pipeline->bucket_fail, err);
}

icecat_status ic_process_set_aside(ic_process *p, const char *sentence, icecat_error *err)
{
    icecat_s3_object *object = NULL;
    size_t len = strlen(p->key_text);
    icecat_status status;

    if (len == 0 || len > MAX_S3_KEY) /* no object has such a key */
        return ICECAT_OK;
    status = ic_process_head(p, p->pipeline->bucket_source, &object, err);
    if (status == ICECAT_OK)
        status = copy(p, object, sentence, err);
    icecat_s3_object_free(object);
    if (status != ICECAT_OK)
        return p->is_vanished ? ICECAT_OK : status; /* moved by an earlier call */
    return ic_process_delete(p, p->pipeline->bucket_source, err);
}
