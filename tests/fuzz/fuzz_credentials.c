/*
 * fuzz_credentials.c - texts that others write and that hold keys: shared files, commands, documents.
 * Whatever they are, they are read or refused, and a message names a line and never what is on it.
 */
#include "fuzz.h"

#include "aws/credentials_document.h"
#include "aws/credentials_split.h"
#include "aws/profile_file.h"
#include "base/error.h"

#include <string.h>

static void read_file(const uint8_t *data, size_t len, ic_profile_source source)
{
    ic_profiles *profiles = ic_profiles_new(NULL);
    icecat_error err = { 0 };
    icecat_status status;

    FUZZ_CHECK(profiles != NULL);
    status = ic_profiles_parse(profiles, source, "file", ic_view_n(data, len), &err);
    FUZZ_CHECK(status == ICECAT_OK || status == ICECAT_E_CONFIG || status == ICECAT_E_LIMIT);
    if (status == ICECAT_E_CONFIG)
        FUZZ_CHECK(memcmp(err.message, "file:", 5) == 0 && strstr(err.message, "canary") == NULL);
    if (ic_profiles_get(profiles, IC_SECTION_PROFILE, "dev", "region") != NULL)
        FUZZ_CHECK(ic_profiles_has(profiles, IC_SECTION_PROFILE, "dev"));
    (void)ic_profiles_get_nested(profiles, IC_SECTION_SERVICES, "x", "s3", "endpoint_url");
    ic_profiles_free(profiles);
}

static void split_command(const char *line)
{
    icecat_error err = { 0 };
    size_t total = 0;
    ic_words words;

    if (ic_words_split(NULL, line, &words, &err) != ICECAT_OK)
        return;
    FUZZ_CHECK(words.count >= 1 && words.count <= IC_WORDS_MAX && words.items[words.count] == NULL);
    for (size_t i = 0; i < words.count; i++)
        total += strlen(words.items[i]);
    FUZZ_CHECK(total <= strlen(line));
    ic_words_free(NULL, &words);
}

static void read_document(const uint8_t *data, size_t len)
{
    icecat_error err = { 0 };
    ic_keys *keys = NULL;
    cJSON *tree;

    if (ic_document_parse(data, len, "document", &tree, &err) != ICECAT_OK)
        return;
    if (ic_document_keys(NULL, tree, "Token", len % 2 == 0, "document", "fuzz", &keys, &err) ==
        ICECAT_OK)
        FUZZ_CHECK(keys->access_key_id[0] != '\0' && keys->secret_access_key[0] != '\0');
    ic_keys_release(keys);
    ic_document_free(tree);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    char *text = ic_mem_dup_n(NULL, data, len);

    FUZZ_CHECK(text != NULL);
    read_file(data, len, IC_PROFILE_CONFIG);
    read_file(data, len, IC_PROFILE_CREDENTIALS);
    split_command(text);
    read_document(data, len);
    ic_mem_free(NULL, text);
    return 0;
}
