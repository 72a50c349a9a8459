/*
 * dynamodb_lexer.c - an expression's text as tokens (pure functions).
 */
#include "dynamodb_lexer.h"

#include <string.h>
#include <strings.h>

#define DIGITS     "0123456789"
#define LETTERS    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"
#define WHITESPACE " \t\r\n"

static size_t symbol_length(const char *text)
{
    if (strncmp(text, "<>", 2) == 0 || strncmp(text, "<=", 2) == 0 || strncmp(text, ">=", 2) == 0)
        return 2;
    return *text != '\0' && strchr("()[],.+-=<>", *text) != NULL ? 1 : 0;
}

/* Whole UTF-8 sequence of a character that has no meaning here, so that messages stay valid. */
static size_t bad_length(const char *text)
{
    size_t len = 1;

    while (((unsigned char)text[len] & 0xC0) == 0x80)
        len++;
    return len;
}

dynamodb_token dynamodb_token_next(const char *text)
{
    dynamodb_token token;

    text += strspn(text, WHITESPACE);
    token.text = text;
    token.len = 0;
    if (*text == '\0') {
        token.kind = DYNAMODB_TOKEN_END;
    } else if (*text == '#' || *text == ':') {
        token.len = 1 + strspn(text + 1, LETTERS DIGITS);
        token.kind = *text == '#' ? DYNAMODB_TOKEN_NAME : DYNAMODB_TOKEN_VALUE;
        if (token.len == 1)
            token.kind = DYNAMODB_TOKEN_BAD;
    } else if (strchr(DIGITS, *text) != NULL) {
        token.len = strspn(text, DIGITS);
        token.kind = DYNAMODB_TOKEN_NUMBER;
    } else if (strchr(LETTERS, *text) != NULL) {
        token.len = strspn(text, LETTERS DIGITS);
        token.kind = DYNAMODB_TOKEN_WORD;
    } else if (symbol_length(text) > 0) {
        token.len = symbol_length(text);
        token.kind = DYNAMODB_TOKEN_SYMBOL;
    } else {
        token.len = bad_length(text);
        token.kind = DYNAMODB_TOKEN_BAD;
    }
    return token;
}

bool dynamodb_token_is(const dynamodb_token *token, const char *symbol_or_keyword)
{
    if (token->kind != DYNAMODB_TOKEN_SYMBOL && token->kind != DYNAMODB_TOKEN_WORD)
        return false;
    return strlen(symbol_or_keyword) == token->len &&
           strncasecmp(token->text, symbol_or_keyword, token->len) == 0;
}
