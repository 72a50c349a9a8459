/*
 * test_local_s3_xml.c - the reader against hostile documents, and DeleteObjects, which uses it.
 */
#include "cmocka_all.h"
#include "s3_driver.h"
#include "s3_xml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Writes "path=text;" for every element's end. */
static bool note(void *userdata, const char *path, const char *text)
{
    s3_text *out = userdata;

    if (text != NULL) {
        s3_text_puts(out, path);
        s3_text_puts(out, "=");
        s3_text_puts(out, text);
        s3_text_puts(out, ";");
    }
    return true;
}

static void reads(const char *xml, const char *wanted)
{
    s3_text out = { 0 };

    if (!s3_xml_read((const unsigned char *)xml, strlen(xml), note, &out))
        fail_msg("refused: %s", xml);
    assert_string_equal(s3_text_string(&out), wanted);
    s3_text_free(&out);
}

static void good_documents(void **state)
{
    (void)state;
    reads("<a/>", "a=;");
    reads("\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<a xmlns='x' b=\"c>\" >\n <b>t</b> <!-- - <x> -->"
          "<c />\n</a >\n",
          "a/b=t;a/c=;a=;");
    reads("<n:a><n:b> x\n</n:b></n:a>", "a/b= x\n;a=;");
    reads("<a>&lt;&gt;&amp;&quot;&apos;&#65;&#x42;&#xe9;&#x20AC;&#x1F431;</a>",
          "a=<>&\"'AB\xC3\xA9\xE2\x82\xAC\xF0\x9F\x90\xB1;");
}

static void what_is_written_is_xml_whatever_it_was(void **state)
{
    s3_driver *d = *state;
    s3_text out = { 0 };

    s3_xml_escape(&out, "a<\x01\xC3\xA4\xFF\xE2\x82\"\xF0\x9F\x90\xB1");
    assert_string_equal(out.data, "a&lt;&#x1;\xC3\xA4\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD&quot;"
                                  "\xF0\x9F\x90\xB1");
    s3_text_free(&out);
    s3_refused(d, "GET /\xCF/b", NULL, NULL, 400, "InvalidURI");
    assert_true(s3_has(d, "<Resource>/\xEF\xBF\xBD/b</Resource>"));
}

static void hostile_documents(void **state)
{
    static const char *const all[] = {
        "",
        " ",
        "x",
        "<",
        "<a",
        "<a>",
        "<a></b>",
        "<a></a>x",
        "<a/><b/>",
        "<a><b></a></b>",
        "<a b></a>",
        "<a b=c></a>",
        "<a b='<'></a>",
        "<a b='c'd='e'></a>",
        "<1/>",
        "<a>&nbsp;</a>",
        "<a>&amp</a>",
        "<a>&</a>",
        "<a>&#0;</a>",
        "<a>&#xD800;</a>",
        "<a>&#x110000;</a>",
        "<a>&#99999999999;</a>",
        "<a>&#;</a>",
        "<a>&#x;</a>",
        "<a>&#1G;</a>",
        "<a>\xFF</a>",
        "<a>text<b/></a>",
        "<a><b/>text</a>",
        "<a><!-- </a>",
        "<a><![CDATA[x]]></a>",
        "<a><?php x?></a>",
        "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>",
        "<?xml version=\"1.0\"",
        "<a><a><a><a><a><a><a><a><a></a></a></a></a></a></a></a></a></a>",
    };
    s3_text out = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        char *copy = strdup(all[i]); /* its own allocation: reading on is seen */

        if (s3_xml_read((unsigned char *)copy, strlen(copy), note, &out))
            fail_msg("accepted: %s", all[i]);
        free(copy);
    }
    assert_false(s3_xml_read((const unsigned char *)"<a>\0</a>", 8, note, &out));
    s3_text_free(&out);
}

static void long_things(void **state)
{
    char *xml = malloc(20000);
    s3_text out = { 0 };

    (void)state;
    (void)snprintf(xml, 20000, "<a>%8192d</a>", 1);
    assert_true(s3_xml_read((unsigned char *)xml, strlen(xml), note, &out));
    (void)snprintf(xml, 20000, "<a>%8193d</a>", 1);
    assert_false(s3_xml_read((unsigned char *)xml, strlen(xml), note, &out));
    (void)snprintf(xml, 20000, "<a%0200d/>", 1);
    assert_false(s3_xml_read((unsigned char *)xml, strlen(xml), note, &out));
    free(xml);
    s3_text_free(&out);
}

#define MD5 "content-md5: checked-before"

