/*
 * runner_c.c - the scenario in C: runner_c SCENARIO FOLDER. See README.md.
 */
#include <icecat/icecat.h>

#include <cjson/cJSON.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_PICTURES 256
#define MOST_PATH     4096
#define MOST_SCENARIO (1u << 20)
#define NO_HASH       "0000000000000000000000000000000000000000000000000000000000000000"

/* One bulk submission: what is to be sent, and what was told of it. */
typedef struct sending {
    char paths[MOST_PICTURES][MOST_PATH];
    char fingerprints[MOST_PICTURES][72];
    const char *wanted[MOST_PICTURES];
    size_t count, given, judged_count;
    uint64_t batch_id;
    cJSON *images;
} sending;

static const cJSON *scenario;
static sending all, unsound;

/* A runner has one way to fail: it says why and ends. */
static void need(int is_good, const char *what)
{
    if (!is_good) {
        fprintf(stderr, "runner_c: %s\n", what);
        exit(1);
    }
}

static void need_ok(icecat_status status, const icecat_error *err)
{
    need(status == ICECAT_OK || status == ICECAT_E_PARTIAL, err->message);
}

static const char *text_of(const cJSON *object, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));

    need(text != NULL, name);
    return text;
}

static double number_of(const cJSON *object, const char *name)
{
    return cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

static int by_key(const void *left, const void *right, const char *key)
{
    return strcmp(text_of(*(const cJSON *const *)left, key),
                  text_of(*(const cJSON *const *)right, key));
}

static int by_file(const void *left, const void *right)
{
    return by_key(left, right, "file");
}

static int by_fingerprint(const void *left, const void *right)
{
    return by_key(left, right, "fingerprint");
}

static cJSON *sorted(cJSON *array, int (*order)(const void *, const void *))
{
    cJSON *items[MOST_PICTURES];
    size_t count = 0;

    while (cJSON_GetArraySize(array) > 0 && count < MOST_PICTURES)
        items[count++] = cJSON_DetachItemFromArray(array, 0);
    qsort(items, count, sizeof(items[0]), order);
    for (size_t i = 0; i < count; i++)
        cJSON_AddItemToArray(array, items[i]);
    return array;
}

/* ---- validate ---------------------------------------------------------------------------- */

static cJSON *checked(void)
{
    icecat_image_options options = ICECAT_IMAGE_OPTIONS_INIT;
    cJSON *images = cJSON_CreateArray();

    options.profile = ICECAT_PROFILE_REKOGNITION_S3;
    for (size_t i = 0; i < all.count; i++) {
        icecat_image_info info = ICECAT_IMAGE_INFO_INIT;
        icecat_status status = icecat_image_probe_file(all.paths[i], &options, &info, NULL);
        cJSON *image = cJSON_CreateObject();

        cJSON_AddStringToObject(image, "file", last_part(all.paths[i]));
        cJSON_AddStringToObject(image, "format", icecat_image_format_name(info.format));
        cJSON_AddStringToObject(image, "reason", icecat_image_reason_name(info.reason));
        cJSON_AddStringToObject(image, "status", icecat_status_name((icecat_status)status));
        cJSON_AddItemToArray(images, image);
    }
    return sorted(images, by_file);
}

/* ---- submit ------------------------------------------------------------------------------ */

static int next_path(const char **path, void *userdata)
{
    sending *s = userdata;

    if (s->given == s->count)
        return 0;
    *path = s->paths[s->given++];
    return 1;
}

static const char *action_name(uint32_t action)
{
    static const char *const names[] = {
        "", "submitted", "duplicate", "rejected", "failed", "known"
    };

    need(action < sizeof(names) / sizeof(names[0]), "unknown action");
    return names[action];
}

static int on_settled(const icecat_submission *told, void *userdata)
{
    sending *s = userdata;
    cJSON *image = cJSON_CreateObject();
    int32_t status = told->error != NULL ? told->error->status : ICECAT_OK;

    cJSON_AddStringToObject(image, "file", told->file_name);
    cJSON_AddStringToObject(image, "action", action_name(told->action));
    cJSON_AddStringToObject(image, "fingerprint", told->fingerprint);
    cJSON_AddStringToObject(image, "status", icecat_status_name((icecat_status)status));
    cJSON_AddStringToObject(image, "duplicate_of",
                            told->duplicate_of != NULL ? last_part(told->duplicate_of) : "");
    cJSON_AddItemToArray(s->images, image);
    if (told->action == ICECAT_SUBMITTED) {
        memcpy(s->fingerprints[s->judged_count], told->fingerprint, sizeof(told->fingerprint));
        s->wanted[s->judged_count] = s->fingerprints[s->judged_count];
        s->judged_count++;
    }
    return 0;
}

static cJSON *submitted(icecat_pipeline *pipeline, sending *s, uint32_t no_validate)
{
    icecat_submit_options options = ICECAT_SUBMIT_OPTIONS_INIT;
    icecat_submit_counts counts = ICECAT_SUBMIT_COUNTS_INIT;
    cJSON *answer = cJSON_CreateObject(), *numbers;
    icecat_error err;

    options.no_validate = no_validate;
    s->batch_id = icecat_batch_id_new();
    s->images = cJSON_CreateArray();
    need_ok(icecat_pipeline_submit_many(pipeline, s->batch_id, next_path, on_settled, s, &options,
                                        &counts, &err),
            &err);
    cJSON_AddItemToObject(answer, "images", sorted(s->images, by_file));
    numbers = cJSON_AddObjectToObject(answer, "counts");
    cJSON_AddNumberToObject(numbers, "total", (double)counts.total);
    cJSON_AddNumberToObject(numbers, "submitted", (double)counts.submitted);
    cJSON_AddNumberToObject(numbers, "duplicate", (double)counts.duplicate);
    cJSON_AddNumberToObject(numbers, "rejected", (double)counts.rejected);
    cJSON_AddNumberToObject(numbers, "failed", (double)counts.failed);
    return answer;
}

/* ---- wait -------------------------------------------------------------------------------- */

static cJSON *label_names(const char *labels_json)
{
    cJSON *names = cJSON_CreateArray(),
          *labels = cJSON_Parse(labels_json != NULL ? labels_json : "[]");
    const cJSON *label;

    cJSON_ArrayForEach(label, labels)
        cJSON_AddItemToArray(names, cJSON_CreateString(text_of(label, "name")));
    cJSON_Delete(labels);
    return names;
}

static cJSON *judged_one(const icecat_result *result)
{
    static const char *const states[] = { "missing", "pending", "success", "fail" };
    cJSON *answer = cJSON_CreateObject();
    char bucket[64];

    need(sscanf(result->s3img_key, "%63[^/]", bucket) == 1, "no bucket in a result");
    cJSON_AddStringToObject(answer, "fingerprint", result->fingerprint);
    cJSON_AddStringToObject(answer, "state", states[result->state]);
    cJSON_AddBoolToObject(answer, "is_cat", (int)result->is_cat);
    cJSON_AddNumberToObject(answer, "confidence", result->confidence);
    cJSON_AddItemToObject(answer, "labels", label_names(result->labels_json));
    cJSON_AddStringToObject(answer, "fail_code",
                            result->fail_code != NULL ? result->fail_code : "");
    cJSON_AddStringToObject(answer, "bucket", bucket);
    return answer;
}

static cJSON *judged(icecat_pipeline *pipeline, const sending *s)
{
    icecat_results_options options = ICECAT_RESULTS_OPTIONS_INIT;
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    icecat_result result = ICECAT_RESULT_INIT;
    icecat_results *results;
    cJSON *answers = cJSON_CreateArray();
    icecat_error err;

    call.timeout_ms = (uint64_t)(number_of(scenario, "wait_s") * 1000);
    options.call = &call;
    options.fingerprints = s->wanted;
    options.fingerprints_count = s->judged_count;
    need_ok(icecat_pipeline_wait(pipeline, s->batch_id, &options, NULL, NULL, &results, &err),
            &err);
    for (size_t i = 0; icecat_results_at(results, i, &result); i++)
        cJSON_AddItemToArray(answers, judged_one(&result));
    icecat_results_free(results);
    return sorted(answers, by_fingerprint);
}

/* ---- failures ---------------------------------------------------------------------------- */

static cJSON *failure(const icecat_error *err)
{
    cJSON *answer = cJSON_CreateObject();

    cJSON_AddStringToObject(answer, "status", icecat_status_name((icecat_status)err->status));
    cJSON_AddStringToObject(answer, "aws_code", err->aws_code);
    cJSON_AddNumberToObject(answer, "http_status", err->http_status);
    cJSON_AddBoolToObject(answer, "retryable", (int)err->retryable);
    return answer;
}

static cJSON *absent(icecat_pipeline *pipeline)
{
    icecat_results *results;
    icecat_error err;

    icecat_results_free(
        icecat_pipeline_result(pipeline, all.batch_id, NO_HASH, NULL, &results, &err) == ICECAT_OK
            ? results
            : NULL);
    return failure(&err);
}

static icecat_pipeline *new_pipeline(icecat_client *client)
{
    icecat_pipeline_options options = ICECAT_PIPELINE_OPTIONS_INIT;
    icecat_pipeline *pipeline;
    icecat_error err;

    options.bucket_source = getenv("S3BUCKET_SOURCE");
    options.table = getenv("DYNAMODB_TABLE_NAME");
    options.client_id = text_of(scenario, "client_id");
    need_ok(icecat_pipeline_new(client, &options, &pipeline, &err), &err);
    return pipeline;
}

static cJSON *wrong_key(void)
{
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;
    icecat_client_options options = ICECAT_CLIENT_OPTIONS_INIT;
    icecat_credentials *credentials;
    icecat_client *client;
    icecat_pipeline *pipeline;
    icecat_results *results = NULL;
    icecat_error err;

    keys.access_key_id = getenv("AWS_ACCESS_KEY_ID");
    keys.secret_access_key = "wrong";
    need_ok(icecat_credentials_new_static(&keys, &credentials, &err), &err);
    options.credentials = credentials;
    need_ok(icecat_client_new(&options, &client, &err), &err);
    pipeline = new_pipeline(client);
    if (icecat_pipeline_results(pipeline, all.batch_id, NULL, &results, &err) == ICECAT_OK)
        icecat_results_free(results);
    icecat_pipeline_free(pipeline);
    icecat_client_free(client);
    icecat_credentials_free(credentials);
    return failure(&err);
}

/* ---- main -------------------------------------------------------------------------------- */

static cJSON *read_scenario(const char *path)
{
    static char document[MOST_SCENARIO];
    FILE *file = fopen(path, "rb");
    size_t len;
    cJSON *read;

    need(file != NULL, path);
    len = fread(document, 1, sizeof(document) - 1, file);
    fclose(file);
    document[len] = '\0';
    read = cJSON_Parse(document);
    need(read != NULL, "the scenario is not JSON");
    return read;
}

static void add_path(sending *s, const char *folder, const char *name)
{
    need(s->count < MOST_PICTURES, "too many pictures");
    need(snprintf(s->paths[s->count++], MOST_PATH, "%s/%s", folder, name) < MOST_PATH, "long path");
}

static void read_pictures(const char *folder)
{
    const cJSON *picture;

    cJSON_ArrayForEach(picture, cJSON_GetObjectItemCaseSensitive(scenario, "pictures"))
    {
        const char *kind = text_of(picture, "kind");

        add_path(&all, folder, text_of(picture, "file"));
        if (strcmp(kind, "cat") != 0 && strcmp(kind, "not cat") != 0)
            add_path(&unsound, folder, text_of(picture, "file"));
    }
}

int main(int argc, char **argv)
{
    icecat_client_options options = ICECAT_CLIENT_OPTIONS_INIT;
    cJSON *read, *answer = cJSON_CreateObject();
    icecat_client *client;
    icecat_pipeline *pipeline;
    icecat_error err;
    char *text;

    need(argc == 3, "usage: runner_c SCENARIO FOLDER");
    scenario = read = read_scenario(argv[1]);
    read_pictures(argv[2]);
    options.max_attempts = (uint32_t)number_of(scenario, "max_attempts");
    need_ok(icecat_client_new(&options, &client, &err), &err);
    pipeline = new_pipeline(client);
    cJSON_AddItemToObject(answer, "checked", checked());
    cJSON_AddItemToObject(answer, "submitted", submitted(pipeline, &all, 0));
    cJSON_AddItemToObject(answer, "judged", judged(pipeline, &all));
    cJSON_AddItemToObject(answer, "forced", submitted(pipeline, &unsound, 1));
    cJSON_AddItemToObject(answer, "refused", judged(pipeline, &unsound));
    cJSON_AddItemToObject(answer, "absent", absent(pipeline));
    cJSON_AddItemToObject(answer, "wrong_key", wrong_key());
    text = cJSON_PrintUnformatted(answer);
    puts(text);
    cJSON_free(text);
    cJSON_Delete(answer);
    cJSON_Delete(read);
    icecat_pipeline_free(pipeline);
    icecat_client_free(client);
    return 0;
}
