/*
 * sigv4_chunk.c - a body in signed chunks, and the headers behind it.
 *
 * Source of the rules: Amazon S3 API Reference, "Signature calculations for the Authorization header:
 * Transferring payload in multiple chunks", and "... including trailing headers".
 */
#include "aws/sigv4.h"
#include "base/error.h"
#include "base/options.h"
#include "base/time.h"

#include <stdio.h>
#include <string.h>

#define MAX_TO_SIGN        1024
#define MAX_TRAILER        8192
#define CHUNK_SIGNATURE    ";chunk-signature="
#define TRAILER_SIGNATURE  "x-amz-trailer-signature:"
#define SIGNATURE_LEN      (ICECAT_SIGV4_SIGNATURE_SIZE - 1)
#define MAX_CHUNKED_LENGTH ((uint64_t)INT64_MAX)

static icecat_status load(const icecat_sigv4_options *options, icecat_sigv4_options *own,
                          const char *previous, icecat_error *err)
{
    icecat_status status;

    if (options == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "options is NULL");
    status = IC_OPTIONS_LOAD(own, options, icecat_sigv4_options, err);
    if (status == ICECAT_OK)
        status = ic_sigv4_check_options(own, err);
    if (status == ICECAT_OK && !ic_sha256_hex_is_valid(previous))
        status = ic_fail(err, ICECAT_E_ARGUMENT,
                         "the signature before is not 64 lower-case hex digits");
    return status;
}

/* "ALGORITHM\nDATE\nSCOPE\nPREVIOUS\nREST", signed. */
static icecat_status sign_text(const ic_sigv4_work *work, const char *algorithm,
                               const char *previous, const char *rest, char *signature,
                               icecat_error *err)
{
    char text[MAX_TO_SIGN];
    ic_buf to_sign;
    icecat_status status;

    ic_buf_init_fixed(&to_sign, text, sizeof(text));
    ic_buf_add_text(&to_sign, algorithm);
    ic_buf_add_char(&to_sign, '\n');
    ic_buf_add_text(&to_sign, work->amz_date);
    ic_buf_add_char(&to_sign, '\n');
    ic_sigv4_add_scope(&to_sign, work);
    ic_buf_add_char(&to_sign, '\n');
    ic_buf_add_text(&to_sign, previous);
    ic_buf_add_char(&to_sign, '\n');
    ic_buf_add_text(&to_sign, rest);
    status = ic_buf_check(&to_sign, "the string to sign of a chunk", err);
    return status == ICECAT_OK ? ic_sigv4_signature(work, text, signature, err) : status;
}

/* What a piece needs to be signed: its hash behind what the kind of piece puts before it. */
typedef struct piece {
    const char *algorithm;
    const char *before; /* of the hash; "" or a line */
    const void *data;
    size_t len;
} piece;

static icecat_status sign_piece(const icecat_sigv4_options *options, const char *previous,
                                const piece *part, char *signature, icecat_error *err)
{
    ic_hasher hasher;
    ic_sigv4_work work = { .options = options, .hasher = &hasher };
    char amz_date[IC_TIME_AMZ_SIZE];
    char rest[2 * IC_SHA256_HEX_SIZE];
    size_t before = strlen(part->before);
    icecat_status status;

    ic_time_amz(options->unix_s, amz_date);
    work.amz_date = amz_date;
    memcpy(rest, part->before, before);
    if (ic_hasher_init(&hasher) &&
        ic_hasher_sha256_hex(&hasher, part->data, part->len, rest + before))
        status = sign_text(&work, part->algorithm, previous, rest, signature, err);
    else
        status = ic_fail(err, ICECAT_E_CRYPTO, "SHA-256 failed in libcrypto");
    ic_hasher_free(&hasher);
    return status;
}

icecat_status icecat_sigv4_sign_chunk(const icecat_sigv4_options *options, const char *previous,
                                      const void *data, size_t len,
                                      char signature[ICECAT_SIGV4_SIGNATURE_SIZE],
                                      icecat_error *err)
{
    piece part = { "AWS4-HMAC-SHA256-PAYLOAD", IC_SIGV4_EMPTY_SHA256 "\n", data, len };
    icecat_sigv4_options own;
    icecat_status status;

    ic_error_clear(err);
    if (signature == NULL || (data == NULL && len != 0))
        return ic_fail(err, ICECAT_E_ARGUMENT, "data or signature is NULL");
    status = load(options, &own, previous, err);
    return status == ICECAT_OK ? sign_piece(&own, previous, &part, signature, err) : status;
}

