/*
 * service_error.c - what an answer means.
 *
 * Source of the codes: the error pages of the S3, DynamoDB, Rekognition and SSM API references, and the
 * list of throttling errors that the AWS SDKs share.
 */
#include "aws/service_error.h"

#include "aws/xml.h"
#include "base/crc32.h"
#include "base/error.h"
#include "base/json.h"
#include "base/utf8.h"
#include "base/view.h"

#include <stdio.h>
#include <string.h>

typedef struct meaning {
    icecat_status status;
    const char *codes; /* separated by blanks, one at each end */
} meaning;

static const meaning meanings[] = {
    { ICECAT_E_THROTTLED,
      " Throttling ThrottlingException ThrottledException RequestThrottledException "
      "RequestThrottled TooManyRequestsException ProvisionedThroughputExceededException "
      "TransactionInProgressException RequestLimitExceeded BandwidthLimitExceeded "
      "LimitExceededException SlowDown PriorRequestNotComplete EC2ThrottledException "
      "TooManyRequests " },
    { ICECAT_E_UNAVAILABLE,
      " InternalError InternalServerError InternalFailure ServiceUnavailable "
      "ServiceUnavailableException RequestTimeout RequestTimeoutException BadDigest "
      "IDPCommunicationError OperationAborted ConditionalRequestConflict "
      "ReplicatedWriteConflictException " },
    { ICECAT_E_AUTH,
      " SignatureDoesNotMatch InvalidAccessKeyId ExpiredToken ExpiredTokenException InvalidToken "
      "TokenRefreshRequired UnrecognizedClientException InvalidSignatureException "
      "InvalidClientTokenId MissingAuthenticationToken MissingAuthenticationTokenException "
      "IncompleteSignature IncompleteSignatureException RequestTimeTooSkewed RequestExpired "
      "RequestInTheFuture AuthFailure AuthorizationHeaderMalformed NotSignedUp OptInRequired " },
    { ICECAT_E_ACCESS, " AccessDenied AccessDeniedException AllAccessDisabled AccountProblem "
                       "NotAuthorized KMSAccessDeniedException " },
    { ICECAT_E_NOT_FOUND,
      " NoSuchBucket NoSuchKey NoSuchVersion ResourceNotFoundException ResourceNotFound "
      "InvalidS3ObjectException ParameterNotFound NotFound " },
    { ICECAT_E_PRECONDITION, " PreconditionFailed ConditionalCheckFailedException " },
    { ICECAT_E_REGION,
      " PermanentRedirect TemporaryRedirect IllegalLocationConstraintException Redirect " },
    { ICECAT_E_REJECTED, " InvalidImageFormatException ImageTooLargeException " },
    { ICECAT_E_VALIDATION,
      " ValidationException ValidationError SerializationException InvalidParameterException "
      "InvalidArgument InvalidRequest InvalidRange EntityTooLarge MalformedXML InvalidBucketName "
      "KeyTooLongError MetadataTooLarge XAmzContentSHA256Mismatch InvalidDigest "
      "MethodNotAllowed NotImplemented UnknownOperationException MissingContentLength " },
};

icecat_status ic_service_error_status(ic_service service, const char *aws_code)
{
    char wanted[72];
    int len = snprintf(wanted, sizeof(wanted), " %s ", aws_code);

    (void)service;
    if (aws_code[0] == '\0' || strchr(aws_code, ' ') != NULL || len < 0 ||
        (size_t)len >= sizeof(wanted))
        return ICECAT_OK;
    for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
        if (strstr(meanings[i].codes, wanted) != NULL)
            return meanings[i].status;
    }
    return ICECAT_OK;
}

/* The failures of a server that may be gone with the next attempt; 501 and 505 never are. */
static int is_passing(int http_status)
{
    return http_status == 500 || (http_status >= 502 && http_status <= 504);
}

