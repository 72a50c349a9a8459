/*
 * suggest.c - which known word was meant: the nearest by insertions, deletions, replacements and
 * swapped neighbours, at most one of them for every three letters.
 */
#include "suggest.h"

#include <string.h>

#define MAX_WORD 40

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t rows[3][MAX_WORD + 1];
    size_t *before = rows[0], *last = rows[1], *now = rows[2];

    for (size_t j = 0; j <= b_len; j++)
        last[j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t *free_row = before;

        now[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t replaced = last[j - 1] + (a[i - 1] != b[j - 1]);

            now[j] = least(replaced, least(last[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = least(now[j], before[j - 2] + 1);
        }
        before = last;
        last = now;
        now = free_row;
    }
    return last[b_len];
}

void suggest_begin(struct suggestion *suggestion, const char *word)
{
    suggestion->word = word;
    suggestion->best = NULL;
    suggestion->distance = (strlen(word) + 2) / 3 + 1;
}

void suggest_offer(struct suggestion *suggestion, const char *candidate)
{
    size_t a_len = strlen(suggestion->word), b_len = strlen(candidate), found;

    if (a_len > MAX_WORD || b_len > MAX_WORD)
        return;
    found = distance(suggestion->word, a_len, candidate, b_len);
    if (found < suggestion->distance && found < b_len) {
        suggestion->distance = found;
        suggestion->best = candidate;
    }
}
