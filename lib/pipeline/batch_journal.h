/*
 * batch_journal.h - the append-only file that keeps a running submission's notes and records.
 *
 * One line of JSON per event; the first says what the file is. The file appears whole (written beside,
 * then linked into place), so only its end can be torn, because nothing but the last line is ever being
 * written. While it is open it is locked against other programs.
 */
#ifndef IC_BATCH_JOURNAL_H
#define IC_BATCH_JOURNAL_H

#include "base/buf.h"

#define IC_JOURNAL_HEAD "{\"icecat_journal\": 1}\n"

typedef struct ic_journal {
    int fd; /* -1: no journal */
    char *path;
    char *beside;    /* its name until it has its place; then NULL */
    int64_t len;     /* of whole lines */
    int64_t durable; /* of those that are on the disk for sure */
    int is_deferred; /* lines are made durable by ic_journal_sync() only */
} ic_journal;

void ic_journal_init(ic_journal *journal);

/**
 * Begin a journal, under another name: lines may be added, and ic_journal_place() gives it its name.
 * ICECAT_E_FILE (the file exists, or cannot be written), ICECAT_E_NO_MEMORY.
 */
icecat_status ic_journal_open(ic_journal *journal, const char *path, icecat_error *err);
/** Make it durable and visible. ICECAT_E_FILE; the caller then removes it. */
icecat_status ic_journal_place(ic_journal *journal, icecat_error *err);
/**
 * Go on with the file at @p path, which was read as @p size bytes of which the first @p whole are whole
 * lines; the rest is cut off. ICECAT_E_FILE (also when another program writes it), ICECAT_E_NO_MEMORY.
 */
icecat_status ic_journal_resume(ic_journal *journal, const char *path, size_t size, size_t whole,
                                icecat_error *err);

/** Append whole lines, or leave the file as it was; unless deferred, wait until they are on the disk. Does
 *  nothing without a journal. */
icecat_status ic_journal_add(ic_journal *journal, const char *lines, size_t len, icecat_error *err);
/** Wait until all lines are on the disk. */
icecat_status ic_journal_sync(ic_journal *journal, icecat_error *err);
/** Close the file and remove it, unless another file has taken its name. */
void ic_journal_remove(ic_journal *journal);
/** Close the file; it stays. */
void ic_journal_close(ic_journal *journal);

/** 1 when @p data is a journal: its first line, or what a cut left of it. */
int ic_journal_recognise(const char *data, size_t len);

#endif
