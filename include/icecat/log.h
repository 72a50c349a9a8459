/*
 * log.h - what the library tells about its work. Silent unless a client is given a function.
 */
#ifndef ICECAT_LOG_H
#define ICECAT_LOG_H

#include <icecat/export.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ICECAT_LOG_NONE  0u
#define ICECAT_LOG_ERROR 1u
#define ICECAT_LOG_WARN  2u
#define ICECAT_LOG_INFO  3u
#define ICECAT_LOG_DEBUG 4u
#define ICECAT_LOG_TRACE 5u

/**
 * Receives one line of text, in UTF-8, without a line break and without a secret.
 *
 * @param level    ICECAT_LOG_ERROR to ICECAT_LOG_TRACE.
 * @param area     "http", "retry", "sign", "credentials", "s3", "dynamodb", "rekognition", "ssm" or
 *                 "pipeline". Static storage.
 * @param text     Valid during the call only.
 * @param userdata As given with the function.
 *
 * Called on the thread that runs the call. It must not call the library with the same client.
 */
typedef void (*icecat_log_fn)(uint32_t level, const char *area, const char *text, void *userdata);

#ifdef __cplusplus
}
#endif

#endif
