/*
 * source.c - where a walk's bytes come from.
 *
 * A file is never mapped (it may shrink under us, and a page fault costs more than a read) and never
 * read whole: one read of 4 kB is enough for most, and each jump over a large segment is one small
 * read more.
 */
#include "image/source.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define AHEAD_FIRST 4096u
#define AHEAD_JUMP  1024u /* frame, tables and scan header of a photograph take 600 to 700 */

void ic_source_memory(ic_source *source, const void *data, size_t len)
{
    memset(source, 0, sizeof(*source));
    source->window.data = len != 0 ? data : (const uint8_t *)""; /* no arithmetic on NULL */
    source->window.len = len;
    source->visible = len;
    source->fd = -1;
}

void ic_source_file(ic_source *source, int fd, uint64_t size, uint8_t *buffer)
{
    memset(source, 0, sizeof(*source));
    source->visible = size;
    source->fd = fd;
    source->buffer = buffer;
    source->window.data = buffer;
    source->ahead = AHEAD_FIRST;
}

static size_t read_at(ic_source *source, uint64_t pos, size_t len)
{
    size_t got = 0;

    while (got < len) {
        ssize_t n = pread(source->fd, source->buffer + got, len - got, (off_t)(pos + got));

        if (n > 0) {
            got += (size_t)n;
        } else if (n == 0) {
            source->failed = -1;
            break;
        } else if (errno != EINTR) {
            source->failed = errno;
            break;
        }
    }
    return got;
}

int ic_source_load(ic_source *source, uint64_t pos, size_t need)
{
    const ic_window *window = &source->window;
    uint64_t end = window->start + window->len;
    size_t len;

    if (source->failed || need > source->visible || pos > source->visible - need)
        return 0;
    if (pos >= window->start && pos + need <= end)
        return 1;
    if (source->fd < 0 || need > IC_SOURCE_BUFFER)
        return 0;
    if (pos >= window->start && pos <= end) {
        len = source->ahead;
        source->ahead = len * 2 < IC_SOURCE_BUFFER ? len * 2 : IC_SOURCE_BUFFER;
    } else {
        len = AHEAD_JUMP;
        source->ahead = AHEAD_FIRST;
    }
    if (len < need)
        len = need;
    if (len > source->visible - pos)
        len = (size_t)(source->visible - pos);
    source->window.start = pos;
    source->window.len = 0;
    source->window.len = read_at(source, pos, len);
    return !source->failed;
}

ic_walk_result ic_source_walk(ic_source *source, ic_walk *walk)
{
    for (;;) {
        ic_walk_result result = ic_walk_run(walk, &source->window);

        if (result != IC_WALK_MORE || !ic_source_load(source, walk->pos, walk->need))
            return result;
    }
}
