/*
 * s3_delete.c - DeleteObject and DeleteObjects: what is not there is deleted already.
 */
#include "s3_condition.h"
#include "s3_operations.h"
#include "s3_xml.h"

#include <stdlib.h>
#include <string.h>

#define DELETE_MAX 1000 /* keys of one request */

/* Why one key was not deleted. Codes and texts are static. */
typedef struct refusal {
    const char *code; /* NULL: deleted, or was not there */
    const char *message;
} refusal;

/* Delete one object. match: If-Match, or NULL. False when the request as a whole has to fail. */
static bool delete_one(s3_context *c, const char *key, const char *match, refusal *why)
{
    s3_object now;
    int found = s3_store_find(c->db, c->bucket, key, &now);
    bool matches = found == SQLITE_ROW && (match == NULL || s3_etag_listed(match, now.etag));

    s3_object_clear(&now);
    *why = (refusal){ 0 };
    if (found == SQLITE_DONE && match != NULL)
        *why = (refusal){ "NoSuchKey", "The specified key does not exist." };
    else if (found == SQLITE_ROW && !matches)
        *why = (refusal){ "PreconditionFailed",
                          "At least one of the pre-conditions you specified did not hold" };
    if (found == SQLITE_DONE || why->code != NULL)
        return true;
    if (found != SQLITE_ROW || s3_store_remove(c->db, c->bucket, key) != SQLITE_DONE)
        return s3_broken(c);
    return s3_tell(c, "ObjectRemoved:Delete", key, NULL);
}

bool s3_delete_object(s3_context *c)
{
    refusal why;

    if (!s3_need_bucket(c) || !s3_version_allowed(c, s3_parameter_of(c, "versionId")) ||
        !delete_one(c, c->key, s3_header(c, "if-match"), &why))
        return false;
    if (why.code != NULL)
        return s3_refuse(c, why.code, NULL);
    c->answer->status = 204;
    return true;
}

typedef struct wanted {
    char *key;
    char *version;
    char *etag;
} wanted;

typedef struct deletion {
    wanted items[DELETE_MAX];
    size_t count;
    bool quiet;
} deletion;

static void free_deletion(deletion *d)
{
    if (d == NULL)
        return;
    for (size_t i = 0; i < d->count; i++) {
        free(d->items[i].key);
        free(d->items[i].version);
        free(d->items[i].etag);
    }
    free(d);
}

/* Keep one element's text; the second of its kind is an error. */
static bool keep(char **slot, const char *text)
{
    if (*slot != NULL)
        return false;
    *slot = strdup(text);
    return *slot != NULL;
}

static bool read_object(deletion *d, const char *field, const char *text)
{
    wanted *item = d->count == 0 ? NULL : &d->items[d->count - 1];

    if (*field == '\0') { /* the Object itself: its start or its end */
        if (text != NULL)
            return item->key != NULL && *item->key != '\0';
        return d->count++ < DELETE_MAX;
    }
    if (text == NULL)
        return true;
    if (strcmp(field, "/Key") == 0)
        return keep(&item->key, text);
    if (strcmp(field, "/VersionId") == 0)
        return keep(&item->version, text);
    if (strcmp(field, "/ETag") == 0)
        return keep(&item->etag, text);
    return strcmp(field, "/LastModifiedTime") == 0 || strcmp(field, "/Size") == 0;
}

static bool read_element(void *userdata, const char *path, const char *text)
{
    deletion *d = userdata;

    if (strncmp(path, "Delete/Object", 13) == 0)
        return d->count <= DELETE_MAX && read_object(d, path + 13, text);
    if (strcmp(path, "Delete/Quiet") == 0 && text != NULL) {
        d->quiet = strcmp(text, "true") == 0;
        return d->quiet || strcmp(text, "false") == 0;
    }
    return strcmp(path, "Delete") == 0 || strcmp(path, "Delete/Quiet") == 0;
}

static bool delete_item(s3_context *c, const deletion *d, const wanted *item, s3_text *xml)
{
    refusal why = { 0 };

    if (item->version != NULL && strcmp(item->version, "null") != 0)
        why = (refusal){ "NoSuchVersion", "The specified version does not exist." };
    else if (!delete_one(c, item->key, item->etag, &why))
        return false;
    if (why.code != NULL) {
        s3_xml_open(xml, "Error");
        s3_xml_element(xml, "Key", item->key);
        s3_xml_element(xml, "Code", why.code);
        s3_xml_element(xml, "Message", why.message);
        s3_xml_close(xml, "Error");
    } else if (!d->quiet) {
        s3_xml_open(xml, "Deleted");
        s3_xml_element(xml, "Key", item->key);
        s3_xml_close(xml, "Deleted");
    }
    return true;
}

static bool delete_all(s3_context *c, const deletion *d)
{
    s3_text xml = { 0 };

    s3_xml_begin(&xml, "DeleteResult");
    for (size_t i = 0; i < d->count; i++) {
        if (!delete_item(c, d, &d->items[i], &xml)) {
            s3_text_free(&xml);
            return false;
        }
    }
    s3_xml_close(&xml, "DeleteResult");
    return s3_answer_xml(c, &xml);
}

/* S3 insists on proof that the list arrived as it was meant. */
static bool has_digest(s3_context *c)
{
    if (s3_header(c, "content-md5") != NULL || s3_header(c, "x-amz-trailer") != NULL)
        return true;
    for (size_t i = 0; i < c->request->header_count; i++) {
        if (strncmp(c->request->headers[i].name, "x-amz-checksum-", 15) == 0 ||
            strncmp(c->request->headers[i].name, "X-Amz-Checksum-", 15) == 0)
            return true;
    }
    return s3_refuse(c, "InvalidRequest",
                     "Missing required header for this request: Content-MD5 "
                     "OR x-amz-checksum-*");
}

bool s3_delete_objects(s3_context *c)
{
    deletion *d;
    bool ok;

    if (!s3_need_bucket(c) || !has_digest(c))
        return false;
    d = calloc(1, sizeof(*d));
    if (d == NULL)
        return s3_no_memory(c);
    if (!s3_xml_read(c->body, c->body_len, read_element, d) || d->count == 0 ||
        d->count > DELETE_MAX) {
        d->count = d->count > DELETE_MAX ? DELETE_MAX : d->count;
        ok = s3_refuse(c, "MalformedXML", NULL);
    } else {
        ok = delete_all(c, d);
    }
    free_deletion(d);
    return ok;
}
