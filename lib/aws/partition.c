/*
 * partition.c - the separate clouds of AWS, told by how a region's name begins.
 *
 * Source: AWS General Reference, "Regions and endpoints"; the partitions that the AWS SDKs know.
 */
#include "aws/partition.h"

#include "base/view.h"

static const ic_partition partitions[] = {
    { "aws-cn", "cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn" },
    { "aws-us-gov", "us-gov-", "amazonaws.com", "api.aws" },
    { "aws-eusc", "eusc-", "amazonaws.eu", "api.amazonwebservices.eu" },
    { "aws-iso", "us-iso-", "c2s.ic.gov", "api.aws.ic.gov" },
    { "aws-iso-b", "us-isob-", "sc2s.sgov.gov", "api.aws.scloud" },
    { "aws-iso-e", "eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk" },
    { "aws-iso-f", "us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov" },
    { "aws", "", "amazonaws.com", "api.aws" },
};

const ic_partition *ic_partition_of(const char *region)
{
    const ic_partition *at = partitions;

    while (!ic_view_starts(ic_view_of(region), at->region_prefix))
        at++;
    return at;
}
