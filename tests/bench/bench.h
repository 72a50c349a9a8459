/*
 * bench.h - time a piece of work in CPU time, several rounds, and take the median.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>
#include <stdint.h>

/* CPU time of this process in nanoseconds. */
uint64_t bench_cpu_ns(void);
uint64_t bench_wall_ns(void);

/* The median over 9 rounds of the nanoseconds that one call of @p work takes; each round lasts 50 ms or more. */
double bench_ns(void (*work)(void *userdata), void *userdata);

/* "what  value unit" in aligned columns; @p ratio 0 prints none. */
void bench_print(const char *what, double value, const char *unit, double ratio,
                 const char *against);

/* Read a file whole; ends the program when it cannot. */
unsigned char *bench_read(const char *path, size_t *len);

#endif
