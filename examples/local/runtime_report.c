/*
 * runtime_report.c - what a function says of its failure. Pure.
 */
#include "runtime_report.h"

#include <string.h>

enum { NAME_MAX_LEN = 63 };

/* (Runtime|Function).[A-Z][A-Za-z]+ stays; anything else becomes the Unknown of its family. */
static const char *known_type(const char *type)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    int is_function = strncmp(type, "Function.", 9) == 0;
    const char *name = type + (is_function ? 9 : 8);

    if (!is_function && strncmp(type, "Runtime.", 8) != 0)
        return "Runtime.Unknown";
    if (*name >= 'A' && *name <= 'Z' && name[1] != '\0' && strlen(name) <= NAME_MAX_LEN &&
        strspn(name, letters) == strlen(name))
        return type;
    return is_function ? "Function.Unknown" : "Runtime.Unknown";
}

cJSON *runtime_report_read(const char *body, size_t len, const char *header_type, const char **type,
                           const char **message)
{
    cJSON *report = body == NULL ? NULL : cJSON_ParseWithLength(body, len);
    const char *text = header_type;

    if (text == NULL)
        text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(report, "errorType"));
    *type = text == NULL ? "Runtime.Unknown" : known_type(text);
    text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(report, "errorMessage"));
    *message = text == NULL ? "the function gave no errorMessage" : text;
    return report;
}
