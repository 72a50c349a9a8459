/*
 * fuzz_jpeg.c - every JPEG that is called sound has a header that libjpeg reads from the real bytes,
 * and reads as the same. (The library shows libjpeg a header put together anew; this shows it all.)
 */
#include "decoder.h"
#include "fuzz_image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    fuzz_answer answer;
    decoded found;

    fuzz_probe_all(data, len, &answer);
    if (answer.info.format != ICECAT_IMAGE_JPEG || !fuzz_is_sound(&answer) ||
        answer.info.width_px > DECODER_JPEG_SIDE || answer.info.height_px > DECODER_JPEG_SIDE)
        return 0;
    FUZZ_CHECK(decode_jpeg(data, len, DECODE_HEADER, &found));
    FUZZ_CHECK(decoded_is(&found, &answer.info));
    return 0;
}
