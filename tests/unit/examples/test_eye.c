/*
 * test_eye.c - the eye of icecat-local: the sample pictures, photos, label files.
 */
#include "eye.h"

#include "cmocka_all.h"
#include <icecat/image.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SAMPLES ICECAT_SOURCE_DIR "/examples/samples"

static unsigned char *read_file(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    unsigned char *data = malloc(4u << 20);

    *len = 0;
    if (file != NULL && data != NULL) {
        *len = fread(data, 1, 4u << 20, file);
        fclose(file);
    }
    if (*len != 0)
        return data;
    free(data);
    return NULL;
}

/* Look at a file as icecat-local does: its header is checked first. */
static eye_status look_at(eye *self, const char *path, eye_labels *labels)
{
    icecat_image_info info = ICECAT_IMAGE_INFO_INIT;
    char why[EYE_WHY_SIZE] = "";
    eye_image image = { 0 };
    eye_status status = EYE_BAD_IMAGE;
    unsigned char *data = read_file(path, &image.len);

    labels->count = 0;
    assert_non_null(data);
    if (icecat_image_probe(data, image.len, NULL, &info, NULL) == ICECAT_OK) {
        image.data = data;
        image.width_px = info.width_px;
        image.height_px = info.height_px;
        image.orientation = info.orientation;
        status = eye_look(self, &image, labels, why);
    }
    free(data);
    return status;
}

static eye *open_detector(void)
{
    char why[EYE_WHY_SIZE] = "";
    eye *self = NULL;

    assert_int_equal(eye_open(NULL, &self, why), EYE_OK);
    if (strcmp(eye_detector_name(self), "none") == 0) {
        eye_close(self);
        skip();
    }
    return self;
}

static void check_labels(const char *name, const eye_labels *labels, size_t cats)
{
    if (cats == 0) {
        if (labels->count != 0)
            fail_msg("%s: nothing was expected, but %s with %.1f %% was seen", name,
                     labels->items[0].name, labels->items[0].confidence);
        return;
    }
    if (labels->count == 0 || strcmp(labels->items[0].name, "Cat") != 0)
        fail_msg("%s: no cat was seen", name);
    if (labels->items[0].confidence < 75)
        fail_msg("%s: a cat with %.1f %%, under the pipeline's 75", name,
                 labels->items[0].confidence);
    if (labels->items[0].box_count != cats)
        fail_msg("%s: %zu faces, not %zu", name, labels->items[0].box_count, cats);
    for (size_t i = 0; i < cats; i++) {
        const eye_box *box = &labels->items[0].boxes[i];

        assert_true(box->left >= 0 && box->top >= 0 && box->width > 0 && box->height > 0);
        assert_true(box->left + box->width <= 1.000001 && box->top + box->height <= 1.000001);
    }
}

static void the_samples_are_seen_as_expected(void **state)
{
    FILE *table = fopen(SAMPLES "/expected.tsv", "r");
    eye *self = open_detector();
    static eye_labels labels;
    char line[256];
    int rows = 0;

    (void)state;
    assert_non_null(table);
    while (fgets(line, sizeof(line), table) != NULL) {
        char name[64];
        char status[16];
        char path[512];
        unsigned cats;

        if (line[0] == '#' || sscanf(line, "%63s %15s %*s %u", name, status, &cats) != 3)
            continue;
        snprintf(path, sizeof(path), SAMPLES "/%s", name);
        rows++;
        if (strcmp(status, "ok") != 0) {
            assert_int_equal(look_at(self, path, &labels), EYE_BAD_IMAGE);
            continue;
        }
        assert_int_equal(look_at(self, path, &labels), EYE_OK);
        check_labels(name, &labels, cats);
    }
    fclose(table);
    eye_close(self);
    assert_int_equal(rows, 16);
}

