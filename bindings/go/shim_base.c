/*
 * shim_base.c - versions, statuses, tokens, parameters.
 */
#include "shim_wire.h"

GOICECAT_OPERATION(version)
{
    goicecat_put_number(&call->reply, icecat_version_number());
    goicecat_put_text(&call->reply, icecat_version_string());
    return ICECAT_OK;
}

GOICECAT_OPERATION(dependency)
{
    goicecat_put_text(&call->reply, icecat_version_dependency(goicecat_text(call)));
    return ICECAT_OK;
}

GOICECAT_OPERATION(status)
{
    icecat_status status = (icecat_status)goicecat_number(call);

    goicecat_put_text(&call->reply, icecat_status_name(status));
    goicecat_put_text(&call->reply, icecat_status_message(status));
    goicecat_put_number(&call->reply, (uint64_t)icecat_status_is_retryable(status));
    goicecat_put_signed(&call->reply, icecat_status_exit_code(status));
    return ICECAT_OK;
}

uint64_t goicecat_cancel_new(void)
{
    return goicecat_address(icecat_cancel_new());
}

void goicecat_cancel_fire(uint64_t cancel)
{
    icecat_cancel_fire(goicecat_pointer(cancel));
}

void goicecat_cancel_free(uint64_t cancel)
{
    icecat_cancel_free(goicecat_pointer(cancel));
}

GOICECAT_OPERATION(ssm_parameters)
{
    size_t count;
    const char *const *names = goicecat_texts(call, &count);
    icecat_parameters *found = NULL;
    icecat_status status = icecat_ssm_get_parameters(
        goicecat_object(call), names, count, &call->bounds, &found, goicecat_error_of(call));

    if (status != ICECAT_OK)
        return status;
    count = icecat_parameters_count(found);
    goicecat_put_number(&call->reply, count);
    for (size_t i = 0; i < count; i++) {
        const char *name = icecat_parameters_name(found, i);

        goicecat_put_text(&call->reply, name);
        goicecat_put_text(&call->reply, icecat_parameters_get(found, name));
    }
    icecat_parameters_free(found);
    return ICECAT_OK;
}
