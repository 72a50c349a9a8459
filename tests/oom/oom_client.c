/*
 * oom_client.c - credentials, clients, settings, and every call of the services.
 */
#include "oom_aws.h"

#include <icecat/dynamodb.h>
#include <icecat/pipeline.h>
#include <icecat/rekognition.h>
#include <icecat/s3.h>
#include <icecat/settings.h>
#include <icecat/ssm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- credentials --------------------------------------------------------------------------- */

static char config_path[] = "/tmp/icecat-oom-XXXXXX";

/* A profile with a role, so that keys are asked of STS. */
static void write_config(void)
{
    static const char text[] =
        "[profile dev]\nregion = eu-west-1\nrole_arn = arn:aws:iam::1:role/r\n"
        "source_profile = base\ns3 =\n  addressing_style = path\n"
        "[profile base]\naws_access_key_id = AKIDEXAMPLE\n"
        "aws_secret_access_key = secret\n";
    int fd;

    strcpy(config_path, "/tmp/icecat-oom-XXXXXX");
    fd = mkstemp(config_path);
    OOM_CHECK(fd >= 0 && write(fd, text, sizeof(text) - 1) == (ssize_t)(sizeof(text) - 1));
    close(fd);
}

static void look_into(icecat_credentials *credentials)
{
    icecat_credentials_findings *findings = NULL;
    icecat_error err = { 0 };
    icecat_status status;

    if (credentials == NULL)
        return;
    (void)SWEPT(icecat_credentials_access_key_id)(credentials);
    (void)SWEPT(icecat_credentials_source)(credentials);
    status = SWEPT(icecat_credentials_report)(credentials, NULL, &findings, &err);
    if (!oom_is_good(status, &err, OOM_MAY_BE_CRYPTO)) {
        OOM_CHECK(findings == NULL);
        return;
    }
    for (size_t i = 0; i < SWEPT(icecat_credentials_findings_count)(findings); i++) {
        icecat_credentials_finding finding = ICECAT_CREDENTIALS_FINDING_INIT;

        OOM_CHECK(SWEPT(icecat_credentials_findings_at)(findings, i, &finding, &err) == ICECAT_OK);
        OOM_CHECK(finding.reason != NULL);
    }
    SWEPT(icecat_credentials_findings_free)(findings);
}

static void credentials_static(const oom *o)
{
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;
    icecat_credentials *credentials = NULL;
    icecat_error err = { 0 };

    (void)o;
    keys.access_key_id = "AKIDEXAMPLE";
    keys.secret_access_key = "secret";
    keys.session_token = "token";
    setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "secret", 1);
    oom_begin();
    if (!oom_is_good(SWEPT(icecat_credentials_new_static)(&keys, &credentials, &err), &err, 0))
        OOM_CHECK(credentials == NULL);
    look_into(credentials);
    SWEPT(icecat_credentials_free)(credentials);
    credentials = NULL;
    if (!oom_is_good(SWEPT(icecat_credentials_new_environment)(&credentials, &err), &err, 0))
        OOM_CHECK(credentials == NULL);
    icecat_credentials_free(credentials);
    oom_end();
    unsetenv("AWS_ACCESS_KEY_ID");
    unsetenv("AWS_SECRET_ACCESS_KEY");
}

static void credentials_default(const oom *o)
{
    icecat_credentials_options options;
    icecat_credentials *credentials = NULL;
    icecat_error err = { 0 };

    write_config();
    oom_begin();
    SWEPT(icecat_credentials_options_init)(&options, sizeof(options));
    options.profile = "dev";
    options.config_file = config_path;
    options.credentials_file = "/nonexistent/credentials";
    options.allocator = o->allocator;
    options.transport = &oom_aws_transport;
    if (!oom_is_good(SWEPT(icecat_credentials_new_default)(&options, &credentials, &err), &err,
                     OOM_MAY_BE_INTERNAL))
        OOM_CHECK(credentials == NULL);
    look_into(credentials);
    icecat_credentials_free(credentials);
    oom_end();
    unlink(config_path);
}

static int give(icecat_credentials_receiver *receiver, void *userdata)
{
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;
    icecat_status status;

    (void)userdata;
    keys.access_key_id = "AKIDEXAMPLE";
    keys.secret_access_key = "secret";
    status = SWEPT(icecat_credentials_give)(receiver, &keys);
    OOM_CHECK(status == ICECAT_OK || (status == ICECAT_E_NO_MEMORY && oom_has_failed()));
    return 0;
}

