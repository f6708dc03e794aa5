/* SPDX-License-Identifier: Apache-2.0
 *
 * Sixteen trees of 256 leaves, of which the receiver of the VOLE knows all leaves and the sender all but one, the one at its 8 bits of
 * Delta: the puncturable function of SoftSpokenOT (Roy, eprint 2022/192), with its check that the sums sent belong to one
 * tree. A leaf is the key of a generator: stream 0 is the extension's, stream 1 gives the 32 bytes that the check adds and hashes.
 */
#include "vole/inside.h"

enum { STRING_LEN = 32, STRING_BLOCKS = STRING_LEN / VOLE_BLOCK_LEN };

struct strings {
    struct block of_leaf[VOLE_PUNCTURED_LEAVES][STRING_BLOCKS];
};

struct vole_repair vole_repair_for(struct block_sides grown, const struct block empty[2], unsigned hidden, struct block known_sum)
{
    struct vole_repair repair = {
        .left = vole_select(hidden, block_xor(known_sum, grown.left), empty[0]),
        .right = vole_select(hidden, empty[1], block_xor(known_sum, grown.right)),
    };
    repair.total = block_xor(block_xor(grown.left, grown.right), block_xor(repair.left, repair.right));
    return repair;
}

void vole_repair_apply(struct block *nodes, size_t count, size_t place, const struct vole_repair *repair)
{
    block_add_at(nodes, count, place, repair->left);
    block_add_at(nodes + count, count, place, repair->right);
}

static void strings_of(const struct block *leaves, struct strings *out)
{
    struct block_aes aes;
    for (size_t y = 0; y < VOLE_PUNCTURED_LEAVES; y++) {
        block_aes_init(&aes, leaves[y]);
        block_aes_counter(&aes, 1, 0, out->of_leaf[y], STRING_BLOCKS);
    }
    block_aes_wipe(&aes);
}

static void strings_sum(const struct strings *strings, struct block out[STRING_BLOCKS])
{
    memset(out, 0, STRING_LEN);
    for (size_t y = 0; y < VOLE_PUNCTURED_LEAVES; y++)
        block_xor_into(out, strings->of_leaf[y], STRING_BLOCKS);
}

static void strings_hash(const struct strings *strings, struct crypto_hash *out)
{
    crypto_sha256(&(const struct base_bytes){(const uint8_t *)strings, sizeof *strings}, 1, out);
}

static void combine(const struct vole_session *session, const struct crypto_hash hashes[VOLE_PUNCTURED], struct crypto_hash *out)
{
    const struct base_bytes parts[] = {base_bytes_of(session->binding.bytes, sizeof session->binding.bytes),
                                       base_bytes_of(hashes, VOLE_PUNCTURED * sizeof *hashes)};
    crypto_hash_domain("entente/vole/puncture/v1", parts, 2, out);
}

static struct block key_block(const struct crypto_ot_key *key)
{
    return block_load(key->bytes);
}

/* Work on ranges of the sixteen trees. */
struct job {
    struct vole_session *session;
    struct vole_extend_head *sent;
    const struct vole_extend_head *received;
    struct crypto_hash hashes[VOLE_PUNCTURED];
};

static void send_tree(struct job *job, size_t i)
{
    const struct vole_session *session = job->session;
    struct vole_puncture *out = &job->sent->punctures[i];
    struct block *nodes = session->arrays.seeds + i * VOLE_PUNCTURED_LEAVES;
    struct strings strings;
    struct block sum[STRING_BLOCKS];
    uint8_t root[64];
    vole_stream(session, "root", i, root);
    nodes[0] = block_load(root);
    for (unsigned level = 0; level < VOLE_PUNCTURED_DEPTH; level++) {
        struct block_sides sides = block_tree_double(&session->tree_pi, nodes, (size_t)1 << level);
        const struct crypto_ot_key *keys = session->keys[i * VOLE_PUNCTURED_DEPTH + level];
        out->sums[level][0] = block_xor(sides.left, key_block(&keys[0]));
        out->sums[level][1] = block_xor(sides.right, key_block(&keys[1]));
    }
    strings_of(nodes, &strings);
    strings_sum(&strings, sum);
    memcpy(out->check, sum, sizeof out->check);
    strings_hash(&strings, &job->hashes[i]);
    crypto_wipe(&strings, sizeof strings);
    crypto_wipe(root, sizeof root);
}

