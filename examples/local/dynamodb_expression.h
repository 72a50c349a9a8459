/*
 * dynamodb_expression.h - parsed expressions: condition, key condition, update, projection.
 */
#ifndef ICECAT_LOCAL_DYNAMODB_EXPRESSION_H
#define ICECAT_LOCAL_DYNAMODB_EXPRESSION_H

#include "dynamodb_scope.h"

typedef enum dynamodb_node_kind {
    /* operands */
    DYNAMODB_NODE_PATH,     /* children: FIELD and ELEMENT */
    DYNAMODB_NODE_FIELD,    /* name */
    DYNAMODB_NODE_ELEMENT,  /* index */
    DYNAMODB_NODE_VALUE,    /* value */
    DYNAMODB_NODE_FUNCTION, /* function, children: arguments; a condition or an operand */
    DYNAMODB_NODE_PLUS,
    DYNAMODB_NODE_MINUS,
    /* conditions */
    DYNAMODB_NODE_EQ,
    DYNAMODB_NODE_NE,
    DYNAMODB_NODE_LT,
    DYNAMODB_NODE_LE,
    DYNAMODB_NODE_GT,
    DYNAMODB_NODE_GE,
    DYNAMODB_NODE_BETWEEN, /* operand, low, high */
    DYNAMODB_NODE_IN,      /* operand, candidates */
    DYNAMODB_NODE_AND,     /* two or more conditions */
    DYNAMODB_NODE_OR,
    DYNAMODB_NODE_NOT,
    /* actions of an update: path, operand */
    DYNAMODB_NODE_SET,
    DYNAMODB_NODE_REMOVE,
    DYNAMODB_NODE_ADD,
    DYNAMODB_NODE_DELETE,
    /* a row of actions or of projected paths */
    DYNAMODB_NODE_LIST
} dynamodb_node_kind;

typedef enum dynamodb_function {
    DYNAMODB_ATTRIBUTE_EXISTS,
    DYNAMODB_ATTRIBUTE_NOT_EXISTS,
    DYNAMODB_ATTRIBUTE_TYPE,
    DYNAMODB_BEGINS_WITH,
    DYNAMODB_CONTAINS,
    DYNAMODB_SIZE,
    DYNAMODB_IF_NOT_EXISTS,
    DYNAMODB_LIST_APPEND,
    DYNAMODB_FUNCTION_COUNT
} dynamodb_function;

typedef struct dynamodb_node {
    dynamodb_node_kind kind;
    dynamodb_function function;
    const char *name;            /* FIELD: the attribute's real name */
    size_t index;                /* ELEMENT */
    const cJSON *value;          /* VALUE: borrowed from the scope */
    struct dynamodb_node *first; /* children */
    struct dynamodb_node *last;
    struct dynamodb_node *next; /* sibling */
} dynamodb_node;

typedef struct dynamodb_expression {
    dynamodb_node *root;  /* NULL: the request has no such expression */
    dynamodb_node *nodes; /* owned: all nodes */
    char *names;          /* owned: bare names */
} dynamodb_expression;

/*
 * Parse input[field], when it is there, resolving placeholders in scope. On failure nothing needs
 * to be freed. The expression borrows from the scope and from input.
 */
bool dynamodb_parse_condition(dynamodb_expression *out, dynamodb_scope *scope, const cJSON *input,
                              const char *field, dynamodb_fault *fault);
bool dynamodb_parse_update(dynamodb_expression *out, dynamodb_scope *scope, const cJSON *input,
                           const char *field, dynamodb_fault *fault);
bool dynamodb_parse_projection(dynamodb_expression *out, dynamodb_scope *scope, const cJSON *input,
                               const char *field, dynamodb_fault *fault);
void dynamodb_expression_free(dynamodb_expression *expression);

/* "<", "begins_with", ... as error messages call it. */
const char *dynamodb_node_label(const dynamodb_node *node);
const char *dynamodb_function_name(dynamodb_function function);

/* "[a, b, [0]]": a path as error messages show it. */
void dynamodb_path_print(const dynamodb_node *path, char *out, size_t size);

/* Whether one path is the other or lies inside it. */
bool dynamodb_paths_overlap(const dynamodb_node *a, const dynamodb_node *b);

/* Refuse when any condition in node uses attribute name as the start of a path. */
bool dynamodb_expression_mentions(const dynamodb_node *node, const char *name);

#endif
