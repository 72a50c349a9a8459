/*
 * aws_chunked.c - take the aws-chunked framing off a body and check its signatures.
 */
#include "aws_chunked.h"

#include "digest.h"
#include "encoding.h"

#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIGNATURE_LEN    32
#define HEX_SIZE         (2 * SIGNATURE_LEN + 1)
#define MIN_CHUNK        8192
#define SIGNATURE_PREFIX "chunk-signature="
#define EMPTY_SHA256     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

typedef struct text_view {
    const char *data;
    size_t len;
} text_view;

/* Where decoding stands. */
typedef struct reader {
    const aws_chunked_form *form;
    const char *at;
    size_t left;
    char previous[HEX_SIZE]; /* the signature that the next one continues from */
    aws_chunked_body *out;
} reader;

static int hmac(const void *key, size_t key_len, const char *text, unsigned char out[SIGNATURE_LEN])
{
    unsigned len = 0;

    return HMAC(EVP_sha256(), key, (int)key_len, (const unsigned char *)text, strlen(text), out,
                &len) != NULL &&
           len == SIGNATURE_LEN;
}

int aws_chunked_key(const char *secret, const char *day, const char *region, const char *service,
                    unsigned char key[AWS_CHUNKED_KEY_LEN])
{
    char seed[4 + 1024];
    int seed_len = snprintf(seed, sizeof(seed), "AWS4%s", secret);
    int ok = seed_len > 0 && (size_t)seed_len < sizeof(seed) &&
             hmac(seed, (size_t)seed_len, day, key) && hmac(key, SIGNATURE_LEN, region, key) &&
             hmac(key, SIGNATURE_LEN, service, key) &&
             hmac(key, SIGNATURE_LEN, "aws4_request", key);

    OPENSSL_cleanse(seed, sizeof(seed));
    return ok;
}

/* Compare with the signature of "ALGORITHM\nDATE\nSCOPE\nPREVIOUS\nHASHES"; continue from it. */
static aws_chunked_status check_signature(reader *self, const char *algorithm, const char *hashes,
                                          text_view given, aws_chunked_status mismatch)
{
    const aws_chunked_signing *signing = self->form->signing;
    unsigned char sum[SIGNATURE_LEN];
    char text[1024];
    char right[HEX_SIZE];
    int len = snprintf(text, sizeof(text), "%s\n%s\n%s\n%s\n%s", algorithm, signing->amz_date,
                       signing->scope, self->previous, hashes);

    if (len < 0 || (size_t)len >= sizeof(text) ||
        !hmac(signing->key, sizeof(signing->key), text, sum))
        return AWS_CHUNKED_FAILED;
    encoding_hex(sum, sizeof(sum), right);
    if (given.len != HEX_SIZE - 1 || CRYPTO_memcmp(given.data, right, HEX_SIZE - 1) != 0)
        return mismatch;
    memcpy(self->previous, right, HEX_SIZE);
    return AWS_CHUNKED_OK;
}

static aws_chunked_status check_chunk(reader *self, const char *data, size_t len, text_view given)
{
    char hashes[HEX_SIZE + DIGEST_HEX_SIZE];
    char hash[DIGEST_HEX_SIZE];

    if (self->form->signing == NULL)
        return AWS_CHUNKED_OK;
    if (!digest_hex(DIGEST_SHA256, data, len, hash))
        return AWS_CHUNKED_FAILED;
    snprintf(hashes, sizeof(hashes), "%s\n%s", EMPTY_SHA256, hash);
    return check_signature(self, "AWS4-HMAC-SHA256-PAYLOAD", hashes, given, AWS_CHUNKED_SIGNATURE);
}

/* Up to the next CR LF, which is passed. 1 when there is one. */
static int take_line(reader *self, text_view *line)
{
    const char *end = self->left != 0 ? memchr(self->at, '\n', self->left) : NULL;

    if (end == NULL || end == self->at || end[-1] != '\r')
        return 0;
    line->data = self->at;
    line->len = (size_t)(end - self->at) - 1;
    self->left -= (size_t)(end - self->at) + 1;
    self->at = end + 1;
    return 1;
}

/* "HEX" or "HEX;chunk-signature=SIGNATURE", as the form has it. */
static int read_chunk_head(const reader *self, text_view line, uint64_t *size, text_view *signature)
{
    const size_t prefix = sizeof(SIGNATURE_PREFIX) - 1;
    size_t i;

    *size = 0;
    *signature = (text_view){ "", 0 };
    for (i = 0; i < line.len && line.data[i] != ';'; i++) {
        const char two[2] = { '0', line.data[i] };
        int digit = encoding_hex_byte(two);

        if (digit < 0 || i == 15)
            return 0;
        *size = *size << 4 | (uint64_t)digit;
    }
    if (i == 0 || self->form->signing == NULL)
        return i != 0 && i == line.len;
    if (line.len - i < 1 + prefix || memcmp(line.data + i + 1, SIGNATURE_PREFIX, prefix) != 0)
        return 0;
    *signature = (text_view){ line.data + i + 1 + prefix, line.len - i - 1 - prefix };
    return 1;
}

