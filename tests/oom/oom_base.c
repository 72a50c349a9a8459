/*
 * oom_base.c - what needs no client: signatures, items, images, credentials, tokens.
 */
#include "oom.h"

#include "../unit/image/build.h"

#include <icecat/cancel.h>
#include <icecat/credentials.h>
#include <icecat/dynamodb.h>
#include <icecat/image.h>
#include <icecat/sigv4.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

/* ---- signatures ---------------------------------------------------------------------------- */

static const icecat_pair headers[] = { { "host", "h" }, { "x-a", "b" } };
static char scratch[8192], other[8192];

static void set_up(icecat_credentials_keys *keys, icecat_sigv4_request *request,
                   icecat_sigv4_options *options)
{
    keys->access_key_id = "AKIDEXAMPLE";
    keys->secret_access_key = SECRET;
    request->method = "PUT";
    request->path = "/a";
    request->headers = headers;
    request->headers_count = 2;
    request->payload = "body";
    request->payload_len = 4;
    options->keys = keys;
    options->region = "us-east-1";
    options->service = "s3";
    options->unix_s = 1369353600;
}

static void check_received(const icecat_sigv4_request *signed_request,
                           const icecat_sigv4_result *result)
{
    const icecat_pair all[] = { { "host", "h" },
                                { "x-a", "b" },
                                { "x-amz-date", "20130524T000000Z" },
                                { "authorization", result->authorization } };
    icecat_sigv4_request request = *signed_request;
    icecat_sigv4_claim claim = ICECAT_SIGV4_CLAIM_INIT;
    icecat_sigv4_verify_options options = ICECAT_SIGV4_VERIFY_OPTIONS_INIT;
    icecat_sigv4_verdict verdict = ICECAT_SIGV4_VERDICT_INIT;
    icecat_error err = { 0 };

    request.headers = all;
    request.headers_count = 4;
    request.payload_hash = result->payload_hash;
    options.secret_access_key = SECRET;
    options.unix_s = 1369353600;
    OOM_CHECK(SWEPT(icecat_sigv4_parse)(&request, other, sizeof(other), &claim, &err) == ICECAT_OK);
    if (oom_is_good(
            SWEPT(icecat_sigv4_verify)(&request, &options, other, sizeof(other), &verdict, &err),
            &err, OOM_MAY_BE_CRYPTO))
        OOM_CHECK(verdict.reason == ICECAT_SIGV4_VERIFIED);
}

static void sign_chunks(const icecat_sigv4_options *options, const char *seed)
{
    char signature[ICECAT_SIGV4_SIGNATURE_SIZE], head[ICECAT_SIGV4_CHUNK_HEAD_SIZE];
    const icecat_pair trailer = { "x-amz-checksum-crc32", "NhCmhg==" };
    icecat_error err = { 0 };

    (void)oom_is_good(SWEPT(icecat_sigv4_sign_chunk)(options, seed, "hello", 5, signature, &err),
                      &err, OOM_MAY_BE_CRYPTO);
    (void)oom_is_good(SWEPT(icecat_sigv4_sign_trailer)(options, seed, &trailer, 1, signature, &err),
                      &err, OOM_MAY_BE_CRYPTO);
    OOM_CHECK(SWEPT(icecat_sigv4_chunk_head)(5, seed, head) != 0);
    OOM_CHECK(SWEPT(icecat_sigv4_chunked_length)(5, 8192, &trailer, 1) != 0);
}

static void signatures(const oom *o)
{
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;
    icecat_sigv4_request request = ICECAT_SIGV4_REQUEST_INIT;
    icecat_sigv4_options options = ICECAT_SIGV4_OPTIONS_INIT;
    icecat_sigv4_result result = ICECAT_SIGV4_RESULT_INIT;
    icecat_sigv4_explanation told = ICECAT_SIGV4_EXPLANATION_INIT;
    icecat_sigv4_cache *cache = NULL;
    icecat_error err = { 0 };

    set_up(&keys, &request, &options);
    oom_begin();
    if (!oom_is_good(SWEPT(icecat_sigv4_cache_new)(o->allocator, &cache, &err), &err,
                     OOM_MAY_BE_CRYPTO))
        OOM_CHECK(cache == NULL);
    options.cache = cache; /* NULL does without */
    if (oom_is_good(
            SWEPT(icecat_sigv4_sign)(&request, &options, scratch, sizeof(scratch), &result, &err),
            &err, OOM_MAY_BE_CRYPTO)) {
        check_received(&request, &result);
        sign_chunks(&options, result.signature);
        OOM_CHECK(SWEPT(icecat_sigv4_explain)(&result, "<Error/>", 8, other, sizeof(other), &told,
                                              &err) == ICECAT_OK);
    }
    SWEPT(icecat_sigv4_cache_free)(cache);
    oom_end();
}

/* ---- items --------------------------------------------------------------------------------- */

