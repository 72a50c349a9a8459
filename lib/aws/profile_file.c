/*
 * profile_file.c - the two shared files: where they are, and the settings in them.
 */
#include "aws/profile_file.h"

#include "aws/profile_parse.h"
#include "base/error.h"
#include "base/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

ic_profiles *ic_profiles_new(const ic_mem *mem)
{
    ic_profiles *profiles = ic_mem_zalloc(mem, sizeof(*profiles));

    if (profiles != NULL)
        profiles->mem = mem != NULL ? *mem : ic_mem_default;
    return profiles;
}

void ic_profiles_free(ic_profiles *profiles)
{
    ic_mem mem;

    if (profiles == NULL)
        return;
    mem = profiles->mem;
    for (size_t i = 0; i < profiles->count; i++) {
        if (profiles->items[i].owns_name)
            ic_mem_free(&mem, profiles->items[i].name);
        ic_mem_free(&mem, profiles->items[i].key);
        ic_mem_free_secret_text(&mem, profiles->items[i].value);
    }
    ic_mem_free(&mem, profiles->items);
    ic_mem_free(&mem, profiles->paths[IC_PROFILE_CONFIG]);
    ic_mem_free(&mem, profiles->paths[IC_PROFILE_CREDENTIALS]);
    ic_mem_free(&mem, profiles);
}

static const char *variable(const char *name)
{
    const char *value = getenv(name);

    return value != NULL && value[0] != '\0' ? value : NULL;
}

const char *ic_profile_name(const char *given)
{
    const char *name = given != NULL && given[0] != '\0' ? given : variable("AWS_PROFILE");

    if (name == NULL)
        name = variable("AWS_DEFAULT_PROFILE");
    return name != NULL ? name : "default";
}

const char *ic_profile_home(void)
{
    return variable("HOME");
}

char *ic_profile_expand(const ic_mem *mem, const char *path)
{
    const char *home = ic_profile_home();
    char *whole;
    size_t home_len;
    size_t rest_len;

    if (path[0] != '~' || path[1] != '/' || home == NULL)
        return ic_mem_dup(mem, path);
    home_len = strlen(home);
    rest_len = strlen(path + 1);
    whole = ic_mem_alloc(mem, home_len + rest_len + 1);
    if (whole == NULL)
        return NULL;
    memcpy(whole, home, home_len);
    memcpy(whole + home_len, path + 1, rest_len + 1);
    return whole;
}

/* Which file to read: named by the caller, by a variable, or the usual one. */
static char *find_path(const ic_mem *mem, ic_profile_source source, const char *given)
{
    static const char *const variables[2] = { "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE" };
    static const char *const usual[2] = { "~/.aws/config", "~/.aws/credentials" };
    const char *path = given != NULL && given[0] != '\0' ? given : variable(variables[source]);

    return ic_profile_expand(mem, path != NULL ? path : usual[source]);
}

static icecat_status read_file(ic_profiles *profiles, ic_profile_source source, const char *given,
                               icecat_error *err)
{
    const char *path = profiles->paths[source] = find_path(&profiles->mem, source, given);
    icecat_status status;
    ic_buf text;

    if (path == NULL)
        return ic_fail_memory(err, "the path of a shared file");
    if (access(path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR))
        return ICECAT_OK;
    if (strcmp(path, "/dev/null") == 0) /* a common way to say "no file" */
        return ICECAT_OK;
    ic_buf_init(&text, &profiles->mem, IC_PROFILE_FILE_MAX);
    status = ic_file_read(path, IC_PROFILE_FILE_MAX, &text, err);
    if (status == ICECAT_OK)
        status = ic_profiles_parse(profiles, source, path, ic_view_n(text.data, text.len), err);
    if (status == ICECAT_E_FILE || status == ICECAT_E_LIMIT)
        status = ic_error_recast(err, ICECAT_E_CONFIG);
    ic_buf_free_secret(&text);
    return status;
}

icecat_status ic_profiles_load(const ic_mem *mem, const char *config_path,
                               const char *credentials_path, ic_profiles **out, icecat_error *err)
{
    ic_profiles *profiles = ic_profiles_new(mem);
    icecat_status status;

    *out = NULL;
    if (profiles == NULL)
        return ic_fail_memory(err, "the shared files");
    status = read_file(profiles, IC_PROFILE_CONFIG, config_path, err);
    if (status == ICECAT_OK)
        status = read_file(profiles, IC_PROFILE_CREDENTIALS, credentials_path, err);
    if (status != ICECAT_OK) {
        ic_profiles_free(profiles);
        return status;
    }
    *out = profiles;
    return ICECAT_OK;
}

static int is_in(const ic_profile_item *item, ic_section section, const char *name)
{
    return item->section == section && strcmp(item->name, name) == 0;
}

int ic_profiles_has(const ic_profiles *profiles, ic_section section, const char *name)
{
    for (size_t i = 0; i < profiles->count; i++) {
        if (is_in(&profiles->items[i], section, name))
            return 1;
    }
    return 0;
}

/* The last one of the file counts. */
static const char *find(const ic_profiles *profiles, ic_profile_source source, ic_section section,
                        const char *name, const char *parent, const char *key)
{
    for (size_t i = profiles->count; i-- > 0;) {
        const ic_profile_item *item = &profiles->items[i];

        if (item->source != source || item->key == NULL || !is_in(item, section, name) ||
            !ic_text_equal_nocase(item->key, key))
            continue;
        if (parent == NULL ? item->parent == NULL
                           : item->parent != NULL && ic_text_equal_nocase(item->parent, parent))
            return item->value;
    }
    return NULL;
}

const char *ic_profiles_get_of(const ic_profiles *profiles, ic_profile_source source,
                               ic_section section, const char *name, const char *key)
{
    return find(profiles, source, section, name, NULL, key);
}

const char *ic_profiles_get(const ic_profiles *profiles, ic_section section, const char *name,
                            const char *key)
{
    const char *value = find(profiles, IC_PROFILE_CREDENTIALS, section, name, NULL, key);

    return value != NULL ? value : find(profiles, IC_PROFILE_CONFIG, section, name, NULL, key);
}

const char *ic_profiles_get_nested(const ic_profiles *profiles, ic_section section,
                                   const char *name, const char *parent, const char *key)
{
    const char *value = find(profiles, IC_PROFILE_CREDENTIALS, section, name, parent, key);

    return value != NULL ? value : find(profiles, IC_PROFILE_CONFIG, section, name, parent, key);
}

const char *ic_profiles_path(const ic_profiles *profiles, ic_profile_source source)
{
    return profiles->paths[source] != NULL ? profiles->paths[source] : "";
}
