/*
 * jpeg_tables.c - what the segments of a JPEG header say: frame, scan, quantisation and Huffman
 * tables, and the colour model that follows from them.
 */
#include "image/walk.h"

#include <string.h>

#define U64(x) ((unsigned long long)(x))

static ic_walk_result check_process(ic_walk *walk, uint32_t marker)
{
    static const char *const names[16] = { NULL,
                                           NULL,
                                           NULL,
                                           "Lossless",
                                           NULL,
                                           "Hierarchical",
                                           "Hierarchical progressive",
                                           "Hierarchical lossless",
                                           NULL,
                                           "Arithmetic-coded",
                                           "Arithmetic-coded progressive",
                                           "Arithmetic-coded lossless",
                                           NULL,
                                           "Arithmetic-coded hierarchical",
                                           "Arithmetic-coded hierarchical",
                                           "Arithmetic-coded hierarchical lossless" };
    uint32_t reason = marker == 0xc9 || marker == 0xca ? ICECAT_IMAGE_REASON_JPEG_ARITHMETIC
                                                       : ICECAT_IMAGE_REASON_JPEG_PROCESS;

    if (names[marker & 15] == NULL)
        return IC_WALK_MORE;
    return ic_walk_fault(walk, reason, walk->as.jpeg.seg_at,
                         "%s JPEG (SOF%u), which most decoders do not read; convert it first",
                         names[marker & 15], marker & 15);
}

static ic_walk_result check_components(ic_walk *walk, const uint8_t *data, uint32_t count)
{
    ic_jpeg *jpeg = &walk->as.jpeg;

    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *p = data + 6 + 3 * (size_t)i;
        uint32_t h = p[1] >> 4, v = p[1] & 15;

        if (h < 1 || h > 4 || v < 1 || v > 4)
            return ic_walk_fault(walk, ICECAT_IMAGE_REASON_JPEG_SAMPLING, jpeg->seg_at,
                                 "JPEG is damaged: component %u is sampled %u x %u, not 1 to 4",
                                 p[0], h, v);
        if (p[2] > 3)
            return ic_walk_fault(walk, ICECAT_IMAGE_REASON_JPEG_SOF, jpeg->seg_at,
                                 "JPEG is damaged: component %u names quantisation table %u of 0 "
                                 "to 3",
                                 p[0], p[2]);
        for (uint32_t k = 0; k < i; k++) {
            if (jpeg->component[k].id == p[0])
                return ic_walk_fault(walk, ICECAT_IMAGE_REASON_JPEG_SOF, jpeg->seg_at,
                                     "JPEG is damaged: its frame (SOF) names component %u twice",
                                     p[0]);
        }
        jpeg->component[i].id = p[0];
        jpeg->component[i].sampling = p[1];
        jpeg->component[i].quant = p[2];
    }
    return IC_WALK_MORE;
}

ic_walk_result ic_jpeg_frame(ic_walk *walk, const uint8_t *data, size_t len)
{
    ic_jpeg *jpeg = &walk->as.jpeg;
    uint32_t marker = jpeg->seg_marker;
    uint32_t count = len >= 6 ? data[5] : 0;

    if (jpeg->sof_marker != 0)
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_JPEG_TWO_SOF, jpeg->seg_at,
                             "JPEG is damaged: it has two frame headers (SOF)");
    if (check_process(walk, marker) != IC_WALK_MORE)
        return IC_WALK_FAULT;
    if (len < 6)
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_JPEG_SOF, jpeg->seg_at,
                             "JPEG is damaged: its frame header (SOF) has only %zu bytes", len);
    walk->info.height_px = ic_be16(data + 1);
    walk->info.width_px = ic_be16(data + 3);
    walk->info.bit_depth = data[0];
    walk->info.progressive = marker == 0xc2;
    if (data[0] != 8)
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_JPEG_PRECISION, jpeg->seg_at + 4,
                             "JPEG with %u bits a sample; only 8 is supported, convert it first",
                             data[0]);
    if (walk->info.width_px == 0 || walk->info.height_px == 0)
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_ZERO_SIZE, jpeg->seg_at + 5,
                             "JPEG says it is %u x %u pixels; neither may be 0",
                             walk->info.width_px, walk->info.height_px);
    if (count == 0 || len != 6 + 3 * (size_t)count)
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_JPEG_SOF, jpeg->seg_at,
                             "JPEG is damaged: its frame header (SOF) has %zu bytes for %u "
                             "components",
                             len, count);
    if (count != 1 && count != 3 && count != 4)
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_JPEG_COMPONENTS, jpeg->seg_at + 9,
                             "JPEG with %u components; only 1, 3 and 4 are pictures", count);
    jpeg->sof_marker = (uint8_t)marker;
    jpeg->components = (uint8_t)count;
    walk->info.channels = count;
    return check_components(walk, data, count);
}

