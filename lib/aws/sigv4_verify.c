/*
 * sigv4_verify.c - is the signature of a received request the one that the secret key gives?
 */
#include "aws/sigv4.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/options.h"
#include "base/view.h"

#include <string.h>

IC_NO_PADDING_AFTER(icecat_sigv4_verify_options, cache);
IC_NO_PADDING_AFTER(icecat_sigv4_verdict, skew_s);

#define DEFAULT_SKEW_S 900

static const char *find_header(const icecat_sigv4_request *request, const char *name)
{
    for (size_t i = 0; i < request->headers_count; i++) {
        if (ic_text_equal_nocase(request->headers[i].name, name))
            return request->headers[i].value;
    }
    return NULL;
}

static icecat_status check_scope(const icecat_sigv4_claim *claim,
                                 const icecat_sigv4_verify_options *options,
                                 icecat_sigv4_verdict *verdict, icecat_error *err)
{
    int region = options->region == NULL || strcmp(options->region, claim->region) == 0;
    int service = options->service == NULL || strcmp(options->service, claim->service) == 0;

    if (region && service)
        return ICECAT_OK;
    verdict->reason = ICECAT_SIGV4_WRONG_SCOPE;
    return ic_fail(err, ICECAT_E_SIGNATURE, "signed for %s \"%s\", expected \"%s\"",
                   region ? "service" : "region", region ? claim->service : claim->region,
                   region ? options->service : options->region);
}

static int32_t cut_to_int32(int64_t number)
{
    if (number > INT32_MAX)
        return INT32_MAX;
    return number < INT32_MIN ? INT32_MIN : (int32_t)number;
}

/* A presigned request may be early by the skew, as any other, and late by its own life. */
static icecat_status check_time(const icecat_sigv4_claim *claim,
                                const icecat_sigv4_verify_options *options,
                                icecat_sigv4_verdict *verdict, icecat_error *err)
{
    int64_t max_skew = options->max_skew_s != 0 ? options->max_skew_s : DEFAULT_SKEW_S;
    int64_t skew = claim->unix_s - options->unix_s;

    verdict->skew_s = cut_to_int32(skew);
    if (claim->is_presigned && -skew > claim->expires_s) {
        verdict->reason = ICECAT_SIGV4_EXPIRED;
        return ic_fail(err, ICECAT_E_SIGNATURE,
                       "the presigned request of %s lived %lld s and came after %lld s",
                       claim->amz_date, (long long)claim->expires_s, (long long)-skew);
    }
    if (skew > max_skew || (!claim->is_presigned && -skew > max_skew)) {
        verdict->reason = ICECAT_SIGV4_SKEWED;
        return ic_fail(err, ICECAT_E_SIGNATURE,
                       "the request of %s is %lld s from now; at most %lld s are allowed",
                       claim->amz_date, (long long)skew, (long long)max_skew);
    }
    return ICECAT_OK;
}

/* Every header that the client listed, in that order; repeated ones in the order sent. */
static icecat_status gather_signed(ic_sigv4_work *work, const icecat_sigv4_claim *claim,
                                   icecat_sigv4_verdict *verdict, icecat_error *err)
{
    ic_view rest = ic_view_of(claim->signed_headers);

    while (rest.data != NULL) {
        size_t before = work->headers_count;
        ic_view name;

        rest = ic_view_split(rest, ';', &name);
        for (size_t i = 0; i < work->request->headers_count; i++) {
            const icecat_pair *header = &work->request->headers[i];
            ic_sigv4_item item = { header->name, header->value, name.len, strlen(header->value) };

            if (!ic_view_is_nocase(name, header->name))
                continue;
            if (work->headers_count == IC_SIGV4_MAX_ITEMS)
                return ic_fail(err, ICECAT_E_LIMIT, "more than %d signed headers",
                               IC_SIGV4_MAX_ITEMS);
            work->headers[work->headers_count++] = item;
        }
        if (work->headers_count == before) {
            verdict->reason = ICECAT_SIGV4_ABSENT_HEADER;
            return ic_fail(err, ICECAT_E_SIGNATURE,
                           "the header \"%.*s\" is signed but did not come",
                           (int)(name.len < 100 ? name.len : 100), name.data);
        }
    }
    return ICECAT_OK;
}

