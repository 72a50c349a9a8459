/*
 * test_endpoint.c - where requests go.
 */
#include "aws/endpoint.h"
#include "cmocka_all.h"

#include <icecat/client.h>
#include <string.h>

typedef struct sample {
    ic_service service;
    const char *region;
    const char *override_url;
    const char *bucket;
    const char *path;
    uint32_t addressing;
    const char *url;
    const char *host;
    const char *signed_path;
    ic_endpoint_traits traits;
} sample;

static const sample samples[] = {
    { IC_SERVICE_DYNAMODB,
      "eu-west-1",
      NULL,
      NULL,
      "/",
      0,
      "https://dynamodb.eu-west-1.amazonaws.com/",
      "dynamodb.eu-west-1.amazonaws.com",
      "/",
      { 0, 0 } },
    { IC_SERVICE_S3,
      "us-east-1",
      NULL,
      "pets",
      "/a%20b",
      0,
      "https://pets.s3.us-east-1.amazonaws.com/a%20b",
      "pets.s3.us-east-1.amazonaws.com",
      "/a%20b",
      { 0, 0 } },
    { IC_SERVICE_S3,
      "cn-north-1",
      NULL,
      "pets",
      "/a",
      0,
      "https://pets.s3.cn-north-1.amazonaws.com.cn/a",
      "pets.s3.cn-north-1.amazonaws.com.cn",
      "/a",
      { 0, 0 } },
    { IC_SERVICE_S3,
      "us-east-1",
      NULL,
      "my.pets",
      "/a",
      0,
      "https://s3.us-east-1.amazonaws.com/my.pets/a",
      "s3.us-east-1.amazonaws.com",
      "/my.pets/a",
      { 0, 0 } },
    { IC_SERVICE_S3,
      "us-east-1",
      "http://127.0.0.1:4566/",
      "pets",
      "/a",
      0,
      "http://127.0.0.1:4566/pets/a",
      "127.0.0.1:4566",
      "/pets/a",
      { 0, 0 } },
    { IC_SERVICE_S3,
      "us-east-1",
      "http://127.0.0.1:80",
      "pets",
      "/a",
      0,
      "http://127.0.0.1/pets/a",
      "127.0.0.1",
      "/pets/a",
      { 0, 0 } },
    { IC_SERVICE_S3,
      "us-east-1",
      "http://[::1]:9000/base",
      "pets",
      "/a",
      0,
      "http://[::1]:9000/base/pets/a",
      "[::1]:9000",
      "/base/pets/a",
      { 0, 0 } },
    { IC_SERVICE_S3,
      "us-east-1",
      "http://localhost:9000",
      "pets",
      "/a",
      ICECAT_ADDRESSING_VIRTUAL,
      "http://pets.localhost:9000/a",
      "pets.localhost:9000",
      "/a",
      { 0, 0 } },
    { IC_SERVICE_S3,
      "us-east-1",
      NULL,
      "pets",
      "/a",
      ICECAT_ADDRESSING_PATH,
      "https://s3.us-east-1.amazonaws.com/pets/a",
      "s3.us-east-1.amazonaws.com",
      "/pets/a",
      { 0, 0 } },
    { IC_SERVICE_S3,
      "us-east-1",
      NULL,
      "pets",
      "/a",
      0,
      "https://pets.s3-fips.dualstack.us-east-1.amazonaws.com/a",
      "pets.s3-fips.dualstack.us-east-1.amazonaws.com",
      "/a",
      { 1, 1 } },
};

static void addresses_follow_region_override_and_style(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        const sample *s = &samples[i];
        ic_endpoint endpoint = { NULL, 0 };
        ic_address address;
        ic_request request;

        ic_request_init(&request, NULL, s->service, "Operation", "GET");
        if (s->bucket != NULL)
            request.bucket = ic_mem_dup(NULL, s->bucket);
        ic_buf_add_text(&request.path, s->path);
        ic_address_init(&address, NULL);
        assert_int_equal(ic_endpoint_make(NULL, s->service, s->region, s->traits, s->override_url,
                                          &endpoint, NULL),
                         ICECAT_OK);
        assert_int_equal(ic_address_make(&address, &endpoint, &request, s->addressing, NULL),
                         ICECAT_OK);
        assert_string_equal(ic_buf_text(&address.url), s->url);
        assert_string_equal(ic_buf_text(&address.host), s->host);
        assert_string_equal(ic_buf_text(&address.path), s->signed_path);
        ic_address_free(&address);
        ic_mem_free(NULL, endpoint.base);
        ic_request_free(&request);
    }
}

