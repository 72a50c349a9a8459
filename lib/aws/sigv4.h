/*
 * sigv4.h - Signature Version 4 in its three steps, all pure; signing and verifying share them.
 *
 *   canonical request  ->  string to sign  ->  signature
 */
#ifndef IC_SIGV4_H
#define IC_SIGV4_H

#include "aws/sigv4_cache.h"
#include "base/buf.h"
#include "base/digest.h"
#include <icecat/sigv4.h>

#define IC_SIGV4_ALGORITHM     "AWS4-HMAC-SHA256"
#define IC_SIGV4_EMPTY_SHA256  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define IC_SIGV4_MAX_EXPIRES_S 604800 /* seven days */
#define IC_SIGV4_MAX_ITEMS     104 /* headers, or query parameters, with those that signing adds */

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
    ic_hasher *hasher;
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

/** End the text that begins at @p start with a NUL byte and give it. */
const char *ic_sigv4_end_text(ic_buf *scratch, size_t start);

/** 1 when a text, which may be NULL, has a control character. */
int ic_sigv4_has_control(const char *text);

/** ICECAT_E_ARGUMENT when keys, scope or time is missing or cannot be used. */
icecat_status ic_sigv4_check_options(const icecat_sigv4_options *options, icecat_error *err);

/** ICECAT_E_ARGUMENT when a part is missing or has control characters; header values may have them. */
icecat_status ic_sigv4_check_request(const icecat_sigv4_request *request, icecat_error *err);

/** Read the claim of a received request, its texts behind what is in @p scratch; see icecat_sigv4_parse(). */
icecat_status ic_sigv4_parse(const icecat_sigv4_request *request, ic_buf *scratch,
                             icecat_sigv4_claim *claim, icecat_error *err);

/** 1 when presigning. */
int ic_sigv4_is_presigning(const icecat_sigv4_options *options);

/** The token of temporary keys, or NULL. */
const char *ic_sigv4_session_token(const icecat_sigv4_options *options);

/** Insert a header behind those of a name that is not larger. 0 when there are too many. */
int ic_sigv4_insert_header(ic_sigv4_work *work, const char *name, const char *value);

/** The headers of the request that are signed, and those that signing adds. */
icecat_status ic_sigv4_gather_headers(ic_sigv4_work *work, icecat_error *err);

/** Append "name:value\n" for every header; those of one name in one line. */
icecat_status ic_sigv4_add_headers(ic_buf *out, const ic_sigv4_work *work);

/** Append the request's query with the parameters of signing, without the signature. */
void ic_sigv4_add_presign_query(ic_buf *out, const ic_sigv4_work *work);

/** Append that query again, with the token when it is not signed, and with the signature. */
void ic_sigv4_add_presigned_query(ic_buf *out, const ic_sigv4_work *work,
                                  const char *unsigned_query, const char *signature);

/** Append "20150830/us-east-1/service/aws4_request". */
void ic_sigv4_add_scope(ic_buf *out, const ic_sigv4_work *work);

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

/** Both texts, each with its NUL byte, behind what is in @p scratch; @p query as above. */
icecat_status ic_sigv4_add_texts(ic_buf *scratch, const ic_sigv4_work *work, const char *query,
                                 const char **canonical_request, const char **string_to_sign,
                                 icecat_error *err);

/** The signature of @p string_to_sign with the secret key of the options. */
icecat_status ic_sigv4_signature(const ic_sigv4_work *work, const char *string_to_sign,
                                 char signature[IC_SHA256_HEX_SIZE], icecat_error *err);

#endif
