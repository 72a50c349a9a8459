/*
 * fuzz_headers.c - the headers of answers: whatever they say, what is made of them is bounded, a range is
 * believed only when it is the one that was asked for, and dates are read as they are written.
 *
 * An input is an answer as text, see fuzz_http.h; the status is the second word of its first line.
 */
#include "fuzz_http.h"

#include "aws/bucket_region.h"
#include "aws/service_error.h"
#include "aws/skew.h"
#include "base/time.h"
#include "dates.h"
#include "services/s3_request.h"
#include "services/s3_response.h"
#include "services/s3_settle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static ic_mem mem;
static const ic_s3_place place = { "cats", "a.png" };

static void fill(ic_response *response, const fuzz_http *http, int http_status)
{
    ic_response_init(response, &mem, http->body_len + 1);
    response->http_status = http_status;
    for (size_t i = 0; i < http->count; i++)
        FUZZ_CHECK(ic_pairs_add_view(&response->headers, ic_view_of(http->headers[i].name),
                                     ic_view_trim(ic_view_of(http->headers[i].value))) ==
                   ICECAT_OK);
    FUZZ_CHECK(ic_buf_add(&response->body, http->body, http->body_len) == ICECAT_OK);
}

/* ---- answers ----------------------------------------------------------------------------- */

static void check_error(const fuzz_http *http, int http_status)
{
    ic_request request;
    ic_response response;
    icecat_error err = { 0 };
    icecat_status status;
    char region[64];

    FUZZ_CHECK(ic_s3_head_request(&request, &mem, place, &err) == ICECAT_OK);
    fill(&response, http, http_status);
    status = ic_service_error_read(&request, &response, &err);
    fuzz_check_error(status, &err);
    FUZZ_CHECK(err.retry_after_ms <= 3600000);
    FUZZ_CHECK(status != ICECAT_OK || (http_status >= 200 && http_status < 300));
    if (ic_service_error_region(&response, region, sizeof(region)) &&
        ic_bucket_region_may_follow("us-east-1", region)) {
        FUZZ_CHECK(strcmp(region, "us-east-1") != 0);
        FUZZ_CHECK(strspn(region, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(region));
    }
    ic_response_free(&response);
    ic_request_free(&request);
}

static void check_range(const ic_response *response, uint64_t start, uint64_t len)
{
    icecat_error err = { 0 };
    icecat_status status = ic_s3_range_check(response, start, len, &err);

    fuzz_check_error(status, &err);
    if (status != ICECAT_OK)
        return;
    FUZZ_CHECK(len == 0 || response->body.len <= len);
    FUZZ_CHECK(start == 0 || response->http_status == 206);
}

static void check_object(const fuzz_http *http, int http_status)
{
    icecat_s3_object *object = NULL;
    icecat_s3_put_result put = ICECAT_S3_PUT_RESULT_INIT;
    icecat_error err = { 0 };
    ic_response response;
    icecat_status status;

    fill(&response, http, http_status);
    for (uint64_t start = 0; start < 4; start++) {
        check_range(&response, start, 0);
        check_range(&response, start, http->body_len);
        check_range(&response, start, 3);
    }
    status = ic_s3_put_parse(&response, &put, &err);
    fuzz_check_error(status, &err);
    FUZZ_CHECK((status == ICECAT_OK) == (put.etag[0] != '\0'));
    FUZZ_CHECK(memchr(put.etag, '\0', sizeof(put.etag)) != NULL);
    FUZZ_CHECK(memchr(put.version_id, '\0', sizeof(put.version_id)) != NULL);
    FUZZ_CHECK(ic_s3_object_parse(&response, 0, &object, &err) == ICECAT_OK);
    FUZZ_CHECK(icecat_s3_object_len(object) == http->body_len);
    FUZZ_CHECK(http->body_len == 0 ||
               memcmp(icecat_s3_object_data(object), http->body, http->body_len) == 0);
    for (size_t i = 0; i < http->count; i++)
        FUZZ_CHECK(icecat_s3_object_header(object, http->headers[i].name) != NULL);
    icecat_s3_object_free(object);
    ic_response_free(&response);
}

/* What is there is ours only when it has the length that we put. */
static void check_settle(const fuzz_http *http)
{
    icecat_s3_put_options options = ICECAT_S3_PUT_OPTIONS_INIT;
    icecat_error err = { 0 };
    ic_request put;
    ic_response there;

    FUZZ_CHECK(ic_s3_put_request(&put, &mem, place, ic_view_n(http->body, http->body_len), &options,
                                 &err) == ICECAT_OK);
    fill(&there, http, 200);
    if (ic_s3_settle(&put, &there)) {
        const char *length = ic_pairs_get(&there.headers, "content-length");

        FUZZ_CHECK(length != NULL && strtoull(length, NULL, 10) == http->body_len);
        FUZZ_CHECK(ic_pairs_get(&there.headers, "etag") != NULL ||
                   ic_pairs_get(&there.headers, "x-amz-checksum-sha256") != NULL);
    }
    ic_response_free(&there);
    ic_request_free(&put);
}

/* ---- dates --------------------------------------------------------------------------------- */

static void check_http_date(const char *text)
{
    int64_t ours = -1, theirs = -1, again = -1;
    char written[DATES_SIZE];

    if (!ic_time_http_parse(text, &ours))
        return;
    if (dates_http_read(text, &theirs))
        FUZZ_CHECK(ours == theirs);
    dates_http(ours, written);
    if (ours >= -62135596800 && ours < 253402300800) { /* years 1 to 9999 */
        FUZZ_CHECK(ic_time_http_parse(written, &again) && again == ours);
        FUZZ_CHECK(dates_http_read(written, &again) && again == ours);
    }
    FUZZ_CHECK(ic_time_join(ic_time_split(ours)) == ours);
}

static void check_iso_date(const char *text)
{
    int64_t time, again;
    char written[DATES_SIZE], basic[IC_TIME_AMZ_SIZE];

    if (!ic_time_iso_parse(text, &time) || time < -62135596800 || time >= 253402300800)
        return;
    FUZZ_CHECK(ic_time_join(ic_time_split(time)) == time);
    dates_iso(time, written);
    FUZZ_CHECK(ic_time_iso_parse(written, &again) && again == time);
    ic_time_amz(time, basic);
    FUZZ_CHECK(strlen(basic) == IC_TIME_AMZ_SIZE - 1);
    FUZZ_CHECK(ic_time_iso_parse(basic, &again) && again == time);
}

/* A correction is never more than is believed, and an answer that agrees ends it. */
static void check_clock(const char *text)
{
    int64_t server, sent = 1764075600, learned;

    if (!ic_time_http_parse(text, &server))
        return;
    learned = ic_skew_learn(0, sent, sent + 1, server);
    FUZZ_CHECK(learned >= -IC_SKEW_MAX_S && learned <= IC_SKEW_MAX_S);
    FUZZ_CHECK(ic_skew_learn(500, sent, sent + 1, sent) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    fuzz_http http;
    int http_status;

    mem = *fuzz_memory(64 * len + 65536);
    fuzz_http_read(&http, data, len);
    http_status = atoi(http.path);
    if (http_status < 200 || http_status > 599)
        http_status = 206;
    check_error(&http, http_status);
    fuzz_memory_check();
    check_object(&http, http_status);
    fuzz_memory_check();
    check_settle(&http);
    fuzz_memory_check();
    for (size_t i = 0; i < http.count; i++) {
        check_http_date(http.headers[i].value);
        check_iso_date(http.headers[i].value);
        check_clock(http.headers[i].value);
    }
    fuzz_http_free(&http);
    return 0;
}
