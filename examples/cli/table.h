/*
 * table.h - rows of cells, written for a screen, for a pipe, or as CSV.
 *
 * Cells are copied. Cells are texts as they are; each writer makes them safe for its reader:
 * screen  control characters as \xHH, bytes that are not UTF-8 as U+FFFD; fitted to the width by
 *         eliding only the column that allows it; no cell is elided otherwise
 * plain   a header line, then one row per line, cells between tabs, nothing shortened; backslash,
 *         tab, line break and other control characters as \\ \t \n \r \xHH
 * csv     RFC 4180 (CRLF, quotes doubled); a cell that a spreadsheet would run as a formula, because
 *         it begins with = + - @ tab or CR and is no number, gets an apostrophe in front
 */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include "text.h"
#include <stddef.h>
#include <stdio.h>

enum table_colour { TABLE_NO_COLOUR, TABLE_GREEN, TABLE_RED, TABLE_YELLOW, TABLE_DIM };

struct table_column {
    const char *title;
    int align_right;
    int may_elide; /* only one column of a table */
};

struct table;

/* @p columns must outlive the table. NULL when out of memory. */
struct table *table_new(const struct table_column *columns, size_t count);
void table_free(struct table *table);
/* One cell per column; NULL is an empty one. @p colour is of the first cell, on a screen. 0 when out
 * of memory. */
int table_add(struct table *table, const char *const *cells, enum table_colour colour);
size_t table_rows(const struct table *table);

/* Least width at which nothing runs over the edge, when the elided column gets @p least columns. */
size_t table_least_width(const struct table *table, size_t least);

/* @p width in terminal columns, 0 for no limit. All return 0 when the stream has an error. */
int table_write_screen(const struct table *table, FILE *file, size_t width, int colour);
int table_write_plain(const struct table *table, FILE *file);
int table_write_csv(const struct table *table, FILE *file);

/* The same lines without a table, for output that need not wait for its last row. No cell is NULL. */
void table_print_titles(FILE *file, int as_csv, const struct table_column *columns, size_t count);
void table_print_row(FILE *file, int as_csv, const char *const *cells, size_t count);

#endif
