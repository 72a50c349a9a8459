/*
 * shim_wire.c - arguments in, replies out, and the one door from Go to C.
 */
#include "shim_wire.h"

#include "_cgo_export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NO_TEXT UINT32_MAX

/* The call that runs on this thread, for functions that belong to a client and are not told which call needs
 * them. The library starts no thread, so they are called on the one that Go called from. */
static _Thread_local goicecat_frame *current;

/* Go ends the program when there is no memory, in C.malloc() too; this is no place to be more hopeful. */
static void *need(void *memory)
{
    if (memory == NULL) {
        fputs("icecat: out of memory\n", stderr);
        abort();
    }
    return memory;
}

static const unsigned char *take(goicecat_call *call, size_t len)
{
    const unsigned char *start = call->at;

    if ((size_t)(call->end - call->at) < len) {
        call->is_malformed = 1;
        return NULL;
    }
    call->at += len;
    return start;
}

static uint32_t little_endian(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

uint64_t goicecat_number(goicecat_call *call)
{
    const unsigned char *bytes = take(call, sizeof(uint64_t));

    return bytes != NULL ? (uint64_t)little_endian(bytes + 4) << 32 | little_endian(bytes) : 0;
}

uint32_t goicecat_number32(goicecat_call *call)
{
    return (uint32_t)goicecat_number(call);
}

double goicecat_real(goicecat_call *call)
{
    uint64_t bits = goicecat_number(call);
    double value;

    memcpy(&value, &bits, sizeof(value));
    return value;
}

const char *goicecat_text(goicecat_call *call)
{
    const unsigned char *bytes = take(call, sizeof(uint32_t));
    uint32_t len = bytes != NULL ? little_endian(bytes) : NO_TEXT;

    return len == NO_TEXT ? NULL : (const char *)take(call, (size_t)len + 1);
}

/* No more than there can be: each takes some bytes. */
static size_t take_count(goicecat_call *call)
{
    uint64_t count = goicecat_number(call);

    if (count <= (uint64_t)(call->end - call->at))
        return (size_t)count;
    call->is_malformed = 1;
    return 0;
}

const char *const *goicecat_texts(goicecat_call *call, size_t *count)
{
    const char **texts;

    *count = take_count(call);
    texts = *count != 0 ? goicecat_memory(call, *count * sizeof(*texts)) : NULL;
    for (size_t i = 0; i < *count; i++)
        texts[i] = goicecat_text(call);
    return texts;
}

icecat_pair *goicecat_pairs(goicecat_call *call, size_t *count)
{
    icecat_pair *pairs;

    *count = take_count(call);
    pairs = *count != 0 ? goicecat_memory(call, *count * sizeof(*pairs)) : NULL;
    for (size_t i = 0; i < *count; i++) {
        pairs[i].name = goicecat_text(call);
        pairs[i].value = goicecat_text(call);
    }
    return pairs;
}

void *goicecat_memory(goicecat_call *call, size_t size)
{
    size_t step = sizeof(max_align_t);
    size_t rounded = (size + step - 1) / step * step;
    size_t head = (sizeof(goicecat_block) + step - 1) / step * step;
    goicecat_block *block;

    if (rounded <= sizeof(call->room) - call->room_used) {
        call->room_used += rounded;
        return call->room + call->room_used - rounded;
    }
    block = need(malloc(head + rounded));
    block->next = call->blocks;
    call->blocks = block;
    return (unsigned char *)block + head;
}

static void make_room(goicecat_writer *writer, size_t more)
{
    size_t size = writer->size;
    unsigned char *bytes;

    if (more <= writer->size - writer->len)
        return;
    while (size - writer->len < more)
        size = size < 4096 ? 8192 : size * 2;
    bytes = need(realloc(writer->is_on_heap ? writer->bytes : NULL, size));
    if (!writer->is_on_heap && writer->len != 0)
        memcpy(bytes, writer->bytes, writer->len);
    writer->bytes = bytes;
    writer->size = size;
    writer->is_on_heap = 1;
}

static void put(goicecat_writer *writer, const void *bytes, size_t len)
{
    make_room(writer, len);
    if (len != 0)
        memcpy(writer->bytes + writer->len, bytes, len);
    writer->len += len;
}

static void write_number(unsigned char *out, uint64_t value)
{
    for (int i = 0; i < 8; i++)
        out[i] = (unsigned char)(value >> (8 * i));
}

void goicecat_put_number(goicecat_writer *writer, uint64_t value)
{
    make_room(writer, sizeof(value));
    write_number(writer->bytes + writer->len, value);
    writer->len += sizeof(value);
}

void goicecat_put_signed(goicecat_writer *writer, int64_t value)
{
    goicecat_put_number(writer, (uint64_t)value);
}

void goicecat_put_real(goicecat_writer *writer, double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof(bits));
    goicecat_put_number(writer, bits);
}

