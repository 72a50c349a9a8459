/*
 * batch_load.h - what reading a batch file needs of a batch.
 */
#ifndef IC_BATCH_LOAD_H
#define IC_BATCH_LOAD_H

#include "pipeline/batch_text.h"

#define IC_BATCH_FILE_MAX (256u << 20)

/** Append a line and own its memory; on failure the caller still does. */
icecat_status ic_batch_take(icecat_batch *batch, const ic_batch_line *line, icecat_error *err);

/** Append every record of a whole file's text, which is changed. */
icecat_status ic_batch_parse(icecat_batch *batch, char *text, size_t len, icecat_error *err);

#endif
