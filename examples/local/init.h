/*
 * init.h - --init: what the deployment template creates on AWS, created here.
 */
#ifndef ICECAT_LOCAL_INIT_H
#define ICECAT_LOCAL_INIT_H

#include "settings.h"

#include <sqlite3.h>
#include <stdint.h>

/* Create what is missing of the buckets, the table and the SSM parameters, all or nothing. 1, or 0
 * with one sentence in @p why. */
int init_resources(sqlite3 *db, const local_settings *settings, int64_t now_s, char *why,
                   size_t why_len);

#endif
