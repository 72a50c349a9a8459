/*
 * shim_sigv4.c - sign, verify, explain.
 */
#include "shim_credentials.h"

/* icecat/sigv4.h: 4 kB plus eight times the request's texts is always enough; a short request needs no heap. */
#define SCRATCH_ROOM 16384

static char *scratch_for(goicecat_call *call, char *room, size_t *len)
{
    size_t needed = 4096 + 8 * (size_t)(call->end - call->at);

    *len = SCRATCH_ROOM;
    if (needed <= SCRATCH_ROOM)
        return room;
    *len = needed;
    return goicecat_memory(call, needed);
}

static void read_request(goicecat_call *call, icecat_sigv4_request *out)
{
    *out = (icecat_sigv4_request)ICECAT_SIGV4_REQUEST_INIT;
    out->method = goicecat_text(call);
    out->path = goicecat_text(call);
    out->query = goicecat_text(call);
    out->headers = goicecat_pairs(call, &out->headers_count);
    out->payload_hash = goicecat_text(call);
    out->payload = goicecat_number(call) != 0 ? "" : NULL; /* an empty body, not an unknown one */
    if (call->data_len != 0)
        out->payload = call->data;
    out->payload_len = call->data_len;
}

static void read_options(goicecat_call *call, icecat_credentials_keys *keys,
                         icecat_sigv4_options *out)
{
    *out = (icecat_sigv4_options)ICECAT_SIGV4_OPTIONS_INIT;
    goicecat_read_keys(call, keys);
    out->keys = keys;
    out->region = goicecat_text(call);
    out->service = goicecat_text(call);
    out->cache = goicecat_object(call);
    out->unix_s = (int64_t)goicecat_number(call);
    out->expires_s = goicecat_number32(call);
    out->flags = goicecat_number32(call);
}

GOICECAT_OPERATION(sigv4_cache_new)
{
    icecat_sigv4_cache *cache = NULL;
    icecat_status status = icecat_sigv4_cache_new(NULL, &cache, goicecat_error_of(call));

    call->frame->made = goicecat_address(cache);
    return status;
}

GOICECAT_OPERATION(sigv4_cache_free)
{
    icecat_sigv4_cache_free(goicecat_object(call));
    return ICECAT_OK;
}

GOICECAT_OPERATION(sigv4_sign)
{
    char room[SCRATCH_ROOM];
    size_t scratch_len;
    char *scratch = scratch_for(call, room, &scratch_len);
    icecat_sigv4_result made = ICECAT_SIGV4_RESULT_INIT;
    icecat_credentials_keys keys;
    icecat_sigv4_request request;
    icecat_sigv4_options options;
    icecat_status status;

    read_request(call, &request);
    read_options(call, &keys, &options);
    status = icecat_sigv4_sign(&request, &options, scratch, scratch_len, &made,
                               goicecat_error_of(call));
    if (status != ICECAT_OK)
        return status;
    goicecat_put_text(&call->reply, made.authorization);
    goicecat_put_text(&call->reply, made.amz_date);
    goicecat_put_text(&call->reply, made.query);
    goicecat_put_text(&call->reply, made.signed_headers);
    goicecat_put_text(&call->reply, made.payload_hash);
    goicecat_put_text(&call->reply, made.signature);
    goicecat_put_text(&call->reply, made.canonical_request);
    goicecat_put_text(&call->reply, made.string_to_sign);
    goicecat_put_signed(&call->reply, made.expires_unix_s);
    goicecat_put_number(&call->reply, made.is_cut_short);
    return ICECAT_OK;
}

GOICECAT_OPERATION(sigv4_sign_chunk)
{
    char signature[ICECAT_SIGV4_SIGNATURE_SIZE] = "";
    icecat_credentials_keys keys;
    icecat_sigv4_options options;
    const char *previous = goicecat_text(call);
    icecat_status status;

    read_options(call, &keys, &options);
    status = icecat_sigv4_sign_chunk(&options, previous, call->data, call->data_len, signature,
                                     goicecat_error_of(call));
    goicecat_put_text(&call->reply, signature);
    return status;
}

GOICECAT_OPERATION(sigv4_sign_trailer)
{
    char signature[ICECAT_SIGV4_SIGNATURE_SIZE] = "";
    icecat_credentials_keys keys;
    icecat_sigv4_options options;
    const char *previous = goicecat_text(call);
    size_t count;
    icecat_pair *trailers = goicecat_pairs(call, &count);
    icecat_status status;

    read_options(call, &keys, &options);
    status = icecat_sigv4_sign_trailer(&options, previous, trailers, count, signature,
                                       goicecat_error_of(call));
    goicecat_put_text(&call->reply, signature);
    return status;
}

