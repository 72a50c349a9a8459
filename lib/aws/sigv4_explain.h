/*
 * sigv4_explain.h - what a service tells of its own calculation.
 */
#ifndef IC_SIGV4_EXPLAIN_H
#define IC_SIGV4_EXPLAIN_H

#include "base/buf.h"
#include "base/view.h"

/** The texts of the service; data NULL for what it did not tell. */
typedef struct ic_sigv4_told {
    ic_view canonical_request;
    ic_view string_to_sign;
} ic_sigv4_told;

/** Read them from the body of an answer into @p scratch; what does not fit is not told. */
ic_sigv4_told ic_sigv4_told_read(ic_view answer, ic_buf *scratch);

#endif
