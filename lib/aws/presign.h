/*
 * presign.h - turn a request into a URL that works by itself for a while.
 */
#ifndef IC_PRESIGN_H
#define IC_PRESIGN_H

#include "aws/credentials.h"
#include "aws/request.h"
#include <icecat/client.h>

/** How long the URL works. */
typedef struct ic_presign_life {
    uint32_t expires_s;     /* asked for: 1 to 604800 */
    int64_t expires_unix_s; /* set: its end, or that of the keys when it comes before */
    uint32_t is_cut_short;  /* set: 1 when the keys end before */
} ic_presign_life;

/**
 * Append the URL to @p url. The headers of @p request, and its payload hash when it has one, are signed:
 * whoever uses the URL must send them so. The body is not looked at. No request is sent but those that
 * finding the keys takes, inside the bounds of @p need; the URL is signed for its time.
 */
icecat_status ic_presign(icecat_client *client, const ic_request *request, const ic_need *need,
                         ic_presign_life *life, ic_buf *url, icecat_error *err);

#endif
