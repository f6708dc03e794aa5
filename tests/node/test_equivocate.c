/* SPDX-License-Identifier: Apache-2.0
 *
 * A peer that shows two histories of its ledger: what proves it is kept once, told in the own ledger, and found true by the
 * independent verifier. First two nodes of which one goes on from an old copy of its store; then a peer that signs what it likes.
 */
#include "simulation.h"

#include "crypto/text.h"
#include "node/equivocate.h"
#include "overseer.h"
#include "support/tiles.h"
#include "verify/conflict.h"

enum { LEAVES = 40, PARTED = 5 };

static struct fixture made;
static struct exchange_id compartments[SIMULATION_COMPARTMENTS];
static struct simulation world; /* of the test under way */

static int begin(void **state)
{
    static const struct simulation_odds calm = {.delay_ms = 10};
    (void)state;
    simulation_begin(&world, &made, compartments, 5, &calm);
    world.is_calm = true;
    return 0;
}

static int end(void **state)
{
    (void)state;
    simulation_end(&world);
    return 0;
}

static struct node *here_node(void)
{
    return &world.sides[HERE].node;
}

static struct store *here(void)
{
    return here_node()->party->store;
}

static void settle(void)
{
    for (unsigned round = 0; round < 8; round++) {
        simulation_tick(&world, HERE, true);
        simulation_tick(&world, THERE, true);
        simulation_run(&world, world.now_ms + 300000);
    }
}

static void say_hold(unsigned side, const char *text)
{
    struct exchange_statement statement = {.kind = EXCHANGE_KIND_HOLD};
    struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
    struct crypto_hash hash;
    assert_ok(exchange_content_set_text(&content, EXCHANGE_TEXT_TEXT, base_bytes_text(text)));
    assert_ok(node_say_alone(&world.sides[side].node, &compartments[0], &statement, &content, &hash));
    exchange_content_release(&content);
}

struct seen {
    unsigned count, proven;
    struct verify_conflict conflict; /* of the last */
    struct base_buffer file;
    size_t longest;
};

/* Each piece of evidence, as this program reads it and as the verifier does. */
static enum base_code see(void *context, const struct store_evidence *evidence)
{
    struct seen *seen = context;
    struct node_evidence_facts facts;
    struct verify_report report = {"", "", ""};
    assert_ok(node_evidence_read(evidence, &facts));
    base_buffer_clear(&seen->file);
    assert_ok(node_evidence_file(here(), &compartments[0], evidence, &seen->file));
    if (verify_conflict_read(verify_span_of(seen->file.data, seen->file.len), &seen->conflict, &report) != VERIFY_OK)
        fail_msg("%s (%s)", report.reason, report.clause);
    assert_int_equal(facts.is_proven, seen->conflict.is_proven);
    assert_int_equal(facts.first.size, seen->conflict.sizes[0]);
    assert_int_equal(facts.second.size, seen->conflict.sizes[1]);
    seen->count++;
    seen->proven += facts.is_proven;
    seen->longest = seen->file.len > seen->longest ? seen->file.len : seen->longest;
    return BASE_OK;
}

static struct seen evidence_of(void)
{
    struct seen seen = {.file = BASE_BUFFER_EMPTY};
    uint64_t count;
    assert_ok(store_evidence_each(here(), compartments[0].bytes, see, &seen));
    assert_ok(store_evidence_count(here(), compartments[0].bytes, &count));
    assert_int_equal(count, seen.count);
    return seen;
}

/* So much is kept, so much of it proof; and the ledger has a statement for each proof. */
static void assert_evidence(unsigned count, unsigned proven)
{
    struct seen seen = evidence_of();
    uint64_t said;
    assert_int_equal(count, seen.count);
    assert_int_equal(proven, seen.proven);
    assert_ok(store_entries_count_kind(here(), compartments[0].bytes, "conflict", 0, &said));
    assert_int_equal(proven, said);
    base_buffer_release(&seen.file);
}

static void copy_store(const char *from, const char *to)
{
    static const char *const endings[] = {"", "-wal", "-shm"};
    for (unsigned i = 0; i < 3; i++) {
        char source[160], target[160];
        struct base_buffer bytes = BASE_BUFFER_EMPTY;
        snprintf(source, sizeof source, "%s%s", from, endings[i]);
        snprintf(target, sizeof target, "%s%s", to, endings[i]);
        unlink(target);
        if (!base_path_exists(source))
            continue;
        assert_ok(base_file_read(source, 64 << 20, &bytes));
        assert_ok(base_file_write(target, base_bytes_buffer(&bytes), 0600));
        base_buffer_release(&bytes);
    }
}

