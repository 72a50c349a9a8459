/*
 * doctor_services.c - the checks that ask S3, DynamoDB and Rekognition. Nothing is changed without
 * --write-test.
 */
#include "doctor.h"

#include <stdio.h>
#include <string.h>

#define TIMEOUT_MS 5000
#define PROBE_KEY  "icecat-doctor/probe"

static icecat_call_options bounds(const struct doctor *doctor)
{
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;

    call.cancel = doctor->cli->cancel;
    call.timeout_ms = TIMEOUT_MS;
    return call;
}

/* 1 when the check has nothing to ask, which it then says. */
static int skipped(struct doctor *doctor, const char *id, enum config_id needed)
{
    const char *why = doctor_why_not(doctor, needed);

    if (why == NULL)
        return 0;
    doctor_add(doctor, id, DOCTOR_SKIP, "%s%s%s", needed != CONFIG_COUNT ? config_name(needed) : "",
               needed != CONFIG_COUNT ? ": " : "", why);
    return 1;
}

static void add_region(struct doctor *doctor, const char *bucket)
{
    const char *own = icecat_client_region(doctor->cli->client);
    char region[64];

    icecat_client_bucket_region(doctor->cli->client, bucket, region, sizeof(region));
    if (strcmp(region, own) == 0) {
        doctor_add(doctor, "bucket", DOCTOR_OK, "%s is there, in %s", bucket, region);
        return;
    }
    doctor_add(doctor, "bucket", DOCTOR_WARN, "%s is in %s, but the region is %s", bucket, region,
               own);
    doctor_fix(doctor, "use --region %s: Rekognition reads buckets of its own region only", region);
}

/* GetObject of a key that is not there: its refusal tells whether the bucket is. */
void doctor_check_bucket(struct doctor *doctor)
{
    const char *bucket = config_text(&doctor->cli->config, CONFIG_BUCKET_SOURCE);
    icecat_s3_get_options options = ICECAT_S3_GET_OPTIONS_INIT;
    icecat_call_options call = bounds(doctor);
    icecat_s3_object *object = NULL;
    uint64_t began = doctor_now_ms();
    icecat_error err;
    icecat_status status;

    if (skipped(doctor, "bucket", CONFIG_BUCKET_SOURCE))
        return;
    options.call = &call;
    options.range_len = 1;
    status = icecat_s3_get_object(doctor->cli->client, bucket, PROBE_KEY, &options, &object, &err);
    icecat_s3_object_free(object);
    if (status == ICECAT_OK || strcmp(err.aws_code, "NoSuchKey") == 0) {
        add_region(doctor, bucket);
    } else if (status == ICECAT_E_ACCESS && strcmp(err.aws_code, "AccessDenied") == 0) {
        doctor_add(doctor, "bucket", DOCTOR_WARN,
                   "%s: these keys may not look into it; putting may be allowed all the same",
                   bucket);
        doctor_fix(doctor, "icecat doctor --write-test tries to put");
    } else {
        doctor_add_error(doctor, "bucket", &err);
    }
    doctor_took(doctor, began);
}

void doctor_check_write(struct doctor *doctor)
{
    const char *bucket = config_text(&doctor->cli->config, CONFIG_BUCKET_SOURCE);
    icecat_s3_put_options options = ICECAT_S3_PUT_OPTIONS_INIT;
    icecat_call_options call = bounds(doctor);
    uint64_t began = doctor_now_ms();
    icecat_error err;
    icecat_status status;

    if (options_count(&doctor->cli->options, OPTION_WRITE_TEST) == 0)
        return;
    if (skipped(doctor, "write", CONFIG_BUCKET_SOURCE))
        return;
    options.call = &call;
    status = icecat_s3_put_object(doctor->cli->client, bucket, PROBE_KEY, "x", 1, &options, NULL,
                                  &err);
    if (status != ICECAT_OK) {
        doctor_add_error(doctor, "write", &err);
    } else if (icecat_s3_delete_object(doctor->cli->client, bucket, PROBE_KEY, &call, &err) !=
               ICECAT_OK) {
        doctor_add(doctor, "write", DOCTOR_WARN, "put s3://%s/%s, but could not delete it: %s",
                   bucket, PROBE_KEY, err.message);
        doctor_fix(doctor, "delete it with other keys");
    } else {
        doctor_add(doctor, "write", DOCTOR_OK, "put and deleted one object in %s", bucket);
    }
    doctor_took(doctor, began);
}

/* The key of an item that is never there. */
static icecat_item *probe_item(void)
{
    icecat_item *key = icecat_item_new(NULL);

    if (key != NULL &&
        (icecat_item_set_int(key, "batch_id", 1, NULL) != ICECAT_OK ||
         icecat_item_set_string(key, "img_fprint", "icecat-doctor", NULL) != ICECAT_OK)) {
        icecat_item_free(key);
        key = NULL;
    }
    return key;
}

/* GetItem of a key that is not there: refused when the table's keys are others. */
void doctor_check_table(struct doctor *doctor)
{
    const char *table = config_text(&doctor->cli->config, CONFIG_TABLE);
    icecat_dynamodb_options options = ICECAT_DYNAMODB_OPTIONS_INIT;
    icecat_call_options call = bounds(doctor);
    icecat_item *key = NULL, *item = NULL;
    uint64_t began = doctor_now_ms();
    icecat_error err = { .status = ICECAT_E_NO_MEMORY };
    icecat_status status = ICECAT_E_NO_MEMORY;

    if (skipped(doctor, "table", CONFIG_TABLE))
        return;
    options.call = &call;
    key = probe_item();
    if (key != NULL)
        status = icecat_dynamodb_get_item(doctor->cli->client, table, key, &options, &item, &err);
    icecat_item_free(key);
    icecat_item_free(item);
    if (status == ICECAT_OK) {
        doctor_add(doctor, "table", DOCTOR_OK,
                   "%s is there, with the keys batch_id (N) and "
                   "img_fprint (S)",
                   table);
    } else {
        doctor_add_error(doctor, "table", &err);
        if (status == ICECAT_E_VALIDATION)
            doctor_fix(doctor, "the table needs the partition key batch_id (N) and the sort key "
                               "img_fprint (S)");
    }
    doctor_took(doctor, began);
}

/* Bytes that are no image: a refusal of them is a good answer, and costs nothing. */
void doctor_check_rekognition(struct doctor *doctor)
{
    icecat_rekognition_options options = ICECAT_REKOGNITION_OPTIONS_INIT;
    icecat_call_options call = bounds(doctor);
    icecat_labels *labels = NULL;
    uint64_t began = doctor_now_ms();
    icecat_error err;
    icecat_status status;

    if (options_count(&doctor->cli->options, OPTION_PROBE_REKOGNITION) == 0) {
        doctor_add(doctor, "rekognition", DOCTOR_SKIP, "asked only with --probe-rekognition");
        return;
    }
    if (skipped(doctor, "rekognition", CONFIG_COUNT))
        return;
    options.call = &call;
    status = icecat_rekognition_detect_labels(doctor->cli->client, "no image", 8, &options, &labels,
                                              &err);
    icecat_labels_free(labels);
    if (status == ICECAT_OK || status == ICECAT_E_REJECTED)
        doctor_add(doctor, "rekognition", DOCTOR_OK, "answers at %s",
                   icecat_client_endpoint(doctor->cli->client, "rekognition"));
    else
        doctor_add_error(doctor, "rekognition", &err);
    doctor_took(doctor, began);
}
