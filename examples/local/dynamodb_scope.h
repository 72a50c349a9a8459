/*
 * dynamodb_scope.h - ExpressionAttributeNames and ExpressionAttributeValues of one request.
 *
 * Every expression of the request resolves its #names and :values here; dynamodb_scope_finish()
 * then refuses those that nobody used, as the service does.
 */
#ifndef ICECAT_LOCAL_DYNAMODB_SCOPE_H
#define ICECAT_LOCAL_DYNAMODB_SCOPE_H

#include "dynamodb_fault.h"

#include <stddef.h>

typedef struct dynamodb_scope {
    const cJSON *names; /* borrowed from the request; NULL when absent */
    cJSON *values;      /* owned, normalised; NULL when absent */
    bool *names_used;
    bool *values_used;
    size_t expressions; /* parsed with this scope */
} dynamodb_scope;

/* Check both maps of input. On failure nothing needs to be freed. */
bool dynamodb_scope_init(dynamodb_scope *scope, const cJSON *input, dynamodb_fault *fault);
void dynamodb_scope_free(dynamodb_scope *scope);

/* What "#name" or ":value" stands for, marked as used; NULL when it is not defined. */
const char *dynamodb_scope_name(dynamodb_scope *scope, const char *key);
const cJSON *dynamodb_scope_value(dynamodb_scope *scope, const char *key);

/* Refuse unused entries. possible names the expressions the operation could have had. */
bool dynamodb_scope_finish(const dynamodb_scope *scope, const char *possible,
                           dynamodb_fault *fault);

#endif
