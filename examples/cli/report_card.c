/*
 * report_card.c - one picture of a report: thumbnail, verdict, labels, and where it is from.
 */
#include "progress.h"
#include "report_page.h"
#include "report_text.h"
#include "thumbnail.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { SHORT_FINGERPRINT = 12, MOST_CHIPS = 12, MOST_BOXES = 24, MOST_TEXT = 4096 };

/* ---- the picture ------------------------------------------------------------------------- */

static const char *base_name(const char *file)
{
    const char *slash = strrchr(file, '/');

    return slash != NULL ? slash + 1 : file;
}

/* Its base name in the folder of --images. */
static void look_in_folder(const struct report *report, const struct result_row *row,
                           struct thumbnail *out)
{
    const char *name = base_name(row->file);
    size_t len = strlen(report->images) + strlen(name) + 2;
    char *path = name[0] != '\0' ? malloc(len) : NULL;

    if (path == NULL)
        return;
    snprintf(path, len, "%s/%s", report->images, name);
    thumbnail_clear(out);
    thumbnail_make(out, path, row->fingerprint, report->thumbs_px);
    free(path);
}

static void find_picture(struct report *report, const struct result_row *row, struct thumbnail *out)
{
    *out = (struct thumbnail){ .state = THUMBNAIL_GONE };
    if (report->thumbs_px == 0)
        out->state = THUMBNAIL_LEFT_OUT;
    if (report->thumbs_px == 0 || row->file == NULL)
        return;
    if (row->fingerprint == NULL || row->fingerprint[0] == '\0') {
        out->state = row->verdict == VERDICT_REJECTED ? THUMBNAIL_UNSOUND : THUMBNAIL_GONE;
        return;
    }
    thumbnail_make(out, row->file, row->fingerprint, report->thumbs_px);
    if (report->images != NULL && (out->state == THUMBNAIL_GONE || out->state == THUMBNAIL_CHANGED))
        look_in_folder(report, row, out);
    report->not_found += out->state == THUMBNAIL_GONE || out->state == THUMBNAIL_CHANGED;
    if (out->state == THUMBNAIL_OK && report->inlined + out->len / 3 * 4 > report->max_inline)
        out->state = THUMBNAIL_LEFT_OUT;
    if (out->state == THUMBNAIL_OK) {
        report->inlined += out->len / 3 * 4;
        report->shown++;
    }
}

static const char *placeholder_text(enum thumbnail_state state)
{
    switch (state) {
    case THUMBNAIL_GONE:
        return "The file is not here";
    case THUMBNAIL_CHANGED:
        return "The file is another one now";
    case THUMBNAIL_UNSOUND:
        return "No picture to show";
    case THUMBNAIL_TOO_BIG:
        return "Too large for a thumbnail";
    case THUMBNAIL_OK:
    case THUMBNAIL_LEFT_OUT:
        break;
    }
    return "Left out of this report";
}

/* A share of 1 as "12.3%" in every locale. */
static void write_share(FILE *file, const char *property, double share)
{
    double known = share >= 0 && share <= 1 ? share : share > 1;
    int tenths = (int)(known * 1000 + 0.5);

    fprintf(file, "%s:%d.%d%%;", property, tenths / 10, tenths % 10);
}

static double number_of(const cJSON *object, const char *name)
{
    const cJSON *number = cJSON_GetObjectItemCaseSensitive(object, name);

    return cJSON_IsNumber(number) ? number->valuedouble : 0;
}

static void write_boxes(const cJSON *labels, FILE *file)
{
    const cJSON *label = labels != NULL ? labels->child : NULL;
    size_t left = MOST_BOXES;
    const char *name;
    double confidence;

    for (; (label = result_next_label(label, &name, &confidence)) != NULL; label = label->next) {
        const cJSON *boxes = cJSON_GetObjectItemCaseSensitive(label, "boxes");

        for (const cJSON *box = cJSON_IsArray(boxes) ? boxes->child : NULL;
             box != NULL && left != 0; box = box->next, left--) {
            fputs("<i class=\"box\" title=\"", file);
            html_text(file, name);
            fputs("\" style=\"", file);
            write_share(file, "left", number_of(box, "left"));
            write_share(file, "top", number_of(box, "top"));
            write_share(file, "width", number_of(box, "width"));
            write_share(file, "height", number_of(box, "height"));
            fputs("\"></i>", file);
        }
    }
}

