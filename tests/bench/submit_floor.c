/*
 * submit_floor.c - the least that a submission costs: read each file, hash it, send the same number of
 * bytes over one kept-alive connection, and read an answer; no check, no signature, no library. And the
 * other end: a server that takes every request and answers 200.
 *
 *   submit_floor sink [MS]       prints its port, serves on the loopback until it is killed; every answer
 *                                comes MS milliseconds after its request
 *   submit_floor send PORT       sends the files that stdin names, one a line
 *   submit_floor run FILE CMD... runs a command and writes into FILE its seconds of wall and CPU time and
 *                                its peak memory in kB: of a parent as small as this one, because the
 *                                kernel counts what a process had before it became another program
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_CONNECTIONS = 64, HEAD = 8192 };

static void stop(const char *what)
{
    perror(what);
    exit(1);
}

static void write_all(int fd, const char *data, size_t len)
{
    while (len != 0) {
        ssize_t put = write(fd, data, len);

        if (put <= 0)
            stop("write");
        data += put;
        len -= (size_t)put;
    }
}

/* ---- send -------------------------------------------------------------------------------- */

static char *file_bytes;
static size_t file_cap;

static size_t read_file(const char *path)
{
    int fd = open(path, O_RDONLY);
    struct stat info;
    size_t done = 0;

    if (fd < 0 || fstat(fd, &info) != 0)
        stop(path);
    if ((size_t)info.st_size > file_cap) {
        file_cap = (size_t)info.st_size;
        file_bytes = realloc(file_bytes, file_cap);
        if (file_bytes == NULL)
            stop("memory");
    }
    while (done < (size_t)info.st_size) {
        ssize_t got = read(fd, file_bytes + done, (size_t)info.st_size - done);

        if (got <= 0)
            stop(path);
        done += (size_t)got;
    }
    close(fd);
    return done;
}

static void send_file(int fd, const char *path)
{
    unsigned char digest[32];
    char hex[65];
    char head[1024];
    size_t len = read_file(path);
    int head_len;

    if (EVP_Digest(file_bytes, len, digest, NULL, EVP_sha256(), NULL) != 1)
        stop("SHA-256");
    for (size_t i = 0; i < sizeof(digest); i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    head_len = snprintf(head, sizeof(head),
                        "PUT /bucket/%s.jpg HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %zu\r\n"
                        "x-amz-content-sha256: %s\r\n\r\n",
                        hex, len, hex);
    write_all(fd, head, (size_t)head_len);
    write_all(fd, file_bytes, len);
    if (read(fd, head, sizeof(head)) <= 0)
        stop("answer");
}

static int send_all(const char *port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port)) };
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    char path[4096];

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0)
        stop("connect");
    while (fgets(path, sizeof(path), stdin) != NULL) {
        path[strcspn(path, "\n")] = '\0';
        send_file(fd, path);
    }
    close(fd);
    free(file_bytes);
    return 0;
}

/* ---- sink -------------------------------------------------------------------------------- */

struct connection {
    char head[HEAD + 1];
    size_t head_len;
    size_t body_left; /* 0: a head is being read */
    long due_ms;      /* when to answer; 0: nothing is to be answered */
};

static struct connection connections[MOST_CONNECTIONS];
static long latency_ms;

static long now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static size_t body_length(char *head)
{
    char *line = strstr(head, "\r\n");

    for (; line != NULL; line = strstr(line + 2, "\r\n")) {
        if (strncasecmp(line + 2, "content-length:", 15) == 0)
            return strtoul(line + 17, NULL, 10);
    }
    return 0;
}

static void answer(int fd)
{
    static const char text[] = "HTTP/1.1 200 OK\r\nETag: \"0\"\r\nContent-Length: 0\r\n\r\n";

    write_all(fd, text, sizeof(text) - 1);
}

/* Bytes of a request; whatever follows its head is its body. */
static void take(int fd, struct connection *one, const char *data, size_t len)
{
    char *end;
    size_t before = one->head_len;

    if (one->body_left == 0) {
        if (before + len > HEAD)
            len = HEAD - before;
        memcpy(one->head + before, data, len);
        one->head_len += len;
        one->head[one->head_len] = '\0';
        end = strstr(one->head, "\r\n\r\n");
        if (end == NULL)
            return;
        len = one->head_len - (size_t)(end + 4 - one->head);
        one->body_left = body_length(one->head);
        if (strstr(one->head, "100-continue") != NULL)
            write_all(fd, "HTTP/1.1 100 Continue\r\n\r\n", 25);
        one->head_len = 0;
    }
    one->body_left -= len < one->body_left ? len : one->body_left;
    if (one->body_left != 0)
        return;
    if (latency_ms == 0)
        answer(fd);
    else
        one->due_ms = now_ms() + latency_ms;
}

