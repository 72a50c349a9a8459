/*
 * main.c - icecat_pages FOLDER VERSION DATE: the manual pages of section 1 and the completions, from the tables of
 * the programs. Part of the build; not installed.
 */
#include "man.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef void complete_fn(FILE *out, const struct page_program *program);

static FILE *create(const char *folder, const char *kind, const char *before, const char *name,
                    const char *after)
{
    char path[4096];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", folder, kind);
    (void)mkdir(path, 0777);
    snprintf(path, sizeof(path), "%s/%s/%s%s%s", folder, kind, before, name, after);
    file = fopen(path, "w");
    if (file == NULL) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    return file;
}

static void finish(FILE *file)
{
    int is_bad = ferror(file);

    if (fclose(file) != 0 || is_bad) {
        perror("icecat_pages");
        exit(EXIT_FAILURE);
    }
}

static void complete(const char *folder, const struct page_program *program)
{
    static const struct {
        const char *kind, *before, *after;
        complete_fn *write;
    } shells[] = { { "bash", "", "", complete_bash },
                   { "zsh", "_", "", complete_zsh },
                   { "fish", "", ".fish", complete_fish } };

    for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++) {
        FILE *file = create(folder, shells[i].kind, shells[i].before, program->name,
                            shells[i].after);

        shells[i].write(file, program);
        finish(file);
    }
}

static void icecat_pages(const char *folder, const struct man_stamp *stamp)
{
    static struct page_program program;

    page_read_icecat(&program);
    complete(folder, &program);
    for (size_t i = 0; i <= program.command_count; i++) {
        int is_whole = i == program.command_count;
        FILE *file = create(folder, "man1", is_whole ? "icecat" : "icecat-",
                            is_whole ? "" : program.commands[i].name, ".1");

        man_icecat(file, &program, i, stamp);
        finish(file);
    }
}

static void local_pages(const char *folder, const struct man_stamp *stamp)
{
    static struct page_program program;
    FILE *file = create(folder, "man1", "icecat-local", "", ".1");

    page_read_local(&program);
    complete(folder, &program);
    man_local(file, &program, stamp);
    finish(file);
}

int main(int argc, char **argv)
{
    struct man_stamp stamp;

    if (argc != 4) {
        fputs("usage: icecat_pages FOLDER VERSION DATE\n", stderr);
        return 2;
    }
    stamp.version = argv[2];
    stamp.date = argv[3];
    (void)mkdir(argv[1], 0777);
    icecat_pages(argv[1], &stamp);
    local_pages(argv[1], &stamp);
    return EXIT_SUCCESS;
}
