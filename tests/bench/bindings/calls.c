/*
 * calls.c - what calls cost a C program: the floor for the bindings. Lines of "name nanoseconds", CPU time of
 * the process; for calls to AWS with what the kernel counts for it.
 *
 *   bench_calls pure PICTURE            validate, sign, presign, region
 *   bench_calls network COUNT           put, get: so many calls one after the other, settings of the
 *                                       environment, bucket S3BUCKET_DEST
 */
#include "bench.h"

#include <icecat/icecat.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BODY     "{\"TableName\":\"cats\"}"
#define SMALL    10000
#define URL_ROOM 32768

static unsigned char *picture;
static size_t picture_len;
static icecat_client *client;

static void need(icecat_status status, const icecat_error *err)
{
    if (status != ICECAT_OK) {
        fprintf(stderr, "bench_calls: %s\n", err->message);
        exit(1);
    }
}

static void validate(void *userdata)
{
    icecat_image_options options = ICECAT_IMAGE_OPTIONS_INIT;
    icecat_image_info info = ICECAT_IMAGE_INFO_INIT;
    icecat_error err;

    (void)userdata;
    options.profile = ICECAT_PROFILE_REKOGNITION_S3;
    need(icecat_image_probe(picture, picture_len, &options, &info, &err), &err);
}

static void sign(void *userdata)
{
    static const icecat_pair headers[] = { { "host", "dynamodb.eu-west-1.amazonaws.com" } };
    icecat_sigv4_request request = ICECAT_SIGV4_REQUEST_INIT;
    icecat_sigv4_options options = ICECAT_SIGV4_OPTIONS_INIT;
    icecat_sigv4_result made = ICECAT_SIGV4_RESULT_INIT;
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;
    icecat_error err;
    char scratch[8192];

    (void)userdata;
    keys.access_key_id = "AKIDEXAMPLE";
    keys.secret_access_key = "wJalrXUtnFEMI";
    request.method = "POST";
    request.path = "/";
    request.headers = headers;
    request.headers_count = 1;
    request.payload = BODY;
    request.payload_len = sizeof(BODY) - 1;
    options.keys = &keys;
    options.region = "eu-west-1";
    options.service = "dynamodb";
    options.unix_s = 1440938160;
    need(icecat_sigv4_sign(&request, &options, scratch, sizeof(scratch), &made, &err), &err);
}

static void presign(void *userdata)
{
    icecat_s3_presign_result made = ICECAT_S3_PRESIGN_RESULT_INIT;
    icecat_error err;
    char url[URL_ROOM];

    (void)userdata;
    need(icecat_s3_presign(client, "GET", "bucket", "some/key.jpg", NULL, url, sizeof(url), &made,
                           &err),
         &err);
}

static void region(void *userdata)
{
    (void)userdata;
    if (icecat_client_region(client) == NULL)
        exit(1);
}

static int pure(const char *path)
{
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;
    icecat_client_options options = ICECAT_CLIENT_OPTIONS_INIT;
    icecat_credentials *credentials;
    icecat_error err;

    picture = bench_read(path, &picture_len);
    keys.access_key_id = "AKIDEXAMPLE";
    keys.secret_access_key = "wJalrXUtnFEMI";
    need(icecat_credentials_new_static(&keys, &credentials, &err), &err);
    options.region = "eu-west-1";
    options.credentials = credentials;
    need(icecat_client_new(&options, &client, &err), &err);
    printf("validate %.0f\n", bench_ns(validate, NULL));
    printf("sign %.0f\n", bench_ns(sign, NULL));
    printf("presign %.0f\n", bench_ns(presign, NULL));
    printf("region %.0f\n", bench_ns(region, NULL));
    icecat_client_free(client);
    icecat_credentials_free(credentials);
    return 0;
}

static void put(const char *bucket)
{
    static char body[SMALL];
    icecat_error err;

    need(icecat_s3_put_object(client, bucket, "bench/c", body, sizeof(body), NULL, NULL, &err),
         &err);
}

static void get(const char *bucket)
{
    icecat_s3_object *object;
    icecat_error err;

    need(icecat_s3_get_object(client, bucket, "bench/c", NULL, &object, &err), &err);
    icecat_s3_object_free(object);
}

static void many(const char *name, void (*call)(const char *bucket), uint64_t count)
{
    const char *bucket = getenv("S3BUCKET_DEST");
    uint64_t start;

    call(bucket); /* the connection */
    start = bench_cpu_ns();
    for (uint64_t i = 0; i < count; i++)
        call(bucket);
    printf("%s %.0f\n", name, (double)(bench_cpu_ns() - start) / (double)count);
}

static int network(uint64_t count)
{
    icecat_error err;

    need(icecat_client_new(NULL, &client, &err), &err);
    many("put", put, count);
    many("get", get, count);
    icecat_client_free(client);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "pure") == 0)
        return pure(argv[2]);
    if (argc == 3 && strcmp(argv[1], "network") == 0)
        return network(strtoull(argv[2], NULL, 10));
    fputs("usage: bench_calls pure PICTURE | network COUNT\n", stderr);
    return 2;
}
