/* SPDX-License-Identifier: Apache-2.0
 *
 * A peer that holds the right keys and keeps no rules, against a whole node: after every attack the exact refusal, the book
 * as it should be, and the node alive.
 */
#include "nodes.h"

#include "node/node.h"
#include "psi/session.h"

static const struct nodes_person list[] = {{"Mirela Kostrova", 1984, 11, 2}, {"Odo Brandwyk", 1960, 1, 30}};

enum { PATIENCE_TURNS = 2000, FRAMES_MAX = 64 };

/* The attacker: THERE's keys, and a hub of its own. */
struct rogue {
    struct nodes nodes;
    struct crypto_hash rules;
    uv_loop_t loop;
    struct node_tls *tls;
    struct node_hub *hub;
    struct node_link *link; /* NULL once closed */
    bool is_open, is_hub_gone;
    enum base_code why;
    uint8_t kinds[FRAMES_MAX];
    struct base_buffer frames[FRAMES_MAX];
    unsigned come, taken;
};

static enum base_code on_admit(void *context, const struct crypto_sign_public *key, const char *address)
{
    (void)context, (void)key, (void)address;
    return BASE_E_NO_PEER;
}

static void on_open(void *context, struct node_link *link)
{
    (void)link;
    ((struct rogue *)context)->is_open = true;
}

static enum base_code on_frame(void *context, struct node_link *link, uint8_t kind, struct base_bytes payload)
{
    struct rogue *rogue = context;
    (void)link;
    if (kind == NODE_SAY_WORKING)
        return BASE_OK;
    assert_true(rogue->come < FRAMES_MAX);
    rogue->kinds[rogue->come] = kind;
    base_buffer_clear(&rogue->frames[rogue->come]);
    return base_buffer_append(&rogue->frames[rogue->come++], payload);
}

static void on_closed(void *context, struct node_link *link, enum base_code why, const char *detail)
{
    struct rogue *rogue = context;
    (void)link, (void)detail;
    rogue->link = NULL;
    rogue->why = why;
}

static void on_hub_gone(void *context)
{
    ((struct rogue *)context)->is_hub_gone = true;
}

static void on_timer(uv_timer_t *timer)
{
    (void)timer;
}

