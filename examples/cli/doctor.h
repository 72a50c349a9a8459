/*
 * doctor.h - the checks of icecat doctor: each says what is, and what to do when it is not well.
 */
#ifndef CLI_DOCTOR_H
#define CLI_DOCTOR_H

#include "cli.h"

enum doctor_state { DOCTOR_OK, DOCTOR_WARN, DOCTOR_FAIL, DOCTOR_SKIP };

struct doctor_check {
    const char *id; /* static */
    enum doctor_state state;
    icecat_status status; /* of a failure: gives the exit code */
    uint32_t ms;          /* that its request took */
    int has_ms;
    char message[1024];
    char fix[256]; /* "": nothing to do */
};

enum { DOCTOR_MOST = 32 };

struct doctor {
    struct cli *cli;
    struct doctor_check checks[DOCTOR_MOST];
    size_t count;
    int offline;
    int has_settings; /* the settings may make a client */
    int has_keys;     /* requests can be signed */
};

/* One more check. The last one is what doctor_fix() and doctor_took() speak of. */
void doctor_add(struct doctor *doctor, const char *id, enum doctor_state state, const char *format,
                ...) __attribute__((format(printf, 4, 5)));
/* A failure of the library: a message, a hint, and the status. */
void doctor_add_error(struct doctor *doctor, const char *id, const icecat_error *err);
void doctor_fix(struct doctor *doctor, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Milliseconds of a clock that never jumps, and the time since as that of the last check. */
uint64_t doctor_now_ms(void);
void doctor_took(struct doctor *doctor, uint64_t since_ms);

/* The checks that send nothing. */
void doctor_check_build(struct doctor *doctor);
/* Reads the settings into doctor->cli->config. */
void doctor_check_config(struct doctor *doctor, const struct config_context *context);
void doctor_check_profile(struct doctor *doctor);
void doctor_check_proxy(struct doctor *doctor);
void doctor_check_files(struct doctor *doctor);
void doctor_check_logs(struct doctor *doctor);

/* The checks that send requests. The first makes the client. */
void doctor_check_credentials(struct doctor *doctor);
void doctor_check_bucket(struct doctor *doctor);
void doctor_check_write(struct doctor *doctor);
void doctor_check_table(struct doctor *doctor);
void doctor_check_rekognition(struct doctor *doctor);
/* What the answers so far say of this machine's clock. */
void doctor_check_clock(struct doctor *doctor);
/* Why the checks of services have nothing to ask, or NULL. */
const char *doctor_why_not(const struct doctor *doctor, enum config_id needed);

#endif
