/*
 * record.h - one image in the DynamoDB table: its item to a struct, and the writes of process.
 *
 * Partition key batch_id (N), sort key img_fprint (S). The attributes are those of the Python system
 * and rek_confidence, labels, fail_code, fail_reason. docs/architecture.md describes them.
 */
#ifndef IC_RECORD_H
#define IC_RECORD_H

#include "base/buf.h"
#include "pipeline/object_key.h"
#include <icecat/dynamodb.h>
#include <icecat/pipeline.h>

#define IC_MAX_FILE_NAME 1024

#define IC_ATTR_BATCH_ID    "batch_id"
#define IC_ATTR_FINGERPRINT "img_fprint"

/* ---- reading ----------------------------------------------------------------------------- */

#define IC_RECORD_TEXTS 8

/** A record in memory of its own. */
typedef struct ic_record {
    icecat_result result;
    ic_mem mem;
    char *texts[IC_RECORD_TEXTS]; /* where the result's texts point */
} ic_record;

/**
 * Read what this library or the Python system wrote. @p label is looked for in an answer of
 * Rekognition whose record does not tell the confidence. Odd attributes read as unknown; the only
 * failure is ICECAT_E_NO_MEMORY.
 */
icecat_status ic_record_read(const ic_mem *mem, const icecat_item *item, const char *label,
                             ic_record *out, icecat_error *err);
/** A record that the table does not have. */
icecat_status ic_record_missing(const ic_mem *mem, uint64_t batch_id, const char *fingerprint,
                                ic_record *out, icecat_error *err);
void ic_record_free(ic_record *record);

/** 1 when nobody will change it any more: judged, or refused with a code. The Python system's "fail"
 *  is not settled, because it wrote that for everything that went wrong. */
int ic_record_is_settled(const ic_record *record);

/* ---- writing ----------------------------------------------------------------------------- */

/** The key of a record as an item. */
icecat_status ic_record_key(const ic_mem *mem, uint64_t batch_id, const char *fingerprint,
                            icecat_item **out, icecat_error *err);

typedef struct ic_record_start {
    const ic_object_key *key;
    const char *place;     /* "bucket/key" */
    const char *file_name; /* or NULL */
    uint32_t ttl_s;
} ic_record_start;

/** The pending record, and when it may be written. */
icecat_status ic_record_pending(const ic_mem *mem, const ic_record_start *start, icecat_item **out,
                                icecat_error *err);
extern const char ic_record_pending_condition[];
/** The values of the condition. */
icecat_status ic_record_pending_values(const ic_mem *mem, const char *client_id, icecat_item **out,
                                       icecat_error *err);

typedef struct ic_record_end {
    const char *client_id;
    const char *place;         /* "bucket/key" where the object is now; NULL: nowhere */
    const char *fail_code;     /* NULL when it was judged */
    const char *fail_reason;   /* with fail_code */
    const char *labels_json;   /* without fail_code */
    const char *response_json; /* without fail_code */
    const char *logs_json;     /* or NULL */
    double confidence;
    int is_cat;
    int64_t now_s;
} ic_record_end;

/** The one update that makes a pending record final: UpdateExpression, its values, and when. */
icecat_status ic_record_final(const ic_mem *mem, const ic_record_end *end, ic_buf *expression,
                              icecat_item **values, icecat_error *err);
extern const char ic_record_final_condition[];

#endif
