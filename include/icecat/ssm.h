/*
 * ssm.h - parameters of AWS Systems Manager Parameter Store.
 *
 * Source of the rules: AWS Systems Manager API Reference, "GetParameters".
 *
 * @param client     Sends the requests.
 * @param parameters The parameters.
 *
 * Thread rule: a client may be shared; parameters belong to one thread at a time.
 */
#ifndef ICECAT_SSM_H
#define ICECAT_SSM_H

#include <icecat/client.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Parameters that a call returned. Values are wiped when they are freed. */
typedef struct icecat_parameters icecat_parameters;

/**
 * GetParameters, decrypted; 10 names in a request, as many requests as it takes.
 *
 * @param names Full names, e.g. "/stablecaps/dev/cat-wrangler/S3BUCKET_SOURCE".
 * @param count Elements of @p names; at most 1000.
 * @param call  Deadline and cancel, or NULL.
 * @param out   Receives the parameters that exist; free with icecat_parameters_free(). A name that
 *              does not exist is not an error: icecat_parameters_get() gives NULL for it.
 * @retval ICECAT_OK
 *
 * Also ICECAT_E_ARGUMENT, ICECAT_E_NO_MEMORY, ICECAT_E_LIMIT (an answer over 32 MiB),
 * ICECAT_E_CANCELLED, ICECAT_E_DEADLINE, ICECAT_E_BAD_CREDENTIALS (the keys have expired),
 * ICECAT_E_CRYPTO, the transport statuses 60 to 65, ICECAT_E_REGION (a redirect), ICECAT_E_NOT_FOUND
 * (no such service there), ICECAT_E_AUTH, ICECAT_E_ACCESS, ICECAT_E_THROTTLED, ICECAT_E_UNAVAILABLE,
 * ICECAT_E_VALIDATION, ICECAT_E_SERVICE.
 */
ICECAT_API icecat_status icecat_ssm_get_parameters(icecat_client *client, const char *const *names,
                                                   size_t count, const icecat_call_options *call,
                                                   icecat_parameters **out, icecat_error *err);

/** Number of parameters that exist. */
ICECAT_API size_t icecat_parameters_count(const icecat_parameters *parameters);
/** Name of parameter @p index; NULL when there are fewer. Lives as long as @p parameters. */
ICECAT_API const char *icecat_parameters_name(const icecat_parameters *parameters, size_t index);
/** Value of the parameter called @p name, or NULL. Lives as long as @p parameters. */
ICECAT_API const char *icecat_parameters_get(const icecat_parameters *parameters, const char *name);
/** Wipe and release parameters. NULL is allowed. */
ICECAT_API void icecat_parameters_free(icecat_parameters *parameters);

#ifdef __cplusplus
}
#endif

#endif
