/*
 * submit_safe.c - an image counts as uploaded once its record is on the disk.
 */
#include "submit.h"

enum { UNSAFE_MS = 100 };

icecat_status submit_safe_add(struct submit *submit, size_t item, icecat_error *err)
{
    if (submit->unsafe_count == 0)
        submit->unsafe_since_ms = progress_now_ms();
    submit->unsafe[submit->unsafe_count++] = item;
    return submit_safe_tell(submit, submit->unsafe_count == SUBMIT_UNSAFE_MOST, err);
}

icecat_status submit_safe_tell(struct submit *submit, int all, icecat_error *err)
{
    icecat_batch_record record = ICECAT_BATCH_RECORD_INIT;
    icecat_status status;

    if (submit->unsafe_count == 0 ||
        (!all && progress_now_ms() - submit->unsafe_since_ms < UNSAFE_MS))
        return ICECAT_OK;
    status = icecat_batch_sync(submit->batch.batch, err);
    for (size_t i = 0; status == ICECAT_OK && i < submit->unsafe_count; i++) {
        const struct submit_item *item = &submit->list.items[submit->unsafe[i]];

        submit_item_record(submit, item, &record);
        submit_take(submit, item, record.size_bytes, NULL);
    }
    submit->unsafe_count = 0;
    return status;
}
