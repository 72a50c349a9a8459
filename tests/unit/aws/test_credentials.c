/*
 * test_credentials.c - fixed keys, and when keys that expire are fetched again, by whom, and what then.
 */
#include "aws/credentials.h"
#include "base/error.h"
#include "chain_rig.h"
#include "cmocka_all.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

/* A source of the test: counts its fetches, and does as it is told. */
typedef struct told_source {
    atomic_int fetches;
    atomic_int is_slow; /* a fetch waits until this is 0 */
    atomic_int is_inside;
    icecat_status fails; /* else keys that live so long: */
    int64_t life_s;
    const char *name;
} told_source;

static icecat_status told_fetch(void *self, const ic_need *need, ic_keys **out, icecat_error *err)
{
    told_source *own = self;
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;
    int number = atomic_fetch_add(&own->fetches, 1) + 1;
    char id[32];

    assert_int_equal(atomic_fetch_add(&own->is_inside, 1), 0); /* never two at once */
    while (atomic_load(&own->is_slow)) {
        if (ic_bounds_sleep(need->bounds, 1, err) != ICECAT_OK) {
            atomic_fetch_sub(&own->is_inside, 1);
            return (icecat_status)err->status;
        }
    }
    atomic_fetch_sub(&own->is_inside, 1);
    if (own->fails != ICECAT_OK)
        return ic_fail(err, own->fails, "told to fail");
    snprintf(id, sizeof(id), "AKID%d", number);
    keys.access_key_id = id;
    keys.secret_access_key = CANARY "-secret";
    keys.expires_unix_s = own->life_s != 0 ? need->unix_s + own->life_s : 0;
    return ic_keys_make(NULL, &keys, own->name, out, err);
}

static void told_free(void *self)
{
    (void)self;
}

static const ic_fetcher told_fetcher = { told_fetch, NULL, told_free };

typedef struct fixture {
    told_source source;
    icecat_credentials *credentials;
} fixture;

static int setup(void **state)
{
    static fixture f;
    icecat_error err;

    memset(&f.source, 0, sizeof(f.source));
    rig_setup(&place);
    f.source.life_s = 3600;
    f.source.name = "told";
    assert_int_equal(ic_credentials_make_fetching(NULL, &place.clock, NULL, "told", &told_fetcher,
                                                  &f.source, &f.credentials, &err),
                     ICECAT_OK);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;

    icecat_credentials_free(f->credentials);
    rig_teardown(&place);
    return 0;
}

/* The id of the keys that a call gets after @p seconds from the start, or the name of its failure. */
static const char *id_after(fixture *f, int64_t seconds)
{
    static char id[64];
    icecat_error err;
    ic_keys *keys;
    icecat_status status;

    atomic_store(&place.unix_s, RIG_TIME + seconds);
    status = rig_keys(&place, f->credentials, &keys, &err);
    snprintf(id, sizeof(id), "%s",
             status == ICECAT_OK ? keys->access_key_id : icecat_status_name(status));
    if (status != ICECAT_OK)
        assert_int_equal(err.status, status);
    ic_keys_release(keys);
    return id;
}

static void keys_are_fetched_once_and_again_from_fifteen_minutes_before_their_end(void **state)
{
    fixture *f = *state;

    assert_int_equal(f->source.fetches, 0); /* nothing before the first call */
    assert_string_equal(id_after(f, 0), "AKID1");
    assert_string_equal(id_after(f, 3600 - 901), "AKID1");
    assert_int_equal(f->source.fetches, 1);
    assert_string_equal(id_after(f, 3600 - 900), "AKID2");
    assert_string_equal(id_after(f, 3600), "AKID2");
}

static void keys_without_an_end_are_fetched_once(void **state)
{
    fixture *f = *state;

    f->source.life_s = 0;
    assert_string_equal(id_after(f, 0), "AKID1");
    assert_string_equal(id_after(f, 1000000), "AKID1");
    assert_int_equal(f->source.fetches, 1);
}

static void short_lived_keys_are_not_fetched_for_every_call(void **state)
{
    fixture *f = *state;

    f->source.life_s = 300;
    assert_string_equal(id_after(f, 0), "AKID1");
    assert_string_equal(id_after(f, 149), "AKID1");
    assert_string_equal(id_after(f, 151), "AKID2");
}

