/*
 * test_cli_options.c - the command line of icecat, word by word.
 */
#include "cmocka_all.h"

#include "option_values.h"
#include "options.h"
#include <stdlib.h>
#include <string.h>

#define MOST_WORDS 16

struct parsed {
    struct options options;
    char why[WHY_LEN];
    int ok;
};

/* Parse a line of words that single blanks separate. */
static void parse(struct parsed *line, char *text)
{
    char program[] = "icecat";
    char *words[MOST_WORDS + 1] = { program };
    int count = 1;

    for (char *word = strtok(text, " "); word != NULL; word = strtok(NULL, " ")) {
        assert_true(count < MOST_WORDS);
        words[count++] = word;
    }
    line->ok = options_parse(&line->options, count, words, line->why, sizeof(line->why));
}

#define PARSE(line, text)                                                                          \
    char line##_text[] = text;                                                                     \
    struct parsed line;                                                                            \
    parse(&line, line##_text)

#define ASSERT_REFUSED(text, sentence)                                                             \
    do {                                                                                           \
        PARSE(refused, text);                                                                      \
        assert_int_equal(refused.ok, 0);                                                           \
        assert_string_equal(refused.why, sentence);                                                \
        options_clear(&refused.options);                                                           \
    } while (0)

static void options_stand_before_and_behind_the_command(void **state)
{
    (void)state;
    PARSE(line, "-s prod.env -d bulkanalyse --folder pets --region=eu-west-2 -j4 more.png");

    assert_int_equal(line.ok, 1);
    assert_string_equal(line.options.command, "submit");
    assert_string_equal(options_text(&line.options, OPTION_SECRETSFILE), "prod.env");
    assert_int_equal(options_count(&line.options, OPTION_DEBUG), 1);
    assert_string_equal(options_text(&line.options, OPTION_FOLDER), "pets");
    assert_string_equal(options_text(&line.options, OPTION_REGION), "eu-west-2");
    assert_string_equal(options_text(&line.options, OPTION_JOBS), "4");
    assert_int_equal(line.options.arg_count, 1);
    assert_string_equal(line.options.args[0], "more.png");
    options_clear(&line.options);
}

/* C17: --folder_path, which that client's own help names, was refused. */
static void the_python_client_s_lines_are_taken(void **state)
{
    (void)state;
    PARSE(folder, "-s ssm bulkanalyse --folder_path pets");
    PARSE(result, "--secretsfile SSM result -b 1744377772 -p abcd");
    PARSE(stray, "-s ssm bulkresults --batchfile logs/x.json result");
    PARSE(cut, "--secrets a.env bulkanalyse --fold pets");

    assert_int_equal(folder.ok, 1);
    assert_string_equal(options_text(&folder.options, OPTION_FOLDER), "pets");
    assert_int_equal(result.ok, 1);
    assert_string_equal(options_text(&result.options, OPTION_BATCHID), "1744377772");
    assert_string_equal(options_text(&result.options, OPTION_IMGFPRINT), "abcd");
    assert_int_equal(stray.ok, 1);
    assert_string_equal(options_text(&stray.options, OPTION_BATCHFILE), "logs/x.json");
    assert_int_equal(stray.options.arg_count, 0);
    assert_int_equal(cut.ok, 1);
    assert_string_equal(options_text(&cut.options, OPTION_FOLDER), "pets");
    options_clear(&folder.options);
    options_clear(&result.options);
    options_clear(&stray.options);
    options_clear(&cut.options);
}

static void a_short_option_may_mean_another_long_one(void **state)
{
    (void)state;
    PARSE(id, "-b 1744377772 result");
    PARSE(file, "-b a.json results");

    assert_string_equal(options_text(&id.options, OPTION_BATCHID), "1744377772");
    assert_int_equal(options_count(&id.options, OPTION_BATCHFILE), 0);
    assert_string_equal(options_text(&file.options, OPTION_BATCHFILE), "a.json");
    assert_int_equal(options_short_name(OPTION_BATCHID, COMMAND_result), 'b');
    assert_int_equal(options_short_name(OPTION_BATCHID, COMMAND_results), 0);
    options_clear(&id.options);
    options_clear(&file.options);
}

static void repeated_options_are_kept_in_order(void **state)
{
    (void)state;
    PARSE(line, "submit --include a --exclude x --include=b -vvq -v pets");

    assert_int_equal(options_count(&line.options, OPTION_INCLUDE), 2);
    assert_string_equal(options_at(&line.options, OPTION_INCLUDE, 0), "a");
    assert_string_equal(options_at(&line.options, OPTION_INCLUDE, 1), "b");
    assert_null(options_at(&line.options, OPTION_INCLUDE, 2));
    assert_string_equal(options_text(&line.options, OPTION_INCLUDE), "b");
    assert_int_equal(options_count(&line.options, OPTION_VERBOSE), 3);
    assert_int_equal(options_count(&line.options, OPTION_QUIET), 1);
    options_clear(&line.options);
}

static void two_dashes_end_the_options(void **state)
{
    (void)state;
    PARSE(line, "validate -- --strict - -x");
    PARSE(dash, "validate -");
    PARSE(first, "-- validate a");

    assert_int_equal(line.ok, 1);
    assert_int_equal(line.options.arg_count, 3);
    assert_string_equal(line.options.args[0], "--strict");
    assert_int_equal(options_count(&line.options, OPTION_STRICT), 0);
    assert_int_equal(dash.ok, 1);
    assert_string_equal(dash.options.args[0], "-");
    assert_int_equal(first.options.command_id, COMMAND_validate);
    assert_int_equal(first.options.arg_count, 1);
    options_clear(&line.options);
    options_clear(&dash.options);
    options_clear(&first.options);
}

static void json_is_an_output(void **state)
{
    (void)state;
    PARSE(line, "validate -o csv x --json");
    PARSE(last, "--json validate -o csv x");

    assert_string_equal(options_text(&line.options, OPTION_OUTPUT), "json");
    assert_string_equal(options_text(&last.options, OPTION_OUTPUT), "csv");
    options_clear(&line.options);
    options_clear(&last.options);
}

static void a_fault_is_one_sentence(void **state)
{
    (void)state;
    ASSERT_REFUSED("sumbit", "there is no command \"sumbit\"; did you mean submit?");
    ASSERT_REFUSED("frobnicate", "there is no command \"frobnicate\"");
    ASSERT_REFUSED("submit --foldr x", "unknown option --foldr; did you mean --folder?");
    ASSERT_REFUSED("submit --xyzzy x", "unknown option --xyzzy");
    ASSERT_REFUSED("submit -z", "unknown option -z");
    ASSERT_REFUSED("version -p x", "-p is not an option of version");
    ASSERT_REFUSED("version --label x", "--label is not an option of version");
    ASSERT_REFUSED("submit --folder", "--folder needs DIR");
    ASSERT_REFUSED("submit -f", "-f needs DIR");
    ASSERT_REFUSED("submit --wait=3 x", "--wait takes no value");
    ASSERT_REFUSED("results x", "results does not take \"x\"");
    ASSERT_REFUSED("results result", "results does not take \"result\"");
    ASSERT_REFUSED("results --batch x", "--batch is short for several options");
}

/* The report of a fault must follow --output, wherever it stands. */
static void what_follows_a_fault_is_read(void **state)
{
    (void)state;
    PARSE(line, "validate --bogus -o json");

    assert_int_equal(line.ok, 0);
    assert_string_equal(options_text(&line.options, OPTION_OUTPUT), "json");
    options_clear(&line.options);
}

static void the_environment_stands_behind_the_line(void **state)
{
    (void)state;
    PARSE(without, "validate x");
    PARSE(with, "validate x -o csv");

    setenv("ICECAT_OUTPUT", "ndjson", 1);
    assert_string_equal(options_text(&without.options, OPTION_OUTPUT), "ndjson");
    assert_string_equal(options_text(&with.options, OPTION_OUTPUT), "csv");
    setenv("ICECAT_OUTPUT", "", 1);
    assert_null(options_text(&without.options, OPTION_OUTPUT));
    unsetenv("ICECAT_OUTPUT");
    options_clear(&without.options);
    options_clear(&with.options);
}

static void no_command_is_no_fault_of_the_line(void **state)
{
    (void)state;
    PARSE(line, "--region x");

    assert_int_equal(line.ok, 1);
    assert_null(line.options.command);
    assert_int_equal(line.options.command_id, COMMAND_COUNT);
    options_clear(&line.options);
}

/* Two rows with one name would make one of them unreachable. */
static void names_are_unique_within_a_command(void **state)
{
    (void)state;
    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        const struct option_row *a = options_row((enum option_id)i);

        for (unsigned j = i + 1; j < OPTION_COUNT; j++) {
            const struct option_row *b = options_row((enum option_id)j);

            if ((a->commands & b->commands) == 0)
                continue;
            assert_string_not_equal(a->long_name, b->long_name);
            assert_true(a->short_name == 0 || a->short_name != b->short_name);
        }
    }
}

