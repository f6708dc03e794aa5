/* SPDX-License-Identifier: Apache-2.0 */
#include "node/seat.h"

#include <string.h>

static struct base_bytes seal_label(const struct exchange_id *compartment)
{
    return base_bytes_of(compartment->bytes, sizeof compartment->bytes);
}

enum base_code node_key_make(struct node_party *party, const struct exchange_id *compartment, const struct base_random *random,
                             struct base_buffer *sealed, struct crypto_sign_public *out)
{
    struct crypto_key seed;
    struct crypto_sign_secret secret;
    BASE_TRY(base_random_fill(random, seed.bytes, sizeof seed.bytes));
    crypto_sign_keys_from_seed(&seed, &secret, out);
    enum base_code code = crypto_seal(&party->seal, seal_label(compartment), base_bytes_of(seed.bytes, sizeof seed.bytes),
                                      random, sealed);
    crypto_wipe(&seed, sizeof seed);
    crypto_wipe(&secret, sizeof secret);
    return code;
}

enum base_code node_seat_verifiers(const struct node_compartment *facts, struct node_seat *out)
{
    const struct exchange_terms_side *own = &facts->terms.sides[facts->side];
    const struct exchange_terms_side *peer = &facts->terms.sides[1 - facts->side];
    struct exchange_id fingerprint;
    exchange_fingerprint(&own->identity, &fingerprint);
    exchange_key_name(&facts->id, &fingerprint, out->own_name);
    exchange_key_name(&facts->id, &facts->peer, out->peer_name);
    BASE_TRY(ledger_verifier_init(&out->own, out->own_name, LEDGER_KEY_ED25519, &own->key));
    BASE_TRY(ledger_verifier_init(&out->own_cosigner, out->own_name, LEDGER_KEY_COSIGNATURE, &own->key));
    BASE_TRY(ledger_verifier_init(&out->peer, out->peer_name, LEDGER_KEY_ED25519, &peer->key));
    return ledger_verifier_init(&out->peer_cosigner, out->peer_name, LEDGER_KEY_COSIGNATURE, &peer->key);
}

struct opening {
    struct node_party *party;
    struct node_seat *seat;
};

static enum base_code open_one(void *context, const struct node_compartment *facts)
{
    struct opening *opening = context;
    struct node_seat *seat = opening->seat;
    struct base_buffer plain = BASE_BUFFER_EMPTY;
    struct crypto_key seed;
    struct crypto_sign_public public_key;
    seat->facts = *facts;
    seat->facts.terms_note = seat->facts.sealed_key = (struct base_bytes){NULL, 0};
    BASE_TRY(node_seat_verifiers(facts, seat));
    enum base_code code = crypto_open(&opening->party->seal, seal_label(&facts->id), facts->sealed_key, &plain);
    if (code != BASE_E_NOMEM && (code != BASE_OK || plain.len != sizeof seed.bytes))
        code = base_fail(BASE_E_CORRUPT, "the key of a compartment does not open");
    if (code == BASE_OK) {
        memcpy(seed.bytes, plain.data, sizeof seed.bytes);
        crypto_sign_keys_from_seed(&seed, &seat->secret, &public_key);
        crypto_wipe(&seed, sizeof seed);
    }
    crypto_wipe_buffer(&plain);
    return code;
}

enum base_code node_seat_open(struct node_party *party, const struct exchange_id *compartment, struct node_seat *out)
{
    struct opening opening = {party, out};
    memset(out, 0, sizeof *out);
    enum base_code code = node_compartment_with(party->store, compartment, open_one, &opening);
    if (code != BASE_OK)
        node_seat_release(out);
    return code;
}

void node_seat_release(struct node_seat *seat)
{
    crypto_wipe(&seat->secret, sizeof seat->secret);
}

void node_statement_begin(const struct node_seat *seat, enum exchange_kind kind, const struct exchange_id *from, int64_t now_ms,
                          struct exchange_statement *out)
{
    *out = (struct exchange_statement){.kind = kind, .compartment = seat->facts.id, .terms = seat->facts.terms_hash,
                                       .from = *from, .time_ms = now_ms - now_ms % 1000};
}

enum base_code node_statement_read(struct base_bytes bytes, struct exchange_statement *out)
{
    struct ledger_note note;
    BASE_TRY(ledger_note_parse(bytes, &note));
    enum base_code code = exchange_statement_parse(note.text, out);
    ledger_note_release(&note);
    return code;
}

enum base_code node_statement_sign(const struct node_seat *seat, const struct exchange_statement *statement,
                                   struct base_buffer *note)
{
    struct base_buffer text = BASE_BUFFER_EMPTY;
    enum base_code code = exchange_statement_format(statement, &text);
    if (code == BASE_OK)
        code = ledger_note_sign_as(base_bytes_buffer(&text), &seat->own, &seat->secret, note);
    base_buffer_release(&text);
    return code;
}

/* statements 4.6 */
static enum base_code check_statement(const struct node_seat *seat, const struct exchange_statement *statement)
{
    if (!exchange_id_equal(&statement->compartment, &seat->facts.id))
        return base_fail(BASE_E_INCONSISTENT, "the statement belongs to another compartment");
    if (!crypto_hash_equal(&statement->terms, &seat->facts.terms_hash))
        return base_fail(BASE_E_INCONSISTENT, "the statement cites other terms");
    return BASE_OK;
}

enum base_code node_statement_check(const struct node_seat *seat, struct base_bytes bytes, struct exchange_statement *out)
{
    struct ledger_note note;
    BASE_TRY(ledger_note_parse(bytes, &note));
    enum base_code code = ledger_note_check(&note, &seat->peer);
    if (code == BASE_OK)
        code = exchange_statement_parse(note.text, out);
    if (code == BASE_OK)
        code = check_statement(seat, out);
    if (code == BASE_OK && out->kind != EXCHANGE_KIND_MATCH && !exchange_id_equal(&out->from, &seat->facts.peer))
        code = base_fail(BASE_E_KEY, "the statement speaks for another party than its signer");
    /* A stranger's signature beside the right one would make two notes of one statement. */
    if (code == BASE_OK && out->kind != EXCHANGE_KIND_MATCH && note.count != 1)
        code = base_fail(BASE_E_FORMAT, "%zu signatures on a statement that one party makes", note.count);
    ledger_note_release(&note);
    return code;
}
