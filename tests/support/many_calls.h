/*
 * many_calls.h - a source of a hundred calls for the engine, and what became of them.
 */
#ifndef MANY_CALLS_H
#define MANY_CALLS_H

#include "aws/engine.h"

#define MANY 100

/** Zeroed at first; its owner makes the requests, and frees them. */
typedef struct many {
    ic_request requests[MANY];
    size_t given;
    size_t settled;
    size_t good;
} many;

/** Both take a `many` as their userdata. */
ic_source_answer next_of_many(ic_call *call, void *userdata);
void many_settled(ic_call *call, void *userdata);

#endif
