/*
 * test_cli_files.c - walks, lists, globs and links, on a tree made for each test.
 */
#include "cmocka_all.h"

#include "files.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char root[64];
static char problems[1024];
static char found[8192];

static const char *at(const char *name)
{
    static char path[256];

    snprintf(path, sizeof(path), "%s/%s", root, name);
    return path;
}

static void make_file(const char *name)
{
    FILE *file = fopen(at(name), "w");

    assert_non_null(file);
    fputs("x", file);
    fclose(file);
}

static void make_folder(const char *name)
{
    assert_int_equal(mkdir(at(name), 0755), 0);
}

static void make_link(const char *target, const char *name)
{
    assert_int_equal(symlink(target, at(name)), 0);
}

static int begin(void **state)
{
    (void)state;
    snprintf(root, sizeof(root), "/tmp/icecat-files-XXXXXX");
    return mkdtemp(root) != NULL ? 0 : -1;
}

static int end(void **state)
{
    char command[256];

    (void)state;
    snprintf(command, sizeof(command), "chmod -R u+rwx %s; rm -rf %s", root, root);
    return system(command);
}

static void add_to(char *text, size_t len, const char *path)
{
    size_t used = strlen(text);
    const char *shown = strncmp(path, root, strlen(root)) == 0 ? path + strlen(root) : path;

    snprintf(text + used, len - used, "%s%s", used != 0 ? " " : "", shown);
}

static void on_problem(const char *path, const char *why, void *userdata)
{
    assert_ptr_equal(userdata, problems);
    assert_true(why[0] != '\0');
    add_to(problems, sizeof(problems), path);
}

static void assert_found(const struct files_options *options, const char *expected)
{
    struct files *files = files_open(options, on_problem, problems);
    const char *path;
    int got;

    problems[0] = '\0';
    found[0] = '\0';
    assert_non_null(files);
    while ((got = files_next(files, &path)) > 0)
        add_to(found, sizeof(found), path);
    assert_int_equal(got, 0);
    files_close(files);
    assert_string_equal(found, expected);
}

/* Walk the root, with such filters. */
static void assert_walk(const char *include, const char *exclude, int follow, const char *expected)
{
    const char *folder = root;
    struct files_options options = { .paths = &folder, .path_count = 1, .follow_symlinks = follow };

    options.includes = &include;
    options.include_count = include != NULL;
    options.excludes = &exclude;
    options.exclude_count = exclude != NULL;
    assert_found(&options, expected);
}

static void make_tree(void)
{
    make_file("b.png");
    make_file("A.JPG");
    make_file("notes.txt");
    make_folder("a");
    make_file("a/z.jpeg");
    make_folder("a/deep");
    make_file("a/deep/c.jpg");
    make_folder("empty");
}

static void order_is_stable(void **state)
{
    (void)state;
    make_tree();
    assert_walk(NULL, NULL, 0, "/A.JPG /a/deep/c.jpg /a/z.jpeg /b.png");
    assert_string_equal(problems, "");
}

static void trailing_slashes_do_not_show(void **state)
{
    char folder[80];
    const char *path = folder;
    struct files_options options = { .paths = &path, .path_count = 1 };

    (void)state;
    make_file("b.png");
    snprintf(folder, sizeof(folder), "%s//", root);
    assert_found(&options, "/b.png");
}

static void filters(void **state)
{
    (void)state;
    make_tree();
    assert_walk("*.txt", NULL, 0, "/notes.txt");
    assert_walk("*.jpg", NULL, 0, "/a/deep/c.jpg"); /* case matters in what the user gives */
    assert_walk("a/**", NULL, 0, "/a/deep/c.jpg /a/z.jpeg");
    assert_walk("a/*", NULL, 0, "/a/z.jpeg");
    assert_walk(NULL, "*.png", 0, "/A.JPG /a/deep/c.jpg /a/z.jpeg");
    assert_walk(NULL, "**/deep/*", 0, "/A.JPG /a/z.jpeg /b.png");
    assert_walk("*.jpeg", "*.jpeg", 0, "");
}

static void excluded_folders_are_not_opened(void **state)
{
    static const char *const globs[] = { "a", "a/", "a/**", "**/a/**" };

    (void)state;
    make_tree();
    assert_int_equal(chmod(at("a"), 0), 0);
    for (size_t i = 0; i < sizeof(globs) / sizeof(globs[0]); i++) {
        assert_walk(NULL, globs[i], 0, "/A.JPG /b.png");
        assert_string_equal(problems, "");
    }
}

