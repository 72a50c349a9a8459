/*
 * report.c - where a report goes, and in which format.
 */
#include "report.h"

#include "cli_error.h"
#include "cli_progress.h"
#include "option_values.h"
#include "out_file.h"
#include "report_page.h"
#include "thumbnail.h"
#include <string.h>
#include <time.h>

#define DEFAULT_THUMBS_PX 320
#define DEFAULT_INLINE    (64u << 20)

struct plan {
    struct report report;
    enum report_format format;
    const char *path;
};

/* ---- options ----------------------------------------------------------------------------- */

static int read_options(const struct cli *cli, struct plan *plan, char *why, size_t why_len)
{
    const struct options *options = &cli->options;
    uint64_t px = DEFAULT_THUMBS_PX, most = DEFAULT_INLINE;
    size_t format = REPORT_HTML;

    if (!options_choice(options, OPTION_FORMAT, &format, why, why_len) ||
        !options_number(options, OPTION_THUMBS, 0, THUMBNAIL_MOST_PX, &px, why, why_len) ||
        !options_size(options, OPTION_MAX_INLINE, &most, why, why_len))
        return 0;
    if (px != 0 && px < THUMBNAIL_LEAST_PX) {
        snprintf(why, why_len, "--thumbs is 0 for none, or %d to %d pixels", THUMBNAIL_LEAST_PX,
                 THUMBNAIL_MOST_PX);
        return 0;
    }
    plan->format = (enum report_format)format;
    plan->report.thumbs_px = (uint32_t)px;
    plan->report.max_inline = most;
    plan->report.title = options_text(options, OPTION_TITLE);
    plan->report.images = options_text(options, OPTION_IMAGES);
    plan->path = options_text(
        options, cli->options.command_id == COMMAND_report ? OPTION_OUTPUT_FILE : OPTION_REPORT);
    return 1;
}

int report_check(const struct cli *cli)
{
    struct plan plan;
    char why[WHY_LEN];

    return read_options(cli, &plan, why, sizeof(why)) ? 0 : cli_fail_usage(cli, "%s", why);
}

static const char *default_path(enum report_format format)
{
    switch (format) {
    case REPORT_CSV:
        return "report.csv";
    case REPORT_JSON:
        return "report.json";
    case REPORT_HTML:
        break;
    }
    return "report.html";
}

/* ---- writing ----------------------------------------------------------------------------- */

static int tell_progress(size_t done, void *userdata)
{
    progress_update(userdata, done, 0, 0);
    return cli_signal();
}

static int write_page(const struct cli *cli, struct plan *plan, FILE *file)
{
    struct progress_state state = { .verb = "reporting",
                                    .noun = "pictures",
                                    .total = plan->report.data->row_count };
    struct progress progress;
    int ok;

    if (plan->format == REPORT_CSV)
        return report_csv(&plan->report, file);
    if (plan->format == REPORT_JSON)
        return report_json(&plan->report, file);
    cli_progress_begin(cli, &progress, &state);
    ok = report_html(&plan->report, file, tell_progress, &progress);
    progress_end(&progress);
    return ok;
}

static icecat_status fail(const struct out_file *file, icecat_error *err)
{
    if (cli_signal() != 0)
        return cli_error(err, ICECAT_E_CANCELLED, "interrupted");
    if (ferror(file->stream))
        return cli_error(err, ICECAT_E_FILE, "cannot write %s", file->path);
    return cli_error(err, ICECAT_E_NO_MEMORY, "out of memory");
}

static void tell_result(const struct cli *cli, const struct plan *plan, long size)
{
    const struct report *report = &plan->report;
    char bytes[32];

    progress_format_bytes(size > 0 ? (uint64_t)size : 0, bytes, sizeof(bytes));
    cli_note(cli, "report on %zu picture%s written to %s (%s)", report->data->row_count,
             report->data->row_count == 1 ? "" : "s", plan->path, bytes);
    if (report->not_found != 0)
        cli_note(cli,
                 "%zu of them not found where they were, or changed; --images names a folder to "
                 "look in",
                 report->not_found);
}

static int write_file(const struct cli *cli, struct plan *plan)
{
    struct out_file file;
    icecat_error err;
    icecat_status status = out_file_open(&file, plan->path, &err);
    long size = 0;

    if (status != ICECAT_OK)
        return cli_fail(cli, &err);
    if (write_page(cli, plan, file.stream)) {
        size = ftell(file.stream);
        status = out_file_commit(&file, &err);
    } else {
        status = fail(&file, &err);
        out_file_abandon(&file);
    }
    if (status != ICECAT_OK)
        return cli_fail(cli, &err);
    tell_result(cli, plan, size);
    return 0;
}

/* A stream that failed shows when the program ends. */
static int write_stdout(const struct cli *cli, struct plan *plan)
{
    icecat_error err;

    if (write_page(cli, plan, stdout) || ferror(stdout))
        return 0;
    cli_error(&err, ICECAT_E_NO_MEMORY, "out of memory");
    return cli_fail(cli, &err);
}

int report_write(struct cli *cli, const struct result_report *data)
{
    struct plan plan = { .format = REPORT_HTML };
    char why[WHY_LEN];

    if (!read_options(cli, &plan, why, sizeof(why)))
        return cli_fail_usage(cli, "%s", why);
    plan.report.data = data;
    plan.report.now = (int64_t)time(NULL);
    if (plan.path == NULL)
        plan.path = default_path(plan.format);
    if (strcmp(plan.path, "-") == 0 && cli->options.command_id == COMMAND_report)
        return write_stdout(cli, &plan);
    return write_file(cli, &plan);
}
