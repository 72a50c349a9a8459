/*
 * test_corpus.c - the verdict of every file of the image corpus, as its manifest lists it.
 *
 * The corpus is third-party data outside the project; without it the tests are skipped. Where we
 * disagree with the manifest, the file is listed below and docs/decisions/image-verdicts.md argues.
 */
#include "manifest.h"

#include <icecat/image.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
/* clang-format on */

/* Files that we refuse although the manifest's strict reader passes them. */
static const char *const stricter[] = {
    "png/synthetic/iend_badcrc.png", /* the end chunk is looked at anyway */
};

static int is_listed(const char *path, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(path, list[i]) == 0)
            return 1;
    }
    return 0;
}

static int is_sound(icecat_status status)
{
    return status == ICECAT_OK || status == ICECAT_E_IMAGE_LIMIT;
}

static int starts(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static int check_row(const manifest_row *row, const char *path, icecat_status status,
                     const icecat_image_info *info, const icecat_error *err)
{
    int expected = strcmp(row->level, "none") == 0 || strcmp(row->level, "L4-chunk-crc") == 0;

    if (is_listed(row->path, stricter, sizeof(stricter) / sizeof(stricter[0])))
        expected = 0;
    if (is_sound(status) != expected) {
        print_error("%s: manifest says \"%s\" (%s), we say %s: %s\n", path, row->verdict,
                    row->level, icecat_image_reason_name(info->reason), err->message);
        return 1;
    }
    return 0;
}

static void every_file_has_the_verdict_of_the_manifest(void **state)
{
    manifest *list = manifest_open();
    manifest_row row;
    int wrong = 0, rows = 0;

    (void)state;
    if (list == NULL)
        skip();
    while (manifest_next(list, &row)) {
        icecat_image_options options = ICECAT_IMAGE_OPTIONS_INIT;
        icecat_image_info info = ICECAT_IMAGE_INFO_INIT;
        icecat_error err;
        icecat_status status;

        options.profile = ICECAT_PROFILE_ANY;
        status = icecat_image_probe_file(row.file, &options, &info, &err);
        wrong += check_row(&row, row.path, status, &info, &err);
        if (starts(row.verdict, "reject: FORMAT") && status != ICECAT_E_IMAGE_FORMAT) {
            print_error("%s: \"%s\", but status %s\n", row.path, row.verdict,
                        icecat_status_name(status));
            wrong++;
        }
        rows++;
    }
    manifest_close(list);
    assert_true(rows > 1800);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_has_the_verdict_of_the_manifest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