/* Answer what is due; the milliseconds until the next is, -1 when none is waited for. */
static int answer_due(const struct pollfd *polled, nfds_t count)
{
    long now = now_ms();
    long soonest = -1;

    for (nfds_t i = 1; latency_ms != 0 && i < count; i++) {
        struct connection *one = &connections[i];

        if (one->due_ms != 0 && one->due_ms <= now) {
            answer(polled[i].fd);
            one->due_ms = 0;
        } else if (one->due_ms != 0 && (soonest < 0 || one->due_ms - now < soonest)) {
            soonest = one->due_ms - now;
        }
    }
    return (int)soonest;
}

static void serve(struct pollfd *polled, nfds_t *count)
{
    static char bytes[1 << 18];

    for (nfds_t i = *count; i-- > 1;) {
        struct connection *one = &connections[i];
        ssize_t got;

        if (polled[i].revents == 0)
            continue;
        /* A head alone first, so that what does not fit into it is still a body. */
        got = read(polled[i].fd, bytes, one->body_left != 0 ? sizeof(bytes) : HEAD - one->head_len);
        if (got > 0) {
            take(polled[i].fd, one, bytes, (size_t)got);
            continue;
        }
        close(polled[i].fd);
        polled[i] = polled[*count - 1];
        *one = connections[--*count];
    }
    if (polled[0].revents != 0 && *count < MOST_CONNECTIONS) {
        connections[*count] = (struct connection){ .head_len = 0 };
        polled[(*count)++] = (struct pollfd){ accept(polled[0].fd, NULL, NULL), POLLIN, 0 };
    }
}

static int sink(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t len = sizeof(address);
    struct pollfd polled[MOST_CONNECTIONS] = { { socket(AF_INET, SOCK_STREAM, 0), POLLIN, 0 } };
    nfds_t count = 1;

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(polled[0].fd, (struct sockaddr *)&address, sizeof(address)) != 0 ||
        listen(polled[0].fd, 64) != 0 ||
        getsockname(polled[0].fd, (struct sockaddr *)&address, &len) != 0)
        stop("listen");
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    while (poll(polled, count, answer_due(polled, count)) >= 0)
        serve(polled, &count);
    return 1;
}

/* ---- run --------------------------------------------------------------------------------- */

static double seconds_of(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static int run(const char *out, char **command)
{
    struct timespec begun;
    struct timespec ended;
    struct rusage usage;
    FILE *file;
    int code = 1;
    pid_t child;

    clock_gettime(CLOCK_MONOTONIC, &begun);
    child = fork();
    if (child == 0) {
        execvp(command[0], command);
        stop(command[0]);
    }
    if (child < 0 || waitpid(child, &code, 0) != child || getrusage(RUSAGE_CHILDREN, &usage) != 0)
        stop("wait");
    clock_gettime(CLOCK_MONOTONIC, &ended);
    file = fopen(out, "w");
    if (file == NULL)
        stop(out);
    fprintf(file, "%f %f %ld\n",
            (double)(ended.tv_sec - begun.tv_sec) + (double)(ended.tv_nsec - begun.tv_nsec) / 1e9,
            seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime), usage.ru_maxrss);
    fclose(file);
    return WIFEXITED(code) ? WEXITSTATUS(code) : 1;
}

int main(int argc, char **argv)
{
    if ((argc == 2 || argc == 3) && strcmp(argv[1], "sink") == 0) {
        latency_ms = argc == 3 ? atol(argv[2]) : 0;
        return sink();
    }
    if (argc == 3 && strcmp(argv[1], "send") == 0)
        return send_all(argv[2]);
    if (argc > 3 && strcmp(argv[1], "run") == 0)
        return run(argv[2], argv + 3);
    fputs("usage: submit_floor sink [MS] | send PORT | run FILE COMMAND...\n", stderr);
    return 2;
}
