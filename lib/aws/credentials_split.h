/*
 * credentials_split.h - a command line into its words, without a shell. Pure.
 */
#ifndef IC_CREDENTIALS_SPLIT_H
#define IC_CREDENTIALS_SPLIT_H

#include "base/mem.h"
#include <icecat/error.h>

#define IC_WORDS_MAX 128

/** Words of a command, ended by NULL; all texts lie in one piece of memory behind them. */
typedef struct ic_words {
    char *items[IC_WORDS_MAX + 1];
    size_t count;
    char *memory;
} ic_words;

/**
 * Split at blanks and line breaks. '...' keeps all as it is; "..." keeps blanks, and '\' there escapes
 * '"' and '\'; '\' outside of quotes escapes any character. Nothing else is special: no variables, no
 * patterns, no pipes.
 * ICECAT_E_CONFIG: an open quote, a '\' at the end, no word at all. ICECAT_E_LIMIT, ICECAT_E_NO_MEMORY.
 */
icecat_status ic_words_split(const ic_mem *mem, const char *line, ic_words *out, icecat_error *err);
void ic_words_free(const ic_mem *mem, ic_words *words);

#endif
