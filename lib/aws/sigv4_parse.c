/*
 * sigv4_parse.c - what a received request says of its signature: key id, scope, date, headers.
 */
#include "aws/sigv4.h"
#include "base/error.h"
#include "base/options.h"
#include "base/time.h"
#include "base/uri.h"
#include "base/view.h"

#include <string.h>

IC_NO_PADDING_AFTER(icecat_sigv4_claim, reason);

/* The parts as texts in the scratch memory, before they are looked into. NULL: did not come. */
typedef struct parts {
    const char *algorithm;
    const char *credential;
    const char *signed_headers;
    const char *signature;
    const char *date;
    const char *expires;
    const char *token;
    const char *fault; /* why no part can be trusted; NULL when each came once and decoded */
} parts;

static const char *keep(ic_buf *scratch, ic_view text)
{
    size_t start = scratch->len;

    ic_buf_add(scratch, text.data, text.len);
    return ic_sigv4_end_text(scratch, start);
}

static const char *keep_decoded(ic_buf *scratch, ic_view text, const char **fault)
{
    size_t start = scratch->len;

    if (ic_uri_decode(scratch, text, 0) == ICECAT_E_PARSE)
        *fault = "a percent-encoded parameter of the signature is malformed";
    return ic_sigv4_end_text(scratch, start);
}

/* The value of a header, and how often the header came. */
static const char *find_header(const icecat_sigv4_request *request, const char *name, size_t *count)
{
    const char *value = NULL;

    *count = 0;
    for (size_t i = 0; i < request->headers_count; i++) {
        if (ic_text_equal_nocase(request->headers[i].name, name) && (*count)++ == 0)
            value = request->headers[i].value;
    }
    return value;
}

static const char *keep_header(const icecat_sigv4_request *request, ic_buf *scratch,
                               const char *name, const char **fault)
{
    size_t count;
    const char *value = find_header(request, name, &count);

    if (count > 1)
        *fault = "a header that belongs to the signature came twice";
    return value != NULL ? keep(scratch, ic_view_trim(ic_view_of(value))) : NULL;
}

static const char **slot_of_component(parts *out, ic_view name)
{
    if (ic_view_is(name, "Credential"))
        return &out->credential;
    if (ic_view_is(name, "SignedHeaders"))
        return &out->signed_headers;
    return ic_view_is(name, "Signature") ? &out->signature : NULL;
}

/* "AWS4-HMAC-SHA256 Credential=..., SignedHeaders=..., Signature=..." in any order. */
static void read_authorization(parts *out, ic_buf *scratch, const char *authorization)
{
    ic_view algorithm;
    ic_view rest = ic_view_split(ic_view_trim(ic_view_of(authorization)), ' ', &algorithm);

    out->algorithm = keep(scratch, algorithm);
    while (rest.data != NULL) {
        ic_view component;
        ic_view name;
        ic_view value;
        const char **slot;

        rest = ic_view_split(rest, ',', &component);
        value = ic_view_split(ic_view_trim(component), '=', &name);
        slot = slot_of_component(out, name);
        if (slot == NULL || value.data == NULL)
            out->fault = "the Authorization header has a component that is not of the form "
                         "Credential=, SignedHeaders= or Signature=";
        else if (*slot != NULL)
            out->fault = "a component of the Authorization header came twice";
        else
            *slot = keep(scratch, value);
    }
}

static void read_headers(parts *out, const icecat_sigv4_request *request, ic_buf *scratch)
{
    size_t count;
    const char *authorization = find_header(request, "authorization", &count);

    read_authorization(out, scratch, authorization);
    if (count > 1)
        out->fault = "the Authorization header came twice";
    out->date = keep_header(request, scratch, "x-amz-date", &out->fault);
    out->token = keep_header(request, scratch, "x-amz-security-token", &out->fault);
}

static const char **slot_of_parameter(parts *out, ic_view name)
{
    if (ic_view_is(name, "X-Amz-Algorithm"))
        return &out->algorithm;
    if (ic_view_is(name, "X-Amz-Credential"))
        return &out->credential;
    if (ic_view_is(name, "X-Amz-SignedHeaders"))
        return &out->signed_headers;
    if (ic_view_is(name, "X-Amz-Signature"))
        return &out->signature;
    if (ic_view_is(name, "X-Amz-Date"))
        return &out->date;
    if (ic_view_is(name, "X-Amz-Expires"))
        return &out->expires;
    return ic_view_is(name, "X-Amz-Security-Token") ? &out->token : NULL;
}

