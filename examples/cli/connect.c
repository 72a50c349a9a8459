/*
 * connect.c - a client of the library from the effective settings.
 */
#include "connect.h"

#include "cli_error.h"
#include "text.h"

#include <stdio.h>
#include <sys/resource.h>

#define MOST_SECONDS 86400
#define MOST_JOBS    256
/* Files that a program may need beside its connections. */
#define FILES_KEPT 32

static void log_line(uint32_t level, const char *area, const char *text, void *userdata)
{
    (void)userdata;
    fprintf(stderr, "icecat: %s%s: ", level <= ICECAT_LOG_WARN ? "warning: " : "", area);
    text_write_safe(text, stderr);
    fputc('\n', stderr);
}

static int is_from_a_file(enum config_source source)
{
    return source == CONFIG_FROM_FILE || source == CONFIG_FROM_USER_FILE;
}

/* What an option or a file says. The environment is left to the library, which knows when its addresses
 * are to be ignored. */
static const char *given(const struct config *config, enum config_id id)
{
    enum config_source source = config_source(config, id);

    return source == CONFIG_FROM_OPTION || is_from_a_file(source) ? config_text(config, id) : NULL;
}

/* The address of one service. One for all services, from a stronger source, wins over it. */
static const char *endpoint(const struct config *config, enum config_id id)
{
    if (config_source(config, CONFIG_ENDPOINT_URL) < config_source(config, id))
        return given(config, CONFIG_ENDPOINT_URL);
    /* The library would let the general address, given in code, win over this one of the environment. */
    if (config_source(config, CONFIG_ENDPOINT_URL) == CONFIG_FROM_USER_FILE)
        return config_text(config, id);
    return given(config, id);
}

uint32_t connect_most_jobs(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY ||
        limit.rlim_cur >= FILES_KEPT + 2 * MOST_JOBS)
        return MOST_JOBS;
    /* A transfer has a connection and the file that is sent. */
    return limit.rlim_cur < FILES_KEPT + 2 ? 1 : (uint32_t)((limit.rlim_cur - FILES_KEPT) / 2);
}

static icecat_status read_numbers(const struct config *config, icecat_client_options *options,
                                  icecat_error *err)
{
    uint32_t connect_s = 0, stall_s = 0;
    icecat_status status = config_number(config, CONFIG_JOBS, 1, MOST_JOBS,
                                         &options->max_connections, err);

    if (status == ICECAT_OK)
        status = config_number(config, CONFIG_MAX_ATTEMPTS, 1, 100, &options->max_attempts, err);
    if (status == ICECAT_OK)
        status = config_number(config, CONFIG_CONNECT_TIMEOUT, 1, MOST_SECONDS, &connect_s, err);
    if (status == ICECAT_OK)
        status = config_number(config, CONFIG_TIMEOUT, 1, MOST_SECONDS, &stall_s, err);
    if (status != ICECAT_OK)
        return status;
    options->connect_timeout_ms = connect_s * 1000;
    options->stall_timeout_ms = stall_s * 1000;
    if (options->max_connections > connect_most_jobs())
        options->max_connections = connect_most_jobs();
    return ICECAT_OK;
}

/* *out stays NULL when the keys are not from a file. */
static icecat_status file_credentials(const struct config *config, icecat_credentials **out,
                                      icecat_error *err)
{
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;
    enum config_id given = config_text(config, CONFIG_ACCESS_KEY_ID) != NULL
                               ? CONFIG_ACCESS_KEY_ID
                               : CONFIG_SECRET_ACCESS_KEY;
    enum config_id other = given == CONFIG_ACCESS_KEY_ID ? CONFIG_SECRET_ACCESS_KEY
                                                         : CONFIG_ACCESS_KEY_ID;

    if (!is_from_a_file(config_source(config, given)))
        return ICECAT_OK;
    if (config_text(config, other) == NULL)
        return cli_error(err, ICECAT_E_BAD_CREDENTIALS, "%s sets %s, but the file does not set %s",
                         config_origin(config, given), config_name(given), config_name(other));
    keys.access_key_id = config_text(config, CONFIG_ACCESS_KEY_ID);
    keys.secret_access_key = config_text(config, CONFIG_SECRET_ACCESS_KEY);
    keys.session_token = config_text(config, CONFIG_SESSION_TOKEN);
    return icecat_credentials_new_static(&keys, out, err);
}

icecat_status connect_options(const struct config *config, icecat_client_options *out,
                              icecat_error *err)
{
    icecat_client_options_init(out, sizeof(*out));
    /* A profile that was asked for goes before the keys of the environment; AWS_PROFILE does not. */
    out->profile = given(config, CONFIG_PROFILE);
    out->region = config_text(config, CONFIG_REGION);
    out->endpoint_url = given(config, CONFIG_ENDPOINT_URL);
    out->endpoint_url_s3 = endpoint(config, CONFIG_ENDPOINT_URL_S3);
    out->endpoint_url_dynamodb = endpoint(config, CONFIG_ENDPOINT_URL_DYNAMODB);
    out->endpoint_url_rekognition = endpoint(config, CONFIG_ENDPOINT_URL_REKOGNITION);
    out->endpoint_url_ssm = endpoint(config, CONFIG_ENDPOINT_URL_SSM);
    out->ca_bundle = config_text(config, CONFIG_CA_BUNDLE);
    out->proxy = config_text(config, CONFIG_PROXY);
    out->user_agent = "icecat";
    return read_numbers(config, out, err);
}

icecat_status connect_client(const struct config *config, uint32_t log_level, icecat_client **out,
                             icecat_error *err)
{
    icecat_client_options options;
    icecat_credentials *credentials = NULL;
    icecat_status status = connect_options(config, &options, err);

    if (status == ICECAT_OK)
        status = file_credentials(config, &credentials, err);
    if (status != ICECAT_OK)
        return status;
    options.credentials = credentials;
    options.log = log_level != ICECAT_LOG_NONE ? log_line : NULL;
    options.log_level = log_level;
    status = icecat_client_new(&options, out, err);
    icecat_credentials_free(credentials); /* the client has its own reference */
    return status;
}
