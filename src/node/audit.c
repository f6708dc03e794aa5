/* SPDX-License-Identifier: Apache-2.0 */
#include "node/audit.h"

#include "base/file.h"
#include "ledger/export.h"
#include "node/seat.h"
#include "store/ledgers.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum base_code node_ledger_facts(struct store *store, const struct node_compartment *compartment, struct node_ledger_facts *facts)
{
    struct store_head head = {0};
    struct base_buffer note = BASE_BUFFER_EMPTY;
    struct node_tiles keeper = {store, compartment->id};
    struct ledger_tiles tiles = node_tiles_of(&keeper);
    *facts = (struct node_ledger_facts){0};
    BASE_TRY(store_entries_count(store, compartment->id.bytes, &facts->entries));
    BASE_TRY(store_outbox_count(store, compartment->id.bytes, &facts->waiting));
    BASE_TRY(ledger_tree_root(&tiles, facts->entries, &facts->root));
    enum base_code code = store_head_get(store, compartment->id.bytes, STORE_HEAD_COSIGNED, &head, &note);
    base_buffer_release(&note);
    if (code == BASE_OK) {
        facts->cosigned = head.size;
        facts->cosigned_ms = head.time_ms;
    }
    return code == BASE_E_NOT_FOUND ? BASE_OK : code;
}

struct checking {
    const struct node_compartment *compartment;
    const struct node_seat *seat;
    struct crypto_hash *leaves;
    uint64_t count;
};

/* The terms carry identity signatures; everything else those of the compartment's keys. */
static enum base_code check_terms_note(const struct checking *checking, const struct ledger_note *note)
{
    for (unsigned side = 0; side < 2; side++) {
        const struct crypto_sign_public *identity = &checking->compartment->terms.sides[side].identity;
        struct ledger_verifier verifier;
        struct exchange_id fingerprint;
        char name[EXCHANGE_KEY_NAME_LEN];
        exchange_fingerprint(identity, &fingerprint);
        exchange_identity_name(&fingerprint, name);
        BASE_TRY(ledger_verifier_init(&verifier, name, LEDGER_KEY_ED25519, identity));
        BASE_TRY(ledger_note_check(note, &verifier));
    }
    return BASE_OK;
}

static enum base_code check_statement_note(const struct checking *checking, const struct ledger_note *note)
{
    struct exchange_statement statement;
    BASE_TRY(exchange_statement_parse(note->text, &statement));
    if (!exchange_id_equal(&statement.compartment, &checking->compartment->id) ||
        !crypto_hash_equal(&statement.terms, &checking->compartment->terms_hash))
        return base_fail(BASE_E_INCONSISTENT, "of another compartment or other terms");
    if (statement.kind == EXCHANGE_KIND_MATCH) {
        BASE_TRY(ledger_note_check(note, &checking->seat->own));
        return ledger_note_check(note, &checking->seat->peer);
    }
    bool is_peers = exchange_id_equal(&statement.from, &checking->compartment->peer);
    return ledger_note_check(note, is_peers ? &checking->seat->peer : &checking->seat->own);
}

static enum base_code check_entry(void *context, const struct store_entry *entry)
{
    struct checking *checking = context;
    struct ledger_note note;
    struct crypto_hash leaf;
    ledger_leaf_hash(entry->note, &leaf);
    if (entry->index != checking->count || memcmp(leaf.bytes, entry->hash, sizeof leaf.bytes) != 0)
        return base_fail(BASE_E_CORRUPT, "entry %llu is not what was entered", (unsigned long long)entry->index);
    checking->leaves[checking->count++] = leaf;
    enum base_code code = ledger_note_parse(entry->note, &note);
    if (code == BASE_OK) {
        code = entry->index == 0 ? check_terms_note(checking, &note) : check_statement_note(checking, &note);
        ledger_note_release(&note);
    }
    if (code != BASE_OK)
        return base_fail(code, "entry %llu: %s", (unsigned long long)entry->index, base_detail());
    return BASE_OK;
}

/* Tiles made anew from the entries, in memory, to hold against those of the store. */
struct memory_tile {
    unsigned level;
    uint64_t index;
    struct base_buffer hashes;
};
struct memory_tiles {
    struct memory_tile *items;
    size_t count, capacity;
};

static struct memory_tile *find_tile(struct memory_tiles *tiles, unsigned level, uint64_t index)
{
    for (size_t i = tiles->count; i > 0; i--)
        if (tiles->items[i - 1].level == level && tiles->items[i - 1].index == index)
            return &tiles->items[i - 1];
    return NULL;
}

static enum base_code memory_read(void *context, unsigned level, uint64_t index, struct base_buffer *out)
{
    struct memory_tile *tile = find_tile(context, level, index);
    return tile == NULL ? base_fail(BASE_E_NOT_FOUND, "no tile") : base_buffer_append(out, base_bytes_buffer(&tile->hashes));
}

