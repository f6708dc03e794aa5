/* SPDX-License-Identifier: Apache-2.0
 *
 * What is kept of a match: the statement both sign, the match with its opening, the hits.
 */
#include "node/match.h"

#include "node/exchange.h"

#include "crypto/text.h"
#include "store/matches.h"
#include "store/records.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void node_match_sizes(const struct node_match *match, uint64_t *own, uint64_t *peer)
{
    *own = match->is_starter ? match->offer.keys[0] : match->accept.keys[0];
    *peer = match->is_starter ? match->accept.keys[0] : match->offer.keys[0];
}

bool node_match_is_receiver(const struct node_match *match)
{
    /* psi 1: the smaller set receives; of two equal ones the starter's. */
    bool is_starter_receiving = match->offer.keys[0] <= match->accept.keys[0];
    return match->is_starter == is_starter_receiving;
}

void node_match_context(const struct node_match *match, struct crypto_hash *out)
{
    struct base_bytes parts[] = {base_bytes_of(match->offer_hash.bytes, sizeof match->offer_hash.bytes),
                                 base_bytes_of(match->accept_hash.bytes, sizeof match->accept_hash.bytes)};
    crypto_hash_domain("entente/node/match/v1", parts, 2, out);
}

enum base_code node_match_statement(const struct node_match *match, const struct node_seat *seat, int64_t time_ms,
                                    struct exchange_statement *out)
{
    const struct exchange_id *starter = match->is_starter ? &match->node->party->fingerprint : &match->peer;
    node_statement_begin(seat, EXCHANGE_KIND_MATCH, starter, time_ms, out);
    out->about = match->accept_hash;
    out->keys[0] = match->offer.keys[0];
    out->commitment[0] = match->offer.commitment[0];
    out->keys[1] = match->accept.keys[0];
    out->commitment[1] = match->accept.commitment[0];
    out->rules = match->offer.rules;
    return psi_session_transcript(match->psi, &out->transcript);
}

/* Why a record has the token of a hit. */
struct explaining {
    const struct people_rules *rules;
    const struct crypto_hash *token;
    struct base_buffer reason;
};

static enum base_code explain(void *context, const struct store_record *row)
{
    struct explaining *explaining = context;
    struct people_record record = PEOPLE_RECORD_EMPTY;
    enum base_code code = people_record_decode(row->content, &record);
    if (code == BASE_OK)
        code = people_key_reason(explaining->rules, &record, explaining->token, &explaining->reason);
    people_record_release(&record);
    return code;
}

static enum base_code put_hit(struct node_match *match, const struct psi_hit *hit, const struct node_set_entry *entry)
{
    const struct node *node = match->node;
    struct explaining explaining = {node->rules, &entry->token, BASE_BUFFER_EMPTY};
    struct store_hit row = {.record = entry->record};
    enum base_code code = store_record_get(node->party->store, entry->record, explain, &explaining);
    if (code == BASE_E_NOT_FOUND) /* the record was changed while the match ran: no reason any more */
        code = BASE_OK;
    memcpy(row.session, match->accept_hash.bytes, sizeof row.session);
    memcpy(row.reference, hit->reference, sizeof row.reference);
    snprintf(row.rule, sizeof row.rule, "%s", people_rule_name(node->rules, entry->rule));
    snprintf(row.grade, sizeof row.grade, "%s", people_grade_word(people_rule_grade(node->rules, entry->rule)));
    row.reason = base_buffer_c_string(&explaining.reason);
    if (code == BASE_OK)
        code = store_hit_put(node->party->store, &row);
    base_buffer_release(&explaining.reason);
    return code;
}

static enum base_code keep_hit(struct node_match *match, const struct psi_hit *hit)
{
    size_t begin, end;
    node_set_entries_of(match->set, hit->own_index, &begin, &end);
    for (size_t i = begin; i < end; i++)
        BASE_TRY(put_hit(match, hit, &match->set->entries[i]));
    return BASE_OK;
}

