/* SPDX-License-Identifier: Apache-2.0
 *
 * What a peer asks of this node: to take a statement, to cosign a checkpoint, terms, a match. Each request is one frame and
 * gets one answer; a peer that breaks the form is dropped, one that asks for what it may not is refused.
 */
#include "node/node.h"

#include "store/ledgers.h"

#include <string.h>

enum { DAY_MS = 86400000, STATES_PER_DAY_MAX = 200 };


enum base_code node_statement_say(struct node *node, const struct node_seat *seat, const struct exchange_statement *statement,
                                  struct crypto_hash *hash)
{
    struct base_buffer note = BASE_BUFFER_EMPTY;
    int64_t now = base_clock_now(&node->clock);
    enum base_code code = node_statement_sign(seat, statement, &note);
    if (code == BASE_OK)
        code = node_book_add(node->party, seat, exchange_kind_word(statement->kind), now, base_bytes_buffer(&note), hash);
    if (code == BASE_OK)
        code = store_outbox_put(node->party->store, seat->facts.id.bytes, hash->bytes, now, base_bytes_buffer(&note));
    base_buffer_release(&note);
    return code;
}

/* A seat at the compartment a text speaks of, if the peer of this talk sits there too. */
static enum base_code seat_for(struct node_talk *talk, struct base_bytes bytes, struct node_seat *seat)
{
    struct ledger_note note;
    struct exchange_statement statement;
    BASE_TRY(ledger_note_parse(bytes, &note));
    enum base_code code = exchange_statement_parse(note.text, &statement);
    ledger_note_release(&note);
    if (code == BASE_OK)
        code = node_seat_open(talk->node->party, &statement.compartment, seat);
    if (code != BASE_OK)
        return code;
    if (exchange_id_equal(&seat->facts.peer, &talk->peer.fingerprint) && exchange_terms_is_filled(&seat->facts.terms))
        return BASE_OK;
    node_seat_release(seat);
    return base_fail(BASE_E_NOT_FOUND, "there is no such compartment here");
}

/* A match statement carries both signatures. */
static enum base_code check_own_signature(const struct node_seat *seat, struct base_bytes bytes)
{
    struct ledger_note note;
    BASE_TRY(ledger_note_parse(bytes, &note));
    enum base_code code = ledger_note_check(&note, &seat->own);
    if (code == BASE_OK && note.count != 2) /* else it could be as many notes as there are strangers */
        code = base_fail(BASE_E_FORMAT, "%zu signatures on a match of two parties", note.count);
    ledger_note_release(&note);
    return code;
}

static enum base_code apply_state(struct node *node, const struct node_seat *seat, const struct exchange_statement *statement)
{
    enum exchange_state peer = seat->facts.peer_state;
    if (statement->kind != EXCHANGE_KIND_STATE)
        return BASE_OK;
    BASE_TRY(exchange_state_move(&peer, statement->move));
    return node_compartment_set_states(node->party->store, &seat->facts.id, seat->facts.own_state, peer,
                                       base_clock_now(&node->clock));
}

struct receipt_search {
    struct crypto_hash about;
    struct base_buffer *note;
};

static enum base_code take_receipt(void *context, const struct store_entry *entry)
{
    struct receipt_search *search = context;
    struct ledger_note note;
    struct exchange_statement receipt;
    BASE_TRY(ledger_note_parse(entry->note, &note));
    enum base_code code = exchange_statement_parse(note.text, &receipt);
    ledger_note_release(&note);
    if (code == BASE_OK && (receipt.kind != EXCHANGE_KIND_RECEIPT || !crypto_hash_equal(&receipt.about, &search->about)))
        code = base_fail(BASE_E_CORRUPT, "a statement without its receipt behind it");
    return code == BASE_OK ? base_buffer_append(search->note, entry->note) : code;
}

/* The receipt stands right behind its statement: a statement that comes again gets the same one. */
static enum base_code old_receipt(struct node *node, const struct node_seat *seat, uint64_t index, const struct crypto_hash *hash,
                                  struct base_buffer *receipt)
{
    struct receipt_search search = {*hash, receipt};
    return store_entries_each(node->party->store, seat->facts.id.bytes, index + 1, index + 2, take_receipt, &search);
}

