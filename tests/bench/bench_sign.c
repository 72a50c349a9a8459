/*
 * bench_sign.c - what one signature costs, against the hashing that no signer can leave out.
 *
 * The floor is the cryptography alone, with a kept key: SHA-256 of the canonical request and the HMAC of
 * the string to sign. Others' times for the same request come as arguments, name and nanoseconds, so that
 * all numbers are of one run. With -v it writes what it signs, for comparison with theirs.
 */
#include "base/hasher.h"
#include "bench.h"
#include "count_crypto.h"
#include <icecat/sigv4.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct signing {
    icecat_credentials_keys keys;
    icecat_sigv4_request request;
    icecat_sigv4_options options;
    icecat_sigv4_result result;
    char scratch[8192];
    char canonical[2048];
    char to_sign[512];
};

static const icecat_pair headers[] = {
    { "host", "cat-pictures.s3.us-east-1.amazonaws.com" },
    { "content-type", "image/jpeg" },
    { "x-amz-content-sha256", "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072" },
    { "x-amz-meta-original-file-name", "siberian%20kitten.jpg" }
};

static void sign(void *userdata)
{
    struct signing *s = userdata;

    if (icecat_sigv4_sign(&s->request, &s->options, s->scratch, sizeof(s->scratch), &s->result,
                          NULL) != ICECAT_OK)
        exit(1);
}

static void hash_only(void *userdata)
{
    struct signing *s = userdata;
    unsigned char key[IC_SHA256_LEN] = { 0 };
    unsigned char out[IC_SHA256_LEN];
    ic_hasher hasher;

    if (!ic_hasher_init(&hasher) ||
        !ic_hasher_sha256(&hasher, s->canonical, strlen(s->canonical), out) ||
        !ic_hasher_hmac(&hasher, key, sizeof(key), s->to_sign, strlen(s->to_sign), out))
        exit(1);
    ic_hasher_free(&hasher);
}

static void begin(struct signing *s)
{
    s->keys = (icecat_credentials_keys)ICECAT_CREDENTIALS_KEYS_INIT;
    s->request = (icecat_sigv4_request)ICECAT_SIGV4_REQUEST_INIT;
    s->options = (icecat_sigv4_options)ICECAT_SIGV4_OPTIONS_INIT;
    s->result = (icecat_sigv4_result)ICECAT_SIGV4_RESULT_INIT;
    s->keys.access_key_id = "AKIDEXAMPLE";
    s->keys.secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    s->request.method = "PUT";
    s->request.path = "/0eaf1da24040b4c3f2a1d0987654321fedcba09876543210abcdef0123456789/desk/"
                      "batch-1744377772123456/2025-04-11-13/1744377772.jpg";
    s->request.headers = headers;
    s->request.headers_count = sizeof(headers) / sizeof(headers[0]);
    s->request.payload_hash = headers[2].value;
    s->options.keys = &s->keys;
    s->options.region = "us-east-1";
    s->options.service = "s3";
    s->options.unix_s = 1440938160;
}

static void print_counts(struct signing *s)
{
    crypto_counts before = counted;
    size_t needed = count_needed(strlen(s->canonical), strlen(s->to_sign));

    sign(s);
    printf("%-56s %12zu\n", "  allocations, libcrypto's too",
           counted.allocations - before.allocations);
    printf("%-56s %12zu %-10s %6.2f x needed\n", "  blocks that SHA-256 compresses",
           counted.blocks - before.blocks, "blocks",
           (double)(counted.blocks - before.blocks) / (double)needed);
}

static void print_all(struct signing *s, icecat_sigv4_cache *cache, int count, char **others)
{
    double floor_ns = bench_ns(hash_only, s);
    double cold_ns = bench_ns(sign, s);
    double warm_ns;

    s->options.cache = cache;
    sign(s);
    warm_ns = bench_ns(sign, s);
    bench_print("sign a PutObject: floor, the hashing alone", floor_ns, "ns", 0, NULL);
    bench_print("sign a PutObject: icecat_sigv4_sign, kept key", warm_ns, "ns", warm_ns / floor_ns,
                "floor");
    print_counts(s);
    bench_print("sign a PutObject: icecat_sigv4_sign, key derived", cold_ns, "ns",
                cold_ns / floor_ns, "floor");
    for (int i = 0; i + 1 < count; i += 2) {
        char name[64];
        double other_ns = strtod(others[i + 1], NULL);

        snprintf(name, sizeof(name), "sign a PutObject: %s", others[i]);
        bench_print(name, other_ns, "ns", other_ns / warm_ns, "icecat");
    }
}

int main(int argc, char **argv)
{
    static struct signing s;
    icecat_sigv4_cache *cache = NULL;

    if (!count_crypto_begin() || icecat_sigv4_cache_new(NULL, &cache, NULL) != ICECAT_OK)
        return 1;
    begin(&s);
    sign(&s);
    snprintf(s.canonical, sizeof(s.canonical), "%s", s.result.canonical_request);
    snprintf(s.to_sign, sizeof(s.to_sign), "%s", s.result.string_to_sign);
    if (argc == 2 && strcmp(argv[1], "-v") == 0)
        puts(s.result.authorization);
    else
        print_all(&s, cache, argc - 1, argv + 1);
    icecat_sigv4_cache_free(cache);
    return 0;
}
