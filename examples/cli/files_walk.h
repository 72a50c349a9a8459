/*
 * files_walk.h - walk one folder (internal to files.c).
 */
#ifndef CLI_FILES_WALK_H
#define CLI_FILES_WALK_H

#include "files.h"
#include <sys/types.h>

/* A folder on the way down: its names, sorted, and which is next. */
struct walk_level {
    char **names;
    size_t count;
    size_t next;
    size_t path_len; /* of the folder, in walk.path */
    dev_t device;
    ino_t inode;
};

struct walk {
    const struct files_options *options;
    files_problem_fn problem;
    void *userdata;
    struct walk_level *levels;
    size_t depth;
    size_t level_cap;
    char *path;
    size_t path_cap;
    size_t root_len; /* what globs are not compared with */
    uint64_t size;   /* of the last file; 0 when it is not a regular one */
};

void walk_init(struct walk *walk, const struct files_options *options, files_problem_fn problem,
               void *userdata);
void walk_clear(struct walk *walk);
/* Start at folder @p root. 0 when out of memory. */
int walk_begin(struct walk *walk, const char *root);
/* 1 and the next file that the filters take, 0 at the end, -1 when out of memory. */
int walk_next(struct walk *walk, const char **path);

/* Do the filters take a file? @p is_named: it was not found in a folder. Pure. */
int walk_takes(const struct files_options *options, const char *relative, int is_named);
/* Do they leave out a folder? Pure. */
int walk_leaves_out(const struct files_options *options, const char *relative);

#endif