static enum base_code memory_write(void *context, unsigned level, uint64_t index, struct base_bytes hashes)
{
    struct memory_tiles *tiles = context;
    struct memory_tile *tile = find_tile(tiles, level, index);
    if (tile == NULL) {
        BASE_TRY(base_grow_array((void **)&tiles->items, &tiles->capacity, tiles->count + 1, sizeof *tiles->items));
        tile = &tiles->items[tiles->count++];
        *tile = (struct memory_tile){level, index, BASE_BUFFER_EMPTY};
    }
    base_buffer_clear(&tile->hashes);
    return base_buffer_append(&tile->hashes, hashes);
}

static enum base_code root_of_leaves(const struct crypto_hash *leaves, uint64_t count, struct crypto_hash *root)
{
    struct memory_tiles memory = {0};
    struct ledger_tiles tiles = {&memory, memory_read, memory_write};
    uint64_t size = 0;
    enum base_code code = ledger_tree_append(&tiles, &size, leaves, (size_t)count);
    if (code == BASE_OK)
        code = ledger_tree_root(&tiles, count, root);
    for (size_t i = 0; i < memory.count; i++)
        base_buffer_release(&memory.items[i].hashes);
    free(memory.items);
    return code;
}

static enum base_code check_head(struct store *store, const struct checking *checking, enum store_head_slot slot, bool is_needed)
{
    struct store_head head;
    struct ledger_note note = LEDGER_NOTE_EMPTY;
    struct ledger_checkpoint checkpoint;
    struct crypto_hash root;
    struct base_buffer bytes = BASE_BUFFER_EMPTY;
    uint64_t seconds;
    enum base_code code = store_head_get(store, checking->compartment->id.bytes, slot, &head, &bytes);
    if (code == BASE_E_NOT_FOUND && !is_needed)
        return BASE_OK;
    if (code == BASE_OK)
        code = ledger_note_parse(base_bytes_buffer(&bytes), &note);
    if (code == BASE_OK)
        code = ledger_note_check(&note, &checking->seat->own);
    if (code == BASE_OK && slot == STORE_HEAD_COSIGNED)
        code = ledger_cosignature_time(&note, &checking->seat->peer_cosigner, &seconds);
    if (code == BASE_OK)
        code = ledger_checkpoint_parse(note.text, &checkpoint);
    if (code == BASE_OK && (checkpoint.size > checking->count || strcmp(checkpoint.origin, checking->seat->own_name) != 0))
        code = base_fail(BASE_E_INCONSISTENT, "a checkpoint of %llu entries, and there are %llu",
                         (unsigned long long)checkpoint.size, (unsigned long long)checking->count);
    if (code == BASE_OK && (head.size != checkpoint.size || memcmp(head.root, checkpoint.root.bytes, sizeof head.root) != 0))
        code = base_fail(BASE_E_CORRUPT, "a checkpoint is kept under another size or root than it states");
    if (code == BASE_OK && slot == STORE_HEAD_OWN && checkpoint.size != checking->count)
        code = base_fail(BASE_E_INCONSISTENT, "%llu entries, and the newest own checkpoint states %llu",
                         (unsigned long long)checking->count, (unsigned long long)checkpoint.size);
    if (code == BASE_OK)
        code = root_of_leaves(checking->leaves, checkpoint.size, &root);
    if (code == BASE_OK && !crypto_hash_equal(&root, &checkpoint.root))
        code = base_fail(BASE_E_INCONSISTENT, "the checkpoint at %llu entries has another root",
                         (unsigned long long)checkpoint.size);
    ledger_note_release(&note);
    base_buffer_release(&bytes);
    return code;
}

static enum base_code check_all(struct store *store, struct checking *checking, const struct node_ledger_facts *facts)
{
    struct crypto_hash root;
    BASE_TRY(store_entries_each(store, checking->compartment->id.bytes, 0, facts->entries, check_entry, checking));
    if (checking->count != facts->entries)
        return base_fail(BASE_E_CORRUPT, "%llu entries, and %llu could be read", (unsigned long long)facts->entries,
                         (unsigned long long)checking->count);
    BASE_TRY(root_of_leaves(checking->leaves, checking->count, &root));
    if (!crypto_hash_equal(&root, &facts->root))
        return base_fail(BASE_E_CORRUPT, "the tiles do not hold the tree of the entries");
    BASE_TRY(check_head(store, checking, STORE_HEAD_OWN, checking->count > 0));
    return check_head(store, checking, STORE_HEAD_COSIGNED, false);
}

