/*
 * crc32_fold.c - CRC-32 by multiplication without carry, 64 bytes at a time.
 *
 * A message is a polynomial, and its CRC the remainder of a division by P. What stands n bits before
 * other bytes may be replaced by its product with x^n mod P, which is short: so 128 bits are folded onto
 * those that come 128 or 512 bits later, until only 128 are left. Of these the remainder is taken by
 * Barrett's method: the quotient is a product with x^64 / P. Reference: Gopal et al., "Fast CRC Computation
 * for Generic Polynomials Using PCLMULQDQ Instruction", Intel, 2009. All polynomials are bit-reflected, as
 * the CRC is; that is why each power is 32 more or less than the distance.
 */
#include "base/crc32_fold.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

#define FOLDS __attribute__((target("pclmul,sse4.1")))

/* x^n mod P */
#define X_544 0x154442bd4 /* n = 512 + 32 */
#define X_480 0x1c6e41596 /* 512 - 32 */
#define X_160 0x1751997d0 /* 128 + 32 */
#define X_96  0x0ccaa009e /* 128 - 32 */
#define X_64  0x163cd6124
#define P     0x1db710641
#define X64_P 0x1f7011641 /* x^64 / P */

int ic_crc32_can_fold(void)
{
    return __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1");
}

FOLDS static inline __m128i load(const unsigned char *bytes)
{
    return _mm_loadu_si128((const __m128i *)(const void *)bytes);
}

/* @p value moved onto @p later, by the two powers of @p powers. */
FOLDS static inline __m128i fold(__m128i value, __m128i powers, __m128i later)
{
    __m128i low = _mm_clmulepi64_si128(value, powers, 0x00);
    __m128i high = _mm_clmulepi64_si128(value, powers, 0x11);

    return _mm_xor_si128(_mm_xor_si128(low, high), later);
}

/* The remainder of 128 bits. */
FOLDS static uint32_t reduce(__m128i value)
{
    const __m128i low_half = _mm_set_epi64x(0, 0xffffffff);
    __m128i part = _mm_clmulepi64_si128(value, _mm_set_epi64x(X_96, X_160), 0x10);

    value = _mm_xor_si128(_mm_srli_si128(value, 8), part); /* 96 bits */
    part = _mm_clmulepi64_si128(_mm_and_si128(value, low_half), _mm_set_epi64x(0, X_64), 0x00);
    value = _mm_xor_si128(_mm_srli_si128(value, 4), part); /* 64 bits */
    part = _mm_clmulepi64_si128(_mm_and_si128(value, low_half), _mm_set_epi64x(X64_P, P), 0x10);
    part = _mm_clmulepi64_si128(_mm_and_si128(part, low_half), _mm_set_epi64x(X64_P, P), 0x00);
    return (uint32_t)_mm_extract_epi32(_mm_xor_si128(value, part), 1);
}

FOLDS uint32_t ic_crc32_fold(uint32_t state, const void *data, size_t len)
{
    const __m128i by_512 = _mm_set_epi64x(X_480, X_544);
    const __m128i by_128 = _mm_set_epi64x(X_96, X_160);
    const unsigned char *at = data;
    __m128i a = _mm_xor_si128(load(at), _mm_cvtsi32_si128((int)state));
    __m128i b = load(at + 16);
    __m128i c = load(at + 32);
    __m128i d = load(at + 48);

    for (at += 64, len -= 64; len >= 64; at += 64, len -= 64) {
        a = fold(a, by_512, load(at));
        b = fold(b, by_512, load(at + 16));
        c = fold(c, by_512, load(at + 32));
        d = fold(d, by_512, load(at + 48));
    }
    a = fold(fold(fold(a, by_128, b), by_128, c), by_128, d);
    for (; len >= 16; at += 16, len -= 16)
        a = fold(a, by_128, load(at));
    return reduce(a);
}

#else

int ic_crc32_can_fold(void)
{
    return 0;
}

uint32_t ic_crc32_fold(uint32_t state, const void *data, size_t len)
{
    return ic_crc32_by_tables(state, data, len);
}

#endif
