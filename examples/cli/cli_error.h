/*
 * cli_error.h - fill an icecat_error, as the library does.
 */
#ifndef CLI_CLI_ERROR_H
#define CLI_CLI_ERROR_H

#include <icecat/error.h>
#include <stddef.h>

/* Set @p err and return @p status. */
icecat_status cli_error(icecat_error *err, icecat_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Overwrite @p len bytes, whatever the compiler thinks of it. */
void cli_wipe(void *data, size_t len);
/* Overwrite @p text and release it. NULL is allowed. */
void cli_wipe_text(char *text);

/* A copy of the first @p len bytes, NUL-terminated; NULL when out of memory. */
char *cli_copy_text(const char *text, size_t len);

#endif
