/*
 * inject.h - what an embedder may put in the place of the network and of chance.
 *
 * For tests of faults without a network or an account, and for devices with an HTTP stack of their
 * own. The third of its kind, the clock, is in clock.h. Each is set in icecat_client_options.
 *
 * @param answer As the transport got it.
 *
 * Thread rule: the functions are called inside icecat_transport_fn only, on its thread.
 */
#ifndef ICECAT_INJECT_H
#define ICECAT_INJECT_H

#include <icecat/cancel.h>
#include <icecat/clock.h>
#include <icecat/error.h>
#include <icecat/export.h>
#include <icecat/memory.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Fill @p out with random bytes; 0 when it did, any other value when it could not. Used for the
 * pauses between attempts, never for secrets. Called from every thread that uses the client.
 */
typedef int (*icecat_random_fn)(void *out, size_t len, void *userdata);

/** A signed request, to be sent as it is. Borrowed for the call. */
typedef struct icecat_http_request {
    size_t struct_size; /**< Set by the library. */
    const char *method; /**< "GET", "HEAD", "PUT", "POST" or "DELETE". */
    const char *url;    /**< Absolute, http or https; percent-encoded, ".." kept as it is. */
    const icecat_pair *headers;  /**< All but Content-Length. They hold secrets: do not log them. */
    size_t headers_count;        /**< Elements of @p headers. */
    const void *body;            /**< NULL when there is none. */
    size_t body_len;             /**< Bytes at @p body. */
    const icecat_cancel *cancel; /**< Ends the call when it is fired; NULL for none. */
    uint64_t timeout_ms;         /**< Left of the call's time; UINT64_MAX for no limit. */
} icecat_http_request;

/** Takes the answer to one request. */
typedef struct icecat_http_answer icecat_http_answer;

/**
 * Send one request and take its answer: icecat_http_answer_status() once, and the other functions as
 * often as there are headers and pieces of the body. Blocks until the answer is whole. Returns
 * ICECAT_OK, or why there is no answer: one of the transport statuses ICECAT_E_RESOLVE to
 * ICECAT_E_PROTOCOL, ICECAT_E_NO_MEMORY, or what an answer function returned. ICECAT_E_CANCELLED and
 * ICECAT_E_DEADLINE when the request's bounds ended it.
 *
 * Must not follow redirects, and must verify the server of an https URL. Must not call back into the
 * client. Called from every thread that uses the client; requests of one bulk call are sent one
 * after the other.
 */
typedef icecat_status (*icecat_transport_fn)(const icecat_http_request *request,
                                             icecat_http_answer *answer, void *userdata);

/** What sends the requests of a client. */
typedef struct icecat_transport {
    icecat_transport_fn perform; /**< Required. */
    void *userdata;              /**< Given to @p perform. */
} icecat_transport;

/** The status line's number: @p http_status from 100 to 599, of the final answer. ICECAT_OK, or
 *  ICECAT_E_ARGUMENT for another. */
ICECAT_API icecat_status icecat_http_answer_status(icecat_http_answer *answer, int http_status);
/** One header, @p name and @p value; both are copied. ICECAT_OK, ICECAT_E_ARGUMENT, ICECAT_E_LIMIT or
 *  ICECAT_E_NO_MEMORY. */
ICECAT_API icecat_status icecat_http_answer_header(icecat_http_answer *answer, const char *name,
                                                   const char *value);
/** The next piece of the body, @p len bytes at @p data; copied. ICECAT_OK, ICECAT_E_ARGUMENT,
 *  ICECAT_E_LIMIT or ICECAT_E_NO_MEMORY. */
ICECAT_API icecat_status icecat_http_answer_body(icecat_http_answer *answer, const void *data,
                                                 size_t len);
/** Why there is no answer: @p message, copied, is for the error's; call it before a failure is
 *  returned. */
ICECAT_API void icecat_http_answer_explain(icecat_http_answer *answer, const char *message);

#ifdef __cplusplus
}
#endif

#endif
