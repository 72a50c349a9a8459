/*
 * cli.h - what every command of icecat has at hand.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "config.h"
#include "options.h"
#include <icecat/icecat.h>

/* "auto" is a table on a terminal and plain elsewhere. */
enum cli_format { FORMAT_TABLE, FORMAT_PLAIN, FORMAT_JSON, FORMAT_NDJSON, FORMAT_CSV };

/* Exit codes that no icecat_status stands for. The others come from icecat_status_exit_code(). */
enum {
    EXIT_USAGE = 2,
    EXIT_PARTIAL = 3,
    EXIT_PENDING = 8,
    EXIT_REJECTED = 9,
    EXIT_NO_CAT = 11,
    EXIT_SIGINT = 130,
    EXIT_SIGPIPE = 141,
    EXIT_SIGTERM = 143
};

struct cli {
    struct options options;
    struct config config; /* effective settings, each with its origin */
    enum cli_format format;
    int colour_out; /* 1: colours on stdout */
    int colour_err;
    size_t width;          /* columns of the terminal at stdout; 0 when it is none */
    int verbosity;         /* -2 quietest, 0 normal, 1 info, 2 debug */
    icecat_cancel *cancel; /* fired by SIGINT and SIGTERM */
    icecat_client *client;
    icecat_pipeline *pipeline;
};

/* Make cli->client, or cli->pipeline with its client, once. */
icecat_status cli_need_client(struct cli *cli, icecat_error *err);
icecat_status cli_need_pipeline(struct cli *cli, icecat_error *err);
/* Before cli_need_pipeline() by who submits: make a client id when no source has one. */
icecat_status cli_need_client_id(struct cli *cli, icecat_error *err);

/* Lines on stderr: "icecat: ...", made safe for a terminal. Notes need verbosity 0, warnings -1. */
void cli_note(const struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
void cli_warn(const struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What to try after such a failure; NULL when there is nothing to say. Static. */
const char *cli_hint(const icecat_error *err);
/* ICECAT_LOG_... that the verbosity asks for. */
uint32_t cli_log_level(const struct cli *cli);
/* 1 when the output is one of the JSON formats. */
int cli_is_json(const struct cli *cli);
/* Report a failure, with what to try next; as one line of JSON when the output is JSON. Returns the
 * exit code: that of the signal when one asked to end. */
int cli_fail(const struct cli *cli, const icecat_error *err);
int cli_fail_usage(const struct cli *cli, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The signal that asked to end, or 0. */
int cli_signal(void);

/* The commands: each returns the exit code. */
int command_submit(struct cli *cli);
int command_result(struct cli *cli);
int command_results(struct cli *cli);
int command_wait(struct cli *cli);
int command_detect(struct cli *cli);
int command_validate(struct cli *cli);
int command_presign(struct cli *cli);
int command_report(struct cli *cli);
int command_config(struct cli *cli);
int command_doctor(struct cli *cli);
int command_help(struct cli *cli);
int command_version(struct cli *cli);

#endif
