/*
 * pipeline.h - from a picture to a verdict: submit it, process it (what the Lambda function does),
 * and read the results.
 *
 * The data is compatible with the Python system that this library succeeds: object keys, the table's
 * attributes, and the batch file. docs/architecture.md describes them.
 *
 * @param pipeline The pipeline.
 * @param batch_id From icecat_batch_id_new() or icecat_batch_id_parse().
 * @param results  The records.
 * @param batch    The batch.
 * @param path     Name of the file.
 *
 * Thread rule: a pipeline may be shared by any number of threads; results and a batch belong to one
 * thread at a time.
 */
#ifndef ICECAT_PIPELINE_H
#define ICECAT_PIPELINE_H

#include <icecat/client.h>
#include <icecat/image.h>
#include <icecat/rekognition.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Settings of a pipeline. Strings are borrowed and copied. Zero or NULL means the default; a
 * function that needs a missing bucket or table fails with ICECAT_E_CONFIG and names it.
 */
typedef struct icecat_pipeline_options {
    size_t struct_size;        /**< Set by ICECAT_PIPELINE_OPTIONS_INIT. */
    const char *bucket_source; /**< Where submit puts and process reads. */
    const char *bucket_dest;   /**< Where process moves judged images. */
    const char *bucket_fail;   /**< Where process moves images that cannot be judged. */
    const char *table;         /**< DynamoDB table of records. */
    const char *client_id; /**< Who submits: 1 to 64 of [A-Za-z0-9._-], no "-debug" at its end. */
    const char *label;     /**< Label that makes the verdict; "Cat". */
    double min_confidence; /**< Percent asked of Rekognition; 75. */
    uint32_t max_labels;   /**< Most labels kept in a record; 10. All are looked at. */
    uint32_t ttl_s;        /**< Life of a record after upload; 1 209 600 (14 days). */
    uint32_t debug;        /**< 1: keys end in "-debug", and process stores its logs. */
    uint32_t compat_keys;  /**< 1: extensions as the Python client wrote them (.jpg; -debug.png). */
} icecat_pipeline_options;
#define ICECAT_PIPELINE_OPTIONS_INIT                                                               \
    {                                                                                              \
        .struct_size = sizeof(icecat_pipeline_options)                                             \
    }

/** Zero @p options, for languages without initialisers; @p struct_size is the caller's sizeof. */
ICECAT_API void icecat_pipeline_options_init(icecat_pipeline_options *options, size_t struct_size);

/** A pipeline. Immutable after icecat_pipeline_new(); may be shared by any number of threads. */
typedef struct icecat_pipeline icecat_pipeline;

/**
 * Make a pipeline. No request is sent.
 *
 * @param client  Must outlive the pipeline.
 * @param options Settings. Borrowed.
 * @param out     Receives the pipeline; free with icecat_pipeline_free().
 * @retval ICECAT_OK
 * @retval ICECAT_E_ARGUMENT @p client or @p out is NULL or a number is out of its range.
 * @retval ICECAT_E_CONFIG   A bucket name or the client id is not allowed, or two buckets are equal.
 * @retval ICECAT_E_NO_MEMORY
 */
ICECAT_API icecat_status icecat_pipeline_new(icecat_client *client,
                                             const icecat_pipeline_options *options,
                                             icecat_pipeline **out, icecat_error *err);
/** Release a pipeline. NULL is allowed. */
ICECAT_API void icecat_pipeline_free(icecat_pipeline *pipeline);

/**
 * A new batch id: seconds since 1970 times 10^6 plus six random digits. Unique in practice, below
 * 2^53. 10-digit ids of the Python client are accepted wherever a batch id is. 0 when the system
 * has no randomness.
 */
ICECAT_API uint64_t icecat_batch_id_new(void);

/**
 * Read a batch id.
 *
 * @param text "batch-1744377772123456" or only the digits (10 to 16).
 * @param out  Receives the number.
 * @retval ICECAT_OK
 * @retval ICECAT_E_ARGUMENT The text is not a batch id.
 */
ICECAT_API icecat_status icecat_batch_id_parse(const char *text, uint64_t *out, icecat_error *err);

/* ---- submit ------------------------------------------------------------------------------ */

