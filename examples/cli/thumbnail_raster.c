/*
 * thumbnail_raster.c - shrink pixels by averaging areas, and turn the result upright.
 */
#include "thumbnail_raster.h"

#include <stdlib.h>
#include <string.h>

enum { CHANNELS = 4, BACKGROUND = 0xd8 };

void raster_clear(struct raster *raster)
{
    free(raster->rgb);
    *raster = (struct raster){ .rgb = NULL };
}

/* ---- shrinking --------------------------------------------------------------------------- */

/* Part of @p side when @p longer becomes @p most. */
static uint32_t part_of(uint32_t side, uint32_t longer, uint32_t most)
{
    uint64_t part = ((uint64_t)side * most + longer / 2) / longer;

    return part != 0 ? (uint32_t)part : 1;
}

int shrink_begin(struct shrink *shrink, uint32_t width, uint32_t height, uint32_t most_px)
{
    uint32_t longer = width > height ? width : height;

    *shrink = (struct shrink){
        .in_width = width, .in_height = height, .width = width, .height = height
    };
    if (width == 0 || height == 0)
        return 0;
    if (longer > most_px) {
        shrink->width = part_of(width, longer, most_px);
        shrink->height = part_of(height, longer, most_px);
    }
    shrink->sums = calloc((size_t)shrink->width * shrink->height, CHANNELS * sizeof(uint64_t));
    shrink->line = calloc(shrink->width, CHANNELS * sizeof(uint64_t));
    return shrink->sums != NULL && shrink->line != NULL;
}

void shrink_clear(struct shrink *shrink)
{
    free(shrink->sums);
    free(shrink->line);
    shrink->sums = shrink->line = NULL;
}

/* How much of input @p at, which is @p out units long, lies in the first cell it touches. A cell is
 * @p in units long, so that both sides have in * out units. */
static uint32_t first_weight(uint32_t at, uint32_t in, uint32_t out, uint32_t *cell)
{
    uint64_t begin = (uint64_t)at * out;
    uint64_t left;

    *cell = (uint32_t)(begin / in);
    left = (uint64_t)(*cell + 1) * in - begin;
    return left < out ? (uint32_t)left : out;
}

static void add_pixel(uint64_t *cell, const uint8_t *rgba, uint32_t weight)
{
    uint64_t alpha = (uint64_t)rgba[3] * weight;

    cell[0] += rgba[0] * alpha;
    cell[1] += rgba[1] * alpha;
    cell[2] += rgba[2] * alpha;
    cell[3] += alpha;
}

static void add_line(const struct shrink *shrink, uint32_t row, uint32_t weight, uint32_t first,
                     uint32_t last)
{
    uint64_t *sums = shrink->sums + (size_t)row * shrink->width * CHANNELS;

    for (size_t i = (size_t)first * CHANNELS; i < ((size_t)last + 1) * CHANNELS; i++)
        sums[i] += shrink->line[i] * weight;
}

void shrink_add(struct shrink *shrink, uint32_t y, uint32_t x, uint32_t step, const uint8_t *rgba,
                uint32_t count)
{
    uint32_t first = UINT32_MAX, last = 0, row, weight;

    for (uint32_t i = 0; i < count; i++, rgba += CHANNELS, x += step) {
        uint32_t cell;
        uint32_t in_first = first_weight(x, shrink->in_width, shrink->width, &cell);
        uint64_t *at = shrink->line + (size_t)cell * CHANNELS;

        add_pixel(at, rgba, in_first);
        if (in_first < shrink->width) {
            add_pixel(at + CHANNELS, rgba, shrink->width - in_first);
            last = cell + 1;
        } else {
            last = cell;
        }
        first = first == UINT32_MAX ? cell : first;
    }
    if (first == UINT32_MAX)
        return;
    weight = first_weight(y, shrink->in_height, shrink->height, &row);
    add_line(shrink, row, weight, first, last);
    if (weight < shrink->height)
        add_line(shrink, row + 1, shrink->height - weight, first, last);
    memset(shrink->line + (size_t)first * CHANNELS, 0,
           (size_t)(last - first + 1) * CHANNELS * sizeof(uint64_t));
}

int shrink_end(const struct shrink *shrink, struct raster *out)
{
    size_t cells = (size_t)shrink->width * shrink->height;
    uint64_t whole = (uint64_t)shrink->in_width * shrink->in_height * 255;

    *out = (struct raster){ malloc(cells * 3), shrink->width, shrink->height };
    if (out->rgb == NULL)
        return 0;
    for (size_t i = 0; i < cells; i++) {
        const uint64_t *sum = shrink->sums + i * CHANNELS;
        uint64_t behind = (whole - sum[3]) * BACKGROUND;

        for (size_t c = 0; c < 3; c++)
            out->rgb[i * 3 + c] = (uint8_t)((sum[c] + behind + whole / 2) / whole);
    }
    return 1;
}

/* ---- turning ----------------------------------------------------------------------------- */

/* Where the pixel that is shown at (x, y) is stored. */
static size_t stored_at(const struct raster *raster, uint32_t orientation, uint32_t x, uint32_t y)
{
    uint32_t right = raster->width - 1, bottom = raster->height - 1;
    uint32_t column = orientation >= 5 ? y : x, row = orientation >= 5 ? x : y;

    if (orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8)
        column = right - column;
    if (orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7)
        row = bottom - row;
    return (size_t)row * raster->width + column;
}

int raster_orient(struct raster *raster, uint32_t orientation)
{
    struct raster turned = *raster;

    if (orientation < 2 || orientation > 8)
        return 1;
    if (orientation >= 5) {
        turned.width = raster->height;
        turned.height = raster->width;
    }
    turned.rgb = malloc((size_t)turned.width * turned.height * 3);
    if (turned.rgb == NULL)
        return 0;
    for (uint32_t y = 0; y < turned.height; y++) {
        for (uint32_t x = 0; x < turned.width; x++)
            memcpy(turned.rgb + ((size_t)y * turned.width + x) * 3,
                   raster->rgb + stored_at(raster, orientation, x, y) * 3, 3);
    }
    free(raster->rgb);
    *raster = turned;
    return 1;
}
