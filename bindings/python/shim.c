/*
 * shim.c - what would cost more in Python than in the library: a call with many short texts. They come and
 * go packed, one behind the other, each with a zero byte at its end. Compiled into icecat._icecat.
 */
#include <icecat/icecat.h>

#include <stdio.h>
#include <string.h>

/* The next packed text. */
static const char *icecat_py_text(const char **at)
{
    const char *text = *at;

    *at += strlen(text) + 1;
    return text;
}

/* The next packed text; NULL when it is empty. */
static const char *icecat_py_optional(const char **at)
{
    const char *text = icecat_py_text(at);

    return *text != '\0' ? text : NULL;
}

/* Append a text; NULL is "". Returns where the next one goes, NULL when there is no room. */
static char *icecat_py_put(char *to, const char *end, const char *text)
{
    size_t len = text != NULL ? strlen(text) : 0;

    if (to == NULL || len >= (size_t)(end - to))
        return NULL;
    if (len != 0)
        memcpy(to, text, len);
    to[len] = '\0';
    return to + len + 1;
}

static size_t icecat_py_pack(const icecat_sigv4_result *made, char *out, size_t size,
                             icecat_error *err)
{
    const char *const texts[] = { made->authorization,     made->amz_date,       made->query,
                                  made->signed_headers,    made->payload_hash,   made->signature,
                                  made->canonical_request, made->string_to_sign, NULL };
    char *at = out;

    for (size_t i = 0; i + 1 < sizeof(texts) / sizeof(texts[0]); i++)
        at = icecat_py_put(at, out + size, texts[i]);
    if (at != NULL)
        return (size_t)(at - out);
    err->status = ICECAT_E_LIMIT;
    snprintf(err->message, sizeof(err->message), "the signature does not fit into %zu bytes", size);
    return 0;
}

/*
 * Sign. @p texts: method, path, query, payload hash, region, service, access key id, secret access key,
 * session token; then the name and the value of each header. @p headers is room for so many. @p out is three
 * times what icecat_sigv4_sign() needs: the last part is its scratch memory, the others receive
 * authorization, amz_date, query, signed_headers, payload_hash, signature, canonical_request and
 * string_to_sign. Returns how many bytes these are, 0 after a failure.
 */
static size_t icecat_py_sign(const char *texts, icecat_pair *headers, size_t headers_count,
                             const void *payload, size_t payload_len, int64_t unix_s,
                             uint32_t expires_s, uint32_t flags, char *out, size_t third,
                             icecat_error *err)
{
    icecat_sigv4_request request = ICECAT_SIGV4_REQUEST_INIT;
    icecat_sigv4_options options = ICECAT_SIGV4_OPTIONS_INIT;
    icecat_sigv4_result made = ICECAT_SIGV4_RESULT_INIT;
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;

    request.method = icecat_py_text(&texts);
    request.path = icecat_py_text(&texts);
    request.query = icecat_py_text(&texts);
    request.payload_hash = icecat_py_optional(&texts);
    request.payload = payload;
    request.payload_len = payload_len;
    request.headers = headers;
    request.headers_count = headers_count;
    options.keys = &keys;
    options.region = icecat_py_text(&texts);
    options.service = icecat_py_text(&texts);
    options.unix_s = unix_s;
    options.expires_s = expires_s;
    options.flags = flags;
    keys.access_key_id = icecat_py_text(&texts);
    keys.secret_access_key = icecat_py_text(&texts);
    keys.session_token = icecat_py_optional(&texts);
    for (size_t i = 0; i < headers_count; i++) {
        headers[i].name = icecat_py_text(&texts);
        headers[i].value = icecat_py_text(&texts);
    }
    if (icecat_sigv4_sign(&request, &options, out + 2 * third, third, &made, err) != ICECAT_OK)
        return 0;
    return icecat_py_pack(&made, out, 2 * third, err);
}