/** What became of one image. */
#define ICECAT_SUBMITTED 1u /**< Uploaded. */
#define ICECAT_DUPLICATE 2u /**< Equal bytes were already in this batch; not uploaded again. */
#define ICECAT_REJECTED  3u /**< Not a sound image inside the limits; not uploaded. */
#define ICECAT_FAILED    4u /**< Could not be read or uploaded. */
#define ICECAT_KNOWN     5u /**< icecat_submit_options.is_known knew it; not uploaded. */

/** One image of a submission. Texts live until the callback, or the next call, returns. */
typedef struct icecat_submission {
    size_t struct_size;    /**< Set by ICECAT_SUBMISSION_INIT. */
    const char *path;      /**< As the caller named it. */
    const char *file_name; /**< Last component of path; recorded with the object. */
    const char *key;       /**< Object key; NULL when not uploaded. Of a duplicate: the first's. */
    const char *upload_time;   /**< "YYYY-MM-DD-HH", UTC, as in the key; NULL without one. */
    const icecat_error *error; /**< Why it was rejected or failed; NULL otherwise. */
    uint64_t batch_id;         /**< The batch. */
    uint64_t size_bytes;       /**< Of the file; 0 when unknown. */
    int64_t upload_ts;         /**< Seconds since 1970, as in the key; 0 without one. */
    uint64_t index;            /**< Position in the order in which images were given, from 0. */
    uint32_t action;           /**< ICECAT_SUBMITTED ... ICECAT_FAILED. */
    uint32_t image_format;     /**< icecat_image_format. */
    char fingerprint[72];      /**< Hex SHA-256, 64 digits; "" when the file was not read. */
    char etag[72];             /**< As S3 gave it; "" when not uploaded, and of a duplicate. */
    const char
        *duplicate_of; /**< Path of the equal image of this batch; NULL when it is the first. */
} icecat_submission;
#define ICECAT_SUBMISSION_INIT                                                                     \
    {                                                                                              \
        .struct_size = sizeof(icecat_submission)                                                   \
    }

/** Zero @p submission, for languages without initialisers; @p struct_size is the caller's sizeof. */
ICECAT_API void icecat_submission_init(icecat_submission *submission, size_t struct_size);

/** How many images ended how. */
typedef struct icecat_submit_counts {
    size_t struct_size;     /**< Set by ICECAT_SUBMIT_COUNTS_INIT. */
    uint64_t total;         /**< Settled images: the sum of the other counts. */
    uint64_t submitted;     /**< ICECAT_SUBMITTED. */
    uint64_t duplicate;     /**< ICECAT_DUPLICATE. */
    uint64_t rejected;      /**< ICECAT_REJECTED. */
    uint64_t failed;        /**< ICECAT_FAILED. */
    uint64_t bytes;         /**< Uploaded. */
    uint64_t known;         /**< ICECAT_KNOWN. */
    uint64_t bytes_settled; /**< Of all settled images, uploaded or not. */
    uint64_t
        bytes_under_way; /**< Sent of images that are being uploaded, by the library's own transport;
                              less when one of them is sent again. 0 in the end. */
} icecat_submit_counts;
#define ICECAT_SUBMIT_COUNTS_INIT                                                                  \
    {                                                                                              \
        .struct_size = sizeof(icecat_submit_counts)                                                \
    }

/** Zero @p counts, for languages without initialisers; @p struct_size is the caller's sizeof. */
ICECAT_API void icecat_submit_counts_init(icecat_submit_counts *counts, size_t struct_size);

/**
 * Asked about every image of a bulk submission before it is uploaded.
 *
 * @param fingerprint 64 hex digits.
 * @return 1 when the image need not be uploaded: it is told as ICECAT_KNOWN; 0 when it must be; a
 *         negative number to stop with ICECAT_E_CALLBACK.
 */
typedef int (*icecat_known_fn)(const char *fingerprint, void *userdata);

/**
 * Told how far a bulk submission is: after images were settled, and a few times a second whatever the
 * network does. Non-zero stops the call with ICECAT_E_CALLBACK.
 */
typedef int (*icecat_submit_progress_fn)(const icecat_submit_counts *counts, void *userdata);

