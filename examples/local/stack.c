/*
 * stack.c - wires the parts of icecat-local together.
 */
#include "stack.h"

#include "init.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ITEM_LIFE_S "1209600" /* 14 days, as in the Python system */

/* One "NAME=value" of the function's environment. */
static int add_variable(local_stack *self, const char *name, const char *value)
{
    size_t at = 0;
    size_t size = strlen(name) + strlen(value) + 2;

    while (self->function_environment[at] != NULL)
        at++;
    if (at + 1 >= STACK_VARIABLES)
        return 0;
    self->function_environment[at] = malloc(size);
    if (self->function_environment[at] == NULL)
        return 0;
    (void)snprintf(self->function_environment[at], size, "%s=%s", name, value);
    return 1;
}

/* The names that the Python system's function reads, and where to find the services. */
static int make_environment(local_stack *self)
{
    const local_settings *settings = &self->settings;

    return add_variable(self, "awsRegion", settings->region) &&
           add_variable(self, "s3bucketSource", settings->bucket_source) &&
           add_variable(self, "s3bucketDest", settings->bucket_dest) &&
           add_variable(self, "s3bucketFail", settings->bucket_fail) &&
           add_variable(self, "dynamoDBTableName", settings->table) &&
           add_variable(self, "dynamoDBTTL", ITEM_LIFE_S) &&
           add_variable(self, "AWS_LAMBDA_FUNCTION_NAME", settings->function) &&
           add_variable(self, "AWS_ENDPOINT_URL", self->url) &&
           add_variable(self, "AWS_ACCESS_KEY_ID", self->keys.id) &&
           add_variable(self, "AWS_SECRET_ACCESS_KEY", self->keys.secret);
}

static int start_server(local_stack *self, struct event_base *base, char *why, size_t why_len)
{
    const local_settings *settings = &self->settings;
    const server_settings listen_on = {
        .host = settings->host,
        .port = settings->port,
        .clock_offset_s = settings->clock_offset_s,
        .latency_ms = settings->latency_ms,
        .verbose = settings->verbose,
        .handle = dispatch_handle,
        .userdata = &self->dispatch,
    };
    int is_six = strchr(settings->host, ':') != NULL;

    self->server = server_start(base, &listen_on, why, why_len);
    if (self->server == NULL)
        return 0;
    (void)snprintf(self->url, sizeof(self->url), "http://%s%s%s:%u", is_six ? "[" : "",
                   settings->host, is_six ? "]" : "", server_port(self->server));
    return 1;
}

static int start_trigger(local_stack *self, struct event_base *base, char *why, size_t why_len)
{
    if (self->settings.bootstrap == NULL)
        return 1;
    if (!make_environment(self)) {
        (void)snprintf(why, why_len, "out of memory for the function's environment");
        return 0;
    }
    self->trigger_settings = (trigger_settings){
        .bucket = self->settings.bucket_source,
        .bootstrap = self->settings.bootstrap,
        .environment = (const char *const *)self->function_environment,
        .region = self->settings.region,
        .workers = self->settings.workers,
    };
    self->dispatch.trigger = trigger_start(base, self->store.db, &self->trigger_settings, why,
                                           why_len);
    if (self->dispatch.trigger == NULL)
        return 0;
    self->dispatch.trigger_settings = &self->trigger_settings;
    return 1;
}

int stack_start(local_stack *self, struct event_base *base, const local_settings *settings,
                char *why, size_t why_len)
{
    const eye_options eyes = { settings->label_file, settings->model_file, settings->classes_file };
    int64_t now_s = (int64_t)time(NULL) + settings->clock_offset_s;

    *self = (local_stack){ .settings = *settings, .store = { .db = NULL, .lock = -1 } };
    if (!store_open(settings->data, &self->store, why, why_len) ||
        !keys_load(settings, &self->store, &self->keys, why, why_len) ||
        !names_settle(&self->settings, &self->store, &self->names, why, why_len))
        return 0;
    if (settings->init && (!init_resources(self->store.db, &self->settings, now_s, why, why_len) ||
                           !names_keep(&self->settings, &self->store, why, why_len)))
        return 0;
    self->pool = pool_start(base, settings->workers, &eyes, why, why_len);
    if (self->pool == NULL)
        return 0;
    if (strcmp(pool_detector_name(self->pool), "none") == 0)
        (void)fprintf(stderr, "icecat-local: built without a detector; only pictures that --labels "
                              "knows get labels\n");
    self->dispatch = (dispatch){
        .db = self->store.db,
        .auth = { self->keys.id, self->keys.secret, self->settings.region },
        .pool = self->pool,
        .faults = settings->faults,
    };
    return start_server(self, base, why, why_len) && start_trigger(self, base, why, why_len);
}

void stack_stop(local_stack *self)
{
    trigger_stop(self->dispatch.trigger);
    /* Before the server: what is looked at still gets its answer. */
    pool_stop(self->pool);
    server_stop(self->server);
    store_close(&self->store);
    for (size_t i = 0; i < STACK_VARIABLES; i++)
        free(self->function_environment[i]);
}

/* 'value', with each ' written as '\''. */
static void print_quoted(const char *value)
{
    (void)putchar('\'');
    for (; *value != '\0'; value++) {
        if (*value == '\'')
            (void)fputs("'\\''", stdout);
        else
            (void)putchar(*value);
    }
    (void)putchar('\'');
}

static void print_export(const char *name, const char *value)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                "_.:/-";

    (void)printf("export %s=", name);
    if (strspn(value, plain) == strlen(value))
        (void)fputs(value, stdout);
    else
        print_quoted(value);
    (void)putchar('\n');
}

int stack_print_exports(const local_stack *self)
{
    const local_settings *settings = &self->settings;

    print_export("AWS_ENDPOINT_URL", self->url);
    print_export("AWS_ACCESS_KEY_ID", self->keys.id);
    print_export("AWS_SECRET_ACCESS_KEY", self->keys.secret);
    print_export("AWS_REGION", settings->region);
    print_export("AWS_DEFAULT_REGION", settings->region);
    print_export("S3BUCKET_SOURCE", settings->bucket_source);
    print_export("S3BUCKET_DEST", settings->bucket_dest);
    print_export("S3BUCKET_FAIL", settings->bucket_fail);
    print_export("FUNC_BULKIMG_ANALYSER_NAME", settings->function);
    /* The last line: scripts wait for it. */
    print_export("DYNAMODB_TABLE_NAME", settings->table);
    return fflush(stdout) == 0 && !ferror(stdout);
}