static void credentials_callback(const oom *o)
{
    icecat_credentials_options options = ICECAT_CREDENTIALS_OPTIONS_INIT;
    icecat_credentials *credentials = NULL;
    icecat_error err = { 0 };

    options.allocator = o->allocator;
    oom_begin();
    if (!oom_is_good(
            SWEPT(icecat_credentials_new_callback)(give, NULL, NULL, &options, &credentials, &err),
            &err, OOM_MAY_BE_INTERNAL))
        OOM_CHECK(credentials == NULL);
    look_into(credentials);
    icecat_credentials_free(credentials);
    oom_end();
}

/* ---- clients ------------------------------------------------------------------------------- */

static void ask_client(icecat_client *client)
{
    char region[64];
    int64_t seconds;

    OOM_CHECK(strcmp(SWEPT(icecat_client_region)(client), "eu-west-1") == 0);
    OOM_CHECK(SWEPT(icecat_client_endpoint)(client, "s3") != NULL);
    OOM_CHECK(SWEPT(icecat_client_credentials)(client) != NULL);
    OOM_CHECK(SWEPT(icecat_client_settings)(client) != NULL);
    OOM_CHECK(SWEPT(icecat_client_bucket_region)(client, "cats", region, sizeof(region)) ==
              ICECAT_OK);
    (void)SWEPT(icecat_client_clock_difference)(client, &seconds);
}

static void clients(const oom *o)
{
    icecat_client_options options;
    icecat_client *client = NULL;
    icecat_settings *settings = NULL;
    icecat_error err = { 0 };

    write_config();
    oom_begin();
    SWEPT(icecat_client_options_init)(&options, sizeof(options));
    options.allocator = o->allocator;
    options.profile = "dev";
    options.config_file = config_path;
    options.credentials_file = "/nonexistent/credentials";
    options.user_agent = "oom/1";
    if (oom_is_good(SWEPT(icecat_client_new)(&options, &client, &err), &err, OOM_MAY_BE_INTERNAL))
        ask_client(client);
    else
        OOM_CHECK(client == NULL);
    SWEPT(icecat_client_free)(client);
    if (oom_is_good(SWEPT(icecat_settings_load)(&options, &settings, &err), &err, 0)) {
        OOM_CHECK(strcmp(SWEPT(icecat_settings_get)(settings, "region"), "eu-west-1") == 0);
        OOM_CHECK(SWEPT(icecat_settings_origin)(settings, "region") != NULL);
        OOM_CHECK(SWEPT(icecat_settings_name)(0) != NULL);
    } else {
        OOM_CHECK(settings == NULL);
    }
    SWEPT(icecat_settings_free)(settings);
    oom_end();
    unlink(config_path);
}

/* ---- services ------------------------------------------------------------------------------ */

static void s3_writes(const oom *o)
{
    icecat_client *client = oom_aws_client(o);
    icecat_s3_put_options put;
    icecat_s3_copy_options copy;
    icecat_s3_put_result made = ICECAT_S3_PUT_RESULT_INIT;
    const icecat_pair metadata = { "original-file-name", "a.png" };
    icecat_error err = { 0 };

    oom_begin();
    SWEPT(icecat_s3_put_options_init)(&put, sizeof(put));
    put.metadata = &metadata;
    put.metadata_count = 1;
    if (oom_is_good(SWEPT(icecat_s3_put_object)(client, "cats", "a", "bytes", 5, &put, &made, &err),
                    &err, OOM_MAY_BE_CRYPTO))
        OOM_CHECK(strcmp(made.etag, "\"e\"") == 0);
    SWEPT(icecat_s3_copy_options_init)(&copy, sizeof(copy));
    (void)oom_is_good(SWEPT(icecat_s3_copy_object)(client, "cats", "a", "cats", "b", &copy, &err),
                      &err, OOM_MAY_BE_CRYPTO);
    (void)oom_is_good(SWEPT(icecat_s3_delete_object)(client, "cats", "a", NULL, &err), &err,
                      OOM_MAY_BE_CRYPTO);
    oom_end();
    /* With memory again the same client works. */
    OOM_CHECK(!o->is_warm || icecat_s3_put_object(client, "cats", "a", "bytes", 5, &put, &made,
                                                  &err) == ICECAT_OK);
    icecat_client_free(client);
}

