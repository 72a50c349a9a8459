/*
 * cli.c - the library's handles, and what is said on stderr.
 */
#include "cli.h"

#include "cli_error.h"
#include "client_id.h"
#include "connect.h"
#include "json_out.h"
#include "option_values.h"
#include "signals.h"
#include "terminal.h"
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MESSAGE_LEN 2048

int cli_signal(void)
{
    return signals_caught();
}

int cli_is_json(const struct cli *cli)
{
    return cli->format == FORMAT_JSON || cli->format == FORMAT_NDJSON;
}

uint32_t cli_log_level(const struct cli *cli)
{
    return cli->verbosity >= 2   ? ICECAT_LOG_DEBUG
           : cli->verbosity == 1 ? ICECAT_LOG_INFO
                                 : ICECAT_LOG_NONE;
}

/* ---- handles ----------------------------------------------------------------------------- */

icecat_status cli_need_client(struct cli *cli, icecat_error *err)
{
    uint32_t jobs = 0, most = connect_most_jobs();
    icecat_status status;

    if (cli->client != NULL)
        return ICECAT_OK;
    status = connect_client(&cli->config, cli_log_level(cli), &cli->client, err);
    if (status == ICECAT_OK)
        status = config_number(&cli->config, CONFIG_JOBS, 1, UINT32_MAX, &jobs, err);
    if (jobs > most)
        cli_warn(cli,
                 "only %lu of %lu jobs at the same time: more files may not be open (ulimit -n)",
                 (unsigned long)most, (unsigned long)jobs);
    return status;
}

static icecat_status check_client_id(const struct cli *cli, icecat_error *err)
{
    const char *id = config_text(&cli->config, CONFIG_CLIENT_ID);

    if (client_id_is_valid(id))
        return ICECAT_OK;
    return cli_error(err, ICECAT_E_CONFIG,
                     "client id \"%s\" (%s) must be 1 to 64 of A-Z a-z 0-9 . _ - and not end with "
                     "-debug",
                     id, config_origin(&cli->config, CONFIG_CLIENT_ID));
}

icecat_status cli_need_client_id(struct cli *cli, icecat_error *err)
{
    char id[CLIENT_ID_LEN], path[CLIENT_ID_PATH_LEN];
    icecat_error keep_error;
    icecat_status status;

    if (config_text(&cli->config, CONFIG_CLIENT_ID) != NULL)
        return check_client_id(cli, err);
    /* A file that config_load() passed over because it is unusable. */
    status = client_id_read(id, path, err);
    if (status == ICECAT_OK && id[0] == '\0')
        status = client_id_make(id, err);
    if (status != ICECAT_OK)
        return status;
    if (options_count(&cli->options, OPTION_DRY_RUN) > 0)
        snprintf(path, sizeof(path), "made for this dry run");
    else if (client_id_keep(id, path, &keep_error) != ICECAT_OK) {
        cli_warn(cli, "the new client id %s cannot be kept: %s", id, keep_error.message);
        snprintf(path, sizeof(path), "made for this run");
    } else {
        cli_note(cli, "made the client id %s and kept it in %s", id, path);
    }
    return config_offer(&cli->config, CONFIG_CLIENT_ID, id, CONFIG_FROM_CLIENT_FILE, path, err);
}

icecat_status cli_need_pipeline(struct cli *cli, icecat_error *err)
{
    icecat_pipeline_options options = ICECAT_PIPELINE_OPTIONS_INIT;
    size_t chosen = 0;
    char why[256];
    icecat_status status;

    if (cli->pipeline != NULL)
        return ICECAT_OK;
    if (!options_choice(&cli->options, OPTION_KEYS, &chosen, why, sizeof(why)))
        return cli_error(err, ICECAT_E_ARGUMENT, "%s", why);
    status = cli_need_client(cli, err);
    if (status != ICECAT_OK)
        return status;
    options.bucket_source = config_text(&cli->config, CONFIG_BUCKET_SOURCE);
    options.table = config_text(&cli->config, CONFIG_TABLE);
    options.client_id = config_text(&cli->config, CONFIG_CLIENT_ID);
    options.debug = options_count(&cli->options, OPTION_DEBUG) > 0;
    options.compat_keys = chosen == 1;
    return icecat_pipeline_new(cli->client, &options, &cli->pipeline, err);
}

/* ---- stderr ------------------------------------------------------------------------------ */

static void write_line(const struct cli *cli, const char *kind, enum terminal_style style,
                       const char *text)
{
    fprintf(stderr, "icecat: %s%s%s", terminal_style(cli->colour_err, style), kind,
            style != STYLE_NONE ? terminal_reset(cli->colour_err) : "");
    text_write_safe(text, stderr);
    fputc('\n', stderr);
}

