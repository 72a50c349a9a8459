/*
 * doctor_local.c - the checks that send nothing: build, settings, proxies, limits, folder of batches.
 */
#include "batch_source.h"
#include "cli_error.h"
#include "client_id.h"
#include "connect.h"
#include "doctor.h"

#include <dirent.h>
#include <errno.h>
#include <icecat/settings.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define LEAST_FREE_MIB 100

void doctor_check_build(struct doctor *doctor)
{
    int differs = strcmp(ICECAT_VERSION_STRING, icecat_version_string()) != 0;

    doctor_add(doctor, "build", differs ? DOCTOR_WARN : DOCTOR_OK,
               "icecat %s, libicecat %s, libcurl %s, OpenSSL %s, cJSON %s, libpng %s, "
               "libjpeg-turbo %s",
               ICECAT_VERSION_STRING, icecat_version_string(), icecat_version_dependency("libcurl"),
               icecat_version_dependency("openssl"), icecat_version_dependency("cjson"),
               icecat_version_dependency("libpng"), icecat_version_dependency("libjpeg-turbo"));
    if (differs)
        doctor_fix(doctor, "install the command and the library of the same release");
}

/* Every setting that the commands need, or the first that is not there. */
static const char *missing(const struct config *config)
{
    if (config_text(config, CONFIG_BUCKET_SOURCE) == NULL)
        return config_name(CONFIG_BUCKET_SOURCE);
    return config_text(config, CONFIG_TABLE) == NULL ? config_name(CONFIG_TABLE) : NULL;
}

void doctor_check_config(struct doctor *doctor, const struct config_context *context)
{
    struct config *config = &doctor->cli->config;
    icecat_error err;

    if (config_load(config, context, &err) != ICECAT_OK)
        doctor_add_error(doctor, "config", &err);
    else if (config->alias_used != NULL)
        doctor_add(doctor, "config", DOCTOR_WARN, "%s", config->alias_used);
    else if (missing(config) != NULL)
        doctor_add(doctor, "config", DOCTOR_WARN, "%s is not set", missing(config));
    else if (config->unknown_key != NULL)
        doctor_add(doctor, "config", DOCTOR_WARN, "%s", config->unknown_key);
    else
        doctor_add(doctor, "config", DOCTOR_OK, "bucket %s (%s), table %s (%s)",
                   config_text(config, CONFIG_BUCKET_SOURCE),
                   config_origin(config, CONFIG_BUCKET_SOURCE), config_text(config, CONFIG_TABLE),
                   config_origin(config, CONFIG_TABLE));
    if (doctor->checks[doctor->count - 1].state == DOCTOR_WARN)
        doctor_fix(doctor, "icecat config shows every setting and its origin");
}

/* The command hands its own settings to the library as options; their origin is what the user knows. */
static const char *origin_of(const struct config *config, enum config_id id,
                             const icecat_settings *found, const char *name)
{
    return config_text(config, id) != NULL ? config_origin(config, id)
                                           : icecat_settings_origin(found, name);
}

/* A file that cannot be read shows only as a failed handshake later. */
static void check_ca(struct doctor *doctor, const icecat_settings *found)
{
    const char *path = icecat_settings_get(found, "ca_bundle");
    const char *origin = origin_of(&doctor->cli->config, CONFIG_CA_BUNDLE, found, "ca_bundle");

    if (path == NULL) {
        doctor_add(doctor, "ca", DOCTOR_OK, "the system's certificates");
    } else if (access(path, R_OK) == 0) {
        doctor_add(doctor, "ca", DOCTOR_OK, "%s (%s)", path, origin);
    } else {
        doctor_add(doctor, "ca", DOCTOR_FAIL, "%s (%s): %s", path, origin, strerror(errno));
        doctor_fix(doctor, "name a PEM file with --ca-bundle");
    }
}

void doctor_check_profile(struct doctor *doctor)
{
    const struct config *config = &doctor->cli->config;
    icecat_client_options options;
    icecat_settings *found = NULL;
    icecat_error err;
    icecat_status status = connect_options(config, &options, &err);
    const char *region;

    if (status == ICECAT_OK)
        status = icecat_settings_load(&options, &found, &err);
    if (status != ICECAT_OK) {
        doctor_add_error(doctor, "profile", &err);
        return;
    }
    region = icecat_settings_get(found, "region");
    doctor_add(doctor, "profile", region != NULL ? DOCTOR_OK : DOCTOR_FAIL,
               "profile %s (%s), region %s (%s)", icecat_settings_get(found, "profile"),
               origin_of(config, CONFIG_PROFILE, found, "profile"),
               region != NULL ? region : "none", origin_of(config, CONFIG_REGION, found, "region"));
    if (region == NULL)
        doctor_fix(doctor, "set AWS_REGION, or use --region");
    doctor->has_settings = region != NULL;
    check_ca(doctor, found);
    icecat_settings_free(found);
}