/** Options of the submit calls. Zero or NULL in any field means the default. */
typedef struct icecat_submit_options {
    size_t struct_size;                /**< Set by ICECAT_SUBMIT_OPTIONS_INIT. */
    const icecat_call_options *call;   /**< Deadline and cancel. */
    const icecat_image_options *image; /**< Limits; NULL: ICECAT_PROFILE_REKOGNITION_S3's. */
    uint32_t no_validate;     /**< 1: upload whatever it is (as .jpg or .png by its name). */
    uint32_t stop_at_failure; /**< 1: start no more images after a failed one. */
    icecat_known_fn is_known; /**< Which images need not be uploaded; bulk only. None. */
    icecat_submit_progress_fn progress; /**< Told how far the call is; bulk only. Nobody. */
    int64_t
        upload_ts; /**< Seconds since 1970 for every object key: a submission that is repeated with
                            the same number writes the same keys. When each is first sent. */
} icecat_submit_options;
#define ICECAT_SUBMIT_OPTIONS_INIT                                                                 \
    {                                                                                              \
        .struct_size = sizeof(icecat_submit_options)                                               \
    }

/** Zero @p options, for languages without initialisers; @p struct_size is the caller's sizeof. */
ICECAT_API void icecat_submit_options_init(icecat_submit_options *options, size_t struct_size);

/**
 * Validate, hash and upload one image that is in memory.
 *
 * @param file_name Name to record; may be NULL. At most 1 kB of it, percent-encoded, is recorded.
 * @param data      The image's bytes. Borrowed.
 * @param len       Bytes at @p data.
 * @param key_out   Memory for the object key, or NULL. "" after a failure.
 * @param key_len   Bytes at @p key_out; 256 are enough.
 * @retval ICECAT_OK Uploaded.
 *
 * Also every status of icecat_image_probe() and icecat_s3_put_object(), ICECAT_E_CONFIG, and
 * ICECAT_E_ARGUMENT for a batch id that is none and a @p key_len that is too small; nothing is sent then.
 */
ICECAT_API icecat_status icecat_pipeline_submit(icecat_pipeline *pipeline, uint64_t batch_id,
                                                const char *file_name, const void *data, size_t len,
                                                const icecat_submit_options *options, char *key_out,
                                                size_t key_len, icecat_error *err);

/**
 * Give the next image file of a bulk submission.
 *
 * @param path     Set to a path that stays valid until the next call of this function.
 * @param userdata As given.
 * @return 1 when @p path is set, 0 at the end, a negative number to stop with ICECAT_E_CALLBACK.
 */
typedef int (*icecat_next_path_fn)(const char **path, void *userdata);

/**
 * Told once of every image when it is settled, in the order of settling. Non-zero stops the call, and
 * nothing more is told. Images that were under way when a call ended early are told as failed with
 * ICECAT_E_CANCELLED or ICECAT_E_DEADLINE.
 */
typedef int (*icecat_submission_fn)(const icecat_submission *submission, void *userdata);

/**
 * Validate, hash and upload many files, several at a time, on the caller's thread. One image that
 * fails does not stop the others. Each file is read once; what was hashed is what is sent. While
 * transfers are under way the next files are read, at most as many as are transferred and 1 MiB of
 * them, or one. When S3 asks to slow down, fewer are transferred at a time until it answers well again,
 * and no image fails for that while its attempts and its deadline last.
 *
 * A file over the limit of bytes is not read; without a limit (ICECAT_PROFILE_ANY, no_validate) it is
 * 64 MiB, which options->image->max_bytes changes. Equal bytes are uploaded once: a duplicate is
 * settled after the first, and when the first fails, it is uploaded in its place.
 *
 * @param next      Gives the paths. Asked for no more than can be started or read ahead.
 * @param settled   Told of every image; may be NULL.
 * @param userdata  Given to both, and to the callbacks of @p options.
 * @param counts    Receives the totals, also on failure; may be NULL.
 * @retval ICECAT_OK         Every image was submitted, is a duplicate, or is known.
 * @retval ICECAT_E_PARTIAL  Some were submitted, some rejected or failed.
 * @retval ICECAT_E_CALLBACK A callback stopped the call.
 *
 * When nothing was submitted: the status of the first failed, else the first rejected image.
 * Also ICECAT_E_ARGUMENT, ICECAT_E_CONFIG, ICECAT_E_CANCELLED, ICECAT_E_DEADLINE, ICECAT_E_NO_MEMORY.
 */
