/* SPDX-License-Identifier: Apache-2.0
 *
 * RFC 9497 over ristretto255 and SHA-512: hashing to the group, keys, blinding, evaluation, output. The proofs are in
 * oprf_proof.c. Knows nothing of sets or tokens.
 */
#include "crypto/oprf.h"

#include "crypto/group.h"
#include "crypto/hash.h"
#include "crypto/oprf_hash.h"
#include "crypto/secret.h"

#include <string.h>

/* RFC 9380 5.3.1: b_0 from the padded message, then b_i from b_0 xor b_(i-1). */
enum base_code crypto_expand_xmd(struct base_bytes message, struct base_bytes domain, uint8_t *out, size_t len)
{
    static const uint8_t block_of_zeros[128];
    if (domain.len > 255 || len > (size_t)255 * 64)
        return base_fail(BASE_E_LIMIT, "expand_message_xmd: domain or output too long");
    uint8_t length[3] = {(uint8_t)(len >> 8), (uint8_t)len, 0};
    uint8_t domain_len = (uint8_t)domain.len;
    uint8_t first[64], block[64] = {0};
    crypto_sha512((const struct base_bytes[]){{block_of_zeros, sizeof block_of_zeros}, message, {length, 3}, domain,
                                              {&domain_len, 1}}, 5, first);
    for (size_t at = 0, number = 1; at < len; at += 64, number++) {
        uint8_t counter = (uint8_t)number;
        for (size_t i = 0; i < 64; i++)
            block[i] ^= first[i];
        crypto_sha512((const struct base_bytes[]){{block, 64}, {&counter, 1}, domain, {&domain_len, 1}}, 4, block);
        memcpy(out + at, block, len - at < 64 ? len - at : 64);
    }
    crypto_wipe(first, sizeof first);
    crypto_wipe(block, sizeof block);
    return BASE_OK;
}

/* RFC 9497 3.1: prefix ‖ "OPRFV1-" ‖ mode ‖ "-ristretto255-SHA512". */
struct base_bytes crypto_oprf_domain(const char *prefix, enum crypto_oprf_mode mode, uint8_t storage[CRYPTO_OPRF_DOMAIN_MAX])
{
    static const char suite[] = "-ristretto255-SHA512";
    size_t at = strlen(prefix);
    memcpy(storage, prefix, at);
    memcpy(storage + at, "OPRFV1-", 7);
    at += 7;
    storage[at++] = (uint8_t)mode;
    memcpy(storage + at, suite, sizeof suite - 1);
    return (struct base_bytes){storage, at + sizeof suite - 1};
}

enum base_code crypto_oprf_hash_to_group(enum crypto_oprf_mode mode, struct base_bytes input, struct crypto_point *out)
{
    uint8_t storage[CRYPTO_OPRF_DOMAIN_MAX], uniform[64];
    BASE_TRY(crypto_expand_xmd(input, crypto_oprf_domain("HashToGroup-", mode, storage), uniform, sizeof uniform));
    crypto_group_from_uniform(uniform, out);
    crypto_wipe(uniform, sizeof uniform);
    return BASE_OK;
}

static enum base_code hash_to_scalar(struct base_bytes domain, struct base_bytes input, struct crypto_scalar *out)
{
    uint8_t uniform[64];
    BASE_TRY(crypto_expand_xmd(input, domain, uniform, sizeof uniform));
    crypto_group_reduce(uniform, out);
    crypto_wipe(uniform, sizeof uniform);
    return BASE_OK;
}

enum base_code crypto_oprf_hash_to_scalar(enum crypto_oprf_mode mode, struct base_bytes input, struct crypto_scalar *out)
{
    uint8_t storage[CRYPTO_OPRF_DOMAIN_MAX];
    return hash_to_scalar(crypto_oprf_domain("HashToScalar-", mode, storage), input, out);
}

/* RFC 9497 3.2.1: a counter is tried until the scalar is not zero. */
static enum base_code derive_secret(enum crypto_oprf_mode mode, struct base_buffer *input, struct crypto_scalar *secret)
{
    uint8_t storage[CRYPTO_OPRF_DOMAIN_MAX];
    struct base_bytes domain = crypto_oprf_domain("DeriveKeyPair", mode, storage);
    for (unsigned counter = 0; counter < 256; counter++) {
        input->data[input->len - 1] = (uint8_t)counter;
        BASE_TRY(hash_to_scalar(domain, base_bytes_buffer(input), secret));
        if (crypto_scalar_check(secret) == BASE_OK)
            return BASE_OK;
    }
    return base_fail(BASE_E_SCALAR, "no key from this seed");
}

