/*
 * aws_chunked.h - the aws-chunked framing of S3: chunks, their signatures, and the trailer.
 *
 * Source of the rules: Amazon S3 API Reference, "Signature calculations for the Authorization header:
 * transferring payload in multiple chunks" and "... including trailing headers".
 */
#ifndef ICECAT_LOCAL_AWS_CHUNKED_H
#define ICECAT_LOCAL_AWS_CHUNKED_H

#include <stddef.h>
#include <stdint.h>

#define AWS_CHUNKED_KEY_LEN  32
#define AWS_CHUNKED_TRAILERS 8

/* What chunk signatures continue from. All is borrowed. */
typedef struct aws_chunked_signing {
    unsigned char key[AWS_CHUNKED_KEY_LEN];
    const char *amz_date;       /* "20130524T000000Z" */
    const char *scope;          /* "20130524/us-east-1/s3/aws4_request" */
    const char *seed_signature; /* of the request's headers */
} aws_chunked_signing;

/* How a body is framed. */
typedef struct aws_chunked_form {
    const aws_chunked_signing *signing; /* NULL: chunks and trailer are not signed */
    int has_trailer;
    uint64_t decoded_len; /* x-amz-decoded-content-length */
} aws_chunked_form;

typedef struct aws_chunked_trailer {
    char name[64]; /* lower case */
    char value[128];
} aws_chunked_trailer;

typedef struct aws_chunked_body {
    unsigned char *data; /* from malloc, NUL-terminated; NULL unless decoding succeeded */
    size_t len;
    aws_chunked_trailer trailers[AWS_CHUNKED_TRAILERS]; /* without the trailer's signature */
    size_t trailer_count;
} aws_chunked_body;

typedef enum aws_chunked_status {
    AWS_CHUNKED_OK,
    AWS_CHUNKED_MALFORMED,         /* not chunks, cut off, or something behind the end */
    AWS_CHUNKED_LENGTH,            /* not as many bytes as were announced */
    AWS_CHUNKED_SMALL,             /* a chunk before the last has less than 8192 bytes */
    AWS_CHUNKED_SIGNATURE,         /* the signature of a chunk does not match */
    AWS_CHUNKED_TRAILER,           /* the trailer is malformed */
    AWS_CHUNKED_TRAILER_SIGNATURE, /* the signature of the trailer is missing or does not match */
    AWS_CHUNKED_FAILED             /* memory or libcrypto */
} aws_chunked_status;

/* The signing key of a secret key, a day of 8 digits, a region and a service. 1 on success. */
int aws_chunked_key(const char *secret, const char *day, const char *region, const char *service,
                    unsigned char key[AWS_CHUNKED_KEY_LEN]);

/* Take the framing off. Release out->data with free(). */
aws_chunked_status aws_chunked_decode(const aws_chunked_form *form, const unsigned char *data,
                                      size_t len, aws_chunked_body *out);

#endif
