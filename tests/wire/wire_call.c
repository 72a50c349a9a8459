/*
 * wire_call.c - the same call of the library again and again, against a server that misbehaves:
 *
 *   wire_call OPERATION COUNT
 *
 * OPERATION is a name of the table below. Keys, region and endpoints are those of the environment, which
 * may also have WIRE_TIMEOUT_MS, WIRE_STALL_MS, WIRE_CONNECT_MS and WIRE_BODY (bytes of a put). Prints a
 * line of JSON for each call: how it ended, after how long, and the most memory so far.
 */
#include <icecat/icecat.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BUCKET "cats"
#define KEY    "tom.jpg"
#define TABLE  "verdicts"

static uint64_t number(const char *name)
{
    const char *text = getenv(name);

    return text != NULL ? strtoull(text, NULL, 10) : 0;
}

static uint64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static icecat_item *key_of_item(void)
{
    icecat_item *item = icecat_item_new(NULL);

    icecat_item_set_string(item, "img_fprint", "ab", NULL);
    icecat_item_set_int(item, "batch_id", 1, NULL);
    return item;
}

/* ---- operations -------------------------------------------------------------------------- */

static icecat_status put(icecat_client *client, const icecat_call_options *call, icecat_error *err)
{
    icecat_s3_put_options options = ICECAT_S3_PUT_OPTIONS_INIT;
    size_t len = (size_t)number("WIRE_BODY");
    char *body = calloc(len + 1, 1);
    icecat_status status;

    options.call = call;
    status = icecat_s3_put_object(client, BUCKET, KEY, body, len, &options, NULL, err);
    free(body);
    return status;
}

static icecat_status get(icecat_client *client, const icecat_call_options *call, icecat_error *err)
{
    icecat_s3_get_options options = ICECAT_S3_GET_OPTIONS_INIT;
    icecat_s3_object *object = NULL;
    icecat_status status;

    options.call = call;
    options.max_bytes = 1u << 20;
    status = icecat_s3_get_object(client, BUCKET, KEY, &options, &object, err);
    icecat_s3_object_free(object);
    return status;
}

static icecat_status head(icecat_client *client, const icecat_call_options *call, icecat_error *err)
{
    icecat_s3_object *object = NULL;
    icecat_status status = icecat_s3_head_object(client, BUCKET, KEY, call, &object, err);

    icecat_s3_object_free(object);
    return status;
}

static icecat_status copy(icecat_client *client, const icecat_call_options *call, icecat_error *err)
{
    icecat_s3_copy_options options = ICECAT_S3_COPY_OPTIONS_INIT;

    options.call = call;
    return icecat_s3_copy_object(client, BUCKET, KEY, BUCKET, "other.jpg", &options, err);
}

static icecat_status delete (icecat_client *client, const icecat_call_options *call,
                             icecat_error *err)
{
    return icecat_s3_delete_object(client, BUCKET, KEY, call, err);
}

static icecat_status get_item(icecat_client *client, const icecat_call_options *call,
                              icecat_error *err)
{
    icecat_dynamodb_options options = ICECAT_DYNAMODB_OPTIONS_INIT;
    icecat_item *key = key_of_item();
    icecat_item *item = NULL;
    icecat_status status;

    options.call = call;
    status = icecat_dynamodb_get_item(client, TABLE, key, &options, &item, err);
    icecat_item_free(item);
    icecat_item_free(key);
    return status;
}

static icecat_status put_item(icecat_client *client, const icecat_call_options *call,
                              icecat_error *err)
{
    icecat_dynamodb_options options = ICECAT_DYNAMODB_OPTIONS_INIT;
    icecat_item *item = key_of_item();
    icecat_status status;

    options.call = call;
    status = icecat_dynamodb_put_item(client, TABLE, item, &options, NULL, err);
    icecat_item_free(item);
    return status;
}

static icecat_status query(icecat_client *client, const icecat_call_options *call,
                           icecat_error *err)
{
    icecat_dynamodb_options options = ICECAT_DYNAMODB_OPTIONS_INIT;
    icecat_items *items = NULL;
    icecat_status status;

    options.call = call;
    status = icecat_dynamodb_query(client, TABLE, "batch_id = :b", &options, &items, err);
    icecat_items_free(items);
    return status;
}

