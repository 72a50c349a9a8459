/*
 * sigv4_explain_read.c - what a service tells of its own calculation.
 *
 * S3 gives both texts as elements, and once more as hex bytes, which no reader of XML can change. Other
 * services quote them in their message.
 */
#include "aws/sigv4_explain.h"

#include "aws/xml.h"
#include "base/json.h"
#include "base/uri.h"

#include <string.h>

#define CANONICAL_BEGIN "The Canonical String for this request should have been\n'"
#define CANONICAL_END   "'\n\nThe String-to-Sign should have been\n'"

/* What was appended since @p start, or nothing when it did not fit. */
static ic_view finish(ic_buf *scratch, size_t start, int is_good)
{
    if (is_good && ic_buf_status(scratch) == ICECAT_OK && scratch->len != start)
        return ic_view_n(scratch->data + start, scratch->len - start);
    scratch->len = start;
    scratch->failed = ICECAT_OK;
    return ic_view_n(NULL, 0);
}

/* "47 45 54 0a" becomes "GET\n", in its place. 0 when it is not of this form. */
static int decode_hex(ic_buf *scratch, size_t start)
{
    size_t out = start;
    size_t at = start;

    while (at < scratch->len) {
        int high = ic_hex_value(scratch->data[at]);
        int low = at + 1 < scratch->len ? ic_hex_value(scratch->data[at + 1]) : -1;

        if (high < 0 || low < 0 || (at + 2 < scratch->len && scratch->data[at + 2] != ' '))
            return 0;
        scratch->data[out++] = (char)(high << 4 | low);
        at += 3;
    }
    scratch->len = out;
    return 1;
}

static ic_view read_element(ic_view answer, const char *bytes_name, const char *name,
                            ic_buf *scratch)
{
    size_t start = scratch->len;
    ic_view text = finish(scratch, start,
                          ic_xml_text(answer, bytes_name, scratch) && decode_hex(scratch, start));

    return text.data != NULL ? text : finish(scratch, start, ic_xml_text(answer, name, scratch));
}

static ic_view from(ic_view text, const char *at)
{
    return ic_view_n(at, text.len - (size_t)(at - text.data));
}

static const char *find(ic_view text, const char *wanted)
{
    size_t len = strlen(wanted);

    for (size_t i = 0; i + len <= text.len; i++) {
        if (memcmp(text.data + i, wanted, len) == 0)
            return text.data + i;
    }
    return NULL;
}

/* Both texts stand in single quotes, one behind the other; the last quote ends the second. */
static void read_message(ic_view message, ic_sigv4_told *out)
{
    const char *begin = find(message, CANONICAL_BEGIN);
    const char *middle = begin != NULL ? find(from(message, begin), CANONICAL_END) : NULL;
    ic_view rest;

    if (middle == NULL)
        return;
    begin += strlen(CANONICAL_BEGIN);
    rest = from(message, middle + strlen(CANONICAL_END));
    while (rest.len != 0 && rest.data[rest.len - 1] != '\'')
        rest.len--;
    if (rest.len == 0)
        return;
    out->canonical_request = ic_view_n(begin, (size_t)(middle - begin));
    out->string_to_sign = ic_view_n(rest.data, rest.len - 1);
}

static ic_view json_message(ic_view answer, ic_buf *scratch)
{
    size_t start = scratch->len;
    const char *message;
    cJSON *tree;

    if (ic_json_parse(answer.data, answer.len, "answer", &tree, NULL) != ICECAT_OK)
        return ic_view_n(NULL, 0);
    message = ic_json_text(tree, "message");
    if (message == NULL)
        message = ic_json_text(tree, "Message");
    if (message != NULL)
        ic_buf_add_text(scratch, message);
    cJSON_Delete(tree);
    return finish(scratch, start, message != NULL);
}

ic_sigv4_told ic_sigv4_told_read(ic_view answer, ic_buf *scratch)
{
    ic_sigv4_told told = { { NULL, 0 }, { NULL, 0 } };
    ic_view trimmed = ic_view_trim(answer);

    if (trimmed.len == 0)
        return told;
    if (trimmed.data[0] == '{') {
        read_message(json_message(trimmed, scratch), &told);
        return told;
    }
    told.canonical_request = read_element(trimmed, "CanonicalRequestBytes", "CanonicalRequest",
                                          scratch);
    told.string_to_sign = read_element(trimmed, "StringToSignBytes", "StringToSign", scratch);
    if (told.canonical_request.data == NULL && told.string_to_sign.data == NULL)
        read_message(read_element(trimmed, "Message", "message", scratch), &told);
    return told;
}
