/*
 * rekognition_request.h - DetectLabels. Pure. The caller frees @p request, also after a failure.
 */
#ifndef IC_REKOGNITION_REQUEST_H
#define IC_REKOGNITION_REQUEST_H

#include "aws/request.h"
#include "base/view.h"
#include <icecat/rekognition.h>

/** Either bytes, or bucket and key. */
typedef struct ic_rekognition_image {
    ic_view bytes;
    const char *bucket;
    const char *key;
} ic_rekognition_image;

icecat_status ic_rekognition_detect_request(ic_request *request, const ic_mem *mem,
                                            const ic_rekognition_image *image,
                                            const icecat_rekognition_options *options,
                                            icecat_error *err);

#endif
