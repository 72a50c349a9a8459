/*
 * batch_id.c - numbers of batches: new ones from time and randomness, and their text form.
 */
#include "base/error.h"
#include "pipeline/object_key.h"

#include <icecat/pipeline.h>
#include <string.h>

#define RANDOM_PART 1000000u

uint64_t icecat_batch_id_new(void)
{
    uint64_t random;

    if (!ic_random_bytes(&random, sizeof(random)))
        return 0;
    return (uint64_t)ic_time_unix_s() * RANDOM_PART + random % RANDOM_PART;
}

icecat_status icecat_batch_id_parse(const char *text, uint64_t *out, icecat_error *err)
{
    ic_view digits = ic_view_of(text);

    ic_error_clear(err);
    if (text == NULL || out == NULL)
        return ic_fail(err, ICECAT_E_ARGUMENT, "batch id: %s is NULL",
                       text == NULL ? "the text" : "out");
    if (ic_view_starts(digits, "batch-")) {
        digits.data += strlen("batch-");
        digits.len -= strlen("batch-");
    }
    if (!ic_batch_id_read(digits, out))
        return ic_fail(err, ICECAT_E_ARGUMENT,
                       "\"%.60s\" is not a batch id; expected 10 to 16 digits, "
                       "as in batch-1744377772",
                       text);
    return ICECAT_OK;
}
