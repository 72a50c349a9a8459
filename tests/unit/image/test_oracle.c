/*
 * test_oracle.c - size, depth and colour of every sound image are those that libpng and libjpeg-turbo
 * find, decoding all of it; and what the decoders cannot read to its end is not called sound, except
 * for damaged pixels, which only a decode can see.
 */
#include "check.h"
#include "decoder.h"
#include "manifest.h"
#include "samples.h"

#include <stdlib.h>
#include <string.h>

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
/* clang-format on */

/* Compare one file: 1 and a line when the decoder finds something else, -1 when it cannot read all
 * pixels. */
static int compare(const char *name, const uint8_t *data, size_t len, int *sound)
{
    icecat_image_options options = ICECAT_IMAGE_OPTIONS_INIT;
    icecat_image_info info = ICECAT_IMAGE_INFO_INIT;
    decoded found;
    int whole;

    options.profile = ICECAT_PROFILE_ANY;
    options.check_crc = 1;
    /* libjpeg goes no further than 65,500 pixels, which is a limit and no fault. */
    if (icecat_image_probe(data, len, &options, &info, NULL) != ICECAT_OK)
        return 0;
    *sound += 1;
    whole = info.format == ICECAT_IMAGE_PNG ? decode_png(data, len, DECODE_PIXELS, &found)
                                            : decode_jpeg(data, len, DECODE_PIXELS, &found);
    if (!decoded_is(&found, &info)) {
        print_error("%s: %ux%u %u bits %u channels model %u, the decoder: %ux%u %u %u %u\n", name,
                    info.width_px, info.height_px, info.bit_depth, info.channels, info.colour_model,
                    found.width, found.height, found.depth, found.channels, found.model);
        return 1;
    }
    return whole ? 0 : -1;
}

static void every_sound_file_is_what_its_decoder_says(void **state)
{
    manifest *list = manifest_open();
    int wrong = 0, sound = 0, damaged = 0;
    manifest_row row;

    (void)state;
    if (list == NULL)
        skip();
    while (manifest_next(list, &row)) {
        size_t len = 0;
        uint8_t *data = read_whole(row.file, &len);
        int result;

        assert_non_null(data);
        result = compare(row.path, data, len, &sound);
        free(data);
        wrong += result > 0;
        if (result < 0) {
            damaged++;
            if (strstr(row.verdict, "body bad") == NULL) {
                print_error("%s: the decoder cannot read its pixels\n", row.path);
                wrong++;
            }
        }
    }
    manifest_close(list);
    print_message("%d sound files, %d with damaged pixels\n", sound, damaged);
    assert_true(sound > 440);
    assert_int_equal(wrong, 0);
}

static void every_sample_is_what_its_decoder_says(void **state)
{
    (void)state;
    for (unsigned i = 0; i < SAMPLE_COUNT; i++) {
        bytes b = { 0 };
        const char *name = sample_make(i, &b);
        int sound = 0;

        assert_true(compare(name, b.data, b.len, &sound) <= 0);
        assert_int_equal(sound, i != 9); /* which is no JPEG or PNG */
        bytes_free(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sound_file_is_what_its_decoder_says),
        cmocka_unit_test(every_sample_is_what_its_decoder_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
