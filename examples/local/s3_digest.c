/*
 * s3_digest.c - ETags and checksums.
 */
#include "s3_digest.h"

#include "encoding.h"
#include "s3_body.h"

#include <stdio.h>

static bool find(const char *name, digest_kind *kind)
{
    return digest_find(name, kind) && *kind != DIGEST_MD5;
}

const char *s3_algorithm(size_t n)
{
    return n < DIGEST_MD5 ? digest_name((digest_kind)n) : NULL;
}

const char *s3_algorithm_named(const char *name)
{
    digest_kind kind;

    return find(name, &kind) ? digest_name(kind) : NULL;
}

bool s3_algorithm_is_crc(const char *name)
{
    digest_kind kind;

    return find(name, &kind) && digest_is_crc(kind);
}

size_t s3_algorithm_length(const char *name)
{
    digest_kind kind;

    return find(name, &kind) ? digest_length(kind) : 0;
}

digest *s3_algorithm_digest(const char *name)
{
    digest_kind kind;

    return find(name, &kind) ? digest_new(kind) : NULL;
}

void s3_algorithm_header(const char *name, char out[40])
{
    size_t used = (size_t)snprintf(out, 40, "x-amz-checksum-%s", name);

    for (size_t i = 0; i < used && i < 40; i++) {
        if (out[i] >= 'A' && out[i] <= 'Z')
            out[i] = (char)(out[i] - 'A' + 'a');
    }
}

/* Releases self, which may be NULL. */
static size_t end(digest *self, bool ok, unsigned char out[DIGEST_MAX])
{
    size_t got = ok && self != NULL ? digest_end(self, out) : 0;

    digest_free(self);
    return got;
}

static size_t of_bytes(digest *self, const void *bytes, size_t len, unsigned char out[DIGEST_MAX])
{
    return end(self, self != NULL && digest_add(self, bytes, len), out);
}

static size_t of_body(digest *self, sqlite3 *db, int64_t body, uint64_t size,
                      unsigned char out[DIGEST_MAX])
{
    bool ok = self != NULL && s3_body_walk(db, body, 0, size, digest_add, self) == SQLITE_DONE;

    return end(self, ok, out);
}

static bool show(const char *name, const unsigned char *raw, size_t len, s3_checksum *out)
{
    (void)snprintf(out->algorithm, sizeof(out->algorithm), "%s", name);
    encoding_base64(raw, len, out->value);
    return len > 0;
}

bool s3_checksum_of(const char *name, const void *bytes, size_t len, s3_checksum *out)
{
    unsigned char raw[DIGEST_MAX];

    return show(name, raw, of_bytes(s3_algorithm_digest(name), bytes, len, raw), out);
}

bool s3_checksum_of_body(sqlite3 *db, int64_t body, uint64_t size, const char *name,
                         s3_checksum *out)
{
    unsigned char raw[DIGEST_MAX];

    return show(name, raw, of_body(s3_algorithm_digest(name), db, body, size, raw), out);
}

static bool show_etag(const unsigned char *raw, size_t len, char out[S3_ETAG_SIZE])
{
    encoding_hex(raw, len, out);
    return len > 0;
}

bool s3_etag_of(const void *bytes, size_t len, char out[S3_ETAG_SIZE])
{
    unsigned char raw[DIGEST_MAX];

    return show_etag(raw, of_bytes(digest_new(DIGEST_MD5), bytes, len, raw), out);
}

bool s3_etag_of_body(sqlite3 *db, int64_t body, uint64_t size, char out[S3_ETAG_SIZE])
{
    unsigned char raw[DIGEST_MAX];

    return show_etag(raw, of_body(digest_new(DIGEST_MD5), db, body, size, raw), out);
}
