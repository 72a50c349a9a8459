/*
 * test_xml.c - the small answers of S3: where the root is, and the text of one element.
 */
#include "aws/xml.h"
#include "cmocka_all.h"

#include <string.h>

static int root_is(const char *document, const char *name)
{
    return ic_xml_root_is(ic_view_of(document), name);
}

static void the_root_may_stand_behind_other_things(void **state)
{
    (void)state;
    assert_true(root_is("<Error><Code>a</Code></Error>", "Error"));
    assert_true(root_is("<?xml version=\"1.0\"?>\n<!-- <Fake> -->\r\n\t<Error/>", "Error"));
    assert_true(root_is("\xef\xbb\xbf <Error xmlns=\"x\">", "Error"));
    assert_false(root_is("<ErrorCode/>", "Error"));
    assert_false(root_is("<CopyObjectResult><Error/></CopyObjectResult>", "Error"));
}

static void what_never_ends_has_no_root(void **state)
{
    static const char *const documents[] = {
        "", " ", "<", "<Error", "<?xml <Error>", "<!-- <", "<!--->-->", "x<Error>", "\xef\xbb\xbf"
    };

    (void)state;
    for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++)
        assert_false(root_is(documents[i], "Error"));
}

/* The text of <a>, or "-" when there is none. */
static const char *text_of_a(const char *document)
{
    static char scratch[64];
    ic_buf out;

    ic_buf_init_fixed(&out, scratch, sizeof(scratch));
    return ic_xml_text(ic_view_of(document), "a", &out) ? scratch : "-";
}

static void texts_are_decoded(void **state)
{
    static const struct {
        const char *document;
        const char *text;
    } cases[] = {
        { "<r><a>x</a><a>y</a></r>", "x" },
        { "<r><ab>x</ab><a>y</a></r>", "y" },
        { "<a b='c'>x</a>", "x" },
        { "<a/>", "" },
        { "<a></a>", "" },
        { "<a>&lt;&gt;&amp;&quot;&apos;</a>", "<>&\"'" },
        { "<a>&#65;&#x42;&#xe4;&#x20AC;&#x1F431;</a>", "AB\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xb1" },
        /* What XML does not allow stays as it is. */
        { "<a>&#0;&#xD800;&#x110000;&#99999999999;&#x;&#xg;&#65 &nbsp;&</a>",
          "&#0;&#xD800;&#x110000;&#99999999999;&#x;&#xg;&#65 &nbsp;&" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(text_of_a(cases[i].document), cases[i].text);
}

static void what_is_not_closed_is_not_there(void **state)
{
    static const char *const documents[] = { "",      "<",       "<a",       "<a>",      "<a>x",
                                             "<a>x<", "<a>x<b>", "<a b='c'", "<b>x</b>", "x</a>" };

    (void)state;
    for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++)
        assert_string_equal(text_of_a(documents[i]), "-");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_root_may_stand_behind_other_things),
        cmocka_unit_test(what_never_ends_has_no_root),
        cmocka_unit_test(texts_are_decoded),
        cmocka_unit_test(what_is_not_closed_is_not_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
