/*
 * call.c - a blocking call: a run of one.
 */
#include "aws/engine.h"
#include "base/error.h"

#include <string.h>

typedef struct single {
    ic_request *request;
    ic_response *response;
    icecat_error *err;
    icecat_status status;
    int given;
} single;

static ic_source_answer next(ic_call *call, void *userdata)
{
    single *own = userdata;

    if (own->given)
        return IC_SOURCE_END;
    own->given = 1;
    call->request = own->request;
    return IC_SOURCE_CALL;
}

static void settled(ic_call *call, void *userdata)
{
    single *own = userdata;

    own->status = call->status;
    if (own->err != NULL)
        *own->err = call->error;
    if (call->status != ICECAT_OK && call->status != ICECAT_E_PRECONDITION)
        return;
    *own->response = call->response;
    memset(&call->response, 0, sizeof(call->response));
}

icecat_status ic_engine_call(icecat_client *client, ic_request *request, const ic_bounds *bounds,
                             ic_response *response, icecat_error *err)
{
    single own = { .request = request, .response = response, .err = err };
    ic_source source = { .next = next, .settled = settled, .userdata = &own };
    icecat_error ran = { 0 };
    icecat_status status;

    memset(response, 0, sizeof(*response));
    status = ic_engine_run(client, &source, 1, bounds, &ran);
    /* What became of the call counts, and has filled err already: the time may be over by now, or the
     * token fired, but a put that was answered is a put that was made. */
    if (own.given)
        return own.status;
    if (err != NULL)
        *err = ran;
    return status;
}
