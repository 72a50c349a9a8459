/*
 * ssm.c - the operations of the Parameter Store: read the request, ask ssm_store.c, shape the answer.
 *
 * Values are kept as they are given, also those of type SecureString: this is a stand-in for one
 * machine, and WithDecryption changes nothing.
 *
 * Source of the rules: AWS Systems Manager API Reference, the page of each operation.
 */
#include "ssm.h"

#include "ssm_store.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_MAX_BYTES  2048u
#define VALUE_MAX_BYTES 4096u
#define NAMES_MAX       10
#define PAGE_DEFAULT    10
#define ACCOUNT         "000000000000"

typedef struct ssm_call_context {
    sqlite3 *db;
    const char *region;
    int64_t now_s;
    const cJSON *input;
    const char *error_type; /* NULL when nothing is wrong; static */
    char message[300];
} context;

typedef cJSON *(*operation_call)(context *self);

/* Record a refusal; returns NULL, as an operation does then. */
static cJSON *refuse(context *self, const char *type, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static cJSON *refuse(context *self, const char *type, const char *format, ...)
{
    va_list args;

    self->error_type = type;
    va_start(args, format);
    (void)vsnprintf(self->message, sizeof(self->message), format, args);
    va_end(args);
    return NULL;
}

static cJSON *broken(context *self)
{
    return refuse(self, "InternalServerError", "%.200s", sqlite3_errmsg(self->db));
}

static const cJSON *field(const context *self, const char *name)
{
    const cJSON *found = cJSON_GetObjectItemCaseSensitive(self->input, name);

    return cJSON_IsNull(found) ? NULL : found;
}

static const char *text_field(const context *self, const char *name)
{
    return cJSON_GetStringValue(field(self, name));
}

static int is_name(const char *name)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                  "_.-/";
    size_t len = name == NULL ? 0 : strlen(name);

    return len >= 1 && len <= NAME_MAX_BYTES && strspn(name, allowed) == len;
}

/* The parameter as the API shows it. */
static int add_parameter(void *userdata, const ssm_row *row)
{
    const ssm_list *list = userdata;
    cJSON *entry = cJSON_CreateObject();
    char arn[NAME_MAX_BYTES + 128];

    (void)snprintf(arn, sizeof(arn), "arn:aws:ssm:%s:" ACCOUNT ":parameter%s%s", list->region,
                   row->name[0] == '/' ? "" : "/", row->name);
    if (cJSON_AddStringToObject(entry, "Name", row->name) != NULL &&
        cJSON_AddStringToObject(entry, "Type", row->type) != NULL &&
        cJSON_AddStringToObject(entry, "Value", row->value) != NULL &&
        cJSON_AddNumberToObject(entry, "Version", (double)row->version) != NULL &&
        cJSON_AddNumberToObject(entry, "LastModifiedDate", (double)row->modified_s) != NULL &&
        cJSON_AddStringToObject(entry, "ARN", arn) != NULL &&
        cJSON_AddStringToObject(entry, "DataType", "text") != NULL &&
        cJSON_AddItemToArray(list->array, entry))
        return 1;
    cJSON_Delete(entry);
    return 0;
}

static cJSON *get_parameter(context *self)
{
    const char *name = text_field(self, "Name");
    ssm_list list = { cJSON_CreateArray(), self->region };
    cJSON *body = cJSON_CreateObject();
    int found;

    if (!is_name(name)) {
        (void)refuse(self, "ValidationException", "Name is missing or malformed");
        goto out;
    }
    found = ssm_store_find(self->db, name, add_parameter, &list);
    if (found < 0)
        (void)broken(self);
    else if (found == 0)
        (void)refuse(self, "ParameterNotFound", "Parameter %.200s not found.", name);
    else if (!cJSON_AddItemToObject(body, "Parameter", cJSON_DetachItemFromArray(list.array, 0)))
        (void)refuse(self, "InternalServerError", "out of memory");

out:
    cJSON_Delete(list.array);
    if (self->error_type == NULL)
        return body;
    cJSON_Delete(body);
    return NULL;
}

static const cJSON *names_field(context *self)
{
    const cJSON *names = field(self, "Names");
    const cJSON *name;
    int count = cJSON_GetArraySize(names);

    if (!cJSON_IsArray(names) || count < 1 || count > NAMES_MAX) {
        (void)refuse(self, "ValidationException",
                     "1 validation error detected: Value at 'names' failed to satisfy constraint: "
                     "Member must have length between 1 and %d",
                     NAMES_MAX);
        return NULL;
    }
    cJSON_ArrayForEach(name, names)
    {
        if (!is_name(cJSON_GetStringValue(name))) {
            (void)refuse(self, "ValidationException", "a name of 'names' is malformed");
            return NULL;
        }
    }
    return names;
}

/* Both operations on lists answer with what was there and with what was not. */
static cJSON *for_names(context *self, const char *found_key,
                        int (*act)(context *self, const char *name, cJSON *found))
{
    const cJSON *names = names_field(self);
    const cJSON *name;
    cJSON *body;
    cJSON *found;
    cJSON *invalid;

    if (names == NULL)
        return NULL;
    body = cJSON_CreateObject();
    found = cJSON_AddArrayToObject(body, found_key);
    invalid = cJSON_AddArrayToObject(body, "InvalidParameters");
    cJSON_ArrayForEach(name, names)
    {
        int is = act(self, name->valuestring, found);

        if (is == 0 && !cJSON_AddItemToArray(invalid, cJSON_CreateString(name->valuestring)))
            is = -1;
        if (is < 0) {
            cJSON_Delete(body);
            return broken(self);
        }
    }
    return body;
}

