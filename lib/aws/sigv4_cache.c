/*
 * sigv4_cache.c - the signing keys that signatures share.
 *
 * The lock is held only to look and to copy, never while something is hashed. Secrets are copied, so
 * that a lookup compares the whole secret and hashes nothing; a secret, region or service longer than
 * AWS gives out is not kept.
 */
#include "aws/sigv4_cache.h"

#include "aws/sigv4_key.h"
#include "base/error.h"
#include "base/mem.h"

#include <pthread.h>
#include <string.h>

#define KEYS    16
#define DAY_LEN 8

typedef struct kept_key {
    uint64_t used; /* larger is later; 0: free */
    char secret[128];
    char region[64];
    char service[32];
    char day[DAY_LEN];
    unsigned char key[IC_SHA256_LEN];
} kept_key;

struct icecat_sigv4_cache {
    ic_mem mem;
    pthread_mutex_t lock;
    uint64_t uses;
    kept_key keys[KEYS];
};

icecat_status icecat_sigv4_cache_new(const icecat_allocator *allocator, icecat_sigv4_cache **out,
                                     icecat_error *err)
{
    icecat_sigv4_cache *cache;

    ic_error_clear(err);
    if (out == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "out is NULL");
    *out = NULL;
    if (ic_mem_check(allocator, err) != ICECAT_OK)
        return ICECAT_E_ARGUMENT;
    cache = ic_mem_zalloc(allocator, sizeof(*cache));
    if (cache == NULL)
        return ic_fail_memory(err, "a cache of signing keys");
    cache->mem = allocator != NULL ? *allocator : ic_mem_default;
    pthread_mutex_init(&cache->lock, NULL);
    *out = cache;
    return ICECAT_OK;
}

void icecat_sigv4_cache_free(icecat_sigv4_cache *cache)
{
    ic_mem mem;

    if (cache == NULL)
        return;
    mem = cache->mem;
    pthread_mutex_destroy(&cache->lock);
    ic_mem_free_secret(&mem, cache, sizeof(*cache));
}

static int same_secret(const kept_key *kept, const char *secret)
{
    size_t len = strlen(kept->secret);

    return strlen(secret) == len && ic_digest_equal(kept->secret, secret, len);
}

static int same_place(const kept_key *kept, const ic_sigv4_key_scope *scope)
{
    return kept->used != 0 && strcmp(kept->region, scope->region) == 0 &&
           strcmp(kept->service, scope->service) == 0 && same_secret(kept, scope->secret);
}

static int find_key(icecat_sigv4_cache *cache, const ic_sigv4_key_scope *scope,
                    unsigned char key[IC_SHA256_LEN])
{
    int found = 0;

    pthread_mutex_lock(&cache->lock);
    for (size_t i = 0; i < KEYS && !found; i++) {
        kept_key *kept = &cache->keys[i];

        found = same_place(kept, scope) && memcmp(kept->day, scope->day, DAY_LEN) == 0;
        if (found) {
            kept->used = ++cache->uses;
            memcpy(key, kept->key, IC_SHA256_LEN);
        }
    }
    pthread_mutex_unlock(&cache->lock);
    return found;
}

/* The place of the key of another day, else a free one, else that of the key not used for longest. */
static kept_key *place_for(icecat_sigv4_cache *cache, const ic_sigv4_key_scope *scope)
{
    kept_key *oldest = &cache->keys[0];

    for (size_t i = 0; i < KEYS; i++) {
        kept_key *kept = &cache->keys[i];

        if (same_place(kept, scope))
            return kept;
        if (kept->used < oldest->used)
            oldest = kept;
    }
    return oldest;
}

static void drop_earlier_days(icecat_sigv4_cache *cache, const char *day)
{
    for (size_t i = 0; i < KEYS; i++) {
        if (cache->keys[i].used != 0 && memcmp(cache->keys[i].day, day, DAY_LEN) < 0)
            ic_mem_wipe(&cache->keys[i], sizeof(cache->keys[i]));
    }
}

static void keep_key(icecat_sigv4_cache *cache, const ic_sigv4_key_scope *scope,
                     const unsigned char key[IC_SHA256_LEN])
{
    kept_key *kept;

    if (strlen(scope->secret) >= sizeof(kept->secret) ||
        strlen(scope->region) >= sizeof(kept->region) ||
        strlen(scope->service) >= sizeof(kept->service))
        return;
    pthread_mutex_lock(&cache->lock);
    drop_earlier_days(cache, scope->day);
    kept = place_for(cache, scope);
    ic_mem_wipe(kept, sizeof(*kept));
    strcpy(kept->secret, scope->secret);
    strcpy(kept->region, scope->region);
    strcpy(kept->service, scope->service);
    memcpy(kept->day, scope->day, DAY_LEN);
    memcpy(kept->key, key, IC_SHA256_LEN);
    kept->used = ++cache->uses;
    pthread_mutex_unlock(&cache->lock);
}

int ic_sigv4_cached_key(icecat_sigv4_cache *cache, ic_hasher *hasher,
                        const ic_sigv4_key_scope *scope, unsigned char key[IC_SHA256_LEN])
{
    if (cache != NULL && find_key(cache, scope, key))
        return 1;
    if (!ic_sigv4_signing_key(hasher, scope, key))
        return 0;
    if (cache != NULL)
        keep_key(cache, scope, key);
    return 1;
}
