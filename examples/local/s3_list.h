/*
 * s3_list.h - a page of a bucket's keys, in the order of their UTF-8 bytes.
 */
#ifndef ICECAT_LOCAL_S3_LIST_H
#define ICECAT_LOCAL_S3_LIST_H

#include "s3_context.h"
#include "s3_store.h"

#define S3_LIST_MAX 1000 /* keys and common prefixes of a page */

typedef struct s3_list {
    const char *prefix;    /* "" when there is none */
    const char *delimiter; /* "" when there is none */
    const char *after;     /* list what comes behind this key; "" for the beginning */
    bool after_group;      /* after is a common prefix: skip all that begins with it */
    unsigned max;
    bool url; /* encoding-type=url */
    bool owner;
    /* What came out: */
    s3_text contents; /* <Contents>... and <CommonPrefixes>... */
    s3_text last;     /* the last key or common prefix */
    bool last_is_group;
    unsigned count;
    bool truncated;
} s3_list;

/* Fill the page. SQLITE_DONE or an error. Release with s3_list_free() in any case. */
int s3_list_page(sqlite3 *db, const char *bucket, s3_list *list);
void s3_list_free(s3_list *list);

/* <name>value</name>, percent-encoded when the list is to be. */
void s3_list_element(const s3_list *list, s3_text *xml, const char *name, const char *value);

#endif
