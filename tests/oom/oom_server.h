/*
 * oom_server.h - a server of https on loopback, in a process of its own: what S3 and DynamoDB answer.
 */
#ifndef OOM_SERVER_H
#define OOM_SERVER_H

#include <sys/types.h>

typedef struct oom_server {
    unsigned port;
    pid_t process;
    char ca_bundle[64]; /* its own certificate, in a file */
} oom_server;

/** Start it; 0 with a message when it cannot be. */
int oom_server_start(oom_server *server);
/** End it, by its process id, and remove the file. */
void oom_server_stop(oom_server *server);

#endif