static void read_query(parts *out, const icecat_sigv4_request *request, ic_buf *scratch)
{
    ic_view rest = ic_view_of(request->query);

    while (rest.len != 0) {
        ic_view parameter;
        ic_view name;
        ic_view value;
        const char **slot;

        rest = ic_view_split(rest, '&', &parameter);
        value = ic_view_split(parameter, '=', &name);
        slot = slot_of_parameter(out, name);
        if (slot != NULL && *slot != NULL)
            out->fault = "a parameter of the signature came twice";
        else if (slot != NULL)
            *slot = keep_decoded(scratch, value, &out->fault);
    }
}

static icecat_status refuse(icecat_sigv4_claim *claim, icecat_sigv4_reason reason, const char *why,
                            icecat_error *err)
{
    claim->reason = (int32_t)reason;
    return ic_fail(err, ICECAT_E_SIGNATURE, "%s", why);
}

/* "KEY/20150830/us-east-1/s3/aws4_request" */
static int split_credential(icecat_sigv4_claim *claim, ic_buf *scratch, const char *credential)
{
    ic_view rest = ic_view_of(credential);
    ic_view piece[4];

    for (int i = 0; i < 4; i++) {
        rest = ic_view_split(rest, '/', &piece[i]);
        if (rest.data == NULL || piece[i].len == 0)
            return 0;
    }
    if (!ic_view_is(rest, "aws4_request") || piece[1].len != 8)
        return 0;
    for (size_t i = 0; i < 8; i++) {
        if (piece[1].data[i] < '0' || piece[1].data[i] > '9')
            return 0;
    }
    claim->access_key_id = keep(scratch, piece[0]);
    claim->scope_date = keep(scratch, piece[1]);
    claim->region = keep(scratch, piece[2]);
    claim->service = keep(scratch, piece[3]);
    return 1;
}

/* Lower case, sorted, no name twice, and the host among them. */
static int is_header_list(const char *list)
{
    ic_view rest = ic_view_of(list);
    ic_view before = { NULL, 0 };
    int has_host = 0;

    while (rest.data != NULL) {
        ic_view name;
        size_t common;
        int order;

        rest = ic_view_split(rest, ';', &name);
        if (name.len == 0)
            return 0;
        for (size_t i = 0; i < name.len; i++) {
            if ((name.data[i] >= 'A' && name.data[i] <= 'Z') || (unsigned char)name.data[i] <= ' ')
                return 0;
        }
        common = before.len < name.len ? before.len : name.len;
        order = common != 0 ? memcmp(before.data, name.data, common) : 0;
        if (order > 0 || (order == 0 && before.len >= name.len))
            return 0;
        has_host |= ic_view_is(name, "host");
        before = name;
    }
    return has_host;
}

/* The long form of ISO 8601 only, and only days that exist. */
static int is_amz_date(const char *text, int64_t *unix_s)
{
    char again[IC_TIME_AMZ_SIZE];

    if (strlen(text) != IC_TIME_AMZ_SIZE - 1 || !ic_time_iso_parse(text, unix_s))
        return 0;
    ic_time_amz(*unix_s, again);
    return strcmp(text, again) == 0;
}

static const char *take_date(icecat_sigv4_claim *claim, const icecat_sigv4_request *request,
                             ic_buf *scratch, const char *date)
{
    char made[IC_TIME_AMZ_SIZE];
    size_t count;
    const char *http_date = claim->is_presigned ? NULL : find_header(request, "date", &count);

    if (date != NULL && !is_amz_date(date, &claim->unix_s))
        return "the date of the signature is not of the form 20150830T123600Z";
    if (date == NULL && http_date == NULL)
        return "the signature has no date: neither X-Amz-Date nor Date came";
    if (date == NULL && !ic_time_http_parse(http_date, &claim->unix_s))
        return "the Date header is not of the form \"Sun, 30 Aug 2015 12:36:00 GMT\"";
    ic_time_amz(claim->unix_s, made);
    claim->amz_date = keep(scratch, ic_view_of(made));
    return NULL;
}

static const char *take_expires(icecat_sigv4_claim *claim, const char *expires)
{
    uint64_t number;

    if (expires == NULL)
        return "the presigned request lacks X-Amz-Expires";
    if (!ic_view_u64(ic_view_of(expires), &number) || number == 0 ||
        number > IC_SIGV4_MAX_EXPIRES_S)
        return "X-Amz-Expires is not a number from 1 to 604800";
    claim->expires_s = (int64_t)number;
    return NULL;
}