/* A progressive scan says which coefficients it brings (T.81, G.1.1.1). */
static int is_progression(const uint8_t *p, uint32_t count)
{
    uint32_t first = p[0], last = p[1], high = p[2] >> 4, low = p[2] & 15;

    if (first == 0 ? last != 0 : last < first || last > 63 || count != 1)
        return 0;
    return low <= 13 && (high == 0 || high - 1 == low);
}

static ic_walk_result check_scan_component(ic_walk *walk, const uint8_t *p, uint32_t *blocks)
{
    ic_jpeg *jpeg = &walk->as.jpeg;
    const ic_jpeg_component *found = NULL;
    uint32_t dc = p[1] >> 4, ac = p[1] & 15;

    for (uint32_t i = 0; i < jpeg->components; i++) {
        if (jpeg->component[i].id == p[0])
            found = &jpeg->component[i];
    }
    if (found == NULL)
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_JPEG_SOS, jpeg->seg_at,
                             "JPEG is damaged: its scan (SOS) names component %u, which its frame "
                             "(SOF) lacks",
                             p[0]);
    if (dc > 3 || ac > 3)
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_JPEG_SOS, jpeg->seg_at,
                             "JPEG is damaged: its scan (SOS) names Huffman table %u of 0 to 3",
                             dc > 3 ? dc : ac);
    if ((jpeg->quant_defined >> found->quant & 1) == 0)
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_JPEG_NO_TABLE, jpeg->seg_at,
                             "JPEG is damaged: quantisation table %u (DQT) is missing",
                             found->quant);
    /* Tables 0 and 1 have defaults, which cameras of the Motion JPEG kind leave out. */
    if (jpeg->sof_marker != 0xc2 && ((dc > 1 && (jpeg->huff_defined >> dc & 1) == 0) ||
                                     (ac > 1 && (jpeg->huff_defined >> (4 + ac) & 1) == 0)))
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_JPEG_NO_TABLE, jpeg->seg_at,
                             "JPEG is damaged: a Huffman table (DHT) of its scan is missing");
    *blocks += (uint32_t)(found->sampling >> 4) * (found->sampling & 15);
    return IC_WALK_MORE;
}

ic_walk_result ic_jpeg_scan(ic_walk *walk, const uint8_t *data, size_t len)
{
    ic_jpeg *jpeg = &walk->as.jpeg;
    uint32_t count = len >= 1 ? data[0] : 0;
    uint32_t blocks = 0;

    if (count < 1 || count > 4 || count > jpeg->components || len != 4 + 2 * (size_t)count)
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_JPEG_SOS, jpeg->seg_at,
                             "JPEG is damaged: its scan header (SOS) has %zu bytes for %u "
                             "components",
                             len, count);
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t k = 0; k < i; k++) {
            if (data[1 + 2 * k] == data[1 + 2 * i])
                return ic_walk_fault(walk, ICECAT_IMAGE_REASON_JPEG_SOS, jpeg->seg_at,
                                     "JPEG is damaged: its scan (SOS) names component %u twice",
                                     data[1 + 2 * i]);
        }
        if (check_scan_component(walk, data + 1 + 2 * (size_t)i, &blocks) != IC_WALK_MORE)
            return IC_WALK_FAULT;
    }
    if (count > 1 && blocks > 10)
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_JPEG_SAMPLING, jpeg->seg_at,
                             "JPEG is damaged: %u blocks in a unit of its scan, more than 10",
                             blocks);
    if (jpeg->sof_marker == 0xc2 && !is_progression(data + 1 + 2 * (size_t)count, count))
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_JPEG_SOS, jpeg->seg_at,
                             "JPEG is damaged: the coefficients that its first scan claims do not "
                             "exist");
    memcpy(jpeg->sos, data, len);
    jpeg->sos_len = (uint8_t)len;
    return IC_WALK_MORE;
}

