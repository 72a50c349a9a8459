/*
 * test_local_rekognition.c - DetectLabels of icecat-local: requests, limits, filters, the answer's
 * shape. What the pictures show comes from a label file, so that no detector decides.
 */
#include "cmocka_all.h"
#include "eye.h"
#include "local_call.h"
#include "rekognition.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PICTURE     ICECAT_SOURCE_DIR "/examples/samples/lake.jpg"
#define PICTURE_MAX (1u << 20)

typedef struct fixture {
    sqlite3 *db;
    eye *eye;
    char *base64; /* of the picture */
} fixture;

static unsigned char *read_picture(size_t *len)
{
    unsigned char *data = malloc(PICTURE_MAX);
    FILE *file = fopen(PICTURE, "rb");

    assert_non_null(data);
    assert_non_null(file);
    *len = fread(data, 1, PICTURE_MAX, file);
    assert_int_equal(fclose(file), 0);
    assert_true(*len > 0 && *len < PICTURE_MAX);
    return data;
}

static char *encode(const unsigned char *data, size_t len)
{
    char *text = malloc(len / 3 * 4 + 8);

    assert_non_null(text);
    (void)EVP_EncodeBlock((unsigned char *)text, data, (int)len);
    return text;
}

static void write_label_file(const char *path, const unsigned char *data, size_t len)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_int_equal(EVP_Digest(data, len, digest, &size, EVP_sha256(), NULL), 1);
    fputs("{\"", file);
    for (unsigned i = 0; i < size; i++)
        fprintf(file, "%02x", digest[i]);
    fputs("\":[{\"Name\":\"Cat\",\"Confidence\":98.5,\"Parents\":[\"Animal\",\"Pet\"]},"
          "{\"Name\":\"Sofa\",\"Confidence\":60},{\"Name\":\"Lamp\",\"Confidence\":40}]}",
          file);
    assert_int_equal(fclose(file), 0);
}

static int open_fixture(void **state)
{
    fixture *self = calloc(1, sizeof(*self));
    char path[] = "/tmp/icecat-labels-XXXXXX";
    eye_options options = { path, NULL, NULL };
    char why[EYE_WHY_SIZE] = "";
    unsigned char *data;
    size_t len;
    int fd = mkstemp(path);

    assert_non_null(self);
    assert_true(fd >= 0);
    (void)close(fd);
    data = read_picture(&len);
    write_label_file(path, data, len);
    self->base64 = encode(data, len);
    self->db = local_database();
    if (eye_open(&options, &self->eye, why) != EYE_OK)
        fail_msg("%s", why);
    free(data);
    (void)unlink(path);
    *state = self;
    return 0;
}

static int close_fixture(void **state)
{
    fixture *self = *state;

    eye_close(self->eye);
    (void)sqlite3_close(self->db);
    free(self->base64);
    free(self);
    return 0;
}

static char *call(void **state, const char *operation, const cJSON *input)
{
    const fixture *self = *state;
    json_answer answer = rekognition_call(self->db, self->eye, operation, input);

    return local_text(&answer);
}

/* @p more goes beside the picture, e.g. ",'MaxLabels':1". */
static char *detect(void **state, const char *more)
{
    const fixture *self = *state;
    size_t size = strlen(self->base64) + strlen(more) + 64;
    char *text = malloc(size);
    cJSON *input;
    char *answer;

    assert_non_null(text);
    snprintf(text, size, "{'Image':{'Bytes':'%s'}%s}", self->base64, more);
    input = local_json(text);
    answer = call(state, "DetectLabels", input);
    cJSON_Delete(input);
    free(text);
    return answer;
}

static void expect(void **state, const char *more, const char *wanted)
{
    char *text = detect(state, more);

    assert_string_equal(text, wanted);
    free(text);
}

static void expect_names(void **state, const char *more, const char *wanted)
{
    char *text = detect(state, more);
    char names[200] = "";

    for (const char *at = text; (at = strstr(at, "'Instances'")) != NULL; at++) {
        const char *name = at;

        while (strncmp(name, "{'Name':'", 9) != 0)
            name--;
        strncat(names, name + 9, strcspn(name + 9, "'"));
        strcat(names, " ");
    }
    assert_string_equal(names, wanted);
    free(text);
}

