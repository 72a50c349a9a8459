/*
 * signals.h - SIGINT, SIGTERM and SIGPIPE.
 */
#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H

#include <icecat/cancel.h>

/* From now on the first SIGINT or SIGTERM fires @p cancel, and the next one ends the program at once.
 * SIGPIPE makes writing fail instead of ending the program. */
void signals_catch(icecat_cancel *cancel);

/* The signal that asked to end, or 0. */
int signals_caught(void);
/* 1 after a write to a pipe or socket that nobody reads. */
int signals_pipe_broke(void);

#endif
