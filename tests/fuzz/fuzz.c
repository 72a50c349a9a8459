/*
 * fuzz.c - what the fuzz targets share.
 */
#include "fuzz.h"

#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void fuzz_broken(const char *what, const char *file, int line)
{
    fprintf(stderr, "%s:%d: not true: %s\n", file, line, what);
    abort();
}

/* ---- memory ------------------------------------------------------------------------------ */

/* Before each piece; as large as any type needs. */
typedef union piece {
    size_t size;
    max_align_t alignment;
} piece;

static struct {
    size_t used;
    size_t most;
} memory;

static void *take(piece *own, size_t size)
{
    FUZZ_CHECK(own != NULL);
    own->size = size;
    memory.used += size;
    FUZZ_CHECK(memory.used <= memory.most);
    return own + 1;
}

static void *memory_alloc(size_t size, void *userdata)
{
    (void)userdata;
    FUZZ_CHECK(size != 0 && size <= memory.most);
    return take(malloc(sizeof(piece) + size), size);
}

static void *memory_realloc(void *data, size_t size, void *userdata)
{
    piece *own = data;

    if (data == NULL)
        return memory_alloc(size, userdata);
    FUZZ_CHECK(size != 0 && size <= memory.most);
    own--;
    memory.used -= own->size;
    return take(realloc(own, sizeof(piece) + size), size);
}

static void memory_free(void *data, void *userdata)
{
    piece *own = data;

    (void)userdata;
    if (data == NULL)
        return;
    own--;
    FUZZ_CHECK(memory.used >= own->size);
    memory.used -= own->size;
    free(own);
}

const icecat_allocator *fuzz_memory(size_t most)
{
    static const icecat_allocator allocator = { memory_alloc, memory_realloc, memory_free, NULL };

    fuzz_memory_check();
    memory.most = most;
    return &allocator;
}

void fuzz_memory_check(void)
{
    FUZZ_CHECK(memory.used == 0);
}

/* ---- texts ------------------------------------------------------------------------------- */

void fuzz_check_line(const char *text, size_t size)
{
    const char *end = memchr(text, '\0', size);

    FUZZ_CHECK(end != NULL);
    while (text < end) {
        size_t step = ic_utf8_len(text, (size_t)(end - text));

        FUZZ_CHECK(step != 0);
        FUZZ_CHECK((unsigned char)*text >= 0x20 && *text != 0x7f);
        text += step;
    }
}

void fuzz_check_error(icecat_status status, const icecat_error *err)
{
    fuzz_check_line(err->message, sizeof(err->message));
    fuzz_check_line(err->aws_code, sizeof(err->aws_code));
    fuzz_check_line(err->request_id, sizeof(err->request_id));
    if (status == ICECAT_OK)
        return;
    FUZZ_CHECK(err->status == (int32_t)status);
    FUZZ_CHECK(err->message[0] != '\0');
    FUZZ_CHECK(err->retryable == (uint32_t)icecat_status_is_retryable(status));
}

char *fuzz_copy(const uint8_t *data, size_t len)
{
    char *copy = malloc(len + 1);

    FUZZ_CHECK(copy != NULL);
    if (len != 0)
        memcpy(copy, data, len);
    copy[len] = '\0';
    return copy;
}

static int open_unlinked(void)
{
    char in_memory[] = "/dev/shm/icecat-fuzz-XXXXXX"; /* faster, where there is such a folder */
    char on_disk[] = "/tmp/icecat-fuzz-XXXXXX";
    char *name = in_memory;
    int fd = mkstemp(name);

    if (fd < 0) {
        name = on_disk;
        fd = mkstemp(name);
    }
    FUZZ_CHECK(fd >= 0 && unlink(name) == 0);
    return fd;
}

const char *fuzz_file(const uint8_t *data, size_t len)
{
    static char path[64];
    static int fd = -1;

    if (fd < 0) {
        fd = open_unlinked();
        snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    }
    FUZZ_CHECK(ftruncate(fd, 0) == 0);
    FUZZ_CHECK(len == 0 || pwrite(fd, data, len, 0) == (ssize_t)len);
    return path;
}