static int get_one(context *self, const char *name, cJSON *found)
{
    ssm_list list = { found, self->region };

    return ssm_store_find(self->db, name, add_parameter, &list);
}

static int delete_one(context *self, const char *name, cJSON *found)
{
    int is = ssm_store_delete(self->db, name);

    if (is > 0 && !cJSON_AddItemToArray(found, cJSON_CreateString(name)))
        return -1;
    return is;
}

static cJSON *get_parameters(context *self)
{
    return for_names(self, "Parameters", get_one);
}

static cJSON *delete_parameters(context *self)
{
    return for_names(self, "DeletedParameters", delete_one);
}

static cJSON *delete_parameter(context *self)
{
    const char *name = text_field(self, "Name");
    int was;

    if (!is_name(name))
        return refuse(self, "ValidationException", "Name is missing or malformed");
    was = ssm_store_delete(self->db, name);
    if (was < 0)
        return broken(self);
    if (was == 0)
        return refuse(self, "ParameterNotFound", "Parameter %.200s not found.", name);
    return cJSON_CreateObject();
}

static int is_type(const char *type)
{
    return strcmp(type, "String") == 0 || strcmp(type, "StringList") == 0 ||
           strcmp(type, "SecureString") == 0;
}

static int ignore_row(void *userdata, const ssm_row *row)
{
    (void)userdata;
    (void)row;
    return 1;
}

static cJSON *put_parameter(context *self)
{
    ssm_row row = { .name = text_field(self, "Name"),
                    .value = text_field(self, "Value"),
                    .type = text_field(self, "Type"),
                    .modified_s = self->now_s };
    cJSON *body;
    int wrote;

    if (!is_name(row.name))
        return refuse(self, "ValidationException", "Name is missing or malformed");
    if (row.value == NULL || row.value[0] == '\0' || strlen(row.value) > VALUE_MAX_BYTES)
        return refuse(self, "ValidationException",
                      "Value must have 1 to %u bytes, as standard parameters have",
                      VALUE_MAX_BYTES);
    if (row.type != NULL && !is_type(row.type))
        return refuse(self, "UnsupportedParameterType",
                      "Type must be String, StringList or SecureString");
    if (row.type == NULL && ssm_store_find(self->db, row.name, ignore_row, NULL) == 0)
        return refuse(self, "ValidationException",
                      "A parameter type is required when you create a parameter.");
    wrote = ssm_store_put(self->db, &row, cJSON_IsTrue(field(self, "Overwrite")));
    if (wrote < 0)
        return broken(self);
    if (wrote == 0)
        return refuse(self, "ParameterAlreadyExists",
                      "The parameter already exists. To overwrite this value, set the overwrite "
                      "option in the request to true.");
    body = cJSON_CreateObject();
    (void)cJSON_AddNumberToObject(body, "Version", (double)row.version);
    (void)cJSON_AddStringToObject(body, "Tier", "Standard");
    return body;
}

static cJSON *get_parameters_by_path(context *self)
{
    const char *path = text_field(self, "Path");
    const char *token = text_field(self, "NextToken");
    const cJSON *max = field(self, "MaxResults");
    ssm_page page = { .path = path, .after = token == NULL ? "" : token };
    ssm_list list;
    cJSON *body;

    if (path == NULL || path[0] != '/' || strlen(path) > NAME_MAX_BYTES)
        return refuse(self, "ValidationException", "Path must begin with a slash");
    page.limit = max == NULL ? PAGE_DEFAULT : (int)cJSON_GetNumberValue(max);
    if (page.limit < 1 || page.limit > PAGE_DEFAULT)
        return refuse(self, "ValidationException", "MaxResults must be 1 to %d", PAGE_DEFAULT);
    page.recursive = cJSON_IsTrue(field(self, "Recursive"));
    body = cJSON_CreateObject();
    list = (ssm_list){ cJSON_AddArrayToObject(body, "Parameters"), self->region };
    if (!ssm_store_page(self->db, &page, add_parameter, &list) ||
        (page.next[0] != '\0' && cJSON_AddStringToObject(body, "NextToken", page.next) == NULL)) {
        cJSON_Delete(body);
        return broken(self);
    }
    return body;
}

static const struct {
    const char *name;
    operation_call call;
} operations[] = {
    { "DeleteParameter", delete_parameter },
    { "DeleteParameters", delete_parameters },
    { "GetParameter", get_parameter },
    { "GetParameters", get_parameters },
    { "GetParametersByPath", get_parameters_by_path },
    { "PutParameter", put_parameter },
};

static json_answer fault_answer(const context *self)
{
    json_answer answer = { 400, self->error_type, cJSON_CreateObject() };

    if (strcmp(self->error_type, "InternalServerError") == 0)
        answer.http_status = 500;
    if (cJSON_AddStringToObject(answer.body, "__type", self->error_type) == NULL ||
        cJSON_AddStringToObject(answer.body, "message", self->message) == NULL) {
        cJSON_Delete(answer.body);
        answer.body = NULL;
    }
    return answer;
}

json_answer ssm_call(sqlite3 *db, const char *region, int64_t now_s, const char *operation,
                     const cJSON *input)
{
    context self = { .db = db, .region = region, .now_s = now_s, .input = input };
    json_answer answer = { 200, NULL, NULL };
    operation_call call = NULL;

    for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
        if (strcmp(operations[i].name, operation) == 0)
            call = operations[i].call;
    }
    if (call == NULL)
        (void)refuse(&self, "UnknownOperationException", "icecat-local has no SSM operation %.100s",
                     operation);
    else if (!cJSON_IsObject(input))
        (void)refuse(&self, "SerializationException", "the body of a request is a JSON object");
    else
        answer.body = call(&self);
    return self.error_type == NULL ? answer : fault_answer(&self);
}
