/*
 * global.c - libcurl's process-wide state. libcurl counts its own initialisations, so ours are simply
 * paired; since 7.84 curl_global_init() may be called from any thread.
 */
#include "aws/global.h"

#include "base/error.h"

#include <curl/curl.h>

icecat_status ic_global_retain(icecat_error *err)
{
    CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);

    if (code != CURLE_OK)
        return ic_fail(err, ICECAT_E_INTERNAL, "libcurl cannot be initialised: %s",
                       curl_easy_strerror(code));
    return ICECAT_OK;
}

void ic_global_release(void)
{
    curl_global_cleanup();
}

const char *ic_global_curl_version(void)
{
    return curl_version_info(CURLVERSION_NOW)->version;
}
