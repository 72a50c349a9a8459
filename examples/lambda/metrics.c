/*
 * metrics.c - what an invocation did, as one line of CloudWatch's embedded metric format.
 *
 *   {"_aws": {"Timestamp": MS, "CloudWatchMetrics": [{"Namespace", "Dimensions", "Metrics"}]},
 *    "FunctionName": NAME, "Cats": 1, ..., "Latency": [MS, ...]}
 */
#include "metrics.h"

#define NAMESPACE "icecat"
#define DIMENSION "FunctionName"
#define LATENCY   "Latency"

struct count {
    const char *name;
    size_t value;
};

void metrics_add_result(struct metrics *metrics, const icecat_process_result *result)
{
    if (result->action == ICECAT_PROCESSED_BEFORE)
        metrics->judged_before++;
    else if (result->action == ICECAT_PROCESSED_REFUSED)
        metrics->refused++;
    else if (result->is_cat)
        metrics->cats++;
    else
        metrics->no_cats++;
}

void metrics_add_latency(struct metrics *metrics, int64_t ms)
{
    if (metrics->latency_count < METRICS_MAX_LATENCIES)
        metrics->latency_ms[metrics->latency_count++] = ms;
}

/* {"Name": NAME, "Unit": UNIT} */
static void declare(cJSON *list, const char *name, const char *unit)
{
    cJSON *metric = cJSON_CreateObject();

    cJSON_AddStringToObject(metric, "Name", name);
    cJSON_AddStringToObject(metric, "Unit", unit);
    cJSON_AddItemToArray(list, metric);
}

/* Returns the list of declared metrics. */
static cJSON *add_frame(cJSON *line, const char *function_name, int64_t now_ms)
{
    cJSON *aws = cJSON_AddObjectToObject(line, "_aws");
    cJSON *directives = NULL;
    cJSON *directive = cJSON_CreateObject();
    cJSON *dimensions;
    cJSON *dimension = cJSON_CreateArray();

    cJSON_AddNumberToObject(aws, "Timestamp", (double)now_ms);
    directives = cJSON_AddArrayToObject(aws, "CloudWatchMetrics");
    cJSON_AddItemToArray(directives, directive);
    cJSON_AddStringToObject(directive, "Namespace", NAMESPACE);
    dimensions = cJSON_AddArrayToObject(directive, "Dimensions");
    cJSON_AddItemToArray(dimension, cJSON_CreateString(DIMENSION));
    cJSON_AddItemToArray(dimensions, dimension);
    cJSON_AddStringToObject(line, DIMENSION, function_name == NULL ? "unknown" : function_name);
    return cJSON_AddArrayToObject(directive, "Metrics");
}

static void add_latencies(cJSON *line, cJSON *list, const struct metrics *metrics)
{
    cJSON *values = cJSON_AddArrayToObject(line, LATENCY);

    for (size_t i = 0; i < metrics->latency_count; i++)
        cJSON_AddItemToArray(values, cJSON_CreateNumber((double)metrics->latency_ms[i]));
    declare(list, LATENCY, "Milliseconds");
}

void metrics_write(const struct metrics *metrics, const struct log *log, const char *function_name,
                   int64_t now_ms)
{
    const struct count counts[] = {
        { "Cats", metrics->cats },
        { "NoCats", metrics->no_cats },
        { "Refused", metrics->refused },
        { "ForeignKeys", metrics->foreign },
        { "JudgedBefore", metrics->judged_before },
        { "HandedBack", metrics->handed_back },
        { "Forgotten", metrics->forgotten },
    };
    size_t sum = metrics->latency_count;
    cJSON *line;
    cJSON *list;

    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
        sum += counts[i].value;
    line = sum == 0 ? NULL : cJSON_CreateObject();
    if (line == NULL)
        return;
    list = add_frame(line, function_name, now_ms);
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        cJSON_AddNumberToObject(line, counts[i].name, (double)counts[i].value);
        declare(list, counts[i].name, "Count");
    }
    if (metrics->latency_count != 0)
        add_latencies(line, list, metrics);
    log_end(log, line);
}
