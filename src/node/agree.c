/* SPDX-License-Identifier: Apache-2.0
 *
 * Terms: proposing, being proposed to, accepting, being accepted (doc/spec/statements.md 3).
 *
 *     proposer                               accepter
 *     PROPOSAL: terms without accepter-key ──► kept as offered; DONE
 *                                              the operator accepts: fills in its key, signs
 *     signs too, book entry 0             ◄── ACCEPTANCE
 *     TERMS: both signatures              ──► book entry 0
 */
#include "node/node.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OFFERS_PER_PEER_MAX = 16 };

static enum base_code identity_verifier(const struct crypto_sign_public *identity, struct ledger_verifier *out)
{
    struct exchange_id fingerprint;
    char name[EXCHANGE_KEY_NAME_LEN];
    exchange_fingerprint(identity, &fingerprint);
    exchange_identity_name(&fingerprint, name);
    return ledger_verifier_init(out, name, LEDGER_KEY_ED25519, identity);
}

/* A note of terms that `side` has signed, with `count` signatures: a stranger's beside them would make another note of it. */
static enum base_code read_terms(struct base_bytes bytes, enum exchange_side side, size_t count, struct exchange_terms *out)
{
    struct ledger_note note;
    struct ledger_verifier verifier;
    BASE_TRY(ledger_note_parse(bytes, &note));
    enum base_code code = exchange_terms_parse(note.text, out);
    if (code == BASE_OK)
        code = identity_verifier(&out->sides[side].identity, &verifier);
    if (code == BASE_OK)
        code = ledger_note_check(&note, &verifier);
    if (code == BASE_OK && note.count != count)
        code = base_fail(BASE_E_FORMAT, "%zu signatures on the terms, where %zu belong", note.count, count);
    ledger_note_release(&note);
    return code;
}

static enum base_code sign_terms(struct node *node, const struct exchange_terms *terms, struct base_buffer *note)
{
    struct base_buffer text = BASE_BUFFER_EMPTY;
    char name[EXCHANGE_KEY_NAME_LEN];
    exchange_identity_name(&node->party->fingerprint, name);
    enum base_code code = exchange_terms_format(terms, &text);
    if (code == BASE_OK)
        code = ledger_note_sign(base_bytes_buffer(&text), name, &node->party->identity, note);
    base_buffer_release(&text);
    return code;
}

enum base_code node_agree_propose(struct node *node, const struct node_proposal *proposal, struct exchange_id *compartment)
{
    struct node_peer peer;
    struct node_compartment facts = {.own_state = EXCHANGE_PROPOSED, .peer_state = EXCHANGE_PROPOSED};
    struct exchange_terms *terms = &facts.terms;
    struct base_buffer note = BASE_BUFFER_EMPTY, sealed = BASE_BUFFER_EMPTY;
    BASE_TRY(exchange_name_check(proposal->name));
    BASE_TRY(node_peer_by_name(node->party->store, proposal->peer, &peer));
    if (peer.state != NODE_PEER_PAIRED)
        return base_fail(BASE_E_NO_PEER, "compare the words with the other party first");
    BASE_TRY(base_random_fill(&node->random, facts.id.bytes, sizeof facts.id.bytes));
    snprintf(facts.name, sizeof facts.name, "%s", proposal->name);
    facts.peer = peer.fingerprint;
    facts.since_ms = base_clock_now(&node->clock);
    *terms = proposal->values;
    terms->compartment = facts.id;
    terms->rules = *people_rules_hash(node->rules);
    terms->time_ms = facts.since_ms - facts.since_ms % 1000;
    terms->sides[EXCHANGE_PROPOSER].identity = node->party->card.identity;
    terms->sides[EXCHANGE_ACCEPTER].identity = peer.card.identity;
    enum base_code code = node_key_make(node->party, &facts.id, &node->random, &sealed, &terms->sides[EXCHANGE_PROPOSER].key);
    if (code == BASE_OK)
        code = sign_terms(node, terms, &note);
    if (code == BASE_OK)
        code = node_compartment_put(node->party->store, &facts, base_bytes_buffer(&note), base_bytes_buffer(&sealed));
    if (code == BASE_OK)
        *compartment = facts.id;
    base_buffer_release(&note);
    base_buffer_release(&sealed);
    return code;
}

