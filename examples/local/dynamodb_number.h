/*
 * dynamodb_number.h - DynamoDB's Number: an exact decimal of at most 38 significant digits,
 * magnitude 1E-130 to 9.99..E+125. Never passes through a binary floating-point type.
 */
#ifndef ICECAT_LOCAL_DYNAMODB_NUMBER_H
#define ICECAT_LOCAL_DYNAMODB_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

#define DYNAMODB_NUMBER_DIGITS    38
#define DYNAMODB_NUMBER_TEXT_SIZE 192 /* "-0.", 129 zeros, 38 digits, NUL */
#define DYNAMODB_NUMBER_KEY_SIZE  48

typedef struct dynamodb_number {
    bool negative;
    int exponent; /* of the first digit: 7 is 0, 70 is 1, 0.7 is -1 */
    size_t count; /* of digits; 0 is the number zero */
    unsigned char digits[DYNAMODB_NUMBER_DIGITS];
} dynamodb_number;

typedef enum dynamodb_number_result {
    DYNAMODB_NUMBER_OK,
    DYNAMODB_NUMBER_NOT_ONE,
    DYNAMODB_NUMBER_TOO_PRECISE,
    DYNAMODB_NUMBER_TOO_LARGE,
    DYNAMODB_NUMBER_TOO_SMALL
} dynamodb_number_result;

/* Read "-12.5e3". No white space, no "NaN". *out is set only on success. */
dynamodb_number_result dynamodb_number_parse(const char *text, dynamodb_number *out);

/* Plain notation without superfluous zeros, the one spelling of each number: "7", "1000", "-0.5". */
void dynamodb_number_print(const dynamodb_number *number, char out[DYNAMODB_NUMBER_TEXT_SIZE]);

/* a + b, exact; TOO_PRECISE when the sum needs more than 38 digits. */
dynamodb_number_result dynamodb_number_add(const dynamodb_number *a, const dynamodb_number *b,
                                           dynamodb_number *out);

/* a - b, likewise. */
dynamodb_number_result dynamodb_number_subtract(const dynamodb_number *a, const dynamodb_number *b,
                                                dynamodb_number *out);

/* Bytes whose memcmp order (a prefix first) is the numeric order. Returns their count. */
size_t dynamodb_number_key(const dynamodb_number *number,
                           unsigned char out[DYNAMODB_NUMBER_KEY_SIZE]);

/* Negative, zero or positive as a <, ==, > b. */
int dynamodb_number_compare(const dynamodb_number *a, const dynamodb_number *b);

/* Bytes the number counts for in an item's size: about one per two digits, plus one. */
size_t dynamodb_number_size(const dynamodb_number *number);

/* The sentence that the service uses for a failed result; text is what could not be read. */
void dynamodb_number_explain(dynamodb_number_result result, const char *text, char *out,
                             size_t out_size);

#endif
