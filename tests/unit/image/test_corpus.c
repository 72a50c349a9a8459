/*
 * test_corpus.c - the verdict of every file of the image corpus, as its manifest lists it: sound or
 * not, why not, what is found, inside the limits or not, and the same in all three forms.
 *
 * The corpus is third-party data outside the project; without it the tests are skipped. Where we
 * disagree with the manifest, expect.c lists the file and docs/decisions/image-verdicts.md argues.
 */
#include "check.h"
#include "expect.h"

#include <stdlib.h>
#include <string.h>

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
/* clang-format on */

typedef struct answer {
    icecat_status status;
    icecat_image_info info;
    icecat_error err;
} answer;

/* Run @p check over every row; it prints what is wrong and gives how much. */
static void for_each_row(int (*check)(const manifest_row *row))
{
    manifest *list = manifest_open();
    manifest_row row;
    int wrong = 0, rows = 0;

    if (list == NULL)
        skip();
    while (manifest_next(list, &row)) {
        wrong += check(&row);
        rows++;
    }
    manifest_close(list);
    assert_true(rows > 1800);
    assert_int_equal(wrong, 0);
}

static answer ask_file(const manifest_row *row, uint32_t profile, uint32_t check_crc)
{
    icecat_image_options options = ICECAT_IMAGE_OPTIONS_INIT;
    answer a = { .info = ICECAT_IMAGE_INFO_INIT };

    options.profile = profile;
    options.check_crc = check_crc;
    a.status = icecat_image_probe_file(row->file, &options, &a.info, &a.err);
    return a;
}

static int is_sound(const answer *a)
{
    return a->status == ICECAT_OK || a->status == ICECAT_E_IMAGE_LIMIT;
}

static int complain(const manifest_row *row, const char *about, const answer *a)
{
    print_error("%s: %s: manifest says \"%s\" (%s), we say %s: %s\n", row->path, about,
                row->verdict, row->notes, icecat_image_reason_name(a->info.reason),
                a->status == ICECAT_OK ? "sound" : a->err.message);
    return 1;
}

static int check_verdict(const manifest_row *row)
{
    answer a = ask_file(row, ICECAT_PROFILE_ANY, 0);
    const char *differs;

    if (is_sound(&a) != expect_sound(row))
        return complain(row, "sound or not", &a);
    if (!is_sound(&a) && !expect_reason(row, a.info.reason))
        return complain(row, "reason", &a);
    if (!expect_format(row, a.info.format))
        return complain(row, "format", &a);
    differs = is_sound(&a) ? expect_details(row, &a.info) : NULL;
    return differs == NULL ? 0 : complain(row, differs, &a);
}

static int check_limits(const manifest_row *row)
{
    answer a = ask_file(row, ICECAT_PROFILE_REKOGNITION_S3, 0);

    if (!is_sound(&a) || strcmp(row->limits, "-") == 0 || a.info.reason == expect_limit(row))
        return 0;
    return complain(row, row->limits, &a);
}

/* With check_crc, every fault at the level of checksums is found, and nothing else changes. */
static int check_checksums(const manifest_row *row)
{
    answer plain = ask_file(row, ICECAT_PROFILE_ANY, 0);
    answer a = ask_file(row, ICECAT_PROFILE_ANY, 1);
    int is_critical = strstr(row->notes, "crc:IDAT") != NULL;
    int is_damaged = strstr(row->notes, "crc:") != NULL;

    if (!is_sound(&plain))
        return is_sound(&a) ? complain(row, "checksums make it sound", &a) : 0;
    if (is_sound(&a) == is_critical)
        return complain(row, "critical checksum", &a);
    if (!is_critical && ((a.info.warnings & ICECAT_IMAGE_WARN_CHUNK_CRC) != 0) != is_damaged)
        return complain(row, "ancillary checksum", &a);
    return 0;
}

static int check_forms(const manifest_row *row)
{
    answer file = ask_file(row, ICECAT_PROFILE_ANY, 0), a = file;
    icecat_image_options options = ICECAT_IMAGE_OPTIONS_INIT;
    size_t len = 0, chunk = 1 + strlen(row->path) * 37 % 4099;
    uint8_t *data = read_whole(row->file, &len);
    int wrong = 0;

    assert_non_null(data);
    file.info.warnings &= ~ICECAT_IMAGE_WARN_EXTENSION; /* bytes have no name */
    options.profile = ICECAT_PROFILE_ANY;
    a.status = icecat_image_probe(data, len, &options, &a.info, &a.err);
    if (a.status != file.status || memcmp(&a.info, &file.info, sizeof(a.info)) != 0 ||
        strcmp(a.err.message, file.err.message) != 0)
        wrong += complain(row, "memory", &a);
    a.status = probe_stream(data, len, chunk, 1, &options, &a.info, &a.err);
    if (a.status != file.status || memcmp(&a.info, &file.info, sizeof(a.info)) != 0 ||
        strcmp(a.err.message, file.err.message) != 0)
        wrong += complain(row, "stream", &a);
    a.status = probe_stream(data, len, chunk, 0, &options, &a.info, &a.err);
    if (is_sound(&a) != is_sound(&file) ||
        (is_sound(&a) && memcmp(&a.info, &file.info, sizeof(a.info)) != 0))
        wrong += complain(row, "stream of unknown size", &a);
    free(data);
    return wrong;
}

static void every_file_has_the_verdict_of_the_manifest(void **state)
{
    (void)state;
    for_each_row(check_verdict);
}

static void every_sound_file_is_inside_the_limits_or_not(void **state)
{
    (void)state;
    for_each_row(check_limits);
}

static void every_wrong_checksum_is_found_on_request(void **state)
{
    (void)state;
    for_each_row(check_checksums);
}

static void every_file_gets_one_answer_in_all_forms(void **state)
{
    (void)state;
    for_each_row(check_forms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_has_the_verdict_of_the_manifest),
        cmocka_unit_test(every_sound_file_is_inside_the_limits_or_not),
        cmocka_unit_test(every_wrong_checksum_is_found_on_request),
        cmocka_unit_test(every_file_gets_one_answer_in_all_forms),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