/* The variables that libcurl reads; http_proxy only in lower case, as CGI programs need it. */
void doctor_check_proxy(struct doctor *doctor)
{
    static const char *const names[] = { "https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy",
                                         "ALL_PROXY",   "no_proxy",    "NO_PROXY" };
    char text[900] = "", shown[256];
    const char *own = config_text(&doctor->cli->config, CONFIG_PROXY);
    size_t used = 0;

    if (own != NULL) {
        config_show_url(own, shown, sizeof(shown));
        used = (size_t)snprintf(text, sizeof(text), ", --proxy %s", shown);
    }
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && used < sizeof(text); i++) {
        const char *value = getenv(names[i]);

        if (value == NULL || *value == '\0')
            continue;
        config_show_url(value, shown, sizeof(shown));
        used += (size_t)snprintf(text + used, sizeof(text) - used, ", %s=%s", names[i], shown);
    }
    doctor_add(doctor, "proxy", DOCTOR_OK, "%s", used > 0 ? text + 2 : "none");
    if (getenv("HTTP_PROXY") != NULL && getenv("http_proxy") == NULL) {
        doctor_add(doctor, "proxy-name", DOCTOR_WARN,
                   "HTTP_PROXY is set, which is not read: only http_proxy in lower case is");
        doctor_fix(doctor, "set http_proxy, or HTTPS_PROXY for https addresses");
    }
}

void doctor_check_files(struct doctor *doctor)
{
    uint32_t jobs = 0, most = connect_most_jobs();
    icecat_error err;

    if (config_number(&doctor->cli->config, CONFIG_JOBS, 1, UINT32_MAX, &jobs, &err) != ICECAT_OK) {
        doctor_add_error(doctor, "open-files", &err);
        return;
    }
    doctor_add(doctor, "open-files", jobs > most ? DOCTOR_WARN : DOCTOR_OK,
               "%lu jobs at the same time; up to %lu may open enough files", (unsigned long)jobs,
               (unsigned long)most);
    if (jobs > most)
        doctor_fix(doctor, "raise ulimit -n, or use fewer --jobs");
}

/* Batches whose journal is left: they were cut short. */
static void check_unfinished(struct doctor *doctor, const char *dir)
{
    const char *first = NULL;
    char name[256] = "";
    unsigned count = 0;
    struct dirent *entry;
    DIR *folder = opendir(dir);

    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        const char *end = strstr(entry->d_name, ".json.journal");

        if (end == NULL || batch_name_id(entry->d_name) == 0)
            continue;
        if (count++ == 0)
            snprintf(name, sizeof(name), "%s", entry->d_name);
        first = name;
    }
    if (folder != NULL)
        closedir(folder);
    if (count == 0) {
        doctor_add(doctor, "batches", DOCTOR_OK, "no batch in %s was cut short", dir);
        return;
    }
    doctor_add(doctor, "batches", DOCTOR_WARN, "%u batches in %s were cut short, the first is %s",
               count, dir, first);
    doctor_fix(doctor, "icecat results -b %.80s/%.120s shows what was sent; submit the rest again",
               dir, first);
}

void doctor_check_logs(struct doctor *doctor)
{
    const char *dir = batch_logs_dir(doctor->cli);
    struct statvfs space;
    unsigned long long free_mib;

    if (access(dir, F_OK) != 0) {
        doctor_add(doctor, "logs-dir", DOCTOR_OK, "%s is not there; submit makes it", dir);
        return;
    }
    if (access(dir, W_OK | X_OK) != 0) {
        doctor_add(doctor, "logs-dir", DOCTOR_FAIL, "%s: %s", dir, strerror(errno));
        doctor->checks[doctor->count - 1].status = ICECAT_E_FILE;
        doctor_fix(doctor, "name another folder with --logs-dir");
        return;
    }
    if (statvfs(dir, &space) != 0) {
        doctor_add(doctor, "logs-dir", DOCTOR_WARN, "%s: %s", dir, strerror(errno));
        return;
    }
    free_mib = (unsigned long long)space.f_bavail * space.f_frsize / 1048576;
    doctor_add(doctor, "logs-dir", free_mib < LEAST_FREE_MIB ? DOCTOR_WARN : DOCTOR_OK,
               "%s is writable, %llu MiB are free", dir, free_mib);
    if (free_mib < LEAST_FREE_MIB)
        doctor_fix(doctor, "make room, or name another folder with --logs-dir");
    check_unfinished(doctor, dir);
}
