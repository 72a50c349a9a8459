/*
 * object_key.h - the name of an uploaded image: who sent it, in which batch, when, and its SHA-256.
 *
 *   {fingerprint}/{client_id}/batch-{id}/{YYYY-MM-DD-HH}/{epoch}[-debug].{jpg|png}
 */
#ifndef IC_OBJECT_KEY_H
#define IC_OBJECT_KEY_H

#include "base/buf.h"
#include "base/digest.h"
#include "base/time.h"
#include "base/view.h"

#define IC_CLIENT_ID_MAX  64
#define IC_OBJECT_KEY_MAX 224 /* of every key that ic_object_key_parse() accepts */

typedef enum ic_key_extension { IC_KEY_JPG, IC_KEY_PNG } ic_key_extension;

typedef struct ic_object_key {
    char fingerprint[IC_SHA256_HEX_SIZE];
    char client_id[IC_CLIENT_ID_MAX + 1];
    uint64_t batch_id;
    char hour[IC_TIME_HOUR_SIZE];
    int64_t upload_ts;
    ic_key_extension extension;
    int debug;
} ic_object_key;

/** Append the key's text. */
icecat_status ic_object_key_write(ic_buf *out, const ic_object_key *key);

/**
 * Read a decoded key. ICECAT_E_KEY names the part that is wrong. Also accepts client ids that only
 * the Python client makes: any printable ASCII without '/'.
 */
icecat_status ic_object_key_parse(const char *text, ic_object_key *out, icecat_error *err);

/** 1 when this library may submit under @p client_id: 1 to 64 of [A-Za-z0-9._-], not "." or "..",
 *  no "-debug" at its end. */
int ic_client_id_is_valid(const char *client_id);

/** 1 when @p text is a batch id without its prefix: 10 to 16 digits, no leading zero, at most 2^53. */
int ic_batch_id_read(ic_view text, uint64_t *out);

#endif
