/*
 * loop.h - the same calls in C, in a loop: what Go's are compared with.
 */
#ifndef LOOP_H
#define LOOP_H

#include <stddef.h>

/* Nanoseconds of CPU time of one call, of so many; negative when a call failed. */
double loop_probe(const unsigned char *data, size_t len, int times);
double loop_sign(int times);

#endif
