/*
 * runtime_report.h - what a function says of its failure. Pure.
 */
#ifndef ICECAT_LOCAL_RUNTIME_REPORT_H
#define ICECAT_LOCAL_RUNTIME_REPORT_H

#include <cjson/cJSON.h>
#include <stddef.h>

/*
 * Read the body of an error report, which may be NULL or no JSON at all. @p header_type, NULL when
 * there is none, goes before the body's type. *type and *message are always set; they live as long
 * as the returned document (release with cJSON_Delete(); may be NULL) and @p header_type.
 */
cJSON *runtime_report_read(const char *body, size_t len, const char *header_type, const char **type,
                           const char **message);

#endif
