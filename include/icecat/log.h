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

/** How much a log tells: each level tells what those before it do, too. */
#define ICECAT_LOG_NONE  0u /**< Nothing. */
#define ICECAT_LOG_ERROR 1u /**< Nothing yet: failures are told by icecat_error. */
#define ICECAT_LOG_WARN  2u /**< What is odd, though the call went on. */
#define ICECAT_LOG_INFO  3u /**< Attempts that failed, and what was learned. */
#define ICECAT_LOG_DEBUG 4u /**< Every request and its answer. */
#define ICECAT_LOG_TRACE 5u /**< Nothing yet. */

/**
 * Receives one line of text, in UTF-8, without a line break and without a secret.
 *
 * @param level    ICECAT_LOG_ERROR to ICECAT_LOG_TRACE.
 * @param area     "http", "retry", "pace", "clock", "region", "credentials", "s3", "presign" or
 *                 "pipeline"; more may be added. Static storage.
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
