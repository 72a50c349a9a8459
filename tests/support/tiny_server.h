/*
 * tiny_server.h - an HTTP server on loopback, inside of the test's own process, that takes any request and
 * answers it in one of few ways. For tests of threads: each connection has a thread of its own.
 */
#ifndef TINY_SERVER_H
#define TINY_SERVER_H

typedef enum tiny_mood {
    TINY_GOOD,   /* 200 with an ETag and an empty JSON object: a put, or a write of an item */
    TINY_SLOW,   /* the same after 20 milliseconds */
    TINY_BUSY,   /* 503 */
    TINY_RESET,  /* the connection is reset */
    TINY_SILENT, /* nothing, until the client hangs up */
} tiny_mood;

typedef struct tiny_server tiny_server;

/** Listen on a free port, with @p threads of connections at a time. @p mood_of is asked for each request, by
 *  several threads at once, with its number from 0 on. Ends the program when it cannot. */
tiny_server *tiny_server_start(unsigned threads, tiny_mood (*mood_of)(unsigned number));

/** "http://127.0.0.1:PORT"; lives as long as the server. */
const char *tiny_server_url(const tiny_server *server);

/** Requests that were taken so far. */
unsigned tiny_server_requests(tiny_server *server);

/** End all connections and threads. */
void tiny_server_stop(tiny_server *server);

#endif
