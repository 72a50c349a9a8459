/*
 * sigv4_canonical.c - the canonical request and the string to sign.
 *
 * Source of the rules: AWS IAM User Guide, "Create a signed AWS API request".
 */
#include "aws/sigv4.h"
#include "base/uri.h"
#include "base/view.h"

#include <string.h>

int ic_sigv4_is_s3(const char *service)
{
    return strcmp(service, "s3") == 0 || strcmp(service, "s3-express") == 0 ||
           strcmp(service, "s3-outposts") == 0;
}

/*
 * Segments are copied one by one; ".." takes back the one before. The path ends in '/' when it did, or
 * when its last segment was a dot segment.
 */
static void add_normalised(ic_buf *out, const char *path)
{
    size_t start = out->len;
    ic_view rest = ic_view_of(path);
    ic_view segment = { NULL, 0 };

    while (rest.data != NULL) {
        rest = ic_view_split(rest, '/', &segment);
        if (segment.len == 0 || ic_view_is(segment, "."))
            continue;
        if (!ic_view_is(segment, "..")) {
            ic_buf_add_char(out, '/');
            ic_uri_encode(out, segment, 1);
            continue;
        }
        while (out->len > start && out->data[--out->len] != '/')
            continue;
    }
    if (out->len == start || segment.len == 0 || ic_view_is(segment, ".") ||
        ic_view_is(segment, ".."))
        ic_buf_add_char(out, '/');
}

icecat_status ic_sigv4_add_path(ic_buf *out, const char *path, const icecat_sigv4_options *options)
{
    if (path == NULL || path[0] == '\0')
        return ic_buf_add_char(out, '/');
    if (ic_sigv4_is_s3(options->service))
        return ic_buf_add_text(out, path);
    if ((options->flags & ICECAT_SIGV4_KEEP_PATH) != 0)
        return ic_uri_encode(out, ic_view_of(path), 1);
    add_normalised(out, path);
    return ic_buf_status(out);
}

static int is_escape(ic_view text, size_t at)
{
    return text.data[at] == '%' && at + 2 < text.len && ic_hex_value(text.data[at + 1]) >= 0 &&
           ic_hex_value(text.data[at + 2]) >= 0;
}

/* Decode what is encoded and encode strictly: "%7E" and "~" are the same, "+" stays a plus. */
static void add_recoded(ic_buf *out, ic_view text)
{
    size_t plain = 0; /* where the run without escapes began */

    for (size_t i = 0; i < text.len; i++) {
        char c;

        if (!is_escape(text, i))
            continue;
        ic_uri_encode(out, ic_view_n(text.data + plain, i - plain), 0);
        c = (char)(ic_hex_value(text.data[i + 1]) << 4 | ic_hex_value(text.data[i + 2]));
        ic_uri_encode(out, ic_view_n(&c, 1), 0);
        i += 2;
        plain = i + 1;
    }
    if (plain < text.len)
        ic_uri_encode(out, ic_view_n(text.data + plain, text.len - plain), 0);
}

static int compare_bytes(const char *a, size_t a_len, const char *b, size_t b_len)
{
    int order = memcmp(a, b, a_len < b_len ? a_len : b_len);

    if (order != 0)
        return order;
    return a_len < b_len ? -1 : a_len > b_len;
}

static int query_order(const ic_sigv4_item *a, const ic_sigv4_item *b)
{
    int order = compare_bytes(a->name, a->name_len, b->name, b->name_len);

    return order != 0 ? order : compare_bytes(a->value, a->value_len, b->value, b->value_len);
}

icecat_status ic_sigv4_add_query(ic_buf *out, ic_buf *temp, const char *query)
{
    ic_sigv4_item items[IC_SIGV4_MAX_ITEMS];
    size_t count = 0;
    ic_view rest = ic_view_of(query);

    while (rest.len != 0) {
        ic_view parameter;
        ic_view name;
        ic_view value;
        ic_sigv4_item item;
        size_t at;

        rest = ic_view_split(rest, '&', &parameter);
        if (parameter.len == 0)
            continue;
        if (count == IC_SIGV4_MAX_ITEMS)
            return out->failed = ICECAT_E_LIMIT;
        value = ic_view_split(parameter, '=', &name);
        item.name = temp->data + temp->len;
        add_recoded(temp, name);
        item.name_len = (size_t)(temp->data + temp->len - item.name);
        item.value = temp->data + temp->len;
        add_recoded(temp, value);
        item.value_len = (size_t)(temp->data + temp->len - item.value);
        for (at = count++; at != 0 && query_order(&item, &items[at - 1]) < 0; at--)
            items[at] = items[at - 1];
        items[at] = item;
    }
    if (ic_buf_status(temp) != ICECAT_OK)
        return out->failed = ic_buf_status(temp);
    for (size_t i = 0; i < count; i++) {
        if (i != 0)
            ic_buf_add_char(out, '&');
        ic_buf_add(out, items[i].name, items[i].name_len);
        ic_buf_add_char(out, '=');
        ic_buf_add(out, items[i].value, items[i].value_len);
    }
    return ic_buf_status(out);
}

icecat_status ic_sigv4_add_canonical_request(ic_buf *out, ic_buf *temp, const ic_sigv4_work *work,
                                             const char *query)
{
    const char *hash = work->request->payload_hash;

    ic_buf_add_text(out, work->request->method);
    ic_buf_add_char(out, '\n');
    ic_sigv4_add_path(out, work->request->path, work->options);
    ic_buf_add_char(out, '\n');
    ic_sigv4_add_query(out, temp, query);
    ic_buf_add_char(out, '\n');
    ic_sigv4_add_headers(out, work);
    ic_buf_add_char(out, '\n');
    ic_buf_add_text(out, work->signed_headers);
    ic_buf_add_char(out, '\n');
    return ic_buf_add_text(out, hash != NULL ? hash : IC_SIGV4_EMPTY_SHA256);
}

icecat_status ic_sigv4_add_string_to_sign(ic_buf *out, const ic_sigv4_work *work,
                                          const char *canonical_request, size_t len)
{
    char hash[IC_SHA256_HEX_SIZE];

    if (!ic_hasher_sha256_hex(work->hasher, canonical_request, len, hash))
        return ICECAT_E_CRYPTO;
    ic_buf_add_text(out, IC_SIGV4_ALGORITHM "\n");
    ic_buf_add_text(out, work->amz_date);
    ic_buf_add_char(out, '\n');
    ic_buf_add_text(out, work->scope);
    ic_buf_add_char(out, '\n');
    return ic_buf_add_text(out, hash);
}
