/*
 * credentials_sts.h - ask AWS STS for the keys of a role.
 */
#ifndef IC_CREDENTIALS_STS_H
#define IC_CREDENTIALS_STS_H

#include "aws/credentials_chain.h"

#define IC_ROLE_NAME_SIZE 65 /* of a session's name, with the NUL byte */

typedef struct ic_sts_role {
    const char *action; /* "AssumeRole" or "AssumeRoleWithWebIdentity" */
    const char *source; /* static; of the keys that come */
    const char *role_arn;
    const char *session_name;
    const char *external_id; /* NULL for none, as the next two */
    const char *duration_s;
    const char *web_identity_token;
    const ic_keys *signer; /* NULL: the request is not signed */
} ic_sts_role;

/**
 * ICECAT_E_ACCESS, ICECAT_E_AUTH, ... as STS answers; ICECAT_E_PROTOCOL when a good answer has no keys;
 * failures of the transport.
 */
icecat_status ic_sts_assume(const ic_search *search, const ic_sts_role *role, ic_keys **out,
                            icecat_error *err);

/** @p given, or a name of the library and the time when it is NULL; @p own holds that one. */
const char *ic_sts_session_name(const char *given, int64_t unix_s, char own[IC_ROLE_NAME_SIZE]);

#endif
