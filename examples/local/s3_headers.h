/*
 * s3_headers.h - what is stored beside an object's bytes and given back: content headers, metadata.
 */
#ifndef ICECAT_LOCAL_S3_HEADERS_H
#define ICECAT_LOCAL_S3_HEADERS_H

#include "s3_context.h"
#include "s3_store.h"

/* Refuse headers that ask for what is not here, rather than ignore them silently. */
bool s3_headers_allowed(s3_context *c);

/* Collect what the request wants stored, as s3_object.headers. */
bool s3_headers_collect(s3_context *c, s3_text *out);

/* Add an object's headers to the answer; on GET, response-* of the query overrides them. */
void s3_headers_answer(s3_context *c, const s3_object *object);

/* "etag" with its quotes, and x-amz-checksum-*. */
void s3_headers_etag(http_answer *answer, const char *etag);
void s3_headers_checksum(http_answer *answer, const s3_checksum *checksum);
/* FULL_OBJECT or COMPOSITE. */
const char *s3_checksum_type(const s3_checksum *checksum);
/* The same as elements: <ChecksumCRC32> and <ChecksumType>. */
void s3_checksum_xml(s3_text *xml, const s3_checksum *checksum, bool with_type);
/* Answer with what was copied. */
bool s3_answer_copied(s3_context *c, const char *root, int64_t modified_s, const char *etag,
                      const s3_checksum *checksum, bool with_type);

/*
 * The checksum of a payload: of the algorithm that the request names, else of fallback (NULL or "":
 * none); checked against the value in the request.
 */
bool s3_headers_checksum_of(s3_context *c, const void *bytes, size_t len, const char *fallback,
                            s3_checksum *out);

#endif
