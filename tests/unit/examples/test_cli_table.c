/*
 * test_cli_table.c - one set of rows for a screen, a pipe and a spreadsheet.
 */
#include "cmocka_all.h"

#include "table.h"
#include <stdlib.h>
#include <string.h>

static const struct table_column columns[] = {
    { "verdict", 0, 0 },
    { "conf", 1, 0 },
    { "file", 0, 1 },
    { "fingerprint", 0, 0 },
};

enum { COLUMNS = 4 };

static struct table *one_row(const char *file)
{
    const char *cells[] = { "cat", "98.4", file, "0eaf1da24040" };
    struct table *table = table_new(columns, COLUMNS);

    assert_non_null(table);
    assert_true(table_add(table, cells, TABLE_GREEN));
    return table;
}

enum writer { SCREEN, PLAIN, CSV };

/* Returns the text, and frees the table. */
static char *written(struct table *table, enum writer writer, size_t width, int colour)
{
    /* static: gcc 12 takes the memory of the stream for that of the variable */
    static char *text;
    static size_t len;
    FILE *file = open_memstream(&text, &len);

    assert_non_null(file);
    if (writer == SCREEN)
        assert_true(table_write_screen(table, file, width, colour));
    else if (writer == PLAIN)
        assert_true(table_write_plain(table, file));
    else
        assert_true(table_write_csv(table, file));
    fclose(file);
    table_free(table);
    return text;
}

static void assert_text(char *text, const char *expected)
{
    assert_string_equal(text, expected);
    free(text);
}

static void screen_lines_up(void **state)
{
    (void)state;
    assert_text(written(one_row("siberian.png"), SCREEN, 80, 0),
                " verdict  conf  file          fingerprint\n"
                " cat      98.4  siberian.png  0eaf1da24040\n");
}

static void only_the_file_is_elided(void **state)
{
    char *text = written(one_row("a-very-long-name-of-a-siberian-kitten.png"), SCREEN, 54, 0);
    char *line = strchr(text, '\n') + 1;

    (void)state;
    line[strlen(line) - 1] = '\0';
    assert_int_equal(text_width(line), 54);
    assert_text(text, " verdict  conf  file                      fingerprint\n"
                      " cat      98.4  a-very-l\xe2\x80\xa6rian-kitten.png  0eaf1da24040");
}

static void identifiers_survive_a_narrow_screen(void **state)
{
    char *text = written(one_row("a-very-long-name-of-a-siberian-kitten.png"), SCREEN, 10, 0);

    (void)state;
    assert_non_null(strstr(text, "0eaf1da24040"));
    assert_non_null(strstr(text, "98.4"));
    free(text);
}

static void no_limit_elides_nothing(void **state)
{
    char *text = written(one_row("a-very-long-name-of-a-siberian-kitten.png"), SCREEN, 0, 0);

    (void)state;
    assert_non_null(strstr(text, "a-very-long-name-of-a-siberian-kitten.png"));
    free(text);
}

static void colour_is_only_of_the_verdict(void **state)
{
    char *text = written(one_row("a.png"), SCREEN, 80, 1);

    (void)state;
    assert_non_null(strstr(text, "\x1b[32mcat\x1b[0m "));
    assert_non_null(strstr(text, " 98.4  a.png"));
    free(text);
}

/* C18: what a file is called must not steer the terminal. */
static void names_cannot_steer_the_terminal(void **state)
{
    char *text = written(one_row("x\x1b[2J\n\xe2\x80\xae.png\xff"), SCREEN, 80, 0);

    (void)state;
    assert_null(strchr(text, '\x1b'));
    assert_non_null(strstr(text, "x\\x1b[2J\\x0a\\u202e.png\xef\xbf\xbd"));
    free(text);
}

static void brackets_are_no_markup(void **state)
{
    char *text = written(one_row("webp[red].jpg"), SCREEN, 80, 0);

    (void)state;
    assert_non_null(strstr(text, "webp[red].jpg"));
    free(text);
}

