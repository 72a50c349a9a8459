/*
 * dynamodb_update.c - apply a parsed UpdateExpression to an item (pure functions).
 *
 * All new values are computed from the item as it was; then values are stored in the order of
 * their paths (so that a[7] and a[9] beyond the end of a list are appended in that order), then
 * elements are removed, the highest list index first (so that no index shifts before its turn).
 */
#include "dynamodb_document.h"
#include "dynamodb_types.h"

#include <stdlib.h>
#include <string.h>

typedef struct change {
    const dynamodb_node *path;
    cJSON *value; /* owned; NULL: remove */
} change;

static cJSON *evaluate(const cJSON *item, const dynamodb_node *node, dynamodb_fault *fault);

static cJSON *no_memory(dynamodb_fault *fault)
{
    (void)dynamodb_broken(fault, "out of memory for an update");
    return NULL;
}

static cJSON *wrong_operand(dynamodb_fault *fault)
{
    (void)dynamodb_invalid(fault, "An operand in the update expression has an incorrect data type");
    return NULL;
}

static bool invalid_path(dynamodb_fault *fault)
{
    return dynamodb_invalid(
        fault, "The document path provided in the update expression is invalid for update");
}

static cJSON *duplicate(const cJSON *value, dynamodb_fault *fault)
{
    cJSON *copy = cJSON_Duplicate(value, true);

    return copy == NULL ? no_memory(fault) : copy;
}

/* a + b or a - b of two N values. */
static cJSON *sum(const cJSON *a, const cJSON *b, bool minus, dynamodb_fault *fault)
{
    dynamodb_number left;
    dynamodb_number right;
    dynamodb_number total;
    dynamodb_number_result result;
    char why[160];
    cJSON *value;

    if (dynamodb_type_of(a) != DYNAMODB_N || dynamodb_type_of(b) != DYNAMODB_N)
        return wrong_operand(fault);
    dynamodb_value_to_number(a, &left);
    dynamodb_value_to_number(b, &right);
    result = minus ? dynamodb_number_subtract(&left, &right, &total)
                   : dynamodb_number_add(&left, &right, &total);
    if (result != DYNAMODB_NUMBER_OK) {
        dynamodb_number_explain(result, "", why, sizeof(why));
        (void)dynamodb_invalid(fault, "%s", why);
        return NULL;
    }
    value = dynamodb_value_number(&total);
    return value == NULL ? no_memory(fault) : value;
}

/* Move the elements of b behind those of a; b's shell is freed. */
static cJSON *append_list(cJSON *a, cJSON *b, dynamodb_fault *fault)
{
    cJSON *element;

    if (dynamodb_type_of(a) != DYNAMODB_L || dynamodb_type_of(b) != DYNAMODB_L) {
        cJSON_Delete(a);
        cJSON_Delete(b);
        return wrong_operand(fault);
    }
    while ((element = cJSON_DetachItemFromArray(b->child, 0)) != NULL)
        (void)cJSON_AddItemToArray(a->child, element);
    cJSON_Delete(b);
    return a;
}

static cJSON *evaluate_two(const cJSON *item, const dynamodb_node *node, dynamodb_fault *fault)
{
    cJSON *a = evaluate(item, node->first, fault);
    cJSON *b = a == NULL ? NULL : evaluate(item, node->first->next, fault);
    cJSON *value;

    if (b == NULL) {
        cJSON_Delete(a);
        return NULL;
    }
    if (node->kind == DYNAMODB_NODE_FUNCTION)
        return append_list(a, b, fault);
    value = sum(a, b, node->kind == DYNAMODB_NODE_MINUS, fault);
    cJSON_Delete(a);
    cJSON_Delete(b);
    return value;
}

