/*
 * settings.c - the command line of icecat-local: a table of options, and what their values may be. Their help
 * is in settings_help.c.
 */
#include "settings.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_WORKERS    64
#define MAX_LATENCY_MS 600000
#define MAX_CLOCK_S    (100LL * 366 * 86400)

#define LOWER   "abcdefghijklmnopqrstuvwxyz"
#define UPPER   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS  "0123456789"
#define LETTERS LOWER UPPER

typedef enum option_kind {
    OPTION_FLAG,
    OPTION_TEXT,
    OPTION_NUMBER,
    OPTION_SECONDS,
    OPTION_FAULT,
} option_kind;

typedef struct option_spec {
    const char *name;
    option_kind kind;
    size_t offset;       /* of the field in settings */
    long long max;       /* of a number */
    const char *allowed; /* characters of a text; NULL: any */
    size_t min_len;
    size_t max_len;
} option_spec;

#define FIELD(name)  offsetof(local_settings, name)
#define BUCKET_CHARS LOWER DIGITS "-"

static const option_spec options[] = {
    { "--access-key", OPTION_TEXT, FIELD(access_key), 0, LETTERS DIGITS "_-", 3, 128 },
    { "--bootstrap", OPTION_TEXT, FIELD(bootstrap), 0, NULL, 1, PATH_MAX },
    { "--bucket-dest", OPTION_TEXT, FIELD(bucket_dest), 0, BUCKET_CHARS, 3, 63 },
    { "--bucket-fail", OPTION_TEXT, FIELD(bucket_fail), 0, BUCKET_CHARS, 3, 63 },
    { "--bucket-source", OPTION_TEXT, FIELD(bucket_source), 0, BUCKET_CHARS, 3, 63 },
    { "--classes", OPTION_TEXT, FIELD(classes_file), 0, NULL, 1, PATH_MAX },
    { "--clock-offset", OPTION_SECONDS, FIELD(clock_offset_s), MAX_CLOCK_S, NULL, 0, 0 },
    { "--data", OPTION_TEXT, FIELD(data), 0, NULL, 1, PATH_MAX },
    { "--fault", OPTION_FAULT, FIELD(faults), 0, NULL, 0, 0 },
    { "--function", OPTION_TEXT, FIELD(function), 0, LETTERS DIGITS "_-", 1, 64 },
    { "--help", OPTION_FLAG, FIELD(show_help), 0, NULL, 0, 0 },
    { "--host", OPTION_TEXT, FIELD(host), 0, NULL, 1, 64 },
    { "--init", OPTION_FLAG, FIELD(init), 0, NULL, 0, 0 },
    { "--labels", OPTION_TEXT, FIELD(label_file), 0, NULL, 1, PATH_MAX },
    { "--latency-ms", OPTION_NUMBER, FIELD(latency_ms), MAX_LATENCY_MS, NULL, 0, 0 },
    { "--model", OPTION_TEXT, FIELD(model_file), 0, NULL, 1, PATH_MAX },
    { "--port", OPTION_NUMBER, FIELD(port), 65535, NULL, 0, 0 },
    { "--region", OPTION_TEXT, FIELD(region), 0, LOWER DIGITS "-", 1, 32 },
    { "--secret-key", OPTION_TEXT, FIELD(secret_key), 0, NULL, 1, 128 },
    { "--table", OPTION_TEXT, FIELD(table), 0, LETTERS DIGITS "_.-", 3, 255 },
    { "--verbose", OPTION_FLAG, FIELD(verbose), 0, NULL, 0, 0 },
    { "--version", OPTION_FLAG, FIELD(show_version), 0, NULL, 0, 0 },
    { "--workers", OPTION_NUMBER, FIELD(workers), MAX_WORKERS, NULL, 0, 0 },
    { "-h", OPTION_FLAG, FIELD(show_help), 0, NULL, 0, 0 },
    { "-v", OPTION_FLAG, FIELD(verbose), 0, NULL, 0, 0 },
};

static int refuse(char *why, size_t why_len, const char *option, const char *what)
{
    (void)snprintf(why, why_len, "%.60s: %s", option, what);
    return 0;
}

static const option_spec *find(const char *argument, size_t len)
{
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
        if (strlen(options[i].name) == len && strncmp(options[i].name, argument, len) == 0)
            return &options[i];
    }
    return NULL;
}

