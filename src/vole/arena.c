/* SPDX-License-Identifier: Apache-2.0
 *
 * Where the arrays of a session lie in its arena. Two passes over the same list: one counts, one hands out.
 */
#include "vole/inside.h"

enum { LINE = 4 }; /* blocks in a cache line; every array begins at one */

struct walk {
    struct block *at; /* NULL while counting */
    size_t used;
};

static struct block *take(struct walk *walk, size_t count)
{
    struct block *out = walk->at == NULL ? NULL : walk->at + walk->used;
    walk->used += (count + LINE - 1) / LINE * LINE;
    return count == 0 ? NULL : out;
}

static void lay_out(const struct vole_params *params, enum vole_role role, struct walk *walk, struct vole_arrays *out)
{
    size_t trees = params->tree_count, is_receiver = role == VOLE_RECEIVER;
    size_t rows = params->is_direct ? 0 : (params->base_count - trees - 2) * VOLE_BITS;
    *out = (struct vole_arrays){.seeds = NULL};
    out->seeds = take(walk, VOLE_PUNCTURED * VOLE_PUNCTURED_LEAVES);
    out->base = take(walk, params->base_count);
    out->chi = take(walk, params->base_count);
    out->rows = take(walk, rows);
    out->weights = take(walk, params->is_direct ? 0 : (size_t)1 << params->tree_depth);
    out->factors = take(walk, trees);
    out->dots = take(walk, trees);
    out->errors = take(walk, is_receiver * (trees + 1));
    out->places = (uint64_t *)take(walk, is_receiver * (trees + 1) / 2);
    out->repairs = take(walk, is_receiver * trees * (params->tree_depth + 1));

    struct walk other = *walk; /* the extension is over when the leaves are made */
    out->columns = take(&other, VOLE_BITS * params->base_count);
    out->choices = take(&other, is_receiver * VOLE_PUNCTURED * params->base_count);
    if (!params->is_direct) {
        out->vectors[0] = take(walk, params->noise_count);
        out->vectors[1] = take(walk, is_receiver * params->noise_count);
    }
    if (other.used > walk->used)
        walk->used = other.used;
}

size_t vole_arena_size(const struct vole_params *params, enum vole_role role)
{
    struct walk walk = {NULL, 0};
    struct vole_arrays arrays;
    lay_out(params, role, &walk, &arrays);
    return walk.used * sizeof(struct block);
}

void vole_arena_lay_out(const struct vole_params *params, enum vole_role role, void *arena, struct vole_arrays *out)
{
    struct walk walk = {arena, 0};
    lay_out(params, role, &walk, out);
}