#define rogue_until(rogue, condition)                                                              \
    do {                                                                                           \
        uv_timer_t rogue_timer;                                                                    \
        uv_timer_init(&(rogue)->loop, &rogue_timer);                                               \
        uv_timer_start(&rogue_timer, on_timer, 5, 5);                                              \
        for (unsigned rogue_turns = 0; !(condition) && rogue_turns < PATIENCE_TURNS; rogue_turns++) \
            uv_run(&(rogue)->loop, UV_RUN_ONCE);                                                   \
        uv_close((uv_handle_t *)&rogue_timer, NULL);                                               \
        uv_run(&(rogue)->loop, UV_RUN_NOWAIT);                                                     \
        if (!(condition))                                                                          \
            fail_msg("waited in vain for %s", #condition);                                         \
    } while (0)

static void dial(struct rogue *rogue)
{
    struct node_party *here = rogue->nodes.fixture.sides[HERE].party;
    if (rogue->link != NULL) {
        node_link_close(rogue->link, BASE_OK);
        rogue_until(rogue, rogue->link == NULL);
    }
    rogue->is_open = false;
    rogue->come = rogue->taken = 0;
    assert_ok(node_hub_connect(rogue->hub, "127.0.0.1", rogue->nodes.ports[HERE], &here->card.transport, rogue, &rogue->link));
    rogue_until(rogue, rogue->is_open || rogue->link == NULL);
}

static void make_hub(struct rogue *rogue, const struct crypto_key *seed)
{
    struct node_hub_config config = {.loop = &rogue->loop, .events = {rogue, on_admit, on_open, on_frame, NULL, on_closed}};
    assert_ok(node_tls_new(seed, &rogue->tls));
    config.tls = rogue->tls;
    assert_ok(node_hub_new(&config, &rogue->hub));
}

static void drop_hub(struct rogue *rogue)
{
    rogue->is_hub_gone = false;
    node_hub_close(rogue->hub, on_hub_gone, rogue);
    rogue_until(rogue, rogue->is_hub_gone);
    node_tls_free(rogue->tls);
}

static void begin(struct rogue *rogue)
{
    memset(rogue, 0, sizeof *rogue);
    nodes_init(&rogue->nodes);
    nodes_rules(&rogue->rules);
    nodes_records(&rogue->nodes, HERE, list, sizeof list / sizeof *list);
    fixture_agree(&rogue->nodes.fixture, 0xc0, "flood", &rogue->rules);
    nodes_start(&rogue->nodes, HERE);
    assert_int_equal(0, uv_loop_init(&rogue->loop));
    make_hub(rogue, &rogue->nodes.fixture.sides[THERE].party->transport_seed);
    dial(rogue);
    assert_true(rogue->is_open);
}

static void end(struct rogue *rogue)
{
    nodes_ask(&rogue->nodes, HERE, json_pack("{s:s}", "do", "status")); /* it lives */
    nodes_verify(&rogue->nodes, HERE, "flood");
    drop_hub(rogue);
    assert_int_equal(0, uv_loop_close(&rogue->loop));
    for (unsigned i = 0; i < FRAMES_MAX; i++)
        base_buffer_release(&rogue->frames[i]);
    nodes_release(&rogue->nodes);
}

static void say(struct rogue *rogue, enum node_frame_kind kind, struct base_bytes payload)
{
    if (rogue->link == NULL)
        dial(rogue);
    assert_ok(node_link_send(rogue->link, (uint8_t)kind, payload));
}

/* The next frame; it must be of this kind. */
static struct base_bytes hears(struct rogue *rogue, enum node_frame_kind kind)
{
    rogue_until(rogue, rogue->come > rogue->taken || rogue->link == NULL);
    if (rogue->come == rogue->taken)
        fail_msg("dropped, where kind %u should come", kind);
    unsigned at = rogue->taken++;
    if (rogue->kinds[at] != kind)
        fail_msg("kind %u, expected %u: %s", rogue->kinds[at], kind, base_buffer_c_string(&rogue->frames[at]));
    return base_bytes_buffer(&rogue->frames[at]);
}

static void hears_refusal(struct rogue *rogue, enum base_code code)
{
    assert_fails(code, node_refusal_read(hears(rogue, NODE_SAY_REFUSED)));
}

static void is_dropped(struct rogue *rogue)
{
    rogue_until(rogue, rogue->link == NULL);
    assert_int_equal(rogue->come, rogue->taken);
    assert_int_equal(BASE_E_CLOSED, rogue->why);
}

static uint64_t entries(struct rogue *rogue)
{
    uint64_t count;
    assert_ok(store_entries_count(nodes_store(&rogue->nodes, HERE), rogue->nodes.fixture.compartment.bytes, &count));
    return count;
}

static struct exchange_statement statement_of(struct rogue *rogue, enum exchange_kind kind)
{
    struct exchange_statement statement;
    struct node_seat seat = fixture_seat(&rogue->nodes.fixture, THERE);
    struct base_clock clock = base_clock_system();
    node_statement_begin(&seat, kind, &rogue->nodes.fixture.sides[THERE].party->fingerprint, base_clock_now(&clock), &statement);
    node_seat_release(&seat);
    statement.move = EXCHANGE_SUSPEND;
    return statement;
}

/* As the peer signs it, whatever it says. */
static void sign(struct rogue *rogue, const struct exchange_statement *statement, struct base_buffer *note)
{
    struct node_seat seat = fixture_seat(&rogue->nodes.fixture, THERE);
    base_buffer_clear(note);
    assert_ok(node_statement_sign(&seat, statement, note));
    node_seat_release(&seat);
}

static void refuses(struct rogue *rogue, const struct exchange_statement *statement, enum base_code code)
{
    struct base_buffer note = BASE_BUFFER_EMPTY;
    uint64_t before = entries(rogue);
    sign(rogue, statement, &note);
    say(rogue, NODE_SAY_STATEMENT, base_bytes_buffer(&note));
    hears_refusal(rogue, code);
    assert_int_equal(before, entries(rogue));
    base_buffer_release(&note);
}

static void test_statements(void **state)
{
    struct rogue rogue;
    struct exchange_statement statement;
    (void)state;
    begin(&rogue);
    statement = statement_of(&rogue, EXCHANGE_KIND_STATE);
    statement.compartment.bytes[0] ^= 1;
    refuses(&rogue, &statement, BASE_E_NOT_FOUND);
    statement = statement_of(&rogue, EXCHANGE_KIND_STATE);
    statement.terms.bytes[0] ^= 1;
    refuses(&rogue, &statement, BASE_E_INCONSISTENT);
    statement = statement_of(&rogue, EXCHANGE_KIND_STATE);
    statement.from = rogue.nodes.fixture.sides[HERE].party->fingerprint;
    refuses(&rogue, &statement, BASE_E_KEY);
    statement = statement_of(&rogue, EXCHANGE_KIND_STATE);
    statement.move = EXCHANGE_RESUME; /* nothing is suspended */
    refuses(&rogue, &statement, BASE_E_STATE);
    static const enum exchange_kind not_alone[] = {EXCHANGE_KIND_MATCH_OFFER, EXCHANGE_KIND_MATCH_ACCEPT, EXCHANGE_KIND_RECEIPT};
    for (size_t i = 0; i < sizeof not_alone / sizeof *not_alone; i++) {
        statement = statement_of(&rogue, not_alone[i]);
        refuses(&rogue, &statement, BASE_E_ORDER);
    }
    statement = statement_of(&rogue, EXCHANGE_KIND_MATCH); /* that this party never signed */
    refuses(&rogue, &statement, BASE_E_KEY);
    statement = statement_of(&rogue, EXCHANGE_KIND_REFUSAL); /* of nothing: would make room in the budget */
    snprintf(statement.word, sizeof statement.word, "over-budget");
    refuses(&rogue, &statement, BASE_E_ORDER);
    assert_int_equal(EXCHANGE_ACTIVE, nodes_compartment(&rogue.nodes, HERE, "flood").state);
    end(&rogue);
}

static void test_signatures(void **state)
{
    struct rogue rogue;
    struct base_buffer note = BASE_BUFFER_EMPTY, text = BASE_BUFFER_EMPTY, twice = BASE_BUFFER_EMPTY;
    (void)state;
    begin(&rogue);
    struct node_party *there = rogue.nodes.fixture.sides[THERE].party;
    struct node_seat seat = fixture_seat(&rogue.nodes.fixture, THERE);
    struct exchange_statement statement = statement_of(&rogue, EXCHANGE_KIND_STATE);
    assert_ok(exchange_statement_format(&statement, &text));
    assert_ok(ledger_note_sign(base_bytes_buffer(&text), seat.own_name, &there->identity, &note)); /* another key, same name */
    say(&rogue, NODE_SAY_STATEMENT, base_bytes_buffer(&note));
    hears_refusal(&rogue, BASE_E_KEY);
    sign(&rogue, &statement, &note);
    char *reason = strstr((char *)note.data, "move: suspend");
    assert_non_null(reason);
    memcpy(reason, "move: close\nr", 13); /* the text changes under the signature, and its form breaks */
    say(&rogue, NODE_SAY_STATEMENT, base_bytes_buffer(&note));
    hears_refusal(&rogue, BASE_E_FORMAT);
    sign(&rogue, &statement, &note);
    char *time = strstr((char *)note.data, "time: 2");
    assert_non_null(time);
    time[9] = time[9] == '9' ? '8' : '9'; /* another year */
    say(&rogue, NODE_SAY_STATEMENT, base_bytes_buffer(&note));
    hears_refusal(&rogue, BASE_E_SIGNATURE);
    sign(&rogue, &statement, &note);
    assert_ok(ledger_note_add_signature(base_bytes_buffer(&note), "somebody", &there->identity, &twice));
    say(&rogue, NODE_SAY_STATEMENT, base_bytes_buffer(&twice));
    hears_refusal(&rogue, BASE_E_FORMAT);
    say(&rogue, NODE_SAY_STATEMENT, base_bytes_text("no note"));
    rogue_until(&rogue, rogue.come > rogue.taken);
    assert_int_equal(NODE_SAY_REFUSED, rogue.kinds[rogue.taken++]);
    assert_int_equal(1, entries(&rogue));
    node_seat_release(&seat);
    base_buffer_release(&note);
    base_buffer_release(&text);
    base_buffer_release(&twice);
    end(&rogue);
}

/* Delivered twice, a statement gets the same receipt and stands in the book once. */
static void test_delivered_twice(void **state)
{
    struct rogue rogue;
    struct base_buffer note = BASE_BUFFER_EMPTY;
    (void)state;
    begin(&rogue);
    struct exchange_statement statement = statement_of(&rogue, EXCHANGE_KIND_STATE);
    sign(&rogue, &statement, &note);
    say(&rogue, NODE_SAY_STATEMENT, base_bytes_buffer(&note));
    hears(&rogue, NODE_SAY_RECEIPT);
    say(&rogue, NODE_SAY_STATEMENT, base_bytes_buffer(&note));
    hears(&rogue, NODE_SAY_RECEIPT);
    assert_true(base_bytes_equal(base_bytes_buffer(&rogue.frames[0]), base_bytes_buffer(&rogue.frames[1])));
    assert_int_equal(3, entries(&rogue));
    assert_int_equal(EXCHANGE_SUSPENDED, nodes_compartment(&rogue.nodes, HERE, "flood").state);
    base_buffer_release(&note);
    end(&rogue);
}

/* What a peer may say unasked is bounded: states of a day, and aborts of nothing. */
static void test_growth_is_bounded(void **state)
{
    struct rogue rogue;
    struct base_buffer note = BASE_BUFFER_EMPTY;
    (void)state;
    begin(&rogue);
    struct exchange_statement statement = statement_of(&rogue, EXCHANGE_KIND_MATCH_ABORT);
    snprintf(statement.word, sizeof statement.word, "closed");
    refuses(&rogue, &statement, BASE_E_ORDER);
    for (unsigned i = 0; i < 200; i++) {
        statement = statement_of(&rogue, EXCHANGE_KIND_STATE);
        statement.move = i % 2 == 0 ? EXCHANGE_SUSPEND : EXCHANGE_RESUME;
        snprintf(statement.reason, sizeof statement.reason, "%u", i);
        sign(&rogue, &statement, &note);
        say(&rogue, NODE_SAY_STATEMENT, base_bytes_buffer(&note));
        hears(&rogue, NODE_SAY_RECEIPT);
        rogue.come = rogue.taken = 0;
    }
    statement = statement_of(&rogue, EXCHANGE_KIND_STATE);
    snprintf(statement.reason, sizeof statement.reason, "once more");
    refuses(&rogue, &statement, BASE_E_FLOOD);
    assert_int_equal(401, entries(&rogue));
    base_buffer_release(&note);
    end(&rogue);
}

/* A peer that says it works, for as long as anybody can, and does nothing. */
static void test_working_for_ever(void **state)
{
    struct rogue rogue;
    (void)state;
    begin(&rogue);
    for (unsigned i = 0; i < 361 && rogue.link != NULL; i++)
        say(&rogue, NODE_SAY_WORKING, base_bytes_of(NULL, 0));
    is_dropped(&rogue);
    end(&rogue);
}

/* A checkpoint of THERE's ledger with this size and root, and the proof given. */
static void say_checkpoint(struct rogue *rogue, const char *origin, uint64_t size, const struct crypto_hash *root, uint64_t old_size,
                           const struct ledger_proof *proof)
{
    struct node_seat seat = fixture_seat(&rogue->nodes.fixture, THERE);
    struct ledger_checkpoint checkpoint = {.size = size, .root = *root};
    struct base_buffer text = BASE_BUFFER_EMPTY, note = BASE_BUFFER_EMPTY, payload = BASE_BUFFER_EMPTY;
    snprintf(checkpoint.origin, sizeof checkpoint.origin, "%s", origin == NULL ? seat.own_name : origin);
    assert_ok(ledger_checkpoint_format(&checkpoint, &text));
    assert_ok(ledger_note_sign(base_bytes_buffer(&text), seat.own_name, &seat.secret, &note));
    assert_ok(base_put_sized(&payload, base_bytes_buffer(&note)));
    assert_ok(base_put_u64(&payload, old_size));
    assert_ok(ledger_proof_encode(proof, &payload));
    say(rogue, NODE_SAY_CHECKPOINT, base_bytes_buffer(&payload));
    node_seat_release(&seat);
    base_buffer_release(&text);
    base_buffer_release(&note);
    base_buffer_release(&payload);
}

static bool is_logged(struct rogue *rogue, const char *word)
{
    char path[128];
    struct base_buffer log = BASE_BUFFER_EMPTY;
    snprintf(path, sizeof path, "%s.log", rogue->nodes.fixture.sides[HERE].home);
    assert_ok(base_file_read(path, 1 << 20, &log));
    bool is_there = strstr(base_buffer_c_string(&log), word) != NULL;
    base_buffer_release(&log);
    return is_there;
}

/* ledger 4: what was cosigned once must stay true. */
static void test_checkpoints(void **state)
{
    struct rogue rogue;
    struct crypto_hash root, other = {{7}};
    struct ledger_proof none = {.count = 0}, proof;
    (void)state;
    begin(&rogue);
    struct fixture *fixture = &rogue.nodes.fixture;
    fixture_fill(fixture, THERE, 4);
    struct node_tiles keeper = {fixture->sides[THERE].party->store, fixture->compartment};
    struct ledger_tiles tiles = node_tiles_of(&keeper);
    struct node_seat seat = fixture_seat(fixture, THERE);
    assert_ok(ledger_tree_root(&tiles, 3, &root));
    say_checkpoint(&rogue, NULL, 3, &root, 0, &none);
    hears(&rogue, NODE_SAY_COSIGNED);
    say_checkpoint(&rogue, NULL, 3, &root, 3, &none); /* asked again: the answer was lost */
    hears(&rogue, NODE_SAY_COSIGNED);
    say_checkpoint(&rogue, NULL, 5, &root, 1, &none);
    struct base_bytes size = hears(&rogue, NODE_SAY_COSIGN_SIZE);
    assert_memory_equal("\0\0\0\0\0\0\0\3", size.data, 8);
    say_checkpoint(&rogue, NULL, 3, &other, 3, &none); /* two ledgers of one size */
    hears_refusal(&rogue, BASE_E_INCONSISTENT);
    assert_ok(ledger_tree_root(&tiles, 2, &root));
    say_checkpoint(&rogue, NULL, 2, &root, 3, &none); /* shorter */
    hears_refusal(&rogue, BASE_E_INCONSISTENT);
    assert_ok(ledger_tree_prove_consistency(&tiles, 3, 5, &proof));
    say_checkpoint(&rogue, NULL, 5, &other, 3, &proof); /* does not continue */
    hears_refusal(&rogue, BASE_E_INCONSISTENT);
    assert_true(is_logged(&rogue, "inconsistent"));
    assert_ok(ledger_tree_root(&tiles, 5, &root));
    proof.hashes[0].bytes[0] ^= 1;
    say_checkpoint(&rogue, NULL, 5, &root, 3, &proof);
    hears_refusal(&rogue, BASE_E_INCONSISTENT);
    say_checkpoint(&rogue, seat.peer_name, 5, &root, 3, &proof); /* of somebody else's ledger */
    hears_refusal(&rogue, BASE_E_NOT_FOUND);
    say_checkpoint(&rogue, "entente/other", 5, &root, 3, &proof);
    hears_refusal(&rogue, BASE_E_FORMAT);
    proof.hashes[0].bytes[0] ^= 1;
    say_checkpoint(&rogue, NULL, 5, &root, 3, &proof); /* and the honest one still passes */
    hears(&rogue, NODE_SAY_COSIGNED);
    assert_int_equal(2, entries(&rogue)); /* the terms, and that two ledgers of one size were shown */
    assert_int_equal(1, nodes_count(&rogue.nodes, HERE, "flood", "conflict"));
    node_seat_release(&seat);
    end(&rogue);
}

/* Every kind that begins nothing, and payloads without form, end the connection; nothing is entered. */
static void test_kinds(void **state)
{
    struct rogue rogue;
    (void)state;
    begin(&rogue);
    static const uint8_t kinds[] = {NODE_SAY_RECEIPT,      NODE_SAY_REFUSED,      NODE_SAY_DONE,        NODE_SAY_TERMS,
                                    NODE_SAY_COSIGNED,     NODE_SAY_COSIGN_SIZE,  NODE_SAY_MATCH_ACCEPT, NODE_SAY_MATCH_BYTES,
                                    NODE_SAY_MATCH_SIGNED, NODE_SAY_CHECKPOINT,   16,                   99, 255};
    for (size_t i = 0; i < sizeof kinds; i++) {
        say(&rogue, kinds[i], base_bytes_text("x"));
        is_dropped(&rogue);
    }
    say(&rogue, NODE_SAY_PROPOSAL, base_bytes_text("x"));
    rogue_until(&rogue, rogue.come > rogue.taken);
    assert_int_equal(NODE_SAY_REFUSED, rogue.kinds[rogue.taken++]);
    say(&rogue, NODE_SAY_ACCEPTANCE, base_bytes_text("x"));
    rogue_until(&rogue, rogue.come > rogue.taken);
    assert_int_equal(NODE_SAY_REFUSED, rogue.kinds[rogue.taken++]);
    assert_int_equal(1, entries(&rogue));
    end(&rogue);
}

static void test_unpaired(void **state)
{
    struct rogue rogue;
    struct crypto_key seed = {{9}};
    (void)state;
    begin(&rogue);
    drop_hub(&rogue);
    make_hub(&rogue, &seed);
    dial(&rogue);
    assert_false(rogue.is_open);
    assert_int_equal(BASE_E_REFUSED, rogue.why);
    drop_hub(&rogue); /* the right key again, but its words were never compared */
    fixture_know(&rogue.nodes.fixture, HERE, "harbour", NODE_PEER_PENDING);
    make_hub(&rogue, &rogue.nodes.fixture.sides[THERE].party->transport_seed);
    dial(&rogue);
    assert_false(rogue.is_open);
    assert_int_equal(BASE_E_REFUSED, rogue.why);
    end(&rogue);
}

static struct exchange_statement offer_of(struct rogue *rogue)
{
    struct exchange_statement offer = statement_of(rogue, EXCHANGE_KIND_MATCH_OFFER);
    struct base_random random = base_random_system();
    offer.keys[0] = 2;
    offer.rules = rogue->rules;
    assert_ok(base_random_fill(&random, offer.nonce.bytes, sizeof offer.nonce.bytes));
    return offer;
}

/* Refused, and both the offer and the refusal are entered. */
static void refuses_offer(struct rogue *rogue, const struct exchange_statement *offer, enum base_code code)
{
    struct base_buffer note = BASE_BUFFER_EMPTY;
    uint64_t before = entries(rogue);
    dial(rogue);
    sign(rogue, offer, &note);
    say(rogue, NODE_SAY_MATCH_OFFER, base_bytes_buffer(&note));
    hears_refusal(rogue, code);
    assert_int_equal(before + 2, entries(rogue));
    base_buffer_release(&note);
}

static void test_offers(void **state)
{
    struct rogue rogue;
    struct base_buffer note = BASE_BUFFER_EMPTY;
    (void)state;
    begin(&rogue);
    struct exchange_statement offer = offer_of(&rogue);
    offer.time_ms -= 3600000;
    refuses_offer(&rogue, &offer, BASE_E_RANGE);
    offer.time_ms += 7200000;
    refuses_offer(&rogue, &offer, BASE_E_RANGE);
    offer = offer_of(&rogue);
    offer.keys[0] = 24001;
    refuses_offer(&rogue, &offer, BASE_E_OUTSIDE_TERMS);
    offer = offer_of(&rogue);
    offer.rules.bytes[0] ^= 1;
    refuses_offer(&rogue, &offer, BASE_E_RULES);
    uint64_t before = entries(&rogue);
    dial(&rogue); /* a refused offer ended the last link */
    offer = offer_of(&rogue);
    offer.compartment.bytes[0] ^= 1;
    sign(&rogue, &offer, &note);
    say(&rogue, NODE_SAY_MATCH_OFFER, base_bytes_buffer(&note));
    hears_refusal(&rogue, BASE_E_NOT_FOUND);
    offer = statement_of(&rogue, EXCHANGE_KIND_STATE);
    sign(&rogue, &offer, &note);
    say(&rogue, NODE_SAY_MATCH_OFFER, base_bytes_buffer(&note));
    hears_refusal(&rogue, BASE_E_ORDER);
    assert_int_equal(before, entries(&rogue));
    offer = offer_of(&rogue); /* taken, left hanging, and said again: the nonce is used up */
    sign(&rogue, &offer, &note);
    say(&rogue, NODE_SAY_MATCH_OFFER, base_bytes_buffer(&note));
    hears(&rogue, NODE_SAY_MATCH_ACCEPT);
    dial(&rogue);
    nodes_until(nodes_count(&rogue.nodes, HERE, "flood", "match-abort") == 1);
    before = entries(&rogue);
    say(&rogue, NODE_SAY_MATCH_OFFER, base_bytes_buffer(&note));
    hears_refusal(&rogue, BASE_E_REPLAY);
    offer.keys[0] = 1; /* nor under another text */
    dial(&rogue);
    sign(&rogue, &offer, &note);
    say(&rogue, NODE_SAY_MATCH_OFFER, base_bytes_buffer(&note));
    hears_refusal(&rogue, BASE_E_REPLAY);
    assert_int_equal(before, entries(&rogue));
    base_buffer_release(&note);
    end(&rogue);
}

/* An offer that was answered gets no second refusal: each would take one more off what counts against the budget. */
static void test_refused_once(void **state)
{
    struct rogue rogue;
    struct base_buffer note = BASE_BUFFER_EMPTY;
    (void)state;
    begin(&rogue);
    struct exchange_statement offer = offer_of(&rogue);
    offer.time_ms -= 3600000;
    refuses_offer(&rogue, &offer, BASE_E_RANGE);
    uint64_t before = entries(&rogue);
    uv_sleep(1100); /* statements are dated to the second */
    dial(&rogue);
    sign(&rogue, &offer, &note);
    say(&rogue, NODE_SAY_MATCH_OFFER, base_bytes_buffer(&note));
    hears_refusal(&rogue, BASE_E_RANGE);
    assert_int_equal(before, entries(&rogue));
    base_buffer_release(&note);
    end(&rogue);
}

static enum base_code take_word(void *context, const struct store_entry *entry)
{
    struct ledger_note note;
    struct exchange_statement statement;
    if (strcmp(entry->kind, "match-abort") != 0)
        return BASE_OK;
    assert_ok(ledger_note_parse(entry->note, &note));
    assert_ok(exchange_statement_parse(note.text, &statement));
    ledger_note_release(&note);
    snprintf(context, EXCHANGE_WORD_MAX + 1, "%s", statement.word);
    return BASE_OK;
}

/* The `count`th abort stands in the book, with this word. */
static void is_aborted(struct rogue *rogue, unsigned count, enum base_code code)
{
    char word[EXCHANGE_WORD_MAX + 1] = "";
    nodes_until(nodes_count(&rogue->nodes, HERE, "flood", "match-abort") == count);
    assert_ok(store_entries_each(nodes_store(&rogue->nodes, HERE), rogue->nodes.fixture.compartment.bytes, 0, UINT64_MAX, take_word, word));
    assert_string_equal(base_code_word(code), word);
}

/* Offers two keys on a fresh link; gives the acceptance. */
static void open_match(struct rogue *rogue, struct exchange_statement *offer, struct crypto_hash *offer_hash,
                       struct exchange_statement *accept, struct crypto_hash *accept_hash)
{
    struct base_buffer note = BASE_BUFFER_EMPTY;
    struct ledger_note parsed;
    *offer = offer_of(rogue);
    dial(rogue);
    sign(rogue, offer, &note);
    ledger_leaf_hash(base_bytes_buffer(&note), offer_hash);
    say(rogue, NODE_SAY_MATCH_OFFER, base_bytes_buffer(&note));
    struct base_bytes answer = hears(rogue, NODE_SAY_MATCH_ACCEPT);
    ledger_leaf_hash(answer, accept_hash);
    assert_ok(ledger_note_parse(answer, &parsed));
    assert_ok(exchange_statement_parse(parsed.text, accept));
    ledger_note_release(&parsed);
    base_buffer_release(&note);
}

static void test_garbage_in_a_match(void **state)
{
    static const struct {
        enum node_frame_kind kind;
        const char *bytes;
        enum base_code code;
    } cases[] = {
        {NODE_SAY_MATCH_BYTES, "", BASE_E_TRUNCATED},
        {NODE_SAY_MATCH_BYTES, "\1\2", BASE_E_TRUNCATED},
        {NODE_SAY_MATCH_BYTES, "no message of a session", BASE_E_VERSION},
        {NODE_SAY_MATCH_SIGNED, "too early", BASE_E_ORDER},
        {NODE_SAY_RECEIPT, "too early", BASE_E_ORDER},
        {NODE_SAY_STATEMENT, "too early", BASE_E_ORDER},
        {NODE_SAY_MATCH_OFFER, "once more", BASE_E_ORDER},
    };
    struct rogue rogue;
    struct exchange_statement offer, accept;
    struct crypto_hash offer_hash, accept_hash;
    (void)state;
    begin(&rogue);
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        open_match(&rogue, &offer, &offer_hash, &accept, &accept_hash);
        hears(&rogue, NODE_SAY_MATCH_BYTES); /* the session's first word */
        say(&rogue, cases[i].kind, base_bytes_text(cases[i].bytes));
        is_dropped(&rogue);
        is_aborted(&rogue, i + 1, cases[i].code);
    }
    assert_int_equal(0, nodes_count(&rogue.nodes, HERE, "flood", "match"));
    end(&rogue);
}

