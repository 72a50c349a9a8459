/*
 * test_sigv4_published.c - the values that AWS prints in its pages on signing for S3, all of them.
 *
 * Source: Amazon S3 API Reference, "Authenticating requests", its examples of headers, query, chunks and
 * trailer (of the trailer the corrected signature); IAM User Guide, examples of signing keys.
 */
#include "aws/sigv4_key.h"
#include "base/base64.h"
#include "base/buf.h"
#include "cmocka_all.h"

#include <icecat/sigv4.h>
#include <stdio.h>
#include <string.h>

#define BODY    66560
#define CHUNK   65536
#define TRAILER "x-amz-checksum-crc32c"

static const struct {
    const char *name;
    const char *value;
} published[] = {
    { "get_object_range", "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41" },
    { "put_object_key_with_dollar",
      "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd" },
    { "get_bucket_lifecycle_valueless_query",
      "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543" },
    { "list_objects", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7" },
    { "presigned_get_86400", "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404" },
    { "chunked_seed", "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9" },
    { "chunk1", "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648" },
    { "chunk2", "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497" },
    { "chunk3", "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9" },
    { "chunked_wire_length", "66824" },
    { "trailer_seed", "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e" },
    { "trailer_chunk1", "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2" },
    { "trailer_chunk2", "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7" },
    { "trailer_chunk3", "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992" },
    { "trailer_crc32c_b64", "sOO8/Q==" },
    { "signing_key_20150830_iam",
      "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9" },
    { "signing_key_20120215_iam",
      "f4780e2d9f65fa895f9c67b32ce1baf0b0d8a43505a000a1a9e090d414db404d" },
    { "trailer_signature", "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435" }
};

#define PUBLISHED (sizeof(published) / sizeof(published[0]))

static size_t compared;
static char scratch[16384];
static char body[BODY];

static icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;
static icecat_sigv4_options options = ICECAT_SIGV4_OPTIONS_INIT;

static int set_up(void **state)
{
    (void)state;
    memset(body, 'a', sizeof(body));
    keys.access_key_id = "AKIAIOSFODNN7EXAMPLE";
    keys.secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    options.keys = &keys;
    options.region = "us-east-1";
    options.service = "s3";
    options.unix_s = 1369353600; /* 20130524T000000Z */
    return 0;
}

static void expect(const char *name, const char *got)
{
    for (size_t i = 0; i < PUBLISHED; i++) {
        if (strcmp(published[i].name, name) != 0)
            continue;
        if (strcmp(published[i].value, got) != 0)
            fail_msg("%s: want %s, got %s", name, published[i].value, got);
        compared++;
        return;
    }
    fail_msg("no published value %s", name);
}

static const char *sign(const char *method, const char *path, const char *query,
                        const char *payload_hash, const icecat_pair *headers, size_t count)
{
    static icecat_sigv4_result result;
    icecat_sigv4_request request = ICECAT_SIGV4_REQUEST_INIT;
    icecat_error err;

    result = (icecat_sigv4_result)ICECAT_SIGV4_RESULT_INIT;
    request.method = method;
    request.path = path;
    request.query = query;
    request.payload_hash = payload_hash;
    request.headers = headers;
    request.headers_count = count;
    if (icecat_sigv4_sign(&request, &options, scratch, sizeof(scratch), &result, &err) != ICECAT_OK)
        fail_msg("%s", err.message);
    return result.signature;
}

static void header_signatures(void)
{
    const icecat_pair range[] = { { "host", "examplebucket.s3.amazonaws.com" },
                                  { "range", "bytes=0-9" } };
    const icecat_pair put[] = { { "date", "Fri, 24 May 2013 00:00:00 GMT" },
                                { "host", "examplebucket.s3.amazonaws.com" },
                                { "x-amz-storage-class", "REDUCED_REDUNDANCY" } };

    options.flags = ICECAT_SIGV4_CONTENT_SHA256;
    expect("get_object_range", sign("GET", "/test.txt", NULL, NULL, range, 2));
    expect("put_object_key_with_dollar",
           sign("PUT", "/test%24file.text", NULL,
                "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072", put, 3));
    expect("get_bucket_lifecycle_valueless_query", sign("GET", "/", "lifecycle", NULL, range, 1));
    expect("list_objects", sign("GET", "/", "max-keys=2&prefix=J", NULL, range, 1));
}

static void presigned_signature(void)
{
    const icecat_pair host[] = { { "host", "examplebucket.s3.amazonaws.com" } };

    options.flags = ICECAT_SIGV4_PRESIGN;
    options.expires_s = 86400;
    expect("presigned_get_86400", sign("GET", "/test.txt", NULL, NULL, host, 1));
    options.expires_s = 0;
}

/* The three chunks; @p signature holds the seed and then the last one. */
static void chunk_signatures(const char *const names[3], char *signature)
{
    const size_t lengths[] = { CHUNK, BODY - CHUNK, 0 };
    size_t at = 0;

    for (size_t i = 0; i < 3; i++) {
        icecat_error err;

        if (icecat_sigv4_sign_chunk(&options, signature, body + at, lengths[i], signature, &err) !=
            ICECAT_OK)
            fail_msg("%s", err.message);
        expect(names[i], signature);
        at += lengths[i];
    }
}

static void chunked_signatures(void)
{
    static const char *const names[] = { "chunk1", "chunk2", "chunk3" };
    const icecat_pair headers[] = { { "host", "s3.amazonaws.com" },
                                    { "x-amz-storage-class", "REDUCED_REDUNDANCY" },
                                    { "content-encoding", "aws-chunked" },
                                    { "x-amz-decoded-content-length", "66560" },
                                    { "content-length", "66824" } };
    char signature[ICECAT_SIGV4_SIGNATURE_SIZE];
    char length[24];

    options.flags = ICECAT_SIGV4_CONTENT_SHA256;
    strcpy(signature, sign("PUT", "/examplebucket/chunkObject.txt", NULL,
                           ICECAT_SIGV4_STREAMING_PAYLOAD, headers, 5));
    expect("chunked_seed", signature);
    chunk_signatures(names, signature);
    snprintf(length, sizeof(length), "%llu",
             (unsigned long long)icecat_sigv4_chunked_length(BODY, CHUNK, NULL, 0));
    expect("chunked_wire_length", length);
}

static void body_checksum(char out[16])
{
    uint32_t crc = 0xffffffff;
    unsigned char bytes[4];
    ic_buf text;

    for (size_t i = 0; i < BODY; i++) {
        crc ^= (unsigned char)body[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ (0x82f63b78u & (0u - (crc & 1)));
    }
    crc = ~crc;
    for (int i = 0; i < 4; i++)
        bytes[i] = (unsigned char)(crc >> (24 - 8 * i));
    ic_buf_init_fixed(&text, out, 16);
    ic_base64_encode(&text, bytes, sizeof(bytes));
}

static void trailer_signatures(void)
{
    static const char *const names[] = { "trailer_chunk1", "trailer_chunk2", "trailer_chunk3" };
    const icecat_pair headers[] = { { "host", "s3.amazonaws.com" },
                                    { "x-amz-storage-class", "REDUCED_REDUNDANCY" },
                                    { "content-encoding", "aws-chunked" },
                                    { "x-amz-decoded-content-length", "66560" },
                                    { "x-amz-trailer", TRAILER } };
    char checksum[16];
    char signature[ICECAT_SIGV4_SIGNATURE_SIZE];
    icecat_pair trailer = { TRAILER, checksum };

    body_checksum(checksum);
    expect("trailer_crc32c_b64", checksum);
    options.flags = ICECAT_SIGV4_CONTENT_SHA256;
    strcpy(signature, sign("PUT", "/examplebucket/chunkObject.txt", NULL,
                           ICECAT_SIGV4_STREAMING_PAYLOAD_TRAILER, headers, 5));
    expect("trailer_seed", signature);
    chunk_signatures(names, signature);
    assert_int_equal(icecat_sigv4_sign_trailer(&options, signature, &trailer, 1, signature, NULL),
                     ICECAT_OK);
    expect("trailer_signature", signature);
}

static void signing_key(const char *name, const char *day)
{
    ic_sigv4_key_scope scope = { "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", day, "us-east-1",
                                 "iam" };
    unsigned char key[IC_SHA256_LEN];
    char hex[IC_SHA256_HEX_SIZE];
    ic_hasher hasher;

    assert_true(ic_hasher_init(&hasher));
    assert_true(ic_sigv4_signing_key(&hasher, &scope, key));
    ic_hasher_free(&hasher);
    ic_hex(key, sizeof(key), hex);
    expect(name, hex);
}

static void every_published_value_is_calculated(void **state)
{
    (void)state;
    header_signatures();
    presigned_signature();
    chunked_signatures();
    trailer_signatures();
    signing_key("signing_key_20150830_iam", "20150830");
    signing_key("signing_key_20120215_iam", "20120215");
    print_message("%zu of %zu published values agree\n", compared, PUBLISHED);
    assert_int_equal(compared, PUBLISHED);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_published_value_is_calculated) };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
