/*
 * sigv4_key.c - derive the signing key.
 *
 *   key = HMAC(HMAC(HMAC(HMAC("AWS4" secret, day), region), service), "aws4_request")
 */
#include "aws/credentials.h"
#include "aws/sigv4.h"
#include "base/mem.h"

#include <string.h>

static int step(unsigned char work[IC_SHA256_LEN], const void *key, size_t key_len,
                const char *text)
{
    return ic_hmac_sha256(key, key_len, text, strlen(text), work);
}

int ic_sigv4_signing_key(const char *secret, const char *day, const char *region,
                         const char *service, unsigned char key[IC_SHA256_LEN])
{
    char seed[4 + IC_CREDENTIALS_TEXT_MAX];
    unsigned char work[IC_SHA256_LEN] = { 0 };
    size_t len = strlen(secret);
    int ok;

    if (len > IC_CREDENTIALS_TEXT_MAX)
        return 0;
    memcpy(seed, "AWS4", 4);
    memcpy(seed + 4, secret, len);
    ok = step(work, seed, 4 + len, day) && step(work, work, sizeof(work), region) &&
         step(work, work, sizeof(work), service) && step(work, work, sizeof(work), "aws4_request");
    if (ok)
        memcpy(key, work, sizeof(work));
    ic_mem_wipe(seed, 4 + len);
    ic_mem_wipe(work, sizeof(work));
    return ok;
}
