/*
 * test_crc32.c - the CRC by tables and by folding against the CRC bit by bit, for every length and alignment that takes
 * another way through the loop.
 */
#include "base/crc32.h"

#include "base/crc32_fold.h"

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
/* clang-format on */

static uint32_t bit_by_bit(const unsigned char *data, size_t len)
{
    uint32_t crc = 0xffffffffu;

    for (size_t i = 0; i < len; i++) {
        crc ^= data[i];
        for (int k = 0; k < 8; k++)
            crc = crc & 1 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
    }
    return ~crc;
}

static void tables_agree_with_bits(void **state)
{
    unsigned char data[600];

    (void)state;
    for (size_t i = 0; i < sizeof(data); i++)
        data[i] = (unsigned char)(i * i * 7 + i / 3);
    for (size_t at = 0; at < 9; at++) {
        for (size_t len = 0; len < sizeof(data) - at; len++) {
            assert_int_equal(~ic_crc32_by_tables(0xffffffffu, data + at, len),
                             bit_by_bit(data + at, len));
            assert_int_equal(ic_crc32(0, data + at, len), bit_by_bit(data + at, len));
        }
    }
}

/* Every bit of every register that is folded, and any state that the bytes before may have left. */
static void folding_agrees_with_tables(void **state)
{
    unsigned char data[192] = { 0 };
    uint32_t before = 0x12345678u;

    (void)state;
    if (!ic_crc32_can_fold())
        skip();
    for (size_t len = IC_CRC32_FOLD_LEAST; len <= sizeof(data); len += 16) {
        for (size_t bit = 0; bit < 8 * len; bit++) {
            data[bit / 8] = (unsigned char)(1u << bit % 8);
            before = before * 1664525u + 1013904223u;
            assert_int_equal(ic_crc32_fold(before, data, len),
                             ic_crc32_by_tables(before, data, len));
            data[bit / 8] = 0;
        }
    }
}

static void every_byte_in_every_place_counts(void **state)
{
    unsigned char data[16] = { 0 };

    (void)state;
    for (size_t at = 0; at < sizeof(data); at++) {
        for (unsigned value = 0; value < 256; value++) {
            data[at] = (unsigned char)value;
            assert_int_equal(ic_crc32(0, data, sizeof(data)), bit_by_bit(data, sizeof(data)));
        }
    }
}

static void pieces_make_the_whole(void **state)
{
    static const char text[] = "the quick brown fox jumps over the lazy dog";

    (void)state;
    for (size_t cut = 0; cut < sizeof(text); cut++)
        assert_int_equal(ic_crc32(ic_crc32(0, text, cut), text + cut, sizeof(text) - cut),
                         ic_crc32(0, text, sizeof(text)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_agree_with_bits),
        cmocka_unit_test(folding_agrees_with_tables),
        cmocka_unit_test(every_byte_in_every_place_counts),
        cmocka_unit_test(pieces_make_the_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
