/*
 * pace.h - how many transfers may be under way: fewer when the service asks to slow down, more again
 * while it answers well. Pure.
 */
#ifndef IC_PACE_H
#define IC_PACE_H

#include <stdint.h>

typedef struct ic_pace {
    unsigned most;  /* what the caller allows */
    unsigned now;   /* 1 to most */
    unsigned good;  /* good answers since `now` last changed */
    uint64_t begun; /* attempts so far */
    uint64_t cut;   /* the first attempt that was begun after the last slowing down */
} ic_pace;

void ic_pace_init(ic_pace *pace, unsigned most);
/** An attempt begins; its number is given back with its end. */
uint64_t ic_pace_begin(ic_pace *pace);
/** It was answered well. One more is allowed after as many good answers as are allowed now. */
void ic_pace_good(ic_pace *pace);
/** It was refused with "slow down". Half as many are allowed, but all attempts that were under way at
 *  the same time count as one refusal. */
void ic_pace_slow(ic_pace *pace, uint64_t number);

#endif
