/*
 * engine.h - the one loop that sends requests: sign, send, classify, retry, for one or for thousands.
 *
 * A call is one operation with its attempts. The engine takes calls from a source while fewer than
 * `concurrency` are in flight, and hands each back once it is settled. A call that waits for its
 * back-off never holds up the others, but for one case: in a run of several, a service that asks to
 * slow down gets fewer requests at a time (pace.h), and the calls that it refused count among them
 * until they are sent again. Everything happens on the caller's thread.
 */
#ifndef IC_ENGINE_H
#define IC_ENGINE_H

#include "aws/request.h"
#include "base/cancel.h"
#include <icecat/client.h>

typedef struct ic_call {
    ic_request *request;  /* set by the source; must live until settled */
    ic_response response; /* initialised by the engine; the settled function may take from it */
    icecat_status status; /* set by the engine: how it ended */
    icecat_error error;   /* set by the engine */
    unsigned attempts;    /* requests that were sent */
    void *userdata;       /* the source's own */
} ic_call;

/**
 * Give the next call: IC_SOURCE_CALL with @p call->request set, IC_SOURCE_WAIT when there is none until
 * another call is settled, IC_SOURCE_END when there will be none, IC_SOURCE_STOP to end the run (calls in
 * flight are given up and settled as ICECAT_E_CANCELLED).
 */
typedef enum ic_source_answer {
    IC_SOURCE_CALL,
    IC_SOURCE_WAIT,
    IC_SOURCE_END,
    IC_SOURCE_STOP
} ic_source_answer;

/** What the engine is at. */
struct ic_run;
/** Bytes of bodies that were sent, of calls that are under way; less when one of them is sent again. */
uint64_t ic_run_bytes_sent(const struct ic_run *r);

typedef struct ic_source {
    ic_source_answer (*next)(ic_call *call, void *userdata);
    /** Told once of every call that next() gave. The engine frees the response afterwards. */
    void (*settled)(ic_call *call, void *userdata);
    void *userdata;
    /** May be NULL. While transfers are under way: do one short piece of work for a later call. 1 when
     *  it did, 0 when there is nothing to do. */
    int (*prepare)(void *userdata);
    /** May be NULL. Called a few times a second at least, whatever the network does; not 0 ends the run
     *  as IC_SOURCE_STOP does. */
    int (*tick)(const struct ic_run *run, void *userdata);
} ic_source;

/**
 * Run every call of @p source. ICECAT_OK when all were settled, whatever their status; else
 * ICECAT_E_CANCELLED, ICECAT_E_DEADLINE, ICECAT_E_CALLBACK (IC_SOURCE_STOP) or ICECAT_E_NO_MEMORY. Before it
 * returns, every call that was given is settled.
 */
icecat_status ic_engine_run(icecat_client *client, const ic_source *source, unsigned concurrency,
                            const ic_bounds *bounds, icecat_error *err);

/**
 * A run of one. On ICECAT_OK @p response holds a 2xx answer and the caller frees it; on failure it
 * is freed, but for the body of ICECAT_E_PRECONDITION, which may hold the old item.
 * The caller frees @p response in every case; ic_response_free() of a zeroed one is allowed.
 */
icecat_status ic_engine_call(icecat_client *client, ic_request *request, const ic_bounds *bounds,
                             ic_response *response, icecat_error *err);

/* What the layers above need of a client. */
const ic_mem *ic_client_mem(const icecat_client *client);
unsigned ic_client_max_connections(const icecat_client *client);
const ic_clock *ic_client_clock(const icecat_client *client);
/** The time that signatures carry: the clock's, corrected by what was learned of AWS's. */
int64_t ic_client_signing_time(icecat_client *client);
/** Random bytes from the embedder's source or libcrypto's. 1 on success. */
int ic_client_random(const icecat_client *client, void *out, size_t len);
struct ic_log;
const struct ic_log *ic_client_log(const icecat_client *client);

#endif