#define CAT                                                                                        \
    "{'Name':'Cat','Confidence':98.5,'Instances':[],'Parents':[{'Name':'Animal'},"                 \
    "{'Name':'Pet'}],'Aliases':[],'Categories':[]}"
#define SOFA                                                                                       \
    "{'Name':'Sofa','Confidence':60,'Instances':[],'Parents':[],'Aliases':[],'Categories':[]}"

static void the_answer_has_the_services_shape(void **state)
{
    /* 55 is the least confidence when none is asked for, so that the lamp is not there. */
    expect(state, "", "{'Labels':[" CAT "," SOFA "],'LabelModelVersion':'3.0'}");
}

static void filters_choose(void **state)
{
    expect_names(state, ",'MinConfidence':0", "Cat Sofa Lamp ");
    expect_names(state, ",'MinConfidence':98.5", "Cat ");
    expect_names(state, ",'MinConfidence':99", "");
    expect_names(state, ",'MaxLabels':1", "Cat ");
    expect_names(state, ",'MaxLabels':0", "");
    expect_names(state, ",'MaxLabels':null,'Features':['GENERAL_LABELS']", "Cat Sofa ");
    expect_names(state, ",'Settings':{'GeneralLabels':{'LabelInclusionFilters':['sofa','Dog']}}",
                 "Sofa ");
    expect_names(state, ",'Settings':{'GeneralLabels':{'LabelExclusionFilters':['Cat']}}", "Sofa ");
    expect_names(
        state, ",'Settings':{'GeneralLabels':{'LabelCategoryInclusionFilters':['Buildings']}}", "");
    /* A filter comes before the count: B24 of the Python system lost cats beyond the tenth label. */
    expect_names(state,
                 ",'MaxLabels':1,'Settings':{'GeneralLabels':{'LabelInclusionFilters':['Sofa']}}",
                 "Sofa ");
}

static void parameters_are_checked(void **state)
{
    expect(state, ",'MinConfidence':101", "InvalidParameterException");
    expect(state, ",'MinConfidence':'high'", "InvalidParameterException");
    expect(state, ",'MaxLabels':-1", "InvalidParameterException");
    expect(state, ",'Features':['FACES']", "InvalidParameterException");
    expect(state, ",'Features':['IMAGE_PROPERTIES']", "InvalidParameterException");
    expect(state, ",'Settings':{'GeneralLabels':{'LabelInclusionFilters':'Cat'}}",
           "InvalidParameterException");
    expect(state, ",'Settings':{'GeneralLabels':{'LabelInclusionFilters':[1]}}",
           "InvalidParameterException");
}

static void expect_input(void **state, const char *operation, const char *text, const char *wanted)
{
    cJSON *input = local_json(text);
    char *answer = call(state, operation, input);

    assert_string_equal(answer, wanted);
    cJSON_Delete(input);
    free(answer);
}

static void the_picture_comes_in_one_way(void **state)
{
    expect_input(state, "DetectLabels", "{}", "InvalidParameterException");
    expect_input(state, "DetectLabels", "{'Image':{}}", "InvalidParameterException");
    expect_input(state, "DetectLabels",
                 "{'Image':{'Bytes':'AAAA','S3Object':{'Bucket':'bucket','Name':'k'}}}",
                 "InvalidParameterException");
    expect_input(state, "DetectLabels", "{'Image':{'Bytes':''}}", "InvalidParameterException");
    expect_input(state, "DetectLabels", "{'Image':{'Bytes':'no base64'}}",
                 "SerializationException");
    expect_input(state, "DetectLabels", "{'Image':{'S3Object':{'Bucket':'bucket'}}}",
                 "InvalidParameterException");
    expect_input(state, "DetectLabels", "{'Image':{'S3Object':{'Bucket':'bucket','Name':'none'}}}",
                 "InvalidS3ObjectException");
    expect_input(state, "DetectLabels", "[]", "SerializationException");
    expect_input(state, "DetectFaces", "{}", "UnknownOperationException");
}

