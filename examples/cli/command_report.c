/*
 * command_report.c - write a file about a batch: from a batch file and the table, or from results that
 * were written before, which needs no account.
 */
#include "cli_progress.h"
#include "report.h"
#include "result_read.h"
#include "results_run.h"

static int report_results_file(struct cli *cli, const char *path)
{
    struct result_list list;
    icecat_error err;
    icecat_status status = result_read(path, &list, &err);
    int code;

    if (status == ICECAT_OK) {
        struct result_report data = { .rows = list.rows,
                                      .row_count = list.count,
                                      .counts = list.counts,
                                      .batch_id = list.batch_id };

        code = report_write(cli, &data);
    } else {
        code = cli_fail(cli, &err);
    }
    result_read_clear(&list);
    return code;
}

static int report_batch(struct cli *cli, const char *file)
{
    struct results_run run = { .only_report = 1 };
    struct batch_source source;
    int code = file != NULL ? batch_source_load(cli, file, &source)
                            : batch_source_open(cli, &source);

    if (code != 0)
        return code;
    code = results_run_source(cli, &source, &run);
    batch_source_close(&source);
    return code;
}

int command_report(struct cli *cli)
{
    const struct options *options = &cli->options;
    const char *file = options_text(options, OPTION_BATCHFILE);
    int code = cli_progress_check(cli);

    if (code == 0)
        code = report_check(cli);
    if (code != 0)
        return code;
    if (options->arg_count != 0) {
        if (file != NULL || options_count(options, OPTION_BATCHID) != 0 ||
            options_count(options, OPTION_LATEST) != 0)
            return cli_fail_usage(cli, "report takes one of FILE, -b FILE, --batchid ID and "
                                       "--latest");
        file = options->args[0];
    } else if (file != NULL && (options_count(options, OPTION_BATCHID) != 0 ||
                                options_count(options, OPTION_LATEST) != 0)) {
        file = NULL; /* batch_source_open() tells that only one may be given */
    }
    if (file != NULL && result_read_is(file))
        return report_results_file(cli, file);
    return report_batch(cli, file);
}