struct offers {
    const struct exchange_id *peer;
    unsigned count;
};

static enum base_code count_offers(void *context, const struct node_compartment *facts)
{
    struct offers *offers = context;
    offers->count += facts->own_state == EXCHANGE_OFFERED && exchange_id_equal(&facts->peer, offers->peer);
    return BASE_OK;
}

static enum base_code check_proposal(struct node_talk *talk, struct base_bytes payload, struct exchange_terms *terms)
{
    struct offers offers = {&talk->peer.fingerprint, 0};
    BASE_TRY(read_terms(payload, EXCHANGE_PROPOSER, 1, terms));
    const struct crypto_sign_public *own = &talk->node->party->card.identity, *peer = &talk->peer.card.identity;
    if (memcmp(&terms->sides[EXCHANGE_PROPOSER].identity, peer, sizeof *peer) != 0 ||
        memcmp(&terms->sides[EXCHANGE_ACCEPTER].identity, own, sizeof *own) != 0)
        return base_fail(BASE_E_KEY, "the terms are not between these two parties");
    if (exchange_terms_is_filled(terms))
        return base_fail(BASE_E_INCONSISTENT, "a proposal with the accepter's key filled in");
    BASE_TRY(node_compartments_each(talk->node->party->store, count_offers, &offers));
    if (offers.count >= OFFERS_PER_PEER_MAX)
        return base_fail(BASE_E_FLOOD, "%u proposals wait for an answer already", offers.count);
    return BASE_OK;
}

static enum base_code same_note(void *context, const struct node_compartment *facts)
{
    const struct base_bytes *payload = context;
    if (base_bytes_equal(facts->terms_note, *payload))
        return BASE_OK;
    return base_fail(BASE_E_EXISTS, "there is a compartment with this id already");
}

static enum base_code keep_offer(struct node_talk *talk, struct base_bytes payload, const struct exchange_terms *terms)
{
    struct node_compartment facts = {.id = terms->compartment, .peer = talk->peer.fingerprint, .own_state = EXCHANGE_OFFERED,
                                     .peer_state = EXCHANGE_PROPOSED, .since_ms = base_clock_now(&talk->node->clock)};
    char hex[2 * EXCHANGE_ID_LEN + 1];
    exchange_id_hex(&facts.id, hex);
    snprintf(facts.name, sizeof facts.name, "%.40s-%.8s", talk->peer.name, hex);
    return node_compartment_put(talk->node->party->store, &facts, payload, base_bytes_of(NULL, 0));
}

enum base_code node_agree_proposed(struct node_talk *talk, struct base_bytes payload)
{
    struct exchange_terms terms;
    enum base_code code = check_proposal(talk, payload, &terms);
    if (code == BASE_OK) {
        code = node_compartment_with(talk->node->party->store, &terms.compartment, same_note, &payload);
        if (code == BASE_E_NOT_FOUND)
            code = keep_offer(talk, payload, &terms);
    }
    return code == BASE_OK ? node_talk_send(talk, NODE_SAY_DONE, base_bytes_of(NULL, 0)) : node_talk_refuse(talk, code, base_detail());
}

/* The compartment becomes active here: the row and entry 0 of the book, together. */
static enum base_code activate(struct node *node, const struct node_compartment *before, struct base_bytes note,
                               const struct exchange_terms *terms, struct base_bytes sealed)
{
    struct store *store = node->party->store;
    struct node_compartment facts = *before;
    struct node_seat seat;
    struct crypto_hash hash;
    facts.terms = *terms;
    facts.own_state = facts.peer_state = EXCHANGE_ACTIVE;
    facts.since_ms = base_clock_now(&node->clock);
    BASE_TRY(store_begin(store));
    enum base_code code = node_compartment_put(store, &facts, note, sealed);
    if (code == BASE_OK)
        code = node_seat_open(node->party, &facts.id, &seat);
    if (code == BASE_OK) {
        code = node_book_add(node->party, &seat, "terms", facts.since_ms, note, &hash);
        node_seat_release(&seat);
    }
    if (code == BASE_OK)
        code = store_commit(store);
    store_rollback(store);
    return code;
}