static int is_listed(const char *list, const char *name)
{
    ic_view rest = ic_view_of(list);

    while (rest.data != NULL) {
        ic_view listed;

        rest = ic_view_split(rest, ';', &listed);
        if (ic_view_is_nocase(listed, name))
            return 1;
    }
    return 0;
}

/* What tells a service to act must be signed, or anyone on the way could add it. */
static icecat_status check_unsigned(const ic_sigv4_work *work, const icecat_sigv4_claim *claim,
                                    icecat_sigv4_verdict *verdict, icecat_error *err)
{
    int may_omit_token = (work->options->flags & ICECAT_SIGV4_OMIT_SESSION_TOKEN) != 0;

    for (size_t i = 0; i < work->request->headers_count; i++) {
        const char *name = work->request->headers[i].name;

        if (strlen(name) < 6 || !ic_view_is_nocase(ic_view_n(name, 6), "x-amz-") ||
            is_listed(claim->signed_headers, name))
            continue;
        if (may_omit_token && ic_text_equal_nocase(name, "x-amz-security-token"))
            continue;
        verdict->reason = ICECAT_SIGV4_UNSIGNED_HEADER;
        return ic_fail(err, ICECAT_E_SIGNATURE, "the header \"%.100s\" came but is not signed",
                       name);
    }
    return ICECAT_OK;
}

/* The query that was signed: without the signature, and without a token that was added after it. */
static const char *signed_query(ic_buf *scratch, const ic_sigv4_work *work)
{
    int omit_token = (work->options->flags & ICECAT_SIGV4_OMIT_SESSION_TOKEN) != 0;
    ic_view rest = ic_view_of(work->request->query);
    size_t start = scratch->len;

    while (rest.data != NULL) {
        ic_view parameter;
        ic_view name;

        rest = ic_view_split(rest, '&', &parameter);
        (void)ic_view_split(parameter, '=', &name);
        if (ic_view_is(name, "X-Amz-Signature") ||
            (omit_token && ic_view_is(name, "X-Amz-Security-Token")))
            continue;
        if (scratch->len != start)
            ic_buf_add_char(scratch, '&');
        ic_buf_add(scratch, parameter.data, parameter.len);
    }
    return ic_sigv4_end_text(scratch, start);
}

static const char *default_hash(const icecat_sigv4_request *request,
                                const icecat_sigv4_claim *claim)
{
    const char *header = find_header(request, "x-amz-content-sha256");

    if (header != NULL)
        return header;
    return claim->is_presigned && ic_sigv4_is_s3(claim->service) ? ICECAT_SIGV4_UNSIGNED_PAYLOAD
                                                                 : NULL;
}

static icecat_status compare(const ic_sigv4_work *work, const icecat_sigv4_claim *claim,
                             icecat_sigv4_verdict *verdict, icecat_error *err)
{
    char signature[IC_SHA256_HEX_SIZE];
    icecat_status status = ic_sigv4_signature(work, verdict->string_to_sign, signature, err);
    int equal;

    if (status != ICECAT_OK)
        return status;
    equal = strlen(claim->signature) == sizeof(signature) - 1 &&
            ic_digest_equal(claim->signature, signature, sizeof(signature) - 1);
    ic_mem_wipe(signature, sizeof(signature));
    if (equal)
        return ICECAT_OK;
    verdict->reason = ICECAT_SIGV4_MISMATCH;
    return ic_fail(err, ICECAT_E_SIGNATURE,
                   "the signature of key %.128s does not match: another secret key, or the request "
                   "changed after signing",
                   claim->access_key_id);
}

