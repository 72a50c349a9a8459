/*
 * transport_handle.c - one easy handle of libcurl: its options, the headers of a request, the answer.
 *
 * What every request shares is set once; setting it again for each costs as much as signing does. The lines
 * of the headers lie behind one another in memory of our own that is used again: libcurl's list would take
 * two allocations for each.
 *
 * Redirects are never followed: libcurl would hand the session token to the next host.
 */
#include "aws/transport_handle.h"

#include "base/error.h"
#include "base/view.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define MAX_ERROR_BODY 65536u
#define MAX_LINES      262144u
#define MAX_HEAD_LINES 1000 /* of an answer and the interim ones before it */

/* ---- the answer -------------------------------------------------------------------------- */

/* An error is not the answer that was to be so short, and says why there is none. */
static void make_room_for_error(const ic_handle *handle, ic_buf *body)
{
    long http_status = 0;

    curl_easy_getinfo(handle->easy, CURLINFO_RESPONSE_CODE, &http_status);
    if ((http_status < 200 || http_status >= 300) && body->max < MAX_ERROR_BODY)
        body->max = MAX_ERROR_BODY;
}

static size_t on_body(char *data, size_t size, size_t count, void *userdata)
{
    ic_exchange *exchange = userdata;
    ic_handle *handle = exchange->handle;

    make_room_for_error(handle, &exchange->response->body);
    handle->end.refused = ic_buf_add(&exchange->response->body, data, size * count);
    return handle->end.refused == ICECAT_OK ? size * count : 0;
}

/* An interim answer (100) or a proxy's is followed by the real one, which starts with a new status line. */
static icecat_status take_line(ic_handle *handle, ic_pairs *headers, ic_view line)
{
    ic_view name;
    ic_view value;

    if (++handle->end.head_lines > MAX_HEAD_LINES)
        return ICECAT_E_LIMIT;
    if (ic_view_starts(line, "HTTP/")) {
        handle->end.has_head = 0;
        ic_pairs_reset(headers);
        return ICECAT_OK;
    }
    if (ic_view_trim(line).len == 0)
        handle->end.has_head = 1;
    value = ic_view_split(line, ':', &name);
    return value.data != NULL ? ic_pairs_add_view(headers, name, ic_view_trim(value)) : ICECAT_OK;
}

static size_t on_header(char *data, size_t size, size_t count, void *userdata)
{
    ic_exchange *exchange = userdata;
    ic_handle *handle = exchange->handle;

    handle->end.refused = take_line(handle, &exchange->response->headers,
                                    ic_view_n(data, size * count));
    return handle->end.refused == ICECAT_OK ? size * count : 0;
}

/* ---- what every request shares ----------------------------------------------------------- */

/* libcurl's own sockets would stay open in every program that the embedder starts. */
static curl_socket_t open_socket(void *userdata, curlsocktype purpose,
                                 struct curl_sockaddr *address)
{
    int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);

    (void)userdata;
    (void)purpose;
    return fd >= 0 ? fd : CURL_SOCKET_BAD;
}

/* libcurl copies texts, for which there may be no memory: what then is not set, such as a proxy, would be done
 * without. 0 then; NULL sets nothing. */
static int set_text(CURL *easy, CURLoption option, const char *text)
{
    return text == NULL || curl_easy_setopt(easy, option, text) != CURLE_OUT_OF_MEMORY;
}

static int set_proxy(CURL *easy, const ic_transport_settings *settings)
{
    if (settings->is_direct)
        return set_text(easy, CURLOPT_PROXY, ""); /* libcurl's word for "none at all" */
    curl_easy_setopt(easy, CURLOPT_PROXY_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_PROXY_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY_SSL_VERIFYHOST, 2L);
    /* The headers of a request, with its token, are for the server and not for the proxy. */
    curl_easy_setopt(easy, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
    return set_text(easy, CURLOPT_PROXY, settings->proxy) &&
           set_text(easy, CURLOPT_NOPROXY, settings->no_proxy) &&
           set_text(easy, CURLOPT_PROXY_CAINFO, settings->proxy_ca_bundle);
}

static int set_fixed_texts(CURL *easy, const ic_transport_settings *settings)
{
#if LIBCURL_VERSION_NUM >= 0x075500
    int ok = set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    int ok = curl_easy_setopt(easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS)) ==
             CURLE_OK;
#endif

    return ok && set_text(easy, CURLOPT_CAINFO, settings->ca_bundle) && set_proxy(easy, settings);
}

