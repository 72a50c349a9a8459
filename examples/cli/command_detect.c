/*
 * command_detect.c - ask Rekognition directly: no bucket, no function, no table.
 */
#include "cli.h"
#include "cli_error.h"
#include "detection.h"
#include "files.h"
#include "option_values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct detect_run {
    struct cli *cli;
    struct detect_settings settings;
    struct detect_report report;
    int problems; /* lists and folders that cannot be read */
};

static int read_settings(const struct options *options, struct detect_settings *out, char *why,
                         size_t why_len)
{
    const char *label = options_text(options, OPTION_LABEL);
    size_t match = 0;

    memset(out, 0, sizeof(*out));
    out->label = label != NULL ? label : "Cat";
    out->min_confidence = 75;
    out->max_labels = 10;
    if (!options_choice(options, OPTION_MATCH, &match, why, why_len) ||
        !options_percent(options, OPTION_MIN_CONFIDENCE, &out->min_confidence, why, why_len) ||
        !options_number(options, OPTION_MAX_LABELS, 1, 1000, &out->max_labels, why, why_len))
        return 0;
    if (*out->label == '\0') {
        snprintf(why, why_len, "--label needs a name");
        return 0;
    }
    out->match = (enum detect_match)match;
    out->no_validate = options_count(options, OPTION_NO_VALIDATE) > 0;
    out->strict = options_count(options, OPTION_STRICT) > 0;
    out->is_dry_run = options_count(options, OPTION_DRY_RUN) > 0;
    return 1;
}

static void on_problem(const char *path, const char *why, void *userdata)
{
    struct detect_run *run = userdata;

    run->problems++;
    cli_warn(run->cli, "%s: %s", path, why);
}

/* Keys, settings and an end by the user concern every image: there is no use in going on. */
static int ends_all(const struct detection *item)
{
    int code = icecat_status_exit_code((icecat_status)item->err.status);

    return item->err.status == ICECAT_E_CANCELLED || code == 4 || code == 5;
}

/* 0 when out of memory. */
static int append(struct detect_run *run, struct detection *item)
{
    struct detect_report *report = &run->report;
    struct detection **grown = item != NULL
                                   ? realloc(report->items, (report->count + 1) * sizeof(*grown))
                                   : NULL;

    if (grown == NULL) {
        detection_free(item);
        return 0;
    }
    report->items = grown;
    grown[report->count++] = item;
    return 1;
}

/* 0 when out of memory. */
static int ask_all(struct detect_run *run, struct files *files)
{
    const char *path;
    int got = 0;

    while (!icecat_cancel_is_fired(run->cli->cancel) && (got = files_next(files, &path)) > 0) {
        struct detection *item = detection_make(run->cli, &run->settings, path);

        if (!append(run, item))
            return 0;
        if (run->cli->format == FORMAT_NDJSON)
            detect_print_event(&run->report, item);
        if (ends_all(item))
            return 1;
    }
    return got >= 0;
}

/* The most telling code of several failures. */
static int first_cause(const struct detect_report *report)
{
    static const int order[] = { 2, 4, 5, 7, 10, 9, 6 };

    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        for (size_t j = 0; j < report->count; j++) {
            icecat_status status = (icecat_status)report->items[j]->err.status;

            if (status != ICECAT_OK && icecat_status_exit_code(status) == order[i])
                return order[i];
        }
    }
    return 1;
}

static int exit_code(const struct detect_run *run)
{
    const struct detect_report *report = &run->report;
    size_t failed = 0, found = 0;

    for (size_t i = 0; i < report->count; i++) {
        failed += report->items[i]->state >= DETECTION_REJECTED;
        found += report->items[i]->is_found != 0;
    }
    if (failed > 0)
        return failed < report->count ? EXIT_PARTIAL : first_cause(report);
    if (run->problems > 0)
        return report->count > 0 ? EXIT_PARTIAL : 1;
    if (options_count(&run->cli->options, OPTION_EXIT_VERDICT) > 0 && found < report->count &&
        !run->settings.is_dry_run)
        return EXIT_NO_CAT;
    return 0;
}

/* One image, or what ended them all, is reported as the failure of the command. */
static void explain(const struct detect_run *run)
{
    const struct detect_report *report = &run->report;
    const struct detection *last = report->count > 0 ? report->items[report->count - 1] : NULL;
    icecat_error err;

    if (last == NULL || last->err.status == ICECAT_OK || (report->count > 1 && !ends_all(last)))
        return;
    err = last->err;
    if (last->state == DETECTION_REJECTED && strstr(err.message, last->path) == NULL)
        cli_error(&err, (icecat_status)last->err.status, "%s: %s", last->path, last->err.message);
    cli_fail(run->cli, &err);
}

static int detect(struct detect_run *run, const struct files_options *which)
{
    struct files *files = files_open(which, on_problem, run);
    int is_done;

    run->report.settings = &run->settings;
    is_done = files != NULL && ask_all(run, files);
    files_close(files);
    run->report.exit_code = is_done ? exit_code(run) : 1;
    if (!is_done || !detect_print(run->cli, &run->report))
        return cli_fail(run->cli, &(icecat_error){ .status = ICECAT_E_NO_MEMORY });
    explain(run);
    return run->report.exit_code;
}

int command_detect(struct cli *cli)
{
    struct detect_run run;
    struct files_options which;
    char why[WHY_LEN];
    int code;

    memset(&run, 0, sizeof(run));
    run.cli = cli;
    if (!read_settings(&cli->options, &run.settings, why, sizeof(why)))
        return cli_fail_usage(cli, "%s", why);
    if (cli->options.arg_count == 0 && options_count(&cli->options, OPTION_FILES_FROM) == 0)
        return cli_fail_usage(cli, "detect needs images, or s3://BUCKET/KEY");
    if (!files_options_from(&which, &cli->options))
        return cli_fail(cli, &(icecat_error){ .status = ICECAT_E_NO_MEMORY });
    code = detect(&run, &which);
    files_options_clear(&which);
    for (size_t i = 0; i < run.report.count; i++)
        detection_free(run.report.items[i]);
    free(run.report.items);
    return code;
}
