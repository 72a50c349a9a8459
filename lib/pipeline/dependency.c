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

const char *icecat_version_dependency(const char *name)
{
    static const struct {
        const char *name;
        const char *(*version)(void);
    } libraries[] = {
        { "libcurl", ic_global_curl_version },
        { "openssl", ic_digest_library_version },
        { "cjson", cJSON_Version },
        { "libpng", ic_png_library_version },
        { "libjpeg-turbo", ic_jpeg_library_version },
    };

    for (size_t i = 0; name != NULL && i < sizeof(libraries) / sizeof(libraries[0]); i++) {
        if (strcmp(libraries[i].name, name) == 0)
            return libraries[i].version();
    }
    return NULL;
}