enum base_code crypto_oprf_key_derive(enum crypto_oprf_mode mode, const uint8_t seed[32], struct base_bytes info,
                                      struct crypto_scalar *secret, struct crypto_point *public_key)
{
    enum base_code code;
    struct base_buffer input = BASE_BUFFER_EMPTY;
    if (info.len > UINT16_MAX)
        return base_fail(BASE_E_LIMIT, "key info over 65535 bytes");
    const uint8_t info_len[2] = {(uint8_t)(info.len >> 8), (uint8_t)info.len};
    if ((code = base_buffer_reserve(&input, 32 + 2 + info.len + 1)) != BASE_OK ||
        (code = base_buffer_append(&input, base_bytes_of(seed, 32))) != BASE_OK ||
        (code = base_buffer_append(&input, base_bytes_of(info_len, 2))) != BASE_OK ||
        (code = base_buffer_append(&input, info)) != BASE_OK ||
        (code = base_buffer_append(&input, base_bytes_of("", 1))) != BASE_OK ||
        (code = derive_secret(mode, &input, secret)) != BASE_OK)
        goto done;
    crypto_group_multiply_base(secret, public_key);
done:
    crypto_wipe_buffer(&input);
    return code;
}

enum base_code crypto_oprf_key_public(const struct crypto_scalar *secret, struct crypto_point *out)
{
    BASE_TRY(crypto_scalar_check(secret));
    crypto_group_multiply_base(secret, out);
    return BASE_OK;
}

static enum base_code input_point(enum crypto_oprf_mode mode, struct base_bytes input, struct crypto_point *out)
{
    if (input.len > UINT16_MAX)
        return base_fail(BASE_E_LIMIT, "OPRF input over 65535 bytes");
    BASE_TRY(crypto_oprf_hash_to_group(mode, input, out));
    if (crypto_group_is_identity(out)) /* RFC 9497 3.3.1, InvalidInputError */
        return base_fail(BASE_E_IDENTITY, "an OPRF input hashes to the identity");
    return BASE_OK;
}

enum base_code crypto_oprf_blind(enum crypto_oprf_mode mode, struct base_bytes input, const struct crypto_scalar *blind,
                                 struct crypto_point *out)
{
    struct crypto_point point;
    BASE_TRY(crypto_scalar_check(blind));
    BASE_TRY(input_point(mode, input, &point));
    enum base_code code = crypto_group_multiply(blind, &point, out);
    crypto_wipe(&point, sizeof point);
    return code;
}

enum base_code crypto_oprf_evaluate(const struct crypto_scalar *secret, const struct crypto_point *blinded,
                                    struct crypto_point *out)
{
    BASE_TRY(crypto_scalar_check(secret));
    if (crypto_group_is_identity(blinded))
        return base_fail(BASE_E_IDENTITY, "the identity of ristretto255");
    return crypto_group_multiply(secret, blinded, out);
}

enum base_code crypto_oprf_evaluate_inverse(const struct crypto_scalar *tweaked, const struct crypto_point *blinded,
                                            struct crypto_point *out)
{
    struct crypto_scalar inverse;
    BASE_TRY(crypto_scalar_check(tweaked));
    if (crypto_group_is_identity(blinded))
        return base_fail(BASE_E_IDENTITY, "the identity of ristretto255");
    BASE_TRY(crypto_group_scalar_invert(tweaked, &inverse));
    enum base_code code = crypto_group_multiply(&inverse, blinded, out);
    crypto_wipe(&inverse, sizeof inverse);
    return code;
}

