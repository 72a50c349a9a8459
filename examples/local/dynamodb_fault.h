/*
 * dynamodb_fault.h - why a DynamoDB request was refused, in the service's own words.
 */
#ifndef ICECAT_LOCAL_DYNAMODB_FAULT_H
#define ICECAT_LOCAL_DYNAMODB_FAULT_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#define DYNAMODB_FAULT_MESSAGE_SIZE 1024

typedef struct dynamodb_fault {
    const char *type; /* "ValidationException"; NULL while nothing failed */
    char message[DYNAMODB_FAULT_MESSAGE_SIZE];
    cJSON *item;    /* owned: the item that failed the condition, when the caller asked for it */
    cJSON *reasons; /* owned: CancellationReasons of a transaction */
} dynamodb_fault;

/* Record the reason; always false, so that reporting and returning are one statement. */
bool dynamodb_refuse(dynamodb_fault *fault, const char *type, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with type ValidationException. */
bool dynamodb_invalid(dynamodb_fault *fault, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same with type InternalServerError (HTTP 500, which clients repeat). */
bool dynamodb_broken(dynamodb_fault *fault, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Free what the fault owns and make it empty again. */
void dynamodb_fault_clear(dynamodb_fault *fault);

/* "a NUMBER_VALUE cannot be converted to ..." of the service's JSON reader, for a wrong JSON type. */
bool dynamodb_wrong_json(dynamodb_fault *fault, const cJSON *found, const char *wanted);

#endif
