/*
 * files.c - which files a command works on: arguments, folders, lists, filters.
 */
#include "files_walk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { LINE_MAX_LEN = 65536 };

struct files {
    struct files_options options;
    files_problem_fn problem;
    void *userdata;
    struct walk walk;
    uint64_t size; /* of the last file */
    size_t next_path;
    size_t next_list;
    FILE *list; /* the one that is being read */
    char *line;
};

struct files *files_open(const struct files_options *options, files_problem_fn problem,
                         void *userdata)
{
    struct files *files = calloc(1, sizeof(*files));

    if (files == NULL)
        return NULL;
    files->options = *options;
    files->problem = problem;
    files->userdata = userdata;
    walk_init(&files->walk, &files->options, problem, userdata);
    return files;
}

static void close_list(struct files *files)
{
    if (files->list != NULL && files->list != stdin)
        fclose(files->list);
    files->list = NULL;
}

void files_close(struct files *files)
{
    if (files == NULL)
        return;
    close_list(files);
    walk_clear(&files->walk);
    free(files->line);
    free(files);
}

static void report(const struct files *files, const char *path, const char *why)
{
    if (files->problem != NULL)
        files->problem(path, why, files->userdata);
}

/* ---- lists ------------------------------------------------------------------------------- */

/* The next path of the open list into files->line. 1, 0 at its end, -1 when it cannot be used. */
static int read_line(struct files *files)
{
    int end = files->options.nul_separated ? '\0' : '\n';
    size_t len = 0;
    int c;

    while ((c = getc(files->list)) != EOF && c != end) {
        if (c == '\0' || len + 1 == LINE_MAX_LEN) {
            errno = c == '\0' ? EINVAL : ENAMETOOLONG;
            return -1;
        }
        files->line[len++] = (char)c;
    }
    if (c == EOF && ferror(files->list))
        return -1;
    files->line[len] = '\0';
    return c == end || len != 0;
}

static int open_list(struct files *files, const char *name)
{
    if (files->line == NULL)
        files->line = malloc(LINE_MAX_LEN);
    if (files->line == NULL)
        return -1;
    files->list = strcmp(name, "-") == 0 ? stdin : fopen(name, "re");
    if (files->list == NULL)
        report(files, name, strerror(errno));
    return 1;
}

static void report_list(struct files *files, const char *name)
{
    const char *why = errno == EINVAL ? "a line has a zero byte; are the names separated by zero "
                                        "bytes (-0)?"
                      : errno == ENAMETOOLONG
                          ? "a line has over 65535 bytes; is it a list of names?"
                          : strerror(errno);

    report(files, name, why);
}

/* 1 and a path from the lists, 0 when all are read, -1 when out of memory. */
static int next_listed(struct files *files, const char **path)
{
    for (;;) {
        const char *name = "";
        int got;

        if (files->list == NULL) {
            if (files->next_list == files->options.list_count)
                return 0;
            if (open_list(files, files->options.lists[files->next_list++]) < 0)
                return -1;
            if (files->list == NULL)
                continue;
        }
        name = files->options.lists[files->next_list - 1];
        got = read_line(files);
        if (got < 0)
            report_list(files, name);
        if (got <= 0) {
            close_list(files);
        } else if (files->line[0] != '\0') {
            *path = files->line;
            return 1;
        }
    }
}

/* ---- all --------------------------------------------------------------------------------- */

static int next_root(struct files *files, const char **path)
{
    if (files->next_path < files->options.path_count) {
        *path = files->options.paths[files->next_path++];
        return 1;
    }
    return next_listed(files, path);
}

uint64_t files_size(const struct files *files)
{
    return files->size;
}

int files_next(struct files *files, const char **path)
{
    for (;;) {
        int got = walk_next(&files->walk, path);
        struct stat info = { .st_size = 0 };

        files->size = files->walk.size;
        if (got != 0)
            return got;
        got = next_root(files, path);
        if (got <= 0)
            return got;
        if (stat(*path, &info) == 0 && S_ISDIR(info.st_mode)) {
            if (!walk_begin(&files->walk, *path))
                return -1;
        } else if (walk_takes(&files->options, *path, 1)) {
            /* Also one that does not exist: whoever opens it tells why it cannot. */
            files->size = S_ISREG(info.st_mode) ? (uint64_t)info.st_size : 0;
            return 1;
        }
    }
}

/* ---- from the command line --------------------------------------------------------------- */

int files_options_from(struct files_options *out, const struct options *options)
{
    size_t folders = options_count(options, OPTION_FOLDER);
    const char **paths = calloc(options->arg_count + folders + 1, sizeof(*paths));

    if (paths == NULL)
        return 0;
    for (size_t i = 0; i < options->arg_count; i++)
        paths[i] = options->args[i];
    for (size_t i = 0; i < folders; i++)
        paths[options->arg_count + i] = options_at(options, OPTION_FOLDER, i);
    *out = (struct files_options){
        .paths = paths,
        .path_count = options->arg_count + folders,
        .lists = options->values[OPTION_FILES_FROM],
        .list_count = options_count(options, OPTION_FILES_FROM),
        .includes = options->values[OPTION_INCLUDE],
        .include_count = options_count(options, OPTION_INCLUDE),
        .excludes = options->values[OPTION_EXCLUDE],
        .exclude_count = options_count(options, OPTION_EXCLUDE),
        .nul_separated = options_count(options, OPTION_NULL_SEPARATED) != 0,
        .follow_symlinks = options_count(options, OPTION_FOLLOW_SYMLINKS) != 0,
    };
    return 1;
}

void files_options_clear(struct files_options *options)
{
    free((void *)options->paths);
    options->paths = NULL;
    options->path_count = 0;
}
