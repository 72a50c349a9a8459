/*
 * bench_image.c - what a header check costs, from memory and from warm files.
 *
 * floor    open, fstat, pread of 4 kB, close: what any look at a file costs
 * reads    the same with a read wherever the header cannot be seen without, and one of the end
 * sniff    signature, size and kind by hand, trusting every byte
 * peer     libpng or libjpeg-turbo reading the header, as a careful program would use them
 * walk     our structural check alone, without the confirmation by the peer
 * verdict  icecat_image_probe() and icecat_image_probe_file()
 *
 * The peers and the sniff do not look at the end of the file; walk and verdict do.
 * bench_image FOLDER writes its pictures there and leaves them for bench_image_pillow.py.
 */
#include "bench.h"
#include "bench_image_peers.h"

#include "../unit/image/build.h"
#include "image/source.h"
#include "image/tail.h"

#include <fcntl.h>
#include <icecat/image.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEAD = 4096, JUMP = 1024, END_PNG = 12, END_JPEG = 2, SEGMENT = 65537 };

static void fail(const char *what)
{
    fprintf(stderr, "bench: %s failed\n", what);
    exit(1);
}

static int open_file(const char *path, uint64_t *size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;

    if (fd < 0 || fstat(fd, &st) != 0)
        fail(path);
    *size = (uint64_t)st.st_size;
    return fd;
}

static void touch_floor(void *userdata)
{
    const struct picture *p = userdata;
    char head[HEAD];
    uint64_t size;
    int fd = open_file(p->path, &size);

    if (pread(fd, head, sizeof(head), 0) <= 0)
        fail("pread");
    close(fd);
}

static void touch_reads(void *userdata)
{
    const struct picture *p = userdata;
    char head[HEAD];
    uint64_t size;
    int fd = open_file(p->path, &size);
    ssize_t got = pread(fd, head, sizeof(head), 0);

    for (size_t i = 0; i < p->jump_count && got > 0; i++)
        got = pread(fd, head, JUMP, p->jumps[i]);
    if (got > 0 && size > HEAD)
        got = pread(fd, head, p->is_png ? END_PNG : END_JPEG,
                    (off_t)size - (p->is_png ? END_PNG : END_JPEG));
    if (got <= 0)
        fail("pread");
    close(fd);
}

static void walk(ic_source *source, uint64_t size)
{
    const icecat_image_options options = { .struct_size = sizeof(options), .max_segments = 65536 };
    ic_walk_result result;
    ic_walk state;

    ic_walk_begin(&state, size, &options);
    result = ic_source_walk(source, &state);
    if (result == IC_WALK_HEADER)
        result = ic_source_walk(source, &state);
    if (result == IC_WALK_TAIL)
        result = ic_tail_check(&state, source);
    if (result != IC_WALK_END)
        fail("walk");
}

static void walk_memory(void *userdata)
{
    const struct picture *p = userdata;
    ic_source source;

    ic_source_memory(&source, p->data, p->len);
    walk(&source, p->len);
}

static void walk_file(void *userdata)
{
    const struct picture *p = userdata;
    uint8_t buffer[IC_SOURCE_BUFFER];
    ic_source source;
    uint64_t size;
    int fd = open_file(p->path, &size);

    ic_source_file(&source, fd, size, buffer);
    walk(&source, size);
    close(fd);
}

static void probe_memory(void *userdata)
{
    const struct picture *p = userdata;
    icecat_image_info info = ICECAT_IMAGE_INFO_INIT;

    if (icecat_image_probe(p->data, p->len, NULL, &info, NULL) != ICECAT_OK)
        fail("icecat_image_probe");
}

static void probe_file(void *userdata)
{
    const struct picture *p = userdata;
    icecat_image_info info = ICECAT_IMAGE_INFO_INIT;

    if (icecat_image_probe_file(p->path, NULL, &info, NULL) != ICECAT_OK)
        fail("icecat_image_probe_file");
}

static void line(const char *what, void (*work)(void *), struct picture *p, double *ns,
                 double against, const char *name)
{
    *ns = bench_ns(work, p);
    bench_print(what, *ns, "ns", against > 0 ? *ns / against : 0, name);
}

static void measure(struct picture *p)
{
    double floor, ns, sniff;

    printf("%s, %zu bytes\n", p->name, p->len);
    line("  floor: open, fstat, pread 4 kB, close", touch_floor, p, &floor, 0, NULL);
    line("  reads: a read for each place to see", touch_reads, p, &ns, floor, "floor");
    line("  walk, file", walk_file, p, &ns, floor, "floor");
    line("  verdict, file", probe_file, p, &ns, floor, "floor");
    line("  sniff by hand, memory", bench_sniff, p, &sniff, 0, NULL);
    line("  walk, memory", walk_memory, p, &ns, sniff, "sniff");
    line(p->is_png ? "  libpng, memory" : "  libjpeg-turbo, memory",
         p->is_png ? bench_libpng : bench_libjpeg, p, &sniff, 0, NULL);
    line("  verdict, memory", probe_memory, p, &ns, sniff, "peer");
}

/* Put the bytes into a file of the folder, measure both, and release them. */
static void run(const char *folder, const char *name, bytes *b, int is_png)
{
    struct picture p = { .name = name, .data = b->data, .len = b->len, .is_png = is_png };
    FILE *file;

    for (size_t at = 2; b->len > 2 * (size_t)SEGMENT && p.jump_count < 2; p.jump_count++) {
        if (memcmp(b->data + at, "\xff\xe2\xff\xff", 4) != 0)
            break;
        at += SEGMENT;
        p.jumps[p.jump_count] = (off_t)at;
    }

    snprintf(p.path, sizeof(p.path), "%s/%s", folder, name);
    file = fopen(p.path, "wb");
    if (file == NULL || fwrite(b->data, 1, b->len, file) != b->len || fclose(file) != 0)
        fail(p.path);
    measure(&p);
    bytes_free(b);
}

static void sample(const char *folder, const char *name, int is_png)
{
    bytes b = { 0 };
    char path[512];

    snprintf(path, sizeof(path), ICECAT_SOURCE_DIR "/examples/samples/%s", name);
    b.data = bench_read(path, &b.len);
    run(folder, name, &b, is_png);
}

static void made(const char *folder)
{
    bytes b = { 0 };

    png_whole(&b, 96, 96, 2);
    run(folder, "small.png", &b, 1);

    /* As a photograph from an editor: a colour profile before the pixels. */
    png_head(&b, 300, 300, 8, 2, 0);
    png_profile(&b, 3144);
    png_pixels(&b, 300, 300, 24);
    png_chunk(&b, "IEND", NULL, 0);
    run(folder, "profile.png", &b, 1);

    jpeg_whole(&b, 96, 96, 3, 0);
    run(folder, "small.jpg", &b, 0);

    jpeg_whole(&b, 960, 640, 3, 0);
    jpeg_segment(&b, 0xe2, NULL, 65533);
    jpeg_segment(&b, 0xe2, NULL, 65533);
    run(folder, "profile.jpg", &b, 0);
}

int main(int argc, char **argv)
{
    char own[] = "/tmp/icecat-bench-XXXXXX";
    const char *folder = argc > 1 ? argv[1] : mkdtemp(own);

    if (folder == NULL)
        fail("mkdtemp");
    made(folder);
    sample(folder, "tabby.jpg", 0);
    sample(folder, "black-cat.jpg", 0);
    sample(folder, "siamese.png", 1);
    sample(folder, "teapot.png", 1);
    return 0;
}
