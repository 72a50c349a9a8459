/*
 * fuzz.h - what every fuzz target has: one input in, an abort when a promise is broken.
 *
 * With clang the targets are libFuzzer programs; with any compiler replay.c runs the same code over
 * files, which is how ctest replays the corpora.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <icecat/error.h>
#include <icecat/memory.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define FUZZ_CHECK(condition) ((condition) ? (void)0 : fuzz_broken(#condition, __FILE__, __LINE__))

/** Say which promise was broken and abort. */
void fuzz_broken(const char *what, const char *file, int line);

/**
 * The memory of one input: more than @p most bytes at once are a broken promise. Ends what the input
 * before had.
 */
const icecat_allocator *fuzz_memory(size_t most);
/** All of it was given back. */
void fuzz_memory_check(void);

/** A text that ends inside @p size bytes and is one line: UTF-8 without control characters. */
void fuzz_check_line(const char *text, size_t size);
/** What a call leaves in its error. */
void fuzz_check_error(icecat_status status, const icecat_error *err);

/** An exact, NUL-terminated copy, so that a read behind it is seen. Free with free(). */
char *fuzz_copy(const uint8_t *data, size_t len);

/** An unlinked file that holds these bytes; the path names its descriptor, until the next call. */
const char *fuzz_file(const uint8_t *data, size_t len);

#endif
