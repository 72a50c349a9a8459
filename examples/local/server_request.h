/*
 * server_request.h - small parts of the server without state: target, method, ids, dates.
 */
#ifndef ICECAT_LOCAL_SERVER_REQUEST_H
#define ICECAT_LOCAL_SERVER_REQUEST_H

#include <event2/http.h>
#include <stddef.h>

typedef struct server_target {
    char *path;        /* begins with '/' */
    const char *query; /* "" when there is none; points into path's memory */
    int malformed;     /* 1: the client's fault; 0 with path NULL: memory ran out */
} server_target;

/* Split "/path?query" or "http://host/path?query". 0 when it is neither or memory ran out. */
int server_target_read(const char *uri, server_target *out);
void server_target_clear(server_target *target);

/* "PUT"; "" for a method that is not known. Static. */
const char *server_method_name(enum evhttp_cmd_type type);

/* A random id in the form of a UUID. 0 when there is no randomness. */
int server_request_id(char out[40]);

/* Copy what fits of a text that a client sent, for a terminal: blanks, control characters and what
 * is not ASCII become '?'. */
void server_copy_printable(char *out, size_t size, const char *text);

#endif
