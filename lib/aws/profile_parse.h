/*
 * profile_parse.h - what profile_file.c and profile_parse.c share: the list of settings.
 */
#ifndef IC_PROFILE_PARSE_H
#define IC_PROFILE_PARSE_H

#include "aws/profile_file.h"

/** One setting; key NULL stands for the section itself, so that an empty one exists. */
typedef struct ic_profile_item {
    ic_profile_source source;
    ic_section section;
    char *name;   /* of the section; owned by the first item of its run, see owns_name */
    char *parent; /* NULL, or the setting that this one is indented below; borrowed from its key */
    char *key;
    char *value;
    int owns_name;
} ic_profile_item;

struct ic_profiles {
    ic_mem mem;
    ic_profile_item *items;
    size_t count;
    size_t cap;
    char *paths[2]; /* by ic_profile_source */
};

#endif
