/* SPDX-License-Identifier: Apache-2.0 */
#include "vole/message.h"

/* Bodies are copied from and to memory as they are: these structs have no holes. */
_Static_assert(sizeof(struct vole_choice_body) == VOLE_NONCE_LEN + 64 * VOLE_BITS, "no holes");
_Static_assert(sizeof(struct vole_puncture) == 2 * VOLE_BLOCK_LEN * VOLE_PUNCTURED_DEPTH + 32, "no holes");
_Static_assert(sizeof(struct vole_extend_head) == VOLE_NONCE_LEN + VOLE_PUNCTURED * sizeof(struct vole_puncture) + 32, "no holes");
_Static_assert(sizeof(struct vole_extend_tail) == VOLE_BLOCK_LEN * (1 + VOLE_BITS), "no holes");

size_t vole_body_len(const struct vole_params *params, enum vole_kind kind)
{
    switch (kind) {
    case VOLE_KIND_BASE:
        return sizeof(struct vole_base_body);
    case VOLE_KIND_CHOICE:
        return sizeof(struct vole_choice_body);
    case VOLE_KIND_EXTEND:
        return sizeof(struct vole_extend_head) + (VOLE_PUNCTURED - 1) * params->base_count * VOLE_BLOCK_LEN +
               sizeof(struct vole_extend_tail);
    case VOLE_KIND_TREES:
        return params->tree_count * (params->tree_depth + 1) * VOLE_BLOCK_LEN;
    case VOLE_KIND_CHECK:
        return VOLE_BLOCK_LEN;
    case VOLE_KIND_PROOF:
        return sizeof(struct crypto_hash);
    case VOLE_KIND_COUNT:
        break;
    }
    return 0;
}

enum vole_role vole_kind_from(enum vole_kind kind)
{
    return kind == VOLE_KIND_BASE || kind == VOLE_KIND_EXTEND || kind == VOLE_KIND_CHECK ? VOLE_RECEIVER : VOLE_SENDER;
}

enum base_code vole_header_encode(enum vole_kind kind, const uint8_t tag[VOLE_TAG_LEN], struct base_buffer *out)
{
    BASE_TRY(base_put_u8(out, VOLE_VERSION));
    BASE_TRY(base_put_u8(out, (uint8_t)kind));
    return base_put_bytes(out, tag, VOLE_TAG_LEN);
}

enum base_code vole_header_decode(struct base_cursor *in, const uint8_t tag[VOLE_TAG_LEN], enum vole_kind *out)
{
    uint8_t version, kind;
    struct base_bytes got;
    BASE_TRY(base_cursor_u8(in, &version));
    if (version != VOLE_VERSION)
        return base_fail(BASE_E_VERSION, "vole version %u", version);
    BASE_TRY(base_cursor_u8(in, &kind));
    if (kind < VOLE_KIND_BASE || kind >= VOLE_KIND_COUNT)
        return base_fail(BASE_E_VERSION, "vole message of kind %u", kind);
    BASE_TRY(base_cursor_take(in, VOLE_TAG_LEN, &got));
    if (!base_bytes_equal(got, base_bytes_of(tag, VOLE_TAG_LEN)))
        return base_fail(BASE_E_TRANSCRIPT, "a message of another session, or for other sizes");
    *out = (enum vole_kind)kind;
    return BASE_OK;
}

enum base_code vole_body_check(const struct base_cursor *in, size_t expected)
{
    if (in->left < expected)
        return base_fail(BASE_E_TRUNCATED, "a body of %zu bytes instead of %zu", in->left, expected);
    if (in->left > expected)
        return base_fail(BASE_E_TRAILING, "a body of %zu bytes instead of %zu", in->left, expected);
    return BASE_OK;
}
