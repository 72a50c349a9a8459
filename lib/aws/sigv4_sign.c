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
#include "base/uri.h"
#include "base/view.h"

#include <string.h>

IC_NO_PADDING_AFTER(icecat_sigv4_request, payload_hash);
IC_NO_PADDING_AFTER(icecat_sigv4_options, flags);
IC_NO_PADDING_AFTER(icecat_sigv4_result, string_to_sign);

#define MAX_EXPIRES_S 604800

static icecat_status check_options(const icecat_sigv4_options *options, icecat_error *err)
{
    const icecat_credentials_keys *keys = options->keys;

    if (keys == NULL || keys->access_key_id == NULL || keys->secret_access_key == NULL ||
        options->region == NULL || options->service == NULL || options->unix_s <= 0)
        return ic_fail(err, ICECAT_E_ARGUMENT,
                       "signing needs keys, region, service and a time after 1970");
    if (options->expires_s > MAX_EXPIRES_S)
        return ic_fail(err, ICECAT_E_ARGUMENT,
                       "a presigned URL lives at most %d s (7 days); %u were asked for",
                       MAX_EXPIRES_S, options->expires_s);
    if (ic_sigv4_has_control(keys->access_key_id) || ic_sigv4_has_control(keys->session_token) ||
        ic_sigv4_has_control(options->region) || ic_sigv4_has_control(options->service))
        return ic_fail(err, ICECAT_E_ARGUMENT,
                       "key id, token, region or service has a control character");
    return ICECAT_OK;
}

static int header_order(const ic_sigv4_item *a, const ic_sigv4_item *b)
{
    size_t len = a->name_len < b->name_len ? a->name_len : b->name_len;

    for (size_t i = 0; i < len; i++) {
        int x = a->name[i] >= 'A' && a->name[i] <= 'Z' ? a->name[i] + 32 : a->name[i];
        int y = b->name[i] >= 'A' && b->name[i] <= 'Z' ? b->name[i] + 32 : b->name[i];

        if (x != y)
            return x - y;
    }
    return a->name_len < b->name_len ? -1 : a->name_len > b->name_len;
}

/* Sorted insertion that keeps the order of equal names. */
static int add_header(ic_sigv4_work *work, const char *name, const char *value)
{
    ic_sigv4_item item = { name, value, strlen(name), strlen(value) };
    size_t at;

    if (work->headers_count == IC_SIGV4_MAX_ITEMS)
        return 0;
    for (at = work->headers_count++; at != 0 && header_order(&item, &work->headers[at - 1]) < 0;
         at--)
        work->headers[at] = work->headers[at - 1];
    work->headers[at] = item;
    return 1;
}

static int has_header(const ic_sigv4_work *work, const char *name)
{
    for (size_t i = 0; i < work->headers_count; i++) {
        if (ic_text_equal_nocase(work->headers[i].name, name))
            return 1;
    }
    return 0;
}

static const char *session_token(const icecat_sigv4_options *options)
{
    const char *token = options->keys->session_token;

    return token != NULL && token[0] != '\0' ? token : NULL;
}

static icecat_status gather_headers(ic_sigv4_work *work, icecat_error *err)
{
    const icecat_sigv4_request *request = work->request;
    const char *token = session_token(work->options);
    int ok = 1;

    for (size_t i = 0; i < request->headers_count && ok; i++) {
        const icecat_pair *header = &request->headers[i];

        if (!ic_sigv4_is_unsigned_header(header->name))
            ok = add_header(work, header->name, header->value);
    }
    if (ok && !has_header(work, "host"))
        return ic_fail(err, ICECAT_E_ARGUMENT, "the headers to sign lack \"host\"");
    if (ok && work->options->expires_s == 0) {
        if (!has_header(work, "x-amz-date"))
            ok = add_header(work, "x-amz-date", work->amz_date);
        if (ok && token != NULL && !has_header(work, "x-amz-security-token") &&
            (work->options->flags & ICECAT_SIGV4_OMIT_SESSION_TOKEN) == 0)
            ok = add_header(work, "x-amz-security-token", token);
    }
    if (!ok)
        return ic_fail(err, ICECAT_E_LIMIT, "more than %d headers to sign", IC_SIGV4_MAX_ITEMS - 4);
    return ICECAT_OK;
}

static void add_parameter(ic_buf *out, size_t start, const char *name, const char *value)
{
    if (out->len != start)
        ic_buf_add_char(out, '&');
    ic_buf_add_text(out, name);
    ic_buf_add_char(out, '=');
    ic_uri_encode(out, ic_view_of(value), 0);
}

