/*
 * s3_bucket.c - create, look at, list and delete buckets.
 */
#include "dates.h"
#include "s3_headers.h"
#include "s3_operations.h"
#include "s3_xml.h"

#include <stdlib.h>
#include <string.h>

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static bool ends(const char *text, const char *with)
{
    size_t len = strlen(text);

    return len >= strlen(with) && strcmp(text + len - strlen(with), with) == 0;
}

/* Four numbers between dots. */
static bool looks_like_ip(const char *name)
{
    int dots = 0;

    if (strspn(name, "0123456789.") != strlen(name))
        return false;
    for (; *name != '\0'; name++)
        dots += *name == '.';
    return dots == 3;
}

bool s3_bucket_name_valid(const char *name)
{
    size_t len = strlen(name);

    if (len < 3 || len > 63 || strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.-") != len ||
        strchr(".-", name[0]) || strchr(".-", name[len - 1]))
        return false;
    if (strstr(name, "..") != NULL || strstr(name, ".-") != NULL || strstr(name, "-.") != NULL)
        return false;
    return !looks_like_ip(name) && !begins(name, "xn--") && !begins(name, "sthree-") &&
           !begins(name, "amzn-s3-demo-") && !ends(name, "-s3alias") && !ends(name, "--ol-s3") &&
           !ends(name, ".mrap") && !ends(name, "--x-s3") && !ends(name, "--table-s3");
}

bool s3_need_bucket(s3_context *c)
{
    int found = s3_store_bucket_find(c->db, c->bucket);

    if (found == SQLITE_ROW)
        return true;
    if (found != SQLITE_DONE)
        return s3_broken(c);
    return s3_refuse_about(c, "NoSuchBucket", NULL, "BucketName", c->bucket);
}

static bool read_constraint(void *userdata, const char *path, const char *text)
{
    char **constraint = userdata;

    if (text == NULL || strcmp(path, "CreateBucketConfiguration/LocationConstraint") != 0)
        return true;
    free(*constraint);
    *constraint = strdup(text);
    return *constraint != NULL;
}

/* Clients outside us-east-1 send their region; only another one than ours is wrong. */
static bool check_location(s3_context *c)
{
    char *constraint = NULL;
    const char *wanted;
    bool ok = true;

    if (c->body_len == 0)
        return true;
    if (!s3_xml_read(c->body, c->body_len, read_constraint, &constraint)) {
        free(constraint);
        return s3_refuse(c, "MalformedXML", NULL);
    }
    wanted = constraint == NULL || *constraint == '\0' ? c->settings->region : constraint;
    if (strcmp(wanted, "EU") == 0)
        wanted = "eu-west-1";
    if (strcmp(wanted, c->settings->region) != 0)
        ok = s3_refuse_about(c, "IllegalLocationConstraintException", NULL, "LocationConstraint",
                             wanted);
    free(constraint);
    return ok;
}

bool s3_create_bucket(s3_context *c)
{
    s3_text location = { 0 };
    int found = s3_store_bucket_find(c->db, c->bucket);

    if (!check_location(c))
        return false;
    if (found == SQLITE_ROW)
        return s3_refuse(c, "BucketAlreadyOwnedByYou", NULL);
    if (found != SQLITE_DONE ||
        s3_store_bucket_add(c->db, c->bucket, c->request->now_s) != SQLITE_DONE)
        return s3_broken(c);
    s3_text_puts(&location, "/");
    s3_text_puts(&location, c->bucket);
    http_answer_header(c->answer, "location", s3_text_string(&location));
    s3_text_free(&location);
    c->answer->status = 200;
    return true;
}

bool s3_head_bucket(s3_context *c)
{
    if (!s3_need_bucket(c))
        return false;
    c->answer->status = 200;
    http_answer_header(c->answer, "x-amz-bucket-region", c->settings->region);
    http_answer_header(c->answer, "x-amz-access-point-alias", "false");
    http_answer_header(c->answer, "content-type", "application/xml");
    return true;
}

bool s3_delete_bucket(s3_context *c)
{
    bool empty = false;
    int result;

    if (!s3_need_bucket(c))
        return false;
    result = s3_store_bucket_is_empty(c->db, c->bucket, &empty);
    if (result == SQLITE_ROW)
        return s3_refuse(c, "BucketNotEmpty", NULL);
    if (result != SQLITE_DONE || s3_store_bucket_remove(c->db, c->bucket) != SQLITE_DONE)
        return s3_broken(c);
    c->answer->status = 204;
    return true;
}

bool s3_get_bucket_location(s3_context *c)
{
    s3_text xml = { 0 };

    if (!s3_need_bucket(c))
        return false;
    s3_xml_begin(&xml, "LocationConstraint");
    if (strcmp(c->settings->region, "us-east-1") != 0)
        s3_xml_escape(&xml, c->settings->region);
    s3_xml_close(&xml, "LocationConstraint");
    return s3_answer_xml(c, &xml);
}

static int write_buckets(s3_context *c, s3_text *xml)
{
    const char *prefix = s3_parameter_of(c, "prefix");
    sqlite3_stmt *statement = s3_sql(c->db, "SELECT name, created_s FROM s3_bucket ORDER BY name");
    int result = statement == NULL ? sqlite3_errcode(c->db) : SQLITE_ROW;

    while (result == SQLITE_ROW) {
        char name[64];
        char created[DATES_SIZE];

        result = sqlite3_step(statement);
        if (result != SQLITE_ROW)
            break;
        s3_sql_copy(statement, 0, name, sizeof(name));
        if (prefix != NULL && !begins(name, prefix))
            continue;
        dates_iso(sqlite3_column_int64(statement, 1), created);
        s3_xml_open(xml, "Bucket");
        s3_xml_element(xml, "Name", name);
        s3_xml_element(xml, "CreationDate", created);
        s3_xml_element(xml, "BucketRegion", c->settings->region);
        s3_xml_close(xml, "Bucket");
    }
    (void)sqlite3_finalize(statement);
    return result;
}

bool s3_list_buckets(s3_context *c)
{
    s3_text xml = { 0 };

    s3_xml_begin(&xml, "ListAllMyBucketsResult");
    s3_text_puts(&xml, "<Owner><ID>" S3_ACCOUNT "</ID></Owner><Buckets>");
    if (write_buckets(c, &xml) != SQLITE_DONE) {
        s3_text_free(&xml);
        return s3_broken(c);
    }
    s3_text_puts(&xml, "</Buckets></ListAllMyBucketsResult>");
    return s3_answer_xml(c, &xml);
}
