/*
 * attempt.c - turn a request into one signed exchange.
 */
#include "aws/attempt.h"

#include "aws/checksum.h"
#include "aws/credentials.h"
#include "aws/engine.h"
#include "base/error.h"

#include <stdio.h>
#include <string.h>

#define MAX_SCRATCH (1u << 20)

void ic_attempt_init(ic_attempt *attempt, const ic_mem *mem)
{
    memset(attempt, 0, sizeof(*attempt));
    ic_buf_init(&attempt->base, mem, 1024);
    ic_address_init(&attempt->address, mem);
    ic_pairs_init(&attempt->headers, mem, 110, 131072);
    ic_buf_init(&attempt->scratch, mem, MAX_SCRATCH);
}

void ic_attempt_free(ic_attempt *attempt)
{
    ic_buf_free(&attempt->base);
    ic_address_free(&attempt->address);
    ic_pairs_free(&attempt->headers);
    ic_buf_free_secret(&attempt->scratch); /* a canonical request has the session token */
}

/* The hash is made once per call, not once per attempt: the body does not change. */
static icecat_status find_payload_hash(ic_attempt *attempt, const ic_request *request,
                                       ic_attempt_count count, icecat_error *err)
{
    if (request->payload_hash[0] != '\0')
        memcpy(attempt->payload_hash, request->payload_hash, sizeof(attempt->payload_hash));
    else if (count.number == 1 &&
             !ic_sha256_hex(request->body, request->body_len, attempt->payload_hash))
        return ic_fail(err, ICECAT_E_CRYPTO, "SHA-256 failed in libcrypto");
    return ICECAT_OK;
}

/* Where the request goes: the client's endpoint, or AWS's own in the region that the bucket is in. */
icecat_status ic_attempt_address(ic_attempt *attempt, icecat_client *client,
                                 const ic_request *request, icecat_error *err)
{
    ic_endpoint endpoint = client->endpoints[request->service];
    icecat_status status = ICECAT_OK;

    ic_client_bucket_region(client, request->bucket, attempt->region);
    if (!endpoint.is_override && strcmp(attempt->region, client->region) != 0) {
        ic_buf_reset(&attempt->base);
        ic_endpoint_write(&attempt->base, request->service, attempt->region, client->traits);
        status = ic_buf_check(&attempt->base, "an endpoint URL", err);
        endpoint.base = attempt->base.data;
    }
    if (status == ICECAT_OK)
        status = ic_address_make(&attempt->address, &endpoint, request, client->addressing, err);
    return status;
}

#define UUID_LEN 16

/* Random bytes for one UUID. A slot that has a second call will have more, and libcrypto takes hardly longer
 * for many bytes than for a few. */
static unsigned char *take_random(ic_attempt *attempt, const icecat_client *client)
{
    if (attempt->random_left == 0) {
        attempt->random_left = attempt->invocation_id[0] != '\0' ? sizeof(attempt->random)
                                                                 : UUID_LEN;
        memset(attempt->random, 0, sizeof(attempt->random));
        ic_client_random(client, attempt->random, attempt->random_left);
    }
    attempt->random_left -= UUID_LEN;
    return attempt->random + attempt->random_left;
}

