/* SPDX-License-Identifier: Apache-2.0
 *
 * The opening of a content that was committed to (doc/spec/oversight.md 5).
 */
#include "node/oversight.h"

#include "crypto/text.h"
#include "exchange/content.h"
#include "node/seat.h"
#include "store/ledgers.h"

#include <string.h>

static enum base_code copy_note(void *context, const struct store_entry *entry)
{
    return base_buffer_append(context, entry->note);
}

static enum base_code read_note(struct store *store, const struct node_compartment *compartment, uint64_t index, struct base_buffer *out)
{
    BASE_TRY(store_entries_each(store, compartment->id.bytes, index, index + 1, copy_note, out));
    return out->len > 0 ? BASE_OK : base_fail(BASE_E_NOT_FOUND, "the ledger has no entry %llu", (unsigned long long)index);
}

/* statements 5.5 */
static enum base_code check_commitment(struct base_bytes bytes, struct base_bytes salt, struct base_bytes content)
{
    struct ledger_note note;
    struct exchange_statement statement;
    struct crypto_hash commitment;
    BASE_TRY(ledger_note_parse(bytes, &note));
    enum base_code code = exchange_statement_parse(note.text, &statement);
    ledger_note_release(&note);
    if (code != BASE_OK || exchange_hash_is_none(&statement.content))
        return base_fail(BASE_E_ARGUMENT, "this entry commits to no content");
    exchange_commit(salt.data, content, &commitment);
    if (!crypto_hash_equal(&commitment, &statement.content))
        return base_fail(BASE_E_PROOF, "salt and content are not what this entry committed to");
    return BASE_OK;
}

static enum base_code put_base64(struct base_buffer *out, const char *key, struct base_bytes bytes)
{
    BASE_TRY(base_buffer_format(out, "%s: ", key));
    BASE_TRY(crypto_base64_append(bytes, out));
    return base_buffer_text(out, "\n");
}

/* c2sp.org/tlog-proof */
static enum base_code put_proof(struct store *store, const struct node_compartment *compartment, uint64_t index, struct base_buffer *out)
{
    struct node_tiles keeper = {store, compartment->id};
    struct ledger_tiles tiles = node_tiles_of(&keeper);
    struct store_head head;
    struct ledger_proof proof;
    struct base_buffer checkpoint = BASE_BUFFER_EMPTY;
    enum base_code code = store_head_get(store, compartment->id.bytes, STORE_HEAD_COSIGNED, &head, &checkpoint);
    if (code == BASE_E_NOT_FOUND || (code == BASE_OK && index >= head.size))
        code = base_fail(BASE_E_STATE, "the other party has not cosigned entry %llu yet", (unsigned long long)index);
    if (code == BASE_OK)
        code = ledger_tree_prove_inclusion(&tiles, head.size, index, &proof);
    if (code == BASE_OK)
        code = base_buffer_format(out, "c2sp.org/tlog-proof@v1\nindex %llu\n", (unsigned long long)index);
    for (size_t i = 0; code == BASE_OK && i < proof.count; i++) {
        code = crypto_base64_append(base_bytes_of(proof.hashes[i].bytes, sizeof proof.hashes[i].bytes), out);
        if (code == BASE_OK)
            code = base_buffer_text(out, "\n");
    }
    if (code == BASE_OK)
        code = base_buffer_text(out, "\n");
    if (code == BASE_OK)
        code = base_buffer_append(out, base_bytes_buffer(&checkpoint));
    base_buffer_release(&checkpoint);
    return code;
}

static enum base_code put_opening(struct store *store, const struct node_compartment *compartment, uint64_t index, struct base_bytes salt,
                                  struct base_bytes content, struct base_buffer *out)
{
    struct base_buffer terms = BASE_BUFFER_EMPTY, note = BASE_BUFFER_EMPTY;
    char id[2 * EXCHANGE_ID_LEN + 1], salt_hex[65];
    exchange_id_hex(&compartment->id, id);
    crypto_hex_encode(salt, salt_hex);
    enum base_code code = read_note(store, compartment, index, &note);
    if (code == BASE_OK)
        code = read_note(store, compartment, 0, &terms);
    if (code == BASE_OK)
        code = check_commitment(base_bytes_buffer(&note), salt, content);
    if (code == BASE_OK)
        code = base_buffer_format(out, "entente/opening/v1\ncompartment: %s\nentry: %llu\nsalt: %s\n", id, (unsigned long long)index, salt_hex);
    if (code == BASE_OK)
        code = put_base64(out, "content", content);
    if (code == BASE_OK)
        code = put_base64(out, "terms", base_bytes_buffer(&terms));
    if (code == BASE_OK)
        code = put_base64(out, "note", base_bytes_buffer(&note));
    if (code == BASE_OK)
        code = base_buffer_text(out, "\n");
    if (code == BASE_OK)
        code = put_proof(store, compartment, index, out);
    base_buffer_release(&terms);
    base_buffer_release(&note);
    crypto_wipe(salt_hex, sizeof salt_hex);
    return code;
}

enum base_code node_opening_write(struct store *store, const struct node_compartment *compartment, uint64_t index,
                                  struct base_bytes salt, struct base_bytes content, struct base_buffer *out)
{
    struct base_buffer whole = BASE_BUFFER_EMPTY;
    if (salt.len != EXCHANGE_SALT_LEN)
        return base_fail(BASE_E_FORMAT, "a salt of %zu bytes, not %d", salt.len, EXCHANGE_SALT_LEN);
    if (content.len > NODE_OPENING_CONTENT_MAX)
        return base_fail(BASE_E_LIMIT, "a content of more than %d bytes", NODE_OPENING_CONTENT_MAX);
    bool is_inside = store_is_in_transaction(store);
    if (!is_inside)
        BASE_TRY(store_begin_reading(store));
    enum base_code code = put_opening(store, compartment, index, salt, content, &whole);
    if (!is_inside)
        store_rollback(store);
    if (code == BASE_OK)
        code = base_buffer_append(out, base_bytes_buffer(&whole));
    crypto_wipe_buffer(&whole);
    return code;
}
