/*
 * dynamodb_parser.c - what all expressions have in common: paths, values, functions, messages.
 */
#include "dynamodb_parser.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_ELEMENTS_MAX 32
#define LIST_INDEX_MAX    10000000

dynamodb_node *dynamodb_parser_refuse(dynamodb_parser *parser, const char *format, ...)
{
    char why[700];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(why, sizeof(why), format, args);
    va_end(args);
    (void)dynamodb_invalid(parser->fault, "Invalid %s: %s", parser->label, why);
    return NULL;
}

dynamodb_node *dynamodb_parser_syntax(dynamodb_parser *parser)
{
    dynamodb_token after = dynamodb_token_next(parser->token.text + parser->token.len);
    const char *from = parser->before.text == NULL ? parser->token.text : parser->before.text;
    const char *to = after.text + after.len;

    if (parser->token.kind == DYNAMODB_TOKEN_END)
        return dynamodb_parser_refuse(parser, "Syntax error; token: \"<EOF>\", near: \"%.*s\"",
                                      (int)(parser->token.text - from), from);
    return dynamodb_parser_refuse(parser, "Syntax error; token: \"%.*s\", near: \"%.*s\"",
                                  (int)(parser->token.len > 100 ? 100 : parser->token.len),
                                  parser->token.text, (int)(to - from > 300 ? 300 : to - from),
                                  from);
}

static bool start_memory(dynamodb_parser *parser, size_t len)
{
    parser->nodes_size = 3 * len + 8; /* "a," in a REMOVE makes an action, a path and a field */
    parser->out->nodes = calloc(parser->nodes_size, sizeof(*parser->out->nodes));
    parser->out->names = calloc(2, len + 1); /* each bare name with its terminator */
    if (parser->out->nodes != NULL && parser->out->names != NULL)
        return true;
    dynamodb_expression_free(parser->out);
    return dynamodb_broken(parser->fault, "out of memory for an expression");
}

bool dynamodb_parser_start(dynamodb_parser *parser, dynamodb_expression *out, dynamodb_scope *scope,
                           const cJSON *input, const char *field, bool *absent,
                           dynamodb_fault *fault)
{
    const cJSON *text = cJSON_GetObjectItemCaseSensitive(input, field);
    size_t len;

    memset(parser, 0, sizeof(*parser));
    memset(out, 0, sizeof(*out));
    parser->scope = scope;
    parser->fault = fault;
    parser->label = field;
    parser->out = out;
    *absent = text == NULL || cJSON_IsNull(text);
    if (*absent)
        return true;
    if (!cJSON_IsString(text))
        return dynamodb_wrong_json(fault, text, "String");
    len = strlen(text->valuestring);
    if (len > DYNAMODB_EXPRESSION_MAX)
        return dynamodb_invalid(fault,
                                "Invalid %s: Expression size has exceeded the maximum allowed "
                                "size; expression size: %zu",
                                field, len);
    parser->token = dynamodb_token_next(text->valuestring);
    if (parser->token.kind == DYNAMODB_TOKEN_END)
        return dynamodb_invalid(fault, "Invalid %s: The expression can not be empty;", field);
    scope->expressions++;
    return start_memory(parser, len);
}

bool dynamodb_parser_end(dynamodb_parser *parser, dynamodb_node *root)
{
    if (root != NULL && parser->token.kind != DYNAMODB_TOKEN_END)
        root = dynamodb_parser_syntax(parser);
    if (root == NULL) {
        dynamodb_expression_free(parser->out);
        return false;
    }
    parser->out->root = root;
    return true;
}

void dynamodb_expression_free(dynamodb_expression *expression)
{
    free(expression->nodes);
    free(expression->names);
    memset(expression, 0, sizeof(*expression));
}

void dynamodb_parser_advance(dynamodb_parser *parser)
{
    parser->before = parser->token;
    parser->token = dynamodb_token_next(parser->token.text + parser->token.len);
}

bool dynamodb_parser_at(const dynamodb_parser *parser, const char *symbol_or_keyword)
{
    return dynamodb_token_is(&parser->token, symbol_or_keyword);
}

bool dynamodb_parser_take(dynamodb_parser *parser, const char *symbol_or_keyword)
{
    if (!dynamodb_parser_at(parser, symbol_or_keyword))
        return false;
    dynamodb_parser_advance(parser);
    return true;
}

dynamodb_node *dynamodb_parser_expect(dynamodb_parser *parser, const char *symbol,
                                      dynamodb_node *node)
{
    if (node == NULL)
        return NULL;
    return dynamodb_parser_take(parser, symbol) ? node : dynamodb_parser_syntax(parser);
}

dynamodb_node *dynamodb_parser_node(dynamodb_parser *parser, dynamodb_node_kind kind)
{
    dynamodb_node *node;

    if (parser->nodes_used == parser->nodes_size)
        return dynamodb_parser_refuse(parser, "The expression has too many parts");
    node = &parser->out->nodes[parser->nodes_used++];
    node->kind = kind;
    return node;
}

void dynamodb_node_append(dynamodb_node *parent, dynamodb_node *child)
{
    if (parent->first == NULL)
        parent->first = child;
    else
        parent->last->next = child;
    parent->last = child;
}

/* The token's text with a terminator, kept as long as the expression. */
static char *keep_token(dynamodb_parser *parser)
{
    char *copy = parser->out->names + parser->names_used;

    memcpy(copy, parser->token.text, parser->token.len);
    copy[parser->token.len] = '\0';
    parser->names_used += parser->token.len + 1;
    return copy;
}

