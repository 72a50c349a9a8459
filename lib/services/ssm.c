/*
 * ssm.c - the calls of Parameter Store, and the parameters they return.
 */
#include "aws/engine.h"
#include "base/error.h"
#include "services/json_request.h"
#include "services/ssm_request.h"

#include <icecat/ssm.h>

#include <string.h>

#define MAX_NAMES 1000

struct icecat_parameters {
    ic_mem mem;
    ic_pairs pairs; /* wiped when freed */
};

static icecat_status read_answer(icecat_parameters *parameters, const ic_request *request,
                                 const ic_response *response, icecat_error *err)
{
    cJSON *tree;
    const cJSON *entry;
    icecat_status status = ic_json_answer(request, response, &tree, err);

    if (status != ICECAT_OK)
        return status;
    if (!cJSON_IsArray(ic_json_get(tree, "Parameters")))
        status = ic_fail(err, ICECAT_E_PROTOCOL, "ssm: the answer has no array of Parameters");
    cJSON_ArrayForEach(entry, ic_json_get(tree, "Parameters"))
    {
        cJSON *value = cJSON_GetObjectItemCaseSensitive(entry, "Value");
        const char *name = ic_json_text(entry, "Name");

        if (status == ICECAT_OK && (name == NULL || !cJSON_IsString(value)))
            status = ic_fail(err, ICECAT_E_PROTOCOL, "ssm: a parameter lacks its Name or Value");
        if (status == ICECAT_OK) {
            status = ic_pairs_add(&parameters->pairs, name, value->valuestring);
            if (status == ICECAT_E_LIMIT)
                status = ic_fail(err, ICECAT_E_PROTOCOL,
                                 "ssm: the answer has more parameters than were asked for");
            else if (status != ICECAT_OK)
                ic_fail_memory(err, "parameters");
        }
        if (cJSON_IsString(value))
            ic_mem_wipe(value->valuestring, strlen(value->valuestring));
    }
    cJSON_Delete(tree);
    return status;
}

static icecat_status get_some(icecat_client *client, const char *const *names, size_t count,
                              const ic_bounds *bounds, icecat_parameters *parameters,
                              icecat_error *err)
{
    ic_request request;
    ic_response response;
    icecat_status status = ic_ssm_get_request(&request, ic_client_mem(client), names, count, err);

    memset(&response, 0, sizeof(response));
    if (status == ICECAT_OK)
        status = ic_engine_call(client, &request, bounds, &response, err);
    if (status == ICECAT_OK)
        status = read_answer(parameters, &request, &response, err);
    ic_buf_free_secret(&response.body);
    ic_response_free(&response);
    ic_request_free(&request);
    return status;
}

icecat_status icecat_ssm_get_parameters(icecat_client *client, const char *const *names,
                                        size_t count, const icecat_call_options *call,
                                        icecat_parameters **out, icecat_error *err)
{
    icecat_parameters *parameters;
    ic_bounds bounds;
    icecat_status status;

    ic_error_clear(err);
    if (client == NULL || out == NULL || (names == NULL && count != 0))
        return ic_fail(err, ICECAT_E_ARGUMENT, "client, names or out is NULL");
    *out = NULL;
    if (count > MAX_NAMES)
        return ic_fail(err, ICECAT_E_ARGUMENT, "%zu parameter names; at most %d are allowed", count,
                       MAX_NAMES);
    status = ic_bounds_load(&bounds, ic_client_clock(client), call, err);
    if (status != ICECAT_OK)
        return status;
    parameters = ic_mem_zalloc(ic_client_mem(client), sizeof(*parameters));
    if (parameters == NULL)
        return ic_fail_memory(err, "parameters");
    parameters->mem = *ic_client_mem(client);
    ic_pairs_init(&parameters->pairs, &parameters->mem, MAX_NAMES, 16u << 20);
    for (size_t at = 0; at < count && status == ICECAT_OK; at += IC_SSM_NAMES_IN_A_REQUEST) {
        size_t left = count - at;

        status = get_some(client, names + at,
                          left < IC_SSM_NAMES_IN_A_REQUEST ? left : IC_SSM_NAMES_IN_A_REQUEST,
                          &bounds, parameters, err);
    }
    if (status != ICECAT_OK)
        icecat_parameters_free(parameters);
    else
        *out = parameters;
    return status;
}

size_t icecat_parameters_count(const icecat_parameters *parameters)
{
    return parameters != NULL ? parameters->pairs.count : 0;
}

const char *icecat_parameters_name(const icecat_parameters *parameters, size_t index)
{
    return parameters != NULL && index < parameters->pairs.count
               ? parameters->pairs.items[index].name
               : NULL;
}

const char *icecat_parameters_get(const icecat_parameters *parameters, const char *name)
{
    for (size_t i = 0; parameters != NULL && name != NULL && i < parameters->pairs.count; i++) {
        if (strcmp(parameters->pairs.items[i].name, name) == 0)
            return parameters->pairs.items[i].value;
    }
    return NULL;
}

void icecat_parameters_free(icecat_parameters *parameters)
{
    ic_mem mem;

    if (parameters == NULL)
        return;
    mem = parameters->mem;
    ic_pairs_free(&parameters->pairs);
    ic_mem_free(&mem, parameters);
}
