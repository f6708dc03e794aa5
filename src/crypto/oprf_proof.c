/* SPDX-License-Identifier: Apache-2.0
 *
 * RFC 9497 section 2.2: one proof for a batch that all pairs of points have the same discrete logarithm as the public
 * key. Both lists are folded into one pair by random weights (the composites); the proof is about that pair. The prover
 * folds one list and multiplies by its key, the verifier folds both.
 */
#include "crypto/oprf.h"

#include "base/parallel.h"
#include "crypto/group.h"
#include "crypto/hash.h"
#include "crypto/oprf_hash.h"
#include "crypto/secret.h"

#include <stdlib.h>
#include <string.h>

enum { FOLD_BLOCK = 32 };

struct fold_sums {
    struct crypto_point first, second;
};

struct fold {
    enum crypto_oprf_mode mode;
    uint8_t seed[64];
    const struct crypto_point *first, *second;
    size_t count;
    bool folds_second; /* the verifier's way */
    struct fold_sums *blocks;
};

static void append_sized(uint8_t *out, size_t *at, const void *bytes, size_t len)
{
    out[(*at)++] = (uint8_t)(len >> 8);
    out[(*at)++] = (uint8_t)len;
    memcpy(out + *at, bytes, len);
    *at += len;
}

/* RFC 9497 2.2.1: seed = Hash(len ‖ public key ‖ len ‖ "Seed-" ‖ context string). */
static void fold_seed(enum crypto_oprf_mode mode, const struct crypto_point *public_key, uint8_t seed[64])
{
    uint8_t storage[CRYPTO_OPRF_DOMAIN_MAX], transcript[2 + 32 + 2 + CRYPTO_OPRF_DOMAIN_MAX];
    struct base_bytes domain = crypto_oprf_domain("Seed-", mode, storage);
    size_t at = 0;
    append_sized(transcript, &at, public_key->bytes, 32);
    append_sized(transcript, &at, domain.data, domain.len);
    crypto_sha512(&(const struct base_bytes){transcript, at}, 1, seed);
}

/* The weight of pair i: HashToScalar(len ‖ seed ‖ i ‖ len ‖ first ‖ len ‖ second ‖ "Composite"). */
static enum base_code fold_weight(const struct fold *fold, size_t i, struct crypto_scalar *out)
{
    uint8_t transcript[2 + 64 + 2 + 2 + 32 + 2 + 32 + 9];
    size_t at = 0;
    append_sized(transcript, &at, fold->seed, 64);
    transcript[at++] = (uint8_t)(i >> 8);
    transcript[at++] = (uint8_t)i;
    append_sized(transcript, &at, fold->first[i].bytes, 32);
    append_sized(transcript, &at, fold->second[i].bytes, 32);
    memcpy(transcript + at, "Composite", 9);
    return crypto_oprf_hash_to_scalar(fold->mode, base_bytes_of(transcript, at + 9), out);
}

static enum base_code fold_add(const struct crypto_scalar *weight, const struct crypto_point *point,
                               struct crypto_point *sum)
{
    struct crypto_point product;
    BASE_TRY(crypto_group_multiply(weight, point, &product));
    return crypto_group_add(sum, &product, sum);
}

/* What is multiplied here is checked to be a point by that; the prover's second list is its own work. */
static enum base_code fold_block(const struct fold *fold, size_t block)
{
    struct fold_sums sums = {{{0}}, {{0}}}; /* the identity */
    size_t end = (block + 1) * FOLD_BLOCK < fold->count ? (block + 1) * FOLD_BLOCK : fold->count;
    for (size_t i = block * FOLD_BLOCK; i < end; i++) {
        struct crypto_scalar weight;
        if (crypto_group_is_identity(&fold->first[i]) || crypto_group_is_identity(&fold->second[i]))
            return base_fail(BASE_E_IDENTITY, "the identity of ristretto255 in a batch");
        BASE_TRY(fold_weight(fold, i, &weight));
        BASE_TRY(fold_add(&weight, &fold->first[i], &sums.first));
        if (fold->folds_second)
            BASE_TRY(fold_add(&weight, &fold->second[i], &sums.second));
    }
    fold->blocks[block] = sums;
    return BASE_OK;
}

static enum base_code fold_range(void *context, size_t begin, size_t end)
{
    for (size_t block = begin; block < end; block++)
        BASE_TRY(fold_block(context, block));
    return BASE_OK;
}

