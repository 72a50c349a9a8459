/*
 * out_file.h - write a file whole or not at all: beside it first, then in its place.
 */
#ifndef CLI_OUT_FILE_H
#define CLI_OUT_FILE_H

#include <icecat/error.h>
#include <stdio.h>

struct out_file {
    FILE *stream;
    char *path;
    char *beside;
};

icecat_status out_file_open(struct out_file *file, const char *path, icecat_error *err);
/* Sync and put it in its place. The file is closed in any case. */
icecat_status out_file_commit(struct out_file *file, icecat_error *err);
/* Forget what was written. Harmless after out_file_commit(). */
void out_file_abandon(struct out_file *file);

#endif
