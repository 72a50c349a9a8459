/*
 * fuzz_cli_options.c - what people give the icecat command: its line, texts in it, its file of settings, and
 * the sized options of the library. What is read points into what was given; a refusal says why; a
 * setting is shown without its secret.
 *
 * Each line of an input is a word of the command line; what follows an empty line is the file.
 */
#include "fuzz.h"

#include "base/options.h"
#include "client_id.h"
#include "config.h"
#include "files.h"
#include "option_values.h"
#include "options.h"
#include "s3_address.h"
#include "text_time.h"

#include <icecat/client.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 64
#define NOW       1764075600

/* ---- the line ----------------------------------------------------------------------------- */

static int is_given(const char *value, int argc, char **argv)
{
    for (int i = 0; i < argc; i++) {
        if (value >= argv[i] && value <= argv[i] + strlen(argv[i]))
            return 1;
    }
    return 0;
}

/* A word, or what a switch or an alias stands for. */
static void check_values(const struct options *options, int argc, char **argv)
{
    size_t letters = 0, total = options->arg_count;

    for (int i = 0; i < argc; i++)
        letters += strlen(argv[i]) + 1;
    for (unsigned id = 0; id < OPTION_COUNT; id++) {
        total += options_count(options, (enum option_id)id);
        for (size_t k = 0; k < options_count(options, (enum option_id)id); k++) {
            const char *value = options_at(options, (enum option_id)id, k);

            FUZZ_CHECK(value != NULL);
            FUZZ_CHECK(is_given(value, argc, argv) || strlen(value) < 16);
        }
        FUZZ_CHECK(options_at(options, (enum option_id)id,
                              options_count(options, (enum option_id)id)) == NULL);
    }
    FUZZ_CHECK(total <= letters);
}

static void check_numbers(const struct options *options)
{
    char why[WHY_LEN];

    for (unsigned id = 0; id < OPTION_COUNT; id++) {
        enum option_id option = (enum option_id)id;
        uint64_t number = 7;
        double percent = 7;

        why[0] = '\0';
        if (options_number(options, option, 2, 100, &number, why, sizeof(why)))
            FUZZ_CHECK(number >= 2 && number <= 100);
        else
            FUZZ_CHECK(number == 7 && why[0] != '\0');
        if (options_percent(options, option, &percent, why, sizeof(why)))
            FUZZ_CHECK(percent >= 0 && percent <= 100);
        number = 7;
        if (options_size(options, option, &number, why, sizeof(why)))
            FUZZ_CHECK(number != 0);
        FUZZ_CHECK(memchr(why, '\0', sizeof(why)) != NULL);
    }
}

/* An "--" at the end of the words changes nothing, unless the last option takes it for its value. */
static void end_options(const struct options *before, int argc, char **argv, int ok)
{
    char dashes[] = "--";
    char why[WHY_LEN];
    struct options after;
    int again;

    if (!ok || before->command_id == COMMAND_COUNT)
        return;
    argv[argc] = dashes;
    again = options_parse(&after, argc + 1, argv, why, sizeof(why));
    argv[argc] = NULL;
    FUZZ_CHECK(again && after.command_id == before->command_id);
    FUZZ_CHECK(after.arg_count == before->arg_count);
    for (unsigned id = 0; id < OPTION_COUNT; id++)
        FUZZ_CHECK(after.counts[id] == before->counts[id]);
    options_clear(&after);
}

static int has_end(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--") == 0)
            return 1;
    }
    return 0;
}

static void check_line(int argc, char **argv)
{
    char why[WHY_LEN] = "";
    struct options options;
    int ok = options_parse(&options, argc, argv, why, sizeof(why));

    FUZZ_CHECK(ok == (why[0] == '\0'));
    FUZZ_CHECK(memchr(why, '\0', sizeof(why)) != NULL);
    FUZZ_CHECK((options.command != NULL) == (options.command_id != COMMAND_COUNT));
    check_values(&options, argc, argv);
    check_numbers(&options);
    if (!has_end(argc, argv))
        end_options(&options, argc, argv, ok);
    options_clear(&options);
}

/* ---- texts in it --------------------------------------------------------------------------- */

static void check_texts(const char *text, const char *other)
{
    char bucket[S3_BUCKET_LEN];
    icecat_error err = { 0 };
    int64_t begin = 0, end = 0;
    const char *key = NULL;

    if (s3_address_split(text, bucket, &key, &err) == ICECAT_OK)
        FUZZ_CHECK(bucket[0] != '\0' && *key != '\0' &&
                   is_given(key, 1, (char *[]){ (char *)(uintptr_t)text }));
    else
        fuzz_check_line(err.message, sizeof(err.message));
    if (text_time(text, NOW, 0, &begin)) {
        FUZZ_CHECK(text_time(text, NOW, 1, &end));
        FUZZ_CHECK(end == begin || end == begin + 86400);
    }
    /* A path matches itself, case or not, unless it means something to the matcher. */
    if (strpbrk(text, "*?[\\") == NULL && text[0] != '/' && text[0] != '\0') {
        FUZZ_CHECK(glob_match(text, text, 0) == 1 && glob_match(text, text, 1) == 1);
    }
    if (glob_match(text, other, 0))
        FUZZ_CHECK(glob_match(text, other, 1) || strchr(text, '[') != NULL);
    if (client_id_is_valid(text))
        FUZZ_CHECK(strlen(text) < CLIENT_ID_LEN);
}

