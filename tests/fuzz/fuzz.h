/*
 * fuzz.h - what every fuzz target has: one input in, an abort when a promise is broken.
 *
 * With clang the targets are libFuzzer programs; with any compiler replay.c runs the same code over
 * files, which is how ctest replays the corpora.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define FUZZ_CHECK(condition) ((condition) ? (void)0 : fuzz_broken(#condition, __FILE__, __LINE__))

/** Say which promise was broken and abort. */
void fuzz_broken(const char *what, const char *file, int line);

#endif