static enum base_code verify(struct store *store, const struct node_compartment *compartment, struct node_ledger_facts *facts)
{
    struct node_seat seat = {0};
    struct checking checking = {.compartment = compartment, .seat = &seat};
    BASE_TRY(node_ledger_facts(store, compartment, facts));
    BASE_TRY(node_seat_verifiers(compartment, &seat));
    checking.leaves = base_alloc_array((size_t)facts->entries, sizeof *checking.leaves);
    if (checking.leaves == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for %llu entries", (unsigned long long)facts->entries);
    enum base_code code = check_all(store, &checking, facts);
    free(checking.leaves);
    return code;
}

/* Entries, tiles and heads as they are at one moment: a node may be writing. */
enum base_code node_ledger_verify(struct store *store, const struct node_compartment *compartment, struct node_ledger_facts *facts)
{
    if (store_is_in_transaction(store))
        return verify(store, compartment, facts);
    BASE_TRY(store_begin_reading(store));
    enum base_code code = verify(store, compartment, facts);
    store_rollback(store);
    return code;
}

static enum base_code copy_entry(void *context, const struct store_entry *entry)
{
    return base_buffer_append(context, entry->note);
}

static enum base_code read_entry(void *context, uint64_t index, struct base_buffer *out)
{
    struct node_tiles *keeper = context;
    return store_entries_each(keeper->store, keeper->compartment.bytes, index, index + 1, copy_entry, out);
}

enum base_code node_ledger_files(struct store *store, const struct node_compartment *compartment, uint64_t size,
                                 const struct ledger_files *files)
{
    struct node_tiles keeper = {store, compartment->id};
    struct ledger_tiles tiles = node_tiles_of(&keeper);
    struct ledger_entries entries = {&keeper, read_entry};
    return ledger_export(&tiles, size, &entries, files);
}

static enum base_code put_key_line(struct base_buffer *out, const char *role, const struct ledger_verifier *verifier)
{
    BASE_TRY(base_buffer_format(out, "%s ", role));
    BASE_TRY(ledger_verifier_format(verifier, out));
    return base_buffer_text(out, "\n");
}

static enum base_code put_identity_line(struct base_buffer *out, const char *role, const struct crypto_sign_public *identity)
{
    struct ledger_verifier verifier;
    struct exchange_id fingerprint;
    char name[EXCHANGE_KEY_NAME_LEN];
    exchange_fingerprint(identity, &fingerprint);
    exchange_identity_name(&fingerprint, name);
    BASE_TRY(ledger_verifier_init(&verifier, name, LEDGER_KEY_ED25519, identity));
    return put_key_line(out, role, &verifier);
}

enum base_code node_ledger_keys(const struct node_compartment *compartment, struct base_buffer *out)
{
    struct node_seat seat = {0};
    const struct exchange_terms *terms = &compartment->terms;
    BASE_TRY(node_seat_verifiers(compartment, &seat));
    BASE_TRY(put_key_line(out, "owner", &seat.own));
    BASE_TRY(put_key_line(out, "cosigner", &seat.peer_cosigner));
    BASE_TRY(put_identity_line(out, "owner-identity", &terms->sides[compartment->side].identity));
    return put_identity_line(out, "cosigner-identity", &terms->sides[1 - compartment->side].identity);
}

static enum base_code write_file(void *context, const char *path, struct base_bytes content)
{
    const char *folder = context;
    char whole[PATH_MAX];
    if (snprintf(whole, sizeof whole, "%s/%s", folder, path) >= (int)sizeof whole)
        return base_fail(BASE_E_ARGUMENT, "the folder's path is too long");
    char *slash = strrchr(whole, '/');
    *slash = 0;
    BASE_TRY(base_folder_make(whole, 0755));
    *slash = '/';
    return base_file_write(whole, content, 0644);
}

static enum base_code check_empty(const char *folder)
{
    DIR *open_folder = opendir(folder);
    size_t count = 0;
    if (open_folder == NULL)
        return BASE_OK;
    while (readdir(open_folder) != NULL)
        count++;
    closedir(open_folder);
    return count <= 2 ? BASE_OK : base_fail(BASE_E_EXISTS, "%s is not empty", folder);
}

enum base_code node_ledger_export(struct store *store, const struct node_compartment *compartment, const char *folder,
                                  struct node_ledger_facts *facts)
{
    struct ledger_files files = {(void *)(uintptr_t)folder, write_file}; /* which only reads it */
    struct store_head head;
    struct base_buffer checkpoint = BASE_BUFFER_EMPTY, keys = BASE_BUFFER_EMPTY;
    BASE_TRY(check_empty(folder));
    BASE_TRY(node_ledger_facts(store, compartment, facts));
    enum base_code code = store_head_get(store, compartment->id.bytes, STORE_HEAD_COSIGNED, &head, &checkpoint);
    if (code == BASE_E_NOT_FOUND)
        code = base_fail(BASE_E_STATE, "the other party has cosigned nothing yet");
    if (code == BASE_OK)
        code = node_ledger_files(store, compartment, head.size, &files);
    if (code == BASE_OK)
        code = node_ledger_keys(compartment, &keys);
    if (code == BASE_OK)
        code = files.write(files.context, "keys", base_bytes_buffer(&keys));
    if (code == BASE_OK) /* last: a folder with a checkpoint is whole */
        code = files.write(files.context, "checkpoint", base_bytes_buffer(&checkpoint));
    base_buffer_release(&checkpoint);
    base_buffer_release(&keys);
    return code;
}
