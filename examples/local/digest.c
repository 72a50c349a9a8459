/*
 * digest.c - checksums and digests, at once or piece by piece.
 */
#include "digest.h"

#include "encoding.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef struct digest_form {
    const char *name; /* libcrypto's too */
    size_t len;
    uint64_t polynomial; /* of a CRC, bit-reflected; 0: libcrypto's */
} digest_form;

static const digest_form forms[DIGEST_KINDS] = {
    [DIGEST_CRC32] = { "CRC32", 4, 0xedb88320u },
    [DIGEST_CRC32C] = { "CRC32C", 4, 0x82f63b78u },
    [DIGEST_CRC64NVME] = { "CRC64NVME", 8, UINT64_C(0x9a6c9329ac4bc9b5) },
    [DIGEST_SHA1] = { "SHA1", 20, 0 },
    [DIGEST_SHA256] = { "SHA256", 32, 0 },
    [DIGEST_SHA512] = { "SHA512", 64, 0 },
    [DIGEST_MD5] = { "MD5", 16, 0 },
};

/* A CRC begins with all ones and ends inverted. */
typedef struct crc_state {
    uint64_t sum;
    uint64_t table[256];
} crc_state;

struct digest {
    const digest_form *form;
    EVP_MD_CTX *context; /* NULL: a CRC */
    crc_state crc;
};

const char *digest_name(digest_kind kind)
{
    return forms[kind].name;
}

bool digest_find(const char *name, digest_kind *kind)
{
    for (size_t i = 0; i < DIGEST_KINDS; i++) {
        if (strcasecmp(name, forms[i].name) == 0) {
            *kind = (digest_kind)i;
            return true;
        }
    }
    return false;
}

size_t digest_length(digest_kind kind)
{
    return forms[kind].len;
}

bool digest_is_crc(digest_kind kind)
{
    return forms[kind].polynomial != 0;
}

/* ---- CRC ---------------------------------------------------------------------------------- */

static void crc_begin(crc_state *crc, const digest_form *form)
{
    crc->sum = form->len == 4 ? UINT32_MAX : UINT64_MAX;
    for (unsigned i = 0; i < 256; i++) {
        uint64_t value = i;

        for (int bit = 0; bit < 8; bit++)
            value = (value & 1u) != 0 ? value >> 1 ^ form->polynomial : value >> 1;
        crc->table[i] = value;
    }
}

static void crc_add(crc_state *crc, const unsigned char *bytes, size_t len)
{
    uint64_t sum = crc->sum;

    for (size_t i = 0; i < len; i++)
        sum = sum >> 8 ^ crc->table[(sum ^ bytes[i]) & 0xffu];
    crc->sum = sum;
}

/* ---- piece by piece ----------------------------------------------------------------------- */

digest *digest_new(digest_kind kind)
{
    digest *self = calloc(1, sizeof(*self));

    if (self == NULL)
        return NULL;
    self->form = &forms[kind];
    if (self->form->polynomial != 0) {
        crc_begin(&self->crc, self->form);
        return self;
    }
    self->context = EVP_MD_CTX_new();
    if (self->context == NULL ||
        EVP_DigestInit_ex(self->context, EVP_get_digestbyname(self->form->name), NULL) != 1) {
        digest_free(self);
        return NULL;
    }
    return self;
}

void digest_free(digest *self)
{
    if (self == NULL)
        return;
    EVP_MD_CTX_free(self->context);
    free(self);
}

bool digest_add(void *userdata, const void *bytes, size_t len)
{
    digest *self = userdata;

    if (self->context != NULL)
        return len == 0 || EVP_DigestUpdate(self->context, bytes, len) == 1;
    crc_add(&self->crc, bytes, len);
    return true;
}

size_t digest_end(digest *self, unsigned char out[DIGEST_MAX])
{
    size_t len = self->form->len;
    unsigned got = 0;

    if (self->context != NULL)
        return EVP_DigestFinal_ex(self->context, out, &got) == 1 ? got : 0;
    for (size_t i = 0; i < len; i++)
        out[i] = (unsigned char)(~self->crc.sum >> (8 * (len - 1 - i)));
    return len;
}

/* ---- at once ------------------------------------------------------------------------------ */

size_t digest_of(digest_kind kind, const void *data, size_t len, unsigned char out[DIGEST_MAX])
{
    digest *self = digest_new(kind);
    size_t got = self != NULL && digest_add(self, data, len) ? digest_end(self, out) : 0;

    digest_free(self);
    return got;
}

bool digest_hex(digest_kind kind, const void *data, size_t len, char out[DIGEST_HEX_SIZE])
{
    unsigned char raw[DIGEST_MAX];
    size_t got = digest_of(kind, data, len, raw);

    encoding_hex(raw, got, out);
    return got > 0;
}

bool digest_text(digest_kind kind, const void *data, size_t len, char out[DIGEST_TEXT_SIZE])
{
    unsigned char raw[DIGEST_MAX];
    size_t got = digest_of(kind, data, len, raw);

    encoding_base64(raw, got, out);
    return got > 0;
}

bool digest_is_text(digest_kind kind, const char *text)
{
    unsigned char raw[DIGEST_MAX];

    return encoding_base64_read(text, raw, forms[kind].len);
}

uint32_t digest_crc32(const void *data, size_t len)
{
    crc_state crc;

    crc_begin(&crc, &forms[DIGEST_CRC32]);
    crc_add(&crc, data, len);
    return ~(uint32_t)crc.sum;
}
