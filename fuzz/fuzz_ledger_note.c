/* SPDX-License-Identifier: Apache-2.0
 *
 * A note from another node. What is accepted must be exactly what its parts, written out again, are; and checking it must
 * never find a signature where the name or id differs.
 */
#include "base/cursor.h"
#include "crypto/text.h"
#include "ledger/note.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool is_so)
{
    if (!is_so)
        abort();
}

static void write_out(const struct ledger_note *note, struct base_buffer *out)
{
    must(base_buffer_append(out, note->text) == BASE_OK && base_buffer_text(out, "\n") == BASE_OK);
    for (size_t i = 0; i < note->count; i++) {
        struct base_buffer blob = BASE_BUFFER_EMPTY;
        must(base_put_u32(&blob, note->signatures[i].key_id) == BASE_OK);
        must(base_buffer_append(&blob, note->signatures[i].blob) == BASE_OK);
        must(base_buffer_text(out, "\xe2\x80\x94 ") == BASE_OK && base_buffer_append(out, note->signatures[i].name) == BASE_OK);
        must(base_buffer_text(out, " ") == BASE_OK && crypto_base64_append(base_bytes_buffer(&blob), out) == BASE_OK);
        must(base_buffer_text(out, "\n") == BASE_OK);
        base_buffer_release(&blob);
    }
}

static void check_as(const struct ledger_note *note, const char *vkey)
{
    struct ledger_verifier verifier;
    uint64_t seconds;
    must(ledger_verifier_parse(base_bytes_text(vkey), &verifier) == BASE_OK);
    enum base_code code = ledger_note_check(note, &verifier);
    must(code == BASE_OK || code == BASE_E_KEY || code == BASE_E_SIGNATURE || code == BASE_E_RANGE);
    if (verifier.type == LEDGER_KEY_COSIGNATURE)
        must(ledger_cosignature_time(note, &verifier, &seconds) == code);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ledger_note note;
    struct base_buffer out = BASE_BUFFER_EMPTY;
    if (ledger_note_parse(base_bytes_of(data, size), &note) == BASE_OK) {
        write_out(&note, &out);
        must(base_bytes_equal(base_bytes_buffer(&out), base_bytes_of(data, size)));
        check_as(&note, "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
        check_as(&note, "witness+88b27b8b+BLtcZySCsNzKkaIaTtY7Fa/eiqE3jacs0Bs0lYnW591q");
    }
    base_buffer_release(&out);
    ledger_note_release(&note);
    return 0;
}
