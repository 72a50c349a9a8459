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

#define MAX_COUNT 1000000

static const char *const services[] = { "s3", "dynamodb", "rekognition", "ssm" };

static const struct {
    const char *name;
    fault_kind kind;
} kinds[] = {
    { "unavailable", FAULT_UNAVAILABLE },
    { "throttle", FAULT_THROTTLE },
    { "reset", FAULT_RESET },
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

static int read_kind(const char **text, fault_rule *rule)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (skip(text, kinds[i].name)) {
            rule->kind = kinds[i].kind;
            return 1;
        }
    }
    return 0;
}

static int read_count(const char *text, fault_rule *rule)
{
    char *end;

    if (*text < '0' || *text > '9')
        return 0;
    errno = 0;
    rule->left = strtoul(text, &end, 10);
    if (strcmp(end, "%") == 0 && rule->left >= 1 && rule->left <= 100) {
        rule->percent = (unsigned)rule->left;
        return 1;
    }
    return *end == '\0' && errno == 0 && rule->left <= MAX_COUNT;
}

int faults_add(fault_rules *rules, const char *text, char *why, size_t why_len)
{
    fault_rule rule = { 0 };
    size_t kept = 0;

    if (!read_service(&text, &rule) || !read_kind(&text, &rule) || !read_count(text, &rule)) {
        (void)snprintf(why, why_len,
                       "must be SERVICE:KIND:COUNT or SERVICE:KIND:P%%; services are s3, dynamodb, "
                       "rekognition, ssm "
                       "and any, kinds unavailable, throttle and reset");
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

fault_kind faults_take(fault_rules *rules, const char *service)
{
    for (size_t i = 0; i < rules->count; i++) {
        fault_rule *rule = &rules->items[i];

        if (rule->left == 0 || (rule->service != NULL && strcmp(rule->service, service) != 0))
            continue;
        if (is_due(rule))
            return rule->kind;
    }
    return FAULT_NONE;
}

void faults_answer(fault_kind kind, const http_request *request, const char *service,
                   http_answer *answer)
{
    const char *message = "icecat-local was asked for this fault";

    if (!json_service_known(service)) {
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
