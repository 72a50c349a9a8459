/*
 * dynamodb.h - items of Amazon DynamoDB tables.
 *
 * Source of the rules: Amazon DynamoDB API Reference, the page of each operation.
 *
 * @param client  Sends the requests.
 * @param table   Name of the table.
 * @param options Condition, projection, bounds of the call; NULL for none. Borrowed.
 * @param key     The primary key: an item of the one or two attributes of the table's key.
 * @param item    The item.
 * @param items   The list.
 * @param name    Name of the attribute.
 *
 * Thread rule: a client may be shared; items belong to one thread at a time.
 */
#ifndef ICECAT_DYNAMODB_H
#define ICECAT_DYNAMODB_H

#include <icecat/client.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Attributes by name, in the order in which they were set or received. */
typedef struct icecat_item icecat_item;

/** A new item without attributes, to be freed with icecat_item_free(); NULL when out of memory.
 *  @p allocator NULL means malloc; copied. */
ICECAT_API icecat_item *icecat_item_new(const icecat_allocator *allocator);
/** Release an item. NULL is allowed. */
ICECAT_API void icecat_item_free(icecat_item *item);

/**
 * Set, or replace, one attribute of type S. The other three set numbers and BOOL.
 *
 * @param value Copied, as the name is.
 * @retval ICECAT_OK
 * @retval ICECAT_E_ARGUMENT An argument is NULL, the name is empty or over 65535 bytes, or a number
 *                           is not a decimal number.
 * @retval ICECAT_E_LIMIT    The item would have more than 1000 attributes or 400 kB.
 * @retval ICECAT_E_NO_MEMORY
 */
ICECAT_API icecat_status icecat_item_set_string(icecat_item *item, const char *name,
                                                const char *value, icecat_error *err);
/** Set an N by its @p decimal text, because DynamoDB's numbers have 38 digits. Statuses as
 *  icecat_item_set_string(). */
ICECAT_API icecat_status icecat_item_set_number(icecat_item *item, const char *name,
                                                const char *decimal, icecat_error *err);
/** Set an N to @p value. Statuses as icecat_item_set_string(). */
ICECAT_API icecat_status icecat_item_set_int(icecat_item *item, const char *name, int64_t value,
                                             icecat_error *err);
/** Set a BOOL; @p value is 0 or 1. Statuses as icecat_item_set_string(). */
ICECAT_API icecat_status icecat_item_set_bool(icecat_item *item, const char *name, int value,
                                              icecat_error *err);

/** Number of attributes. */
ICECAT_API size_t icecat_item_count(const icecat_item *item);
/** Name of attribute @p index, or NULL when there are fewer. Lives as long as the attribute. */
ICECAT_API const char *icecat_item_name(const icecat_item *item, size_t index);
/** DynamoDB's type of an attribute: "S", "N", "B", "BOOL", "NULL", "L", "M", "SS", "NS", "BS"; NULL
 *  when there is no such attribute. Static. */
ICECAT_API const char *icecat_item_type(const icecat_item *item, const char *name);
/**
 * Value of an attribute: text of S; decimal text of N; base64 of B; "true" or "false" of BOOL;
 * "" of NULL; DynamoDB JSON of the others. NULL when there is no such attribute. Lives as long as the
 * attribute is not changed.
 */
ICECAT_API const char *icecat_item_get(const icecat_item *item, const char *name);
/** 1 and @p value set when the attribute is an N that fits, or an S that holds such a number. */
ICECAT_API int icecat_item_get_int(const icecat_item *item, const char *name, int64_t *value);

/** Items that a call returned. */
typedef struct icecat_items icecat_items;

/** Number of items. */
ICECAT_API size_t icecat_items_count(const icecat_items *items);
/** Item @p index, or NULL when there are fewer. Borrowed from @p items. */
ICECAT_API const icecat_item *icecat_items_at(const icecat_items *items, size_t index);
/** Release the list and its items. NULL is allowed. */
ICECAT_API void icecat_items_free(icecat_items *items);

/*
 * Every call below may return, besides the statuses that it names:
 * ICECAT_E_ARGUMENT, ICECAT_E_NO_MEMORY, ICECAT_E_LIMIT (a request over 16 MiB, an answer over 32 MiB,
 * more than 8 million items), ICECAT_E_CANCELLED, ICECAT_E_DEADLINE, ICECAT_E_BAD_CREDENTIALS (the keys
 * have expired), ICECAT_E_CRYPTO, the transport statuses 60 to 65, ICECAT_E_AUTH, ICECAT_E_ACCESS,
 * ICECAT_E_NOT_FOUND (no such table), ICECAT_E_REGION (a redirect), ICECAT_E_THROTTLED,
 * ICECAT_E_UNAVAILABLE, ICECAT_E_VALIDATION and ICECAT_E_SERVICE.
 *
 * A write whose answer was lost is sent again. So ICECAT_E_PRECONDITION with err->attempts over 1 may be
 * the answer to a write that the first attempt has made; the item that is there tells.
 */

