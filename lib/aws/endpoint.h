/*
 * endpoint.h - where a service is, and the URL of a request to it. Pure.
 */
#ifndef IC_ENDPOINT_H
#define IC_ENDPOINT_H

#include "aws/request.h"
#include <stdint.h>

typedef struct ic_endpoint {
    char *base;      /* "https://s3.eu-west-1.amazonaws.com", without a slash at its end */
    int is_override; /* given by the user, not made from the region */
} ic_endpoint;

/** 1 when @p region may be part of a host name. */
int ic_region_is_valid(const char *region);

/** Domain of AWS that the region belongs to, e.g. "amazonaws.com". Static. */
const char *ic_region_domain(const char *region);

/** Which kind of AWS's hosts; S3's dual stack keeps the domain, the other services' has its own. */
typedef struct ic_endpoint_traits {
    int fips;
    int dualstack;
} ic_endpoint_traits;

/** Append "https://..." of AWS's own host. */
void ic_endpoint_write(ic_buf *out, ic_service service, const char *region,
                       ic_endpoint_traits traits);

/**
 * Make the endpoint of one service. @p override is a URL, or NULL for AWS itself.
 * ICECAT_E_CONFIG when it is not an http or https URL; ICECAT_E_NO_MEMORY.
 */
icecat_status ic_endpoint_make(const ic_mem *mem, ic_service service, const char *region,
                               ic_endpoint_traits traits, const char *override_url,
                               ic_endpoint *out, icecat_error *err);

/** Where one request goes; texts without NUL bytes inside, each in its own buffer. */
typedef struct ic_address {
    ic_buf url;  /* whole, with the query */
    ic_buf host; /* value of the Host header */
    ic_buf path; /* path on the wire, as it is signed */
} ic_address;

void ic_address_init(ic_address *address, const ic_mem *mem);
void ic_address_reset(ic_address *address);
void ic_address_free(ic_address *address);

/** Put endpoint, bucket, path and query together. @p addressing is ICECAT_ADDRESSING_... */
icecat_status ic_address_make(ic_address *address, const ic_endpoint *endpoint,
                              const ic_request *request, uint32_t addressing, icecat_error *err);

#endif
