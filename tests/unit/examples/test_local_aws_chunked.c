/*
 * test_local_aws_chunked.c - the framing of S3's streaming uploads: the published examples, every byte
 * of them changed, every cut; and the checksums.
 */
#include "aws_chunked.h"
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOTAL 66560u /* 65536 and 1024 times 'a', as in the example */

/* The example of "Transferring payload in multiple chunks", and the one with a trailer. */
static const char *const plain_signatures[] = {
    "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
    "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
    "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"
};
static const char *const trailer_signatures[] = {
    "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
    "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
    "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992"
};
#define TRAILER                                                                                    \
    "x-amz-checksum-crc32c:sOO8/Q==\r\n"                                                           \
    "x-amz-trailer-signature:"                                                                     \
    "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n"

typedef struct example {
    unsigned char wire[TOTAL + 1024];
    size_t len;
    aws_chunked_signing signing;
    aws_chunked_form form;
    aws_chunked_body body;
} example;

static void add(example *e, const char *text)
{
    memcpy(e->wire + e->len, text, strlen(text));
    e->len += strlen(text);
}

static void add_chunk(example *e, size_t size, const char *signature)
{
    char head[128];

    if (signature != NULL)
        snprintf(head, sizeof(head), "%zx;chunk-signature=%s\r\n", size, signature);
    else
        snprintf(head, sizeof(head), "%zx\r\n", size);
    add(e, head);
    memset(e->wire + e->len, 'a', size);
    e->len += size;
    if (size != 0)
        add(e, "\r\n");
}

/* @p signatures of three chunks, or NULL; @p trailer with its line ends, or NULL. */
static example *begin(const char *const *signatures, const char *seed, const char *trailer)
{
    example *e = calloc(1, sizeof(*e));

    assert_non_null(e);
    add_chunk(e, 65536, signatures != NULL ? signatures[0] : NULL);
    add_chunk(e, 1024, signatures != NULL ? signatures[1] : NULL);
    add_chunk(e, 0, signatures != NULL ? signatures[2] : NULL);
    if (trailer != NULL)
        add(e, trailer);
    add(e, "\r\n");
    assert_true(aws_chunked_key("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "20130524", "us-east-1",
                                "s3", e->signing.key));
    e->signing.amz_date = "20130524T000000Z";
    e->signing.scope = "20130524/us-east-1/s3/aws4_request";
    e->signing.seed_signature = seed;
    e->form.signing = signatures != NULL ? &e->signing : NULL;
    e->form.has_trailer = trailer != NULL;
    e->form.decoded_len = TOTAL;
    return e;
}

static example *begin_plain(void)
{
    return begin(plain_signatures,
                 "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9", NULL);
}

static example *begin_trailer(void)
{
    return begin(trailer_signatures,
                 "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e", TRAILER);
}

static aws_chunked_status decode(example *e)
{
    aws_chunked_status status = aws_chunked_decode(&e->form, e->wire, e->len, &e->body);

    assert_int_equal(status == AWS_CHUNKED_OK, e->body.data != NULL);
    free(e->body.data);
    return status;
}

/* Decode a small text without signatures. */
static aws_chunked_status decode_text(const char *text, uint64_t decoded_len, int has_trailer,
                                      const char *want)
{
    aws_chunked_form form = { .has_trailer = has_trailer, .decoded_len = decoded_len };
    aws_chunked_body body;
    aws_chunked_status status = aws_chunked_decode(&form, (const unsigned char *)text, strlen(text),
                                                   &body);

    if (status == AWS_CHUNKED_OK) {
        assert_string_equal((const char *)body.data, want);
        assert_int_equal(body.len, strlen(want));
    }
    free(body.data);
    return status;
}

static void the_published_examples_are_decoded(void **state)
{
    example *e = begin_plain();

    (void)state;
    assert_int_equal(e->len, 66824); /* the content-length of the page */
    assert_int_equal(aws_chunked_decode(&e->form, e->wire, e->len, &e->body), AWS_CHUNKED_OK);
    assert_int_equal(e->body.len, TOTAL);
    for (size_t i = 0; i < TOTAL; i++)
        assert_true(e->body.data[i] == 'a');
    free(e->body.data);
    free(e);
    e = begin_trailer();
    assert_int_equal(aws_chunked_decode(&e->form, e->wire, e->len, &e->body), AWS_CHUNKED_OK);
    assert_int_equal(e->body.trailer_count, 1);
    assert_string_equal(e->body.trailers[0].name, "x-amz-checksum-crc32c");
    assert_string_equal(e->body.trailers[0].value, "sOO8/Q==");
    free(e->body.data);
    free(e);
}

/* Each byte outside the data, and some of the data: "a" and "A" may mean the same in names and sizes. */
static void no_changed_byte_is_accepted(example *e)
{
    for (size_t i = 0; i < e->len; i++) {
        unsigned char kept = e->wire[i];

        if (kept == 'a' && i > 100 && i % 8192 != 0)
            continue;
        e->wire[i] = kept == '1' ? '2' : '1';
        if (decode(e) == AWS_CHUNKED_OK)
            fail_msg("byte %zu of %zu may be changed from '%c'", i, e->len, kept);
        e->wire[i] = kept;
    }
    assert_int_equal(decode(e), AWS_CHUNKED_OK);
}