static icecat_status batch_get(icecat_client *client, const icecat_call_options *call,
                               icecat_error *err)
{
    icecat_dynamodb_options options = ICECAT_DYNAMODB_OPTIONS_INIT;
    icecat_item *key = key_of_item();
    const icecat_item *keys[1] = { key };
    icecat_items *items = NULL;
    icecat_status status;

    options.call = call;
    status = icecat_dynamodb_batch_get(client, TABLE, keys, 1, &options, &items, err);
    icecat_items_free(items);
    icecat_item_free(key);
    return status;
}

static icecat_status labels(icecat_client *client, const icecat_call_options *call,
                            icecat_error *err)
{
    icecat_rekognition_options options = ICECAT_REKOGNITION_OPTIONS_INIT;
    icecat_labels *found = NULL;
    icecat_status status;

    options.call = call;
    status = icecat_rekognition_detect_labels_s3(client, BUCKET, KEY, &options, &found, err);
    icecat_labels_free(found);
    return status;
}

static icecat_status parameter(icecat_client *client, const icecat_call_options *call,
                               icecat_error *err)
{
    static const char *const names[] = { "/cats/table" };
    icecat_parameters *found = NULL;
    icecat_status status = icecat_ssm_get_parameters(client, names, 1, call, &found, err);

    icecat_parameters_free(found);
    return status;
}

/* ---- calls ------------------------------------------------------------------------------- */

typedef icecat_status operation_fn(icecat_client *client, const icecat_call_options *call,
                                   icecat_error *err);

static const struct {
    const char *name;
    operation_fn *fn;
} operations[] = {
    { "put", put },
    { "get", get },
    { "head", head },
    { "copy", copy },
    { "delete", delete },
    { "get-item", get_item },
    { "query", query },
    { "batch-get", batch_get },
    { "put-item", put_item },
    { "labels", labels },
    { "parameter", parameter },
};

static operation_fn *find(const char *name)
{
    for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
        if (strcmp(operations[i].name, name) == 0)
            return operations[i].fn;
    }
    return NULL;
}

/* Of this program alone, which getrusage() does not tell; 0 where there is no /proc. */
static long most_memory_kb(void)
{
    FILE *file = fopen("/proc/self/status", "r");
    char line[256];
    long kb = 0;

    while (file != NULL && kb == 0 && fgets(line, sizeof(line), file) != NULL) {
        if (strncmp(line, "VmHWM:", 6) == 0)
            kb = strtol(line + 6, NULL, 10);
    }
    if (file != NULL)
        fclose(file);
    return kb;
}

/* Messages are one line of UTF-8; what JSON needs beside that is done here, not by the library. */
static void write_text(const char *text)
{
    putchar('"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            putchar('\\');
        putchar(*text);
    }
    putchar('"');
}

static void report(icecat_status status, const icecat_error *err, uint64_t took_ms)
{
    printf(
        "{\"status\":\"%s\",\"retryable\":%u,\"curl\":%d,\"http\":%d,\"attempts\":%u,\"ms\":%llu,"
        "\"kb\":%ld,\"code\":",
        icecat_status_name(status) + strlen("ICECAT_"), err->retryable, err->curl_code,
        err->http_status, err->attempts, (unsigned long long)took_ms, most_memory_kb());
    write_text(err->aws_code);
    fputs(",\"message\":", stdout);
    write_text(err->message);
    puts("}");
    fflush(stdout);
}

int main(int argc, char **argv)
{
    icecat_client_options options = ICECAT_CLIENT_OPTIONS_INIT;
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    operation_fn *operation = argc == 3 ? find(argv[1]) : NULL;
    icecat_client *client = NULL;
    icecat_error err = { 0 };

    if (operation == NULL)
        return 2;
    call.timeout_ms = number("WIRE_TIMEOUT_MS");
    options.stall_timeout_ms = (uint32_t)number("WIRE_STALL_MS");
    options.connect_timeout_ms = (uint32_t)number("WIRE_CONNECT_MS");
    if (icecat_client_new(&options, &client, &err) != ICECAT_OK) {
        fprintf(stderr, "%s\n", err.message);
        return 1;
    }
    for (unsigned long left = strtoul(argv[2], NULL, 10); left != 0; left--) {
        uint64_t began = now_ms();
        icecat_status status = operation(client, &call, &err);

        report(status, &err, now_ms() - began);
    }
    icecat_client_free(client);
    return 0;
}
