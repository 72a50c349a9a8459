/*
 * s3_presign.c - a URL for one object.
 */
#include "aws/engine.h"
#include "aws/presign.h"
#include "base/error.h"
#include "base/log.h"
#include "base/options.h"
#include "services/s3_request.h"

IC_NO_PADDING_AFTER(icecat_s3_presign_options, call);
IC_NO_PADDING_AFTER(icecat_s3_presign_result, reserved);

#define DEFAULT_EXPIRES_S 900

void icecat_s3_presign_options_init(icecat_s3_presign_options *options, size_t struct_size)
{
    ic_options_init(options, struct_size);
}

static void warn_when_cut(const icecat_client *client, const ic_presign_life *life, int64_t now_s)
{
    if (life->is_cut_short)
        ic_log_write(ic_client_log(client), ICECAT_LOG_WARN, "presign",
                     "the URL works for %lld s only, because its access keys expire then, not "
                     "for %u s",
                     (long long)(life->expires_unix_s - now_s), life->expires_s);
}

static icecat_status presign(icecat_client *client, const ic_request *request,
                             const icecat_s3_presign_options *options, ic_buf *url,
                             icecat_s3_presign_result *out, icecat_error *err)
{
    ic_presign_life life = { .expires_s = options->expires_s != 0 ? options->expires_s
                                                                  : DEFAULT_EXPIRES_S };
    ic_bounds bounds;
    ic_need need = { ic_client_signing_time(client), &bounds };
    icecat_status status = ic_bounds_load(&bounds, ic_client_clock(client), options->call, err);

    if (status == ICECAT_OK)
        status = ic_presign(client, request, &need, &life, url, err);
    if (status != ICECAT_OK)
        return status;
    warn_when_cut(client, &life, need.unix_s);
    out->expires_unix_s = life.expires_unix_s;
    out->is_cut_short = life.is_cut_short;
    return ICECAT_OK;
}

icecat_status icecat_s3_presign(icecat_client *client, const char *method, const char *bucket,
                                const char *key, const icecat_s3_presign_options *options,
                                char *url, size_t url_size, icecat_s3_presign_result *out,
                                icecat_error *err)
{
    ic_s3_place place = { bucket, key };
    icecat_s3_presign_options own;
    icecat_s3_presign_result result = ICECAT_S3_PRESIGN_RESULT_INIT;
    ic_request request;
    icecat_status status;
    ic_buf text;

    ic_error_clear(err);
    if (client == NULL || method == NULL || url == NULL || url_size == 0)
        return ic_fail(err, ICECAT_E_ARGUMENT, "client, method or url is NULL");
    status = IC_OPTIONS_LOAD(&own, options, icecat_s3_presign_options, err);
    if (status != ICECAT_OK)
        return status;
    ic_buf_init_fixed(&text, url, url_size);
    status = ic_s3_presign_request(&request, ic_client_mem(client), method, place, &own, err);
    if (status == ICECAT_OK)
        status = presign(client, &request, &own, &text, &result, err);
    ic_request_free(&request);
    if (status != ICECAT_OK)
        url[0] = '\0'; /* no half of a URL */
    else if (out != NULL)
        status = IC_OPTIONS_STORE(out, &result, icecat_s3_presign_result, err);
    return status;
}
