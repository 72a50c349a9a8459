/*
 * result_read.c - read the file that results were written to, by icecat or by the Python client.
 */
#include "result_read.h"

#include "cli_error.h"
#include "fingerprints.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { SNIFF_BYTES = 1 << 20, MOST_BYTES = 256 << 20 };

/* ---- the file ---------------------------------------------------------------------------- */

static icecat_status read_text(const char *path, size_t most, char **out, icecat_error *err)
{
    FILE *file = fopen(path, "rb");
    size_t cap = 65536, len = 0, got;
    char *text = malloc(cap + 1);

    *out = NULL;
    if (file == NULL) {
        free(text);
        return cli_error(err, ICECAT_E_FILE, "cannot read %s: %s", path, strerror(errno));
    }
    while (text != NULL && len < most && (got = fread(text + len, 1, cap - len, file)) > 0) {
        len += got;
        if (len == cap) {
            char *more = realloc(text, (cap *= 2) + 1);

            if (more == NULL)
                free(text);
            text = more;
        }
    }
    got = ferror(file) != 0;
    fclose(file);
    if (text == NULL)
        return cli_error(err, ICECAT_E_NO_MEMORY, "out of memory");
    text[len] = '\0';
    *out = text;
    return got == 0 ? ICECAT_OK : cli_error(err, ICECAT_E_FILE, "cannot read %s", path);
}

/* Inside a string of JSON, the quotes around these names would be escaped. */
int result_read_is(const char *path)
{
    char *text;
    icecat_error err;
    int is = read_text(path, SNIFF_BYTES, &text, &err) == ICECAT_OK &&
             strstr(text, "\"op_status\"") != NULL && strstr(text, "\"epoch_timestamp\"") == NULL;

    free(text);
    return is;
}

/* ---- records ----------------------------------------------------------------------------- */

static const char *text_of(const cJSON *item, const char *name)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(item, name);

    return cJSON_IsString(value) ? value->valuestring : NULL;
}

static int64_t integer_of(const cJSON *item, const char *name)
{
    const char *text = text_of(item, name);

    return text != NULL ? strtoll(text, NULL, 10) : 0;
}

/* The service's answer, {"Labels":[{"Name","Confidence"}]}, as the labels of a result. */
static char *labels_of_answer(const char *answer)
{
    cJSON *tree = answer != NULL ? cJSON_Parse(answer) : NULL;
    const cJSON *labels = cJSON_GetObjectItemCaseSensitive(tree, "Labels");
    cJSON *made = cJSON_CreateArray();
    char *text = NULL;

    for (const cJSON *at = cJSON_IsArray(labels) ? labels->child : NULL; at != NULL && made != NULL;
         at = at->next) {
        const cJSON *confidence = cJSON_GetObjectItemCaseSensitive(at, "Confidence");
        const char *name = text_of(at, "Name");
        cJSON *label = name != NULL && cJSON_IsNumber(confidence) ? cJSON_CreateObject() : NULL;

        if (label == NULL)
            continue;
        cJSON_AddStringToObject(label, "name", name);
        cJSON_AddNumberToObject(label, "confidence", confidence->valuedouble);
        cJSON_AddItemToArray(made, label);
    }
    if (made != NULL && made->child != NULL)
        text = cJSON_PrintUnformatted(made);
    cJSON_Delete(made);
    cJSON_Delete(tree);
    return text;
}

static uint32_t state_of(const cJSON *item)
{
    const char *status = text_of(item, "op_status");

    if (status != NULL && strcmp(status, "success") == 0)
        return ICECAT_RESULT_SUCCESS;
    if (status != NULL && strcmp(status, "fail") == 0)
        return ICECAT_RESULT_FAIL;
    return ICECAT_RESULT_PENDING;
}

static double confidence_of(const cJSON *item)
{
    const char *text = text_of(item, "rek_confidence");
    char *end = NULL;
    double value = text != NULL ? strtod(text, &end) : -1;

    return end != text && value >= 0 && value <= 100 ? value : -1;
}

