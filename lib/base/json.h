/*
 * json.h - cJSON with bounds, and typed access that never crashes. The only reader of JSON.
 */
#ifndef IC_JSON_H
#define IC_JSON_H

#include "base/buf.h"
#include <cjson/cJSON.h>
#include <icecat/error.h>

#define IC_JSON_MAX_DEPTH 64

/**
 * Parse a whole document of @p len bytes (no NUL needed). @p what names it in the error.
 * ICECAT_E_PARSE: not JSON, deeper than IC_JSON_MAX_DEPTH, of over a million values, with a NUL byte, or
 * followed by other text. ICECAT_E_NO_MEMORY: cJSON does not tell, but the system's malloc does, in errno.
 * Free with cJSON_Delete().
 */
icecat_status ic_json_parse(const void *data, size_t len, const char *what, cJSON **out,
                            icecat_error *err);
/** Text of member @p name, or NULL when it is absent or not a string. Case of @p name matters. */
const char *ic_json_text(const cJSON *object, const char *name);
const cJSON *ic_json_get(const cJSON *object, const char *name);
/** 1 when the member is a whole number from 0 to 2^53. */
int ic_json_u64(const cJSON *object, const char *name, uint64_t *out);
int ic_json_double(const cJSON *object, const char *name, double *out);

/* Writers: append to a buffer, so that large documents need no tree. */
icecat_status ic_json_write_text(ic_buf *out, const char *text); /* quoted and escaped */
icecat_status ic_json_write_text_n(ic_buf *out, const char *text, size_t len);
icecat_status ic_json_write_member(ic_buf *out, const char *name); /* [","] "name": */
icecat_status ic_json_write_double(ic_buf *out, double number);    /* shortest form, locale-free */
/** Any tree, compact. ICECAT_E_NO_MEMORY or ICECAT_E_LIMIT. */
icecat_status ic_json_write_tree(ic_buf *out, const cJSON *tree);

#endif
