/*
 * s3_record.c - an event of the store in the words of S3's notifications. Pure.
 *
 * The order of the members is S3's. There is no versionId: the store keeps no versions.
 */
#include "s3_record.h"

#include "dates.h"
#include "encoding.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One account, one user: icecat-local has no others. */
static const char principal[] = "AWS:ICECATLOCAL";
static const char owner[] = "ICECATLOCAL";

char *s3_record_key(const char *key)
{
    static const char kept[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-*_/";
    char *text = malloc(3 * strlen(key) + 1);
    char *to = text;

    if (text == NULL)
        return NULL;
    for (; *key != '\0'; key++) {
        if (strchr(kept, *key) != NULL) {
            *to++ = *key;
        } else if (*key == ' ') {
            *to++ = '+';
        } else {
            encoding_percent(*key, to);
            to += 3;
        }
    }
    *to = '\0';
    return text;
}

static int add_text(cJSON *object, const char *name, const char *value)
{
    return cJSON_AddStringToObject(object, name, value) != NULL;
}

/* {"name": {"principalId": value}} inside object. */
static int add_principal(cJSON *object, const char *name, const char *value)
{
    return add_text(cJSON_AddObjectToObject(object, name), "principalId", value);
}

static int add_request(cJSON *record, const s3_event *event)
{
    const char *id = event->request_id == NULL ? "" : event->request_id;
    cJSON *parameters = cJSON_AddObjectToObject(record, "requestParameters");
    cJSON *elements = cJSON_AddObjectToObject(record, "responseElements");

    return add_text(parameters, "sourceIPAddress", "127.0.0.1") &&
           add_text(elements, "x-amz-request-id", id) && add_text(elements, "x-amz-id-2", id);
}

static int add_bucket(cJSON *s3, const char *name)
{
    cJSON *bucket = cJSON_AddObjectToObject(s3, "bucket");
    char arn[128];

    snprintf(arn, sizeof(arn), "arn:aws:s3:::%.100s", name);
    return add_text(bucket, "name", name) && add_principal(bucket, "ownerIdentity", owner) &&
           add_text(bucket, "arn", arn);
}

/* A removal has neither size nor eTag. */
static int add_object(cJSON *s3, const s3_event *event)
{
    cJSON *object = cJSON_AddObjectToObject(s3, "object");
    char *key = s3_record_key(event->key);
    int ok = key != NULL && add_text(object, "key", key);

    free(key);
    if (ok && event->etag != NULL)
        ok = cJSON_AddNumberToObject(object, "size", (double)event->size) != NULL &&
             add_text(object, "eTag", event->etag);
    return ok && add_text(object, "sequencer", event->sequencer);
}

static int add_s3(cJSON *record, const s3_event *event)
{
    cJSON *s3 = cJSON_AddObjectToObject(record, "s3");

    return add_text(s3, "s3SchemaVersion", "1.0") && add_text(s3, "configurationId", "icecat") &&
           add_bucket(s3, event->bucket) && add_object(s3, event);
}

static int fill(cJSON *record, const s3_event *event, const char *region)
{
    char time[DATES_SIZE];

    dates_iso_ms(event->time_ms, time);
    return add_text(record, "eventVersion", "2.1") && add_text(record, "eventSource", "aws:s3") &&
           add_text(record, "awsRegion", region) && add_text(record, "eventTime", time) &&
           add_text(record, "eventName", event->name) &&
           add_principal(record, "userIdentity", principal) && add_request(record, event) &&
           add_s3(record, event);
}

char *s3_record_document(const s3_event *event, const char *region)
{
    cJSON *root = cJSON_CreateObject();
    cJSON *records = cJSON_AddArrayToObject(root, "Records");
    cJSON *record = cJSON_CreateObject();
    char *text = NULL;

    if (records != NULL && record != NULL && cJSON_AddItemToArray(records, record)) {
        if (fill(record, event, region))
            text = cJSON_PrintUnformatted(root);
    } else {
        cJSON_Delete(record);
    }
    cJSON_Delete(root);
    return text;
}
