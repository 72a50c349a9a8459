/*
 * names.h - the region and the names of buckets, table and function: given, kept or the defaults.
 */
#ifndef ICECAT_LOCAL_NAMES_H
#define ICECAT_LOCAL_NAMES_H

#include "settings.h"
#include "store.h"

/* Memory for what comes from the store. */
typedef struct kept_names {
    char region[33];
    char table[256];
    char bucket_source[64];
    char bucket_dest[64];
    char bucket_fail[64];
    char function[65];
} kept_names;

/* Fill in what the command line did not name: what --init kept, else the default. 1, or 0 with one
 * sentence in @p why, e.g. when a given name equals a kept one. */
int names_settle(local_settings *settings, data_store *store, kept_names *memory, char *why,
                 size_t why_len);

/* Keep the names for starts that do not give them. 1, or 0 with one sentence in @p why. */
int names_keep(const local_settings *settings, data_store *store, char *why, size_t why_len);

#endif
