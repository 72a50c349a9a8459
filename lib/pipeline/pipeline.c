/*
 * pipeline.c - make a pipeline from its settings: check, copy, release.
 */
#include "pipeline/pipeline.h"

#include "aws/engine.h"
#include "base/error.h"
#include "base/options.h"
#include "services/s3_request.h"

#include <string.h>

IC_NO_PADDING_AFTER(icecat_pipeline_options, compat_keys);

#define DEFAULT_LABEL          "Cat"
#define DEFAULT_MIN_CONFIDENCE 75.0
#define DEFAULT_MAX_LABELS     10
#define DEFAULT_TTL_S          1209600 /* 14 days */
#define MOST_LABELS            1000
#define MOST_LABEL_BYTES       256

void icecat_pipeline_options_init(icecat_pipeline_options *options, size_t struct_size)
{
    ic_options_init(options, struct_size);
}

/* An empty text, as an unset shell variable gives it, counts as not set. */
static int is_set(const char *text)
{
    return text != NULL && text[0] != '\0';
}

static icecat_status check_numbers(const icecat_pipeline_options *options, icecat_error *err)
{
    /* Written so that a NaN is refused too. */
    if (!(options->min_confidence >= 0 && options->min_confidence <= 100))
        return ic_fail(err, ICECAT_E_ARGUMENT, "min_confidence is %g; 0 to 100 are allowed",
                       options->min_confidence);
    if (options->max_labels > MOST_LABELS)
        return ic_fail(err, ICECAT_E_ARGUMENT, "max_labels is %u; 1 to %d are allowed",
                       options->max_labels, MOST_LABELS);
    if (options->debug > 1 || options->compat_keys > 1)
        return ic_fail(err, ICECAT_E_ARGUMENT, "%s is %u; 0 and 1 are allowed",
                       options->debug > 1 ? "debug" : "compat_keys",
                       options->debug > 1 ? options->debug : options->compat_keys);
    if (options->label != NULL && strlen(options->label) > MOST_LABEL_BYTES)
        return ic_fail(err, ICECAT_E_ARGUMENT, "label has %zu bytes; at most %d are allowed",
                       strlen(options->label), MOST_LABEL_BYTES);
    return ICECAT_OK;
}

/* Moving an object into the bucket that it is in would delete it. */
static icecat_status check_buckets(const icecat_pipeline_options *options, icecat_error *err)
{
    static const char *const names[] = { "bucket_source", "bucket_dest", "bucket_fail" };
    const char *const buckets[] = { options->bucket_source, options->bucket_dest,
                                    options->bucket_fail };

    for (size_t i = 0; i < 3; i++) {
        if (!is_set(buckets[i]))
            continue;
        if (ic_s3_bucket_check(buckets[i], err) != ICECAT_OK) {
            ic_error_prefix(err, "%s", names[i]);
            return ic_error_recast(err, ICECAT_E_CONFIG);
        }
        for (size_t j = 0; j < i; j++) {
            if (is_set(buckets[j]) && strcmp(buckets[i], buckets[j]) == 0)
                return ic_fail(err, ICECAT_E_CONFIG,
                               "%s and %s are both \"%s\"; they must be two buckets", names[j],
                               names[i], buckets[i]);
        }
    }
    return ICECAT_OK;
}

static icecat_status check_client_id(const icecat_pipeline_options *options, icecat_error *err)
{
    if (!is_set(options->client_id) || ic_client_id_is_valid(options->client_id))
        return ICECAT_OK;
    return ic_fail(err, ICECAT_E_CONFIG,
                   "client_id \"%.80s\" is not allowed: 1 to %d of A-Z a-z 0-9 . _ - are, without "
                   "\"-debug\" at the end",
                   options->client_id, IC_CLIENT_ID_MAX);
}

/* 1 when copied; what is not set stays NULL. */
static int copy(const icecat_pipeline *pipeline, char **out, const char *text)
{
    if (!is_set(text))
        return 1;
    *out = ic_mem_dup(&pipeline->mem, text);
    return *out != NULL;
}

