/*
 * submit.h - the parts of a submission (internal to command_submit.c).
 */
#ifndef CLI_SUBMIT_H
#define CLI_SUBMIT_H

#include "cli.h"
#include "cli_progress.h"
#include "json_out.h"
#include "submit_known.h"

/* One file, and what became of it. */
struct submit_item {
    char *path;
    char *reason;      /* why it was rejected or failed */
    char *fingerprint; /* of what has no record in the batch; NULL when it is not known */
    size_t record;     /* its place in the batch, plus 1; 0 without one */
    icecat_status status;
    uint32_t action; /* ICECAT_SUBMITTED ...; 0 while nothing is known */
};

/* The files of a submission, in the order in which they were found. */
struct submit_list {
    struct submit_item *items;
    size_t count;
    size_t cap;
    uint64_t bytes;
    int out_of_memory;
};

/* Look up all files first, so that the totals are known. What cannot be read becomes a failed item.
 * 0, or the exit code of a failure that was reported. */
int submit_scan(const struct cli *cli, struct submit_list *out);
/* Append a file; NULL when out of memory. The path is copied. */
struct submit_item *submit_list_add(struct submit_list *list, const char *path);
void submit_list_clear(struct submit_list *list);

/* The batch file and its journal. */
struct submit_batch {
    icecat_batch *batch;
    uint64_t id;
    size_t first; /* records that were there before the submission */
    char *path;
    char *journal;
    int is_open; /* the journal is there */
};

/* Make the folder, and read the file of an earlier submission of the same batch. */
icecat_status submit_batch_open(struct cli *cli, uint64_t id, struct submit_batch *out,
                                icecat_error *err);
/* Begin the journal, with all that the batch has by then. */
icecat_status submit_batch_begin(struct submit_batch *batch, icecat_error *err);
/* Read the journal of an interrupted submission, named by it or by its batch file, and go on with it. When
 * there is no journal but the batch file, that is read: nothing is left to do. */
icecat_status submit_batch_resume(const char *file, struct submit_batch *out, icecat_error *err);
/* Record an image that is in the bucket, before it counts. @p position is its place in the file. */
icecat_status submit_batch_add(struct cli *cli, struct submit_batch *batch,
                               const icecat_submission *submission, uint64_t position,
                               icecat_error *err);
/* Records of this submission. */
size_t submit_batch_added(const struct submit_batch *batch);
/* Write the batch file; without any record, leave nothing behind. */
icecat_status submit_batch_save(struct submit_batch *batch, icecat_error *err);
/* Remove the journal of a submission that did not begin, unless it has records. */
void submit_batch_discard(struct submit_batch *batch);
/* A journal that is there stays. */
void submit_batch_close(struct submit_batch *batch);

struct submit {
    struct cli *cli;
    struct submit_list list;
    struct submit_batch batch;
    struct submit_known known;
    struct progress progress;
    struct json_out document;
    size_t *given; /* item of each path that the library was given */
    size_t given_count;
    size_t next; /* item to give next */
    int64_t
        epoch; /* time in the keys of all images, so that they are the same when it is resumed */
    size_t *unsafe; /* items whose records may not be on the disk yet, and are not told before */
    size_t unsafe_count;
    uint64_t unsafe_since_ms;
    icecat_submit_counts counts;
    uint64_t settled_bytes;
    uint64_t known_bytes; /* settled before the upload began */
    uint64_t moved_bytes; /* settled, or sent of what is under way; it never goes back */
    uint64_t begun_ms;
    uint64_t told_ms; /* of the last progress event */
    uint64_t told_done;
    icecat_error failure; /* what stopped the whole; status 0 when nothing did */
    int keeps_journal;    /* it was the journal */
    int is_resumed;
    int is_dry;
    int waits;
};

/* submit_plan.c: write down what is to be done, before the first upload, as notes of the batch; and read it
 * back. What could not be read is a failed item again. */
icecat_status submit_plan_write(struct submit *submit, icecat_error *err);
icecat_status submit_plan_read(struct submit *submit, icecat_error *err);

/* The record of an item in the batch; 0 when it has none. */
int submit_item_record(const struct submit *submit, const struct submit_item *item,
                       icecat_batch_record *out);

/* submit_safe.c: an image that is in the bucket is told once its record is on the disk; many records go
 * there together. */
enum { SUBMIT_UNSAFE_MOST = 256 };
icecat_status submit_safe_add(struct submit *submit, size_t item, icecat_error *err);
/* Tell what has waited for long enough, or all of it. ICECAT_E_FILE when the disk does not take it. */
icecat_status submit_safe_tell(struct submit *submit, int all, icecat_error *err);

/* submit_output.c: what goes to stdout. */
void submit_print_start(struct submit *submit);
/* @p error of what was rejected or failed, else NULL. */
void submit_print_item(struct submit *submit, const struct submit_item *item,
                       const icecat_error *error);
void submit_print_progress(struct submit *submit);
void submit_print_end(struct submit *submit, int exit_code);

/* submit_run.c: count an item and tell of it. */
void submit_take(struct submit *submit, const struct submit_item *item, uint64_t bytes,
                 const icecat_error *error);

/* Check and upload every file of the list, or with is_dry only check; fills counts and items. 0, or the
 * exit code of a usage error. */
int submit_run(struct submit *submit);

/* The exit code that the items make: 0, 3, or the most telling cause when nothing was uploaded. */
int submit_exit_code(const struct submit_list *list, int skip_rejected);

#endif
