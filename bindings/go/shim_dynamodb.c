/*
 * shim_dynamodb.c - items.
 */
#include "shim_wire.h"

typedef struct operands {
    icecat_dynamodb_options options;
    icecat_item *values;
} operands;

/* Kinds of values that Go writes; those of item.go. */
enum { IS_STRING = 1, IS_NUMBER = 2, IS_INT = 3, IS_BOOL = 4 };

static icecat_status set(goicecat_call *call, icecat_item *item, icecat_status so_far)
{
    uint64_t kind = goicecat_number(call);
    const char *name = goicecat_text(call);
    const char *text = kind == IS_STRING || kind == IS_NUMBER ? goicecat_text(call) : NULL;
    int64_t number = text == NULL ? (int64_t)goicecat_number(call) : 0;
    icecat_error *err = goicecat_error_of(call);

    if (so_far != ICECAT_OK)
        return so_far; /* what is left of the arguments is read all the same */
    if (kind == IS_STRING)
        return icecat_item_set_string(item, name, text, err);
    if (kind == IS_NUMBER)
        return icecat_item_set_number(item, name, text, err);
    if (kind == IS_BOOL)
        return icecat_item_set_bool(item, name, (int)number, err);
    return icecat_item_set_int(item, name, number, err);
}

static icecat_status read_item(goicecat_call *call, icecat_item **out)
{
    uint64_t count = goicecat_number(call);
    icecat_status status = ICECAT_OK;

    *out = icecat_item_new(NULL);
    if (*out == NULL)
        status = ICECAT_E_NO_MEMORY;
    for (uint64_t i = 0; i < count && !call->is_malformed; i++)
        status = set(call, *out, status);
    return status;
}

static void put_item(goicecat_writer *reply, const icecat_item *item)
{
    size_t count = icecat_item_count(item);

    goicecat_put_number(reply, count);
    for (size_t i = 0; i < count; i++) {
        const char *name = icecat_item_name(item, i);

        goicecat_put_text(reply, name);
        goicecat_put_text(reply, icecat_item_type(item, name));
        goicecat_put_text(reply, icecat_item_get(item, name));
    }
}

/* Whether there is one, and which; frees it. */
static void put_owned(goicecat_writer *reply, icecat_item *item)
{
    goicecat_put_number(reply, item != NULL);
    if (item != NULL)
        put_item(reply, item);
    icecat_item_free(item);
}

static void put_items(goicecat_writer *reply, icecat_items *items)
{
    size_t count = icecat_items_count(items);

    goicecat_put_number(reply, count);
    for (size_t i = 0; i < count; i++) {
        size_t place = goicecat_put_place(reply);

        put_item(reply, icecat_items_at(items, i));
        goicecat_set_number(reply, place, reply->len - place - sizeof(uint64_t));
    }
    icecat_items_free(items);
}

static icecat_status read_operands(goicecat_call *call, operands *out)
{
    icecat_dynamodb_options *options = &out->options;
    icecat_status status = ICECAT_OK;

    *options = (icecat_dynamodb_options)ICECAT_DYNAMODB_OPTIONS_INIT;
    options->call = &call->bounds;
    options->condition = goicecat_text(call);
    options->filter = goicecat_text(call);
    options->projection = goicecat_text(call);
    options->index = goicecat_text(call);
    options->names = goicecat_pairs(call, &options->names_count);
    options->max_items = goicecat_number(call);
    options->page_items = goicecat_number32(call);
    options->consistent = goicecat_number32(call);
    options->descending = goicecat_number32(call);
    out->values = NULL;
    if (goicecat_number(call) != 0)
        status = read_item(call, &out->values);
    options->values = out->values;
    return status;
}

/* What the calls on one item have in common. */
typedef struct one_item {
    operands with;
    const char *table;
    icecat_item *given; /* the item, or its key */
    icecat_item *found;
} one_item;

static icecat_status begin(goicecat_call *call, one_item *out)
{
    icecat_status status;
    icecat_status read;

    out->found = NULL;
    out->table = goicecat_text(call);
    status = read_operands(call, &out->with);
    read = read_item(call, &out->given);
    return status != ICECAT_OK ? status : read;
}

static icecat_status end(goicecat_call *call, one_item *one, icecat_status status)
{
    put_owned(&call->reply, one->found);
    icecat_item_free(one->given);
    icecat_item_free(one->with.values);
    return status;
}

GOICECAT_OPERATION(dynamodb_put)
{
    one_item one;
    icecat_status status = begin(call, &one);

    if (status == ICECAT_OK)
        status = icecat_dynamodb_put_item(goicecat_object(call), one.table, one.given,
                                          &one.with.options, &one.found, goicecat_error_of(call));
    return end(call, &one, status);
}

GOICECAT_OPERATION(dynamodb_update)
{
    const char *update = goicecat_text(call);
    one_item one;
    icecat_status status = begin(call, &one);

    if (status == ICECAT_OK)
        status = icecat_dynamodb_update_item(goicecat_object(call), one.table, one.given, update,
                                             &one.with.options, &one.found,
                                             goicecat_error_of(call));
    return end(call, &one, status);
}

GOICECAT_OPERATION(dynamodb_get)
{
    one_item one;
    icecat_status status = begin(call, &one);

    if (status == ICECAT_OK)
        status = icecat_dynamodb_get_item(goicecat_object(call), one.table, one.given,
                                          &one.with.options, &one.found, goicecat_error_of(call));
    return end(call, &one, status);
}

GOICECAT_OPERATION(dynamodb_delete)
{
    one_item one;
    icecat_status status = begin(call, &one);

    if (status == ICECAT_OK)
        status = icecat_dynamodb_delete_item(goicecat_object(call), one.table, one.given,
                                             &one.with.options, goicecat_error_of(call));
    return end(call, &one, status);
}

GOICECAT_OPERATION(dynamodb_query)
{
    const char *table = goicecat_text(call);
    const char *key_condition = goicecat_text(call);
    operands with;
    icecat_items *found = NULL;
    icecat_status status = read_operands(call, &with);

    if (status == ICECAT_OK)
        status = icecat_dynamodb_query(goicecat_object(call), table, key_condition, &with.options,
                                       &found, goicecat_error_of(call));
    put_items(&call->reply, found);
    icecat_item_free(with.values);
    return status;
}

GOICECAT_OPERATION(dynamodb_batch_get)
{
    const char *table = goicecat_text(call);
    operands with;
    icecat_items *found = NULL;
    icecat_status status = read_operands(call, &with);
    size_t count = (size_t)goicecat_number(call);
    icecat_item **keys = goicecat_memory(call, (count + 1) * sizeof(*keys));
    size_t have = 0;

    while (have < count && !call->is_malformed) {
        icecat_status read = read_item(call, &keys[have]);

        have++;
        if (status == ICECAT_OK)
            status = read;
    }
    if (status == ICECAT_OK)
        status = icecat_dynamodb_batch_get(goicecat_object(call), table,
                                           (const icecat_item *const *)keys, count, &with.options,
                                           &found, goicecat_error_of(call));
    put_items(&call->reply, found);
    while (have > 0)
        icecat_item_free(keys[--have]);
    icecat_item_free(with.values);
    return status;
}
