/*
 * files_filter.c - includes and excludes, in whatever order (pure).
 */
#include "files_walk.h"

#include <string.h>

static const char *const default_includes[] = { "*.png", "*.jpg", "*.jpeg" };

static int matches_any(const char *const *globs, size_t count, const char *path, int ignore_case)
{
    for (size_t i = 0; i < count; i++) {
        if (glob_match(globs[i], path, ignore_case))
            return 1;
    }
    return 0;
}

int walk_takes(const struct files_options *options, const char *relative, int is_named)
{
    if (matches_any(options->excludes, options->exclude_count, relative, 0))
        return 0;
    if (options->include_count != 0)
        return matches_any(options->includes, options->include_count, relative, 0);
    return is_named || options->any_name ||
           matches_any(default_includes, sizeof(default_includes) / sizeof(default_includes[0]),
                       relative, 1);
}

/* A glob for all that is in a folder, "dir/" or "dir" with "**" behind it, is one for the folder. */
static int matches_folder(const char *glob, const char *relative)
{
    char own[4096];
    size_t len = strlen(glob);

    if (glob_match(glob, relative, 0))
        return 1;
    if (len > 3 && strcmp(glob + len - 3, "/**") == 0)
        len -= 3;
    else if (len > 1 && glob[len - 1] == '/')
        len -= 1;
    else
        return 0;
    if (len >= sizeof(own))
        return 0;
    memcpy(own, glob, len);
    own[len] = '\0';
    return glob_match(own, relative, 0);
}

int walk_leaves_out(const struct files_options *options, const char *relative)
{
    for (size_t i = 0; i < options->exclude_count; i++) {
        if (matches_folder(options->excludes[i], relative))
            return 1;
    }
    return 0;
}
