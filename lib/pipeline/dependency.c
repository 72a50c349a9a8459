/*
 * dependency.c - versions of the libraries that libicecat uses. Each is asked by the one file that
 * includes its header.
 */
#include "aws/global.h"
#include "base/digest.h"
#include "base/json.h"
#include "image/walk.h"

#include <icecat/version.h>
#include <stddef.h>
#include <string.h>

#define TEXT(a, b, c)    #a "." #b "." #c
#define VERSION(a, b, c) TEXT(a, b, c)

/* Not cJSON_Version(): it writes its answer anew at each call, into memory that all threads share. */
static const char *cjson_version(void)
{
    return VERSION(CJSON_VERSION_MAJOR, CJSON_VERSION_MINOR, CJSON_VERSION_PATCH);
}

const char *icecat_version_dependency(const char *name)
{
    static const struct {
        const char *name;
        const char *(*version)(void);
    } libraries[] = {
        { "libcurl", ic_global_curl_version },
        { "openssl", ic_digest_library_version },
        { "cjson", cjson_version },
        { "libpng", ic_png_library_version },
        { "libjpeg-turbo", ic_jpeg_library_version },
    };

    for (size_t i = 0; name != NULL && i < sizeof(libraries) / sizeof(libraries[0]); i++) {
        if (strcmp(libraries[i].name, name) == 0)
            return libraries[i].version();
    }
    return NULL;
}
