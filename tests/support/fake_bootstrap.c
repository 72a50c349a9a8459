/*
 * fake_bootstrap.c - a function for the tests of icecat-local's trigger: it speaks the Runtime API
 * over plain sockets and misbehaves as it is told.
 *
 *   FAKE_DIR    where it notes what it does: "calls" has one line "id key" per invocation
 *   FAKE_INIT   "error": report init/error and exit; "exit": exit at once; "hang": ask for nothing;
 *               "hang-up": ask, close the connection, and ask again
 *
 * The first word of the object's key says what becomes of the invocation: ok, error, crash, hang,
 * environment, protocol. After "once-" it misbehaves only in the first attempt.
 */
#include <arpa/inet.h>
#include <cjson/cJSON.h>
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;

#define BASE "/2018-06-01/runtime/"

enum { ANSWER_MAX = 64 * 1024, RESPONSE_MAX = 6 * 1024 * 1024 + 100 };

struct answer {
    int status;
    char id[64];
    char text[ANSWER_MAX]; /* head and body */
    const char *body;
};

/* A failure of the helper itself must not look like a wanted one. */
static void die(const char *what)
{
    perror(what);
    _exit(99);
}

/* Longer than any test waits, but not for ever: a test that was killed cannot end it. */
static void hang(void)
{
    sleep(60);
    _exit(4);
}

/* ---- HTTP -------------------------------------------------------------------------------- */

static int connect_api(void)
{
    const char *api = getenv("AWS_LAMBDA_RUNTIME_API");
    struct sockaddr_in address = { .sin_family = AF_INET };
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (api == NULL || strncmp(api, "127.0.0.1:", 10) != 0 || fd < 0)
        die("AWS_LAMBDA_RUNTIME_API");
    address.sin_port = htons((uint16_t)strtoul(api + 10, NULL, 10));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0)
        _exit(3); /* the API is gone */
    return fd;
}

static void send_all(int fd, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t sent = send(fd, data, len, MSG_NOSIGNAL);

        if (sent <= 0)
            _exit(3);
        data += sent;
        len -= (size_t)sent;
    }
}

static void take_id(struct answer *answer)
{
    const char *name = "Lambda-Runtime-Aws-Request-Id: ";
    const char *at = strstr(answer->text, name);

    answer->id[0] = '\0';
    if (at != NULL)
        sscanf(at + strlen(name), "%63[0-9a-f-]", answer->id);
}

static void receive(int fd, struct answer *answer)
{
    size_t len = 0;
    ssize_t got;

    while (len < sizeof(answer->text) - 1 &&
           (got = recv(fd, answer->text + len, sizeof(answer->text) - 1 - len, 0)) > 0)
        len += (size_t)got;
    answer->text[len] = '\0';
    answer->body = strstr(answer->text, "\r\n\r\n");
    if (answer->body == NULL)
        _exit(3);
    answer->body += 4;
    answer->status = atoi(answer->text + strlen("HTTP/1.1 "));
    take_id(answer);
}

/* One connection per request. @p headers end with a line break each. */
static int request(struct answer *answer, const char *method, const char *path, const char *headers,
                   const char *body, size_t len)
{
    char head[1024];
    int fd = connect_api();

    snprintf(head, sizeof(head),
             "%s " BASE "%s HTTP/1.1\r\nHost: api\r\nConnection: close\r\n"
             "%sContent-Length: %zu\r\n\r\n",
             method, path, headers, len);
    send_all(fd, head, strlen(head));
    send_all(fd, body, len);
    receive(fd, answer);
    close(fd);
    return answer->status;
}

static int post(const char *id, const char *what, const char *headers, const char *body)
{
    static struct answer answer;
    char path[160];

    snprintf(path, sizeof(path), "invocation/%s/%s", id, what);
    return request(&answer, "POST", path, headers, body, strlen(body));
}

/* ---- notes ------------------------------------------------------------------------------- */

/* Append to a file, in one write. */
static void note(const char *file, const char *text)
{
    size_t len = strlen(text);
    char path[512];
    int fd;

    snprintf(path, sizeof(path), "%s/%s", getenv("FAKE_DIR"), file);
    fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (fd < 0 || write(fd, text, len) != (ssize_t)len)
        die(path);
    close(fd);
}