struct copied {
    struct node_compartment facts;
    struct base_buffer note, sealed;
};

static enum base_code copy_compartment(void *context, const struct node_compartment *facts)
{
    struct copied *copied = context;
    copied->facts = *facts;
    BASE_TRY(base_buffer_append(&copied->note, facts->terms_note));
    return base_buffer_append(&copied->sealed, facts->sealed_key);
}

static void release_copied(struct copied *copied)
{
    base_buffer_release(&copied->note);
    base_buffer_release(&copied->sealed);
}

/* The proposer's side of an acceptance. *both becomes the terms signed by both. */
static enum base_code take_acceptance(struct node_talk *talk, struct base_bytes payload, struct copied *copied,
                                      struct base_buffer *both)
{
    struct node *node = talk->node;
    struct exchange_terms terms;
    char name[EXCHANGE_KEY_NAME_LEN];
    BASE_TRY(read_terms(payload, EXCHANGE_ACCEPTER, 1, &terms));
    BASE_TRY(node_compartment_with(node->party->store, &terms.compartment, copy_compartment, copied));
    if (copied->facts.side != EXCHANGE_PROPOSER || !exchange_id_equal(&copied->facts.peer, &talk->peer.fingerprint))
        return base_fail(BASE_E_NOT_FOUND, "there is no such compartment here"); /* conversations 1.2 */
    if (copied->facts.own_state != EXCHANGE_PROPOSED && exchange_terms_is_filled(&copied->facts.terms)) {
        struct crypto_hash hash;
        BASE_TRY(exchange_terms_hash(&terms, &hash));
        if (!crypto_hash_equal(&hash, &copied->facts.terms_hash))
            return base_fail(BASE_E_STATE, "these terms were accepted already, with another key");
        return base_buffer_append(both, base_bytes_buffer(&copied->note)); /* the answer was lost: given again */
    }
    if (copied->facts.own_state != EXCHANGE_PROPOSED)
        return base_fail(BASE_E_STATE, "the proposal was withdrawn");
    BASE_TRY(exchange_terms_check_filled(&copied->facts.terms, &terms));
    exchange_identity_name(&node->party->fingerprint, name);
    BASE_TRY(ledger_note_add_signature(payload, name, &node->party->identity, both));
    return activate(node, &copied->facts, base_bytes_buffer(both), &terms, base_bytes_buffer(&copied->sealed));
}

enum base_code node_agree_accepted(struct node_talk *talk, struct base_bytes payload)
{
    struct copied copied = {.note = BASE_BUFFER_EMPTY, .sealed = BASE_BUFFER_EMPTY};
    struct base_buffer both = BASE_BUFFER_EMPTY;
    enum base_code code = take_acceptance(talk, payload, &copied, &both);
    code = code == BASE_OK ? node_talk_send(talk, NODE_SAY_TERMS, base_bytes_buffer(&both))
                           : node_talk_refuse(talk, code, base_detail());
    release_copied(&copied);
    base_buffer_release(&both);
    return code;
}

/* The accepter's side. */
struct accepting {
    struct node_request *request;
    struct copied copied;          /* the offer as it stands in the store */
    struct exchange_terms filled;
    struct base_buffer sealed, note;
};

static void accepting_free(struct accepting *accepting)
{
    release_copied(&accepting->copied);
    base_buffer_release(&accepting->sealed);
    base_buffer_release(&accepting->note);
    free(accepting);
}

static enum base_code accept_opened(struct node_talk *talk)
{
    struct accepting *accepting = talk->state;
    return node_talk_send(talk, NODE_SAY_ACCEPTANCE, base_bytes_buffer(&accepting->note));
}

static enum base_code keep_terms(struct node_talk *talk, struct base_bytes payload)
{
    struct accepting *accepting = talk->state;
    struct exchange_terms terms;
    struct crypto_hash ours, theirs;
    BASE_TRY(read_terms(payload, EXCHANGE_PROPOSER, 2, &terms));
    BASE_TRY(read_terms(payload, EXCHANGE_ACCEPTER, 2, &terms));
    BASE_TRY(exchange_terms_hash(&terms, &theirs));
    BASE_TRY(exchange_terms_hash(&accepting->filled, &ours));
    if (!crypto_hash_equal(&ours, &theirs))
        return base_fail(BASE_E_INCONSISTENT, "the other party signed other terms than were accepted");
    return activate(talk->node, &accepting->copied.facts, payload, &terms, base_bytes_buffer(&accepting->sealed));
}