/* ---- settings ------------------------------------------------------------------------------ */

/* An address with user and password, which may leave the scheme to libcurl. */
static int has_secret(const char *text)
{
    const char *scheme = strstr(text, "://");

    return strncmp(scheme != NULL ? scheme + 3 : text, "canary:canary@", 14) == 0;
}

/* Neither a secret key, nor a token, nor what stands before the '@' of an address. */
static void check_shown(const struct config *config)
{
    for (unsigned id = 0; id < CONFIG_COUNT; id++) {
        const char *text = config_text(config, (enum config_id)id);
        char shown[1024];

        config_shown(config, (enum config_id)id, shown, sizeof(shown));
        FUZZ_CHECK(config_origin(config, (enum config_id)id)[0] != '\0');
        if (text == NULL)
            FUZZ_CHECK(shown[0] == '\0');
        else if (config_show((enum config_id)id) == SHOW_SET)
            FUZZ_CHECK(strcmp(shown, "set") == 0);
        else if (config_show((enum config_id)id) == SHOW_ENDS)
            FUZZ_CHECK(strlen(shown) <= 11);
        else if (config_show((enum config_id)id) == SHOW_URL && has_secret(text))
            FUZZ_CHECK(strstr(shown, "canary:canary@") == NULL);
    }
}

static void check_settings(const uint8_t *data, size_t len)
{
    const char *const argv[] = { "icecat", "--config", fuzz_file(data, len) };
    struct config_context context = { 0 };
    struct options options;
    struct config config;
    icecat_error err = { 0 };
    char why[WHY_LEN];
    icecat_status status;
    uint32_t number = 0;

    FUZZ_CHECK(options_parse(&options, 3, (char **)(uintptr_t)argv, why, sizeof(why)));
    context.options = &options;
    status = config_load(&config, &context, &err);
    FUZZ_CHECK(status == ICECAT_OK || status == ICECAT_E_PARSE || status == ICECAT_E_CONFIG);
    if (status != ICECAT_OK)
        fuzz_check_line(err.message, sizeof(err.message));
    else
        check_shown(&config);
    if (status == ICECAT_OK &&
        config_number(&config, CONFIG_JOBS, 1, 256, &number, &err) == ICECAT_OK)
        FUZZ_CHECK(number >= 1 && number <= 256);
    config_clear(&config);
    options_clear(&options);
}

/* ---- sized options -------------------------------------------------------------------------- */

/* A struct of any size, with anything in it: loaded whole, or refused with the byte. */
static void check_sized(const uint8_t *data, size_t len)
{
    icecat_call_options own;
    icecat_error err = { 0 };
    size_t size = sizeof(size_t) + len;
    unsigned char *caller = malloc(size);
    icecat_status status;

    FUZZ_CHECK(caller != NULL);
    memcpy(caller, &size, sizeof(size));
    memcpy(caller + sizeof(size), data, len);
    status = IC_OPTIONS_LOAD(&own, caller, icecat_call_options, &err);
    fuzz_check_error(status, &err);
    FUZZ_CHECK(status == ICECAT_OK || status == ICECAT_E_ARGUMENT);
    if (status == ICECAT_OK) {
        FUZZ_CHECK(own.struct_size == sizeof(own));
        FUZZ_CHECK(size < sizeof(own) ||
                   memcmp(&own.cancel, caller + sizeof(size), sizeof(own) - sizeof(size)) == 0);
        FUZZ_CHECK(IC_OPTIONS_STORE(caller, &own, icecat_call_options, &err) == ICECAT_OK);
    }
    free(caller);
}

static void forget_environment(void)
{
    static const char *const names[] = {
#define SETTING(id, name, second, option, show, in_ssm, built_in) name, second,
#include "config.def"
#undef SETTING
        "ICECAT_SECRETSFILE", "ICECAT_CONFIG", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "HOME",
    };
    static int done;

    for (size_t i = 0; !done && i < sizeof(names) / sizeof(names[0]); i++) {
        if (names[i] != NULL)
            unsetenv(names[i]);
    }
    done = 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    char *text = fuzz_copy(data, len);
    char *argv[WORDS_MAX + 2] = { (char *)(uintptr_t) "icecat" };
    const char *file = strstr(text, "\n\n");
    size_t words = file != NULL ? (size_t)(file - text) : len;
    int argc = 1;

    forget_environment();
    if (file != NULL)
        check_settings(data + words + 2, len - words - 2);
    check_sized(data, len < 128 ? len : 128);
    text[words] = '\0';
    for (char *at = text; at != NULL && argc <= WORDS_MAX;) {
        argv[argc++] = at;
        at = strchr(at, '\n');
        if (at != NULL)
            *at++ = '\0';
    }
    check_line(argc, argv);
    check_texts(argv[1], argc > 2 ? argv[2] : "");
    free(text);
    return 0;
}
