/*
 * sigv4_presign.c - the query of a presigned request.
 */
#include "aws/sigv4.h"
#include "base/uri.h"
#include "base/view.h"

static void add_parameter(ic_buf *out, size_t start, const char *name, const char *value)
{
    if (out->len != start)
        ic_buf_add_char(out, '&');
    ic_buf_add_text(out, name);
    ic_buf_add_char(out, '=');
    ic_uri_encode(out, ic_view_of(value), 0);
}

static int omits_token(const ic_sigv4_work *work)
{
    return (work->options->flags & ICECAT_SIGV4_OMIT_SESSION_TOKEN) != 0;
}

void ic_sigv4_add_presign_query(ic_buf *out, const ic_sigv4_work *work)
{
    const icecat_sigv4_options *options = work->options;
    const char *token = ic_sigv4_session_token(options);
    size_t start = out->len;

    if (work->request->query != NULL)
        ic_buf_add_text(out, work->request->query);
    add_parameter(out, start, "X-Amz-Algorithm", IC_SIGV4_ALGORITHM);
    ic_buf_add_text(out, "&X-Amz-Credential=");
    ic_uri_encode(out, ic_view_of(options->keys->access_key_id), 0);
    ic_buf_add_text(out, "%2F");
    ic_uri_encode(out, ic_view_of(work->scope), 0);
    add_parameter(out, start, "X-Amz-Date", work->amz_date);
    add_parameter(out, start, "X-Amz-SignedHeaders", work->signed_headers);
    ic_buf_add_text(out, "&X-Amz-Expires=");
    ic_buf_add_u64(out, options->expires_s);
    if (token != NULL && !omits_token(work))
        add_parameter(out, start, "X-Amz-Security-Token", token);
}

void ic_sigv4_add_presigned_query(ic_buf *out, const ic_sigv4_work *work,
                                  const char *unsigned_query, const char *signature)
{
    const char *token = ic_sigv4_session_token(work->options);
    size_t start = out->len;

    ic_buf_add_text(out, unsigned_query);
    if (token != NULL && omits_token(work))
        add_parameter(out, start, "X-Amz-Security-Token", token);
    add_parameter(out, start, "X-Amz-Signature", signature);
}
