/*
 * auth_claim.c - a request in the library's form, and what it says of its signature.
 */
#include "auth_parts.h"

#include <stdlib.h>
#include <string.h>

static size_t add_headers(auth_claim *self, const http_request *request)
{
    size_t total = 0;

    for (size_t i = 0; i < request->header_count; i++) {
        self->headers[i].name = request->headers[i].name;
        self->headers[i].value = request->headers[i].value;
        total += strlen(request->headers[i].name) + strlen(request->headers[i].value);
    }
    return total;
}

icecat_status auth_claim_read(auth_claim *self, const http_request *request)
{
    *self = (auth_claim){ .request = ICECAT_SIGV4_REQUEST_INIT, .claim = ICECAT_SIGV4_CLAIM_INIT };
    self->headers = calloc(request->header_count + 1, sizeof(*self->headers));
    if (self->headers == NULL)
        return ICECAT_E_NO_MEMORY;
    self->size = 4096 + 8 * (add_headers(self, request) + strlen(request->path) +
                             strlen(request->query) + strlen(request->method));
    self->texts = malloc(self->size);
    if (self->texts == NULL)
        return ICECAT_E_NO_MEMORY;
    self->request.method = request->method;
    self->request.path = request->path;
    self->request.query = request->query;
    self->request.headers = self->headers;
    self->request.headers_count = request->header_count;
    return icecat_sigv4_parse(&self->request, self->texts, self->size, &self->claim, &self->err);
}

void auth_claim_clear(auth_claim *self)
{
    free(self->headers);
    free(self->texts);
    self->headers = NULL;
    self->texts = NULL;
}
