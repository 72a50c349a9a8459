/*
 * version.c - which release this is. Those of the libraries that it uses are in lib/pipeline/dependency.c.
 */
#include <icecat/version.h>

uint32_t icecat_version_number(void)
{
    return ICECAT_VERSION_NUMBER;
}

const char *icecat_version_string(void)
{
    return ICECAT_VERSION_STRING;
}