/* Bytes of a quantisation table by its first one; 0 when there is no such table. */
static size_t quant_size(uint32_t first)
{
    if ((first & 15) > 3 || first >> 4 > 1)
        return 0;
    return first >> 4 ? 129 : 65;
}

static void define_quant(ic_jpeg *jpeg, uint32_t first)
{
    jpeg->quant_defined |= (uint8_t)(1u << (first & 3));
}

int ic_jpeg_quants(ic_jpeg *jpeg, const uint8_t *data, size_t len)
{
    while (len != 0) {
        size_t size = quant_size(data[0]);

        if (size == 0 || size > len)
            return 0;
        define_quant(jpeg, data[0]);
        data += size;
        len -= size;
    }
    return 1;
}

ic_walk_result ic_jpeg_quant(ic_walk *walk, const ic_window *window, int *taken)
{
    ic_jpeg *jpeg = &walk->as.jpeg;
    uint64_t left = jpeg->seg_end - walk->pos;
    const uint8_t *p = ic_walk_look(walk, window, 1);
    size_t size;

    *taken = 0;
    if (p == NULL)
        return IC_WALK_MORE;
    size = quant_size(p[0]);
    if (size == 0)
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_JPEG_TABLE, walk->pos,
                             "JPEG is damaged: quantisation table (DQT) %02x does not exist", p[0]);
    if (left < size)
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_JPEG_TABLE, walk->pos,
                             "JPEG is damaged: a quantisation table (DQT) has %llu of %zu bytes",
                             U64(left), size);
    define_quant(jpeg, p[0]);
    walk->pos += size;
    *taken = 1;
    return IC_WALK_MORE;
}

static uint64_t load64(const uint8_t *p)
{
    return (uint64_t)ic_be32(p) << 32 | ic_be32(p + 4);
}

/* Sum of eight bytes. */
static uint32_t sum8(uint64_t bytes)
{
    bytes = (bytes & 0x00ff00ff00ff00ffu) + (bytes >> 8 & 0x00ff00ff00ff00ffu);
    return (uint32_t)(bytes * 0x0001000100010001u >> 48);
}

/* The first of eight bytes times 128, the second times 64, ... the last times 1. */
static uint32_t weigh8(uint64_t bytes)
{
    bytes = (bytes >> 8 & 0x00ff00ff00ff00ffu) * 2 + (bytes & 0x00ff00ff00ff00ffu);
    bytes = (bytes >> 16 & 0x0000ffff0000ffffu) * 4 + (bytes & 0x0000ffff0000ffffu);
    return (uint32_t)(bytes >> 32) * 16 + (uint32_t)bytes;
}

/* Symbols of a table by its 16 counts; SIZE_MAX when there are too many, or more codes than bits
 * allow: a code of n bits takes 2^-n of the room. Eight counts at a time, because there is no faster
 * way to refuse a header than to look at it. */
static inline size_t symbols(const uint8_t *counts)
{
    uint64_t first = load64(counts), last = load64(counts + 8);
    uint32_t sum = sum8(first) + sum8(last);
    uint32_t room = weigh8(first) * 256 + weigh8(last);

    return sum <= 256 && room <= 1u << 16 ? sum : SIZE_MAX;
}

#define HUFF_HEAD 17u /* its id and its counts */

