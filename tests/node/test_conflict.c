/* SPDX-License-Identifier: Apache-2.0
 *
 * Two checkpoints of the other party: what is proof, what is suspicion, what is neither; and the evidence that the independent
 * verifier finds true. For every pair of sizes up to a bound.
 */
#include "fixture.h"

#include "node/conflict.h"
#include "ledger/checkpoint.h"
#include "support/tiles.h"
#include "verify/conflict.h"

enum { MOST = 40 };

static struct fixture fixture;
static struct node_seat here, there;
static struct base_buffer terms_note;

/* Two trees that part at leaf `MOST / 2`, and one that shares nothing. */
static struct test_tiles memories[3];
static struct ledger_tiles trees[3];

static void make_tree(unsigned tree)
{
    uint64_t size = 0;
    trees[tree] = test_tiles_port(&memories[tree]);
    for (unsigned i = 0; i < MOST; i++) {
        uint8_t leaf[2] = {(uint8_t)i, (uint8_t)(tree == 2 || (tree == 1 && i >= MOST / 2) ? tree : 0)};
        struct crypto_hash hash;
        ledger_leaf_hash(base_bytes_of(leaf, sizeof leaf), &hash);
        assert_ok(ledger_tree_append(&trees[tree], &size, &hash, 1));
    }
}

static enum base_code keep_terms(void *context, const struct store_entry *entry)
{
    return base_buffer_append(context, entry->note);
}

static int begin(void **state)
{
    struct crypto_hash rules = {{1}};
    (void)state;
    fixture_parties(&fixture, "127.0.0.1:4711", "127.0.0.1:4712");
    fixture_pair(&fixture);
    fixture_agree(&fixture, 0xc0, "flood", &rules);
    here = fixture_seat(&fixture, HERE);
    there = fixture_seat(&fixture, THERE);
    assert_ok(store_entries_each(fixture.sides[HERE].party->store, fixture.compartment.bytes, 0, 1, keep_terms, &terms_note));
    for (unsigned tree = 0; tree < 3; tree++)
        make_tree(tree);
    return 0;
}

static int end(void **state)
{
    (void)state;
    for (unsigned tree = 0; tree < 3; tree++)
        test_tiles_release(&memories[tree]);
    node_seat_release(&here);
    node_seat_release(&there);
    base_buffer_release(&terms_note);
    fixture_release(&fixture);
    return 0;
}

/* A checkpoint of THERE over the first `size` leaves of a tree. */
static void sign(unsigned tree, uint64_t size, struct base_buffer *out)
{
    struct ledger_checkpoint checkpoint = {.size = size};
    struct base_buffer text = BASE_BUFFER_EMPTY;
    snprintf(checkpoint.origin, sizeof checkpoint.origin, "%s", there.own_name);
    assert_ok(ledger_tree_root(&trees[tree], size, &checkpoint.root));
    assert_ok(ledger_checkpoint_format(&checkpoint, &text));
    assert_ok(ledger_note_sign(base_bytes_buffer(&text), there.own_name, &there.secret, out));
    base_buffer_release(&text);
}

static enum node_conflict check(const struct base_buffer *held, const struct base_buffer *offered, const struct ledger_proof *proof,
                                struct node_evidence *evidence)
{
    enum node_conflict verdict;
    assert_ok(node_conflict_check(&here.peer, base_bytes_buffer(held), base_bytes_buffer(offered), proof, &verdict, evidence));
    return verdict;
}

/* What the verifier finds in the evidence: refused, a suspicion, or proof. */
static enum verify_result verify(const struct node_evidence *evidence, struct verify_conflict *out, struct verify_report *report)
{
    struct base_buffer file = BASE_BUFFER_EMPTY;
    assert_ok(node_conflict_write(&fixture.compartment, base_bytes_buffer(&terms_note), base_bytes_buffer(&evidence->first),
                                  base_bytes_buffer(&evidence->second), base_bytes_buffer(&evidence->proof), &file));
    enum verify_result result = verify_conflict_read(verify_span_of(file.data, file.len), out, report);
    base_buffer_release(&file);
    return result;
}

static bool is_power_of_two(uint64_t number)
{
    return (number & (number - 1)) == 0;
}

