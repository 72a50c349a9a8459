/*
 * shim_wire.h - the bytes that cross: numbers of 8 bytes, texts with their length and a NUL byte.
 */
#ifndef GOICECAT_SHIM_WIRE_H
#define GOICECAT_SHIM_WIRE_H

#include "shim.h"

#include <stddef.h>

/** Bytes on their way to Go. Begins in memory of the caller and moves to the heap when that is full. */
typedef struct goicecat_writer {
    unsigned char *bytes;
    size_t size;
    size_t len;
    int is_on_heap;
} goicecat_writer;

/** A piece of memory that lives as long as the call. */
typedef struct goicecat_block {
    struct goicecat_block *next;
} goicecat_block;

#define GOICECAT_ROOM 2048

struct goicecat_call {
    goicecat_frame *frame;
    const unsigned char *at;  /* of the arguments: what is not read yet */
    const unsigned char *end; /* of the arguments */
    const unsigned char *data;
    size_t data_len;
    int is_malformed; /* Go wrote other arguments than were read here */
    goicecat_writer reply;
    icecat_call_options bounds;
    goicecat_block *blocks;
    size_t room_used;
    _Alignas(max_align_t) unsigned char room[GOICECAT_ROOM];
};

/* Arguments, in the order in which Go wrote them. */
uint64_t goicecat_number(goicecat_call *call);
uint32_t goicecat_number32(goicecat_call *call);
double goicecat_real(goicecat_call *call);
/** NULL when Go gave none. Valid as long as the call. */
const char *goicecat_text(goicecat_call *call);
/** An array; NULL and 0 when it is empty. */
const char *const *goicecat_texts(goicecat_call *call, size_t *count);
icecat_pair *goicecat_pairs(goicecat_call *call, size_t *count);
/** Memory that lives as long as the call. Never NULL: without memory the program ends, as Go does. */
void *goicecat_memory(goicecat_call *call, size_t size);

/* Replies. */
void goicecat_put_number(goicecat_writer *writer, uint64_t value);
void goicecat_put_signed(goicecat_writer *writer, int64_t value);
void goicecat_put_real(goicecat_writer *writer, double value);
/** NULL is written as "". */
void goicecat_put_text(goicecat_writer *writer, const char *text);
void goicecat_put_bytes(goicecat_writer *writer, const void *bytes, size_t len);
/** Whether there is one, and which; NULL is none. */
void goicecat_put_error(goicecat_writer *writer, const icecat_error *error);
/** The place of a number that is written later: goicecat_set_number(). */
size_t goicecat_put_place(goicecat_writer *writer);
void goicecat_set_number(goicecat_writer *writer, size_t place, uint64_t value);
/** Free what is on the heap. */
void goicecat_writer_free(goicecat_writer *writer);

/** What is called, as its type. */
void *goicecat_object(const goicecat_call *call);
void *goicecat_pointer(uint64_t number);
uint64_t goicecat_address(const void *pointer);
/** The record that the library writes to. */
icecat_error *goicecat_error_of(goicecat_call *call);

/**
 * Call Go: @p in is what it is told, @p out memory for its answer. Gives its number: 0 is good for most.
 * With @p handle of a client, the Go call that runs on this thread is told too.
 */
int64_t goicecat_ask(uint64_t handle, int what, const void *in, size_t in_len, void *out,
                     size_t out_size);

#endif
