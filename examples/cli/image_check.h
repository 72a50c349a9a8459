/*
 * image_check.h - one file's header, judged, with the problems by name.
 */
#ifndef CLI_IMAGE_CHECK_H
#define CLI_IMAGE_CHECK_H

#include "options.h"
#include <icecat/image.h>
#include <stdio.h>

#define IMAGE_CHECK_PROBLEMS 6

struct image_check {
    icecat_image_info info;
    icecat_error err;     /* of a refusal; its message does not begin with the path */
    icecat_status status; /* ICECAT_OK: sound and inside the limits */
    const char *problems[IMAGE_CHECK_PROBLEMS]; /* static texts */
    size_t problem_count;
};

/* Limits from --profile-limit, --max-size, --strict and --check-crc. 0 with a sentence in @p why. */
int image_check_options(const struct options *options, icecat_image_options *out, char *why,
                        size_t why_len);

void image_check_file(const char *path, const icecat_image_options *options,
                      struct image_check *out);
/* From a stream up to its end. */
void image_check_stream(FILE *stream, const icecat_image_options *options, struct image_check *out);

/* Name of the format in documents: "jpeg", "heif", ... */
const char *image_check_format(const struct image_check *check);

#endif