/* THERE says `before` things, is copied, says `after` things more which HERE cosigns, and goes on from the copy. */
static void fork_peer(unsigned before, unsigned after, unsigned otherwise)
{
    char store[128], copy[128];
    snprintf(store, sizeof store, "%s/entente.db", world.fixture.sides[THERE].home);
    snprintf(copy, sizeof copy, "%s/aside.db", world.fixture.sides[THERE].home);
    for (unsigned i = 0; i < before; i++)
        say_hold(THERE, "invented");
    settle();
    simulation_crash(&world, THERE);
    copy_store(store, copy);
    simulation_tick(&world, THERE, true);
    for (unsigned i = 0; i < after; i++)
        say_hold(THERE, "one history");
    settle();
    simulation_crash(&world, THERE);
    copy_store(copy, store);
    simulation_tick(&world, THERE, true);
    for (unsigned i = 0; i < otherwise; i++)
        say_hold(THERE, "another history");
    settle();
}

struct said {
    struct exchange_statement statement;
    char *text;
};

static enum base_code take_text(void *context, const struct store_content *content)
{
    struct said *said = context;
    struct exchange_content opened;
    struct crypto_hash commitment;
    exchange_commit(content->salt.data, content->content, &commitment);
    assert_true(crypto_hash_equal(&commitment, &said->statement.content));
    assert_ok(exchange_content_decode(content->content, &opened));
    said->text = base_bytes_dup(base_bytes_text(opened.texts[EXCHANGE_TEXT_TEXT]));
    exchange_content_release(&opened);
    return BASE_OK;
}

static enum base_code take_said(void *context, const struct store_entry *entry)
{
    struct said *said = context;
    struct ledger_note note;
    bool waits;
    assert_ok(store_outbox_has(here(), compartments[0].bytes, entry->hash, &waits));
    assert_false(waits); /* the other party is not told */
    assert_ok(ledger_note_parse(entry->note, &note));
    assert_ok(exchange_statement_parse(note.text, &said->statement));
    ledger_note_release(&note);
    return store_content_get(here(), compartments[0].bytes, entry->hash, take_text, said);
}

static void a_peer_that_goes_on_from_an_old_copy_is_found(void **state)
{
    struct said said = {.text = NULL};
    struct crypto_hash hash;
    char hex[65];
    (void)state;
    fork_peer(3, 2, 4); /* six of its entries are cosigned; then it shows eight others */
    assert_evidence(1, 1);
    for (unsigned i = 0; i < 5; i++) { /* it insists, with ever more */
        say_hold(THERE, "another history");
        settle();
    }
    assert_evidence(1, 1);
    struct seen seen = evidence_of();
    assert_int_equal(6, seen.conflict.sizes[0]);
    assert_int_equal(8, seen.conflict.sizes[1]);
    /* What the ledger says of it names the file. */
    crypto_sha256(&(struct base_bytes){seen.file.data, seen.file.len}, 1, &hash);
    crypto_hex_encode(base_bytes_of(hash.bytes, 32), hex);
    assert_ok(store_entries_each_kind(here(), compartments[0].bytes, "conflict", 0, take_said, &said));
    assert_non_null(strstr(said.text, "first: 6 "));
    assert_non_null(strstr(said.text, "second: 8 "));
    assert_string_equal(hex, strstr(said.text, "file: ") + 6);
    free(said.text);
    base_buffer_release(&seen.file);
    /* The overseer's file has it, and is sound. */
    struct overseer_list list = {.count = 0};
    assert_ok(node_compartments_each(here(), overseer_keep, &list));
    overseer_read(&world.fixture, HERE, &list, 5);
}

/* At a power of two the proof leaves out the one hash that would show it (oversight 4.6). */
static void what_cannot_be_proven_is_a_suspicion(void **state)
{
    (void)state;
    fork_peer(2, 1, 4); /* four are cosigned */
    assert_evidence(1, 0);
    say_hold(THERE, "another history");
    settle();
    assert_evidence(1, 0);
}

static void as_many_others_are_proof_whatever_their_number(void **state)
{
    (void)state;
    fork_peer(2, 1, 1);
    assert_evidence(1, 1);
}

static void an_honest_peer_is_not_accused(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 9; i++) {
        simulation_tick(&world, THERE, true);
        say_hold(THERE, "invented");
        say_hold(HERE, "invented");
        settle();
        simulation_crash(&world, THERE);
    }
    assert_evidence(0, 0);
}

/* A peer that signs what it likes: THERE's key, trees in memory, and frames put in by hand. */

static struct test_tiles memories[2];
static struct ledger_tiles trees[2]; /* they part at leaf PARTED */
static struct node_seat there;
static struct node_talk *talk;
static struct base_buffer frame;
static uint8_t frame_kind;

