/*
 * doctor.c - note what a check found.
 */
#include "doctor.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

void doctor_add(struct doctor *doctor, const char *id, enum doctor_state state, const char *format,
                ...)
{
    struct doctor_check *check;
    va_list args;

    if (doctor->count == DOCTOR_MOST)
        doctor->count--;
    check = &doctor->checks[doctor->count++];
    memset(check, 0, sizeof(*check));
    check->id = id;
    check->state = state;
    check->status = state == DOCTOR_FAIL ? ICECAT_E_CONFIG : ICECAT_OK;
    va_start(args, format);
    vsnprintf(check->message, sizeof(check->message), format, args);
    va_end(args);
}

void doctor_add_error(struct doctor *doctor, const char *id, const icecat_error *err)
{
    const char *hint = cli_hint(err);

    doctor_add(doctor, id, DOCTOR_FAIL, "%s", err->message);
    doctor->checks[doctor->count - 1].status = (icecat_status)err->status;
    if (hint != NULL)
        doctor_fix(doctor, "%s", hint);
}

void doctor_fix(struct doctor *doctor, const char *format, ...)
{
    struct doctor_check *check = &doctor->checks[doctor->count - 1];
    va_list args;

    va_start(args, format);
    vsnprintf(check->fix, sizeof(check->fix), format, args);
    va_end(args);
}

uint64_t doctor_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void doctor_took(struct doctor *doctor, uint64_t since_ms)
{
    struct doctor_check *check = &doctor->checks[doctor->count - 1];

    check->ms = (uint32_t)(doctor_now_ms() - since_ms);
    check->has_ms = 1;
}