/* RFC 9497 3.3.1 and 3.3.3: Hash(len ‖ input [‖ len ‖ info] ‖ len ‖ point ‖ "Finalize"). */
static enum base_code output_of(enum crypto_oprf_mode mode, struct base_bytes input, struct base_bytes info,
                                const struct crypto_point *point, uint8_t out[CRYPTO_OPRF_OUTPUT_LEN])
{
    if (input.len > UINT16_MAX || info.len > UINT16_MAX)
        return base_fail(BASE_E_LIMIT, "OPRF input or info over 65535 bytes");
    const uint8_t input_len[2] = {(uint8_t)(input.len >> 8), (uint8_t)input.len};
    const uint8_t info_len[2] = {(uint8_t)(info.len >> 8), (uint8_t)info.len};
    const uint8_t point_len[2] = {0, sizeof point->bytes};
    size_t info_len_len = mode == CRYPTO_OPRF_PARTIAL ? 2 : 0;
    if (mode != CRYPTO_OPRF_PARTIAL)
        info.len = 0;
    crypto_sha512((const struct base_bytes[]){{input_len, 2}, input, {info_len, info_len_len}, info, {point_len, 2},
                                              {point->bytes, sizeof point->bytes}, base_bytes_text("Finalize")}, 7, out);
    return BASE_OK;
}

enum base_code crypto_oprf_finalize(enum crypto_oprf_mode mode, struct base_bytes input, struct base_bytes info,
                                    const struct crypto_scalar *blind, const struct crypto_point *evaluated,
                                    uint8_t out[CRYPTO_OPRF_OUTPUT_LEN])
{
    struct crypto_point point;
    BASE_TRY(crypto_oprf_evaluate_inverse(blind, evaluated, &point)); /* blind^-1 * evaluated */
    enum base_code code = output_of(mode, input, info, &point, out);
    crypto_wipe(&point, sizeof point);
    return code;
}

enum base_code crypto_oprf_output(enum crypto_oprf_mode mode, struct base_bytes input, struct base_bytes info,
                                  const struct crypto_scalar *secret, uint8_t out[CRYPTO_OPRF_OUTPUT_LEN])
{
    enum base_code code;
    struct crypto_point point;
    struct crypto_scalar tweaked;
    BASE_TRY(crypto_scalar_check(secret));
    BASE_TRY(input_point(mode, input, &point));
    if (mode == CRYPTO_OPRF_PARTIAL) {
        BASE_TRY(crypto_oprf_tweak_secret(secret, info, &tweaked));
        code = crypto_oprf_evaluate_inverse(&tweaked, &point, &point);
        crypto_wipe(&tweaked, sizeof tweaked);
    } else {
        code = crypto_group_multiply(secret, &point, &point);
    }
    if (code == BASE_OK)
        code = output_of(mode, input, info, &point, out);
    crypto_wipe(&point, sizeof point);
    return code;
}

/* RFC 9497 3.3.3: m = HashToScalar("Info" ‖ len ‖ info). */
static enum base_code tweak_of(struct base_bytes info, struct crypto_scalar *out)
{
    struct base_buffer framed = BASE_BUFFER_EMPTY;
    if (info.len > UINT16_MAX)
        return base_fail(BASE_E_LIMIT, "OPRF info over 65535 bytes");
    const uint8_t info_len[2] = {(uint8_t)(info.len >> 8), (uint8_t)info.len};
    enum base_code code;
    if ((code = base_buffer_text(&framed, "Info")) == BASE_OK &&
        (code = base_buffer_append(&framed, base_bytes_of(info_len, 2))) == BASE_OK &&
        (code = base_buffer_append(&framed, info)) == BASE_OK)
        code = crypto_oprf_hash_to_scalar(CRYPTO_OPRF_PARTIAL, base_bytes_buffer(&framed), out);
    base_buffer_release(&framed);
    return code;
}

enum base_code crypto_oprf_tweak_secret(const struct crypto_scalar *secret, struct base_bytes info, struct crypto_scalar *out)
{
    struct crypto_scalar tweak;
    BASE_TRY(crypto_scalar_check(secret));
    BASE_TRY(tweak_of(info, &tweak));
    crypto_group_scalar_add(secret, &tweak, out);
    return crypto_scalar_check(out);
}

enum base_code crypto_oprf_tweak_public(const struct crypto_point *public_key, struct base_bytes info, struct crypto_point *out)
{
    struct crypto_scalar tweak;
    struct crypto_point point;
    BASE_TRY(crypto_point_check(public_key));
    BASE_TRY(tweak_of(info, &tweak));
    crypto_group_multiply_base(&tweak, &point);
    BASE_TRY(crypto_group_add(&point, public_key, out));
    return crypto_point_check(out);
}
