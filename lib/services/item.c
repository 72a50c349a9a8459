/*
 * item.c - DynamoDB items in memory.
 *
 * Values stay text: numbers have 38 digits, more than any C type.
 */
#include "services/item.h"

#include "base/error.h"
#include "base/view.h"

#include <stdio.h>
#include <string.h>

#define MAX_ATTRIBUTES 1000
#define MAX_NAME       65535
#define MAX_ITEM       409600
/* What the table holds in 400 kB is several times as long as JSON text; it must be readable all the same. */
#define MAX_READ_ITEM (16 * MAX_ITEM)

typedef struct attribute {
    char *name;
    const char *type; /* static */
    char *value;
} attribute;

struct icecat_item {
    ic_mem mem;
    attribute *attributes;
    size_t count;
    size_t cap;
    size_t bytes;
    size_t max_bytes; /* of all names and values */
};

static const char *const types[] = { "S", "N", "B", "BOOL", "NULL", "L", "M", "SS", "NS", "BS" };

static int is_scalar_text(const char *type)
{
    return strcmp(type, "S") == 0 || strcmp(type, "N") == 0 || strcmp(type, "B") == 0;
}

icecat_item *icecat_item_new(const icecat_allocator *allocator)
{
    icecat_item *item = ic_mem_zalloc(allocator, sizeof(*item));

    if (item == NULL)
        return NULL;
    item->mem = allocator != NULL ? *allocator : ic_mem_default;
    item->max_bytes = MAX_ITEM;
    return item;
}

void icecat_item_free(icecat_item *item)
{
    ic_mem mem;

    if (item == NULL)
        return;
    mem = item->mem;
    for (size_t i = 0; i < item->count; i++) {
        ic_mem_free(&mem, item->attributes[i].name);
        ic_mem_free(&mem, item->attributes[i].value);
    }
    ic_mem_free(&mem, item->attributes);
    ic_mem_free(&mem, item);
}

static attribute *find(const icecat_item *item, const char *name)
{
    for (size_t i = 0; i < item->count; i++) {
        if (strcmp(item->attributes[i].name, name) == 0)
            return &item->attributes[i];
    }
    return NULL;
}

static attribute *append(icecat_item *item, const char *name)
{
    size_t cap = item->cap != 0 ? item->cap * 2 : 16;
    char *copy;

    if (item->count == item->cap) {
        attribute *grown = ic_mem_regrow(&item->mem, item->attributes, cap, sizeof(*grown));

        if (grown == NULL)
            return NULL;
        item->attributes = grown;
        item->cap = cap;
    }
    copy = ic_mem_dup(&item->mem, name);
    if (copy == NULL)
        return NULL;
    item->attributes[item->count].name = copy;
    item->attributes[item->count].value = NULL;
    item->attributes[item->count].type = "NULL";
    return &item->attributes[item->count++];
}

/* @p value is copied first, so that a failure changes nothing. */
static icecat_status set(icecat_item *item, const char *name, const char *type, const char *value,
                         icecat_error *err)
{
    attribute *at = find(item, name);
    size_t old = at != NULL ? strlen(name) + strlen(at->value) : 0;
    size_t bytes = item->bytes - old + strlen(name) + strlen(value);
    char *copy;

    if (bytes > item->max_bytes)
        return ic_fail(err, ICECAT_E_LIMIT, "the item would have %zu bytes; DynamoDB takes %d",
                       bytes, MAX_ITEM);
    if (at == NULL && item->count == MAX_ATTRIBUTES)
        return ic_fail(err, ICECAT_E_LIMIT, "the item would have more than %d attributes",
                       MAX_ATTRIBUTES);
    copy = ic_mem_dup(&item->mem, value);
    if (copy != NULL && at == NULL)
        at = append(item, name);
    if (copy == NULL || at == NULL) {
        ic_mem_free(&item->mem, copy);
        return ic_fail_memory(err, "an attribute");
    }
    ic_mem_free(&item->mem, at->value);
    at->value = copy;
    at->type = type;
    item->bytes = bytes;
    return ICECAT_OK;
}

static icecat_status check_set(const icecat_item *item, const char *name, const char *value,
                               icecat_error *err)
{
    ic_error_clear(err);
    if (item == NULL || name == NULL || value == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "item, name or value is NULL");
    if (name[0] == '\0' || strlen(name) > MAX_NAME)
        return ic_fail(err, ICECAT_E_ARGUMENT,
                       "an attribute's name has %zu bytes; 1 to %d are allowed", strlen(name),
                       MAX_NAME);
    return ICECAT_OK;
}

icecat_status icecat_item_set_string(icecat_item *item, const char *name, const char *value,
                                     icecat_error *err)
{
    icecat_status status = check_set(item, name, value, err);

    return status == ICECAT_OK ? set(item, name, "S", value, err) : status;
}

/* [+-] digits [. digits] [e [+-] digits], with at least one digit before the exponent. */
static int is_decimal(const char *text)
{
    static const char digits[] = "0123456789";
    size_t whole;
    size_t part = 0;

    text += strspn(text, "+-") != 0;
    whole = strspn(text, digits);
    text += whole;
    if (*text == '.') {
        part = strspn(text + 1, digits);
        text += 1 + part;
    }
    if (whole + part == 0)
        return 0;
    if (*text == 'e' || *text == 'E') {
        text++;
        text += strspn(text, "+-") != 0;
        if (strspn(text, digits) == 0)
            return 0;
        text += strspn(text, digits);
    }
    return *text == '\0';
}

