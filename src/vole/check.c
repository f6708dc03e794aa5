/* SPDX-License-Identifier: Apache-2.0
 *
 * The check that the leaves are what they should be, in the manner of Ferret (Yang et al., eprint 2020/924) and Wolverine (eprint
 * 2020/925, section 5.1): one random linear combination over all leaves, with one item of the extension as mask.
 *
 * Leaf i of tree j has the coefficient factor[j] * weight[i]; both are drawn from a hash over all messages up to TREES. With e
 * the noise, a, b, c the mask's item of the extension:
 *
 *     receiver sends   s = a + sum of coefficient * e
 *     sender proves    V = b + Delta * s + sum of coefficient * (its leaf)
 *     receiver wants   W = c + sum of coefficient * (its leaf), which equals V.
 */
#include "vole/inside.h"

enum { AT_ONCE = 8 };

void vole_check_challenge(struct vole_session *session)
{
    struct block_aes aes;
    vole_transcript_aes(session, "entente/vole/check/v1", VOLE_KIND_TREES, &aes);
    block_aes_counter(&aes, 0, 0, session->arrays.weights, (size_t)1 << session->params.tree_depth);
    block_aes_counter(&aes, 1, 0, session->arrays.factors, session->params.tree_count);
}

struct block vole_check_errors(const struct vole_session *session)
{
    const struct vole_arrays *arrays = &session->arrays;
    struct block total = arrays->errors[session->params.tree_count];
    for (size_t tree = 0; tree < session->params.tree_count; tree++) {
        struct block weight = block_pick(arrays->weights, (size_t)1 << session->params.tree_depth, arrays->places[tree]);
        struct block coefficient = block_gf_multiply(weight, arrays->factors[tree]);
        total = block_xor(total, block_gf_multiply(coefficient, arrays->errors[tree]));
    }
    return total;
}

static enum base_code dot_range(void *context, size_t begin, size_t end)
{
    const struct vole_session *session = context;
    size_t leaves = (size_t)1 << session->params.tree_depth;
    for (size_t tree = begin; tree < end; tree++)
        session->arrays.dots[tree] = block_gf_dot(session->arrays.vectors[0] + tree * leaves, session->arrays.weights, leaves);
    return BASE_OK;
}

enum base_code vole_check_dots(struct vole_session *session)
{
    return base_parallel_for(session->config.threads, session->params.tree_count, AT_ONCE, dot_range, session);
}

void vole_check_proof(const struct vole_session *session, struct block value, struct crypto_hash *out)
{
    struct crypto_hash transcript;
    vole_transcript(session, "entente/vole/proof/v1", VOLE_KIND_CHECK, &transcript);
    const struct base_bytes parts[] = {base_bytes_of(transcript.bytes, sizeof transcript.bytes), base_bytes_of(&value, sizeof value)};
    crypto_hash_domain("entente/vole/proof-value/v1", parts, 2, out);
}
