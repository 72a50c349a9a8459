/*
 * shim_image.c - is it a sound JPEG or PNG?
 */
#include "shim_image.h"

void goicecat_image_options(goicecat_call *call, icecat_image_options *out)
{
    *out = (icecat_image_options)ICECAT_IMAGE_OPTIONS_INIT;
    out->profile = goicecat_number32(call);
    out->max_bytes = goicecat_number(call);
    out->max_pixels = goicecat_number(call);
    out->total_bytes = goicecat_number(call);
    out->min_side_px = goicecat_number32(call);
    out->max_side_px = goicecat_number32(call);
    out->strict = goicecat_number32(call);
    out->max_segments = goicecat_number32(call);
    out->check_crc = goicecat_number32(call);
}

static void put_info(goicecat_writer *reply, const icecat_image_info *info)
{
    goicecat_put_number(reply, info->size_bytes);
    goicecat_put_number(reply, info->fault_offset);
    goicecat_put_number(reply, info->trailing_bytes);
    goicecat_put_number(reply, info->format);
    goicecat_put_number(reply, info->width_px);
    goicecat_put_number(reply, info->height_px);
    goicecat_put_number(reply, info->display_width_px);
    goicecat_put_number(reply, info->display_height_px);
    goicecat_put_number(reply, info->channels);
    goicecat_put_number(reply, info->bit_depth);
    goicecat_put_number(reply, info->colour_model);
    goicecat_put_number(reply, info->has_alpha);
    goicecat_put_number(reply, info->progressive);
    goicecat_put_number(reply, info->animated);
    goicecat_put_number(reply, info->multi_picture);
    goicecat_put_number(reply, info->orientation);
    goicecat_put_number(reply, info->warnings);
    goicecat_put_number(reply, info->within_limits);
    goicecat_put_number(reply, info->reason);
}

GOICECAT_OPERATION(image_probe)
{
    icecat_image_info info = ICECAT_IMAGE_INFO_INIT;
    icecat_image_options options;
    icecat_status status;

    goicecat_image_options(call, &options);
    status = icecat_image_probe(call->data, call->data_len, &options, &info,
                                goicecat_error_of(call));
    put_info(&call->reply, &info);
    return status;
}

GOICECAT_OPERATION(image_probe_file)
{
    icecat_image_info info = ICECAT_IMAGE_INFO_INIT;
    icecat_image_options options;
    icecat_status status;

    goicecat_image_options(call, &options);
    status = icecat_image_probe_file(goicecat_text(call), &options, &info, goicecat_error_of(call));
    put_info(&call->reply, &info);
    return status;
}

GOICECAT_OPERATION(image_stream_new)
{
    icecat_image_options options;
    icecat_image_stream *stream = NULL;
    icecat_status status;

    goicecat_image_options(call, &options);
    status = icecat_image_stream_new(&options, &stream, goicecat_error_of(call));
    call->frame->made = goicecat_address(stream);
    return status;
}

GOICECAT_OPERATION(image_stream_feed)
{
    uint32_t enough = 0;
    icecat_status status = icecat_image_stream_feed(
        goicecat_object(call), call->data, call->data_len, &enough, goicecat_error_of(call));

    goicecat_put_number(&call->reply, enough);
    return status;
}

GOICECAT_OPERATION(image_stream_finish)
{
    icecat_image_info info = ICECAT_IMAGE_INFO_INIT;
    uint32_t is_whole = goicecat_number32(call);
    icecat_status status = icecat_image_stream_finish(goicecat_object(call), is_whole, &info,
                                                      goicecat_error_of(call));

    put_info(&call->reply, &info);
    return status;
}

GOICECAT_OPERATION(image_stream_free)
{
    icecat_image_stream_free(goicecat_object(call));
    return ICECAT_OK;
}

GOICECAT_OPERATION(image_format)
{
    uint32_t format = goicecat_number32(call);

    goicecat_put_text(&call->reply, icecat_image_format_name(format));
    goicecat_put_text(&call->reply, icecat_image_content_type(format));
    return ICECAT_OK;
}

GOICECAT_OPERATION(image_reason)
{
    goicecat_put_text(&call->reply, icecat_image_reason_name(goicecat_number32(call)));
    return ICECAT_OK;
}
