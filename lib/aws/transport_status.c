/*
 * transport_status.c - what libcurl's ways to fail mean.
 */
#include "aws/transport_status.h"

#include <curl/curl.h>
#include <string.h>

#define TOO_LARGE 100 /* CURLE_TOO_LARGE of libcurl 8.6: a line of the head */

/* A peer that hangs up during the handshake says nothing about its certificate. */
static int was_cut_off(const char *text)
{
    return strstr(text, "SSL_ERROR_SYSCALL") != NULL || strstr(text, "Connection reset") != NULL;
}

icecat_status ic_transport_status(int code, const char *text, icecat_status refused)
{
    switch (code) {
    case CURLE_OK:
        return ICECAT_OK;
    case CURLE_OUT_OF_MEMORY:
        return ICECAT_E_NO_MEMORY;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
        return ICECAT_E_RESOLVE;
    case CURLE_COULDNT_CONNECT:
        return ICECAT_E_CONNECT;
    case CURLE_OPERATION_TIMEDOUT:
        return ICECAT_E_TIMEOUT;
    case CURLE_SSL_CONNECT_ERROR:
        return was_cut_off(text) ? ICECAT_E_CONNECT : ICECAT_E_TLS;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
        return ICECAT_E_TLS;
    case TOO_LARGE:
        return ICECAT_E_LIMIT;
    case CURLE_WRITE_ERROR:
        return refused != ICECAT_OK ? refused : ICECAT_E_TRANSFER;
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_HTTP2:
    case CURLE_BAD_CONTENT_ENCODING:
        return ICECAT_E_PROTOCOL;
    default:
        return ICECAT_E_TRANSFER;
    }
}
