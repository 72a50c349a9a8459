/*
 * command_version.c - versions of icecat and of the libraries that it runs with.
 */
#include "cli.h"
#include "json_out.h"

#include <stdio.h>

static const char *const dependencies[] = { "libcurl", "openssl", "cjson", "libpng",
                                            "libjpeg-turbo" };
#define DEPENDENCY_COUNT (sizeof(dependencies) / sizeof(dependencies[0]))

static void write_json(const struct cli *cli)
{
    struct json_out out;

    json_out_init(&out, stdout, cli->format == FORMAT_JSON ? 2 : 0);
    json_out_object(&out, NULL);
    json_out_text(&out, "schema", "icecat/version/1");
    json_out_text(&out, "icecat", ICECAT_VERSION_STRING);
    json_out_text(&out, "libicecat", icecat_version_string());
    json_out_object(&out, "libraries");
    for (size_t i = 0; i < DEPENDENCY_COUNT; i++)
        json_out_text(&out, dependencies[i], icecat_version_dependency(dependencies[i]));
    json_out_close(&out);
    json_out_end(&out);
}

int command_version(struct cli *cli)
{
    if (cli_is_json(cli)) {
        write_json(cli);
        return 0;
    }
    printf("icecat %s\nlibicecat %s\n", ICECAT_VERSION_STRING, icecat_version_string());
    for (size_t i = 0; i < DEPENDENCY_COUNT; i++) {
        const char *version = icecat_version_dependency(dependencies[i]);

        printf("%s %s\n", dependencies[i], version != NULL ? version : "unknown");
    }
    return 0;
}
