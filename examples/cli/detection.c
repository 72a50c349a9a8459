/*
 * detection.c - ask Rekognition about one image, after its header was judged: an image that the
 * service will refuse is not sent.
 */
#include "detection.h"

#include "cli_error.h"
#include "s3_address.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define HEAD_BYTES 65536

/* ---- verdict ----------------------------------------------------------------------------- */

static int contains(const char *text, const char *part)
{
    size_t len = strlen(part);

    for (; *text != '\0'; text++) {
        if (strncasecmp(text, part, len) == 0)
            return 1;
    }
    return 0;
}

int detection_matches(const icecat_labels *labels, const char *label, enum detect_match match,
                      double *confidence)
{
    int is_found = 0;

    *confidence = 0;
    if (match == MATCH_PARENTS)
        return icecat_labels_verdict(labels, label, confidence);
    for (size_t i = 0; i < icecat_labels_count(labels); i++) {
        const char *name = icecat_labels_name(labels, i);
        double found = icecat_labels_confidence(labels, i);

        if (match == MATCH_EXACT ? strcasecmp(name, label) != 0 : !contains(name, label))
            continue;
        is_found = 1;
        if (found > *confidence)
            *confidence = found;
    }
    return is_found;
}

/* ---- a file ------------------------------------------------------------------------------ */

/* All bytes, or those that show that it is too long. *out is to be freed. */
static icecat_status read_image(const char *path, unsigned char **out, size_t *len,
                                icecat_error *err)
{
    size_t room = ICECAT_REKOGNITION_MAX_BYTES + 1;
    FILE *file = fopen(path, "rb");
    int failed, saved;

    if (file == NULL)
        return cli_error(err, ICECAT_E_FILE, "%s: %s", path, strerror(errno));
    *out = malloc(room);
    if (*out == NULL) {
        fclose(file);
        return cli_error(err, ICECAT_E_NO_MEMORY, "%s: out of memory", path);
    }
    *len = fread(*out, 1, room, file);
    failed = ferror(file);
    saved = errno;
    fclose(file);
    if (failed)
        return cli_error(err, ICECAT_E_FILE, "%s: %s", path, strerror(saved));
    if (*len == room)
        return cli_error(
            err, ICECAT_E_IMAGE_LIMIT,
            "%s: over 5 MiB, the most that the service takes in a request; put it into "
            "a bucket and name it as s3://BUCKET/KEY",
            path);
    return ICECAT_OK;
}

static icecat_status judge_bytes(const struct detect_settings *settings, const void *data,
                                 size_t len, uint64_t total, uint32_t profile, icecat_error *err)
{
    icecat_image_options limits = ICECAT_IMAGE_OPTIONS_INIT;
    icecat_image_info info = ICECAT_IMAGE_INFO_INIT;

    if (settings->no_validate)
        return ICECAT_OK;
    limits.profile = profile;
    limits.total_bytes = total;
    limits.strict = settings->strict != 0;
    return icecat_image_probe(data, len, &limits, &info, err);
}

static void set_options(const struct cli *cli, const struct detect_settings *settings,
                        icecat_call_options *call, icecat_rekognition_options *options)
{
    *call = (icecat_call_options)ICECAT_CALL_OPTIONS_INIT;
    *options = (icecat_rekognition_options)ICECAT_REKOGNITION_OPTIONS_INIT;
    call->cancel = cli->cancel;
    options->call = call;
    options->min_confidence = settings->min_confidence;
}

static icecat_status ask_about_file(struct cli *cli, const struct detect_settings *settings,
                                    struct detection *item)
{
    icecat_call_options call;
    icecat_rekognition_options options;
    unsigned char *data = NULL;
    size_t len = 0;
    icecat_status status = read_image(item->path, &data, &len, &item->err);

