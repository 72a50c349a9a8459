/*
 * command_config.c - effective settings and where each came from, secrets redacted.
 */
#include "cli.h"
#include "client_id.h"
#include "connect.h"
#include "json_out.h"
#include "text.h"

#include <icecat/settings.h>
#include <stdio.h>
#include <string.h>

#define SHOWN_LEN 1024

/* The library's settings: those that the command has too, and those that only the library looks for. */
static const struct library_row {
    const char *library; /* its name in the library */
    const char *name;    /* as it is shown, when the command does not have it */
    enum config_id id;   /* CONFIG_COUNT: the command does not have it */
} library_rows[] = {
    { "profile", NULL, CONFIG_PROFILE },
    { "region", NULL, CONFIG_REGION },
    { "endpoint_url_s3", NULL, CONFIG_ENDPOINT_URL_S3 },
    { "endpoint_url_dynamodb", NULL, CONFIG_ENDPOINT_URL_DYNAMODB },
    { "endpoint_url_rekognition", NULL, CONFIG_ENDPOINT_URL_REKOGNITION },
    { "endpoint_url_ssm", NULL, CONFIG_ENDPOINT_URL_SSM },
    { "ca_bundle", NULL, CONFIG_CA_BUNDLE },
    { "max_attempts", NULL, CONFIG_MAX_ATTEMPTS },
    { "retry_mode", "AWS_RETRY_MODE", CONFIG_COUNT },
    { "use_fips_endpoint", "AWS_USE_FIPS_ENDPOINT", CONFIG_COUNT },
    { "use_dualstack_endpoint", "AWS_USE_DUALSTACK_ENDPOINT", CONFIG_COUNT },
    { "ignore_configured_endpoint_urls", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", CONFIG_COUNT },
    { "request_checksum_calculation", "AWS_REQUEST_CHECKSUM_CALCULATION", CONFIG_COUNT },
    { "s3_addressing_style", "s3 addressing_style", CONFIG_COUNT },
    { "proxy", "HTTPS_PROXY", CONFIG_COUNT },
    { "no_proxy", "NO_PROXY", CONFIG_COUNT },
    { "config_file", "AWS_CONFIG_FILE", CONFIG_COUNT },
    { "credentials_file", "AWS_SHARED_CREDENTIALS_FILE", CONFIG_COUNT },
};
#define LIBRARY_COUNT (sizeof(library_rows) / sizeof(library_rows[0]))

/* One line of the answer. */
struct shown {
    const char *name;
    const char *origin; /* NULL: not set */
    char value[SHOWN_LEN];
    int redacted;
};

static const char *library_name(enum config_id id)
{
    for (size_t i = 0; i < LIBRARY_COUNT; i++) {
        if (library_rows[i].id == id)
            return library_rows[i].library;
    }
    return NULL;
}

static void show_library(const icecat_settings *found, const char *library, struct shown *out)
{
    const char *value = icecat_settings_get(found, library);

    if (value == NULL)
        return;
    /* Proxies and endpoints may hold a password. */
    config_show_url(value, out->value, sizeof(out->value));
    out->origin = icecat_settings_origin(found, library);
}

static void show_setting(const struct config *config, const icecat_settings *found,
                         enum config_id id, struct shown *out)
{
    memset(out, 0, sizeof(*out));
    out->name = config_name(id);
    if (config_text(config, id) == NULL) {
        show_library(found, library_name(id), out);
        return;
    }
    config_shown(config, id, out->value, sizeof(out->value));
    out->origin = config_origin(config, id);
    out->redacted = config_show(id) == SHOW_SET || config_show(id) == SHOW_ENDS;
}

/* Line @p index; 0 when there are fewer. */
static int show_line(const struct config *config, const icecat_settings *found, size_t index,
                     struct shown *out)
{
    size_t at = 0;

    if (index < CONFIG_COUNT) {
        show_setting(config, found, (enum config_id)index, out);
        return 1;
    }
    for (size_t i = 0; i < LIBRARY_COUNT; i++) {
        if (library_rows[i].id != CONFIG_COUNT || at++ != index - CONFIG_COUNT)
            continue;
        memset(out, 0, sizeof(*out));
        out->name = library_rows[i].name;
        show_library(found, library_rows[i].library, out);
        return 1;
    }
    return 0;
}

static void write_text(const struct cli *cli, const icecat_settings *found)
{
    struct shown line;

    for (size_t i = 0; show_line(&cli->config, found, i, &line); i++) {
        printf("%s = ", line.name);
        text_write_safe(line.value, stdout);
        printf("%s(", line.value[0] != '\0' ? "   " : "");
        text_write_safe(line.origin != NULL ? line.origin : "not set", stdout);
        printf(")\n");
    }
}

static void write_json(const struct cli *cli, const icecat_settings *found)
{
    struct json_out out;
    struct shown line;

    json_out_init(&out, stdout, cli->format == FORMAT_JSON ? 2 : 0);
    json_out_object(&out, NULL);
    json_out_text(&out, "schema", "icecat/config/1");
    json_out_array(&out, "settings");
    for (size_t i = 0; show_line(&cli->config, found, i, &line); i++) {
        json_out_object(&out, NULL);
        json_out_text(&out, "name", line.name);
        json_out_text(&out, "value", line.origin != NULL ? line.value : NULL);
        json_out_text(&out, "origin", line.origin);
        json_out_bool(&out, "redacted", line.redacted);
        json_out_close(&out);
    }
    json_out_end(&out);
}

int command_config(struct cli *cli)
{
    char id[CLIENT_ID_LEN], path[CLIENT_ID_PATH_LEN];
    icecat_client_options options;
    icecat_settings *found = NULL;
    icecat_error err, ignored;
    icecat_status status;

    if (cli->format == FORMAT_CSV)
        return cli_fail_usage(cli, "config has no csv output");
    if (config_text(&cli->config, CONFIG_CLIENT_ID) == NULL &&
        client_id_read(id, path, &ignored) != ICECAT_OK)
        cli_warn(cli, "%s", ignored.message);
    status = connect_options(&cli->config, &options, &err);
    if (status == ICECAT_OK)
        status = icecat_settings_load(&options, &found, &err);
    if (cli_is_json(cli))
        write_json(cli, found);
    else
        write_text(cli, found);
    icecat_settings_free(found);
    /* What could be found was told; the rest is in a file that cannot be used. */
    return status == ICECAT_OK ? 0 : cli_fail(cli, &err);
}