/* The request's query with the parameters of signing, still without the signature. */
static size_t add_presign_query(ic_buf *out, const ic_sigv4_work *work)
{
    const icecat_sigv4_options *options = work->options;
    const char *token = session_token(options);
    size_t start = out->len;

    if (work->request->query != NULL)
        ic_buf_add_text(out, work->request->query);
    add_parameter(out, start, "X-Amz-Algorithm", "AWS4-HMAC-SHA256");
    ic_buf_add_text(out, "&X-Amz-Credential=");
    ic_uri_encode(out, ic_view_of(options->keys->access_key_id), 0);
    ic_buf_add_text(out, "%2F");
    ic_uri_encode(out, ic_view_of(work->scope), 0);
    add_parameter(out, start, "X-Amz-Date", work->amz_date);
    add_parameter(out, start, "X-Amz-SignedHeaders", work->signed_headers);
    ic_buf_add_text(out, "&X-Amz-Expires=");
    ic_buf_add_u64(out, options->expires_s);
    if (token != NULL && (options->flags & ICECAT_SIGV4_OMIT_SESSION_TOKEN) == 0)
        add_parameter(out, start, "X-Amz-Security-Token", token);
    return start;
}

static void add_authorization(ic_buf *out, const ic_sigv4_work *work, const char *signature)
{
    ic_buf_add_text(out, "AWS4-HMAC-SHA256 Credential=");
    ic_buf_add_text(out, work->options->keys->access_key_id);
    ic_buf_add_char(out, '/');
    ic_buf_add_text(out, work->scope);
    ic_buf_add_text(out, ", SignedHeaders=");
    ic_buf_add_text(out, work->signed_headers);
    ic_buf_add_text(out, ", Signature=");
    ic_buf_add_text(out, signature);
}

/* The presigned query again, with the token when it is not signed, and the signature last. */
static void add_signed_query(ic_buf *out, const ic_sigv4_work *work, const char *unsigned_query,
                             const char *signature)
{
    const char *token = session_token(work->options);
    size_t start = out->len;

    ic_buf_add_text(out, unsigned_query);
    if (token != NULL && (work->options->flags & ICECAT_SIGV4_OMIT_SESSION_TOKEN) != 0)
        add_parameter(out, start, "X-Amz-Security-Token", token);
    add_parameter(out, start, "X-Amz-Signature", signature);
}

static void add_scope(ic_buf *out, const ic_sigv4_work *work)
{
    ic_buf_add(out, work->amz_date, 8);
    ic_buf_add_char(out, '/');
    ic_buf_add_text(out, work->options->region);
    ic_buf_add_char(out, '/');
    ic_buf_add_text(out, work->options->service);
    ic_buf_add_text(out, "/aws4_request");
}

static icecat_status make_texts(ic_sigv4_work *work, ic_buf *scratch, icecat_sigv4_result *result,
                                icecat_error *err)
{
    int presign = work->options->expires_s != 0;
    const char *query = work->request->query;
    char signature[IC_SHA256_HEX_SIZE];
    icecat_status status;
    size_t start;

    start = scratch->len;
    ic_sigv4_add_signed_headers(scratch, work);
    result->signed_headers = work->signed_headers = ic_sigv4_end_text(scratch, start);
    if (presign) {
        start = add_presign_query(scratch, work);
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

    start = scratch->len;
    ic_buf_add_text(scratch, signature);
    result->signature = ic_sigv4_end_text(scratch, start);
    start = scratch->len;
    if (presign) {
        add_signed_query(scratch, work, query, signature);
        result->query = ic_sigv4_end_text(scratch, start);
    } else {
        add_authorization(scratch, work, signature);
        result->authorization = ic_sigv4_end_text(scratch, start);
    }
    return ic_buf_check(scratch, "the scratch memory for signing", err);
}

static icecat_status sign_loaded(const icecat_sigv4_request *request,
                                 const icecat_sigv4_options *options, char *scratch_data,
                                 size_t scratch_len, icecat_sigv4_result *result, icecat_error *err)
{
    ic_sigv4_work work = { .request = request, .options = options };
    char amz_date[IC_TIME_AMZ_SIZE];
    icecat_status status;
    ic_buf scratch;
    size_t start;

    ic_buf_init_fixed(&scratch, scratch_data, scratch_len);
    ic_time_amz(options->unix_s, amz_date);
    ic_buf_add_text(&scratch, amz_date);
    result->amz_date = work.amz_date = ic_sigv4_end_text(&scratch, 0);
    start = scratch.len;
    add_scope(&scratch, &work);
    work.scope = ic_sigv4_end_text(&scratch, start);
    status = ic_buf_check(&scratch, "the scratch memory for signing", err);
    if (status == ICECAT_OK)
        status = gather_headers(&work, err);
    if (status == ICECAT_OK)
        status = make_texts(&work, &scratch, result, err);
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
        status = check_options(&own_options, err);
    if (status == ICECAT_OK)
        status = ic_sigv4_check_request(&own_request, err);
    if (status == ICECAT_OK)
        status = sign_loaded(&own_request, &own_options, scratch, scratch_len, &own_result, err);
    if (status == ICECAT_OK)
        status = IC_OPTIONS_STORE(result, &own_result, icecat_sigv4_result, err);
    return status;
}
