/* SPDX-License-Identifier: Apache-2.0
 *
 * The evidence of two histories: proofs, suspicions, and what is neither, with the exact line and exit code.
 */
#include "story.h"

#include "ledger/tree.h"

#define SAID "move: suspend\nreason: \n"

static struct story story;

static int begin(void **state)
{
    (void)state;
    story_begin(&story);
    return 0;
}

static int end(void **state)
{
    (void)state;
    story_end(&story);
    return 0;
}

/* Checkpoints of party 0 over `count` entries of a history, which differs from the others from entry `parted` on. */
static void sign_history(unsigned count, unsigned parted, unsigned history, struct base_buffer *out)
{
    while (story.count > 1)
        base_buffer_release(&story.entries[--story.count]);
    for (unsigned i = 1; i < count; i++)
        story_say(&story, "state", 0, i + (i >= parted ? 100 * history : 0), SAID, "a");
    base_buffer_clear(out);
    story_checkpoint(&story, 0, story.cosigned, out);
}

struct conflict {
    const char *first, *compartment, *more;
    const struct base_buffer *terms, *notes[2];
    struct base_buffer proof; /* of whole hashes; empty for "-" */
};

static struct conflict of(const struct base_buffer *first, const struct base_buffer *second)
{
    return (struct conflict){"entente/conflict/v1", STORY_COMPARTMENT, "", &story.entries[0], {first, second}, BASE_BUFFER_EMPTY};
}

static const char *write_conflict(const struct conflict *conflict)
{
    static char path[128];
    struct base_buffer out = BASE_BUFFER_EMPTY;
    assert_ok(base_buffer_format(&out, "%s\ncompartment: %s\n", conflict->first, conflict->compartment));
    story_put_base64(&out, "terms", base_bytes_buffer(conflict->terms));
    story_put_base64(&out, "first", base_bytes_buffer(conflict->notes[0]));
    story_put_base64(&out, "second", base_bytes_buffer(conflict->notes[1]));
    if (conflict->proof.len == 0)
        assert_ok(base_buffer_text(&out, "proof: -\n"));
    else
        story_put_base64(&out, "proof", base_bytes_buffer(&conflict->proof));
    assert_ok(base_buffer_text(&out, conflict->more));
    story_write(story.folder, "conflict", base_bytes_buffer(&out));
    snprintf(path, sizeof path, "%s/conflict", story.folder);
    base_buffer_release(&out);
    return path;
}

static void expect(const struct conflict *conflict, int code, const char *line)
{
    EXPECT(code, line, "--conflict", write_conflict(conflict));
}

/* The root of the first `count` entries of the story and the hash of those behind, for a tree of three over two: node(node(0, 1), 2). */
static void put_leaf(size_t index, struct base_buffer *out)
{
    struct crypto_hash leaf;
    ledger_leaf_hash(base_bytes_buffer(&story.entries[index]), &leaf);
    assert_ok(base_buffer_append(out, base_bytes_of(leaf.bytes, sizeof leaf.bytes)));
}

static void put_pair(size_t index, struct base_buffer *out)
{
    struct crypto_hash left, right, both;
    ledger_leaf_hash(base_bytes_buffer(&story.entries[index]), &left);
    ledger_leaf_hash(base_bytes_buffer(&story.entries[index + 1]), &right);
    ledger_node_hash(&left, &right, &both);
    assert_ok(base_buffer_append(out, base_bytes_of(both.bytes, sizeof both.bytes)));
}

static void two_histories_are_proven(void **state)
{
    (void)state;
    static char output[65536];
    struct base_buffer a = BASE_BUFFER_EMPTY, b = BASE_BUFFER_EMPTY, longer = BASE_BUFFER_EMPTY;
    char line[256];
    sign_history(2, 1, 0, &a);
    sign_history(2, 1, 1, &b);
    struct conflict conflict = of(&a, &b);
    snprintf(line, sizeof line, "OK: proven: %s showed two histories in compartment " STORY_COMPARTMENT, story.parties[0].fingerprint);
    expect(&conflict, 0, line);
    const char *arguments[] = {"--conflict", write_conflict(&conflict), "--json", NULL};
    assert_int_equal(0, story_verify(output, sizeof output, arguments));
    assert_non_null(strstr(output, "{\"result\":\"ok\",\"conflict\":{\"compartment\":\"" STORY_COMPARTMENT "\",\"party\":\""));
    assert_non_null(strstr(output, "\"sizes\":[2,2],"));
    /* two over three: SUBPROOF(2, D[3], false) is the pair, then the third leaf */
    sign_history(3, 1, 1, &longer);
    conflict = of(&a, &longer);
    expect(&conflict, 1, "NOT OK: proof: two checkpoints, and no proof that the second does not continue the first (oversight 4.5)");
    put_pair(0, &conflict.proof);
    put_leaf(2, &conflict.proof);
    expect(&conflict, 0, line);
    const char *shown[] = {"--conflict", write_conflict(&conflict), NULL};
    assert_int_equal(0, story_verify(output, sizeof output, shown));
    assert_non_null(strstr(output, "  of which the first 2 have the root\n"));
    assert_non_null(strstr(output, "  both cannot be true: TWO HISTORIES, proven\n"));
    base_buffer_release(&conflict.proof);
    base_buffer_release(&a);
    base_buffer_release(&b);
    base_buffer_release(&longer);
}

