/*
 * fuzz_xml.c - S3's documents. Whatever a server answers, it becomes one status and one bounded line; what
 * a strict reader finds in a well-formed document our finder finds too; what is escaped is read back.
 */
#include "fuzz.h"

#include "aws/service_error.h"
#include "aws/xml.h"
#include "s3_uri.h"
#include "s3_xml.h"
#include "services/s3_request.h"
#include "services/s3_response.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[] = { "Code", "Message", "Region", "RequestId", "Key", "Bucket" };
#define NAMES (sizeof(names) / sizeof(names[0]))

/* What the strict reader says of the first element of each name. */
typedef struct sight {
    int seen;
    int is_leaf;
    s3_text text;
} sight;

typedef struct sights {
    sight of[NAMES];
    sight *open[16]; /* by depth; NULL: not the first of its name */
    size_t depth;
} sights;

static void start(sights *all, const char *name)
{
    sight *here = NULL;

    for (size_t i = 0; i < all->depth; i++) {
        if (all->open[i] != NULL)
            all->open[i]->is_leaf = 0;
    }
    for (size_t i = 0; i < NAMES; i++) {
        if (strcmp(names[i], name) != 0 || all->of[i].seen)
            continue;
        here = &all->of[i];
        here->seen = here->is_leaf = 1;
    }
    FUZZ_CHECK(all->depth < sizeof(all->open) / sizeof(all->open[0]));
    all->open[all->depth++] = here;
}

static bool visit(void *userdata, const char *path, const char *text)
{
    const char *slash = strrchr(path, '/');
    sights *all = userdata;

    if (text == NULL) {
        start(all, slash != NULL ? slash + 1 : path);
        return true;
    }
    all->depth--;
    if (all->open[all->depth] != NULL)
        s3_text_puts(&all->open[all->depth]->text, text);
    return true;
}

/* Comments may hold what looks like elements, and a prefix makes another name of one: only without them do
 * both readers speak of the same. */
static int is_plain(ic_view document)
{
    for (size_t i = 0; i + 1 < document.len; i++) {
        size_t at = i + 1;

        if (document.data[i] != '<')
            continue;
        if (document.data[at] == '!')
            return 0;
        while (at < document.len && strchr("<>/ \t\r\n=", document.data[at]) == NULL)
            at++;
        if (memchr(document.data + i, ':', at - i) != NULL)
            return 0;
    }
    return 1;
}

static void compare_readers(const uint8_t *data, size_t len)
{
    ic_view document = ic_view_n(data, len);
    sights all = { 0 };

    if (s3_xml_read(data, len, visit, &all) && is_plain(document)) {
        FUZZ_CHECK(all.depth == 0);
        for (size_t i = 0; i < NAMES; i++) {
            ic_buf text;

            ic_buf_init(&text, fuzz_memory(4 * len + 1024), len);
            if (!all.of[i].seen || all.of[i].is_leaf)
                FUZZ_CHECK(ic_xml_text(document, names[i], &text) == all.of[i].seen);
            if (all.of[i].seen && all.of[i].is_leaf)
                FUZZ_CHECK(strcmp(ic_buf_text(&text), s3_text_string(&all.of[i].text)) == 0);
            ic_buf_free(&text);
        }
    }
    for (size_t i = 0; i < NAMES; i++)
        s3_text_free(&all.of[i].text);
}

/* ---- answers ----------------------------------------------------------------------------- */

static void read_answer(const uint8_t *data, size_t len, int http_status, const char *operation)
{
    const ic_mem *mem = fuzz_memory(8 * len + 4096);
    ic_s3_place place = { "cats", "a/b.png" };
    ic_request request;
    ic_response response;
    icecat_error err = { 0 };
    char region[64];
    icecat_status status;

    FUZZ_CHECK(ic_s3_head_request(&request, mem, place, &err) == ICECAT_OK);
    request.operation = operation;
    request.error_in_success = strcmp(operation, "CopyObject") == 0;
    ic_response_init(&response, mem, len + 1);
    response.http_status = http_status;
    FUZZ_CHECK(ic_buf_add(&response.body, data, len) == ICECAT_OK);

    status = ic_service_error_read(&request, &response, &err);
    fuzz_check_error(status, &err);
    FUZZ_CHECK(http_status < 300 || status != ICECAT_OK);
    FUZZ_CHECK(status == ICECAT_OK || err.http_status == http_status);
    if (status == ICECAT_OK && request.error_in_success) {
        status = ic_s3_copy_check(&response, &err);
        FUZZ_CHECK((status == ICECAT_OK) ==
                   ic_xml_root_is(ic_view_n(data, len), "CopyObjectResult"));
        fuzz_check_error(status, &err);
    }
    if (ic_service_error_region(&response, region, sizeof(region)))
        FUZZ_CHECK(region[0] != '\0' && memchr(region, '\0', sizeof(region)) != NULL);
    ic_response_free(&response);
    ic_request_free(&request);
    fuzz_memory_check();
}

/* ---- round trip -------------------------------------------------------------------------- */

static bool keep_key(void *userdata, const char *path, const char *text)
{
    if (text != NULL && strcmp(path, "R/Key") == 0)
        s3_text_puts(userdata, text);
    return true;
}

/* Any text of UTF-8 comes back from an element that icecat-local wrote. */
static void write_and_read(const char *value)
{
    s3_text xml = { 0 }, back = { 0 };
    ic_buf ours;

    if (!s3_utf8_valid(value) || strlen(value) > 8192)
        return;
    s3_xml_begin(&xml, "R");
    s3_xml_element(&xml, "Key", value);
    s3_xml_close(&xml, "R");
    FUZZ_CHECK(!xml.failed);
    FUZZ_CHECK(s3_xml_read((const unsigned char *)xml.data, xml.len, keep_key, &back));
    FUZZ_CHECK(strcmp(s3_text_string(&back), value) == 0);
    ic_buf_init(&ours, fuzz_memory(4 * xml.len + 1024), xml.len);
    FUZZ_CHECK(ic_xml_text(ic_view_n(xml.data, xml.len), "Key", &ours));
    FUZZ_CHECK(strcmp(ic_buf_text(&ours), value) == 0);
    ic_buf_free(&ours);
    s3_text_free(&xml);
    s3_text_free(&back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const int statuses[] = { 301, 400, 403, 404, 412, 503 };
    char *text = fuzz_copy(data, len);

    for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
        read_answer((const uint8_t *)text, len, statuses[i], "GetObject");
    read_answer((const uint8_t *)text, len, 200, "CopyObject");
    compare_readers((const uint8_t *)text, len);
    write_and_read(text);
    free(text);
    fuzz_memory_check();
    return 0;
}
