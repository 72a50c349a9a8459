/*
 * fuzz_event.c - events of Lambda: every record is whole or says what is wrong, an envelope around an event
 * changes nothing of it, and a key comes back from the form that events carry it in.
 */
#include "fuzz.h"

#include "base/uri.h"
#include "base/utf8.h"
#include "event.h"
#include "event_key.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int is_utf8(const char *text, size_t len)
{
    for (size_t i = 0; i < len;) {
        size_t step = ic_utf8_len(text + i, len - i);

        if (step == 0)
            return 0;
        i += step;
    }
    return 1;
}

/* Form encoding, as S3 has it in its events. */
static void check_key(const char *key)
{
    const char *why = "none";
    char *decoded;
    ic_buf text;

    FUZZ_CHECK(key[0] != '\0' && strlen(key) <= 1024 && is_utf8(key, strlen(key)));
    ic_buf_init(&text, NULL, 3 * strlen(key));
    FUZZ_CHECK(ic_uri_encode(&text, ic_view_of(key), 1) == ICECAT_OK);
    decoded = event_key_decode(ic_buf_text(&text), &why);
    FUZZ_CHECK(decoded != NULL && strcmp(decoded, key) == 0);
    free(decoded);
    decoded = event_key_copy(key, &why);
    FUZZ_CHECK(decoded != NULL && strcmp(decoded, key) == 0);
    free(decoded);
    ic_buf_free(&text);
}

static void check_record(const struct event *event, const struct event_record *record)
{
    int has_object = record->action == EVENT_PROCESS || record->action == EVENT_REMOVED;

    FUZZ_CHECK(memchr(record->reason, '\0', sizeof(record->reason)) != NULL);
    FUZZ_CHECK(record->message == EVENT_NO_MESSAGE || record->message < event->message_count);
    FUZZ_CHECK(record->message == EVENT_NO_MESSAGE || event->from_queue);
    FUZZ_CHECK((record->bucket != NULL) == has_object && (record->key != NULL) == has_object);
    FUZZ_CHECK(has_object || record->reason[0] != '\0');
    if (!has_object)
        return;
    FUZZ_CHECK(record->name != NULL && record->size >= -1);
    FUZZ_CHECK(event_bucket_is_valid(record->bucket));
    check_key(record->key);
}

static void check_event(const struct event *event, int ok, const char *reason, size_t len)
{
    FUZZ_CHECK(ok == (reason[0] == '\0'));
    FUZZ_CHECK(!ok || event->record_count != 0);
    FUZZ_CHECK(event->record_count <= len && event->message_count <= len);
    for (size_t i = 0; i < event->record_count; i++)
        check_record(event, &event->records[i]);
    for (size_t i = 0; i < event->message_count; i++)
        FUZZ_CHECK(event->messages[i].id != NULL && event->messages[i].id[0] != '\0');
}

/* ---- the same in an envelope --------------------------------------------------------------- */

static int is_too_deep(const struct event *event)
{
    for (size_t i = 0; i < event->record_count; i++) {
        if (strstr(event->records[i].reason, "envelopes") != NULL)
            return 1;
    }
    return 0;
}

static void check_same(const struct event *bare, const struct event *wrapped)
{
    FUZZ_CHECK(wrapped->from_queue && wrapped->message_count == 1);
    FUZZ_CHECK(wrapped->record_count == bare->record_count);
    for (size_t i = 0; i < bare->record_count; i++) {
        const struct event_record *a = &bare->records[i];
        const struct event_record *b = &wrapped->records[i];

        FUZZ_CHECK(b->message == 0 && a->action == b->action && a->size == b->size);
        FUZZ_CHECK(a->key == NULL || strcmp(a->key, b->key) == 0);
        FUZZ_CHECK(a->bucket == NULL || strcmp(a->bucket, b->bucket) == 0);
        FUZZ_CHECK(strcmp(a->reason, b->reason) == 0);
    }
}

/* {"Records": [{"eventSource": "aws:sqs", "messageId": "m", "body": TEXT}]} */
static char *wrap(const char *text)
{
    cJSON *root = cJSON_CreateObject();
    cJSON *records = cJSON_AddArrayToObject(root, "Records");
    cJSON *record = cJSON_CreateObject();
    char *out;

    cJSON_AddStringToObject(record, "eventSource", "aws:sqs");
    cJSON_AddStringToObject(record, "messageId", "m");
    cJSON_AddStringToObject(record, "body", text);
    cJSON_AddItemToArray(records, record);
    out = cJSON_PrintUnformatted(root);
    cJSON_Delete(root);
    FUZZ_CHECK(out != NULL);
    return out;
}

static void compare_wrapped(const struct event *bare, int ok, const char *reason, const char *text)
{
    char *document = wrap(text);
    char again[EVENT_REASON_LEN];
    struct event wrapped;

    FUZZ_CHECK(event_parse(document, strlen(document), &wrapped, again));
    check_event(&wrapped, 1, again, strlen(document));
    if (ok && !is_too_deep(&wrapped)) {
        check_same(bare, &wrapped);
    } else if (!ok) {
        const struct event_record *last = &wrapped.records[wrapped.record_count - 1];

        FUZZ_CHECK(last->action == EVENT_BAD && strcmp(last->reason, reason) == 0);
    }
    event_clear(&wrapped);
    cJSON_free(document);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    char *text = fuzz_copy(data, len);
    char reason[EVENT_REASON_LEN];
    struct event event;
    int ok = event_parse(text, len, &event, reason);

    check_event(&event, ok, reason, len);
    if (!event.from_queue && is_utf8(text, len) && strlen(text) == len)
        compare_wrapped(&event, ok, reason, text);
    event_clear(&event);
    free(text);
    return 0;
}
