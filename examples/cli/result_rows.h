/*
 * result_rows.h - one image and its verdict: from the table's record to words, JSON and an exit code.
 */
#ifndef CLI_RESULT_ROWS_H
#define CLI_RESULT_ROWS_H

#include "json_out.h"
#include <cjson/cJSON.h>
#include <icecat/pipeline.h>

enum verdict {
    VERDICT_CAT,
    VERDICT_NOT_CAT,
    VERDICT_PENDING,
    VERDICT_FAILED,   /* could not be uploaded, or not be judged */
    VERDICT_MISSING,  /* the table has no record */
    VERDICT_REJECTED, /* not uploaded, because it is no sound image */
    VERDICT_COUNT
};

/* All texts are borrowed; NULL when unknown. */
struct result_row {
    const char *file;
    const char *fingerprint;
    const char *client_id;
    const char *s3img_key;
    const char *labels_json;
    const char *logs_json;
    const char *fail_code;
    const char *reason;   /* why it was rejected or failed */
    icecat_status status; /* of that */
    uint64_t batch_id;
    uint64_t size_bytes; /* of the file; 0 when unknown */
    int64_t upload_ts;
    int64_t rek_ts;
    int64_t ttl;
    double confidence; /* percent, -1 when unknown */
    enum verdict verdict;
    size_t record; /* of the icecat_results it is from */
};

struct result_counts {
    uint64_t total;
    uint64_t by_verdict[VERDICT_COUNT];
};

/* "cat", "not cat", "pending", "failed", "missing", "rejected". */
const char *verdict_word(enum verdict verdict);
/* The same as an option's value has it: "not-cat". VERDICT_COUNT when @p word is none. */
enum verdict verdict_from_word(const char *word);

void result_row_from(struct result_row *row, const icecat_result *result);

/* The confidence of the cat, or of the strongest label when there is none; "" when unknown. */
void result_row_confidence(const struct result_row *row, char *out, size_t len);
/* "Cat 98.4 · Mammal 98.4": at most @p most labels between @p separator. "" when there are none. */
void result_row_labels(const struct result_row *row, size_t most, const char *separator, char *out,
                       size_t len);
/* labels_json or logs_json as a tree to be deleted; NULL when it is no array. */
cJSON *result_parse_array(const char *json);
/* @p label or the next behind it that has a name and a confidence; NULL when there is none. */
const cJSON *result_next_label(const cJSON *label, const char **name, double *confidence);
/* "98.4" in every locale. */
void result_format_percent(double value, char *out, size_t len);
/* A "result" object. */
void result_row_json(struct json_out *out, const char *name, const struct result_row *row);

void result_counts_add(struct result_counts *counts, enum verdict verdict);
/* "counts" members, without the object around them. */
void result_counts_json(struct json_out *out, const struct result_counts *counts);
/* "4 files: 1 cat, 1 not cat, 1 pending, 1 rejected" */
void result_counts_text(const struct result_counts *counts, char *out, size_t len);
/* 0; 8 when some are pending or missing and @p allow_pending is 0; else 3 when some failed or were
 * rejected, and 9 when all did. */
int result_counts_exit(const struct result_counts *counts, int allow_pending);

enum result_sort { SORT_AS_GIVEN, SORT_FILE, SORT_VERDICT, SORT_CONFIDENCE };
/* Stable. 0 when out of memory. */
int result_rows_sort(struct result_row *rows, size_t count, enum result_sort by);

#endif
