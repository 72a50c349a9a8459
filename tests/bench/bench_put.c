/*
 * bench_put.c - what an upload of 100 kB costs the client, against libcurl alone with its own signer.
 *
 * Settings come from the environment (AWS_ENDPOINT_URL, keys, region, S3BUCKET_SOURCE), as icecat-local
 * prints them. Both sides hash every body, sign, and keep one connection open. The server is the same
 * for both, so the CPU time of this process is what is compared; puts per second are the server's as
 * much as ours.
 */
#include "bench.h"
#include <icecat/icecat.h>

#include <curl/curl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BODY = 100000, PUTS = 300, ROUNDS = 5, FILES = 1000 };

static unsigned char body[BODY];
static const char *endpoint;
static const char *bucket;

static void stop(const char *what)
{
    fprintf(stderr, "bench_put: %s\n", what);
    exit(1);
}

static const char *need(const char *name)
{
    const char *value = getenv(name);

    if (value == NULL)
        stop(name);
    return value;
}

/* Another body each time, so that neither the hash nor the server can be cheated. */
static void change_body(unsigned number)
{
    memcpy(body, &number, sizeof(number));
}

struct upload {
    size_t at;
};

static size_t give(char *out, size_t size, size_t count, void *userdata)
{
    struct upload *upload = userdata;
    size_t len = size * count;

    if (len > BODY - upload->at)
        len = BODY - upload->at;
    memcpy(out, body + upload->at, len);
    upload->at += len;
    return len;
}

static size_t drop(char *data, size_t size, size_t count, void *userdata)
{
    (void)data;
    (void)userdata;
    return size * count;
}

static void put_with_curl(CURL *curl, unsigned number)
{
    unsigned char digest[32];
    struct upload upload = { 0 };
    struct curl_slist *headers = NULL;
    char header[128] = "x-amz-content-sha256: ";
    char url[512];
    long code = 0;

    change_body(number);
    EVP_Digest(body, BODY, digest, NULL, EVP_sha256(), NULL);
    for (size_t i = 0; i < sizeof(digest); i++)
        snprintf(header + 22 + 2 * i, 3, "%02x", digest[i]);
    headers = curl_slist_append(headers, header);
    headers = curl_slist_append(headers, "Content-Type: image/jpeg");
    snprintf(url, sizeof(url), "%s/%s/peer/%u.jpg", endpoint, bucket, number);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_READDATA, &upload);
    if (curl_easy_perform(curl) != CURLE_OK)
        stop("libcurl cannot put");
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
    if (code != 200)
        stop("the server refuses libcurl's put");
    curl_slist_free_all(headers);
}

static CURL *new_curl(void)
{
    CURL *curl = curl_easy_init();
    char keys[512];
    char scope[128];

    snprintf(keys, sizeof(keys), "%s:%s", need("AWS_ACCESS_KEY_ID"), need("AWS_SECRET_ACCESS_KEY"));
    snprintf(scope, sizeof(scope), "aws:amz:%s:s3", need("AWS_REGION"));
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_INFILESIZE, (long)BODY);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
    curl_easy_setopt(curl, CURLOPT_AWS_SIGV4, scope);
    curl_easy_setopt(curl, CURLOPT_USERPWD, keys);
    return curl;
}

static void put_with_icecat(icecat_client *client, unsigned number)
{
    icecat_s3_put_options options = ICECAT_S3_PUT_OPTIONS_INIT;
    icecat_error err;
    char key[64];

    change_body(number);
    options.content_type = "image/jpeg";
    snprintf(key, sizeof(key), "ours/%u.jpg", number);
    if (icecat_s3_put_object(client, bucket, key, body, BODY, &options, NULL, &err) != ICECAT_OK)
        stop(err.message);
}

