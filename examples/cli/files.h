/*
 * files.h - which files a command works on: arguments, folders, lists, filters.
 *
 * A folder is walked depth first in the byte order of its names, so that equal folders always give
 * equal runs. A file in a folder is taken when it matches any include and no exclude, in whatever
 * order these were given; a file that was named itself needs no match with the default includes. A
 * folder that is excluded is not opened.
 *
 * Globs: ? * [a-z] [!a-z] and \ as in a shell, none of which crosses a slash; a component ** stands
 * for any number of folders. A glob without a slash is compared with the base name, another with the
 * path below the folder that was given.
 */
#ifndef CLI_FILES_H
#define CLI_FILES_H

#include "options.h"
#include <icecat/error.h>
#include <stddef.h>
#include <stdint.h>

struct files_options {
    const char *const *paths; /* files and folders */
    size_t path_count;
    const char *const *lists; /* files with one path per line; "-" is stdin */
    size_t list_count;
    const char *const *includes; /* case matters; none: *.png *.jpg *.jpeg in any case */
    size_t include_count;
    const char *const *excludes;
    size_t exclude_count;
    int nul_separated;   /* the lists' paths end with NUL bytes */
    int follow_symlinks; /* walk into linked folders; a folder never into itself */
    int any_name;        /* without includes: take every name in a folder */
};

struct files;

/* Told of each folder or list that cannot be read, and of loops of links. */
typedef void (*files_problem_fn)(const char *path, const char *why, void *userdata);

/* NULL when out of memory. The options' arrays must live as long as the result. */
struct files *files_open(const struct files_options *options, files_problem_fn problem,
                         void *userdata);
/* 1 and @p path, which lives until the next call; 0 at the end; -1 when out of memory. */
int files_next(struct files *files, const char **path);
/* Bytes of the file that files_next() gave last, as they were seen then; 0 when it is not a regular file. */
uint64_t files_size(const struct files *files);
void files_close(struct files *files);

/* 1 when @p glob matches @p path, a path below a root without leading slash. Pure. */
int glob_match(const char *glob, const char *path, int ignore_case);

/* The options of a command line: arguments, --folder, --files-from, -0, filters. 0 when out of
 * memory. files_options_clear() releases the array of paths. */
int files_options_from(struct files_options *out, const struct options *options);
void files_options_clear(struct files_options *options);

#endif
