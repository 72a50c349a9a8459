/*
 * submit_safe.c - an image counts as uploaded once its record is on the disk.
 */
#include "submit.h"

/* With the 50 ms that may pass until the library tells its progress, 100 ms at most. */
enum { UNSAFE_MS = 50 };

icecat_status submit_safe_add(struct submit *submit, size_t item, icecat_error *err)
{
    if (submit->unsafe_count == 0)
        submit->unsafe_since_ms = progress_now_ms();
    submit->unsafe[submit->unsafe_count++] = item;
    /* Else when progress is told: then every place is filled again, and nothing waits for the disk. */
    return submit->unsafe_count == SUBMIT_UNSAFE_MOST ? submit_safe_tell(submit, 1, err)
                                                      : ICECAT_OK;
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