static void unreadable_folders_are_reported(void **state)
{
    (void)state;
    make_tree();
    assert_int_equal(chmod(at("a"), 0), 0);
    if (geteuid() == 0) { /* who reads everything */
        assert_int_equal(chmod(root, 0755), 0);
        assert_int_equal(seteuid(65534), 0);
    }
    assert_walk(NULL, NULL, 0, "/A.JPG /b.png");
    assert_int_equal(seteuid(getuid()), 0);
    assert_string_equal(problems, "/a");
}

static void links_to_folders(void **state)
{
    (void)state;
    make_tree();
    make_link("a", "link");
    assert_walk(NULL, NULL, 0, "/A.JPG /a/deep/c.jpg /a/z.jpeg /b.png");
    assert_walk(NULL, NULL, 1,
                "/A.JPG /a/deep/c.jpg /a/z.jpeg /b.png /link/deep/c.jpg /link/z.jpeg");
}

/* C20: a folder that leads to itself ends. */
static void loops_end(void **state)
{
    (void)state;
    make_tree();
    make_link("..", "a/up");
    make_link(".", "self");
    make_link("loop", "loop");
    assert_walk(NULL, NULL, 1, "/A.JPG /a/deep/c.jpg /a/z.jpeg /b.png");
    assert_string_equal(problems, "/a/up /self");
}

static void links_to_files(void **state)
{
    (void)state;
    make_file("b.png");
    make_link("b.png", "c.png");
    make_link("nowhere", "d.png"); /* whoever opens it will tell */
    make_link("nowhere", "d.txt");
    assert_walk(NULL, NULL, 0, "/b.png /c.png /d.png");
}

static void only_files_are_files(void **state)
{
    (void)state;
    make_folder("folder.png");
    assert_int_equal(mkfifo(at("pipe.png"), 0600), 0);
    assert_walk(NULL, NULL, 0, "");
}

static void named_files_need_no_ending(void **state)
{
    char name[256];
    const char *paths[] = { name, "no-such-file.bin" };
    struct files_options options = { .paths = paths, .path_count = 2 };
    const char *exclude = "*.txt";

    (void)state;
    make_tree();
    strcpy(name, at("notes.txt"));
    assert_found(&options, "/notes.txt no-such-file.bin");
    options.excludes = &exclude;
    options.exclude_count = 1;
    assert_found(&options, "no-such-file.bin");
}

static void write_list(const char *name, const char *text, size_t len)
{
    FILE *file = fopen(at(name), "w");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, len, file), len);
    fclose(file);
}

static void lists(void **state)
{
    char list[256];
    const char *lists[] = { list, "/no/such/list" };
    struct files_options options = { .lists = lists, .list_count = 2 };

    (void)state;
    strcpy(list, at("list"));
    write_list("list", "a.png\n\nwith blank.jpg\nlast", 26);
    assert_found(&options, "a.png with blank.jpg last");
    assert_string_equal(problems, "/no/such/list");
    options.list_count = 1;
    options.nul_separated = 1;
    write_list("list", "a\nb.png\0c.png\0", 14);
    assert_found(&options, "a\nb.png c.png");
    options.nul_separated = 0;
    assert_found(&options, "a"); /* a zero byte in a line ends the reading */
    assert_string_equal(problems, "/list");
}

static void long_lines_end_a_list(void **state)
{
    char list[256];
    const char *lists[] = { list };
    struct files_options options = { .lists = lists, .list_count = 1 };
    char *text = malloc(70000);

    (void)state;
    assert_non_null(text);
    memset(text, 'x', 70000);
    strcpy(list, at("list"));
    write_list("list", text, 70000);
    free(text);
    assert_found(&options, "");
    assert_string_equal(problems, "/list");
}

static void listed_folders_are_walked(void **state)
{
    char list[256];
    char text[512];
    const char *lists[] = { list };
    struct files_options options = { .lists = lists, .list_count = 1 };

    (void)state;
    make_tree();
    strcpy(list, at("list"));
    snprintf(text, sizeof(text), "%s\n", at("a"));
    write_list("list", text, strlen(text));
    assert_found(&options, "/a/deep/c.jpg /a/z.jpeg");
}

