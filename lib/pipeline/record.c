/*
 * record.c - read a table item, written by this library or by the Python system.
 */
#include "pipeline/record.h"

#include "base/error.h"
#include "base/json.h"
#include "base/options.h"
#include "pipeline/label_verdict.h"
#include "services/labels.h"

#include <stdlib.h>
#include <string.h>

IC_NO_PADDING_AFTER(icecat_result, is_cat);

/* The Python system wrote a life in seconds where DynamoDB wants a time (its bug B1). No time of a
   record is so small: 10^9 was in 2001. */
#define LEAST_TIME 1000000000

void icecat_result_init(icecat_result *result, size_t struct_size)
{
    ic_options_init(result, struct_size);
}

/* Text of an S or N; NULL when it is absent, empty or of another type. */
static const char *text_of(const icecat_item *item, const char *name)
{
    const char *type = icecat_item_type(item, name);
    const char *value = icecat_item_get(item, name);

    if (type == NULL || (strcmp(type, "S") != 0 && strcmp(type, "N") != 0) || value[0] == '\0')
        return NULL;
    return value;
}

/* The numbers of one item, and whether there was memory to read them all. */
typedef struct number_reader {
    const icecat_item *item;
    int is_starved;
} number_reader;

/* JSON's numbers are DynamoDB's but for a leading '+', and cJSON reads them in every locale. */
static int number_of(number_reader *from, const char *name, double *out)
{
    const char *text = text_of(from->item, name);
    cJSON *tree = NULL;
    icecat_status status = ICECAT_E_PARSE;
    int is_number;

    if (text != NULL)
        status = ic_json_parse(text, strlen(text), name, &tree, NULL);
    from->is_starved |= status == ICECAT_E_NO_MEMORY;
    if (status != ICECAT_OK)
        return 0;
    is_number = cJSON_IsNumber(tree) && tree->valuedouble >= -1e15 && tree->valuedouble <= 1e16;
    if (is_number)
        *out = tree->valuedouble;
    cJSON_Delete(tree);
    return is_number;
}

/* A whole number in N or S, also with a fraction or an exponent; 0 when there is none. */
static int64_t int_of(number_reader *from, const char *name)
{
    int64_t value = 0;
    double number;

    if (icecat_item_get_int(from->item, name, &value))
        return value;
    return number_of(from, name, &number) ? (int64_t)number : 0;
}

static int64_t ttl_of(number_reader *from, int64_t upload_ts)
{
    int64_t ttl = int_of(from, "ttl");

    if (ttl <= 0)
        return 0;
    if (ttl >= LEAST_TIME)
        return ttl;
    return upload_ts > 0 && upload_ts <= INT64_MAX - ttl ? upload_ts + ttl : 0;
}

static uint32_t state_of(const icecat_item *item)
{
    const char *text = text_of(item, "op_status");

    if (text != NULL && ic_text_equal_nocase(text, "success"))
        return ICECAT_RESULT_SUCCESS;
    if (text != NULL && ic_text_equal_nocase(text, "fail"))
        return ICECAT_RESULT_FAIL;
    return ICECAT_RESULT_PENDING;
}

/* 1, 0, or -1 when the item does not tell. The Python system declared a BOOL and wrote an S. */
static int verdict_of(const icecat_item *item)
{
    const char *type = icecat_item_type(item, "rek_iscat");
    const char *value = icecat_item_get(item, "rek_iscat");

    if (type == NULL || (strcmp(type, "S") != 0 && strcmp(type, "BOOL") != 0))
        return -1;
    if (ic_text_equal_nocase(value, "true"))
        return 1;
    return ic_text_equal_nocase(value, "false") ? 0 : -1;
}

static int is_array_text(const char *text)
{
    return text != NULL && text[strspn(text, " \t\r\n")] == '[';
}

static icecat_status keep(ic_record *record, size_t slot, const char *text, const char **out,
                          icecat_error *err)
{
    if (text == NULL)
        return ICECAT_OK;
    record->texts[slot] = ic_mem_dup(&record->mem, text);
    *out = record->texts[slot];
    return *out != NULL ? ICECAT_OK : ic_fail_memory(err, "a record");
}