static enum base_code stage_dial(struct node_talk *dialled)
{
    (void)dialled;
    return base_fail(BASE_E_IO, "nobody is dialled");
}

static enum base_code stage_send(struct node_talk *at, uint8_t kind, struct base_bytes payload)
{
    (void)at;
    frame_kind = kind;
    base_buffer_clear(&frame);
    return base_buffer_append(&frame, payload);
}

static void stage_end(struct node_talk *at, enum base_code why)
{
    (void)at, (void)why;
}

static const struct node_wire stage = {stage_dial, stage_send, stage_end};

static int begin_stage(void **state)
{
    struct node_peer peer;
    begin(state);
    for (unsigned tree = 0; tree < 2; tree++) {
        uint64_t size = 0;
        memories[tree] = (struct test_tiles){.writes = 0};
        trees[tree] = test_tiles_port(&memories[tree]);
        for (unsigned i = 0; i < LEAVES; i++) {
            uint8_t leaf[2] = {(uint8_t)i, (uint8_t)(i >= PARTED ? tree : 0)};
            struct crypto_hash hash;
            ledger_leaf_hash(base_bytes_of(leaf, sizeof leaf), &hash);
            assert_ok(ledger_tree_append(&trees[tree], &size, &hash, 1));
        }
    }
    assert_ok(node_seat_open(world.sides[THERE].node.party, &compartments[0], &there));
    here_node()->wire = &stage;
    assert_ok(node_peer_by_name(here(), "harbour", &peer));
    assert_ok(node_talk_accept(here_node(), &peer, &frame, &talk));
    return 0;
}

static int end_stage(void **state)
{
    node_talk_closed(talk, BASE_E_CLOSED, "");
    node_seat_release(&there);
    for (unsigned tree = 0; tree < 2; tree++)
        test_tiles_release(&memories[tree]);
    base_buffer_release(&frame);
    return end(state);
}

static void sign(unsigned tree, uint64_t size, const char *extension, struct base_buffer *out)
{
    struct ledger_checkpoint checkpoint = {.size = size};
    struct base_buffer text = BASE_BUFFER_EMPTY;
    snprintf(checkpoint.origin, sizeof checkpoint.origin, "%s", there.own_name);
    assert_ok(ledger_tree_root(&trees[tree], size, &checkpoint.root));
    assert_ok(ledger_checkpoint_format(&checkpoint, &text));
    assert_ok(base_buffer_text(&text, extension));
    assert_ok(ledger_note_sign(base_bytes_buffer(&text), there.own_name, &there.secret, out));
    base_buffer_release(&text);
}

/* Offers the first `size` leaves of a tree, as continuing `old_size`; the answer must be of this kind. */
static void offer_with(unsigned tree, uint64_t old_size, uint64_t size, const struct ledger_proof *proof, const char *extension,
                       enum node_frame_kind expected)
{
    struct base_buffer note = BASE_BUFFER_EMPTY, payload = BASE_BUFFER_EMPTY;
    struct node_cosign_request request = {.old_size = old_size, .proof = *proof};
    sign(tree, size, extension, &note);
    request.note = base_bytes_buffer(&note);
    assert_ok(node_cosign_request_write(&request, &payload));
    assert_ok(node_talk_frame(talk, NODE_SAY_CHECKPOINT, base_bytes_buffer(&payload)));
    if (frame_kind != expected)
        fail_msg("%llu of tree %u were answered by kind %u", (unsigned long long)size, tree, frame_kind);
    if (expected == NODE_SAY_REFUSED)
        assert_fails(BASE_E_INCONSISTENT, node_refusal_read(base_bytes_buffer(&frame)));
    base_buffer_release(&note);
    base_buffer_release(&payload);
}

static void offer(unsigned tree, uint64_t old_size, uint64_t size, enum node_frame_kind expected)
{
    struct ledger_proof proof = {.count = 0};
    if (old_size <= size)
        assert_ok(ledger_tree_prove_consistency(&trees[tree], old_size, size, &proof));
    offer_with(tree, old_size, size, &proof, "", expected);
}

static void proof_is_kept_once_for_what_is_held(void **state)
{
    (void)state;
    offer(0, 0, 7, NODE_SAY_COSIGNED);
    for (uint64_t size = 8; size < 20; size++)
        offer(1, 7, size, NODE_SAY_REFUSED);
    assert_evidence(1, 1);
    offer(0, 7, 9, NODE_SAY_COSIGNED); /* the first history goes on, and is lied about again */
    offer(1, 9, 12, NODE_SAY_REFUSED);
    offer(1, 9, 9, NODE_SAY_REFUSED);
    assert_evidence(2, 2);
    offer(0, 9, 10, NODE_SAY_COSIGNED);
    assert_evidence(2, 2);
}

