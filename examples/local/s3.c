/*
 * s3.c - one request from beginning to end: route, transaction, operation, answer.
 */
#include "s3.h"

#include "s3_operations.h"

#include <stdlib.h>

static bool run_writing(s3_context *c, s3_operation operation)
{
    if (sqlite3_exec(c->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
        return s3_broken(c);
    if (operation(c) && !c->answer->failed) {
        if (sqlite3_exec(c->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK)
            return true;
        (void)s3_broken(c);
    }
    (void)sqlite3_exec(c->db, "ROLLBACK", NULL, NULL, NULL);
    return false;
}

static void run(s3_context *c)
{
    bool writes = false;
    s3_operation operation;
    bool ok;

    if (!s3_query_read(&c->query, c->request->query)) {
        (void)s3_refuse(c, "InvalidURI", NULL);
        return;
    }
    if (!s3_route_target(c))
        return;
    operation = s3_route_operation(c, &writes);
    if (operation == NULL)
        return;
    ok = writes ? run_writing(c, operation) : operation(c);
    if (ok)
        s3_answer_ids(c->answer, c->request);
}

void s3_handle(sqlite3 *db, const s3_settings *settings, const http_request *request,
               const unsigned char *body, size_t body_len, http_answer *answer)
{
    s3_context c = { .db = db,
                     .settings = settings,
                     .request = request,
                     .body = body,
                     .body_len = body_len,
                     .answer = answer };

    run(&c);
    s3_query_free(&c.query);
    free(c.bucket);
    free(c.key);
}
