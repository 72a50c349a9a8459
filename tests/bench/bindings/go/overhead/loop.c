/*
 * loop.c - validate and sign in C; options are made once, as a C program does.
 */
#include "loop.h"

#include <icecat/icecat.h>
#include <time.h>

static double cpu_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

double loop_probe(const unsigned char *data, size_t len, int times)
{
    icecat_image_options options = ICECAT_IMAGE_OPTIONS_INIT;
    double start = cpu_ns();

    options.profile = ICECAT_PROFILE_REKOGNITION_S3;
    for (int i = 0; i < times; i++) {
        icecat_image_info info = ICECAT_IMAGE_INFO_INIT;
        icecat_error err;

        if (icecat_image_probe(data, len, &options, &info, &err) != ICECAT_OK)
            return -1;
    }
    return (cpu_ns() - start) / times;
}

double loop_sign(int times)
{
    static const char body[] = "{\"TableName\":\"cats\"}";
    const icecat_pair headers[] = { { "host", "dynamodb.eu-west-1.amazonaws.com" } };
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;
    icecat_sigv4_request request = ICECAT_SIGV4_REQUEST_INIT;
    icecat_sigv4_options options = ICECAT_SIGV4_OPTIONS_INIT;
    double start = cpu_ns();

    keys.access_key_id = "AKIDEXAMPLE";
    keys.secret_access_key = "wJalrXUtnFEMI";
    request.method = "POST";
    request.path = "/";
    request.headers = headers;
    request.headers_count = 1;
    request.payload = body;
    request.payload_len = sizeof(body) - 1;
    options.keys = &keys;
    options.region = "eu-west-1";
    options.service = "dynamodb";
    options.unix_s = 1440938160;
    for (int i = 0; i < times; i++) {
        icecat_sigv4_result result = ICECAT_SIGV4_RESULT_INIT;
        char scratch[8192];
        icecat_error err;

        if (icecat_sigv4_sign(&request, &options, scratch, sizeof(scratch), &result, &err) !=
            ICECAT_OK)
            return -1;
    }
    return (cpu_ns() - start) / times;
}
