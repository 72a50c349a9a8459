/*
 * oom.h - calls of the library, each with one allocation that fails.
 *
 * A case makes what it needs, begins, calls, and ends; between beginning and end the allocation whose turn
 * it is fails, alone or with all that follow. Each call is named by SWEPT(), so that the program knows
 * which public functions it has swept.
 */
#ifndef OOM_H
#define OOM_H

#include <icecat/error.h>
#include <icecat/memory.h>
#include <stddef.h>

/** What a case is given. */
typedef struct oom {
    const icecat_allocator *allocator; /* for what takes one; NULL: malloc, of everybody, fails */
    unsigned port;                     /* of the server of oom_server.h; 0 without one */
    const char *ca_bundle;
    int is_warm; /* libraries have made before what they make once; what fails then may fail for good */
} oom;

typedef struct oom_case {
    const char *name;
    void (*run)(const oom *o);
    int needs_server;
    int needs_malloc; /* it has no allocator of its own: only malloc can fail */
} oom_case;

extern const oom_case oom_base_cases[], oom_client_cases[], oom_pipeline_cases[], oom_batch_cases[],
    oom_network_cases[]; /* each ends with a name of NULL */

/** From here on the allocation whose turn it is fails; until oom_end(). */
void oom_begin(void);
void oom_end(void);
/** 1 when one has failed. */
int oom_has_failed(void);
/** What follows is the test's own work, whose allocations neither count nor fail; 0 ends it. */
void oom_own_work(int is_own);

/** Remember that the public function of this name is called. */
void oom_note(const char *function);
/** status = SWEPT(icecat_item_new)(NULL): the function, and a note that it is called. */
#define SWEPT(function) (oom_note(#function), function)

#define OOM_CHECK(condition) ((condition) ? (void)0 : oom_broken(#condition, __FILE__, __LINE__))
/** Say which promise was broken, of which case, and end the program. */
void oom_broken(const char *what, const char *file, int line);

/* Statuses that stand for a failed allocation beside ICECAT_E_NO_MEMORY, when it was another library's. */
#define OOM_MAY_BE_CRYPTO    1u /* libcrypto says that a hash failed, not why */
#define OOM_MAY_BE_TRANSPORT 2u /* libcurl or libssl say that the connection failed */
#define OOM_MAY_BE_INTERNAL  4u /* libcurl says that it cannot be initialised */

/**
 * 1 when the call went well. A failure must be one of memory, and only when an allocation has failed;
 * @p err, when there is one, must say so.
 */
int oom_is_good(icecat_status status, const icecat_error *err, unsigned may_be);

#endif
