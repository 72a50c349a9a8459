/*
 * eye_labels.c - the label file: answers that the user gives, by the SHA-256 of the picture.
 *
 *   { "<64 hex digits>": [ {"Name": "Cat", "Confidence": 98.4, "Parents": ["Animal"]} ], ... }
 *
 * The file is checked whole when it is opened, so that a slip shows at the start and not as a
 * strange verdict later.
 */
#include "digest.h"
#include "eye_parts.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LABEL_FILE_MAX (64u * 1024u * 1024u)
#define HEX_LEN        64

struct eye_label_file {
    cJSON *root;
    size_t count;
    const cJSON **sorted; /* entries by digest */
};

static eye_status fail(char why[EYE_WHY_SIZE], const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static eye_status fail(char why[EYE_WHY_SIZE], const char *format, ...)
{
    va_list args;

    va_start(args, format);
    (void)vsnprintf(why, EYE_WHY_SIZE, format, args);
    va_end(args);
    return EYE_FAILED;
}

eye_status eye_read_text(const char *path, size_t max, char **out, char why[EYE_WHY_SIZE])
{
    eye_status status = EYE_OK;
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    size_t len = 0;
    long size;

    *out = NULL;
    if (file == NULL)
        return fail(why, "%.120s: cannot be opened: %.60s", path, strerror(errno));
    if (fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0 ||
        fseek(file, 0, SEEK_SET) != 0) {
        status = fail(why, "%.120s: cannot be read: %.60s", path, strerror(errno));
        goto out;
    }
    if ((unsigned long)size > max) {
        status = fail(why, "%.120s: has %ld bytes; at most %zu are read", path, size, max);
        goto out;
    }
    text = malloc((size_t)size + 1);
    if (text == NULL) {
        status = fail(why, "%.120s: out of memory", path);
        goto out;
    }
    len = fread(text, 1, (size_t)size, file);
    if (ferror(file)) {
        status = fail(why, "%.120s: cannot be read: %.60s", path, strerror(errno));
        goto out;
    }
    text[len] = '\0';
    *out = text;
    text = NULL;

out:
    free(text);
    (void)fclose(file);
    return status;
}

static int is_digest(const char *text)
{
    return text != NULL && strlen(text) == HEX_LEN && strspn(text, "0123456789abcdef") == HEX_LEN;
}

static int is_name(const cJSON *item)
{
    return cJSON_IsString(item) && item->valuestring[0] != '\0' &&
           strlen(item->valuestring) < EYE_NAME_SIZE;
}

static int is_label(const cJSON *label)
{
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(label, "Name");
    const cJSON *confidence = cJSON_GetObjectItemCaseSensitive(label, "Confidence");
    const cJSON *parents = cJSON_GetObjectItemCaseSensitive(label, "Parents");
    const cJSON *parent;

    if (!cJSON_IsObject(label) || !is_name(name) || !cJSON_IsNumber(confidence) ||
        !(confidence->valuedouble >= 0 && confidence->valuedouble <= 100))
        return 0;
    if (parents == NULL)
        return 1;
    if (!cJSON_IsArray(parents) || cJSON_GetArraySize(parents) > EYE_PARENTS_MAX)
        return 0;
    cJSON_ArrayForEach(parent, parents)
    {
        if (!is_name(parent))
            return 0;
    }
    return 1;
}

static eye_status check_entry(const char *path, const cJSON *entry, char why[EYE_WHY_SIZE])
{
    const cJSON *label;
    int number = 0;

    if (!is_digest(entry->string))
        return fail(why, "%.100s: \"%.70s\" is not a SHA-256 in 64 lower-case hex digits", path,
                    entry->string);
    if (!cJSON_IsArray(entry) || cJSON_GetArraySize(entry) > EYE_LABELS_MAX)
        return fail(why, "%.100s: %.12s... must have a list of at most %d labels", path,
                    entry->string, EYE_LABELS_MAX);
    cJSON_ArrayForEach(label, entry)
    {
        number++;
        if (!is_label(label))
            return fail(why,
                        "%.80s: label %d of %.12s... needs Name (1 to %d bytes), Confidence (0 to "
                        "100) and at most %d Parents",
                        path, number, entry->string, EYE_NAME_SIZE - 1, EYE_PARENTS_MAX);
    }
    return EYE_OK;
}

static int by_digest(const void *a, const void *b)
{
    const cJSON *const *left = a;
    const cJSON *const *right = b;

    return strcmp((*left)->string, (*right)->string);
}

static eye_status index_entries(const char *path, eye_label_file *self, char why[EYE_WHY_SIZE])
{
    const cJSON *entry;
    eye_status status;

    if (!cJSON_IsObject(self->root))
        return fail(why, "%.120s: is not a JSON object of SHA-256 to labels", path);
    self->sorted = calloc((size_t)cJSON_GetArraySize(self->root) + 1, sizeof(*self->sorted));
    if (self->sorted == NULL)
        return fail(why, "%.120s: out of memory", path);
    cJSON_ArrayForEach(entry, self->root)
    {
        status = check_entry(path, entry, why);
        if (status != EYE_OK)
            return status;
        self->sorted[self->count++] = entry;
    }
    qsort(self->sorted, self->count, sizeof(*self->sorted), by_digest);
    for (size_t i = 1; i < self->count; i++) {
        if (strcmp(self->sorted[i - 1]->string, self->sorted[i]->string) == 0)
            return fail(why, "%.120s: %.12s... is there twice", path, self->sorted[i]->string);
    }
    return EYE_OK;
}

eye_status eye_label_file_open(const char *path, eye_label_file **out, char why[EYE_WHY_SIZE])
{
    eye_status status;
    char *text = NULL;
    const char *end = NULL;
    eye_label_file *self = calloc(1, sizeof(*self));

    *out = NULL;
    if (self == NULL)
        return fail(why, "%.120s: out of memory", path);
    status = eye_read_text(path, LABEL_FILE_MAX, &text, why);
    if (status != EYE_OK)
        goto out;
    self->root = cJSON_ParseWithOpts(text, &end, 1);
    if (self->root == NULL) {
        status = fail(why, "%.120s: is not JSON; the first fault is at byte %td", path,
                      end == NULL ? (ptrdiff_t)0 : end - text);
        goto out;
    }
    status = index_entries(path, self, why);
    if (status != EYE_OK)
        goto out;
    *out = self;
    self = NULL;

out:
    free(text);
    eye_label_file_close(self);
    return status;
}

void eye_label_file_close(eye_label_file *self)
{
    if (self == NULL)
        return;
    free(self->sorted);
    cJSON_Delete(self->root);
    free(self);
}

int eye_label_file_find(const eye_label_file *self, const unsigned char *data, size_t len,
                        eye_labels *out)
{
    char hex[DIGEST_HEX_SIZE];
    cJSON key = { 0 };
    const cJSON *wanted = &key;
    const cJSON **found;
    const cJSON *item;
    const cJSON *parent;

    if (!digest_hex(DIGEST_SHA256, data, len, hex))
        return 0;
    key.string = hex;
    found = bsearch(&wanted, self->sorted, self->count, sizeof(*self->sorted), by_digest);
    if (found == NULL)
        return 0;
    out->count = 0;
    cJSON_ArrayForEach(item, *found)
    {
        const cJSON *name = cJSON_GetObjectItemCaseSensitive(item, "Name");
        const cJSON *confidence = cJSON_GetObjectItemCaseSensitive(item, "Confidence");
        eye_label *label = eye_labels_add(out, name->valuestring, confidence->valuedouble);

        if (label == NULL)
            break;
        cJSON_ArrayForEach(parent, cJSON_GetObjectItemCaseSensitive(item, "Parents"))
            eye_label_add_parent(label, parent->valuestring);
    }
    return 1;
}