static void photos_of_one_cat_and_of_other_things_are_told_apart(void **state)
{
    static const struct {
        const char *name;
        size_t cats;
    } photos[] = { { "chelsea.png", 1 },
                   { "chelsea_q90.jpg", 1 },
                   { "chelsea_prog.jpg", 1 },
                   { "chelsea_exif6.jpg", 1 },
                   { "astronaut.png", 0 },
                   { "coffee.png", 0 },
                   { "camera.png", 0 },
                   { "rocket.jpg", 0 },
                   { "hubble_deep_field.jpg", 0 },
                   { "scipy_face_raccoon.png", 0 } };
    static eye_labels labels;
    eye *self;

    (void)state;
    if (access(ICECAT_TEST_DATA "/photos", R_OK) != 0)
        skip();
    self = open_detector();
    for (size_t i = 0; i < sizeof(photos) / sizeof(photos[0]); i++) {
        char path[512];

        snprintf(path, sizeof(path), "%s/photos/%s", ICECAT_TEST_DATA, photos[i].name);
        assert_int_equal(look_at(self, path, &labels), EYE_OK);
        check_labels(photos[i].name, &labels, photos[i].cats);
    }
    eye_close(self);
}

/* A label file in a new file of its own. */
static void write_label_file(char *path, const char *text)
{
    int fd;

    strcpy(path, "/tmp/icecat-eye-XXXXXX");
    fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

#define ABC                                                                                        \
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" /* SHA-256 of "abc" */

static void the_label_file_answers_before_any_detector(void **state)
{
    static eye_labels labels;
    eye_image image = { .data = (const unsigned char *)"abc", .len = 3 };
    eye_options options = { 0 };
    char why[EYE_WHY_SIZE] = "";
    char path[64];
    eye *self = NULL;

    (void)state;
    write_label_file(path, "{\"" ABC "\":[{\"Name\":\"Pet\",\"Confidence\":60},"
                           "{\"Name\":\"Cat\",\"Confidence\":98.4,\"Parents\":[\"Animal\"]}]}");
    options.label_file = path;
    assert_int_equal(eye_open(&options, &self, why), EYE_OK);
    unlink(path);
    assert_int_equal(eye_look(self, &image, &labels, why), EYE_OK);
    assert_int_equal(labels.count, 2);
    assert_string_equal(labels.items[0].name, "Cat");
    assert_string_equal(labels.items[0].parents[0], "Animal");
    assert_string_equal(labels.items[1].name, "Pet");
    eye_close(self);
}

static void a_malformed_label_file_is_refused_with_its_fault(void **state)
{
    static const char *const bad[] = {
        "",
        "[]",
        "{\"abc\":[]}",
        "{\"" ABC "\":{}}",
        "{\"" ABC "\":[{\"Name\":\"Cat\"}]}",
        "{\"" ABC "\":[{\"Name\":\"Cat\",\"Confidence\":101}]}",
        "{\"" ABC "\":[{\"Name\":\"\",\"Confidence\":1}]}",
        "{\"" ABC "\":[{\"Name\":\"Cat\",\"Confidence\":1,\"Parents\":[1]}]}"
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        eye_options options = { 0 };
        char why[EYE_WHY_SIZE] = "";
        char path[64];
        eye *self = NULL;

        write_label_file(path, bad[i]);
        options.label_file = path;
        assert_int_equal(eye_open(&options, &self, why), EYE_FAILED);
        assert_null(self);
        assert_non_null(strstr(why, path));
        unlink(path);
    }
}

static void files_that_are_missing_are_named(void **state)
{
    eye_options no_labels = { .label_file = "/nonexistent/labels.json" };
    eye_options no_classes = { .model_file = "/nonexistent/model.onnx" };
    char why[EYE_WHY_SIZE] = "";
    eye *self = NULL;

    (void)state;
    assert_int_equal(eye_open(&no_labels, &self, why), EYE_FAILED);
    assert_non_null(strstr(why, "/nonexistent/labels.json"));
    assert_int_equal(eye_open(&no_classes, &self, why), EYE_FAILED);
    assert_non_null(strstr(why, "classes"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_samples_are_seen_as_expected),
        cmocka_unit_test(photos_of_one_cat_and_of_other_things_are_told_apart),
        cmocka_unit_test(the_label_file_answers_before_any_detector),
        cmocka_unit_test(a_malformed_label_file_is_refused_with_its_fault),
        cmocka_unit_test(files_that_are_missing_are_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
