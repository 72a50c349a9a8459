/*
 * fuzz_image.h - the promises that every answer about an image keeps.
 */
#ifndef FUZZ_IMAGE_H
#define FUZZ_IMAGE_H

#include "fuzz.h"

#include <icecat/image.h>

/* One question and its answer. */
typedef struct fuzz_answer {
    icecat_status status;
    icecat_image_info info;
    icecat_error err;
} fuzz_answer;

icecat_image_options fuzz_options(uint32_t profile, uint32_t strict, uint32_t check_crc);

/** Ask about the bytes in memory and hold the answer against its promises. */
void fuzz_probe(const uint8_t *data, size_t len, const icecat_image_options *options,
                fuzz_answer *answer);

/** Ask with every profile and strictness, and as a prefix; gives the answer of the profile ANY. */
void fuzz_probe_all(const uint8_t *data, size_t len, fuzz_answer *answer);

/** Sound, whether or not inside the limits. */
int fuzz_is_sound(const fuzz_answer *answer);

#endif