static void answer_accepted(struct accepting *accepting)
{
    char hex[2 * EXCHANGE_ID_LEN + 1];
    exchange_id_hex(&accepting->copied.facts.id, hex);
    node_request_ok(accepting->request, json_pack("{s:s, s:s, s:s}", "compartment", hex, "name", accepting->copied.facts.name,
                                                  "state", exchange_state_word(EXCHANGE_ACTIVE)));
    accepting->request = NULL;
}

static enum base_code accept_frame(struct node_talk *talk, uint8_t kind, struct base_bytes payload)
{
    struct accepting *accepting = talk->state;
    if (kind == NODE_SAY_REFUSED) {
        node_request_error(accepting->request, node_refusal_read(payload), base_detail(), true);
        accepting->request = NULL;
    } else if (kind == NODE_SAY_TERMS) {
        BASE_TRY(keep_terms(talk, payload));
        answer_accepted(accepting);
    } else {
        return base_fail(BASE_E_ORDER, "frame kind %u does not answer an acceptance", kind);
    }
    node_talk_end(talk);
    return BASE_OK;
}

static void accept_closed(struct node_talk *talk, enum base_code why, const char *detail)
{
    struct accepting *accepting = talk->state;
    if (accepting->request != NULL)
        node_request_error(accepting->request, why == BASE_OK ? BASE_E_CLOSED : why, detail, false);
    accepting_free(accepting);
}

static const struct node_talk_role role_accept = {.word = "accept", .opened = accept_opened, .frame = accept_frame,
                                                 .closed = accept_closed};

/* The accepter's key is made once and kept before it is sent, so that accepting again after a lost answer sends the same. */
static enum base_code fill_in(struct node *node, struct accepting *accepting)
{
    struct node_compartment *facts = &accepting->copied.facts;
    struct crypto_sign_public *key = &accepting->filled.sides[EXCHANGE_ACCEPTER].key;
    struct node_seat seat;
    accepting->filled = facts->terms;
    if (accepting->copied.sealed.len > 0) {
        BASE_TRY(base_buffer_append(&accepting->sealed, base_bytes_buffer(&accepting->copied.sealed)));
        BASE_TRY(node_seat_open(node->party, &facts->id, &seat));
        crypto_sign_public_of(&seat.secret, key);
        node_seat_release(&seat);
        return BASE_OK;
    }
    BASE_TRY(node_key_make(node->party, &facts->id, &node->random, &accepting->sealed, key));
    return node_compartment_put(node->party->store, facts, base_bytes_buffer(&accepting->copied.note),
                                base_bytes_buffer(&accepting->sealed));
}

enum base_code node_agree_accept(struct node *node, const struct node_compartment *compartment, struct node_request *request)
{
    if (compartment->own_state != EXCHANGE_OFFERED)
        return base_fail(BASE_E_STATE, "a compartment that is %s cannot be accepted", exchange_state_word(compartment->state));
    if (!crypto_hash_equal(&compartment->terms.rules, people_rules_hash(node->rules)))
        return base_fail(BASE_E_RULES, "the terms name another rule file than this program has");
    struct accepting *accepting = calloc(1, sizeof *accepting);
    if (accepting == NULL)
        return base_fail(BASE_E_NOMEM, "no memory to accept");
    accepting->request = request;
    enum base_code code = node_compartment_with(node->party->store, &compartment->id, copy_compartment, &accepting->copied);
    if (code == BASE_OK)
        code = fill_in(node, accepting);
    if (code == BASE_OK)
        code = sign_terms(node, &accepting->filled, &accepting->note);
    if (code == BASE_OK)
        code = node_talk_begin(node, &compartment->peer, &role_accept, accepting, NULL);
    if (code != BASE_OK)
        accepting_free(accepting);
    return code;
}
