/*
 * test_uri.c - percent-encoding and the parts of a URL.
 */
#include "base/uri.h"
#include "cmocka_all.h"

#include <string.h>

static void encoding_keeps_the_unreserved_bytes_only(void **state)
{
    ic_buf out;

    (void)state;
    ic_buf_init(&out, NULL, 1000);
    ic_uri_encode(&out, ic_view_of("AZaz09-._~/ +%&=\xc3\xa9"), 0);
    assert_string_equal(ic_buf_text(&out), "AZaz09-._~%2F%20%2B%25%26%3D%C3%A9");
    ic_buf_reset(&out);
    ic_uri_encode(&out, ic_view_of("a/b c"), 1);
    assert_string_equal(ic_buf_text(&out), "a/b%20c");
    ic_buf_free(&out);
}

static void every_byte_survives_encoding_and_decoding(void **state)
{
    ic_buf encoded;
    ic_buf decoded;

    (void)state;
    ic_buf_init(&encoded, NULL, 1000);
    ic_buf_init(&decoded, NULL, 1000);
    for (int byte = 1; byte < 256; byte++) {
        char text[2] = { (char)byte, '\0' };

        ic_buf_reset(&encoded);
        ic_buf_reset(&decoded);
        ic_uri_encode(&encoded, ic_view_of(text), 0);
        assert_int_equal(ic_uri_decode(&decoded, ic_view_of(ic_buf_text(&encoded)), 1), ICECAT_OK);
        assert_string_equal(ic_buf_text(&decoded), text);
    }
    ic_buf_free(&encoded);
    ic_buf_free(&decoded);
}

static void malformed_escapes_are_refused(void **state)
{
    static const char *const bad[] = { "%", "%4", "%zz", "a%2", "%00", "%2g", "%%41" };
    ic_buf out;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        ic_buf_init(&out, NULL, 100);
        assert_int_equal(ic_uri_decode(&out, ic_view_of(bad[i]), 1), ICECAT_E_PARSE);
        ic_buf_free(&out);
    }
    ic_buf_init(&out, NULL, 100);
    assert_int_equal(ic_uri_decode(&out, ic_view_of("red+flower%2b.jpg"), 1), ICECAT_OK);
    assert_string_equal(ic_buf_text(&out), "red flower+.jpg");
    ic_buf_reset(&out);
    assert_int_equal(ic_uri_decode(&out, ic_view_of("a+b"), 0), ICECAT_OK);
    assert_string_equal(ic_buf_text(&out), "a+b");
    ic_buf_free(&out);
}

static void urls_are_taken_apart(void **state)
{
    ic_url url;

    (void)state;
    assert_true(ic_url_parse("https://host.example", &url));
    assert_int_equal(url.port, 443);
    assert_true(url.is_default_port);
    assert_int_equal(url.path.len, 0);
    assert_true(ic_url_parse("http://[fd00::1]:8080/a/b", &url));
    assert_true(ic_view_is(url.host, "fd00::1"));
    assert_true(url.is_ipv6);
    assert_int_equal(url.port, 8080);
    assert_true(ic_view_is(url.path, "/a/b"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encoding_keeps_the_unreserved_bytes_only),
        cmocka_unit_test(every_byte_survives_encoding_and_decoding),
        cmocka_unit_test(malformed_escapes_are_refused),
        cmocka_unit_test(urls_are_taken_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
