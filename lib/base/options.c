/*
 * options.c - load a sized options struct of any release of the headers.
 */
#include "base/options.h"

#include "base/error.h"

#include <string.h>

#define MAX_SIZE 4096

static icecat_status check_size(size_t size, const char *type, icecat_error *err)
{
    if (size < sizeof(size) || size > MAX_SIZE)
        return ic_fail(err, ICECAT_E_ARGUMENT,
                       "%s: struct_size is %zu; start from its _INIT macro or _init function", type,
                       size);
    return ICECAT_OK;
}

icecat_status ic_options_load(void *own, size_t own_size, const void *caller, const char *type,
                              icecat_error *err)
{
    const unsigned char *bytes = caller;
    size_t caller_size;
    icecat_status status;

    memset(own, 0, own_size);
    memcpy(own, &own_size, sizeof(own_size));
    if (caller == NULL)
        return ICECAT_OK;

    memcpy(&caller_size, caller, sizeof(caller_size));
    status = check_size(caller_size, type, err);
    if (status != ICECAT_OK)
        return status;
    for (size_t i = own_size; i < caller_size; i++) {
        if (bytes[i] != 0)
            return ic_fail(err, ICECAT_E_ARGUMENT,
                           "%s: byte %zu is set, but this release of the library knows only %zu",
                           type, i, own_size);
    }
    memcpy(own, caller, caller_size < own_size ? caller_size : own_size);
    memcpy(own, &own_size, sizeof(own_size));
    return ICECAT_OK;
}

icecat_status ic_options_store(void *caller, const void *own, size_t own_size, const char *type,
                               icecat_error *err)
{
    size_t caller_size;
    icecat_status status;

    memcpy(&caller_size, caller, sizeof(caller_size));
    status = check_size(caller_size, type, err);
    if (status != ICECAT_OK)
        return status;
    memset(caller, 0, caller_size);
    memcpy(caller, own, caller_size < own_size ? caller_size : own_size);
    memcpy(caller, &caller_size, sizeof(caller_size));
    return ICECAT_OK;
}

void ic_options_init(void *caller, size_t struct_size)
{
    if (caller == NULL || struct_size < sizeof(struct_size))
        return;
    memset(caller, 0, struct_size);
    memcpy(caller, &struct_size, sizeof(struct_size));
}
