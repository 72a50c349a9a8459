/*
 * keys.h - the access keys that clients of icecat-local sign with.
 */
#ifndef ICECAT_LOCAL_KEYS_H
#define ICECAT_LOCAL_KEYS_H

#include "settings.h"
#include "store.h"

typedef struct access_keys {
    char id[129];
    char secret[129];
} access_keys;

/* Those of the command line; else those of the store, made when there are none yet, so that a
 * restart keeps them. 1, or 0 with one sentence in @p why. */
int keys_load(const local_settings *settings, data_store *store, access_keys *out, char *why,
              size_t why_len);

#endif
