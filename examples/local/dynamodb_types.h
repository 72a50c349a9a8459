/*
 * dynamodb_types.h - attribute values as the wire has them: {"S": "..."}, {"L": [...]}.
 *
 * dynamodb_value_copy() is the gate: what came through it is well formed and normalised (one
 * spelling per number and per binary), and every other function relies on that.
 */
#ifndef ICECAT_LOCAL_DYNAMODB_TYPES_H
#define ICECAT_LOCAL_DYNAMODB_TYPES_H

#include "dynamodb_fault.h"
#include "dynamodb_number.h"

#include <stddef.h>

typedef enum dynamodb_type {
    DYNAMODB_S,
    DYNAMODB_N,
    DYNAMODB_B,
    DYNAMODB_BOOL,
    DYNAMODB_NULL,
    DYNAMODB_SS,
    DYNAMODB_NS,
    DYNAMODB_BS,
    DYNAMODB_L,
    DYNAMODB_M,
    DYNAMODB_TYPE_COUNT
} dynamodb_type;

/* "S", "N", ...; what error messages and attribute_type() use. */
const char *dynamodb_type_name(dynamodb_type type);

/* The type named so, or DYNAMODB_TYPE_COUNT. */
dynamodb_type dynamodb_type_named(const char *name);

/* Check one attribute value and return its normalised copy, or NULL with the reason. */
cJSON *dynamodb_value_copy(const cJSON *value, dynamodb_fault *fault);

/* The same for a map of attributes (an item, a key). */
cJSON *dynamodb_map_copy(const cJSON *map, dynamodb_fault *fault);

/* Of a checked value: its type, and what is inside ({"S": "a"} -> the string item). */
dynamodb_type dynamodb_type_of(const cJSON *value);
const cJSON *dynamodb_content(const cJSON *value);
const char *dynamodb_text(const cJSON *value); /* S, N and B only */

bool dynamodb_is_set(dynamodb_type type);
dynamodb_type dynamodb_set_element(dynamodb_type set); /* SS -> S */

/* New values; NULL when memory ran out. */
cJSON *dynamodb_value_new(dynamodb_type type, const char *text); /* S, N, B */
cJSON *dynamodb_value_wrap(dynamodb_type type, cJSON *content); /* takes content, also on failure */
cJSON *dynamodb_value_number(const dynamodb_number *number);

/* Of an N value. */
void dynamodb_value_to_number(const cJSON *value, dynamodb_number *out);

/* Deep equality; sets without order. */
bool dynamodb_value_equal(const cJSON *a, const cJSON *b);

/* Whether set holds element (text of the element type). */
bool dynamodb_set_has(const cJSON *set_content, const char *element);

/* Order of two S, two N or two B values. */
int dynamodb_value_compare(const cJSON *a, const cJSON *b);

/* Bytes by the service's size formula. */
size_t dynamodb_value_size(const cJSON *value);
size_t dynamodb_map_size(const cJSON *map);

#endif
