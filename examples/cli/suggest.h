/*
 * suggest.h - which known word was meant by a misspelt one.
 */
#ifndef CLI_SUGGEST_H
#define CLI_SUGGEST_H

#include <stddef.h>

struct suggestion {
    const char *word;
    const char *best; /* NULL while none is near enough */
    size_t distance;
};

void suggest_begin(struct suggestion *suggestion, const char *word);
/* Weigh one candidate, which must outlive @p suggestion. */
void suggest_offer(struct suggestion *suggestion, const char *candidate);

#endif
