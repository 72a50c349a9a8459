/*
 * submit_name.c - the file name that is recorded with an object (pure).
 */
#include "base/uri.h"
#include "base/utf8.h"
#include "pipeline/submit.h"

#include <string.h>

const char *ic_submit_last_component(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

/* The next character, or the replacement of a byte that is none. */
static ic_view next_character(const char **text, size_t *left)
{
    size_t len = ic_utf8_len(*text, *left);
    ic_view character = len != 0 ? ic_view_n(*text, len) : ic_view_of(IC_UTF8_REPLACEMENT);
    size_t step = len != 0 ? len : 1;

    *text += step;
    *left -= step;
    return character;
}

icecat_status ic_submit_name_write(ic_buf *out, const char *name)
{
    size_t left = strlen(name);
    size_t end = out->len + IC_SUBMIT_NAME_MAX;

    while (left != 0 && ic_buf_status(out) == ICECAT_OK) {
        char scratch[16]; /* a character has at most 4 bytes, each written as %XX */
        ic_buf encoded;

        ic_buf_init_fixed(&encoded, scratch, sizeof(scratch));
        ic_uri_encode(&encoded, next_character(&name, &left), 0);
        if (out->len + encoded.len > end)
            break;
        ic_buf_add(out, encoded.data, encoded.len);
    }
    return ic_buf_status(out);
}
