/*
 * dynamodb_arn.h - the ARNs in what is said of a table.
 */
#ifndef ICECAT_LOCAL_DYNAMODB_ARN_H
#define ICECAT_LOCAL_DYNAMODB_ARN_H

#include <cjson/cJSON.h>
#include <stdbool.h>

/* Write TableArn and IndexArn into the table's description in @p body, if it has one. They are not
 * kept with the table: the region belongs to the running program. False without memory. */
bool dynamodb_arn_write(cJSON *body, const char *region);

#endif