/* One chunk; *last when it is the empty one at the end. */
static aws_chunked_status take_chunk(reader *self, size_t *before, int *last)
{
    text_view line;
    text_view signature;
    uint64_t size;
    aws_chunked_status status;

    if (!take_line(self, &line) || !read_chunk_head(self, line, &size, &signature) ||
        size > self->left)
        return AWS_CHUNKED_MALFORMED;
    if (size > self->form->decoded_len - self->out->len)
        return AWS_CHUNKED_LENGTH;
    if (size != 0 && *before < MIN_CHUNK)
        return AWS_CHUNKED_SMALL;
    status = check_chunk(self, self->at, (size_t)size, signature);
    if (status != AWS_CHUNKED_OK)
        return status;
    *last = size == 0;
    if (*last)
        return AWS_CHUNKED_OK;
    memcpy(self->out->data + self->out->len, self->at, (size_t)size);
    self->out->len += (size_t)size;
    self->at += size;
    self->left -= (size_t)size;
    *before = (size_t)size;
    return take_line(self, &line) && line.len == 0 ? AWS_CHUNKED_OK : AWS_CHUNKED_MALFORMED;
}

static text_view trim(text_view text)
{
    while (text.len != 0 && (text.data[0] == ' ' || text.data[0] == '\t')) {
        text.data++;
        text.len--;
    }
    while (text.len != 0 && (text.data[text.len - 1] == ' ' || text.data[text.len - 1] == '\t'))
        text.len--;
    return text;
}

/* "NAME:VALUE" */
static int read_trailer(text_view line, aws_chunked_trailer *out)
{
    const char *colon = memchr(line.data, ':', line.len);
    text_view name;
    text_view value;

    if (colon == NULL)
        return 0;
    name = trim((text_view){ line.data, (size_t)(colon - line.data) });
    value = trim((text_view){ colon + 1, (size_t)(line.data + line.len - colon) - 1 });
    if (name.len == 0 || name.len >= sizeof(out->name) || value.len >= sizeof(out->value) ||
        memchr(line.data, '\0', line.len) != NULL)
        return 0;
    for (size_t i = 0; i < name.len; i++)
        out->name[i] = (char)(name.data[i] >= 'A' && name.data[i] <= 'Z' ? name.data[i] + 32
                                                                         : name.data[i]);
    out->name[name.len] = '\0';
    memcpy(out->value, value.data, value.len);
    out->value[value.len] = '\0';
    return 1;
}

/* What is signed of a trailer: "name:value\n" for each. */
static aws_chunked_status check_trailer(reader *self, const char *signature)
{
    const aws_chunked_body *body = self->out;
    char text[AWS_CHUNKED_TRAILERS *
              (sizeof(body->trailers[0].name) + sizeof(body->trailers[0].value) + 2)];
    char hash[DIGEST_HEX_SIZE];
    size_t len = 0;

    for (size_t i = 0; i < body->trailer_count; i++)
        len += (size_t)snprintf(text + len, sizeof(text) - len, "%s:%s\n", body->trailers[i].name,
                                body->trailers[i].value);
    if (!digest_hex(DIGEST_SHA256, text, len, hash))
        return AWS_CHUNKED_FAILED;
    return check_signature(self, "AWS4-HMAC-SHA256-TRAILER", hash,
                           (text_view){ signature, strlen(signature) },
                           AWS_CHUNKED_TRAILER_SIGNATURE);
}

/* The lines behind the last chunk; an empty line ends them. */
static aws_chunked_status take_trailers(reader *self)
{
    aws_chunked_trailer signature = { "", "" };
    aws_chunked_body *body = self->out;
    text_view line;

    for (;;) {
        aws_chunked_trailer trailer;

        if (!take_line(self, &line))
            return AWS_CHUNKED_TRAILER;
        if (line.len == 0)
            break;
        if (signature.name[0] != '\0' || !read_trailer(line, &trailer))
            return AWS_CHUNKED_TRAILER;
        if (strcmp(trailer.name, "x-amz-trailer-signature") == 0)
            signature = trailer;
        else if (body->trailer_count == AWS_CHUNKED_TRAILERS)
            return AWS_CHUNKED_TRAILER;
        else
            body->trailers[body->trailer_count++] = trailer;
    }
    if (self->form->signing == NULL)
        return signature.name[0] == '\0' ? AWS_CHUNKED_OK : AWS_CHUNKED_TRAILER;
    return check_trailer(self, signature.value);
}

static aws_chunked_status take_all(reader *self)
{
    aws_chunked_status status = AWS_CHUNKED_OK;
    size_t before = MIN_CHUNK;
    text_view line;
    int last = 0;

    while (status == AWS_CHUNKED_OK && !last)
        status = take_chunk(self, &before, &last);
    if (status == AWS_CHUNKED_OK && self->form->has_trailer)
        status = take_trailers(self);
    else if (status == AWS_CHUNKED_OK && (!take_line(self, &line) || line.len != 0))
        status = AWS_CHUNKED_MALFORMED;
    if (status == AWS_CHUNKED_OK && self->left != 0)
        status = AWS_CHUNKED_MALFORMED;
    if (status == AWS_CHUNKED_OK && self->out->len != self->form->decoded_len)
        status = AWS_CHUNKED_LENGTH;
    return status;
}

aws_chunked_status aws_chunked_decode(const aws_chunked_form *form, const unsigned char *data,
                                      size_t len, aws_chunked_body *out)
{
    reader self = { .form = form, .at = (const char *)data, .left = len, .out = out };
    aws_chunked_status status;

    memset(out, 0, sizeof(*out));
    /* Framing only adds, so a longer announcement is wrong before anything is allocated for it. */
    if (form->decoded_len > len)
        return AWS_CHUNKED_LENGTH;
    if (form->signing != NULL)
        snprintf(self.previous, sizeof(self.previous), "%s", form->signing->seed_signature);
    out->data = malloc((size_t)form->decoded_len + 1);
    if (out->data == NULL)
        return AWS_CHUNKED_FAILED;
    status = take_all(&self);
    out->data[out->len] = '\0';
    if (status != AWS_CHUNKED_OK) {
        free(out->data);
        out->data = NULL;
        out->len = 0;
    }
    return status;
}
