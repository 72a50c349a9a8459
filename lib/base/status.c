/*
 * status.c - the one table of statuses: name, sentence, whether a retry may help, exit code.
 */
#include <icecat/error.h>
#include <stddef.h>

typedef struct row {
    icecat_status status;
    const char *name;
    const char *message;
    int retryable;
    int exit_code; /* of `icecat`: 1 other, 2 usage, 3 partial, 4 credentials, 5 configuration,
                      6 not found, 7 network, 8 not ready, 9 input rejected, 10 service */
} row;

#define ROW(status, retryable, exit_code, message)                                                 \
    {                                                                                              \
        status, #status, message, retryable, exit_code                                             \
    }

static const row table[] = {
    ROW(ICECAT_OK, 0, 0, "success"),
    ROW(ICECAT_E_ARGUMENT, 0, 2, "an argument is wrong"),
    ROW(ICECAT_E_NO_MEMORY, 0, 1, "out of memory"),
    ROW(ICECAT_E_LIMIT, 0, 1, "something is over its documented maximum"),
    ROW(ICECAT_E_CANCELLED, 0, 1, "the call was cancelled"),
    ROW(ICECAT_E_DEADLINE, 0, 7, "the deadline of the call passed"),
    ROW(ICECAT_E_CALLBACK, 0, 1, "a callback stopped the call"),
    ROW(ICECAT_E_INTERNAL, 0, 1, "a defect of the library"),
    ROW(ICECAT_E_FILE, 0, 1, "a local file cannot be read or written"),
    ROW(ICECAT_E_PARSE, 0, 5, "a local document is malformed"),
    ROW(ICECAT_E_CONFIG, 0, 5, "a setting is missing or invalid"),
    ROW(ICECAT_E_IMAGE_FORMAT, 0, 9, "not a JPEG or PNG image"),
    ROW(ICECAT_E_IMAGE_CORRUPT, 0, 9, "the image is truncated or damaged"),
    ROW(ICECAT_E_IMAGE_LIMIT, 0, 9, "the image is outside the limits"),
    ROW(ICECAT_E_NO_CREDENTIALS, 0, 4, "no credentials were found"),
    ROW(ICECAT_E_BAD_CREDENTIALS, 0, 4, "the credentials cannot be used"),
    ROW(ICECAT_E_CRYPTO, 0, 1, "a cryptographic operation failed"),
    ROW(ICECAT_E_SIGNATURE, 0, 4, "the signature does not match"),
    ROW(ICECAT_E_RESOLVE, 1, 7, "the host name has no address"),
    ROW(ICECAT_E_CONNECT, 1, 7, "no connection could be made"),
    ROW(ICECAT_E_TLS, 0, 7, "the TLS handshake or certificate check failed"),
    ROW(ICECAT_E_TRANSFER, 1, 7, "the connection broke"),
    ROW(ICECAT_E_TIMEOUT, 1, 7, "the service made no progress in time"),
    ROW(ICECAT_E_PROTOCOL, 0, 1, "the answer breaks the service's protocol"),
    ROW(ICECAT_E_SERVICE, 0, 1, "the service reports an error"),
    ROW(ICECAT_E_AUTH, 0, 4, "the service refuses the signature, key or token"),
    ROW(ICECAT_E_ACCESS, 0, 4, "the keys are not allowed to do this"),
    ROW(ICECAT_E_NOT_FOUND, 0, 6, "not found"),
    ROW(ICECAT_E_PRECONDITION, 0, 1, "a condition of the request was false"),
    ROW(ICECAT_E_THROTTLED, 1, 10, "the service asks to slow down"),
    ROW(ICECAT_E_UNAVAILABLE, 1, 10, "the service failed"),
    ROW(ICECAT_E_REGION, 0, 5, "the bucket is in another region"),
    ROW(ICECAT_E_VALIDATION, 0, 1, "the service found the request invalid"),
    ROW(ICECAT_E_REJECTED, 0, 9, "the service will never accept this image"),
    ROW(ICECAT_E_PENDING, 1, 8, "verdicts are still pending"),
    ROW(ICECAT_E_PARTIAL, 0, 3, "some items succeeded and some failed"),
    ROW(ICECAT_E_KEY, 0, 9, "the object key is not one that this pipeline writes"),
    ROW(ICECAT_E_COLLISION, 0, 1, "another client's record has the same key"),
};

static const row *find(icecat_status status)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (table[i].status == status)
            return &table[i];
    }
    return NULL;
}

const char *icecat_status_name(icecat_status status)
{
    const row *found = find(status);

    return found != NULL ? found->name : "ICECAT_E_UNKNOWN";
}

const char *icecat_status_message(icecat_status status)
{
    const row *found = find(status);

    return found != NULL ? found->message : "unknown status";
}

int icecat_status_is_retryable(icecat_status status)
{
    const row *found = find(status);

    return found != NULL && found->retryable;
}

int icecat_status_exit_code(icecat_status status)
{
    const row *found = find(status);

    return found != NULL ? found->exit_code : 1;
}
