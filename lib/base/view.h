/*
 * view.h - a piece of text by pointer and length; nothing is owned or copied.
 */
#ifndef IC_VIEW_H
#define IC_VIEW_H

#include <stddef.h>
#include <stdint.h>

typedef struct ic_view {
    const char *data;
    size_t len;
} ic_view;

ic_view ic_view_of(const char *text); /* NULL gives an empty view */
ic_view ic_view_n(const void *data, size_t len);
int ic_view_is(ic_view view, const char *text);
int ic_view_is_nocase(ic_view view, const char *text); /* ASCII */
int ic_view_starts(ic_view view, const char *prefix);
int ic_view_ends(ic_view view, const char *suffix);
ic_view ic_view_trim(ic_view view); /* blanks, tabs, CR and LF at both ends */
/** Cut at the first @p separator: @p head before it, the return value behind it. Without one, @p head
 *  is all and the rest has data NULL. */
ic_view ic_view_split(ic_view view, char separator, ic_view *head);
/** Decimal digits only; 1 when the whole view is a number that fits. */
int ic_view_u64(ic_view view, uint64_t *out);
int ic_text_equal_nocase(const char *a, const char *b); /* ASCII */

#endif
