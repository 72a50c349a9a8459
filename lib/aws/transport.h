/*
 * transport.h - moves bytes; knows nothing of AWS. Several exchanges may be under way; all on the
 * thread that calls wait().
 */
#ifndef IC_TRANSPORT_H
#define IC_TRANSPORT_H

#include "aws/request.h"
#include "base/cancel.h"
#include <icecat/inject.h>

/** One request on the wire and its answer. */
typedef struct ic_exchange {
    const char *method;
    const char *url;
    const ic_pairs *headers;
    const void *body;
    size_t body_len;
    const ic_bounds *bounds; /* for who cannot be stopped by another function; may be NULL */
    ic_response *response;   /* filled as bytes arrive */
    void *owner;             /* the engine's */
    void *handle;            /* the transport's */
    icecat_status status;    /* set when it is finished: ICECAT_OK for any HTTP answer */
    icecat_error error;      /* set when status is not ICECAT_OK */
} ic_exchange;

typedef struct ic_transport ic_transport;
struct ic_transport {
    /** Begin. On failure nothing is under way. */
    icecat_status (*start)(ic_transport *transport, ic_exchange *exchange, icecat_error *err);
    /** A finished exchange, or NULL after @p timeout_ms; with 0 only one that has finished by now. */
    ic_exchange *(*wait)(ic_transport *transport, uint64_t timeout_ms);
    /** Give up one that is under way. */
    void (*stop)(ic_transport *transport, ic_exchange *exchange);
    /** Bytes of the body that are sent of one that is under way; NULL where nobody knows. */
    uint64_t (*sent)(const ic_exchange *exchange);
    void (*free)(ic_transport *transport);
    ic_transport *next; /* in the client's pool */
};

typedef struct ic_transport_settings {
    const char *ca_bundle;       /* NULL: the system's */
    const char *proxy;           /* URL; NULL: as the environment says */
    const char *no_proxy;        /* hosts; NULL: as the environment says */
    const char *proxy_ca_bundle; /* of an https proxy; NULL: the system's */
    unsigned connect_timeout_ms;
    unsigned stall_timeout_ms;
    unsigned max_connections;
    int is_direct; /* 1: never through a proxy, whatever the environment says */
} ic_transport_settings;

/** libcurl. @p settings must outlive it. NULL when out of memory. */
ic_transport *ic_transport_curl_new(const ic_mem *mem, const ic_transport_settings *settings);

/** A function of the embedder. @p perform must outlive it. NULL when out of memory. */
ic_transport *ic_transport_perform_new(const ic_mem *mem, const icecat_transport *perform);

#endif
