/*
 * settings_find.c - ask the sources of every setting, the strongest first.
 *
 * Source of the rules: AWS SDKs and Tools Reference Guide, "Precedence of settings" and
 * "Service-specific endpoints".
 */
#include "aws/profile_file.h"
#include "aws/settings.h"
#include "base/error.h"
#include "base/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct search {
    const icecat_client_options *options;
    icecat_settings *settings;
    ic_profiles *profiles;
    const char *profile;
} search;

static int is_set(const char *text)
{
    return text != NULL && text[0] != '\0';
}

/* Take the value unless a stronger source has given one, or there is none. */
static icecat_status offer(search *s, ic_setting id, const char *text, ic_setting_source source,
                           const char *origin, icecat_error *err)
{
    ic_setting_value *value = &s->settings->values[id];

    if (!is_set(text) || value->source != IC_SETTING_UNSET)
        return ICECAT_OK;
    value->text = ic_mem_dup(&s->settings->mem, text);
    value->origin = ic_mem_dup(&s->settings->mem, origin);
    value->source = source;
    if (value->text == NULL || value->origin == NULL)
        return ic_fail_memory(err, "a setting");
    return ICECAT_OK;
}

static void write_word(const char *words, uint32_t number, char *out, size_t size)
{
    ic_view rest = ic_view_of(words);
    ic_view word = ic_view_of("");

    for (uint32_t i = 0; i < number && rest.data != NULL; i++)
        rest = ic_view_split(rest, ' ', &word);
    snprintf(out, size, "%.*s", (int)word.len, word.data);
}

static icecat_status ask_option(search *s, ic_setting id, icecat_error *err)
{
    const ic_setting_row *row = ic_setting_row_of(id);
    const unsigned char *field = (const unsigned char *)s->options + row->offset;
    const char *text = NULL;
    uint32_t number = 0;
    char made[40] = "";

    if (row->kind == IC_SETTING_TEXT || row->kind == IC_SETTING_ENDPOINT)
        memcpy(&text, field, sizeof(text));
    if (row->kind == IC_SETTING_NUMBER || row->kind == IC_SETTING_WORD)
        memcpy(&number, field, sizeof(number));
    if (row->kind == IC_SETTING_NUMBER && number != 0)
        snprintf(made, sizeof(made), "%u", number);
    if (row->kind == IC_SETTING_WORD && number != 0)
        write_word(row->words, number, made, sizeof(made));
    if (made[0] != '\0')
        text = made;
    return offer(s, id, text, IC_SETTING_FROM_OPTION, "option", err);
}

static icecat_status ask_variables(search *s, ic_setting id, const char *variables,
                                   icecat_error *err)
{
    icecat_status status = ICECAT_OK;
    ic_view rest = ic_view_of(variables);
    char origin[80];
    char name[64];
    ic_view word;

    while (rest.len != 0 && status == ICECAT_OK) {
        rest = ic_view_split(rest, ' ', &word);
        snprintf(name, sizeof(name), "%.*s", (int)word.len, word.data);
        snprintf(origin, sizeof(origin), "environment %s", name);
        status = offer(s, id, getenv(name), IC_SETTING_FROM_ENVIRONMENT, origin, err);
    }
    return status;
}

/* Which file has it; a setting that both have counts as the credentials file's. */
static const char *file_of(const search *s, const char *key)
{
    ic_profile_source source = IC_PROFILE_CONFIG;

    if (ic_profiles_get_of(s->profiles, IC_PROFILE_CREDENTIALS, IC_SECTION_PROFILE, s->profile,
                           key) != NULL)
        source = IC_PROFILE_CREDENTIALS;
    return ic_profiles_path(s->profiles, source);
}

static icecat_status ask_profile(search *s, ic_setting id, const char *parent, const char *key,
                                 icecat_error *err)
{
    char origin[700];
    const char *text;

    if (key == NULL)
        return ICECAT_OK;
    if (parent != NULL)
        text = ic_profiles_get_nested(s->profiles, IC_SECTION_PROFILE, s->profile, parent, key);
    else
        text = ic_profiles_get(s->profiles, IC_SECTION_PROFILE, s->profile, key);
    snprintf(origin, sizeof(origin), "%.500s profile %.120s",
             file_of(s, parent != NULL ? parent : key), s->profile);
    return offer(s, id, text, IC_SETTING_FROM_PROFILE, origin, err);
}

static icecat_status ask_all(search *s, ic_setting id, icecat_error *err)
{
    const ic_setting_row *row = ic_setting_row_of(id);
    icecat_status status = ask_option(s, id, err);

    if (status == ICECAT_OK)
        status = ask_variables(s, id, row->variables, err);
    if (status == ICECAT_OK && s->profiles != NULL)
        status = ask_profile(s, id, row->parent, row->key, err);
    if (status == ICECAT_OK)
        status = offer(s, id, row->built_in, IC_SETTING_BUILT_IN, "default", err);
    return status;
}

