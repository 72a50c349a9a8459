/*
 * dynamodb_parser.h - what the parsers of the expression kinds share. Internal to them.
 */
#ifndef ICECAT_LOCAL_DYNAMODB_PARSER_H
#define ICECAT_LOCAL_DYNAMODB_PARSER_H

#include "dynamodb_expression.h"
#include "dynamodb_lexer.h"

#define DYNAMODB_PARSE_DEPTH_MAX 100 /* parentheses, NOTs and function calls inside each other */

typedef struct dynamodb_parser {
    dynamodb_scope *scope;
    dynamodb_fault *fault;
    const char *label; /* "ConditionExpression", for messages */
    dynamodb_token before;
    dynamodb_token token; /* the current one */
    dynamodb_expression *out;
    size_t nodes_used; /* bounded by the length of the text */
    size_t nodes_size;
    size_t names_used;
    unsigned depth;
    const dynamodb_node *parenthesised; /* what the last ")" closed; "((" must not follow */
} dynamodb_parser;

/* Begin with input[field]: *absent when there is none. */
bool dynamodb_parser_start(dynamodb_parser *parser, dynamodb_expression *out, dynamodb_scope *scope,
                           const cJSON *input, const char *field, bool *absent,
                           dynamodb_fault *fault);

/* Store root when the parser is at the end of the text; free everything when it failed. */
bool dynamodb_parser_end(dynamodb_parser *parser, dynamodb_node *root);

void dynamodb_parser_advance(dynamodb_parser *parser);
bool dynamodb_parser_at(const dynamodb_parser *parser, const char *symbol_or_keyword);
bool dynamodb_parser_take(dynamodb_parser *parser, const char *symbol_or_keyword);

/* All of these return NULL after recording why. */
dynamodb_node *dynamodb_parser_expect(dynamodb_parser *parser, const char *symbol,
                                      dynamodb_node *node); /* node when the symbol is there */
dynamodb_node *dynamodb_parser_node(dynamodb_parser *parser, dynamodb_node_kind kind);
dynamodb_node *dynamodb_parser_syntax(dynamodb_parser *parser); /* always NULL */
dynamodb_node *dynamodb_parser_refuse(dynamodb_parser *parser, const char *format, ...)
    __attribute__((format(printf, 2, 3))); /* always NULL */
dynamodb_node *dynamodb_parse_path(dynamodb_parser *parser);
dynamodb_node *dynamodb_parse_value(dynamodb_parser *parser);
dynamodb_node *dynamodb_parse_function(dynamodb_parser *parser,
                                       dynamodb_node *(*argument)(dynamodb_parser *));

/* Whether "word (" stands here. */
bool dynamodb_parser_at_function(const dynamodb_parser *parser);

void dynamodb_node_append(dynamodb_node *parent, dynamodb_node *child);

#endif
