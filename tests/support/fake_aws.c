/*
 * fake_aws.c - objects, labels, faults, and the transport that leads to them.
 */
#include "fake_aws.h"

#include "base/error.h"
#include "base/uri.h"
#include "fake_transport.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct link {
    ic_transport base;
    fake_aws *aws;
    ic_exchange *queue[16];
    size_t len;
} link;

typedef struct answer {
    int http_status;
    const char *body; /* static or in tree_text */
    char *tree_text;
    const void *data; /* of an object, instead of body */
    size_t data_len;
    char range[80];
    const fake_object *object; /* whose headers are sent */
    int has_etag;
} answer;

static const char a_cat[] =
    "{\"Labels\":[{\"Name\":\"Animal\",\"Confidence\":99.5,\"Parents\":[],\"Instances\":[]},"
    "{\"Name\":\"Cat\",\"Confidence\":98.25,\"Parents\":[{\"Name\":\"Animal\"}],\"Instances\":[{"
    "\"BoundingBox\":{\"Width\":0.5,\"Height\":0.5,\"Left\":0.25,\"Top\":0.25},"
    "\"Confidence\":98.25}]}],\"LabelModelVersion\":\"3.0\"}";

void fake_aws_init(fake_aws *aws)
{
    memset(aws, 0, sizeof(*aws));
    aws->items = cJSON_CreateArray();
}

void fake_aws_free(fake_aws *aws)
{
    for (size_t i = 0; i < aws->object_count; i++)
        free(aws->objects[i].data);
    cJSON_Delete(aws->items);
}

/* ---- S3 ---------------------------------------------------------------------------------- */

fake_object *fake_aws_find(fake_aws *aws, const char *bucket, const char *key)
{
    for (size_t i = 0; i < aws->object_count; i++) {
        if (strcmp(aws->objects[i].bucket, bucket) == 0 && strcmp(aws->objects[i].key, key) == 0)
            return &aws->objects[i];
    }
    return NULL;
}

void fake_aws_put(fake_aws *aws, const char *bucket, const char *key, const void *data, size_t len,
                  const char *file_name)
{
    fake_object *object = fake_aws_find(aws, bucket, key);
    unsigned char *copy = malloc(len + 1);

    if (object == NULL)
        object = &aws->objects[aws->object_count++];
    else
        free(object->data);
    if (copy == NULL || aws->object_count > FAKE_MAX_OBJECTS)
        abort();
    memcpy(copy, data, len);
    object->data = copy;
    object->len = len;
    snprintf(object->bucket, sizeof(object->bucket), "%s", bucket);
    snprintf(object->key, sizeof(object->key), "%s", key);
    snprintf(object->file_name, sizeof(object->file_name), "%s",
             file_name != NULL ? file_name : "");
    object->reason[0] = '\0';
    object->encoding[0] = '\0';
}

void fake_aws_remove(fake_aws *aws, const char *bucket, const char *key)
{
    fake_object *object = fake_aws_find(aws, bucket, key);

    if (object == NULL)
        return;
    free(object->data);
    *object = aws->objects[--aws->object_count];
}

size_t fake_aws_copies(const fake_aws *aws, const char *key)
{
    size_t count = 0;

    for (size_t i = 0; i < aws->object_count; i++)
        count += strcmp(aws->objects[i].key, key) == 0;
    return count;
}

static void say_error(answer *out, int http_status, const char *body)
{
    out->http_status = http_status;
    out->body = body;
}

static void get(fake_aws *aws, const char *bucket, const char *key, const char *range, answer *out)
{
    const fake_object *object = fake_aws_find(aws, bucket, key);
    unsigned long long first = 0;
    unsigned long long last = 0;

    if (object == NULL) {
        say_error(out, 404, "<Error><Code>NoSuchKey</Code></Error>");
        return;
    }
    out->http_status = 200;
    out->data = object->data;
    out->data_len = object->len;
    out->object = object;
    if (range == NULL || sscanf(range, "bytes=%llu-%llu", &first, &last) != 2)
        return;
    if (first >= object->len) {
        out->data = NULL;
        say_error(out, 416, "<Error><Code>InvalidRange</Code></Error>");
        return;
    }
    if (last >= object->len)
        last = object->len - 1;
    out->http_status = 206;
    out->data = object->data + first;
    out->data_len = (size_t)(last - first + 1);
    snprintf(out->range, sizeof(out->range), "bytes %llu-%llu/%zu", first, last, object->len);
}

static void take_header(const ic_exchange *exchange, const char *name, char *out, size_t size)
{
    const char *value = ic_pairs_get(exchange->headers, name);

    snprintf(out, size, "%s", value != NULL ? value : "");
}

