/*
 * fake_expression.h - conditions, updates and projections of DynamoDB, as far as the pipeline uses
 * them. As on AWS, a reserved word is wrong.
 */
#ifndef FAKE_EXPRESSION_H
#define FAKE_EXPRESSION_H

#include <cjson/cJSON.h>

/** Text of a typed value, {"S":"..."} or {"N":"..."}; NULL when it is none. */
const char *fake_text_in(const cJSON *typed);
/** 1 when both are there and equal. */
int fake_is_equal(const cJSON *a, const cJSON *b);
/** 1 or 0; -1 for a wrong expression. No expression is true. */
int fake_evaluate(const char *expression, const cJSON *item, const cJSON *values);
/** "SET a = :x, b = :y REMOVE c". 1 when it is right. */
int fake_apply_update(const char *expression, cJSON *item, const cJSON *values);
/** 1 when every value of the request is in one of its expressions. */
int fake_values_are_used(const cJSON *request);
/** The attributes that the request, or the table's part of it, asks for: a new tree. */
cJSON *fake_project(const cJSON *item, const cJSON *options);

#endif
