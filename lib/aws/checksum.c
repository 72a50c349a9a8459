/*
 * checksum.c - the checksum that S3 verifies, keeps with an object, and answers with.
 */
#include "aws/checksum.h"

#include "base/base64.h"

static unsigned digit(char c)
{
    return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a') + 10;
}

int ic_checksum_write(const char *sha256_hex, char out[IC_CHECKSUM_SIZE])
{
    unsigned char digest[IC_SHA256_LEN];
    ic_buf text;

    if (!ic_sha256_hex_is_valid(sha256_hex))
        return 0;
    for (size_t i = 0; i < sizeof(digest); i++)
        digest[i] = (unsigned char)(digit(sha256_hex[2 * i]) << 4 | digit(sha256_hex[2 * i + 1]));
    ic_buf_init_fixed(&text, out, IC_CHECKSUM_SIZE);
    return ic_base64_encode(&text, digest, sizeof(digest)) == ICECAT_OK;
}
