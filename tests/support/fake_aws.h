/*
 * fake_aws.h - S3, DynamoDB and Rekognition in memory, behind the transport.
 *
 * A world is shared by any number of clients. It can die after any request, so that a test can show
 * what a crash leaves behind.
 */
#ifndef FAKE_AWS_H
#define FAKE_AWS_H

#include "aws/client.h"
#include "base/json.h"

#define FAKE_MAX_OBJECTS 16

typedef struct fake_object {
    char bucket[64];
    char key[1100];
    unsigned char *data;
    size_t len;
    char file_name[512]; /* value of x-amz-meta-original-file-name; "" for none */
    char reason[512];    /* value of x-amz-meta-icecat-fail-reason; "" for none */
    char encoding[32];   /* Content-Encoding; "" for none */
} fake_object;

typedef struct fake_aws fake_aws;
struct fake_aws {
    fake_object objects[FAKE_MAX_OBJECTS];
    size_t object_count;
    cJSON *items; /* array of DynamoDB JSON, in the order of storing */

    /* DetectLabels */
    int detect_status;       /* 0: 200 */
    const char *detect_body; /* NULL: a cat */

    /* Faults */
    size_t crash_at;          /* number of the request that is the last; 0: never */
    int crash_without_effect; /* 1: the last one does nothing; 0: only its answer is lost */
    const char *failing;      /* operation that answers fail_status and fail_body, or NULL */
    int fail_status;
    const char *fail_body;
    const char *missing_bucket; /* answers NoSuchBucket */
    int no_old_items;           /* 1: a false condition does not send the item */
    size_t page_items;          /* items in a page of Query; 0: all */
    size_t unprocessed;         /* keys that the next BatchGetItem leaves */

    /** Called before each request has its effect; may be NULL. */
    void (*before)(fake_aws *aws, const char *operation);
    void *userdata;
    /** Told 1 before the fake does its own work and 0 after it, for tests of memory; may be NULL. */
    void (*own_work)(int is_own);

    /* What happened */
    size_t requests;
    size_t writes;    /* to the table, that had an effect */
    char trace[4096]; /* "GetObject PutItem ..." */
    char detect_request[2048];
    char last_query[4096]; /* of Query or BatchGetItem */
};

void fake_aws_init(fake_aws *aws);
void fake_aws_free(fake_aws *aws);
/** A client whose every request goes to @p aws. @p allocator NULL: malloc. One attempt each. */
icecat_client *fake_aws_client(fake_aws *aws, const icecat_allocator *allocator);

/* ---- S3 ---------------------------------------------------------------------------------- */

void fake_aws_put(fake_aws *aws, const char *bucket, const char *key, const void *data, size_t len,
                  const char *file_name);
fake_object *fake_aws_find(fake_aws *aws, const char *bucket, const char *key);
void fake_aws_remove(fake_aws *aws, const char *bucket, const char *key);
/** In how many buckets the key is. */
size_t fake_aws_copies(const fake_aws *aws, const char *key);

/* ---- DynamoDB ---------------------------------------------------------------------------- */

/** Put an item given as DynamoDB JSON. */
void fake_aws_put_item(fake_aws *aws, const char *json);
/** Text of an attribute's value, whatever its type; NULL when there is none. */
const char *fake_aws_attribute(const fake_aws *aws, size_t item, const char *name);
/** How often an operation is in the trace. */
size_t fake_aws_count(const fake_aws *aws, const char *operation);

/* One request of DynamoDB; the answer is a new tree. Returns the HTTP status. Of fake_table.c. */
int fake_table_answer(fake_aws *aws, const char *operation, const cJSON *request, cJSON **answer);

#endif
