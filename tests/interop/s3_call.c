/*
 * s3_call.c - one call of the library to S3:
 *
 *   s3_call put BUCKET KEY <body      s3_call get BUCKET KEY >body     s3_call head BUCKET KEY
 *   s3_call copy BUCKET KEY TO_KEY    s3_call delete BUCKET KEY
 *
 * Keys, region and endpoint are those of the environment. Ends with the exit code of the status; the
 * error's message is on stderr. head writes the size of the object.
 */
#include <icecat/icecat.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_BODY (1u << 20)

static char body[MOST_BODY];

static icecat_status get(icecat_client *client, char **words, icecat_error *err)
{
    icecat_s3_object *object = NULL;
    icecat_status status = icecat_s3_get_object(client, words[2], words[3], NULL, &object, err);

    if (status == ICECAT_OK)
        fwrite(icecat_s3_object_data(object), 1, icecat_s3_object_len(object), stdout);
    icecat_s3_object_free(object);
    return status;
}

static icecat_status head(icecat_client *client, char **words, icecat_error *err)
{
    icecat_s3_object *object = NULL;
    icecat_status status = icecat_s3_head_object(client, words[2], words[3], NULL, &object, err);

    if (status == ICECAT_OK)
        printf("%llu\n", (unsigned long long)icecat_s3_object_size(object));
    icecat_s3_object_free(object);
    return status;
}

static icecat_status call(icecat_client *client, int count, char **words, icecat_error *err)
{
    if (strcmp(words[1], "put") == 0)
        return icecat_s3_put_object(client, words[2], words[3], body,
                                    fread(body, 1, sizeof(body), stdin), NULL, NULL, err);
    if (strcmp(words[1], "get") == 0)
        return get(client, words, err);
    if (strcmp(words[1], "head") == 0)
        return head(client, words, err);
    if (strcmp(words[1], "delete") == 0)
        return icecat_s3_delete_object(client, words[2], words[3], NULL, err);
    if (strcmp(words[1], "copy") == 0 && count == 5)
        return icecat_s3_copy_object(client, words[2], words[3], words[2], words[4], NULL, err);
    snprintf(err->message, sizeof(err->message), "unknown call %s", words[1]);
    return ICECAT_E_ARGUMENT;
}

int main(int argc, char **argv)
{
    icecat_client *client = NULL;
    icecat_error err = { 0 };
    icecat_status status;

    if (argc < 4)
        return 2;
    status = icecat_client_new(NULL, &client, &err);
    if (status == ICECAT_OK)
        status = call(client, argc, argv, &err);
    if (status != ICECAT_OK)
        fprintf(stderr, "%s\n", err.message);
    icecat_client_free(client);
    return icecat_status_exit_code(status);
}