static dynamodb_node *parse_field(dynamodb_parser *parser)
{
    dynamodb_node *node;
    const char *text;

    if (parser->token.kind != DYNAMODB_TOKEN_WORD && parser->token.kind != DYNAMODB_TOKEN_NAME)
        return dynamodb_parser_syntax(parser);
    node = dynamodb_parser_node(parser, DYNAMODB_NODE_FIELD);
    if (node == NULL)
        return NULL;
    text = keep_token(parser);
    node->name = text;
    if (parser->token.kind == DYNAMODB_TOKEN_NAME) {
        node->name = dynamodb_scope_name(parser->scope, text);
        if (node->name == NULL)
            return dynamodb_parser_refuse(parser,
                                          "An expression attribute name used in the document path "
                                          "is not defined; attribute name: %.255s",
                                          text);
    } else if (dynamodb_word_is_reserved(text, strlen(text))) {
        return dynamodb_parser_refuse(
            parser, "Attribute name is a reserved keyword; reserved keyword: %.255s", text);
    }
    dynamodb_parser_advance(parser);
    return node;
}

static dynamodb_node *parse_element(dynamodb_parser *parser)
{
    dynamodb_node *node = dynamodb_parser_node(parser, DYNAMODB_NODE_ELEMENT);

    if (node == NULL)
        return NULL;
    if (parser->token.kind != DYNAMODB_TOKEN_NUMBER)
        return dynamodb_parser_syntax(parser);
    for (size_t i = 0; i < parser->token.len; i++) {
        node->index = node->index * 10 + (size_t)(parser->token.text[i] - '0');
        if (node->index > LIST_INDEX_MAX)
            return dynamodb_parser_refuse(parser,
                                          "List index is not within the allowable range; "
                                          "index: [%.*s]",
                                          (int)(parser->token.len > 50 ? 50 : parser->token.len),
                                          parser->token.text);
    }
    dynamodb_parser_advance(parser);
    return dynamodb_parser_expect(parser, "]", node);
}

dynamodb_node *dynamodb_parse_path(dynamodb_parser *parser)
{
    dynamodb_node *path = dynamodb_parser_node(parser, DYNAMODB_NODE_PATH);
    dynamodb_node *element = path == NULL ? NULL : parse_field(parser);
    unsigned count = 1;

    if (element == NULL)
        return NULL;
    dynamodb_node_append(path, element);
    for (;;) {
        if (dynamodb_parser_take(parser, "."))
            element = parse_field(parser);
        else if (dynamodb_parser_take(parser, "["))
            element = parse_element(parser);
        else
            return path;
        if (element == NULL)
            return NULL;
        if (++count > PATH_ELEMENTS_MAX)
            return dynamodb_parser_refuse(parser,
                                          "The document path has too many nesting "
                                          "elements; nesting elements: %u",
                                          count);
        dynamodb_node_append(path, element);
    }
}

dynamodb_node *dynamodb_parse_value(dynamodb_parser *parser)
{
    dynamodb_node *node;
    const char *text;

    if (parser->token.kind != DYNAMODB_TOKEN_VALUE)
        return dynamodb_parser_syntax(parser);
    node = dynamodb_parser_node(parser, DYNAMODB_NODE_VALUE);
    if (node == NULL)
        return NULL;
    text = keep_token(parser);
    node->value = dynamodb_scope_value(parser->scope, text);
    if (node->value == NULL)
        return dynamodb_parser_refuse(parser,
                                      "An expression attribute value used in expression is not "
                                      "defined; attribute value: %.255s",
                                      text);
    dynamodb_parser_advance(parser);
    return node;
}

bool dynamodb_parser_at_function(const dynamodb_parser *parser)
{
    dynamodb_token after = dynamodb_token_next(parser->token.text + parser->token.len);

    return parser->token.kind == DYNAMODB_TOKEN_WORD && dynamodb_token_is(&after, "(");
}

static bool function_named(const dynamodb_token *token, dynamodb_function *function)
{
    for (unsigned i = 0; i < DYNAMODB_FUNCTION_COUNT; i++) {
        const char *name = dynamodb_function_name((dynamodb_function)i);

        if (strlen(name) == token->len && memcmp(name, token->text, token->len) == 0) {
            *function = (dynamodb_function)i;
            return true;
        }
    }
    return false;
}

dynamodb_node *dynamodb_parse_function(dynamodb_parser *parser,
                                       dynamodb_node *(*argument)(dynamodb_parser *))
{
    dynamodb_node *node = dynamodb_parser_node(parser, DYNAMODB_NODE_FUNCTION);

    if (node == NULL)
        return NULL;
    if (!function_named(&parser->token, &node->function))
        return dynamodb_parser_refuse(parser, "Invalid function name; function: %.*s",
                                      (int)(parser->token.len > 255 ? 255 : parser->token.len),
                                      parser->token.text);
    if (++parser->depth > DYNAMODB_PARSE_DEPTH_MAX)
        return dynamodb_parser_refuse(parser, "The expression is nested more than %d deep",
                                      DYNAMODB_PARSE_DEPTH_MAX);
    dynamodb_parser_advance(parser);
    dynamodb_parser_advance(parser);
    do {
        dynamodb_node *each = argument(parser);

        if (each == NULL)
            return NULL;
        dynamodb_node_append(node, each);
    } while (dynamodb_parser_take(parser, ","));
    parser->depth--;
    return dynamodb_parser_expect(parser, ")", node);
}
