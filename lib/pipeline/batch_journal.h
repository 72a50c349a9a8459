/*
 * batch_journal.h - the append-only file that keeps a running submission's records.
 *
 * One line of JSON per event; the first says what the file is. Only the end of the file can be torn,
 * because nothing but the last line is ever being written.
 */
#ifndef IC_BATCH_JOURNAL_H
#define IC_BATCH_JOURNAL_H

#include "base/buf.h"

#define IC_JOURNAL_HEAD "{\"icecat_journal\": 1}\n"

typedef struct ic_journal {
    int fd; /* -1: no journal */
    char *path;
    int64_t len; /* of whole lines */
} ic_journal;

void ic_journal_init(ic_journal *journal);
/** Create the file, which must not exist, with its first line. ICECAT_E_FILE, ICECAT_E_NO_MEMORY. */
icecat_status ic_journal_open(ic_journal *journal, const char *path, icecat_error *err);
/** Append one line and wait until it is on the disk, or leave the file as it was. Does nothing without
 *  a journal. */
icecat_status ic_journal_add(ic_journal *journal, const char *line, size_t len, icecat_error *err);
/** Close the file and remove it, unless another file has taken its name. */
void ic_journal_remove(ic_journal *journal);
/** Close the file; it stays. */
void ic_journal_close(ic_journal *journal);

/** 1 when @p data is a journal: its first line, or what a cut left of it. */
int ic_journal_recognise(const char *data, size_t len);

#endif
