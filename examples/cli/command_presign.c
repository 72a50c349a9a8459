/*
 * command_presign.c - a URL with which anyone may put or get one object for a while.
 */
#include "cli.h"
#include "json_out.h"
#include "option_values.h"
#include "s3_address.h"
#include "text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define URL_LEN     65536
#define MAX_EXPIRES 604800

struct presigned {
    const char *method;
    icecat_s3_presign_options options;
    icecat_s3_presign_result result;
    char url[URL_LEN];
};

/* "get" and "GET" are the same. */
static const char *read_method(const char *word)
{
    static const char *const methods[] = { "GET", "PUT" };

    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        size_t at = 0;

        while (word[at] != '\0' && toupper((unsigned char)word[at]) == methods[i][at])
            at++;
        if (word[at] == '\0' && methods[i][at] == '\0')
            return methods[i];
    }
    return NULL;
}

static int is_sha256(const char *text)
{
    return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

/* 0 with the reason in @p why. */
static int read_options(const struct options *options, struct presigned *out, char *why,
                        size_t why_len)
{
    uint64_t expires = 900;

    if (!options_number(options, OPTION_EXPIRES, 1, MAX_EXPIRES, &expires, why, why_len))
        return 0;
    out->options.expires_s = (uint32_t)expires;
    out->options.content_type = options_text(options, OPTION_CONTENT_TYPE);
    out->options.payload_sha256 = options_text(options, OPTION_SHA256);
    if (out->options.payload_sha256 != NULL && !is_sha256(out->options.payload_sha256)) {
        snprintf(why, why_len, "--sha256 must be 64 lower-case hex digits");
        return 0;
    }
    if (strcmp(out->method, "GET") == 0 &&
        (out->options.content_type != NULL || out->options.payload_sha256 != NULL)) {
        snprintf(why, why_len, "--content-type and --sha256 are for put; a get has no body");
        return 0;
    }
    return 1;
}

static void write_json(const struct cli *cli, const struct presigned *made)
{
    struct json_out out;

    json_out_init(&out, stdout, cli->format == FORMAT_JSON ? 2 : 0);
    json_out_object(&out, NULL);
    json_out_text(&out, "schema", "icecat/presign/1");
    json_out_text(&out, "method", made->method);
    json_out_text(&out, "url", made->url);
    json_out_i64(&out, "expires_at", made->result.expires_unix_s);
    json_out_object(&out, "signed_headers");
    if (made->options.content_type != NULL)
        json_out_text(&out, "content-type", made->options.content_type);
    if (made->options.payload_sha256 != NULL)
        json_out_text(&out, "x-amz-content-sha256", made->options.payload_sha256);
    json_out_end(&out);
}

/* The URL alone on stdout; what its user must send besides is told on stderr. */
static void write_text(const struct cli *cli, const struct presigned *made)
{
    text_write_safe(made->url, stdout);
    putchar('\n');
    if (made->options.content_type != NULL)
        cli_note(cli, "send it with the header Content-Type: %s", made->options.content_type);
    if (made->options.payload_sha256 != NULL)
        cli_note(cli, "send it with the header x-amz-content-sha256: %s",
                 made->options.payload_sha256);
}

static icecat_status presign(struct cli *cli, const char *address, struct presigned *made,
                             icecat_error *err)
{
    char bucket[S3_BUCKET_LEN];
    const char *key;
    icecat_status status = s3_address_split(address, bucket, &key, err);

    if (status == ICECAT_OK)
        status = cli_need_client(cli, err);
    if (status == ICECAT_OK)
        status = icecat_s3_presign(cli->client, made->method, bucket, key, &made->options,
                                   made->url, sizeof(made->url), &made->result, err);
    if (status == ICECAT_OK && made->result.is_cut_short)
        cli_warn(cli, "the access keys expire before the URL would; it ends with them");
    return status;
}

int command_presign(struct cli *cli)
{
    struct presigned made = { .options = ICECAT_S3_PRESIGN_OPTIONS_INIT,
                              .result = ICECAT_S3_PRESIGN_RESULT_INIT };
    char why[WHY_LEN];
    icecat_error err;

    if (cli->format == FORMAT_CSV)
        return cli_fail_usage(cli, "presign has no csv output");
    if (cli->options.arg_count != 2)
        return cli_fail_usage(cli, "presign needs put or get, and s3://BUCKET/KEY");
    made.method = read_method(cli->options.args[0]);
    if (made.method == NULL)
        return cli_fail_usage(cli, "presign needs put or get, not \"%s\"", cli->options.args[0]);
    if (!read_options(&cli->options, &made, why, sizeof(why)))
        return cli_fail_usage(cli, "%s", why);
    if (presign(cli, cli->options.args[1], &made, &err) != ICECAT_OK)
        return cli_fail(cli, &err);
    if (cli_is_json(cli))
        write_json(cli, &made);
    else
        write_text(cli, &made);
    return 0;
}
