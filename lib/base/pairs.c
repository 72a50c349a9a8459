/*
 * pairs.c - an ordered list of names and values. Name and value share one allocation.
 */
#include "base/pairs.h"

#include <string.h>

void ic_pairs_init(ic_pairs *pairs, const ic_mem *mem, size_t max_count, size_t max_bytes)
{
    memset(pairs, 0, sizeof(*pairs));
    pairs->mem = mem != NULL ? mem : &ic_mem_default;
    pairs->max_count = max_count;
    pairs->max_bytes = max_bytes;
}

void ic_pairs_reset(ic_pairs *pairs)
{
    for (size_t i = 0; i < pairs->count; i++) {
        char *name = (char *)(uintptr_t)pairs->items[i].name;
        size_t size = strlen(name) + strlen(pairs->items[i].value) + 2;

        ic_mem_free_secret(pairs->mem, name, size);
    }
    pairs->count = 0;
    pairs->bytes = 0;
}

void ic_pairs_free(ic_pairs *pairs)
{
    ic_pairs_reset(pairs);
    ic_mem_free(pairs->mem, pairs->items);
    pairs->items = NULL;
    pairs->cap = 0;
}

static icecat_status make_room(ic_pairs *pairs)
{
    size_t cap = pairs->cap != 0 ? pairs->cap * 2 : 8;
    icecat_pair *items;

    if (pairs->count < pairs->cap)
        return ICECAT_OK;
    items = ic_mem_regrow(pairs->mem, pairs->items, cap, sizeof(*items));
    if (items == NULL)
        return ICECAT_E_NO_MEMORY;
    pairs->items = items;
    pairs->cap = cap;
    return ICECAT_OK;
}

icecat_status ic_pairs_add_view(ic_pairs *pairs, ic_view name, ic_view value)
{
    char *text;

    if (pairs->count >= pairs->max_count || name.len > pairs->max_bytes - pairs->bytes ||
        value.len > pairs->max_bytes - pairs->bytes - name.len)
        return ICECAT_E_LIMIT;
    if (make_room(pairs) != ICECAT_OK)
        return ICECAT_E_NO_MEMORY;
    text = ic_mem_alloc(pairs->mem, name.len + value.len + 2);
    if (text == NULL)
        return ICECAT_E_NO_MEMORY;

    if (name.len != 0)
        memcpy(text, name.data, name.len);
    text[name.len] = '\0';
    if (value.len != 0)
        memcpy(text + name.len + 1, value.data, value.len);
    text[name.len + 1 + value.len] = '\0';
    pairs->items[pairs->count].name = text;
    pairs->items[pairs->count].value = text + name.len + 1;
    pairs->count++;
    pairs->bytes += name.len + value.len;
    return ICECAT_OK;
}

icecat_status ic_pairs_add(ic_pairs *pairs, const char *name, const char *value)
{
    return ic_pairs_add_view(pairs, ic_view_of(name), ic_view_of(value));
}

const char *ic_pairs_get(const ic_pairs *pairs, const char *name)
{
    for (size_t i = 0; i < pairs->count; i++) {
        if (ic_text_equal_nocase(pairs->items[i].name, name))
            return pairs->items[i].value;
    }
    return NULL;
}
