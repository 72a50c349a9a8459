/*
 * dynamodb_capacity.h - ReturnConsumedCapacity: what a request would have cost.
 */
#ifndef ICECAT_LOCAL_DYNAMODB_CAPACITY_H
#define ICECAT_LOCAL_DYNAMODB_CAPACITY_H

#include "dynamodb_table.h"

typedef enum dynamodb_capacity_mode {
    DYNAMODB_CAPACITY_NONE,
    DYNAMODB_CAPACITY_TOTAL,
    DYNAMODB_CAPACITY_INDEXES
} dynamodb_capacity_mode;

/* Counted in halves of a unit, so that it stays exact. */
typedef struct dynamodb_usage {
    size_t table;
    size_t indexes[DYNAMODB_INDEXES_MAX];
} dynamodb_usage;

bool dynamodb_capacity_mode_read(const cJSON *input, dynamodb_capacity_mode *mode,
                                 dynamodb_fault *fault);

/* Cost of reading bytes: a unit per 4 kB, half of it when eventually consistent. */
size_t dynamodb_usage_of_read(size_t bytes, bool consistent);

/* Add the cost of replacing old by item (either may be NULL), in table and indexes. */
void dynamodb_usage_add_write(dynamodb_usage *usage, const dynamodb_table *table, const cJSON *old,
                              const cJSON *item);

/* Bytes of item as an index shows it. */
size_t dynamodb_index_item_size(const dynamodb_table *table, const dynamodb_index *index,
                                const cJSON *item);

/* A ConsumedCapacity object; NULL when memory ran out. */
cJSON *dynamodb_usage_json(const dynamodb_usage *usage, const dynamodb_table *table,
                           dynamodb_capacity_mode mode);

/* Add it to body, when the mode asks for it. */
bool dynamodb_usage_report(cJSON *body, const dynamodb_usage *usage, const dynamodb_table *table,
                           dynamodb_capacity_mode mode, dynamodb_fault *fault);

#endif
