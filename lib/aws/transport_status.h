/*
 * transport_status.h - what libcurl's ways to fail mean. Pure.
 */
#ifndef IC_TRANSPORT_STATUS_H
#define IC_TRANSPORT_STATUS_H

#include <icecat/error.h>

/**
 * The status of a CURLcode. @p text is libcurl's own message, "" when it has none; @p refused is why a
 * callback ended the transfer, ICECAT_OK when none did.
 */
icecat_status ic_transport_status(int code, const char *text, icecat_status refused);

#endif
