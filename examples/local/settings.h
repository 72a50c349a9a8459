/*
 * settings.h - the command line of icecat-local.
 */
#ifndef ICECAT_LOCAL_SETTINGS_H
#define ICECAT_LOCAL_SETTINGS_H

#include "faults.h"

#include <stddef.h>
#include <stdio.h>

/* Texts are those of the command line, or static. */
typedef struct local_settings {
    const char *host; /* an address: "localhost" has become 127.0.0.1 */
    unsigned port;    /* 0: a free one */
    const char *data;
    const char *region; /* this and the next five: NULL until names_settle() when not given */
    const char *table;
    const char *bucket_source;
    const char *bucket_dest;
    const char *bucket_fail;
    const char *function;  /* name of the Lambda function */
    const char *bootstrap; /* NULL: no events are worked on */
    const char *label_file;
    const char *model_file;
    const char *classes_file;
    const char *access_key; /* NULL: the store's own */
    const char *secret_key;
    unsigned workers; /* pictures at once; never 0 */
    unsigned latency_ms;
    long long clock_offset_s;
    fault_rules faults;
    int init;
    int verbose;
    int show_help;
    int show_version;
} local_settings;

/* Read the arguments. 1, or 0 with one sentence in @p why. */
int settings_read(int argc, char *const *argv, local_settings *out, char *why, size_t why_len);

/* The text of --help. 0 when it cannot be written. */
int settings_print_help(FILE *out);

#endif
