/*
 * submit_seen.c - which bytes one bulk submission has met already, by their SHA-256.
 *
 * Open addressing with linear probing; a digest's own bytes are the hash. Nothing is ever removed.
 */
#include "pipeline/submit_seen.h"

#include "base/error.h"

#include <string.h>

#define FIRST_SLOTS 64u
#define MOST_SEEN   4000000u /* as many as a batch file holds records */

void ic_seen_init(ic_seen_table *table, const ic_mem *mem)
{
    memset(table, 0, sizeof(*table));
    table->mem = mem;
}

void ic_waiter_free(const ic_mem *mem, ic_waiter *waiter)
{
    if (waiter == NULL)
        return;
    ic_mem_free(mem, waiter->path);
    ic_mem_free(mem, waiter);
}

static void free_entry(ic_seen_table *table, ic_seen *seen)
{
    ic_waiter *waiter;

    while ((waiter = ic_seen_take_waiter(table, seen)) != NULL)
        ic_waiter_free(table->mem, waiter);
    ic_mem_free(table->mem, seen->path);
    ic_mem_free(table->mem, seen);
}

void ic_seen_free(ic_seen_table *table)
{
    for (size_t i = 0; i < table->slot_count; i++) {
        if (table->slots[i] != NULL)
            free_entry(table, table->slots[i]);
    }
    ic_mem_free(table->mem, table->slots);
    memset(table, 0, sizeof(*table));
}

/* Slot that holds the digest, or the empty one where it belongs. There always is one. */
static size_t slot_of(ic_seen *const *slots, size_t slot_count, const unsigned char *digest)
{
    size_t slot;

    memcpy(&slot, digest, sizeof(slot));
    slot &= slot_count - 1;
    while (slots[slot] != NULL && memcmp(slots[slot]->digest, digest, IC_SHA256_LEN) != 0)
        slot = (slot + 1) & (slot_count - 1);
    return slot;
}

ic_seen *ic_seen_find(const ic_seen_table *table, const unsigned char digest[IC_SHA256_LEN])
{
    return table->slot_count != 0 ? table->slots[slot_of(table->slots, table->slot_count, digest)]
                                  : NULL;
}

static int make_room(ic_seen_table *table)
{
    size_t slot_count = table->slot_count != 0 ? table->slot_count * 2 : FIRST_SLOTS;
    ic_seen **slots;

    if (table->count < table->slot_count / 2)
        return 1;
    slots = ic_mem_array(table->mem, slot_count, sizeof(ic_seen *));
    if (slots == NULL)
        return 0;
    for (size_t i = 0; i < table->slot_count; i++) {
        if (table->slots[i] != NULL)
            slots[slot_of(slots, slot_count, table->slots[i]->digest)] = table->slots[i];
    }
    ic_mem_free(table->mem, table->slots);
    table->slots = slots;
    table->slot_count = slot_count;
    return 1;
}

icecat_status ic_seen_add(ic_seen_table *table, const unsigned char digest[IC_SHA256_LEN],
                          ic_seen **out, icecat_error *err)
{
    ic_seen *seen;

    if (table->count >= MOST_SEEN)
        return ic_fail(err, ICECAT_E_LIMIT,
                       "one call takes at most %u different images; submit the rest with another",
                       MOST_SEEN);
    seen = make_room(table) ? ic_mem_zalloc(table->mem, sizeof(*seen)) : NULL;
    if (seen == NULL)
        return ic_fail_memory(err, "the list of images");
    memcpy(seen->digest, digest, sizeof(seen->digest));
    table->slots[slot_of(table->slots, table->slot_count, digest)] = seen;
    table->count++;
    *out = seen;
    return ICECAT_OK;
}

icecat_status ic_seen_wait(ic_seen_table *table, ic_seen *seen, const char *path, uint64_t index,
                           icecat_error *err)
{
    ic_waiter *waiter = ic_mem_zalloc(table->mem, sizeof(*waiter));

    if (waiter != NULL)
        waiter->path = ic_mem_dup(table->mem, path);
    if (waiter == NULL || waiter->path == NULL) {
        ic_waiter_free(table->mem, waiter);
        return ic_fail_memory(err, "a duplicate image");
    }
    waiter->index = index;
    if (seen->last != NULL)
        seen->last->next = waiter;
    else
        seen->first = waiter;
    seen->last = waiter;
    table->waiters++;
    return ICECAT_OK;
}

ic_waiter *ic_seen_take_waiter(ic_seen_table *table, ic_seen *seen)
{
    ic_waiter *waiter = seen->first;

    if (waiter == NULL)
        return NULL;
    seen->first = waiter->next;
    if (seen->first == NULL)
        seen->last = NULL;
    waiter->next = NULL;
    table->waiters--;
    return waiter;
}