ICECAT_API icecat_status icecat_pipeline_submit_many(icecat_pipeline *pipeline, uint64_t batch_id,
                                                     icecat_next_path_fn next,
                                                     icecat_submission_fn settled, void *userdata,
                                                     const icecat_submit_options *options,
                                                     icecat_submit_counts *counts,
                                                     icecat_error *err);

/* ---- process ----------------------------------------------------------------------------- */

/** What process did. */
#define ICECAT_PROCESSED         1u /**< Judged now. */
#define ICECAT_PROCESSED_BEFORE  2u /**< Was already judged; an unfinished move was finished. */
#define ICECAT_PROCESSED_REFUSED 3u /**< Cannot be judged, for good: recorded as failed, moved. */

/** What process made of one object. */
typedef struct icecat_process_result {
    size_t struct_size;   /**< Set by ICECAT_PROCESS_RESULT_INIT. */
    uint64_t batch_id;    /**< 0 when the key is not one of ours. */
    double confidence;    /**< Percent; of the label when found, else 0. */
    uint32_t action;      /**< ICECAT_PROCESSED... */
    uint32_t is_cat;      /**< 1 when the label was found. */
    uint32_t label_count; /**< Labels that Rekognition gave. */
    uint32_t reserved;    /**< 0. */
    char fingerprint[72]; /**< Hex SHA-256; "" when the key is not one of ours. */
    char fail_code[64];   /**< Why it was refused; "" otherwise. */
} icecat_process_result;
#define ICECAT_PROCESS_RESULT_INIT                                                                 \
    {                                                                                              \
        .struct_size = sizeof(icecat_process_result)                                               \
    }

/** Zero @p result, for languages without initialisers; @p struct_size is the caller's sizeof. */
ICECAT_API void icecat_process_result_init(icecat_process_result *result, size_t struct_size);

/**
 * Judge one uploaded object: read its header, ask Rekognition, record the verdict, move the object.
 * Idempotent: after duplicate or reordered calls, or a crash after any step and a repetition, there
 * is one final record and the object is in one bucket.
 *
 * @param bucket Bucket of the event; must be the source bucket.
 * @param key    Object key, already URL-decoded.
 * @param call   Deadline and cancel, or NULL.
 * @param out    Receives what was done; may be NULL.
 * @retval ICECAT_OK     Judged, judged before, or refused for good; see @p out.
 * @retval ICECAT_E_KEY  The key is not one that submit writes; nothing is recorded, and the object
 *                       is moved to the fail bucket with the reason in its metadata, under
 *                       "icecat-fail-reason". (An object that cannot take it, having 2 kB of
 *                       metadata or a Content-Encoding, say, is moved as it is.)
 * @retval ICECAT_E_COLLISION Another client's record has the same batch and fingerprint; nothing
 *                       was changed.
 * @retval ICECAT_E_CONFIG A bucket or the table is not set, or @p bucket is not the source bucket.
 *
 * Any other status means that the object is not settled yet, and that repeating the call is safe:
 * ICECAT_E_NOT_FOUND (a bucket, the table, or the service cannot read the object),
 * ICECAT_E_PRECONDITION (another worker changed the record just now), and what icecat_s3_get_object(),
 * icecat_s3_copy_object(), icecat_rekognition_detect_labels_s3() and icecat_dynamodb_update_item()
 * return. ICECAT_E_ARGUMENT: an argument is NULL.
 */
ICECAT_API icecat_status icecat_pipeline_process(icecat_pipeline *pipeline, const char *bucket,
                                                 const char *key, const icecat_call_options *call,
                                                 icecat_process_result *out, icecat_error *err);

/**
 * An object is gone from the destination or the fail bucket: remove its record, so that the table
 * names only objects that are there. A record goes only when it is final, names this bucket and key,
 * and the bucket has no such object; else nothing is done. Repeating the call is safe.
 *
 * @param bucket  Bucket of the event; must be the destination or the fail bucket.
 * @param key     Object key, already URL-decoded.
 * @param call    Deadline and cancel, or NULL.
 * @param removed Receives 1 when a record was removed, else 0; may be NULL.
 * @retval ICECAT_OK
 * @retval ICECAT_E_KEY    The key is not one that submit writes, so that it has no record.
 * @retval ICECAT_E_CONFIG A bucket or the table is not set, or @p bucket is neither of the two.
 *
 * Also the statuses of icecat_s3_head_object() and icecat_dynamodb_delete_item().
 */