/* A warning as an event, as those of a stream of results. */
static void write_warning_json(const char *text)
{
    struct json_out out;

    json_out_init(&out, stderr, 0);
    json_out_object(&out, NULL);
    json_out_text(&out, "type", "warning");
    json_out_text(&out, "message", text);
    json_out_end(&out);
}

void cli_note(const struct cli *cli, const char *format, ...)
{
    char text[MESSAGE_LEN];
    va_list args;

    if (cli->verbosity < 0 || cli_is_json(cli))
        return;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    write_line(cli, "", STYLE_NONE, text);
}

void cli_warn(const struct cli *cli, const char *format, ...)
{
    char text[MESSAGE_LEN];
    va_list args;

    if (cli->verbosity < -1)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (cli_is_json(cli))
        write_warning_json(text);
    else
        write_line(cli, "warning: ", STYLE_YELLOW, text);
}

const char *cli_hint(const icecat_error *err)
{
    static const struct {
        icecat_status status;
        const char *hint;
    } hints[] = {
        { ICECAT_E_NO_CREDENTIALS, "set both in the environment, or name a file of them with -s" },
        { ICECAT_E_BAD_CREDENTIALS,
          "icecat config, to see which keys are used and where they are from" },
        { ICECAT_E_CONFIG, "icecat config, to see every setting and its origin" },
        { ICECAT_E_AUTH, "check the keys with icecat config, and this machine's clock" },
        { ICECAT_E_ACCESS, "ask for the permission, or use other keys" },
        { ICECAT_E_REGION, "use --region with the bucket's region" },
        { ICECAT_E_NOT_FOUND,
          "check the name, the region and the keys' account with icecat config" },
        { ICECAT_E_RESOLVE, "check the region, --endpoint-url and the network" },
        { ICECAT_E_CONNECT, "check --endpoint-url, the network and HTTPS_PROXY" },
        { ICECAT_E_TLS, "name the right certificates with --ca-bundle" },
        { ICECAT_E_TIMEOUT, "wait longer with --timeout, or use fewer --jobs" },
        { ICECAT_E_DEADLINE, "wait longer" },
        { ICECAT_E_THROTTLED, "use fewer --jobs, or more --max-attempts" },
        { ICECAT_E_UNAVAILABLE, "the same command later" },
        { ICECAT_E_PENDING, "icecat wait" },
        { ICECAT_E_IMAGE_FORMAT, "convert the image to JPEG or PNG" },
        { ICECAT_E_IMAGE_CORRUPT, "get the file again from where it came" },
        { ICECAT_E_IMAGE_LIMIT, "make the image smaller or larger" },
        { ICECAT_E_INTERNAL, "please report this with the output of icecat version" },
    };

    for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++) {
        if (hints[i].status == (icecat_status)err->status)
            return hints[i].hint;
    }
    return NULL;
}

static void fail_json(const icecat_error *err, const char *hint)
{
    struct json_out out;

    json_out_init(&out, stderr, 0);
    json_out_object(&out, NULL);
    json_out_text(&out, "type", "exit_error");
    json_out_error(&out, "error", err, NULL, hint);
    json_out_end(&out);
}

static void report_failure(const struct cli *cli, const icecat_error *err, const char *hint)
{
    char text[MESSAGE_LEN];
    size_t used;

    if (cli_is_json(cli)) {
        fail_json(err, hint);
        return;
    }
    snprintf(text, sizeof(text), "%s",
             err->message[0] != '\0' ? err->message
                                     : icecat_status_message((icecat_status)err->status));
    used = strlen(text);
    if (err->request_id[0] != '\0')
        snprintf(text + used, sizeof(text) - used, " (request id %s)", err->request_id);
    used = strlen(text);
    if (hint != NULL)
        snprintf(text + used, sizeof(text) - used, "%s Try: %s",
                 used > 0 && strchr(".?!", text[used - 1]) != NULL ? "" : ".", hint);
    write_line(cli, "", STYLE_RED, text);
}

int cli_fail(const struct cli *cli, const icecat_error *err)
{
    if (cli_signal() != 0)
        return 128 + cli_signal();
    report_failure(cli, err, cli_hint(err));
    return icecat_status_exit_code((icecat_status)err->status);
}

int cli_fail_usage(const struct cli *cli, const char *format, ...)
{
    char text[MESSAGE_LEN], hint[64];
    icecat_error err;
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    cli_error(&err, ICECAT_E_ARGUMENT, "%s", text);
    snprintf(hint, sizeof(hint), "icecat help%s%s", cli->options.command != NULL ? " " : "",
             cli->options.command != NULL ? cli->options.command : "");
    report_failure(cli, &err, hint);
    return EXIT_USAGE;
}
