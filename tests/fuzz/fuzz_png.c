/*
 * fuzz_png.c - every PNG that is called sound has a header that libpng reads from the real bytes,
 * and reads as the same. (The library shows libpng a header put together anew; this shows it all.)
 */
#include "decoder.h"
#include "fuzz_image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    fuzz_answer answer;
    decoded found;

    fuzz_probe_all(data, len, &answer);
    if (answer.info.format != ICECAT_IMAGE_PNG || !fuzz_is_sound(&answer))
        return 0;
    FUZZ_CHECK(decode_png(data, len, DECODE_HEADER | DECODE_ANY_CHECKSUM, &found));
    FUZZ_CHECK(decoded_is(&found, &answer.info));
    return 0;
}
