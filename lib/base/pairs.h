/*
 * pairs.h - an ordered list of names and values: headers, query parameters, metadata.
 */
#ifndef IC_PAIRS_H
#define IC_PAIRS_H

#include "base/mem.h"
#include "base/view.h"
#include <icecat/error.h>

typedef struct ic_pairs {
    const ic_mem *mem;
    icecat_pair *items;
    size_t count;
    size_t cap;
    char *text; /* of all items, each name and value with its NUL byte */
    size_t text_len;
    size_t text_cap;
    size_t bytes; /* of all names and values */
    size_t max_count;
    size_t max_bytes;
} ic_pairs;

void ic_pairs_init(ic_pairs *pairs, const ic_mem *mem, size_t max_count, size_t max_bytes);
void ic_pairs_free(ic_pairs *pairs); /* wipes: headers may hold a session token */
/** Empty it, and wipe; the memory is kept. */
void ic_pairs_reset(ic_pairs *pairs);
/** Copies both; names and values of before may move. ICECAT_OK, ICECAT_E_NO_MEMORY or ICECAT_E_LIMIT. */
icecat_status ic_pairs_add(ic_pairs *pairs, const char *name, const char *value);
icecat_status ic_pairs_add_view(ic_pairs *pairs, ic_view name, ic_view value);
/** Value of the first pair with this name, ASCII case ignored; NULL when there is none. It lives until the
 *  next is added. */
const char *ic_pairs_get(const ic_pairs *pairs, const char *name);

#endif
