/*
 * check.c - assertions about a probe's answer.
 */
#include "check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
/* clang-format on */

static icecat_image_options any_options(void)
{
    icecat_image_options options = ICECAT_IMAGE_OPTIONS_INIT;

    options.profile = ICECAT_PROFILE_ANY;
    return options;
}

icecat_status probe_any(const bytes *b, icecat_image_info *info, icecat_error *err)
{
    icecat_image_options options = any_options();
    icecat_image_info fresh = ICECAT_IMAGE_INFO_INIT;
    uint8_t *exact = malloc(b->len != 0 ? b->len : 1);
    icecat_status status;

    assert_non_null(exact);
    if (b->len != 0)
        memcpy(exact, b->data, b->len);
    *info = fresh;
    status = icecat_image_probe(exact, b->len, &options, info, err);
    free(exact);
    return status;
}

const char *write_temporary(const char *extension, const void *data, size_t len)
{
    static char path[128];
    const char *folder = getenv("TMPDIR");
    size_t done = 0;
    int fd;

    snprintf(path, sizeof(path), "%s/icecat-image-XXXXXX%s", folder != NULL ? folder : "/tmp",
             extension);
    fd = mkstemps(path, (int)strlen(extension));
    assert_true(fd >= 0);
    while (done < len) {
        ssize_t n = write(fd, (const char *)data + done, len - done);

        assert_true(n > 0);
        done += (size_t)n;
    }
    close(fd);
    return path;
}

icecat_status probe_stream(const void *data, size_t len, size_t chunk, int known,
                           const icecat_image_options *options, icecat_image_info *info,
                           icecat_error *err)
{
    icecat_image_info fresh = ICECAT_IMAGE_INFO_INIT;
    icecat_image_options own = *options;
    icecat_image_stream *stream = NULL;
    icecat_status status;

    own.total_bytes = known ? len : 0;
    *info = fresh;
    assert_int_equal(icecat_image_stream_new(&own, &stream, err), ICECAT_OK);
    for (size_t at = 0; at < len; at += chunk) {
        size_t n = len - at < chunk ? len - at : chunk;
        uint8_t *exact = malloc(n); /* so that a read outside of the chunk is seen */

        assert_non_null(exact);
        memcpy(exact, (const uint8_t *)data + at, n);
        assert_int_equal(icecat_image_stream_feed(stream, exact, n, NULL, err), ICECAT_OK);
        free(exact);
    }
    status = icecat_image_stream_finish(stream, 1, info, err);
    icecat_image_stream_free(stream);
    return status;
}

/* The same answer in the other forms, to the last field and letter. */
static void assert_same_everywhere(const bytes *b, icecat_status status,
                                   const icecat_image_info *info, const icecat_error *err)
{
    icecat_image_options options = any_options();
    const char *path = write_temporary("", b->data, b->len);
    icecat_image_info other = ICECAT_IMAGE_INFO_INIT;
    icecat_error other_err;
    icecat_status other_status;

    other_status = icecat_image_probe_file(path, &options, &other, &other_err);
    unlink(path);
    if (status != ICECAT_OK)
        assert_string_equal(other_err.message, err->message);
    assert_int_equal(other_status, status);
    assert_memory_equal(&other, info, sizeof(other));
    for (int known = 0; known < 2; known++) {
        other_status = probe_stream(b->data, b->len, 7, known, &options, &other, &other_err);
        assert_int_equal(other_status, status);
        if (status != ICECAT_OK && !known)
            continue; /* it may have met another fault before it met the end */
        if (status != ICECAT_OK)
            assert_string_equal(other_err.message, err->message);
        assert_memory_equal(&other, info, sizeof(other));
    }
}

void assert_refused(const bytes *b, uint32_t reason, const char *text)
{
    icecat_image_info info;
    icecat_error err;
    icecat_status status = probe_any(b, &info, &err);

    assert_string_equal(icecat_image_reason_name(info.reason), icecat_image_reason_name(reason));
    assert_true(status == ICECAT_E_IMAGE_FORMAT || status == ICECAT_E_IMAGE_CORRUPT ||
                status == ICECAT_E_IMAGE_LIMIT);
    assert_int_equal(err.status, status);
    assert_int_equal(info.within_limits, 0);
    if (strstr(err.message, text) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", err.message, text);
    assert_same_everywhere(b, status, &info, &err);
}

icecat_image_info assert_sound(const bytes *b)
{
    icecat_image_info info;
    icecat_error err;
    icecat_status status = probe_any(b, &info, &err);

    if (status != ICECAT_OK)
        fail_msg("refused: %s", err.message);
    assert_int_equal(info.reason, ICECAT_IMAGE_REASON_NONE);
    assert_int_equal(info.within_limits, 1);
    assert_same_everywhere(b, status, &info, &err);
    return info;
}