static enum base_code keep_statement(struct node *node, const struct node_seat *seat, const struct exchange_statement *statement,
                                     struct base_bytes note, struct base_buffer *receipt)
{
    struct exchange_statement answer;
    struct crypto_hash hash, receipt_hash;
    int64_t now = base_clock_now(&node->clock);
    BASE_TRY(node_book_add(node->party, seat, exchange_kind_word(statement->kind), now, note, &hash));
    BASE_TRY(apply_state(node, seat, statement));
    node_statement_begin(seat, EXCHANGE_KIND_RECEIPT, &node->party->fingerprint, now, &answer);
    answer.about = hash;
    BASE_TRY(node_statement_sign(seat, &answer, receipt));
    return node_book_add(node->party, seat, "receipt", now, base_bytes_buffer(receipt), &receipt_hash);
}

static bool may_be_delivered(enum exchange_kind kind)
{
    return kind == EXCHANGE_KIND_STATE || kind == EXCHANGE_KIND_MATCH_ABORT || kind == EXCHANGE_KIND_REFUSAL ||
           kind == EXCHANGE_KIND_MATCH;
}

static enum base_code check_deliverable(const struct node_seat *seat, struct base_bytes note, struct exchange_statement *statement)
{
    BASE_TRY(node_statement_check(seat, note, statement));
    if (!may_be_delivered(statement->kind))
        return base_fail(BASE_E_ORDER, "a %s is not delivered alone", exchange_kind_word(statement->kind));
    return statement->kind == EXCHANGE_KIND_MATCH ? check_own_signature(seat, note) : BASE_OK;
}

struct match_search {
    struct crypto_hash accept;
    bool is_found;
};

static enum base_code look_for_match(void *context, const struct store_entry *entry)
{
    struct match_search *search = context;
    struct ledger_note note;
    struct exchange_statement statement;
    BASE_TRY(ledger_note_parse(entry->note, &note));
    enum base_code code = exchange_statement_parse(note.text, &statement);
    ledger_note_release(&note);
    if (code == BASE_OK)
        search->is_found |= crypto_hash_equal(&statement.about, &search->accept);
    return code;
}

/* One text can be signed in many bytes, which are as many notes: a match is entered once for its acceptance. */
static enum base_code check_first_match(struct node *node, const struct node_seat *seat, const struct crypto_hash *accept)
{
    struct match_search search = {*accept, false};
    uint64_t index;
    enum base_code code = store_entry_find(node->party->store, seat->facts.id.bytes, accept->bytes, &index);
    if (code == BASE_OK)
        code = store_entries_each_kind(node->party->store, seat->facts.id.bytes, exchange_kind_word(EXCHANGE_KIND_MATCH), 0,
                                       look_for_match, &search);
    if (code == BASE_E_NOT_FOUND || (code == BASE_OK && search.is_found))
        return base_fail(BASE_E_ORDER, "a match that was not accepted, or is in the ledger already");
    return code;
}

/* conversations 3.3: what a peer may say without being asked is bounded, so that it cannot make a ledger grow without end. */
static enum base_code check_bounds(struct node *node, const struct node_seat *seat, const struct exchange_statement *statement)
{
    struct store *store = node->party->store;
    const uint8_t *compartment = seat->facts.id.bytes;
    uint64_t index, offers, said;
    if (statement->kind == EXCHANGE_KIND_STATE) {
        BASE_TRY(store_entries_count_kind(store, compartment, "state", base_clock_now(&node->clock) - DAY_MS, &said));
        return said < STATES_PER_DAY_MAX ? BASE_OK : base_fail(BASE_E_FLOOD, "%d changes of state in 24 hours", STATES_PER_DAY_MAX);
    }
    if (statement->kind == EXCHANGE_KIND_MATCH)
        return check_first_match(node, seat, &statement->about);
    if (statement->kind != EXCHANGE_KIND_MATCH_ABORT)
        return BASE_OK;
    BASE_TRY(store_entries_count_kind(store, compartment, "match-offer", 0, &offers));
    BASE_TRY(store_entries_count_kind(store, compartment, "match-abort", 0, &said));
    enum base_code code = store_entry_find(store, compartment, statement->about.bytes, &index);
    if (code == BASE_E_NOT_FOUND || (code == BASE_OK && said >= 2 * offers)) /* one by each party for each offer */
        return base_fail(BASE_E_ORDER, "a match that was not begun, or was ended before");
    return code;
}

