/*
 * fuzz_stream.c - memory, a file and a stream cut anywhere give the same answer about the same bytes.
 */
#include "fuzz_image.h"

#include <stdlib.h>
#include <string.h>

/* Where the stream is cut: small pieces in a pattern that the input decides. */
static size_t next_piece(uint32_t *state, size_t left)
{
    size_t piece;

    *state = *state * 1664525u + 1013904223u;
    piece = *state >> 31 ? 1 + (*state >> 24 & 7) : 1 + (*state >> 16 & 1023);
    return piece < left ? piece : left;
}

static void probe_stream(const uint8_t *data, size_t len, const icecat_image_options *options,
                         uint32_t is_whole, fuzz_answer *answer)
{
    const icecat_image_info fresh = ICECAT_IMAGE_INFO_INIT;
    uint32_t state = (uint32_t)len * 2654435761u;
    icecat_image_stream *stream = NULL;

    for (size_t i = 0; i < len && i < 64; i++)
        state = state * 31 + data[i];
    answer->info = fresh;
    FUZZ_CHECK(icecat_image_stream_new(options, &stream, &answer->err) == ICECAT_OK);
    for (size_t at = 0; at < len;) {
        size_t piece = next_piece(&state, len - at);
        uint8_t *exact = malloc(piece); /* so that a read outside of the piece is seen */

        if (exact == NULL)
            abort();
        memcpy(exact, data + at, piece);
        FUZZ_CHECK(icecat_image_stream_feed(stream, exact, piece, NULL, &answer->err) == ICECAT_OK);
        free(exact);
        at += piece;
    }
    answer->status = icecat_image_stream_finish(stream, is_whole, &answer->info, &answer->err);
    icecat_image_stream_free(stream);
}

static void probe_file(const uint8_t *data, size_t len, const icecat_image_options *options,
                       fuzz_answer *answer)
{
    const icecat_image_info fresh = ICECAT_IMAGE_INFO_INIT;
    const char *path = fuzz_file(data, len);

    answer->info = fresh;
    answer->status = icecat_image_probe_file(path, options, &answer->info, &answer->err);
}

static void check_same(const fuzz_answer *a, const fuzz_answer *b)
{
    FUZZ_CHECK(a->status == b->status);
    FUZZ_CHECK(strcmp(a->err.message, b->err.message) == 0);
    FUZZ_CHECK(memcmp(&a->info, &b->info, sizeof(a->info)) == 0);
}

static void compare(const uint8_t *data, size_t len, icecat_image_options options)
{
    fuzz_answer memory, other;

    fuzz_probe(data, len, &options, &memory);
    probe_file(data, len, &options, &other);
    check_same(&memory, &other);
    probe_stream(data, len, &options, 1, &other);
    /* A stream of unknown size may meet another fault before it meets the end. */
    if (memory.status == ICECAT_OK || memory.status == ICECAT_E_IMAGE_LIMIT)
        check_same(&memory, &other);
    else
        FUZZ_CHECK(!fuzz_is_sound(&other));
    if (len == 0)
        return;
    options.total_bytes = len;
    probe_stream(data, len, &options, 1, &other);
    check_same(&memory, &other);
    fuzz_probe(data, len / 2, &options, &memory);
    probe_stream(data, len / 2, &options, 0, &other);
    check_same(&memory, &other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    compare(data, len, fuzz_options(ICECAT_PROFILE_ANY, 0, 0));
    compare(data, len, fuzz_options(ICECAT_PROFILE_ANY, 0, 1));
    compare(data, len, fuzz_options(ICECAT_PROFILE_REKOGNITION_S3, 1, 0));
    return 0;
}
