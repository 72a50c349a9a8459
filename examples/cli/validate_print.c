/*
 * validate_print.c - judged files on stdout, one after the other. Only the table for a screen, whose
 * columns are as wide as their widest cell, waits for the last one.
 */
#include "validate_print.h"

#include <inttypes.h>
#include <string.h>

static const struct table_column columns[] = {
    { "result", 0, 0 }, { "format", 0, 0 }, { "pixels", 1, 0 },
    { "bytes", 1, 0 },  { "file", 0, 1 },   { "problem", 0, 0 },
};
#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

int validate_print_begin(struct validate_print *print, const struct cli *cli)
{
    memset(print, 0, sizeof(*print));
    print->cli = cli;
    if (cli->format == FORMAT_TABLE) {
        print->table = table_new(columns, COLUMNS);
        return print->table != NULL;
    }
    if (!cli_is_json(cli))
        table_print_titles(stdout, cli->format == FORMAT_CSV, columns, COLUMNS);
    if (cli->format == FORMAT_JSON) {
        json_out_init(&print->json, stdout, 2);
        json_out_object(&print->json, NULL);
        json_out_text(&print->json, "schema", "icecat/validate/1");
        json_out_array(&print->json, "files");
    }
    return 1;
}

/* What a table says: the refusal in a sentence, or the names of what is only odd. */
static void describe(const struct image_check *check, char *out, size_t len)
{
    if (check->status != ICECAT_OK) {
        snprintf(out, len, "%s", check->err.message);
        return;
    }
    out[0] = '\0';
    for (size_t i = 0; i < check->problem_count; i++) {
        size_t used = strlen(out);

        snprintf(out + used, len - used, "%s%s", i > 0 ? ", " : "", check->problems[i]);
    }
}

static int add_row(struct validate_print *print, const char *path, const struct image_check *check)
{
    const icecat_image_info *info = &check->info;
    char pixels[32] = "", bytes[32] = "", problem[512];
    const char *cells[] = { check->status == ICECAT_OK ? "ok" : "refused",
                            image_check_format(check),
                            pixels,
                            bytes,
                            path,
                            problem };

    if (info->width_px != 0)
        snprintf(pixels, sizeof(pixels), "%" PRIu32 "x%" PRIu32, info->width_px, info->height_px);
    if (check->status != ICECAT_E_FILE)
        snprintf(bytes, sizeof(bytes), "%" PRIu64, info->size_bytes);
    describe(check, problem, sizeof(problem));
    if (print->table == NULL) {
        table_print_row(stdout, print->cli->format == FORMAT_CSV, cells, COLUMNS);
        return 1;
    }
    return table_add(print->table, cells, check->status == ICECAT_OK ? TABLE_GREEN : TABLE_RED);
}

static const char *colour_name(uint32_t model)
{
    static const char *const names[] = { "unknown", "grey", "rgb", "palette",
                                         "ycbcr",   "cmyk", "ycck" };

    return model < sizeof(names) / sizeof(names[0]) ? names[model] : names[0];
}

/* What was found in the header; absent when the refusal came before its colours. */
static void write_header(struct json_out *out, const icecat_image_info *info)
{
    if (info->width_px != 0) {
        json_out_u64(out, "width", info->width_px);
        json_out_u64(out, "height", info->height_px);
        json_out_u64(out, "display_width", info->display_width_px);
        json_out_u64(out, "display_height", info->display_height_px);
    }
    if (info->colour_model == ICECAT_COLOUR_UNKNOWN)
        return;
    json_out_u64(out, "channels", info->channels);
    json_out_u64(out, "bit_depth", info->bit_depth);
    json_out_text(out, "colour", colour_name(info->colour_model));
    json_out_bool(out, "alpha", info->has_alpha != 0);
    json_out_bool(out, "progressive", info->progressive != 0);
    json_out_bool(out, "animated", info->animated != 0);
    json_out_bool(out, "multi_picture", info->multi_picture != 0);
    json_out_u64(out, "orientation", info->orientation);
}

