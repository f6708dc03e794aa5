/* SPDX-License-Identifier: Apache-2.0
 *
 * Parties and terms for the tests of this layer, made from fixed seeds.
 */
#ifndef TESTS_EXCHANGE_SAMPLE_H
#define TESTS_EXCHANGE_SAMPLE_H

#include "exchange/statement.h"
#include "support/test.h"

static inline void sample_key(uint8_t seed, struct crypto_sign_public *out)
{
    struct crypto_key bytes;
    struct crypto_sign_secret secret;
    memset(bytes.bytes, seed, sizeof bytes.bytes);
    crypto_sign_keys_from_seed(&bytes, &secret, out);
}

static inline void sample_terms(struct exchange_terms *out)
{
    *out = (struct exchange_terms){.purpose = "persons missing after the flood", .max_list = 1000, .max_keys = 24000,
                                   .matches_per_day = 4, .starters = EXCHANGE_START_BOTH, .time_ms = 1795496400000};
    exchange_terms_defaults(out);
    memset(out->compartment.bytes, 0xc0, sizeof out->compartment.bytes);
    memset(out->rules.bytes, 0x11, sizeof out->rules.bytes);
    sample_key(1, &out->sides[EXCHANGE_PROPOSER].identity);
    sample_key(2, &out->sides[EXCHANGE_PROPOSER].key);
    sample_key(3, &out->sides[EXCHANGE_ACCEPTER].identity);
}

/* `text` with the first `from` replaced by `to`. */
static inline void replaced(struct base_buffer *out, const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    assert_non_null(at);
    base_buffer_clear(out);
    assert_ok(base_buffer_append(out, base_bytes_of(text, (size_t)(at - text))));
    assert_ok(base_buffer_text(out, to));
    assert_ok(base_buffer_text(out, at + strlen(from)));
}

#endif
