/*
 * tiny_server.c - a pool of threads that accept, read a request, and answer it in some way.
 */
#include "tiny_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MOST_THREADS 64
#define MOST_HEAD    16384
#define LOOK_MS      10

struct tiny_server {
    int listener;
    char url[40];
    pthread_t threads[MOST_THREADS];
    unsigned thread_count;
    tiny_mood (*mood_of)(unsigned number);
    atomic_uint requests;
    atomic_int ends;
};

static const char good[] = "HTTP/1.1 200 OK\r\nETag: \"e\"\r\nContent-Length: 2\r\n\r\n{}";
static const char busy[] = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n";

/* 1 when there is something to read, or the end. */
static int await(const tiny_server *server, int fd)
{
    struct pollfd look = { fd, POLLIN, 0 };

    while (!atomic_load(&server->ends)) {
        if (poll(&look, 1, LOOK_MS) > 0)
            return 1;
    }
    return 0;
}

/* Read a request; bodies are short, and come with their heads or right behind them. 0 at the end. */
static int take_request(const tiny_server *server, int fd)
{
    char head[MOST_HEAD];
    size_t got = 0;

    while (got < sizeof(head) - 1 && await(server, fd)) {
        ssize_t more = recv(fd, head + got, sizeof(head) - 1 - got, 0);
        const char *end;
        const char *length;

        if (more <= 0)
            return 0;
        got += (size_t)more;
        head[got] = '\0';
        end = strstr(head, "\r\n\r\n");
        length = strstr(head, "Content-Length: ");
        if (end != NULL &&
            (length == NULL || got >= (size_t)(end + 4 - head) +
                                          strtoul(length + strlen("Content-Length: "), NULL, 10)))
            return 1;
    }
    return 0;
}

static void reset(int fd)
{
    const struct linger now = { 1, 0 };

    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}

/* 1 to go on with the connection. */
static int answer(tiny_server *server, int fd)
{
    const struct timespec pause = { 0, 20000000 };
    const char *text = good;

    switch (server->mood_of(atomic_fetch_add(&server->requests, 1))) {
    case TINY_GOOD:
        break;
    case TINY_SLOW:
        nanosleep(&pause, NULL);
        break;
    case TINY_BUSY:
        text = busy;
        break;
    case TINY_RESET:
        reset(fd);
        return 0;
    case TINY_SILENT:
        await(server, fd);
        return 0;
    }
    return send(fd, text, strlen(text), MSG_NOSIGNAL) == (ssize_t)strlen(text);
}

static void *serve(void *userdata)
{
    tiny_server *server = userdata;

    while (await(server, server->listener)) {
        int fd = accept(server->listener, NULL, NULL); /* another thread may have been faster */

        if (fd >= 0)
            fcntl(fd, F_SETFD, FD_CLOEXEC);
        while (fd >= 0 && take_request(server, fd) && answer(server, fd))
            ;
        if (fd >= 0)
            close(fd);
    }
    return NULL;
}

static void need(int good_so_far, const char *what)
{
    if (good_so_far)
        return;
    perror(what);
    exit(2);
}

tiny_server *tiny_server_start(unsigned threads, tiny_mood (*mood_of)(unsigned number))
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    tiny_server *server = calloc(1, sizeof(*server));
    socklen_t size = sizeof(address);

    need(server != NULL && threads <= MOST_THREADS, "a server");
    server->mood_of = mood_of;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    need(server->listener >= 0 && bind(server->listener, (struct sockaddr *)&address, size) == 0 &&
             listen(server->listener, 128) == 0 &&
             getsockname(server->listener, (struct sockaddr *)&address, &size) == 0,
         "a listener");
    snprintf(server->url, sizeof(server->url), "http://127.0.0.1:%u", ntohs(address.sin_port));
    for (; server->thread_count < threads; server->thread_count++)
        need(pthread_create(&server->threads[server->thread_count], NULL, serve, server) == 0,
             "a thread");
    return server;
}

const char *tiny_server_url(const tiny_server *server)
{
    return server->url;
}

unsigned tiny_server_requests(tiny_server *server)
{
    return atomic_load(&server->requests);
}

void tiny_server_stop(tiny_server *server)
{
    atomic_store(&server->ends, 1);
    for (unsigned i = 0; i < server->thread_count; i++)
        pthread_join(server->threads[i], NULL);
    close(server->listener);
    free(server);
}
