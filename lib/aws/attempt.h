/*
 * attempt.h - turn a request into one signed exchange.
 */
#ifndef IC_ATTEMPT_H
#define IC_ATTEMPT_H

#include "aws/client.h"
#include "aws/credentials.h"
#include <icecat/sigv4.h>

/** The texts of one exchange; reused by the attempts and calls of one slot. */
typedef struct ic_attempt {
    ic_exchange exchange;
    char region[IC_REGION_SIZE]; /* that it is signed for */
    char invocation_id[37];      /* of the call, the same for its attempts */
    unsigned char random[256];   /* for the calls that follow */
    size_t random_left;
    int64_t sent_s; /* by the client's clock */
    int64_t skew_s; /* that its signature was corrected by */
    ic_buf base;    /* endpoint of a bucket in another region */
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
 * Address, headers and signature as of @p need->unix_s; answers go into @p response. May fetch keys,
 * and then takes as long as their source does, within the bounds of @p need.
 * ICECAT_E_NO_MEMORY, ICECAT_E_LIMIT, ICECAT_E_CRYPTO, ICECAT_E_ARGUMENT, or a failure of
 * ic_credentials_keys_at().
 */
icecat_status ic_attempt_prepare(ic_attempt *attempt, icecat_client *client,
                                 const ic_request *request, ic_response *response,
                                 const ic_need *need, ic_attempt_count count, icecat_error *err);

/**
 * Compare the checksum that S3 says it stored with the one that was sent. ICECAT_OK when they are equal
 * or one of them is missing; ICECAT_E_UNAVAILABLE, to be tried again, when they differ.
 */
icecat_status ic_attempt_check(const ic_attempt *attempt, const ic_request *request,
                               const ic_response *response, icecat_error *err);

/** Region and address of @p request: the client's, or those of the region that the bucket is in. */
icecat_status ic_attempt_address(ic_attempt *attempt, icecat_client *client,
                                 const ic_request *request, icecat_error *err);

/**
 * Sign address and headers of @p attempt, which are set, into its signature. @p options has keys, time,
 * flags and life; scope and cache are those of @p client.
 */
icecat_status ic_attempt_sign(ic_attempt *attempt, const icecat_client *client,
                              const ic_request *request, icecat_sigv4_options *options,
                              icecat_error *err);

#endif
