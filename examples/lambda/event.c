/*
 * event.c - what a Lambda event asks for. Pure.
 *
 *   document = {"Records": [S3 record | SQS record | SNS record]}
 *            | {"Event": "s3:TestEvent"}            what S3 sends when a notification is set up
 *            | {"Type": "Notification", "Message"}  SNS, inside a queue message
 *            | {"source": "aws.s3", "detail"}       EventBridge
 *
 * The body of an SQS record and the message of SNS are documents again, EVENT_MAX_DEPTH deep at most.
 */
#include "event.h"

#include "event_key.h"
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double LARGEST_WHOLE = 9007199254740992.0; /* 2^53 */

/* Where in the nest of envelopes the reader is. */
struct place {
    struct event *event;
    size_t message;
    unsigned depth;
};

static int read_document(const struct place *at, const char *data, size_t len, char *reason);

static int fail(char *reason, const char *text)
{
    snprintf(reason, EVENT_REASON_LEN, "%s", text);
    return 0;
}

static const char *text_of(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

/* Grow by doubling; the event's own size, at most some MB, bounds the count. */
static void *one_more(void *array, size_t count, size_t element)
{
    if (count != 0 && (count & (count - 1)) != 0)
        return array;
    return realloc(array, (count == 0 ? 1 : count * 2) * element);
}

static struct event_record *add_record(const struct place *at, enum event_action action,
                                       const char *reason)
{
    struct event *event = at->event;
    struct event_record *grown = one_more(event->records, event->record_count,
                                          sizeof(*event->records));
    struct event_record *record;

    if (grown == NULL)
        return NULL;
    event->records = grown;
    record = &grown[event->record_count++];
    *record = (struct event_record){ .action = action, .message = at->message, .size = -1 };
    snprintf(record->reason, sizeof(record->reason), "%s", reason);
    return record;
}

/* 1 when the outcome is recorded; 0 only when memory is out, which ends the whole event. */
static int note(const struct place *at, enum event_action action, const char *text, char *reason)
{
    return add_record(at, action, text) != NULL || fail(reason, "out of memory");
}

/* ---- S3 ---------------------------------------------------------------------------------- */

/* @p object is "s3.object" or the "detail.object" of EventBridge. NULL in *why means success. */
static int64_t size_of(const cJSON *object, const char **why)
{
    const cJSON *size = cJSON_GetObjectItemCaseSensitive(object, "size");

    if (size == NULL || cJSON_IsNull(size))
        return -1;
    if (!cJSON_IsNumber(size) || size->valuedouble < 0 || size->valuedouble > LARGEST_WHOLE ||
        size->valuedouble != (double)(int64_t)size->valuedouble) {
        *why = "the object size is not a whole number";
        return -1;
    }
    return (int64_t)size->valuedouble;
}

/* What S3's own events and those of EventBridge are called; 0 for what asks for nothing here. */
static int action_of(const char *name, enum event_action *out)
{
    static const struct {
        const char *prefix;
        enum event_action action;
    } names[] = { { "ObjectCreated:", EVENT_PROCESS },
                  { "ObjectRemoved:", EVENT_REMOVED },
                  { "LifecycleExpiration:", EVENT_REMOVED },
                  { "Object Created", EVENT_PROCESS },
                  { "Object Deleted", EVENT_REMOVED } };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        *out = names[i].action;
        if (strncmp(name, names[i].prefix, strlen(names[i].prefix)) == 0)
            return 1;
    }
    return 0;
}

/* Takes @p key. */
static int add_object(const struct place *at, enum event_action action, const char *name,
                      const char *bucket, char *key, int64_t size, char *reason)
{
    char *own_name = strdup(name);
    char *own_bucket = strdup(bucket);
    struct event_record *record = NULL;

    if (own_name != NULL && own_bucket != NULL)
        record = add_record(at, action, "");
    if (record == NULL) {
        free(own_name);
        free(own_bucket);
        free(key);
        return fail(reason, "out of memory");
    }
    record->name = own_name;
    record->bucket = own_bucket;
    record->key = key;
    record->size = size;
    return 1;
}

/* The part that S3 and EventBridge have in common: {"bucket": {"name"}, "object": {"key", "size"}}. */
static int read_object(const struct place *at, const char *name, const cJSON *body, int is_encoded,
                       char *reason)
{
    const cJSON *object = cJSON_GetObjectItemCaseSensitive(body, "object");
    const char *bucket = text_of(cJSON_GetObjectItemCaseSensitive(body, "bucket"), "name");
    const char *key = text_of(object, "key");
    const char *why = NULL;
    char *decoded = NULL;
    int64_t size = size_of(object, &why);
    enum event_action action;
    char text[EVENT_REASON_LEN];

    if (!action_of(name, &action)) {
        snprintf(text, sizeof(text), "%.80s asks for nothing here", name);
        return note(at, EVENT_IGNORE, text, reason);
    }
    if (bucket == NULL || !event_bucket_is_valid(bucket))
        why = "the record has no valid bucket name";
    else if (key == NULL)
        why = "the record has no object key";
    else if (why == NULL)
        decoded = is_encoded ? event_key_decode(key, &why) : event_key_copy(key, &why);
    if (why != NULL)
        return note(at, EVENT_BAD, why, reason);
    return add_object(at, action, name, bucket, decoded, size, reason);
}

static int read_s3_record(const struct place *at, const cJSON *record, char *reason)
{
    const char *version = text_of(record, "eventVersion");
    const char *name = text_of(record, "eventName");
    char text[EVENT_REASON_LEN];

    if (version == NULL || strncmp(version, "2.", 2) != 0) {
        snprintf(text, sizeof(text), "the record has eventVersion %.20s; 2.x is understood",
                 version == NULL ? "missing" : version);
        return note(at, EVENT_BAD, text, reason);
    }
    if (name == NULL)
        return note(at, EVENT_BAD, "the record has no eventName", reason);
    return read_object(at, name, cJSON_GetObjectItemCaseSensitive(record, "s3"), 1, reason);
}

