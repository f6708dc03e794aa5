/* SPDX-License-Identifier: Apache-2.0
 *
 * From correlated transfers to a vector with few noisy items: one half-tree (Guo et al., eprint 2022/1431) for each noisy position. Rows
 * q (sender) and t = q + u Delta (receiver) of a tree are consumed level by level:
 *
 *   level 1         the children are q and q + Delta; the receiver's t is the one on the side u. Nothing is sent.
 *   levels 2..d-1   block_tree_halve(); sides add up to K and K + Delta; sent: K + q; the receiver gets the sum of the side u.
 *   level d         block_tree_double(), so that the leaves are unrelated; sent: both sums, each under a hash of its row.
 *   then            the sum of all leaves plus the tree's item of the extension's B: it makes the hidden leaf
 *                   the sender's leaf plus Delta times the tree's noise value (Wolverine, eprint 2020/925, section 5).
 *
 * The hidden side of a level is the one that was not chosen. The receiver repairs levels without using a secret as an address.
 */
#include "vole/inside.h"

enum { AT_ONCE = 4 };

struct job {
    struct vole_session *session;
    uint8_t *body;
};

static struct block hash_row(const struct vole_session *session, size_t tree, struct block row)
{
    struct block out;
    block_hash_tweaked(&session->transfer_pi, tree, &row, &out, 1);
    return out;
}

static void grow_tree(const struct job *job, size_t tree)
{
    const struct vole_session *session = job->session;
    unsigned depth = session->params.tree_depth;
    const struct block *rows = session->arrays.rows + tree * depth;
    struct block *leaves = session->arrays.vectors[0] + (tree << depth);
    uint8_t *out = job->body + tree * (depth + 1) * VOLE_BLOCK_LEN;
    leaves[0] = rows[0];
    leaves[1] = block_xor(rows[0], session->delta);
    for (unsigned level = 1; level + 1 < depth; level++, out += VOLE_BLOCK_LEN) {
        struct block_sides sides = block_tree_halve(&session->tree_pi, leaves, (size_t)1 << level);
        block_store(block_xor(sides.left, rows[level]), out);
    }
    struct block_sides sides = block_tree_double(&session->tree_pi, leaves, (size_t)1 << (depth - 1));
    struct block last = rows[depth - 1];
    block_store(block_xor(sides.left, hash_row(session, tree, last)), out);
    block_store(block_xor(sides.right, hash_row(session, tree, block_xor(last, session->delta))), out + VOLE_BLOCK_LEN);
    block_store(block_xor(block_xor(sides.left, sides.right), session->arrays.base[tree]), out + 2 * VOLE_BLOCK_LEN);
}

static enum base_code grow_range(void *context, size_t begin, size_t end)
{
    for (size_t tree = begin; tree < end; tree++)
        grow_tree(context, tree);
    return BASE_OK;
}

enum base_code vole_trees_grow(struct vole_session *session, uint8_t *body)
{
    struct job job = {session, body};
    return base_parallel_for(session->config.threads, session->params.tree_count, AT_ONCE, grow_range, &job);
}

static unsigned hidden_at(const struct vole_session *session, size_t tree, unsigned level)
{
    return (unsigned)(session->arrays.places[tree] >> level) & 1u;
}

/* The last level with the noisy leaf in its place: instead of zero it becomes `noisy` plus the sum of all others. */
static void regrow_last(const struct vole_session *session, size_t tree, struct block *leaves, size_t place, const struct block *repairs)
{
    unsigned depth = session->params.tree_depth, hidden = hidden_at(session, tree, depth - 1);
    size_t count = (size_t)1 << (depth - 1);
    struct block row_hash = hash_row(session, tree, session->arrays.rows[tree * depth + depth - 1]);
    struct block known_sum = block_xor(vole_select(hidden, repairs[0], repairs[1]), row_hash);
    struct vole_repair repair = vole_repair_for(block_tree_double(&session->tree_pi, leaves, count), session->empty, hidden, known_sum);
    struct block noisy = block_xor(block_xor(repairs[2], session->arrays.base[tree]), repair.total);
    repair.left = block_xor(repair.left, vole_select(hidden, BLOCK_ZERO, noisy));
    repair.right = block_xor(repair.right, vole_select(hidden, noisy, BLOCK_ZERO));
    vole_repair_apply(leaves, count, place, &repair);
}

static void regrow_tree(const struct vole_session *session, size_t tree)
{
    unsigned depth = session->params.tree_depth, hidden = hidden_at(session, tree, 0);
    const struct block *rows = session->arrays.rows + tree * depth;
    const struct block *repairs = session->arrays.repairs + tree * (depth + 1);
    struct block *leaves = session->arrays.vectors[0] + (tree << depth);
    const struct block halves[2] = {session->empty[0], session->empty[0]}; /* the children of zero: H(0) and 0 + H(0) */
    size_t place = hidden;
    leaves[0] = vole_select(hidden, rows[0], BLOCK_ZERO);
    leaves[1] = vole_select(hidden, BLOCK_ZERO, rows[0]);
    for (unsigned level = 1; level + 1 < depth; level++) {
        size_t count = (size_t)1 << level;
        struct block known_sum = block_xor(repairs[level - 1], rows[level]);
        hidden = hidden_at(session, tree, level);
        struct vole_repair repair = vole_repair_for(block_tree_halve(&session->tree_pi, leaves, count), halves, hidden, known_sum);
        vole_repair_apply(leaves, count, place, &repair);
        place |= (size_t)hidden << level;
    }
    regrow_last(session, tree, leaves, place, repairs + depth - 2);
    session->arrays.dots[tree] = block_gf_dot(leaves, session->arrays.weights, (size_t)1 << depth);
}

static void place_error(const struct vole_session *session, size_t tree)
{
    size_t count = (size_t)1 << session->params.tree_depth;
    struct block *leaves = session->arrays.vectors[1] + tree * count;
    memset(leaves, 0, count * sizeof *leaves);
    block_add_at(leaves, count, session->arrays.places[tree], session->arrays.errors[tree]);
}

static enum base_code regrow_range(void *context, size_t begin, size_t end)
{
    const struct job *job = context;
    for (size_t tree = begin; tree < end; tree++) {
        regrow_tree(job->session, tree);
        place_error(job->session, tree);
    }
    return BASE_OK;
}

enum base_code vole_trees_regrow(struct vole_session *session)
{
    struct job job = {session, NULL};
    return base_parallel_for(session->config.threads, session->params.tree_count, AT_ONCE, regrow_range, &job);
}
