/*
 * wait.h - how often a waiting call looks. Pure.
 */
#ifndef IC_WAIT_H
#define IC_WAIT_H

#include <stdint.h>

/**
 * Pause after look number @p look (0 is the first): 200 ms, then half as long again each time, at
 * most 5 s. Near the deadline it is cut so that there is time for one last look.
 * 0: no time for another look. @p left_ms is UINT64_MAX without a deadline.
 */
uint64_t ic_wait_pause_ms(unsigned look, uint64_t left_ms);

#endif
