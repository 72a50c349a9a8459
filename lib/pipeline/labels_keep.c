/*
 * labels_keep.c - a bounded part of Rekognition's answer.
 */
#include "pipeline/labels_keep.h"

#include "base/error.h"
#include "base/json.h"

#include <string.h>

#define TAIL_ROOM 128 /* for what follows the array */

/* Append one element of a JSON array. 1 when it fitted, 0 when it did not or memory is short. */
static int add_element(ic_buf *out, const cJSON *element, size_t room)
{
    char *text = cJSON_PrintUnformatted(element);
    size_t len = text != NULL ? strlen(text) : 0;
    int fits = text != NULL && out->len + len + 1 + room <= out->max;

    if (text == NULL)
        out->failed = ICECAT_E_NO_MEMORY;
    if (fits && out->len != 0 && out->data[out->len - 1] != '[')
        ic_buf_add_char(out, ',');
    if (fits)
        ic_buf_add(out, text, len);
    cJSON_free(text);
    return fits;
}

static int is_kept(size_t index, size_t most, size_t must)
{
    if (index == must)
        return 1;
    return must < most ? index < most : index + 1 < most;
}

icecat_status ic_labels_keep(ic_buf *out, const icecat_labels *labels, size_t most, size_t must,
                             icecat_error *err)
{
    const char *json = icecat_labels_json(labels);
    cJSON *tree = NULL;
    cJSON *label;
    size_t index = 0;
    icecat_status status = ic_json_parse(json, strlen(json), "labels", &tree, err);

    /* The library wrote this text itself, so that only memory can be short. */
    if (status != ICECAT_OK)
        return ic_fail_memory(err, "labels");
    ic_buf_add_char(out, '[');
    cJSON_ArrayForEach(label, tree)
    {
        if (!is_kept(index++, most, must) || add_element(out, label, TAIL_ROOM))
            continue;
        cJSON_DeleteItemFromObjectCaseSensitive(label, "boxes"); /* a crowd has hundreds */
        add_element(out, label, TAIL_ROOM);
    }
    ic_buf_add_char(out, ']');
    cJSON_Delete(tree);
    return ic_buf_check(out, "labels", err);
}

static icecat_status keep_part(ic_buf *out, const char *json, icecat_error *err)
{
    const cJSON *label;
    const char *version;
    cJSON *tree = NULL;
    unsigned left_out = 0;

    if (ic_json_parse(json, strlen(json), "Rekognition's answer", &tree, err) != ICECAT_OK)
        return ic_fail_memory(err, "Rekognition's answer");
    ic_buf_add_text(out, "{\"Labels\":[");
    cJSON_ArrayForEach(label, ic_json_get(tree, "Labels"))
    {
        left_out += !add_element(out, label, TAIL_ROOM);
    }
    ic_buf_add_char(out, ']');
    version = ic_json_text(tree, "LabelModelVersion");
    if (version != NULL && strlen(version) <= 16) {
        ic_json_write_member(out, "LabelModelVersion");
        ic_json_write_text(out, version);
    }
    ic_buf_add_format(out, ",\"LabelsLeftOut\":%u}", left_out);
    cJSON_Delete(tree);
    return ic_buf_check(out, "Rekognition's answer", err);
}

icecat_status ic_labels_keep_response(ic_buf *out, const icecat_labels *labels, icecat_error *err)
{
    const char *answer = icecat_labels_response(labels);
    char *copy = ic_mem_dup(out->mem, answer);
    icecat_status status;

    if (copy == NULL)
        return ic_fail_memory(err, "Rekognition's answer");
    cJSON_Minify(copy);
    if (strlen(copy) <= out->max) {
        ic_buf_add_text(out, copy);
        status = ic_buf_check(out, "Rekognition's answer", err);
    } else {
        status = keep_part(out, copy, err);
    }
    ic_mem_free(out->mem, copy);
    return status;
}
