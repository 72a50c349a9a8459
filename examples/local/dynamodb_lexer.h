/*
 * dynamodb_lexer.h - an expression's text as tokens.
 */
#ifndef ICECAT_LOCAL_DYNAMODB_LEXER_H
#define ICECAT_LOCAL_DYNAMODB_LEXER_H

#include <stdbool.h>
#include <stddef.h>

#define DYNAMODB_EXPRESSION_MAX 4096 /* bytes, the service's own limit */

typedef enum dynamodb_token_kind {
    DYNAMODB_TOKEN_END,
    DYNAMODB_TOKEN_WORD,   /* a bare name, a keyword or a function */
    DYNAMODB_TOKEN_NAME,   /* #name */
    DYNAMODB_TOKEN_VALUE,  /* :value */
    DYNAMODB_TOKEN_NUMBER, /* digits; only list indexes have them */
    DYNAMODB_TOKEN_SYMBOL, /* ( ) [ ] , . + - = <> < <= > >= */
    DYNAMODB_TOKEN_BAD     /* a character that no expression has */
} dynamodb_token_kind;

typedef struct dynamodb_token {
    dynamodb_token_kind kind;
    const char *text; /* inside the expression, not terminated */
    size_t len;
} dynamodb_token;

/* The token at or after text; END at the terminator. Never reads past the terminator. */
dynamodb_token dynamodb_token_next(const char *text);

/* Whether the token is this symbol or, in any case of letters, this keyword. */
bool dynamodb_token_is(const dynamodb_token *token, const char *symbol_or_keyword);

/* Whether the service forbids the word as a bare attribute name. */
bool dynamodb_word_is_reserved(const char *word, size_t len);

#endif