ICECAT_API icecat_status icecat_pipeline_forget(icecat_pipeline *pipeline, const char *bucket,
                                                const char *key, const icecat_call_options *call,
                                                uint32_t *removed, icecat_error *err);

/* ---- results ----------------------------------------------------------------------------- */

/** State of one image. */
#define ICECAT_RESULT_MISSING 0u /**< Asked for, but the table has no record. */
#define ICECAT_RESULT_PENDING 1u /**< Uploaded, and not judged yet. */
#define ICECAT_RESULT_SUCCESS 2u /**< Judged; see is_cat. */
#define ICECAT_RESULT_FAIL    3u /**< Refused for good; see fail_code. */

/** One record. Texts live as long as the icecat_results; NULL when the record has no such value. */
typedef struct icecat_result {
    size_t struct_size;      /**< Set by ICECAT_RESULT_INIT. */
    const char *fingerprint; /**< Hex SHA-256, 64 digits. */
    const char *client_id;   /**< Who submitted. */
    const char *file_name;   /**< As it was submitted. */
    const char *s3img_key;   /**< "bucket/key" where the object is. */
    const char
        *labels_json; /**< As icecat_labels_json(); also made from what the Python system wrote. */
    const char *logs_json;   /**< Array of lines. */
    const char *fail_code;   /**< Why it was refused, as one word. */
    const char *fail_reason; /**< The same as a sentence. */
    uint64_t batch_id;       /**< The batch. */
    int64_t upload_ts;       /**< Seconds since 1970; 0 when unknown. */
    int64_t rek_ts;          /**< Seconds since 1970; 0 when unknown. */
    int64_t ttl;             /**< Seconds since 1970; 0 when unknown. */
    double confidence;       /**< Percent, -1 when unknown. */
    uint32_t state;          /**< ICECAT_RESULT_... */
    uint32_t is_cat;         /**< 1 for a cat; only when state is ICECAT_RESULT_SUCCESS. */
} icecat_result;
#define ICECAT_RESULT_INIT                                                                         \
    {                                                                                              \
        .struct_size = sizeof(icecat_result)                                                       \
    }

/** Zero @p result, for languages without initialisers; @p struct_size is the caller's sizeof. */
ICECAT_API void icecat_result_init(icecat_result *result, size_t struct_size);

/** Records that a call returned. */
typedef struct icecat_results icecat_results;

/** Number of records. */
ICECAT_API size_t icecat_results_count(const icecat_results *results);
/** Fill @p out with record @p index. 1 when there is one, else 0. */
ICECAT_API int icecat_results_at(const icecat_results *results, size_t index, icecat_result *out);
/** All attributes of record @p index as they are in the table, as a JSON object of strings, or NULL
 *  for a missing record. Lives as long as @p results. */
ICECAT_API const char *icecat_results_attributes_json(const icecat_results *results, size_t index);
/** Release records. NULL is allowed. */
ICECAT_API void icecat_results_free(icecat_results *results);

/** Options of the calls that read results. Zero or NULL in any field means the default. */
typedef struct icecat_results_options {
    size_t struct_size;              /**< Set by ICECAT_RESULTS_OPTIONS_INIT. */
    const icecat_call_options *call; /**< Deadline and cancel. */
    const char *const *fingerprints; /**< Only these, in lower case; MISSING without a record. */
    size_t fingerprints_count;       /**< Elements of @p fingerprints. */
    uint32_t with_logs;              /**< 1: read logs_json too. */
    uint32_t consistent;             /**< 1: strongly consistent read. */
    uint32_t
        with_response; /**< 1: read the service's answer (rek_resp) too; labels_json of a record
                                 of the Python system comes from it. One result always has it. */
    uint32_t reserved; /**< Must be 0. */
} icecat_results_options;
#define ICECAT_RESULTS_OPTIONS_INIT                                                                \
    {                                                                                              \
        .struct_size = sizeof(icecat_results_options)                                              \
    }

