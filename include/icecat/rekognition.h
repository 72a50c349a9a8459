/*
 * rekognition.h - what Amazon Rekognition sees in an image.
 *
 * Source of the rules: Amazon Rekognition API Reference, "DetectLabels", and the developer guide's
 * page on quotas.
 *
 * @param client Sends the request.
 * @param labels The labels.
 * @param index  From 0.
 *
 * Thread rule: a client may be shared; labels belong to one thread at a time.
 * Ownership rule: texts live as long as the labels that they come from.
 */
#ifndef ICECAT_REKOGNITION_H
#define ICECAT_REKOGNITION_H

#include <icecat/client.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Most bytes of an image sent inside the request. */
#define ICECAT_REKOGNITION_MAX_BYTES 5242880u

/** Options of the DetectLabels calls. Zero or NULL in any field means the default. */
typedef struct icecat_rekognition_options {
    size_t struct_size;              /**< Set by ICECAT_REKOGNITION_OPTIONS_INIT. */
    const icecat_call_options *call; /**< Deadline and cancel. */
    const char *const *include;      /**< Only labels with these names. */
    size_t include_count;            /**< Elements of @p include; at most 100. */
    double min_confidence;           /**< Percent, 0 to 100; the service's default is 55. */
    uint32_t max_labels;             /**< At most so many; the service's default is 1000. */
    uint32_t reserved;               /**< Must be 0. */
} icecat_rekognition_options;
#define ICECAT_REKOGNITION_OPTIONS_INIT                                                            \
    {                                                                                              \
        .struct_size = sizeof(icecat_rekognition_options)                                          \
    }

/** Zero @p options, for languages without initialisers; @p struct_size is the caller's sizeof. */
ICECAT_API void icecat_rekognition_options_init(icecat_rekognition_options *options,
                                                size_t struct_size);

/** Labels of one image, surest first as the service gives them. */
typedef struct icecat_labels icecat_labels;

/** One place where the thing is; parts of the image's width and height, 0 to 1. */
typedef struct icecat_label_box {
    size_t struct_size; /**< Set by ICECAT_LABEL_BOX_INIT. */
    double left;        /**< Of its left edge. */
    double top;         /**< Of its upper edge. */
    double width;       /**< Of the image's width. */
    double height;      /**< Of the image's height. */
    double confidence;  /**< Percent. */
} icecat_label_box;
#define ICECAT_LABEL_BOX_INIT                                                                      \
    {                                                                                              \
        .struct_size = sizeof(icecat_label_box)                                                    \
    }

/**
 * DetectLabels on bytes.
 *
 * @param data JPEG or PNG; 1 to ICECAT_REKOGNITION_MAX_BYTES bytes. Borrowed.
 * @param len  Bytes at @p data.
 * @param out  Receives the labels; free with icecat_labels_free().
 * @retval ICECAT_OK
 * @retval ICECAT_E_REJECTED The service will never accept this image (format, size).
 * @retval ICECAT_E_LIMIT    @p len is over the service's limit, and nothing was sent; or the answer is
 *                           over 32 MiB.
 *
 * Also ICECAT_E_ARGUMENT, ICECAT_E_NO_MEMORY, ICECAT_E_CANCELLED, ICECAT_E_DEADLINE,
 * ICECAT_E_BAD_CREDENTIALS (the keys have expired), ICECAT_E_CRYPTO, the transport statuses 60 to 65,
 * ICECAT_E_REGION (a redirect), ICECAT_E_NOT_FOUND (no such service there), ICECAT_E_AUTH,
 * ICECAT_E_ACCESS, ICECAT_E_THROTTLED, ICECAT_E_UNAVAILABLE, ICECAT_E_VALIDATION, ICECAT_E_SERVICE.
 */
ICECAT_API icecat_status icecat_rekognition_detect_labels(icecat_client *client, const void *data,
                                                          size_t len,
                                                          const icecat_rekognition_options *options,
                                                          icecat_labels **out, icecat_error *err);

/**
 * DetectLabels on an object of a bucket in the same region; up to 15 MB.
 *
 * @param bucket Its name.
 * @param key    Object key, as S3 has it.
 * @param out    Receives the labels; free with icecat_labels_free().
 * @retval ICECAT_OK
 * @retval ICECAT_E_NOT_FOUND The service cannot read the object.
 *
 * Other statuses as icecat_rekognition_detect_labels().
 */
ICECAT_API icecat_status icecat_rekognition_detect_labels_s3(
    icecat_client *client, const char *bucket, const char *key,
    const icecat_rekognition_options *options, icecat_labels **out, icecat_error *err);

/** Number of labels. */
ICECAT_API size_t icecat_labels_count(const icecat_labels *labels);
/** Name of label @p index, e.g. "Cat"; NULL when there are fewer. */
ICECAT_API const char *icecat_labels_name(const icecat_labels *labels, size_t index);
/** Confidence of label @p index in percent; 0 when there are fewer. */
ICECAT_API double icecat_labels_confidence(const icecat_labels *labels, size_t index);
/** Parent @p parent (from 0) of label @p index, e.g. "Animal"; NULL when there are fewer. */
ICECAT_API const char *icecat_labels_parent(const icecat_labels *labels, size_t index,
                                            size_t parent);
/** Alias @p alias (from 0) of label @p index; NULL when there are fewer. */
ICECAT_API const char *icecat_labels_alias(const icecat_labels *labels, size_t index, size_t alias);
/** 1 and @p box filled when label @p index has a place @p instance (from 0), else 0. */
ICECAT_API int icecat_labels_box(const icecat_labels *labels, size_t index, size_t instance,
                                 icecat_label_box *box);
/** The labels as compact JSON: [{"name","confidence","parents":[...],"boxes":[...]}]. */
ICECAT_API const char *icecat_labels_json(const icecat_labels *labels);
/** The service's whole answer, as received. Lives as long as @p labels. */
ICECAT_API const char *icecat_labels_response(const icecat_labels *labels);
/** Release labels. NULL is allowed. */
ICECAT_API void icecat_labels_free(icecat_labels *labels);

#ifdef __cplusplus
}
#endif

#endif
