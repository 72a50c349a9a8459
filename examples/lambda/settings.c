/*
 * settings.c - what the function reads from its environment.
 *
 *   s3bucketSource s3bucketDest s3bucketFail dynamoDBTableName   needed
 *   AWS_REGION, else awsRegion                                   one is needed
 *   dynamoDBTTL                                                  seconds; 14 days
 *   rekLabel rekMinConfidence rekMaxLabels                       Cat, 75, 10
 *   AWS_CA_BUNDLE, else SSL_CERT_FILE                            the system's
 */
#include "settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct problems {
    char *text;
    size_t len;
    size_t used;
};

static void add_problem(struct problems *problems, const char *name, const char *what)
{
    int wrote = snprintf(problems->text + problems->used, problems->len - problems->used, "%s%s %s",
                         problems->used == 0 ? "" : "; ", name, what);

    if (wrote > 0)
        problems->used += (size_t)wrote;
    if (problems->used >= problems->len)
        problems->used = problems->len - 1;
}

static const char *optional(const char *name)
{
    const char *value = getenv(name);

    return value == NULL || *value == '\0' ? NULL : value;
}

static const char *needed(struct problems *problems, const char *name)
{
    const char *value = optional(name);

    if (value == NULL)
        add_problem(problems, name, "is not set");
    return value;
}

/* Absent leaves *out alone. */
static void whole_number(struct problems *problems, const char *name, uint32_t max, uint32_t *out)
{
    const char *text = optional(name);
    unsigned long value;
    char *end;

    if (text == NULL)
        return;
    errno = 0;
    value = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || errno != 0 || value == 0 || value > max)
        add_problem(problems, name, "is not a whole number in range");
    else
        *out = (uint32_t)value;
}

static void percent(struct problems *problems, const char *name, double *out)
{
    const char *text = optional(name);
    double value;
    char *end;

    if (text == NULL)
        return;
    value = strtod(text, &end);
    if (end == text || *end != '\0' || !(value > 0 && value <= 100))
        add_problem(problems, name, "is not a percentage");
    else
        *out = value;
}

int settings_read(struct settings *out, char *problem, size_t len)
{
    struct problems problems = { .text = problem, .len = len };
    icecat_pipeline_options *options = &out->pipeline;

    problem[0] = '\0';
    icecat_pipeline_options_init(options, sizeof(*options));
    out->region = optional("AWS_REGION");
    if (out->region == NULL)
        out->region = optional("awsRegion");
    if (out->region == NULL)
        add_problem(&problems, "AWS_REGION", "is not set");
    options->bucket_source = needed(&problems, "s3bucketSource");
    options->bucket_dest = needed(&problems, "s3bucketDest");
    options->bucket_fail = needed(&problems, "s3bucketFail");
    options->table = needed(&problems, "dynamoDBTableName");
    whole_number(&problems, "dynamoDBTTL", 10u * 366u * 86400u, &options->ttl_s);
    options->label = optional("rekLabel");
    percent(&problems, "rekMinConfidence", &options->min_confidence);
    whole_number(&problems, "rekMaxLabels", 1000, &options->max_labels);
    return problems.used == 0;
}

const char *settings_ca_bundle(void)
{
    static const char *const places[] = {
        "/etc/pki/tls/certs/ca-bundle.crt",   /* Amazon Linux */
        "/etc/ssl/certs/ca-certificates.crt", /* Debian */
    };
    const char *named = optional("AWS_CA_BUNDLE");

    if (named == NULL)
        named = optional("SSL_CERT_FILE");
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && named == NULL; i++) {
        if (access(places[i], R_OK) == 0)
            named = places[i];
    }
    return named;
}
