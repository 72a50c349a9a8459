/*
 * result_rows.c - one image and its verdict: words, JSON, counts and the exit code.
 */
#include "result_rows.h"

#include "cli.h"
#include <stdlib.h>
#include <string.h>

static const struct verdict_names {
    const char *word;
    const char *option;
    const char *status; /* of the JSON schema */
    const char *count;
} names[VERDICT_COUNT] = {
    [VERDICT_CAT] = { "cat", "cat", "success", "cat" },
    [VERDICT_NOT_CAT] = { "not cat", "not-cat", "success", "not_cat" },
    [VERDICT_PENDING] = { "pending", "pending", "pending", "pending" },
    [VERDICT_FAILED] = { "failed", "failed", "fail", "failed" },
    [VERDICT_MISSING] = { "missing", "missing", "missing", "missing" },
    [VERDICT_REJECTED] = { "rejected", "rejected", "rejected", "rejected" },
};

const char *verdict_word(enum verdict verdict)
{
    return names[verdict].word;
}

enum verdict verdict_from_word(const char *word)
{
    size_t i = 0;

    while (i < VERDICT_COUNT && strcmp(names[i].option, word) != 0)
        i++;
    return (enum verdict)i;
}

static enum verdict verdict_of(const icecat_result *result)
{
    switch (result->state) {
    case ICECAT_RESULT_PENDING:
        return VERDICT_PENDING;
    case ICECAT_RESULT_SUCCESS:
        return result->is_cat ? VERDICT_CAT : VERDICT_NOT_CAT;
    case ICECAT_RESULT_FAIL:
        return VERDICT_FAILED;
    default:
        return VERDICT_MISSING;
    }
}

void result_row_from(struct result_row *row, const icecat_result *result)
{
    *row = (struct result_row){
        .file = result->file_name,
        .fingerprint = result->fingerprint,
        .client_id = result->client_id,
        .s3img_key = result->s3img_key,
        .labels_json = result->labels_json,
        .logs_json = result->logs_json,
        .fail_code = result->fail_code,
        .batch_id = result->batch_id,
        .upload_ts = result->upload_ts,
        .rek_ts = result->rek_ts,
        .ttl = result->ttl,
        .confidence = result->confidence,
        .verdict = verdict_of(result),
    };
    if (row->verdict == VERDICT_FAILED) {
        row->status = ICECAT_E_REJECTED;
        row->reason = result->fail_reason != NULL ? result->fail_reason : result->fail_code;
        if (row->reason == NULL)
            row->reason = "the function recorded a failure without a reason";
    }
}

/* ---- labels ------------------------------------------------------------------------------ */

const cJSON *result_next_label(const cJSON *label, const char **name, double *confidence)
{
    for (; label != NULL; label = label->next) {
        const cJSON *text = cJSON_GetObjectItemCaseSensitive(label, "name");
        const cJSON *number = cJSON_GetObjectItemCaseSensitive(label, "confidence");

        if (!cJSON_IsString(text) || !cJSON_IsNumber(number))
            continue;
        *name = text->valuestring;
        *confidence = number->valuedouble;
        return label;
    }
    return NULL;
}

cJSON *result_parse_array(const char *json)
{
    cJSON *tree = json != NULL ? cJSON_Parse(json) : NULL;

    if (tree == NULL || cJSON_IsArray(tree))
        return tree;
    cJSON_Delete(tree);
    return NULL;
}

void result_format_percent(double value, char *out, size_t len)
{
    double known = value >= 0 && value <= 100 ? value : 100;
    long tenths = (long)(known * 10 + 0.5);

    snprintf(out, len, "%ld.%ld", tenths / 10, tenths % 10);
}

void result_row_labels(const struct result_row *row, size_t most, const char *separator, char *out,
                       size_t len)
{
    cJSON *labels = result_parse_array(row->labels_json);
    const cJSON *label = labels != NULL ? labels->child : NULL;
    size_t used = 0;
    const char *name;
    double confidence;

    out[0] = '\0';
    for (size_t i = 0; i < most && (label = result_next_label(label, &name, &confidence)) != NULL;
         i++) {
        char percent[32];
        int put;

        result_format_percent(confidence, percent, sizeof(percent));
        put = snprintf(out + used, len - used, "%s%s %s", i != 0 ? separator : "", name, percent);
        if (put < 0 || (size_t)put >= len - used) {
            out[used] = '\0'; /* whole labels only */
            break;
        }
        used += (size_t)put;
        label = label->next;
    }
    cJSON_Delete(labels);
}

static double strongest_label(const struct result_row *row)
{
    cJSON *labels = result_parse_array(row->labels_json);
    const cJSON *label = labels != NULL ? labels->child : NULL;
    double best = -1;
    const char *name;
    double confidence;

    while ((label = result_next_label(label, &name, &confidence)) != NULL) {
        best = confidence > best ? confidence : best;
        label = label->next;
    }
    cJSON_Delete(labels);
    return best;
}

