/* SPDX-License-Identifier: Apache-2.0
 *
 * Header of a message: write and read side by side, fields in the order of psi 3.1.
 */
#include "psi/message.h"

#include <string.h>

enum base_code psi_header_encode(const struct psi_header *header, struct base_buffer *out)
{
    base_buffer_clear(out);
    BASE_TRY(base_put_u8(out, PSI_VERSION));
    BASE_TRY(base_put_u8(out, (uint8_t)header->kind));
    BASE_TRY(base_put_u32(out, header->sequence));
    return base_put_bytes(out, header->tag, PSI_TAG_LEN);
}

enum base_code psi_header_decode(struct base_cursor *in, struct psi_header *out)
{
    uint8_t version, kind;
    BASE_TRY(base_cursor_u8(in, &version));
    if (version != PSI_VERSION) /* psi 3.2 */
        return base_fail(BASE_E_VERSION, "matching protocol version %u", version);
    BASE_TRY(base_cursor_u8(in, &kind));
    if (kind < PSI_KIND_KEY || kind > PSI_KIND_SENDER_DONE)
        return base_fail(BASE_E_VERSION, "matching message of kind %u", kind);
    out->kind = (enum psi_kind)kind;
    BASE_TRY(base_cursor_u32(in, &out->sequence));
    return base_cursor_copy(in, out->tag, PSI_TAG_LEN);
}

enum base_code psi_expect_u32(struct base_cursor *in, uint32_t expected, const char *what)
{
    uint32_t value;
    BASE_TRY(base_cursor_u32(in, &value));
    if (value != expected)
        return base_fail(BASE_E_SIZE, "%s: %u where %u was agreed", what, value, expected);
    return BASE_OK;
}
