/*
 * endpoint.c - where a service is, and the URL of a request to it.
 *
 * Source of the rules: AWS General Reference, "Service endpoints"; Amazon S3 User Guide, "Virtual
 * hosting of general purpose buckets".
 */
#include "aws/endpoint.h"

#include "aws/partition.h"
#include "base/error.h"
#include "base/uri.h"

#include <icecat/client.h>
#include <string.h>

#define MAX_URL 40960

int ic_region_is_valid(const char *region)
{
    size_t len = strlen(region);

    return len >= 1 && len <= 63 &&
           strspn(region, "abcdefghijklmnopqrstuvwxyz0123456789-") == len && region[0] != '-' &&
           region[len - 1] != '-';
}

const char *ic_region_domain(const char *region)
{
    return ic_partition_of(region)->domain;
}

/* In the US government's regions the plain hosts of these two services are the FIPS ones. */
static int has_fips_host(ic_service service, const char *region)
{
    int is_gov = strcmp(ic_partition_of(region)->name, "aws-us-gov") == 0;

    return !is_gov || (service != IC_SERVICE_DYNAMODB && service != IC_SERVICE_SSM);
}

void ic_endpoint_write(ic_buf *out, ic_service service, const char *region,
                       ic_endpoint_traits traits)
{
    const ic_partition *partition = ic_partition_of(region);
    int dual_host = traits.dualstack && service != IC_SERVICE_S3;
    int fips = traits.fips && (dual_host || has_fips_host(service, region));

    ic_buf_add_format(out, "https://%s%s%s.%s.%s", ic_service_name(service), fips ? "-fips" : "",
                      traits.dualstack && !dual_host ? ".dualstack" : "", region,
                      dual_host ? partition->dualstack_domain : partition->domain);
}

icecat_status ic_endpoint_make(const ic_mem *mem, ic_service service, const char *region,
                               ic_endpoint_traits traits, const char *override_url,
                               ic_endpoint *out, icecat_error *err)
{
    ic_buf base;
    ic_url url;

    ic_buf_init(&base, mem, 1024);
    if (override_url != NULL) {
        size_t len = strlen(override_url);

        if (strchr(override_url, '@') != NULL) /* not shown: it may hold a password */
            return ic_fail(err, ICECAT_E_CONFIG,
                           "the endpoint URL of %s has an @; no user or password belongs there",
                           ic_service_name(service));
        if (!ic_url_parse(override_url, &url))
            return ic_fail(err, ICECAT_E_CONFIG,
                           "the endpoint URL of %s, \"%.200s\", is not like http://host:port or "
                           "https://host/path",
                           ic_service_name(service), override_url);
        while (len != 0 && override_url[len - 1] == '/')
            len--;
        ic_buf_add(&base, override_url, len);
    } else {
        ic_endpoint_write(&base, service, region, traits);
    }
    if (ic_buf_status(&base) != ICECAT_OK) {
        icecat_status status = ic_buf_check(&base, "an endpoint URL", err);

        ic_buf_free(&base);
        return status;
    }
    out->base = ic_buf_take(&base, NULL);
    out->is_override = override_url != NULL;
    return ICECAT_OK;
}

void ic_address_init(ic_address *address, const ic_mem *mem)
{
    ic_buf_init(&address->url, mem, MAX_URL);
    ic_buf_init(&address->host, mem, 1024);
    ic_buf_init(&address->path, mem, MAX_URL);
}

void ic_address_reset(ic_address *address)
{
    ic_buf_reset(&address->url);
    ic_buf_reset(&address->host);
    ic_buf_reset(&address->path);
}

void ic_address_free(ic_address *address)
{
    ic_buf_free(&address->url);
    ic_buf_free(&address->host);
    ic_buf_free(&address->path);
}

/*
 * A bucket with a dot goes into the path, because AWS's wildcard certificate covers one label. A server
 * named by the user rarely has wildcard DNS, so there the path is the default too.
 */
static int uses_virtual_host(const ic_endpoint *endpoint, const ic_request *request,
                             uint32_t addressing)
{
    if (request->bucket == NULL || addressing == ICECAT_ADDRESSING_PATH)
        return 0;
    if (addressing == ICECAT_ADDRESSING_VIRTUAL)
        return 1;
    return !endpoint->is_override && strchr(request->bucket, '.') == NULL;
}

static void add_host(ic_buf *out, const ic_url *url)
{
    if (url->is_ipv6)
        ic_buf_add_char(out, '[');
    ic_buf_add(out, url->host.data, url->host.len);
    if (url->is_ipv6)
        ic_buf_add_char(out, ']');
    if (!url->is_default_port) {
        ic_buf_add_char(out, ':');
        ic_buf_add_u64(out, url->port);
    }
}

icecat_status ic_address_make(ic_address *address, const ic_endpoint *endpoint,
                              const ic_request *request, uint32_t addressing, icecat_error *err)
{
    int in_host = uses_virtual_host(endpoint, request, addressing);
    const char *path = ic_buf_text(&request->path);
    icecat_status status;
    ic_url url;

    if (!ic_url_parse(endpoint->base, &url))
        return ic_fail(err, ICECAT_E_INTERNAL, "endpoint %s is not a URL", endpoint->base);
    ic_address_reset(address);
    if (in_host) {
        ic_buf_add_text(&address->host, request->bucket);
        ic_buf_add_char(&address->host, '.');
    }
    add_host(&address->host, &url);

    ic_buf_add(&address->path, url.path.data, url.path.len);
    if (request->bucket != NULL && !in_host) {
        ic_buf_add_char(&address->path, '/');
        ic_buf_add_text(&address->path, request->bucket);
    }
    ic_buf_add_text(&address->path, path[0] != '\0' ? path : "/");

    ic_buf_add(&address->url, url.scheme.data, url.scheme.len);
    ic_buf_add_text(&address->url, "://");
    ic_buf_add_text(&address->url, ic_buf_text(&address->host));
    ic_buf_add_text(&address->url, ic_buf_text(&address->path));
    if (request->query.len != 0) {
        ic_buf_add_char(&address->url, '?');
        ic_buf_add(&address->url, request->query.data, request->query.len);
    }
    status = ic_buf_check(&address->host, "a host name", err);
    if (status == ICECAT_OK)
        status = ic_buf_check(&address->path, "the path of a URL", err);
    if (status == ICECAT_OK)
        status = ic_buf_check(&address->url, "a URL", err);
    return status;
}
