/*
 * settings_help.c - what each option of icecat-local means.
 */
#include "settings_help.h"

#include "settings.h"

#include <stdio.h>
#include <string.h>

#define TEXT_AT 23

static const settings_help_row rows[] = {
    { "--init", "create the buckets, the table and the SSM parameters" },
    { "--data DIR", "where everything is kept (./icecat-local-data)" },
    { "--bootstrap PATH", "run this Lambda program for every picture that is uploaded" },
    { "--port N", "0 takes a free one (0)" },
    { "--host ADDRESS", "an address of this machine only (127.0.0.1)" },
    { "--workers N", "pictures that are worked on at once (the number of processors)" },
    { "-v, --verbose", "one line on stderr for each request" },
    { "-h, --help", "show help" },
    { "--version", "show the version" },
    { NULL, "What is in a picture" },
    { "--labels FILE", "answers by SHA-256, as JSON; they come first" },
    { "--model FILE", "an ONNX classifier ..." },
    { "--classes FILE", "... and its classes, one a line" },
    { NULL, "Names, which --init keeps in the data folder" },
    { "--region R", "(eu-central-1)" },
    { "--table NAME", "(icecat-results)" },
    { "--bucket-source NAME", "(icecat-source)" },
    { "--bucket-dest NAME", "(icecat-dest)" },
    { "--bucket-fail NAME", "(icecat-fail)" },
    { "--function NAME", "(icecat-bulkimg-analyse)" },
    { "--access-key ID", "the access key (made once, kept in the data folder)" },
    { "--secret-key KEY", "its secret (as the access key)" },
    { NULL, "Trouble on purpose" },
    { "--clock-offset S", "the clock is S seconds ahead, or behind when negative" },
    { "--latency-ms N", "every answer waits so long" },
    { "--fault S:KIND:N", "the next N requests of service S (s3, dynamodb, rekognition,\n"
                          "ssm, any) fail: unavailable, throttle or reset; N%: so many of\n"
                          "all; may be repeated" },
    { "--fault S:slow:N:MS", "their answers come MS milliseconds late (1000)" },
    { "--fault events:KIND:N", "the next N events are delivered twice (duplicate) or in\n"
                               "another order (reorder)" },
};

const settings_help_row *settings_help_at(size_t index)
{
    return index < sizeof(rows) / sizeof(rows[0]) ? &rows[index] : NULL;
}

static void print_row(FILE *out, const settings_help_row *row)
{
    const char *line = row->text;

    if (row->name == NULL) {
        (void)fprintf(out, "\n%s:\n", row->text);
        return;
    }
    (void)fprintf(out, "  %-*s ", TEXT_AT - 3, row->name);
    for (;;) {
        size_t len = strcspn(line, "\n");

        (void)fprintf(out, "%.*s\n", (int)len, line);
        if (line[len] == '\0')
            return;
        line += len + 1;
        (void)fprintf(out, "%*s", TEXT_AT, "");
    }
}

int settings_print_help(FILE *out)
{
    (void)fputs("Usage: icecat-local [OPTIONS]\n"
                "S3, DynamoDB, Rekognition, SSM and the Lambda Runtime API on this machine.\n"
                "Prints the environment for its clients: eval what it prints.\n\n",
                out);
    for (size_t i = 0; settings_help_at(i) != NULL; i++)
        print_row(out, settings_help_at(i));
    return fflush(out) == 0 && ferror(out) == 0;
}
