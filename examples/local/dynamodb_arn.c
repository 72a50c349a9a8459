/*
 * dynamodb_arn.c - the ARNs in what is said of a table.
 */
#include "dynamodb_arn.h"

#include <stdio.h>

#define ARN_SIZE 700 /* two names of 255 */

static const char *text_of(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

/* A table that an earlier version wrote has one already. */
static bool put(cJSON *object, const char *name, const char *arn)
{
    cJSON_DeleteItemFromObjectCaseSensitive(object, name);
    return cJSON_AddStringToObject(object, name, arn) != NULL;
}

bool dynamodb_arn_write(cJSON *body, const char *region)
{
    cJSON *table = cJSON_GetObjectItemCaseSensitive(body, "Table");
    char arn[ARN_SIZE];
    cJSON *index;
    int len;

    if (table == NULL)
        table = cJSON_GetObjectItemCaseSensitive(body, "TableDescription");
    if (table == NULL)
        return true;
    len = snprintf(arn, sizeof(arn), "arn:aws:dynamodb:%.32s:000000000000:table/%.255s", region,
                   text_of(table, "TableName"));
    if (!put(table, "TableArn", arn))
        return false;
    cJSON_ArrayForEach(index, cJSON_GetObjectItemCaseSensitive(table, "GlobalSecondaryIndexes"))
    {
        (void)snprintf(arn + len, sizeof(arn) - (size_t)len, "/index/%.255s",
                       text_of(index, "IndexName"));
        if (!put(index, "IndexArn", arn))
            return false;
    }
    return true;
}
