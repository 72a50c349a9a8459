/*
 * eye.h - the eye of icecat-local: which labels does this picture show?
 *
 * Three sources can answer, and the first one that the user has set up does:
 *
 *   1. a label file: the user's own answers, found by the SHA-256 of the picture
 *   2. a model:      any ONNX image classifier with its list of classes
 *   3. the cascades: OpenCV's frontal cat faces; they know cats and nothing else
 *
 * A file's name is never looked at. One eye serves one thread at a time.
 */
#ifndef ICECAT_LOCAL_EYE_H
#define ICECAT_LOCAL_EYE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define EYE_NAME_SIZE   64 /* with the NUL byte */
#define EYE_LABELS_MAX  32
#define EYE_PARENTS_MAX 6
#define EYE_BOXES_MAX   8
#define EYE_WHY_SIZE    256
#define EYE_MAX_PIXELS  (64u * 1024u * 1024u) /* a larger picture is not decoded */

/** Sides are fractions of the upright picture's width and height. */
typedef struct eye_box {
    double left;
    double top;
    double width;
    double height;
    double confidence; /**< Percent. */
} eye_box;

typedef struct eye_label {
    char name[EYE_NAME_SIZE];
    char category[EYE_NAME_SIZE]; /**< "" when unknown. */
    double confidence;            /**< Percent. */
    size_t parent_count;
    size_t box_count;
    char parents[EYE_PARENTS_MAX][EYE_NAME_SIZE];
    eye_box boxes[EYE_BOXES_MAX];
} eye_label;

/** What was seen, most confident first. */
typedef struct eye_labels {
    size_t count;
    eye_label items[EYE_LABELS_MAX];
} eye_labels;

/** A JPEG or PNG whose header has been checked. */
typedef struct eye_image {
    const unsigned char *data;
    size_t len;
    unsigned width_px;    /**< As stored. */
    unsigned height_px;   /**< As stored. */
    unsigned orientation; /**< EXIF, 1 to 8; 0 or 1 leaves the picture as stored. */
} eye_image;

/** Files that the user named. NULL: none. Borrowed for eye_open() only. */
typedef struct eye_options {
    const char *label_file;
    const char *model_file;
    const char *classes_file;
} eye_options;

typedef enum eye_status {
    EYE_OK = 0,
    EYE_BAD_IMAGE,   /**< The picture cannot be decoded. */
    EYE_TOO_LARGE,   /**< More than EYE_MAX_PIXELS. */
    EYE_NO_DETECTOR, /**< Built without OpenCV, and the label file does not know the picture. */
    EYE_FAILED       /**< Out of memory, or a file is missing or malformed. */
} eye_status;

typedef struct eye eye;

/**
 * Open an eye.
 *
 * @param options Files to use; NULL for none.
 * @param out     Receives the eye; free with eye_close().
 * @param why     Receives one sentence on failure.
 */
eye_status eye_open(const eye_options *options, eye **out, char why[EYE_WHY_SIZE]);

/** NULL is allowed. */
void eye_close(eye *self);

/** What answers: "model", "cascades" or "none". Static text. */
const char *eye_detector_name(const eye *self);

/**
 * Look at a picture.
 *
 * @param out Receives the labels, none when nothing was recognised.
 * @param why Receives one sentence on failure.
 */
eye_status eye_look(eye *self, const eye_image *image, eye_labels *out, char why[EYE_WHY_SIZE]);

#ifdef __cplusplus
}
#endif

#endif
