/*
 * dotenv_file.c - find and read a dotenv file.
 */
#include "dotenv.h"

#include "cli_error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int exists(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0;
}

icecat_status dotenv_find(const char *name, char *out, size_t len, icecat_error *err)
{
    static const char *const folders[] = { "./config/", "./" };

    if (*name == '\0' || strlen(name) + sizeof("./config/") > len)
        return cli_error(err, ICECAT_E_CONFIG, "-s: \"%s\" is not a file name", name);
    if (strchr(name, '/') != NULL) {
        snprintf(out, len, "%s", name);
        return ICECAT_OK;
    }
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        snprintf(out, len, "%s%s", folders[i], name);
        if (exists(out))
            return ICECAT_OK;
    }
    return cli_error(err, ICECAT_E_CONFIG, "no secrets file ./config/%s or ./%s", name, name);
}

/* Read to the end, at most DOTENV_MAX_BYTES. */
static icecat_status read_all(int fd, const char *path, char *text, size_t *len, icecat_error *err)
{
    *len = 0;
    for (;;) {
        ssize_t got = read(fd, text + *len, DOTENV_MAX_BYTES + 1 - *len);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return cli_error(err, ICECAT_E_CONFIG, "%s: %s", path, strerror(errno));
        if (got == 0)
            return ICECAT_OK;
        *len += (size_t)got;
        if (*len > DOTENV_MAX_BYTES)
            return cli_error(err, ICECAT_E_CONFIG, "%s: longer than %d bytes", path,
                             DOTENV_MAX_BYTES);
    }
}

icecat_status dotenv_load(const char *path, struct dotenv *out, icecat_error *err)
{
    char *text = NULL;
    size_t len = 0;
    icecat_status status;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

    memset(out, 0, sizeof(*out));
    if (fd < 0)
        return cli_error(err, ICECAT_E_CONFIG, "%s: %s", path, strerror(errno));
    text = malloc(DOTENV_MAX_BYTES + 1);
    if (text == NULL)
        status = cli_error(err, ICECAT_E_NO_MEMORY, "%s: out of memory", path);
    else
        status = read_all(fd, path, text, &len, err);
    close(fd);
    if (status == ICECAT_OK)
        status = dotenv_parse(path, text, len, out, err);
    if (text != NULL)
        cli_wipe(text, len);
    free(text);
    return status;
}
