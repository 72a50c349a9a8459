/*
 * keys.c - given keys, or random ones that the store keeps.
 */
#include "keys.h"

#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>

#define ID_NAME     "access_key_id"
#define SECRET_NAME "secret_access_key"
#define ID_PREFIX   "ICECAT"
#define ID_RANDOM   14
#define SECRET_LEN  40

/* 32 of them, so that five bits of a random byte choose evenly; none needs quoting in a shell. */
static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

static int random_text(char *out, size_t len)
{
    unsigned char bytes[SECRET_LEN];

    if (len > sizeof(bytes) || RAND_bytes(bytes, (int)len) != 1)
        return 0;
    for (size_t i = 0; i < len; i++)
        out[i] = alphabet[bytes[i] & 31];
    out[len] = '\0';
    return 1;
}

static int make(data_store *store, access_keys *out, char *why, size_t why_len)
{
    memcpy(out->id, ID_PREFIX, sizeof(ID_PREFIX));
    if (!random_text(out->id + sizeof(ID_PREFIX) - 1, ID_RANDOM) ||
        !random_text(out->secret, SECRET_LEN)) {
        (void)snprintf(why, why_len, "no random bytes for access keys");
        return 0;
    }
    /* The id last: keys are there only when both are. */
    if (store_write_value(store, SECRET_NAME, out->secret) != SQLITE_OK ||
        store_write_value(store, ID_NAME, out->id) != SQLITE_OK) {
        (void)snprintf(why, why_len, "the access keys cannot be kept: %s",
                       sqlite3_errmsg(store->db));
        return 0;
    }
    return 1;
}

int keys_load(const local_settings *settings, data_store *store, access_keys *out, char *why,
              size_t why_len)
{
    int id;
    int secret;

    if (settings->access_key != NULL) {
        (void)snprintf(out->id, sizeof(out->id), "%s", settings->access_key);
        (void)snprintf(out->secret, sizeof(out->secret), "%s", settings->secret_key);
        return 1;
    }
    id = store_read_value(store, ID_NAME, out->id, sizeof(out->id));
    secret = store_read_value(store, SECRET_NAME, out->secret, sizeof(out->secret));
    if (id == 1 && secret == 1)
        return 1;
    if (id >= 0 && secret >= 0)
        return make(store, out, why, why_len);
    (void)snprintf(why, why_len, "the access keys cannot be read: %s", sqlite3_errmsg(store->db));
    return 0;
}
