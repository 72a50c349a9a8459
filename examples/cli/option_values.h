/*
 * option_values.h - values of options that are numbers, sizes or one of several words. All return 0
 * with one sentence in @p why when the value is none; what is not given leaves *out alone.
 */
#ifndef CLI_OPTION_VALUES_H
#define CLI_OPTION_VALUES_H

#include "options.h"
#include <stdint.h>

#define WHY_LEN 512

/* A whole number from @p min to @p max. */
int options_number(const struct options *options, enum option_id id, uint64_t min, uint64_t max,
                   uint64_t *out, char *why, size_t why_len);
/* Bytes: digits, then nothing, K, M or G (of 1024), also as KB, KiB... Not 0. */
int options_size(const struct options *options, enum option_id id, uint64_t *out, char *why,
                 size_t why_len);
/* 0 to 100, with decimals. */
int options_percent(const struct options *options, enum option_id id, double *out, char *why,
                    size_t why_len);
/* Position of the value among those of choices.def. */
int options_choice(const struct options *options, enum option_id id, size_t *out, char *why,
                   size_t why_len);

/* The same for a text that is not an option's: 1 and *out, or 0. */
int text_number(const char *text, uint64_t min, uint64_t max, uint64_t *out);

#endif
