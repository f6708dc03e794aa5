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

/* Word and detail from the cursor: the code they stand for, always a failure, in *out. */
static enum base_code take_refusal(struct base_cursor *in, enum base_code *out)
{
    struct base_bytes word, detail;
    char words[WORD_MAX + 1], printable[DETAIL_MAX + 1];
    BASE_TRY(base_cursor_sized(in, WORD_MAX, &word));
    BASE_TRY(base_cursor_sized(in, DETAIL_MAX, &detail));
    snprintf(words, sizeof words, "%.*s", (int)word.len, word.len == 0 ? "" : (const char *)word.data);
    for (size_t i = 0; i < detail.len; i++) /* conversations 4.1: it will stand on somebody's terminal */
        printable[i] = detail.data[i] < 0x20 || detail.data[i] > 0x7e ? '?' : (char)detail.data[i];
    printable[detail.len] = 0;
    enum base_code code = base_code_from_word(words);
    *out = base_fail(code == BASE_OK ? BASE_E_REFUSED : code, "%s", printable);
    return BASE_OK;
}

enum base_code node_refusal_read(struct base_bytes payload)
{
    struct base_cursor in = base_cursor_over(payload);
    enum base_code refusal;
    BASE_TRY(take_refusal(&in, &refusal));
    char words[DETAIL_MAX + 1];
    snprintf(words, sizeof words, "%s", base_detail());
    BASE_TRY(base_cursor_end(&in));
    return base_fail(refusal, "%s", words);
}

enum base_code node_parcel_put(const struct node_parcel *parcel, struct base_buffer *out)
{
    BASE_TRY(base_put_sized(out, parcel->note));
    BASE_TRY(base_put_u8(out, (uint8_t)parcel->beside));
    if (parcel->beside != NODE_PARCEL_CONTENT)
        return BASE_OK;
    if (parcel->salt.len != EXCHANGE_SALT_LEN)
        return base_fail(BASE_E_INTERNAL, "a salt of %zu bytes", parcel->salt.len);
    BASE_TRY(base_buffer_append(out, parcel->salt));
    return base_put_sized(out, parcel->content);
}

enum base_code node_parcel_next(struct base_cursor *delivery, struct node_parcel *out)
{
    uint8_t beside;
    *out = (struct node_parcel){.beside = NODE_PARCEL_NOTHING};
    BASE_TRY(base_cursor_sized(delivery, LEDGER_NOTE_MAX, &out->note));
    BASE_TRY(base_cursor_u8(delivery, &beside));
    if (beside > NODE_PARCEL_ERASED)
        return base_fail(BASE_E_FORMAT, "nothing of kind %u travels beside a statement", beside);
    out->beside = (enum node_parcel_beside)beside;
    if (out->beside != NODE_PARCEL_CONTENT)
        return BASE_OK;
    BASE_TRY(base_cursor_take(delivery, EXCHANGE_SALT_LEN, &out->salt));
    return base_cursor_sized(delivery, EXCHANGE_CONTENT_MAX, &out->content);
}

enum base_code node_receipts_put(struct base_bytes receipt, struct base_buffer *out)
{
    BASE_TRY(base_put_u8(out, 1));
    return base_put_sized(out, receipt);
}

enum base_code node_receipts_put_refusal(enum base_code code, const char *detail, struct base_buffer *out)
{
    BASE_TRY(base_put_u8(out, 0));
    return node_refusal_write(code, detail, out);
}

enum base_code node_receipts_next(struct base_cursor *receipts, bool *is_receipt, struct base_bytes *receipt, enum base_code *refusal)
{
    uint8_t kind;
    *receipt = base_bytes_of(NULL, 0);
    BASE_TRY(base_cursor_u8(receipts, &kind));
    if (kind > 1)
        return base_fail(BASE_E_FORMAT, "neither a receipt nor a refusal");
    *is_receipt = kind == 1;
    return *is_receipt ? base_cursor_sized(receipts, LEDGER_NOTE_MAX, receipt) : take_refusal(receipts, refusal);
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

enum base_code node_list_ask_write(const struct node_list_ask *ask, struct base_buffer *out)
{
    BASE_TRY(base_put_bytes(out, ask->compartment.bytes, sizeof ask->compartment.bytes));
    return base_put_u64(out, ask->from);
}

enum base_code node_list_ask_read(struct base_bytes payload, struct node_list_ask *out)
{
    struct base_cursor in = base_cursor_over(payload);
    BASE_TRY(base_cursor_copy(&in, out->compartment.bytes, sizeof out->compartment.bytes));
    BASE_TRY(base_cursor_u64(&in, &out->from));
    return base_cursor_end(&in);
}

enum base_code node_list_page_write(const struct node_list_page *page, struct base_buffer *out)
{
    BASE_TRY(base_put_u64(out, page->from));
    BASE_TRY(base_put_u8(out, page->has_more));
    for (size_t i = 0; i < page->count; i++) {
        BASE_TRY(base_put_bytes(out, page->items[i].hash.bytes, sizeof page->items[i].hash.bytes));
        BASE_TRY(base_put_u8(out, page->items[i].is_waiting));
    }
    return BASE_OK;
}

static enum base_code take_flag(struct base_cursor *in, bool *out)
{
    uint8_t flag;
    BASE_TRY(base_cursor_u8(in, &flag));
    *out = flag == 1;
    return flag <= 1 ? BASE_OK : base_fail(BASE_E_FORMAT, "a flag of a list is %u", flag);
}

enum base_code node_list_page_read(struct base_bytes payload, struct node_list_page *out)
{
    struct base_cursor in = base_cursor_over(payload);
    BASE_TRY(base_cursor_u64(&in, &out->from));
    BASE_TRY(take_flag(&in, &out->has_more));
    for (out->count = 0; in.left > 0; out->count++) {
        if (out->count == NODE_LIST_PAGE_MAX)
            return base_fail(BASE_E_LIMIT, "more than %d statements in one page of a list", NODE_LIST_PAGE_MAX);
        BASE_TRY(base_cursor_copy(&in, out->items[out->count].hash.bytes, sizeof out->items[0].hash.bytes));
        BASE_TRY(take_flag(&in, &out->items[out->count].is_waiting));
    }
    if (out->has_more && out->count == 0)
        return base_fail(BASE_E_FORMAT, "a page of nothing, that more would follow");
    return BASE_OK;
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
