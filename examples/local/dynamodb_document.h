/*
 * dynamodb_document.h - what expressions do with an item: test it, look into it, change it.
 */
#ifndef ICECAT_LOCAL_DYNAMODB_DOCUMENT_H
#define ICECAT_LOCAL_DYNAMODB_DOCUMENT_H

#include "dynamodb_expression.h"

/* The value at path, or NULL. item may be NULL (no such item). */
const cJSON *dynamodb_path_find(const cJSON *item, const dynamodb_node *path);

/* Whether item meets the condition; a NULL condition is met. item may be NULL. */
bool dynamodb_condition_holds(const dynamodb_node *condition, const cJSON *item);

/* A copy of item with the listed paths only. actions: the list holds actions of an update. */
cJSON *dynamodb_project(const cJSON *item, const dynamodb_node *list, dynamodb_fault *fault);

/*
 * Apply an update to item, in place: every operand is taken from the item as it was before.
 * On failure item is half changed and must be dropped.
 */
bool dynamodb_update_apply(cJSON *item, const dynamodb_node *list, dynamodb_fault *fault);

/* Whether the update could create an item: one with only REMOVE and DELETE does not. */
bool dynamodb_update_creates(const dynamodb_node *list);

#endif