static void another_root_at_the_same_size_is_proof_whatever_comes_with_it(void **state)
{
    (void)state;
    offer(0, 0, 8, NODE_SAY_COSIGNED);
    offer(1, 3, 8, NODE_SAY_REFUSED); /* where another size would only be corrected */
    assert_evidence(1, 1);
    offer(1, 3, 9, NODE_SAY_COSIGN_SIZE);
    offer(0, 8, 8, NODE_SAY_COSIGNED);
    assert_evidence(1, 1);
}

/* A wrong proof, an old checkpoint: anyone can hand those on. */
static void what_shows_nothing_is_not_called_proof(void **state)
{
    struct ledger_proof wrong = {.count = 2};
    (void)state;
    offer(0, 0, 7, NODE_SAY_COSIGNED);
    offer_with(0, 7, 5, &wrong, "", NODE_SAY_REFUSED);
    offer_with(1, 7, 6, &(struct ledger_proof){.count = 0}, "", NODE_SAY_REFUSED);
    assert_evidence(0, 0);
    offer_with(0, 7, 12, &wrong, "", NODE_SAY_REFUSED);
    assert_evidence(1, 0);
    offer_with(0, 7, 13, &wrong, "", NODE_SAY_REFUSED);
    assert_evidence(1, 0); /* no second suspicion */
    offer(1, 7, 12, NODE_SAY_REFUSED);
    assert_evidence(2, 1); /* and then it shows itself */
    offer(0, 7, 12, NODE_SAY_COSIGNED);
}

static void what_is_kept_is_bounded(void **state)
{
    (void)state;
    offer(0, 0, 6, NODE_SAY_COSIGNED);
    for (uint64_t size = 7; size < 7 + NODE_EVIDENCE_MAX + 4; size++) {
        offer(0, size - 1, size, NODE_SAY_COSIGNED);
        offer(1, size, size, NODE_SAY_REFUSED);
    }
    assert_evidence(NODE_EVIDENCE_MAX, NODE_EVIDENCE_MAX);
}

/* A checkpoint may have further lines; a peer makes them as long as a note may be. */
static void a_long_checkpoint_is_evidence_too(void **state)
{
    struct ledger_proof none = {.count = 0};
    struct base_buffer lines = BASE_BUFFER_EMPTY;
    (void)state;
    for (unsigned i = 0; i < 600; i++)
        assert_ok(base_buffer_format(&lines, "a further line of a checkpoint, which says nothing, and nothing again, and then nothing more at all %u\n", i));
    offer(0, 0, 7, NODE_SAY_COSIGNED);
    offer_with(1, 7, 7, &none, base_buffer_c_string(&lines), NODE_SAY_REFUSED);
    assert_evidence(1, 1);
    struct seen seen = evidence_of();
    assert_true(seen.longest > 64 * 1024);
    base_buffer_release(&seen.file);
    base_buffer_release(&lines);
}

static void a_commit_that_fails_keeps_nothing_and_refuses_all_the_same(void **state)
{
    (void)state;
    offer(0, 0, 7, NODE_SAY_COSIGNED);
    world.sides[HERE].is_commit_failing = true;
    offer(1, 7, 12, NODE_SAY_REFUSED);
    world.sides[HERE].is_commit_failing = false;
    assert_evidence(0, 0);
    offer(1, 7, 12, NODE_SAY_REFUSED);
    assert_evidence(1, 1);
}

static int set_up(void **state)
{
    (void)state;
    simulation_template(&made, compartments, 1798761600000 /* 2027-01-01 */);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fixture_release(&made);
    return 0;
}

#define WORLD_TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
#define STAGE_TEST(name) cmocka_unit_test_setup_teardown(name, begin_stage, end_stage)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(a_peer_that_goes_on_from_an_old_copy_is_found),
        WORLD_TEST(what_cannot_be_proven_is_a_suspicion),
        WORLD_TEST(as_many_others_are_proof_whatever_their_number),
        WORLD_TEST(an_honest_peer_is_not_accused),
        STAGE_TEST(proof_is_kept_once_for_what_is_held),
        STAGE_TEST(another_root_at_the_same_size_is_proof_whatever_comes_with_it),
        STAGE_TEST(what_shows_nothing_is_not_called_proof),
        STAGE_TEST(what_is_kept_is_bounded),
        STAGE_TEST(a_long_checkpoint_is_evidence_too),
        STAGE_TEST(a_commit_that_fails_keeps_nothing_and_refuses_all_the_same),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
