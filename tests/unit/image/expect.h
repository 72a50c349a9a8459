/*
 * expect.h - what a row of the image corpus's manifest makes us expect.
 */
#ifndef TEST_EXPECT_H
#define TEST_EXPECT_H

#include "manifest.h"

#include <icecat/image.h>

/** 1 when the manifest calls the file sound, or when the list of disagreements does. */
int expect_sound(const manifest_row *row);
/** 1 when @p reason is one that the row's faults explain, or that the list of disagreements names. */
int expect_reason(const manifest_row *row, uint32_t reason);
/** Why a sound file is outside Rekognition's limits for S3 objects; NONE when it is inside. */
uint32_t expect_limit(const manifest_row *row);
/** 1 when the row calls a file of another format and @p format is that one, or calls none. */
int expect_format(const manifest_row *row, uint32_t format);
/** What of a sound file's description differs from the row; NULL when nothing does. */
const char *expect_details(const manifest_row *row, const icecat_image_info *info);

#endif
