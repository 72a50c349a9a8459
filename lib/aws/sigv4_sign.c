/*
 * sigv4_sign.c - the Authorization header and the presigned query.
 *
 * Every text is made once, behind the others in the caller's scratch memory, and ends with a NUL byte.
 */
#include "aws/sigv4.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/options.h"
#include "base/time.h"

#include <string.h>

IC_NO_PADDING_AFTER(icecat_sigv4_request, payload_len);
IC_NO_PADDING_AFTER(icecat_sigv4_options, flags);
IC_NO_PADDING_AFTER(icecat_sigv4_result, reserved);

static icecat_status check_life(const icecat_sigv4_options *options, icecat_error *err)
{
    int presign = ic_sigv4_is_presigning(options);

    if (!presign && options->expires_s != 0)
        return ic_fail(err, ICECAT_E_ARGUMENT,
                       "expires_s is %u, but only a presigned request has a life: add "
                       "ICECAT_SIGV4_PRESIGN or set it to 0",
                       options->expires_s);
    if (presign && (options->expires_s == 0 || options->expires_s > IC_SIGV4_MAX_EXPIRES_S))
        return ic_fail(err, ICECAT_E_ARGUMENT,
                       "a presigned request lives 1 to %d s (7 days); %u were asked for",
                       IC_SIGV4_MAX_EXPIRES_S, options->expires_s);
    return ICECAT_OK;
}

static void add_authorization(ic_buf *out, const ic_sigv4_work *work, const char *signature)
{
    ic_buf_add_text(out, IC_SIGV4_ALGORITHM " Credential=");
    ic_buf_add_text(out, work->options->keys->access_key_id);
    ic_buf_add_char(out, '/');
    ic_buf_add_text(out, work->scope);
    ic_buf_add_text(out, ", SignedHeaders=");
    ic_buf_add_text(out, work->signed_headers);
    ic_buf_add_text(out, ", Signature=");
    ic_buf_add_text(out, signature);
}

static void add_outcome(ic_buf *scratch, const ic_sigv4_work *work, const char *query,
                        const char *signature, icecat_sigv4_result *result)
{
    size_t start = scratch->len;

    ic_buf_add_text(scratch, signature);
    result->signature = ic_sigv4_end_text(scratch, start);
    start = scratch->len;
    if (ic_sigv4_is_presigning(work->options)) {
        ic_sigv4_add_presigned_query(scratch, work, query, signature);
        result->query = ic_sigv4_end_text(scratch, start);
    } else {
        add_authorization(scratch, work, signature);
        result->authorization = ic_sigv4_end_text(scratch, start);
    }
}

static icecat_status make_texts(ic_sigv4_work *work, ic_buf *scratch, icecat_sigv4_result *result,
                                icecat_error *err)
{
    const char *query = work->request->query;
    char signature[IC_SHA256_HEX_SIZE];
    icecat_status status;
    size_t start = scratch->len;

    ic_sigv4_add_signed_headers(scratch, work);
    result->signed_headers = work->signed_headers = ic_sigv4_end_text(scratch, start);
    if (ic_sigv4_is_presigning(work->options)) {
        start = scratch->len;
        ic_sigv4_add_presign_query(scratch, work);
        query = ic_sigv4_end_text(scratch, start);
    }
    if (ic_buf_status(scratch) != ICECAT_OK)
        return ic_buf_check(scratch, "the scratch memory for signing", err);

    status = ic_sigv4_add_texts(scratch, work, query, &result->canonical_request,
                                &result->string_to_sign, err);
    if (status == ICECAT_OK)
        status = ic_sigv4_signature(work, result->string_to_sign, signature, err);
    if (status != ICECAT_OK)
        return status;
    add_outcome(scratch, work, query, signature, result);
    return ic_buf_check(scratch, "the scratch memory for signing", err);
}