static void globs(void **state)
{
    static const struct {
        const char *glob;
        const char *path;
        int expected;
    } cases[] = {
        { "*.jpg", "a.jpg", 1 },
        { "*.jpg", "x/y/a.jpg", 1 },
        { "*.jpg", "a.jpg/b", 0 },
        { "a.jpg", "xa.jpg", 0 },
        { "?.jpg", "a.jpg", 1 },
        { "?.jpg", ".jpg", 0 },
        { "[a-c]*", "cat", 1 },
        { "[!a-c]*", "cat", 0 },
        { "[]x]", "]", 1 },
        { "[a", "[a", 1 },
        { "\\*", "*", 1 },
        { "\\*", "a", 0 },
        { "x/*.jpg", "x/a.jpg", 1 },
        { "x/*.jpg", "x/y/a.jpg", 0 },
        { "x/**/a.jpg", "x/a.jpg", 1 },
        { "x/**/a.jpg", "x/1/2/a.jpg", 1 },
        { "**/a.jpg", "a.jpg", 1 },
        { "**/a.jpg", "x/ba.jpg", 0 },
        { "x/**", "x", 0 },
        { "x/**", "x/a", 1 },
        { "**", "a/b", 1 },
        { "**/x/**/y", "a/x/b/x/c/y", 1 },
        { "**/x/*/y", "x/x/x/y", 1 },
        { "/x/*", "x/a", 1 },
        { "*a*b*c*", "xxaxxbxxcxx", 1 },
        { "*a*b*c*", "xxaxxcxxbxx", 0 },
        { "", "", 1 },
        { "", "a", 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (glob_match(cases[i].glob, cases[i].path, 0) != cases[i].expected)
            fail_msg("%s and %s", cases[i].glob, cases[i].path);
    }
    assert_true(glob_match("*.jpg", "A.JPG", 1));
    assert_true(glob_match("[a-c]", "B", 1));
}

static void globs_do_not_explode(void **state)
{
    char glob[2049] = "";
    char path[2049] = "";

    (void)state;
    for (size_t i = 0; i < 1024; i++)
        memcpy(glob + 2 * i, "*a", 3);
    memset(path, 'a', 1000);
    assert_false(glob_match(glob, path, 0));
    for (size_t i = 0; i < 512; i++) {
        memcpy(glob + 4 * i, "**/b", 5);
        memcpy(path + 4 * i, "b/b/", 5);
    }
    glob[2047] = 'c';
    assert_false(glob_match(glob, path, 0));
}

/* Every file of these tests has one byte. */
static void sizes_are_those_of_the_files(void **state)
{
    char paths[4][320];
    const char *named[4];
    static const char *const names[] = { "pets", "b.jpg", "c.jpg", "gone.jpg" };
    struct files_options options = { .paths = named, .path_count = 4 };
    struct files *files;
    const char *path;
    uint64_t bytes = 0;
    int count = 0;

    (void)state;
    make_folder("pets");
    make_file("pets/a.jpg");
    make_file("b.jpg");
    make_link("b.jpg", "c.jpg");
    for (size_t i = 0; i < 4; i++) {
        snprintf(paths[i], sizeof(paths[i]), "%s", at(names[i]));
        named[i] = paths[i];
    }
    files = files_open(&options, NULL, NULL);
    assert_non_null(files);
    while (files_next(files, &path) > 0) {
        assert_int_equal(files_size(files), strstr(path, "gone") == NULL ? 1 : 0);
        bytes += files_size(files);
        count++;
    }
    files_close(files);
    assert_int_equal(count, 4);
    assert_int_equal(bytes, 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(order_is_stable),
        TEST(trailing_slashes_do_not_show),
        TEST(filters),
        TEST(excluded_folders_are_not_opened),
        TEST(unreadable_folders_are_reported),
        TEST(links_to_folders),
        TEST(loops_end),
        TEST(links_to_files),
        TEST(only_files_are_files),
        TEST(named_files_need_no_ending),
        TEST(lists),
        TEST(long_lines_end_a_list),
        TEST(listed_folders_are_walked),
        TEST(sizes_are_those_of_the_files),
        cmocka_unit_test(globs),
        cmocka_unit_test(globs_do_not_explode),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
