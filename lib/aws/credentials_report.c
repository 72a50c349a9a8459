/*
 * credentials_report.c - what each source said, in order.
 */
#include "aws/credentials_report.h"

#include "base/error.h"
#include "base/options.h"

#include <stdio.h>
#include <string.h>

IC_NO_PADDING_AFTER(icecat_credentials_finding, status);

#define MAX_LINES 32

typedef struct line {
    const char *source;
    char *reason;
    char *access_key_id;
    int64_t expires_unix_s;
    icecat_credentials_outcome outcome;
    icecat_status status;
} line;

struct icecat_credentials_findings {
    ic_mem mem;
    size_t count;
    line lines[MAX_LINES];
};

static icecat_status add(icecat_credentials_findings *findings, const line *made,
                         const char *reason, const char *access_key_id, icecat_error *err)
{
    line *own = &findings->lines[findings->count];

    if (findings->count == MAX_LINES)
        return ic_fail(err, ICECAT_E_LIMIT, "over %d lines in a report", MAX_LINES);
    *own = *made;
    own->reason = ic_mem_dup(&findings->mem, reason);
    own->access_key_id = ic_mem_dup(&findings->mem, access_key_id);
    findings->count++;
    if (own->reason == NULL || own->access_key_id == NULL)
        return ic_fail_memory(err, "a report");
    return ICECAT_OK;
}

icecat_status ic_findings_add_used(icecat_credentials_findings *findings, const char *source,
                                   const ic_keys *keys, int64_t unix_s, icecat_error *err)
{
    line made = { .source = source, .expires_unix_s = keys->expires_unix_s };
    char reason[96] = "it has keys that do not expire";

    if (keys->expires_unix_s != 0)
        snprintf(reason, sizeof(reason), "its keys are good for %lld s",
                 (long long)(keys->expires_unix_s - unix_s));
    return add(findings, &made, reason, keys->access_key_id, err);
}

icecat_status ic_findings_add(icecat_credentials_findings *findings, const char *source,
                              icecat_credentials_outcome outcome, icecat_status status,
                              const char *reason, icecat_error *err)
{
    line made = { .source = source, .outcome = outcome, .status = status };

    return add(findings, &made, reason, "", err);
}

static icecat_status report_fixed(const icecat_credentials *credentials, const ic_need *need,
                                  icecat_credentials_findings *findings, icecat_error *err)
{
    icecat_error failure = { 0 };
    ic_keys *keys = NULL;
    icecat_status status = ic_credentials_keys_at(credentials, need, &keys, &failure);

    if (status != ICECAT_OK)
        return ic_findings_add(findings, credentials->kind, ICECAT_CREDENTIALS_FAILED, status,
                               failure.message, err);
    status = ic_findings_add_used(findings, credentials->kind, keys, need->unix_s, err);
    ic_keys_release(keys);
    return status;
}

icecat_status icecat_credentials_report(const icecat_credentials *credentials,
                                        const icecat_call_options *call,
                                        icecat_credentials_findings **out, icecat_error *err)
{
    icecat_credentials_findings *made;
    ic_bounds bounds;
    ic_need need;
    icecat_status status;

    ic_error_clear(err);
    if (credentials == NULL || out == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "%s is NULL",
                       credentials == NULL ? "credentials" : "out");
    *out = NULL;
    status = ic_bounds_load(&bounds, &credentials->clock, call, err);
    if (status != ICECAT_OK)
        return status;
    made = ic_mem_zalloc(&credentials->mem, sizeof(*made));
    if (made == NULL)
        return ic_fail_memory(err, "a report");
    made->mem = credentials->mem;
    need.unix_s = ic_clock_unix_s(&credentials->clock);
    need.bounds = &bounds;
    status = credentials->fixed != NULL
                 ? report_fixed(credentials, &need, made, err)
                 : credentials->fetcher.report(credentials->self, &need, made, err);
    if (status != ICECAT_OK) {
        icecat_credentials_findings_free(made);
        return status;
    }
    ic_error_clear(err);
    *out = made;
    return ICECAT_OK;
}

size_t icecat_credentials_findings_count(const icecat_credentials_findings *findings)
{
    return findings != NULL ? findings->count : 0;
}

icecat_status icecat_credentials_findings_at(const icecat_credentials_findings *findings,
                                             size_t index, icecat_credentials_finding *out,
                                             icecat_error *err)
{
    icecat_credentials_finding own = ICECAT_CREDENTIALS_FINDING_INIT;
    const line *found;

    ic_error_clear(err);
    if (findings == NULL || out == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "%s is NULL", findings == NULL ? "findings" : "out");
    if (index >= findings->count)
        return ic_fail(err, ICECAT_E_ARGUMENT, "there is no line %zu; the report has %zu", index,
                       findings->count);
    found = &findings->lines[index];
    own.source = found->source;
    own.reason = found->reason;
    own.access_key_id = found->access_key_id;
    own.expires_unix_s = found->expires_unix_s;
    own.outcome = (int32_t)found->outcome;
    own.status = (int32_t)found->status;
    return IC_OPTIONS_STORE(out, &own, icecat_credentials_finding, err);
}

void icecat_credentials_findings_free(icecat_credentials_findings *findings)
{
    ic_mem mem;

    if (findings == NULL)
        return;
    mem = findings->mem;
    for (size_t i = 0; i < findings->count; i++) {
        ic_mem_free(&mem, findings->lines[i].reason);
        ic_mem_free(&mem, findings->lines[i].access_key_id);
    }
    ic_mem_free(&mem, findings);
}
