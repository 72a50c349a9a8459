/*
 * fuzz_expression.c - DynamoDB's expressions as icecat-local reads them: a condition is true or its
 * negation is, an update leaves an item that is well-formed, a projection keeps only what the item has,
 * and a number has one spelling and one order.
 *
 * The lines of an input: a condition, an update, a projection, and two numbers.
 */
#include "fuzz.h"

#include "dynamodb_document.h"
#include "dynamodb_expression.h"
#include "dynamodb_lexer.h"
#include "dynamodb_types.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINES 5

static const char item_text[] =
    "{\"s\":{\"S\":\"hello\"},\"n\":{\"N\":\"10\"},\"b\":{\"B\":\"aGVsbG8=\"},\"t\":{\"BOOL\":true}"
    ","
    "\"u\":{\"NULL\":true},\"l\":{\"L\":[{\"N\":\"1\"},{\"S\":\"two\"},{\"L\":[{\"N\":\"3\"}]}]},"
    "\"m\":{\"M\":{\"k\":{\"S\":\"v\"},\"lst\":{\"L\":[{\"N\":\"7\"},{\"N\":\"8\"}]}}},"
    "\"ss\":{\"SS\":[\"x\",\"y\"]},\"ns\":{\"NS\":[\"1\",\"2\"]},\"bs\":{\"BS\":[\"AQ==\"]}}";
static const char names_text[] = "{\"#s\":\"s\",\"#m\":\"m\",\"#k\":\"k\",\"#q\":\"size\"}";
static const char values_text[] =
    "{\":s\":{\"S\":\"hello\"},\":n\":{\"N\":\"10\"},\":z\":{\"N\":\"-0.5\"},\":b\":{\"B\":\"aGU="
    "\"},"
    "\":t\":{\"BOOL\":true},\":l\":{\"L\":[{\"N\":\"9\"}]},\":m\":{\"M\":{\"k\":{\"S\":\"w\"}}},"
    "\":ss\":{\"SS\":[\"y\"]},\":ns\":{\"NS\":[\"2\",\"3\"]},\":ty\":{\"S\":\"S\"}}";

static cJSON *checked_item(void)
{
    cJSON *raw = cJSON_Parse(item_text);
    dynamodb_fault fault = { 0 };
    cJSON *item = dynamodb_map_copy(raw, &fault);

    FUZZ_CHECK(item != NULL);
    cJSON_Delete(raw);
    return item;
}

/* A request with one expression. */
static cJSON *input_with(const char *field, const char *text)
{
    cJSON *input = cJSON_CreateObject();

    cJSON_AddStringToObject(input, field, text);
    cJSON_AddItemToObject(input, "ExpressionAttributeNames", cJSON_Parse(names_text));
    cJSON_AddItemToObject(input, "ExpressionAttributeValues", cJSON_Parse(values_text));
    return input;
}

static void check_fault(dynamodb_fault *fault, int failed)
{
    FUZZ_CHECK(failed == (fault->type != NULL));
    FUZZ_CHECK(memchr(fault->message, '\0', sizeof(fault->message)) != NULL);
    FUZZ_CHECK(!failed || strcmp(fault->type, "ValidationException") == 0);
    FUZZ_CHECK(!failed || fault->message[0] != '\0');
    dynamodb_fault_clear(fault);
}

/* ---- conditions --------------------------------------------------------------------------- */

/* 1, 0, or -1 when it is refused. */
static int holds(const char *text, const cJSON *item)
{
    cJSON *input = input_with("ConditionExpression", text);
    dynamodb_expression expression;
    dynamodb_fault fault = { 0 };
    dynamodb_scope scope;
    int answer = -1;

    FUZZ_CHECK(dynamodb_scope_init(&scope, input, &fault));
    if (dynamodb_parse_condition(&expression, &scope, input, "ConditionExpression", &fault)) {
        answer = dynamodb_condition_holds(expression.root, item);
        dynamodb_expression_free(&expression);
    }
    check_fault(&fault, answer < 0);
    dynamodb_scope_free(&scope);
    cJSON_Delete(input);
    return answer;
}

/* The negation is the opposite; joined with itself it stays what it is. */
static void check_condition(const char *text, const cJSON *item)
{
    size_t size = 2 * strlen(text) + 32;
    char *longer = malloc(size);
    int answer = holds(text, item);
    int other;

    FUZZ_CHECK(longer != NULL);
    (void)holds(text, NULL); /* no such item */
    if (answer >= 0) {
        snprintf(longer, size, "NOT (%s)", text);
        other = holds(longer, item); /* "((a))" and what is too long or deep are refused */
        FUZZ_CHECK(other == !answer || other < 0);
        snprintf(longer, size, "%s AND %s", text, text);
        other = holds(longer, item);
        FUZZ_CHECK(other == answer || other < 0);
    }
    free(longer);
}

