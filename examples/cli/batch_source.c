/*
 * batch_source.c - which batch a command is about: a batch file, an id, or the newest file.
 */
#include "batch_source.h"

#include "cli_error.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *batch_logs_dir(const struct cli *cli)
{
    const char *dir = options_text(&cli->options, OPTION_LOGS_DIR);

    return dir != NULL ? dir : "./logs";
}

void batch_source_close(struct batch_source *source)
{
    icecat_batch_free(source->batch);
    free(source->path);
    *source = (struct batch_source){ .batch_id = 0 };
}

/* A table's query is about one batch, and so is a file. */
static icecat_status find_id(const icecat_batch *batch, const char *path, uint64_t *id,
                             icecat_error *err)
{
    icecat_batch_record record = ICECAT_BATCH_RECORD_INIT;

    *id = batch_name_id(strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path);
    for (size_t i = 0; icecat_batch_at(batch, i, &record); i++) {
        if (i != 0 && record.batch_id != *id)
            return cli_error(err, ICECAT_E_PARSE,
                             "batch file %s has records of two batches, %llu and %llu", path,
                             (unsigned long long)*id, (unsigned long long)record.batch_id);
        *id = record.batch_id;
    }
    return ICECAT_OK;
}

int batch_source_load(const struct cli *cli, const char *path, struct batch_source *out)
{
    icecat_error err;
    icecat_status status;

    *out = (struct batch_source){ .path = strdup(path) };
    if (out->path == NULL)
        status = cli_error(&err, ICECAT_E_NO_MEMORY, "out of memory");
    else
        status = icecat_batch_load(path, &out->batch, &err);
    if (status == ICECAT_OK)
        status = find_id(out->batch, path, &out->batch_id, &err);
    if (status == ICECAT_OK && icecat_batch_count(out->batch) == 0)
        cli_warn(cli, "batch file %s has no record of an upload", path);
    if (status == ICECAT_OK)
        return 0;
    batch_source_close(out);
    return cli_fail(cli, &err);
}

static int open_latest(const struct cli *cli, struct batch_source *out)
{
    const char *dir = batch_logs_dir(cli);
    char *path = batch_find(dir, 0);
    icecat_error err;
    int code;

    if (path == NULL) {
        if (errno != 0)
            cli_error(&err, ICECAT_E_NOT_FOUND, "cannot read the folder %s: %s", dir,
                      strerror(errno));
        else
            cli_error(&err, ICECAT_E_NOT_FOUND,
                      "no batch file in %s; --logs-dir names another folder", dir);
        return cli_fail(cli, &err);
    }
    code = batch_source_load(cli, path, out);
    free(path);
    return code;
}

/* The id is enough; a batch file of that id also tells the files' names. */
static int open_id(const struct cli *cli, const char *text, struct batch_source *out)
{
    icecat_error err;
    char *path;
    int code = 0;

    if (icecat_batch_id_parse(text, &out->batch_id, &err) != ICECAT_OK)
        return cli_fail_usage(cli, "--batchid %s: %s", text, err.message);
    path = batch_find(batch_logs_dir(cli), out->batch_id);
    if (path != NULL) {
        cli_note(cli, "file names are from %s", path);
        code = batch_source_load(cli, path, out);
    }
    free(path);
    return code;
}

int batch_source_open(struct cli *cli, struct batch_source *out)
{
    const struct options *options = &cli->options;
    const char *file = options_text(options, OPTION_BATCHFILE);
    const char *id = options_text(options, OPTION_BATCHID);
    int latest = options_count(options, OPTION_LATEST) != 0;

    *out = (struct batch_source){ .batch_id = 0 };
    if ((file != NULL) + (id != NULL) + latest != 1)
        return cli_fail_usage(cli, "%s needs one of -b FILE, --batchid ID and --latest",
                              options->command);
    if (file != NULL)
        return batch_source_load(cli, file, out);
    return latest ? open_latest(cli, out) : open_id(cli, id, out);
}
