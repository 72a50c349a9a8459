/*
 * s3_fault.c - refusals in S3's own codes, words and XML.
 */
#include "s3_context.h"
#include "s3_xml.h"

#include <string.h>

typedef struct fault {
    const char *code;
    int status;
    const char *message;
} fault;

static const fault faults[] = {
    { "AccessControlListNotSupported", 400, "The bucket does not allow ACLs" },
    { "AccessDenied", 403, "Access Denied" },
    { "BadDigest", 400, "The checksum you specified did not match the calculated checksum." },
    { "BucketAlreadyOwnedByYou", 409,
      "Your previous request to create the named bucket succeeded and you already own it." },
    { "BucketNotEmpty", 409, "The bucket you tried to delete is not empty" },
    { "EntityTooLarge", 400, "Your proposed upload exceeds the maximum allowed size" },
    { "EntityTooSmall", 400, "Your proposed upload is smaller than the minimum allowed size" },
    { "IllegalLocationConstraintException", 400,
      "The location constraint is incompatible for the region specific endpoint this request was "
      "sent to." },
    { "InternalError", 500, "We encountered an internal error. Please try again." },
    { "InvalidArgument", 400, "Invalid Argument" },
    { "InvalidBucketName", 400, "The specified bucket is not valid." },
    { "InvalidPart", 400,
      "One or more of the specified parts could not be found.  The part may not have been "
      "uploaded, or the specified entity tag may not match the part's entity tag." },
    { "InvalidPartOrder", 400,
      "The list of parts was not in ascending order. Parts must be ordered by part number." },
    { "InvalidRange", 416, "The requested range is not satisfiable" },
    { "InvalidRequest", 400, "Invalid Request" },
    { "InvalidStorageClass", 400, "The storage class you specified is not valid" },
    { "InvalidURI", 400, "Couldn't parse the specified URI." },
    { "KeyTooLongError", 400, "Your key is too long" },
    { "MalformedXML", 400,
      "The XML you provided was not well-formed or did not validate against our published "
      "schema" },
    { "MetadataTooLarge", 400, "Your metadata headers exceed the maximum allowed metadata size" },
    { "MethodNotAllowed", 405, "The specified method is not allowed against this resource." },
    { "NoSuchBucket", 404, "The specified bucket does not exist" },
    { "NoSuchBucketPolicy", 404, "The bucket policy does not exist" },
    { "NoSuchCORSConfiguration", 404, "The CORS configuration does not exist" },
    { "NoSuchKey", 404, "The specified key does not exist." },
    { "NoSuchLifecycleConfiguration", 404, "The lifecycle configuration does not exist" },
    { "NoSuchObjectLockConfiguration", 404,
      "The specified object does not have a ObjectLock configuration" },
    { "NoSuchPublicAccessBlockConfiguration", 404,
      "The public access block configuration was not found" },
    { "NoSuchTagSet", 404, "The TagSet does not exist" },
    { "NoSuchUpload", 404,
      "The specified upload does not exist. The upload ID may be invalid, or the upload may have "
      "been aborted or completed." },
    { "NoSuchVersion", 404, "The specified version does not exist." },
    { "NoSuchWebsiteConfiguration", 404,
      "The specified bucket does not have a website configuration" },
    { "NotImplemented", 501,
      "A header or parameter you provided implies functionality that is not implemented" },
    { "ObjectLockConfigurationNotFoundError", 404,
      "Object Lock configuration does not exist for this bucket" },
    { "OwnershipControlsNotFoundError", 404, "The bucket ownership controls were not found" },
    { "PreconditionFailed", 412, "At least one of the pre-conditions you specified did not hold" },
    { "ReplicationConfigurationNotFoundError", 404, "The replication configuration was not found" },
    { "ServerSideEncryptionConfigurationNotFoundError", 404,
      "The server side encryption configuration was not found" },
    { "SlowDown", 503, "Please reduce your request rate." },
};

static fault find(const char *code)
{
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        if (strcmp(faults[i].code, code) == 0)
            return faults[i];
    }
    return (fault){ code, 500, "We encountered an internal error. Please try again." };
}

void s3_answer_ids(http_answer *answer, const http_request *request)
{
    http_answer_header(answer, "x-amz-request-id", request->request_id);
    http_answer_header(answer, "x-amz-id-2", request->request_id);
}

static void answer_error(http_answer *answer, const http_request *request, const fault *why,
                         const char *element, const char *value)
{
    s3_text xml = { 0 };

    http_answer_clear(answer);
    answer->status = why->status;
    s3_answer_ids(answer, request);
    http_answer_header(answer, "content-type", "application/xml");
    if (strcmp(request->method, "HEAD") == 0)
        return;
    s3_text_puts(&xml, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>");
    s3_xml_element(&xml, "Code", why->code);
    s3_xml_element(&xml, "Message", why->message);
    if (element != NULL && value != NULL)
        s3_xml_element(&xml, element, value);
    s3_xml_element(&xml, "Resource", request->path);
    s3_xml_element(&xml, "RequestId", request->request_id);
    s3_xml_element(&xml, "HostId", request->request_id);
    s3_xml_close(&xml, "Error");
    http_answer_body(answer, s3_text_string(&xml), xml.len);
    answer->failed |= xml.failed;
    s3_text_free(&xml);
}

void s3_error(http_answer *answer, const http_request *request, int http_status, const char *code,
              const char *message)
{
    fault why = { code, http_status, message };

    answer_error(answer, request, &why, NULL, NULL);
}

bool s3_refuse_about(s3_context *c, const char *code, const char *message, const char *element,
                     const char *value)
{
    fault why = find(code);

    if (message != NULL)
        why.message = message;
    answer_error(c->answer, c->request, &why, element, value);
    return false;
}

bool s3_refuse(s3_context *c, const char *code, const char *message)
{
    if (strcmp(code, "NoSuchKey") == 0 || strcmp(code, "KeyTooLongError") == 0)
        return s3_refuse_about(c, code, message, "Key", c->key);
    if (strcmp(code, "NoSuchUpload") == 0)
        return s3_refuse_about(c, code, message, "UploadId", s3_parameter_of(c, "uploadId"));
    return s3_refuse_about(c, code, message, c->key == NULL ? "BucketName" : NULL, c->bucket);
}

bool s3_broken(s3_context *c)
{
    int why = sqlite3_errcode(c->db) & 0xFF;

    if (why == SQLITE_BUSY || why == SQLITE_LOCKED)
        return s3_refuse(c, "SlowDown",
                         "The data file of icecat-local is in use by another "
                         "program. Please try again.");
    if (why == SQLITE_TOOBIG)
        return s3_refuse(c, "EntityTooLarge", NULL);
    return s3_refuse_about(c, "InternalError", "The data file of icecat-local cannot be used.",
                           "Reason", sqlite3_errmsg(c->db));
}

bool s3_no_memory(s3_context *c)
{
    return s3_refuse(c, "InternalError", "icecat-local has run out of memory.");
}

bool s3_answer_xml(s3_context *c, s3_text *xml)
{
    bool ok = !xml->failed;

    if (ok) {
        c->answer->status = 200;
        http_answer_header(c->answer, "content-type", "application/xml");
        http_answer_body(c->answer, s3_text_string(xml), xml->len);
    } else {
        (void)s3_no_memory(c);
    }
    s3_text_free(xml);
    return ok;
}

const char *s3_header(const s3_context *c, const char *name)
{
    return http_request_header(c->request, name);
}

const char *s3_parameter_of(const s3_context *c, const char *name)
{
    return s3_query_get(&c->query, name);
}
