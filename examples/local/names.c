/*
 * names.c - the region and the names of buckets, table and function: given, kept or the defaults.
 */
#include "names.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* The region is one that has known SigV4 only: for the older ones boto3 and the aws command still
 * presign with SigV2, which is not there. */
static const struct {
    const char *key;
    size_t field;  /* in local_settings */
    size_t memory; /* in kept_names */
    size_t size;
    const char *preset;
} names[] = {
#define NAME(key, field, preset)                                                                   \
    {                                                                                              \
        key, offsetof(local_settings, field), offsetof(kept_names, field),                         \
            sizeof(((kept_names *)0)->field), preset                                               \
    }
    NAME("region", region, "eu-central-1"),
    NAME("table", table, "icecat-results"),
    NAME("bucket_source", bucket_source, "icecat-source"),
    NAME("bucket_dest", bucket_dest, "icecat-dest"),
    NAME("bucket_fail", bucket_fail, "icecat-fail"),
    NAME("function", function, "icecat-bulkimg-analyse"),
#undef NAME
};

#define NAMES (sizeof(names) / sizeof(names[0]))

static const char *get(const local_settings *settings, size_t at)
{
    const char *value;

    memcpy(&value, (const char *)settings + names[at].field, sizeof(value));
    return value;
}

static void set(local_settings *settings, size_t at, const char *value)
{
    memcpy((char *)settings + names[at].field, &value, sizeof(value));
}

static int complain(char *why, size_t why_len, const char *what, data_store *store)
{
    (void)snprintf(why, why_len, "the names of buckets and table cannot be %s: %s", what,
                   sqlite3_errmsg(store->db));
    return 0;
}

int names_settle(local_settings *settings, data_store *store, kept_names *memory, char *why,
                 size_t why_len)
{
    for (size_t i = 0; i < NAMES; i++) {
        char *kept = (char *)memory + names[i].memory;
        int found;

        if (get(settings, i) != NULL)
            continue;
        found = store_read_value(store, names[i].key, kept, names[i].size);
        if (found < 0)
            return complain(why, why_len, "read", store);
        set(settings, i, found ? kept : names[i].preset);
    }
    /* The function moves pictures from one bucket to another; back to the source would loop. */
    if (strcmp(settings->bucket_source, settings->bucket_dest) == 0 ||
        strcmp(settings->bucket_source, settings->bucket_fail) == 0) {
        (void)snprintf(why, why_len, "--bucket-source: must differ from the other buckets (%s, %s)",
                       settings->bucket_dest, settings->bucket_fail);
        return 0;
    }
    return 1;
}

int names_keep(const local_settings *settings, data_store *store, char *why, size_t why_len)
{
    for (size_t i = 0; i < NAMES; i++) {
        if (store_write_value(store, names[i].key, get(settings, i)) != SQLITE_OK)
            return complain(why, why_len, "kept", store);
    }
    return 1;
}