/* A failure changes nothing of the item. */
static void set_one(icecat_item *item, const char *name, const char *value, int is_number)
{
    size_t before = icecat_item_count(item);
    const char *old = icecat_item_get(item, name);
    char kept[64] = "";
    icecat_error err = { 0 };
    icecat_status status;

    snprintf(kept, sizeof(kept), "%s", old != NULL ? old : "");
    status = is_number ? SWEPT(icecat_item_set_number)(item, name, value, &err)
                       : SWEPT(icecat_item_set_string)(item, name, value, &err);
    if (oom_is_good(status, &err, 0)) {
        OOM_CHECK(strcmp(SWEPT(icecat_item_get)(item, name), value) == 0);
        return;
    }
    OOM_CHECK(icecat_item_count(item) == before);
    OOM_CHECK((icecat_item_get(item, name) == NULL) == (old == NULL));
    OOM_CHECK(old == NULL || strcmp(icecat_item_get(item, name), kept) == 0);
}

static void items(const oom *o)
{
    icecat_item *item;
    icecat_error err = { 0 };
    int64_t number = 0;

    oom_begin();
    item = SWEPT(icecat_item_new)(o->allocator);
    OOM_CHECK(item != NULL || oom_has_failed());
    for (int i = 0; item != NULL && i < 20; i++) {
        char name[8];

        snprintf(name, sizeof(name), "a%d", i % 18);
        set_one(item, name, i % 2 != 0 ? "12" : "7", i % 2);
    }
    if (item != NULL) {
        (void)oom_is_good(SWEPT(icecat_item_set_int)(item, "i", -5, &err), &err, 0);
        (void)oom_is_good(SWEPT(icecat_item_set_bool)(item, "b", 1, &err), &err, 0);
        (void)SWEPT(icecat_item_count)(item);
        (void)SWEPT(icecat_item_name)(item, 0);
        (void)SWEPT(icecat_item_type)(item, "b");
        if (SWEPT(icecat_item_get_int)(item, "i", &number))
            OOM_CHECK(number == -5);
    }
    SWEPT(icecat_item_free)(item);
    oom_end();
}

/* ---- images -------------------------------------------------------------------------------- */

/* Without memory an image is not called unsound: nothing is said of it. */
static void check_image(icecat_status status, const icecat_image_info *info,
                        const icecat_error *err)
{
    if (!oom_is_good(status, err, 0))
        return;
    OOM_CHECK(info->within_limits && info->reason == ICECAT_IMAGE_REASON_NONE);
    (void)SWEPT(icecat_image_format_name)(info->format);
    (void)SWEPT(icecat_image_content_type)(info->format);
    (void)SWEPT(icecat_image_reason_name)(info->reason);
}

static void probe(const bytes *image)
{
    icecat_image_options options;
    icecat_image_info info;
    icecat_image_stream *stream = NULL;
    icecat_error err = { 0 };
    icecat_status status;

    SWEPT(icecat_image_options_init)(&options, sizeof(options));
    SWEPT(icecat_image_info_init)(&info, sizeof(info));
    check_image(SWEPT(icecat_image_probe)(image->data, image->len, &options, &info, &err), &info,
                &err);
    if (!oom_is_good(SWEPT(icecat_image_stream_new)(&options, &stream, &err), &err, 0)) {
        OOM_CHECK(stream == NULL);
        return;
    }
    OOM_CHECK(SWEPT(icecat_image_stream_feed)(stream, image->data, image->len, NULL, &err) ==
              ICECAT_OK);
    icecat_image_info_init(&info, sizeof(info));
    status = SWEPT(icecat_image_stream_finish)(stream, 1, &info, &err);
    check_image(status, &info, &err);
    SWEPT(icecat_image_stream_free)(stream);
}

static void images(const oom *o)
{
    bytes png = { 0 }, jpeg = { 0 };
    char path[] = "/tmp/icecat-oom-XXXXXX";
    icecat_image_info info = ICECAT_IMAGE_INFO_INIT;
    icecat_error err = { 0 };
    int fd = mkstemp(path);

    (void)o;
    png_whole(&png, 90, 90, 3);
    jpeg_whole(&jpeg, 90, 90, 3, 0);
    OOM_CHECK(fd >= 0 && write(fd, jpeg.data, jpeg.len) == (ssize_t)jpeg.len && close(fd) == 0);
    oom_begin();
    probe(&png);
    probe(&jpeg);
    check_image(SWEPT(icecat_image_probe_file)(path, NULL, &info, &err), &info, &err);
    oom_end();
    unlink(path);
    bytes_free(&png);
    bytes_free(&jpeg);
}

/* ---- tokens -------------------------------------------------------------------------------- */

static void tokens(const oom *o)
{
    icecat_call_options call;
    icecat_cancel *cancel;

    (void)o;
    oom_begin();
    SWEPT(icecat_call_options_init)(&call, sizeof(call));
    cancel = SWEPT(icecat_cancel_new)();
    OOM_CHECK(cancel != NULL || oom_has_failed());
    SWEPT(icecat_cancel_fire)(cancel);
    OOM_CHECK(SWEPT(icecat_cancel_is_fired)(cancel) == (cancel != NULL));
    SWEPT(icecat_cancel_free)(cancel);
    oom_end();
}

const oom_case oom_base_cases[] = {
    { "signatures", signatures, 0, 0 }, { "items", items, 0, 0 }, { "images", images, 0, 1 },
    { "tokens", tokens, 0, 1 },         { NULL, NULL, 0, 0 },
};
