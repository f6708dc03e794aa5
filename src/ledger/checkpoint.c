/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/checkpoint.h"

#include "base/cursor.h"
#include "crypto/text.h"
#include "ledger/inside.h"
#include "ledger/note.h"

#include <inttypes.h>
#include <string.h>

enum { ROOT_CHARACTERS = 44 };

/* ledger 4.2 */
static enum base_code check_origin(struct base_bytes origin)
{
    if (origin.len == 0)
        return base_fail(BASE_E_FORMAT, "a checkpoint without an origin");
    if (!base_bytes_is_utf8(origin))
        return base_fail(BASE_E_FORMAT, "an origin that is not UTF-8");
    for (size_t i = 0; i < origin.len; i++)
        if (origin.data[i] < 0x20)
            return base_fail(BASE_E_FORMAT, "an origin with a control character");
    return BASE_OK;
}

enum base_code ledger_checkpoint_format(const struct ledger_checkpoint *checkpoint, struct base_buffer *out)
{
    BASE_TRY(check_origin(base_bytes_text(checkpoint->origin)));
    if (checkpoint->size > LEDGER_SIZE_MAX)
        return base_fail(BASE_E_RANGE, "a tree of more than 2^63 - 1 leaves");
    BASE_TRY(base_buffer_format(out, "%s\n%" PRIu64 "\n", checkpoint->origin, checkpoint->size));
    BASE_TRY(crypto_base64_append(base_bytes_of(checkpoint->root.bytes, sizeof checkpoint->root.bytes), out));
    return base_buffer_text(out, "\n");
}

/* ledger 4.4 */
static enum base_code parse_root(struct base_bytes line, struct crypto_hash *out)
{
    struct base_buffer root = BASE_BUFFER_EMPTY;
    if (line.len != ROOT_CHARACTERS)
        return base_fail(BASE_E_FORMAT, "a root of %zu characters, %d expected", line.len, ROOT_CHARACTERS);
    enum base_code code = crypto_base64_decode(line, &root);
    if (code == BASE_OK && root.len != sizeof out->bytes)
        code = base_fail(BASE_E_FORMAT, "a root of %zu bytes", root.len);
    if (code == BASE_OK)
        memcpy(out->bytes, root.data, sizeof out->bytes);
    base_buffer_release(&root);
    return code;
}

/* ledger 4.1 */
static enum base_code skip_extensions(struct base_cursor *in)
{
    while (in->left > 0) {
        struct base_bytes line;
        BASE_TRY(base_cursor_line(in, LEDGER_NOTE_MAX, &line));
        if (line.len == 0)
            return base_fail(BASE_E_FORMAT, "a checkpoint with an empty line");
    }
    return BASE_OK;
}

enum base_code ledger_checkpoint_parse(struct base_bytes text, struct ledger_checkpoint *out)
{
    if (text.len > LEDGER_NOTE_MAX)
        return base_fail(BASE_E_LIMIT, "a checkpoint of %zu bytes", text.len);
    struct base_cursor in = base_cursor_over(text);
    struct base_bytes origin, size, root;
    struct ledger_checkpoint checkpoint = {{0}, 0, {{0}}};
    BASE_TRY(base_cursor_line(&in, LEDGER_ORIGIN_MAX, &origin));
    BASE_TRY(check_origin(origin));
    BASE_TRY(base_cursor_line(&in, LEDGER_NOTE_MAX, &size));
    BASE_TRY(base_parse_decimal(size, LEDGER_SIZE_MAX, &checkpoint.size));
    BASE_TRY(base_cursor_line(&in, LEDGER_NOTE_MAX, &root));
    BASE_TRY(parse_root(root, &checkpoint.root));
    BASE_TRY(skip_extensions(&in));
    memcpy(checkpoint.origin, origin.data, origin.len);
    *out = checkpoint;
    return BASE_OK;
}
