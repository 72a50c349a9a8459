/*
 * shim.h - how a call crosses from Go to C: one crossing, and nothing kept on either side.
 *
 * C may not keep a pointer to Go's memory, nor be given Go memory that points to other Go memory. So
 * the arguments of a call come as one run of bytes (wire.go writes it, shim_wire.c reads it), and the
 * answer goes back as another, into Go's memory when it fits there. Structs of the library live on the
 * stack of C for as long as the call.
 */
#ifndef GOICECAT_SHIM_H
#define GOICECAT_SHIM_H

#include <icecat/icecat.h>

/* The least version that has every function and field used here. There is no upper bound: the ABI only grows. */
#define GOICECAT_LEAST_VERSION 1000
#if ICECAT_VERSION_NUMBER < GOICECAT_LEAST_VERSION
#error "the Go package icecat needs libicecat 0.1.0 or later: pkg-config found an older one"
#endif

/** One call, in Go's memory; frame.go has the same type. Pointers are those of C, as numbers. */
typedef struct goicecat_frame {
    uint64_t object;     /**< What is called: an icecat_client *, icecat_batch * and so on. */
    uint64_t cancel;     /**< icecat_cancel *, or 0. */
    uint64_t timeout_ms; /**< 0 for no limit. */
    uint64_t callbacks;  /**< cgo.Handle of the functions that this call calls back, or 0. */
    uint64_t call;  /**< cgo.Handle of the Go call, for functions that belong to a client, or 0. */
    uint64_t made;  /**< Out: a new object, or 0. */
    uint64_t spill; /**< Out: C memory with a reply that did not fit, or 0. */
    uint64_t reply_len; /**< Out: bytes of the reply. */
    icecat_error error; /**< Out. */
} goicecat_frame;

typedef struct goicecat_call goicecat_call;
/** One operation: reads its arguments, calls the library, writes its reply. */
typedef icecat_status (*goicecat_op)(goicecat_call *call);

/** Run one operation. The reply goes to @p reply, or to frame->spill when it is longer than that. */
int goicecat_run(goicecat_op op, goicecat_frame *frame, const unsigned char *args, size_t args_len,
                 const unsigned char *data, size_t data_len, unsigned char *reply,
                 size_t reply_size);
/** Copy the spilled reply to @p out, which has frame->reply_len bytes, and free it. */
void goicecat_take_spill(goicecat_frame *frame, unsigned char *out);

/* Tokens, each for one call. goicecat_cancel_fire() may be called while the call runs. */
uint64_t goicecat_cancel_new(void);
void goicecat_cancel_fire(uint64_t cancel);
void goicecat_cancel_free(uint64_t cancel);

/* What C calls back; the numbers are those of callback.go. */
enum {
    GOICECAT_ON_NEXT = 1,
    GOICECAT_ON_SETTLED = 2,
    GOICECAT_ON_KNOWN = 3,
    GOICECAT_ON_PROGRESS = 4,
    GOICECAT_ON_WAIT = 5,
    GOICECAT_ON_LOG = 6,
    GOICECAT_ON_KEYS = 7,
    GOICECAT_ON_FREE = 8,
    GOICECAT_ON_RANDOM = 9,
    GOICECAT_ON_NOW = 10,
    GOICECAT_ON_MONOTONIC = 11,
    GOICECAT_ON_SLEEP = 12,
    GOICECAT_ON_REQUEST = 13
};

