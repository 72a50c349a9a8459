/*
 * options.h - load a sized options struct of any release of the headers.
 *
 *   caller older than library: the missing tail reads as zero, the default
 *   caller newer than library: accepted only while its extra tail is zero
 */
#ifndef IC_OPTIONS_H
#define IC_OPTIONS_H

#include <icecat/error.h>
#include <stddef.h>

/** Fill @p own from @p caller, which may be NULL for all defaults. ICECAT_E_ARGUMENT when sizes are wrong. */
icecat_status ic_options_load(void *own, size_t own_size, const void *caller, const char *type,
                              icecat_error *err);
/** Give @p own to a caller whose struct may be shorter or longer. ICECAT_E_ARGUMENT when its size is not sane. */
icecat_status ic_options_store(void *caller, const void *own, size_t own_size, const char *type,
                               icecat_error *err);

/** Zero a caller's struct and note its size: the body of every public _init function. */
void ic_options_init(void *caller, size_t struct_size);

/** New fields must not hide in old padding: every sized struct ends at its last field. */
#define IC_NO_PADDING_AFTER(type, last)                                                            \
    _Static_assert(offsetof(type, last) + sizeof(((type *)0)->last) == sizeof(type),               \
                   #type " must end exactly at " #last)

#define IC_OPTIONS_LOAD(own, caller, type, err)                                                    \
    ic_options_load((own), sizeof(type), (caller), #type, (err))
#define IC_OPTIONS_STORE(caller, own, type, err)                                                   \
    ic_options_store((caller), (own), sizeof(type), #type, (err))

#endif
