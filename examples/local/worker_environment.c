/*
 * worker_environment.c - the environment that Lambda gives to a custom runtime. Pure.
 *
 * Nothing of this program's own environment is passed on: neither its proxies nor its credentials
 * are the function's business.
 */
#include "worker_environment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LAMBDA_VARIABLES = 15, TEXT_MAX = 4096 };

struct list {
    char **texts;
    size_t count;
    int failed;
};

/* Does the list have the variable of this "NAME=value"? */
static int has(const struct list *list, const char *text)
{
    size_t len = strcspn(text, "=") + 1;

    for (size_t i = 0; i < list->count; i++) {
        if (strncmp(list->texts[i], text, len) == 0)
            return 1;
    }
    return 0;
}

static void add(struct list *list, const char *text)
{
    char *copy;

    if (has(list, text))
        return;
    copy = strdup(text);
    if (copy == NULL)
        list->failed = 1;
    else
        list->texts[list->count++] = copy;
}

static void add_pair(struct list *list, const char *name, const char *value)
{
    char text[TEXT_MAX];

    snprintf(text, sizeof(text), "%s=%s", name, value);
    add(list, text);
}

static void add_task_root(struct list *list, const char *bootstrap)
{
    char root[TEXT_MAX];
    const char *slash = strrchr(bootstrap, '/');
    size_t len = slash == NULL ? 0 : (size_t)(slash - bootstrap);

    if (slash == NULL)
        snprintf(root, sizeof(root), ".");
    else
        snprintf(root, sizeof(root), "%.*s", len == 0 ? 1 : (int)len, bootstrap);
    add_pair(list, "LAMBDA_TASK_ROOT", root);
}

const char *worker_function_name(const trigger_settings *settings)
{
    static const char name[] = "AWS_LAMBDA_FUNCTION_NAME=";
    const char *const *text = settings->environment;

    for (; text != NULL && *text != NULL; text++) {
        if (strncmp(*text, name, sizeof(name) - 1) == 0)
            return *text + sizeof(name) - 1;
    }
    return "icecat-local";
}

static void add_lambda(struct list *list, const trigger_settings *settings)
{
    const char *function = worker_function_name(settings);
    char group[160];

    snprintf(group, sizeof(group), "/aws/lambda/%.128s", function);
    add_pair(list, "_HANDLER", "bootstrap");
    add_task_root(list, settings->bootstrap);
    add_pair(list, "AWS_REGION", settings->region);
    add_pair(list, "AWS_DEFAULT_REGION", settings->region);
    add_pair(list, "AWS_EXECUTION_ENV", "AWS_Lambda_provided.al2023");
    add_pair(list, "AWS_LAMBDA_FUNCTION_NAME", function);
    add_pair(list, "AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
    add_pair(list, "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128");
    add_pair(list, "AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
    add_pair(list, "AWS_LAMBDA_LOG_GROUP_NAME", group);
    add_pair(list, "AWS_LAMBDA_LOG_STREAM_NAME", "local");
    add_pair(list, "LANG", "en_US.UTF-8");
    add_pair(list, "PATH", "/usr/local/bin:/usr/bin:/bin:/opt/bin");
    add_pair(list, "TZ", ":UTC");
}

char **worker_environment_new(const trigger_settings *settings, const char *api_address)
{
    struct list list = { 0 };
    size_t given = 0;

    while (settings->environment != NULL && settings->environment[given] != NULL)
        given++;
    list.texts = calloc(given + LAMBDA_VARIABLES + 1, sizeof(*list.texts));
    if (list.texts == NULL)
        return NULL;
    add_pair(&list, "AWS_LAMBDA_RUNTIME_API", api_address);
    for (size_t i = 0; i < given; i++)
        add(&list, settings->environment[i]);
    add_lambda(&list, settings);
    if (!list.failed)
        return list.texts;
    worker_environment_free(list.texts);
    return NULL;
}

void worker_environment_free(char **environment)
{
    if (environment == NULL)
        return;
    for (char **text = environment; *text != NULL; text++)
        free(*text);
    free(environment);
}
