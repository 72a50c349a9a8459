/*
 * attempt.h - turn a request into one signed exchange.
 */
#ifndef IC_ATTEMPT_H
#define IC_ATTEMPT_H

#include "aws/client.h"
#include <icecat/sigv4.h>

/** The texts of one exchange; reused by the attempts and calls of one slot. */
typedef struct ic_attempt {
    ic_exchange exchange;
    ic_address address;
    ic_pairs headers;              /* all that are sent */
    ic_buf scratch;                /* of signing */
    icecat_sigv4_result signature; /* of the last attempt; its texts are in scratch */
    char payload_hash[IC_SHA256_HEX_SIZE];
} ic_attempt;

void ic_attempt_init(ic_attempt *attempt, const ic_mem *mem);
void ic_attempt_free(ic_attempt *attempt);

/** Number of this attempt (from 1), and how many there may be: told to the service. */
typedef struct ic_attempt_count {
    unsigned number;
    unsigned max;
} ic_attempt_count;

/**
 * Address, headers and signature as of @p unix_s; answers go into @p response.
 * ICECAT_E_BAD_CREDENTIALS, ICECAT_E_NO_MEMORY, ICECAT_E_LIMIT, ICECAT_E_CRYPTO, ICECAT_E_ARGUMENT.
 */
icecat_status ic_attempt_prepare(ic_attempt *attempt, const icecat_client *client,
                                 const ic_request *request, ic_response *response, int64_t unix_s,
                                 ic_attempt_count count, icecat_error *err);

/**
 * Sign address and headers of @p attempt, which are set, into its signature. @p options has keys, time,
 * flags and life; scope and cache are those of @p client.
 */
icecat_status ic_attempt_sign(ic_attempt *attempt, const icecat_client *client,
                              const ic_request *request, icecat_sigv4_options *options,
                              icecat_error *err);

#endif