static void what_is_no_conflict_is_refused(void **state)
{
    (void)state;
    struct base_buffer a = BASE_BUFFER_EMPTY, b = BASE_BUFFER_EMPTY, longer = BASE_BUFFER_EMPTY;
    sign_history(2, 1, 0, &a);
    struct conflict conflict = of(&a, &a);
    expect(&conflict, 1, "NOT OK: checkpoints: both say the same (oversight 4.3)");
    sign_history(3, 1, 0, &longer); /* continues it */
    conflict = of(&longer, &a);
    expect(&conflict, 1, "NOT OK: checkpoints: the first speaks of more entries than the second (oversight 4.3)");
    conflict = of(&a, &longer);
    put_pair(0, &conflict.proof);
    put_leaf(2, &conflict.proof);
    expect(&conflict, 1, "NOT OK: proof: the second checkpoint continues the first: there is no conflict (oversight 4.4)");
    conflict.proof.data[3] ^= 1;
    expect(&conflict, 1, "NOT OK: proof: the proof does not give the root of the second checkpoint (oversight 4.4)");
    conflict.proof.len = 32;
    expect(&conflict, 1, "NOT OK: proof: not as many hashes as the two sizes require (oversight 4.4)");
    conflict.proof.len = 31;
    expect(&conflict, 1, "NOT OK: conflict: the proof is not of whole hashes (oversight 4.1)");
    sign_history(2, 1, 1, &b);
    struct base_buffer proof = conflict.proof;
    conflict = of(&a, &b);
    conflict.proof = proof;
    conflict.proof.len = 64;
    expect(&conflict, 1, "NOT OK: proof: a proof, where the sizes are equal and none is needed (oversight 4.4)");
    base_buffer_release(&proof);
    base_buffer_release(&a);
    base_buffer_release(&b);
    base_buffer_release(&longer);
}

static void the_notes_are_of_one_party_of_the_compartment(void **state)
{
    (void)state;
    struct base_buffer a = BASE_BUFFER_EMPTY, b = BASE_BUFFER_EMPTY;
    sign_history(2, 1, 0, &a);
    story_checkpoint(&story, 1, story.cosigned, &b);
    struct conflict conflict = of(&a, &b);
    expect(&conflict, 1, "NOT OK: second: the origin is not the owner's name (ledger 6.3)");
    sign_history(2, 1, 1, &b);
    conflict = of(&a, &b);
    conflict.compartment = "01112233445566778899aabbccddeeff";
    expect(&conflict, 1, "NOT OK: terms: the terms are of another compartment (oversight 4.2)");
    conflict = of(&a, &b);
    conflict.terms = &story.entries[1];
    expect(&conflict, 1, "NOT OK: terms: the line \"proposer-identity\" does not stand where it must (statements 3.1)");
    conflict = of(&a, &b);
    conflict.first = "entente/opening/v1";
    expect(&conflict, 1, "NOT OK: conflict: not a conflict file (oversight 4.1)");
    conflict = of(&a, &b);
    conflict.more = "x: y\n";
    expect(&conflict, 1, "NOT OK: conflict: the text goes on after its last line (oversight 4.1)");
    struct base_buffer stranger = BASE_BUFFER_EMPTY;
    assert_ok(ledger_note_add_signature(base_bytes_buffer(&b), "stranger", &story.parties[1].identity, &stranger));
    conflict = of(&a, &stranger);
    expect(&conflict, 1, "NOT OK: second: a signature by neither party (oversight 4.3)");
    base_buffer_release(&stranger);
    base_buffer_release(&a);
    base_buffer_release(&b);
}

static void every_changed_byte_of_a_proof_is_found(void **state)
{
    (void)state;
    static char output[65536];
    struct base_buffer a = BASE_BUFFER_EMPTY, longer = BASE_BUFFER_EMPTY, bytes = BASE_BUFFER_EMPTY;
    sign_history(2, 1, 0, &a);
    sign_history(3, 1, 1, &longer);
    struct conflict conflict = of(&a, &longer);
    put_pair(0, &conflict.proof);
    put_leaf(2, &conflict.proof);
    const char *path = write_conflict(&conflict), *arguments[] = {"--conflict", path, NULL};
    story_read(story.folder, "conflict", &bytes);
    for (size_t at = 0; at < bytes.len; at += STORY_BYTE_STEP) {
        bytes.data[at] ^= 1;
        story_write(story.folder, "conflict", base_bytes_buffer(&bytes));
        if (story_verify(output, sizeof output, arguments) != 1)
            fail_msg("byte %zu: %s", at, output);
        bytes.data[at] ^= 1;
    }
    base_buffer_release(&conflict.proof);
    base_buffer_release(&a);
    base_buffer_release(&longer);
    base_buffer_release(&bytes);
}

int main(void)
{
#define STORY(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        STORY(two_histories_are_proven),
        STORY(what_is_no_conflict_is_refused),
        STORY(the_notes_are_of_one_party_of_the_compartment),
        STORY(every_changed_byte_of_a_proof_is_found),
    };
#undef STORY
    return cmocka_run_group_tests(tests, NULL, NULL);
}