/** Zero @p options, for languages without initialisers; @p struct_size is the caller's sizeof. */
ICECAT_API void icecat_results_options_init(icecat_results_options *options, size_t struct_size);

/**
 * One result.
 *
 * @param fingerprint 64 hex digits, or a prefix of at least 4 that is unique in the batch.
 * @param out         Receives one record; free with icecat_results_free().
 * @retval ICECAT_OK
 * @retval ICECAT_E_NOT_FOUND The table has no such record.
 * @retval ICECAT_E_ARGUMENT  Not hex digits, or more than one record begins so.
 *
 * Also ICECAT_E_CONFIG and the statuses of icecat_dynamodb_query().
 */
ICECAT_API icecat_status icecat_pipeline_result(icecat_pipeline *pipeline, uint64_t batch_id,
                                                const char *fingerprint,
                                                const icecat_results_options *options,
                                                icecat_results **out, icecat_error *err);

/**
 * All results of a batch, by Query pages; with options->fingerprints only those, in their order.
 *
 * @param out Receives the records; free with icecat_results_free().
 * @retval ICECAT_OK The batch may have no record at all.
 *
 * Also ICECAT_E_CONFIG and the statuses of icecat_dynamodb_query() and icecat_dynamodb_batch_get().
 */
ICECAT_API icecat_status icecat_pipeline_results(icecat_pipeline *pipeline, uint64_t batch_id,
                                                 const icecat_results_options *options,
                                                 icecat_results **out, icecat_error *err);

/** Which verdict to search for. */
#define ICECAT_VERDICT_CAT     1u /**< The label was found. */
#define ICECAT_VERDICT_NOT_CAT 2u /**< It was not. */

/**
 * What icecat_pipeline_search() is to find. Zero or NULL in any field means any. At least one of
 * @p batch_id, @p client_id and @p verdict is needed, because without them the whole table would be read
 * and paid for. What is given together must all hold.
 */
typedef struct icecat_search_options {
    size_t struct_size;              /**< Set by ICECAT_SEARCH_OPTIONS_INIT. */
    const icecat_call_options *call; /**< Deadline and cancel. */
    const char *client_id;           /**< Who submitted. */
    uint64_t batch_id;               /**< In this batch. */
    int64_t since;                   /**< Uploaded at that second since 1970 or later ... */
    int64_t until;                   /**< ... and before that one. */
    uint64_t max_results;            /**< Stop after so many. */
    uint32_t state;   /**< ICECAT_RESULT_PENDING, ICECAT_RESULT_SUCCESS or ICECAT_RESULT_FAIL. */
    uint32_t verdict; /**< ICECAT_VERDICT_...; only judged images have one. */
    uint32_t newest_first;  /**< 1: a search by client or verdict gives the newest first. */
    uint32_t with_logs;     /**< 1: read logs_json too. */
    uint32_t with_response; /**< 1: read the service's answer (rek_resp) too. */
    uint32_t reserved;      /**< Must be 0. */
} icecat_search_options;
#define ICECAT_SEARCH_OPTIONS_INIT                                                                 \
    {                                                                                              \
        .struct_size = sizeof(icecat_search_options)                                               \
    }

/** Zero @p options, for languages without initialisers; @p struct_size is the caller's sizeof. */
ICECAT_API void icecat_search_options_init(icecat_search_options *options, size_t struct_size);

/**
 * Find records by batch, client, state, verdict and time of upload, by a Query of the table or of the
 * index that fits: GSI4 for a batch and a state, GSI2 for a client, GSI5 for a verdict alone. Indexes
 * lag behind the table by moments. Logs and answers of what an index finds are then read from the
 * table (BatchGetItem), so that no index must have them. docs/results.md tells what each search costs.
 *
 * @param options Needed; see there.
 * @param out     Receives the records, perhaps none; free with icecat_results_free().
 * @retval ICECAT_OK
 * @retval ICECAT_E_ARGUMENT Nothing to search by, or a value that is none.
 *
 * Also ICECAT_E_CONFIG and the statuses of icecat_dynamodb_query() and icecat_dynamodb_batch_get().
 */
