/*
 * stream.c - the check of an image that arrives in chunks.
 *
 * The walk runs over the caller's chunks in place. Only when a step's bytes straddle two chunks are
 * they carried over, in one kilobyte. What the other forms read at the end of a file is
 * remembered here as it passes: the last 12 bytes, and where a JPEG's end markers were.
 */
#include "base/error.h"
#include "base/mem.h"
#include "image/tail.h"
#include "image/verdict.h"

#include <string.h>

struct icecat_image_stream {
    icecat_image_options options;
    ic_walk walk;
    ic_walk_result result; /* of the last step */
    uint64_t fed;
    uint64_t tail_at;   /* position at IC_WALK_TAIL; 0 before */
    uint64_t first_eoi; /* of a JPEG's scan; IC_TAIL_NOT_FOUND */
    uint64_t last_eoi;
    uint32_t is_finished;
    uint32_t ends_in_ff;
    uint32_t is_out_of_memory;
    size_t carry_len; /* bytes from walk.pos on */
    uint8_t carry[IC_WALK_NEED_MAX];
    uint8_t last[IC_TAIL_PNG_LEN];
};

icecat_status icecat_image_stream_new(const icecat_image_options *options,
                                      icecat_image_stream **out, icecat_error *err)
{
    icecat_image_stream *stream;
    icecat_image_options own;
    icecat_status status;

    ic_error_clear(err);
    if (out == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "out is NULL");
    *out = NULL;
    status = ic_image_options_load(&own, options, err);
    if (status != ICECAT_OK)
        return status;
    stream = ic_mem_zalloc(NULL, sizeof(*stream));
    if (stream == NULL)
        return ic_fail_memory(err, "an image stream");
    stream->options = own;
    stream->first_eoi = stream->last_eoi = IC_TAIL_NOT_FOUND;
    ic_walk_begin(&stream->walk, own.total_bytes == 0 ? IC_WALK_SIZE_UNKNOWN : own.total_bytes,
                  &own);
    *out = stream;
    return ICECAT_OK;
}

void icecat_image_stream_free(icecat_image_stream *stream)
{
    ic_mem_free(NULL, stream);
}

/* One run of the walk over a window; the events on its way are dealt with here. */
static void step(icecat_image_stream *stream, const ic_window *window)
{
    ic_walk *walk = &stream->walk;

    stream->result = ic_walk_run(walk, window);
    if (stream->result == IC_WALK_HEADER) {
        int agreed = ic_image_confirm(walk);

        stream->is_out_of_memory = agreed < 0;
        stream->result = agreed > 0 ? ic_walk_run(walk, window) : IC_WALK_FAULT;
    }
    if (stream->result == IC_WALK_TAIL && stream->tail_at == 0) {
        stream->tail_at = walk->pos;
        if (walk->info.format == ICECAT_IMAGE_PNG) {
            walk->body_limit = UINT64_MAX; /* the chunks pass by anyway */
            stream->result = ic_walk_run(walk, window);
        }
    }
}

/* Walk over a chunk that begins at file offset @p start. */
static void walk_chunk(icecat_image_stream *stream, const uint8_t *data, size_t len, uint64_t start)
{
    ic_walk *walk = &stream->walk;
    uint64_t end = start + len;

    while (stream->result == IC_WALK_MORE && walk->pos < end) {
        ic_window window = { data, start, len };

        if (walk->pos < start) {
            uint64_t next = walk->pos + stream->carry_len; /* == start, unless some was taken */
            size_t take = (size_t)(end - next);

            if (take > walk->need - stream->carry_len)
                take = walk->need - stream->carry_len;
            memcpy(stream->carry + stream->carry_len, data + (next - start), take);
            stream->carry_len += take;
            if (stream->carry_len < walk->need)
                return;
            window.data = stream->carry;
            window.start = walk->pos;
            window.len = stream->carry_len;
        }
        step(stream, &window);
        if (stream->result != IC_WALK_MORE || walk->pos >= end)
            break;
        if (walk->pos < start) {
            size_t used = (size_t)(walk->pos - window.start);

            memmove(stream->carry, stream->carry + used, stream->carry_len - used);
            stream->carry_len -= used;
            continue;
        }
        stream->carry_len = 0;
        if (end - walk->pos < walk->need) {
            stream->carry_len = (size_t)(end - walk->pos);
            memcpy(stream->carry, data + (walk->pos - start), stream->carry_len);
            return;
        }
    }
    if (walk->pos >= end)
        stream->carry_len = 0;
}

static void remember_last(icecat_image_stream *stream, const uint8_t *data, size_t len)
{
    if (len >= IC_TAIL_PNG_LEN) {
        memcpy(stream->last, data + len - IC_TAIL_PNG_LEN, IC_TAIL_PNG_LEN);
        return;
    }
    memmove(stream->last, stream->last + len, IC_TAIL_PNG_LEN - len);
    memcpy(stream->last + IC_TAIL_PNG_LEN - len, data, len);
}

static void found_eoi(icecat_image_stream *stream, uint64_t at)
{
    if (stream->first_eoi == IC_TAIL_NOT_FOUND)
        stream->first_eoi = at;
    stream->last_eoi = at;
}

