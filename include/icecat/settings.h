/*
 * settings.h - the effective settings of a client, and where each came from.
 *
 * Sources, the strongest first: icecat_client_options, the environment, the profile in the shared
 * files of AWS, built-in values. docs/configuration.md lists every setting.
 * Source of the rule: AWS SDKs and Tools Reference Guide, "Precedence of settings".
 *
 * @param settings The settings.
 * @param client   The client.
 * @param name     Name of the setting, as icecat_settings_name() gives it.
 * @param index    From 0.
 *
 * Thread rule: settings never change, and any number of threads may read them.
 * Ownership rule: texts live as long as the settings that they come from.
 */
#ifndef ICECAT_SETTINGS_H
#define ICECAT_SETTINGS_H

#include <icecat/client.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Settings with their origins. Nothing in it changes; any number of threads may read it. */
typedef struct icecat_settings icecat_settings;

/**
 * Find every setting as icecat_client_new() would, without making a client. Values are not checked,
 * and access keys are not looked for.
 *
 * @param options Settings, or NULL for all defaults. Borrowed.
 * @param out     Receives the settings; free with icecat_settings_free().
 * @param err     Receives the reason of a failure; may be NULL.
 * @retval ICECAT_OK
 * @retval ICECAT_E_ARGUMENT @p out is NULL, or a size is wrong.
 * @retval ICECAT_E_CONFIG   A file cannot be read or understood, or the profile that is named, or
 *                           its services section, is in no file.
 * @retval ICECAT_E_NO_MEMORY
 *
 * Reads the environment: not safe while another thread changes it.
 */
ICECAT_API icecat_status icecat_settings_load(const icecat_client_options *options,
                                              icecat_settings **out, icecat_error *err);

/** Name of setting @p index, e.g. "region"; NULL when there are fewer. Static. */
ICECAT_API const char *icecat_settings_name(size_t index);

/**
 * Value of a setting; NULL when nothing sets it or there is no such setting. Lives as long as
 * @p settings. "proxy" may hold a password.
 */
ICECAT_API const char *icecat_settings_get(const icecat_settings *settings, const char *name);

/**
 * Where the value came from: "option", "environment AWS_REGION", "/home/me/.aws/config profile dev",
 * "default"; "not set" when there is no value; NULL when there is no such setting.
 */
ICECAT_API const char *icecat_settings_origin(const icecat_settings *settings, const char *name);

/** Release settings. NULL is allowed. */
ICECAT_API void icecat_settings_free(icecat_settings *settings);

/** The settings that a client was made with; borrowed from it. NULL for NULL. */
ICECAT_API const icecat_settings *icecat_client_settings(const icecat_client *client);

#ifdef __cplusplus
}
#endif

#endif
