/*
 * s3_settle.c - after a lost answer: is the object that is there the one that we put?
 */
#include "services/s3_settle.h"

#include "aws/checksum.h"
#include "base/view.h"

#include <stdio.h>
#include <string.h>

int ic_s3_is_doubtful(const ic_request *put, const ic_response *refusal, icecat_status status)
{
    return status == ICECAT_E_PRECONDITION && refusal->follows_lost_answer &&
           ic_pairs_get(&put->headers, "if-none-match") != NULL;
}

icecat_status ic_s3_settle_request(ic_request *head)
{
    return ic_pairs_add(&head->headers, "x-amz-checksum-mode", "ENABLED");
}

static int has_length(const ic_request *put, const ic_response *there)
{
    const char *text = ic_pairs_get(&there->headers, "content-length");
    uint64_t length;

    return text != NULL && ic_view_u64(ic_view_of(text), &length) && length == put->body_len;
}

static int etag_is_md5(const ic_request *put, const ic_response *there)
{
    const char *etag = ic_pairs_get(&there->headers, "etag");
    char wanted[IC_MD5_HEX_SIZE + 2];
    char md5[IC_MD5_HEX_SIZE];

    if (etag == NULL || !ic_md5_hex(put->body, put->body_len, md5))
        return 0;
    snprintf(wanted, sizeof(wanted), "\"%s\"", md5);
    return strcmp(etag, wanted) == 0;
}

static int has_bytes(const ic_request *put, const ic_response *there)
{
    const char *stored = ic_pairs_get(&there->headers, IC_CHECKSUM_HEADER);
    char hash[IC_SHA256_HEX_SIZE];
    char ours[IC_CHECKSUM_SIZE];

    if (stored == NULL)
        return etag_is_md5(put, there);
    return ic_sha256_hex(put->body, put->body_len, hash) && ic_checksum_write(hash, ours) &&
           strcmp(stored, ours) == 0;
}

int ic_s3_settle(const ic_request *put, const ic_response *there)
{
    if (!has_length(put, there) || !has_bytes(put, there))
        return 0;
    for (size_t i = 0; i < put->headers.count; i++) {
        const icecat_pair *sent = &put->headers.items[i];
        const char *kept = ic_pairs_get(&there->headers, sent->name);

        if (strcmp(sent->name, "content-type") != 0 &&
            !ic_view_starts(ic_view_of(sent->name), "x-amz-meta-"))
            continue;
        if (kept == NULL || strcmp(kept, sent->value) != 0)
            return 0;
    }
    return 1;
}