static void read_row(struct result_list *list, size_t index, const cJSON *item)
{
    const char *is_cat = text_of(item, "rek_iscat"), *id = text_of(item, "batch_id");
    icecat_result result = ICECAT_RESULT_INIT;

    result.fingerprint = text_of(item, "img_fprint");
    result.client_id = text_of(item, "client_id");
    result.file_name = text_of(item, "original_file_name");
    result.s3img_key = text_of(item, "s3img_key");
    result.labels_json = text_of(item, "labels");
    if (result.labels_json == NULL)
        result.labels_json = list->made[index] = labels_of_answer(text_of(item, "rek_resp"));
    result.fail_code = text_of(item, "fail_code");
    result.fail_reason = text_of(item, "fail_reason");
    result.upload_ts = integer_of(item, "upload_ts");
    result.rek_ts = integer_of(item, "rek_ts");
    result.ttl = integer_of(item, "ttl");
    result.confidence = confidence_of(item);
    result.state = state_of(item);
    result.is_cat = is_cat != NULL && strcmp(is_cat, "True") == 0;
    if (id == NULL || icecat_batch_id_parse(id, &result.batch_id, NULL) != ICECAT_OK)
        result.batch_id = 0;
    result_row_from(&list->rows[index], &result);
    if (list->batch_id == 0)
        list->batch_id = result.batch_id;
    result_counts_add(&list->counts, list->rows[index].verdict);
}

/* ---- paths ------------------------------------------------------------------------------- */

/* The batch file that the results were written beside. */
static icecat_batch *batch_beside(const char *path)
{
    static const char ending[] = "-results.json";
    size_t len = strlen(path), tail = sizeof(ending) - 1;
    icecat_batch *batch = NULL;
    char *name;

    if (len <= tail || strcmp(path + len - tail, ending) != 0)
        return NULL;
    name = malloc(len + 1);
    if (name != NULL) {
        memcpy(name, path, len - tail);
        strcpy(name + len - tail, ".json");
        if (icecat_batch_load(name, &batch, NULL) != ICECAT_OK)
            batch = NULL;
    }
    free(name);
    return batch;
}

/* Equal images have one record in the table and several in the batch; the first path will do. */
static int find_paths(struct result_list *list)
{
    size_t known = icecat_batch_count(list->batch), all = known + list->count;
    const char **prints = calloc(all + 1, sizeof(*prints));
    size_t *first = calloc(all + 1, sizeof(*first));
    struct fingerprints distinct = { .distinct = NULL };
    icecat_batch_record record = ICECAT_BATCH_RECORD_INIT;
    int ok = prints != NULL && first != NULL;

    for (size_t i = 0; ok && icecat_batch_at(list->batch, i, &record); i++)
        prints[i] = record.fingerprint;
    for (size_t i = 0; ok && i < list->count; i++)
        prints[known + i] = list->rows[i].fingerprint;
    ok = ok && fingerprints_make(&distinct, prints, all);
    for (size_t i = known; ok && i-- > 0;) {
        if (distinct.place[i] != FINGERPRINT_NONE)
            first[distinct.place[i]] = i + 1;
    }
    for (size_t i = 0; ok && i < list->count; i++) {
        size_t place = distinct.place[known + i];

        if (place == FINGERPRINT_NONE || first[place] == 0 ||
            !icecat_batch_at(list->batch, first[place] - 1, &record))
            continue;
        if (record.path != NULL)
            list->rows[i].file = record.path;
        list->rows[i].size_bytes = record.size_bytes;
    }
    fingerprints_clear(&distinct);
    free(first);
    free(prints);
    return ok;
}

/* ---- all of it --------------------------------------------------------------------------- */

icecat_status result_read(const char *path, struct result_list *out, icecat_error *err)
{
    char *text = NULL;
    icecat_status status = read_text(path, MOST_BYTES, &text, err);
    size_t i = 0;

    *out = (struct result_list){ .count = 0 };
    if (status != ICECAT_OK)
        return status;
    out->tree = cJSON_Parse(text);
    free(text);
    if (!cJSON_IsArray(out->tree))
        return cli_error(err, ICECAT_E_PARSE, "%s is no list of results", path);
    out->count = (size_t)cJSON_GetArraySize(out->tree);
    out->rows = calloc(out->count + 1, sizeof(*out->rows));
    out->made = calloc(out->count + 1, sizeof(*out->made));
    if (out->rows == NULL || out->made == NULL)
        return cli_error(err, ICECAT_E_NO_MEMORY, "out of memory");
    for (const cJSON *item = out->tree->child; item != NULL; item = item->next, i++) {
        if (text_of(item, "img_fprint") == NULL || text_of(item, "op_status") == NULL)
            return cli_error(err, ICECAT_E_PARSE, "%s: entry %zu is no result", path, i + 1);
        read_row(out, i, item);
    }
    out->batch = batch_beside(path);
    return out->batch == NULL || find_paths(out)
               ? ICECAT_OK
               : cli_error(err, ICECAT_E_NO_MEMORY, "out of memory");
}

void result_read_clear(struct result_list *list)
{
    for (size_t i = 0; list->made != NULL && i < list->count; i++)
        cJSON_free(list->made[i]);
    icecat_batch_free(list->batch);
    cJSON_Delete(list->tree);
    free(list->made);
    free(list->rows);
    *list = (struct result_list){ .count = 0 };
}