/* The source is "/bucket/key", percent-encoded. */
static void copy(fake_aws *aws, const ic_exchange *exchange, const char *bucket, const char *key,
                 answer *out)
{
    const char *from = ic_pairs_get(exchange->headers, "x-amz-copy-source");
    const char *directive = ic_pairs_get(exchange->headers, "x-amz-metadata-directive");
    char scratch[1200];
    ic_buf decoded;
    const fake_object *object = NULL;
    fake_object whole;
    fake_object *made;
    char *slash;

    ic_buf_init_fixed(&decoded, scratch, sizeof(scratch));
    ic_uri_decode(&decoded, ic_view_of(from + 1), 0);
    slash = strchr(scratch, '/');
    if (slash != NULL) {
        *slash = '\0';
        object = fake_aws_find(aws, scratch, slash + 1);
    }
    if (object == NULL) {
        say_error(out, 404, "<Error><Code>NoSuchKey</Code></Error>");
        return;
    }
    whole = *object;
    if (directive != NULL && strcmp(directive, "REPLACE") == 0) {
        take_header(exchange, "x-amz-meta-original-file-name", whole.file_name,
                    sizeof(whole.file_name));
        take_header(exchange, "x-amz-meta-icecat-fail-reason", whole.reason, sizeof(whole.reason));
        whole.encoding[0] = '\0';
    }
    fake_aws_put(aws, bucket, key, whole.data, whole.len, whole.file_name);
    made = fake_aws_find(aws, bucket, key);
    memcpy(made->reason, whole.reason, sizeof(made->reason));
    memcpy(made->encoding, whole.encoding, sizeof(made->encoding));
    say_error(out, 200, "<CopyObjectResult><ETag>\"e\"</ETag></CopyObjectResult>");
}

static const char *s3_operation(const ic_exchange *exchange)
{
    if (strcmp(exchange->method, "PUT") == 0)
        return ic_pairs_get(exchange->headers, "x-amz-copy-source") != NULL ? "CopyObject"
                                                                            : "PutObject";
    if (strcmp(exchange->method, "DELETE") == 0)
        return "DeleteObject";
    return strcmp(exchange->method, "HEAD") == 0 ? "HeadObject" : "GetObject";
}

static void s3(fake_aws *aws, const ic_exchange *exchange, const char *operation, answer *out)
{
    char bucket[64];
    char key[1200];
    ic_buf decoded;
    ic_url url;
    ic_view host;

    if (!ic_url_parse(exchange->url, &url))
        abort();
    ic_view_split(url.host, '.', &host);
    snprintf(bucket, sizeof(bucket), "%.*s", (int)host.len, host.data);
    ic_buf_init_fixed(&decoded, key, sizeof(key));
    ic_uri_decode(&decoded, ic_view_n(url.path.data + 1, url.path.len - 1), 0);
    if (aws->missing_bucket != NULL && strcmp(bucket, aws->missing_bucket) == 0) {
        say_error(out, 404, "<Error><Code>NoSuchBucket</Code></Error>");
    } else if (strcmp(operation, "CopyObject") == 0) {
        copy(aws, exchange, bucket, key, out);
    } else if (strcmp(operation, "PutObject") == 0) {
        fake_aws_put(aws, bucket, key, exchange->body, exchange->body_len,
                     ic_pairs_get(exchange->headers, "x-amz-meta-original-file-name"));
        say_error(out, 200, "");
        out->has_etag = 1;
    } else if (strcmp(operation, "DeleteObject") == 0) {
        fake_aws_remove(aws, bucket, key);
        say_error(out, 204, "");
    } else {
        get(aws, bucket, key, ic_pairs_get(exchange->headers, "range"), out);
    }
}

/* ---- Rekognition and the rest ------------------------------------------------------------ */

static void detect(fake_aws *aws, const cJSON *request, answer *out)
{
    const cJSON *object = ic_json_get(ic_json_get(request, "Image"), "S3Object");
    const char *bucket = ic_json_text(object, "Bucket");
    const char *name = ic_json_text(object, "Name");

    if (bucket == NULL || name == NULL || fake_aws_find(aws, bucket, name) == NULL) {
        say_error(out, 400, "{\"__type\":\"InvalidS3ObjectException\",\"message\":\"no object\"}");
        return;
    }
    say_error(out, aws->detect_status != 0 ? aws->detect_status : 200,
              aws->detect_body != NULL ? aws->detect_body : a_cat);
}

static void json_service(fake_aws *aws, const ic_exchange *exchange, const char *operation,
                         answer *out)
{
    cJSON *request = cJSON_ParseWithLength(exchange->body, exchange->body_len);
    cJSON *tree = NULL;

    if (request == NULL)
        abort();
    if (strcmp(operation, "DetectLabels") == 0) {
        snprintf(aws->detect_request, sizeof(aws->detect_request), "%.*s", (int)exchange->body_len,
                 (const char *)exchange->body);
        detect(aws, request, out);
    } else {
        if (strcmp(operation, "Query") == 0 || strcmp(operation, "BatchGetItem") == 0)
            snprintf(aws->last_query, sizeof(aws->last_query), "%.*s", (int)exchange->body_len,
                     (const char *)exchange->body);
        out->http_status = fake_table_answer(aws, operation, request, &tree);
        out->tree_text = cJSON_PrintUnformatted(tree);
        out->body = out->tree_text;
        cJSON_Delete(tree);
    }
    cJSON_Delete(request);
}