static enum base_code send_range(void *context, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++)
        send_tree(context, i);
    return BASE_OK;
}

enum base_code vole_puncture_send(struct vole_session *session, struct vole_extend_head *head)
{
    struct job job = {.session = session, .sent = head};
    BASE_TRY(base_parallel_for(session->config.threads, VOLE_PUNCTURED, 1, send_range, &job));
    combine(session, job.hashes, &head->digest);
    return BASE_OK;
}

/* Moves the leaf at y ^ delta to y, whatever delta is. */
static void turn_leaves(struct block *leaves, unsigned delta)
{
    for (unsigned bit = 1, k = 0; bit < VOLE_PUNCTURED_LEAVES; bit <<= 1, k++) {
        struct block mask = block_mask(delta >> k);
        for (size_t y = 0; y < VOLE_PUNCTURED_LEAVES; y++) {
            if (y & bit)
                continue;
            struct block differ = block_and(mask, block_xor(leaves[y], leaves[y + bit]));
            leaves[y] = block_xor(leaves[y], differ);
            leaves[y + bit] = block_xor(leaves[y + bit], differ);
        }
    }
}

static void receive_tree(struct job *job, size_t i)
{
    const struct vole_session *session = job->session;
    const struct vole_puncture *in = &job->received->punctures[i];
    struct block *nodes = session->arrays.seeds + i * VOLE_PUNCTURED_LEAVES;
    struct strings strings;
    struct block sum[STRING_BLOCKS], check[STRING_BLOCKS];
    unsigned place = 0;
    nodes[0] = BLOCK_ZERO;
    for (unsigned level = 0; level < VOLE_PUNCTURED_DEPTH; level++) {
        size_t number = i * VOLE_PUNCTURED_DEPTH + level;
        unsigned hidden = block_bit(session->delta, (unsigned)number);
        struct block known_sum = block_xor(vole_select(hidden, in->sums[level][0], in->sums[level][1]), key_block(session->keys[number]));
        struct block_sides sides = block_tree_double(&session->tree_pi, nodes, (size_t)1 << level);
        struct vole_repair repair = vole_repair_for(sides, session->empty, hidden, known_sum);
        vole_repair_apply(nodes, (size_t)1 << level, place, &repair);
        place |= hidden << level;
    }
    strings_of(nodes, &strings);
    strings_sum(&strings, sum);
    memcpy(check, in->check, sizeof check);
    for (size_t b = 0; b < STRING_BLOCKS; b++) /* the hidden leaf's string is what is missing from the sum */
        block_add_at(strings.of_leaf[0], VOLE_PUNCTURED_LEAVES * STRING_BLOCKS, place * STRING_BLOCKS + b, block_xor(sum[b], check[b]));
    strings_hash(&strings, &job->hashes[i]);
    turn_leaves(nodes, place);
    crypto_wipe(&strings, sizeof strings);
}

static enum base_code receive_range(void *context, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++)
        receive_tree(context, i);
    return BASE_OK;
}

enum base_code vole_puncture_receive(struct vole_session *session, const struct vole_extend_head *head)
{
    struct job job = {.session = session, .received = head};
    struct crypto_hash digest;
    BASE_TRY(base_parallel_for(session->config.threads, VOLE_PUNCTURED, 1, receive_range, &job));
    combine(session, job.hashes, &digest);
    if (!crypto_hash_equal(&digest, &head->digest))
        return base_fail(BASE_E_PROOF, "sums that belong to no tree of the extension");
    return BASE_OK;
}