static void no_changed_byte_of_the_examples_is_accepted(void **state)
{
    example *e = begin_plain();

    (void)state;
    no_changed_byte_is_accepted(e);
    e->wire[70000 - 4000] = 'b';
    assert_int_equal(decode(e), AWS_CHUNKED_SIGNATURE);
    free(e);
    e = begin_trailer();
    no_changed_byte_is_accepted(e);
    e->wire[e->len - 10] ^= 1;
    assert_int_equal(decode(e), AWS_CHUNKED_TRAILER_SIGNATURE);
    free(e);
}

static void no_cut_or_longer_body_is_accepted(void **state)
{
    example *e = begin_trailer();
    size_t whole = e->len;

    (void)state;
    for (size_t cut = 1; cut < 1600; cut++) {
        e->len = whole - cut;
        assert_int_not_equal(decode(e), AWS_CHUNKED_OK);
    }
    for (e->len = 0; e->len < 100; e->len++)
        assert_int_not_equal(decode(e), AWS_CHUNKED_OK);
    e->len = whole + 1;
    assert_int_not_equal(decode(e), AWS_CHUNKED_OK);
    e->len = whole;
    e->form.decoded_len = TOTAL - 1;
    assert_int_equal(decode(e), AWS_CHUNKED_LENGTH);
    e->form.decoded_len = TOTAL + 1;
    assert_int_equal(decode(e), AWS_CHUNKED_LENGTH);
    e->form.decoded_len = UINT64_MAX;
    assert_int_equal(decode(e), AWS_CHUNKED_LENGTH);
    free(e);
}

static void signed_chunks_need_their_own_seed_and_trailer(void **state)
{
    example *e = begin(trailer_signatures,
                       "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9", TRAILER);

    (void)state;
    assert_int_equal(decode(e), AWS_CHUNKED_SIGNATURE);
    free(e);
    e = begin(trailer_signatures,
              "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
              "x-amz-checksum-crc32c:sOO8/Q==\r\n");
    assert_int_equal(decode(e), AWS_CHUNKED_TRAILER_SIGNATURE);
    free(e);
    e = begin(NULL, "", "x-amz-checksum-crc32c:sOO8/Q==\r\n");
    assert_int_equal(decode(e), AWS_CHUNKED_OK);
    e->form.signing = &e->signing;
    assert_int_equal(decode(e), AWS_CHUNKED_MALFORMED);
    free(e);
}

static void unsigned_chunks_are_decoded(void **state)
{
    (void)state;
    assert_int_equal(decode_text("5\r\nhello\r\n0\r\n\r\n", 5, 0, "hello"), AWS_CHUNKED_OK);
    assert_int_equal(decode_text("0\r\n\r\n", 0, 0, ""), AWS_CHUNKED_OK);
    assert_int_equal(decode_text("0\r\n\r\n", 0, 1, ""), AWS_CHUNKED_OK);
    assert_int_equal(
        decode_text("00A\r\n0123456789\r\n0\r\nB: c \r\nD:\r\n\r\n", 10, 1, "0123456789"),
        AWS_CHUNKED_OK);
}

static void framing_that_is_not_framing_is_refused(void **state)
{
    static const char *const texts[] = { "",
                                         "hello",
                                         "5\r\nhello",
                                         "5\r\nhello\r\n",
                                         "5\r\nhello\r\n0\r\n",
                                         "5\nhello\n0\n\n",
                                         "5\r\nhello0\r\n\r\n",
                                         "\r\nhello\r\n0\r\n\r\n",
                                         "-5\r\nhello\r\n0\r\n\r\n",
                                         "0x5\r\nhello\r\n0\r\n\r\n",
                                         " 5\r\nhello\r\n0\r\n\r\n",
                                         "5;a=b\r\nhello\r\n0\r\n\r\n",
                                         "5\r\nhello\r\n0\r\n\r\nmore",
                                         "5\r\nhello\r\n0\r\na:b\r\n\r\n",
                                         "0000000000000005\r\nhello\r\n0\r\n\r\n",
                                         "fffffffffffffff\r\nhello\r\n0\r\n\r\n" };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (decode_text(texts[i], strlen(texts[i]) < 5 ? strlen(texts[i]) : 5, 0, "") !=
            AWS_CHUNKED_MALFORMED)
            fail_msg("not malformed: %s", texts[i]);
    }
    assert_int_equal(decode_text("1\r\na\r\n1\r\nb\r\n0\r\n\r\n", 2, 0, ""), AWS_CHUNKED_SMALL);
    assert_int_equal(decode_text("0\r\nno colon\r\n\r\n", 0, 1, ""), AWS_CHUNKED_TRAILER);
    assert_int_equal(decode_text("0\r\n:b\r\n\r\n", 0, 1, ""), AWS_CHUNKED_TRAILER);
    assert_int_equal(decode_text("0\r\na:b\r\n", 0, 1, ""), AWS_CHUNKED_TRAILER);
    assert_int_equal(decode_text("0\r\nx-amz-trailer-signature:b\r\n\r\n", 0, 1, ""),
                     AWS_CHUNKED_TRAILER);
    assert_int_equal(
        decode_text("0\r\na:\r\na:\r\na:\r\na:\r\na:\r\na:\r\na:\r\na:\r\na:\r\n\r\n", 0, 1, ""),
        AWS_CHUNKED_TRAILER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_examples_are_decoded),
        cmocka_unit_test(no_changed_byte_of_the_examples_is_accepted),
        cmocka_unit_test(no_cut_or_longer_body_is_accepted),
        cmocka_unit_test(signed_chunks_need_their_own_seed_and_trailer),
        cmocka_unit_test(unsigned_chunks_are_decoded),
        cmocka_unit_test(framing_that_is_not_framing_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
