/*
 * oom_aws.h - a client whose requests are answered here, without a network.
 */
#ifndef OOM_AWS_H
#define OOM_AWS_H

#include "oom.h"

#include <icecat/client.h>

/** The options of such a client: one attempt for each request, no file and no variable is read. */
void oom_aws_options(const oom *o, const icecat_credentials *credentials,
                     icecat_client_options *options);
/** Fixed keys. */
icecat_credentials *oom_aws_keys(void);
/** Both together; free with icecat_client_free(). */
icecat_client *oom_aws_client(const oom *o);

/** Answers S3, DynamoDB, Rekognition, SSM and STS. */
extern const icecat_transport oom_aws_transport;

#endif