/* 1 the first time for this invocation. */
static int is_first(const char *id)
{
    char path[512];
    int fd;

    snprintf(path, sizeof(path), "%s/first-%s", getenv("FAKE_DIR"), id);
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

static unsigned open_files(void)
{
    unsigned count = 0;
    DIR *dir = opendir("/proc/self/fd");
    struct dirent *entry;

    if (dir == NULL)
        die("/proc/self/fd");
    while ((entry = readdir(dir)) != NULL)
        count += entry->d_name[0] != '.';
    closedir(dir);
    return count - 1; /* the directory itself */
}

static void note_environment(void)
{
    char text[64];

    snprintf(text, sizeof(text), "files %u\ngroup %d\n", open_files(), getpgrp() == getpid());
    for (char **variable = environ; *variable != NULL; variable++) {
        note("environment", *variable);
        note("environment", "\n");
    }
    note("environment", text);
}

/* Every step that the state machine must allow or refuse, in one line. */
static void note_protocol(const struct answer *first)
{
    static struct answer again, other;
    static char large[RESPONSE_MAX + 1];
    int wrong_id, late_init, mode, too_large, after;
    char path[160];
    char line[160];

    request(&again, "GET", "invocation/next", "", "", 0);
    wrong_id = post("00000000-0000-4000-8000-000000000000", "response", "", "{}");
    request(&other, "POST", "init/error", "", "{}", 2);
    late_init = other.status;
    mode = post(first->id, "response", "Lambda-Runtime-Function-Response-Mode: streaming\r\n",
                "{}");
    memset(large, ' ', sizeof(large));
    snprintf(path, sizeof(path), "invocation/%s/response", first->id);
    too_large = request(&other, "POST", path, "", large, sizeof(large));
    after = post(first->id, "error", "", "{}");
    snprintf(line, sizeof(line), "again %d wrong %d init %d mode %d large %d after %d type %d\n",
             strcmp(again.id, first->id) == 0 && strcmp(again.body, first->body) == 0, wrong_id,
             late_init, mode, too_large, after,
             strstr(first->text, "Content-Type: application/json\r\n") != NULL);
    note("protocol", line);
    note("headers", first->text);
}

/* ---- invocations ------------------------------------------------------------------------- */

static const cJSON *member(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

static void take_key(const struct answer *answer, char *out, size_t size)
{
    cJSON *event = cJSON_Parse(answer->body);
    const cJSON *s3 = member(cJSON_GetArrayItem(member(event, "Records"), 0), "s3");
    const char *key = cJSON_GetStringValue(member(member(s3, "object"), "key"));

    if (key == NULL)
        die(answer->body);
    snprintf(out, size, "%s", key);
    cJSON_Delete(event);
}

static int begins(const char *key, const char *word)
{
    return strncmp(key, word, strlen(word)) == 0;
}

static void answer_invocation(const struct answer *answer)
{
    char key[1100];
    char line[1200];
    const char *word = key;
    int ok = 0;

    take_key(answer, key, sizeof(key));
    snprintf(line, sizeof(line), "%s %s\n", answer->id, key);
    note("calls", line);
    if (begins(key, "once-")) {
        word += 5;
        ok = !is_first(answer->id);
    }
    if (!ok && begins(word, "crash"))
        abort();
    if (!ok && begins(word, "hang"))
        hang();
    if (begins(word, "environment"))
        note_environment();
    if (begins(word, "protocol"))
        note_protocol(answer);
    if (!ok && begins(word, "error"))
        post(answer->id, "error", "Lambda-Runtime-Function-Error-Type: Function.Wanted\r\n",
             "{\"errorMessage\":\"as wanted\",\"errorType\":\"other\",\"stackTrace\":[]}");
    else
        post(answer->id, "response", "", "{}");
}

/* Ask for an invocation, and be gone before it comes. */
static void hang_up(void)
{
    static const char head[] = "GET " BASE "invocation/next HTTP/1.1\r\nHost: api\r\n\r\n";
    int fd = connect_api();

    send_all(fd, head, sizeof(head) - 1);
    close(fd);
}

int main(void)
{
    static struct answer answer;
    const char *init = getenv("FAKE_INIT");

    puts("started");
    fflush(stdout);
    if (init != NULL && strcmp(init, "exit") == 0)
        return 7;
    if (init != NULL && strcmp(init, "hang") == 0)
        hang();
    if (init != NULL && strcmp(init, "error") == 0) {
        request(&answer, "POST", "init/error", "",
                "{\"errorMessage\":\"no bucket\",\"errorType\":\"Function.NoBucket\"}",
                strlen("{\"errorMessage\":\"no bucket\",\"errorType\":\"Function.NoBucket\"}"));
        return answer.status == 202 ? 1 : 98;
    }
    if (init != NULL && strcmp(init, "hang-up") == 0)
        hang_up();
    while (request(&answer, "GET", "invocation/next", "", "", 0) == 200)
        answer_invocation(&answer);
    return 2;
}
