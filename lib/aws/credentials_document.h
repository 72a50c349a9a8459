/*
 * credentials_document.h - keys in a JSON document: of a process, a container, an instance.
 */
#ifndef IC_CREDENTIALS_DOCUMENT_H
#define IC_CREDENTIALS_DOCUMENT_H

#include "aws/credentials.h"
#include "base/json.h"

/**
 * Parse a document that may hold secrets. @p what names it. ICECAT_E_BAD_CREDENTIALS when it is not a
 * JSON object, ICECAT_E_NO_MEMORY. Release it with ic_document_free().
 */
icecat_status ic_document_parse(const void *data, size_t len, const char *what, cJSON **out,
                                icecat_error *err);
/** Wipe every text, then release. NULL is allowed. */
void ic_document_free(cJSON *tree);

/**
 * Keys of members AccessKeyId, SecretAccessKey, @p token_name and Expiration (ISO 8601, may be absent
 * unless @p is_temporary, which needs the token too).
 * ICECAT_E_BAD_CREDENTIALS names the member that is missing or malformed.
 */
icecat_status ic_document_keys(const ic_mem *mem, const cJSON *tree, const char *token_name,
                               int is_temporary, const char *what, const char *source,
                               ic_keys **out, icecat_error *err);

#endif