enum base_code node_statement_take(struct node *node, const struct node_seat *seat, struct base_bytes note,
                                   node_statement_also *also, void *context, struct base_buffer *receipt)
{
    struct exchange_statement statement;
    struct crypto_hash hash;
    uint64_t index;
    BASE_TRY(check_deliverable(seat, note, &statement));
    ledger_leaf_hash(note, &hash);
    enum base_code code = store_entry_find(node->party->store, seat->facts.id.bytes, hash.bytes, &index);
    if (code == BASE_OK)
        return old_receipt(node, seat, index, &hash, receipt);
    if (code != BASE_E_NOT_FOUND)
        return code;
    if (statement.kind == EXCHANGE_KIND_REFUSAL)
        BASE_TRY(node_offer_check_refusal(node, seat, &statement.about));
    BASE_TRY(check_bounds(node, seat, &statement));
    BASE_TRY(store_begin(node->party->store));
    code = keep_statement(node, seat, &statement, note, receipt);
    if (code == BASE_OK && also != NULL)
        code = also(context, &hash);
    if (code == BASE_OK)
        code = store_commit(node->party->store);
    store_rollback(node->party->store);
    return code;
}

static enum base_code answer_statement(struct node_talk *talk, struct base_bytes payload)
{
    struct node_seat seat;
    struct base_buffer receipt = BASE_BUFFER_EMPTY;
    enum base_code code = seat_for(talk, payload, &seat);
    if (code == BASE_OK) {
        code = node_statement_take(talk->node, &seat, payload, NULL, NULL, &receipt);
        node_seat_release(&seat);
    }
    code = code == BASE_OK ? node_talk_send(talk, NODE_SAY_RECEIPT, base_bytes_buffer(&receipt))
                           : node_talk_refuse(talk, code, base_detail());
    base_buffer_release(&receipt);
    return code;
}

/* "entente/<compartment>/<fingerprint>" of the peer. */
static enum base_code seat_of_origin(struct node_talk *talk, const char *origin, struct node_seat *seat)
{
    struct exchange_id compartment;
    static const char prefix[] = "entente/";
    size_t len = strlen(prefix);
    if (strncmp(origin, prefix, len) != 0 || strlen(origin) < len + 2 * EXCHANGE_ID_LEN)
        return base_fail(BASE_E_FORMAT, "the checkpoint is not of a compartment's ledger");
    BASE_TRY(exchange_id_parse(base_bytes_of(origin + len, 2 * EXCHANGE_ID_LEN), &compartment));
    BASE_TRY(node_seat_open(talk->node->party, &compartment, seat));
    if (strcmp(origin, seat->peer_name) == 0 && exchange_id_equal(&seat->facts.peer, &talk->peer.fingerprint))
        return BASE_OK;
    node_seat_release(seat);
    return base_fail(BASE_E_NOT_FOUND, "there is no such compartment here"); /* conversations 1.2 */
}

static enum base_code check_peer_signature(const struct node_seat *seat, struct base_bytes bytes)
{
    struct ledger_note note;
    BASE_TRY(ledger_note_parse(bytes, &note));
    enum base_code code = ledger_note_check(&note, &seat->peer);
    if (code == BASE_OK && note.count != 1)
        code = base_fail(BASE_E_FORMAT, "a checkpoint to cosign has one signature");
    ledger_note_release(&note);
    return code;
}

