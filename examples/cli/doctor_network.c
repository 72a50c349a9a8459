/*
 * doctor_network.c - the checks of keys and clock, and what the services need before they are asked.
 */
#include "connect.h"
#include "doctor.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define KEYS_TIMEOUT_MS 20000
#define SOON_S          900

const char *doctor_why_not(const struct doctor *doctor, enum config_id needed)
{
    if (doctor->offline)
        return "--offline";
    if (doctor->cli->client == NULL)
        return "the settings do not make a client";
    if (!doctor->has_keys)
        return "no access keys";
    if (needed != CONFIG_COUNT && config_text(&doctor->cli->config, needed) == NULL)
        return "not set";
    return NULL;
}

/* "AKID...6789": enough to tell keys apart. */
static void show_key_id(const char *id, char *out, size_t len)
{
    if (strlen(id) >= 16)
        snprintf(out, len, "%.4s...%s", id, id + strlen(id) - 4);
    else
        snprintf(out, len, "%s", "set");
}

static void add_keys(struct doctor *doctor, const icecat_credentials_finding *found)
{
    int64_t left = found->expires_unix_s - (int64_t)time(NULL);
    char id[64];

    show_key_id(found->access_key_id, id, sizeof(id));
    doctor->has_keys = 1;
    if (found->expires_unix_s == 0) {
        doctor_add(doctor, "credentials", DOCTOR_OK, "%s from %s, which do not expire", id,
                   found->source);
        return;
    }
    doctor_add(doctor, "credentials", left < SOON_S ? DOCTOR_WARN : DOCTOR_OK,
               "%s from %s, %" PRId64 " minutes left", id, found->source, left / 60);
    if (left < SOON_S)
        doctor_fix(doctor, "get new keys before a long submission");
}

/* No source had keys: the reasons of all that were looked at, or of the one that was set up and failed;
 * then the others do not matter. */
static void add_no_keys(struct doctor *doctor, const icecat_credentials_findings *findings)
{
    icecat_error err = { .status = ICECAT_E_NO_CREDENTIALS };
    char text[sizeof(doctor->checks[0].message)] = "";
    size_t used = 0;

    for (size_t i = 0; i < icecat_credentials_findings_count(findings); i++) {
        icecat_credentials_finding found = ICECAT_CREDENTIALS_FINDING_INIT;
        int failed;

        if (icecat_credentials_findings_at(findings, i, &found, NULL) != ICECAT_OK)
            continue;
        failed = found.outcome == ICECAT_CREDENTIALS_FAILED;
        if (failed) {
            err.status = found.status;
            used = 0;
        }
        if (used < sizeof(text))
            used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s: %s",
                                     used > 0 ? "; " : "", found.source, found.reason);
        if (failed)
            break;
    }
    doctor_add_error(doctor, "credentials", &err);
    snprintf(doctor->checks[doctor->count - 1].message, sizeof(text), "%s", text);
}

void doctor_check_credentials(struct doctor *doctor)
{
    icecat_call_options call = ICECAT_CALL_OPTIONS_INIT;
    icecat_credentials_findings *findings = NULL;
    uint64_t began = doctor_now_ms();
    size_t used;
    icecat_error err;
    icecat_status status = ICECAT_OK;

    if (doctor->offline || !doctor->has_settings) {
        doctor_add(doctor, "credentials", DOCTOR_SKIP, "%s",
                   doctor->offline ? "--offline" : "the settings do not make a client");
        return;
    }
    status = cli_need_client(doctor->cli, &err);
    call.cancel = doctor->cli->cancel;
    call.timeout_ms = KEYS_TIMEOUT_MS;
    if (status == ICECAT_OK)
        status = icecat_credentials_report(icecat_client_credentials(doctor->cli->client), &call,
                                           &findings, &err);
    if (status != ICECAT_OK) {
        doctor_add_error(doctor, "credentials", &err);
        return;
    }
    used = doctor->count;
    for (size_t i = 0; i < icecat_credentials_findings_count(findings); i++) {
        icecat_credentials_finding found = ICECAT_CREDENTIALS_FINDING_INIT;

        if (icecat_credentials_findings_at(findings, i, &found, NULL) == ICECAT_OK &&
            found.outcome == ICECAT_CREDENTIALS_USED)
            add_keys(doctor, &found);
    }
    if (doctor->count == used)
        add_no_keys(doctor, findings);
    doctor_took(doctor, began);
    icecat_credentials_findings_free(findings);
}

void doctor_check_clock(struct doctor *doctor)
{
    int64_t seconds;

    if (doctor->cli->client == NULL ||
        !icecat_client_clock_difference(doctor->cli->client, &seconds)) {
        doctor_add(doctor, "clock", DOCTOR_SKIP, "no answer has told the time");
        return;
    }
    if (seconds == 0) {
        doctor_add(doctor, "clock", DOCTOR_OK, "agrees with the services");
        return;
    }
    doctor_add(doctor, "clock", DOCTOR_WARN, "%" PRId64 " seconds %s the services",
               seconds > 0 ? seconds : -seconds, seconds > 0 ? "behind" : "ahead of");
    doctor_fix(doctor, "set this machine's clock, e.g. with NTP");
}
