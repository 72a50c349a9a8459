/*
 * dynamodb_parse_condition.c - ConditionExpression, FilterExpression, KeyConditionExpression.
 *
 *   or:      and (OR and)*          and: not (AND not)*         not: NOT not | primary
 *   primary: "(" or ")" | function | operand comparison | operand BETWEEN .. AND .. | operand IN ..
 */
#include "dynamodb_parser.h"
#include "dynamodb_types.h"

#include <stdio.h>
#include <string.h>

#define IN_OPERANDS_MAX 100

static dynamodb_node *parse_or(dynamodb_parser *parser);

/* An operand: a path, a value, or size(...). */
static dynamodb_node *parse_operand(dynamodb_parser *parser)
{
    if (dynamodb_parser_at_function(parser))
        return dynamodb_parse_function(parser, parse_operand);
    if (parser->token.kind == DYNAMODB_TOKEN_VALUE)
        return dynamodb_parse_value(parser);
    return dynamodb_parse_path(parser);
}

/* A literal operand whose type the operator does not take is refused before any item is read. */
static bool literal_has_type(dynamodb_parser *parser, const dynamodb_node *node,
                             const dynamodb_node *operand, const char *types)
{
    const char *type;
    char spaced[16];

    if (operand->kind != DYNAMODB_NODE_VALUE)
        return true;
    type = dynamodb_type_name(dynamodb_type_of(operand->value));
    (void)snprintf(spaced, sizeof(spaced), " %s ", type);
    if (strstr(types, spaced) != NULL)
        return true;
    (void)dynamodb_parser_refuse(parser,
                                 "Incorrect operand type for operator or function; operator or "
                                 "function: %s, operand type: %s",
                                 dynamodb_node_label(node), type);
    return false;
}

static dynamodb_node *misused_function(dynamodb_parser *parser, const dynamodb_node *node)
{
    return dynamodb_parser_refuse(
        parser, "The function is not allowed to be used this way in an expression; function: %s",
        dynamodb_node_label(node));
}

/* Arguments of a condition's function: only size() may stand inside. */
static bool check_arguments(dynamodb_parser *parser, const dynamodb_node *node)
{
    static const unsigned counts[DYNAMODB_FUNCTION_COUNT] = { 1, 1, 2, 2, 2, 1, 2, 2 };
    unsigned count = 0;

    for (const dynamodb_node *each = node->first; each != NULL; each = each->next) {
        count++;
        if (each->kind == DYNAMODB_NODE_FUNCTION && each->function != DYNAMODB_SIZE) {
            (void)misused_function(parser, each);
            return false;
        }
    }
    if (count == counts[node->function])
        return true;
    (void)dynamodb_parser_refuse(parser,
                                 "Incorrect number of operands for operator or function; operator "
                                 "or function: %s, number of operands: %u",
                                 dynamodb_node_label(node), count);
    return false;
}

static bool check_attribute_type(dynamodb_parser *parser, const dynamodb_node *node)
{
    const dynamodb_node *wanted = node->first->next;

    if (wanted->kind != DYNAMODB_NODE_VALUE) {
        (void)dynamodb_parser_refuse(parser,
                                     "Incorrect operand type for operator or function; operator "
                                     "or function: attribute_type, operand type: %s",
                                     "path");
        return false;
    }
    if (!literal_has_type(parser, node, wanted, " S "))
        return false;
    if (dynamodb_type_named(dynamodb_text(wanted->value)) != DYNAMODB_TYPE_COUNT)
        return true;
    (void)dynamodb_parser_refuse(parser,
                                 "Invalid attribute type name found; type: %.100s, valid types: "
                                 "{B,NULL,SS,BOOL,L,BS,N,NS,S,M}",
                                 dynamodb_text(wanted->value));
    return false;
}

