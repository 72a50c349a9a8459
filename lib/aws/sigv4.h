/*
 * sigv4.h - Signature Version 4 in its three steps, all pure.
 *
 *   canonical request  ->  string to sign  ->  signature
 */
#ifndef IC_SIGV4_H
#define IC_SIGV4_H

#include "base/buf.h"
#include "base/digest.h"
#include <icecat/sigv4.h>

#define IC_SIGV4_MAX_ITEMS 104 /* headers, or query parameters, with those that signing adds */

/** One header or query parameter, its texts borrowed. */
typedef struct ic_sigv4_item {
    const char *name;
    const char *value;
    size_t name_len;
    size_t value_len;
} ic_sigv4_item;

/** What signing works with: the request, with the headers and parameters that signing adds. */
typedef struct ic_sigv4_work {
    const icecat_sigv4_request *request;
    const icecat_sigv4_options *options;
    const char *amz_date; /* "20150830T123600Z" */
    const char *scope;    /* "20150830/us-east-1/service/aws4_request" */
    const char *signed_headers;
    ic_sigv4_item headers[IC_SIGV4_MAX_ITEMS]; /* sorted by name, case ignored */
    size_t headers_count;
} ic_sigv4_work;

/** 1 for a header that is never signed, because proxies and clients change it. */
int ic_sigv4_is_unsigned_header(const char *name);

/** 1 when paths are taken as sent: "s3", "s3-express", "s3-outposts". */
int ic_sigv4_is_s3(const char *service);

/** Append the sorted names, joined by ';'. */
icecat_status ic_sigv4_add_signed_headers(ic_buf *out, const ic_sigv4_work *work);

/** Append the canonical query: every parameter decoded, encoded strictly, sorted. @p temp is used up. */
icecat_status ic_sigv4_add_query(ic_buf *out, ic_buf *temp, const char *query);

/** Append the canonical path: for S3 as it is; else normalised and encoded once more. */
icecat_status ic_sigv4_add_path(ic_buf *out, const char *path, const icecat_sigv4_options *options);

/** Append the canonical request; @p query is the query to be signed, in any order. */
icecat_status ic_sigv4_add_canonical_request(ic_buf *out, ic_buf *temp, const ic_sigv4_work *work,
                                             const char *query);

/** Append "AWS4-HMAC-SHA256\nDATE\nSCOPE\nHEX". ICECAT_E_CRYPTO when hashing fails. */
icecat_status ic_sigv4_add_string_to_sign(ic_buf *out, const ic_sigv4_work *work,
                                          const char *canonical_request, size_t len);

/** The key for one secret, day (8 digits), region and service. 1 on success. */
int ic_sigv4_signing_key(const char *secret, const char *day, const char *region,
                         const char *service, unsigned char key[IC_SHA256_LEN]);

#endif
