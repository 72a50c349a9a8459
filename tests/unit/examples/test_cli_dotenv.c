/*
 * test_cli_dotenv.c - files of KEY=value lines.
 */
#include "cmocka_all.h"

#include "dotenv.h"
#include <string.h>

static icecat_status parse(const char *text, struct dotenv *out, icecat_error *err)
{
    return dotenv_parse("a.env", text, strlen(text), out, err);
}

static void assert_value(const char *text, const char *key, const char *value)
{
    struct dotenv dotenv;
    icecat_error err;
    const struct dotenv_entry *entry;

    assert_int_equal(parse(text, &dotenv, &err), ICECAT_OK);
    entry = dotenv_get(&dotenv, key);
    assert_non_null(entry);
    assert_string_equal(entry->value, value);
    dotenv_clear(&dotenv);
}

static void assert_refused(const char *text, const char *message)
{
    struct dotenv dotenv;
    icecat_error err;

    assert_int_equal(parse(text, &dotenv, &err), ICECAT_E_PARSE);
    assert_int_equal(err.status, ICECAT_E_PARSE);
    assert_string_equal(err.message, message);
    assert_int_equal(dotenv.count, 0);
}

static void values_follow_the_rules_of_the_python_client_s_parser(void **state)
{
    (void)state;
    assert_value("A=b", "A", "b");
    assert_value("A=b\n", "A", "b");
    assert_value("  A =  b c  \n", "A", "b c");
    assert_value("export A=b", "A", "b");
    assert_value("export\tA=b", "A", "b");
    assert_value("exported=b", "exported", "b");
    assert_value("A=b # comment", "A", "b");
    assert_value("A=b#c", "A", "b#c");
    assert_value("A=#c", "A", "");
    assert_value("A=", "A", "");
    assert_value("A=\nB=c", "B", "c");
    assert_value("A=a=b==", "A", "a=b==");
    assert_value("A=\"b # c\" # d", "A", "b # c");
    assert_value("A='b\\n\"c'", "A", "b\\n\"c");
    assert_value("A='it\\'s \\\\'", "A", "it's \\");
    assert_value("A=\"b\\n\\t\\\"\\\\c\\q\"", "A", "b\n\t\"\\c\\q");
    assert_value("A=\"b\nc\"\nB=d", "A", "b\nc");
    assert_value("A='${B}'", "A", "${B}");
    assert_value("A=$B$", "A", "$B$");
}

static void files_of_other_systems_are_read(void **state)
{
    (void)state;
    assert_value("\xef\xbb\xbf"
                 "A=b\r\nB=c\r\n",
                 "A", "b");
    assert_value("A=b\r\nB='c'\r\n# x\r\n\r\nC=d\r\n", "B", "c");
    assert_value("A=b\r\n# x\r\n\r\nC=d", "C", "d");
    assert_value("# only\n\n   \nA=b", "A", "b");
}

static void the_last_line_wins_and_lines_are_counted(void **state)
{
    struct dotenv dotenv;
    icecat_error err;
    const struct dotenv_entry *entry;

    (void)state;
    assert_int_equal(parse("A=1\nB=\"x\ny\"\n\nA=2\n", &dotenv, &err), ICECAT_OK);
    assert_int_equal(dotenv.count, 3);
    entry = dotenv_get(&dotenv, "A");
    assert_non_null(entry);
    assert_string_equal(entry->value, "2");
    assert_int_equal(entry->line, 5);
    assert_int_equal(dotenv_get(&dotenv, "B")->line, 2);
    assert_null(dotenv_get(&dotenv, "C"));
    dotenv_clear(&dotenv);
}

static void faults_have_a_line_and_no_value(void **state)
{
    (void)state;
    assert_refused("A=1\nsecret words\n", "a.env:2: expected KEY=value");
    assert_refused("A", "a.env:1: expected KEY=value");
    assert_refused("=b", "a.env:1: expected KEY=value");
    assert_refused("1A=b", "a.env:1: expected KEY=value");
    assert_refused("A=1\nB='x\ny\n", "a.env:2: the quote that begins here does not end");
    assert_refused("A=\"x\" y", "a.env:1: text follows the closing quote");
    assert_refused("A=x${B}",
                   "a.env:1: ${...} is not replaced in this file; write the value itself, "
                   "or put it in single quotes");
}

static void binary_files_are_refused(void **state)
{
    struct dotenv dotenv;
    icecat_error err;

    (void)state;
    assert_int_equal(dotenv_parse("a.env", "A=b\0c", 5, &dotenv, &err), ICECAT_E_PARSE);
    assert_string_equal(err.message, "a.env: not a text file: it has a zero byte");
}

/* Any bytes give an answer; the sanitizers watch. */
static void any_beginning_of_a_file_is_safe(void **state)
{
    static const char text[] = "\xef\xbb\xbf"
                               "export A='x\\'y' # c\r\nB=\"\\\\ \\\n z\"\nC= d # e\r\n";
    struct dotenv dotenv;
    icecat_error err;

    (void)state;
    for (size_t len = 0; len < sizeof(text); len++) {
        icecat_status status = dotenv_parse("a.env", text, len, &dotenv, &err);

        assert_true(status == ICECAT_OK || status == ICECAT_E_PARSE);
        dotenv_clear(&dotenv);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_follow_the_rules_of_the_python_client_s_parser),
        cmocka_unit_test(files_of_other_systems_are_read),
        cmocka_unit_test(the_last_line_wins_and_lines_are_counted),
        cmocka_unit_test(faults_have_a_line_and_no_value),
        cmocka_unit_test(binary_files_are_refused),
        cmocka_unit_test(any_beginning_of_a_file_is_safe),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
