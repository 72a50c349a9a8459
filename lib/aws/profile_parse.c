/*
 * profile_parse.c - the text of a shared file, line by line.
 *
 *   [profile dev]              a section; a comment may follow
 *   region = eu-west-1  # here a setting; '#' or ';' behind a blank begins a comment
 *   s3 =                       an empty value ...
 *     endpoint_url = http://x  ... may have nested settings, which are indented
 *   credential_process = run   a value ...
 *     --quickly                ... may go on in indented lines
 *
 * A message names file and line, never what is there: it may be a secret.
 */
#include "aws/profile_parse.h"

#include "base/error.h"

#include <string.h>

typedef struct reader {
    ic_profiles *profiles;
    ic_profile_source source;
    const char *path;
    size_t line;
    size_t section; /* index of the section's item, or NONE */
    size_t last;    /* index of the last setting that was not nested, or NONE */
    icecat_error *err;
} reader;

#define NONE ((size_t)-1)

static icecat_status fail_line(const reader *r, const char *what)
{
    return ic_fail(r->err, ICECAT_E_CONFIG, "%s:%zu: %s", r->path, r->line, what);
}

static icecat_status fail_memory(const reader *r)
{
    return ic_fail_memory(r->err, r->path);
}

static int is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Cut at a comment: '#' or ';' behind a blank, or at the start. */
static ic_view without_comment(ic_view text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((text.data[i] == '#' || text.data[i] == ';') && (i == 0 || is_blank(text.data[i - 1])))
            return ic_view_n(text.data, i);
    }
    return text;
}

static icecat_status add_item(reader *r, ic_profile_item **out)
{
    ic_profiles *all = r->profiles;

    if (all->count == IC_PROFILE_ITEMS_MAX)
        return ic_fail(r->err, ICECAT_E_LIMIT, "%s:%zu: over %u settings", r->path, r->line,
                       IC_PROFILE_ITEMS_MAX);
    if (all->count == all->cap) {
        size_t cap = all->cap != 0 ? 2 * all->cap : 32;
        ic_profile_item *grown = ic_mem_regrow(&all->mem, all->items, cap, sizeof(*grown));

        if (grown == NULL)
            return fail_memory(r);
        all->items = grown;
        all->cap = cap;
    }
    *out = &all->items[all->count];
    memset(*out, 0, sizeof(**out));
    (*out)->source = r->source;
    all->count++;
    return ICECAT_OK;
}

/* The name behind "profile" and its like, without quotes; empty when the word is not @p word. */
static ic_view name_behind(ic_view header, const char *word)
{
    size_t len = strlen(word);
    ic_view name;

    if (!ic_view_starts(header, word) || header.len <= len || !is_blank(header.data[len]))
        return ic_view_n(NULL, 0);
    name = ic_view_trim(ic_view_n(header.data + len, header.len - len));
    if (name.len >= 2 && (name.data[0] == '"' || name.data[0] == '\'') &&
        name.data[name.len - 1] == name.data[0])
        name = ic_view_n(name.data + 1, name.len - 2);
    return name;
}

static ic_section classify(ic_profile_source source, ic_view header, ic_view *name)
{
    static const struct {
        const char *word;
        ic_section section;
    } words[] = { { "profile", IC_SECTION_PROFILE },
                  { "sso-session", IC_SECTION_SSO_SESSION },
                  { "services", IC_SECTION_SERVICES } };

    *name = header;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        ic_view behind = name_behind(header, words[i].word);

        if (behind.len == 0)
            continue;
        if (source == IC_PROFILE_CREDENTIALS)
            return IC_SECTION_OTHER;
        *name = behind;
        return words[i].section;
    }
    return source == IC_PROFILE_CREDENTIALS || ic_view_is(header, "default") ? IC_SECTION_PROFILE
                                                                             : IC_SECTION_OTHER;
}