/* What stands for the body, as a text of the scratch memory. */
static icecat_status settle_payload(icecat_sigv4_request *request,
                                    const icecat_sigv4_options *options, ic_hasher *hasher,
                                    ic_buf *scratch, icecat_error *err)
{
    const char *known = request->payload_hash;
    char hash[IC_SHA256_HEX_SIZE];
    size_t start = scratch->len;

    if (known == NULL && request->payload != NULL) {
        if (!ic_hasher_sha256_hex(hasher, request->payload, request->payload_len, hash))
            return ic_fail(err, ICECAT_E_CRYPTO, "SHA-256 failed in libcrypto");
        known = hash;
    } else if (known == NULL) {
        known = ic_sigv4_is_presigning(options) && ic_sigv4_is_s3(options->service)
                    ? ICECAT_SIGV4_UNSIGNED_PAYLOAD
                    : IC_SIGV4_EMPTY_SHA256;
    }
    ic_buf_add_text(scratch, known);
    request->payload_hash = ic_sigv4_end_text(scratch, start);
    return ic_buf_check(scratch, "the scratch memory for signing", err);
}

static icecat_status sign_loaded(icecat_sigv4_request *request, const icecat_sigv4_options *options,
                                 ic_hasher *hasher, ic_buf *scratch, icecat_sigv4_result *result,
                                 icecat_error *err)
{
    ic_sigv4_work work = { .request = request, .options = options, .hasher = hasher };
    char amz_date[IC_TIME_AMZ_SIZE];
    icecat_status status;
    size_t start;

    ic_time_amz(options->unix_s, amz_date);
    ic_buf_add_text(scratch, amz_date);
    result->amz_date = work.amz_date = ic_sigv4_end_text(scratch, 0);
    start = scratch->len;
    ic_sigv4_add_scope(scratch, &work);
    work.scope = ic_sigv4_end_text(scratch, start);
    status = settle_payload(request, options, hasher, scratch, err);
    if (status == ICECAT_OK)
        status = ic_sigv4_gather_headers(&work, err);
    if (status == ICECAT_OK)
        status = make_texts(&work, scratch, result, err);
    result->payload_hash = request->payload_hash;
    return status;
}

/* A URL dies with its keys. */
static void tell_end(const icecat_sigv4_options *options, icecat_sigv4_result *result)
{
    int64_t keys_end = options->keys->expires_unix_s;

    if (!ic_sigv4_is_presigning(options))
        return;
    result->expires_unix_s = options->unix_s + (int64_t)options->expires_s;
    if (keys_end == 0 || keys_end >= result->expires_unix_s)
        return;
    result->expires_unix_s = keys_end;
    result->is_cut_short = 1;
}

static icecat_status sign_checked(icecat_sigv4_request *request,
                                  const icecat_sigv4_options *options, char *scratch,
                                  size_t scratch_len, icecat_sigv4_result *result,
                                  icecat_error *err)
{
    ic_hasher hasher;
    icecat_status status;
    ic_buf texts;

    ic_buf_init_fixed(&texts, scratch, scratch_len);
    if (ic_hasher_init(&hasher))
        status = sign_loaded(request, options, &hasher, &texts, result, err);
    else
        status = ic_fail(err, ICECAT_E_CRYPTO, "libcrypto has no SHA-256 to give");
    ic_hasher_free(&hasher);
    tell_end(options, result);
    return status;
}

icecat_status icecat_sigv4_sign(const icecat_sigv4_request *request,
                                const icecat_sigv4_options *options, char *scratch,
                                size_t scratch_len, icecat_sigv4_result *result, icecat_error *err)
{
    icecat_sigv4_request own_request;
    icecat_sigv4_options own_options;
    icecat_sigv4_result own_result = ICECAT_SIGV4_RESULT_INIT;
    icecat_status status;

    ic_error_clear(err);
    if (request == NULL || options == NULL || scratch == NULL || result == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "request, options, scratch or result is NULL");
    status = IC_OPTIONS_LOAD(&own_request, request, icecat_sigv4_request, err);
    if (status == ICECAT_OK)
        status = IC_OPTIONS_LOAD(&own_options, options, icecat_sigv4_options, err);
    if (status == ICECAT_OK)
        status = ic_sigv4_check_options(&own_options, err);
    if (status == ICECAT_OK)
        status = check_life(&own_options, err);
    if (status == ICECAT_OK)
        status = ic_sigv4_check_request(&own_request, err);
    if (status == ICECAT_OK)
        status = sign_checked(&own_request, &own_options, scratch, scratch_len, &own_result, err);
    if (status == ICECAT_OK)
        status = IC_OPTIONS_STORE(result, &own_result, icecat_sigv4_result, err);
    return status;
}