/* ---- updates and projections ---------------------------------------------------------------- */

static void check_update(const char *text)
{
    cJSON *input = input_with("UpdateExpression", text);
    cJSON *item = checked_item();
    dynamodb_expression expression;
    dynamodb_fault fault = { 0 };
    dynamodb_scope scope;
    bool ok = false;

    FUZZ_CHECK(dynamodb_scope_init(&scope, input, &fault));
    if (dynamodb_parse_update(&expression, &scope, input, "UpdateExpression", &fault)) {
        ok = dynamodb_update_apply(item, expression.root, &fault);
        dynamodb_expression_free(&expression);
    }
    check_fault(&fault, !ok);
    if (ok) {
        cJSON *again = dynamodb_map_copy(item, &fault);

        FUZZ_CHECK(again != NULL && cJSON_Compare(again, item, 1));
        FUZZ_CHECK(dynamodb_map_size(item) < 16 * 4096);
        cJSON_Delete(again);
    }
    dynamodb_scope_free(&scope);
    cJSON_Delete(item);
    cJSON_Delete(input);
}

static void check_projection(const char *text, const cJSON *item)
{
    cJSON *input = input_with("ProjectionExpression", text);
    dynamodb_expression expression;
    dynamodb_fault fault = { 0 };
    dynamodb_scope scope;
    cJSON *part = NULL;

    FUZZ_CHECK(dynamodb_scope_init(&scope, input, &fault));
    if (dynamodb_parse_projection(&expression, &scope, input, "ProjectionExpression", &fault)) {
        const cJSON *each;

        part = dynamodb_project(item, expression.root, &fault);
        FUZZ_CHECK(part != NULL);
        cJSON_ArrayForEach(each, part)
        {
            FUZZ_CHECK(cJSON_GetObjectItemCaseSensitive(item, each->string) != NULL);
        }
        FUZZ_CHECK(dynamodb_map_size(part) <= dynamodb_map_size(item));
        dynamodb_expression_free(&expression);
    }
    check_fault(&fault, part == NULL);
    cJSON_Delete(part);
    dynamodb_scope_free(&scope);
    cJSON_Delete(input);
}

/* ---- numbers ------------------------------------------------------------------------------- */

static int sign(int number)
{
    return (number > 0) - (number < 0);
}

static int order_of_keys(const dynamodb_number *a, const dynamodb_number *b)
{
    unsigned char one[DYNAMODB_NUMBER_KEY_SIZE], other[DYNAMODB_NUMBER_KEY_SIZE];
    size_t one_len = dynamodb_number_key(a, one), other_len = dynamodb_number_key(b, other);
    int order = memcmp(one, other, one_len < other_len ? one_len : other_len);

    return order != 0 ? order : (one_len > other_len) - (one_len < other_len);
}

static void check_numbers(const char *one, const char *other)
{
    char text[DYNAMODB_NUMBER_TEXT_SIZE], again[DYNAMODB_NUMBER_TEXT_SIZE];
    dynamodb_number a, b, sum, back;

    if (dynamodb_number_parse(one, &a) != DYNAMODB_NUMBER_OK)
        return;
    dynamodb_number_print(&a, text);
    FUZZ_CHECK(dynamodb_number_parse(text, &b) == DYNAMODB_NUMBER_OK);
    FUZZ_CHECK(dynamodb_number_compare(&a, &b) == 0);
    dynamodb_number_print(&b, again);
    FUZZ_CHECK(strcmp(text, again) == 0);
    if (dynamodb_number_parse(other, &b) != DYNAMODB_NUMBER_OK)
        return;
    FUZZ_CHECK(sign(dynamodb_number_compare(&a, &b)) == sign(order_of_keys(&a, &b)));
    FUZZ_CHECK(sign(dynamodb_number_compare(&b, &a)) == -sign(dynamodb_number_compare(&a, &b)));
    if (dynamodb_number_add(&a, &b, &sum) == DYNAMODB_NUMBER_OK &&
        dynamodb_number_subtract(&sum, &b, &back) == DYNAMODB_NUMBER_OK)
        FUZZ_CHECK(dynamodb_number_compare(&a, &back) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    char *text = fuzz_copy(data, len);
    const char *lines[LINES] = { "", "", "", "", "" };
    cJSON *item = checked_item();
    char *at = text;

    for (size_t i = 0; i < LINES && at != NULL; i++) {
        lines[i] = at;
        at = strchr(at, '\n');
        if (at != NULL)
            *at++ = '\0';
    }
    check_condition(lines[0], item);
    check_update(lines[1]);
    check_projection(lines[2], item);
    check_numbers(lines[3], lines[4]);
    cJSON_Delete(item);
    free(text);
    return 0;
}