/* Look for FF D9 in what of this chunk belongs to the scan of a JPEG. */
static void remember_eoi(icecat_image_stream *stream, const uint8_t *data, size_t len,
                         uint64_t start)
{
    uint64_t from = stream->walk.pixels_at;
    const uint8_t *end = data + len;
    const uint8_t *p;

    if (start + len <= from)
        return;
    if (start < from) {
        data += from - start;
        start = from;
    }
    if (stream->ends_in_ff && data[0] == 0xd9)
        found_eoi(stream, start - 1);
    for (p = data; p + 1 < end && (p = memchr(p, 0xff, (size_t)(end - 1 - p))) != NULL; p++) {
        if (p[1] == 0xd9)
            found_eoi(stream, start + (uint64_t)(p - data));
    }
    stream->ends_in_ff = end[-1] == 0xff;
}

icecat_status icecat_image_stream_feed(icecat_image_stream *stream, const void *data, size_t len,
                                       uint32_t *enough, icecat_error *err)
{
    uint64_t start;

    ic_error_clear(err);
    if (stream == NULL || (data == NULL && len != 0))
        return ic_fail(err, ICECAT_E_ARGUMENT, "%s is NULL", stream == NULL ? "stream" : "data");
    if (stream->is_finished)
        return ic_fail(err, ICECAT_E_ARGUMENT, "the image stream has ended");
    if (stream->options.total_bytes != 0 && len > stream->options.total_bytes - stream->fed)
        return ic_fail(err, ICECAT_E_ARGUMENT, "more bytes than total_bytes (%llu) were given",
                       (unsigned long long)stream->options.total_bytes);
    start = stream->fed;
    if (len != 0) {
        walk_chunk(stream, data, len, start);
        remember_last(stream, data, len);
        if (stream->walk.has_header && stream->walk.info.format == ICECAT_IMAGE_JPEG)
            remember_eoi(stream, data, len, start);
        stream->fed += len;
    }
    if (enough != NULL)
        *enough = stream->walk.has_header || stream->result == IC_WALK_FAULT;
    return ICECAT_OK;
}

/* The end of a JPEG by the rule of tail.c. */
static ic_walk_result jpeg_end(icecat_image_stream *stream)
{
    ic_walk *walk = &stream->walk;
    uint64_t near = walk->pixels_at;

    if (walk->size < walk->pixels_at)
        return ic_tail_no_eoi(walk);
    if (walk->size - near > IC_TAIL_NEAR)
        near = walk->size - IC_TAIL_NEAR;
    if (stream->last_eoi != IC_TAIL_NOT_FOUND && stream->last_eoi >= near)
        walk->end = stream->last_eoi + 2;
    else if (stream->first_eoi != IC_TAIL_NOT_FOUND &&
             stream->first_eoi + 1 < walk->pixels_at + IC_TAIL_FAR)
        walk->end = stream->first_eoi + 2;
    else
        return ic_tail_no_eoi(walk);
    return IC_WALK_END;
}

/* Everything was given: what the walk did not reach is not there. */
static ic_walk_result end_whole(icecat_image_stream *stream)
{
    ic_walk *walk = &stream->walk;
    ic_window window = { stream->carry, walk->pos, stream->carry_len };

    walk->size = stream->fed;
    if (!walk->has_header) {
        if (stream->result == IC_WALK_MORE)
            step(stream, &window);
        return stream->result;
    }
    if (walk->info.format == ICECAT_IMAGE_JPEG)
        return stream->result == IC_WALK_FAULT ? IC_WALK_FAULT : jpeg_end(stream);
    if (stream->tail_at != 0 && stream->tail_at <= walk->size &&
        walk->size - stream->tail_at >= IC_TAIL_PNG_LEN && ic_tail_is_iend(stream->last)) {
        walk->info.reason = ICECAT_IMAGE_REASON_NONE; /* of chunks that the other forms skip */
        walk->info.fault_offset = 0;
        walk->end = walk->size;
        return IC_WALK_END;
    }
    if (stream->result == IC_WALK_MORE)
        step(stream, &window);
    return stream->result;
}

/* Only a prefix was given: a fault counts where the other forms would see it too. */
static ic_walk_result stop_early(icecat_image_stream *stream)
{
    icecat_image_info *info = &stream->walk.info;

    if (stream->tail_at == 0 && stream->result == IC_WALK_FAULT)
        return IC_WALK_FAULT;
    info->reason = ICECAT_IMAGE_REASON_NONE;
    info->fault_offset = 0;
    return IC_WALK_MORE;
}

icecat_status icecat_image_stream_finish(icecat_image_stream *stream, uint32_t is_whole,
                                         icecat_image_info *info, icecat_error *err)
{
    ic_walk_result result;

    ic_error_clear(err);
    if (stream == NULL || info == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "%s is NULL", stream == NULL ? "stream" : "info");
    if (stream->is_finished)
        return ic_fail(err, ICECAT_E_ARGUMENT, "the image stream has ended");
    if (is_whole && stream->options.total_bytes != 0 && stream->fed != stream->options.total_bytes)
        return ic_fail(
            err, ICECAT_E_ARGUMENT, "total_bytes is %llu but %llu bytes were given as the whole",
            (unsigned long long)stream->options.total_bytes, (unsigned long long)stream->fed);
    stream->is_finished = 1;
    result = stream->result;
    if (is_whole || (stream->fed != 0 && stream->fed == stream->options.total_bytes))
        result = end_whole(stream);
    else if (stream->tail_at != 0 || result != IC_WALK_END)
        result = stop_early(stream);
    if (stream->is_out_of_memory)
        return ic_fail_memory(err, "reading an image header");
    return ic_image_verdict(&stream->walk, result, &stream->options, info, err);
}
