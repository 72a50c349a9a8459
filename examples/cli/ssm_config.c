/*
 * ssm_config.c - settings from Parameter Store, for -s ssm.
 */
#include "config.h"

#include "cli_error.h"
#include "connect.h"

#include <icecat/ssm.h>
#include <stdio.h>
#include <string.h>

#define MOST_PREFIX 900
#define NAME_LEN    1024

/* With a slash at both ends. */
static icecat_status find_prefix(const struct options *options, char *out, size_t len,
                                 icecat_error *err)
{
    const char *prefix = options_text(options, OPTION_SSM_PREFIX);
    const char *stage = options_text(options, OPTION_STAGE);
    int wrote;

    if (prefix != NULL && *prefix != '\0')
        wrote = snprintf(out, len, "%s%s%s", prefix[0] == '/' ? "" : "/", prefix,
                         prefix[strlen(prefix) - 1] == '/' ? "" : "/");
    else
        wrote = snprintf(out, len, "/stablecaps/%s/cat-wrangler/",
                         stage != NULL && *stage != '\0' ? stage : "dev");
    if (wrote < 0 || wrote > MOST_PREFIX)
        return cli_error(err, ICECAT_E_CONFIG, "the prefix of the SSM parameters is too long");
    return ICECAT_OK;
}

struct request {
    char texts[CONFIG_COUNT][NAME_LEN];
    const char *names[CONFIG_COUNT];
    enum config_id ids[CONFIG_COUNT];
    size_t count;
};

static void name_parameters(struct request *request, const char *prefix)
{
    request->count = 0;
    for (unsigned i = 0; i < CONFIG_COUNT; i++) {
        char *text = request->texts[request->count];

        if (!config_is_in_ssm((enum config_id)i))
            continue;
        snprintf(text, NAME_LEN, "%s%s", prefix, config_name((enum config_id)i));
        request->ids[request->count] = (enum config_id)i;
        request->names[request->count++] = text;
    }
}

static icecat_status offer_parameters(struct config *config, const struct request *request,
                                      const icecat_parameters *parameters, icecat_error *err)
{
    icecat_status status = ICECAT_OK;
    char origin[NAME_LEN + 8];

    for (size_t i = 0; i < request->count && status == ICECAT_OK; i++) {
        snprintf(origin, sizeof(origin), "ssm %s", request->names[i]);
        status = config_offer(config, request->ids[i],
                              icecat_parameters_get(parameters, request->names[i]), CONFIG_FROM_SSM,
                              origin, err);
    }
    return status;
}

icecat_status config_load_ssm(struct config *config, const struct config_context *context,
                              icecat_error *err)
{
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    icecat_parameters *parameters = NULL;
    icecat_client *client = NULL;
    char prefix[MOST_PREFIX + 1];
    struct request request;
    icecat_status status = find_prefix(context->options, prefix, sizeof(prefix), err);

    if (status == ICECAT_OK)
        status = connect_client(config, context->log_level, &client, err);
    if (status != ICECAT_OK)
        return status;
    name_parameters(&request, prefix);
    call.cancel = context->cancel;
    status = icecat_ssm_get_parameters(client, request.names, request.count, &call, &parameters,
                                       err);
    icecat_client_free(client);
    if (status == ICECAT_OK && icecat_parameters_count(parameters) == 0)
        status = cli_error(err, ICECAT_E_CONFIG, "SSM has no parameters under %s", prefix);
    if (status == ICECAT_OK)
        status = offer_parameters(config, &request, parameters, err);
    icecat_parameters_free(parameters);
    return status;
}
