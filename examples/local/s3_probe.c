/*
 * s3_probe.c - settings of buckets and objects that tools ask for and that are never set here.
 */
#include "s3_operations.h"
#include "s3_xml.h"

#include <string.h>

typedef struct probe {
    const char *parameter;
    const char *code; /* the refusal that means "never set" */
    const char *root; /* or the document that does */
    const char *inside;
} probe;

#define OWNER "<Owner><ID>" S3_ACCOUNT "</ID></Owner>"
#define ACL                                                                                        \
    OWNER "<AccessControlList><Grant>"                                                             \
          "<Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "                      \
          "xsi:type=\"CanonicalUser\"><ID>" S3_ACCOUNT "</ID></Grantee>"                           \
          "<Permission>FULL_CONTROL</Permission></Grant></AccessControlList>"

static const probe of_bucket[] = {
    { "accelerate", NULL, "AccelerateConfiguration", "" },
    { "acl", NULL, "AccessControlPolicy", ACL },
    { "cors", "NoSuchCORSConfiguration", NULL, NULL },
    { "encryption", "ServerSideEncryptionConfigurationNotFoundError", NULL, NULL },
    { "lifecycle", "NoSuchLifecycleConfiguration", NULL, NULL },
    { "logging", NULL, "BucketLoggingStatus", "" },
    { "notification", NULL, "NotificationConfiguration", "" },
    { "object-lock", "ObjectLockConfigurationNotFoundError", NULL, NULL },
    { "ownershipControls", "OwnershipControlsNotFoundError", NULL, NULL },
    { "policy", "NoSuchBucketPolicy", NULL, NULL },
    { "policyStatus", "NoSuchBucketPolicy", NULL, NULL },
    { "publicAccessBlock", "NoSuchPublicAccessBlockConfiguration", NULL, NULL },
    { "replication", "ReplicationConfigurationNotFoundError", NULL, NULL },
    { "requestPayment", NULL, "RequestPaymentConfiguration", "<Payer>BucketOwner</Payer>" },
    { "tagging", "NoSuchTagSet", NULL, NULL },
    { "versioning", NULL, "VersioningConfiguration", "" },
    { "website", "NoSuchWebsiteConfiguration", NULL, NULL },
    { NULL, NULL, NULL, NULL },
};

static const probe of_object[] = {
    { "acl", NULL, "AccessControlPolicy", ACL },
    { "legal-hold", "NoSuchObjectLockConfiguration", NULL, NULL },
    { "retention", "NoSuchObjectLockConfiguration", NULL, NULL },
    { "tagging", NULL, "Tagging", "<TagSet></TagSet>" },
    { NULL, NULL, NULL, NULL },
};

static const probe *find(const s3_context *c)
{
    const probe *each = c->key == NULL ? of_bucket : of_object;

    while (each->parameter != NULL && s3_parameter_of(c, each->parameter) == NULL)
        each++;
    return each->parameter == NULL ? NULL : each;
}

bool s3_is_probe(const s3_context *c)
{
    return find(c) != NULL;
}

bool s3_probe(s3_context *c)
{
    const probe *found = find(c);
    s3_object object = { 0 };
    s3_text xml = { 0 };

    if (strcmp(c->request->method, "GET") != 0)
        return s3_refuse_about(c, "NotImplemented", NULL, "Parameter", found->parameter);
    if (c->key == NULL ? !s3_need_bucket(c) : !s3_need_object(c, &object))
        return false;
    s3_object_clear(&object);
    if (found->code != NULL)
        return s3_refuse(c, found->code, NULL);
    s3_xml_begin(&xml, found->root);
    s3_text_puts(&xml, found->inside);
    s3_xml_close(&xml, found->root);
    return s3_answer_xml(c, &xml);
}
