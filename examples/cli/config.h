/*
 * config.h - effective settings, each with the place it came from. Sources, strongest first: options,
 * the file of -s, the environment, the user's own file, files of the client id, SSM (-s ssm), built-in
 * values.
 */
#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H

#include "options.h"
#include <icecat/cancel.h>
#include <icecat/error.h>
#include <stdint.h>

enum config_id {
#define SETTING(id, name, second, option, show, in_ssm, built_in) CONFIG_##id,
#include "config.def"
#undef SETTING
    CONFIG_COUNT
};

/* Strongest first. A new source takes its place in the order here and in config_load(). */
enum config_source {
    CONFIG_FROM_OPTION,
    CONFIG_FROM_FILE,
    CONFIG_FROM_ENVIRONMENT,
    CONFIG_FROM_USER_FILE,
    CONFIG_FROM_CLIENT_FILE,
    CONFIG_FROM_SSM,
    CONFIG_BUILT_IN,
    CONFIG_UNSET
};

struct config_value {
    char *text;   /* NULL when unset */
    char *origin; /* "--region", "config/prod.env:3", "environment", "ssm /a/b", "default" */
    enum config_source source;
};

struct config {
    struct config_value values[CONFIG_COUNT];
    char *alias_used; /* one sentence when an outdated name was read; NULL otherwise */
    char *
        unknown_key; /* one sentence on the first name in a file that is no setting; NULL otherwise */
};

/* How a value may be shown. */
enum config_show { SHOW_ALL, SHOW_URL /* without user and password */, SHOW_ENDS, SHOW_SET };

/* What the sources work with. */
struct config_context {
    const struct options *options;
    icecat_cancel *cancel; /* ends the requests to SSM */
    uint32_t log_level;    /* ICECAT_LOG_..., of these requests */
};

/*
 * Read all sources that need no network, and SSM when -s says so. ICECAT_E_PARSE or
 * ICECAT_E_CONFIG for a secrets file, and every status of icecat_ssm_get_parameters(). To be cleared
 * in either case.
 */
icecat_status config_load(struct config *config, const struct config_context *context,
                          icecat_error *err);
/* Wipe and release. */
void config_clear(struct config *config);

/* The value, or NULL when unset. */
const char *config_text(const struct config *config, enum config_id id);
/* Never NULL; "not set" when unset. */
const char *config_origin(const struct config *config, enum config_id id);
enum config_source config_source(const struct config *config, enum config_id id);
/* "AWS_REGION". */
const char *config_name(enum config_id id);
enum config_show config_show(enum config_id id);
/* The value as it may be printed: secrets redacted. "" when unset. @p out holds 1024 or more. */
void config_shown(const struct config *config, enum config_id id, char *out, size_t len);
/* An address without the user and password that it may hold; any other text as it is. */
void config_show_url(const char *text, char *out, size_t len);
/* The setting with that name in SSM; 0 when SSM does not have it. */
int config_is_in_ssm(enum config_id id);
/* Whole number of a setting within [min, max]; ICECAT_E_CONFIG names the origin. Unset: *out kept. */
icecat_status config_number(const struct config *config, enum config_id id, uint32_t min,
                            uint32_t max, uint32_t *out, icecat_error *err);

/* For the sources: take a copy of @p text unless a stronger source has given the setting.
 * ICECAT_E_NO_MEMORY. */
icecat_status config_offer(struct config *config, enum config_id id, const char *text,
                           enum config_source source, const char *origin, icecat_error *err);
/* dotenv_config.c: offer what the file of -s, called @p name, has; or the user's own file, if any. */
icecat_status config_load_file(struct config *config, const char *name, icecat_error *err);
icecat_status config_load_user_file(struct config *config, const struct options *options,
                                    icecat_error *err);
/* Remember that @p origin used the second name of a setting, which is outdated. */
void config_note_second_name(struct config *config, enum config_id id, const char *origin);
/* That second name; NULL when there is none. */
const char *config_second_name(enum config_id id);
/* ssm_config.c: offer what Parameter Store has. */
icecat_status config_load_ssm(struct config *config, const struct config_context *context,
                              icecat_error *err);

#endif