static int size_of(char *text, uint64_t *out)
{
    char program[] = "icecat", command[] = "validate", option[] = "--max-size";
    char *words[] = { program, command, option, text };
    struct options options;
    char why[WHY_LEN];
    int ok;

    assert_int_equal(options_parse(&options, 4, words, why, sizeof(why)), 1);
    ok = options_size(&options, OPTION_MAX_SIZE, out, why, sizeof(why));
    assert_true(ok || strstr(why, "--max-size must be a size") != NULL);
    options_clear(&options);
    return ok;
}

static void sizes_have_units(void **state)
{
    static const struct {
        const char *text;
        uint64_t bytes;
    } good[] = { { "1", 1 },         { "500B", 500 },     { "2k", 2048 },      { "5M", 5242880 },
                 { "5MB", 5242880 }, { "5MiB", 5242880 }, { "1g", 1073741824 } };
    static const char *const bad[] = {
        "", "M", "0", "-1", "5X", "5iB", "1.5M", "5 M", "99999999999999999999", "99999999999999999G"
    };
    uint64_t bytes;
    char copy[32];

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        strcpy(copy, good[i].text);
        assert_true(size_of(copy, &bytes));
        assert_true(bytes == good[i].bytes);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        strcpy(copy, bad[i]);
        assert_false(size_of(copy, &bytes));
    }
}

