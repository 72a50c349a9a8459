/*
 * digest.h - SHA-256, SHA-1 for names, MD5 for ETags, and hex, by libcrypto.
 */
#ifndef IC_DIGEST_H
#define IC_DIGEST_H

#include <stddef.h>

#define IC_SHA256_LEN      32
#define IC_SHA256_HEX_SIZE 65 /* with the NUL byte */

/**
 * 1 when libcrypto has what it makes at its first use. Where there was no memory for that it never has, and
 * its functions crash: everything here that fails then fails by this question.
 */
int ic_crypto_is_ready(void);

/** 1 on success. */
int ic_sha256(const void *data, size_t len, unsigned char out[IC_SHA256_LEN]);
int ic_sha256_hex(const void *data, size_t len, char out[IC_SHA256_HEX_SIZE]);

/** A SHA-256 that is computed piece by piece; libcrypto's EVP_MD_CTX. */
typedef struct evp_md_ctx_st ic_sha256_state;
/** NULL when libcrypto has no memory or no SHA-256. */
ic_sha256_state *ic_sha256_begin(void);
/** 1 on success. */
int ic_sha256_add(ic_sha256_state *state, const void *data, size_t len);
/** Releases @p state in any case, which may be NULL; 1 when @p out, which may be NULL, was filled. */
int ic_sha256_end(ic_sha256_state *state, unsigned char out[IC_SHA256_LEN]);

#define IC_SHA1_HEX_SIZE 41 /* with the NUL byte */
/** Only for names that others made with SHA-1; never to protect anything. */
int ic_sha1_hex(const void *data, size_t len, char out[IC_SHA1_HEX_SIZE]);
#define IC_MD5_HEX_SIZE 33 /* with the NUL byte */
/** Only to compare with an ETag. 0 also where libcrypto is set up without MD5. */
int ic_md5_hex(const void *data, size_t len, char out[IC_MD5_HEX_SIZE]);

/** @p out has 2 * len + 1 bytes; lower case. */
void ic_hex(const void *data, size_t len, char *out);
/** 1 when @p text is exactly 64 lower-case hex digits. */
int ic_sha256_hex_is_valid(const char *text);

/** 1 when both are equal; takes the same time wherever they differ. */
int ic_digest_equal(const void *a, const void *b, size_t len);

/** Random bytes of the system; 1 on success. */
int ic_random_bytes(void *out, size_t len);

/** Version of libcrypto at run time, e.g. "3.0.19". Static. */
const char *ic_digest_library_version(void);

#endif
