/*
 * submit_scan.c - all files of a submission, before the first is uploaded.
 */
#include "submit.h"

#include "cli_error.h"
#include "files.h"
#include <stdlib.h>
#include <string.h>

enum { FIRST_ITEMS = 64 };

struct submit_item *submit_list_add(struct submit_list *list, const char *path)
{
    struct submit_item *item;

    if (list->count == list->cap) {
        size_t cap = list->cap != 0 ? list->cap * 2 : FIRST_ITEMS;
        struct submit_item *items = cap <= SIZE_MAX / sizeof(*items)
                                        ? realloc(list->items, cap * sizeof(*items))
                                        : NULL;

        if (items == NULL)
            return NULL;
        list->items = items;
        list->cap = cap;
    }
    item = &list->items[list->count];
    *item = (struct submit_item){ .path = strdup(path) };
    if (item->path == NULL)
        return NULL;
    list->count++;
    return item;
}

static void add_problem(const char *path, const char *why, void *userdata)
{
    struct submit_list *list = userdata;
    struct submit_item *item = submit_list_add(list, path);

    if (item != NULL) {
        item->action = ICECAT_FAILED;
        item->status = ICECAT_E_FILE;
        item->reason = strdup(why);
    }
    if (item == NULL || item->reason == NULL)
        list->out_of_memory = 1;
}

static int take_files(struct files *files, struct submit_list *out)
{
    const char *path;
    int got = 0;

    while (cli_signal() == 0 && (got = files_next(files, &path)) > 0) {
        if (submit_list_add(out, path) == NULL)
            return 0;
        out->bytes += files_size(files);
    }
    return got == 0 && !out->out_of_memory;
}

int submit_scan(const struct cli *cli, struct submit_list *out)
{
    struct files_options options;
    struct files *files = NULL;
    icecat_error err;
    int ok = files_options_from(&options, &cli->options);

    *out = (struct submit_list){ .items = NULL };
    if (ok && options.path_count == 0 && options.list_count == 0) {
        files_options_clear(&options);
        return cli_fail_usage(cli,
                              "nothing is named: give files, --folder DIR or --files-from FILE");
    }
    if (ok)
        files = files_open(&options, add_problem, out);
    ok = files != NULL && take_files(files, out);
    files_close(files);
    files_options_clear(&options);
    if (ok && cli_signal() == 0)
        return 0;
    cli_error(&err, ICECAT_E_NO_MEMORY, "out of memory while the files are listed");
    return cli_fail(cli, &err);
}

void submit_list_clear(struct submit_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].path);
        free(list->items[i].reason);
        free(list->items[i].fingerprint);
    }
    free(list->items);
    *list = (struct submit_list){ .items = NULL };
}

/* ---- exit code --------------------------------------------------------------------------- */

/* The most telling first. */
static size_t rank_of(int code)
{
    static const int order[] = { 2, 4, 5, 7, 10, 9, 6 };
    size_t rank = 0;

    while (rank < sizeof(order) / sizeof(order[0]) && order[rank] != code)
        rank++;
    return rank;
}

/* A file that cannot be read is refused input, whatever else a file that cannot be written is. */
static int item_code(const struct submit_item *item)
{
    if (item->status == ICECAT_E_FILE)
        return EXIT_REJECTED;
    return icecat_status_exit_code(item->status);
}

int submit_exit_code(const struct submit_list *list, int skip_rejected)
{
    size_t good = 0;
    size_t bad = 0;
    int code = 1;

    for (size_t i = 0; i < list->count; i++) {
        const struct submit_item *item = &list->items[i];

        good += item->action == ICECAT_SUBMITTED || item->action == ICECAT_DUPLICATE ||
                item->action == ICECAT_KNOWN;
        if (item->action != ICECAT_REJECTED && item->action != ICECAT_FAILED)
            continue;
        if (rank_of(item_code(item)) < rank_of(code))
            code = item_code(item);
        bad += item->action == ICECAT_FAILED || !skip_rejected;
    }
    if (good != 0)
        return bad != 0 ? EXIT_PARTIAL : 0;
    /* Nothing was sound: that counts even when single refusals do not. */
    return list->count != 0 ? code : 0;
}
