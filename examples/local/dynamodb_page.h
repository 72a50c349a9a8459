/*
 * dynamodb_page.h - one page of a Query or Scan: its parameters, its rows. Internal to them.
 */
#ifndef ICECAT_LOCAL_DYNAMODB_PAGE_H
#define ICECAT_LOCAL_DYNAMODB_PAGE_H

#include "dynamodb_read.h"

typedef enum dynamodb_select {
    DYNAMODB_SELECT_DEFAULT,
    DYNAMODB_SELECT_ALL,
    DYNAMODB_SELECT_PROJECTED,
    DYNAMODB_SELECT_SPECIFIC,
    DYNAMODB_SELECT_COUNT
} dynamodb_select;

typedef struct dynamodb_page {
    dynamodb_table table;
    const dynamodb_index *index; /* NULL: the table itself */
    dynamodb_scope scope;
    dynamodb_expression condition; /* of a Query */
    dynamodb_expression filter;
    dynamodb_expression projection;
    dynamodb_range range; /* of a Query */
    bool is_query;
    bool forward;
    bool consistent;
    dynamodb_select select;
    dynamodb_capacity_mode mode;
    long limit; /* 0: none */
    long segment;
    long segments; /* 0: not a parallel scan */
    bool has_start;
    dynamodb_key_bytes start;      /* key in the index, or in the table */
    dynamodb_key_bytes start_item; /* key in the table, of an index page */
    /* results */
    cJSON *items; /* owned */
    cJSON *last;  /* owned: key of the last item looked at */
    bool more;    /* the page ended before the rows did */
    size_t count;
    size_t scanned;
    size_t bytes;
} dynamodb_page;

/* Read the parameters that Query and Scan share and open the table. */
bool dynamodb_page_prepare(sqlite3 *db, const cJSON *input, dynamodb_page *page,
                           dynamodb_fault *fault);

/* Read ExclusiveStartKey, once the range is known. */
bool dynamodb_page_start(const cJSON *input, dynamodb_page *page, dynamodb_fault *fault);

/* Fill the results. */
bool dynamodb_page_run(sqlite3 *db, dynamodb_page *page, dynamodb_fault *fault);

/* Keys that the page is ordered by. */
const dynamodb_keys *dynamodb_page_keys(const dynamodb_page *page);

#endif
