/* SPDX-License-Identifier: Apache-2.0 */
#include "node/message.h"

#include "base/cursor.h"
#include "ledger/note.h"

#include <stdio.h>
#include <string.h>

enum { WORD_MAX = 32, DETAIL_MAX = 255 };

enum base_code node_refusal_write(enum base_code code, const char *detail, struct base_buffer *out)
{
    BASE_TRY(base_put_sized(out, base_bytes_text(base_code_word(code))));
    return base_put_sized(out, base_bytes_of(detail, strnlen(detail, DETAIL_MAX)));
}

enum base_code node_refusal_read(struct base_bytes payload)
{
    struct base_cursor in = base_cursor_over(payload);
    struct base_bytes word, detail;
    char words[WORD_MAX + 1], printable[DETAIL_MAX + 1];
    BASE_TRY(base_cursor_sized(&in, WORD_MAX, &word));
    BASE_TRY(base_cursor_sized(&in, DETAIL_MAX, &detail));
    BASE_TRY(base_cursor_end(&in));
    snprintf(words, sizeof words, "%.*s", (int)word.len, word.len == 0 ? "" : (const char *)word.data);
    for (size_t i = 0; i < detail.len; i++) /* conversations 4.1: it will stand on somebody's terminal */
        printable[i] = detail.data[i] < 0x20 || detail.data[i] > 0x7e ? '?' : (char)detail.data[i];
    printable[detail.len] = 0;
    enum base_code code = base_code_from_word(words);
    return base_fail(code == BASE_OK ? BASE_E_REFUSED : code, "%s", printable);
}

enum base_code node_cosign_request_write(const struct node_cosign_request *request, struct base_buffer *out)
{
    BASE_TRY(base_put_sized(out, request->note));
    BASE_TRY(base_put_u64(out, request->old_size));
    return ledger_proof_encode(&request->proof, out);
}

enum base_code node_cosign_request_read(struct base_bytes payload, struct node_cosign_request *out)
{
    struct base_cursor in = base_cursor_over(payload);
    struct ledger_note note;
    BASE_TRY(base_cursor_sized(&in, LEDGER_NOTE_MAX, &out->note));
    BASE_TRY(base_cursor_u64(&in, &out->old_size));
    BASE_TRY(ledger_proof_decode(&in, &out->proof));
    BASE_TRY(base_cursor_end(&in));
    BASE_TRY(ledger_note_parse(out->note, &note));
    enum base_code code = ledger_checkpoint_parse(note.text, &out->checkpoint);
    ledger_note_release(&note);
    return code;
}

enum base_code node_size_write(uint64_t size, struct base_buffer *out)
{
    return base_put_u64(out, size);
}

enum base_code node_size_read(struct base_bytes payload, uint64_t *out)
{
    struct base_cursor in = base_cursor_over(payload);
    BASE_TRY(base_cursor_u64(&in, out));
    return base_cursor_end(&in);
}
