/*
 * error.h - the only writers of icecat_error.
 */
#ifndef IC_ERROR_H
#define IC_ERROR_H

#include <icecat/error.h>
#include <stddef.h>

/** Forget what an error said; every public function begins with it. NULL is allowed. */
void ic_error_clear(icecat_error *err);

/**
 * Report and return @p status: `return ic_fail(err, ICECAT_E_LIMIT, "image has %u x %u pixels", w, h)`.
 * One line of UTF-8, see ic_utf8_make_line(); too long a text is cut at a character's end.
 */
icecat_status ic_fail(icecat_error *err, icecat_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** As ic_fail() for ICECAT_E_NO_MEMORY: "out of memory for WHAT". */
icecat_status ic_fail_memory(icecat_error *err, const char *what);

/** Keep the message, change what it is: a parser's failure becomes its caller's. */
icecat_status ic_error_recast(icecat_error *err, icecat_status status);

/**
 * Put "; TEXT" behind the message that is there. The message is cut where both do not fit, and some
 * room is left for those who prefix it.
 */
void ic_error_suffix(icecat_error *err, const char *text);

/**
 * Cut off the texts of an error where they begin to repeat @p secret, e.g. because a server does. A secret of
 * under 8 bytes is none. Both may be NULL.
 */
void ic_error_hide(icecat_error *err, const char *secret);

/** Put "PREFIX: " before the message that is there. */
void ic_error_prefix(icecat_error *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
