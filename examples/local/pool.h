/*
 * pool.h - the threads that look at pictures, each with an eye of its own.
 *
 * Everything but the looking itself happens on the thread of the event base.
 */
#ifndef ICECAT_LOCAL_POOL_H
#define ICECAT_LOCAL_POOL_H

#include "eye.h"
#include "rekognition.h"

#include <event2/event.h>

#define POOL_WAITING_MAX 256u /* pictures in the queue; more are refused as the service would */

typedef struct pool pool;

/* The job was looked at, or the pool ended before; the receiver ends the job. */
typedef void (*pool_done_fn)(rekognition_job *job, void *userdata);

/* Start @p threads threads. The files of @p options are opened here once, so that a fault of theirs
 * shows at the start; texts are borrowed until pool_stop(). NULL with one sentence in @p why. */
pool *pool_start(struct event_base *base, unsigned threads, const eye_options *options, char *why,
                 size_t why_len);

/* Look at a picture soon. 0 when the queue is full or memory ran out; the job is still the caller's. */
int pool_look(pool *self, rekognition_job *job, pool_done_fn done, void *userdata);

/* What answers; see eye_detector_name(). */
const char *pool_detector_name(const pool *self);

/* Let the running looks end, hand back all jobs through their done functions, end. NULL is allowed. */
void pool_stop(pool *self);

#endif