static int read_number(const option_spec *option, const char *text, long long *out)
{
    const char *digits = option->kind == OPTION_SECONDS && (*text == '-' || *text == '+') ? text + 1
                                                                                          : text;
    char *end;

    if (*digits < '0' || *digits > '9')
        return 0;
    errno = 0;
    *out = strtoll(text, &end, 10);
    return *end == '\0' && errno == 0 && *out <= option->max && *out >= -option->max;
}

static int set_value(local_settings *out, const option_spec *option, const char *value, char *why,
                     size_t why_len)
{
    char *field = (char *)out + option->offset;
    char what[200];
    long long number;

    if (option->kind == OPTION_FAULT)
        return faults_add(&out->faults, value, what, sizeof(what)) ||
               refuse(why, why_len, option->name, what);
    if (option->kind == OPTION_TEXT) {
        size_t len = strlen(value);

        if (len < option->min_len || len > option->max_len) {
            (void)snprintf(what, sizeof(what), "must have %zu to %zu characters", option->min_len,
                           option->max_len);
            return refuse(why, why_len, option->name, what);
        }
        if (option->allowed != NULL && strspn(value, option->allowed) != len)
            return refuse(why, why_len, option->name, "has a character that is not allowed");
        memcpy(field, &value, sizeof(value));
        return 1;
    }
    if (!read_number(option, value, &number)) {
        (void)snprintf(what, sizeof(what), "must be a whole number, at most %lld", option->max);
        return refuse(why, why_len, option->name, what);
    }
    if (option->kind == OPTION_NUMBER) {
        unsigned narrow = (unsigned)number;

        memcpy(field, &narrow, sizeof(narrow));
    } else {
        memcpy(field, &number, sizeof(number));
    }
    return 1;
}

/* "--name value", "--name=value", "--flag". Moves *at over what was used. */
static int read_argument(int argc, char *const *argv, int *at, local_settings *out, char *why,
                         size_t why_len)
{
    const char *argument = argv[*at];
    size_t len = strcspn(argument, "=");
    const option_spec *option = find(argument, len);
    const int yes = 1;

    if (option == NULL)
        return refuse(why, why_len, argument, "is not an option; see --help");
    if (option->kind == OPTION_FLAG) {
        if (argument[len] != '\0')
            return refuse(why, why_len, option->name, "takes no value");
        memcpy((char *)out + option->offset, &yes, sizeof(yes));
        return 1;
    }
    if (argument[len] == '=')
        return set_value(out, option, argument + len + 1, why, why_len);
    if (*at + 1 == argc)
        return refuse(why, why_len, option->name, "needs a value");
    *at += 1;
    return set_value(out, option, argv[*at], why, why_len);
}

/* Whoever reaches the port holds the keys' power over all the data: nobody else may. */
static int check_host(local_settings *out, char *why, size_t why_len)
{
    if (strcmp(out->host, "localhost") == 0)
        out->host = "127.0.0.1";
    if (strcmp(out->host, "::1") == 0 ||
        (strncmp(out->host, "127.", 4) == 0 && strspn(out->host, DIGITS ".") == strlen(out->host)))
        return 1;
    return refuse(why, why_len, "--host",
                  "only addresses of this machine are allowed: 127.0.0.1, ::1 or localhost");
}

static int check_together(local_settings *out, char *why, size_t why_len)
{
    if ((out->access_key == NULL) != (out->secret_key == NULL))
        return refuse(why, why_len, "--access-key", "goes together with --secret-key");
    if ((out->model_file == NULL) != (out->classes_file == NULL))
        return refuse(why, why_len, "--model", "goes together with --classes");
    return check_host(out, why, why_len);
}

static unsigned processors(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);

    if (count < 1)
        return 1;
    return count > MAX_WORKERS ? MAX_WORKERS : (unsigned)count;
}

int settings_read(int argc, char *const *argv, local_settings *out, char *why, size_t why_len)
{
    *out = (local_settings){
        .host = "127.0.0.1",
        .data = "icecat-local-data",
    };
    for (int at = 1; at < argc; at++) {
        if (!read_argument(argc, argv, &at, out, why, why_len))
            return 0;
    }
    if (out->workers == 0)
        out->workers = processors();
    return out->show_help || out->show_version || check_together(out, why, why_len);
}
