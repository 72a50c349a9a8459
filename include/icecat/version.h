/*
 * version.h - which release this is, at compile time and at run time.
 *
 * Thread rule: any thread.
 */
#ifndef ICECAT_VERSION_H
#define ICECAT_VERSION_H

#include <icecat/export.h>
#include <stdint.h>

/** Version of the headers. */
#define ICECAT_VERSION_MAJOR 0 /**< Grows with an ABI that is not compatible. */
#define ICECAT_VERSION_MINOR 1 /**< Grows with what is new; before 1.0, also with changes. */
#define ICECAT_VERSION_PATCH 0 /**< Grows with what is put right. */

/** Makes ICECAT_VERSION_STRING. */
#define ICECAT_VERSION_TEXT(a, b, c) #a "." #b "." #c
/** Makes ICECAT_VERSION_STRING. */
#define ICECAT_VERSION_JOIN(a, b, c) ICECAT_VERSION_TEXT(a, b, c)
/** "MAJOR.MINOR.PATCH" of the headers. */
#define ICECAT_VERSION_STRING                                                                      \
    ICECAT_VERSION_JOIN(ICECAT_VERSION_MAJOR, ICECAT_VERSION_MINOR, ICECAT_VERSION_PATCH)
/** One number that grows with every release: major * 1000000 + minor * 1000 + patch. */
#define ICECAT_VERSION_NUMBER                                                                      \
    (ICECAT_VERSION_MAJOR * 1000000 + ICECAT_VERSION_MINOR * 1000 + ICECAT_VERSION_PATCH)

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Version of the library that is linked, as ICECAT_VERSION_NUMBER counts. Never fails.
 * Safe to call from any thread.
 */
ICECAT_API uint32_t icecat_version_number(void);

/** Version of the library that is linked, e.g. "0.1.0". Static storage; any thread. */
ICECAT_API const char *icecat_version_string(void);

/**
 * Version, at run time, of a library that libicecat uses; of libjpeg-turbo, which cannot tell, and of
 * cJSON, which cannot tell several threads at once, at build time.
 *
 * @param name "libcurl", "openssl", "cjson", "libpng" or "libjpeg-turbo".
 * @return Text with static storage, or NULL when @p name is none of these. Any thread.
 */
ICECAT_API const char *icecat_version_dependency(const char *name);

#ifdef __cplusplus
}
#endif

#endif