static void s3_reads(const oom *o)
{
    icecat_client *client = oom_aws_client(o);
    icecat_s3_get_options get;
    icecat_s3_presign_options presign;
    icecat_s3_presign_result result = ICECAT_S3_PRESIGN_RESULT_INIT;
    icecat_s3_object *object = NULL;
    icecat_error err = { 0 };
    char url[8192];

    oom_begin();
    SWEPT(icecat_s3_get_options_init)(&get, sizeof(get));
    if (oom_is_good(SWEPT(icecat_s3_get_object)(client, "cats", "a", &get, &object, &err), &err,
                    OOM_MAY_BE_CRYPTO)) {
        OOM_CHECK(SWEPT(icecat_s3_object_len)(object) == 5);
        OOM_CHECK(memcmp(SWEPT(icecat_s3_object_data)(object), "hello", 5) == 0);
        OOM_CHECK(SWEPT(icecat_s3_object_size)(object) == 5);
        OOM_CHECK(SWEPT(icecat_s3_object_header)(object, "etag") != NULL);
        OOM_CHECK(SWEPT(icecat_s3_object_header_name)(object, 0) != NULL);
    } else {
        OOM_CHECK(object == NULL);
    }
    SWEPT(icecat_s3_object_free)(object);
    object = NULL;
    (void)oom_is_good(SWEPT(icecat_s3_head_object)(client, "cats", "a", NULL, &object, &err), &err,
                      OOM_MAY_BE_CRYPTO);
    icecat_s3_object_free(object);
    SWEPT(icecat_s3_presign_options_init)(&presign, sizeof(presign));
    if (oom_is_good(SWEPT(icecat_s3_presign)(client, "GET", "cats", "a", &presign, url, sizeof(url),
                                             &result, &err),
                    &err, OOM_MAY_BE_CRYPTO))
        OOM_CHECK(strstr(url, "X-Amz-Signature=") != NULL);
    oom_end();
    icecat_client_free(client);
}

static icecat_item *make_key(const oom *o, const char *name)
{
    icecat_item *key = icecat_item_new(o->allocator);

    OOM_CHECK(key != NULL && icecat_item_set_int(key, name, 1, NULL) == ICECAT_OK);
    return key;
}

static void dynamodb_writes(const oom *o)
{
    icecat_client *client = oom_aws_client(o);
    icecat_item *key = make_key(o, "a"), *values = make_key(o, ":v"), *out = NULL;
    icecat_dynamodb_options options;
    icecat_error err = { 0 };

    oom_begin();
    SWEPT(icecat_dynamodb_options_init)(&options, sizeof(options));
    (void)oom_is_good(SWEPT(icecat_dynamodb_put_item)(client, "cats", key, &options, &out, &err),
                      &err, OOM_MAY_BE_CRYPTO);
    OOM_CHECK(out == NULL);
    (void)oom_is_good(SWEPT(icecat_dynamodb_delete_item)(client, "cats", key, &options, &err), &err,
                      OOM_MAY_BE_CRYPTO);
    options.values = values;
    if (!oom_is_good(SWEPT(icecat_dynamodb_update_item)(client, "cats", key, "SET b = :v", &options,
                                                        &out, &err),
                     &err, OOM_MAY_BE_CRYPTO))
        OOM_CHECK(out == NULL);
    icecat_item_free(out);
    oom_end();
    icecat_item_free(key);
    icecat_item_free(values);
    icecat_client_free(client);
}

/* A refusal is told as one, with the item that is there, or memory was short: never that there is none. */
static void dynamodb_refused(const oom *o)
{
    icecat_client *client = oom_aws_client(o);
    icecat_item *key = make_key(o, "a"), *there = NULL;
    icecat_dynamodb_options options = ICECAT_DYNAMODB_OPTIONS_INIT;
    icecat_error err = { 0 };
    icecat_status status;

    options.condition = "attribute_not_exists(a)";
    oom_begin();
    for (int i = 0; i < 2; i++) {
        status = i == 0
                     ? SWEPT(icecat_dynamodb_put_item)(client, "cats", key, &options, &there, &err)
                     : SWEPT(icecat_dynamodb_update_item)(client, "cats", key, "REMOVE b", &options,
                                                          &there, &err);
        if (status == ICECAT_E_PRECONDITION)
            OOM_CHECK(icecat_item_count(there) == 1);
        else
            OOM_CHECK(there == NULL && !oom_is_good(status, &err, OOM_MAY_BE_CRYPTO));
        icecat_item_free(there);
        there = NULL;
    }
    oom_end();
    icecat_item_free(key);
    icecat_client_free(client);
}