static int read_eventbridge(const struct place *at, const cJSON *root, char *reason)
{
    const char *type = text_of(root, "detail-type");

    if (type == NULL)
        return note(at, EVENT_BAD, "the EventBridge event has no detail-type", reason);
    return read_object(at, type, cJSON_GetObjectItemCaseSensitive(root, "detail"), 0, reason);
}

/* ---- envelopes --------------------------------------------------------------------------- */

static int read_inner(const struct place *at, const char *text, const char *missing, char *reason)
{
    struct place inner = *at;
    char problem[EVENT_REASON_LEN];

    if (text == NULL)
        return note(at, EVENT_BAD, missing, reason);
    inner.depth++;
    if (inner.depth > EVENT_MAX_DEPTH)
        return note(at, EVENT_BAD, "the event is wrapped in more than 3 envelopes", reason);
    problem[0] = '\0';
    if (read_document(&inner, text, strlen(text), problem))
        return 1;
    return note(at, EVENT_BAD, problem, reason);
}

static int read_sqs_record(const struct place *at, const cJSON *record, char *reason)
{
    struct event *event = at->event;
    struct event_message *grown;
    struct place inner = *at;
    const char *id = text_of(record, "messageId");

    if (at->depth != 0)
        return note(at, EVENT_BAD, "an SQS event inside another event is not supported", reason);
    event->from_queue = 1;
    if (id == NULL || *id == '\0')
        return note(at, EVENT_BAD, "the SQS record has no messageId", reason);
    grown = one_more(event->messages, event->message_count, sizeof(*event->messages));
    if (grown == NULL)
        return fail(reason, "out of memory");
    event->messages = grown;
    grown[event->message_count] = (struct event_message){ .id = strdup(id) };
    inner.message = event->message_count++;
    if (grown[inner.message].id == NULL)
        return fail(reason, "out of memory");
    return read_inner(&inner, text_of(record, "body"), "the SQS record has no body", reason);
}

static int read_record(const struct place *at, const cJSON *record, char *reason)
{
    const char *source = text_of(record, "eventSource");
    char text[EVENT_REASON_LEN];

    if (source == NULL)
        source = text_of(record, "EventSource"); /* the spelling of SNS */
    if (source == NULL)
        return note(at, EVENT_BAD, "the record has no eventSource", reason);
    if (strcmp(source, "aws:s3") == 0)
        return read_s3_record(at, record, reason);
    if (strcmp(source, "aws:sqs") == 0)
        return read_sqs_record(at, record, reason);
    if (strcmp(source, "aws:sns") == 0)
        return read_inner(at, text_of(cJSON_GetObjectItemCaseSensitive(record, "Sns"), "Message"),
                          "the SNS record has no message", reason);
    snprintf(text, sizeof(text), "records of %.60s are not supported; S3, SQS and SNS are", source);
    return note(at, EVENT_BAD, text, reason);
}

static int read_root(const struct place *at, const cJSON *root, char *reason)
{
    const cJSON *records = cJSON_GetObjectItemCaseSensitive(root, "Records");
    const cJSON *record;
    const char *text = text_of(root, "Event");

    if (text != NULL && strcmp(text, "s3:TestEvent") == 0)
        return note(at, EVENT_IGNORE, "s3:TestEvent", reason);
    text = text_of(root, "Type");
    if (text != NULL && strcmp(text, "Notification") == 0)
        return read_inner(at, text_of(root, "Message"), "the SNS notification has no message",
                          reason);
    text = text_of(root, "source");
    if (text != NULL && strcmp(text, "aws.s3") == 0)
        return read_eventbridge(at, root, reason);
    if (!cJSON_IsArray(records))
        return fail(reason, "this is no event of S3, SQS, SNS or EventBridge: it has no Records");
    if (cJSON_GetArraySize(records) == 0)
        return fail(reason, "the event has an empty list of Records");
    cJSON_ArrayForEach(record, records)
    {
        if (!read_record(at, record, reason))
            return 0;
    }
    return 1;
}

/* 0 with a reason: this document cannot be used (or memory is out). */
static int read_document(const struct place *at, const char *data, size_t len, char *reason)
{
    const char *end = NULL;
    cJSON *root;
    int ok;

    if (memchr(data, '\0', len) != NULL || event_has_nul_escape(data, len))
        return fail(reason, "the event holds a NUL character");
    root = cJSON_ParseWithLengthOpts(data, len, &end, 0);
    if (root == NULL)
        return fail(reason, "the event is not JSON");
    while (end < data + len && strchr(" \t\r\n", *end) != NULL)
        end++;
    ok = end == data + len ? read_root(at, root, reason)
                           : fail(reason, "the event has text after its JSON document");
    cJSON_Delete(root);
    return ok;
}

int event_parse(const char *data, size_t len, struct event *out, char *reason)
{
    struct place top = { .event = out, .message = EVENT_NO_MESSAGE, .depth = 0 };

    memset(out, 0, sizeof(*out));
    reason[0] = '\0';
    return read_document(&top, data, len, reason);
}

void event_clear(struct event *event)
{
    for (size_t i = 0; i < event->record_count; i++) {
        free(event->records[i].name);
        free(event->records[i].bucket);
        free(event->records[i].key);
    }
    for (size_t i = 0; i < event->message_count; i++)
        free(event->messages[i].id);
    free(event->records);
    free(event->messages);
    memset(event, 0, sizeof(*event));
}
