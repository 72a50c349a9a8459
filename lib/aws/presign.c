/*
 * presign.c - turn a request into a URL that works by itself for a while.
 */
#include "aws/presign.h"

#include "aws/attempt.h"
#include "base/error.h"

#include <icecat/sigv4.h>
#include <string.h>

static icecat_status gather_headers(ic_attempt *attempt, const ic_request *request,
                                    icecat_error *err)
{
    icecat_status status = ic_pairs_add(&attempt->headers, "host",
                                        ic_buf_text(&attempt->address.host));

    for (size_t i = 0; i < request->headers.count && status == ICECAT_OK; i++)
        status = ic_pairs_add(&attempt->headers, request->headers.items[i].name,
                              request->headers.items[i].value);
    if (status != ICECAT_OK)
        return ic_fail(err, status, "the headers of the request are too many or too long");
    return ICECAT_OK;
}

static void begin_options(icecat_sigv4_options *options, const ic_request *request,
                          const ic_presign_life *life)
{
    options->expires_s = life->expires_s;
    options->flags = ICECAT_SIGV4_PRESIGN;
    if (request->payload_hash[0] != '\0')
        options->flags |= ICECAT_SIGV4_CONTENT_SHA256;
}

static icecat_status sign(ic_attempt *attempt, const icecat_client *client,
                          const ic_request *request, const ic_need *need, ic_presign_life *life,
                          icecat_error *err)
{
    icecat_sigv4_options options = ICECAT_SIGV4_OPTIONS_INIT;
    icecat_credentials_keys plain;
    ic_keys *keys;
    icecat_status status = ic_credentials_keys_at(client->credentials, need, &keys, err);

    if (status != ICECAT_OK)
        return status;
    plain = ic_keys_plain(keys);
    begin_options(&options, request, life);
    options.keys = &plain;
    options.unix_s = need->unix_s;
    if (request->payload_hash[0] != '\0')
        memcpy(attempt->payload_hash, request->payload_hash, sizeof(attempt->payload_hash));
    status = ic_attempt_sign(attempt, client, request, &options, err);
    ic_keys_release(keys);
    life->expires_unix_s = attempt->signature.expires_unix_s;
    life->is_cut_short = attempt->signature.is_cut_short;
    return status;
}

icecat_status ic_presign(icecat_client *client, const ic_request *request, const ic_need *need,
                         ic_presign_life *life, ic_buf *url, icecat_error *err)
{
    ic_attempt attempt;
    icecat_status status;

    ic_attempt_init(&attempt, &client->mem);
    status = ic_attempt_address(&attempt, client, request, err);
    if (status == ICECAT_OK)
        status = gather_headers(&attempt, request, err);
    if (status == ICECAT_OK)
        status = sign(&attempt, client, request, need, life, err);
    if (status == ICECAT_OK) {
        /* The signed query begins with that of the request. */
        ic_buf_add(url, ic_buf_text(&attempt.address.url),
                   strcspn(ic_buf_text(&attempt.address.url), "?"));
        ic_buf_add_char(url, '?');
        ic_buf_add_text(url, attempt.signature.query);
        status = ic_buf_check(url, "a presigned URL", err);
    }
    ic_attempt_free(&attempt);
    return status;
}
