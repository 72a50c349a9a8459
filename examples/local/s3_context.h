/*
 * s3_context.h - one S3 request on its way through the operations, and how they refuse it.
 */
#ifndef ICECAT_LOCAL_S3_CONTEXT_H
#define ICECAT_LOCAL_S3_CONTEXT_H

#include "s3.h"
#include "s3_uri.h"

#define S3_ACCOUNT "000000000000" /* who owns everything here */

typedef struct s3_context {
    sqlite3 *db;
    const s3_settings *settings;
    const http_request *request;
    const unsigned char *body; /* without aws-chunked framing */
    size_t body_len;
    http_answer *answer;
    char *bucket; /* decoded; NULL: the request is about no bucket */
    char *key;    /* decoded; NULL: about no object */
    s3_query query;
} s3_context;

/*
 * Refuse the request with one of S3's codes; message NULL takes S3's own words for it. The answer
 * is filled. Always false, so that refusing and returning are one statement.
 */
bool s3_refuse(s3_context *c, const char *code, const char *message);

/* The same with one more element in the error, e.g. <Condition>If-Match</Condition>. */
bool s3_refuse_about(s3_context *c, const char *code, const char *message, const char *element,
                     const char *value);

/* Refuse because the database did: 500, or 503 when trying again may help. */
bool s3_broken(s3_context *c);

/* Refuse for want of memory. */
bool s3_no_memory(s3_context *c);

/* Answer 200 with an XML document; frees xml. False, with a 500, when xml had failed. */
bool s3_answer_xml(s3_context *c, s3_text *xml);

/* Headers that every answer of S3 has. */
void s3_answer_ids(http_answer *answer, const http_request *request);

const char *s3_header(const s3_context *c, const char *name);       /* NULL when absent */
const char *s3_parameter_of(const s3_context *c, const char *name); /* NULL when absent */

#endif
