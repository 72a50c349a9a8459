/*
 * submit_seen.h - which bytes one bulk submission has met already, by their SHA-256.
 */
#ifndef IC_SUBMIT_SEEN_H
#define IC_SUBMIT_SEEN_H

#include "pipeline/submit.h"

typedef enum ic_seen_state {
    IC_SEEN_IDLE,      /* not uploaded, and nobody tries to */
    IC_SEEN_IN_FLIGHT, /* its upload is under way */
    IC_SEEN_UPLOADED
} ic_seen_state;

/** An image that has to wait: its bytes are being uploaded under another name. */
typedef struct ic_waiter {
    struct ic_waiter *next;
    char *path;
    uint64_t index;
} ic_waiter;

/** Bytes that were given at least once. */
typedef struct ic_seen {
    unsigned char digest[IC_SHA256_LEN];
    ic_seen_state state;
    uint32_t format;
    char *path;        /* of the image that is, or was last, uploaded */
    int64_t upload_ts; /* with extension, all that the key needs; 0: has no key yet */
    uint64_t size_bytes;
    ic_key_extension extension;
    ic_waiter *first; /* in the order of giving */
    ic_waiter *last;
} ic_seen;

/** A hash table of ic_seen; its entries never move. */
typedef struct ic_seen_table {
    const ic_mem *mem;
    ic_seen **slots; /* a power of two of them, at most half of them used */
    size_t slot_count;
    size_t count;
    size_t waiters; /* of all entries together */
} ic_seen_table;

void ic_seen_init(ic_seen_table *table, const ic_mem *mem);
void ic_seen_free(ic_seen_table *table);

/** NULL when these bytes are new. */
ic_seen *ic_seen_find(const ic_seen_table *table, const unsigned char digest[IC_SHA256_LEN]);
/** Enter new bytes. ICECAT_E_NO_MEMORY, or ICECAT_E_LIMIT when there are too many. */
icecat_status ic_seen_add(ic_seen_table *table, const unsigned char digest[IC_SHA256_LEN],
                          ic_seen **out, icecat_error *err);

/** Let the image at @p path wait for @p seen. The path is copied. ICECAT_E_NO_MEMORY. */
icecat_status ic_seen_wait(ic_seen_table *table, ic_seen *seen, const char *path, uint64_t index,
                           icecat_error *err);
/** Who waits longest, for the caller to free with ic_waiter_free(); NULL when nobody does. */
ic_waiter *ic_seen_take_waiter(ic_seen_table *table, ic_seen *seen);
void ic_waiter_free(const ic_mem *mem, ic_waiter *waiter);

#endif
