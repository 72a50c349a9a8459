/*
 * replay.c - run a fuzz target over files and folders of files, once each, with any compiler.
 */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static int replay_file(const char *path, size_t size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = malloc(size != 0 ? size : 1); /* exactly, so that a read behind it is seen */
    size_t got;

    if (file == NULL || data == NULL) {
        perror(path);
        exit(1);
    }
    got = fread(data, 1, size, file);
    fclose(file);
    if (got != size) {
        fprintf(stderr, "%s: became shorter\n", path);
        exit(1);
    }
    LLVMFuzzerTestOneInput(data, size);
    free(data);
    return 1;
}

static int replay(const char *path)
{
    struct dirent *entry;
    struct stat st;
    int count = 0;
    DIR *folder;

    if (stat(path, &st) != 0) {
        perror(path);
        exit(1);
    }
    if (!S_ISDIR(st.st_mode))
        return replay_file(path, (size_t)st.st_size);
    folder = opendir(path);
    if (folder == NULL) {
        perror(path);
        exit(1);
    }
    while ((entry = readdir(folder)) != NULL) {
        char inner[4096];

        if (entry->d_name[0] == '.')
            continue;
        snprintf(inner, sizeof(inner), "%s/%s", path, entry->d_name);
        count += replay(inner);
    }
    closedir(folder);
    return count;
}

int main(int argc, char **argv)
{
    int count = 0;

    for (int i = 1; i < argc; i++)
        count += replay(argv[i]);
    printf("%d inputs\n", count);
    return count == 0; /* a replay of nothing proves nothing */
}
