/*
 * oom_others.h - what goes wrong inside of other libraries, told apart from what goes wrong here.
 */
#ifndef OOM_OTHERS_H
#define OOM_OTHERS_H

#include <stddef.h>

/** First of all: what looking for callers needs once. */
void oom_others_prepare(void);

/**
 * 1 when the function that runs is of libcrypto, libssl or libcurl, or of the C library for one of them. For a
 * signal handler; a libcrypto without memory for what it makes at its first use crashes at its next.
 */
int oom_is_crash_of_others(void);

/**
 * Of an allocation that fails now: remember when it is one of libcurl's while libssl tells it of a new TLS
 * session. When keeping it fails, libcurl 7.88 frees it twice, and the heap is no more what it was.
 */
void oom_note_failure(void);
/** 1 when such an allocation has failed in this process. */
int oom_is_heap_of_others(void);

/** From here on remember who asks for each piece of memory. */
void oom_trace_begin(void);
/**
 * End it. 1 when every piece that is still held was taken by libcurl while it drove transfers, in
 * curl_multi_socket_action() or curl_multi_perform(): that memory is never handed to us to be freed.
 */
int oom_trace_is_of_others(void);

/* Of the program's malloc. */
void oom_trace_took(void *data);
void oom_trace_gave(void *data);

#endif
