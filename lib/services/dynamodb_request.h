/*
 * dynamodb_request.h - requests of DynamoDB's operations. Pure.
 *
 * Each function initialises @p request, which the caller frees, also after a failure, and borrows
 * @p table for messages. ICECAT_E_ARGUMENT, ICECAT_E_NO_MEMORY, ICECAT_E_LIMIT.
 */
#ifndef IC_DYNAMODB_REQUEST_H
#define IC_DYNAMODB_REQUEST_H

#include "aws/request.h"
#include "base/json.h"
#include <icecat/dynamodb.h>

/** The options of a call, whole and checked. ICECAT_E_ARGUMENT. */
icecat_status ic_dynamodb_options_load(icecat_dynamodb_options *own,
                                       const icecat_dynamodb_options *options, icecat_error *err);

icecat_status ic_dynamodb_put_request(ic_request *request, const ic_mem *mem, const char *table,
                                      const icecat_item *item,
                                      const icecat_dynamodb_options *options, icecat_error *err);
icecat_status ic_dynamodb_get_request(ic_request *request, const ic_mem *mem, const char *table,
                                      const icecat_item *key,
                                      const icecat_dynamodb_options *options, icecat_error *err);
icecat_status ic_dynamodb_delete_request(ic_request *request, const ic_mem *mem, const char *table,
                                         const icecat_item *key,
                                         const icecat_dynamodb_options *options, icecat_error *err);
/** @p want_new: ask for the item after the update. */
icecat_status ic_dynamodb_update_request(ic_request *request, const ic_mem *mem, const char *table,
                                         const icecat_item *key, const char *update, int want_new,
                                         const icecat_dynamodb_options *options, icecat_error *err);
/** @p start_key: JSON of the last page's LastEvaluatedKey, or NULL. @p limit 0 means none. */
icecat_status ic_dynamodb_query_request(ic_request *request, const ic_mem *mem, const char *table,
                                        const char *key_condition, const char *start_key,
                                        uint64_t limit, const icecat_dynamodb_options *options,
                                        icecat_error *err);
/** @p keys_json: a JSON array of keys, at most 100. */
icecat_status ic_dynamodb_batch_get_request(ic_request *request, const ic_mem *mem,
                                            const char *table, const char *keys_json,
                                            const icecat_dynamodb_options *options,
                                            icecat_error *err);

#endif
