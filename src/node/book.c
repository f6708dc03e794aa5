/* SPDX-License-Identifier: Apache-2.0
 *
 * The book: notes into the ledger, tiles in the store, and the checkpoint that says how far it goes.
 */
#include "node/seat.h"
#include "store/ledgers.h"

#include <stdio.h>
#include <string.h>

static enum base_code read_tile(void *context, unsigned level, uint64_t index, struct base_buffer *out)
{
    struct node_tiles *keeper = context;
    return store_tile_get(keeper->store, keeper->compartment.bytes, level, index, out);
}

static enum base_code write_tile(void *context, unsigned level, uint64_t index, struct base_bytes hashes)
{
    struct node_tiles *keeper = context;
    return store_tile_put(keeper->store, keeper->compartment.bytes, level, index, hashes);
}

struct ledger_tiles node_tiles_of(struct node_tiles *keeper)
{
    return (struct ledger_tiles){keeper, read_tile, write_tile};
}

static enum base_code sign_head(struct node_party *party, const struct node_seat *seat, uint64_t size, int64_t time_ms)
{
    struct node_tiles keeper = {party->store, seat->facts.id};
    struct ledger_tiles tiles = node_tiles_of(&keeper);
    struct ledger_checkpoint checkpoint = {.size = size};
    struct store_head head = {.size = size, .time_ms = time_ms};
    struct base_buffer text = BASE_BUFFER_EMPTY, note = BASE_BUFFER_EMPTY;
    snprintf(checkpoint.origin, sizeof checkpoint.origin, "%s", seat->own_name);
    BASE_TRY(ledger_tree_root(&tiles, size, &checkpoint.root));
    memcpy(head.root, checkpoint.root.bytes, sizeof head.root);
    enum base_code code = ledger_checkpoint_format(&checkpoint, &text);
    if (code == BASE_OK)
        code = ledger_note_sign(base_bytes_buffer(&text), seat->own_name, &seat->secret, &note);
    if (code == BASE_OK)
        code = store_head_put(party->store, seat->facts.id.bytes, STORE_HEAD_OWN, &head, base_bytes_buffer(&note));
    base_buffer_release(&text);
    base_buffer_release(&note);
    return code;
}

enum base_code node_book_append(struct node_party *party, const struct node_seat *seat, const char *kind, int64_t time_ms,
                                struct base_bytes note, struct crypto_hash *hash, bool *is_new)
{
    struct store *store = party->store;
    struct store_entry entry = {.time_ms = time_ms, .note = note};
    struct node_tiles keeper = {store, seat->facts.id};
    struct ledger_tiles tiles = node_tiles_of(&keeper);
    uint64_t size, found;
    if (!store_is_in_transaction(store))
        return base_fail(BASE_E_INTERNAL, "a ledger entry outside a transaction");
    ledger_leaf_hash(note, hash);
    *is_new = false;
    enum base_code code = store_entry_find(store, seat->facts.id.bytes, hash->bytes, &found);
    if (code != BASE_E_NOT_FOUND)
        return code;
    BASE_TRY(store_entries_count(store, seat->facts.id.bytes, &size));
    entry.index = size;
    memcpy(entry.hash, hash->bytes, sizeof entry.hash);
    snprintf(entry.kind, sizeof entry.kind, "%s", kind);
    BASE_TRY(store_entry_add(store, seat->facts.id.bytes, &entry));
    *is_new = true;
    return ledger_tree_append(&tiles, &size, hash, 1);
}

enum base_code node_book_head(struct node_party *party, const struct node_seat *seat, int64_t time_ms)
{
    uint64_t size;
    BASE_TRY(store_entries_count(party->store, seat->facts.id.bytes, &size));
    return sign_head(party, seat, size, time_ms);
}

enum base_code node_book_add(struct node_party *party, const struct node_seat *seat, const char *kind, int64_t time_ms,
                             struct base_bytes note, struct crypto_hash *hash)
{
    bool is_new;
    BASE_TRY(node_book_append(party, seat, kind, time_ms, note, hash, &is_new));
    return is_new ? node_book_head(party, seat, time_ms) : BASE_OK;
}

static enum base_code read_statement(void *context, const struct store_entry *entry)
{
    struct ledger_note note;
    BASE_TRY(ledger_note_parse(entry->note, &note));
    enum base_code code = exchange_statement_parse(note.text, context);
    ledger_note_release(&note);
    return code;
}

enum base_code node_book_find(struct store *store, const struct node_seat *seat, const struct crypto_hash *hash,
                              struct exchange_statement *out)
{
    uint64_t index;
    BASE_TRY(store_entry_find(store, seat->facts.id.bytes, hash->bytes, &index));
    if (index == 0)
        return base_fail(BASE_E_NOT_FOUND, "the terms are not a statement");
    return store_entries_each(store, seat->facts.id.bytes, index, index + 1, read_statement, out);
}