static bool check_function(dynamodb_parser *parser, const dynamodb_node *node)
{
    if (!check_arguments(parser, node))
        return false;
    switch (node->function) {
    case DYNAMODB_ATTRIBUTE_EXISTS:
    case DYNAMODB_ATTRIBUTE_NOT_EXISTS:
    case DYNAMODB_ATTRIBUTE_TYPE:
        if (node->first->kind != DYNAMODB_NODE_PATH) {
            (void)dynamodb_parser_refuse(parser,
                                         "Operator or function requires a document path; operator "
                                         "or function: %s",
                                         dynamodb_node_label(node));
            return false;
        }
        return node->function != DYNAMODB_ATTRIBUTE_TYPE || check_attribute_type(parser, node);
    case DYNAMODB_BEGINS_WITH:
        return literal_has_type(parser, node, node->first, " S B ") &&
               literal_has_type(parser, node, node->first->next, " S B ");
    case DYNAMODB_SIZE:
        return literal_has_type(parser, node, node->first, " S B SS NS BS L M ");
    case DYNAMODB_CONTAINS:
        return true;
    case DYNAMODB_IF_NOT_EXISTS:
    case DYNAMODB_LIST_APPEND:
    case DYNAMODB_FUNCTION_COUNT:
        break;
    }
    (void)misused_function(parser, node);
    return false;
}

/* An operand of a comparison: a path, a value or size(). */
static dynamodb_node *parse_compared(dynamodb_parser *parser)
{
    dynamodb_node *operand = parse_operand(parser);

    if (operand == NULL || operand->kind != DYNAMODB_NODE_FUNCTION)
        return operand;
    if (!check_function(parser, operand))
        return NULL;
    return operand->function == DYNAMODB_SIZE ? operand : misused_function(parser, operand);
}

static bool comparison_at(const dynamodb_parser *parser, dynamodb_node_kind *kind)
{
    static const char *const symbols[] = { "=", "<>", "<", "<=", ">", ">=" };

    for (unsigned i = 0; i < 6; i++) {
        if (dynamodb_parser_at(parser, symbols[i])) {
            *kind = (dynamodb_node_kind)(DYNAMODB_NODE_EQ + i);
            return true;
        }
    }
    return false;
}

static dynamodb_node *parse_comparison(dynamodb_parser *parser, dynamodb_node *left,
                                       dynamodb_node_kind kind)
{
    dynamodb_node *node = dynamodb_parser_node(parser, kind);
    dynamodb_node *right;

    dynamodb_parser_advance(parser);
    right = node == NULL ? NULL : parse_compared(parser);
    if (right == NULL)
        return NULL;
    if (kind != DYNAMODB_NODE_EQ && kind != DYNAMODB_NODE_NE &&
        (!literal_has_type(parser, node, left, " S N B ") ||
         !literal_has_type(parser, node, right, " S N B ")))
        return NULL;
    dynamodb_node_append(node, left);
    dynamodb_node_append(node, right);
    return node;
}

/* Literal bounds must have one type and the right order. */
static bool check_bounds(dynamodb_parser *parser, const dynamodb_node *low,
                         const dynamodb_node *high)
{
    const char *low_type;
    const char *high_type;

    if (low->kind != DYNAMODB_NODE_VALUE || high->kind != DYNAMODB_NODE_VALUE)
        return true;
    low_type = dynamodb_type_name(dynamodb_type_of(low->value));
    high_type = dynamodb_type_name(dynamodb_type_of(high->value));
    if (strcmp(low_type, high_type) == 0 && dynamodb_value_compare(low->value, high->value) <= 0)
        return true;
    (void)dynamodb_parser_refuse(
        parser,
        "The BETWEEN operator requires %s; lower bound operand: AttributeValue: {%s:%.100s}, "
        "upper bound operand: AttributeValue: {%s:%.100s}",
        strcmp(low_type, high_type) == 0 ? "upper bound to be greater than or equal to lower bound"
                                         : "same data type for lower and upper bounds",
        low_type, dynamodb_text(low->value), high_type, dynamodb_text(high->value));
    return false;
}

static dynamodb_node *parse_between(dynamodb_parser *parser, dynamodb_node *operand)
{
    dynamodb_node *node = dynamodb_parser_node(parser, DYNAMODB_NODE_BETWEEN);
    dynamodb_node *low = node == NULL ? NULL : parse_compared(parser);
    dynamodb_node *high;

    if (dynamodb_parser_expect(parser, "AND", low) == NULL)
        return NULL;
    high = parse_compared(parser);
    if (high == NULL || !literal_has_type(parser, node, operand, " S N B ") ||
        !literal_has_type(parser, node, low, " S N B ") ||
        !literal_has_type(parser, node, high, " S N B ") || !check_bounds(parser, low, high))
        return NULL;
    dynamodb_node_append(node, operand);
    dynamodb_node_append(node, low);
    dynamodb_node_append(node, high);
    return node;
}

