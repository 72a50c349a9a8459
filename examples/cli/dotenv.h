/*
 * dotenv.h - files of KEY=value lines, by the rules of the Python client's parser.
 *
 *   [export] KEY = value     a comment begins with # after a blank; blanks at the ends do not count
 *   KEY = 'value'            as it is; only \' and \\ are escapes
 *   KEY = "value"            with \\ \" \' \n \r \t \a \b \f \v; may go on over several lines
 *
 * A later line wins over an earlier one. Lines may end with CR LF, and the file may begin with a byte
 * order mark. Unlike there, ${NAME} is not replaced but refused, outside single quotes, and so is a
 * line that is none of these.
 */
#ifndef CLI_DOTENV_H
#define CLI_DOTENV_H

#include <icecat/error.h>
#include <stddef.h>

#define DOTENV_MAX_BYTES 65536

struct dotenv_entry {
    char *key;
    char *value;
    unsigned line; /* from 1 */
};

struct dotenv {
    struct dotenv_entry *entries;
    size_t count;
};

/*
 * Where the file called @p name is: a name with a slash is a path; another is ./config/NAME, else
 * ./NAME. @p out receives the path; ICECAT_E_CONFIG names all places that were looked at.
 */
icecat_status dotenv_find(const char *name, char *out, size_t len, icecat_error *err);

/* Read a file; pipes too. ICECAT_E_CONFIG, ICECAT_E_PARSE with "path:line: ...", ICECAT_E_NO_MEMORY. */
icecat_status dotenv_load(const char *path, struct dotenv *out, icecat_error *err);

/* The same from memory; @p path is for messages only. */
icecat_status dotenv_parse(const char *path, const char *text, size_t len, struct dotenv *out,
                           icecat_error *err);

/* The last entry called @p key, or NULL. */
const struct dotenv_entry *dotenv_get(const struct dotenv *dotenv, const char *key);

/* Wipe and release. */
void dotenv_clear(struct dotenv *dotenv);

#endif
