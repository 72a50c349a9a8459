/*
 * mem.h - every allocation of the library goes through here.
 *
 * An ic_mem is a copy of the embedder's icecat_allocator. NULL stands for malloc.
 */
#ifndef IC_MEM_H
#define IC_MEM_H

#include <icecat/error.h>
#include <icecat/memory.h>
#include <stddef.h>

typedef icecat_allocator ic_mem;

/** malloc, realloc and free. */
extern const ic_mem ic_mem_default;

/** ICECAT_E_ARGUMENT when one of an embedder's three functions is missing. */
icecat_status ic_mem_check(const ic_mem *mem, icecat_error *err);

void *ic_mem_alloc(const ic_mem *mem, size_t size);               /* size 0 gives 1 byte */
void *ic_mem_zalloc(const ic_mem *mem, size_t size);              /* zeroed */
void *ic_mem_array(const ic_mem *mem, size_t count, size_t size); /* zeroed; NULL on overflow */
/** Grow an array; NULL on overflow or failure, and then @p data is still valid. */
void *ic_mem_regrow(const ic_mem *mem, void *data, size_t count, size_t size);
char *ic_mem_dup(const ic_mem *mem, const char *text);               /* NULL for NULL */
char *ic_mem_dup_n(const ic_mem *mem, const void *data, size_t len); /* adds a NUL byte */
void ic_mem_free(const ic_mem *mem, void *data);
/** Wipe, then free. */
void ic_mem_free_secret(const ic_mem *mem, void *data, size_t size);
void ic_mem_free_secret_text(const ic_mem *mem, char *text);
/** Wipe caller's memory so that the compiler cannot leave it out. */
void ic_mem_wipe(void *data, size_t size);

#endif
