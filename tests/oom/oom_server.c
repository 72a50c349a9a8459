/*
 * oom_server.c - a server of https on loopback, in a process of its own.
 *
 * Its key and certificate are made at the start. One connection at a time, one request on each: a client
 * that dies in the middle costs nothing.
 */
#include "oom_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- certificate --------------------------------------------------------------------------- */

static int add_extension(X509 *certificate, int nid, const char *value)
{
    X509V3_CTX context;
    X509_EXTENSION *extension;
    int ok;

    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    ok = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return ok;
}

static X509 *make_certificate(EVP_PKEY *key)
{
    X509 *certificate = X509_new();
    X509_NAME *name;

    if (certificate == NULL)
        return NULL;
    name = X509_get_subject_name(certificate);
    if (X509_set_version(certificate, 2) == 1 &&
        ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1) == 1 &&
        X509_gmtime_adj(X509_getm_notBefore(certificate), -60) != NULL &&
        X509_gmtime_adj(X509_getm_notAfter(certificate), 86400) != NULL &&
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"loopback", -1,
                                   -1, 0) == 1 &&
        X509_set_issuer_name(certificate, name) == 1 && X509_set_pubkey(certificate, key) == 1 &&
        add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE") &&
        add_extension(certificate, NID_subject_alt_name, "IP:127.0.0.1") &&
        X509_sign(certificate, key, EVP_sha256()) != 0)
        return certificate;
    X509_free(certificate);
    return NULL;
}

/* A context with a new key and its certificate, which is written to a new file too. */
static SSL_CTX *make_context(char *path)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = key != NULL ? make_certificate(key) : NULL;
    int fd = mkstemp(path);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    int ok = context != NULL && certificate != NULL && file != NULL &&
             SSL_CTX_use_certificate(context, certificate) == 1 &&
             SSL_CTX_use_PrivateKey(context, key) == 1 && PEM_write_X509(file, certificate) == 1;

    if (file != NULL && fclose(file) != 0)
        ok = 0;
    X509_free(certificate);
    EVP_PKEY_free(key);
    if (ok)
        return context;
    SSL_CTX_free(context);
    return NULL;
}

/* ---- requests ------------------------------------------------------------------------------ */

/* The request's head; its body is read and dropped. 0 when the peer went away. */
static int read_request(SSL *tls, char *head, size_t size)
{
    size_t got = 0;
    const char *end = NULL, *length;
    size_t body, want;
    char rest[4096];

    while (end == NULL && got < size - 1) {
        int more = SSL_read(tls, head + got, (int)(size - 1 - got));

        if (more <= 0)
            return 0;
        got += (size_t)more;
        head[got] = '\0';
        end = strstr(head, "\r\n\r\n");
    }
    length = strstr(head, "Content-Length: ");
    want = length != NULL ? strtoul(length + 16, NULL, 10) : 0;
    body = end != NULL ? got - (size_t)(end + 4 - head) : 0;
    while (body < want) {
        int more = SSL_read(tls, rest, sizeof(rest));

        if (more <= 0)
            return 0;
        body += (size_t)more;
    }
    return 1;
}

static const char *body_of(const char *head)
{
    if (strncmp(head, "PUT ", 4) == 0)
        return "";
    return strncmp(head, "GET ", 4) == 0
               ? "hello"
               : "{\"Count\":1,\"Items\":[{\"a\":{\"N\":\"1\"}}],\"ScannedCount\":1}";
}

static void serve(SSL_CTX *context, int fd)
{
    SSL *tls = SSL_new(context);
    static char head[16384];
    char answer[1024];

    if (tls != NULL && SSL_set_fd(tls, fd) == 1 && SSL_accept(tls) == 1 &&
        read_request(tls, head, sizeof(head))) {
        const char *body = body_of(head);
        int len = snprintf(answer, sizeof(answer),
                           "HTTP/1.1 200 OK\r\nETag: \"e\"\r\nContent-Length: %zu\r\n"
                           "Connection: close\r\n\r\n%s",
                           strlen(body), body);

        (void)SSL_write(tls, answer, len);
        (void)SSL_shutdown(tls);
    }
    SSL_free(tls);
    close(fd);
}

/* Until it is ended, or the program that started it is gone. */
static void serve_all(SSL_CTX *context, int listener)
{
    struct pollfd one = { .fd = listener, .events = POLLIN };
    pid_t parent = getppid();

    signal(SIGPIPE, SIG_IGN);
    while (getppid() == parent) {
        struct timeval patience = { .tv_sec = 2 };
        int fd = poll(&one, 1, 1000) == 1 ? accept(listener, NULL, NULL) : -1;

        if (fd < 0)
            continue;
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
        serve(context, fd);
    }
}

/* ---- start and stop ------------------------------------------------------------------------ */

static int listen_on_loopback(unsigned *port)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t size = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) != 0 || listen(fd, 64) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0)
        return -1;
    *port = ntohs(address.sin_port);
    return fd;
}

/* The child makes its key, so that nothing of OpenSSL has begun in the parent. */
static void run_child(oom_server *server, int listener, int ready)
{
    SSL_CTX *context = make_context(server->ca_bundle);

    if (context == NULL || write(ready, server->ca_bundle, sizeof(server->ca_bundle)) < 0)
        _exit(1);
    close(ready);
    serve_all(context, listener);
    _exit(0);
}

int oom_server_start(oom_server *server)
{
    int listener = listen_on_loopback(&server->port);
    int ends[2];
    ssize_t got;

    strcpy(server->ca_bundle, "/tmp/icecat-oom-XXXXXX");
    if (listener < 0 || pipe(ends) != 0) {
        perror("a server on loopback");
        return 0;
    }
    server->process = fork();
    if (server->process == 0) {
        close(ends[0]);
        run_child(server, listener, ends[1]);
    }
    close(listener);
    close(ends[1]);
    got = read(ends[0], server->ca_bundle, sizeof(server->ca_bundle));
    close(ends[0]);
    if (got == (ssize_t)sizeof(server->ca_bundle))
        return 1;
    fprintf(stderr, "the server could not be started\n");
    return 0;
}

void oom_server_stop(oom_server *server)
{
    kill(server->process, SIGTERM);
    waitpid(server->process, NULL, 0);
    unlink(server->ca_bundle);
}