static void endpoints_that_are_no_urls_are_refused_with_the_text(void **state)
{
    static const char *const bad[] = { "localhost:4566",   "ftp://host",   "http://",
                                       "http://user@host", "http://h:0",   "http://h:65536",
                                       "http://h:9x",      "http://h?q=1", "https://h/#f",
                                       "http://h\r\nX: y", "http://[::1",  "http://h ost" };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        ic_endpoint endpoint = { NULL, 0 };
        icecat_error err;

        assert_int_equal(ic_endpoint_make(NULL, IC_SERVICE_S3, "us-east-1",
                                          (ic_endpoint_traits){ 0, 0 }, bad[i], &endpoint, &err),
                         ICECAT_E_CONFIG);
        assert_non_null(strstr(err.message, "endpoint URL of s3"));
        assert_null(endpoint.base);
    }
}

static const struct host {
    ic_service service;
    const char *region;
    ic_endpoint_traits traits;
    const char *url;
} hosts[] = {
    { IC_SERVICE_S3, "us-gov-west-1", { 0, 0 }, "https://s3.us-gov-west-1.amazonaws.com" },
    { IC_SERVICE_S3, "us-iso-east-1", { 0, 0 }, "https://s3.us-iso-east-1.c2s.ic.gov" },
    { IC_SERVICE_S3, "us-isob-east-1", { 0, 0 }, "https://s3.us-isob-east-1.sc2s.sgov.gov" },
    { IC_SERVICE_S3, "eu-isoe-west-1", { 0, 0 }, "https://s3.eu-isoe-west-1.cloud.adc-e.uk" },
    { IC_SERVICE_S3, "us-isof-south-1", { 0, 0 }, "https://s3.us-isof-south-1.csp.hci.ic.gov" },
    { IC_SERVICE_S3, "eusc-de-east-1", { 0, 0 }, "https://s3.eusc-de-east-1.amazonaws.eu" },
    { IC_SERVICE_S3, "xy-new-1", { 0, 0 }, "https://s3.xy-new-1.amazonaws.com" },
    { IC_SERVICE_S3, "us-east-2", { 1, 0 }, "https://s3-fips.us-east-2.amazonaws.com" },
    { IC_SERVICE_S3, "cn-north-1", { 0, 1 }, "https://s3.dualstack.cn-north-1.amazonaws.com.cn" },
    { IC_SERVICE_DYNAMODB, "us-east-2", { 1, 0 }, "https://dynamodb-fips.us-east-2.amazonaws.com" },
    { IC_SERVICE_DYNAMODB, "us-east-2", { 0, 1 }, "https://dynamodb.us-east-2.api.aws" },
    { IC_SERVICE_DYNAMODB,
      "us-gov-west-1",
      { 1, 0 },
      "https://dynamodb.us-gov-west-1.amazonaws.com" },
    { IC_SERVICE_DYNAMODB,
      "us-gov-west-1",
      { 1, 1 },
      "https://dynamodb-fips.us-gov-west-1.api.aws" },
    { IC_SERVICE_SSM, "us-gov-east-1", { 1, 0 }, "https://ssm.us-gov-east-1.amazonaws.com" },
    { IC_SERVICE_SSM,
      "cn-north-1",
      { 0, 1 },
      "https://ssm.cn-north-1.api.amazonwebservices.com.cn" },
    { IC_SERVICE_REKOGNITION,
      "us-gov-west-1",
      { 1, 0 },
      "https://rekognition-fips.us-gov-west-1.amazonaws.com" },
};

static void hosts_follow_partition_fips_and_dual_stack(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
        ic_buf out;

        ic_buf_init(&out, NULL, 1024);
        ic_endpoint_write(&out, hosts[i].service, hosts[i].region, hosts[i].traits);
        assert_string_equal(ic_buf_text(&out), hosts[i].url);
        ic_buf_free(&out);
    }
}

static void regions_are_checked_before_they_enter_a_host_name(void **state)
{
    (void)state;
    assert_true(ic_region_is_valid("us-east-1"));
    assert_false(ic_region_is_valid(""));
    assert_false(ic_region_is_valid("evil.example/"));
    assert_false(ic_region_is_valid("us_east"));
    assert_false(ic_region_is_valid("-east"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_follow_region_override_and_style),
        cmocka_unit_test(endpoints_that_are_no_urls_are_refused_with_the_text),
        cmocka_unit_test(hosts_follow_partition_fips_and_dual_stack),
        cmocka_unit_test(regions_are_checked_before_they_enter_a_host_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
