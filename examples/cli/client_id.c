/*
 * client_id.c - the name under which this user submits, and the file that keeps it.
 */
#include "client_id.h"

#include "cli_error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOCAL_FOLDER "./config"

int client_id_is_valid(const char *text)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    size_t len = strlen(text);

    return len >= 1 && len <= 64 && strspn(text, allowed) == len &&
           (len < 6 || strcmp(text + len - 6, "-debug") != 0);
}

/* The state folder without its last part; 0 when the environment names none. */
static int state_base(char *out, size_t len)
{
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    int wrote;

    if (state != NULL && state[0] == '/')
        wrote = snprintf(out, len, "%s", state);
    else if (home != NULL && home[0] == '/')
        wrote = snprintf(out, len, "%s/.local/state", home);
    else
        return 0;
    return wrote > 0 && (size_t)wrote < len - sizeof("/icecat/client_id.123456789");
}

static void strip(char *text)
{
    size_t start = strspn(text, " \t\r\n");
    size_t len = strlen(text + start);

    while (len > 0 && strchr(" \t\r\n", text[start + len - 1]) != NULL)
        len--;
    memmove(text, text + start, len);
    text[len] = '\0';
}

/* *is_there 0 when there is no such file. */
static icecat_status read_file(const char *path, char id[CLIENT_ID_LEN], int *is_there,
                               icecat_error *err)
{
    char text[256];
    ssize_t got;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    *is_there = 0;
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return ICECAT_OK;
    *is_there = 1;
    got = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
    if (got < 0)
        cli_error(err, ICECAT_E_CONFIG, "client id file %s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    if (got < 0)
        return ICECAT_E_CONFIG;
    text[got] = '\0';
    strip(text);
    if (!client_id_is_valid(text))
        return cli_error(
            err, ICECAT_E_CONFIG,
            "client id file %s must hold 1 to 64 of A-Z a-z 0-9 . _ - and not end with "
            "-debug",
            path);
    memcpy(id, text, strlen(text) + 1);
    return ICECAT_OK;
}

icecat_status client_id_read(char id[CLIENT_ID_LEN], char path[CLIENT_ID_PATH_LEN],
                             icecat_error *err)
{
    char base[CLIENT_ID_PATH_LEN - 64];
    int is_there;
    icecat_status status;

    id[0] = '\0';
    snprintf(path, CLIENT_ID_PATH_LEN, "%s/client_id", LOCAL_FOLDER);
    status = read_file(path, id, &is_there, err);
    if (!is_there && state_base(base, sizeof(base))) {
        snprintf(path, CLIENT_ID_PATH_LEN, "%s/icecat/client_id", base);
        status = read_file(path, id, &is_there, err);
    }
    if (!is_there)
        path[0] = '\0';
    return status;
}

icecat_status client_id_make(char id[CLIENT_ID_LEN], icecat_error *err)
{
    unsigned char bytes[6];
    size_t got = 0;
    int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);

    while (fd >= 0 && got < sizeof(bytes)) {
        ssize_t count = read(fd, bytes + got, sizeof(bytes) - got);

        if (count <= 0 && !(count < 0 && errno == EINTR))
            break;
        got += count > 0 ? (size_t)count : 0;
    }
    if (fd >= 0)
        close(fd);
    if (got < sizeof(bytes))
        return cli_error(err, ICECAT_E_FILE, "/dev/urandom cannot be read: %s", strerror(errno));
    snprintf(id, CLIENT_ID_LEN, "icecat%02x%02x%02x%02x%02x%02x", bytes[0], bytes[1], bytes[2],
             bytes[3], bytes[4], bytes[5]);
    return ICECAT_OK;
}

/* Make every folder of @p path that is missing. */
static int make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/');; slash = strchr(slash + 1, '/')) {
        if (slash != NULL)
            *slash = '\0';
        if (mkdir(path, 0700) != 0 && errno != EEXIST)
            return 0;
        if (slash == NULL)
            return 1;
        *slash = '/';
    }
}

/* The folder for a new file. */
static icecat_status choose_folder(char *folder, size_t len, icecat_error *err)
{
    char base[CLIENT_ID_PATH_LEN - 64];
    struct stat info;

    if (stat(LOCAL_FOLDER, &info) == 0 && S_ISDIR(info.st_mode)) {
        snprintf(folder, len, "%s", LOCAL_FOLDER);
        return ICECAT_OK;
    }
    if (!state_base(base, sizeof(base)))
        return cli_error(err, ICECAT_E_FILE,
                         "there is no folder ./config, and neither XDG_STATE_HOME nor HOME is set");
    snprintf(folder, len, "%s/icecat", base);
    if (!make_folders(folder))
        return cli_error(err, ICECAT_E_FILE, "folder %s cannot be made: %s", folder,
                         strerror(errno));
    return ICECAT_OK;
}

/* Write the whole file under another name first: a reader never sees half an id. */
static int write_file(char *path, const char *id)
{
    size_t len = strlen(id);
    int fd = mkstemp(path);
    int is_written;

    if (fd < 0)
        return 0;
    is_written = write(fd, id, len) == (ssize_t)len && write(fd, "\n", 1) == 1 &&
                 fchmod(fd, 0644) == 0 && fsync(fd) == 0;
    if (close(fd) != 0 || !is_written) {
        int saved = errno;

        unlink(path);
        errno = saved;
        return 0;
    }
    return 1;
}

icecat_status client_id_keep(char id[CLIENT_ID_LEN], char path[CLIENT_ID_PATH_LEN],
                             icecat_error *err)
{
    char folder[CLIENT_ID_PATH_LEN - 32], draft[CLIENT_ID_PATH_LEN];
    int is_there, linked, saved;
    icecat_status status = choose_folder(folder, sizeof(folder), err);

    path[0] = '\0';
    if (status != ICECAT_OK)
        return status;
    snprintf(path, CLIENT_ID_PATH_LEN, "%s/client_id", folder);
    snprintf(draft, sizeof(draft), "%s/client_id.XXXXXX", folder);
    if (!write_file(draft, id))
        return cli_error(err, ICECAT_E_FILE, "%s cannot be written: %s", path, strerror(errno));
    linked = link(draft, path); /* unlike rename(), never over a file that is there */
    saved = errno;
    unlink(draft);
    if (linked == 0)
        return ICECAT_OK;
    if (saved == EEXIST)
        return read_file(path, id, &is_there, err);
    return cli_error(err, ICECAT_E_FILE, "%s cannot be written: %s", path, strerror(saved));
}
