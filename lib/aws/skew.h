/*
 * skew.h - how far this machine's clock is from AWS's. Pure.
 *
 * Signatures are refused when their time is more than 5 minutes off (15 for S3). The time of a server
 * that was verified by TLS is taken as the truth, within a bound; a later answer that agrees with the
 * clock ends the correction.
 */
#ifndef IC_SKEW_H
#define IC_SKEW_H

#include <stdint.h>

#define IC_SKEW_AGREES_S 240   /* clocks that differ by less need no correction */
#define IC_SKEW_JITTER_S 60    /* a correction is kept while it is right to within that */
#define IC_SKEW_MAX_S    86400 /* a difference beyond this is not believed */

/**
 * The correction to use after an answer, given the one in use. A server's time that lies between the
 * sending of the request and its answer agrees with the clock, however long that took.
 */
int64_t ic_skew_learn(int64_t skew_s, int64_t sent_s, int64_t answered_s, int64_t server_s);

/** The server's time minus the clock's; 0 when they agree. */
int64_t ic_skew_difference(int64_t sent_s, int64_t answered_s, int64_t server_s);

#endif