static int copy_texts(icecat_pipeline *pipeline, const icecat_pipeline_options *options)
{
    return copy(pipeline, &pipeline->bucket_source, options->bucket_source) &&
           copy(pipeline, &pipeline->bucket_dest, options->bucket_dest) &&
           copy(pipeline, &pipeline->bucket_fail, options->bucket_fail) &&
           copy(pipeline, &pipeline->table, options->table) &&
           copy(pipeline, &pipeline->client_id, options->client_id) &&
           copy(pipeline, &pipeline->label,
                is_set(options->label) ? options->label : DEFAULT_LABEL);
}

static void copy_numbers(icecat_pipeline *pipeline, const icecat_pipeline_options *options)
{
    pipeline->min_confidence = options->min_confidence > 0 ? options->min_confidence
                                                           : DEFAULT_MIN_CONFIDENCE;
    pipeline->max_labels = options->max_labels != 0 ? options->max_labels : DEFAULT_MAX_LABELS;
    pipeline->ttl_s = options->ttl_s != 0 ? options->ttl_s : DEFAULT_TTL_S;
    pipeline->debug = options->debug != 0;
    pipeline->compat_keys = options->compat_keys != 0;
}

icecat_status icecat_pipeline_new(icecat_client *client, const icecat_pipeline_options *options,
                                  icecat_pipeline **out, icecat_error *err)
{
    icecat_pipeline_options own;
    icecat_pipeline *pipeline;
    icecat_status status;

    ic_error_clear(err);
    if (out == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "out is NULL");
    *out = NULL;
    if (client == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "client is NULL");
    status = IC_OPTIONS_LOAD(&own, options, icecat_pipeline_options, err);
    if (status == ICECAT_OK)
        status = check_numbers(&own, err);
    if (status == ICECAT_OK)
        status = check_buckets(&own, err);
    if (status == ICECAT_OK)
        status = check_client_id(&own, err);
    if (status != ICECAT_OK)
        return status;
    pipeline = ic_mem_zalloc(ic_client_mem(client), sizeof(*pipeline));
    if (pipeline == NULL)
        return ic_fail_memory(err, "a pipeline");
    pipeline->mem = *ic_client_mem(client);
    pipeline->client = client;
    copy_numbers(pipeline, &own);
    if (!copy_texts(pipeline, &own)) {
        icecat_pipeline_free(pipeline);
        return ic_fail_memory(err, "the settings of a pipeline");
    }
    *out = pipeline;
    return ICECAT_OK;
}

void icecat_pipeline_free(icecat_pipeline *pipeline)
{
    ic_mem mem;

    if (pipeline == NULL)
        return;
    mem = pipeline->mem;
    ic_mem_free(&mem, pipeline->bucket_source);
    ic_mem_free(&mem, pipeline->bucket_dest);
    ic_mem_free(&mem, pipeline->bucket_fail);
    ic_mem_free(&mem, pipeline->table);
    ic_mem_free(&mem, pipeline->client_id);
    ic_mem_free(&mem, pipeline->label);
    ic_mem_free(&mem, pipeline);
}

icecat_status ic_pipeline_need(const icecat_pipeline *pipeline, unsigned needs, icecat_error *err)
{
    const struct {
        unsigned bit;
        const char *value;
        const char *name;
        const char *what;
    } settings[] = {
        { IC_NEED_SOURCE, pipeline->bucket_source, "bucket_source", "the bucket of new images" },
        { IC_NEED_DEST, pipeline->bucket_dest, "bucket_dest", "the bucket of judged images" },
        { IC_NEED_FAIL, pipeline->bucket_fail, "bucket_fail", "the bucket of failed images" },
        { IC_NEED_TABLE, pipeline->table, "table", "the DynamoDB table of records" },
        { IC_NEED_CLIENT_ID, pipeline->client_id, "client_id", "the name under which to submit" },
    };

    for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
        if ((needs & settings[i].bit) != 0 && settings[i].value == NULL)
            return ic_fail(err, ICECAT_E_CONFIG,
                           "%s is not set: give %s in icecat_pipeline_options.%s", settings[i].name,
                           settings[i].what, settings[i].name);
    }
    return ICECAT_OK;
}
