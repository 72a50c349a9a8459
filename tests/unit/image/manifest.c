/*
 * manifest.c - read the rows of the image corpus's MANIFEST.tsv.
 */
#include "manifest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER ICECAT_TEST_DATA "/images/"

struct manifest {
    FILE *file;
    char line[8192];
};

manifest *manifest_open(void)
{
    manifest *list = calloc(1, sizeof(*list));

    if (list == NULL)
        return NULL;
    list->file = fopen(FOLDER "MANIFEST.tsv", "r");
    if (list->file == NULL || fgets(list->line, sizeof(list->line), list->file) == NULL) {
        manifest_close(list);
        return NULL;
    }
    return list;
}

int manifest_next(manifest *list, manifest_row *row)
{
    const char *fields[14] = { 0 };
    char *at;

    if (fgets(list->line, sizeof(list->line), list->file) == NULL)
        return 0;
    list->line[strcspn(list->line, "\r\n")] = '\0';
    at = list->line;
    for (size_t i = 0; i < 14; i++) {
        fields[i] = at != NULL ? at : "";
        if (at != NULL && (at = strchr(at, '\t')) != NULL)
            *at++ = '\0';
    }
    row->path = fields[0];
    row->verdict = fields[4];
    row->level = fields[5];
    row->notes = fields[6];
    row->width = (uint32_t)strtoul(fields[7], NULL, 10);
    row->height = (uint32_t)strtoul(fields[8], NULL, 10);
    row->info = fields[9];
    row->decoder = fields[10];
    row->limits = fields[11];
    snprintf(row->file, sizeof(row->file), "%s%s", FOLDER, row->path);
    return 1;
}

void manifest_close(manifest *list)
{
    if (list == NULL)
        return;
    if (list->file != NULL)
        fclose(list->file);
    free(list);
}

uint8_t *read_whole(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = NULL;
    long size;

    if (file == NULL)
        return NULL;
    if (fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0 &&
        fseek(file, 0, SEEK_SET) == 0) {
        data = malloc(size > 0 ? (size_t)size : 1);
        *len = (size_t)size;
        if (data != NULL && fread(data, 1, *len, file) != *len) {
            free(data);
            data = NULL;
        }
    }
    fclose(file);
    return data;
}
