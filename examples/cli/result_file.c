/*
 * result_file.c - the files beside a batch file: results, and the function's logs.
 */
#include "result_file.h"

#include "fingerprints.h"
#include "out_file.h"
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

enum { INDENT = 4 }; /* as Python's json.dump(..., indent=4) */

/* Length of @p name without @p ending, when more than that is there. */
static size_t without(const char *name, size_t len, const char *ending)
{
    size_t tail = strlen(ending);

    if (len <= tail || memcmp(name + len - tail, ending, tail) != 0 || name[len - tail - 1] == '/')
        return len;
    return len - tail;
}

char *result_file_name(const char *batch_file, const char *ending)
{
    size_t len = without(batch_file, strlen(batch_file), ".journal");
    char *name;

    len = without(batch_file, len, ".json");
    name = malloc(len + strlen(ending) + 1);
    if (name != NULL) {
        memcpy(name, batch_file, len);
        strcpy(name + len, ending);
    }
    return name;
}

static const char *base_name(const char *file)
{
    const char *slash = file != NULL ? strrchr(file, '/') : NULL;

    return slash != NULL ? slash + 1 : file;
}

static void write_item(struct json_out *out, const char *attributes, const char *file)
{
    cJSON *tree = cJSON_Parse(attributes);

    json_out_object(out, NULL);
    for (const cJSON *at = tree != NULL ? tree->child : NULL; at != NULL; at = at->next) {
        if (cJSON_IsString(at) && strcmp(at->string, "original_file_name") != 0)
            json_out_text(out, at->string, at->valuestring);
    }
    json_out_file(out, "original_file_name", file != NULL ? base_name(file) : "N/A");
    json_out_close(out);
    cJSON_Delete(tree);
}

icecat_status result_file_write(const char *path, const icecat_results *results,
                                const struct result_row *rows, size_t count, icecat_error *err)
{
    struct out_file file;
    struct json_out out;
    icecat_status status = out_file_open(&file, path, err);

    if (status != ICECAT_OK)
        return status;
    json_out_init(&out, file.stream, INDENT);
    json_out_array(&out, NULL);
    for (size_t i = 0; i < count; i++) {
        const char *attributes = NULL;

        if (rows[i].record != FINGERPRINT_NONE)
            attributes = icecat_results_attributes_json(results, rows[i].record);
        if (attributes != NULL)
            write_item(&out, attributes, rows[i].file);
    }
    json_out_end(&out);
    return out_file_commit(&file, err);
}

/* Equal images share one record, whose logs are written once. */
static int is_repeated(const struct fingerprints *distinct, unsigned char *seen, size_t index)
{
    size_t place = distinct->place[index];

    if (place == FINGERPRINT_NONE || seen[place])
        return 1;
    seen[place] = 1;
    return 0;
}

static void write_logs(FILE *stream, const struct result_row *rows, size_t count,
                       const struct fingerprints *distinct, unsigned char *seen)
{
    struct json_out out;

    json_out_init(&out, stream, INDENT);
    json_out_object(&out, NULL);
    for (size_t i = 0; i < count; i++) {
        cJSON *logs = rows[i].logs_json != NULL ? cJSON_Parse(rows[i].logs_json) : NULL;

        if (cJSON_IsArray(logs) && !is_repeated(distinct, seen, i)) {
            json_out_array(&out, rows[i].fingerprint);
            for (const cJSON *line = logs->child; line != NULL; line = line->next) {
                if (cJSON_IsString(line))
                    json_out_text(&out, NULL, line->valuestring);
            }
            json_out_close(&out);
        }
        cJSON_Delete(logs);
    }
    json_out_end(&out);
}

icecat_status result_file_write_logs(const char *path, const struct result_row *rows, size_t count,
                                     icecat_error *err)
{
    const char **all = calloc(count + 1, sizeof(*all));
    unsigned char *seen = calloc(count + 1, 1);
    struct fingerprints distinct = { .distinct = NULL };
    struct out_file file;
    icecat_status status = ICECAT_E_NO_MEMORY;

    for (size_t i = 0; all != NULL && i < count; i++)
        all[i] = rows[i].fingerprint;
    if (all == NULL || seen == NULL || !fingerprints_make(&distinct, all, count))
        snprintf(err->message, sizeof(err->message), "out of memory");
    else
        status = out_file_open(&file, path, err);
    if (status == ICECAT_OK) {
        write_logs(file.stream, rows, count, &distinct, seen);
        status = out_file_commit(&file, err);
    }
    err->status = (int32_t)status;
    fingerprints_clear(&distinct);
    free(seen);
    free(all);
    return status;
}
