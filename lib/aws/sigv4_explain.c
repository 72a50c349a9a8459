/*
 * sigv4_explain.c - name the first line where the service's calculation is not ours.
 *
 * The string to sign is looked at first: its lines name clock, day, region and service. Only when its
 * hash differs does the canonical request tell more. Values are quoted where they cannot be secret.
 */
#include "aws/sigv4_explain.h"
#include "base/error.h"
#include "base/options.h"

#include <icecat/sigv4.h>
#include <stdio.h>
#include <string.h>

IC_NO_PADDING_AFTER(icecat_sigv4_explanation, text);

#define QUOTE_SIZE 44

typedef icecat_sigv4_explanation explanation;

/* Where the two texts part. */
typedef struct parting {
    uint32_t line; /* 1-based; 0 when they are equal */
    ic_view ours;  /* that line; data NULL behind the end */
    ic_view theirs;
} parting;

static parting find_parting(ic_view ours, ic_view theirs)
{
    parting at = { 0, { NULL, 0 }, { NULL, 0 } };

    while (ours.data != NULL || theirs.data != NULL) {
        at.ours = at.theirs = ic_view_n(NULL, 0);
        at.line++;
        if (ours.data != NULL)
            ours = ic_view_split(ours, '\n', &at.ours);
        if (theirs.data != NULL)
            theirs = ic_view_split(theirs, '\n', &at.theirs);
        if (at.ours.data == NULL || at.theirs.data == NULL || at.ours.len != at.theirs.len ||
            memcmp(at.ours.data, at.theirs.data, at.ours.len) != 0)
            return at;
    }
    at.line = 0;
    return at;
}

/* Printable, and short without half a character at its end. */
static const char *quote(ic_view text, char out[QUOTE_SIZE])
{
    size_t len = text.len < QUOTE_SIZE - 1 ? text.len : QUOTE_SIZE - 4;
    int is_cut = len < text.len;

    while (is_cut && len != 0 && ((unsigned char)text.data[len] & 0xc0) == 0x80)
        len--;
    for (size_t i = 0; i < len; i++) {
        unsigned char byte = (unsigned char)text.data[i];

        out[i] = (char)(byte < 0x20 || byte == 0x7f || byte == '"' ? '?' : byte);
    }
    strcpy(out + len, is_cut ? "..." : "");
    return out;
}

static void say(explanation *out, icecat_sigv4_difference difference, const char *text)
{
    out->difference = (int32_t)difference;
    snprintf(out->text, sizeof(out->text), "%s", text);
}

static void say_values(explanation *out, icecat_sigv4_difference difference, const char *what,
                       const parting *at, const char *advice)
{
    char ours[QUOTE_SIZE];
    char theirs[QUOTE_SIZE];

    out->difference = (int32_t)difference;
    snprintf(out->text, sizeof(out->text),
             "the service saw the %s \"%s\" where \"%s\" was signed: %s", what,
             quote(at->theirs, theirs), quote(at->ours, ours), advice);
}

static void say_query(explanation *out, const parting *at)
{
    ic_view ours = at->ours;
    ic_view theirs = at->theirs;
    char name[QUOTE_SIZE];
    ic_view mine = { "", 0 };
    ic_view other = { "", 0 };

    while ((ours.data != NULL || theirs.data != NULL) && mine.len == other.len &&
           memcmp(mine.data, other.data, mine.len) == 0) {
        ours = ic_view_split(ours, '&', &mine);
        theirs = ic_view_split(theirs, '&', &other);
        mine.data = mine.data != NULL ? mine.data : "";
        other.data = other.data != NULL ? other.data : "";
    }
    (void)ic_view_split(mine.len != 0 ? mine : other, '=', &mine);
    out->difference = ICECAT_SIGV4_DIFFERENT_QUERY;
    snprintf(
        out->text, sizeof(out->text),
        "the query parameter \"%s\" reached the service otherwise than it was signed: send the "
        "query as it was signed, with \"+\" as %%2B and a blank as %%20",
        quote(mine, name));
}

