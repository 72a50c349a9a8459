/*
 * event.h - what a Lambda event asks for: the objects that were put or removed, out of whatever
 * envelope (S3 itself, SQS, SNS, EventBridge). Pure: bytes in, records out.
 */
#ifndef LAMBDA_EVENT_H
#define LAMBDA_EVENT_H

#include <stddef.h>
#include <stdint.h>

#define EVENT_MAX_DEPTH  3u /* envelopes that may be opened inside one event */
#define EVENT_NO_MESSAGE ((size_t)-1)
#define EVENT_REASON_LEN 200u

enum event_action {
    EVENT_PROCESS, /* an object was created */
    EVENT_REMOVED, /* an object was deleted, by somebody or by the bucket's lifecycle */
    EVENT_IGNORE,  /* understood, and nothing is to be done; reason says why */
    EVENT_BAD      /* cannot be understood; reason says what is wrong */
};

struct event_record {
    enum event_action action;
    size_t message; /* index of the queue message that brought it, or EVENT_NO_MESSAGE */
    int64_t size;   /* -1 when the event does not tell */
    char *name;     /* e.g. "ObjectCreated:Put"; NULL in a bad record */
    char *bucket;   /* NULL unless action is EVENT_PROCESS or EVENT_REMOVED */
    char *key;      /* decoded; NULL like bucket */
    char reason[EVENT_REASON_LEN];
};

struct event_message {
    char *id;   /* messageId of SQS */
    int failed; /* for the handler: the message must be delivered again */
};

struct event {
    struct event_record *records;
    struct event_message *messages;
    size_t record_count;
    size_t message_count;
    int from_queue; /* 1: the answer has the form that SQS wants */
};

/**
 * Read an event. One bad record or queue message does not hide the others: it becomes an EVENT_BAD
 * record. Release with event_clear(), also after a failure.
 *
 * @param reason Receives, on failure, what is wrong with the whole event; EVENT_REASON_LEN bytes.
 * @return 1 when there is at least one record, else 0.
 */
int event_parse(const char *data, size_t len, struct event *out, char *reason);
void event_clear(struct event *event);

#endif