static void run_session(struct rogue *rogue, struct psi_session *session)
{
    struct base_buffer message = BASE_BUFFER_EMPTY;
    while (psi_session_state(session) == PSI_RUNNING) {
        assert_ok(psi_session_pull(session, &message));
        while (message.len > 0) {
            say(rogue, NODE_SAY_MATCH_BYTES, base_bytes_buffer(&message));
            assert_ok(psi_session_pull(session, &message));
        }
        if (psi_session_state(session) == PSI_RUNNING)
            assert_ok(psi_session_push(session, hears(rogue, NODE_SAY_MATCH_BYTES)));
    }
    base_buffer_release(&message);
}

/* What both signed, delivered once more in other bytes: two lines of signatures changed about, and a stranger's added. */
static void one_match_is_one_note(struct rogue *rogue, struct base_bytes both)
{
    struct base_buffer other = BASE_BUFFER_EMPTY;
    const char *text = (const char *)both.data, *first = strstr(text, "\n\n") + 2, *second = strchr(first, '\n') + 1;
    size_t head = (size_t)(first - text), first_len = (size_t)(second - first), second_len = both.len - head - first_len;
    assert_ok(base_buffer_append(&other, base_bytes_of(text, head)));
    assert_ok(base_buffer_append(&other, base_bytes_of(second, second_len)));
    assert_ok(base_buffer_append(&other, base_bytes_of(first, first_len)));
    dial(rogue);
    uint64_t before = entries(rogue);
    say(rogue, NODE_SAY_STATEMENT, base_bytes_buffer(&other));
    hears_refusal(rogue, BASE_E_ORDER);
    assert_ok(base_buffer_text(&other, "\xe2\x80\x94 stranger AAAAAAAA\n"));
    say(rogue, NODE_SAY_STATEMENT, base_bytes_buffer(&other));
    hears_refusal(rogue, BASE_E_FORMAT);
    assert_int_equal(before, entries(rogue));
    base_buffer_release(&other);
}

