/* SPDX-License-Identifier: Apache-2.0
 *
 * Vectors as they stand in the papers: hexadecimal text to bytes, read without the code under test.
 */
#ifndef CRYPTO_HEX_H
#define CRYPTO_HEX_H

#include "support/test.h"

static inline size_t from_hex(const char *text, uint8_t *out, size_t capacity)
{
    size_t len = strlen(text) / 2;
    assert_true(len <= capacity && strlen(text) % 2 == 0);
    for (size_t i = 0; i < len; i++) {
        unsigned value;
        assert_int_equal(1, sscanf(text + 2 * i, "%2x", &value));
        out[i] = (uint8_t)value;
    }
    return len;
}

#define assert_hex(expected_text, data, data_len)                                                  \
    do {                                                                                           \
        uint8_t assert_expected[256];                                                              \
        size_t assert_len = from_hex(expected_text, assert_expected, sizeof assert_expected);      \
        assert_int_equal(assert_len, data_len);                                                    \
        assert_memory_equal(assert_expected, data, assert_len);                                    \
    } while (0)

#endif
