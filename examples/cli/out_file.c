/*
 * out_file.c - write a file whole or not at all: beside it first, then in its place.
 */
#include "out_file.h"

#include "cli_error.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static icecat_status fail_errno(const struct out_file *file, int code, icecat_error *err)
{
    return cli_error(err, ICECAT_E_FILE, "cannot write %s: %s", file->path, strerror(code));
}

icecat_status out_file_open(struct out_file *file, const char *path, icecat_error *err)
{
    size_t len = strlen(path) + sizeof(".XXXXXX");
    mode_t mask = umask(0);
    int fd;

    umask(mask);
    *file = (struct out_file){ .path = strdup(path), .beside = malloc(len) };
    if (file->path == NULL || file->beside == NULL) {
        out_file_abandon(file);
        return cli_error(err, ICECAT_E_NO_MEMORY, "out of memory");
    }
    snprintf(file->beside, len, "%s.XXXXXX", path);
    fd = mkstemp(file->beside);
    /* mkstemp gives 0600; a plain file gets what the umask leaves. */
    if (fd < 0 || fchmod(fd, 0666 & ~mask) != 0 || (file->stream = fdopen(fd, "w")) == NULL) {
        icecat_status status = fail_errno(file, errno, err);

        if (fd >= 0) {
            close(fd);
            unlink(file->beside);
        }
        free(file->path);
        free(file->beside);
        *file = (struct out_file){ .stream = NULL };
        return status;
    }
    return ICECAT_OK;
}

icecat_status out_file_commit(struct out_file *file, icecat_error *err)
{
    icecat_status status = ICECAT_OK;
    int code = 0;

    if (fflush(file->stream) != 0 || ferror(file->stream) || fsync(fileno(file->stream)) != 0)
        code = errno != 0 ? errno : EIO;
    if (fclose(file->stream) != 0 && code == 0)
        code = errno;
    file->stream = NULL;
    if (code == 0 && rename(file->beside, file->path) != 0)
        code = errno;
    if (code != 0) {
        status = fail_errno(file, code, err);
        unlink(file->beside);
    }
    out_file_abandon(file);
    return status;
}

void out_file_abandon(struct out_file *file)
{
    if (file->stream != NULL) {
        fclose(file->stream);
        unlink(file->beside);
    }
    free(file->path);
    free(file->beside);
    *file = (struct out_file){ .stream = NULL };
}