/* A whole match, and then a statement that says something else than what happened. */
static void test_false_statement(void **state)
{
    struct rogue rogue;
    struct exchange_statement offer, accept, match;
    struct crypto_hash offer_hash, accept_hash, tokens[2] = {{{1}}, {{2}}};
    struct base_buffer note = BASE_BUFFER_EMPTY;
    (void)state;
    begin(&rogue);
    for (unsigned lie = 0; lie < 5; lie++) {
        struct psi_config config = {.role = PSI_RECEIVER, .tokens = tokens, .own_count = 2, .threads = 1,
                                    .random = base_random_system()};
        struct psi_session *session = NULL;
        open_match(&rogue, &offer, &offer_hash, &accept, &accept_hash);
        struct base_bytes parts[] = {base_bytes_of(offer_hash.bytes, 32), base_bytes_of(accept_hash.bytes, 32)};
        crypto_hash_domain("entente/node/match/v1", parts, 2, &config.context);
        config.peer_count = (size_t)accept.keys[0];
        assert_ok(psi_session_new(&config, &session));
        run_session(&rogue, session);
        match = statement_of(&rogue, EXCHANGE_KIND_MATCH);
        match.about = accept_hash;
        match.keys[0] = offer.keys[0];
        match.keys[1] = accept.keys[0];
        match.commitment[0] = offer.commitment[0];
        match.commitment[1] = accept.commitment[0];
        match.rules = rogue.rules;
        assert_ok(psi_session_transcript(session, &match.transcript));
        if (lie == 0)
            match.transcript.bytes[0] ^= 1;
        else if (lie == 1)
            match.keys[0]--;
        else if (lie == 2)
            match.commitment[0].bytes[31] ^= 1;
        else if (lie == 3)
            match.time_ms -= 3600000;
        sign(&rogue, &match, &note);
        say(&rogue, NODE_SAY_MATCH_SIGNED, base_bytes_buffer(&note));
        if (lie < 4) {
            is_dropped(&rogue);
            is_aborted(&rogue, lie + 1, lie == 3 ? BASE_E_RANGE : BASE_E_TRANSCRIPT);
        } else {
            struct base_buffer both = BASE_BUFFER_EMPTY;
            assert_ok(base_buffer_append(&both, hears(&rogue, NODE_SAY_STATEMENT))); /* the truth passes */
            say(&rogue, NODE_SAY_RECEIPT, base_bytes_text("no receipt"));
            is_dropped(&rogue);
            base_buffer_c_string(&both);
            one_match_is_one_note(&rogue, base_bytes_buffer(&both));
            base_buffer_release(&both);
        }
        assert_int_equal(lie == 4, nodes_count(&rogue.nodes, HERE, "flood", "match"));
        psi_session_free(session);
    }
    assert_int_equal(4, nodes_count(&rogue.nodes, HERE, "flood", "match-abort"));
    base_buffer_release(&note);
    end(&rogue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_statements),  cmocka_unit_test(test_signatures), cmocka_unit_test(test_delivered_twice),
        cmocka_unit_test(test_checkpoints), cmocka_unit_test(test_kinds),      cmocka_unit_test(test_unpaired),
        cmocka_unit_test(test_offers),      cmocka_unit_test(test_garbage_in_a_match), cmocka_unit_test(test_false_statement),
        cmocka_unit_test(test_refused_once), cmocka_unit_test(test_growth_is_bounded), cmocka_unit_test(test_working_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
