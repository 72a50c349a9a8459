/*
 * test_verdict.c - is the label among Rekognition's labels?
 */
#include "base/time.h"
#include "base/view.h"
#include "cmocka_all.h"
#include "services/labels.h"

#include <icecat/pipeline.h>

static const char answer[] =
    "{\"Labels\":["
    "{\"Name\":\"Animal\",\"Confidence\":99},"
    "{\"Name\":\"Kitten\",\"Confidence\":91,\"Parents\":[{\"Name\":\"Animal\"},{\"Name\":\"Cat\"}]}"
    ","
    "{\"Name\":\"cat\",\"Confidence\":88.5},"
    "{\"Name\":\"Cell Phone\",\"Confidence\":80,\"Aliases\":[{\"Name\":\"Mobile Phone\"}]},"
    "{\"Name\":\"Catering\",\"Confidence\":97},"
    "{\"Name\":\"Plant\",\"Confidence\":60,\"Parents\":[7,{\"Name\":null},{\"Name\":\"Flora\"}]}]}";

static icecat_labels *labels_of(const char *text)
{
    icecat_labels *labels = NULL;

    assert_int_equal(ic_labels_parse(NULL, ic_view_of(text), &labels, NULL), ICECAT_OK);
    return labels;
}

static void test_name_parent_alias(void **state)
{
    static const struct {
        const char *label;
        int found;
        double confidence;
    } cases[] = {
        { "Cat", 1, 91 }, /* the kitten's, which is surer than the cat's own */
        { "CAT", 1, 91 }, { "Kitten", 1, 91 }, { "animal", 1, 99 }, { "mobile phone", 1, 80 },
        { "Dog", 0, 0 },  { "Ca", 0, 0 },      { "", 0, 0 },        { "Cater", 0, 0 },
    };
    icecat_labels *labels = labels_of(answer);

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        double confidence = -1;

        assert_int_equal(icecat_labels_verdict(labels, cases[i].label, &confidence),
                         cases[i].found);
        assert_true(confidence > cases[i].confidence - 0.01 &&
                    confidence < cases[i].confidence + 0.01);
        assert_int_equal(icecat_labels_verdict(labels, cases[i].label, NULL), cases[i].found);
    }
    icecat_labels_free(labels);
}

static void test_odd_parents_hide_no_others(void **state)
{
    icecat_labels *labels = labels_of(answer);

    (void)state;
    assert_int_equal(icecat_labels_verdict(labels, "Flora", NULL), 1);
    icecat_labels_free(labels);
}

/* An answer of some megabytes must not take minutes. */
static void test_many_parents_take_no_longer_each(void **state)
{
    enum { COUNT = 100000 };
    uint64_t began;
    icecat_labels *labels;
    ic_buf text;

    (void)state;
    ic_buf_init(&text, NULL, 4u << 20);
    ic_buf_add_text(&text, "{\"Labels\":[{\"Name\":\"A\",\"Confidence\":99,\"Parents\":[");
    for (size_t i = 0; i < COUNT; i++)
        ic_buf_add_text(&text, i != 0 ? ",{\"Name\":\"B\"}" : "{\"Name\":\"B\"}");
    ic_buf_add_text(&text, "]}]}");
    labels = labels_of(ic_buf_text(&text));
    ic_buf_free(&text);
    began = ic_time_monotonic_ms();
    assert_int_equal(icecat_labels_verdict(labels, "Cat", NULL), 0);
    assert_true(ic_time_monotonic_ms() - began < 1000);
    icecat_labels_free(labels);
}

static void test_nothing_to_look_at(void **state)
{
    icecat_labels *labels = labels_of("{\"Labels\":[]}");
    double confidence = 7;

    (void)state;
    assert_int_equal(icecat_labels_verdict(labels, "Cat", &confidence), 0);
    assert_true(confidence < 0.5);
    assert_int_equal(icecat_labels_verdict(NULL, "Cat", &confidence), 0);
    assert_int_equal(icecat_labels_verdict(labels, NULL, &confidence), 0);
    icecat_labels_free(labels);
}

/* A confidence of 0 is a find, too. */
static void test_least_confidence(void **state)
{
    icecat_labels *labels = labels_of("{\"Labels\":[{\"Name\":\"Cat\",\"Confidence\":0}]}");

    (void)state;
    assert_int_equal(icecat_labels_verdict(labels, "Cat", NULL), 1);
    icecat_labels_free(labels);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_name_parent_alias),
        cmocka_unit_test(test_odd_parents_hide_no_others),
        cmocka_unit_test(test_many_parents_take_no_longer_each),
        cmocka_unit_test(test_nothing_to_look_at),
        cmocka_unit_test(test_least_confidence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
