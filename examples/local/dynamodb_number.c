/*
 * dynamodb_number.c - exact decimals: read, print, add, order (pure functions).
 */
#include "dynamodb_number.h"

#include <stdio.h>
#include <string.h>

#define EXPONENT_MAX 125
#define EXPONENT_MIN (-130)
/* Decimal positions that any two numbers can occupy, and one for the carry. */
#define LOWEST_PLACE (EXPONENT_MIN - DYNAMODB_NUMBER_DIGITS)
#define PLACES       (EXPONENT_MAX - LOWEST_PLACE + 2)
/* Where reading an exponent stops counting: far outside the range, far inside an int. */
#define EXPONENT_READ_MAX 1000000

/* What has been seen of a number's digits. */
typedef struct digit_reader {
    dynamodb_number number;
    size_t significant;  /* digits since the first non-zero one, that one included */
    long integer_places; /* significant digits before the point */
    long leading_zeros;  /* zeros between the point and the first non-zero digit */
    bool any;            /* at least one digit was there */
    bool too_precise;
} digit_reader;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void take_digit(digit_reader *reader, char c, bool after_point)
{
    unsigned char digit = (unsigned char)(c - '0');

    reader->any = true;
    if (reader->significant == 0 && digit == 0) {
        if (after_point)
            reader->leading_zeros++;
        return;
    }
    if (!after_point)
        reader->integer_places++;
    if (reader->significant < DYNAMODB_NUMBER_DIGITS)
        reader->number.digits[reader->significant] = digit;
    else if (digit != 0)
        reader->too_precise = true;
    reader->significant++;
    if (digit != 0 && reader->significant <= DYNAMODB_NUMBER_DIGITS)
        reader->number.count = reader->significant; /* so trailing zeros do not count */
}

static const char *take_digits(digit_reader *reader, const char *text)
{
    for (; is_digit(*text); text++)
        take_digit(reader, *text, false);
    if (*text == '.') {
        for (text++; is_digit(*text); text++)
            take_digit(reader, *text, true);
    }
    return text;
}

/* "e+12" or nothing; NULL when an 'e' has no digits behind it. */
static const char *take_exponent(const char *text, long *exponent)
{
    bool negative;

    *exponent = 0;
    if (*text != 'e' && *text != 'E')
        return text;
    text++;
    negative = *text == '-';
    if (*text == '-' || *text == '+')
        text++;
    if (!is_digit(*text))
        return NULL;
    for (; is_digit(*text); text++) {
        if (*exponent < EXPONENT_READ_MAX)
            *exponent = *exponent * 10 + (*text - '0');
    }
    if (negative)
        *exponent = -*exponent;
    return text;
}

static dynamodb_number_result check_range(long exponent)
{
    if (exponent > EXPONENT_MAX)
        return DYNAMODB_NUMBER_TOO_LARGE;
    if (exponent < EXPONENT_MIN)
        return DYNAMODB_NUMBER_TOO_SMALL;
    return DYNAMODB_NUMBER_OK;
}

dynamodb_number_result dynamodb_number_parse(const char *text, dynamodb_number *out)
{
    digit_reader reader;
    long exponent;
    dynamodb_number_result result;

    memset(&reader, 0, sizeof(reader));
    reader.number.negative = *text == '-';
    if (*text == '-' || *text == '+')
        text++;
    text = take_digits(&reader, text);
    if (!reader.any)
        return DYNAMODB_NUMBER_NOT_ONE;
    text = take_exponent(text, &exponent);
    if (text == NULL || *text != '\0')
        return DYNAMODB_NUMBER_NOT_ONE;
    if (reader.too_precise)
        return DYNAMODB_NUMBER_TOO_PRECISE;
    if (reader.significant == 0) {
        memset(out, 0, sizeof(*out));
        return DYNAMODB_NUMBER_OK;
    }
    exponent += reader.integer_places > 0 ? reader.integer_places - 1 : -reader.leading_zeros - 1;
    result = check_range(exponent);
    if (result != DYNAMODB_NUMBER_OK)
        return result;
    memset(reader.number.digits + reader.number.count, 0,
           DYNAMODB_NUMBER_DIGITS - reader.number.count);
    reader.number.exponent = (int)exponent;
    *out = reader.number;
    return DYNAMODB_NUMBER_OK;
}

void dynamodb_number_print(const dynamodb_number *number, char out[DYNAMODB_NUMBER_TEXT_SIZE])
{
    char *to = out;
    int place = number->exponent > 0 ? number->exponent : 0;
    int last = number->exponent - (int)number->count + 1;

    if (number->count == 0) {
        memcpy(out, "0", 2);
        return;
    }
    if (number->negative)
        *to++ = '-';
    for (; place >= 0 || place >= last; place--) {
        int at = number->exponent - place;

        if (place == -1)
            *to++ = '.';
        *to++ = at >= 0 && at < (int)number->count ? (char)('0' + number->digits[at]) : '0';
    }
    *to = '\0';
}

/* Lay the digits out by place, each times sign. */
static void spread(const dynamodb_number *number, int sign, int places[PLACES])
{
    if (number->negative)
        sign = -sign;
    for (size_t i = 0; i < number->count; i++)
        places[number->exponent - (int)i - LOWEST_PLACE] += sign * number->digits[i];
}

