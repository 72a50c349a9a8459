/*
 * command_config.c - effective settings and where each came from, secrets redacted.
 */
#include "cli.h"
#include "client_id.h"
#include "json_out.h"
#include "text.h"

#include <stdio.h>

#define SHOWN_LEN 1024

static void write_text(const struct cli *cli)
{
    char shown[SHOWN_LEN];

    for (unsigned i = 0; i < CONFIG_COUNT; i++) {
        enum config_id id = (enum config_id)i;

        config_shown(&cli->config, id, shown, sizeof(shown));
        printf("%s = ", config_name(id));
        text_write_safe(shown, stdout);
        printf("%s(", shown[0] != '\0' ? "   " : "");
        text_write_safe(config_origin(&cli->config, id), stdout);
        printf(")\n");
    }
}

static void write_setting(struct json_out *out, const struct config *config, enum config_id id)
{
    char shown[SHOWN_LEN];

    config_shown(config, id, shown, sizeof(shown));
    json_out_object(out, NULL);
    json_out_text(out, "name", config_name(id));
    json_out_text(out, "value", config_text(config, id) != NULL ? shown : NULL);
    json_out_text(out, "origin",
                  config_text(config, id) != NULL ? config_origin(config, id) : NULL);
    json_out_bool(out, "redacted",
                  config_text(config, id) != NULL &&
                      (config_show(id) == SHOW_SET || config_show(id) == SHOW_ENDS));
    json_out_close(out);
}

static void write_json(const struct cli *cli)
{
    struct json_out out;

    json_out_init(&out, stdout, cli->format == FORMAT_JSON ? 2 : 0);
    json_out_object(&out, NULL);
    json_out_text(&out, "schema", "icecat/config/1");
    json_out_array(&out, "settings");
    for (unsigned i = 0; i < CONFIG_COUNT; i++)
        write_setting(&out, &cli->config, (enum config_id)i);
    json_out_end(&out);
}

int command_config(struct cli *cli)
{
    char id[CLIENT_ID_LEN], path[CLIENT_ID_PATH_LEN];
    icecat_error err;

    if (cli->format == FORMAT_CSV)
        return cli_fail_usage(cli, "config has no csv output");
    if (config_text(&cli->config, CONFIG_CLIENT_ID) == NULL &&
        client_id_read(id, path, &err) != ICECAT_OK)
        cli_warn(cli, "%s", err.message);
    if (cli_is_json(cli))
        write_json(cli);
    else
        write_text(cli);
    return 0;
}