static icecat_status status_of_http(int http_status)
{
    if (http_status == 429)
        return ICECAT_E_THROTTLED;
    if (is_passing(http_status))
        return ICECAT_E_UNAVAILABLE;
    if (http_status == 401 || http_status == 403)
        return ICECAT_E_ACCESS;
    if (http_status == 404)
        return ICECAT_E_NOT_FOUND;
    if (http_status == 407)
        return ICECAT_E_CONFIG;
    if (http_status == 412)
        return ICECAT_E_PRECONDITION;
    if (http_status >= 300 && http_status < 400)
        return ICECAT_E_REGION;
    return ICECAT_E_SERVICE;
}

/* The first line of it. Services repeat behind it what was signed, and in that is the session token. */
static void copy_text(char *out, size_t size, const char *text)
{
    const char *from = text != NULL ? text : "";

    snprintf(out, size, "%.*s", (int)strcspn(from, "\r\n"), from);
    ic_utf8_make_line(out, size);
}

/* "namespace#Code:http://..." -> "Code" */
static void copy_code(char *out, size_t size, const char *text)
{
    const char *name = text != NULL ? text : "";
    const char *hash = strchr(name, '#');

    if (hash != NULL && (size_t)(hash - name) < strcspn(name, ":"))
        name = hash + 1;
    copy_text(out, size, name);
    out[strcspn(out, ":")] = '\0';
}

typedef struct told {
    char code[64];
    char message[256];
    char region[64];
    char request_id[64];
} told;

static void read_xml_text(ic_view body, const char *name, char *out, size_t size)
{
    ic_buf text;

    ic_buf_init_fixed(&text, out, size);
    /* A longer text is cut: the buffer stops to take more, and keeps what it has. */
    if (!ic_xml_text(body, name, &text))
        out[0] = '\0';
    out[strcspn(out, "\r\n")] = '\0';
}

static void read_xml(const ic_response *response, told *out)
{
    ic_view body = ic_view_n(response->body.data, response->body.len);

    read_xml_text(body, "Code", out->code, sizeof(out->code));
    read_xml_text(body, "Message", out->message, sizeof(out->message));
    read_xml_text(body, "Region", out->region, sizeof(out->region));
    read_xml_text(body, "RequestId", out->request_id, sizeof(out->request_id));
}

static icecat_status read_json(const ic_response *response, told *out)
{
    cJSON *tree;
    const char *text;
    icecat_status status = ic_json_parse(response->body.data, response->body.len, "answer", &tree,
                                         NULL);

    if (status != ICECAT_OK)
        return status;
    text = ic_json_text(tree, "__type");
    if (text == NULL)
        text = ic_json_text(tree, "code");
    copy_code(out->code, sizeof(out->code), text);
    text = ic_json_text(tree, "message");
    if (text == NULL)
        text = ic_json_text(tree, "Message");
    copy_text(out->message, sizeof(out->message), text);
    cJSON_Delete(tree);
    return ICECAT_OK;
}

/* Some servers answer a JSON service in XML, so the body decides, not the service. 0 when there was no memory
 * for what the body says. */
static int read_told(const ic_response *response, told *out)
{
    const char *id = ic_pairs_get(&response->headers, "x-amz-request-id");
    const char *region = ic_pairs_get(&response->headers, "x-amz-bucket-region");
    ic_view body = ic_view_trim(ic_view_n(response->body.data, response->body.len));
    icecat_status status = ICECAT_OK;

    memset(out, 0, sizeof(*out));
    if (body.len != 0 && body.data[0] == '<')
        read_xml(response, out);
    else if (body.len != 0 && body.data[0] == '{')
        status = read_json(response, out);
    if (out->code[0] == '\0')
        copy_code(out->code, sizeof(out->code),
                  ic_pairs_get(&response->headers, "x-amzn-errortype"));
    if (id == NULL)
        id = ic_pairs_get(&response->headers, "x-amzn-requestid");
    if (id != NULL)
        copy_text(out->request_id, sizeof(out->request_id), id);
    if (region != NULL)
        copy_text(out->region, sizeof(out->region), region);
    return status != ICECAT_E_NO_MEMORY;
}

