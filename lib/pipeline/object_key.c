/*
 * object_key.c - build and parse the names of uploaded images (pure functions).
 */
#include "pipeline/object_key.h"

#include "base/error.h"

#include <string.h>

#define BATCH_PREFIX     "batch-"
#define BATCH_DIGITS_MIN 10
#define BATCH_DIGITS_MAX 16
#define BATCH_ID_MAX     9007199254740992u /* 2^53: JSON readers keep it exact */
#define EPOCH_DIGITS     10                /* 2001 to 2286 */

icecat_status ic_object_key_write(ic_buf *out, const ic_object_key *key)
{
    ic_buf_add_text(out, key->fingerprint);
    ic_buf_add_char(out, '/');
    ic_buf_add_text(out, key->client_id);
    ic_buf_add_text(out, "/" BATCH_PREFIX);
    ic_buf_add_u64(out, key->batch_id);
    ic_buf_add_char(out, '/');
    ic_buf_add_text(out, key->hour);
    ic_buf_add_char(out, '/');
    ic_buf_add_u64(out, (uint64_t)key->upload_ts);
    if (key->debug)
        ic_buf_add_text(out, "-debug");
    ic_buf_add_text(out, key->extension == IC_KEY_PNG ? ".png" : ".jpg");
    return ic_buf_status(out);
}

int ic_client_id_is_valid(const char *client_id)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                  "0123456789._-";
    size_t len = strlen(client_id);

    return len >= 1 && len <= IC_CLIENT_ID_MAX && strspn(client_id, allowed) == len &&
           strcmp(client_id, ".") != 0 && strcmp(client_id, "..") != 0 &&
           !ic_view_ends(ic_view_of(client_id), "-debug");
}

int ic_batch_id_read(ic_view text, uint64_t *out)
{
    uint64_t id;

    if (text.len < BATCH_DIGITS_MIN || text.len > BATCH_DIGITS_MAX || text.data[0] == '0' ||
        !ic_view_u64(text, &id) || id > BATCH_ID_MAX)
        return 0;
    *out = id;
    return 1;
}

static int copy_text(char *out, size_t size, ic_view text)
{
    if (text.len >= size)
        return 0;
    memcpy(out, text.data, text.len);
    out[text.len] = '\0';
    return 1;
}

static int read_client_id(ic_view text, ic_object_key *out)
{
    if (text.len == 0 || ic_view_is(text, ".") || ic_view_is(text, ".."))
        return 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < ' ' || text.data[i] > '~')
            return 0;
    }
    return copy_text(out->client_id, sizeof(out->client_id), text);
}

static int read_batch(ic_view text, ic_object_key *out)
{
    size_t prefix = strlen(BATCH_PREFIX);

    return ic_view_starts(text, BATCH_PREFIX) &&
           ic_batch_id_read(ic_view_n(text.data + prefix, text.len - prefix), &out->batch_id);
}

/* A calendar date survives being joined and split again; 2025-02-30 does not. */
static int read_hour(ic_view text, ic_object_key *out)
{
    static const size_t lens[] = { 4, 2, 2, 2 };
    uint64_t parts[4];
    ic_time_utc utc = { 0, 0, 0, 0, 0, 0 };
    char again[IC_TIME_HOUR_SIZE];

    if (text.len != IC_TIME_HOUR_SIZE - 1)
        return 0;
    for (size_t i = 0; i < 4; i++) {
        ic_view head;

        text = ic_view_split(text, '-', &head);
        if (head.len != lens[i] || !ic_view_u64(head, &parts[i]))
            return 0;
    }
    if (parts[1] < 1 || parts[1] > 12 || parts[2] < 1 || parts[2] > 31 || parts[3] > 23 ||
        text.data != NULL)
        return 0;
    utc.year = (int)parts[0];
    utc.month = (int)parts[1];
    utc.day = (int)parts[2];
    utc.hour = (int)parts[3];
    ic_time_hour(ic_time_join(utc), again);
    memcpy(out->hour, again, sizeof(again));
    return ic_time_split(ic_time_join(utc)).day == utc.day;
}

static int read_name(ic_view text, ic_object_key *out)
{
    uint64_t epoch;

    out->debug = 0;
    if (ic_view_ends(text, ".jpg"))
        out->extension = IC_KEY_JPG;
    else if (ic_view_ends(text, ".png"))
        out->extension = IC_KEY_PNG;
    else
        return 0;
    text.len -= strlen(".jpg");
    if (ic_view_ends(text, "-debug")) {
        out->debug = 1;
        text.len -= strlen("-debug");
    }
    if (text.len != EPOCH_DIGITS || text.data[0] == '0' || !ic_view_u64(text, &epoch))
        return 0;
    out->upload_ts = (int64_t)epoch;
    return 1;
}

static const char *find_fault(const char *text, ic_object_key *out)
{
    ic_view parts[5];
    ic_view rest = ic_view_of(text);

    for (size_t i = 0; i < 5; i++) {
        if (rest.data == NULL)
            return "it has fewer than 5 parts";
        rest = ic_view_split(rest, '/', &parts[i]);
    }
    if (rest.data != NULL)
        return "it has more than 5 parts";
    if (!copy_text(out->fingerprint, sizeof(out->fingerprint), parts[0]) ||
        !ic_sha256_hex_is_valid(out->fingerprint))
        return "the fingerprint is not 64 lower-case hex digits";
    if (!read_client_id(parts[1], out))
        return "the client id is not 1 to 64 printable characters";
    if (!read_batch(parts[2], out))
        return "the batch is not \"batch-\" and 10 to 16 digits";
    if (!read_hour(parts[3], out))
        return "the date is not YYYY-MM-DD-HH";
    if (!read_name(parts[4], out))
        return "the name is not {10 digits}[-debug].jpg or .png";
    return NULL;
}

icecat_status ic_object_key_parse(const char *text, ic_object_key *out, icecat_error *err)
{
    ic_object_key key = { 0 };
    const char *fault = find_fault(text, &key);

    if (fault != NULL)
        return ic_fail(err, ICECAT_E_KEY, "object key \"%.200s\" is not one of ours: %s", text,
                       fault);
    *out = key;
    return ICECAT_OK;
}
