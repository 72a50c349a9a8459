/*
 * sigv4_case.h - one case of the published SigV4 suite, read from its files.
 */
#ifndef SIGV4_CASE_H
#define SIGV4_CASE_H

#include "base/digest.h"
#include "base/json.h"

#include <icecat/sigv4.h>

#define SIGV4_SUITE            ICECAT_TEST_DATA "/sigv4/v4"
#define SIGV4_CASE_MAX_HEADERS 20

typedef struct sigv4_case {
    const char *name;
    cJSON *context;
    char *text; /* of the request, cut into pieces */
    const char *method;
    const char *path;
    const char *query;
    const char *body;
    char *whole; /* the same text, uncut */
    icecat_pair headers[SIGV4_CASE_MAX_HEADERS];
    size_t headers_count;
    char hash[IC_SHA256_HEX_SIZE];
} sigv4_case;

/** A file of a case; release with free(). */
char *sigv4_case_text(const char *name, const char *file);
/** Read a request of a case: "request.txt", or a signed one. */
void sigv4_case_load(sigv4_case *out, const char *name, const char *file);
void sigv4_case_unload(sigv4_case *self);
/** Members of the case's context; NULL or 0 when missing. */
const char *sigv4_case_credential(const sigv4_case *self, const char *name);
int sigv4_case_is(const sigv4_case *self, const char *flag);
int64_t sigv4_case_time(const sigv4_case *self);
/** Flags for signing and verifying. */
uint32_t sigv4_case_flags(const sigv4_case *self);

/** Call @p run for every case of the suite; the number of cases, 0 without the suite. */
unsigned sigv4_case_each(void (*run)(const char *name));

#endif