GOICECAT_OPERATION(sigv4_chunk_head)
{
    char head[ICECAT_SIGV4_CHUNK_HEAD_SIZE] = "";
    uint64_t len = goicecat_number(call);
    const char *signature = goicecat_text(call);

    goicecat_put_bytes(&call->reply, head, icecat_sigv4_chunk_head(len, signature, head));
    return ICECAT_OK;
}

GOICECAT_OPERATION(sigv4_chunked_length)
{
    uint64_t len = goicecat_number(call);
    uint64_t chunk_len = goicecat_number(call);
    size_t count;
    icecat_pair *trailers = goicecat_pairs(call, &count);

    goicecat_put_number(&call->reply, icecat_sigv4_chunked_length(len, chunk_len, trailers, count));
    return ICECAT_OK;
}

GOICECAT_OPERATION(sigv4_explain)
{
    icecat_sigv4_result ours = ICECAT_SIGV4_RESULT_INIT;
    icecat_sigv4_explanation found = ICECAT_SIGV4_EXPLANATION_INIT;
    size_t scratch_len = 2 * call->data_len + 16;
    char *scratch = goicecat_memory(call, scratch_len);
    icecat_status status;

    ours.canonical_request = goicecat_text(call);
    ours.string_to_sign = goicecat_text(call);
    status = icecat_sigv4_explain(&ours, call->data_len != 0 ? (const void *)call->data : "",
                                  call->data_len, scratch, scratch_len, &found,
                                  goicecat_error_of(call));
    goicecat_put_signed(&call->reply, found.difference);
    goicecat_put_number(&call->reply, found.line);
    goicecat_put_text(&call->reply, found.text);
    return status;
}

GOICECAT_OPERATION(sigv4_parse)
{
    char room[SCRATCH_ROOM];
    size_t scratch_len;
    char *scratch = scratch_for(call, room, &scratch_len);
    icecat_sigv4_claim claim = ICECAT_SIGV4_CLAIM_INIT;
    icecat_sigv4_request request;
    icecat_status status;

    read_request(call, &request);
    status = icecat_sigv4_parse(&request, scratch, scratch_len, &claim, goicecat_error_of(call));
    goicecat_put_text(&call->reply, claim.access_key_id);
    goicecat_put_text(&call->reply, claim.scope_date);
    goicecat_put_text(&call->reply, claim.region);
    goicecat_put_text(&call->reply, claim.service);
    goicecat_put_text(&call->reply, claim.signed_headers);
    goicecat_put_text(&call->reply, claim.signature);
    goicecat_put_text(&call->reply, claim.amz_date);
    goicecat_put_text(&call->reply, claim.session_token);
    goicecat_put_signed(&call->reply, claim.unix_s);
    goicecat_put_signed(&call->reply, claim.expires_s);
    goicecat_put_number(&call->reply, claim.is_presigned);
    goicecat_put_signed(&call->reply, claim.reason);
    return status;
}

GOICECAT_OPERATION(sigv4_verify)
{
    char room[SCRATCH_ROOM];
    size_t scratch_len;
    char *scratch = scratch_for(call, room, &scratch_len);
    icecat_sigv4_verify_options options = ICECAT_SIGV4_VERIFY_OPTIONS_INIT;
    icecat_sigv4_verdict verdict = ICECAT_SIGV4_VERDICT_INIT;
    icecat_sigv4_request request;
    icecat_status status;

    read_request(call, &request);
    options.secret_access_key = goicecat_text(call);
    options.region = goicecat_text(call);
    options.service = goicecat_text(call);
    options.cache = goicecat_object(call);
    options.unix_s = (int64_t)goicecat_number(call);
    options.max_skew_s = goicecat_number32(call);
    options.flags = goicecat_number32(call);
    status = icecat_sigv4_verify(&request, &options, scratch, scratch_len, &verdict,
                                 goicecat_error_of(call));
    goicecat_put_text(&call->reply, verdict.canonical_request);
    goicecat_put_text(&call->reply, verdict.string_to_sign);
    goicecat_put_signed(&call->reply, verdict.reason);
    goicecat_put_signed(&call->reply, verdict.skew_s);
    return status;
}
