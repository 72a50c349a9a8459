/*
 * global.h - libcurl's process-wide state, initialised once and counted.
 */
#ifndef IC_GLOBAL_H
#define IC_GLOBAL_H

#include <icecat/error.h>

/** Every successful retain needs one release. ICECAT_E_INTERNAL when libcurl refuses. */
icecat_status ic_global_retain(icecat_error *err);
void ic_global_release(void);
/** libcurl's version at run time. */
const char *ic_global_curl_version(void);

#endif