void goicecat_put_bytes(goicecat_writer *writer, const void *bytes, size_t len)
{
    goicecat_put_number(writer, len);
    put(writer, bytes, len);
}

void goicecat_put_text(goicecat_writer *writer, const char *text)
{
    goicecat_put_bytes(writer, text, text != NULL ? strlen(text) : 0);
}

void goicecat_put_error(goicecat_writer *writer, const icecat_error *error)
{
    goicecat_put_number(writer, error != NULL);
    if (error == NULL)
        return;
    goicecat_put_signed(writer, error->status);
    goicecat_put_signed(writer, error->http_status);
    goicecat_put_signed(writer, error->curl_code);
    goicecat_put_number(writer, error->retryable);
    goicecat_put_number(writer, error->retry_after_ms);
    goicecat_put_number(writer, error->attempts);
    goicecat_put_text(writer, error->aws_code);
    goicecat_put_text(writer, error->request_id);
    goicecat_put_text(writer, error->message);
}

size_t goicecat_put_place(goicecat_writer *writer)
{
    goicecat_put_number(writer, 0);
    return writer->len - sizeof(uint64_t);
}

void goicecat_set_number(goicecat_writer *writer, size_t place, uint64_t value)
{
    write_number(writer->bytes + place, value);
}

void goicecat_writer_free(goicecat_writer *writer)
{
    if (writer->is_on_heap)
        free(writer->bytes);
}

void *goicecat_pointer(uint64_t number)
{
    return (void *)(uintptr_t)number;
}

uint64_t goicecat_address(const void *pointer)
{
    return (uint64_t)(uintptr_t)pointer;
}

void *goicecat_object(const goicecat_call *call)
{
    return goicecat_pointer(call->frame->object);
}

icecat_error *goicecat_error_of(goicecat_call *call)
{
    return &call->frame->error;
}

int64_t goicecat_ask(uint64_t handle, int what, const void *in, size_t in_len, void *out,
                     size_t out_size)
{
    return goicecatCallback(handle, current != NULL ? current->call : 0, what, (unsigned char *)in,
                            in_len, out, out_size);
}

static void free_blocks(goicecat_call *call)
{
    while (call->blocks != NULL) {
        goicecat_block *block = call->blocks;

        call->blocks = block->next;
        free(block);
    }
}

static void begin(goicecat_call *call, goicecat_frame *frame, const unsigned char *args,
                  size_t args_len)
{
    call->frame = frame;
    call->at = args;
    call->end = args_len != 0 ? args + args_len : args;
    call->is_malformed = 0;
    call->bounds = (icecat_call_options)ICECAT_CALL_OPTIONS_INIT;
    call->bounds.cancel = goicecat_pointer(frame->cancel);
    call->bounds.timeout_ms = frame->timeout_ms;
    call->blocks = NULL;
    call->room_used = 0;
    frame->error.status = ICECAT_OK; /* some functions have no record of errors */
    frame->made = 0;
    frame->spill = 0;
    frame->reply_len = 0;
}

int goicecat_run(goicecat_op op, goicecat_frame *frame, const unsigned char *args, size_t args_len,
                 const unsigned char *data, size_t data_len, unsigned char *reply,
                 size_t reply_size)
{
    goicecat_frame *outer = current;
    goicecat_call call;
    icecat_status status;

    begin(&call, frame, args, args_len);
    call.data = data_len != 0 ? data : NULL;
    call.data_len = data_len;
    call.reply = (goicecat_writer){ .bytes = reply, .size = reply_size };
    current = frame;
    status = op(&call);
    current = outer;
    free_blocks(&call);
    frame->reply_len = call.reply.len;
    if (call.reply.is_on_heap)
        frame->spill = goicecat_address(call.reply.bytes);
    if (!call.is_malformed && call.at == call.end)
        return (int)status;
    frame->error = (icecat_error){ .status = ICECAT_E_INTERNAL };
    snprintf(frame->error.message, sizeof(frame->error.message),
             "the Go package and its C part disagree about the arguments of a call");
    return ICECAT_E_INTERNAL;
}

void goicecat_take_spill(goicecat_frame *frame, unsigned char *out)
{
    void *spill = goicecat_pointer(frame->spill);

    memcpy(out, spill, frame->reply_len);
    free(spill);
    frame->spill = 0;
}