static int is_huff(uint32_t first)
{
    return (first & 0xec) == 0;
}

static void define_huff(ic_jpeg *jpeg, uint32_t first)
{
    jpeg->huff_defined |= (uint8_t)(1u << ((first & 3u) + (first & 0x10 ? 4 : 0)));
}

int ic_jpeg_huffs(ic_jpeg *jpeg, const uint8_t *data, size_t len)
{
    while (len != 0) {
        size_t count = len >= HUFF_HEAD && is_huff(data[0]) ? symbols(data + 1) : SIZE_MAX;

        if (count == SIZE_MAX || count > len - HUFF_HEAD)
            return 0;
        define_huff(jpeg, data[0]);
        data += HUFF_HEAD + count;
        len -= HUFF_HEAD + count;
    }
    return 1;
}

ic_walk_result ic_jpeg_huff(ic_walk *walk, const ic_window *window, int *taken)
{
    ic_jpeg *jpeg = &walk->as.jpeg;
    uint64_t left = jpeg->seg_end - walk->pos;
    const uint8_t *p;
    size_t count;

    *taken = 0;
    if (left < HUFF_HEAD)
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_JPEG_TABLE, walk->pos,
                             "JPEG is damaged: a Huffman table (DHT) has %llu of 17 bytes",
                             U64(left));
    p = ic_walk_look(walk, window, HUFF_HEAD);
    if (p == NULL)
        return IC_WALK_MORE;
    if (!is_huff(p[0]))
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_JPEG_TABLE, walk->pos,
                             "JPEG is damaged: Huffman table (DHT) %02x does not exist", p[0]);
    count = symbols(p + 1);
    if (count == SIZE_MAX || left - HUFF_HEAD < count)
        return ic_walk_fault(walk, ICECAT_IMAGE_REASON_JPEG_TABLE, walk->pos,
                             "JPEG is damaged: the codes of a Huffman table (DHT) do not fit");
    define_huff(jpeg, p[0]);
    walk->pos += HUFF_HEAD + count;
    *taken = 1;
    return IC_WALK_MORE;
}

ic_walk_result ic_jpeg_conditioning(ic_walk *walk, const uint8_t *data, size_t len)
{
    ic_jpeg *jpeg = &walk->as.jpeg;
    int is_legal = len <= IC_JPEG_DAC_MAX && len % 2 == 0;

    for (size_t i = 0; is_legal && i < len; i += 2) {
        uint32_t table = data[i], value = data[i + 1];

        is_legal = table < 32 && (table >= 16 || (value & 15) <= value >> 4);
    }
    if (is_legal)
        return IC_WALK_MORE;
    return ic_walk_fault(walk, ICECAT_IMAGE_REASON_JPEG_TABLE, jpeg->seg_at,
                         "JPEG is damaged: its arithmetic conditioning (DAC) does not exist");
}

static uint32_t three_channels(const ic_jpeg *jpeg)
{
    if (jpeg->has_jfif)
        return ICECAT_COLOUR_YCBCR;
    if (jpeg->has_adobe)
        return jpeg->adobe_transform == 0 ? ICECAT_COLOUR_RGB : ICECAT_COLOUR_YCBCR;
    if (jpeg->component[0].id == 'R' && jpeg->component[1].id == 'G' &&
        jpeg->component[2].id == 'B')
        return ICECAT_COLOUR_RGB;
    return ICECAT_COLOUR_YCBCR;
}

void ic_jpeg_colour(ic_walk *walk)
{
    const ic_jpeg *jpeg = &walk->as.jpeg;

    if (jpeg->components == 1)
        walk->info.colour_model = ICECAT_COLOUR_GREY;
    else if (jpeg->components == 3)
        walk->info.colour_model = three_channels(jpeg);
    else if (jpeg->has_adobe && jpeg->adobe_transform != 0)
        walk->info.colour_model = ICECAT_COLOUR_YCCK;
    else
        walk->info.colour_model = ICECAT_COLOUR_CMYK;
}
