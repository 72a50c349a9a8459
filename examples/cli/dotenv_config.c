/*
 * dotenv_config.c - settings out of files of KEY=value lines: the file of -s, and the user's own.
 */
#include "config.h"

#include "cli_error.h"
#include "dotenv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_LEN = 960, ORIGIN_LEN = 1024 };

static icecat_status offer_entry(struct config *config, enum config_id id,
                                 const struct dotenv *file, const char *path,
                                 enum config_source source, icecat_error *err)
{
    const char *second = config_second_name(id);
    const struct dotenv_entry *entry = dotenv_get(file, config_name(id));
    int is_second = entry == NULL && second != NULL;
    char origin[ORIGIN_LEN];
    char inside[2 * PATH_LEN];
    const char *text;

    if (is_second)
        entry = dotenv_get(file, second);
    if (entry == NULL)
        return ICECAT_OK;
    snprintf(origin, sizeof(origin), "%s:%u", path, entry->line);
    if (is_second)
        config_note_second_name(config, id, origin);
    text = entry->value;
    /* The user's file is read from anywhere, so its paths are relative to it, not to the folder of now. */
    if (id == CONFIG_CA_BUNDLE && source == CONFIG_FROM_USER_FILE && text[0] != '/' &&
        text[0] != '\0') {
        const char *slash = strrchr(path, '/');
        int folder = slash != NULL ? (int)(slash - path) + 1 : 0;

        if (snprintf(inside, sizeof(inside), "%.*s%s", folder, path, text) >= (int)sizeof(inside))
            return cli_error(err, ICECAT_E_CONFIG, "%s: the path is too long", origin);
        text = inside;
    }
    return config_offer(config, id, text, source, origin, err);
}

/* What the Python client's files also hold, and what the AWS programs read of the same environment. */
static int is_of_others(const char *key)
{
    static const char *const others[] = { "FUNC_BULKIMG_ANALYSER_NAME", "FUNC_IMAGE_ANALYSER_NAME",
                                          "API_HOST", "S3BUCKET_DEST", "S3BUCKET_FAIL" };

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        if (strcmp(key, others[i]) == 0)
            return 1;
    }
    return strncmp(key, "AWS_", 4) == 0;
}

static int is_setting(const char *key)
{
    for (unsigned i = 0; i < CONFIG_COUNT; i++) {
        const char *second = config_second_name((enum config_id)i);

        if (strcmp(key, config_name((enum config_id)i)) == 0 ||
            (second != NULL && strcmp(key, second) == 0))
            return 1;
    }
    return 0;
}

/* A misspelt name does nothing, and nobody would say so: remember the first for icecat doctor. */
static void note_unknown_key(struct config *config, const struct dotenv *file, const char *path)
{
    char text[ORIGIN_LEN + 128];

    for (size_t i = 0; i < file->count && config->unknown_key == NULL; i++) {
        const struct dotenv_entry *entry = &file->entries[i];

        if (is_setting(entry->key) || is_of_others(entry->key))
            continue;
        snprintf(text, sizeof(text), "%s:%u: %.100s is no setting of icecat", path, entry->line,
                 entry->key);
        config->unknown_key = cli_copy_text(text, strlen(text));
    }
}

static icecat_status load(struct config *config, const char *path, enum config_source source,
                          icecat_error *err)
{
    struct dotenv file;
    icecat_status status = dotenv_load(path, &file, err);

    if (status != ICECAT_OK)
        return status;
    for (unsigned i = 0; i < CONFIG_COUNT && status == ICECAT_OK; i++)
        status = offer_entry(config, (enum config_id)i, &file, path, source, err);
    if (status == ICECAT_OK)
        note_unknown_key(config, &file, path);
    dotenv_clear(&file);
    return status;
}

icecat_status config_load_file(struct config *config, const char *name, icecat_error *err)
{
    char path[PATH_LEN];
    icecat_status status = dotenv_find(name, path, sizeof(path), err);

    return status == ICECAT_OK ? load(config, path, CONFIG_FROM_FILE, err) : status;
}

/* 1 when there is a file at the usual place. */
static int usual_path(char *out, size_t len)
{
    const char *base = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME");
    int wrote;

    if (base != NULL && base[0] == '/')
        wrote = snprintf(out, len, "%s/icecat/config", base);
    else if (home != NULL && home[0] == '/')
        wrote = snprintf(out, len, "%s/.config/icecat/config", home);
    else
        return 0;
    return wrote > 0 && (size_t)wrote < len && access(out, F_OK) == 0;
}

icecat_status config_load_user_file(struct config *config, const struct options *options,
                                    icecat_error *err)
{
    const char *named = options_text(options, OPTION_CONFIG);
    char path[PATH_LEN];

    if (options_count(options, OPTION_NO_CONFIG) != 0)
        return ICECAT_OK;
    if (named != NULL) {
        if (strlen(named) >= sizeof(path))
            return cli_error(err, ICECAT_E_CONFIG, "--config: the path is too long");
        return load(config, named, CONFIG_FROM_USER_FILE, err);
    }
    return usual_path(path, sizeof(path)) ? load(config, path, CONFIG_FROM_USER_FILE, err)
                                          : ICECAT_OK;
}