/* 1 when all are set. */
static int set_fixed_options(ic_handle *handle)
{
    CURL *easy = handle->easy;
    const ic_transport_settings *settings = handle->settings;
    long stall_s = (long)(settings->stall_timeout_ms + 999) / 1000;

    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
#if LIBCURL_VERSION_NUM >= 0x075700
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT,
                     1L); /* give up without waiting for a slow resolver */
#endif
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L); /* ".." is part of a key, and was signed */
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)settings->connect_timeout_ms);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, stall_s);
    curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, 131072L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, handle->error_text);
    return set_fixed_texts(easy, settings);
}

ic_handle *ic_handle_new(const ic_mem *mem, const ic_transport_settings *settings)
{
    ic_handle *handle = ic_mem_zalloc(mem, sizeof(*handle));

    if (handle == NULL)
        return NULL;
    handle->easy = curl_easy_init();
    if (handle->easy == NULL) {
        ic_mem_free(mem, handle);
        return NULL;
    }
    handle->mem = mem;
    handle->settings = settings;
    ic_buf_init(&handle->texts, mem, MAX_LINES);
    if (set_fixed_options(handle))
        return handle;
    ic_handle_free(handle);
    return NULL;
}

void ic_handle_free(ic_handle *handle)
{
    curl_easy_cleanup(handle->easy);
    ic_buf_free_secret(&handle->texts);
    ic_mem_free(handle->mem, handle->lines);
    ic_mem_free(handle->mem, handle);
}

/* ---- headers ----------------------------------------------------------------------------- */

/* Room for all at once: what moves when it grows would leave copies of the session token behind. */
static int make_room(ic_handle *handle, const ic_pairs *headers)
{
    size_t lines = headers->count + 1; /* and one that takes a header of libcurl's away */
    size_t bytes = headers->bytes + 4 * headers->count;
    struct curl_slist *grown;

    if (handle->texts.cap <= bytes) {
        ic_buf_free_secret(&handle->texts);
        ic_buf_init(&handle->texts, handle->mem, MAX_LINES);
    }
    if (ic_buf_reserve(&handle->texts, bytes) != ICECAT_OK)
        return 0;
    if (lines <= handle->line_cap)
        return 1;
    grown = ic_mem_regrow(handle->mem, handle->lines, lines, sizeof(*grown));
    if (grown == NULL)
        return 0;
    handle->lines = grown;
    handle->line_cap = lines;
    return 1;
}

static char *add_line(ic_buf *texts, const icecat_pair *header)
{
    char *line = texts->data + texts->len;

    ic_buf_add_text(texts, header->name);
    /* libcurl's way to send a header without a value, instead of dropping it */
    ic_buf_add_text(texts, header->value[0] != '\0' ? ": " : ";");
    ic_buf_add(texts, header->value, strlen(header->value) + 1);
    return line;
}

static int set_headers(ic_handle *handle, const ic_pairs *headers)
{
    static char no_type[] = "Content-Type:"; /* else libcurl claims a web form */
    struct curl_slist *lines;
    size_t count = 0;

    if (!make_room(handle, headers))
        return 0;
    lines = handle->lines;
    for (; count < headers->count; count++)
        lines[count] = (struct curl_slist){ add_line(&handle->texts, &headers->items[count]),
                                            &lines[count + 1] };
    if (ic_pairs_get(headers, "content-type") == NULL)
        lines[count++] = (struct curl_slist){ no_type, NULL };
    else
        lines[count - 1].next = NULL;
    curl_easy_setopt(handle->easy, CURLOPT_HTTPHEADER, lines);
    return 1;
}

