/*
 * oom_network.c - requests over https to a server on loopback: libcurl and libssl without memory. A request
 * fails or its answer is whole.
 */
#include "oom_aws.h"

#include <icecat/dynamodb.h>
#include <icecat/s3.h>
#include <stdio.h>
#include <string.h>

#define MAY_BE (OOM_MAY_BE_CRYPTO | OOM_MAY_BE_TRANSPORT | OOM_MAY_BE_INTERNAL)

static icecat_status make_client(const oom *o, const char *proxy, icecat_client **out,
                                 icecat_error *err)
{
    icecat_credentials *credentials = oom_aws_keys();
    icecat_client_options options;
    icecat_status status;
    char url[64];

    oom_aws_options(o, credentials, &options);
    snprintf(url, sizeof(url), "https://127.0.0.1:%u", o->port);
    options.endpoint_url = url;
    options.ca_bundle = o->ca_bundle;
    options.proxy = proxy;
    options.transport = NULL;
    oom_begin();
    status = SWEPT(icecat_client_new)(&options, out, err);
    oom_own_work(1);
    icecat_credentials_free(credentials);
    oom_own_work(0);
    return status;
}

static void put_and_get(icecat_client *client)
{
    icecat_s3_put_result made = ICECAT_S3_PUT_RESULT_INIT;
    icecat_s3_object *object = NULL;
    icecat_error err = { 0 };

    if (oom_is_good(SWEPT(icecat_s3_put_object)(client, "cats", "a", "bytes", 5, NULL, &made, &err),
                    &err, MAY_BE))
        OOM_CHECK(strcmp(made.etag, "\"e\"") == 0);
    if (oom_is_good(SWEPT(icecat_s3_get_object)(client, "cats", "a", NULL, &object, &err), &err,
                    MAY_BE))
        OOM_CHECK(icecat_s3_object_len(object) == 5 &&
                  memcmp(icecat_s3_object_data(object), "hello", 5) == 0);
    else
        OOM_CHECK(object == NULL);
    icecat_s3_object_free(object);
}

/* What failed leaves nothing behind that the next request would suffer from. */
static void put_again(const oom *o, icecat_client *client)
{
    icecat_error err = { 0 };
    icecat_status status;

    if (client == NULL || !o->is_warm)
        return;
    status = icecat_s3_put_object(client, "cats", "a", "bytes", 5, NULL, NULL, &err);
    if (status != ICECAT_OK)
        fprintf(stderr, "%s\n", err.message);
    OOM_CHECK(status == ICECAT_OK);
}

static void network_s3(const oom *o)
{
    icecat_client *client = NULL;
    icecat_error err = { 0 };

    if (oom_is_good(make_client(o, NULL, &client, &err), &err, MAY_BE))
        put_and_get(client);
    else
        OOM_CHECK(client == NULL);
    oom_end();
    put_again(o, client);
    icecat_client_free(client);
}

/* Nobody listens where the proxy should be: a request that succeeds went past it. */
static void network_proxy(const oom *o)
{
    icecat_client *client = NULL;
    icecat_error err = { 0 };
    icecat_status status = make_client(o, "http://127.0.0.1:1", &client, &err);

    if (oom_is_good(status, &err, MAY_BE)) {
        status = SWEPT(icecat_s3_delete_object)(client, "cats", "a", NULL, &err);
        OOM_CHECK(!oom_has_failed() ? status == ICECAT_E_CONNECT
                                    : !oom_is_good(status, &err, MAY_BE));
    }
    oom_end();
    icecat_client_free(client);
}

static void network_dynamodb(const oom *o)
{
    icecat_item *values = icecat_item_new(o->allocator);
    icecat_dynamodb_options options = ICECAT_DYNAMODB_OPTIONS_INIT;
    icecat_client *client = NULL;
    icecat_items *items = NULL;
    icecat_error err = { 0 };

    OOM_CHECK(values != NULL && icecat_item_set_int(values, ":a", 1, NULL) == ICECAT_OK);
    options.values = values;
    if (oom_is_good(make_client(o, NULL, &client, &err), &err, MAY_BE)) {
        if (oom_is_good(
                SWEPT(icecat_dynamodb_query)(client, "cats", "a = :a", &options, &items, &err),
                &err, MAY_BE))
            OOM_CHECK(icecat_items_count(items) == 1);
        else
            OOM_CHECK(items == NULL);
    }
    icecat_items_free(items);
    oom_end();
    put_again(o, client);
    icecat_client_free(client);
    icecat_item_free(values);
}

const oom_case oom_network_cases[] = {
    { "network_s3", network_s3, 1, 0 },
    { "network_proxy", network_proxy, 1, 0 },
    { "network_dynamodb", network_dynamodb, 1, 0 },
    { NULL, NULL, 0, 0 },
};
