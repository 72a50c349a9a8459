/*
 * fake_table.c - one DynamoDB table: the operations and the expressions that the pipeline uses.
 *
 * As on AWS, a value that no expression uses, a reserved word and an item over 400 kB are refused.
 */
#include "fake_aws.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- expressions ------------------------------------------------------------------------- */

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

static const char *text_in(const cJSON *typed)
{
    return typed != NULL ? cJSON_GetStringValue(typed->child) : NULL;
}

static int is_equal(const cJSON *a, const cJSON *b)
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
        const char *text = text_in(attribute);
        const char *prefix;

        expect(s, ",");
        prefix = text_in(take_value(s));
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
        return !is_equal(attribute, take_value(s));
    expect(s, "=");
    return is_equal(attribute, take_value(s));
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
static int evaluate(const char *expression, const cJSON *item, const cJSON *values)
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
static int apply_update(const char *expression, cJSON *item, const cJSON *values)
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

static int values_are_used(const cJSON *request)
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

/* ---- the table --------------------------------------------------------------------------- */

static int refuse(cJSON **answer, const char *code)
{
    *answer = cJSON_CreateObject();
    cJSON_AddStringToObject(*answer, "__type", code);
    return 400;
}

static cJSON *find(const fake_aws *aws, const cJSON *key)
{
    cJSON *item;

    cJSON_ArrayForEach(item, aws->items)
    {
        if (is_equal(ic_json_get(item, "batch_id"), ic_json_get(key, "batch_id")) &&
            is_equal(ic_json_get(item, "img_fprint"), ic_json_get(key, "img_fprint")))
            return item;
    }
    return NULL;
}

static int item_size(const cJSON *item)
{
    char *text = cJSON_PrintUnformatted(item);
    int size = text != NULL ? (int)strlen(text) : 0;

    cJSON_free(text);
    return size;
}

/* Takes @p item. */
static void store(fake_aws *aws, cJSON *item)
{
    cJSON *old = find(aws, item);

    if (old != NULL)
        cJSON_ReplaceItemViaPointer(aws->items, old, item);
    else
        cJSON_AddItemToArray(aws->items, item);
    aws->writes++;
}

static int fail_condition(const fake_aws *aws, const cJSON *old, cJSON **answer)
{
    refuse(answer, "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException");
    if (old != NULL && !aws->no_old_items)
        cJSON_AddItemToObject(*answer, "Item", cJSON_Duplicate(old, 1));
    return 400;
}

static int write_item(fake_aws *aws, const cJSON *request, const cJSON *key, const char *update,
                      cJSON **answer)
{
    const cJSON *values = ic_json_get(request, "ExpressionAttributeValues");
    const cJSON *old = find(aws, key);
    int is_true = evaluate(ic_json_text(request, "ConditionExpression"), old, values);
    cJSON *fresh;

    if (is_true < 0 || !values_are_used(request))
        return refuse(answer, "ValidationException");
    if (!is_true)
        return fail_condition(aws, old, answer);
    fresh = cJSON_Duplicate(update != NULL && old != NULL ? old : key, 1);
    if ((update != NULL && !apply_update(update, fresh, values)) || item_size(fresh) > 409600) {
        cJSON_Delete(fresh);
        return refuse(answer, "ValidationException");
    }
    store(aws, fresh);
    *answer = cJSON_CreateObject();
    return 200;
}

static cJSON *project(const cJSON *item, const cJSON *options)
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

static int get_item(const fake_aws *aws, const cJSON *request, cJSON **answer)
{
    const cJSON *item = find(aws, ic_json_get(request, "Key"));

    *answer = cJSON_CreateObject();
    if (item != NULL)
        cJSON_AddItemToObject(*answer, "Item", project(item, request));
    return 200;
}

static cJSON *key_of(const cJSON *item)
{
    cJSON *key = cJSON_CreateObject();

    cJSON_AddItemToObject(key, "batch_id", cJSON_Duplicate(ic_json_get(item, "batch_id"), 1));
    cJSON_AddItemToObject(key, "img_fprint", cJSON_Duplicate(ic_json_get(item, "img_fprint"), 1));
    return key;
}

