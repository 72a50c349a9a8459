/*
 * dynamodb_input.h - typed fields of a request. JSON null is the same as absent.
 */
#ifndef ICECAT_LOCAL_DYNAMODB_INPUT_H
#define ICECAT_LOCAL_DYNAMODB_INPUT_H

#include "dynamodb_fault.h"

#include <stddef.h>

const cJSON *dynamodb_input_get(const cJSON *input, const char *field); /* NULL when absent */

/* Each leaves *out as it was when the field is absent; false when it has another type. */
bool dynamodb_input_string(const cJSON *input, const char *field, const char **out,
                           dynamodb_fault *fault);
bool dynamodb_input_bool(const cJSON *input, const char *field, bool *out, dynamodb_fault *fault);
bool dynamodb_input_integer(const cJSON *input, const char *field, long *out,
                            dynamodb_fault *fault);
bool dynamodb_input_list(const cJSON *input, const char *field, const cJSON **out,
                         dynamodb_fault *fault);
bool dynamodb_input_map(const cJSON *input, const char *field, const cJSON **out,
                        dynamodb_fault *fault);

/* A string that must be one of the NULL-terminated choices (absent: the first). *out is its
   place among them. */
bool dynamodb_input_choice(const cJSON *input, const char *field, const char *const *choices,
                           size_t *out, dynamodb_fault *fault);

/* "Value null at 'tableName' failed ...": what the service says about an absent field. */
bool dynamodb_input_missing(const char *field, dynamodb_fault *fault);

/* Refuse parameters of the time before expressions. */
bool dynamodb_input_refuse_legacy(const cJSON *input, dynamodb_fault *fault);

#endif
