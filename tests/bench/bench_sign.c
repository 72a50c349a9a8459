/*
 * bench_sign.c - what one signature costs, against the hashing that no signer can leave out.
 *
 * The floor is the cryptography alone: SHA-256 of the canonical request, and the five HMACs of key and
 * signature. (A cache of signing keys would leave two of those six.)
 */
#include "base/digest.h"
#include "bench.h"
#include <icecat/sigv4.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct signing {
    icecat_sigv4_request request;
    icecat_sigv4_options options;
    char scratch[8192];
    char canonical[2048];
    char to_sign[512];
};

static void sign(void *userdata)
{
    struct signing *s = userdata;
    icecat_sigv4_result result = ICECAT_SIGV4_RESULT_INIT;

    if (icecat_sigv4_sign(&s->request, &s->options, s->scratch, sizeof(s->scratch), &result,
                          NULL) != ICECAT_OK)
        exit(1);
}

static void hash_only(void *userdata)
{
    static const char *const parts[] = { "20150830", "us-east-1", "s3", "aws4_request" };
    struct signing *s = userdata;
    unsigned char key[IC_SHA256_LEN];
    unsigned char out[IC_SHA256_LEN];

    ic_sha256(s->canonical, strlen(s->canonical), out);
    ic_hmac_sha256("AWS4wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", 44, parts[0], 8, key);
    for (int i = 1; i < 4; i++) {
        ic_hmac_sha256(key, sizeof(key), parts[i], strlen(parts[i]), out);
        memcpy(key, out, sizeof(key));
    }
    ic_hmac_sha256(key, sizeof(key), s->to_sign, strlen(s->to_sign), out);
}

int main(void)
{
    static const icecat_pair headers[] = {
        { "host", "cat-pictures.s3.us-east-1.amazonaws.com" },
        { "content-type", "image/jpeg" },
        { "x-amz-content-sha256",
          "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072" },
        { "x-amz-meta-original-file-name", "siberian%20kitten.jpg" }
    };
    static struct signing s = { .request = ICECAT_SIGV4_REQUEST_INIT,
                                .options = ICECAT_SIGV4_OPTIONS_INIT };
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;
    icecat_sigv4_result result = ICECAT_SIGV4_RESULT_INIT;
    double ours;
    double floor_ns;

    keys.access_key_id = "AKIDEXAMPLE";
    keys.secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    s.request.method = "PUT";
    s.request.path = "/0eaf1da24040b4c3f2a1d0987654321fedcba09876543210abcdef0123456789/desk/"
                     "batch-1744377772123456/2025-04-11-13/1744377772.jpg";
    s.request.headers = headers;
    s.request.headers_count = 4;
    s.request.payload_hash = headers[2].value;
    s.options.keys = &keys;
    s.options.region = "us-east-1";
    s.options.service = "s3";
    s.options.unix_s = 1440938160;
    if (icecat_sigv4_sign(&s.request, &s.options, s.scratch, sizeof(s.scratch), &result, NULL) !=
        ICECAT_OK)
        return 1;
    snprintf(s.canonical, sizeof(s.canonical), "%s", result.canonical_request);
    snprintf(s.to_sign, sizeof(s.to_sign), "%s", result.string_to_sign);
    floor_ns = bench_ns(hash_only, &s);
    ours = bench_ns(sign, &s);
    bench_print("sign a PutObject: floor, SHA-256 and HMACs alone", floor_ns, "ns", 0, NULL);
    bench_print("sign a PutObject: icecat_sigv4_sign", ours, "ns", ours / floor_ns, "floor");
    return 0;
}