static icecat_status keep_texts(ic_record *record, const icecat_item *item, icecat_error *err)
{
    icecat_result *result = &record->result;
    const char *logs = text_of(item, "logs");
    const struct {
        const char *text;
        const char **out;
    } wanted[] = {
        { text_of(item, IC_ATTR_FINGERPRINT), &result->fingerprint },
        { text_of(item, "client_id"), &result->client_id },
        { text_of(item, "file_name"), &result->file_name },
        { text_of(item, "s3img_key"), &result->s3img_key },
        { text_of(item, "fail_code"), &result->fail_code },
        { text_of(item, "fail_reason"), &result->fail_reason },
        { is_array_text(logs) ? logs : NULL, &result->logs_json },
    };
    icecat_status status = ICECAT_OK;

    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]) && status == ICECAT_OK; i++)
        status = keep(record, i, wanted[i].text, wanted[i].out, err);
    return status;
}

/* The labels of our records have their own attribute; those of the Python system are in the
   service's answer, which it kept whole. */
static icecat_status keep_labels(ic_record *record, const icecat_item *item, const char *label,
                                 int *verdict, icecat_error *err)
{
    icecat_result *result = &record->result;
    const char *answer = text_of(item, "rek_resp");
    icecat_labels *labels = NULL;
    icecat_status status;
    double confidence;
    int found;

    if (is_array_text(text_of(item, "labels")))
        return keep(record, IC_RECORD_TEXTS - 1, text_of(item, "labels"), &result->labels_json,
                    err);
    if (answer == NULL)
        return ICECAT_OK;
    status = ic_labels_parse(&record->mem, ic_view_of(answer), &labels, err);
    if (status != ICECAT_OK) {
        ic_error_clear(err);
        return status == ICECAT_E_NO_MEMORY ? ic_fail_memory(err, "a record") : ICECAT_OK;
    }
    found = icecat_labels_verdict(labels, label, &confidence);
    if (*verdict < 0)
        *verdict = found;
    if (result->confidence < 0 && result->state == ICECAT_RESULT_SUCCESS)
        result->confidence = confidence;
    status = keep(record, IC_RECORD_TEXTS - 1, icecat_labels_json(labels), &result->labels_json,
                  err);
    icecat_labels_free(labels);
    return status;
}

static int read_numbers(icecat_result *result, const icecat_item *item)
{
    number_reader from = { item, 0 };
    int64_t batch_id = int_of(&from, IC_ATTR_BATCH_ID);

    result->batch_id = batch_id > 0 ? (uint64_t)batch_id : 0;
    result->upload_ts = int_of(&from, "upload_ts");
    result->rek_ts = int_of(&from, "rek_ts");
    result->ttl = ttl_of(&from, result->upload_ts);
    if (!number_of(&from, "rek_confidence", &result->confidence) ||
        !(result->confidence >= 0 && result->confidence <= 100))
        result->confidence = -1;
    return !from.is_starved;
}

icecat_status ic_record_read(const ic_mem *mem, const icecat_item *item, const char *label,
                             ic_record *out, icecat_error *err)
{
    icecat_result *result = &out->result;
    int verdict = verdict_of(item);
    icecat_status status;

    memset(out, 0, sizeof(*out));
    out->mem = mem != NULL ? *mem : ic_mem_default;
    icecat_result_init(result, sizeof(*result));
    result->state = state_of(item);
    if (!read_numbers(result, item))
        return ic_fail_memory(err, "a record");
    status = keep_texts(out, item, err);
    if (status == ICECAT_OK)
        status = keep_labels(out, item, label, &verdict, err);
    if (status != ICECAT_OK) {
        ic_record_free(out);
        return status;
    }
    result->is_cat = verdict == 1 && result->state == ICECAT_RESULT_SUCCESS;
    return ICECAT_OK;
}

icecat_status ic_record_missing(const ic_mem *mem, uint64_t batch_id, const char *fingerprint,
                                ic_record *out, icecat_error *err)
{
    memset(out, 0, sizeof(*out));
    out->mem = mem != NULL ? *mem : ic_mem_default;
    icecat_result_init(&out->result, sizeof(out->result));
    out->result.batch_id = batch_id;
    out->result.confidence = -1;
    out->result.state = ICECAT_RESULT_MISSING;
    return keep(out, 0, fingerprint, &out->result.fingerprint, err);
}

void ic_record_free(ic_record *record)
{
    for (size_t i = 0; i < IC_RECORD_TEXTS; i++)
        ic_mem_free(&record->mem, record->texts[i]);
    memset(record, 0, sizeof(*record));
}

int ic_record_is_settled(const ic_record *record)
{
    return record->result.state == ICECAT_RESULT_SUCCESS ||
           (record->result.state == ICECAT_RESULT_FAIL && record->result.fail_code != NULL);
}
