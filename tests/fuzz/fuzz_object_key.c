/*
 * fuzz_object_key.c - names and what they are written in: object keys, batch ids, percent-encoding, URLs,
 * and the file names of others. What is read is written as the same; who decodes twice is told no
 * different by either decoder.
 */
#include "fuzz.h"

#include "base/uri.h"
#include "base/utf8.h"
#include "event_key.h"
#include "pipeline/object_key.h"
#include "pipeline/submit.h"
#include "s3_uri.h"

#include <stdlib.h>
#include <string.h>

static void check_object_key(const char *text)
{
    ic_object_key key, again;
    icecat_error err = { 0 };
    icecat_status status;
    ic_buf out;

    memset(&key, 0, sizeof(key));
    memset(&again, 0, sizeof(again));
    status = ic_object_key_parse(text, &key, &err);
    fuzz_check_error(status, &err);
    FUZZ_CHECK(status == ICECAT_OK || status == ICECAT_E_KEY);
    if (status != ICECAT_OK)
        return;
    FUZZ_CHECK(strlen(text) <= IC_OBJECT_KEY_MAX);
    ic_buf_init(&out, fuzz_memory(1024), IC_OBJECT_KEY_MAX);
    FUZZ_CHECK(ic_object_key_write(&out, &key) == ICECAT_OK);
    FUZZ_CHECK(ic_object_key_parse(ic_buf_text(&out), &again, &err) == ICECAT_OK);
    FUZZ_CHECK(strcmp(ic_buf_text(&out), text) == 0);
    FUZZ_CHECK(strcmp(key.fingerprint, again.fingerprint) == 0 && key.batch_id == again.batch_id);
    FUZZ_CHECK(strcmp(key.client_id, again.client_id) == 0 && key.upload_ts == again.upload_ts);
    FUZZ_CHECK(key.debug == again.debug && key.extension == again.extension);
    ic_buf_free(&out);
}

static void check_batch_id(const char *text)
{
    uint64_t id = 0, again = 0;
    icecat_error err = { 0 };
    icecat_status status = icecat_batch_id_parse(text, &id, &err);
    char digits[24];
    ic_buf out;

    fuzz_check_error(status, &err);
    if (status != ICECAT_OK)
        return;
    FUZZ_CHECK(id >= 1000000000 && id <= 9007199254740992u);
    ic_buf_init_fixed(&out, digits, sizeof(digits));
    FUZZ_CHECK(ic_buf_add_u64(&out, id) == ICECAT_OK);
    FUZZ_CHECK(icecat_batch_id_parse(digits, &again, &err) == ICECAT_OK && again == id);
}

/* ---- encodings --------------------------------------------------------------------------- */

static void check_encoding(const char *text, size_t len)
{
    const ic_mem *mem = fuzz_memory(16 * len + 4096);
    ic_buf encoded, decoded;

    for (int keep_slash = 0; keep_slash < 2; keep_slash++) {
        ic_buf_init(&encoded, mem, 3 * len);
        ic_buf_init(&decoded, mem, len);
        FUZZ_CHECK(ic_uri_encode(&encoded, ic_view_n(text, len), keep_slash) == ICECAT_OK);
        FUZZ_CHECK(ic_uri_decode(&decoded, ic_view_n(encoded.data, encoded.len), 1) ==
                   (memchr(text, '\0', len) != NULL ? ICECAT_E_PARSE : ICECAT_OK));
        if (memchr(text, '\0', len) == NULL)
            FUZZ_CHECK(decoded.len == len && strcmp(ic_buf_text(&decoded), text) == 0);
        ic_buf_free(&encoded);
        ic_buf_free(&decoded);
    }
    fuzz_memory_check();
}

/* Ours, icecat-local's and the function's decoder say the same of any text. */
static void compare_decoders(const char *text)
{
    const char *why = NULL;
    size_t len = strlen(text);
    char *theirs = s3_uri_decode(text, len, true);
    char *event = event_key_decode(text, &why);
    ic_buf ours;
    int ok;

    ic_buf_init(&ours, fuzz_memory(2 * len + 1024), len);
    ok = ic_uri_decode(&ours, ic_view_of(text), 1) == ICECAT_OK;
    FUZZ_CHECK(ok == (theirs != NULL));
    FUZZ_CHECK(!ok || strcmp(ic_buf_text(&ours), theirs) == 0);
    FUZZ_CHECK(event == NULL || (ok && strcmp(event, theirs) == 0));
    FUZZ_CHECK(event != NULL || why != NULL);
    if (ok && theirs[0] != '\0' && strlen(theirs) <= 1024 && s3_utf8_valid(theirs))
        FUZZ_CHECK(event != NULL);
    ic_buf_free(&ours);
    free(theirs);
    free(event);
    fuzz_memory_check();
}

static void check_url(const char *text)
{
    ic_url url;

    if (!ic_url_parse(text, &url))
        return;
    FUZZ_CHECK(url.port >= 1 && url.port <= 65535);
    FUZZ_CHECK(url.host.len >= 1 && url.host.len <= 253);
    FUZZ_CHECK(url.is_default_port == (url.port == (url.scheme.len == 5 ? 443 : 80)));
    FUZZ_CHECK(url.path.len == 0 || url.path.data[0] == '/');
    FUZZ_CHECK(url.path.len < strlen(text));
}

/* ---- file names -------------------------------------------------------------------------- */

/* What is recorded of any name: bounded, and UTF-8 when decoded. */
static void check_file_name(const char *name)
{
    const ic_mem *mem = fuzz_memory(16384);
    ic_buf encoded, decoded;

    ic_buf_init(&encoded, mem, 4096);
    ic_buf_init(&decoded, mem, 4096);
    FUZZ_CHECK(ic_submit_name_write(&encoded, name) == ICECAT_OK);
    FUZZ_CHECK(encoded.len <= IC_SUBMIT_NAME_MAX);
    FUZZ_CHECK(ic_uri_decode(&decoded, ic_view_n(encoded.data, encoded.len), 0) == ICECAT_OK);
    FUZZ_CHECK(s3_utf8_valid(ic_buf_text(&decoded)));
    if (s3_utf8_valid(name) && strlen(name) <= IC_SUBMIT_NAME_MAX / 3)
        FUZZ_CHECK(strcmp(ic_buf_text(&decoded), name) == 0);
    ic_buf_free(&encoded);
    ic_buf_free(&decoded);
    fuzz_memory_check();
}

/* A line is a line already; making it one again changes nothing. */
static void check_make_line(const char *text)
{
    char line[64], again[64];

    memset(line, 0, sizeof(line));
    strncpy(line, text, sizeof(line) - 1);
    ic_utf8_make_line(line, sizeof(line));
    fuzz_check_line(line, sizeof(line));
    memcpy(again, line, sizeof(line));
    ic_utf8_make_line(again, sizeof(again));
    FUZZ_CHECK(strcmp(again, line) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    char *text = fuzz_copy(data, len);

    check_object_key(text);
    check_batch_id(text);
    check_encoding(text, len);
    compare_decoders(text);
    check_url(text);
    check_file_name(text);
    check_make_line(text);
    if (ic_client_id_is_valid(text))
        FUZZ_CHECK(strlen(text) <= IC_CLIENT_ID_MAX && strchr(text, '/') == NULL);
    free(text);
    return 0;
}
