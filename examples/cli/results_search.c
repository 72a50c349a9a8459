/*
 * results_search.c - from the command line to what is searched for in the table.
 */
#include "results_search.h"

#include "option_values.h"
#include "text_time.h"
#include <string.h>
#include <time.h>

static int names_a_batch(const struct options *options)
{
    return options_count(options, OPTION_BATCHFILE) + options_count(options, OPTION_BATCHID) +
               options_count(options, OPTION_LATEST) !=
           0;
}

int results_search_is_asked(const struct options *options)
{
    return options_count(options, OPTION_CLIENT_ID) + options_count(options, OPTION_STATUS) +
                   options_count(options, OPTION_SINCE) + options_count(options, OPTION_UNTIL) !=
               0 ||
           (options_count(options, OPTION_ONLY) != 0 && !names_a_batch(options));
}

static int read_batch(const struct cli *cli, icecat_search_options *out)
{
    const char *id = options_text(&cli->options, OPTION_BATCHID);
    icecat_error err;

    if (options_count(&cli->options, OPTION_BATCHFILE) +
        options_count(&cli->options, OPTION_LATEST))
        return cli_fail_usage(cli, "to search one batch, name it by --batchid ID");
    if (id != NULL && icecat_batch_id_parse(id, &out->batch_id, &err) != ICECAT_OK)
        return cli_fail_usage(cli, "--batchid %s: %s", id, err.message);
    return 0;
}

static int read_time(const struct cli *cli, enum option_id id, int64_t *out)
{
    const char *text = options_text(&cli->options, id);

    if (text == NULL || text_time(text, (int64_t)time(NULL), id == OPTION_UNTIL, out))
        return 0;
    return cli_fail_usage(cli,
                          "--%s %s: it is a day (2026-11-01), a time (2026-11-01T14:30Z) or how "
                          "long ago (30m, 12h, 7d)",
                          options_row(id)->long_name, text);
}

/* What --only shows alone is also all that needs to be found. */
static int read_only(const struct cli *cli, icecat_search_options *out)
{
    const char *only = options_text(&cli->options, OPTION_ONLY);

    if (only == NULL)
        return 0;
    if (strcmp(only, "cat") == 0)
        out->verdict = ICECAT_VERDICT_CAT;
    else if (strcmp(only, "not-cat") == 0)
        out->verdict = ICECAT_VERDICT_NOT_CAT;
    else if (out->state == 0 && strcmp(only, "pending") == 0)
        out->state = ICECAT_RESULT_PENDING;
    else if (out->state == 0 && strcmp(only, "failed") == 0)
        out->state = ICECAT_RESULT_FAIL;
    else
        return cli_fail_usage(cli, "--only %s: the table has no such records to search for", only);
    if (out->verdict != 0 && out->state != 0 && out->state != ICECAT_RESULT_SUCCESS)
        return cli_fail_usage(cli, "--only %s: only images with --status success have a verdict",
                              only);
    return 0;
}

static int read_state(const struct cli *cli, icecat_search_options *out)
{
    size_t choice = 0;
    char why[WHY_LEN];

    if (!options_choice(&cli->options, OPTION_STATUS, &choice, why, sizeof(why)))
        return cli_fail_usage(cli, "%s", why);
    if (options_count(&cli->options, OPTION_STATUS) != 0)
        out->state = (uint32_t)choice + ICECAT_RESULT_PENDING;
    return 0;
}

int results_search_read(const struct cli *cli, icecat_search_options *out)
{
    const struct options *options = &cli->options;
    int code = read_batch(cli, out);

    /* Whose images are found is said on the line, not by who happens to ask. */
    if (options_count(options, OPTION_CLIENT_ID) != 0)
        out->client_id = options_text(options, OPTION_CLIENT_ID);
    if (code == 0)
        code = read_time(cli, OPTION_SINCE, &out->since);
    if (code == 0)
        code = read_time(cli, OPTION_UNTIL, &out->until);
    if (code == 0)
        code = read_state(cli, out);
    if (code == 0)
        code = read_only(cli, out);
    if (code != 0)
        return code;
    if (out->until != 0 && out->until <= out->since)
        return cli_fail_usage(cli, "--until must be later than --since");
    if (out->batch_id == 0 && out->client_id == NULL && out->verdict == 0)
        return cli_fail_usage(cli, "a search needs one of --batchid ID, --client-id ID, --only cat "
                                   "and --only not-cat");
    if (options_count(options, OPTION_WAIT) != 0)
        return cli_fail_usage(cli, "--wait needs a batch that is not searched");
    return 0;
}
