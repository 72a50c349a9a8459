/*
 * s3_upload.h - multipart uploads that are under way. The upload's id is the body that its parts
 * are pieces of, so completing one moves no bytes.
 */
#ifndef ICECAT_LOCAL_S3_UPLOAD_H
#define ICECAT_LOCAL_S3_UPLOAD_H

#include "s3_body.h"
#include "s3_context.h"

#define S3_PARTS_MAX    10000
#define S3_PART_MINIMUM (5u * 1024u * 1024u) /* bytes of every part but the last */

typedef struct s3_upload {
    int64_t id;
    char algorithm[S3_ALGORITHM_SIZE]; /* of the parts' checksums; "" when none was asked for */
    bool composite;                    /* the object's checksum is one of the parts' checksums */
    char *headers;                     /* owned: as s3_object.headers */
} s3_upload;

/* Find the upload that the request names, or refuse. Release with s3_upload_clear(). */
bool s3_need_upload(s3_context *c, s3_upload *upload);
void s3_upload_clear(s3_upload *upload);

/* Forget the upload; its pieces stay. SQLITE_DONE or an error. */
int s3_upload_forget(sqlite3 *db, int64_t id);

#endif
