/* SPDX-License-Identifier: Apache-2.0 */
#include "node/conflict.h"

#include "crypto/text.h"
#include "ledger/checkpoint.h"

#include <string.h>

void node_evidence_release(struct node_evidence *evidence)
{
    base_buffer_release(&evidence->first);
    base_buffer_release(&evidence->second);
    base_buffer_release(&evidence->proof);
}

static enum base_code read_checkpoint(const struct ledger_verifier *peer, struct base_bytes bytes, struct ledger_checkpoint *out)
{
    struct ledger_note note;
    BASE_TRY(ledger_note_parse(bytes, &note));
    enum base_code code = ledger_note_check(&note, peer);
    if (code == BASE_OK)
        code = ledger_checkpoint_parse(note.text, out);
    ledger_note_release(&note);
    if (code == BASE_OK && strcmp(out->origin, peer->name) != 0)
        code = base_fail(BASE_E_INCONSISTENT, "a checkpoint of another ledger than its signer's");
    return code;
}

/* Takes the hashes of a proof one by one. */
struct hashes {
    const struct ledger_proof *proof;
    size_t used;
};

static bool take(struct hashes *hashes, struct crypto_hash *out)
{
    if (hashes->used == hashes->proof->count)
        return false;
    *out = hashes->proof->hashes[hashes->used++];
    return true;
}

/* The roots over the first `old_size` and over all `new_size` leaves that SUBPROOF(old_size, D[0:new_size], false) of RFC 6962
 * 2.1.2 gives. As the RFC's recursion, at most 63 deep: the hashes of what is deeper come first. */
static bool roots_of(uint64_t old_size, uint64_t new_size, struct hashes *hashes, struct crypto_hash *old_root,
                     struct crypto_hash *new_root)
{
    struct crypto_hash other;
    uint64_t split = 1;
    if (old_size == new_size) {
        bool is_taken = take(hashes, old_root);
        *new_root = *old_root;
        return is_taken;
    }
    while (split < new_size - split)
        split *= 2;
    bool is_left = old_size <= split;
    if (!(is_left ? roots_of(old_size, split, hashes, old_root, new_root)
                  : roots_of(old_size - split, new_size - split, hashes, old_root, new_root)) ||
        !take(hashes, &other))
        return false;
    if (is_left) {
        ledger_node_hash(new_root, &other, new_root);
    } else {
        ledger_node_hash(&other, old_root, old_root);
        ledger_node_hash(&other, new_root, new_root);
    }
    return true;
}

/* Does the consistency proof itself show that the new tree does not begin with the old one? */
static bool is_shown(const struct ledger_checkpoint *old, const struct ledger_checkpoint *new, const struct ledger_proof *proof)
{
    struct hashes hashes = {proof, 0};
    struct crypto_hash old_root, new_root;
    bool is_power_of_two = (old->size & (old->size - 1)) == 0; /* also of 0: such a proof leaves the first hash out */
    if (proof == NULL || is_power_of_two || !roots_of(old->size, new->size, &hashes, &old_root, &new_root))
        return false;
    return hashes.used == proof->count && crypto_hash_equal(&new_root, &new->root) && !crypto_hash_equal(&old_root, &old->root);
}

static enum node_conflict judge(const struct ledger_checkpoint *old, const struct ledger_checkpoint *new, const struct ledger_proof *proof,
                                bool *needs_proof)
{
    *needs_proof = false;
    if (old->size == new->size)
        return crypto_hash_equal(&old->root, &new->root) ? NODE_CONFLICT_NONE : NODE_CONFLICT_PROVEN;
    if (old->size > new->size)
        return NODE_CONFLICT_SUSPECTED;
    if (proof != NULL && ledger_check_consistency(old->size, &old->root, new->size, &new->root, proof) == BASE_OK)
        return NODE_CONFLICT_NONE;
    *needs_proof = is_shown(old, new, proof);
    return *needs_proof ? NODE_CONFLICT_PROVEN : NODE_CONFLICT_SUSPECTED;
}

static enum base_code fill(struct base_bytes smaller, struct base_bytes larger, const struct ledger_proof *proof, struct node_evidence *out)
{
    BASE_TRY(base_buffer_append(&out->first, smaller));
    BASE_TRY(base_buffer_append(&out->second, larger));
    for (size_t i = 0; proof != NULL && i < proof->count; i++)
        BASE_TRY(base_put_bytes(&out->proof, proof->hashes[i].bytes, sizeof proof->hashes[i].bytes));
    return BASE_OK;
}

enum base_code node_conflict_check(const struct ledger_verifier *peer, struct base_bytes held, struct base_bytes offered,
                                   const struct ledger_proof *proof, enum node_conflict *verdict, struct node_evidence *evidence)
{
    struct ledger_checkpoint old, new;
    bool needs_proof;
    BASE_TRY(read_checkpoint(peer, held, &old));
    BASE_TRY(read_checkpoint(peer, offered, &new));
    *verdict = judge(&old, &new, proof, &needs_proof);
    if (*verdict == NODE_CONFLICT_NONE)
        return BASE_OK;
    bool is_in_order = old.size <= new.size;
    return fill(is_in_order ? held : offered, is_in_order ? offered : held, needs_proof ? proof : NULL, evidence);
}

static enum base_code put_base64(struct base_buffer *out, const char *key, struct base_bytes bytes)
{
    BASE_TRY(base_buffer_format(out, "%s: ", key));
    BASE_TRY(crypto_base64_append(bytes, out));
    return base_buffer_text(out, "\n");
}

enum base_code node_conflict_write(const struct exchange_id *compartment, struct base_bytes terms, struct base_bytes first,
                                   struct base_bytes second, struct base_bytes proof, struct base_buffer *out)
{
    char id[2 * EXCHANGE_ID_LEN + 1];
    exchange_id_hex(compartment, id);
    BASE_TRY(base_buffer_format(out, "entente/conflict/v1\ncompartment: %s\n", id));
    BASE_TRY(put_base64(out, "terms", terms));
    BASE_TRY(put_base64(out, "first", first));
    BASE_TRY(put_base64(out, "second", second));
    return proof.len == 0 ? base_buffer_text(out, "proof: -\n") : put_base64(out, "proof", proof);
}