/* "[services NAME]", which the profile points to. */
static icecat_status ask_services(search *s, ic_setting id, icecat_error *err)
{
    const ic_setting_row *row = ic_setting_row_of(id);
    const char *name = ic_profiles_get(s->profiles, IC_SECTION_PROFILE, s->profile, "services");
    char origin[700];

    if (!is_set(name))
        return ICECAT_OK;
    if (!ic_profiles_has(s->profiles, IC_SECTION_SERVICES, name))
        return ic_fail(err, ICECAT_E_CONFIG,
                       "profile %.100s says services = %.100s, but %.300s has no [services %.100s]",
                       s->profile, name, ic_profiles_path(s->profiles, IC_PROFILE_CONFIG), name);
    snprintf(origin, sizeof(origin), "%.500s services %.120s",
             ic_profiles_path(s->profiles, IC_PROFILE_CONFIG), name);
    return offer(
        s, id,
        ic_profiles_get_nested(s->profiles, IC_SECTION_SERVICES, name, row->parent, row->key),
        IC_SETTING_FROM_PROFILE, origin, err);
}

/* Code wins over everything else, also when it names no service. */
static icecat_status ask_endpoint(search *s, ic_setting id, icecat_error *err)
{
    unsigned ignores = 0;
    icecat_status status = ask_option(s, id, err);

    if (status == ICECAT_OK)
        status = offer(s, id, s->options->endpoint_url, IC_SETTING_FROM_OPTION, "option", err);
    if (status == ICECAT_OK)
        status = ic_settings_word(s->settings, IC_SETTING_IGNORE_ENDPOINTS, "true false", &ignores,
                                  err);
    if (status != ICECAT_OK || ignores == 1)
        return status;
    status = ask_variables(s, id, ic_setting_row_of(id)->variables, err);
    if (status == ICECAT_OK)
        status = ask_variables(s, id, "AWS_ENDPOINT_URL", err);
    if (status == ICECAT_OK)
        status = ask_services(s, id, err);
    return status == ICECAT_OK ? ask_profile(s, id, NULL, "endpoint_url", err) : status;
}

/* A profile that someone named must be there; "default" need not, whoever named it. */
static icecat_status read_files(search *s, icecat_error *err)
{
    const ic_setting_value *profile = &s->settings->values[IC_SETTING_PROFILE];
    icecat_status status = ic_profiles_load(&s->settings->mem, s->options->config_file,
                                            s->options->credentials_file, &s->profiles, err);

    if (status != ICECAT_OK)
        return status;
    s->profile = profile->text;
    if (strcmp(s->profile, "default") == 0 ||
        ic_profiles_has(s->profiles, IC_SECTION_PROFILE, s->profile))
        return ICECAT_OK;
    return ic_fail(err, ICECAT_E_CONFIG,
                   "profile \"%.100s\" (%s) is neither in %.200s nor in %.200s", s->profile,
                   profile->origin, ic_profiles_path(s->profiles, IC_PROFILE_CONFIG),
                   ic_profiles_path(s->profiles, IC_PROFILE_CREDENTIALS));
}

static icecat_status find_all(search *s, icecat_error *err)
{
    icecat_status status = ICECAT_OK;

    for (int i = 0; i < IC_SETTING_REGION && status == ICECAT_OK; i++)
        status = ask_all(s, (ic_setting)i, err);
    if (status == ICECAT_OK)
        status = read_files(s, err);
    for (int i = IC_SETTING_REGION; i < IC_SETTING_COUNT && status == ICECAT_OK; i++) {
        if (ic_setting_row_of((ic_setting)i)->kind == IC_SETTING_ENDPOINT)
            status = ask_endpoint(s, (ic_setting)i, err);
        else
            status = ask_all(s, (ic_setting)i, err);
    }
    return status;
}

icecat_status ic_settings_find(const icecat_client_options *options, icecat_settings **out,
                               icecat_error *err)
{
    search s = { .options = options };
    icecat_status status;

    s.settings = ic_mem_zalloc(options->allocator, sizeof(*s.settings));
    if (s.settings == NULL)
        return ic_fail_memory(err, "the settings");
    s.settings->mem = options->allocator != NULL ? *options->allocator : ic_mem_default;
    status = find_all(&s, err);
    ic_profiles_free(s.profiles);
    if (status != ICECAT_OK) {
        icecat_settings_free(s.settings);
        return status;
    }
    *out = s.settings;
    return ICECAT_OK;
}
