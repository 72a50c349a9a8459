/*
 * record_write.c - the two writes that process makes of a record.
 */
#include "pipeline/record.h"

#include "base/error.h"
#include "base/json.h"

/*
 * Written unless the record is settled, or another client's. A record without client_id is what the
 * Python system left when its first write was lost; it is nobody's. fail_code: what this library
 * refused stays refused, while a "fail" of the Python system may be tried again.
 */
const char ic_record_pending_condition[] =
    "attribute_not_exists(batch_id) OR (op_status <> :success AND attribute_not_exists(fail_code) "
    "AND (attribute_not_exists(client_id) OR client_id = :client))";

/* Only one of several workers makes a pending record final, and none makes a new one. */
const char ic_record_final_condition[] = "op_status = :pending AND client_id = :client";

/* An item under construction: the first failure is kept, and later sets do nothing. */
typedef struct builder {
    icecat_item *item;
    icecat_status status;
    icecat_error *err;
} builder;

static builder begin(const ic_mem *mem, icecat_error *err)
{
    builder b = { icecat_item_new(mem), ICECAT_OK, err };

    if (b.item == NULL)
        b.status = ic_fail_memory(err, "an item");
    return b;
}

static void set_text(builder *b, const char *name, const char *value)
{
    if (b->status == ICECAT_OK && value != NULL)
        b->status = icecat_item_set_string(b->item, name, value, b->err);
}

static void set_int(builder *b, const char *name, int64_t value)
{
    if (b->status == ICECAT_OK)
        b->status = icecat_item_set_int(b->item, name, value, b->err);
}

static void set_double(builder *b, const char *name, double value)
{
    char scratch[48];
    ic_buf text;

    ic_buf_init_fixed(&text, scratch, sizeof(scratch));
    ic_json_write_double(&text, value);
    if (b->status == ICECAT_OK)
        b->status = icecat_item_set_number(b->item, name, ic_buf_text(&text), b->err);
}

static icecat_status end(builder *b, icecat_item **out)
{
    *out = NULL;
    if (b->status == ICECAT_OK)
        *out = b->item;
    else
        icecat_item_free(b->item);
    return b->status;
}

icecat_status ic_record_key(const ic_mem *mem, uint64_t batch_id, const char *fingerprint,
                            icecat_item **out, icecat_error *err)
{
    builder b = begin(mem, err);

    set_int(&b, IC_ATTR_BATCH_ID, (int64_t)batch_id);
    set_text(&b, IC_ATTR_FINGERPRINT, fingerprint);
    return end(&b, out);
}

icecat_status ic_record_pending(const ic_mem *mem, const ic_record_start *start, icecat_item **out,
                                icecat_error *err)
{
    const ic_object_key *key = start->key;
    builder b = begin(mem, err);

    set_int(&b, IC_ATTR_BATCH_ID, (int64_t)key->batch_id);
    set_text(&b, IC_ATTR_FINGERPRINT, key->fingerprint);
    set_text(&b, "client_id", key->client_id);
    set_text(&b, "s3img_key", start->place);
    set_text(&b, "file_name", start->file_name);
    set_text(&b, "op_status", "pending");
    set_text(&b, "current_date", key->hour);
    set_int(&b, "upload_ts", key->upload_ts);
    set_int(&b, "ttl", key->upload_ts + (int64_t)start->ttl_s);
    return end(&b, out);
}

icecat_status ic_record_pending_values(const ic_mem *mem, const char *client_id, icecat_item **out,
                                       icecat_error *err)
{
    builder b = begin(mem, err);

    set_text(&b, ":success", "success");
    set_text(&b, ":client", client_id);
    return end(&b, out);
}

icecat_status ic_record_final(const ic_mem *mem, const ic_record_end *final, ic_buf *expression,
                              icecat_item **values, icecat_error *err)
{
    builder b = begin(mem, err);
    icecat_status status;

    set_text(&b, ":pending", "pending");
    set_text(&b, ":client", final->client_id);
    set_text(&b, ":state", final->fail_code != NULL ? "fail" : "success");
    set_int(&b, ":now", final->now_s);
    ic_buf_add_text(expression, "SET op_status = :state, rek_ts = :now");
    if (final->fail_code != NULL) {
        ic_buf_add_text(expression, ", fail_code = :code, fail_reason = :reason");
        set_text(&b, ":code", final->fail_code);
        set_text(&b, ":reason", final->fail_reason);
    } else {
        ic_buf_add_text(expression, ", rek_iscat = :iscat, rek_confidence = :confidence"
                                    ", labels = :labels, rek_resp = :response");
        set_text(&b, ":iscat", final->is_cat ? "True" : "False");
        set_double(&b, ":confidence", final->confidence);
        set_text(&b, ":labels", final->labels_json);
        set_text(&b, ":response", final->response_json);
    }
    if (final->logs_json != NULL)
        ic_buf_add_text(expression, ", logs = :logs");
    set_text(&b, ":logs", final->logs_json);
    ic_buf_add_text(expression,
                    final->place != NULL ? ", s3img_key = :place" : " REMOVE s3img_key");
    set_text(&b, ":place", final->place);
    status = ic_buf_check(expression, "an update", err);
    if (b.status == ICECAT_OK)
        b.status = status;
    return end(&b, values);
}
