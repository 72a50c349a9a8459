/*
 * correct.c - refusals that another way of asking mends.
 */
#include "aws/correct.h"

#include "aws/engine.h"
#include "aws/service_error.h"
#include "base/time.h"
#include "base/view.h"

#include <string.h>

void ic_correct_learn(icecat_client *client, const ic_attempt *attempt, const ic_response *response)
{
    int64_t now_s = ic_clock_unix_s(&client->clock);
    int64_t server_s;

    if (ic_pairs_get(&response->headers, "age") != NULL ||
        !ic_time_http_parse(ic_pairs_get(&response->headers, "date"), &server_s))
        return;
    ic_client_note_time(client, attempt->sent_s, now_s, server_s);
    if (ic_view_starts(ic_view_of(ic_buf_text(&attempt->address.url)), "https://"))
        ic_client_learn_time(client, attempt->sent_s, now_s, server_s);
}

/* The answer to a HEAD has no body, and so no code. */
static int is_bare(const ic_request *request, const ic_response *response)
{
    return strcmp(request->method, "HEAD") == 0 &&
           (response->http_status == 400 || response->http_status == 403);
}

/* Another thread may have learned the time meanwhile; what counts is that ours was another. */
static int correct_time(icecat_client *client, const ic_attempt *attempt)
{
    int64_t skew_s = ic_client_signing_time(client) - ic_clock_unix_s(&client->clock);
    int64_t change = skew_s - attempt->skew_s;

    return change > 1 || change < -1; /* the clock may have ticked between the two */
}

static int correct_region(icecat_client *client, const ic_attempt *attempt,
                          const ic_request *request, const ic_response *response)
{
    char told[IC_REGION_SIZE];

    if (request->bucket == NULL || !ic_service_error_region(response, told, sizeof(told)) ||
        !ic_bucket_region_may_follow(attempt->region, told))
        return 0;
    ic_client_learn_bucket(client, request->bucket, told);
    return 1;
}

int ic_correct(icecat_client *client, const ic_attempt *attempt, const ic_request *request,
               const ic_response *response, icecat_status status, ic_corrections *done)
{
    int bare = is_bare(request, response);

    if (!done->time && (status == ICECAT_E_AUTH || bare) && correct_time(client, attempt)) {
        done->time = 1;
        return 1;
    }
    if (!done->region && (status == ICECAT_E_REGION || bare) &&
        correct_region(client, attempt, request, response)) {
        done->region = 1;
        return 1;
    }
    return 0;
}
