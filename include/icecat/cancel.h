/*
 * cancel.h - end a running call from another thread or a signal handler.
 *
 * @param cancel The token.
 *
 * Thread rule: a token is made and freed by one thread, when no other uses it.
 */
#ifndef ICECAT_CANCEL_H
#define ICECAT_CANCEL_H

#include <icecat/error.h>
#include <icecat/export.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A token for one or more calls. Once fired it stays fired. */
typedef struct icecat_cancel icecat_cancel;

/** A new token, not fired; NULL when out of memory. Free with icecat_cancel_free(). Any thread. */
ICECAT_API icecat_cancel *icecat_cancel_new(void);

/**
 * Ask every call that uses @p cancel to end with ICECAT_E_CANCELLED; each does within 100 ms.
 * The only function that may be called while another thread uses the token, and from a signal
 * handler. NULL is allowed.
 */
ICECAT_API void icecat_cancel_fire(icecat_cancel *cancel);

/** 1 after icecat_cancel_fire(), else 0. 0 for NULL. Any thread. */
ICECAT_API int icecat_cancel_is_fired(const icecat_cancel *cancel);

/** Release a token that no call uses any more. NULL is allowed. */
ICECAT_API void icecat_cancel_free(icecat_cancel *cancel);

/**
 * Bounds of one call; every service call takes a pointer to one in its options.
 * Zero in any field means the default.
 */
typedef struct icecat_call_options {
    size_t struct_size;    /**< Set by ICECAT_CALL_OPTIONS_INIT. */
    icecat_cancel *cancel; /**< Token that ends the call; NULL for none. Borrowed. */
    uint64_t timeout_ms;   /**< Whole call, with retries and back-off; 0 for no limit. */
} icecat_call_options;
#define ICECAT_CALL_OPTIONS_INIT                                                                   \
    {                                                                                              \
        .struct_size = sizeof(icecat_call_options)                                                 \
    }

/** Zero @p options, for languages without initialisers; @p struct_size is the caller's sizeof. */
ICECAT_API void icecat_call_options_init(icecat_call_options *options, size_t struct_size);

#ifdef __cplusplus
}
#endif

#endif
