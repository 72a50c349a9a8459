/*
 * item.h - DynamoDB items in memory, and their form on the wire.
 */
#ifndef IC_ITEM_H
#define IC_ITEM_H

#include "base/buf.h"
#include "base/json.h"
#include <icecat/dynamodb.h>

/** Append {"name":{"S":"..."},...}. NULL writes {}. */
icecat_status ic_item_write_json(ic_buf *out, const icecat_item *item);

/** Read such an object. ICECAT_E_PROTOCOL when it is not one, ICECAT_E_NO_MEMORY, ICECAT_E_LIMIT. */
icecat_status ic_item_parse(const ic_mem *mem, const cJSON *object, icecat_item **out,
                            icecat_error *err);

icecat_items *ic_items_new(const ic_mem *mem);
/** Takes @p item, also on failure. */
icecat_status ic_items_add(icecat_items *items, icecat_item *item, icecat_error *err);
/** Free what follows the first @p most items. */
void ic_items_cut(icecat_items *items, uint64_t most);

#endif
