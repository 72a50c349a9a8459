/*
 * profile_file.h - the shared files of AWS: ~/.aws/config and ~/.aws/credentials.
 *
 * Source of the format: AWS SDKs and Tools Reference Guide, "Format of the config and credentials
 * files". Where botocore and the other SDKs differ (comments behind a value), the other SDKs are
 * followed: a blank and '#' or ';' begin a comment.
 */
#ifndef IC_PROFILE_FILE_H
#define IC_PROFILE_FILE_H

#include "base/mem.h"
#include "base/view.h"
#include <icecat/error.h>

#define IC_PROFILE_FILE_MAX  (1u << 20) /* bytes of one file */
#define IC_PROFILE_ITEMS_MAX 20000u     /* settings of both files */

/** Which kind of section; names are separate per kind. */
typedef enum ic_section {
    IC_SECTION_PROFILE,     /* "[default]", "[profile NAME]"; "[NAME]" in the credentials file */
    IC_SECTION_SSO_SESSION, /* "[sso-session NAME]" */
    IC_SECTION_SERVICES,    /* "[services NAME]" */
    IC_SECTION_OTHER        /* anything else; its whole header is the name */
} ic_section;

/** Which of the two files a text is. */
typedef enum ic_profile_source { IC_PROFILE_CONFIG, IC_PROFILE_CREDENTIALS } ic_profile_source;

/** Both files, read. Values may be secret: wiped when freed. One thread at a time. */
typedef struct ic_profiles ic_profiles;

/** Empty. NULL when out of memory. @p mem is copied. */
ic_profiles *ic_profiles_new(const ic_mem *mem);
void ic_profiles_free(ic_profiles *profiles);

/**
 * Add the text of one file; later settings replace earlier ones of the same name. Pure.
 * ICECAT_E_CONFIG with "PATH:LINE: ..." (never the line itself), ICECAT_E_NO_MEMORY, ICECAT_E_LIMIT.
 */
icecat_status ic_profiles_parse(ic_profiles *profiles, ic_profile_source source, const char *path,
                                ic_view text, icecat_error *err);

/**
 * Read both files. A path that is NULL or "" means the variable AWS_CONFIG_FILE or
 * AWS_SHARED_CREDENTIALS_FILE, else the file in ~/.aws. A file that does not exist is empty; one
 * that cannot be read is ICECAT_E_CONFIG.
 */
icecat_status ic_profiles_load(const ic_mem *mem, const char *config_path,
                               const char *credentials_path, ic_profiles **out, icecat_error *err);

/** 1 when a section of this kind and name is in either file. */
int ic_profiles_has(const ic_profiles *profiles, ic_section section, const char *name);

/**
 * Value of a setting, or NULL. In a profile the credentials file wins over the config file. Case of
 * @p key does not matter. An empty value is "" (and may have nested settings). Borrowed.
 */
const char *ic_profiles_get(const ic_profiles *profiles, ic_section section, const char *name,
                            const char *key);
/** As ic_profiles_get(), of one file only. */
const char *ic_profiles_get_of(const ic_profiles *profiles, ic_profile_source source,
                               ic_section section, const char *name, const char *key);
/** Value of an indented setting below @p parent, e.g. "endpoint_url" below "s3", or NULL. */
const char *ic_profiles_get_nested(const ic_profiles *profiles, ic_section section,
                                   const char *name, const char *parent, const char *key);

/** Path that was read, as text for messages; "" before ic_profiles_load(). */
const char *ic_profiles_path(const ic_profiles *profiles, ic_profile_source source);

/** @p given, else AWS_PROFILE, else AWS_DEFAULT_PROFILE, else "default"; borrowed. */
const char *ic_profile_name(const char *given);

/** The folder ~/.aws stands in: HOME, or NULL. */
const char *ic_profile_home(void);

/** Copy @p path with a leading "~/" replaced by the home folder; NULL when out of memory. */
char *ic_profile_expand(const ic_mem *mem, const char *path);

#endif