/** Options of the calls on one item and of a query. Zero or NULL in any field means the default. */
typedef struct icecat_dynamodb_options {
    size_t struct_size;              /**< Set by ICECAT_DYNAMODB_OPTIONS_INIT. */
    const icecat_call_options *call; /**< Deadline and cancel. */
    const char *condition;           /**< ConditionExpression (put, update, delete). */
    const char *filter;              /**< FilterExpression (query). */
    const char *projection;          /**< ProjectionExpression (get, batch get, query). */
    const char *index;               /**< IndexName (query). */
    const icecat_pair *names;        /**< ExpressionAttributeNames: "#s" -> "op_status". */
    size_t names_count;              /**< Elements of @p names. */
    const icecat_item *values;       /**< ExpressionAttributeValues: ":s" -> value. */
    uint64_t max_items;              /**< Most items of a query; 0 for all. */
    uint32_t page_items; /**< Limit of each page of a query; 0 for the service's 1 MB. */
    uint32_t consistent; /**< 1: strongly consistent read (not on an index). */
    uint32_t descending; /**< 1: ScanIndexForward false. */
    uint32_t reserved;   /**< Must be 0. */
} icecat_dynamodb_options;
#define ICECAT_DYNAMODB_OPTIONS_INIT                                                               \
    {                                                                                              \
        .struct_size = sizeof(icecat_dynamodb_options)                                             \
    }

/** Zero @p options, for languages without initialisers; @p struct_size is the caller's sizeof. */
ICECAT_API void icecat_dynamodb_options_init(icecat_dynamodb_options *options, size_t struct_size);

/**
 * PutItem: write a whole item, under a condition if one is given.
 *
 * @param item What is written. Borrowed.
 * @param old  May be NULL. When the condition was false it receives the item that is there, or NULL
 *             when there is none; free with icecat_item_free(). NULL otherwise.
 * @retval ICECAT_OK
 * @retval ICECAT_E_PRECONDITION The condition was false; nothing was written.
 */
ICECAT_API icecat_status icecat_dynamodb_put_item(icecat_client *client, const char *table,
                                                  const icecat_item *item,
                                                  const icecat_dynamodb_options *options,
                                                  icecat_item **old, icecat_error *err);

/**
 * UpdateItem: change attributes of one item, under a condition if one is given.
 *
 * @param update UpdateExpression, e.g. "SET op_status = :s".
 * @param out    May be NULL. Receives the item after the update, or when the condition was false the
 *               item that is there; free with icecat_item_free().
 * @retval ICECAT_OK
 * @retval ICECAT_E_PRECONDITION The condition was false; nothing was written.
 */
ICECAT_API icecat_status icecat_dynamodb_update_item(icecat_client *client, const char *table,
                                                     const icecat_item *key, const char *update,
                                                     const icecat_dynamodb_options *options,
                                                     icecat_item **out, icecat_error *err);

/**
 * GetItem: read one item.
 *
 * @param out Receives the item; free with icecat_item_free(). NULL when there is none.
 * @retval ICECAT_OK          @p out is the item, or NULL when no item has this key.
 */
ICECAT_API icecat_status icecat_dynamodb_get_item(icecat_client *client, const char *table,
                                                  const icecat_item *key,
                                                  const icecat_dynamodb_options *options,
                                                  icecat_item **out, icecat_error *err);

/**
 * DeleteItem: remove one item, under a condition if one is given. No item is a success.
 *
 * @retval ICECAT_OK
 * @retval ICECAT_E_PRECONDITION The condition was false; nothing was removed.
 */
ICECAT_API icecat_status icecat_dynamodb_delete_item(icecat_client *client, const char *table,
                                                     const icecat_item *key,
                                                     const icecat_dynamodb_options *options,
                                                     icecat_error *err);

/**
 * Query: read all items under one partition key, over as many pages as it takes.
 *
 * @param key_condition KeyConditionExpression, e.g. "batch_id = :b".
 * @param out           Receives the items; free with icecat_items_free().
 * @retval ICECAT_OK
 */
ICECAT_API icecat_status icecat_dynamodb_query(icecat_client *client, const char *table,
                                               const char *key_condition,
                                               const icecat_dynamodb_options *options,
                                               icecat_items **out, icecat_error *err);

/**
 * BatchGetItem: read items by their keys, 100 in a request; keys that the service left unprocessed
 * are asked for again, with back-off, until it answers ten times in a row without an item. Equal keys
 * are asked for once. Items come in no order, and keys without an item are left out.
 *
 * @param keys  Primary keys.
 * @param count Elements of @p keys.
 * @param out   Receives the items; free with icecat_items_free().
 * @retval ICECAT_OK
 * @retval ICECAT_E_THROTTLED Also when keys stay unprocessed.
 */
ICECAT_API icecat_status icecat_dynamodb_batch_get(icecat_client *client, const char *table,
                                                   const icecat_item *const *keys, size_t count,
                                                   const icecat_dynamodb_options *options,
                                                   icecat_items **out, icecat_error *err);

#ifdef __cplusplus
}
#endif

#endif
