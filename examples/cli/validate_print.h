/*
 * validate_print.h - judged files on stdout, one after the other.
 */
#ifndef CLI_VALIDATE_PRINT_H
#define CLI_VALIDATE_PRINT_H

#include "cli.h"
#include "image_check.h"
#include "json_out.h"
#include "table.h"

struct validate_print {
    const struct cli *cli;
    struct table *table; /* for a screen only */
    struct json_out json;
    uint64_t sound;
    uint64_t refused;
};

/* 0 when out of memory. */
int validate_print_begin(struct validate_print *print, const struct cli *cli);
/* 0 when out of memory. */
int validate_print_file(struct validate_print *print, const char *path,
                        const struct image_check *check);
void validate_print_end(struct validate_print *print, int exit_code);

#endif
