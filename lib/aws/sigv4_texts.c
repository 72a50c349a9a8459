/*
 * sigv4_texts.c - what signing and verifying share: texts in the scratch memory, the signature.
 */
#include "aws/sigv4.h"
#include "base/error.h"
#include "base/mem.h"

#include <string.h>

const char *ic_sigv4_end_text(ic_buf *scratch, size_t start)
{
    ic_buf_add_char(scratch, '\0');
    return scratch->data + start;
}

int ic_sigv4_has_control(const char *text)
{
    for (; text != NULL && *text != '\0'; text++) {
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return 1;
    }
    return 0;
}

int ic_sigv4_is_presigning(const icecat_sigv4_options *options)
{
    return (options->flags & ICECAT_SIGV4_PRESIGN) != 0;
}

const char *ic_sigv4_session_token(const icecat_sigv4_options *options)
{
    const char *token = options->keys->session_token;

    return token != NULL && token[0] != '\0' ? token : NULL;
}

icecat_status ic_sigv4_check_options(const icecat_sigv4_options *options, icecat_error *err)
{
    const icecat_credentials_keys *keys = options->keys;

    if (keys == NULL || keys->access_key_id == NULL || keys->secret_access_key == NULL ||
        options->region == NULL || options->service == NULL || options->unix_s <= 0)
        return ic_fail(err, ICECAT_E_ARGUMENT,
                       "signing needs keys, region, service and a time after 1970");
    if (ic_sigv4_has_control(keys->access_key_id) || ic_sigv4_has_control(keys->session_token) ||
        ic_sigv4_has_control(options->region) || ic_sigv4_has_control(options->service))
        return ic_fail(err, ICECAT_E_ARGUMENT,
                       "key id, token, region or service has a control character");
    return ICECAT_OK;
}

icecat_status ic_sigv4_check_request(const icecat_sigv4_request *request, icecat_error *err)
{
    if (request->method == NULL || (request->headers == NULL && request->headers_count != 0))
        return ic_fail(err, ICECAT_E_ARGUMENT, "signing needs a method and headers");
    if (ic_sigv4_has_control(request->method) || ic_sigv4_has_control(request->path) ||
        ic_sigv4_has_control(request->query) || ic_sigv4_has_control(request->payload_hash))
        return ic_fail(err, ICECAT_E_ARGUMENT, "method, path or query has a control character");
    for (size_t i = 0; i < request->headers_count; i++) {
        const icecat_pair *header = &request->headers[i];

        if (header->name == NULL || header->value == NULL || header->name[0] == '\0' ||
            ic_sigv4_has_control(header->name))
            return ic_fail(err, ICECAT_E_ARGUMENT,
                           "header %zu has no name, no value or a control character in its name",
                           i);
    }
    return ICECAT_OK;
}

/* The parts of the query are sorted in the second half of what is left of the scratch memory. */
static icecat_status add_canonical_request(ic_buf *scratch, const ic_sigv4_work *work,
                                           const char *query)
{
    size_t start = scratch->len;
    size_t half = (scratch->cap - start) / 2;
    ic_buf temp;

    ic_buf_init_fixed(&temp, scratch->data + start + half, scratch->cap - start - half);
    scratch->max = start + half - (half != 0);
    ic_sigv4_add_canonical_request(scratch, &temp, work, query);
    scratch->max = scratch->cap - 1;
    return ic_buf_status(scratch);
}

icecat_status ic_sigv4_add_texts(ic_buf *scratch, const ic_sigv4_work *work, const char *query,
                                 const char **canonical_request, const char **string_to_sign,
                                 icecat_error *err)
{
    size_t start = scratch->len;
    size_t len;

    if (add_canonical_request(scratch, work, query) != ICECAT_OK)
        return ic_buf_check(scratch, "the scratch memory for signing", err);
    len = scratch->len - start;
    *canonical_request = ic_sigv4_end_text(scratch, start);

    start = scratch->len;
    if (ic_sigv4_add_string_to_sign(scratch, work, *canonical_request, len) == ICECAT_E_CRYPTO)
        return ic_fail(err, ICECAT_E_CRYPTO, "SHA-256 failed in libcrypto");
    *string_to_sign = ic_sigv4_end_text(scratch, start);
    return ic_buf_check(scratch, "the scratch memory for signing", err);
}

void ic_sigv4_add_scope(ic_buf *out, const ic_sigv4_work *work)
{
    ic_buf_add(out, work->amz_date, 8);
    ic_buf_add_char(out, '/');
    ic_buf_add_text(out, work->options->region);
    ic_buf_add_char(out, '/');
    ic_buf_add_text(out, work->options->service);
    ic_buf_add_text(out, "/aws4_request");
}

icecat_status ic_sigv4_signature(const ic_sigv4_work *work, const char *string_to_sign,
                                 char signature[IC_SHA256_HEX_SIZE], icecat_error *err)
{
    ic_sigv4_key_scope scope = { work->options->keys->secret_access_key, work->amz_date,
                                 work->options->region, work->options->service };
    unsigned char key[IC_SHA256_LEN];
    unsigned char digest[IC_SHA256_LEN];
    int ok = ic_sigv4_cached_key(work->options->cache, work->hasher, &scope, key) &&
             ic_hasher_hmac(work->hasher, key, sizeof(key), string_to_sign, strlen(string_to_sign),
                            digest);

    ic_mem_wipe(key, sizeof(key));
    if (!ok)
        return ic_fail(err, ICECAT_E_CRYPTO, "HMAC-SHA-256 failed in libcrypto");
    ic_hex(digest, sizeof(digest), signature);
    ic_mem_wipe(digest, sizeof(digest));
    return ICECAT_OK;
}
