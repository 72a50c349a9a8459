/*
 * dynamodb_parse_update.c - UpdateExpression and ProjectionExpression.
 *
 *   update: (SET path "=" value, ... | REMOVE path, ... | ADD path :v, ... | DELETE path :v, ...)+
 *   value:  operand | operand "+" operand | operand "-" operand
 *   operand: path | :v | if_not_exists(path, operand) | list_append(operand, operand)
 */
#include "dynamodb_parser.h"
#include "dynamodb_types.h"

#include <string.h>

static dynamodb_node *parse_operand(dynamodb_parser *parser);

static dynamodb_node *wrong_type(dynamodb_parser *parser, const dynamodb_node *node,
                                 const dynamodb_node *operand)
{
    return dynamodb_parser_refuse(parser,
                                  "Incorrect operand type for operator or function; operator or "
                                  "function: %s, operand type: %s",
                                  dynamodb_node_label(node),
                                  dynamodb_type_name(dynamodb_type_of(operand->value)));
}

static bool literal_is_not(const dynamodb_node *operand, dynamodb_type type)
{
    return operand->kind == DYNAMODB_NODE_VALUE && dynamodb_type_of(operand->value) != type;
}

static dynamodb_node *check_function(dynamodb_parser *parser, dynamodb_node *node)
{
    unsigned count = 0;

    if (node->function != DYNAMODB_IF_NOT_EXISTS && node->function != DYNAMODB_LIST_APPEND)
        return dynamodb_parser_refuse(
            parser, "The function is not allowed in an update expression; function: %s",
            dynamodb_node_label(node));
    for (const dynamodb_node *each = node->first; each != NULL; each = each->next)
        count++;
    if (count != 2)
        return dynamodb_parser_refuse(parser,
                                      "Incorrect number of operands for operator or function; "
                                      "operator or function: %s, number of operands: %u",
                                      dynamodb_node_label(node), count);
    if (node->function == DYNAMODB_IF_NOT_EXISTS && node->first->kind != DYNAMODB_NODE_PATH)
        return dynamodb_parser_refuse(parser, "Operator or function requires a document path; "
                                              "operator or function: if_not_exists");
    if (node->function == DYNAMODB_LIST_APPEND) {
        if (literal_is_not(node->first, DYNAMODB_L))
            return wrong_type(parser, node, node->first);
        if (literal_is_not(node->first->next, DYNAMODB_L))
            return wrong_type(parser, node, node->first->next);
    }
    return node;
}

static dynamodb_node *parse_operand(dynamodb_parser *parser)
{
    dynamodb_node *node;

    if (!dynamodb_parser_at_function(parser))
        return parser->token.kind == DYNAMODB_TOKEN_VALUE ? dynamodb_parse_value(parser)
                                                          : dynamodb_parse_path(parser);
    node = dynamodb_parse_function(parser, parse_operand);
    return node == NULL ? NULL : check_function(parser, node);
}

static dynamodb_node *parse_sum(dynamodb_parser *parser)
{
    dynamodb_node *left = parse_operand(parser);
    bool plus = dynamodb_parser_at(parser, "+");
    dynamodb_node *node;
    dynamodb_node *right;

    if (left == NULL || (!plus && !dynamodb_parser_at(parser, "-")))
        return left;
    node = dynamodb_parser_node(parser, plus ? DYNAMODB_NODE_PLUS : DYNAMODB_NODE_MINUS);
    dynamodb_parser_advance(parser);
    right = node == NULL ? NULL : parse_operand(parser);
    if (right == NULL)
        return NULL;
    if (literal_is_not(left, DYNAMODB_N))
        return wrong_type(parser, node, left);
    if (literal_is_not(right, DYNAMODB_N))
        return wrong_type(parser, node, right);
    dynamodb_node_append(node, left);
    dynamodb_node_append(node, right);
    return node;
}

/* The type as the messages of ADD and DELETE spell it. */
static const char *long_type_name(dynamodb_type type)
{
    static const char *const names[DYNAMODB_TYPE_COUNT] = {
        "STRING",     "NUMBER",     "BINARY",     "BOOLEAN", "NULL",
        "STRING_SET", "NUMBER_SET", "BINARY_SET", "LIST",    "MAP"
    };

    return type < DYNAMODB_TYPE_COUNT ? names[type] : "?";
}

static dynamodb_node *parse_add_or_delete_value(dynamodb_parser *parser, dynamodb_node_kind kind)
{
    dynamodb_node *value = dynamodb_parse_value(parser);
    dynamodb_type type;

    if (value == NULL)
        return NULL;
    type = dynamodb_type_of(value->value);
    if (dynamodb_is_set(type) || (kind == DYNAMODB_NODE_ADD && type == DYNAMODB_N))
        return value;
    return dynamodb_parser_refuse(parser,
                                  "Incorrect operand type for operator or function; operator: %s, "
                                  "operand type: %s, typeSet: ALLOWED_FOR_%s_OPERAND",
                                  kind == DYNAMODB_NODE_ADD ? "ADD" : "DELETE",
                                  long_type_name(type),
                                  kind == DYNAMODB_NODE_ADD ? "ADD" : "DELETE");
}