static void detect_bytes(void **state, const unsigned char *data, size_t len, const char *wanted)
{
    cJSON *input = cJSON_CreateObject();
    char *base64 = encode(data, len);
    char *answer;

    assert_non_null(
        cJSON_AddStringToObject(cJSON_AddObjectToObject(input, "Image"), "Bytes", base64));
    answer = call(state, "DetectLabels", input);
    assert_string_equal(answer, wanted);
    cJSON_Delete(input);
    free(base64);
    free(answer);
}

static void unsound_pictures_are_refused(void **state)
{
    static const unsigned char webp[] =
        "RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\0\0\0\0\0\0\0\0\0\0\0";
    unsigned char *large = calloc(1, 5242881);
    unsigned char *cut;
    size_t len;

    assert_non_null(large);
    detect_bytes(state, webp, sizeof(webp) - 1, "InvalidImageFormatException");
    cut = read_picture(&len);
    detect_bytes(state, cut, len / 2, "InvalidImageFormatException");
    detect_bytes(state, large, 5242881, "ImageTooLargeException");
    /* One byte less is no JPEG either, but not too large. */
    detect_bytes(state, large, 5242880, "InvalidImageFormatException");
    free(cut);
    free(large);
}

/* The smallest grey PNG of a side, CRC and all. */
static size_t make_png(unsigned side, unsigned char *out)
{
    static const unsigned char head[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n',
                                          0,    0,   0,   13,  'I',  'H',  'D',  'R' };
    static const unsigned char tail[] = { 0, 0, 0, 1, 'I', 'D', 'A', 'T', 0,    0,    0,    0,   0,
                                          0, 0, 0, 0, 'I', 'E', 'N', 'D', 0xae, 0x42, 0x60, 0x82 };
    unsigned char ihdr[17] = { 'I', 'H', 'D', 'R', 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0 };
    unsigned long crc = 0xffffffff;

    ihdr[6] = ihdr[10] = (unsigned char)(side >> 8);
    ihdr[7] = ihdr[11] = (unsigned char)side;
    for (size_t i = 0; i < sizeof(ihdr); i++) {
        crc ^= ihdr[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (crc & 1) != 0 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
    }
    crc = ~crc & 0xffffffff;
    memcpy(out, head, 12);
    memcpy(out + 12, ihdr, sizeof(ihdr));
    for (int i = 0; i < 4; i++)
        out[29 + i] = (unsigned char)(crc >> (24 - 8 * i));
    memcpy(out + 33, tail, sizeof(tail));
    return 33 + sizeof(tail);
}

static void the_services_limits_hold(void **state)
{
    unsigned char png[128];
    size_t len = make_png(79, png);

    detect_bytes(state, png, len, "InvalidParameterException");
    len = make_png(10001, png);
    detect_bytes(state, png, len, "ImageTooLargeException");
}

static void a_job_that_was_not_looked_at_is_refused_as_busy(void **state)
{
    const fixture *self = *state;
    cJSON *input = cJSON_CreateObject();
    json_answer answer = { 0 };
    rekognition_job *job;
    char *text;

    assert_non_null(
        cJSON_AddStringToObject(cJSON_AddObjectToObject(input, "Image"), "Bytes", self->base64));
    job = rekognition_begin(self->db, "DetectLabels", input, &answer);
    assert_non_null(job);
    cJSON_Delete(input);
    answer = rekognition_end(job);
    text = local_text(&answer);
    assert_string_equal(text, "ProvisionedThroughputExceededException");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_answer_has_the_services_shape),
        cmocka_unit_test(filters_choose),
        cmocka_unit_test(parameters_are_checked),
        cmocka_unit_test(the_picture_comes_in_one_way),
        cmocka_unit_test(unsound_pictures_are_refused),
        cmocka_unit_test(the_services_limits_hold),
        cmocka_unit_test(a_job_that_was_not_looked_at_is_refused_as_busy),
    };

    return cmocka_run_group_tests(tests, open_fixture, close_fixture);
}
