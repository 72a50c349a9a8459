/*
 * submit.h - what one image needs on its way to S3, for one call with one image or with many.
 */
#ifndef IC_SUBMIT_H
#define IC_SUBMIT_H

#include "aws/request.h"
#include "base/cancel.h"
#include "pipeline/pipeline.h"

/** Most bytes that are read of one file when the image limits do not say. */
#define IC_SUBMIT_MAX_BYTES (64u << 20)
/** Most bytes of the recorded file name, percent-encoded; S3 takes 2 kB of metadata. */
#define IC_SUBMIT_NAME_MAX 1024u

/** The arguments and options of one submit call, checked. */
typedef struct ic_submit_plan {
    const icecat_pipeline *pipeline;
    icecat_image_options image; /* whole; total_bytes is 0 */
    ic_bounds bounds;
    uint64_t batch_id;
    uint64_t max_bytes;                 /* of a file that is read */
    icecat_known_fn is_known;           /* may be NULL */
    icecat_submit_progress_fn progress; /* may be NULL */
    int64_t upload_ts;                  /* of every key; 0: when it is first sent */
    int no_validate;
    int stop_at_failure;
} ic_submit_plan;

/** ICECAT_E_ARGUMENT or ICECAT_E_CONFIG when something is wrong or missing. */
icecat_status ic_submit_plan_load(ic_submit_plan *plan, const icecat_pipeline *pipeline,
                                  uint64_t batch_id, const icecat_submit_options *options,
                                  icecat_error *err);

/** One image. The functions below fill it in this order. */
typedef struct ic_submit_image {
    const char *file_name; /* borrowed; NULL when it has none */
    ic_view bytes;         /* borrowed */
    uint64_t size_bytes;   /* of the file, also when it was too large to be read */
    uint32_t format;       /* icecat_image_format */
    unsigned char digest[IC_SHA256_LEN];
    ic_object_key key; /* its fingerprint is the digest */
    char key_text[IC_OBJECT_KEY_MAX + 1];
} ic_submit_image;

/**
 * Read a regular file once, into the empty @p memory, and hash it. A file over the limits is not read but judged by its
 * header, as icecat_image_probe_file(). ICECAT_E_FILE, ICECAT_E_NO_MEMORY, or an image status.
 */
icecat_status ic_submit_image_read(const ic_submit_plan *plan, const char *path, ic_buf *memory,
                                   ic_submit_image *image, icecat_error *err);

/** Fingerprint of bytes that are in memory already. ICECAT_E_CRYPTO. */
icecat_status ic_submit_image_hash(ic_submit_image *image, icecat_error *err);

/**
 * Is it a sound image inside the limits, and which extension does its key get? As
 * icecat_image_probe(). A name that promises another format is a warning in the log, and a refusal
 * only of strict options. With no_validate everything is good.
 */
icecat_status ic_submit_image_judge(const ic_submit_plan *plan, ic_submit_image *image,
                                    icecat_error *err);

/** The time that goes into the key of an image that is first sent now. */
int64_t ic_submit_plan_time(const ic_submit_plan *plan);
/** Object key, with the extension that is there, of an image that is first sent at @p unix_s. */
icecat_status ic_submit_image_key(const ic_submit_plan *plan, ic_submit_image *image,
                                  int64_t unix_s, icecat_error *err);

/** The put. Initialises @p request, which the caller frees, also after a failure. */
icecat_status ic_submit_image_request(const ic_submit_plan *plan, const ic_submit_image *image,
                                      ic_request *request, icecat_error *err);

/** 1 for the statuses that mean "this image will not do", rather than "this did not work". */
int ic_submit_is_rejection(icecat_status status);

/** Behind the last '/'. */
const char *ic_submit_last_component(const char *path);

/**
 * Append @p name percent-encoded, at most IC_SUBMIT_NAME_MAX bytes and never half a character.
 * Bytes that are not UTF-8 become U+FFFD, for the table holds UTF-8 only.
 */
icecat_status ic_submit_name_write(ic_buf *out, const char *name);

#endif
