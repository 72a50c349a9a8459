/*
 * check.h - assertions about a probe's answer.
 */
#ifndef TEST_IMAGE_CHECK_H
#define TEST_IMAGE_CHECK_H

#include "build.h"

#include <icecat/image.h>

/** Probe in memory, in a block of exactly the right size, with the profile ANY. */
icecat_status probe_any(const bytes *b, icecat_image_info *info, icecat_error *err);

/** Assert that the bytes are refused for this reason and that the message has @p text in it; in
 *  memory, as a file and as a stream. */
void assert_refused(const bytes *b, uint32_t reason, const char *text);
/** Assert that the bytes are sound in all three forms, and give what was found. */
icecat_image_info assert_sound(const bytes *b);

/** Make a temporary file; the name is static. Remove it with unlink(). */
const char *write_temporary(const char *extension, const void *data, size_t len);

/** Feed a stream in chunks of @p chunk bytes and finish it. @p known: tell it the size. */
icecat_status probe_stream(const void *data, size_t len, size_t chunk, int known,
                           const icecat_image_options *options, icecat_image_info *info,
                           icecat_error *err);

#endif
