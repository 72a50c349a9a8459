/*
 * sigv4_key.c - derive the signing key.
 *
 *   key = HMAC(HMAC(HMAC(HMAC("AWS4" secret, day), region), service), "aws4_request")
 */
#include "aws/sigv4_key.h"

#include "aws/credentials.h"
#include "base/mem.h"

#include <string.h>

static int step(ic_hasher *hasher, unsigned char work[IC_SHA256_LEN], const char *text)
{
    return ic_hasher_hmac(hasher, work, IC_SHA256_LEN, text, strlen(text), work);
}

int ic_sigv4_signing_key(ic_hasher *hasher, const ic_sigv4_key_scope *scope,
                         unsigned char key[IC_SHA256_LEN])
{
    char seed[4 + IC_CREDENTIALS_TEXT_MAX];
    unsigned char work[IC_SHA256_LEN] = { 0 };
    size_t len = strlen(scope->secret);
    int ok;

    if (len > IC_CREDENTIALS_TEXT_MAX)
        return 0;
    memcpy(seed, "AWS4", 4);
    memcpy(seed + 4, scope->secret, len);
    ok = ic_hasher_hmac(hasher, seed, 4 + len, scope->day, 8, work) &&
         step(hasher, work, scope->region) && step(hasher, work, scope->service) &&
         step(hasher, work, "aws4_request");
    if (ok)
        memcpy(key, work, sizeof(work));
    ic_mem_wipe(seed, 4 + len);
    ic_mem_wipe(work, sizeof(work));
    return ok;
}