/* ledger 4: cosigns only what continues the newest checkpoint that it cosigned before. */
static enum base_code cosign(struct node_talk *talk, const struct node_cosign_request *request, const struct node_seat *seat,
                             uint64_t *known_size, struct base_buffer *out)
{
    struct store *store = talk->node->party->store;
    struct store_head head = {0};
    struct crypto_hash old_root;
    struct base_buffer known = BASE_BUFFER_EMPTY;
    BASE_TRY(check_peer_signature(seat, request->note));
    enum base_code code = store_head_get(store, seat->facts.id.bytes, STORE_HEAD_PEER, &head, &known);
    base_buffer_release(&known);
    if (code == BASE_E_NOT_FOUND)
        crypto_sha256(NULL, 0, &old_root);
    else if (code == BASE_OK)
        memcpy(old_root.bytes, head.root, sizeof old_root.bytes);
    else
        return code;
    *known_size = head.size;
    if (request->old_size != head.size)
        return base_fail(BASE_E_SIZE, "the proof does not start at the checkpoint cosigned last");
    if (request->checkpoint.size < head.size)
        return base_fail(BASE_E_INCONSISTENT, "the ledger became shorter than what was cosigned");
    code = ledger_check_consistency(head.size, &old_root, request->checkpoint.size, &request->checkpoint.root, &request->proof);
    if (code != BASE_OK)
        return base_fail(BASE_E_INCONSISTENT, "the ledger does not continue what was cosigned");
    int64_t now = base_clock_now(&talk->node->clock);
    BASE_TRY(ledger_cosign(request->note, seat->own_name, &seat->secret, (uint64_t)(now / 1000), out));
    head = (struct store_head){.size = request->checkpoint.size, .time_ms = now};
    memcpy(head.root, request->checkpoint.root.bytes, sizeof head.root);
    return store_head_put(store, seat->facts.id.bytes, STORE_HEAD_PEER, &head, base_bytes_buffer(out));
}

static enum base_code send_size(struct node_talk *talk, uint64_t size)
{
    struct base_buffer payload = BASE_BUFFER_EMPTY;
    enum base_code code = node_size_write(size, &payload);
    if (code == BASE_OK)
        code = node_talk_send(talk, NODE_SAY_COSIGN_SIZE, base_bytes_buffer(&payload));
    base_buffer_release(&payload);
    return code;
}

static enum base_code answer_checkpoint(struct node_talk *talk, struct base_bytes payload)
{
    struct node_cosign_request request;
    struct node_seat seat;
    struct base_buffer cosigned = BASE_BUFFER_EMPTY;
    uint64_t known_size = 0;
    BASE_TRY(node_cosign_request_read(payload, &request));
    enum base_code code = seat_of_origin(talk, request.checkpoint.origin, &seat);
    if (code == BASE_OK) {
        code = cosign(talk, &request, &seat, &known_size, &cosigned);
        node_seat_release(&seat);
    }
    if (code == BASE_E_SIZE)
        code = send_size(talk, known_size);
    else if (code == BASE_OK)
        code = node_talk_send(talk, NODE_SAY_COSIGNED, base_bytes_buffer(&cosigned));
    else
        code = node_talk_refuse(talk, code, base_detail());
    base_buffer_release(&cosigned);
    return code;
}

static enum base_code answer_frame(struct node_talk *talk, uint8_t kind, struct base_bytes payload)
{
    switch (kind) {
    case NODE_SAY_STATEMENT:
        return answer_statement(talk, payload);
    case NODE_SAY_CHECKPOINT:
        return answer_checkpoint(talk, payload);
    case NODE_SAY_PROPOSAL:
        return node_agree_proposed(talk, payload);
    case NODE_SAY_ACCEPTANCE:
        return node_agree_accepted(talk, payload);
    case NODE_SAY_MATCH_OFFER:
        return node_match_offered(talk, payload);
    default:
        return base_fail(BASE_E_ORDER, "frame kind %u begins no conversation", kind);
    }
}

const struct node_talk_role node_role_answer = {.word = "answer", .frame = answer_frame};
