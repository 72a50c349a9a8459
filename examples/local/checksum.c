/*
 * checksum.c - the checksums of S3: three CRCs computed here, the digests by libcrypto.
 */
#include "checksum.h"

#include <openssl/evp.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

typedef struct checksum_form {
    const char *name;
    size_t len;
    uint64_t polynomial; /* bit-reflected; 0 for a digest of libcrypto */
} checksum_form;

static const checksum_form forms[] = {
    [CHECKSUM_CRC32] = { "CRC32", 4, 0xedb88320u },
    [CHECKSUM_CRC32C] = { "CRC32C", 4, 0x82f63b78u },
    [CHECKSUM_CRC64NVME] = { "CRC64NVME", 8, UINT64_C(0x9a6c9329ac4bc9b5) },
    [CHECKSUM_SHA1] = { "SHA1", 20, 0 },
    [CHECKSUM_SHA256] = { "SHA256", 32, 0 },
    [CHECKSUM_SHA512] = { "SHA512", 64, 0 },
    [CHECKSUM_MD5] = { "MD5", 16, 0 },
};

const char *checksum_name(checksum_kind kind)
{
    return forms[kind].name;
}

int checksum_find(const char *name, checksum_kind *kind)
{
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        if (strcasecmp(name, forms[i].name) == 0) {
            *kind = (checksum_kind)i;
            return 1;
        }
    }
    return 0;
}

/* A CRC of 32 or 64 bits that begins with all ones and ends inverted, byte by byte with a table. */
static void crc(const checksum_form *form, const unsigned char *data, size_t len,
                unsigned char *out)
{
    uint64_t ones = form->len == 8 ? UINT64_MAX : UINT32_MAX;
    uint64_t sum = ones;
    uint64_t table[256];

    for (unsigned i = 0; i < 256; i++) {
        table[i] = i;
        for (int bit = 0; bit < 8; bit++)
            table[i] = (table[i] & 1) != 0 ? table[i] >> 1 ^ form->polynomial : table[i] >> 1;
    }
    for (size_t i = 0; i < len; i++)
        sum = sum >> 8 ^ table[(sum ^ data[i]) & 0xff];
    sum ^= ones;
    for (size_t i = form->len; i > 0; i--) {
        out[i - 1] = (unsigned char)(sum & 0xff);
        sum >>= 8;
    }
}

int checksum_text(checksum_kind kind, const void *data, size_t len, char out[CHECKSUM_TEXT_SIZE])
{
    const checksum_form *form = &forms[kind];
    unsigned char sum[EVP_MAX_MD_SIZE];

    out[0] = '\0';
    if (form->polynomial != 0)
        crc(form, data, len, sum);
    else if (!EVP_Q_digest(NULL, form->name, NULL, len != 0 ? data : "", len, sum, NULL))
        return 0;
    EVP_EncodeBlock((unsigned char *)out, sum, (int)form->len);
    return 1;
}

int checksum_is_valid(checksum_kind kind, const char *text)
{
    size_t len = forms[kind].len;
    unsigned char sum[CHECKSUM_MAX + 3]; /* decoding fills whole groups of three */
    char again[CHECKSUM_TEXT_SIZE];

    if (strlen(text) != (len + 2) / 3 * 4 ||
        EVP_DecodeBlock(sum, (const unsigned char *)text, (int)strlen(text)) < 0)
        return 0;
    EVP_EncodeBlock((unsigned char *)again, sum, (int)len);
    return strcmp(text, again) == 0;
}
