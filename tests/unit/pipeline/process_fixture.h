/*
 * process_fixture.h - a pipeline on a fake AWS with one uploaded picture.
 */
#ifndef PROCESS_FIXTURE_H
#define PROCESS_FIXTURE_H

#include "fake_aws.h"

#include <icecat/pipeline.h>

#define SRC "ice-src"
#define DST "ice-dst"
#define BAD "ice-bad"

#define FINGERPRINT "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define BATCH_ID    1744377772123456u
#define KEY         FINGERPRINT "/tester/batch-1744377772123456/2025-04-11-13/1744377773.png"
#define KEY_LATER   FINGERPRINT "/tester/batch-1744377772123456/2025-04-11-13/1744377779.png"
#define KEY_OTHER   FINGERPRINT "/someone/batch-1744377772123456/2025-04-11-13/1744377773.png"
#define KEY_DEBUG   FINGERPRINT "/tester/batch-1744377772123456/2025-04-11-13/1744377773-debug.png"

typedef struct fixture {
    fake_aws aws;
    icecat_client *client;
    icecat_pipeline *pipeline;
    icecat_process_result result;
    icecat_error error;
} fixture;

/** No picture yet. @p allocator NULL: malloc. */
void fixture_open(fixture *f, const icecat_allocator *allocator);
void fixture_close(fixture *f);
/** A new fixture with a picture under @p key, or none; end it with fixture_drop(). */
fixture *fixture_with(const char *key);
void fixture_drop(fixture *f);
/** Let every request of an operation be answered with an error. */
void fixture_fail(fixture *f, const char *operation, int status, const char *body);
/** Put a record of the picture; @p more are its attributes but the key, as DynamoDB JSON. */
void fixture_old_item(fixture *f, const char *more);
/** A sound PNG of side x side pixels in the source bucket. */
void fixture_upload(fixture *f, const char *key, uint32_t side);
icecat_status fixture_process(fixture *f, const char *key);

/** Text of an attribute of the only record; fails the test when there is not exactly one record. */
const char *fixture_attribute(const fixture *f, const char *name);
/** There is one final record with this state, and the key is in @p bucket only. */
void fixture_assert_settled(fixture *f, const char *key, const char *state, const char *bucket);

#endif
