/*
 * table.c - rows of cells, written for a screen, for a pipe, or as CSV.
 */
#include "table.h"

#include "terminal.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { GAP = 2, LEAST_ELIDED = 20, FIRST_ROWS = 64 };

struct table {
    const struct table_column *columns;
    size_t column_count;
    char **cells; /* row after row */
    enum table_colour *colours;
    size_t rows;
    size_t cap;
};

struct table *table_new(const struct table_column *columns, size_t count)
{
    struct table *table = calloc(1, sizeof(*table));

    if (table != NULL) {
        table->columns = columns;
        table->column_count = count;
    }
    return table;
}

void table_free(struct table *table)
{
    if (table == NULL)
        return;
    for (size_t i = 0; i < table->rows * table->column_count; i++)
        free(table->cells[i]);
    free(table->cells);
    free(table->colours);
    free(table);
}

size_t table_rows(const struct table *table)
{
    return table->rows;
}

static int make_room(struct table *table)
{
    size_t cap = table->cap != 0 ? table->cap * 2 : FIRST_ROWS;
    char **cells;
    enum table_colour *colours;

    if (table->rows < table->cap)
        return 1;
    if (cap > SIZE_MAX / sizeof(*cells) / table->column_count)
        return 0;
    cells = realloc(table->cells, cap * table->column_count * sizeof(*cells));
    if (cells == NULL)
        return 0;
    table->cells = cells;
    colours = realloc(table->colours, cap * sizeof(*colours));
    if (colours == NULL)
        return 0;
    table->colours = colours;
    table->cap = cap;
    return 1;
}

int table_add(struct table *table, const char *const *cells, enum table_colour colour)
{
    char **row;

    if (!make_room(table))
        return 0;
    row = table->cells + table->rows * table->column_count;
    for (size_t i = 0; i < table->column_count; i++) {
        row[i] = strdup(cells[i] != NULL ? cells[i] : "");
        if (row[i] == NULL) {
            while (i-- > 0)
                free(row[i]);
            return 0;
        }
    }
    table->colours[table->rows++] = colour;
    return 1;
}

static const char *cell_at(const struct table *table, size_t row, size_t column)
{
    return table->cells[row * table->column_count + column];
}

/* ---- screen ------------------------------------------------------------------------------ */

static size_t natural_width(const struct table *table, size_t column)
{
    size_t width = text_width(table->columns[column].title);

    for (size_t row = 0; row < table->rows; row++) {
        size_t cell = text_width(cell_at(table, row, column));

        width = cell > width ? cell : width;
    }
    return width;
}

size_t table_least_width(const struct table *table, size_t least)
{
    size_t total = 1 + GAP * (table->column_count - 1);

    for (size_t i = 0; i < table->column_count; i++) {
        size_t width = natural_width(table, i);

        total += table->columns[i].may_elide && width > least ? least : width;
    }
    return total;
}

/* The width of column @p column when the whole must fit into @p limit. */
static size_t fitted_width(const struct table *table, size_t column, size_t limit)
{
    size_t width = natural_width(table, column);
    size_t whole = table_least_width(table, SIZE_MAX);
    size_t over = limit != 0 && whole > limit ? whole - limit : 0;

    if (!table->columns[column].may_elide || over == 0 || width <= LEAST_ELIDED)
        return width;
    return over < width - LEAST_ELIDED ? width - over : LEAST_ELIDED;
}

static void write_blanks(FILE *file, size_t count)
{
    while (count-- > 0)
        putc(' ', file);
}

static const char *colour_code(enum table_colour colour)
{
    switch (colour) {
    case TABLE_GREEN:
        return "\x1b[32m";
    case TABLE_RED:
        return "\x1b[31m";
    case TABLE_YELLOW:
        return "\x1b[33m";
    case TABLE_DIM:
        return "\x1b[2m";
    case TABLE_NO_COLOUR:
        break;
    }
    return "";
}

struct cell_style {
    size_t width;
    int align_right;
    int may_elide;
    int is_last; /* no blanks at the end of a line */
    const char *colour;
};

static void write_cell(FILE *file, const char *text, const struct cell_style *style)
{
    size_t width = text_width(text);
    size_t blanks = style->width > width ? style->width - width : 0;

    if (style->align_right)
        write_blanks(file, blanks);
    fputs(style->colour, file);
    if (style->may_elide) {
        size_t used = text_write_elided(text, style->width, file);

        /* An elided wide character may leave a column over. */
        blanks = style->width - used;
    } else {
        text_write_safe(text, file);
    }
    if (style->colour[0] != '\0')
        fputs("\x1b[0m", file);
    if (!style->align_right && !style->is_last)
        write_blanks(file, blanks);
}

/* The cells up to the last that is not empty: no line ends in blanks. */
static size_t cells_used(const struct table *table, size_t row)
{
    size_t count = table->column_count;

    while (row != SIZE_MAX && count > 1 && cell_at(table, row, count - 1)[0] == '\0')
        count--;
    return count;
}