static void numbers_and_words_are_checked(void **state)
{
    uint64_t number = 7;
    double percent = 1;
    size_t choice = 9;
    char why[WHY_LEN];

    (void)state;
    PARSE(line, "submit --keys sized x");
    PARSE(detect, "detect --max-labels 1e3 --min-confidence 101 x");
    PARSE(good, "detect --max-labels 30 --min-confidence 62.5 x");

    assert_false(options_choice(&line.options, OPTION_KEYS, &choice, why, sizeof(why)));
    assert_string_equal(why, "--keys must be one of typed, compat; not \"sized\"");
    assert_false(
        options_number(&detect.options, OPTION_MAX_LABELS, 1, 1000, &number, why, sizeof(why)));
    assert_string_equal(why, "--max-labels must be a whole number from 1 to 1000, not \"1e3\"");
    assert_false(
        options_percent(&detect.options, OPTION_MIN_CONFIDENCE, &percent, why, sizeof(why)));
    assert_true(number == 7 && choice == 9);
    assert_true(
        options_number(&good.options, OPTION_MAX_LABELS, 1, 1000, &number, why, sizeof(why)));
    assert_true(options_percent(&good.options, OPTION_MIN_CONFIDENCE, &percent, why, sizeof(why)));
    assert_true(number == 30);
    assert_true(percent > 62.4 && percent < 62.6);
    assert_true(options_choice(&good.options, OPTION_KEYS, &choice, why, sizeof(why)));
    assert_true(choice == 9);
    options_clear(&line.options);
    options_clear(&detect.options);
    options_clear(&good.options);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_stand_before_and_behind_the_command),
        cmocka_unit_test(the_python_client_s_lines_are_taken),
        cmocka_unit_test(a_short_option_may_mean_another_long_one),
        cmocka_unit_test(repeated_options_are_kept_in_order),
        cmocka_unit_test(two_dashes_end_the_options),
        cmocka_unit_test(json_is_an_output),
        cmocka_unit_test(a_fault_is_one_sentence),
        cmocka_unit_test(what_follows_a_fault_is_read),
        cmocka_unit_test(the_environment_stands_behind_the_line),
        cmocka_unit_test(no_command_is_no_fault_of_the_line),
        cmocka_unit_test(names_are_unique_within_a_command),
        cmocka_unit_test(sizes_have_units),
        cmocka_unit_test(numbers_and_words_are_checked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
