/* SPDX-License-Identifier: Apache-2.0 */
#include "vpsi/message.h"

#include <string.h>

enum base_code vpsi_header_encode(const struct vpsi_header *header, struct base_buffer *out)
{
    base_buffer_clear(out);
    BASE_TRY(base_put_u8(out, VPSI_VERSION));
    BASE_TRY(base_put_u8(out, (uint8_t)header->kind));
    BASE_TRY(base_put_u32(out, header->sequence));
    return base_put_bytes(out, header->tag, sizeof header->tag);
}

enum base_code vpsi_header_decode(struct base_cursor *in, struct vpsi_header *out)
{
    uint8_t version, kind;
    BASE_TRY(base_cursor_u8(in, &version));
    if (version != VPSI_VERSION)
        return base_fail(BASE_E_VERSION, "matching protocol version %u, not %d", version, VPSI_VERSION);
    BASE_TRY(base_cursor_u8(in, &kind));
    if (kind < VPSI_KIND_COMMIT || kind > VPSI_KIND_SENDER_DONE)
        return base_fail(BASE_E_VERSION, "there is no matching message of kind %u", kind);
    out->kind = (enum vpsi_kind)kind;
    BASE_TRY(base_cursor_u32(in, &out->sequence));
    return base_cursor_copy(in, out->tag, sizeof out->tag);
}