static icecat_status verify_claim(ic_sigv4_work *work, const icecat_sigv4_claim *claim,
                                  ic_buf *scratch, icecat_sigv4_verdict *verdict, icecat_error *err)
{
    const char *query = work->request->query;
    size_t start = scratch->len;
    icecat_status status;

    ic_buf_add_format(scratch, "%s/%s/%s/aws4_request", claim->scope_date, claim->region,
                      claim->service);
    work->scope = ic_sigv4_end_text(scratch, start);
    work->amz_date = claim->amz_date;
    work->signed_headers = claim->signed_headers;
    status = gather_signed(work, claim, verdict, err);
    if (status == ICECAT_OK)
        status = check_unsigned(work, claim, verdict, err);
    if (status != ICECAT_OK)
        return status;
    if (claim->is_presigned)
        query = signed_query(scratch, work);
    status = ic_buf_check(scratch, "the scratch memory for verifying", err);
    if (status == ICECAT_OK)
        status = ic_sigv4_add_texts(scratch, work, query, &verdict->canonical_request,
                                    &verdict->string_to_sign, err);
    return status == ICECAT_OK ? compare(work, claim, verdict, err) : status;
}

static icecat_status verify_loaded(icecat_sigv4_request *request,
                                   const icecat_sigv4_verify_options *options, ic_hasher *hasher,
                                   ic_buf *scratch, icecat_sigv4_verdict *verdict,
                                   icecat_error *err)
{
    icecat_sigv4_claim claim = ICECAT_SIGV4_CLAIM_INIT;
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;
    icecat_sigv4_options scope = ICECAT_SIGV4_OPTIONS_INIT;
    ic_sigv4_work work = { .request = request, .options = &scope, .hasher = hasher };
    icecat_status status = ic_sigv4_parse(request, scratch, &claim, err);

    verdict->reason = claim.reason;
    if (status == ICECAT_OK)
        status = check_scope(&claim, options, verdict, err);
    if (status == ICECAT_OK)
        status = check_time(&claim, options, verdict, err);
    if (status != ICECAT_OK)
        return status;
    keys.secret_access_key = options->secret_access_key;
    scope.keys = &keys;
    scope.region = claim.region;
    scope.service = claim.service;
    scope.flags = options->flags;
    scope.cache = options->cache;
    if (request->payload_hash == NULL)
        request->payload_hash = default_hash(request, &claim);
    return verify_claim(&work, &claim, scratch, verdict, err);
}

icecat_status icecat_sigv4_verify(const icecat_sigv4_request *request,
                                  const icecat_sigv4_verify_options *options, char *scratch,
                                  size_t scratch_len, icecat_sigv4_verdict *verdict,
                                  icecat_error *err)
{
    icecat_sigv4_request own_request;
    icecat_sigv4_verify_options own_options;
    icecat_sigv4_verdict own_verdict = ICECAT_SIGV4_VERDICT_INIT;
    icecat_status status;
    icecat_status stored;
    ic_hasher hasher;
    ic_buf texts;

    ic_error_clear(err);
    if (request == NULL || options == NULL || scratch == NULL || scratch_len == 0 ||
        verdict == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "request, options, scratch or verdict is NULL");
    status = IC_OPTIONS_LOAD(&own_request, request, icecat_sigv4_request, err);
    if (status == ICECAT_OK)
        status = IC_OPTIONS_LOAD(&own_options, options, icecat_sigv4_verify_options, err);
    if (status == ICECAT_OK && (own_options.secret_access_key == NULL || own_options.unix_s <= 0))
        status = ic_fail(err, ICECAT_E_ARGUMENT,
                         "verifying needs a secret key and a time after 1970");
    if (status == ICECAT_OK)
        status = ic_sigv4_check_request(&own_request, err);
    if (status != ICECAT_OK)
        return status;
    ic_buf_init_fixed(&texts, scratch, scratch_len);
    if (ic_hasher_init(&hasher))
        status = verify_loaded(&own_request, &own_options, &hasher, &texts, &own_verdict, err);
    else
        status = ic_fail(err, ICECAT_E_CRYPTO, "libcrypto has no SHA-256 to give");
    ic_hasher_free(&hasher);
    if (status != ICECAT_OK && status != ICECAT_E_SIGNATURE)
        return status;
    stored = IC_OPTIONS_STORE(verdict, &own_verdict, icecat_sigv4_verdict, err);
    return stored != ICECAT_OK ? stored : status;
}