static void a_failure_in_the_early_window_keeps_the_old_keys(void **state)
{
    fixture *f = *state;

    assert_string_equal(id_after(f, 0), "AKID1");
    f->source.fails = ICECAT_E_ACCESS;
    assert_string_equal(id_after(f, 3600 - 800), "AKID1");
    assert_int_equal(f->source.fetches, 2);
    assert_string_equal(id_after(f, 3600 - 790), "AKID1");
    assert_int_equal(f->source.fetches, 2); /* it pauses for a minute */
    f->source.fails = ICECAT_OK;
    assert_string_equal(id_after(f, 3600 - 739), "AKID3");
}

static void a_refusal_in_the_late_window_is_told(void **state)
{
    fixture *f = *state;

    assert_string_equal(id_after(f, 0), "AKID1");
    f->source.fails = ICECAT_E_ACCESS;
    assert_string_equal(id_after(f, 3600 - 600), "ICECAT_E_ACCESS");
}

static void old_keys_serve_to_their_end_while_the_source_is_down(void **state)
{
    fixture *f = *state;

    assert_string_equal(id_after(f, 0), "AKID1");
    f->source.fails = ICECAT_E_UNAVAILABLE;
    assert_string_equal(id_after(f, 3600 - 500), "AKID1");
    assert_string_equal(id_after(f, 3600 - 1), "AKID1");
    assert_string_equal(id_after(f, 3600), "ICECAT_E_UNAVAILABLE");
    f->source.fails = ICECAT_OK;
    assert_string_equal(id_after(f, 3600 + 4), "AKID5");
}

static void keys_of_an_instance_serve_on_after_their_end_while_it_is_down(void **state)
{
    fixture *f = *state;

    f->source.name = "imds";
    assert_string_equal(id_after(f, 0), "AKID1");
    f->source.fails = ICECAT_E_CONNECT;
    assert_string_equal(id_after(f, 3600 + 100), "AKID1");
    /* 15 minutes, and 2 to 10 at random */
    assert_in_range(f->credentials->good_until_s, RIG_TIME + 3700 + 900 + 120,
                    RIG_TIME + 3700 + 900 + 600);
    f->source.fails = ICECAT_OK;
    assert_string_equal(id_after(f, 3600 + 161), "AKID1");
    assert_string_equal(id_after(f, f->credentials->good_until_s - 900 - RIG_TIME), "AKID3");
}

static void keys_that_an_instance_gives_at_their_end_are_used_on(void **state)
{
    fixture *f = *state;

    f->source.name = "imds";
    f->source.life_s = -30;
    assert_string_equal(id_after(f, 0), "AKID1");
    assert_in_range(f->credentials->good_until_s, RIG_TIME + 900 + 120, RIG_TIME + 900 + 600);
    assert_string_equal(id_after(f, 30), "AKID1");
}

static void another_source_that_gives_ended_keys_has_failed(void **state)
{
    fixture *f = *state;

    f->source.life_s = -30;
    assert_string_equal(id_after(f, 0), "ICECAT_E_BAD_CREDENTIALS");
}

static void a_failure_without_old_keys_is_told_for_three_seconds(void **state)
{
    fixture *f = *state;

    f->source.fails = ICECAT_E_NO_CREDENTIALS;
    assert_string_equal(id_after(f, 0), "ICECAT_E_NO_CREDENTIALS");
    assert_string_equal(id_after(f, 2), "ICECAT_E_NO_CREDENTIALS");
    assert_int_equal(f->source.fetches, 1);
    f->source.fails = ICECAT_OK;
    assert_string_equal(id_after(f, 3), "AKID2");
}

static void a_clock_that_is_set_back_does_not_hold_a_failure_for_long(void **state)
{
    fixture *f = *state;

    f->source.fails = ICECAT_E_NO_CREDENTIALS;
    assert_string_equal(id_after(f, 0), "ICECAT_E_NO_CREDENTIALS");
    f->source.fails = ICECAT_OK;
    assert_string_equal(id_after(f, -86400), "AKID2");
}

typedef struct caller {
    fixture *f;
    pthread_t thread;
    atomic_int done;
    icecat_status status;
    char id[32];
} caller;

