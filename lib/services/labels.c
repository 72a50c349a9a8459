/*
 * labels.c - Rekognition's labels in memory: the parsed answer, checked once, and the compact form.
 */
#include "services/labels.h"

#include "base/error.h"
#include "base/options.h"
#include "base/utf8.h"

#include <string.h>

IC_NO_PADDING_AFTER(icecat_label_box, confidence);

#define MAX_LABELS_JSON (8u << 20)

struct icecat_labels {
    ic_mem mem;
    cJSON *tree;
    const cJSON **labels; /* each is an object with Name and Confidence */
    size_t count;
    char *compact;
    char *response;
};

static void write_names(ic_buf *out, const cJSON *array)
{
    const cJSON *entry;

    ic_buf_add_char(out, '[');
    cJSON_ArrayForEach(entry, array)
    {
        const char *name = ic_json_text(entry, "Name");

        if (name == NULL)
            continue;
        if (out->len != 0 && out->data[out->len - 1] != '[')
            ic_buf_add_char(out, ',');
        ic_json_write_text(out, name);
    }
    ic_buf_add_char(out, ']');
}

static int read_box(const cJSON *instance, icecat_label_box *box)
{
    const cJSON *place = ic_json_get(instance, "BoundingBox");

    if (!ic_json_double(instance, "Confidence", &box->confidence))
        box->confidence = 0;
    return ic_json_double(place, "Left", &box->left) && ic_json_double(place, "Top", &box->top) &&
           ic_json_double(place, "Width", &box->width) &&
           ic_json_double(place, "Height", &box->height);
}

static void write_number(ic_buf *out, const char *name, double number)
{
    ic_json_write_member(out, name);
    ic_json_write_double(out, number);
}

static void write_boxes(ic_buf *out, const cJSON *instances)
{
    const cJSON *instance;

    ic_buf_add_char(out, '[');
    cJSON_ArrayForEach(instance, instances)
    {
        icecat_label_box box;

        if (!read_box(instance, &box))
            continue;
        if (out->data[out->len - 1] != '[')
            ic_buf_add_char(out, ',');
        ic_buf_add_char(out, '{');
        write_number(out, "left", box.left);
        write_number(out, "top", box.top);
        write_number(out, "width", box.width);
        write_number(out, "height", box.height);
        write_number(out, "confidence", box.confidence);
        ic_buf_add_char(out, '}');
    }
    ic_buf_add_char(out, ']');
}

/* [{"name":"Cat","confidence":98.4,"parents":["Animal"],"boxes":[...]}] */
static icecat_status make_compact(icecat_labels *labels, icecat_error *err)
{
    icecat_status status;
    ic_buf out;

    ic_buf_init(&out, &labels->mem, MAX_LABELS_JSON);
    ic_buf_add_char(&out, '[');
    for (size_t i = 0; i < labels->count && ic_buf_status(&out) == ICECAT_OK; i++) {
        const cJSON *instances = ic_json_get(labels->labels[i], "Instances");

        ic_buf_add_text(&out, i != 0 ? ",{" : "{");
        ic_json_write_member(&out, "name");
        ic_json_write_text(&out, icecat_labels_name(labels, i));
        write_number(&out, "confidence", icecat_labels_confidence(labels, i));
        ic_json_write_member(&out, "parents");
        write_names(&out, ic_json_get(labels->labels[i], "Parents"));
        if (instances != NULL && instances->child != NULL) {
            ic_json_write_member(&out, "boxes");
            write_boxes(&out, instances);
        }
        ic_buf_add_char(&out, '}');
    }
    ic_buf_add_char(&out, ']');
    status = ic_buf_check(&out, "labels", err);
    labels->compact = ic_buf_take(&out, NULL);
    return status;
}

static icecat_status collect(icecat_labels *labels, icecat_error *err)
{
    const cJSON *array = ic_json_get(labels->tree, "Labels");
    const cJSON *label;
    double confidence;

    if (!cJSON_IsArray(array))
        return ic_fail(err, ICECAT_E_PROTOCOL, "Rekognition's answer has no array of Labels");
    labels->labels = ic_mem_array(&labels->mem, (size_t)cJSON_GetArraySize(array) + 1,
                                  sizeof(*labels->labels));
    if (labels->labels == NULL)
        return ic_fail_memory(err, "labels");
    cJSON_ArrayForEach(label, array)
    {
        if (ic_json_text(label, "Name") == NULL ||
            !ic_json_double(label, "Confidence", &confidence))
            return ic_fail(err, ICECAT_E_PROTOCOL,
                           "label %zu of Rekognition's answer lacks its Name or Confidence",
                           labels->count);
        labels->labels[labels->count++] = label;
    }
    return ICECAT_OK;
}