/* The value of an operand of SET; owned by the caller. */
static cJSON *evaluate(const cJSON *item, const dynamodb_node *node, dynamodb_fault *fault)
{
    const cJSON *found;

    if (node->kind == DYNAMODB_NODE_VALUE)
        return duplicate(node->value, fault);
    if (node->kind == DYNAMODB_NODE_PATH) {
        found = dynamodb_path_find(item, node);
        if (found != NULL)
            return duplicate(found, fault);
        (void)dynamodb_invalid(fault, "The provided expression refers to an attribute that does "
                                      "not exist in the item");
        return NULL;
    }
    if (node->kind == DYNAMODB_NODE_FUNCTION && node->function == DYNAMODB_IF_NOT_EXISTS) {
        found = dynamodb_path_find(item, node->first);
        return found != NULL ? duplicate(found, fault) : evaluate(item, node->first->next, fault);
    }
    return evaluate_two(item, node, fault);
}

static cJSON *add_to_set(const cJSON *old, const cJSON *more, dynamodb_fault *fault)
{
    cJSON *value = duplicate(old, fault);
    const cJSON *each;

    if (value == NULL)
        return NULL;
    cJSON_ArrayForEach(each, dynamodb_content(more))
    {
        cJSON *element;

        if (dynamodb_set_has(dynamodb_content(old), each->valuestring))
            continue;
        element = cJSON_CreateString(each->valuestring);
        if (element == NULL) {
            cJSON_Delete(value);
            return no_memory(fault);
        }
        (void)cJSON_AddItemToArray(value->child, element);
    }
    return value;
}

static cJSON *delete_from_set(const cJSON *old, const cJSON *less, dynamodb_fault *fault)
{
    cJSON *value = duplicate(old, fault);
    cJSON *each = value == NULL ? NULL : value->child->child;

    while (each != NULL) {
        cJSON *next = each->next;

        if (dynamodb_set_has(dynamodb_content(less), each->valuestring))
            cJSON_Delete(cJSON_DetachItemViaPointer(value->child, each));
        each = next;
    }
    return value;
}

/* The new value of an ADD or DELETE; *nothing when the action changes nothing. */
static cJSON *evaluate_action(const cJSON *item, const dynamodb_node *action, bool *nothing,
                              dynamodb_fault *fault)
{
    const cJSON *old = dynamodb_path_find(item, action->first);
    const cJSON *operand = action->last->value;
    bool add = action->kind == DYNAMODB_NODE_ADD;

    *nothing = old == NULL && !add;
    if (*nothing)
        return NULL;
    if (old == NULL)
        return duplicate(operand, fault);
    if (dynamodb_type_of(old) != dynamodb_type_of(operand))
        return wrong_operand(fault);
    if (dynamodb_type_of(old) == DYNAMODB_N)
        return sum(old, operand, false, fault);
    return add ? add_to_set(old, operand, fault) : delete_from_set(old, operand, fault);
}

/* Fill the changes; *count grows with each that owns a value. */
static bool plan(const cJSON *item, const dynamodb_node *list, change *changes, size_t *count,
                 dynamodb_fault *fault)
{
    for (const dynamodb_node *each = list->first; each != NULL; each = each->next) {
        change *next = &changes[*count];
        bool nothing = false;

        next->path = each->first;
        next->value = NULL;
        if (each->kind == DYNAMODB_NODE_SET)
            next->value = evaluate(item, each->last, fault);
        else if (each->kind != DYNAMODB_NODE_REMOVE)
            next->value = evaluate_action(item, each, &nothing, fault);
        if (fault->type != NULL)
            return false;
        if (nothing)
            continue;
        if (next->value != NULL && next->value->child->child == NULL &&
            dynamodb_is_set(dynamodb_type_of(next->value))) {
            cJSON_Delete(next->value); /* a set that lost its last element is gone */
            next->value = NULL;
        }
        (*count)++;
    }
    return true;
}