icecat_status icecat_item_set_number(icecat_item *item, const char *name, const char *decimal,
                                     icecat_error *err)
{
    icecat_status status = check_set(item, name, decimal, err);

    if (status == ICECAT_OK && !is_decimal(decimal))
        status = ic_fail(err, ICECAT_E_ARGUMENT,
                         "attribute %.60s: \"%.60s\" is not a decimal number", name, decimal);
    return status == ICECAT_OK ? set(item, name, "N", decimal, err) : status;
}

icecat_status icecat_item_set_int(icecat_item *item, const char *name, int64_t value,
                                  icecat_error *err)
{
    char text[24];
    icecat_status status;

    snprintf(text, sizeof(text), "%lld", (long long)value);
    status = check_set(item, name, text, err);
    return status == ICECAT_OK ? set(item, name, "N", text, err) : status;
}

icecat_status icecat_item_set_bool(icecat_item *item, const char *name, int value,
                                   icecat_error *err)
{
    icecat_status status = check_set(item, name, "", err);

    return status == ICECAT_OK ? set(item, name, "BOOL", value ? "true" : "false", err) : status;
}

size_t icecat_item_count(const icecat_item *item)
{
    return item != NULL ? item->count : 0;
}

const char *icecat_item_name(const icecat_item *item, size_t index)
{
    return item != NULL && index < item->count ? item->attributes[index].name : NULL;
}

const char *icecat_item_type(const icecat_item *item, const char *name)
{
    const attribute *at = item != NULL && name != NULL ? find(item, name) : NULL;

    return at != NULL ? at->type : NULL;
}

const char *icecat_item_get(const icecat_item *item, const char *name)
{
    const attribute *at = item != NULL && name != NULL ? find(item, name) : NULL;

    return at != NULL ? at->value : NULL;
}

int icecat_item_get_int(const icecat_item *item, const char *name, int64_t *value)
{
    const attribute *at = item != NULL && name != NULL ? find(item, name) : NULL;
    uint64_t number;
    const char *digits;

    if (at == NULL || value == NULL || (strcmp(at->type, "N") != 0 && strcmp(at->type, "S") != 0))
        return 0;
    digits = at->value + (at->value[0] == '-');
    if (!ic_view_u64(ic_view_of(digits), &number) || number > INT64_MAX)
        return 0;
    *value = at->value[0] == '-' ? -(int64_t)number : (int64_t)number;
    return 1;
}

icecat_status ic_item_write_json(ic_buf *out, const icecat_item *item)
{
    ic_buf_add_char(out, '{');
    for (size_t i = 0; item != NULL && i < item->count; i++) {
        const attribute *at = &item->attributes[i];

        if (i != 0)
            ic_buf_add_char(out, ',');
        ic_json_write_text(out, at->name);
        ic_buf_add_format(out, ":{\"%s\":", at->type);
        if (is_scalar_text(at->type))
            ic_json_write_text(out, at->value);
        else
            ic_buf_add_text(out, strcmp(at->type, "NULL") == 0 ? "true" : at->value);
        ic_buf_add_char(out, '}');
    }
    return ic_buf_add_char(out, '}');
}

static const char *known_type(const char *name)
{
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (name != NULL && strcmp(types[i], name) == 0)
            return types[i];
    }
    return NULL;
}

static icecat_status parse_value(icecat_item *item, const char *name, const cJSON *typed,
                                 icecat_error *err)
{
    const cJSON *value = cJSON_IsObject(typed) ? typed->child : NULL;
    const char *type = value != NULL ? known_type(value->string) : NULL;
    const char *text = cJSON_GetStringValue(value);
    icecat_status status;
    ic_buf json;

    if (type == NULL || value->next != NULL || (is_scalar_text(type) && text == NULL) ||
        (strcmp(type, "BOOL") == 0 && !cJSON_IsBool(value)))
        return ic_fail(err, ICECAT_E_PROTOCOL,
                       "attribute %.60s of DynamoDB's answer has no value of a known type", name);
    if (is_scalar_text(type))
        return set(item, name, type, text, err);
    if (strcmp(type, "BOOL") == 0)
        return set(item, name, type, cJSON_IsTrue(value) ? "true" : "false", err);
    if (strcmp(type, "NULL") == 0)
        return set(item, name, type, "", err);
    ic_buf_init(&json, &item->mem, MAX_READ_ITEM);
    ic_json_write_tree(&json, value);
    status = ic_buf_check(&json, "an attribute", err);
    if (status == ICECAT_OK)
        status = set(item, name, type, ic_buf_text(&json), err);
    ic_buf_free(&json);
    return status;
}

icecat_status ic_item_parse(const ic_mem *mem, const cJSON *object, icecat_item **out,
                            icecat_error *err)
{
    icecat_status status = ICECAT_OK;
    icecat_item *item;
    const cJSON *member;

    *out = NULL;
    if (!cJSON_IsObject(object))
        return ic_fail(err, ICECAT_E_PROTOCOL,
                       "DynamoDB's answer has an item that is not an object");
    item = icecat_item_new(mem);
    if (item == NULL)
        return ic_fail_memory(err, "an item");
    item->max_bytes = MAX_READ_ITEM;
    for (member = object->child; member != NULL && status == ICECAT_OK; member = member->next)
        status = parse_value(item, member->string, member, err);
    item->max_bytes = item->bytes > MAX_ITEM ? item->bytes : MAX_ITEM;
    if (status != ICECAT_OK) {
        icecat_item_free(item);
        return status;
    }
    *out = item;
    return ICECAT_OK;
}
