/*
 * s3_list_page.c - read one page of keys from the store.
 *
 * A common prefix is found with its first key; the search then goes on behind all keys that begin
 * with it, so a bucket of few folders with many objects is as fast as one of few objects.
 */
#include "dates.h"
#include "s3_list.h"
#include "s3_xml.h"

#include <stdio.h>
#include <string.h>

/* No UTF-8 text has this byte, so a prefix with it comes behind all that begin with the prefix. */
#define BEHIND "\xFF"

void s3_list_free(s3_list *list)
{
    s3_text_free(&list->contents);
    s3_text_free(&list->last);
}

void s3_list_element(const s3_list *list, s3_text *xml, const char *name, const char *value)
{
    s3_xml_open(xml, name);
    if (list->url)
        s3_uri_encode(xml, value);
    else
        s3_xml_escape(xml, value);
    s3_xml_close(xml, name);
}

static void add_object(s3_list *list, sqlite3_stmt *row, const char *key)
{
    char modified[DATES_SIZE];
    char etag[S3_ETAG_SIZE + 2];
    const char *algorithm = (const char *)sqlite3_column_text(row, 4);
    const char *checksum = (const char *)sqlite3_column_text(row, 5);

    dates_iso(sqlite3_column_int64(row, 2), modified);
    (void)snprintf(etag, sizeof(etag), "\"%s\"", (const char *)sqlite3_column_text(row, 3));
    s3_xml_open(&list->contents, "Contents");
    s3_list_element(list, &list->contents, "Key", key);
    s3_xml_element(&list->contents, "LastModified", modified);
    s3_xml_element(&list->contents, "ETag", etag);
    if (algorithm != NULL && *algorithm != '\0' && checksum != NULL) {
        s3_xml_element(&list->contents, "ChecksumAlgorithm", algorithm);
        s3_xml_element(&list->contents, "ChecksumType",
                       strchr(checksum, '-') == NULL ? "FULL_OBJECT" : "COMPOSITE");
    }
    s3_xml_number(&list->contents, "Size", (uint64_t)sqlite3_column_int64(row, 1));
    if (list->owner)
        s3_text_puts(&list->contents, "<Owner><ID>" S3_ACCOUNT "</ID></Owner>");
    s3_xml_element(&list->contents, "StorageClass", "STANDARD");
    s3_xml_close(&list->contents, "Contents");
}

static void add_group(s3_list *list)
{
    s3_xml_open(&list->contents, "CommonPrefixes");
    s3_list_element(list, &list->contents, "Prefix", s3_text_string(&list->last));
    s3_xml_close(&list->contents, "CommonPrefixes");
}

/* Bytes of key up to and with the first delimiter behind the prefix; 0 when there is none. */
static size_t group_len(const s3_list *list, const char *key)
{
    size_t prefix = strlen(list->prefix);
    const char *found = *list->delimiter == '\0' ? NULL : strstr(key + prefix, list->delimiter);

    return found == NULL ? 0 : (size_t)(found - key) + strlen(list->delimiter);
}

/* Take one row into the page; *skip: go on behind the group that it opened. */
static void take(s3_list *list, sqlite3_stmt *row, bool *skip)
{
    const char *key = (const char *)sqlite3_column_text(row, 0);
    size_t group = group_len(list, key);

    list->last_is_group = *skip = group > 0;
    s3_text_clear(&list->last);
    s3_text_add(&list->last, key, group > 0 ? group : strlen(key));
    list->count++;
    if (group > 0)
        add_group(list);
    else
        add_object(list, row, key);
}

static int step(s3_list *list, sqlite3_stmt *statement, s3_text *from)
{
    int result = sqlite3_step(statement);

    while (result == SQLITE_ROW && list->count < list->max) {
        bool skip;

        take(list, statement, &skip);
        if (list->last.failed || list->contents.failed)
            return SQLITE_NOMEM;
        if (skip) {
            s3_text_clear(from);
            s3_text_puts(from, s3_text_string(&list->last));
            s3_text_puts(from, BEHIND);
            if (from->failed)
                return SQLITE_NOMEM;
            (void)sqlite3_reset(statement);
            s3_sql_text(statement, 2, from->data);
        }
        result = sqlite3_step(statement);
    }
    list->truncated = result == SQLITE_ROW;
    return result == SQLITE_ROW ? SQLITE_DONE : result;
}

/* One lower bound, so that SQLite begins at it: behind from, or at the prefix when that is later. */
static sqlite3_stmt *select_keys(sqlite3 *db, bool at_prefix)
{
#define COLUMNS "SELECT key, size, modified_s, etag, algorithm, checksum FROM s3_object"
    return s3_sql(db, at_prefix
                          ? COLUMNS " WHERE bucket = ?1 AND key >= ?2 AND key < ?3 ORDER BY key"
                          : COLUMNS " WHERE bucket = ?1 AND key > ?2 AND key < ?3 ORDER BY key");
}

int s3_list_page(sqlite3 *db, const char *bucket, s3_list *list)
{
    s3_text from = { 0 };
    s3_text end = { 0 };
    sqlite3_stmt *statement = NULL;
    bool at_prefix = false;
    int result = SQLITE_NOMEM;

    s3_text_puts(&from, list->after);
    s3_text_puts(&from, list->after_group ? BEHIND : "");
    s3_text_puts(&end, list->prefix);
    s3_text_puts(&end, BEHIND);
    if (!from.failed && !end.failed) {
        at_prefix = strcmp(s3_text_string(&from), list->prefix) < 0;
        statement = select_keys(db, at_prefix);
        result = sqlite3_errcode(db);
    }
    if (statement != NULL) {
        s3_sql_text(statement, 1, bucket);
        s3_sql_text(statement, 2, at_prefix ? list->prefix : s3_text_string(&from));
        s3_sql_text(statement, 3, s3_text_string(&end));
        result = list->max == 0 ? SQLITE_DONE : step(list, statement, &from);
    }
    (void)sqlite3_finalize(statement);
    s3_text_free(&from);
    s3_text_free(&end);
    return result;
}