/* Carry until each place holds 0 to 9; the sign of the whole is returned. */
static bool settle(int places[PLACES])
{
    int top = PLACES - 1;
    int carry = 0;
    bool negative;

    while (top > 0 && places[top] == 0)
        top--;
    negative = places[top] < 0;
    for (int i = 0; i < PLACES; i++) {
        int value = (negative ? -places[i] : places[i]) + carry;

        carry = value < 0 ? -1 : value / 10;
        places[i] = value - carry * 10;
    }
    return negative;
}

static dynamodb_number_result gather(const int places[PLACES], bool negative, dynamodb_number *out)
{
    int top = PLACES - 1;
    int bottom = 0;
    dynamodb_number number;
    dynamodb_number_result result;

    memset(&number, 0, sizeof(number));
    while (top >= 0 && places[top] == 0)
        top--;
    if (top < 0) {
        *out = number;
        return DYNAMODB_NUMBER_OK;
    }
    while (places[bottom] == 0)
        bottom++;
    if (top - bottom >= DYNAMODB_NUMBER_DIGITS)
        return DYNAMODB_NUMBER_TOO_PRECISE;
    result = check_range(top + LOWEST_PLACE);
    if (result != DYNAMODB_NUMBER_OK)
        return result;
    number.negative = negative;
    number.exponent = top + LOWEST_PLACE;
    for (int i = top; i >= bottom; i--)
        number.digits[number.count++] = (unsigned char)places[i];
    *out = number;
    return DYNAMODB_NUMBER_OK;
}

static dynamodb_number_result combine(const dynamodb_number *a, const dynamodb_number *b, int sign,
                                      dynamodb_number *out)
{
    int places[PLACES] = { 0 };
    bool negative;

    spread(a, 1, places);
    spread(b, sign, places);
    negative = settle(places);
    return gather(places, negative, out);
}

dynamodb_number_result dynamodb_number_add(const dynamodb_number *a, const dynamodb_number *b,
                                           dynamodb_number *out)
{
    return combine(a, b, 1, out);
}

dynamodb_number_result dynamodb_number_subtract(const dynamodb_number *a, const dynamodb_number *b,
                                                dynamodb_number *out)
{
    return combine(a, b, -1, out);
}

size_t dynamodb_number_key(const dynamodb_number *number,
                           unsigned char out[DYNAMODB_NUMBER_KEY_SIZE])
{
    unsigned char exponent = (unsigned char)(number->exponent - EXPONENT_MIN);
    size_t len = 0;

    /* Sign byte, exponent, digits; for a negative number all complemented, and closed by a byte
       above any digit, so that of -1 and -1.5 the shorter comes last. */
    if (number->count == 0) {
        out[len++] = 0x80;
        return len;
    }
    out[len++] = number->negative ? 0x7F : 0x81;
    out[len++] = number->negative ? (unsigned char)(255 - exponent) : exponent;
    for (size_t i = 0; i < number->count; i++)
        out[len++] = number->negative ? (unsigned char)(9 - number->digits[i]) : number->digits[i];
    if (number->negative)
        out[len++] = 0xFF;
    return len;
}

int dynamodb_number_compare(const dynamodb_number *a, const dynamodb_number *b)
{
    unsigned char key_a[DYNAMODB_NUMBER_KEY_SIZE];
    unsigned char key_b[DYNAMODB_NUMBER_KEY_SIZE];
    size_t len_a = dynamodb_number_key(a, key_a);
    size_t len_b = dynamodb_number_key(b, key_b);
    int order = memcmp(key_a, key_b, len_a < len_b ? len_a : len_b);

    if (order != 0)
        return order;
    return (len_a > len_b) - (len_a < len_b);
}

size_t dynamodb_number_size(const dynamodb_number *number)
{
    int first = number->exponent + DYNAMODB_NUMBER_DIGITS * 8; /* made positive, still even */
    int last = first - (int)number->count + 1;

    if (number->count == 0)
        return 1;
    return 1 + (size_t)(first / 2 - last / 2 + 1) + (number->negative ? 1 : 0);
}

void dynamodb_number_explain(dynamodb_number_result result, const char *text, char *out,
                             size_t out_size)
{
    switch (result) {
    case DYNAMODB_NUMBER_TOO_PRECISE:
        (void)snprintf(out, out_size,
                       "Attempting to store more than 38 significant digits in a Number");
        return;
    case DYNAMODB_NUMBER_TOO_LARGE:
        (void)snprintf(out, out_size,
                       "Number overflow. Attempting to store a number with magnitude larger than "
                       "supported range");
        return;
    case DYNAMODB_NUMBER_TOO_SMALL:
        (void)snprintf(out, out_size,
                       "Number underflow. Attempting to store a number with magnitude smaller "
                       "than supported range");
        return;
    case DYNAMODB_NUMBER_OK:
    case DYNAMODB_NUMBER_NOT_ONE:
        break;
    }
    (void)snprintf(out, out_size, "The parameter cannot be converted to a numeric value%s%.100s",
                   *text == '\0' ? "" : ": ", text);
}
