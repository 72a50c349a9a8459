/*
 * config.c - the settings, and the sources that are on this machine.
 */
#include "config.h"

#include "cli_error.h"
#include "client_id.h"
#include "option_values.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct setting {
    const char *name;
    const char *second; /* read when the first name is not there */
    const char *built_in;
    enum option_id option;
    enum config_show show;
    int in_ssm;
} settings[] = {
#define SETTING(id, name, second, option, show, in_ssm, built_in)                                  \
    [CONFIG_##id] = { name, second, built_in, option, show, in_ssm },
#include "config.def"
#undef SETTING
};

static const struct config_value unset = { NULL, NULL, CONFIG_UNSET };

/* A key, its secret and its token belong together: a weaker source adds nothing to those of another. */
static int is_of_stronger_keys(const struct config *config, enum config_id id,
                               enum config_source source)
{
    return id <= CONFIG_SESSION_TOKEN &&
           (config->values[CONFIG_ACCESS_KEY_ID].source < source ||
            config->values[CONFIG_SECRET_ACCESS_KEY].source < source ||
            config->values[CONFIG_SESSION_TOKEN].source < source);
}

icecat_status config_offer(struct config *config, enum config_id id, const char *text,
                           enum config_source source, const char *origin, icecat_error *err)
{
    struct config_value *value = &config->values[id];

    if (text == NULL || *text == '\0' || value->source <= source ||
        is_of_stronger_keys(config, id, source))
        return ICECAT_OK;
    value->text = cli_copy_text(text, strlen(text));
    value->origin = cli_copy_text(origin, strlen(origin));
    value->source = source;
    if (value->text == NULL || value->origin == NULL)
        return cli_error(err, ICECAT_E_NO_MEMORY, "out of memory");
    return ICECAT_OK;
}

/* The name DYNAMO_DB_TABLE_NAME of the Python client's template was never read by that client. */
void config_note_second_name(struct config *config, enum config_id id, const char *origin)
{
    char text[512];

    if (id != CONFIG_TABLE || config->alias_used != NULL)
        return;
    snprintf(text, sizeof(text), "%.300s: %s is read as %s, its right name", origin,
             settings[id].second, settings[id].name);
    config->alias_used = cli_copy_text(text, strlen(text));
}

static icecat_status load_options(struct config *config, const struct options *options,
                                  icecat_error *err)
{
    icecat_status status = ICECAT_OK;
    char origin[64];

    for (unsigned i = 0; i < CONFIG_COUNT && status == ICECAT_OK; i++) {
        enum option_id option = settings[i].option;

        if (option == OPTION_COUNT || options_count(options, option) == 0)
            continue;
        snprintf(origin, sizeof(origin), "--%s", options_row(option)->long_name);
        status = config_offer(config, (enum config_id)i, options_text(options, option),
                              CONFIG_FROM_OPTION, origin, err);
    }
    return status;
}

static icecat_status load_environment(struct config *config, icecat_error *err)
{
    icecat_status status = ICECAT_OK;
    char origin[64];

    for (unsigned i = 0; i < CONFIG_COUNT && status == ICECAT_OK; i++) {
        const char *name = settings[i].name, *text = getenv(name);

        if ((text == NULL || *text == '\0') && settings[i].second != NULL) {
            name = settings[i].second;
            text = getenv(name);
            if (text != NULL && *text != '\0')
                config_note_second_name(config, (enum config_id)i, "environment");
        }
        if (name == settings[i].name)
            snprintf(origin, sizeof(origin), "environment");
        else
            snprintf(origin, sizeof(origin), "environment %s", name);
        status = config_offer(config, (enum config_id)i, text, CONFIG_FROM_ENVIRONMENT, origin,
                              err);
    }
    return status;
}

/* A file that cannot be used is reported by who needs the id. */
static icecat_status load_client_file(struct config *config, icecat_error *err)
{
    char id[CLIENT_ID_LEN], path[CLIENT_ID_PATH_LEN];
    icecat_error ignored;

    if (client_id_read(id, path, &ignored) != ICECAT_OK)
        return ICECAT_OK;
    return config_offer(config, CONFIG_CLIENT_ID, id, CONFIG_FROM_CLIENT_FILE, path, err);
}

static icecat_status load_built_in(struct config *config, icecat_error *err)
{
    icecat_status status = ICECAT_OK;

    for (unsigned i = 0; i < CONFIG_COUNT && status == ICECAT_OK; i++)
        status = config_offer(config, (enum config_id)i, settings[i].built_in, CONFIG_BUILT_IN,
                              "default", err);
    return status;
}

icecat_status config_load(struct config *config, const struct config_context *context,
                          icecat_error *err)
{
    const char *source = options_text(context->options, OPTION_SECRETSFILE);
    int is_ssm = source != NULL && strcasecmp(source, "ssm") == 0;
    icecat_status status;

    memset(config, 0, sizeof(*config));
    for (unsigned i = 0; i < CONFIG_COUNT; i++)
        config->values[i] = unset;
    status = load_options(config, context->options, err);
    if (status == ICECAT_OK && source != NULL && !is_ssm)
        status = config_load_file(config, source, err);
    if (status == ICECAT_OK)
        status = load_environment(config, err);
    if (status == ICECAT_OK)
        status = config_load_user_file(config, context->options, err);
    if (status == ICECAT_OK)
        status = load_client_file(config, err);
    if (status == ICECAT_OK && is_ssm)
        status = config_load_ssm(config, context, err);
    if (status == ICECAT_OK)
        status = load_built_in(config, err);
    return status;
}

void config_clear(struct config *config)
{
    for (unsigned i = 0; i < CONFIG_COUNT; i++) {
        cli_wipe_text(config->values[i].text);
        free(config->values[i].origin);
        config->values[i] = unset;
    }
    free(config->alias_used);
    free(config->unknown_key);
    config->alias_used = config->unknown_key = NULL;
}

const char *config_text(const struct config *config, enum config_id id)
{
    return config->values[id].text;
}

const char *config_origin(const struct config *config, enum config_id id)
{
    return config->values[id].text != NULL ? config->values[id].origin : "not set";
}

enum config_source config_source(const struct config *config, enum config_id id)
{
    return config->values[id].source;
}

const char *config_name(enum config_id id)
{
    return settings[id].name;
}

const char *config_second_name(enum config_id id)
{
    return settings[id].second;
}

enum config_show config_show(enum config_id id)
{
    return settings[id].show;
}

int config_is_in_ssm(enum config_id id)
{
    return settings[id].in_ssm;
}

void config_show_url(const char *text, char *out, size_t len)
{
    const char *scheme = strstr(text, "://");
    const char *authority = scheme != NULL ? scheme + 3 : text; /* a proxy needs no scheme */
    size_t at = strcspn(authority, "/?#");

    while (at > 0 && authority[at - 1] != '@')
        at--;
    if (at == 0)
        snprintf(out, len, "%s", text);
    else
        snprintf(out, len, "%.*s***@%s", (int)(authority - text), text, authority + at);
}

void config_shown(const struct config *config, enum config_id id, char *out, size_t len)
{
    const char *text = config->values[id].text;
    size_t text_len = text != NULL ? strlen(text) : 0;

    out[0] = '\0';
    if (text == NULL)
        return;
    if (settings[id].show == SHOW_ALL)
        snprintf(out, len, "%s", text);
    else if (settings[id].show == SHOW_URL)
        config_show_url(text, out, len);
    else if (settings[id].show == SHOW_ENDS && text_len >= 16)
        snprintf(out, len, "%.4s...%s", text, text + text_len - 4);
    else
        snprintf(out, len, "set");
}

icecat_status config_number(const struct config *config, enum config_id id, uint32_t min,
                            uint32_t max, uint32_t *out, icecat_error *err)
{
    const char *text = config->values[id].text;
    uint64_t value;

    if (text == NULL)
        return ICECAT_OK;
    if (!text_number(text, min, max, &value))
        return cli_error(err, ICECAT_E_CONFIG,
                         "%s must be a whole number from %" PRIu32 " to %" PRIu32
                         ", not \"%s\" (%s)",
                         settings[id].name, min, max, text, config->values[id].origin);
    *out = (uint32_t)value;
    return ICECAT_OK;
}
