/*
 * chain_rig.h - a place to try the credentials chain in: an empty home, an empty environment, a clock
 * that stands still, and answers of a script instead of a network.
 */
#ifndef CHAIN_RIG_H
#define CHAIN_RIG_H

#include "aws/credentials_chain.h"
#include <stdatomic.h>

/** Secrets in tests begin so; no message may hold it. */
#define CANARY "canary"

/** The n-th request gets the n-th reply, and the last one again and again. */
typedef struct rig_reply {
    int http_status;
    icecat_status failure; /* when http_status is 0 */
    const char *body;      /* or NULL */
} rig_reply;

typedef struct rig_request {
    char method[8];
    char url[512];
    char headers[4096]; /* "name: value\n" each */
    char body[8192];
    int is_direct;
    const char *ca_bundle; /* borrowed from the settings; only to compare with NULL */
} rig_request;

#define RIG_REQUESTS 16

typedef struct rig {
    char home[64];
    atomic_llong unix_s;
    icecat_clock clock;
    const rig_reply *replies;
    size_t reply_count;
    int hangs; /* 1: no request is ever answered */
    size_t asked;
    rig_request requests[RIG_REQUESTS];
    char logged[8192]; /* all log lines */
} rig;

#define RIG_TIME INT64_C(1764072000) /* 2025-11-25T12:00:00Z */

/** The one that tests use: RIG_TEST(name) in the list of tests sets it up and takes it down. */
extern rig place;
int rig_begin(void **state);
int rig_end(void **state);
#define RIG_TEST(name) cmocka_unit_test_setup_teardown(name, rig_begin, rig_end)

/** The message holds @p text, and no secret. */
void assert_told(const icecat_error *err, const char *text);
/** @p whole holds @p part. */
void assert_in(const char *whole, const char *part);

void rig_setup(rig *r);
void rig_teardown(rig *r);

/** Write a file below the home folder; folders are made. */
void rig_file(const rig *r, const char *name, const char *text);
/** "HOME/name". Static. */
const char *rig_path(const rig *r, const char *name);
void rig_script(rig *r, const rig_reply *replies, size_t count);

/** A chain in this place. @p profile may be NULL. */
icecat_credentials *rig_chain(rig *r, const char *profile);
icecat_status rig_chain_with(rig *r, const char *profile, const icecat_allocator *allocator,
                             icecat_credentials **out, icecat_error *err);
/** Ask it for keys now; the caller releases them. */
icecat_status rig_keys(rig *r, const icecat_credentials *credentials, ic_keys **out,
                       icecat_error *err);
/** Let each allocation of a search and of a report fail once; @p least of them are expected. */
void rig_sweep(rig *r, const char *profile, const rig_reply *replies, size_t count, size_t least);
/** A chain of its own, asked once: the source's name and the key id, "imds AKID", or the failure's name. */
const char *rig_look(rig *r, const char *profile, icecat_error *err);

#endif
