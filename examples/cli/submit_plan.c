/*
 * submit_plan.c - what a submission is to do, as notes of its batch: enough to go on with it after it was
 * killed, and to write the same batch file as if it had not been.
 *
 * Every note is a word, a blank and a value. Of options there are those that decide what is uploaded and
 * under which key; where it goes to (region, endpoint, keys) is the business of who resumes it.
 */
#include "submit.h"

#include "cli_error.h"
#include "option_values.h"
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PLAN         "plan"
#define PLAN_VERSION "1"

static const enum option_id planned[] = { OPTION_KEYS,         OPTION_DEBUG,
                                          OPTION_NO_VALIDATE,  OPTION_STRICT,
                                          OPTION_MAX_SIZE,     OPTION_PROFILE_LIMIT,
                                          OPTION_SKIP_INVALID, OPTION_FAIL_FAST };
enum { PLANNED = sizeof(planned) / sizeof(planned[0]) };

/* ---- write ------------------------------------------------------------------------------- */

struct writer {
    icecat_batch *batch;
    icecat_status status;
    icecat_error *err;
};

static void note(struct writer *writer, const char *word, const char *value)
{
    size_t len = strlen(word) + strlen(value) + 2;
    char *text;

    if (writer->status != ICECAT_OK)
        return;
    text = malloc(len);
    if (text == NULL) {
        writer->status = cli_error(writer->err, ICECAT_E_NO_MEMORY, "out of memory");
        return;
    }
    snprintf(text, len, "%s %s", word, value);
    writer->status = icecat_batch_note(writer->batch, text, writer->err);
    free(text);
}

static void note_number(struct writer *writer, const char *word, uint64_t value)
{
    char text[32];

    snprintf(text, sizeof(text), "%" PRIu64, value);
    note(writer, word, text);
}

static void note_options(struct writer *writer, const struct options *options)
{
    for (size_t i = 0; i < PLANNED; i++) {
        size_t count = options_count(options, planned[i]);

        for (size_t at = 0; at < count; at++) {
            note(writer, "option", options_row(planned[i])->long_name);
            note(writer, "value", options_at(options, planned[i], at));
        }
    }
}

static void note_files(struct writer *writer, const struct submit_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        note(writer, "file", list->items[i].path);
        if (list->items[i].action == ICECAT_FAILED)
            note(writer, "problem", list->items[i].reason);
    }
}

icecat_status submit_plan_write(struct submit *submit, icecat_error *err)
{
    struct writer writer = { submit->batch.batch, ICECAT_OK, err };
    const struct cli *cli = submit->cli;
    char folder[PATH_MAX];

    note(&writer, PLAN, PLAN_VERSION);
    note_number(&writer, "batch", submit->batch.id);
    note_number(&writer, "epoch", (uint64_t)submit->epoch);
    note_number(&writer, "bytes", submit->list.bytes);
    note(&writer, "client", config_text(&cli->config, CONFIG_CLIENT_ID));
    note(&writer, "bucket", config_text(&cli->config, CONFIG_BUCKET_SOURCE));
    if (getcwd(folder, sizeof(folder)) != NULL)
        note(&writer, "folder", folder);
    note_options(&writer, &cli->options);
    note_files(&writer, &submit->list);
    return writer.status;
}

/* ---- read -------------------------------------------------------------------------------- */

static icecat_status fail_plan(const struct submit *submit, const char *what, icecat_error *err)
{
    return cli_error(err, ICECAT_E_PARSE, "the journal %s cannot be resumed: %s",
                     submit->batch.journal, what);
}

static icecat_status out_of_memory(icecat_error *err)
{
    return cli_error(err, ICECAT_E_NO_MEMORY, "out of memory");
}

/* The journal's value, whatever this environment says. */
static icecat_status set_config(struct submit *submit, enum config_id id, const char *text,
                                icecat_error *err)
{
    struct config *config = &submit->cli->config;
    struct config_value *value = &config->values[id];

    if (config_source(config, id) == CONFIG_FROM_OPTION && strcmp(value->text, text) != 0)
        return cli_error(err, ICECAT_E_ARGUMENT, "%s is %s in the journal, and cannot be changed",
                         config_name(id), text);
    cli_wipe_text(value->text);
    free(value->origin);
    *value = (struct config_value){ .source = CONFIG_UNSET };
    return config_offer(config, id, text, CONFIG_FROM_OPTION, submit->batch.journal, err);
}

/* Files were named as seen from where the submission was begun. */
static icecat_status check_folder(const struct submit *submit, const char *begun, icecat_error *err)
{
    char folder[PATH_MAX];

    if (getcwd(folder, sizeof(folder)) != NULL && strcmp(folder, begun) == 0)
        return ICECAT_OK;
    for (size_t i = 0; i < submit->list.count; i++) {
        if (submit->list.items[i].path[0] != '/')
            return cli_error(err, ICECAT_E_CONFIG,
                             "the submission was begun in %s, and names its files from there: "
                             "resume it in that folder",
                             begun);
    }
    return ICECAT_OK;
}

/* What is read one note after the other. */
struct reader {
    struct submit *submit;
    const char *folder;
    const char *option; /* waits for its value */
    icecat_error *err;
};

