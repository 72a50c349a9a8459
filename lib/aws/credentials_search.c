/*
 * credentials_search.c - what a search looks at: variables, the profile's settings, region, endpoints.
 */
#include "aws/credentials_chain.h"
#include "aws/endpoint.h"
#include "base/error.h"
#include "base/uri.h"

#include <stdlib.h>
#include <string.h>

#define FALLBACK_REGION "us-east-1" /* of STS when no region is set, as in botocore */

const char *ic_variable(const char *name)
{
    const char *value = getenv(name);

    /* An empty variable counts as unset, as in the AWS SDKs. */
    return value != NULL && value[0] != '\0' ? value : NULL;
}

int ic_variable_is_true(const char *name)
{
    const char *value = ic_variable(name);

    return value != NULL && ic_text_equal_nocase(value, "true");
}

const char *ic_search_setting(const ic_search *search, const char *key)
{
    const char *value = ic_profiles_get(search->profiles, IC_SECTION_PROFILE, search->profile, key);

    return value != NULL && value[0] != '\0' ? value : NULL;
}

int ic_search_has(const ic_search *search, const char *key)
{
    return ic_search_setting(search, key) != NULL;
}

const char *ic_search_region(const ic_search *search)
{
    const char *region = search->chain->region;

    if (region == NULL)
        region = ic_variable("AWS_REGION");
    if (region == NULL)
        region = ic_variable("AWS_DEFAULT_REGION");
    if (region == NULL)
        region = ic_search_setting(search, "region");
    return region != NULL ? region : FALLBACK_REGION;
}

/* Where the user says that the service is; NULL for AWS itself. */
static const char *configured_endpoint(const ic_search *search, const char *id,
                                       const char *variable)
{
    const char *ignores = ic_search_setting(search, "ignore_configured_endpoint_urls");
    const char *services = ic_search_setting(search, "services");
    const char *url;

    if (ic_variable_is_true("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") ||
        (ignores != NULL && ic_text_equal_nocase(ignores, "true")))
        return NULL;
    url = ic_variable(variable);
    if (url == NULL)
        url = ic_variable("AWS_ENDPOINT_URL");
    if (url == NULL && services != NULL)
        url = ic_profiles_get_nested(search->profiles, IC_SECTION_SERVICES, services, id,
                                     "endpoint_url");
    return url != NULL ? url : ic_search_setting(search, "endpoint_url");
}

icecat_status ic_search_endpoint(const ic_search *search, const char *id, const char *variable,
                                 const char *host, const char *region, ic_buf *out,
                                 icecat_error *err)
{
    const char *url = configured_endpoint(search, id, variable);
    ic_url parts;
    size_t len;

    if (url == NULL) {
        if (!ic_region_is_valid(region))
            return ic_fail(err, ICECAT_E_CONFIG, "\"%.80s\" is not a region like eu-west-1",
                           region);
        ic_buf_add_format(out, "https://%s.%s.%s", host, region, ic_region_domain(region));
        return ic_buf_check(out, "an endpoint URL", err);
    }
    if (!ic_url_parse(url, &parts))
        return ic_fail(err, ICECAT_E_CONFIG,
                       "the endpoint URL of %s is not like http://host:port or https://host/path",
                       id);
    for (len = strlen(url); len != 0 && url[len - 1] == '/'; len--)
        ;
    ic_buf_add(out, url, len);
    return ic_buf_check(out, "an endpoint URL", err);
}
