/*
 * settings.h - what the function reads from its environment, under the names of the Python system.
 */
#ifndef LAMBDA_SETTINGS_H
#define LAMBDA_SETTINGS_H

#include <icecat/pipeline.h>

struct settings {
    const char *region;
    icecat_pipeline_options pipeline; /* texts are those of the environment */
};

/** @return 1, or 0 with every missing or wrong name in @p problem (@p len bytes). */
int settings_read(struct settings *out, char *problem, size_t len);

/**
 * The file of trusted certificates: AWS_CA_BUNDLE or SSL_CERT_FILE, else the first that is there of
 * those of Amazon Linux and of Debian. NULL: what libcurl was built with.
 */
const char *settings_ca_bundle(void);

#endif
