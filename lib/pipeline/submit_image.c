/*
 * submit_image.c - one image: read it, hash it, check it, name it, and build its put.
 */
#include "aws/engine.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "image/name.h"
#include "pipeline/submit.h"
#include "services/s3_request.h"

#include <string.h>

/* The header of a file that is too large still tells whether it is an image at all. */
static icecat_status refuse_large(const ic_submit_plan *plan, const char *path,
                                  ic_submit_image *image, icecat_error *err)
{
    icecat_image_info info = ICECAT_IMAGE_INFO_INIT;
    icecat_error why = { 0 };
    icecat_status status = icecat_image_probe_file(path, &plan->image, &info, &why);

    image->format = info.format;
    image->size_bytes = info.size_bytes;
    if (status == ICECAT_OK || plan->no_validate)
        return ic_error_recast(err, ICECAT_E_IMAGE_LIMIT); /* it says how large already */
    return ic_fail(err, status, "%s", why.message);
}

icecat_status ic_submit_image_read(const ic_submit_plan *plan, const char *path, ic_buf *memory,
                                   ic_submit_image *image, icecat_error *err)
{
    icecat_status status;

    status = ic_file_read_hashed(path, (size_t)plan->max_bytes, memory, image->digest, err);
    if (status == ICECAT_E_LIMIT)
        return refuse_large(plan, path, image, err);
    image->bytes = ic_view_n(memory->data, memory->len);
    image->size_bytes = memory->len;
    if (status == ICECAT_OK)
        ic_hex(image->digest, sizeof(image->digest), image->key.fingerprint);
    return status;
}

icecat_status ic_submit_image_hash(ic_submit_image *image, icecat_error *err)
{
    if (!ic_sha256(image->bytes.data, image->bytes.len, image->digest))
        return ic_fail(err, ICECAT_E_CRYPTO, "libcrypto cannot compute a SHA-256");
    ic_hex(image->digest, sizeof(image->digest), image->key.fingerprint);
    return ICECAT_OK;
}

static const char *name_of(const ic_submit_image *image)
{
    return image->file_name != NULL ? image->file_name : "";
}

/* The original put what a name promises above what a file is; here it is only worth a word. */
static icecat_status check_promise(const ic_submit_plan *plan, const ic_submit_image *image,
                                   icecat_error *err)
{
    uint32_t promised = ic_image_format_of_name(name_of(image));

    if (promised == ICECAT_IMAGE_UNKNOWN || promised == image->format)
        return ICECAT_OK;
    if (plan->image.strict)
        return ic_fail(err, ICECAT_E_IMAGE_FORMAT,
                       "strict: %s under the name of another format; rename it",
                       image->format == ICECAT_IMAGE_PNG ? "PNG" : "JPEG");
    ic_log_write(ic_client_log(plan->pipeline->client), ICECAT_LOG_WARN, "pipeline",
                 "%s is a %s image, whatever its name says", name_of(image),
                 icecat_image_format_name(image->format));
    return ICECAT_OK;
}

/* From the bytes; the Python client's fixed pair only when it is asked for. */
static ic_key_extension extension_of(const ic_submit_plan *plan, const ic_submit_image *image)
{
    uint32_t format = image->format;

    if (plan->pipeline->compat_keys)
        return plan->pipeline->debug ? IC_KEY_PNG : IC_KEY_JPG;
    if (plan->no_validate)
        format = ic_image_format_of_name(name_of(image));
    return format == ICECAT_IMAGE_PNG ? IC_KEY_PNG : IC_KEY_JPG;
}

icecat_status ic_submit_image_judge(const ic_submit_plan *plan, ic_submit_image *image,
                                    icecat_error *err)
{
    icecat_image_info info = ICECAT_IMAGE_INFO_INIT;
    icecat_error why = { 0 };
    icecat_status status = icecat_image_probe(image->bytes.data, image->bytes.len, &plan->image,
                                              &info, &why);

    image->format = info.format;
    image->key.extension = extension_of(plan, image);
    if (plan->no_validate)
        return ICECAT_OK;
    if (status != ICECAT_OK)
        return ic_fail(err, status, "%s", why.message);
    return check_promise(plan, image, err);
}

icecat_status ic_submit_image_key(const ic_submit_plan *plan, ic_submit_image *image,
                                  int64_t unix_s, icecat_error *err)
{
    ic_object_key *key = &image->key;
    ic_buf text;

    memcpy(key->client_id, plan->pipeline->client_id, strlen(plan->pipeline->client_id) + 1);
    key->batch_id = plan->batch_id;
    key->upload_ts = unix_s;
    key->debug = plan->pipeline->debug;
    ic_time_hour(unix_s, key->hour);
    ic_buf_init_fixed(&text, image->key_text, sizeof(image->key_text));
    ic_object_key_write(&text, key);
    return ic_buf_check(&text, "an object key", err);
}

static icecat_status build_put(const ic_submit_plan *plan, const ic_submit_image *image,
                               const icecat_pair *metadata, ic_request *request, icecat_error *err)
{
    icecat_s3_put_options put = ICECAT_S3_PUT_OPTIONS_INIT;
    ic_s3_place place = { plan->pipeline->bucket_source, image->key_text };

    put.content_type = icecat_image_content_type(image->format);
    put.payload_sha256 = image->key.fingerprint;
    put.metadata = metadata;
    put.metadata_count = metadata->value[0] != '\0' ? 1 : 0;
    return ic_s3_put_request(request, &plan->pipeline->mem, place, image->bytes, &put, err);
}

icecat_status ic_submit_image_request(const ic_submit_plan *plan, const ic_submit_image *image,
                                      ic_request *request, icecat_error *err)
{
    char encoded[IC_SUBMIT_NAME_MAX + 1];
    icecat_pair metadata = { "original-file-name", encoded };
    ic_buf name;

    ic_buf_init_fixed(&name, encoded, sizeof(encoded));
    ic_submit_name_write(&name, name_of(image));
    return build_put(plan, image, &metadata, request, err);
}

int ic_submit_is_rejection(icecat_status status)
{
    return status == ICECAT_E_IMAGE_FORMAT || status == ICECAT_E_IMAGE_CORRUPT ||
           status == ICECAT_E_IMAGE_LIMIT;
}
