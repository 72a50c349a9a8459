/*
 * wiped.c - is the secret access key anywhere in memory after the client that used it is gone? A core file,
 * or a later fault that reads what was freed, would show it.
 *
 * The key is put together at run time, byte by byte, so that the program itself does not hold it. The session
 * token is not looked for: it goes to libcurl, which frees it as it is.
 */
#include "tiny_client.h"
#include "tiny_server.h"

#include <icecat/icecat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LEN 40

/* The letter of the key at one place; never two at once in a register or on the stack. */
static char letter(size_t index)
{
    return (char)('a' + (index * index * 7 + index * 11 + 3) % 26);
}

static tiny_mood mood_of(unsigned number)
{
    (void)number;
    return TINY_GOOD;
}

static void wipe(char *text, size_t len)
{
    volatile char *at = text;

    while (len-- > 0)
        *at++ = '\0';
}

static icecat_credentials *credentials_of(const char *secret)
{
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;
    icecat_credentials *credentials = NULL;

    keys.access_key_id = "AKIDEXAMPLE";
    keys.secret_access_key = secret;
    if (icecat_credentials_new_static(&keys, &credentials, NULL) != ICECAT_OK)
        exit(2);
    return credentials;
}

/* Through volatile, because no other line of this program reads it. */
static char *make_secret(void)
{
    char *secret = malloc(LEN + 1);

    for (size_t i = 0; i < LEN; i++)
        ((volatile char *)secret)[i] = letter(i);
    secret[LEN] = '\0';
    return secret;
}

static void use_secret(const char *url)
{
    icecat_dynamodb_options options = ICECAT_DYNAMODB_OPTIONS_INIT;
    icecat_item *item = icecat_item_new(NULL);
    char *secret = make_secret();
    icecat_credentials *credentials = credentials_of(secret);
    icecat_client *client = tiny_client_new(url, credentials, NULL, NULL);
    icecat_error err;

    wipe(secret, LEN);
    free(secret);
    icecat_item_set_string(item, "a", "b", NULL);
    if (icecat_s3_put_object(client, "pets", "a", "x", 1, NULL, NULL, &err) != ICECAT_OK ||
        icecat_dynamodb_put_item(client, "table", item, &options, NULL, &err) != ICECAT_OK) {
        fprintf(stderr, "%s\n", err.message);
        exit(2);
    }
    icecat_item_free(item);
    icecat_credentials_free(credentials);
    icecat_client_free(client);
}

/* Half of the key counts: a copy may have been overwritten in part. */
static size_t count_in(const char *data, size_t len)
{
    size_t found = 0;

    for (size_t at = 0; at + LEN / 2 <= len; at++) {
        size_t same = 0;

        while (same < LEN / 2 && data[at + same] == letter(LEN / 4 + same))
            same++;
        found += same == LEN / 2;
    }
    return found;
}

static size_t count_in_range(FILE *memory, unsigned long from, unsigned long to)
{
    static char page[65536 + LEN];
    size_t found = 0;
    size_t kept = 0;

    if (fseek(memory, (long)from, SEEK_SET) != 0)
        return 0;
    while (from < to) {
        size_t want = to - from < 65536 ? to - from : 65536;
        size_t got = fread(page + kept, 1, want, memory);

        if (got == 0)
            break;
        found += count_in(page, kept + got);
        from += got;
        kept = 0; /* a copy across two pieces would be missed; there would be others */
    }
    wipe(page, sizeof(page));
    return found;
}

/* Everything that is writable, but for what the scan itself holds. */
static size_t count_everywhere(void)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    FILE *memory = fopen("/proc/self/mem", "rb");
    char line[512];
    size_t found = 0;

    while (maps != NULL && memory != NULL && fgets(line, sizeof(line), maps) != NULL) {
        unsigned long from, to;
        char rights[8];

        if (sscanf(line, "%lx-%lx %7s", &from, &to, rights) == 3 && rights[0] == 'r' &&
            rights[1] == 'w' && to - from < (1ul << 30))
            found += count_in_range(memory, from, to);
    }
    if (maps != NULL)
        fclose(maps);
    if (memory != NULL)
        fclose(memory);
    return found;
}

int main(void)
{
    tiny_server *server = tiny_server_start(2, mood_of);
    char *there = make_secret();
    size_t seen;
    size_t left;

    seen = count_everywhere();
    wipe(there, LEN);
    use_secret(tiny_server_url(server));
    left = count_everywhere();
    free(there);
    tiny_server_stop(server);
    printf("%zu copies were seen while there was one, %zu are left of a client that is gone\n",
           seen, left);
    return seen != 0 && left == 0 ? 0 : 1;
}
