/*
 * pairs.c - an ordered list of names and values. All their texts share one block, which moves when it grows.
 */
#include "base/pairs.h"

#include <string.h>

#define FIRST_TEXT 512u

void ic_pairs_init(ic_pairs *pairs, const ic_mem *mem, size_t max_count, size_t max_bytes)
{
    memset(pairs, 0, sizeof(*pairs));
    pairs->mem = mem != NULL ? mem : &ic_mem_default;
    pairs->max_count = max_count;
    pairs->max_bytes = max_bytes;
}

void ic_pairs_reset(ic_pairs *pairs)
{
    ic_mem_wipe(pairs->text, pairs->text_len);
    pairs->text_len = 0;
    pairs->count = 0;
    pairs->bytes = 0;
}

void ic_pairs_free(ic_pairs *pairs)
{
    ic_pairs_reset(pairs);
    ic_mem_free(pairs->mem, pairs->text);
    ic_mem_free(pairs->mem, pairs->items);
    pairs->items = NULL;
    pairs->cap = 0;
    pairs->text = NULL;
    pairs->text_cap = 0;
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

/* Move all texts to a larger block. The old one is handed out, because what is to be added may lie in it. */
static int move_text(ic_pairs *pairs, size_t more, char **old)
{
    size_t cap = pairs->text_cap != 0 ? pairs->text_cap * 2 : FIRST_TEXT;
    char *text;

    while (cap - pairs->text_len < more)
        cap *= 2;
    text = ic_mem_alloc(pairs->mem, cap);
    if (text == NULL)
        return 0;
    if (pairs->text_len != 0)
        memcpy(text, pairs->text, pairs->text_len);
    for (size_t i = 0; i < pairs->count; i++) {
        pairs->items[i].name = text + (pairs->items[i].name - pairs->text);
        pairs->items[i].value = text + (pairs->items[i].value - pairs->text);
    }
    *old = pairs->text;
    pairs->text = text;
    pairs->text_cap = cap;
    return 1;
}

static const char *append(ic_pairs *pairs, ic_view text)
{
    char *at = pairs->text + pairs->text_len;

    if (text.len != 0)
        memcpy(at, text.data, text.len);
    at[text.len] = '\0';
    pairs->text_len += text.len + 1;
    pairs->bytes += text.len;
    return at;
}

icecat_status ic_pairs_add_view(ic_pairs *pairs, ic_view name, ic_view value)
{
    size_t size = name.len + value.len + 2;
    size_t old_len = pairs->text_len;
    char *old = NULL;

    if (pairs->count >= pairs->max_count || name.len > pairs->max_bytes - pairs->bytes ||
        value.len > pairs->max_bytes - pairs->bytes - name.len)
        return ICECAT_E_LIMIT;
    if (make_room(pairs) != ICECAT_OK)
        return ICECAT_E_NO_MEMORY;
    if (size > pairs->text_cap - old_len && !move_text(pairs, size, &old))
        return ICECAT_E_NO_MEMORY;
    pairs->items[pairs->count].name = append(pairs, name);
    pairs->items[pairs->count].value = append(pairs, value);
    pairs->count++;
    ic_mem_free_secret(pairs->mem, old, old_len);
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
