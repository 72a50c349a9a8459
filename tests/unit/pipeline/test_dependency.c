/*
 * test_dependency.c - versions of the libraries that libicecat uses.
 */
#include "cmocka_all.h"

#include <cjson/cJSON.h>
#include <icecat/version.h>
#include <stdio.h>
#include <string.h>

static void every_library_tells_a_version(void **state)
{
    static const char *const names[] = { "libcurl", "openssl", "cjson", "libpng", "libjpeg-turbo" };

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *version = icecat_version_dependency(names[i]);

        assert_non_null(version);
        assert_true(version[0] >= '0' && version[0] <= '9');
        assert_non_null(strchr(version, '.'));
        assert_ptr_equal(version, icecat_version_dependency(names[i])); /* static storage */
    }
}

/* cJSON writes its version anew, into memory that all threads share, whenever it is asked. */
static void the_version_of_cjson_is_not_written_when_it_is_asked_for(void **state)
{
    char expected[32];

    (void)state;
    snprintf(expected, sizeof(expected), "%d.%d.%d", CJSON_VERSION_MAJOR, CJSON_VERSION_MINOR,
             CJSON_VERSION_PATCH);
    assert_string_equal(icecat_version_dependency("cjson"), expected);
    assert_ptr_not_equal(icecat_version_dependency("cjson"), cJSON_Version());
}

static void other_names_have_none(void **state)
{
    (void)state;
    assert_null(icecat_version_dependency("libcurl "));
    assert_null(icecat_version_dependency(""));
    assert_null(icecat_version_dependency(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_library_tells_a_version),
        cmocka_unit_test(the_version_of_cjson_is_not_written_when_it_is_asked_for),
        cmocka_unit_test(other_names_have_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
