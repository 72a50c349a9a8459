/*
 * dynamodb_response.h - DynamoDB's answers. Pure.
 */
#ifndef IC_DYNAMODB_RESPONSE_H
#define IC_DYNAMODB_RESPONSE_H

#include "aws/request.h"
#include "services/item.h"

/** The item called @p member ("Item", "Attributes"); *out is NULL when there is none. */
icecat_status ic_dynamodb_item_parse(const ic_request *request, const ic_response *response,
                                     const char *member, icecat_item **out, icecat_error *err);

/**
 * The item inside the error answer of a condition that was false. *out is NULL when there is none or it
 * cannot be read, because the error itself has been reported already. ICECAT_OK, or ICECAT_E_NO_MEMORY,
 * without which nobody knows whether there is one.
 */
icecat_status ic_dynamodb_old_item_parse(const ic_response *response, icecat_item **out,
                                         icecat_error *err);

/** Append a page's items; @p last_key becomes the JSON of LastEvaluatedKey, or empty. */
icecat_status ic_dynamodb_page_parse(const ic_request *request, const ic_response *response,
                                     icecat_items *items, ic_buf *last_key, icecat_error *err);

/** What BatchGetItem did not do. */
typedef struct ic_dynamodb_left {
    ic_buf keys; /* JSON array of keys, or empty */
    size_t count;
} ic_dynamodb_left;

/** Append the items of one table, and tell which keys are left. */
icecat_status ic_dynamodb_batch_parse(const ic_request *request, const ic_response *response,
                                      const char *table, icecat_items *items,
                                      ic_dynamodb_left *left, icecat_error *err);

#endif
