/*
 * fuzz_aws_chunked.c - the aws-chunked framing that icecat-local takes off: no more comes out than was
 * announced and sent; what the library signs in chunks is taken, and not with one byte of it changed.
 *
 * An input is a line "LENGTH", or "LENGTH trailer", and then the body as it is on the wire.
 */
#include "fuzz.h"

#include "aws_chunked.h"

#include <icecat/sigv4.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECRET "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
#define SCOPE  "20130524/us-east-1/s3/aws4_request"
#define MAY_24 1369353600
#define CHUNK  8192u

static const char seed[] = "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e";

static const uint8_t *read_head(const uint8_t *data, size_t *len, aws_chunked_form *form)
{
    const uint8_t *end = *len != 0 ? memchr(data, '\n', *len) : NULL;
    char line[32] = "";
    unsigned long long announced = 0;
    char word[8] = "";

    if (end == NULL || (size_t)(end - data) >= sizeof(line))
        return data;
    memcpy(line, data, (size_t)(end - data));
    (void)sscanf(line, "%19llu %7s", &announced, word);
    form->decoded_len = announced;
    form->has_trailer = strcmp(word, "trailer") == 0;
    *len -= (size_t)(end - data) + 1;
    return end + 1;
}

static void check_body(const aws_chunked_form *form, const aws_chunked_body *body, size_t len,
                       aws_chunked_status status)
{
    FUZZ_CHECK((body->data != NULL) == (status == AWS_CHUNKED_OK));
    if (status != AWS_CHUNKED_OK)
        return;
    FUZZ_CHECK(body->len == form->decoded_len && body->len <= len);
    FUZZ_CHECK(body->data[body->len] == '\0');
    FUZZ_CHECK(body->trailer_count <= AWS_CHUNKED_TRAILERS);
    FUZZ_CHECK(form->has_trailer || body->trailer_count == 0);
    for (size_t i = 0; i < body->trailer_count; i++)
        FUZZ_CHECK(body->trailers[i].name[0] != '\0');
}

/* Framing that was taken off is put on again, in one chunk, and taken off again. */
static void frame_again(const aws_chunked_body *body)
{
    aws_chunked_form form = { .decoded_len = body->len };
    aws_chunked_body again;
    char *text = malloc(body->len + 64);
    size_t at = 0;

    FUZZ_CHECK(text != NULL);
    if (body->len != 0) {
        at = (size_t)sprintf(text, "%zx\r\n", body->len);
        memcpy(text + at, body->data, body->len);
        at += body->len;
        at += (size_t)sprintf(text + at, "\r\n");
    }
    at += (size_t)sprintf(text + at, "0\r\n\r\n");
    FUZZ_CHECK(aws_chunked_decode(&form, (unsigned char *)text, at, &again) == AWS_CHUNKED_OK);
    FUZZ_CHECK(again.len == body->len && memcmp(again.data, body->data, body->len) == 0);
    free(again.data);
    free(text);
}

/* ---- signed ------------------------------------------------------------------------------ */

static char *sign_chunks(const uint8_t *data, size_t len, size_t *total)
{
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;
    icecat_sigv4_options options = ICECAT_SIGV4_OPTIONS_INIT;
    char signature[ICECAT_SIGV4_SIGNATURE_SIZE];
    char *out = malloc(2 * len + 1024);
    size_t at = 0, used = 0;

    FUZZ_CHECK(out != NULL);
    keys.access_key_id = "AKIAIOSFODNN7EXAMPLE";
    keys.secret_access_key = SECRET;
    options.keys = &keys;
    options.region = "us-east-1";
    options.service = "s3";
    options.unix_s = MAY_24;
    memcpy(signature, seed, sizeof(seed));
    for (size_t piece = 1; piece != 0; at += piece) {
        piece = len - at < CHUNK ? len - at : CHUNK;
        FUZZ_CHECK(icecat_sigv4_sign_chunk(&options, signature, data + at, piece, signature,
                                           NULL) == ICECAT_OK);
        used += icecat_sigv4_chunk_head(piece, signature, out + used);
        memcpy(out + used, data + at, piece);
        used += piece;
        memcpy(out + used, "\r\n", 2);
        used += 2;
    }
    *total = used;
    return out;
}

static void check_signed(const uint8_t *data, size_t len)
{
    aws_chunked_signing signing = { .amz_date = "20130524T000000Z",
                                    .scope = SCOPE,
                                    .seed_signature = seed };
    aws_chunked_form form = { .signing = &signing, .decoded_len = len };
    aws_chunked_body body;
    size_t total, at;
    char *text = sign_chunks(data, len, &total);

    FUZZ_CHECK(total == icecat_sigv4_chunked_length(len, CHUNK, NULL, 0));
    FUZZ_CHECK(aws_chunked_key(SECRET, "20130524", "us-east-1", "s3", signing.key));
    FUZZ_CHECK(aws_chunked_decode(&form, (unsigned char *)text, total, &body) == AWS_CHUNKED_OK);
    check_body(&form, &body, total, AWS_CHUNKED_OK);
    FUZZ_CHECK(len == 0 || memcmp(body.data, data, len) == 0);
    free(body.data);

    at = (len * 2654435761u + (len != 0 ? data[0] : 0)) % total;
    text[at] = (char)(text[at] ^ 1);
    FUZZ_CHECK(aws_chunked_decode(&form, (unsigned char *)text, total, &body) != AWS_CHUNKED_OK);
    FUZZ_CHECK(body.data == NULL);
    /* What the fuzzer made was signed by nobody. */
    FUZZ_CHECK(len == 0 || aws_chunked_decode(&form, data, len, &body) != AWS_CHUNKED_OK);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    aws_chunked_form form = { .decoded_len = 0 };
    const uint8_t *wire = read_head(data, &len, &form);
    unsigned char *exact = (unsigned char *)fuzz_copy(wire, len);
    aws_chunked_body body;
    aws_chunked_status status = aws_chunked_decode(&form, exact, len, &body);

    check_body(&form, &body, len, status);
    if (status == AWS_CHUNKED_OK)
        frame_again(&body);
    free(body.data);
    check_signed(exact, len);
    free(exact);
    return 0;
}