/* Stores before removals; stores with rising, removals with falling list indexes. */
static int compare_changes(const void *left, const void *right)
{
    const change *x = left;
    const change *y = right;
    const dynamodb_node *a = x->path->first;
    const dynamodb_node *b = y->path->first;
    bool removal = x->value == NULL;

    if (removal != (y->value == NULL))
        return removal ? 1 : -1;
    for (; a != NULL && b != NULL; a = a->next, b = b->next) {
        int order = (int)a->kind - (int)b->kind;

        if (order == 0 && a->kind == DYNAMODB_NODE_FIELD)
            order = strcmp(a->name, b->name);
        else if (order == 0)
            order = (a->index > b->index) - (a->index < b->index);
        if (order != 0)
            return removal ? -order : order;
    }
    return 0;
}

/* The map or list that holds the last element of path, of the kind that the element needs. */
static cJSON *find_container(cJSON *item, const dynamodb_node *path)
{
    cJSON *container = item;
    dynamodb_type type = DYNAMODB_M;

    for (const dynamodb_node *each = path->first; each->next != NULL; each = each->next) {
        cJSON *value;

        if (type != (each->kind == DYNAMODB_NODE_FIELD ? DYNAMODB_M : DYNAMODB_L))
            return NULL;
        value = each->kind == DYNAMODB_NODE_FIELD
                    ? cJSON_GetObjectItemCaseSensitive(container, each->name)
                    : cJSON_GetArrayItem(container, (int)each->index);
        if (value == NULL)
            return NULL;
        type = dynamodb_type_of(value);
        if (type != DYNAMODB_M && type != DYNAMODB_L)
            return NULL;
        container = value->child;
    }
    return type == (path->last->kind == DYNAMODB_NODE_FIELD ? DYNAMODB_M : DYNAMODB_L) ? container
                                                                                       : NULL;
}

/* Takes value, also on failure. */
static bool store(cJSON *container, const dynamodb_node *last, cJSON *value)
{
    bool stored;

    if (last->kind == DYNAMODB_NODE_ELEMENT) {
        if (last->index < (size_t)cJSON_GetArraySize(container))
            stored = cJSON_ReplaceItemInArray(container, (int)last->index, value);
        else
            stored = cJSON_AddItemToArray(container, value);
    } else if (cJSON_GetObjectItemCaseSensitive(container, last->name) != NULL) {
        stored = cJSON_ReplaceItemInObjectCaseSensitive(container, last->name, value);
    } else {
        stored = cJSON_AddItemToObject(container, last->name, value);
    }
    if (!stored)
        cJSON_Delete(value);
    return stored;
}

static bool carry_out(cJSON *item, change *each, dynamodb_fault *fault)
{
    cJSON *container = find_container(item, each->path);
    const dynamodb_node *last = each->path->last;
    cJSON *value = each->value;

    if (container == NULL)
        return invalid_path(fault);
    each->value = NULL;
    if (value != NULL)
        return store(container, last, value) || dynamodb_broken(fault, "out of memory");
    if (last->kind == DYNAMODB_NODE_FIELD)
        cJSON_DeleteItemFromObjectCaseSensitive(container, last->name);
    else
        cJSON_DeleteItemFromArray(container, (int)last->index);
    return true;
}

bool dynamodb_update_apply(cJSON *item, const dynamodb_node *list, dynamodb_fault *fault)
{
    size_t size = 1;
    size_t count = 0;
    change *changes;
    bool ok;

    for (const dynamodb_node *each = list->first; each != NULL; each = each->next)
        size++;
    changes = calloc(size, sizeof(*changes));
    if (changes == NULL)
        return dynamodb_broken(fault, "out of memory for an update");
    ok = plan(item, list, changes, &count, fault);
    if (ok)
        qsort(changes, count, sizeof(*changes), compare_changes);
    for (size_t i = 0; ok && i < count; i++)
        ok = carry_out(item, &changes[i], fault);
    for (size_t i = 0; i < size; i++)
        cJSON_Delete(changes[i].value);
    free(changes);
    return ok;
}

bool dynamodb_update_creates(const dynamodb_node *list)
{
    for (const dynamodb_node *each = list->first; each != NULL; each = each->next) {
        if (each->kind == DYNAMODB_NODE_SET || each->kind == DYNAMODB_NODE_ADD)
            return true;
    }
    return false;
}