static void answer_exchange(fake_aws *aws, const ic_exchange *exchange, const char *operation,
                            answer *out)
{
    if (aws->failing != NULL && strcmp(aws->failing, operation) == 0)
        say_error(out, aws->fail_status, aws->fail_body);
    else if (ic_pairs_get(exchange->headers, "x-amz-target") != NULL)
        json_service(aws, exchange, operation, out);
    else
        s3(aws, exchange, operation, out);
}

size_t fake_aws_count(const fake_aws *aws, const char *operation)
{
    size_t len = strlen(operation);
    size_t count = 0;

    for (const char *at = aws->trace; (at = strstr(at, operation)) != NULL; at += len)
        count += at[len] == ' ' && (at == aws->trace || at[-1] == ' ');
    return count;
}

/* ---- the transport ----------------------------------------------------------------------- */

static icecat_status link_start(ic_transport *transport, ic_exchange *exchange, icecat_error *err)
{
    link *own = (link *)transport;

    if (own->len == sizeof(own->queue) / sizeof(own->queue[0]))
        return ic_fail(err, ICECAT_E_INTERNAL, "the link is full");
    own->queue[own->len++] = exchange;
    return ICECAT_OK;
}

static icecat_status give_header(ic_response *response, const char *name, const char *value)
{
    return value[0] != '\0' ? ic_pairs_add(&response->headers, name, value) : ICECAT_OK;
}

static icecat_status give_headers(ic_response *response, const fake_object *object)
{
    icecat_status status = give_header(response, "x-amz-meta-original-file-name",
                                       object->file_name);

    if (status == ICECAT_OK)
        status = give_header(response, "x-amz-meta-icecat-fail-reason", object->reason);
    return status == ICECAT_OK ? give_header(response, "content-encoding", object->encoding)
                               : status;
}

static void give(ic_exchange *exchange, const answer *from)
{
    ic_response *response = exchange->response;
    const void *data = from->data != NULL ? from->data : from->body;
    size_t len = from->data != NULL ? from->data_len : strlen(from->body);
    icecat_status status;

    response->http_status = from->http_status;
    status = give_header(response, "content-range", from->range);
    if (status == ICECAT_OK && from->object != NULL)
        status = give_headers(response, from->object);
    if (status == ICECAT_OK && from->has_etag)
        status = ic_pairs_add(&response->headers, "etag", "\"e\"");
    if (status == ICECAT_OK)
        status = ic_buf_add(&response->body, data, len);
    exchange->status = status == ICECAT_OK
                           ? status
                           : ic_fail(&exchange->error, status, "out of memory for an answer");
}

static void say_own_work(const fake_aws *aws, int is_own)
{
    if (aws->own_work != NULL)
        aws->own_work(is_own);
}

static void serve(fake_aws *aws, ic_exchange *exchange)
{
    const char *target = ic_pairs_get(exchange->headers, "x-amz-target");
    const char *operation = target != NULL ? strchr(target, '.') + 1 : s3_operation(exchange);
    size_t used = strlen(aws->trace);
    answer out = { 0 };
    int is_last;
    int is_dead;

    if (aws->before != NULL)
        aws->before(aws, operation);
    aws->requests++;
    is_last = aws->crash_at != 0 && aws->requests == aws->crash_at;
    is_dead = aws->crash_at != 0 && aws->requests > aws->crash_at;
    if (!is_dead && !(is_last && aws->crash_without_effect)) {
        snprintf(aws->trace + used, sizeof(aws->trace) - used, "%s ", operation);
        say_own_work(aws, 1);
        answer_exchange(aws, exchange, operation, &out);
        say_own_work(aws, 0);
    }
    if (is_dead || is_last)
        exchange->status = ic_fail(&exchange->error, ICECAT_E_TRANSFER, "the connection is gone");
    else
        give(exchange, &out);
    cJSON_free(out.tree_text);
}

static ic_exchange *link_wait(ic_transport *transport, uint64_t timeout_ms)
{
    link *own = (link *)transport;
    ic_exchange *exchange;

    (void)timeout_ms;
    if (own->len == 0)
        return NULL;
    exchange = own->queue[0];
    memmove(own->queue, own->queue + 1, --own->len * sizeof(own->queue[0]));
    serve(own->aws, exchange);
    return exchange;
}

static void link_stop(ic_transport *transport, ic_exchange *exchange)
{
    link *own = (link *)transport;

    for (size_t i = 0; i < own->len; i++) {
        if (own->queue[i] == exchange)
            own->queue[i] = own->queue[--own->len];
    }
}

static void link_free(ic_transport *transport)
{
    free(transport);
}

icecat_client *fake_aws_client(fake_aws *aws, const icecat_allocator *allocator)
{
    icecat_client *client = fake_client_new(allocator, 1);
    link *own = calloc(1, sizeof(*own));

    if (client == NULL || own == NULL) {
        free(own);
        icecat_client_free(client);
        return NULL;
    }
    own->base.start = link_start;
    own->base.wait = link_wait;
    own->base.stop = link_stop;
    own->base.free = link_free;
    own->aws = aws;
    ic_client_give_transport(client, &own->base);
    return client;
}
