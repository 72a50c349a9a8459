/*
 * ssm_store.h - the parameters in SQLite. Only ssm*.c includes it.
 */
#ifndef ICECAT_LOCAL_SSM_STORE_H
#define ICECAT_LOCAL_SSM_STORE_H

#include <cjson/cJSON.h>
#include <sqlite3.h>
#include <stdint.h>

#define SSM_NAME_SIZE 2049

typedef struct ssm_row {
    const char *name;
    const char *value;
    const char *type; /* when written: NULL means String, or the type that it has */
    int64_t version;
    int64_t modified_s;
} ssm_row;

/* Where add_parameter() of ssm.c puts what it is told. */
typedef struct ssm_list {
    cJSON *array;
    const char *region;
} ssm_list;

typedef struct ssm_page {
    const char *path;
    const char *after; /* names up to this one were in earlier pages */
    int recursive;
    int limit;
    char next[SSM_NAME_SIZE]; /* last name of a page that is not the last; "" else */
} ssm_page;

/* Told of each row, which lives for the call only; 0 to stop. */
typedef int (*ssm_row_fn)(void *userdata, const ssm_row *row);

/* 1 when the parameter is there, 0 when not, -1 on failure. */
int ssm_store_find(sqlite3 *db, const char *name, ssm_row_fn tell, void *userdata);
/* 1 when the parameter was there, 0 when not, -1 on failure. */
int ssm_store_delete(sqlite3 *db, const char *name);
/* 1 when written, with row->version set; 0 when it is there and may not be replaced; -1 on failure. */
int ssm_store_put(sqlite3 *db, ssm_row *row, int overwrite);
/* One page of the parameters under a path, by name. 0 on failure. */
int ssm_store_page(sqlite3 *db, ssm_page *page, ssm_row_fn tell, void *userdata);

#endif
