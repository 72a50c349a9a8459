/*
 * ssm_request.c - GetParameters.
 */
#include "services/ssm_request.h"

#include "base/error.h"
#include "services/json_request.h"

#include <string.h>

#define MAX_NAME 2048

icecat_status ic_ssm_get_request(ic_request *request, const ic_mem *mem, const char *const *names,
                                 size_t count, icecat_error *err)
{
    icecat_status status = ic_json_request_init(request, mem, IC_SERVICE_SSM, "GetParameters", err);

    for (size_t i = 0; i < count && status == ICECAT_OK; i++) {
        if (names[i] == NULL || names[i][0] == '\0' || strlen(names[i]) > MAX_NAME)
            status = ic_fail(err, ICECAT_E_ARGUMENT, "parameter name %zu must have 1 to %d bytes",
                             i, MAX_NAME);
    }
    if (status != ICECAT_OK)
        return status;
    request->subject = names[0];
    ic_buf_add_text(&request->own_body, "{\"WithDecryption\":true,\"Names\":[");
    for (size_t i = 0; i < count; i++) {
        if (i != 0)
            ic_buf_add_char(&request->own_body, ',');
        ic_json_write_text(&request->own_body, names[i]);
    }
    ic_buf_add_text(&request->own_body, "]}");
    return ic_json_request_end(request, err);
}