static void widths_are_of_columns(void **state)
{
    (void)state;
    assert_int_equal(text_width("cat"), 3);
    assert_int_equal(text_width("caf\xc3\xa9"), 4);
    assert_int_equal(text_width("cafe\xcc\x81"), 4);     /* a combining accent */
    assert_int_equal(text_width("\xe7\x8c\xab"), 2);     /* a wide character */
    assert_int_equal(text_width("\xf0\x9f\x90\xb1"), 2); /* an emoji */
    assert_int_equal(text_width("\x1b"), 4);             /* \x1b */
    assert_int_equal(text_width("\xff"), 1);
}

static void wide_names_are_cut_between_characters(void **state)
{
    /* 30 wide characters take 60 columns; 20 stay. */
    char name[91] = "";
    char *text;
    char *line;

    (void)state;
    for (int i = 0; i < 30; i++)
        strcat(name, "\xe7\x8c\xab");
    text = written(one_row(name), SCREEN, 50, 0);
    line = strchr(text, '\n') + 1;
    line[strlen(line) - 1] = '\0';
    assert_int_equal(text_width(line), 50);
    assert_null(strstr(line, "\xef\xbf\xbd"));
    free(text);
}

static void plain_shortens_nothing(void **state)
{
    (void)state;
    assert_text(written(one_row("a\tb\\c\nd.png"), PLAIN, 0, 0),
                "verdict\tconf\tfile\tfingerprint\n"
                "cat\t98.4\ta\\tb\\\\c\\nd.png\t0eaf1da24040\n");
}

static void plain_lets_no_control_through(void **state)
{
    (void)state;
    assert_text(written(one_row("\x1b[2J\x7f\xc2\x9b"
                                "31m\xe2\x80\xaegpj.\xff\xc3\xa4"),
                        PLAIN, 0, 0),
                "verdict\tconf\tfile\tfingerprint\n"
                "cat\t98.4\t\\x1b[2J\\x7f\\x9b31m\\u202egpj.\xff\xc3\xa4\t0eaf1da24040\n");
}

static void csv_quotes(void **state)
{
    (void)state;
    assert_text(written(one_row("a,\"b\".png"), CSV, 0, 0),
                "verdict,conf,file,fingerprint\r\n"
                "cat,98.4,\"a,\"\"b\"\".png\",0eaf1da24040\r\n");
}

static void csv_runs_no_formula(void **state)
{
    static const char *const names[] = { "=1+1.png", "+a.png", "-a.png", "@sum.png", "\ta.png" };

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char expected[64];
        char *text = written(one_row(names[i]), CSV, 0, 0);

        snprintf(expected, sizeof(expected), ",\"'%s\",", names[i]);
        assert_non_null(strstr(text, expected));
        free(text);
    }
    assert_text(written(one_row("-12.5"), CSV, 0, 0),
                "verdict,conf,file,fingerprint\r\ncat,98.4,-12.5,0eaf1da24040\r\n");
}

static void many_rows(void **state)
{
    struct table *table = table_new(columns, COLUMNS);
    const char *cells[] = { "cat", NULL, "x", "y" };

    (void)state;
    for (int i = 0; i < 1000; i++)
        assert_true(table_add(table, cells, TABLE_NO_COLOUR));
    assert_int_equal(table_rows(table), 1000);
    assert_int_equal(table_least_width(table, 20), 1 + 3 * 2 + 7 + 4 + 4 + 11);
    table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(screen_lines_up),
        cmocka_unit_test(only_the_file_is_elided),
        cmocka_unit_test(identifiers_survive_a_narrow_screen),
        cmocka_unit_test(no_limit_elides_nothing),
        cmocka_unit_test(colour_is_only_of_the_verdict),
        cmocka_unit_test(names_cannot_steer_the_terminal),
        cmocka_unit_test(brackets_are_no_markup),
        cmocka_unit_test(widths_are_of_columns),
        cmocka_unit_test(wide_names_are_cut_between_characters),
        cmocka_unit_test(plain_shortens_nothing),
        cmocka_unit_test(plain_lets_no_control_through),
        cmocka_unit_test(csv_quotes),
        cmocka_unit_test(csv_runs_no_formula),
        cmocka_unit_test(many_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
