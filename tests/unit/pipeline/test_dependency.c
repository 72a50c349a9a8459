/*
 * test_dependency.c - versions of the libraries that libicecat uses.
 */
#include "cmocka_all.h"

#include <icecat/version.h>
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
        cmocka_unit_test(other_names_have_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