static void write_thumbnail(const struct thumbnail *thumbnail, const char *name,
                            const cJSON *labels, FILE *file)
{
    int is_wide = (uint64_t)thumbnail->width * 3 >= (uint64_t)thumbnail->height * 4;

    fprintf(file,
            "<div class=\"frame %s\" style=\"aspect-ratio:%" PRIu32 "/%" PRIu32
            "\"><img width=\"%" PRIu32 "\" height=\"%" PRIu32 "\" decoding=\"async\" alt=\"",
            is_wide ? "wide" : "tall", thumbnail->width, thumbnail->height, thumbnail->width,
            thumbnail->height);
    html_text(file, name);
    fputs("\" src=\"data:image/jpeg;base64,", file);
    html_base64(file, thumbnail->jpeg, thumbnail->len);
    fputs("\">", file);
    write_boxes(labels, file);
    fputs("</div>", file);
}

static void write_picture(const struct result_row *row, const struct thumbnail *thumbnail,
                          const cJSON *labels, FILE *file)
{
    const char *class = report_class(row->verdict);

    fputs("<div class=\"pic\">", file);
    if (thumbnail->state == THUMBNAIL_OK)
        write_thumbnail(thumbnail, row->file, labels, file);
    else
        fprintf(file,
                "<div class=\"empty\"><svg class=\"icon\" aria-hidden=\"true\"><use href=\"#ph\"/>"
                "</svg>%s</div>",
                placeholder_text(thumbnail->state));
    fprintf(file,
            "<span class=\"badge\"><svg class=\"icon\" aria-hidden=\"true\"><use href=\"#i-%s\"/>"
            "</svg>%s</span></div>\n",
            class, verdict_word(row->verdict));
}

/* ---- the words --------------------------------------------------------------------------- */

static void write_name(const struct result_row *row, FILE *file)
{
    const char *path = row->file != NULL && row->file[0] != '\0' ? row->file : NULL;
    const char *name = path != NULL ? base_name(path) : "(no name)";

    fputs("<div><h3 class=\"name\"><bdi>", file);
    html_text(file, name[0] != '\0' || path == NULL ? name : path);
    fputs("</bdi></h3>", file);
    if (path != NULL && name - path > 1 && name[0] != '\0') {
        fputs("<p class=\"folder\"><bdi>", file);
        html_text_part(file, path, (size_t)(name - path) - 1);
        fputs("</bdi></p>", file);
    }
    fputs("</div>\n", file);
}

static void write_confidence(const struct result_row *row, FILE *file)
{
    char percent[32];

    result_row_confidence(row, percent, sizeof(percent));
    if (percent[0] == '\0')
        return;
    fprintf(file,
            "<div class=\"sure\"><span class=\"track\"><i style=\"width:%s%%\"></i></span>"
            "<span>%s %s %%</span></div>\n",
            percent, row->verdict == VERDICT_CAT ? "confidence" : "surest label", percent);
}

static void write_chips(const cJSON *labels, enum verdict verdict, FILE *file)
{
    const cJSON *label = labels != NULL ? labels->child : NULL;
    size_t count = 0;
    const char *name;
    double confidence;

    for (; (label = result_next_label(label, &name, &confidence)) != NULL; label = label->next) {
        char percent[32];

        if (count++ == 0)
            fputs("<ul class=\"chips\" aria-label=\"Labels\">", file);
        if (count > MOST_CHIPS)
            continue;
        result_format_percent(confidence, percent, sizeof(percent));
        fputs("<li><bdi>", file);
        html_text(file, name);
        fprintf(file, "</bdi> <b>%s</b></li>", percent);
    }
    if (count > MOST_CHIPS)
        fprintf(file, "<li>and %zu more</li>", count - MOST_CHIPS);
    if (count != 0)
        fputs("</ul>\n", file);
    else if (verdict == VERDICT_CAT || verdict == VERDICT_NOT_CAT)
        fputs("<p class=\"none\">No labels on record</p>\n", file);
}

