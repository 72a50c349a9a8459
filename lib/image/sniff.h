/*
 * sniff.h - name what is neither a whole PNG nor a whole JPEG signature. Pure.
 */
#ifndef IC_IMAGE_SNIFF_H
#define IC_IMAGE_SNIFF_H

#include <stddef.h>
#include <stdint.h>

#define IC_SNIFF_LEN 512 /* first bytes that are looked at */

typedef struct ic_sniffed {
    uint32_t format; /* icecat_image_format */
    uint32_t reason; /* icecat_image_reason */
    uint32_t offset; /* of the fault */
    char message[160];
} ic_sniffed;

/** @p len is IC_SNIFF_LEN, or the size of a shorter file. */
void ic_sniff(const uint8_t *data, size_t len, ic_sniffed *out);

#endif