/* Least CPU microseconds a put over the rounds: what disturbs a round only ever adds. */
static void compare_one_by_one(icecat_client *client)
{
    CURL *curl = new_curl();
    double ours = 1e18;
    double theirs = 1e18;
    unsigned number = 0;

    for (int round = 0; round < ROUNDS; round++) {
        uint64_t start = bench_cpu_ns();
        double used;

        for (int i = 0; i < PUTS; i++)
            put_with_curl(curl, number++);
        used = (double)(bench_cpu_ns() - start) / PUTS;
        theirs = used < theirs ? used : theirs;
        start = bench_cpu_ns();
        for (int i = 0; i < PUTS; i++)
            put_with_icecat(client, number++);
        used = (double)(bench_cpu_ns() - start) / PUTS;
        ours = used < ours ? used : ours;
    }
    bench_print("put 100 kB, client CPU: libcurl and its signer", theirs / 1000, "us", 0, NULL);
    bench_print("put 100 kB, client CPU: icecat_s3_put_object", ours / 1000, "us", ours / theirs,
                "libcurl");
    curl_easy_cleanup(curl);
}

/* ---- a whole submission ------------------------------------------------------------------ */

struct folder {
    char path[256];
    char name[320];
    unsigned next;
};

/* Real JPEG files of 100 kB, each different behind the end of its image. */
static void make_files(struct folder *folder)
{
    size_t len;
    unsigned char *jpeg = bench_read(ICECAT_SOURCE_DIR "/examples/samples/tabby.jpg", &len);

    snprintf(folder->path, sizeof(folder->path), "/tmp/icecat-bench-XXXXXX");
    if (mkdtemp(folder->path) == NULL)
        stop("no temporary folder");
    memcpy(body, jpeg, len);
    for (unsigned i = 0; i < FILES; i++) {
        FILE *file;

        memcpy(body + BODY - sizeof(i), &i, sizeof(i));
        snprintf(folder->name, sizeof(folder->name), "%s/%u.jpg", folder->path, i);
        file = fopen(folder->name, "wb");
        if (file == NULL || fwrite(body, 1, BODY, file) != BODY || fclose(file) != 0)
            stop("a file cannot be written");
    }
    free(jpeg);
}

static void remove_files(struct folder *folder)
{
    for (unsigned i = 0; i < FILES; i++) {
        snprintf(folder->name, sizeof(folder->name), "%s/%u.jpg", folder->path, i);
        unlink(folder->name);
    }
    rmdir(folder->path);
}

static int next_file(const char **path, void *userdata)
{
    struct folder *folder = userdata;

    if (folder->next == FILES)
        return 0;
    snprintf(folder->name, sizeof(folder->name), "%s/%u.jpg", folder->path, folder->next++);
    *path = folder->name;
    return 1;
}

static void submit_all(icecat_client *client)
{
    icecat_pipeline_options options = ICECAT_PIPELINE_OPTIONS_INIT;
    icecat_submit_counts counts = ICECAT_SUBMIT_COUNTS_INIT;
    icecat_pipeline *pipeline = NULL;
    struct folder folder = { 0 };
    icecat_error err;
    uint64_t wall;
    uint64_t cpu;

    options.bucket_source = bucket;
    options.client_id = "bench";
    if (icecat_pipeline_new(client, &options, &pipeline, &err) != ICECAT_OK)
        stop(err.message);
    make_files(&folder);
    wall = bench_wall_ns();
    cpu = bench_cpu_ns();
    if (icecat_pipeline_submit_many(pipeline, icecat_batch_id_new(), next_file, NULL, &folder, NULL,
                                    &counts, &err) != ICECAT_OK)
        stop(err.message);
    wall = bench_wall_ns() - wall;
    cpu = bench_cpu_ns() - cpu;
    remove_files(&folder);
    bench_print("submit 1000 files of 100 kB, client CPU a file", (double)cpu / FILES / 1000, "us",
                0, NULL);
    bench_print("submit 1000 files of 100 kB, 8 in flight", FILES / ((double)wall / 1e9), "files/s",
                0, NULL);
    icecat_pipeline_free(pipeline);
}

int main(void)
{
    icecat_client *client = NULL;
    icecat_error err;

    endpoint = need("AWS_ENDPOINT_URL");
    bucket = need("S3BUCKET_SOURCE");
    curl_global_init(CURL_GLOBAL_DEFAULT);
    if (icecat_client_new(NULL, &client, &err) != ICECAT_OK)
        stop(err.message);
    compare_one_by_one(client);
    submit_all(client);
    icecat_client_free(client);
    curl_global_cleanup();
    return 0;
}
