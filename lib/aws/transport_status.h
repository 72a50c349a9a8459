/*
 * transport_status.h - what libcurl's ways to fail mean. Pure.
 */
#ifndef IC_TRANSPORT_STATUS_H
#define IC_TRANSPORT_STATUS_H

#include "aws/transport.h"

/** How libcurl ended a transfer. */
typedef struct ic_transfer_end {
    int code;              /* CURLcode */
    const char *text;      /* libcurl's own words; "" when it has none */
    icecat_status refused; /* why a callback ended it; ICECAT_OK when none did */
    unsigned head_lines;   /* lines of heads that came */
    int has_head;          /* the last head came to its end */
    long proxy_answer;     /* the status of the last answer to a CONNECT; 0 for none */
} ic_transfer_end;

/**
 * The status of a CURLcode. @p text is libcurl's own message, "" when it has none; @p refused is why a
 * callback ended the transfer, ICECAT_OK when none did.
 */
icecat_status ic_transport_status(int code, const char *text, icecat_status refused);

/** Set status and error of an exchange, and whether its body may be cut. */
void ic_transport_judge(const ic_transfer_end *end, ic_exchange *exchange);

#endif
