/*
 * fuzz_rekognition_json.c - Rekognition's labels: what is kept of an answer is JSON that fits, reads as
 * the same labels again, and keeps the label that makes the verdict.
 */
#include "fuzz.h"

#include "pipeline/label_verdict.h"
#include "pipeline/labels_keep.h"
#include "services/labels.h"

#include <stdlib.h>
#include <string.h>

static ic_mem mem;

static cJSON *parse(const char *text)
{
    cJSON *tree = NULL;
    icecat_error err;

    FUZZ_CHECK(ic_json_parse(text, strlen(text), "text", &tree, &err) == ICECAT_OK);
    return tree;
}

static void check_labels(const icecat_labels *labels)
{
    size_t count = icecat_labels_count(labels);
    cJSON *compact = parse(icecat_labels_json(labels));

    FUZZ_CHECK(cJSON_IsArray(compact) && (size_t)cJSON_GetArraySize(compact) == count);
    cJSON_Delete(compact);
    FUZZ_CHECK(icecat_labels_name(labels, count) == NULL);
    for (size_t i = 0; i < count && i < 20; i++) {
        icecat_label_box box = ICECAT_LABEL_BOX_INIT;
        const char *name = icecat_labels_name(labels, i);
        double confidence = -1, highest = -1;
        size_t index;

        FUZZ_CHECK(name != NULL);
        confidence = icecat_labels_confidence(labels, i);
        FUZZ_CHECK(icecat_labels_verdict(labels, name, &highest) == 1);
        FUZZ_CHECK(highest >= confidence);
        FUZZ_CHECK(ic_labels_find(labels, name, &index, &highest) == 1 && index < count);
        (void)icecat_labels_box(labels, i, 0, &box);
        (void)icecat_labels_parent(labels, i, 0);
        (void)icecat_labels_alias(labels, i, 1);
    }
}

/* What is kept of the labels: at most `most` and the one that must be, in `max` bytes. */
static void keep_labels(const icecat_labels *labels, size_t most, size_t max)
{
    size_t count = icecat_labels_count(labels);
    size_t must = count != 0 ? count - 1 : 0;
    icecat_error err = { 0 };
    cJSON *kept;
    ic_buf out;

    ic_buf_init(&out, &mem, max);
    FUZZ_CHECK(ic_labels_keep(&out, labels, most, must, &err) == ICECAT_OK);
    FUZZ_CHECK(out.len <= max);
    kept = parse(ic_buf_text(&out));
    FUZZ_CHECK(cJSON_IsArray(kept));
    FUZZ_CHECK((size_t)cJSON_GetArraySize(kept) <= (most > 1 ? most : 1));
    if (count != 0 && max >= 2 * strlen(icecat_labels_json(labels)) + 256)
        FUZZ_CHECK(
            strcmp(ic_json_text(cJSON_GetArrayItem(kept, cJSON_GetArraySize(kept) - 1), "name"),
                   icecat_labels_name(labels, must)) == 0 ||
            strchr(icecat_labels_name(labels, must), '\xef') != NULL ||
            strstr(icecat_labels_json(labels), "\xef\xbf\xbd") != NULL);
    cJSON_Delete(kept);
    ic_buf_free(&out);
}

static void keep_response(const icecat_labels *labels, size_t max)
{
    icecat_error err = { 0 };
    icecat_labels *again = NULL;
    ic_buf out;

    ic_buf_init(&out, &mem, max);
    FUZZ_CHECK(ic_labels_keep_response(&out, labels, &err) == ICECAT_OK);
    FUZZ_CHECK(out.len <= max);
    FUZZ_CHECK(ic_labels_parse(&mem, ic_view_n(out.data, out.len), &again, &err) == ICECAT_OK);
    FUZZ_CHECK(icecat_labels_count(again) <= icecat_labels_count(labels));
    if (strlen(icecat_labels_response(labels)) <= max)
        FUZZ_CHECK(strcmp(icecat_labels_json(again), icecat_labels_json(labels)) == 0);
    icecat_labels_free(again);
    ic_buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    icecat_labels *labels = NULL;
    icecat_error err = { 0 };
    icecat_status status;

    mem = *fuzz_memory(64 * len + 4 * IC_MAX_KEPT_RESPONSE);
    status = ic_labels_parse(&mem, ic_view_n(data, len), &labels, &err);
    fuzz_check_error(status, &err);
    FUZZ_CHECK((status == ICECAT_OK) == (labels != NULL));
    FUZZ_CHECK(status == ICECAT_OK || status == ICECAT_E_PROTOCOL);
    if (status == ICECAT_OK) {
        check_labels(labels);
        keep_labels(labels, 10, IC_MAX_KEPT_LABELS);
        keep_labels(labels, 1, IC_MAX_KEPT_LABELS);
        keep_labels(labels, 3, 512);
        keep_response(labels, IC_MAX_KEPT_RESPONSE);
        keep_response(labels, 512);
    }
    icecat_labels_free(labels);
    fuzz_memory_check();
    return 0;
}