/* The operations, by the file that has them; each stands beside its Go name in native.go. */
#define GOICECAT_OPERATION(name) icecat_status goicecat_##name(goicecat_call *call)
/* shim_base.c */
GOICECAT_OPERATION(version);
GOICECAT_OPERATION(dependency);
GOICECAT_OPERATION(status);
GOICECAT_OPERATION(ssm_parameters);
/* shim_image.c */
GOICECAT_OPERATION(image_probe);
GOICECAT_OPERATION(image_probe_file);
GOICECAT_OPERATION(image_stream_new);
GOICECAT_OPERATION(image_stream_feed);
GOICECAT_OPERATION(image_stream_finish);
GOICECAT_OPERATION(image_stream_free);
GOICECAT_OPERATION(image_format);
GOICECAT_OPERATION(image_reason);
/* shim_credentials.c */
GOICECAT_OPERATION(credentials_static);
GOICECAT_OPERATION(credentials_environment);
GOICECAT_OPERATION(credentials_default);
GOICECAT_OPERATION(credentials_callback);
GOICECAT_OPERATION(credentials_report);
GOICECAT_OPERATION(credentials_describe);
GOICECAT_OPERATION(credentials_free);
/* shim_client.c */
GOICECAT_OPERATION(client_new);
GOICECAT_OPERATION(client_free);
GOICECAT_OPERATION(client_address);
GOICECAT_OPERATION(client_report);
GOICECAT_OPERATION(client_clock_difference);
GOICECAT_OPERATION(client_bucket_region);
GOICECAT_OPERATION(client_settings);
GOICECAT_OPERATION(settings_load);
/* shim_hooks.c */
GOICECAT_OPERATION(http_answer);
/* shim_s3.c */
GOICECAT_OPERATION(s3_put);
GOICECAT_OPERATION(s3_get);
GOICECAT_OPERATION(s3_head);
GOICECAT_OPERATION(s3_copy);
GOICECAT_OPERATION(s3_delete);
GOICECAT_OPERATION(s3_presign);
/* shim_dynamodb.c */
GOICECAT_OPERATION(dynamodb_put);
GOICECAT_OPERATION(dynamodb_update);
GOICECAT_OPERATION(dynamodb_get);
GOICECAT_OPERATION(dynamodb_delete);
GOICECAT_OPERATION(dynamodb_query);
GOICECAT_OPERATION(dynamodb_batch_get);
/* shim_rekognition.c */
GOICECAT_OPERATION(rekognition_detect);
GOICECAT_OPERATION(rekognition_detect_s3);
/* shim_pipeline.c */
GOICECAT_OPERATION(pipeline_new);
GOICECAT_OPERATION(pipeline_free);
GOICECAT_OPERATION(batch_id_new);
GOICECAT_OPERATION(batch_id_parse);
GOICECAT_OPERATION(submit);
GOICECAT_OPERATION(submit_many);
GOICECAT_OPERATION(process);
GOICECAT_OPERATION(forget);
/* shim_results.c */
GOICECAT_OPERATION(result);
GOICECAT_OPERATION(results);
GOICECAT_OPERATION(search);
GOICECAT_OPERATION(wait);
/* shim_batch.c */
GOICECAT_OPERATION(batch_new);
GOICECAT_OPERATION(batch_load);
GOICECAT_OPERATION(batch_resume);
GOICECAT_OPERATION(batch_add);
GOICECAT_OPERATION(batch_note);
GOICECAT_OPERATION(batch_notes);
GOICECAT_OPERATION(batch_journal);
GOICECAT_OPERATION(batch_defer);
GOICECAT_OPERATION(batch_sync);
GOICECAT_OPERATION(batch_save);
GOICECAT_OPERATION(batch_count);
GOICECAT_OPERATION(batch_at);
GOICECAT_OPERATION(batch_free);
/* shim_sigv4.c */
GOICECAT_OPERATION(sigv4_cache_new);
GOICECAT_OPERATION(sigv4_cache_free);
GOICECAT_OPERATION(sigv4_sign);
GOICECAT_OPERATION(sigv4_sign_chunk);
GOICECAT_OPERATION(sigv4_sign_trailer);
GOICECAT_OPERATION(sigv4_chunk_head);
GOICECAT_OPERATION(sigv4_chunked_length);
GOICECAT_OPERATION(sigv4_explain);
GOICECAT_OPERATION(sigv4_parse);
GOICECAT_OPERATION(sigv4_verify);

#endif
