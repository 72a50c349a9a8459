/*
 * help_topics.c - texts of the help that belong to no single command.
 */
#include "cli.h"
#include "help.h"

#include <string.h>

static void exit_codes(FILE *out, const struct help_writer *as)
{
    static const struct {
        int code;
        const char *meaning;
    } codes[] = {
        { 0, "everything asked for was done; also when there was nothing to do" },
        { 1, "failed, for a reason that has no code of its own" },
        { EXIT_USAGE, "the command line is wrong" },
        { EXIT_PARTIAL, "some items were done, some failed" },
        { 4, "credentials: none found, expired, refused, or not allowed to do this" },
        { 5, "configuration: a setting or the secrets file is missing or invalid" },
        { 6, "not found: batch, image, bucket, object or table" },
        { 7, "network: no usable answer after all attempts" },
        { EXIT_PENDING, "verdicts are still pending" },
        { EXIT_REJECTED,
          "refused: no file given is a sound image, or validate found one that is not" },
        { 10, "the service failed or asked to slow down, after all attempts" },
        { EXIT_NO_CAT, "with --exit-verdict: the answer is no" },
        { EXIT_SIGINT, "interrupted (SIGINT)" },
        { EXIT_SIGPIPE, "nobody reads the results (SIGPIPE)" },
        { EXIT_SIGTERM, "terminated (SIGTERM)" },
    };

    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        char code[12];

        snprintf(code, sizeof(code), "%d", codes[i].code);
        as->pair(out, code, codes[i].meaning);
    }
    as->gap(out);
    as->text(
        out,
        "When some of several items failed the code is 3. When all failed it is that of the first "
        "cause in the order 2, 4, 5, 7, 10, 9, 6, 1. Codes may be added: treat a code that you do "
        "not know as a failure.");
}

static void environment(FILE *out, const struct help_writer *as)
{
    static const char *const others[][2] = {
        { "AWS_ACCESS_KEY_ID", "access key" },
        { "AWS_SECRET_ACCESS_KEY", "its secret" },
        { "AWS_SESSION_TOKEN", "token of temporary keys" },
        { "AWS_DEFAULT_REGION", "read when AWS_REGION is not set" },
        { "HTTPS_PROXY, http_proxy, NO_PROXY", "as libcurl reads them" },
        { "NO_COLOR, CLICOLOR_FORCE, FORCE_COLOR, CLICOLOR", "see --color" },
        { "COLUMNS", "width of tables on a terminal" },
        { "XDG_STATE_HOME, HOME", "where the client id is kept without a folder ./config" },
        { "XDG_CONFIG_HOME, HOME", "where the file of own settings is" },
    };

    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        const struct option_row *row = options_row((enum option_id)i);
        char text[160];

        if (row->environment == NULL || row->help == NULL)
            continue;
        snprintf(text, sizeof(text), "--%s: %s", row->long_name, row->help);
        as->pair(out, row->environment, text);
    }
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        as->pair(out, others[i][0], others[i][1]);
}

static void configuration(FILE *out, const struct help_writer *as)
{
    as->text(out, "A setting is taken from the first of these places that has it:");
    as->items(
        out,
        "1. options of the command line\n"
        "2. the file of -s, KEY=value lines; a NAME without a slash is ./config/NAME, else "
        "./NAME\n"
        "3. the environment\n"
        "4. the file of --config, else icecat/config in $XDG_CONFIG_HOME or ~/.config; its "
        "relative paths are relative to it\n"
        "5. for the client id: ./config/client_id, else icecat/client_id in $XDG_STATE_HOME or "
        "~/.local/state; for keys, region and addresses: the AWS profile\n"
        "6. with -s ssm: SSM parameters named PREFIX and the name of the setting\n"
        "7. the built-in value\n");
    as->gap(out);
    as->text(out, "Settings in files, in the environment and in SSM:");
    for (unsigned i = 0; i < CONFIG_COUNT; i++)
        as->line(out, config_name((enum config_id)i),
                 config_is_in_ssm((enum config_id)i) ? "(also in SSM)" : "");
    as->gap(out);
    as->text(
        out,
        "An access key, its secret and its token are always taken from one place. `icecat config` "
        "shows every setting with its origin.");
}

static void formats(FILE *out, const struct help_writer *as)
{
    as->pair(out, "table", "fitted to the terminal; what auto means on one");
    as->pair(out, "plain",
             "a header line, then one line for each item, values between tabs, nothing "
             "shortened; what auto means elsewhere");
    as->pair(out, "json", "one document");
    as->pair(out, "ndjson",
             "one JSON object on each line, as things happen; the last is the summary");
    as->pair(out, "csv", "for spreadsheets; cells that they would run as formulas begin with '");
    as->gap(out);
    as->text(
        out,
        "Results go to stdout, all else to stderr. With json and ndjson a failure that ends the "
        "command is one JSON object on stderr, with the type exit_error. Texts in JSON are valid "
        "UTF-8; of a file name that is not, file_b64 has the bytes. Fields and values may be "
        "added to the documents; none is renamed or changes its type while the schema's name "
        "stays.");
}

static void compat(FILE *out, const struct help_writer *as)
{
    as->text(out, "Command lines of the Python client work as they are: bulkanalyse, result and "
                  "bulkresults, -s, -d, -f, -b, -p. Files and names stay as they were:");
    as->items(out, "- secrets files, also with DYNAMO_DB_TABLE_NAME, and SSM parameters under "
                   "/stablecaps/dev/cat-wrangler/\n"
                   "- ./config/client_id\n"
                   "- logs/CLIENT_batch-ID.json, ...-results.json and ...-debug-logs.json\n"
                   "- the table and its attributes\n");
    as->gap(out);
    as->text(out, "Different on purpose:");
    as->items(out,
              "- -s may be left out, and SSM be written in any case; options may stand behind the "
              "command\n"
              "- a failed upload does not end the others, and shows in the exit code\n"
              "- files are judged by their bytes, not by their names\n"
              "- nothing found is exit code 6\n"
              "- secrets are never printed\n"
              "- ${NAME} in secrets files is refused, not replaced\n"
              "- object keys end as the image's bytes say, unless --keys compat\n");
}

static const struct {
    const char *name;
    void (*write)(FILE *out, const struct help_writer *as);
} topics[] = {
    { "exit-codes", exit_codes }, { "environment", environment }, { "config", configuration },
    { "formats", formats },       { "compat", compat },
};

#define TOPIC_COUNT (sizeof(topics) / sizeof(topics[0]))

const char *help_topic_name(size_t index)
{
    return index < TOPIC_COUNT ? topics[index].name : NULL;
}

int help_topic(FILE *out, const char *name, const struct help_writer *writer)
{
    for (size_t i = 0; i < TOPIC_COUNT; i++) {
        if (strcmp(topics[i].name, name) == 0) {
            topics[i].write(out, writer);
            return 1;
        }
    }
    return 0;
}