/* Each size of the first tree as held, each of the other as offered with the proof that its owner would send. */
static void every_pair_of_sizes(void **state)
{
    (void)state;
    unsigned proven = 0, suspected = 0, none = 0;
    for (uint64_t m = 1; m <= MOST; m++) {
        for (uint64_t n = 1; n <= MOST; n++) {
            struct base_buffer held = BASE_BUFFER_EMPTY, offered = BASE_BUFFER_EMPTY;
            struct node_evidence evidence = NODE_EVIDENCE_EMPTY;
            struct ledger_proof proof = {.count = 0};
            struct verify_conflict conflict;
            struct verify_report report = {"", "", ""};
            bool is_continued = m <= n && m <= MOST / 2, is_same = m == n && m <= MOST / 2;
            sign(0, m, &held);
            sign(1, n, &offered);
            if (m <= n)
                assert_ok(ledger_tree_prove_consistency(&trees[1], m, n, &proof));
            enum node_conflict expected = is_continued || is_same ? NODE_CONFLICT_NONE
                                          : m == n || (m < n && !is_power_of_two(m)) ? NODE_CONFLICT_PROVEN : NODE_CONFLICT_SUSPECTED;
            enum node_conflict verdict = check(&held, &offered, &proof, &evidence);
            if (verdict != expected)
                fail_msg("%llu held, %llu offered: %d, not %d", (unsigned long long)m, (unsigned long long)n, (int)verdict, (int)expected);
            if (verdict == NODE_CONFLICT_NONE) {
                assert_int_equal(0, evidence.first.len + evidence.second.len + evidence.proof.len);
                none++;
            } else {
                if (verify(&evidence, &conflict, &report) != VERIFY_OK)
                    fail_msg("%llu and %llu: %s (%s)", (unsigned long long)m, (unsigned long long)n, report.reason, report.clause);
                assert_int_equal(verdict == NODE_CONFLICT_PROVEN, conflict.is_proven);
                assert_int_equal(m < n ? m : n, conflict.sizes[0]);
                assert_int_equal(m < n ? n : m, conflict.sizes[1]);
                assert_string_equal(there.own_name, conflict.parties.keys[VERIFY_OWNER].name);
                proven += verdict == NODE_CONFLICT_PROVEN;
                suspected += verdict == NODE_CONFLICT_SUSPECTED;
            }
            node_evidence_release(&evidence);
            base_buffer_release(&held);
            base_buffer_release(&offered);
        }
    }
    assert_true(proven > 100 && suspected > 100 && none > 100);
}

/* A proof that anybody could have made proves nothing. */
static void a_wrong_proof_proves_nothing(void **state)
{
    (void)state;
    struct base_buffer held = BASE_BUFFER_EMPTY, offered = BASE_BUFFER_EMPTY;
    struct node_evidence evidence = NODE_EVIDENCE_EMPTY;
    struct ledger_proof proof = {.count = 0};
    sign(0, 21, &held);
    sign(0, 35, &offered); /* which does continue it */
    assert_ok(ledger_tree_prove_consistency(&trees[0], 21, 35, &proof));
    assert_int_equal(NODE_CONFLICT_NONE, check(&held, &offered, &proof, &evidence));
    for (size_t i = 0; i < proof.count; i++) {
        proof.hashes[i].bytes[5] ^= 1;
        assert_int_equal(NODE_CONFLICT_SUSPECTED, check(&held, &offered, &proof, &evidence));
        assert_int_equal(0, evidence.proof.len);
        node_evidence_release(&evidence);
        proof.hashes[i].bytes[5] ^= 1;
    }
    proof.count--;
    assert_int_equal(NODE_CONFLICT_SUSPECTED, check(&held, &offered, &proof, &evidence));
    node_evidence_release(&evidence);
    assert_int_equal(NODE_CONFLICT_SUSPECTED, check(&held, &offered, NULL, &evidence));
    node_evidence_release(&evidence);
    assert_ok(ledger_tree_prove_consistency(&trees[2], 21, 35, &proof)); /* of a tree that nobody signed */
    assert_int_equal(NODE_CONFLICT_SUSPECTED, check(&held, &offered, &proof, &evidence));
    node_evidence_release(&evidence);
    base_buffer_release(&held);
    base_buffer_release(&offered);
}

static void notes_of_others_are_no_evidence(void **state)
{
    (void)state;
    struct base_buffer held = BASE_BUFFER_EMPTY, offered = BASE_BUFFER_EMPTY;
    struct node_evidence evidence = NODE_EVIDENCE_EMPTY;
    enum node_conflict verdict;
    sign(0, 21, &held);
    sign(1, 21, &offered);
    assert_fails(BASE_E_KEY, node_conflict_check(&here.own, base_bytes_buffer(&held), base_bytes_buffer(&offered), NULL, &verdict, &evidence));
    offered.data[offered.len - 8] ^= 1;
    enum base_code code = node_conflict_check(&here.peer, base_bytes_buffer(&held), base_bytes_buffer(&offered), NULL, &verdict, &evidence);
    assert_true(code == BASE_E_SIGNATURE || code == BASE_E_FORMAT);
    base_buffer_clear(&offered);
    assert_ok(base_buffer_append(&offered, base_bytes_buffer(&terms_note)));
    assert_fails(BASE_E_KEY, node_conflict_check(&here.peer, base_bytes_buffer(&held), base_bytes_buffer(&offered), NULL, &verdict, &evidence));
    assert_int_equal(0, evidence.first.len);
    base_buffer_release(&held);
    base_buffer_release(&offered);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair_of_sizes),
        cmocka_unit_test(a_wrong_proof_proves_nothing),
        cmocka_unit_test(notes_of_others_are_no_evidence),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
