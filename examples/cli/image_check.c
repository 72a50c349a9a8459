/*
 * image_check.c - one file's header, judged, with the problems by name.
 */
#include "image_check.h"

#include "option_values.h"

#include <errno.h>
#include <string.h>

int image_check_options(const struct options *options, icecat_image_options *out, char *why,
                        size_t why_len)
{
    static const uint32_t profiles[] = { ICECAT_PROFILE_REKOGNITION_BYTES,
                                         ICECAT_PROFILE_REKOGNITION_S3, ICECAT_PROFILE_ANY };
    size_t chosen = 1;

    *out = (icecat_image_options)ICECAT_IMAGE_OPTIONS_INIT;
    if (!options_choice(options, OPTION_PROFILE_LIMIT, &chosen, why, why_len) ||
        !options_size(options, OPTION_MAX_SIZE, &out->max_bytes, why, why_len))
        return 0;
    out->profile = profiles[chosen];
    out->strict = options_count(options, OPTION_STRICT) > 0;
    out->check_crc = options_count(options, OPTION_CHECK_CRC) > 0;
    return 1;
}

static void add_problem(struct image_check *check, const char *problem)
{
    if (check->problem_count < IMAGE_CHECK_PROBLEMS)
        check->problems[check->problem_count++] = problem;
}

/* What the reason is called in documents, which have fewer words than the library. */
static const char *problem_of(const icecat_image_info *info, uint32_t profile)
{
    static const struct {
        uint32_t reason;
        const char *problem;
    } problems[] = {
        { ICECAT_IMAGE_REASON_EMPTY, "empty" },
        { ICECAT_IMAGE_REASON_FOREIGN, "unsupported-format" },
        { ICECAT_IMAGE_REASON_UNKNOWN, "unsupported-format" },
        { ICECAT_IMAGE_REASON_EXTENSION, "extension-mismatch" },
        { ICECAT_IMAGE_REASON_TRUNCATED, "truncated" },
        { ICECAT_IMAGE_REASON_TOO_SMALL, "too-small" },
        { ICECAT_IMAGE_REASON_TOO_LARGE, "too-large-pixels" },
        { ICECAT_IMAGE_REASON_TOO_MANY_PIXELS, "too-large-pixels" },
        { ICECAT_IMAGE_REASON_BOMB, "too-large-pixels" },
    };

    if (info->reason == ICECAT_IMAGE_REASON_NONE)
        return NULL;
    if (info->reason == ICECAT_IMAGE_REASON_TOO_MANY_BYTES)
        return profile == ICECAT_PROFILE_REKOGNITION_S3 ? "too-large-s3" : "too-large-bytes";
    for (size_t i = 0; i < sizeof(problems) / sizeof(problems[0]); i++) {
        if (problems[i].reason == info->reason)
            return problems[i].problem;
    }
    return "corrupt-header";
}

static int has_problem(const struct image_check *check, const char *problem)
{
    for (size_t i = 0; i < check->problem_count; i++) {
        if (strcmp(check->problems[i], problem) == 0)
            return 1;
    }
    return 0;
}

static void name_problems(struct image_check *check, uint32_t profile)
{
    const icecat_image_info *info = &check->info;
    const char *reason = problem_of(info, profile);

    if (check->status == ICECAT_E_FILE)
        reason = "unreadable";
    if (reason != NULL)
        add_problem(check, reason);
    if ((info->warnings & ICECAT_IMAGE_WARN_EXTENSION) != 0 && info->format != ICECAT_IMAGE_EMPTY &&
        !has_problem(check, "extension-mismatch"))
        add_problem(check, "extension-mismatch");
    if (info->colour_model == ICECAT_COLOUR_CMYK || info->colour_model == ICECAT_COLOUR_YCCK)
        add_problem(check, "cmyk");
    if (info->bit_depth > 8)
        add_problem(check, "16-bit");
}

/* The path stands beside the message in every output. */
static void drop_path(char *message, const char *path)
{
    size_t len = strlen(path);

    if (strncmp(message, path, len) == 0 && message[len] == ':' && message[len + 1] == ' ')
        memmove(message, message + len + 2, strlen(message + len + 2) + 1);
}

void image_check_file(const char *path, const icecat_image_options *options,
                      struct image_check *out)
{
    memset(out, 0, sizeof(*out));
    out->info.struct_size = sizeof(out->info);
    out->status = icecat_image_probe_file(path, options, &out->info, &out->err);
    drop_path(out->err.message, path);
    name_problems(out, options->profile);
}

static icecat_status feed_all(FILE *stream, icecat_image_stream *image, icecat_error *err)
{
    unsigned char block[65536];
    icecat_status status = ICECAT_OK;
    size_t got;

    while (status == ICECAT_OK && (got = fread(block, 1, sizeof(block), stream)) > 0)
        status = icecat_image_stream_feed(image, block, got, NULL, err);
    if (status == ICECAT_OK && ferror(stream)) {
        err->status = ICECAT_E_FILE;
        snprintf(err->message, sizeof(err->message), "%s", strerror(errno));
        status = ICECAT_E_FILE;
    }
    return status;
}

void image_check_stream(FILE *stream, const icecat_image_options *options, struct image_check *out)
{
    icecat_image_stream *image = NULL;

    memset(out, 0, sizeof(*out));
    out->info.struct_size = sizeof(out->info);
    out->status = icecat_image_stream_new(options, &image, &out->err);
    if (out->status == ICECAT_OK)
        out->status = feed_all(stream, image, &out->err);
    if (out->status == ICECAT_OK)
        out->status = icecat_image_stream_finish(image, 1, &out->info, &out->err);
    icecat_image_stream_free(image);
    name_problems(out, options->profile);
}

const char *image_check_format(const struct image_check *check)
{
    return check->info.format == ICECAT_IMAGE_HEIC ? "heif"
                                                   : icecat_image_format_name(check->info.format);
}
