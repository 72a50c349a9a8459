/*
 * credentials_static.c - keys that the caller gives.
 */
#include "aws/credentials.h"
#include "base/error.h"
#include "base/options.h"

icecat_status icecat_credentials_new_static(const icecat_credentials_keys *keys,
                                            icecat_credentials **out, icecat_error *err)
{
    icecat_credentials_keys own;
    icecat_status status;

    ic_error_clear(err);
    if (keys == NULL || out == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "%s is NULL", keys == NULL ? "keys" : "out");
    *out = NULL;
    status = IC_OPTIONS_LOAD(&own, keys, icecat_credentials_keys, err);
    if (status != ICECAT_OK)
        return status;
    return ic_credentials_make(&own, "static", out, err);
}