static void deletes_many(void **state)
{
    s3_driver *d = *state;

    s3_want(d, "PUT /cats/a", NULL, "x", 200);
    s3_want(d, "PUT /cats/b%26%20%C3%A9", NULL, "x", 200);
    s3_want(d, "PUT /cats/keep", NULL, "x", 200);
    s3_want(d, "POST /cats?delete", MD5,
            "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Object><Key>a</Key>"
            "</Object><Object><Key>b&amp; \xC3\xA9</Key></Object><Object><Key>never</Key></Object>"
            "<Object><Key>keep</Key><VersionId>3</VersionId></Object>"
            "<Object><Key>keep</Key><ETag>\"no\"</ETag></Object></Delete>",
            200);
    assert_true(s3_has(d, "<Deleted><Key>a</Key></Deleted>"
                          "<Deleted><Key>b&amp; \xC3\xA9</Key></Deleted>"
                          "<Deleted><Key>never</Key></Deleted>"
                          "<Error><Key>keep</Key><Code>NoSuchVersion</Code>"));
    assert_true(s3_has(d, "<Error><Key>keep</Key><Code>PreconditionFailed</Code>"));
    assert_int_equal(d->event_count, 5);
    s3_want(d, "GET /cats/keep", NULL, NULL, 200);
    s3_refused(d, "GET /cats/a", NULL, NULL, 404, "NoSuchKey");
    s3_want(d, "POST /cats?delete", MD5,
            "<Delete><Quiet>true</Quiet><Object><Key>keep</Key></Object></Delete>", 200);
    assert_false(s3_has(d, "Deleted"));
    s3_refused(d, "GET /cats/keep", NULL, NULL, 404, "NoSuchKey");
}

static void deletes_all_or_nothing(void **state)
{
    s3_driver *d = *state;

    s3_want(d, "PUT /cats/a", NULL, "x", 200);
    d->refuse_event = 1;
    s3_refused(d, "POST /cats?delete", MD5, "<Delete><Object><Key>a</Key></Object></Delete>", 500,
               "InternalError");
    s3_want(d, "GET /cats/a", NULL, NULL, 200);
}

static void wrong_lists(void **state)
{
    static const char *const bad[] = {
        "",
        "<Delete></Delete>",
        "<Delete><Object></Object></Delete>",
        "<Delete><Object><Key></Key></Object></Delete>",
        "<Delete><Object><Key>a</Key><Key>b</Key></Object></Delete>",
        "<Delete><Object><Key>a</Key><Name>b</Name></Object></Delete>",
        "<Delete><Object><Key>a<Key>b</Key></Key></Object></Delete>",
        "<Delete><Objects><Key>a</Key></Objects></Delete>",
        "<Delete><Quiet>maybe</Quiet><Object><Key>a</Key></Object></Delete>",
        "<Remove><Object><Key>a</Key></Object></Remove>",
        "<Delete><Key>a</Key></Delete>",
        "<Delete><Object><Key>a</Key></Object>",
    };
    s3_driver *d = *state;

    s3_want(d, "PUT /cats/a", NULL, "x", 200);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        s3_refused(d, "POST /cats?delete", MD5, bad[i], 400, "MalformedXML");
    s3_refused(d, "POST /cats?delete", NULL, "<Delete><Object><Key>a</Key></Object></Delete>", 400,
               "InvalidRequest");
    s3_want(d, "GET /cats/a", NULL, NULL, 200);
}

static void a_thousand_and_one(void **state)
{
    s3_driver *d = *state;
    s3_text xml = { 0 };

    s3_text_puts(&xml, "<Delete>");
    for (int i = 0; i < 1000; i++)
        s3_text_puts(&xml, "<Object><Key>k</Key></Object>");
    s3_text_puts(&xml, "</Delete>");
    s3_want(d, "POST /cats?delete", MD5, xml.data, 200);
    assert_int_equal(s3_count(d, "<Deleted>"), 1000);
    xml.len -= strlen("</Delete>");
    s3_text_puts(&xml, "<Object><Key>k</Key></Object></Delete>");
    s3_refused(d, "POST /cats?delete", MD5, xml.data, 400, "MalformedXML");
    s3_text_free(&xml);
}

int main(void)
{
#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, s3_driver_open, s3_driver_close)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_documents),
        WITH_STORE(what_is_written_is_xml_whatever_it_was),
        cmocka_unit_test(hostile_documents),
        cmocka_unit_test(long_things),
        WITH_STORE(deletes_many),
        WITH_STORE(deletes_all_or_nothing),
        WITH_STORE(wrong_lists),
        WITH_STORE(a_thousand_and_one),
    };

    return cmocka_run_group_tests_name("icecat-local S3: XML", tests, NULL, NULL);
}
