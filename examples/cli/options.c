/*
 * options.c - the command line against the tables options.def and commands.def.
 */
#include "option_table.h"
#include "suggest.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where the parser is. */
struct parser {
    struct options *options;
    char **argv;
    int argc;
    int at;
    int failed; /* the first fault is reported, later ones are passed over */
    char *why;
    size_t why_len;
};

static __attribute__((format(printf, 2, 3))) void fault(struct parser *parser, const char *format,
                                                        ...)
{
    va_list args;

    if (parser->failed)
        return;
    parser->failed = 1;
    va_start(args, format);
    vsnprintf(parser->why, parser->why_len, format, args);
    va_end(args);
}

int options_add(struct options *options, enum option_id id, const char *value)
{
    size_t count = options->counts[id];
    const char **grown = realloc(options->values[id], (count + 1) * sizeof(*grown));

    if (grown == NULL)
        return 0;
    grown[count] = value;
    options->values[id] = grown;
    options->counts[id] = count + 1;
    return 1;
}

static void add(struct parser *parser, enum option_id id, const char *value)
{
    if (!options_add(parser->options, id, value))
        fault(parser, "out of memory");
}

static void unknown_long(struct parser *parser, const char *name, size_t len)
{
    enum command_id command = parser->options->command_id;
    const char *command_name = command == COMMAND_COUNT ? "icecat" : options_command(command)->name;
    struct suggestion suggestion;
    struct spelling elsewhere, spelling;
    char word[64];

    snprintf(word, sizeof(word), "%.*s", (int)(len < sizeof(word) ? len : sizeof(word) - 1), name);
    if (spelling_find_long(name, len, COMMAND_COUNT, &elsewhere) == 1) {
        fault(parser, "--%s is not an option of %s", elsewhere.long_name, command_name);
        return;
    }
    suggest_begin(&suggestion, word);
    for (size_t i = 0; spelling_at(i, &spelling); i++) {
        if (spelling.long_name != NULL && spelling_applies(&spelling, command))
            suggest_offer(&suggestion, spelling.long_name);
    }
    if (suggestion.best != NULL)
        fault(parser, "unknown option --%s; did you mean --%s?", word, suggestion.best);
    else
        fault(parser, "unknown option --%s", word);
}

/* The value behind an option: what follows in the same word, else the next word. */
static const char *take_value(struct parser *parser, const char *in_word)
{
    if (in_word != NULL)
        return in_word;
    if (parser->at >= parser->argc)
        return NULL;
    return parser->argv[parser->at++];
}

static void long_option(struct parser *parser, const char *word)
{
    const char *equals = strchr(word, '=');
    size_t len = equals != NULL ? (size_t)(equals - word) : strlen(word);
    struct spelling spelling;
    int found = spelling_find_long(word, len, parser->options->command_id, &spelling);
    const char *value;

    if (found < 0) {
        fault(parser, "--%.*s is short for several options", (int)len, word);
    } else if (found == 0) {
        unknown_long(parser, word, len);
    } else if (!spelling_takes_value(&spelling)) {
        if (equals != NULL)
            fault(parser, "--%s takes no value", spelling.long_name);
        add(parser, spelling.id, spelling.value != NULL ? spelling.value : "");
    } else {
        value = take_value(parser, equals != NULL ? equals + 1 : NULL);
        if (value == NULL)
            fault(parser, "--%s needs %s", spelling.long_name, options_row(spelling.id)->argument);
        else
            add(parser, spelling.id, value);
    }
}

/* A word like -vvj4: switches, then perhaps one option with its value. */
static void short_options(struct parser *parser, const char *word)
{
    for (; *word != '\0'; word++) {
        struct spelling spelling;
        const char *value;

        if (!spelling_find_short(*word, parser->options->command_id, &spelling)) {
            if (spelling_find_short(*word, COMMAND_COUNT, &spelling) &&
                parser->options->command_id != COMMAND_COUNT)
                fault(parser, "-%c is not an option of %s", *word, parser->options->command);
            else
                fault(parser, "unknown option -%c", *word);
            return;
        }
        if (spelling_takes_value(&spelling)) {
            value = take_value(parser, word[1] != '\0' ? word + 1 : NULL);
            if (value == NULL)
                fault(parser, "-%c needs %s", *word, options_row(spelling.id)->argument);
            else
                add(parser, spelling.id, value);
            return;
        }
        add(parser, spelling.id, spelling.value != NULL ? spelling.value : "");
    }
}