static void dynamodb_reads(const oom *o)
{
    icecat_client *client = oom_aws_client(o);
    icecat_item *key = make_key(o, "a"), *values = make_key(o, ":a"), *item = NULL;
    const icecat_item *keys[] = { key };
    icecat_dynamodb_options options = ICECAT_DYNAMODB_OPTIONS_INIT;
    icecat_items *items = NULL;
    icecat_error err = { 0 };

    oom_begin();
    if (oom_is_good(SWEPT(icecat_dynamodb_get_item)(client, "cats", key, &options, &item, &err),
                    &err, OOM_MAY_BE_CRYPTO))
        OOM_CHECK(icecat_item_count(item) == 2);
    else
        OOM_CHECK(item == NULL);
    icecat_item_free(item);
    if (oom_is_good(
            SWEPT(icecat_dynamodb_batch_get)(client, "cats", keys, 1, &options, &items, &err), &err,
            OOM_MAY_BE_CRYPTO))
        OOM_CHECK(SWEPT(icecat_items_count)(items) == 1);
    else
        OOM_CHECK(items == NULL);
    icecat_items_free(items);
    items = NULL;
    options.values = values;
    if (oom_is_good(SWEPT(icecat_dynamodb_query)(client, "cats", "a = :a", &options, &items, &err),
                    &err, OOM_MAY_BE_CRYPTO))
        OOM_CHECK(SWEPT(icecat_items_at)(items, 1) != NULL);
    else
        OOM_CHECK(items == NULL);
    SWEPT(icecat_items_free)(items);
    oom_end();
    icecat_item_free(key);
    icecat_item_free(values);
    icecat_client_free(client);
}

/* Labels that came are all there. */
static void check_labels(icecat_labels *labels)
{
    icecat_label_box box = ICECAT_LABEL_BOX_INIT;
    double confidence;

    OOM_CHECK(SWEPT(icecat_labels_count)(labels) == 1);
    OOM_CHECK(strcmp(SWEPT(icecat_labels_name)(labels, 0), "Cat") == 0);
    OOM_CHECK(SWEPT(icecat_labels_confidence)(labels, 0) > 98);
    OOM_CHECK(strcmp(SWEPT(icecat_labels_parent)(labels, 0, 0), "Animal") == 0);
    OOM_CHECK(strcmp(SWEPT(icecat_labels_alias)(labels, 0, 0), "Kitty") == 0);
    OOM_CHECK(SWEPT(icecat_labels_box)(labels, 0, 0, &box) == 1);
    OOM_CHECK(SWEPT(icecat_labels_json)(labels) != NULL);
    OOM_CHECK(SWEPT(icecat_labels_response)(labels) != NULL);
    OOM_CHECK(SWEPT(icecat_labels_verdict)(labels, "animal", &confidence) == 1);
}

static void rekognition(const oom *o)
{
    icecat_client *client = oom_aws_client(o);
    icecat_rekognition_options options;
    icecat_labels *labels = NULL;
    icecat_error err = { 0 };

    oom_begin();
    SWEPT(icecat_rekognition_options_init)(&options, sizeof(options));
    if (oom_is_good(
            SWEPT(icecat_rekognition_detect_labels)(client, "bytes", 5, &options, &labels, &err),
            &err, OOM_MAY_BE_CRYPTO))
        check_labels(labels);
    else
        OOM_CHECK(labels == NULL);
    SWEPT(icecat_labels_free)(labels);
    labels = NULL;
    (void)oom_is_good(
        SWEPT(icecat_rekognition_detect_labels_s3)(client, "cats", "a", &options, &labels, &err),
        &err, OOM_MAY_BE_CRYPTO);
    icecat_labels_free(labels);
    oom_end();
    icecat_client_free(client);
}

static void ssm(const oom *o)
{
    static const char *const names[] = { "/a", "/b" };
    icecat_client *client = oom_aws_client(o);
    icecat_parameters *parameters = NULL;
    icecat_error err = { 0 };

    oom_begin();
    if (oom_is_good(SWEPT(icecat_ssm_get_parameters)(client, names, 2, NULL, &parameters, &err),
                    &err, OOM_MAY_BE_CRYPTO)) {
        OOM_CHECK(SWEPT(icecat_parameters_count)(parameters) == 1);
        OOM_CHECK(strcmp(SWEPT(icecat_parameters_name)(parameters, 0), "/a") == 0);
        OOM_CHECK(strcmp(SWEPT(icecat_parameters_get)(parameters, "/a"), "b") == 0);
    } else {
        OOM_CHECK(parameters == NULL);
    }
    SWEPT(icecat_parameters_free)(parameters);
    oom_end();
    icecat_client_free(client);
}

const oom_case oom_client_cases[] = {
    { "credentials_static", credentials_static, 0, 1 },
    { "credentials_default", credentials_default, 0, 0 },
    { "credentials_callback", credentials_callback, 0, 0 },
    { "clients", clients, 0, 0 },
    { "s3_writes", s3_writes, 0, 0 },
    { "s3_reads", s3_reads, 0, 0 },
    { "dynamodb_writes", dynamodb_writes, 0, 0 },
    { "dynamodb_refused", dynamodb_refused, 0, 0 },
    { "dynamodb_reads", dynamodb_reads, 0, 0 },
    { "rekognition", rekognition, 0, 0 },
    { "ssm", ssm, 0, 0 },
    { NULL, NULL, 0, 0 },
};