static icecat_status read_section(reader *r, ic_view line)
{
    const char *end = memchr(line.data, ']', line.len);
    ic_profile_item *item;
    icecat_status status;
    ic_view name;
    ic_view header;
    ic_view behind;

    if (end == NULL)
        return fail_line(r, "a section's header has no ']'");
    header = ic_view_trim(ic_view_n(line.data + 1, (size_t)(end - line.data) - 1));
    behind = ic_view_n(end + 1, line.len - (size_t)(end + 1 - line.data));
    if (header.len == 0)
        return fail_line(r, "a section has no name");
    if (ic_view_trim(without_comment(behind)).len != 0)
        return fail_line(r, "there is text behind a section's ']'");
    status = add_item(r, &item);
    if (status != ICECAT_OK)
        return status;
    item->section = classify(r->source, header, &name);
    item->owns_name = 1;
    item->name = ic_mem_dup_n(&r->profiles->mem, name.data, name.len);
    if (item->name == NULL)
        return fail_memory(r);
    r->section = r->profiles->count - 1;
    r->last = NONE;
    return ICECAT_OK;
}

/* "key = value"; @p parent is NULL or the key that it is nested below. */
static icecat_status read_setting(reader *r, ic_view line, char *parent)
{
    ic_view key;
    ic_view value = ic_view_split(line, '=', &key);
    ic_profile_item *item;
    icecat_status status;

    key = ic_view_trim(key);
    if (value.data == NULL)
        return fail_line(r, "expected \"name = value\"");
    if (key.len == 0)
        return fail_line(r, "a setting has no name before its '='");
    if (r->section == NONE)
        return fail_line(r, "a setting stands before the first [section]");
    value = ic_view_trim(without_comment(value));
    status = add_item(r, &item);
    if (status != ICECAT_OK)
        return status;
    item->section = r->profiles->items[r->section].section;
    item->name = r->profiles->items[r->section].name;
    item->parent = parent;
    item->key = ic_mem_dup_n(&r->profiles->mem, key.data, key.len);
    item->value = ic_mem_dup_n(&r->profiles->mem, value.data, value.len);
    if (item->key == NULL || item->value == NULL)
        return fail_memory(r);
    if (parent == NULL)
        r->last = r->profiles->count - 1;
    return ICECAT_OK;
}

/* An indented line goes on with the value before it, on a line of its own. */
static icecat_status continue_value(reader *r, ic_view line)
{
    ic_profile_item *item = &r->profiles->items[r->last];
    size_t len = strlen(item->value);
    ic_view more = ic_view_trim(without_comment(line));
    char *longer = ic_mem_alloc(&r->profiles->mem, len + more.len + 2);

    if (longer == NULL)
        return fail_memory(r);
    memcpy(longer, item->value, len);
    longer[len] = '\n';
    memcpy(longer + len + 1, more.data, more.len);
    longer[len + 1 + more.len] = '\0';
    ic_mem_free_secret_text(&r->profiles->mem, item->value);
    item->value = longer;
    return ICECAT_OK;
}

static icecat_status read_line(reader *r, ic_view line)
{
    ic_view text = ic_view_trim(line);
    int is_indented = line.len != 0 && is_blank(line.data[0]);

    if (text.len == 0 || text.data[0] == '#' || text.data[0] == ';')
        return ICECAT_OK;
    if (memchr(text.data, '\0', text.len) != NULL)
        return fail_line(r, "a NUL byte; is this a text file?");
    if (!is_indented && text.data[0] == '[')
        return read_section(r, text);
    if (!is_indented)
        return read_setting(r, text, NULL);
    if (r->last == NONE)
        return fail_line(r, "an indented line has no setting before it to belong to");
    if (r->profiles->items[r->last].value[0] == '\0')
        return read_setting(r, text, r->profiles->items[r->last].key);
    return continue_value(r, text);
}

icecat_status ic_profiles_parse(ic_profiles *profiles, ic_profile_source source, const char *path,
                                ic_view text, icecat_error *err)
{
    reader r = { profiles, source, path, 0, NONE, NONE, err };
    icecat_status status = ICECAT_OK;

    if (text.len > IC_PROFILE_FILE_MAX)
        return ic_fail(err, ICECAT_E_LIMIT, "%s has %zu bytes; at most %u are allowed", path,
                       text.len, IC_PROFILE_FILE_MAX);
    if (ic_view_starts(text, "\xef\xbb\xbf")) /* a byte-order mark of an editor */
        text = ic_view_n(text.data + 3, text.len - 3);
    while (text.len != 0 && status == ICECAT_OK) {
        ic_view line;

        text = ic_view_split(text, '\n', &line);
        r.line++;
        status = read_line(&r, line);
    }
    return status;
}
