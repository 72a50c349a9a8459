/*
 * items.c - a list of items.
 */
#include "base/error.h"
#include "services/item.h"

#define MAX_ITEMS 8000000u /* twice what a batch may hold; a page that never ends is refused here */

struct icecat_items {
    ic_mem mem;
    icecat_item **items;
    size_t count;
    size_t cap;
};

icecat_items *ic_items_new(const ic_mem *mem)
{
    icecat_items *items = ic_mem_zalloc(mem, sizeof(*items));

    if (items != NULL)
        items->mem = *mem;
    return items;
}

icecat_status ic_items_add(icecat_items *items, icecat_item *item, icecat_error *err)
{
    if (items->count >= MAX_ITEMS) {
        icecat_item_free(item);
        return ic_fail(err, ICECAT_E_LIMIT, "a call returns at most %u items", MAX_ITEMS);
    }
    if (items->count == items->cap) {
        size_t cap = items->cap != 0 ? items->cap * 2 : 64;
        icecat_item **grown = ic_mem_regrow(&items->mem, items->items, cap, sizeof(*grown));

        if (grown == NULL) {
            icecat_item_free(item);
            return ic_fail_memory(err, "items");
        }
        items->items = grown;
        items->cap = cap;
    }
    items->items[items->count++] = item;
    return ICECAT_OK;
}

void ic_items_cut(icecat_items *items, uint64_t most)
{
    while (items->count > most)
        icecat_item_free(items->items[--items->count]);
}

size_t icecat_items_count(const icecat_items *items)
{
    return items != NULL ? items->count : 0;
}

const icecat_item *icecat_items_at(const icecat_items *items, size_t index)
{
    return items != NULL && index < items->count ? items->items[index] : NULL;
}

void icecat_items_free(icecat_items *items)
{
    ic_mem mem;

    if (items == NULL)
        return;
    mem = items->mem;
    for (size_t i = 0; i < items->count; i++)
        icecat_item_free(items->items[i]);
    ic_mem_free(&mem, items->items);
    ic_mem_free(&mem, items);
}
