/*
 * s3_operations.h - the operations of S3 that are here. Each fills c->answer; true to keep what it
 * wrote, false to undo it.
 */
#ifndef ICECAT_LOCAL_S3_OPERATIONS_H
#define ICECAT_LOCAL_S3_OPERATIONS_H

#include "s3_context.h"
#include "s3_store.h"

typedef bool (*s3_operation)(s3_context *c);

/* s3_route.c: bucket and key of the request. False when refused. */
bool s3_route_target(s3_context *c);
/* What is asked for; NULL when refused. *writes: it needs a transaction of its own. */
s3_operation s3_route_operation(s3_context *c, bool *writes);

/* s3_probe.c: settings of buckets and objects that are never set here. */
bool s3_is_probe(const s3_context *c);
bool s3_probe(s3_context *c);

/* s3_bucket.c */
bool s3_bucket_name_valid(const char *name);
bool s3_need_bucket(s3_context *c); /* refuse with NoSuchBucket unless it exists */
bool s3_list_buckets(s3_context *c);
bool s3_create_bucket(s3_context *c);
bool s3_head_bucket(s3_context *c);
bool s3_delete_bucket(s3_context *c);
bool s3_get_bucket_location(s3_context *c);

/* s3_put.c */
bool s3_put_object(s3_context *c);
/* Check If-Match and If-None-Match of a write. */
bool s3_write_allowed(s3_context *c);
/* Store the object and tell about it. */
bool s3_keep(s3_context *c, const s3_object *object, const char *event);
bool s3_tell(s3_context *c, const char *event, const char *key, const s3_object *object);

/* s3_get.c */
bool s3_get_object(s3_context *c);
bool s3_head_object(s3_context *c);
/* Find the object or refuse with NoSuchKey. Release it with s3_object_clear(). */
bool s3_need_object(s3_context *c, s3_object *object);
bool s3_version_allowed(s3_context *c, const char *version); /* only "null", or none */

/* s3_copy.c */
typedef struct s3_source {
    char *bucket;
    char *key;
    s3_object object;
} s3_source;
bool s3_source_find(s3_context *c, s3_source *source); /* x-amz-copy-source and its conditions */
void s3_source_clear(s3_source *source);
bool s3_copy_object(s3_context *c);

/* s3_delete.c */
bool s3_delete_object(s3_context *c);
bool s3_delete_objects(s3_context *c);

/* s3_list.c */
bool s3_list_objects(s3_context *c);
bool s3_list_objects_v2(s3_context *c);

/* s3_upload.c, s3_upload_part.c, s3_upload_complete.c, s3_upload_list.c */
bool s3_create_upload(s3_context *c);
bool s3_abort_upload(s3_context *c);
bool s3_upload_part(s3_context *c);
bool s3_upload_part_copy(s3_context *c);
bool s3_complete_upload(s3_context *c);
bool s3_list_parts(s3_context *c);
bool s3_list_uploads(s3_context *c);

#endif
