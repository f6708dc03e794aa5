/* SPDX-License-Identifier: Apache-2.0
 *
 * The book: notes into the ledger, tiles in the store, and the checkpoint that says how far it goes.
 */
#include "node/seat.h"

#include "crypto/text.h"
#include "store/ledgers.h"

#include <stdio.h>
#include <stdlib.h>
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
        code = ledger_note_sign_as(base_bytes_buffer(&text), &seat->own, &seat->secret, &note);
    if (code == BASE_OK)
        code = store_head_put(party->store, seat->facts.id.bytes, STORE_HEAD_OWN, &head, base_bytes_buffer(&note));
    base_buffer_release(&text);
    base_buffer_release(&note);
    return code;
}

/* The hash in the line "about", which no other line of a statement can look like. False when it has none. */
static bool find_about(struct base_bytes note, struct crypto_hash *out)
{
    static const char key[] = "\nabout: ";
    const uint8_t *at = memmem(note.data, note.len, key, sizeof key - 1);
    if (at == NULL)
        return false;
    at += sizeof key - 1;
    size_t left = note.len - (size_t)(at - note.data);
    return left >= 2 * sizeof out->bytes && crypto_hex_decode(base_bytes_of(at, 2 * sizeof out->bytes), out->bytes, sizeof out->bytes) == BASE_OK;
}

enum base_code node_book_append(struct node_party *party, const struct node_seat *seat, const char *kind, int64_t time_ms,
                                struct base_bytes note, struct crypto_hash *hash, bool *is_new)
{
    struct store_entry entry = {.time_ms = time_ms, .note = note};
    struct crypto_hash about;
    *is_new = false;
    if (!store_is_in_transaction(party->store))
        return base_fail(BASE_E_INTERNAL, "a ledger entry outside a transaction");
    ledger_leaf_hash(note, hash);
    memcpy(entry.hash, hash->bytes, sizeof entry.hash);
    snprintf(entry.kind, sizeof entry.kind, "%s", kind);
    if (find_about(note, &about))
        entry.about = base_bytes_of(about.bytes, sizeof about.bytes);
    return store_entry_append(party->store, seat->facts.id.bytes, &entry, is_new);
}

/* The entries that the tiles do not have: those behind the last checkpoint. */
struct leaves {
    struct crypto_hash *hashes;
    size_t count, capacity;
};

static enum base_code take_leaf(void *context, const struct store_entry *entry)
{
    struct leaves *leaves = context;
    BASE_TRY(base_grow_array((void **)&leaves->hashes, &leaves->capacity, leaves->count + 1, sizeof *leaves->hashes));
    memcpy(leaves->hashes[leaves->count++].bytes, entry->hash, sizeof entry->hash);
    return BASE_OK;
}

static enum base_code put_tiles(struct node_party *party, const struct node_seat *seat, uint64_t *size)
{
    struct node_tiles keeper = {party->store, seat->facts.id};
    struct ledger_tiles tiles = node_tiles_of(&keeper);
    struct store_head head = {.size = 0};
    struct base_buffer note = BASE_BUFFER_EMPTY;
    struct leaves leaves = {NULL, 0, 0};
    enum base_code code = store_head_get(party->store, seat->facts.id.bytes, STORE_HEAD_OWN, &head, &note);
    base_buffer_release(&note);
    if (code != BASE_OK && code != BASE_E_NOT_FOUND)
        return code;
    *size = head.size;
    code = store_entries_each(party->store, seat->facts.id.bytes, *size, UINT64_MAX, take_leaf, &leaves);
    if (code == BASE_OK)
        code = ledger_tree_append(&tiles, size, leaves.hashes, leaves.count);
    free(leaves.hashes);
    return code;
}

enum base_code node_book_head(struct node_party *party, const struct node_seat *seat, int64_t time_ms)
{
    uint64_t size;
    BASE_TRY(put_tiles(party, seat, &size));
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
    return node_statement_read(entry->note, context);
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
