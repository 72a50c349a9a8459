/*
 * fake_expression.c - conditions, updates and projections of DynamoDB, as far as the pipeline uses
 * them.
 */
#include "fake_expression.h"

#include "base/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct scope {
    const char *at;      /* rest of the expression */
    const cJSON *item;   /* NULL: there is none */
    const cJSON *values; /* ExpressionAttributeValues */
    char token[80];
    int is_wrong;
} scope;

static const char word_chars[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_:#";

static void advance(scope *s)
{
    size_t len;

    s->at += strspn(s->at, " ");
    len = strspn(s->at, word_chars);
    if (len == 0 && *s->at != '\0')
        len = strncmp(s->at, "<>", 2) == 0 ? 2 : 1;
    snprintf(s->token, sizeof(s->token), "%.*s", (int)len, s->at);
    s->at += len;
    if (strcmp(s->token, "ttl") == 0 || strcmp(s->token, "status") == 0)
        s->is_wrong = 1; /* reserved */
}

static int accept(scope *s, const char *token)
{
    if (strcmp(s->token, token) != 0)
        return 0;
    advance(s);
    return 1;
}

static void expect(scope *s, const char *token)
{
    if (!accept(s, token))
        s->is_wrong = 1;
}

static const cJSON *take_attribute(scope *s)
{
    const cJSON *found = s->item != NULL ? ic_json_get(s->item, s->token) : NULL;

    advance(s);
    return found;
}

static const cJSON *take_value(scope *s)
{
    const cJSON *found = ic_json_get(s->values, s->token);

    if (found == NULL)
        s->is_wrong = 1;
    advance(s);
    return found;
}

const char *fake_text_in(const cJSON *typed)
{
    return typed != NULL ? cJSON_GetStringValue(typed->child) : NULL;
}

int fake_is_equal(const cJSON *a, const cJSON *b)
{
    return a != NULL && b != NULL && cJSON_Compare(a, b, 1);
}

static int evaluate_or(scope *s);

static int evaluate_call(scope *s)
{
    char name[80];
    const cJSON *attribute;
    int result;

    snprintf(name, sizeof(name), "%s", s->token);
    advance(s);
    expect(s, "(");
    attribute = take_attribute(s);
    result = strcmp(name, "attribute_exists") == 0 ? attribute != NULL : attribute == NULL;
    if (strcmp(name, "begins_with") == 0) {
        const char *text = fake_text_in(attribute);
        const char *prefix;

        expect(s, ",");
        prefix = fake_text_in(take_value(s));
        result = text != NULL && prefix != NULL && strncmp(text, prefix, strlen(prefix)) == 0;
    }
    expect(s, ")");
    return result;
}

static int evaluate_primary(scope *s)
{
    const cJSON *attribute;
    int result;

    if (accept(s, "(")) {
        result = evaluate_or(s);
        expect(s, ")");
        return result;
    }
    if (strncmp(s->token, "attribute_", 10) == 0 || strcmp(s->token, "begins_with") == 0)
        return evaluate_call(s);
    attribute = take_attribute(s);
    if (accept(s, "<>"))
        return !fake_is_equal(attribute, take_value(s));
    expect(s, "=");
    return fake_is_equal(attribute, take_value(s));
}

static int evaluate_and(scope *s)
{
    int result = evaluate_primary(s);

    while (accept(s, "AND"))
        result = evaluate_primary(s) && result;
    return result;
}

static int evaluate_or(scope *s)
{
    int result = evaluate_and(s);

    while (accept(s, "OR"))
        result = evaluate_and(s) || result;
    return result;
}

/* 1 or 0; -1 for a wrong expression. No expression is true. */
int fake_evaluate(const char *expression, const cJSON *item, const cJSON *values)
{
    scope s = { .at = expression, .item = item, .values = values };
    int result;

    if (expression == NULL)
        return 1;
    advance(&s);
    result = evaluate_or(&s);
    return s.is_wrong || s.token[0] != '\0' ? -1 : result;
}

/* "SET a = :x, b = :y REMOVE c". 1 when it is right. */
int fake_apply_update(const char *expression, cJSON *item, const cJSON *values)
{
    scope s = { .at = expression, .item = item, .values = values };
    char name[80];

    advance(&s);
    if (accept(&s, "SET")) {
        do {
            snprintf(name, sizeof(name), "%s", s.token);
            advance(&s);
            expect(&s, "=");
            cJSON_DeleteItemFromObjectCaseSensitive(item, name);
            cJSON_AddItemToObject(item, name, cJSON_Duplicate(take_value(&s), 1));
        } while (accept(&s, ","));
    }
    if (accept(&s, "REMOVE")) {
        cJSON_DeleteItemFromObjectCaseSensitive(item, s.token);
        advance(&s);
    }
    return !s.is_wrong && s.token[0] == '\0';
}

int fake_values_are_used(const cJSON *request)
{
    static const char *const expressions[] = { "ConditionExpression", "UpdateExpression",
                                               "KeyConditionExpression" };
    const cJSON *value;

    cJSON_ArrayForEach(value, ic_json_get(request, "ExpressionAttributeValues"))
    {
        int used = 0;

        for (size_t i = 0; i < 3; i++) {
            const char *text = ic_json_text(request, expressions[i]);

            used += text != NULL && strstr(text, value->string) != NULL;
        }
        if (used == 0)
            return 0;
    }
    return 1;
}

cJSON *fake_project(const cJSON *item, const cJSON *options)
{
    const char *rest = ic_json_text(options, "ProjectionExpression");
    cJSON *out;
    scope s = { .at = rest };

    if (rest == NULL)
        return cJSON_Duplicate(item, 1);
    out = cJSON_CreateObject();
    for (advance(&s); s.token[0] != '\0'; advance(&s)) {
        const char *real = ic_json_text(ic_json_get(options, "ExpressionAttributeNames"), s.token);
        const char *name = real != NULL ? real : s.token;

        if (ic_json_get(item, name) != NULL)
            cJSON_AddItemToObject(out, name, cJSON_Duplicate(ic_json_get(item, name), 1));
    }
    if (s.is_wrong)
        abort();
    return out;
}
