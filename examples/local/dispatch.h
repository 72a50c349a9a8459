/*
 * dispatch.h - from a request to its service: check the signature, call, answer.
 */
#ifndef ICECAT_LOCAL_DISPATCH_H
#define ICECAT_LOCAL_DISPATCH_H

#include "auth.h"
#include "faults.h"
#include "pool.h"
#include "server.h"
#include "trigger.h"

#include <sqlite3.h>

/* Everything but the faults is borrowed, and all of it outlives the server. */
typedef struct dispatch {
    sqlite3 *db;
    auth_settings auth;
    pool *pool;
    fault_rules faults;
    const trigger_settings *trigger_settings; /* NULL: events are not queued */
    trigger *trigger;                         /* NULL: nothing works on events */
    int queued;                               /* 1: the request at hand has queued an event */
} dispatch;

/* Handle one exchange; @p userdata is the dispatch. */
void dispatch_handle(server_exchange *exchange, void *userdata);

#endif