icecat_status ic_labels_parse(const ic_mem *mem, ic_view answer, icecat_labels **out,
                              icecat_error *err)
{
    icecat_labels *labels = ic_mem_zalloc(mem, sizeof(*labels));
    icecat_status status;

    *out = NULL;
    if (labels == NULL)
        return ic_fail_memory(err, "labels");
    labels->mem = mem != NULL ? *mem : ic_mem_default;
    labels->response = ic_mem_dup_n(mem, answer.data, answer.len);
    status = labels->response != NULL ? ICECAT_OK : ic_fail_memory(err, "labels");
    if (status == ICECAT_OK && !ic_utf8_is_valid(answer.data, answer.len))
        status = ic_fail(err, ICECAT_E_PROTOCOL, "Rekognition's answer is not UTF-8");
    if (status == ICECAT_OK)
        status = ic_json_parse(answer.data, answer.len, "Rekognition's answer", &labels->tree, err);
    if (status == ICECAT_E_PARSE)
        status = ic_error_recast(err, ICECAT_E_PROTOCOL);
    if (status == ICECAT_OK)
        status = collect(labels, err);
    if (status == ICECAT_OK)
        status = make_compact(labels, err);
    if (status != ICECAT_OK) {
        icecat_labels_free(labels);
        return status;
    }
    *out = labels;
    return ICECAT_OK;
}

void icecat_labels_free(icecat_labels *labels)
{
    ic_mem mem;

    if (labels == NULL)
        return;
    mem = labels->mem;
    cJSON_Delete(labels->tree);
    ic_mem_free(&mem, labels->labels);
    ic_mem_free(&mem, labels->compact);
    ic_mem_free(&mem, labels->response);
    ic_mem_free(&mem, labels);
}

size_t icecat_labels_count(const icecat_labels *labels)
{
    return labels != NULL ? labels->count : 0;
}

static const cJSON *label_at(const icecat_labels *labels, size_t index)
{
    return labels != NULL && index < labels->count ? labels->labels[index] : NULL;
}

const char *icecat_labels_name(const icecat_labels *labels, size_t index)
{
    return ic_json_text(label_at(labels, index), "Name");
}

double icecat_labels_confidence(const icecat_labels *labels, size_t index)
{
    double confidence = 0;

    ic_json_double(label_at(labels, index), "Confidence", &confidence);
    return confidence;
}

static const cJSON *entry_of(const cJSON *label, const char *list, size_t index)
{
    const cJSON *array = ic_json_get(label, list);
    const cJSON *entry = cJSON_IsArray(array) ? array->child : NULL;

    while (entry != NULL && index-- != 0)
        entry = entry->next;
    return entry;
}

const char *icecat_labels_parent(const icecat_labels *labels, size_t index, size_t parent)
{
    return ic_json_text(entry_of(label_at(labels, index), "Parents", parent), "Name");
}

const char *icecat_labels_alias(const icecat_labels *labels, size_t index, size_t alias)
{
    return ic_json_text(entry_of(label_at(labels, index), "Aliases", alias), "Name");
}

int icecat_labels_box(const icecat_labels *labels, size_t index, size_t instance,
                      icecat_label_box *box)
{
    icecat_label_box own = ICECAT_LABEL_BOX_INIT;
    const cJSON *entry = entry_of(label_at(labels, index), "Instances", instance);

    if (box == NULL || !read_box(entry, &own))
        return 0;
    return IC_OPTIONS_STORE(box, &own, icecat_label_box, NULL) == ICECAT_OK;
}

/* Along the list, not by position: a label of a hostile answer may have a million parents. */
static int list_has(const cJSON *list, const char *name)
{
    const cJSON *entry;

    cJSON_ArrayForEach(entry, list)
    {
        const char *here = ic_json_text(entry, "Name");

        if (here != NULL && ic_text_equal_nocase(here, name))
            return 1;
    }
    return 0;
}

int ic_labels_is(const icecat_labels *labels, size_t index, const char *name)
{
    const cJSON *label = label_at(labels, index);

    return ic_text_equal_nocase(icecat_labels_name(labels, index), name) ||
           list_has(ic_json_get(label, "Parents"), name) ||
           list_has(ic_json_get(label, "Aliases"), name);
}

const char *icecat_labels_json(const icecat_labels *labels)
{
    return labels != NULL ? labels->compact : NULL;
}

const char *icecat_labels_response(const icecat_labels *labels)
{
    return labels != NULL ? labels->response : NULL;
}