    if (status == ICECAT_OK && !sha256_hex(data, len, item->fingerprint))
        status = cli_error(&item->err, ICECAT_E_CRYPTO, "SHA-256 failed in libcrypto");
    if (status == ICECAT_OK)
        status = judge_bytes(settings, data, len, 0, ICECAT_PROFILE_REKOGNITION_BYTES, &item->err);
    if (status == ICECAT_OK && !settings->is_dry_run)
        status = cli_need_client(cli, &item->err);
    if (status == ICECAT_OK && !settings->is_dry_run) {
        set_options(cli, settings, &call, &options);
        status = icecat_rekognition_detect_labels(cli->client, data, len, &options, &item->labels,
                                                  &item->err);
    }
    free(data);
    return status;
}

/* ---- an object --------------------------------------------------------------------------- */

static int is_fingerprint(const char *text)
{
    return strspn(text, "0123456789abcdef") >= 64 && (text[64] == '/' || text[64] == '\0');
}

/* Read how the object begins: a request for it costs a thousandth of one to Rekognition. */
static icecat_status judge_object(struct cli *cli, const struct detect_settings *settings,
                                  const char *bucket, const char *key, icecat_error *err)
{
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    icecat_s3_get_options options = ICECAT_S3_GET_OPTIONS_INIT;
    icecat_s3_object *object = NULL;
    icecat_status status;

    if (settings->no_validate)
        return ICECAT_OK;
    call.cancel = cli->cancel;
    options.call = &call;
    options.range_len = HEAD_BYTES;
    status = icecat_s3_get_object(cli->client, bucket, key, &options, &object, err);
    if (status == ICECAT_OK)
        status = judge_bytes(settings, icecat_s3_object_data(object), icecat_s3_object_len(object),
                             icecat_s3_object_size(object), ICECAT_PROFILE_REKOGNITION_S3, err);
    icecat_s3_object_free(object);
    return status;
}

static icecat_status ask_about_object(struct cli *cli, const struct detect_settings *settings,
                                      struct detection *item)
{
    icecat_call_options call;
    icecat_rekognition_options options;
    char bucket[S3_BUCKET_LEN];
    const char *key = "";
    icecat_status status = s3_address_split(item->path, bucket, &key, &item->err);

    if (status != ICECAT_OK)
        return status;
    if (is_fingerprint(key))
        snprintf(item->fingerprint, sizeof(item->fingerprint), "%.64s", key);
    status = cli_need_client(cli, &item->err);
    if (status == ICECAT_OK)
        status = judge_object(cli, settings, bucket, key, &item->err);
    if (status != ICECAT_OK || settings->is_dry_run)
        return status;
    set_options(cli, settings, &call, &options);
    return icecat_rekognition_detect_labels_s3(cli->client, bucket, key, &options, &item->labels,
                                               &item->err);
}

/* ---- one image --------------------------------------------------------------------------- */

static void judge_labels(const struct detect_settings *settings, struct detection *item)
{
    item->state = DETECTION_SUCCESS;
    item->is_found = detection_matches(item->labels, settings->label, settings->match,
                                       &item->confidence);
    if (!item->is_found && icecat_labels_count(item->labels) > 0)
        item->confidence = icecat_labels_confidence(item->labels, 0);
    else if (!item->is_found)
        item->confidence = -1;
}

struct detection *detection_make(struct cli *cli, const struct detect_settings *settings,
                                 const char *path)
{
    struct detection *item = calloc(1, sizeof(*item));
    icecat_status status;

    if (item == NULL)
        return NULL;
    item->confidence = -1;
    item->path = cli_copy_text(path, strlen(path));
    if (item->path == NULL) {
        free(item);
        return NULL;
    }
    if (s3_address_is(path))
        status = ask_about_object(cli, settings, item);
    else
        status = ask_about_file(cli, settings, item);
    if (status == ICECAT_OK && item->labels != NULL)
        judge_labels(settings, item);
    else if (status == ICECAT_OK)
        item->state = DETECTION_PENDING;
    else
        item->state = icecat_status_exit_code(status) == EXIT_REJECTED ? DETECTION_REJECTED
                                                                       : DETECTION_FAILED;
    return item;
}

void detection_free(struct detection *detection)
{
    if (detection == NULL)
        return;
    icecat_labels_free(detection->labels);
    free(detection->path);
    free(detection);
}
