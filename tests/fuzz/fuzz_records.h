/*
 * fuzz_records.h - what the targets of batch files and journals compare.
 */
#ifndef FUZZ_RECORDS_H
#define FUZZ_RECORDS_H

#include "fuzz.h"

#include <icecat/pipeline.h>

/** Records and notes are the same, in the same order; @p b may have more behind them. */
void fuzz_check_begins(const icecat_batch *b, const icecat_batch *a);
/** Every record is one that could have been written. */
void fuzz_check_records(const icecat_batch *batch, size_t len);

#endif