/* Headers whose values are never secret. */
static int may_be_shown(ic_view name)
{
    static const char *const names[] = { "host",           "date",
                                         "x-amz-date",     "content-type",
                                         "content-length", "content-encoding",
                                         "content-md5",    "x-amz-content-sha256",
                                         "range",          "x-amz-target",
                                         "accept-encoding" };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (ic_view_is(name, names[i]))
            return 1;
    }
    return 0;
}

static void say_header_value(explanation *out, ic_view name, const parting *at)
{
    char quoted[QUOTE_SIZE];
    char what[QUOTE_SIZE + 8];
    const char *advice = ic_view_is(name, "host")
                             ? "set the endpoint URL to the name that the service sees"
                             : "a proxy or the HTTP client changed it";

    snprintf(what, sizeof(what), "header %s", quote(name, quoted));
    if (may_be_shown(name)) {
        parting values = *at;

        values.ours = ic_view_n(at->ours.data + name.len + 1, at->ours.len - name.len - 1);
        values.theirs = ic_view_n(at->theirs.data + name.len + 1, at->theirs.len - name.len - 1);
        say_values(out, ICECAT_SIGV4_DIFFERENT_HEADER, what, &values, advice);
        return;
    }
    out->difference = ICECAT_SIGV4_DIFFERENT_HEADER;
    snprintf(out->text, sizeof(out->text),
             "the %s reached the service with another value than was signed: %s", what, advice);
}

static void say_header(explanation *out, const parting *at)
{
    char quoted[QUOTE_SIZE];
    ic_view ours;
    ic_view theirs;

    (void)ic_view_split(at->ours, ':', &ours);
    (void)ic_view_split(at->theirs, ':', &theirs);
    if (ours.len != 0 && ours.len == theirs.len && memcmp(ours.data, theirs.data, ours.len) == 0) {
        say_header_value(out, ours, at);
        return;
    }
    out->difference = ICECAT_SIGV4_DIFFERENT_HEADER;
    snprintf(out->text, sizeof(out->text),
             "the header %s %s: a proxy or the HTTP client took one away or added one",
             quote(ours.len != 0 ? ours : theirs, quoted),
             ours.len != 0 ? "was signed but is not what the service saw there"
                           : "was seen by the service but not signed");
}

/* Number of the empty line behind the headers. */
static uint32_t header_end(ic_view text)
{
    uint32_t line = 0;
    ic_view head;

    while (text.data != NULL) {
        text = ic_view_split(text, '\n', &head);
        line++;
        if (line > 3 && head.len == 0)
            break;
    }
    return line;
}

static void say_canonical(explanation *out, ic_view ours, const parting *at)
{
    uint32_t end = header_end(ours);

    out->line = at->line;
    if (at->line == 1)
        say_values(out, ICECAT_SIGV4_DIFFERENT_METHOD, "method", at,
                   "something on the way changed it");
    else if (at->line == 2)
        say_values(out, ICECAT_SIGV4_DIFFERENT_PATH, "path", at,
                   "percent-encode a path once and let no proxy rewrite it");
    else if (at->line == 3)
        say_query(out, at);
    else if (at->line <= end)
        say_header(out, at);
    else if (at->line == end + 1)
        say(out, ICECAT_SIGV4_DIFFERENT_HEADER_LIST,
            "the list of signed headers is another one at the service: something changed the "
            "Authorization header on its way");
    else
        say_values(out, ICECAT_SIGV4_DIFFERENT_PAYLOAD, "payload hash", at,
                   "the body was changed after signing");
}

