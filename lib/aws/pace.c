/*
 * pace.c - how many transfers may be under way.
 *
 * Additive growth and halving, as TCP does it: it finds what a service takes without being told, and
 * several clients of one service end up with equal shares.
 */
#include "aws/pace.h"

void ic_pace_init(ic_pace *pace, unsigned most)
{
    pace->most = most;
    pace->now = most;
    pace->good = 0;
    pace->begun = 0;
    pace->cut = 0;
}

uint64_t ic_pace_begin(ic_pace *pace)
{
    return pace->begun++;
}

void ic_pace_good(ic_pace *pace)
{
    if (pace->now >= pace->most || ++pace->good < pace->now)
        return;
    pace->now++;
    pace->good = 0;
}

void ic_pace_slow(ic_pace *pace, uint64_t number)
{
    pace->good = 0;
    if (number < pace->cut)
        return;
    pace->cut = pace->begun;
    if (pace->now > 1)
        pace->now /= 2;
}