/* Words that an option-like word takes in all: 2 when its value is the next word. */
static int words_of_option(const char *word)
{
    struct spelling spelling;

    if (word[1] == '-') {
        size_t len = strcspn(word + 2, "=");

        return word[2 + len] == '\0' &&
                       spelling_find_long(word + 2, len, COMMAND_COUNT, &spelling) != 0 &&
                       spelling_takes_value(&spelling)
                   ? 2
                   : 1;
    }
    for (word++; *word != '\0'; word++) {
        if (!spelling_find_short(*word, COMMAND_COUNT, &spelling))
            return 1;
        if (spelling_takes_value(&spelling))
            return word[1] == '\0' ? 2 : 1;
    }
    return 1;
}

static int is_option(const char *word)
{
    return word[0] == '-' && word[1] != '\0';
}

/* Position of the command, or argc. It must be known first: the meaning of -b depends on it. */
static int find_command_word(int argc, char **argv)
{
    int at = 1;

    while (at < argc && is_option(argv[at])) {
        if (strcmp(argv[at], "--") == 0)
            return at + 1 < argc ? at + 1 : argc;
        at += words_of_option(argv[at]);
    }
    return at < argc ? at : argc;
}

static void set_command(struct parser *parser, const char *word)
{
    enum command_id id = options_find_command(word);
    struct suggestion suggestion;

    parser->options->command_id = id;
    if (id != COMMAND_COUNT) {
        parser->options->command = options_command(id)->name;
        return;
    }
    suggest_begin(&suggestion, word);
    for (unsigned i = 0; i < COMMAND_COUNT; i++) {
        const struct command_row *row = options_command((enum command_id)i);

        suggest_offer(&suggestion, row->name);
        if (row->original != NULL)
            suggest_offer(&suggestion, row->original);
    }
    if (suggestion.best != NULL)
        fault(parser, "there is no command \"%s\"; did you mean %s?", word, suggestion.best);
    else
        fault(parser, "there is no command \"%s\"", word);
}

/* The Python client's README ends the line of `bulkresults` with a stray word, which it refused. */
static void check_args(struct parser *parser, const char *spelt)
{
    struct options *options = parser->options;
    size_t most;

    if (options->command_id == COMMAND_results && options->arg_count == 1 &&
        strcmp(spelt, "bulkresults") == 0 && strcmp(options->args[0], "result") == 0)
        options->arg_count = 0;
    if (options->command == NULL)
        return;
    most = options_command(options->command_id)->most_args;
    if (options->arg_count > most)
        fault(parser, "%s does not take \"%s\"", options->command, options->args[most]);
}

int options_parse(struct options *options, int argc, char **argv, char *why, size_t why_len)
{
    struct parser parser = { options, argv, argc, 1, 0, why, why_len };
    int command_at = find_command_word(argc, argv);
    int ended = 0;

    memset(options, 0, sizeof(*options));
    options->command_id = COMMAND_COUNT;
    why[0] = '\0';
    options->args = calloc((size_t)argc + 1, sizeof(*options->args));
    if (options->args == NULL) {
        fault(&parser, "out of memory");
        return 0;
    }
    if (command_at < argc)
        set_command(&parser, argv[command_at]);
    while (parser.at < argc) {
        int at = parser.at++;
        const char *word = argv[at];

        if (at == command_at)
            continue;
        if (ended || !is_option(word))
            options->args[options->arg_count++] = word;
        else if (strcmp(word, "--") == 0)
            ended = 1;
        else if (word[1] == '-')
            long_option(&parser, word + 2);
        else
            short_options(&parser, word + 1);
    }
    if (command_at < argc)
        check_args(&parser, argv[command_at]);
    return !parser.failed;
}

void options_clear(struct options *options)
{
    for (size_t i = 0; i < OPTION_COUNT; i++)
        free(options->values[i]);
    free(options->args);
    memset(options, 0, sizeof(*options));
    options->command_id = COMMAND_COUNT;
}
