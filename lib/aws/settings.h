/*
 * settings.h - the effective settings, each with its origin.
 */
#ifndef IC_SETTINGS_H
#define IC_SETTINGS_H

#include "aws/request.h"
#include <icecat/settings.h>

/** Every setting, in the order in which icecat_settings_name() tells them. */
typedef enum ic_setting {
    IC_SETTING_PROFILE,
    IC_SETTING_CONFIG_FILE,
    IC_SETTING_CREDENTIALS_FILE,
    IC_SETTING_REGION,
    IC_SETTING_IGNORE_ENDPOINTS,
    IC_SETTING_ENDPOINT_S3, /* in the order of ic_service */
    IC_SETTING_ENDPOINT_DYNAMODB,
    IC_SETTING_ENDPOINT_REKOGNITION,
    IC_SETTING_ENDPOINT_SSM,
    IC_SETTING_FIPS,
    IC_SETTING_DUALSTACK,
    IC_SETTING_ADDRESSING,
    IC_SETTING_CHECKSUM,
    IC_SETTING_RETRY_MODE,
    IC_SETTING_MAX_ATTEMPTS,
    IC_SETTING_MAX_CONNECTIONS,
    IC_SETTING_CONNECT_TIMEOUT,
    IC_SETTING_STALL_TIMEOUT,
    IC_SETTING_CA_BUNDLE,
    IC_SETTING_PROXY,
    IC_SETTING_NO_PROXY,
    IC_SETTING_PROXY_CA_BUNDLE,
    IC_SETTING_COUNT
} ic_setting;

/** How the field of icecat_client_options holds a setting. */
typedef enum ic_setting_kind {
    IC_SETTING_TEXT,   /* a text */
    IC_SETTING_NUMBER, /* a uint32_t */
    IC_SETTING_WORD,   /* a uint32_t: 1 is the first of the words */
    IC_SETTING_ENDPOINT,
    IC_SETTING_NO_FIELD
} ic_setting_kind;

/** One row of the table of settings. */
typedef struct ic_setting_row {
    const char *name;
    ic_setting_kind kind;
    size_t offset;         /* in icecat_client_options */
    const char *words;     /* of IC_SETTING_WORD, separated by blanks */
    const char *variables; /* separated by blanks; the first that is set wins */
    const char *parent;    /* in the profile, for an indented setting; else NULL */
    const char *key;       /* in the profile; NULL when it is in no file */
    const char *built_in;  /* or NULL */
} ic_setting_row;

const ic_setting_row *ic_setting_row_of(ic_setting id);

typedef enum ic_setting_source {
    IC_SETTING_UNSET,
    IC_SETTING_FROM_OPTION,
    IC_SETTING_FROM_ENVIRONMENT,
    IC_SETTING_FROM_PROFILE,
    IC_SETTING_BUILT_IN
} ic_setting_source;

typedef struct ic_setting_value {
    char *text; /* NULL when unset */
    char *origin;
    ic_setting_source source;
} ic_setting_value;

struct icecat_settings {
    ic_mem mem;
    ic_setting_value values[IC_SETTING_COUNT];
};

/** As icecat_settings_load(), of options that are loaded. */
icecat_status ic_settings_find(const icecat_client_options *options, icecat_settings **out,
                               icecat_error *err);

const char *ic_settings_text(const icecat_settings *settings, ic_setting id);
ic_setting_source ic_settings_source(const icecat_settings *settings, ic_setting id);

/** A number from 1 to @p max; 0 when unset. ICECAT_E_CONFIG names the value and its origin. */
icecat_status ic_settings_number(const icecat_settings *settings, ic_setting id, uint32_t max,
                                 uint32_t *out, icecat_error *err);

/** Which of @p words, separated by blanks, it is: 1 for the first, 0 when unset. Case is ignored. */
icecat_status ic_settings_word(const icecat_settings *settings, ic_setting id, const char *words,
                               unsigned *out, icecat_error *err);

#endif