static void write_warnings(struct json_out *out, const icecat_image_info *info)
{
    static const struct {
        uint32_t bit;
        const char *name;
    } names[] = {
        { ICECAT_IMAGE_WARN_TRAILING_DATA, "trailing-data" },
        { ICECAT_IMAGE_WARN_EXIF_DAMAGED, "exif-damaged" },
        { ICECAT_IMAGE_WARN_EXTENSION, "extension-mismatch" },
        { ICECAT_IMAGE_WARN_JUNK, "stray-bytes" },
        { ICECAT_IMAGE_WARN_CHUNK_CRC, "chunk-crc" },
    };

    json_out_array(out, "warnings");
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if ((info->warnings & names[i].bit) != 0)
            json_out_text(out, NULL, names[i].name);
    }
    json_out_close(out);
}

static void write_members(struct json_out *out, const char *path, const struct image_check *check)
{
    const icecat_image_info *info = &check->info;

    json_out_file(out, "file", path);
    json_out_bool(out, "valid", check->status == ICECAT_OK);
    json_out_text(out, "format", image_check_format(check));
    write_header(out, info);
    if (check->status != ICECAT_E_FILE)
        json_out_u64(out, "size", info->size_bytes);
    json_out_array(out, "problems");
    for (size_t i = 0; i < check->problem_count; i++)
        json_out_text(out, NULL, check->problems[i]);
    json_out_close(out);
    write_warnings(out, info);
    if (info->trailing_bytes != 0)
        json_out_u64(out, "trailing_bytes", info->trailing_bytes);
    if (check->status != ICECAT_OK) {
        json_out_text(out, "reason", icecat_image_reason_name(info->reason));
        json_out_u64(out, "fault_offset", info->fault_offset);
        json_out_error(out, "error", &check->err, NULL, NULL);
    }
}

int validate_print_file(struct validate_print *print, const char *path,
                        const struct image_check *check)
{
    struct json_out event;

    if (check->status == ICECAT_OK)
        print->sound++;
    else
        print->refused++;
    if (!cli_is_json(print->cli))
        return add_row(print, path, check);
    if (print->cli->format == FORMAT_JSON) {
        json_out_object(&print->json, NULL);
        write_members(&print->json, path, check);
        json_out_close(&print->json);
        return 1;
    }
    json_out_init(&event, stdout, 0);
    json_out_object(&event, NULL);
    json_out_text(&event, "type", "item");
    json_out_text(&event, "action", check->status == ICECAT_OK ? "valid" : "rejected");
    write_members(&event, path, check);
    json_out_end(&event);
    return 1;
}

static void write_counts(const struct validate_print *print, struct json_out *out, int exit_code)
{
    json_out_object(out, "counts");
    json_out_u64(out, "total", print->sound + print->refused);
    json_out_u64(out, "valid", print->sound);
    json_out_u64(out, "rejected", print->refused);
    json_out_close(out);
    json_out_i64(out, "exit_code", exit_code);
}

static void end_table(const struct validate_print *print)
{
    uint64_t total = print->sound + print->refused;

    if (total > 0)
        table_write_screen(print->table, stdout, print->cli->width, print->cli->colour_out);
    printf(" %" PRIu64 " file%s: %" PRIu64 " ok, %" PRIu64 " refused\n", total,
           total == 1 ? "" : "s", print->sound, print->refused);
}

void validate_print_end(struct validate_print *print, int exit_code)
{
    struct json_out event;

    if (print->table != NULL) {
        end_table(print);
    } else if (print->cli->format == FORMAT_JSON) {
        json_out_close(&print->json);
        write_counts(print, &print->json, exit_code);
        json_out_end(&print->json);
    } else if (print->cli->format == FORMAT_NDJSON) {
        json_out_init(&event, stdout, 0);
        json_out_object(&event, NULL);
        json_out_text(&event, "type", "summary");
        write_counts(print, &event, exit_code);
        json_out_end(&event);
    }
    table_free(print->table);
    print->table = NULL;
}
