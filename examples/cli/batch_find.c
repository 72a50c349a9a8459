/*
 * batch_find.c - batch files by their names, in the folder of logs.
 */
#include "batch_source.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

uint64_t batch_name_id(const char *name)
{
    const char *mark = NULL;
    char digits[24];
    uint64_t id;
    size_t len;

    for (const char *at = strstr(name, "_batch-"); at != NULL; at = strstr(at + 1, "_batch-"))
        mark = at;
    if (mark == NULL || mark == name)
        return 0;
    mark += strlen("_batch-");
    len = strspn(mark, "0123456789");
    if (strcmp(mark + len, ".json") != 0 && strcmp(mark + len, ".json.journal") != 0)
        return 0;
    if (len == 0 || len >= sizeof(digits))
        return 0;
    memcpy(digits, mark, len);
    digits[len] = '\0';
    return icecat_batch_id_parse(digits, &id, NULL) == ICECAT_OK ? id : 0;
}

static int is_newer(const struct stat *a, const struct stat *b)
{
    if (a->st_mtim.tv_sec != b->st_mtim.tv_sec)
        return a->st_mtim.tv_sec > b->st_mtim.tv_sec;
    return a->st_mtim.tv_nsec > b->st_mtim.tv_nsec;
}

static char *join(const char *dir, const char *name)
{
    size_t len = strlen(dir) + strlen(name) + 2;
    char *path = malloc(len);

    if (path != NULL)
        snprintf(path, len, "%s/%s", dir, name);
    return path;
}

char *batch_find(const char *dir, uint64_t batch_id)
{
    DIR *directory = opendir(dir);
    struct stat best_info = { .st_size = 0 };
    char *best = NULL;
    const struct dirent *entry;

    if (directory == NULL)
        return NULL;
    while ((entry = readdir(directory)) != NULL) {
        uint64_t id = batch_name_id(entry->d_name);
        struct stat info;
        char *path;

        if (id == 0 || (batch_id != 0 && id != batch_id))
            continue;
        path = join(dir, entry->d_name);
        if (path != NULL && stat(path, &info) == 0 && S_ISREG(info.st_mode) &&
            (best == NULL || is_newer(&info, &best_info))) {
            free(best);
            best = path;
            best_info = info;
        } else {
            free(path);
        }
    }
    closedir(directory);
    errno = 0;
    return best;
}
