/*
 * dynamodb_project.c - the part of an item that a list of paths names (a pure function).
 */
#include "dynamodb_document.h"
#include "dynamodb_types.h"

#include <stdlib.h>
#include <string.h>

/* The paths that lead into the container at hand, each at the element to be matched there. */
typedef struct cursor {
    const dynamodb_node **elements;
    size_t count;
} cursor;

static cJSON *pick(const cJSON *container, bool map, cursor from, dynamodb_fault *fault);

static bool matches(const dynamodb_node *element, const cJSON *child, size_t index, bool map)
{
    if (map)
        return element->kind == DYNAMODB_NODE_FIELD && strcmp(element->name, child->string) == 0;
    return element->kind == DYNAMODB_NODE_ELEMENT && element->index == index;
}

/* What of value the paths in want; NULL without a fault when it is nothing. */
static cJSON *pick_inside(const cJSON *value, cursor want, dynamodb_fault *fault)
{
    dynamodb_type type = dynamodb_type_of(value);
    cJSON *content;
    cJSON *wrapped;

    if (type != DYNAMODB_M && type != DYNAMODB_L)
        return NULL;
    content = pick(dynamodb_content(value), type == DYNAMODB_M, want, fault);
    if (content == NULL)
        return NULL;
    if (content->child == NULL) {
        cJSON_Delete(content);
        return NULL;
    }
    wrapped = dynamodb_value_wrap(type, content);
    if (wrapped == NULL)
        (void)dynamodb_broken(fault, "out of memory for a projection");
    return wrapped;
}

static cJSON *pick_child(const cJSON *child, size_t index, bool map, cursor from, cursor *scratch,
                         dynamodb_fault *fault)
{
    scratch->count = 0;
    for (size_t i = 0; i < from.count; i++) {
        if (!matches(from.elements[i], child, index, map))
            continue;
        if (from.elements[i]->next == NULL) {
            cJSON *copy = cJSON_Duplicate(child, true);

            if (copy == NULL)
                (void)dynamodb_broken(fault, "out of memory for a projection");
            return copy;
        }
        scratch->elements[scratch->count++] = from.elements[i]->next;
    }
    return scratch->count == 0 ? NULL : pick_inside(child, *scratch, fault);
}

static bool attach(cJSON *out, const cJSON *child, cJSON *picked, bool map)
{
    if (map)
        return cJSON_AddItemToObject(out, child->string, picked);
    return cJSON_AddItemToArray(out, picked);
}

static cJSON *pick(const cJSON *container, bool map, cursor from, dynamodb_fault *fault)
{
    cJSON *out = map ? cJSON_CreateObject() : cJSON_CreateArray();
    cursor scratch = { malloc((from.count + 1) * sizeof(*scratch.elements)), 0 };
    const cJSON *child;
    size_t index = 0;

    if (out == NULL || scratch.elements == NULL) {
        (void)dynamodb_broken(fault, "out of memory for a projection");
        goto failed;
    }
    cJSON_ArrayForEach(child, container)
    {
        cJSON *picked = pick_child(child, index++, map, from, &scratch, fault);

        if (picked != NULL && !attach(out, child, picked, map)) {
            cJSON_Delete(picked);
            (void)dynamodb_broken(fault, "out of memory for a projection");
        }
        if (fault->type != NULL)
            goto failed;
    }
    free(scratch.elements);
    return out;

failed:
    free(scratch.elements);
    cJSON_Delete(out);
    return NULL;
}

cJSON *dynamodb_project(const cJSON *item, const dynamodb_node *list, dynamodb_fault *fault)
{
    cursor all = { NULL, 0 };
    size_t count = 0;
    cJSON *out;

    for (const dynamodb_node *each = list->first; each != NULL; each = each->next)
        count++;
    all.elements = malloc((count + 1) * sizeof(*all.elements));
    if (all.elements == NULL) {
        (void)dynamodb_broken(fault, "out of memory for a projection");
        return NULL;
    }
    for (const dynamodb_node *each = list->first; each != NULL; each = each->next) {
        const dynamodb_node *path = each->kind == DYNAMODB_NODE_PATH ? each : each->first;

        all.elements[all.count++] = path->first;
    }
    out = pick(item, true, all, fault);
    free(all.elements);
    return out;
}
