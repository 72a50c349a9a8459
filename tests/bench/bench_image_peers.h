/*
 * bench_image_peers.h - what a header check is compared with.
 */
#ifndef BENCH_IMAGE_PEERS_H
#define BENCH_IMAGE_PEERS_H

#include <stddef.h>
#include <sys/types.h>

struct picture {
    const char *name;
    char path[512];
    unsigned char *data;
    size_t len;
    size_t at; /* of libpng's reader */
    int is_png;
    size_t
        jump_count; /* where large segments end: the header cannot be seen without looking there */
    off_t jumps[2];
};

/* All take a struct picture and end the program when it is not read. */
void bench_sniff(void *userdata);
void bench_libpng(void *userdata);
void bench_libjpeg(void *userdata);

#endif
