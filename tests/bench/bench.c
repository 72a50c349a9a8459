/*
 * bench.c - time a piece of work in CPU time.
 */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 9 };
static const uint64_t round_ns = 50000000;

static uint64_t read_clock(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t bench_cpu_ns(void)
{
    return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

uint64_t bench_wall_ns(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

static double run(void (*work)(void *userdata), void *userdata, uint64_t times)
{
    uint64_t start = bench_cpu_ns();

    for (uint64_t i = 0; i < times; i++)
        work(userdata);
    return (double)(bench_cpu_ns() - start);
}

static int by_value(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;

    return (left > right) - (left < right);
}

double bench_ns(void (*work)(void *userdata), void *userdata)
{
    double rounds[ROUNDS];
    uint64_t times = 1;

    while (run(work, userdata, times) < (double)round_ns)
        times *= 2;
    for (int i = 0; i < ROUNDS; i++)
        rounds[i] = run(work, userdata, times) / (double)times;
    qsort(rounds, ROUNDS, sizeof(rounds[0]), by_value);
    return rounds[ROUNDS / 2];
}

void bench_print(const char *what, double value, const char *unit, double ratio,
                 const char *against)
{
    printf("%-56s %12.1f %-10s", what, value, unit);
    if (ratio > 0)
        printf(" %6.2f x %s", ratio, against);
    putchar('\n');
}

unsigned char *bench_read(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    unsigned char *data = malloc(16u << 20);

    if (file == NULL || data == NULL) {
        fprintf(stderr, "bench: %s cannot be read\n", path);
        exit(1);
    }
    *len = fread(data, 1, 16u << 20, file);
    fclose(file);
    return data;
}