static dynamodb_node *parse_in(dynamodb_parser *parser, dynamodb_node *operand)
{
    dynamodb_node *node = dynamodb_parser_node(parser, DYNAMODB_NODE_IN);
    unsigned count = 0;

    if (dynamodb_parser_expect(parser, "(", node) == NULL)
        return NULL;
    dynamodb_node_append(node, operand);
    do {
        dynamodb_node *candidate = parse_compared(parser);

        if (candidate == NULL)
            return NULL;
        if (++count > IN_OPERANDS_MAX)
            return dynamodb_parser_refuse(parser,
                                          "The IN operator is provided with too many operands; "
                                          "number of operands: %u",
                                          count);
        dynamodb_node_append(node, candidate);
    } while (dynamodb_parser_take(parser, ","));
    return dynamodb_parser_expect(parser, ")", node);
}

static dynamodb_node *parse_parenthesised(dynamodb_parser *parser)
{
    dynamodb_node *inner;

    dynamodb_parser_advance(parser);
    parser->parenthesised = NULL;
    inner = dynamodb_parser_expect(parser, ")", parse_or(parser));
    if (inner != NULL && parser->parenthesised == inner)
        return dynamodb_parser_refuse(parser, "The expression has redundant parentheses;");
    parser->parenthesised = inner;
    return inner;
}

static dynamodb_node *parse_primary(dynamodb_parser *parser)
{
    dynamodb_node_kind kind;
    dynamodb_node *operand;

    if (dynamodb_parser_at(parser, "("))
        return parse_parenthesised(parser);
    operand = parse_operand(parser);
    if (operand == NULL)
        return NULL;
    if (operand->kind == DYNAMODB_NODE_FUNCTION) {
        if (!check_function(parser, operand))
            return NULL;
        if (operand->function != DYNAMODB_SIZE)
            return operand;
    }
    if (comparison_at(parser, &kind))
        return parse_comparison(parser, operand, kind);
    if (dynamodb_parser_take(parser, "BETWEEN"))
        return parse_between(parser, operand);
    if (dynamodb_parser_take(parser, "IN"))
        return parse_in(parser, operand);
    if (operand->kind == DYNAMODB_NODE_FUNCTION)
        return misused_function(parser, operand);
    return dynamodb_parser_syntax(parser);
}

static dynamodb_node *parse_not(dynamodb_parser *parser)
{
    dynamodb_node *node;
    dynamodb_node *inner;

    if (++parser->depth > DYNAMODB_PARSE_DEPTH_MAX)
        return dynamodb_parser_refuse(parser, "The expression is nested more than %d deep",
                                      DYNAMODB_PARSE_DEPTH_MAX);
    if (!dynamodb_parser_take(parser, "NOT")) {
        node = parse_primary(parser);
        parser->depth--;
        return node;
    }
    node = dynamodb_parser_node(parser, DYNAMODB_NODE_NOT);
    inner = node == NULL ? NULL : parse_not(parser);
    parser->depth--;
    if (inner == NULL)
        return NULL;
    dynamodb_node_append(node, inner);
    return node;
}

/* One or more conditions joined by a keyword; a single one stays as it is. */
static dynamodb_node *parse_joined(dynamodb_parser *parser, const char *keyword,
                                   dynamodb_node_kind kind,
                                   dynamodb_node *(*part)(dynamodb_parser *))
{
    dynamodb_node *first = part(parser);
    dynamodb_node *node;

    if (first == NULL || !dynamodb_parser_at(parser, keyword))
        return first;
    node = dynamodb_parser_node(parser, kind);
    if (node == NULL)
        return NULL;
    dynamodb_node_append(node, first);
    while (dynamodb_parser_take(parser, keyword)) {
        dynamodb_node *each = part(parser);

        if (each == NULL)
            return NULL;
        dynamodb_node_append(node, each);
    }
    return node;
}

static dynamodb_node *parse_and(dynamodb_parser *parser)
{
    return parse_joined(parser, "AND", DYNAMODB_NODE_AND, parse_not);
}

static dynamodb_node *parse_or(dynamodb_parser *parser)
{
    return parse_joined(parser, "OR", DYNAMODB_NODE_OR, parse_and);
}

bool dynamodb_parse_condition(dynamodb_expression *out, dynamodb_scope *scope, const cJSON *input,
                              const char *field, dynamodb_fault *fault)
{
    dynamodb_parser parser;
    bool absent;

    if (!dynamodb_parser_start(&parser, out, scope, input, field, &absent, fault))
        return false;
    return absent || dynamodb_parser_end(&parser, parse_or(&parser));
}