static void *call(void *argument)
{
    caller *own = argument;
    icecat_error err;
    ic_keys *keys;

    own->status = rig_keys(&place, own->f->credentials, &keys, &err);
    if (own->status == ICECAT_OK)
        snprintf(own->id, sizeof(own->id), "%s", keys->access_key_id);
    ic_keys_release(keys);
    atomic_store(&own->done, 1);
    return NULL;
}

static void begin(caller *callers, size_t count, fixture *f)
{
    for (size_t i = 0; i < count; i++) {
        memset(&callers[i], 0, sizeof(callers[i]));
        callers[i].f = f;
        assert_int_equal(pthread_create(&callers[i].thread, NULL, call, &callers[i]), 0);
    }
}

static void join(caller *callers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        pthread_join(callers[i].thread, NULL);
}

static void wait_for_fetches(const fixture *f, int wanted)
{
    while (atomic_load(&f->source.fetches) < wanted || !atomic_load(&f->source.is_inside))
        ic_clock_sleep(NULL, 1);
}

/* All of them, while one of them is inside fetch number @p fetch. */
static void run_together(fixture *f, caller *callers, size_t count, int fetch)
{
    atomic_store(&f->source.is_slow, 1);
    begin(callers, count, f);
    wait_for_fetches(f, fetch);
    atomic_store(&f->source.is_slow, 0);
    join(callers, count);
    assert_int_equal(f->source.fetches, fetch);
}

static void many_callers_at_the_start_fetch_once(void **state)
{
    fixture *f = *state;
    caller callers[8];

    run_together(f, callers, 8, 1);
    for (size_t i = 0; i < 8; i++)
        assert_string_equal(callers[i].id, "AKID1");
}

static void in_the_early_window_the_others_go_on(void **state)
{
    fixture *f = *state;
    caller first;

    assert_string_equal(id_after(f, 0), "AKID1");
    atomic_store(&place.unix_s, RIG_TIME + 3600 - 850);
    atomic_store(&f->source.is_slow, 1);
    begin(&first, 1, f);
    wait_for_fetches(f, 2);
    assert_string_equal(id_after(f, 3600 - 850), "AKID1"); /* while the first is at it */
    assert_false(atomic_load(&first.done));
    atomic_store(&f->source.is_slow, 0);
    join(&first, 1);
    assert_string_equal(first.id, "AKID2");
}

static void in_the_late_window_all_wait_for_the_new_keys(void **state)
{
    fixture *f = *state;
    caller callers[4];

    assert_string_equal(id_after(f, 0), "AKID1");
    atomic_store(&place.unix_s, RIG_TIME + 3600 - 550);
    run_together(f, callers, 4, 2);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(callers[i].id, "AKID2");
}

static void those_who_wait_share_a_failure(void **state)
{
    fixture *f = *state;
    caller callers[4];

    f->source.fails = ICECAT_E_ACCESS;
    run_together(f, callers, 4, 1);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(callers[i].status, ICECAT_E_ACCESS);
}

static icecat_status bounded_call(fixture *f, uint64_t timeout_ms, icecat_cancel *cancel)
{
    icecat_call_options options = ICECAT_CALL_OPTIONS_INIT;
    ic_bounds bounds;
    ic_need need = { RIG_TIME, &bounds };
    icecat_error err;
    ic_keys *keys;
    icecat_status status;

    options.timeout_ms = timeout_ms;
    options.cancel = cancel;
    assert_int_equal(ic_bounds_load(&bounds, NULL, &options, &err), ICECAT_OK);
    status = ic_credentials_keys_at(f->credentials, &need, &keys, &err);
    ic_keys_release(keys);
    return status;
}

static void a_call_that_waits_keeps_its_deadline_and_its_token(void **state)
{
    fixture *f = *state;
    icecat_cancel *cancel = icecat_cancel_new();
    caller first;

    atomic_store(&f->source.is_slow, 1);
    assert_int_equal(bounded_call(f, 5, NULL), ICECAT_E_DEADLINE); /* the one that fetches */
    begin(&first, 1, f);
    wait_for_fetches(f, 2);
    assert_int_equal(bounded_call(f, 5, NULL), ICECAT_E_DEADLINE); /* one that waits */
    icecat_cancel_fire(cancel);
    assert_int_equal(bounded_call(f, 0, cancel), ICECAT_E_CANCELLED);
    atomic_store(&f->source.is_slow, 0);
    join(&first, 1);
    assert_string_equal(first.id, "AKID2"); /* an ended call is no failure of the source */
    icecat_cancel_free(cancel);
}

