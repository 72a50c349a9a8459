/*
 * worker_environment.h - the environment that Lambda gives to a custom runtime. Pure.
 */
#ifndef ICECAT_LOCAL_WORKER_ENVIRONMENT_H
#define ICECAT_LOCAL_WORKER_ENVIRONMENT_H

#include "trigger.h"

/*
 * Only Lambda's variables and those of settings->environment, which win, except for the address of
 * the Runtime API. Ends with NULL; release with worker_environment_free(). NULL when out of memory.
 */
char **worker_environment_new(const trigger_settings *settings, const char *api_address);
void worker_environment_free(char **environment);

/* AWS_LAMBDA_FUNCTION_NAME of settings->environment, or "icecat-local". */
const char *worker_function_name(const trigger_settings *settings);

#endif