static void write_screen_row(const struct table *table, size_t row, const size_t *widths,
                             int colour, FILE *file)
{
    int is_head = row == SIZE_MAX;
    size_t used = cells_used(table, row);

    for (size_t i = 0; i < used; i++) {
        struct cell_style style = { .width = widths[i],
                                    .align_right = table->columns[i].align_right,
                                    .may_elide = table->columns[i].may_elide,
                                    .is_last = i + 1 == used,
                                    .colour = "" };

        if (colour && is_head)
            style.colour = "\x1b[1m";
        else if (colour && i == 0)
            style.colour = colour_code(table->colours[row]);
        write_blanks(file, i == 0 ? 1 : GAP);
        write_cell(file, is_head ? table->columns[i].title : cell_at(table, row, i), &style);
    }
    putc('\n', file);
}

int table_write_screen(const struct table *table, FILE *file, size_t width, int colour)
{
    size_t *widths = calloc(table->column_count, sizeof(*widths));

    if (widths == NULL)
        return 0;
    for (size_t i = 0; i < table->column_count; i++)
        widths[i] = fitted_width(table, i, width);
    write_screen_row(table, SIZE_MAX, widths, colour, file);
    for (size_t row = 0; row < table->rows; row++)
        write_screen_row(table, row, widths, colour, file);
    free(widths);
    return ferror(file) == 0;
}

/* ---- plain and CSV ----------------------------------------------------------------------- */

/* Nothing of it moves the cursor, ends the line or turns the direction. Bytes that are not UTF-8, as file
 * names may have, stay what they are: scripts look for them. */
static void write_plain_cell(FILE *file, const char *text)
{
    static const char special[] = "\\\t\n\r";
    static const char names[] = "\\tnr";
    struct glyph glyph;
    const char *next;
    size_t len = text_plain_len(text);

    fwrite(text, 1, len, file);
    for (text += len; (next = text_next(text, &glyph)) != NULL; text = next) {
        const char *at = strchr(special, *text);

        if (at != NULL)
            fprintf(file, "\\%c", names[at - special]);
        else if (next == text + 1 && ((unsigned char)*text & 0x80) != 0)
            putc((unsigned char)*text, file);
        else
            fwrite(glyph.bytes, 1, glyph.len, file);
    }
}

static void write_shown_cell(FILE *file, const char *text)
{
    text_write_safe(text, file);
}

static int is_number(const char *text)
{
    size_t sign = *text == '-' || *text == '+';
    size_t digits = strspn(text + sign, "0123456789.");

    return digits != 0 && text[sign + digits] == '\0';
}

static void write_csv_cell(FILE *file, const char *text)
{
    int runs = *text != '\0' && strchr("=+-@\t\r", *text) != NULL && !is_number(text);

    if (!runs && text[strcspn(text, ",\"\r\n")] == '\0') {
        fputs(text, file);
        return;
    }
    putc('"', file);
    if (runs)
        putc('\'', file);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            putc('"', file);
        putc((unsigned char)*text, file);
    }
    putc('"', file);
}

/* A terminal obeys the bytes that a program would take for text. */
static void write_shown_csv_cell(FILE *file, const char *text)
{
    struct glyph glyph;

    putc('"', file);
    while ((text = text_next(text, &glyph)) != NULL) {
        if (glyph.bytes[0] == '"')
            putc('"', file);
        fwrite(glyph.bytes, 1, glyph.len, file);
    }
    putc('"', file);
}

struct style {
    char separator;
    const char *line_end;
    void (*write)(FILE *file, const char *text);
};

static const struct style plain = { '\t', "\n", write_plain_cell };
static const struct style csv = { ',', "\r\n", write_csv_cell };
static const struct style shown_plain = { '\t', "\n", write_shown_cell };
static const struct style shown_csv = { ',', "\n", write_shown_csv_cell };

static const struct style *style_for(FILE *file, int as_csv)
{
    if (terminal_is_tty(file))
        return as_csv ? &shown_csv : &shown_plain;
    return as_csv ? &csv : &plain;
}

static void print_cell(FILE *file, const struct style *style, size_t column, const char *text)
{
    if (column != 0)
        putc(style->separator, file);
    style->write(file, text);
}

static void print_titles(FILE *file, const struct style *style, const struct table_column *columns,
                         size_t count)
{
    for (size_t i = 0; i < count; i++)
        print_cell(file, style, i, columns[i].title);
    fputs(style->line_end, file);
}

static void print_row(FILE *file, const struct style *style, const char *const *cells, size_t count)
{
    for (size_t i = 0; i < count; i++)
        print_cell(file, style, i, cells[i]);
    fputs(style->line_end, file);
}

void table_print_titles(FILE *file, int as_csv, const struct table_column *columns, size_t count)
{
    print_titles(file, style_for(file, as_csv), columns, count);
}

void table_print_row(FILE *file, int as_csv, const char *const *cells, size_t count)
{
    print_row(file, style_for(file, as_csv), cells, count);
}

static int write_rows(const struct table *table, FILE *file, const struct style *style)
{
    print_titles(file, style, table->columns, table->column_count);
    for (size_t row = 0; row < table->rows; row++)
        print_row(file, style, (const char *const *)&table->cells[row * table->column_count],
                  table->column_count);
    return ferror(file) == 0;
}

int table_write_plain(const struct table *table, FILE *file)
{
    return write_rows(table, file, style_for(file, 0));
}

int table_write_csv(const struct table *table, FILE *file)
{
    return write_rows(table, file, style_for(file, 1));
}