static enum base_code fold_run(struct fold *fold, unsigned threads, struct fold_sums *out)
{
    enum base_code code;
    size_t blocks = (fold->count + FOLD_BLOCK - 1) / FOLD_BLOCK;
    if (fold->count == 0)
        return base_fail(BASE_E_ARGUMENT, "a proof about no points");
    if (fold->count > CRYPTO_OPRF_BATCH_MAX) /* the index in the weight has two bytes */
        return base_fail(BASE_E_LIMIT, "a proof about more than 65535 points");
    fold->blocks = base_alloc_array(blocks, sizeof *fold->blocks);
    if (fold->blocks == NULL)
        return base_fail(BASE_E_NOMEM, "out of memory for a proof");
    if ((code = base_parallel_for(threads, blocks, 1, fold_range, fold)) != BASE_OK)
        goto done;
    *out = fold->blocks[0];
    for (size_t i = 1; i < blocks; i++) {
        if ((code = crypto_group_add(&out->first, &fold->blocks[i].first, &out->first)) != BASE_OK ||
            (code = crypto_group_add(&out->second, &fold->blocks[i].second, &out->second)) != BASE_OK)
            goto done;
    }
done:
    free(fold->blocks);
    return code;
}

/* HashToScalar(len ‖ public key ‖ len ‖ M ‖ len ‖ Z ‖ len ‖ t2 ‖ len ‖ t3 ‖ "Challenge"). */
static enum base_code challenge_of(enum crypto_oprf_mode mode, const struct crypto_point *public_key,
                                   const struct fold_sums *sums, const struct crypto_point *t2,
                                   const struct crypto_point *t3, struct crypto_scalar *out)
{
    uint8_t transcript[5 * (2 + 32) + 9];
    size_t at = 0;
    append_sized(transcript, &at, public_key->bytes, 32);
    append_sized(transcript, &at, sums->first.bytes, 32);
    append_sized(transcript, &at, sums->second.bytes, 32);
    append_sized(transcript, &at, t2->bytes, 32);
    append_sized(transcript, &at, t3->bytes, 32);
    memcpy(transcript + at, "Challenge", 9);
    return crypto_oprf_hash_to_scalar(mode, base_bytes_of(transcript, at + 9), out);
}

enum base_code crypto_oprf_prove(enum crypto_oprf_mode mode, const struct crypto_scalar *secret,
                                 const struct crypto_point *public_key, const struct crypto_scalar *nonce,
                                 const struct crypto_point *first, const struct crypto_point *second, size_t count,
                                 unsigned threads, struct crypto_oprf_proof *out)
{
    struct fold fold = {.mode = mode, .first = first, .second = second, .count = count};
    struct fold_sums sums;
    struct crypto_point t2, t3;
    struct crypto_scalar product;
    BASE_TRY(crypto_scalar_check(secret));
    BASE_TRY(crypto_scalar_check(nonce));
    BASE_TRY(crypto_point_check(public_key));
    fold_seed(mode, public_key, fold.seed);
    BASE_TRY(fold_run(&fold, threads, &sums));
    BASE_TRY(crypto_group_multiply(secret, &sums.first, &sums.second));
    crypto_group_multiply_base(nonce, &t2);
    BASE_TRY(crypto_group_multiply(nonce, &sums.first, &t3));
    BASE_TRY(challenge_of(mode, public_key, &sums, &t2, &t3, &out->challenge));
    crypto_group_scalar_multiply(&out->challenge, secret, &product);
    crypto_group_scalar_subtract(nonce, &product, &out->response);
    crypto_wipe(&product, sizeof product);
    return BASE_OK;
}

enum base_code crypto_oprf_verify(enum crypto_oprf_mode mode, const struct crypto_point *public_key,
                                  const struct crypto_point *first, const struct crypto_point *second, size_t count,
                                  unsigned threads, const struct crypto_oprf_proof *proof)
{
    struct fold fold = {.mode = mode, .first = first, .second = second, .count = count, .folds_second = true};
    struct fold_sums sums;
    struct crypto_point t2, t3, part;
    struct crypto_scalar expected;
    if (!crypto_group_is_scalar(&proof->challenge) || !crypto_group_is_scalar(&proof->response))
        return base_fail(BASE_E_SCALAR, "a scalar of a proof is not below the group order");
    BASE_TRY(crypto_point_check(public_key));
    fold_seed(mode, public_key, fold.seed);
    BASE_TRY(fold_run(&fold, threads, &sums));
    crypto_group_multiply_base(&proof->response, &t2);
    BASE_TRY(crypto_group_multiply(&proof->challenge, public_key, &part));
    BASE_TRY(crypto_group_add(&t2, &part, &t2));
    BASE_TRY(crypto_group_multiply(&proof->response, &sums.first, &t3));
    BASE_TRY(crypto_group_multiply(&proof->challenge, &sums.second, &part));
    BASE_TRY(crypto_group_add(&t3, &part, &t3));
    BASE_TRY(challenge_of(mode, public_key, &sums, &t2, &t3, &expected));
    if (!crypto_equal(expected.bytes, proof->challenge.bytes, sizeof expected.bytes))
        return base_fail(BASE_E_PROOF, "the evaluations were not made with the published key");
    return BASE_OK;
}
