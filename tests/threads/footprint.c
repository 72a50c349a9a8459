/*
 * footprint.c - what is left in the process after the last client is gone: nothing.
 *
 *   footprint [ca.pem https://ADDRESS]
 *
 * With a server that speaks TLS, which the caller runs, OpenSSL is used too. Everything here is on one
 * thread; tests/threads/cancel_storm.c does the same with many.
 */
#include "process_state.h"
#include "tiny_client.h"
#include "tiny_server.h"

#include <curl/curl.h>
#include <icecat/icecat.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int fail(const char *what, const icecat_error *err)
{
    fprintf(stderr, "%s%s%s\n", what, err != NULL ? ": " : "", err != NULL ? err->message : "");
    return 0;
}

static tiny_mood mood_of(unsigned number)
{
    return number % 4 == 3 ? TINY_RESET : TINY_GOOD;
}

static int puts_well(icecat_client *client)
{
    icecat_error err;

    if (icecat_s3_put_object(client, "pets", "a", "x", 1, NULL, NULL, &err) != ICECAT_OK)
        return fail("put", &err);
    return 1;
}

static size_t drop(char *data, size_t size, size_t count, void *userdata)
{
    (void)data;
    (void)userdata;
    return size * count;
}

/* The host's own use of libcurl, with a handle that was there before our client. */
static int host_asks(CURL *easy, const char *url)
{
    CURLcode code;

    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
    code = curl_easy_perform(easy);
    if (code == CURLE_GOT_NOTHING || code == CURLE_RECV_ERROR) /* the server's mood */
        code = curl_easy_perform(easy);
    return code == CURLE_OK ? 1 : fail(curl_easy_strerror(code), NULL);
}

/* Clients overlap, and the last is gone before the host goes on. */
static int use(const process_state *before, const char *url, const char *ca_bundle)
{
    icecat_client *one = tiny_client_new(url, NULL, ca_bundle, NULL);
    icecat_client *other = tiny_client_new(url, NULL, ca_bundle, NULL);
    int good = 1;

    for (int i = 0; good && i < 4; i++)
        good = puts_well(one) && puts_well(other);
    good = good && process_state_new_sockets_close_on_exec(before);
    icecat_client_free(one);
    good = good && puts_well(other);
    icecat_client_free(other);
    return good;
}

static int leaves_nothing(const char *url, const char *ca_bundle)
{
    process_state before, after;
    int good;

    process_state_take(&before);
    good = use(&before, url, ca_bundle);
    process_state_take(&after);
    return process_state_is_same(&before, &after) && good;
}

/* The host has initialised libcurl once. Ours come and go: its own must still work, and end with its own. */
static int leaves_the_hosts_libcurl(const char *url)
{
    CURL *easy;
    int good;

    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return fail("the host's libcurl", NULL);
    easy = curl_easy_init();
    good = easy != NULL && host_asks(easy, url) && leaves_nothing(url, NULL) &&
           host_asks(easy, url);
    curl_easy_cleanup(easy);
    curl_global_cleanup();
    return good;
}

/* In a process of its own: its descriptors and threads are not ours. It ends with the pipe @p stop. */
static void run_server(int tell, int stop)
{
    tiny_server *server = tiny_server_start(4, mood_of);
    const char *url = tiny_server_url(server);
    char byte;

    if (write(tell, url, strlen(url)) > 0)
        while (read(stop, &byte, 1) < 0)
            ;
    tiny_server_stop(server);
}

static pid_t start_server(char *url, size_t size, int *stop)
{
    int told[2], ends[2];
    ssize_t got;
    pid_t child;

    if (pipe(told) != 0 || pipe(ends) != 0 || (child = fork()) < 0)
        exit(2);
    if (child == 0) {
        close(ends[1]);
        run_server(told[1], ends[0]);
        _exit(0);
    }
    close(told[1]);
    close(ends[0]);
    got = read(told[0], url, size - 1);
    close(told[0]);
    if (got <= 0)
        exit(2);
    url[got] = '\0';
    *stop = ends[1];
    return child;
}

int main(int argc, char **argv)
{
    char url[64];
    int stop;
    pid_t server = start_server(url, sizeof(url), &stop);
    int good;

    setlocale(LC_ALL, "");
    good = leaves_nothing(url, NULL) && leaves_the_hosts_libcurl(url) && leaves_nothing(url, NULL);
    if (good && argc == 3)
        good = leaves_nothing(argv[2], argv[1]);
    close(stop);
    waitpid(server, NULL, 0);
    return good ? 0 : 1;
}
