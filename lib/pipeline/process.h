/*
 * process.h - one object on its way through process: what is known of it, and the single steps.
 *
 * Every step is one request to AWS. process.c puts them in order.
 */
#ifndef IC_PROCESS_H
#define IC_PROCESS_H

#include "pipeline/pipeline.h"
#include "pipeline/record.h"
#include "pipeline/steps.h"
#include <icecat/s3.h>

#define IC_PLACE_SIZE   304 /* bucket 63, '/', object key 224 */
#define IC_MAX_LOG_JSON 65536

typedef struct ic_process {
    icecat_pipeline *pipeline;
    ic_steps steps;
    ic_object_key key;
    const char *key_text;
    const char *bucket; /* where the object is, one of the pipeline's; NULL: nowhere */
    char *file_name;    /* from the object's metadata; NULL when it has none */
    ic_buf log;         /* of a key with "-debug": the lines so far, a JSON array without its end */
    icecat_labels *labels;
    size_t label_index; /* of the label that made the verdict */
    int is_started;     /* the pending record is ours */
    int is_vanished;    /* the object went away under our hands: another worker moved it */
    icecat_process_result result; /* fail_code is set as soon as it is refused */
    char fail_reason[360];
} ic_process;

/** Append a line to the record's log, when it has one, and to the client's. */
void ic_process_note(ic_process *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** Refuse the object for good. */
void ic_process_refuse(ic_process *p, const char *code, const char *reason);

/** "bucket/key" */
void ic_process_place(const ic_process *p, const char *bucket, char out[IC_PLACE_SIZE]);

/**
 * Read the object's first bytes and metadata from @p bucket and judge its header, which may refuse
 * it. @p found is 0 when the bucket has no such object.
 */
icecat_status ic_process_fetch(ic_process *p, const char *bucket, int *found, icecat_error *err);

/** Ask Rekognition, which may refuse it too. */
icecat_status ic_process_detect(ic_process *p, icecat_error *err);

/** Describe the object. When there is none, p->is_vanished is set. */
icecat_status ic_process_head(ic_process *p, const char *bucket, icecat_s3_object **out,
                              icecat_error *err);
icecat_status ic_process_copy(ic_process *p, const char *from, const char *to, icecat_error *err);
icecat_status ic_process_copy_as(ic_process *p, const char *from, const char *to,
                                 icecat_s3_copy_options *options, icecat_error *err);
icecat_status ic_process_delete(ic_process *p, const char *bucket, icecat_error *err);

/**
 * Move an object that belongs to no record to the fail bucket, with @p sentence in its metadata.
 * ICECAT_OK also when it is gone already.
 */
icecat_status ic_process_set_aside(ic_process *p, const char *sentence, icecat_error *err);

/** Read the record; @p out is zeroed and @p found 0 when the table has none. Free it in any case. */
icecat_status ic_process_read(ic_process *p, ic_record *out, int *found, icecat_error *err);

/** Write the pending record. ICECAT_E_PRECONDITION: another one is there; it is in @p there if it is
 *  still there, with @p found 1. */
icecat_status ic_process_start(ic_process *p, ic_record *there, int *found, icecat_error *err);

/** Make the record final, the object being in @p bucket. ICECAT_E_PRECONDITION as above. */
icecat_status ic_process_finish(ic_process *p, const char *bucket, ic_record *there, int *found,
                                icecat_error *err);

/** Correct s3img_key of a record whose writer died before it did. */
icecat_status ic_process_say_place(ic_process *p, const char *bucket, icecat_error *err);

#endif