static void say_scope(explanation *out, const parting *at)
{
    static const char *const parts[] = { "day", "region", "service" };
    ic_view ours = at->ours;
    ic_view theirs = at->theirs;

    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        parting part = { 3, { NULL, 0 }, { NULL, 0 } };

        ours = ic_view_split(ours, '/', &part.ours);
        theirs = ic_view_split(theirs, '/', &part.theirs);
        if (part.ours.len == part.theirs.len &&
            (part.ours.len == 0 || memcmp(part.ours.data, part.theirs.data, part.ours.len) == 0))
            continue;
        say_values(out, ICECAT_SIGV4_DIFFERENT_SCOPE, parts[i], &part,
                   i == 0   ? "set the clock of this machine"
                   : i == 1 ? "set the region to the service's own"
                            : "sign for the service that the endpoint belongs to");
        return;
    }
    say_values(out, ICECAT_SIGV4_DIFFERENT_SCOPE, "scope", at, "it must end with /aws4_request");
}

static const char same_texts[] =
    "the service calculated from the same texts, so the secret access key is not the one of this "
    "access key id: check it for a slip or a rotation";

/* 1 when the string to sign tells the cause by itself. */
static int explain_string_to_sign(explanation *out, const parting *at)
{
    out->line = at->line;
    if (at->line == 0)
        say(out, ICECAT_SIGV4_SAME, same_texts);
    else if (at->line == 1)
        say_values(out, ICECAT_SIGV4_DIFFERENT_ALGORITHM, "algorithm", at,
                   "this server wants another kind of signature");
    else if (at->line == 2)
        say_values(out, ICECAT_SIGV4_DIFFERENT_DATE, "date", at,
                   "set the clock, and let no proxy change x-amz-date");
    else if (at->line == 3)
        say_scope(out, at);
    else
        return 0;
    return 1;
}

static void explain(explanation *out, const icecat_sigv4_result *ours, const ic_sigv4_told *told)
{
    ic_view canonical = ic_view_of(ours->canonical_request);
    parting at;

    say(out, ICECAT_SIGV4_UNTOLD,
        "the service did not tell what it calculated: check the secret access key, the clock and "
        "the "
        "region, and whether a proxy changes paths or headers");
    if (told->string_to_sign.data != NULL) {
        at = find_parting(ic_view_of(ours->string_to_sign), told->string_to_sign);
        if (explain_string_to_sign(out, &at))
            return;
    }
    out->line = 0;
    if (told->canonical_request.data == NULL)
        return;
    at = find_parting(canonical, told->canonical_request);
    if (at.line != 0)
        say_canonical(out, canonical, &at);
    else if (told->string_to_sign.data == NULL)
        say(out, ICECAT_SIGV4_SAME, same_texts);
}

icecat_status icecat_sigv4_explain(const icecat_sigv4_result *ours, const void *answer,
                                   size_t answer_len, char *scratch, size_t scratch_len,
                                   icecat_sigv4_explanation *out, icecat_error *err)
{
    icecat_sigv4_explanation own = ICECAT_SIGV4_EXPLANATION_INIT;
    icecat_sigv4_result own_ours;
    ic_sigv4_told told;
    icecat_status status;
    ic_buf texts;

    ic_error_clear(err);
    if (ours == NULL || (answer == NULL && answer_len != 0) || scratch == NULL ||
        scratch_len == 0 || out == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "ours, answer, scratch or out is NULL");
    status = IC_OPTIONS_LOAD(&own_ours, ours, icecat_sigv4_result, err);
    if (status == ICECAT_OK &&
        (own_ours.canonical_request == NULL || own_ours.string_to_sign == NULL))
        status = ic_fail(err, ICECAT_E_ARGUMENT,
                         "explaining needs our canonical request and string to sign");
    if (status != ICECAT_OK)
        return status;
    ic_buf_init_fixed(&texts, scratch, scratch_len);
    told = ic_sigv4_told_read(ic_view_n(answer, answer_len), &texts);
    explain(&own, &own_ours, &told);
    return IC_OPTIONS_STORE(out, &own, icecat_sigv4_explanation, err);
}
