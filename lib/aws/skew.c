/*
 * skew.c - how far this machine's clock is from AWS's.
 */
#include "aws/skew.h"

static int64_t distance(int64_t a, int64_t b)
{
    return a > b ? a - b : b - a;
}

int64_t ic_skew_difference(int64_t sent_s, int64_t answered_s, int64_t server_s)
{
    int64_t difference = 0;

    if (server_s < sent_s)
        difference = server_s - sent_s;
    else if (server_s > answered_s)
        difference = server_s - answered_s;
    return distance(difference, 0) < IC_SKEW_AGREES_S ? 0 : difference;
}

int64_t ic_skew_learn(int64_t skew_s, int64_t sent_s, int64_t answered_s, int64_t server_s)
{
    int64_t difference = ic_skew_difference(sent_s, answered_s, server_s);

    if (difference == 0)
        return 0;
    if (distance(difference, 0) > IC_SKEW_MAX_S || distance(difference, skew_s) < IC_SKEW_JITTER_S)
        return skew_s;
    return difference;
}