static enum base_code keep_match(struct node_match *match, const struct crypto_hash *statement, size_t hit_count,
                                 struct base_bytes opening)
{
    struct store_match row = {.is_starter = match->is_starter, .is_receiver = node_match_is_receiver(match),
                              .hit_count = hit_count, .bytes_sent = match->bytes_sent, .bytes_received = match->bytes_received,
                              .started_ms = match->started_ms, .finished_ms = base_clock_now(&match->node->clock),
                              .opening = opening,
                              .tokens = base_bytes_of(match->set->tokens, match->set->token_count * sizeof *match->set->tokens)};
    memcpy(row.session, match->accept_hash.bytes, sizeof row.session);
    memcpy(row.compartment, match->compartment.bytes, sizeof row.compartment);
    memcpy(row.statement, statement->bytes, sizeof row.statement);
    node_match_sizes(match, &row.own_count, &row.peer_count);
    return store_match_put(match->node->party->store, &row);
}

enum base_code node_match_keep(struct node_match *match, const struct crypto_hash *statement)
{
    const struct psi_hit *hits;
    size_t count;
    struct base_buffer opening = BASE_BUFFER_EMPTY;
    BASE_TRY(psi_session_hits(match->psi, &hits, &count));
    enum base_code code = crypto_seal(&match->node->party->seal, base_bytes_of(match->compartment.bytes, EXCHANGE_ID_LEN),
                                      base_bytes_of(match->set->salt, sizeof match->set->salt), &match->node->random, &opening);
    if (code == BASE_OK)
        code = keep_match(match, statement, count, base_bytes_buffer(&opening));
    for (size_t i = 0; code == BASE_OK && i < count; i++)
        code = keep_hit(match, &hits[i]);
    base_buffer_release(&opening);
    match->statement_hash = *statement;
    return code;
}

enum base_code node_match_abort(struct node_match *match)
{
    struct store *store = match->node->party->store;
    struct exchange_statement abort_statement;
    struct crypto_hash hash;
    struct node_seat seat;
    BASE_TRY(node_seat_open(match->node->party, &match->compartment, &seat));
    node_statement_begin(&seat, EXCHANGE_KIND_MATCH_ABORT, &match->node->party->fingerprint,
                         base_clock_now(&match->node->clock), &abort_statement);
    abort_statement.about = match->offer_hash;
    snprintf(abort_statement.word, sizeof abort_statement.word, "%s", base_code_word(match->code));
    enum base_code code = store_begin(store);
    if (code == BASE_OK)
        code = node_say(match->node, &seat, &abort_statement, NULL, &hash);
    if (code == BASE_OK)
        code = store_commit(store);
    store_rollback(store);
    node_seat_release(&seat);
    return code;
}

static uint64_t count_records(const struct node_match *match, const struct psi_hit *hits, size_t count)
{
    uint64_t records = 0;
    int64_t *ids = base_alloc_array(match->set->entry_count, sizeof *ids);
    size_t id_count = 0;
    if (ids == NULL)
        return 0;
    for (size_t i = 0; i < count; i++) {
        size_t begin, end;
        node_set_entries_of(match->set, hits[i].own_index, &begin, &end);
        for (; begin < end; begin++)
            ids[id_count++] = match->set->entries[begin].record;
    }
    for (size_t i = 0; i < id_count; i++) { /* hits are few */
        size_t j = 0;
        while (j < i && ids[j] != ids[i])
            j++;
        records += j == i;
    }
    free(ids);
    return records;
}

json_t *node_match_result(const struct node_match *match)
{
    const struct psi_hit *hits = NULL;
    size_t count = 0;
    uint64_t own, peer;
    char compartment[33], session[33], statement[65];
    if (psi_session_hits(match->psi, &hits, &count) != BASE_OK)
        return NULL;
    node_match_sizes(match, &own, &peer);
    exchange_id_hex(&match->compartment, compartment);
    crypto_hex_encode(base_bytes_of(match->accept_hash.bytes, 16), session);
    crypto_hex_encode(base_bytes_of(match->statement_hash.bytes, 32), statement);
    return json_pack("{s:s, s:s, s:b, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:s, s:b}", "compartment", compartment, "session",
                     session, "starter", match->is_starter, "role", node_match_is_receiver(match) ? "receiver" : "sender",
                     "own_keys", (json_int_t)own, "peer_keys", (json_int_t)peer, "hits", (json_int_t)count, "records",
                     (json_int_t)count_records(match, hits, count), "bytes_sent", (json_int_t)match->bytes_sent,
                     "bytes_received", (json_int_t)match->bytes_received, "elapsed_ms",
                     (json_int_t)(base_clock_elapsed_ms() - match->started_elapsed_ms), "statement", statement, "cosigned", 0);
}
