/*
 * pipeline.h - what a pipeline holds: its settings, checked and copied.
 */
#ifndef IC_PIPELINE_H
#define IC_PIPELINE_H

#include "base/mem.h"
#include "pipeline/object_key.h"
#include <icecat/pipeline.h>

struct icecat_pipeline {
    ic_mem mem; /* the client's */
    icecat_client *client;
    char *bucket_source; /* these five may be NULL: not set */
    char *bucket_dest;
    char *bucket_fail;
    char *table;
    char *client_id;
    char *label;
    double min_confidence;
    uint32_t max_labels;
    uint32_t ttl_s;
    int debug;
    int compat_keys;
};

/**
 * ICECAT_OK when every setting that the caller needs is there; else ICECAT_E_CONFIG names the first
 * that is missing and says how to give it. @p needs is a sum of the bits below.
 */
icecat_status ic_pipeline_need(const icecat_pipeline *pipeline, unsigned needs, icecat_error *err);
#define IC_NEED_SOURCE    1u
#define IC_NEED_DEST      2u
#define IC_NEED_FAIL      4u
#define IC_NEED_TABLE     8u
#define IC_NEED_CLIENT_ID 16u

#endif