void result_row_confidence(const struct result_row *row, char *out, size_t len)
{
    double confidence = -1;

    if (row->verdict == VERDICT_CAT)
        confidence = row->confidence;
    else if (row->verdict == VERDICT_NOT_CAT)
        confidence = strongest_label(row);
    out[0] = '\0';
    if (confidence >= 0)
        result_format_percent(confidence, out, len);
}

/* ---- JSON -------------------------------------------------------------------------------- */

static void write_labels(struct json_out *out, const char *json)
{
    cJSON *labels = result_parse_array(json);
    const cJSON *label = labels != NULL ? labels->child : NULL;
    const char *name;
    double confidence;

    json_out_array(out, "labels");
    while ((label = result_next_label(label, &name, &confidence)) != NULL) {
        char *text = cJSON_PrintUnformatted(label);

        if (text != NULL)
            json_out_raw(out, NULL, text);
        cJSON_free(text);
        label = label->next;
    }
    json_out_close(out);
    cJSON_Delete(labels);
}

static void write_logs(struct json_out *out, const char *json)
{
    cJSON *logs = result_parse_array(json);

    json_out_array(out, "logs");
    for (const cJSON *line = logs != NULL ? logs->child : NULL; line != NULL; line = line->next) {
        if (cJSON_IsString(line))
            json_out_text(out, NULL, line->valuestring);
    }
    json_out_close(out);
    cJSON_Delete(logs);
}

static void write_error(struct json_out *out, const struct result_row *row)
{
    icecat_error err = { .status = (int32_t)row->status };

    snprintf(err.message, sizeof(err.message), "%s", row->reason);
    if (row->fail_code != NULL)
        snprintf(err.aws_code, sizeof(err.aws_code), "%s", row->fail_code);
    json_out_error(out, "error", &err, NULL, NULL);
}

static void write_time(struct json_out *out, const char *name, int64_t seconds)
{
    if (seconds != 0)
        json_out_i64(out, name, seconds);
}

void result_row_json(struct json_out *out, const char *name, const struct result_row *row)
{
    json_out_object(out, name);
    json_out_u64(out, "batch_id", row->batch_id);
    json_out_text(out, "img_fprint", row->fingerprint);
    if (row->file != NULL)
        json_out_file(out, "file", row->file);
    if (row->size_bytes != 0)
        json_out_u64(out, "size", row->size_bytes);
    json_out_text(out, "status", names[row->verdict].status);
    json_out_text(out, "verdict",
                  row->verdict <= VERDICT_NOT_CAT ? names[row->verdict].option : NULL);
    if (row->confidence >= 0 && row->verdict <= VERDICT_NOT_CAT)
        json_out_double(out, "confidence", row->confidence);
    else
        json_out_null(out, "confidence");
    if (row->labels_json != NULL)
        write_labels(out, row->labels_json);
    if (row->s3img_key != NULL)
        json_out_text(out, "s3img_key", row->s3img_key);
    if (row->client_id != NULL)
        json_out_text(out, "client_id", row->client_id);
    write_time(out, "upload_ts", row->upload_ts);
    write_time(out, "rek_ts", row->rek_ts);
    write_time(out, "ttl", row->ttl);
    if (row->logs_json != NULL)
        write_logs(out, row->logs_json);
    if (row->reason != NULL)
        write_error(out, row);
    json_out_close(out);
}

/* ---- counts ------------------------------------------------------------------------------ */

void result_counts_add(struct result_counts *counts, enum verdict verdict)
{
    counts->total++;
    counts->by_verdict[verdict]++;
}

void result_counts_json(struct json_out *out, const struct result_counts *counts)
{
    json_out_u64(out, "total", counts->total);
    for (size_t i = 0; i < VERDICT_COUNT; i++)
        json_out_u64(out, names[i].count, counts->by_verdict[i]);
}

void result_counts_text(const struct result_counts *counts, char *out, size_t len)
{
    const char *before = ": ";
    size_t used;

    snprintf(out, len, "%llu file%s", (unsigned long long)counts->total,
             counts->total == 1 ? "" : "s");
    for (size_t i = 0; i < VERDICT_COUNT; i++) {
        if (counts->by_verdict[i] == 0)
            continue;
        used = strlen(out);
        snprintf(out + used, len - used, "%s%llu %s", before,
                 (unsigned long long)counts->by_verdict[i], names[i].word);
        before = ", ";
    }
}

int result_counts_exit(const struct result_counts *counts, int allow_pending)
{
    const uint64_t *n = counts->by_verdict;
    uint64_t open = n[VERDICT_PENDING] + n[VERDICT_MISSING];
    uint64_t bad = n[VERDICT_FAILED] + n[VERDICT_REJECTED];

    if (open != 0 && !allow_pending)
        return EXIT_PENDING;
    if (bad == 0)
        return 0;
    return bad < counts->total ? EXIT_PARTIAL : EXIT_REJECTED;
}
