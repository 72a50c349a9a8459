/*
 * crc32.c - CRC-32 of ISO-HDLC: reflected polynomial 0xedb88320. By tables, eight bytes at a time, unless
 * there are many bytes and the processor has a faster way.
 *
 * A CRC is linear: the CRC of a byte is the exclusive or of the CRCs of its bits. So eight numbers make
 * each table, and the compiler writes it out; the tables are constant, so that no thread has to fill
 * them.
 */
#include "base/crc32.h"

#include "base/crc32_fold.h"

#define ENTRY(n, a, b, c, d, e, f, g, h)                                                           \
    (((n)&1 ? (a) : 0) ^ ((n)&2 ? (b) : 0) ^ ((n)&4 ? (c) : 0) ^ ((n)&8 ? (d) : 0) ^               \
     ((n)&16 ? (e) : 0) ^ ((n)&32 ? (f) : 0) ^ ((n)&64 ? (g) : 0) ^ ((n)&128 ? (h) : 0))
#define ENTRIES_4(n, ...)                                                                          \
    ENTRY(n, __VA_ARGS__), ENTRY((n) + 1, __VA_ARGS__), ENTRY((n) + 2, __VA_ARGS__),               \
        ENTRY((n) + 3, __VA_ARGS__)
#define ENTRIES_16(n, ...)                                                                         \
    ENTRIES_4(n, __VA_ARGS__), ENTRIES_4((n) + 4, __VA_ARGS__), ENTRIES_4((n) + 8, __VA_ARGS__),   \
        ENTRIES_4((n) + 12, __VA_ARGS__)
#define ENTRIES_64(n, ...)                                                                         \
    ENTRIES_16(n, __VA_ARGS__), ENTRIES_16((n) + 16, __VA_ARGS__),                                 \
        ENTRIES_16((n) + 32, __VA_ARGS__), ENTRIES_16((n) + 48, __VA_ARGS__)
/* All 256 entries, from those of the bytes 1, 2, 4 ... 128. */
#define TABLE(...)                                                                                 \
    ENTRIES_64(0, __VA_ARGS__), ENTRIES_64(64, __VA_ARGS__), ENTRIES_64(128, __VA_ARGS__),         \
        ENTRIES_64(192, __VA_ARGS__)

/* tables[k][n]: CRC of byte n with k zero bytes behind it */
static const uint32_t tables[8][256] = {
    { TABLE(0x77073096u, 0xee0e612cu, 0x076dc419u, 0x0edb8832u, 0x1db71064u, 0x3b6e20c8u,
            0x76dc4190u, 0xedb88320u) },
    { TABLE(0x191b3141u, 0x32366282u, 0x646cc504u, 0xc8d98a08u, 0x4ac21251u, 0x958424a2u,
            0xf0794f05u, 0x3b83984bu) },
    { TABLE(0x01c26a37u, 0x0384d46eu, 0x0709a8dcu, 0x0e1351b8u, 0x1c26a370u, 0x384d46e0u,
            0x709a8dc0u, 0xe1351b80u) },
    { TABLE(0xb8bc6765u, 0xaa09c88bu, 0x8f629757u, 0xc5b428efu, 0x5019579fu, 0xa032af3eu,
            0x9b14583du, 0xed59b63bu) },
    { TABLE(0x3d6029b0u, 0x7ac05360u, 0xf580a6c0u, 0x30704bc1u, 0x60e09782u, 0xc1c12f04u,
            0x58f35849u, 0xb1e6b092u) },
    { TABLE(0xcb5cd3a5u, 0x4dc8a10bu, 0x9b914216u, 0xec53826du, 0x03d6029bu, 0x07ac0536u,
            0x0f580a6cu, 0x1eb014d8u) },
    { TABLE(0xa6770bb4u, 0x979f1129u, 0xf44f2413u, 0x33ef4e67u, 0x67de9cceu, 0xcfbd399cu,
            0x440b7579u, 0x8816eaf2u) },
    { TABLE(0xccaa009eu, 0x4225077du, 0x844a0efau, 0xd3e51bb5u, 0x7cbb312bu, 0xf9766256u,
            0x299dc2edu, 0x533b85dau) },
};

static uint32_t load32(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint32_t fold32(const uint32_t table[4][256], uint32_t word)
{
    return table[3][word & 0xff] ^ table[2][word >> 8 & 0xff] ^ table[1][word >> 16 & 0xff] ^
           table[0][word >> 24];
}

uint32_t ic_crc32_by_tables(uint32_t state, const void *data, size_t len)
{
    const unsigned char *bytes = data;

    for (; len >= 8; bytes += 8, len -= 8)
        state = fold32(tables + 4, state ^ load32(bytes)) ^ fold32(tables, load32(bytes + 4));
    for (; len > 0; bytes++, len--)
        state = tables[0][(state ^ *bytes) & 0xff] ^ state >> 8;
    return state;
}

uint32_t ic_crc32(uint32_t crc, const void *data, size_t len)
{
    const unsigned char *bytes = data;
    uint32_t state = ~crc;

    if (len >= IC_CRC32_FOLD_LEAST && ic_crc32_can_fold()) {
        size_t whole = len - len % 16;

        state = ic_crc32_fold(state, bytes, whole);
        bytes += whole;
        len -= whole;
    }
    return ~ic_crc32_by_tables(state, bytes, len);
}
