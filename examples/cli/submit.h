/*
 * submit.h - the parts of a submission (internal to command_submit.c).
 */
#ifndef CLI_SUBMIT_H
#define CLI_SUBMIT_H

#include "cli.h"
#include "cli_progress.h"
#include "json_out.h"

/* One file, and what became of it. */
struct submit_item {
    char *path;
    char *key;          /* when it is in the bucket */
    char *duplicate_of; /* path of the equal one */
    char *reason;       /* why it was rejected or failed */
    icecat_status status;
    uint32_t action; /* ICECAT_SUBMITTED ...; 0 while nothing is known */
    char fingerprint[72];
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
void submit_list_clear(struct submit_list *list);

/* The batch file and its journal. */
struct submit_batch {
    icecat_batch *batch;
    uint64_t id;
    size_t first; /* records that were there before */
    char *path;
    char *journal;
    int is_open; /* the journal is there */
};

/* Make the folder, read the file of an earlier submission of the same batch, begin the journal. */
icecat_status submit_batch_open(struct cli *cli, uint64_t id, struct submit_batch *out,
                                icecat_error *err);
/* Record an image that is in the bucket, before it counts. */
icecat_status submit_batch_add(struct cli *cli, struct submit_batch *batch,
                               const icecat_submission *submission, icecat_error *err);
/* Records of this submission. */
size_t submit_batch_added(const struct submit_batch *batch);
/* Write the batch file; without any record, leave nothing behind. */
icecat_status submit_batch_save(struct submit_batch *batch, icecat_error *err);
/* A journal with records stays unless it was saved. */
void submit_batch_close(struct submit_batch *batch);

struct submit {
    struct cli *cli;
    struct submit_list list;
    struct submit_batch batch;
    struct progress progress;
    struct json_out document;
    size_t *given; /* item of each path that the library was given */
    size_t given_count;
    size_t next; /* item to give next */
    icecat_submit_counts counts;
    uint64_t settled_bytes;
    uint64_t begun_ms;
    uint64_t told_ms; /* of the last progress event */
    uint64_t told_done;
    icecat_error failure; /* what stopped the whole; status 0 when nothing did */
    int keeps_journal;    /* it was the journal */
    int is_dry;
    int waits;
};

/* submit_output.c: what goes to stdout. */
void submit_print_start(struct submit *submit);
/* @p submission of a file that was not looked at has no key and its error. */
void submit_print_item(struct submit *submit, const icecat_submission *submission);
void submit_print_progress(struct submit *submit);
void submit_print_end(struct submit *submit, int exit_code);

/* Check and upload every file of the list, or with is_dry only check; fills counts and items. 0, or the
 * exit code of a usage error. */
int submit_run(struct submit *submit);

/* The exit code that the items make: 0, 3, or the most telling cause when nothing was uploaded. */
int submit_exit_code(const struct submit_list *list, int skip_rejected);

#endif
