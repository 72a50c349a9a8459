/*
 * many_calls.c - a source of a hundred calls.
 */
#include "many_calls.h"

ic_source_answer next_of_many(ic_call *call, void *userdata)
{
    many *all = userdata;

    if (all->given == MANY)
        return IC_SOURCE_END;
    call->request = &all->requests[all->given++];
    return IC_SOURCE_CALL;
}

void many_settled(ic_call *call, void *userdata)
{
    many *all = userdata;

    all->settled++;
    all->good += call->status == ICECAT_OK;
}
