/*
 * faults.c - rules of faults, and the answers that they give.
 */
#include "faults.h"

#include "json_service.h"
#include "refusal.h"
#include "s3.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_COUNT   1000000
#define MAX_SLOW_MS 600000
#define EVENTS      "events"

static const char *const services[] = { "s3", "dynamodb", "rekognition", "ssm", EVENTS };

static const struct {
    const char *name;
    fault_kind kind;
    int is_of_events;
} kinds[] = {
    { "unavailable", FAULT_UNAVAILABLE, 0 },
    { "throttle", FAULT_THROTTLE, 0 },
    { "reset", FAULT_RESET, 0 },
    { "slow", FAULT_SLOW, 0 },
    { "lost", FAULT_LOST, 0 },
    { "cut", FAULT_CUT, 0 },
    { "page", FAULT_PAGE, 0 },
    { "duplicate", FAULT_DUPLICATE, 1 },
    { "reorder", FAULT_REORDER, 1 },
};

/* Does the text begin with the name and a colon? Moves it behind them. */
static int skip(const char **text, const char *name)
{
    size_t len = strlen(name);

    if (strncmp(*text, name, len) != 0 || (*text)[len] != ':')
        return 0;
    *text += len + 1;
    return 1;
}

static int read_service(const char **text, fault_rule *rule)
{
    for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
        if (skip(text, services[i])) {
            rule->service = services[i];
            return 1;
        }
    }
    return skip(text, "any");
}

static int is_of_events(const fault_rule *rule)
{
    return rule->service != NULL && strcmp(rule->service, EVENTS) == 0;
}

static int read_kind(const char **text, fault_rule *rule)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (kinds[i].is_of_events == is_of_events(rule) && skip(text, kinds[i].name)) {
            rule->kind = kinds[i].kind;
            return 1;
        }
    }
    return 0;
}

/* Digits up to the end of the text or a colon, which is passed. */
static int read_number(const char **text, unsigned long max, unsigned long *out)
{
    char *end;

    if (**text < '0' || **text > '9')
        return 0;
    errno = 0;
    *out = strtoul(*text, &end, 10);
    if (errno != 0 || *out > max || (*end != '\0' && (*end != ':' || end[1] == '\0')))
        return 0;
    *text = *end == ':' ? end + 1 : end;
    return 1;
}

/* "5%": a share of all requests. */
static int read_percent(const char *text, fault_rule *rule)
{
    char *end;
    unsigned long percent = *text >= '0' && *text <= '9' ? strtoul(text, &end, 10) : 0;

    if (percent < 1 || percent > 100 || strcmp(end, "%") != 0)
        return 0;
    rule->left = 1;
    rule->percent = (unsigned)percent;
    rule->slow_ms = FAULTS_SLOW_MS;
    return 1;
}

static int read_counts(const char *text, fault_rule *rule)
{
    unsigned long slow_ms = FAULTS_SLOW_MS;

    if (read_percent(text, rule))
        return 1;
    if (!read_number(&text, MAX_COUNT, &rule->left))
        return 0;
    if (rule->kind == FAULT_SLOW && *text != '\0' && !read_number(&text, MAX_SLOW_MS, &slow_ms))
        return 0;
    rule->slow_ms = (unsigned)slow_ms;
    return *text == '\0';
}

int faults_add(fault_rules *rules, const char *text, char *why, size_t why_len)
{
    fault_rule rule = { 0 };
    size_t kept = 0;

    if (!read_service(&text, &rule) || !read_kind(&text, &rule) || !read_counts(text, &rule)) {
        (void)snprintf(
            why, why_len,
            "must be SERVICE:KIND:COUNT or SERVICE:KIND:P%%; services are s3, dynamodb, "
            "rekognition, ssm and any, kinds unavailable, throttle, reset, lost, cut, page "
            "and slow (or slow:COUNT:MS); or events:duplicate:COUNT or events:reorder:COUNT");
        return 0;
    }
    for (size_t i = 0; i < rules->count; i++) {
        if (rules->items[i].left > 0)
            rules->items[kept++] = rules->items[i];
    }
    rules->count = kept;
    if (rules->count == FAULTS_MAX) {
        (void)snprintf(why, why_len, "there are %d faults already", FAULTS_MAX);
        return 0;
    }
    rules->items[rules->count++] = rule;
    return 1;
}

/* A share of requests fails in even steps, not at random: a test must be able to count on it. */
static int is_due(fault_rule *rule)
{
    if (rule->percent == 0) {
        rule->left--;
        return 1;
    }
    rule->owed += rule->percent;
    if (rule->owed < 100)
        return 0;
    rule->owed -= 100;
    return 1;
}

/* What is for any service is not for events. */
static int is_for(const fault_rule *rule, const char *service)
{
    return rule->service == NULL ? strcmp(service, EVENTS) != 0
                                 : strcmp(rule->service, service) == 0;
}

static const fault_rule *take(fault_rules *rules, const char *service)
{
    for (size_t i = 0; i < rules->count; i++) {
        fault_rule *rule = &rules->items[i];

        if (rule->left > 0 && is_for(rule, service) && is_due(rule))
            return rule;
    }
    return NULL;
}

fault_kind faults_take(fault_rules *rules, const char *service, unsigned *slow_ms)
{
    const fault_rule *rule = take(rules, service);

    *slow_ms = rule == NULL || rule->kind != FAULT_SLOW ? 0 : rule->slow_ms;
    return rule == NULL ? FAULT_NONE : rule->kind;
}

/* Each event of a burst is due a millisecond before the one that came before it. */
static int64_t reordered(fault_rules *rules, int64_t now_ms)
{
    if (rules->burst == FAULTS_REORDER_BURST || now_ms >= rules->burst_ms - rules->burst) {
        rules->burst_ms = now_ms + FAULTS_REORDER_MS;
        rules->burst = 0;
    }
    return rules->burst_ms - rules->burst++;
}

fault_delivery faults_deliver(fault_rules *rules, int64_t now_ms)
{
    const fault_rule *rule = take(rules, EVENTS);
    fault_delivery how = { 1, 0 };

    if (rule != NULL && rule->kind == FAULT_DUPLICATE)
        how.copies = 2;
    else if (rule != NULL)
        how.due_ms = reordered(rules, now_ms);
    return how;
}

void faults_answer(fault_kind kind, const http_request *request, const char *service,
                   http_answer *answer)
{
    const char *message = "icecat-local was asked for this fault";
    static const char page[] = "<!DOCTYPE html><title>Sign in</title><p>Welcome to our network.";

    if (kind == FAULT_PAGE) {
        answer->status = 200;
        http_answer_header(answer, "Content-Type", "text/html");
        http_answer_body(answer, page, sizeof(page) - 1);
    } else if (!json_service_known(service)) {
        if (kind == FAULT_THROTTLE)
            s3_error(answer, request, 503, "SlowDown", "Please reduce your request rate.");
        else
            s3_error(answer, request, 503, "ServiceUnavailable", message);
    } else if (kind != FAULT_THROTTLE) {
        refusal_json(answer, service, 500, "InternalServerError", message);
    } else {
        refusal_json(answer, service, 400,
                     strcmp(service, "ssm") == 0 ? "ThrottlingException"
                                                 : "ProvisionedThroughputExceededException",
                     message);
    }
}