/* A random UUID, by which AWS tells the attempts of one call from other calls. */
static void make_invocation_id(ic_attempt *attempt, const icecat_client *client)
{
    unsigned char *bytes = take_random(attempt, client);
    char hex[2 * UUID_LEN + 1];

    bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x40);
    bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80);
    ic_hex(bytes, UUID_LEN, hex);
    snprintf(attempt->invocation_id, sizeof(attempt->invocation_id), "%.8s-%.4s-%.4s-%.4s-%.12s",
             hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

static icecat_status add_checksum(ic_attempt *attempt)
{
    char checksum[IC_CHECKSUM_SIZE];

    if (!ic_checksum_write(attempt->payload_hash, checksum))
        return ICECAT_OK;
    return ic_pairs_add(&attempt->headers, IC_CHECKSUM_HEADER, checksum);
}

static icecat_status fail_headers(icecat_status status, icecat_error *err)
{
    if (status == ICECAT_E_NO_MEMORY)
        return ic_fail_memory(err, "the headers of the request");
    return ic_fail(err, status, "the headers of the request are too many or too long");
}

static icecat_status gather_headers(ic_attempt *attempt, const icecat_client *client,
                                    const ic_request *request, ic_attempt_count count)
{
    char tried[48];
    icecat_status status;

    snprintf(tried, sizeof(tried), "attempt=%u; max=%u", count.number, count.max);
    ic_pairs_reset(&attempt->headers);
    status = ic_pairs_add(&attempt->headers, "host", ic_buf_text(&attempt->address.host));
    if (status == ICECAT_OK && request->service == IC_SERVICE_S3)
        status = ic_pairs_add(&attempt->headers, "x-amz-content-sha256", attempt->payload_hash);
    if (status == ICECAT_OK && request->takes_checksum && client->sends_checksums)
        status = add_checksum(attempt);
    for (size_t i = 0; i < request->headers.count && status == ICECAT_OK; i++)
        status = ic_pairs_add(&attempt->headers, request->headers.items[i].name,
                              request->headers.items[i].value);
    if (status == ICECAT_OK)
        status = ic_pairs_add(&attempt->headers, "amz-sdk-invocation-id", attempt->invocation_id);
    if (status == ICECAT_OK)
        status = ic_pairs_add(&attempt->headers, "amz-sdk-request", tried);
    if (status == ICECAT_OK)
        status = ic_pairs_add(&attempt->headers, "user-agent", client->user_agent);
    return status;
}

/* Signing needs at most 4 kB and eight times the texts of the request; see sigv4.h. */
static icecat_status reserve_scratch(ic_attempt *attempt, const ic_request *request,
                                     const icecat_credentials_keys *keys)
{
    size_t texts = attempt->address.path.len + request->query.len + attempt->headers.bytes +
                   (keys->session_token != NULL ? strlen(keys->session_token) : 0);

    ic_buf_reset(&attempt->scratch);
    if (attempt->scratch.cap > 4096 + 8 * texts)
        return ICECAT_OK;
    /* What the last attempt signed holds the session token; growing must not leave a copy behind. */
    ic_mem_wipe(attempt->scratch.data, attempt->scratch.cap);
    return ic_buf_reserve(&attempt->scratch, 4096 + 8 * texts);
}

icecat_status ic_attempt_sign(ic_attempt *attempt, const icecat_client *client,
                              const ic_request *request, icecat_sigv4_options *options,
                              icecat_error *err)
{
    icecat_sigv4_request plain = ICECAT_SIGV4_REQUEST_INIT;

    attempt->signature = (icecat_sigv4_result)ICECAT_SIGV4_RESULT_INIT;
    if (reserve_scratch(attempt, request, options->keys) != ICECAT_OK)
        return ic_buf_check(&attempt->scratch, "signing", err);
    plain.method = request->method;
    plain.path = ic_buf_text(&attempt->address.path);
    plain.query = ic_buf_text(&request->query);
    plain.headers = attempt->headers.items;
    plain.headers_count = attempt->headers.count;
    plain.payload_hash = attempt->payload_hash[0] != '\0' ? attempt->payload_hash : NULL;
    options->region = attempt->region;
    options->service = ic_service_name(request->service);
    options->cache = client->signing_keys;
    return icecat_sigv4_sign(&plain, options, attempt->scratch.data, attempt->scratch.cap,
                             &attempt->signature, err);
}

static icecat_status add_signature(ic_attempt *attempt, const icecat_credentials_keys *keys,
                                   icecat_error *err)
{
    const icecat_sigv4_result *signature = &attempt->signature;
    icecat_status status = ic_pairs_add(&attempt->headers, "x-amz-date", signature->amz_date);

    if (status == ICECAT_OK && keys->session_token != NULL)
        status = ic_pairs_add(&attempt->headers, "x-amz-security-token", keys->session_token);
    if (status == ICECAT_OK)
        status = ic_pairs_add(&attempt->headers, "authorization", signature->authorization);
    if (status != ICECAT_OK)
        return fail_headers(status, err);
    return ICECAT_OK;
}

static icecat_status sign_headers(ic_attempt *attempt, const icecat_client *client,
                                  const ic_request *request, const ic_need *need, icecat_error *err)
{
    icecat_sigv4_options options = ICECAT_SIGV4_OPTIONS_INIT;
    icecat_credentials_keys plain;
    ic_keys *keys;
    icecat_status status = ic_credentials_keys_at(client->credentials, need, &keys, err);

    if (status != ICECAT_OK)
        return status;
    plain = ic_keys_plain(keys);
    options.keys = &plain;
    options.unix_s = need->unix_s;
    status = ic_attempt_sign(attempt, client, request, &options, err);
    if (status == ICECAT_OK)
        status = add_signature(attempt, &plain, err);
    ic_keys_release(keys);
    return status;
}

icecat_status ic_attempt_prepare(ic_attempt *attempt, icecat_client *client,
                                 const ic_request *request, ic_response *response,
                                 const ic_need *need, ic_attempt_count count, icecat_error *err)
{
    icecat_status status = find_payload_hash(attempt, request, count, err);

    if (status == ICECAT_OK)
        status = ic_attempt_address(attempt, client, request, err);
    if (status != ICECAT_OK)
        return status;
    if (count.number == 1)
        make_invocation_id(attempt, client);
    status = gather_headers(attempt, client, request, count);
    if (status != ICECAT_OK)
        return fail_headers(status, err);
    status = sign_headers(attempt, client, request, need, err);
    if (status != ICECAT_OK)
        return status;

    memset(&attempt->exchange, 0, sizeof(attempt->exchange));
    attempt->exchange.method = request->method;
    attempt->exchange.url = ic_buf_text(&attempt->address.url);
    attempt->exchange.headers = &attempt->headers;
    attempt->exchange.body = request->body;
    attempt->exchange.body_len = request->body_len;
    attempt->exchange.response = response;
    attempt->exchange.bounds = need->bounds;
    attempt->sent_s = ic_clock_unix_s(&client->clock);
    attempt->skew_s = need->unix_s - attempt->sent_s;
    return ICECAT_OK;
}

icecat_status ic_attempt_check(const ic_attempt *attempt, const ic_request *request,
                               const ic_response *response, icecat_error *err)
{
    const char *sent = ic_pairs_get(&attempt->headers, IC_CHECKSUM_HEADER);
    const char *stored = ic_pairs_get(&response->headers, IC_CHECKSUM_HEADER);

    if (sent == NULL || stored == NULL || strcmp(sent, stored) == 0)
        return ICECAT_OK;
    return ic_fail(err, ICECAT_E_UNAVAILABLE,
                   "s3: %s: the body was sent with SHA-256 %s but stored with %.60s",
                   request->operation, sent, stored);
}