/* "name:value\n" for each, names in lower case and sorted, values trimmed. */
static icecat_status add_trailers(ic_buf *out, const icecat_pair *trailers, size_t count,
                                  icecat_error *err)
{
    ic_sigv4_work work = { .headers_count = 0 };

    for (size_t i = 0; i < count; i++) {
        if (trailers[i].name == NULL || trailers[i].value == NULL || trailers[i].name[0] == '\0' ||
            ic_sigv4_has_control(trailers[i].name))
            return ic_fail(err, ICECAT_E_ARGUMENT,
                           "trailer %zu has no name, no value or a control character in its name",
                           i);
        if (!ic_sigv4_insert_header(&work, trailers[i].name, trailers[i].value))
            return ic_fail(err, ICECAT_E_LIMIT, "more than %d trailers", IC_SIGV4_MAX_ITEMS - 4);
    }
    ic_sigv4_add_headers(out, &work);
    return ic_buf_check(out, "the trailer", err);
}

icecat_status icecat_sigv4_sign_trailer(const icecat_sigv4_options *options, const char *previous,
                                        const icecat_pair *trailers, size_t trailers_count,
                                        char signature[ICECAT_SIGV4_SIGNATURE_SIZE],
                                        icecat_error *err)
{
    piece part = { .algorithm = "AWS4-HMAC-SHA256-TRAILER", .before = "" };
    char text[MAX_TRAILER + 1];
    icecat_sigv4_options own;
    icecat_status status;
    ic_buf out;

    ic_error_clear(err);
    if (signature == NULL || trailers == NULL || trailers_count == 0)
        return ic_fail(err, ICECAT_E_ARGUMENT, "there are no trailers, or signature is NULL");
    status = load(options, &own, previous, err);
    ic_buf_init_fixed(&out, text, sizeof(text));
    if (status == ICECAT_OK)
        status = add_trailers(&out, trailers, trailers_count, err);
    part.data = text;
    part.len = out.len;
    return status == ICECAT_OK ? sign_piece(&own, previous, &part, signature, err) : status;
}

size_t icecat_sigv4_chunk_head(uint64_t len, const char *signature,
                               char out[ICECAT_SIGV4_CHUNK_HEAD_SIZE])
{
    int written;

    if (out == NULL || !ic_sha256_hex_is_valid(signature))
        return 0;
    written = snprintf(out, ICECAT_SIGV4_CHUNK_HEAD_SIZE, "%llx" CHUNK_SIGNATURE "%s\r\n",
                       (unsigned long long)len, signature);
    return written > 0 ? (size_t)written : 0;
}

/* Head, bytes and line break of one chunk. */
static uint64_t framed_length(uint64_t len)
{
    uint64_t digits = 1;

    for (uint64_t rest = len; rest > 15; rest /= 16)
        digits++;
    return digits + strlen(CHUNK_SIGNATURE) + SIGNATURE_LEN + 2 + len + 2;
}

static uint64_t trailer_length(const icecat_pair *trailers, size_t count)
{
    uint64_t len = strlen(TRAILER_SIGNATURE) + SIGNATURE_LEN + 2;

    for (size_t i = 0; i < count; i++)
        len += strlen(trailers[i].name) + 1 + strlen(trailers[i].value) + 2;
    return len;
}

uint64_t icecat_sigv4_chunked_length(uint64_t len, uint64_t chunk_len, const icecat_pair *trailers,
                                     size_t trailers_count)
{
    uint64_t chunks = chunk_len != 0 ? len / chunk_len : 0;
    uint64_t total = framed_length(0);

    if (chunk_len == 0 || chunk_len > MAX_CHUNKED_LENGTH / 2 ||
        (chunks != 0 && framed_length(chunk_len) > (MAX_CHUNKED_LENGTH / 2) / chunks))
        return 0;
    total += chunks * framed_length(chunk_len);
    if (len % chunk_len != 0)
        total += framed_length(len % chunk_len);
    return trailers != NULL && trailers_count != 0
               ? total + trailer_length(trailers, trailers_count)
               : total;
}
