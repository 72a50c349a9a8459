/*
 * dynamodb_expression.c - questions about parsed expressions (pure functions).
 */
#include "dynamodb_expression.h"

#include <stdio.h>
#include <string.h>

static const char *const function_names[DYNAMODB_FUNCTION_COUNT] = {
    "attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains", "size",
    "if_not_exists",    "list_append"
};

const char *dynamodb_function_name(dynamodb_function function)
{
    return function_names[function];
}

const char *dynamodb_node_label(const dynamodb_node *node)
{
    switch (node->kind) {
    case DYNAMODB_NODE_FUNCTION:
        return function_names[node->function];
    case DYNAMODB_NODE_PLUS:
        return "+";
    case DYNAMODB_NODE_MINUS:
        return "-";
    case DYNAMODB_NODE_EQ:
        return "=";
    case DYNAMODB_NODE_NE:
        return "<>";
    case DYNAMODB_NODE_LT:
        return "<";
    case DYNAMODB_NODE_LE:
        return "<=";
    case DYNAMODB_NODE_GT:
        return ">";
    case DYNAMODB_NODE_GE:
        return ">=";
    case DYNAMODB_NODE_BETWEEN:
        return "BETWEEN";
    case DYNAMODB_NODE_IN:
        return "IN";
    case DYNAMODB_NODE_AND:
        return "AND";
    case DYNAMODB_NODE_OR:
        return "OR";
    case DYNAMODB_NODE_NOT:
        return "NOT";
    case DYNAMODB_NODE_SET:
        return "SET";
    case DYNAMODB_NODE_REMOVE:
        return "REMOVE";
    case DYNAMODB_NODE_ADD:
        return "ADD";
    case DYNAMODB_NODE_DELETE:
        return "DELETE";
    case DYNAMODB_NODE_PATH:
    case DYNAMODB_NODE_FIELD:
    case DYNAMODB_NODE_ELEMENT:
    case DYNAMODB_NODE_VALUE:
    case DYNAMODB_NODE_LIST:
        break;
    }
    return "operand";
}

void dynamodb_path_print(const dynamodb_node *path, char *out, size_t size)
{
    size_t len = 0;

    out[0] = '\0';
    for (const dynamodb_node *each = path->first; each != NULL; each = each->next) {
        const char *separator = each == path->first ? "[" : ", ";
        int wrote;

        if (each->kind == DYNAMODB_NODE_FIELD)
            wrote = snprintf(out + len, size - len, "%s%.100s", separator, each->name);
        else
            wrote = snprintf(out + len, size - len, "%s[%zu]", separator, each->index);
        if (wrote < 0 || (size_t)wrote >= size - len)
            return;
        len += (size_t)wrote;
    }
    (void)snprintf(out + len, size - len, "]");
}

bool dynamodb_paths_overlap(const dynamodb_node *a, const dynamodb_node *b)
{
    for (a = a->first, b = b->first; a != NULL && b != NULL; a = a->next, b = b->next) {
        if (a->kind != b->kind)
            return false;
        if (a->kind == DYNAMODB_NODE_FIELD ? strcmp(a->name, b->name) != 0 : a->index != b->index)
            return false;
    }
    return true;
}

bool dynamodb_expression_mentions(const dynamodb_node *node, const char *name)
{
    if (node->kind == DYNAMODB_NODE_PATH)
        return strcmp(node->first->name, name) == 0;
    for (const dynamodb_node *each = node->first; each != NULL; each = each->next) {
        if (dynamodb_expression_mentions(each, name))
            return true;
    }
    return false;
}
