/*
 * fuzz_explain.c - whatever a server answers to a signature, its explanation is one bounded,
 * printable line.
 */
#include "fuzz.h"

#include <icecat/sigv4.h>
#include <stdlib.h>
#include <string.h>

static const char canonical[] =
    "PUT\n/a%20b\nx=1&y=2\nhost:h:9000\nx-amz-date:20130524T000000Z\n"
    "x-amz-security-token:token\n\nhost;x-amz-date;x-amz-security-token\nUNSIGNED-PAYLOAD";
static const char to_sign[] =
    "AWS4-HMAC-SHA256\n20130524T000000Z\n20130524/us-east-1/s3/aws4_request\n"
    "1111111111111111111111111111111111111111111111111111111111111111";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    icecat_sigv4_result ours = ICECAT_SIGV4_RESULT_INIT;
    icecat_sigv4_explanation told = ICECAT_SIGV4_EXPLANATION_INIT;
    size_t scratch_len = len != 0 && data[0] < ' ' ? 1 + len / 2 : 2 * len + 16;
    char *scratch = malloc(scratch_len);
    char *answer = malloc(len + 1); /* an exact copy, so that a read behind its end is seen */

    FUZZ_CHECK(scratch != NULL && answer != NULL);
    if (len != 0)
        memcpy(answer, data, len);
    ours.canonical_request = canonical;
    ours.string_to_sign = to_sign;
    FUZZ_CHECK(icecat_sigv4_explain(&ours, answer, len, scratch, scratch_len, &told, NULL) ==
               ICECAT_OK);
    FUZZ_CHECK(memchr(told.text, '\0', sizeof(told.text)) != NULL && strlen(told.text) > 20);
    FUZZ_CHECK(told.difference >= ICECAT_SIGV4_UNTOLD &&
               told.difference <= ICECAT_SIGV4_DIFFERENT_SCOPE);
    for (const char *c = told.text; *c != '\0'; c++)
        FUZZ_CHECK((unsigned char)*c >= 0x20 && *c != 0x7f);
    free(answer);
    free(scratch);
    return 0;
}
