/*
 * metrics.h - what an invocation did, in numbers, as one line of CloudWatch's embedded metric format.
 * CloudWatch Logs makes metrics of such a line; no call of another service is needed.
 */
#ifndef LAMBDA_METRICS_H
#define LAMBDA_METRICS_H

#include "log.h"
#include <icecat/pipeline.h>

#define METRICS_MAX_LATENCIES 100u /* values that one metric of a line may have */

struct metrics {
    size_t cats;
    size_t no_cats;
    size_t refused;       /* recorded as fail */
    size_t foreign;       /* keys that are not ours */
    size_t judged_before; /* duplicate events */
    size_t handed_back;   /* to be delivered again */
    size_t forgotten;     /* records that went with their objects */
    size_t ignored;
    size_t latency_count;
    int64_t latency_ms[METRICS_MAX_LATENCIES];
};

void metrics_add_result(struct metrics *metrics, const icecat_process_result *result);
void metrics_add_latency(struct metrics *metrics, int64_t ms);
/** Write the line, unless nothing was done. @p function_name is the only dimension. */
void metrics_write(const struct metrics *metrics, const struct log *log, const char *function_name,
                   int64_t now_ms);

#endif