ICECAT_API icecat_status icecat_pipeline_search(icecat_pipeline *pipeline,
                                                const icecat_search_options *options,
                                                icecat_results **out, icecat_error *err);

/** Told after each look: how many of the images that are waited for have a final state. */
typedef int (*icecat_wait_fn)(uint64_t finished, uint64_t total, void *userdata);

/**
 * Poll, with growing pauses of 0.2 to 5 s, until every image has a final state.
 *
 * @param options  fingerprints says what to wait for; without it, all records of the batch, of which
 *                 there must be at least one. call->timeout_ms bounds the wait.
 * @param progress Told after each look; may be NULL; non-zero stops with ICECAT_E_CALLBACK.
 * @param out      Receives the records of the last look, also with ICECAT_E_PENDING; free with
 *                 icecat_results_free(). NULL with any other failure.
 * @retval ICECAT_OK         All are final.
 * @retval ICECAT_E_PENDING  The time is over and some are pending or missing.
 * @retval ICECAT_E_CALLBACK @p progress stopped the wait.
 *
 * Also ICECAT_E_CONFIG and the statuses of icecat_dynamodb_query() and icecat_dynamodb_batch_get(); a
 * service that fails for longer than a call retries ends the wait.
 */
ICECAT_API icecat_status icecat_pipeline_wait(icecat_pipeline *pipeline, uint64_t batch_id,
                                              const icecat_results_options *options,
                                              icecat_wait_fn progress, void *userdata,
                                              icecat_results **out, icecat_error *err);

/* ---- verdict ----------------------------------------------------------------------------- */

/**
 * Is @p label among the labels: by its name, a parent or an alias, case ignored?
 *
 * @param labels     What the service saw.
 * @param confidence Receives the highest confidence in percent, 0 when not found; may be NULL.
 * @return 1 or 0. Pure; any thread.
 */
ICECAT_API int icecat_labels_verdict(const icecat_labels *labels, const char *label,
                                     double *confidence);

/* ---- batch file -------------------------------------------------------------------------- */

/** The record of a batch: the JSON array that the Python client writes to logs/. */
typedef struct icecat_batch icecat_batch;

/** One line of a batch file. Texts live as long as the icecat_batch. */
typedef struct icecat_batch_record {
    size_t struct_size;             /**< Set by ICECAT_BATCH_RECORD_INIT. */
    const char *client_id;          /**< Who submitted. */
    const char *s3bucket_source;    /**< Bucket it was put into. */
    const char *s3_key;             /**< Object key. */
    const char *original_file_name; /**< Last component of its path. */
    const char *upload_time;        /**< "YYYY-MM-DD-HH", UTC. */
    const char *fingerprint;        /**< Hex SHA-256, 64 digits. */
    const char *path;               /**< NULL when the file does not tell. */
    const char *etag;               /**< NULL when the file does not tell. */
    const char *duplicate_of;       /**< File name of the equal image; NULL when it is the first. */
    uint64_t batch_id;              /**< The same in the whole file. */
    uint64_t size_bytes;            /**< 0 when the file does not tell. */
    int64_t epoch_timestamp;        /**< Seconds since 1970. */
    uint64_t position; /**< Place in the file, from 1, whatever the order of adding; 0: before all
                            that have one. In journals only, for a file has its own order. */
} icecat_batch_record;
#define ICECAT_BATCH_RECORD_INIT                                                                   \
    {                                                                                              \
        .struct_size = sizeof(icecat_batch_record)                                                 \
    }

/** Zero @p record, for languages without initialisers; @p struct_size is the caller's sizeof. */
ICECAT_API void icecat_batch_record_init(icecat_batch_record *record, size_t struct_size);

/** An empty batch, to be freed with icecat_batch_free(); NULL when out of memory. */
ICECAT_API icecat_batch *icecat_batch_new(void);

/**
 * Read a batch file: the array, or the journal of a submission that did not end.
 *
 * @param out Receives the batch; free with icecat_batch_free(). An empty file is an empty batch.
 * @retval ICECAT_OK
 * @retval ICECAT_E_FILE  Cannot be read, or over 256 MiB.
 * @retval ICECAT_E_PARSE Not JSON, or a record lacks a field; the message has the position.
 * @retval ICECAT_E_NO_MEMORY
 */