static void write_reason(const struct result_row *row, FILE *file)
{
    const char *text = row->reason;

    if (text == NULL && row->verdict == VERDICT_PENDING)
        text = "Uploaded; no verdict yet.";
    else if (text == NULL && row->verdict == VERDICT_MISSING)
        text = "The table has no record: not begun yet, or removed after its time to live.";
    if (text == NULL)
        return;
    fputs("<p class=\"reason\">", file);
    html_text_part(file, text, strnlen(text, MOST_TEXT));
    if (row->fail_code != NULL && row->reason != NULL && strcmp(row->fail_code, row->reason) != 0) {
        fputs(" <code>", file);
        html_text(file, row->fail_code);
        fputs("</code>", file);
    }
    fputs("</p>\n", file);
}

static void write_meta(const struct result_row *row, const struct thumbnail *thumbnail, FILE *file)
{
    uint64_t size = row->size_bytes != 0 ? row->size_bytes : thumbnail->source_bytes;
    char text[32];

    fputs("<p class=\"meta\">", file);
    if (row->fingerprint != NULL && row->fingerprint[0] != '\0') {
        fputs("<code title=\"SHA-256, first 12 digits\">", file);
        html_text_part(file, row->fingerprint, strnlen(row->fingerprint, SHORT_FINGERPRINT));
        fputs("</code>", file);
    }
    if (size != 0) {
        progress_format_bytes(size, text, sizeof(text));
        fprintf(file, "<span>%s</span>", text);
    }
    if (thumbnail->source_width != 0)
        fprintf(file, "<span>%" PRIu32 " \xc3\x97 %" PRIu32 " px</span>", thumbnail->source_width,
                thumbnail->source_height);
    fputs("</p>\n", file);
}

static void write_detail(FILE *file, const char *name, const char *text)
{
    if (text == NULL || text[0] == '\0')
        return;
    fprintf(file, "<div><dt>%s</dt><dd><code>", name);
    html_text_part(file, text, strnlen(text, MOST_TEXT));
    fputs("</code></dd></div>", file);
}

static void write_moment(FILE *file, const char *name, int64_t seconds)
{
    if (seconds <= 0)
        return;
    fprintf(file, "<div><dt>%s</dt><dd>", name);
    html_time(file, seconds);
    fputs("</dd></div>", file);
}

static void write_details(const struct result_row *row, FILE *file)
{
    int has_any = (row->fingerprint != NULL && row->fingerprint[0] != '\0') ||
                  row->s3img_key != NULL || row->upload_ts > 0;

    if (!has_any)
        return;
    fputs("<details><summary>Details</summary><dl>", file);
    write_detail(file, "Fingerprint (SHA-256)", row->fingerprint);
    write_detail(file, "Object", row->s3img_key);
    write_moment(file, "Uploaded", row->upload_ts);
    write_moment(file, "Judged", row->rek_ts);
    write_moment(file, "Record kept until", row->ttl);
    fputs("</dl></details>\n", file);
}

/* ---- the card ---------------------------------------------------------------------------- */

/* Its verdict and labels as classes, and its place in each order. */
static void begin_card(const struct result_row *row, size_t index,
                       const struct report_orders *orders, const struct report_labels *top,
                       const cJSON *labels, FILE *file)
{
    const cJSON *label = labels != NULL ? labels->child : NULL;
    const char *name;
    double confidence;

    fprintf(file, "<li class=\"card %s", report_class(row->verdict));
    for (; (label = result_next_label(label, &name, &confidence)) != NULL; label = label->next) {
        size_t place = report_labels_find(top, name);

        if (place != REPORT_LABELS)
            fprintf(file, " l%zu", place);
    }
    fprintf(file, "\" style=\"--n:%zu;--f:%zu;--w:%zu;--c:%zu\">\n", index, orders->by_file[index],
            orders->by_verdict[index], orders->by_confidence[index]);
}

void report_card(struct report *report, size_t index, const struct report_orders *orders,
                 const struct report_labels *labels, FILE *file)
{
    const struct result_row *row = &report->data->rows[index];
    cJSON *own = result_parse_array(row->labels_json);
    struct thumbnail thumbnail;

    find_picture(report, row, &thumbnail);
    begin_card(row, index, orders, labels, own, file);
    write_picture(row, &thumbnail, own, file);
    fputs("<div class=\"body\">\n", file);
    write_name(row, file);
    write_confidence(row, file);
    write_chips(own, row->verdict, file);
    write_reason(row, file);
    write_meta(row, &thumbnail, file);
    write_details(row, file);
    fputs("</div></li>\n", file);
    thumbnail_clear(&thumbnail);
    cJSON_Delete(own);
}