static icecat_status read_option(struct reader *reader, const char *value)
{
    struct options *options = &reader->submit->cli->options;

    for (size_t i = 0; reader->option != NULL && i < PLANNED; i++) {
        if (strcmp(options_row(planned[i])->long_name, reader->option) != 0)
            continue;
        if (!options_add(options, planned[i], value))
            return out_of_memory(reader->err);
        return ICECAT_OK;
    }
    return fail_plan(reader->submit, "it has an option that this release does not know",
                     reader->err);
}

static icecat_status read_problem(struct reader *reader, const char *why)
{
    struct submit_list *list = &reader->submit->list;
    struct submit_item *item = list->count != 0 ? &list->items[list->count - 1] : NULL;

    if (item == NULL)
        return fail_plan(reader->submit, "it is damaged", reader->err);
    item->action = ICECAT_FAILED;
    item->status = ICECAT_E_FILE;
    item->reason = strdup(why);
    return item->reason != NULL ? ICECAT_OK : out_of_memory(reader->err);
}

static icecat_status read_number(struct reader *reader, const char *text, uint64_t *out)
{
    return text_number(text, 0, INT64_MAX, out)
               ? ICECAT_OK
               : fail_plan(reader->submit, "it is damaged", reader->err);
}

static icecat_status read_note(struct reader *reader, const char *word, const char *value)
{
    struct submit *submit = reader->submit;
    uint64_t number = 0;
    icecat_status status = ICECAT_OK;

    if (strcmp(word, "file") == 0)
        return submit_list_add(&submit->list, value) != NULL ? ICECAT_OK
                                                             : out_of_memory(reader->err);
    if (strcmp(word, "problem") == 0)
        return read_problem(reader, value);
    if (strcmp(word, "client") == 0)
        return set_config(submit, CONFIG_CLIENT_ID, value, reader->err);
    if (strcmp(word, "bucket") == 0)
        return set_config(submit, CONFIG_BUCKET_SOURCE, value, reader->err);
    if (strcmp(word, "value") == 0)
        return read_option(reader, value);
    if (strcmp(word, "option") == 0)
        reader->option = value;
    else if (strcmp(word, "folder") == 0)
        reader->folder = value;
    else if (strcmp(word, "batch") == 0)
        return read_number(reader, value, &submit->batch.id);
    else if (strcmp(word, "bytes") == 0)
        return read_number(reader, value, &submit->list.bytes);
    else if (strcmp(word, "epoch") == 0)
        status = read_number(reader, value, &number);
    if (number != 0)
        submit->epoch = (int64_t)number;
    return status;
}

/* What the journal has already is done. */
static icecat_status mark_done(struct submit *submit, icecat_error *err)
{
    icecat_batch_record record = ICECAT_BATCH_RECORD_INIT;

    for (size_t i = submit->batch.first; icecat_batch_at(submit->batch.batch, i, &record); i++) {
        struct submit_item *item;

        if (record.position == 0 || record.position > submit->list.count)
            return fail_plan(submit, "a record is of no file", err);
        item = &submit->list.items[record.position - 1];
        item->record = i + 1;
        item->action = record.duplicate_of != NULL ? ICECAT_DUPLICATE : ICECAT_SUBMITTED;
    }
    return ICECAT_OK;
}

/* There is no journal any more, because all is done: the batch file tells of what. */
static icecat_status read_finished(struct submit *submit, icecat_error *err)
{
    icecat_batch_record record = ICECAT_BATCH_RECORD_INIT;

    for (size_t i = 0; icecat_batch_at(submit->batch.batch, i, &record); i++) {
        const char *path = record.path != NULL ? record.path : record.original_file_name;
        struct submit_item *item = submit_list_add(&submit->list, path);

        if (item == NULL)
            return out_of_memory(err);
        item->record = i + 1;
        item->action = record.duplicate_of != NULL ? ICECAT_DUPLICATE : ICECAT_SUBMITTED;
        submit->batch.id = record.batch_id;
        submit->list.bytes += record.size_bytes;
    }
    return ICECAT_OK;
}

icecat_status submit_plan_read(struct submit *submit, icecat_error *err)
{
    const icecat_batch *batch = submit->batch.batch;
    const char *first = icecat_batch_note_at(batch, 0);
    struct reader reader = { submit, NULL, NULL, err };
    icecat_status status = ICECAT_OK;

    if (!submit->batch.is_open)
        return read_finished(submit, err);
    for (size_t i = 0; i < PLANNED; i++)
        submit->cli->options.counts[planned[i]] = 0; /* as it was begun, not as it is resumed */
    if (first == NULL || strcmp(first, PLAN " " PLAN_VERSION) != 0)
        return fail_plan(submit, "it has no plan that this release knows", err);
    for (size_t i = 1; i < icecat_batch_note_count(batch) && status == ICECAT_OK; i++) {
        const char *text = icecat_batch_note_at(batch, i);
        const char *blank = strchr(text, ' ');
        char word[16];

        if (blank == NULL || (size_t)(blank - text) >= sizeof(word))
            return fail_plan(submit, "it is damaged", err);
        snprintf(word, sizeof(word), "%.*s", (int)(blank - text), text);
        status = read_note(&reader, word, blank + 1);
    }
    if (status == ICECAT_OK && (submit->batch.id == 0 || submit->epoch == 0))
        status = fail_plan(submit, "it is damaged", err);
    if (status == ICECAT_OK && reader.folder != NULL)
        status = check_folder(submit, reader.folder, err);
    return status == ICECAT_OK ? mark_done(submit, err) : status;
}