static dynamodb_node *parse_action(dynamodb_parser *parser, dynamodb_node_kind kind)
{
    dynamodb_node *action = dynamodb_parser_node(parser, kind);
    dynamodb_node *path = action == NULL ? NULL : dynamodb_parse_path(parser);
    dynamodb_node *operand;

    if (path == NULL)
        return NULL;
    dynamodb_node_append(action, path);
    if (kind == DYNAMODB_NODE_REMOVE)
        return action;
    if (kind == DYNAMODB_NODE_SET)
        operand = dynamodb_parser_expect(parser, "=", path) == NULL ? NULL : parse_sum(parser);
    else
        operand = parse_add_or_delete_value(parser, kind);
    if (operand == NULL)
        return NULL;
    dynamodb_node_append(action, operand);
    return action;
}

/* Two paths of one list where one is the other or contains it cannot both be meant. */
static bool check_overlap(dynamodb_parser *parser, const dynamodb_node *earlier,
                          const dynamodb_node *path)
{
    char one[300];
    char two[300];

    if (!dynamodb_paths_overlap(earlier, path))
        return true;
    dynamodb_path_print(earlier, one, sizeof(one));
    dynamodb_path_print(path, two, sizeof(two));
    (void)dynamodb_parser_refuse(parser,
                                 "Two document paths overlap with each other; must remove or "
                                 "rewrite one of these paths; path one: %s, path two: %s",
                                 one, two);
    return false;
}

static bool check_actions(dynamodb_parser *parser, const dynamodb_node *list)
{
    for (const dynamodb_node *b = list->first; b != NULL; b = b->next) {
        for (const dynamodb_node *a = list->first; a != b; a = a->next) {
            if (!check_overlap(parser, a->first, b->first))
                return false;
        }
    }
    return true;
}

static bool section_at(const dynamodb_parser *parser, dynamodb_node_kind *kind)
{
    static const char *const sections[] = { "SET", "REMOVE", "ADD", "DELETE" };

    for (unsigned i = 0; i < 4; i++) {
        if (dynamodb_parser_at(parser, sections[i])) {
            *kind = (dynamodb_node_kind)(DYNAMODB_NODE_SET + i);
            return true;
        }
    }
    return false;
}

static bool parse_section(dynamodb_parser *parser, dynamodb_node *list, dynamodb_node_kind kind)
{
    dynamodb_parser_advance(parser);
    do {
        dynamodb_node *action = parse_action(parser, kind);

        if (action == NULL)
            return false;
        dynamodb_node_append(list, action);
    } while (dynamodb_parser_take(parser, ","));
    return true;
}

static dynamodb_node *parse_update(dynamodb_parser *parser)
{
    dynamodb_node *list = dynamodb_parser_node(parser, DYNAMODB_NODE_LIST);
    dynamodb_node_kind kind = DYNAMODB_NODE_SET;
    unsigned seen = 0;

    if (list == NULL)
        return NULL;
    while (section_at(parser, &kind)) {
        unsigned bit = 1U << (kind - DYNAMODB_NODE_SET);

        if ((seen & bit) != 0)
            return dynamodb_parser_refuse(
                parser, "The \"%.*s\" section can only be used once in an update expression;",
                (int)parser->token.len, parser->token.text);
        seen |= bit;
        if (!parse_section(parser, list, kind))
            return NULL;
    }
    if (seen == 0)
        return dynamodb_parser_syntax(parser);
    return check_actions(parser, list) ? list : NULL;
}

bool dynamodb_parse_update(dynamodb_expression *out, dynamodb_scope *scope, const cJSON *input,
                           const char *field, dynamodb_fault *fault)
{
    dynamodb_parser parser;
    bool absent;

    if (!dynamodb_parser_start(&parser, out, scope, input, field, &absent, fault))
        return false;
    return absent || dynamodb_parser_end(&parser, parse_update(&parser));
}

static dynamodb_node *parse_projection(dynamodb_parser *parser)
{
    dynamodb_node *list = dynamodb_parser_node(parser, DYNAMODB_NODE_LIST);

    if (list == NULL)
        return NULL;
    do {
        dynamodb_node *path = dynamodb_parse_path(parser);

        if (path == NULL)
            return NULL;
        for (const dynamodb_node *each = list->first; each != NULL; each = each->next) {
            if (!check_overlap(parser, each, path))
                return NULL;
        }
        dynamodb_node_append(list, path);
    } while (dynamodb_parser_take(parser, ","));
    return list;
}

bool dynamodb_parse_projection(dynamodb_expression *out, dynamodb_scope *scope, const cJSON *input,
                               const char *field, dynamodb_fault *fault)
{
    dynamodb_parser parser;
    bool absent;

    if (!dynamodb_parser_start(&parser, out, scope, input, field, &absent, fault))
        return false;
    return absent || dynamodb_parser_end(&parser, parse_projection(&parser));
}