static void a_call_that_is_over_begins_no_fetch_but_gets_fresh_keys(void **state)
{
    fixture *f = *state;
    icecat_cancel *cancel = icecat_cancel_new();

    icecat_cancel_fire(cancel);
    assert_int_equal(bounded_call(f, 0, cancel), ICECAT_E_CANCELLED);
    assert_int_equal(f->source.fetches, 0);
    assert_string_equal(id_after(f, 0), "AKID1");
    assert_int_equal(bounded_call(f, 0, cancel), ICECAT_OK);
    assert_int_equal(f->source.fetches, 1);
    icecat_cancel_free(cancel);
}

static void keys_outlive_their_replacement(void **state)
{
    fixture *f = *state;
    icecat_error err;
    ic_keys *old;

    assert_int_equal(rig_keys(&place, f->credentials, &old, &err), ICECAT_OK);
    assert_string_equal(id_after(f, 3600 - 100), "AKID2");
    assert_string_equal(old->access_key_id, "AKID1");
    assert_string_equal(old->secret_access_key, CANARY "-secret");
    ic_keys_release(old);
}

static void fixed_keys_are_checked(void **state)
{
    icecat_credentials_keys keys = ICECAT_CREDENTIALS_KEYS_INIT;
    icecat_credentials *made = NULL;
    icecat_error err;

    (void)state;
    keys.access_key_id = "AKID";
    keys.secret_access_key = CANARY " with blank";
    assert_int_equal(icecat_credentials_new_static(&keys, &made, &err), ICECAT_E_BAD_CREDENTIALS);
    assert_null(strstr(err.message, CANARY));
    keys.secret_access_key = CANARY;
    assert_int_equal(icecat_credentials_new_static(&keys, &made, &err), ICECAT_OK);
    assert_string_equal(icecat_credentials_access_key_id(made), "AKID");
    assert_string_equal(icecat_credentials_source(made), "static");
    icecat_credentials_free(made);
}

static void fixed_keys_end(void **state)
{
    icecat_credentials_keys plain = ICECAT_CREDENTIALS_KEYS_INIT;
    icecat_credentials *made = NULL;
    icecat_error err;
    ic_keys *keys;

    (void)state;
    plain.access_key_id = "AKID";
    plain.secret_access_key = CANARY;
    plain.expires_unix_s = RIG_TIME;
    assert_int_equal(icecat_credentials_new_static(&plain, &made, &err), ICECAT_OK);
    assert_int_equal(rig_keys(&place, made, &keys, &err), ICECAT_E_BAD_CREDENTIALS);
    atomic_store(&place.unix_s, RIG_TIME - 1);
    assert_int_equal(rig_keys(&place, made, &keys, &err), ICECAT_OK);
    ic_keys_release(keys);
    icecat_credentials_free(made);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(keys_are_fetched_once_and_again_from_fifteen_minutes_before_their_end),
        TEST(keys_without_an_end_are_fetched_once),
        TEST(short_lived_keys_are_not_fetched_for_every_call),
        TEST(a_failure_in_the_early_window_keeps_the_old_keys),
        TEST(a_refusal_in_the_late_window_is_told),
        TEST(old_keys_serve_to_their_end_while_the_source_is_down),
        TEST(keys_of_an_instance_serve_on_after_their_end_while_it_is_down),
        TEST(keys_that_an_instance_gives_at_their_end_are_used_on),
        TEST(another_source_that_gives_ended_keys_has_failed),
        TEST(a_failure_without_old_keys_is_told_for_three_seconds),
        TEST(a_clock_that_is_set_back_does_not_hold_a_failure_for_long),
        TEST(many_callers_at_the_start_fetch_once),
        TEST(in_the_early_window_the_others_go_on),
        TEST(in_the_late_window_all_wait_for_the_new_keys),
        TEST(those_who_wait_share_a_failure),
        TEST(a_call_that_waits_keeps_its_deadline_and_its_token),
        TEST(a_call_that_is_over_begins_no_fetch_but_gets_fresh_keys),
        TEST(keys_outlive_their_replacement),
        TEST(fixed_keys_are_checked),
        TEST(fixed_keys_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
