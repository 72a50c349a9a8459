/*
 * signature_error.c - say in the error of a refused request why its signature was not accepted.
 */
#include "aws/signature_error.h"

#include "base/error.h"

#include <string.h>

#define MAX_BODY 65536 /* a longer answer is none of these errors */

/* What the services say in every case; the explanation says more. */
#define SERVICE_SENTENCE ": The request signature we calculated does not match"

static int is_mismatch(const icecat_error *err)
{
    return strcmp(err->aws_code, "SignatureDoesNotMatch") == 0 ||
           strcmp(err->aws_code, "InvalidSignatureException") == 0;
}

static icecat_status explain(const icecat_sigv4_result *ours, const ic_response *response,
                             icecat_sigv4_explanation *out)
{
    size_t scratch_len = 2 * response->body.len + 16;
    char *scratch;
    icecat_status status;

    if (response->body.len > MAX_BODY)
        return ICECAT_E_LIMIT;
    scratch = ic_mem_alloc(response->mem, scratch_len);
    if (scratch == NULL)
        return ICECAT_E_NO_MEMORY;
    status = icecat_sigv4_explain(ours, ic_buf_text(&response->body), response->body.len, scratch,
                                  scratch_len, out, NULL);
    ic_mem_free_secret(response->mem, scratch, scratch_len); /* the texts hold a session token */
    return status;
}

void ic_signature_error_explain(const icecat_sigv4_result *ours, const ic_response *response,
                                icecat_error *err)
{
    icecat_sigv4_explanation explanation = ICECAT_SIGV4_EXPLANATION_INIT;
    char *sentence = strstr(err->message, SERVICE_SENTENCE);

    if (!is_mismatch(err) || ours->canonical_request == NULL ||
        explain(ours, response, &explanation) != ICECAT_OK)
        return;
    /* InvalidSignatureException has other causes too, and then the service names them itself. */
    if (explanation.difference == ICECAT_SIGV4_UNTOLD && sentence == NULL &&
        strcmp(err->aws_code, "SignatureDoesNotMatch") != 0)
        return;
    if (sentence != NULL)
        *sentence = '\0';
    ic_error_suffix(err, explanation.text);
}