/* Take what is good into the claim; the first thing that is not, or NULL. */
static const char *take_parts(icecat_sigv4_claim *claim, const parts *got,
                              const icecat_sigv4_request *request, ic_buf *scratch)
{
    const char *why = got->fault;
    const char *fault;

    claim->session_token = got->token;
    claim->signature = got->signature != NULL && got->signature[0] != '\0' ? got->signature : NULL;
    if (got->signed_headers != NULL && is_header_list(got->signed_headers))
        claim->signed_headers = got->signed_headers;
    if ((got->credential == NULL || !split_credential(claim, scratch, got->credential)) &&
        why == NULL)
        why = got->credential == NULL
                  ? "the signature lacks its Credential"
                  : "the Credential is not of the form KEY/YYYYMMDD/REGION/SERVICE/aws4_request";
    if (claim->signed_headers == NULL && why == NULL)
        why = got->signed_headers == NULL
                  ? "the signature lacks its SignedHeaders"
                  : "SignedHeaders must be sorted, in lower case, without repeats, with host";
    if (claim->signature == NULL && why == NULL)
        why = "the signature lacks its Signature";
    fault = take_date(claim, request, scratch, got->date);
    why = why == NULL ? fault : why;
    fault = claim->is_presigned ? take_expires(claim, got->expires) : NULL;
    return why == NULL ? fault : why;
}

icecat_status ic_sigv4_parse(const icecat_sigv4_request *request, ic_buf *scratch,
                             icecat_sigv4_claim *claim, icecat_error *err)
{
    parts header = { 0 };
    parts query = { 0 };
    const parts *got = &query;
    size_t has_header;
    int has_query;
    const char *why;

    read_query(&query, request, scratch);
    has_query = query.algorithm != NULL || query.credential != NULL || query.signature != NULL;
    (void)find_header(request, "authorization", &has_header);
    if (!has_query && has_header == 0)
        return refuse(claim, ICECAT_SIGV4_MISSING, "the request is not signed", err);
    if (has_header != 0) {
        read_headers(&header, request, scratch);
        got = &header;
    }
    claim->is_presigned = has_header == 0;
    if (ic_buf_reserve(scratch, 1) != ICECAT_OK)
        return ic_buf_check(scratch, "the scratch memory for verifying", err);
    if (has_query && has_header != 0)
        return refuse(claim, ICECAT_SIGV4_MALFORMED,
                      "the request is signed in its query and in its Authorization header", err);
    if (got->algorithm == NULL || strcmp(got->algorithm, IC_SIGV4_ALGORITHM) != 0)
        return refuse(claim, ICECAT_SIGV4_UNSUPPORTED,
                      "only signatures by " IC_SIGV4_ALGORITHM " are understood", err);
    why = take_parts(claim, got, request, scratch);
    if (ic_buf_status(scratch) != ICECAT_OK)
        return ic_buf_check(scratch, "the scratch memory for verifying", err);
    if (why != NULL)
        return refuse(claim, ICECAT_SIGV4_MALFORMED, why, err);
    if (strncmp(claim->scope_date, claim->amz_date, 8) != 0)
        return refuse(claim, ICECAT_SIGV4_WRONG_DATE,
                      "the date in the Credential is another day than the date of the request",
                      err);
    return ICECAT_OK;
}

icecat_status icecat_sigv4_parse(const icecat_sigv4_request *request, char *scratch,
                                 size_t scratch_len, icecat_sigv4_claim *claim, icecat_error *err)
{
    icecat_sigv4_request own_request;
    icecat_sigv4_claim own_claim = ICECAT_SIGV4_CLAIM_INIT;
    icecat_status status;
    icecat_status stored;
    ic_buf texts;

    ic_error_clear(err);
    if (request == NULL || scratch == NULL || scratch_len == 0 || claim == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "request, scratch or claim is NULL");
    status = IC_OPTIONS_LOAD(&own_request, request, icecat_sigv4_request, err);
    if (status == ICECAT_OK)
        status = ic_sigv4_check_request(&own_request, err);
    if (status != ICECAT_OK)
        return status;
    ic_buf_init_fixed(&texts, scratch, scratch_len);
    status = ic_sigv4_parse(&own_request, &texts, &own_claim, err);
    if (status != ICECAT_OK && status != ICECAT_E_SIGNATURE)
        return status;
    stored = IC_OPTIONS_STORE(claim, &own_claim, icecat_sigv4_claim, err);
    return stored != ICECAT_OK ? stored : status;
}