static uint32_t retry_hint_ms(const ic_response *response)
{
    const char *text = ic_pairs_get(&response->headers, "x-amz-retry-after");
    uint64_t ms = 0;

    if (text != NULL && ic_view_u64(ic_view_of(text), &ms) && ms <= 3600000)
        return (uint32_t)ms;
    text = ic_pairs_get(&response->headers, "retry-after");
    if (text != NULL && ic_view_u64(ic_view_of(text), &ms) && ms <= 3600)
        return (uint32_t)ms * 1000;
    return 0;
}

/* DynamoDB sends the checksum of every body; a wrong one means a damaged answer. */
static int body_is_damaged(const ic_response *response)
{
    const char *text = ic_pairs_get(&response->headers, "x-amz-crc32");
    uint64_t wanted;

    if (text == NULL || !ic_view_u64(ic_view_of(text), &wanted))
        return 0;
    return wanted != ic_crc32(0, response->body.data, response->body.len);
}

int ic_service_error_region(const ic_response *response, char *out, size_t size)
{
    told what;
    int len;

    (void)read_told(response, &what);
    len = snprintf(out, size, "%s", what.region);
    return len > 0 && (size_t)len < size;
}

static void write_subject(const ic_request *request, char *out, size_t size)
{
    if (request->subject != NULL)
        snprintf(out, size, " %s", request->subject);
    else if (request->bucket != NULL)
        snprintf(out, size, " %s%s", request->bucket,
                 request->path.len > 1 ? ic_buf_text(&request->path) : "");
    else
        out[0] = '\0';
}

static icecat_status report(const ic_request *request, const ic_response *response,
                            icecat_status status, const told *what, icecat_error *err)
{
    char subject[140];
    char detail[300] = "";

    if (err == NULL)
        return status;
    write_subject(request, subject, sizeof(subject));
    if (status == ICECAT_E_REGION || (what->region[0] != '\0' && status == ICECAT_E_AUTH))
        snprintf(detail, sizeof(detail), "; the bucket is in region %s",
                 what->region[0] != '\0' ? what->region : "that the service did not name");
    else if (response->http_status == 407)
        snprintf(detail, sizeof(detail), ": the proxy wants a user and a password");
    else if (what->message[0] != '\0')
        snprintf(detail, sizeof(detail), ": %.180s", what->message);
    err->http_status = response->http_status;
    err->retry_after_ms = retry_hint_ms(response);
    copy_text(err->aws_code, sizeof(err->aws_code), what->code);
    copy_text(err->request_id, sizeof(err->request_id), what->request_id);
    return ic_fail(err, status, "%s: %s%s: %s (HTTP %d)%s", ic_service_name(request->service),
                   request->operation, subject,
                   what->code[0] != '\0' ? what->code : "no error code", response->http_status,
                   detail);
}

icecat_status ic_service_error_read(const ic_request *request, const ic_response *response,
                                    icecat_error *err)
{
    int is_success = response->http_status >= 200 && response->http_status < 300;
    ic_view body = ic_view_n(response->body.data, response->body.len);
    icecat_status status;
    told what;

    if (is_success && body_is_damaged(response)) {
        memset(&what, 0, sizeof(what));
        copy_text(what.code, sizeof(what.code), "CRC32Mismatch");
        return report(request, response, ICECAT_E_UNAVAILABLE, &what, err);
    }
    if (is_success && !(request->error_in_success && ic_xml_root_is(body, "Error")))
        return ICECAT_OK;

    /* Without the code a throttle or a false condition would pass for something else. */
    if (!read_told(response, &what))
        return report(request, response, ICECAT_E_NO_MEMORY, &what, err);
    status = ic_service_error_status(request->service, what.code);
    if (status == ICECAT_E_AUTH && strcmp(what.code, "AuthorizationHeaderMalformed") == 0 &&
        what.region[0] != '\0')
        status = ICECAT_E_REGION;
    /* An error inside a 200 is the service's own trouble, unless it says otherwise. */
    if (status == ICECAT_OK)
        status = is_success ? ICECAT_E_UNAVAILABLE : status_of_http(response->http_status);
    /* ThrottlingException comes with 400 and 500; else these are for a retry, whatever the code. */
    if (is_passing(response->http_status) && status != ICECAT_E_THROTTLED)
        status = ICECAT_E_UNAVAILABLE;
    return report(request, response, status, &what, err);
}