ICECAT_API icecat_status icecat_batch_load(const char *path, icecat_batch **out, icecat_error *err);

/**
 * Append a record to @p batch; with a journal, also to the file before this returns: on the disk, unless
 * icecat_batch_defer() put that off.
 *
 * @param record Copied.
 * @retval ICECAT_OK
 * @retval ICECAT_E_FILE The journal cannot be written (disk full, permission); the record is not added.
 * @retval ICECAT_E_ARGUMENT One of the first six texts is NULL, or epoch_timestamp is negative.
 * @retval ICECAT_E_LIMIT 4 million records, or one of over 64 KiB.
 * @retval ICECAT_E_NO_MEMORY
 */
ICECAT_API icecat_status icecat_batch_add(icecat_batch *batch, const icecat_batch_record *record,
                                          icecat_error *err);

/**
 * Append a text of the caller's own, for instance what is to be done. It is kept in the journal, and
 * not in the file that icecat_batch_save() writes.
 *
 * @param text Copied.
 * @retval ICECAT_OK
 * @retval ICECAT_E_LIMIT Over 32 KiB.
 * @retval ICECAT_E_FILE  The journal cannot be written.
 * @retval ICECAT_E_NO_MEMORY
 */
ICECAT_API icecat_status icecat_batch_note(icecat_batch *batch, const char *text,
                                           icecat_error *err);
/** Number of notes in memory: those that no journal has yet, or those that were read. */
ICECAT_API size_t icecat_batch_note_count(const icecat_batch *batch);
/** Note @p index, or NULL. Lives until the next call that changes @p batch. */
ICECAT_API const char *icecat_batch_note_at(const icecat_batch *batch, size_t index);

/**
 * Keep the notes and records of @p batch, and every later one, in an append-only journal at @p path too,
 * so that a killed program loses nothing. The file must not exist; it appears with all that the batch has
 * by now, or not at all. icecat_batch_save() removes it.
 *
 * @retval ICECAT_OK
 * @retval ICECAT_E_FILE Exists already, or cannot be written.
 * @retval ICECAT_E_ARGUMENT NULL, or the batch has a journal already.
 * @retval ICECAT_E_NO_MEMORY
 */
ICECAT_API icecat_status icecat_batch_journal(icecat_batch *batch, const char *path,
                                              icecat_error *err);

/**
 * Read a journal and go on with it: later records are appended to the same file. A last line that was
 * cut off, as a dying machine leaves it, is removed.
 *
 * @param out Receives the batch; free with icecat_batch_free().
 * @retval ICECAT_OK
 * @retval ICECAT_E_FILE  Cannot be read or written, or another program is writing it.
 * @retval ICECAT_E_PARSE Not a journal, or damaged before its last line.
 * @retval ICECAT_E_NO_MEMORY
 */
ICECAT_API icecat_status icecat_batch_resume(const char *path, icecat_batch **out,
                                             icecat_error *err);

/** From now on icecat_batch_add() writes to the journal but does not wait for the disk: that a program is
 *  killed loses nothing, that the machine fails loses what icecat_batch_sync() had not made durable. */
ICECAT_API void icecat_batch_defer(icecat_batch *batch);
/** Wait until all that was added is on the disk. ICECAT_OK or ICECAT_E_FILE. */
ICECAT_API icecat_status icecat_batch_sync(icecat_batch *batch, icecat_error *err);

/** Write the array to @p path, in the order of the positions, whole or not at all (temporary file, fsync,
 *  rename), and remove the journal. A file that is replaced keeps its mode. ICECAT_OK,
 *  ICECAT_E_ARGUMENT, ICECAT_E_FILE or ICECAT_E_NO_MEMORY. */
ICECAT_API icecat_status icecat_batch_save(icecat_batch *batch, const char *path,
                                           icecat_error *err);

/** Number of records. */
ICECAT_API size_t icecat_batch_count(const icecat_batch *batch);
/** Fill @p out with record @p index. 1 when there is one, else 0. */
ICECAT_API int icecat_batch_at(const icecat_batch *batch, size_t index, icecat_batch_record *out);
/** Close the journal, which stays, and release the batch. NULL is allowed. */
ICECAT_API void icecat_batch_free(icecat_batch *batch);

#ifdef __cplusplus
}
#endif

#endif
