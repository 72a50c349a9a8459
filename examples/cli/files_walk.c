/*
 * files_walk.c - walk one folder, depth first, in the byte order of the names.
 *
 * Only the names of the folders on the way down are in memory, never the whole tree.
 */
#include "files_walk.h"

#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_DEPTH = 512, MAX_NAMES = 4000000, FIRST_NAMES = 64, FIRST_PATH = 256 };

void walk_init(struct walk *walk, const struct files_options *options, files_problem_fn problem,
               void *userdata)
{
    *walk = (struct walk){ .options = options, .problem = problem, .userdata = userdata };
}

static void clear_level(struct walk_level *level)
{
    for (size_t i = 0; i < level->count; i++)
        free(level->names[i]);
    free(level->names);
    level->names = NULL;
    level->count = 0;
}

void walk_clear(struct walk *walk)
{
    while (walk->depth > 0)
        clear_level(&walk->levels[--walk->depth]);
    free(walk->levels);
    free(walk->path);
}

static void report(const struct walk *walk, const char *why)
{
    if (walk->problem != NULL)
        walk->problem(walk->path, why, walk->userdata);
}

/* Put @p name behind the first @p len bytes of the path. */
static int set_path(struct walk *walk, size_t len, const char *name)
{
    size_t more = strlen(name);

    if (len + more + 2 > walk->path_cap) {
        size_t cap = (len + more + 2) * 2 > FIRST_PATH ? (len + more + 2) * 2 : FIRST_PATH;
        char *path = realloc(walk->path, cap);

        if (path == NULL)
            return 0;
        walk->path = path;
        walk->path_cap = cap;
    }
    if (len != 0 && walk->path[len - 1] != '/')
        walk->path[len++] = '/';
    memcpy(walk->path + len, name, more + 1);
    return 1;
}

/* ---- one folder's names ------------------------------------------------------------------ */

static int add_name(struct walk_level *level, const char *name, size_t *cap)
{
    if (level->count == *cap) {
        size_t more = *cap != 0 ? *cap * 2 : FIRST_NAMES;
        char **names = realloc(level->names, more * sizeof(*names));

        if (names == NULL)
            return 0;
        level->names = names;
        *cap = more;
    }
    level->names[level->count] = strdup(name);
    if (level->names[level->count] == NULL)
        return 0;
    level->count++;
    return 1;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* 1 when read, 0 with errno when not, -1 when out of memory. */
static int read_names(DIR *directory, struct walk_level *level)
{
    size_t cap = 0;

    for (;;) {
        const struct dirent *entry;

        errno = 0;
        entry = readdir(directory);
        if (entry == NULL && errno != 0)
            return 0;
        if (entry == NULL)
            break;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (level->count == MAX_NAMES) {
            errno = EFBIG;
            return 0;
        }
        if (!add_name(level, entry->d_name, &cap))
            return -1;
    }
    if (level->count > 1)
        qsort(level->names, level->count, sizeof(*level->names), compare_names);
    return 1;
}

/* ---- levels ------------------------------------------------------------------------------ */

static int is_ancestor(const struct walk *walk, const struct stat *info)
{
    for (size_t i = 0; i < walk->depth; i++) {
        if (walk->levels[i].device == info->st_dev && walk->levels[i].inode == info->st_ino)
            return 1;
    }
    return 0;
}

static int make_level(struct walk *walk)
{
    size_t cap = walk->level_cap != 0 ? walk->level_cap * 2 : 16;
    struct walk_level *levels;

    if (walk->depth < walk->level_cap)
        return 1;
    levels = realloc(walk->levels, cap * sizeof(*levels));
    if (levels == NULL)
        return 0;
    walk->levels = levels;
    walk->level_cap = cap;
    return 1;
}

/* Go into the folder at walk->path. What cannot be read is reported and left out. 0: no memory. */
static int enter(struct walk *walk, const struct stat *info)
{
    struct walk_level level = { .path_len = strlen(walk->path),
                                .device = info->st_dev,
                                .inode = info->st_ino };
    DIR *directory;
    int got;

    if (walk->depth == MAX_DEPTH) {
        report(walk, "more than 512 folders in one another; not entered");
        return 1;
    }
    if (!make_level(walk))
        return 0;
    directory = opendir(walk->path);
    if (directory == NULL) {
        report(walk, strerror(errno));
        return 1;
    }
    got = read_names(directory, &level);
    if (got == 0)
        report(walk, errno == EFBIG ? "over 4000000 names in one folder" : strerror(errno));
    closedir(directory);
    if (got < 0) {
        clear_level(&level);
        return 0;
    }
    walk->levels[walk->depth++] = level;
    return 1;
}

int walk_begin(struct walk *walk, const char *root)
{
    struct stat info;
    size_t len;

    if (!set_path(walk, 0, root))
        return 0;
    len = strlen(root);
    while (len > 1 && walk->path[len - 1] == '/')
        walk->path[--len] = '\0';
    walk->root_len = len + (walk->path[len - 1] != '/');
    if (stat(root, &info) != 0) {
        report(walk, strerror(errno));
        return 1;
    }
    return enter(walk, &info);
}

/* The entry at walk->path: 1 to take it as a file, 0 when done with it, -1 when out of memory. */
static int look_at(struct walk *walk)
{
    const char *relative = walk->path + walk->root_len;
    struct stat info;
    int is_link;

    walk->size = 0;
    if (lstat(walk->path, &info) != 0)
        return walk_takes(walk->options, relative, 0); /* went away: the opener will tell */
    is_link = S_ISLNK(info.st_mode);
    if (is_link && stat(walk->path, &info) != 0)
        return walk_takes(walk->options, relative, 0); /* leads nowhere: the same */
    if (S_ISREG(info.st_mode)) {
        walk->size = (uint64_t)info.st_size;
        return walk_takes(walk->options, relative, 0);
    }
    if (!S_ISDIR(info.st_mode) || walk_leaves_out(walk->options, relative) ||
        (is_link && !walk->options->follow_symlinks))
        return 0;
    if (is_ancestor(walk, &info)) {
        report(walk, "leads back to a folder above it; not entered");
        return 0;
    }
    return enter(walk, &info) ? 0 : -1;
}

int walk_next(struct walk *walk, const char **path)
{
    while (walk->depth > 0) {
        struct walk_level *level = &walk->levels[walk->depth - 1];
        int got;

        if (level->next == level->count) {
            clear_level(level);
            walk->depth--;
            continue;
        }
        if (!set_path(walk, level->path_len, level->names[level->next++]))
            return -1;
        got = look_at(walk);
        if (got != 0) {
            *path = walk->path;
            return got;
        }
    }
    return 0;
}
