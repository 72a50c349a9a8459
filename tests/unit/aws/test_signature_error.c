/*
 * test_signature_error.c - a refused signature explains itself in the error of the call.
 */
#include "aws/attempt.h"
#include "aws/engine.h"
#include "base/error.h"
#include "cmocka_all.h"
#include "fake_transport.h"

#include <stdio.h>
#include <string.h>

static const ic_bounds no_bounds = { IC_NO_DEADLINE, NULL, NULL };
static icecat_error err;
static char body[8192];

/* An answer that tells of what our own signature was made, but for the host. */
static void answer_with_other_host(const ic_exchange *exchange, void *userdata)
{
    /* The exchange is the first member of its attempt. */
    const ic_attempt *attempt = (const ic_attempt *)(const void *)exchange;
    const char *canonical = attempt->signature.canonical_request;
    const char *host = strstr(canonical, "host:");
    const char *rest = host != NULL ? strchr(host, '\n') : NULL;

    (void)userdata;
    assert_non_null(rest);
    snprintf(body, sizeof(body),
             "<Error><Code>SignatureDoesNotMatch</Code><Message>The request signature we "
             "calculated does not match the signature you provided. Check your key and signing "
             "method.</Message><CanonicalRequest>%.*shost:inner:80%s</CanonicalRequest></Error>",
             (int)(host - canonical), canonical, rest);
}

static void call(const char *code_body, void (*on_start)(const ic_exchange *, void *))
{
    const fake_answer answers[] = { { 403, ICECAT_OK, NULL, code_body } };
    icecat_client *client = fake_client_new(NULL, 0);
    fake_transport fake;
    ic_response response;
    ic_request request;

    ic_error_clear(&err);
    fake_transport_install(&fake, client, answers, 1);
    fake.on_start = on_start;
    ic_request_init(&request, ic_client_mem(client), IC_SERVICE_S3, "PutObject", "PUT");
    request.bucket = ic_mem_dup(ic_client_mem(client), "cats");
    ic_buf_add_text(&request.path, "/k.jpg");
    assert_int_equal(ic_engine_call(client, &request, &no_bounds, &response, &err), ICECAT_E_AUTH);
    assert_int_equal(fake.started, 1);
    ic_request_free(&request);
    ic_response_free(&response);
    icecat_client_free(client);
}

static void the_message_ends_with_the_first_difference(void **state)
{
    (void)state;
    call(body, answer_with_other_host);
    assert_string_equal(
        err.message, "s3: PutObject cats/k.jpg: SignatureDoesNotMatch (HTTP 403); the service "
                     "saw the header host \"inner:80\" where \"cats.s3.us-east-1.amazonaws.com\" "
                     "was signed: set the endpoint URL to the name that the service sees");
}

static void an_answer_that_tells_nothing_gets_general_advice(void **state)
{
    (void)state;
    call("<Error><Code>SignatureDoesNotMatch</Code><Message>no</Message></Error>", NULL);
    assert_non_null(strstr(err.message, "(HTTP 403): no; the service did not tell"));
}

static void other_refusals_keep_their_message(void **state)
{
    (void)state;
    call("<Error><Code>InvalidAccessKeyId</Code><Message>unknown</Message></Error>", NULL);
    assert_string_equal(err.message,
                        "s3: PutObject cats/k.jpg: InvalidAccessKeyId (HTTP 403): unknown");
    call("{\"__type\":\"InvalidSignatureException\",\"message\":\"Signature expired: a is now "
         "earlier than b\"}",
         NULL);
    assert_string_equal(err.message, "s3: PutObject cats/k.jpg: InvalidSignatureException (HTTP "
                                     "403): Signature expired: a is now earlier than b");
}

static void a_suffix_cuts_the_message_not_itself(void **state)
{
    char text[240];
    size_t len;

    (void)state;
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    for (size_t before = 0; before < 340; before++) {
        char message[360];

        for (size_t i = 0; i + 1 < before; i += 2)
            memcpy(message + i, "\xc3\xa9", 2);
        message[before & ~(size_t)1] = '\0';
        ic_fail(&err, ICECAT_E_AUTH, "%s", message);
        ic_error_suffix(&err, text);
        len = strlen(err.message);
        assert_true(len < sizeof(err.message) - 20);
        assert_string_equal(err.message + len - strlen(text), text);
        assert_memory_equal(err.message + len - strlen(text) - 2, "; ", 2);
    }
    ic_error_suffix(NULL, text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_message_ends_with_the_first_difference),
        cmocka_unit_test(an_answer_that_tells_nothing_gets_general_advice),
        cmocka_unit_test(other_refusals_keep_their_message),
        cmocka_unit_test(a_suffix_cuts_the_message_not_itself),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