/* The item behind @p after in the order of img_fprint, which is not the order of storing. */
static const cJSON *next_item(const fake_aws *aws, const char *after)
{
    const cJSON *best = NULL;
    const cJSON *item;

    cJSON_ArrayForEach(item, aws->items)
    {
        const char *fingerprint = text_in(ic_json_get(item, "img_fprint"));

        if (strcmp(fingerprint, after) > 0 &&
            (best == NULL || strcmp(fingerprint, text_in(ic_json_get(best, "img_fprint"))) < 0))
            best = item;
    }
    return best;
}

static int query(const fake_aws *aws, const cJSON *request, cJSON **answer)
{
    const char *after = text_in(
        ic_json_get(ic_json_get(request, "ExclusiveStartKey"), "img_fprint"));
    size_t most = aws->page_items != 0 ? aws->page_items : SIZE_MAX;
    uint64_t limit;
    const cJSON *item;
    cJSON *items;
    size_t count = 0;

    if (!values_are_used(request))
        return refuse(answer, "ValidationException");
    if (ic_json_u64(request, "Limit", &limit) && limit < most)
        most = (size_t)limit;
    *answer = cJSON_CreateObject();
    items = cJSON_AddArrayToObject(*answer, "Items");
    while ((item = next_item(aws, after != NULL ? after : "")) != NULL) {
        after = text_in(ic_json_get(item, "img_fprint"));
        if (evaluate(ic_json_text(request, "KeyConditionExpression"), item,
                     ic_json_get(request, "ExpressionAttributeValues")) != 1)
            continue;
        cJSON_AddItemToArray(items, project(item, request));
        if (++count == most) {
            cJSON_AddItemToObject(*answer, "LastEvaluatedKey", key_of(item));
            break;
        }
    }
    return 200;
}

static int batch_get(fake_aws *aws, const cJSON *request, cJSON **answer)
{
    const cJSON *table = ic_json_get(request, "RequestItems")->child;
    const cJSON *keys = ic_json_get(table, "Keys");
    int leave = (int)aws->unprocessed;
    int count = cJSON_GetArraySize(keys);
    cJSON *items;
    cJSON *left;

    if (count > 100)
        return refuse(answer, "ValidationException");
    *answer = cJSON_CreateObject();
    items = cJSON_AddArrayToObject(cJSON_AddObjectToObject(*answer, "Responses"), table->string);
    left = cJSON_AddArrayToObject(
        cJSON_AddObjectToObject(cJSON_AddObjectToObject(*answer, "UnprocessedKeys"), table->string),
        "Keys");
    for (int i = 0; i < count; i++) {
        const cJSON *key = cJSON_GetArrayItem(keys, i);
        const cJSON *item = find(aws, key);

        if (i >= count - leave)
            cJSON_AddItemToArray(left, cJSON_Duplicate(key, 1));
        else if (item != NULL)
            cJSON_AddItemToArray(items, project(item, table));
    }
    if (cJSON_GetArraySize(left) == 0)
        cJSON_DeleteItemFromObject(*answer, "UnprocessedKeys");
    aws->unprocessed = 0;
    return 200;
}

int fake_table_answer(fake_aws *aws, const char *operation, const cJSON *request, cJSON **answer)
{
    if (strcmp(operation, "PutItem") == 0)
        return write_item(aws, request, ic_json_get(request, "Item"), NULL, answer);
    if (strcmp(operation, "UpdateItem") == 0)
        return write_item(aws, request, ic_json_get(request, "Key"),
                          ic_json_text(request, "UpdateExpression"), answer);
    if (strcmp(operation, "GetItem") == 0)
        return get_item(aws, request, answer);
    if (strcmp(operation, "Query") == 0)
        return query(aws, request, answer);
    if (strcmp(operation, "BatchGetItem") == 0)
        return batch_get(aws, request, answer);
    return refuse(answer, "UnknownOperationException");
}

void fake_aws_put_item(fake_aws *aws, const char *json)
{
    cJSON *item = cJSON_Parse(json);

    if (item == NULL)
        abort();
    store(aws, item);
}

const char *fake_aws_attribute(const fake_aws *aws, size_t item, const char *name)
{
    const cJSON *typed = ic_json_get(cJSON_GetArrayItem(aws->items, (int)item), name);

    return text_in(typed);
}