/* ---- one request ------------------------------------------------------------------------- */

static int is_set(const char *variable)
{
    const char *value = getenv(variable);

    return value != NULL && value[0] != '\0';
}

/* May libcurl send a request for @p url through a proxy that wants to see the whole URL? An https URL goes
 * through a tunnel. The names are those that libcurl reads. */
static int is_shown_to_proxy(const ic_transport_settings *settings, const char *url)
{
    if (settings->is_direct || strncmp(url, "https://", 8) == 0)
        return 0;
    return settings->proxy != NULL || is_set("http_proxy") || is_set("all_proxy") ||
           is_set("ALL_PROXY");
}

/* Path and query of @p url when they can be sent as they are; else NULL. */
static const char *target_of(const char *url)
{
    const char *host = strstr(url, "://");
    const char *target = host != NULL ? strpbrk(host + 3, "/?#") : NULL;

    if (target == NULL || *target != '/')
        return NULL;
    for (const char *c = target; *c != '\0'; c++) {
        if (*c <= ' ' || *c > '~' || *c == '#')
            return NULL;
    }
    return target;
}

/* libcurl takes a URL apart and encodes its path letter by letter, 80,000 instructions for the key of an
 * image. So it is told host and target apart, which also puts on the wire exactly what was signed. */
static CURLcode set_url(ic_handle *handle, const char *url)
{
    const char *target = is_shown_to_proxy(handle->settings, url) ? NULL : target_of(url);
    char host[1024];
    size_t len = target != NULL ? (size_t)(target - url) + 1 : sizeof(host);

    if (len >= sizeof(host))
        return curl_easy_setopt(handle->easy, CURLOPT_URL, url);
    memcpy(host, url, len);
    host[len] = '\0';
    if (curl_easy_setopt(handle->easy, CURLOPT_REQUEST_TARGET, target) != CURLE_OK)
        return CURLE_OUT_OF_MEMORY;
    return curl_easy_setopt(handle->easy, CURLOPT_URL, host);
}

/* 0 when there is no memory for the method's name; a PUT would be a POST then. */
static int set_method(CURL *easy, const ic_exchange *exchange)
{
    int has_body = exchange->body_len != 0 || strcmp(exchange->method, "PUT") == 0 ||
                   strcmp(exchange->method, "POST") == 0;

    if (strcmp(exchange->method, "HEAD") == 0) {
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
        return 1;
    }
    if (has_body) {
        curl_easy_setopt(easy, CURLOPT_POST, 1L);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, exchange->body_len != 0 ? exchange->body : "");
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)exchange->body_len);
    }
    return (!has_body && strcmp(exchange->method, "GET") == 0) ||
           set_text(easy, CURLOPT_CUSTOMREQUEST, exchange->method);
}

icecat_status ic_handle_load(ic_handle *handle, ic_exchange *exchange, icecat_error *err)
{
    CURL *easy = handle->easy;

    handle->end = (ic_transfer_end){ .text = handle->error_text };
    handle->error_text[0] = '\0';
    if (!set_headers(handle, exchange->headers))
        return ic_fail_memory(err, "request headers");
    if (set_url(handle, exchange->url) != CURLE_OK || !set_method(easy, exchange))
        return ic_fail_memory(err, "the URL of a request");
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, exchange);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, exchange);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, exchange);
    exchange->handle = handle;
    return ICECAT_OK;
}

void ic_handle_clear(ic_handle *handle)
{
    CURL *easy = handle->easy;

    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, NULL);
    curl_easy_setopt(easy, CURLOPT_URL, NULL);
    curl_easy_setopt(easy, CURLOPT_REQUEST_TARGET, NULL);
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, NULL);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, NULL);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)-1);
    curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L); /* the method of a new handle */
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, NULL);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, NULL);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, NULL);
    ic_mem_wipe(handle->texts.data, handle->texts.len);
    ic_buf_reset(&handle->texts);
}
