/*
 * mem.c - every allocation of the library goes through here.
 */
#include "base/mem.h"

#include "base/error.h"

#include <openssl/crypto.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void *default_alloc(size_t size, void *userdata)
{
    (void)userdata;
    return malloc(size);
}

static void *default_realloc(void *data, size_t size, void *userdata)
{
    (void)userdata;
    return realloc(data, size);
}

static void default_free(void *data, void *userdata)
{
    (void)userdata;
    free(data);
}

const ic_mem ic_mem_default = { default_alloc, default_realloc, default_free, NULL };

icecat_status ic_mem_check(const ic_mem *mem, icecat_error *err)
{
    if (mem == NULL || (mem->alloc != NULL && mem->realloc != NULL && mem->free != NULL))
        return ICECAT_OK;
    return ic_fail(err, ICECAT_E_ARGUMENT, "allocator lacks a function");
}

static const ic_mem *mem_or_default(const ic_mem *mem)
{
    return mem != NULL ? mem : &ic_mem_default;
}

void *ic_mem_alloc(const ic_mem *mem, size_t size)
{
    mem = mem_or_default(mem);
    return mem->alloc(size != 0 ? size : 1, mem->userdata);
}

void *ic_mem_zalloc(const ic_mem *mem, size_t size)
{
    void *data = ic_mem_alloc(mem, size);

    if (data != NULL)
        memset(data, 0, size);
    return data;
}

void *ic_mem_array(const ic_mem *mem, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        return NULL;
    return ic_mem_zalloc(mem, count * size);
}

void *ic_mem_regrow(const ic_mem *mem, void *data, size_t count, size_t size)
{
    mem = mem_or_default(mem);
    if (size == 0 || count == 0 || count > SIZE_MAX / size)
        return NULL;
    if (data == NULL)
        return mem->alloc(count * size, mem->userdata);
    return mem->realloc(data, count * size, mem->userdata);
}

char *ic_mem_dup(const ic_mem *mem, const char *text)
{
    return text != NULL ? ic_mem_dup_n(mem, text, strlen(text)) : NULL;
}

char *ic_mem_dup_n(const ic_mem *mem, const void *data, size_t len)
{
    char *copy;

    if (len == SIZE_MAX)
        return NULL;
    copy = ic_mem_alloc(mem, len + 1);
    if (copy == NULL)
        return NULL;
    if (len != 0)
        memcpy(copy, data, len);
    copy[len] = '\0';
    return copy;
}

void ic_mem_free(const ic_mem *mem, void *data)
{
    mem = mem_or_default(mem);
    if (data != NULL)
        mem->free(data, mem->userdata);
}

void ic_mem_free_secret(const ic_mem *mem, void *data, size_t size)
{
    if (data != NULL)
        OPENSSL_cleanse(data, size);
    ic_mem_free(mem, data);
}

void ic_mem_free_secret_text(const ic_mem *mem, char *text)
{
    if (text != NULL)
        ic_mem_free_secret(mem, text, strlen(text));
}

void ic_mem_wipe(void *data, size_t size)
{
    OPENSSL_cleanse(data, size);
}
