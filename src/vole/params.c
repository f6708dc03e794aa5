/* SPDX-License-Identifier: Apache-2.0
 *
 * From a length to all sizes (vole 3). Pure arithmetic.
 */
#include "vole/inside.h"

#include <math.h>

enum { LEAVES_LEAST = 8 };

/* The noisy positions that a code takes, t = -128 / log2(1 - d), rounded up (vole 3.4); and what its authors' library counts with
 * when it takes the noise to be binary. */
struct code_facts {
    const char *name;
    size_t weight, weight_if_binary;
    double distance;
};
static const struct code_facts codes[] = {
    [VOLE_CODE_7X24] = {"7x24", 546, 248, 0.15},
    [VOLE_CODE_21X24] = {"21x24", 398, 176, 0.20},
};

static size_t divide_up(size_t a, size_t b)
{
    return (a + b - 1) / b;
}

static void params_direct(struct vole_params *out)
{
    out->is_direct = true;
    out->out_count = out->count;
    out->base_count = out->count + 1;
}

/* The deepest trees that leave enough of them. */
static void params_with_noise(size_t least, struct vole_params *out)
{
    size_t wanted = 2 * out->out_count;
    for (out->tree_depth = 3; divide_up(wanted, (size_t)2 << out->tree_depth) >= least;)
        out->tree_depth++;
    out->tree_count = divide_up(wanted, (size_t)1 << out->tree_depth);
    out->noise_count = out->tree_count << out->tree_depth;
    out->base_count = out->tree_count + 1 + divide_up(out->tree_count * out->tree_depth, VOLE_BITS) + 1;
}

static enum base_code params_with_weight(size_t count, enum vole_code code, size_t least, struct vole_params *out)
{
    if (count < 1 || count > VOLE_COUNT_MAX)
        return base_fail(BASE_E_LIMIT, "a length of %zu", count);
    *out = (struct vole_params){.count = count, .code = code, .distance = codes[code].distance};
    out->out_count = divide_up(count, 4) * 4;
    if (2 * out->out_count < LEAVES_LEAST * least)
        params_direct(out);
    else
        params_with_noise(least, out);
    return BASE_OK;
}

enum base_code vole_params_for(size_t count, enum vole_code code, struct vole_params *out)
{
    return params_with_weight(count, code, codes[code].weight, out);
}

enum base_code vole_params_if_binary(size_t count, enum vole_code code, struct vole_params *out)
{
    return params_with_weight(count, code, codes[code].weight_if_binary, out);
}

double vole_security_bits(const struct vole_params *params)
{
    double bits = params->is_direct ? VOLE_BITS : -(double)params->tree_count * log2(1 - params->distance);
    return bits < VOLE_BITS ? bits : VOLE_BITS;
}

size_t vole_sent_bytes(const struct vole_params *params, enum vole_role role)
{
    size_t total = 0;
    int last = params->is_direct ? VOLE_KIND_EXTEND : VOLE_KIND_PROOF;
    for (int kind = VOLE_KIND_BASE; kind <= last; kind++)
        if (vole_kind_from((enum vole_kind)kind) == role)
            total += VOLE_HEADER_LEN + vole_body_len(params, (enum vole_kind)kind);
    return total;
}

enum base_code vole_params_describe(const struct vole_params *params, struct base_buffer *out)
{
    BASE_TRY(base_buffer_format(out, "length              %zu\n", params->count));
    if (params->is_direct)
        BASE_TRY(base_buffer_text(out, "made of             the extension alone\n"));
    else
        BASE_TRY(base_buffer_format(out, "made of             %zu trees of 2^%u leaves, code %s of rate %zu/%zu\n", params->tree_count,
                                    params->tree_depth, codes[params->code].name, params->out_count, params->noise_count));
    return base_buffer_format(out, "extension           %zu items of 128 bits\n"
                                   "security            %.1f bits against linear tests at distance %.2f\n"
                                   "receiver            sends %zu bytes, needs %zu\n"
                                   "sender              sends %zu bytes, needs %zu\n",
                              params->base_count, vole_security_bits(params), params->distance, vole_sent_bytes(params, VOLE_RECEIVER),
                              vole_arena_size(params, VOLE_RECEIVER), vole_sent_bytes(params, VOLE_SENDER),
                              vole_arena_size(params, VOLE_SENDER));
}
