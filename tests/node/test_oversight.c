/* SPDX-License-Identifier: Apache-2.0
 *
 * Oversight files and openings as the node writes them, read by the independent verifier.
 */
#include "fixture.h"

#include "ledger/checkpoint.h"
#include "node/conflict.h"
#include "node/oversight.h"
#include "store/evidence.h"
#include "verify/opening.h"
#include "verify/oversight.h"

#include <sys/wait.h>

static struct fixture fixture;
static struct node_compartment compartments[2];

static const char *const nobody[2] = {NULL, NULL};

/* What stands in the book of HERE besides the terms: an alert with a content, and states. */
static const uint8_t salt[32] = {7, 1, 7};
static const char content[] = "{\"texts\": {\"text\": \"an invented person\"}}";

static void say(struct exchange_statement *statement, enum exchange_kind kind)
{
    struct base_buffer note = BASE_BUFFER_EMPTY;
    fixture_say(&fixture, HERE, kind, statement, &note);
    fixture_enter(&fixture, HERE, exchange_kind_word(kind), base_bytes_buffer(&note));
    base_buffer_release(&note);
}

static void say_alert(void)
{
    const struct base_bytes parts[] = {base_bytes_of(salt, sizeof salt), base_bytes_text(content)};
    struct exchange_statement alert = {.count = 1, .review_class = 1, .due_ms = fixture.now_ms - fixture.now_ms % 1000 + 86400000};
    crypto_hash_domain("entente/exchange/content/v1", parts, 2, &alert.content);
    say(&alert, EXCHANGE_KIND_ALERT);
}

static void say_states(unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        struct exchange_statement state = {.move = EXCHANGE_SUSPEND};
        snprintf(state.reason, sizeof state.reason, "number %u", i);
        say(&state, EXCHANGE_KIND_STATE);
    }
}

/* The other side's checkpoint, cosigned here. */
static void cosign_peers(void)
{
    struct node_seat own = fixture_seat(&fixture, HERE);
    struct base_buffer theirs = BASE_BUFFER_EMPTY, cosigned = BASE_BUFFER_EMPTY;
    struct store_head head;
    assert_ok(store_head_get(fixture.sides[THERE].party->store, fixture.compartment.bytes, STORE_HEAD_OWN, &head, &theirs));
    assert_ok(ledger_cosign(base_bytes_buffer(&theirs), own.own_name, &own.secret, (uint64_t)(fixture.now_ms / 1000), &cosigned));
    assert_ok(store_head_put(fixture.sides[HERE].party->store, fixture.compartment.bytes, STORE_HEAD_PEER, &head, base_bytes_buffer(&cosigned)));
    node_seat_release(&own);
    base_buffer_release(&theirs);
    base_buffer_release(&cosigned);
}

static void find(unsigned at, const char *name)
{
    assert_ok(node_compartment_find(fixture.sides[HERE].party->store, name, &compartments[at]));
}

static int begin(void **state)
{
    struct crypto_hash rules = {{1}};
    (void)state;
    fixture_parties(&fixture, "127.0.0.1:4711", "127.0.0.1:4712");
    fixture_pair(&fixture);
    fixture_agree(&fixture, 0xc0, "flood", &rules);
    find(0, "flood");
    say_alert();
    return 0;
}

static int end(void **state)
{
    (void)state;
    fixture_release(&fixture);
    return 0;
}

static const char *in_folder(const char *name)
{
    static char paths[4][128];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%.63s/%s", fixture.folder, name);
    return path;
}

static void write_file(const char *path, size_t count, struct node_oversight_facts *facts)
{
    assert_ok(node_oversight_write(fixture.sides[HERE].party->store, compartments, count, path, facts));
}

static void read_bytes(const char *path, struct base_buffer *out)
{
    base_buffer_clear(out);
    assert_ok(base_file_read(path, 1 << 26, out));
}

struct seen {
    uint64_t entries[2], peers[2];
    size_t count, alerts, proven, suspected;
    char ids[2][33];
};

static void keep_seen(void *context, const struct verify_compartment *compartment)
{
    struct seen *seen = context;
    assert_true(seen->count < 2);
    snprintf(seen->ids[seen->count], sizeof seen->ids[0], "%s", compartment->export->parties.compartment);
    seen->peers[seen->count] = compartment->has_peer ? compartment->peer_size : 0;
    seen->alerts += compartment->account->alert_count;
    for (size_t i = 0; i < compartment->conflict_count; i++)
        (*(compartment->conflicts[i].is_proven ? &seen->proven : &seen->suspected))++;
    seen->entries[seen->count++] = compartment->export->size;
}

static enum verify_result read_file(const struct base_buffer *bytes, struct seen *seen, struct verify_oversight *oversight,
                                    struct verify_report *report)
{
    FILE *file = fmemopen(bytes->data, bytes->len, "rb");
    assert_non_null(file);
    memset(report, 0, sizeof *report);
    memset(seen, 0, sizeof *seen);
    return verify_oversight_read(file, nobody, keep_seen, seen, oversight, report);
}

static void a_file_holds_every_compartment(void **state)
{
    struct node_oversight_facts facts;
    struct verify_oversight oversight;
    struct verify_report report;
    struct seen seen;
    struct base_buffer bytes = BASE_BUFFER_EMPTY, again = BASE_BUFFER_EMPTY;
    struct crypto_hash rules = {{1}};
    char party[33];
    (void)state;
    say_states(300); /* more than one tile */
    fixture_cosign(&fixture, HERE);
    cosign_peers();
    fixture_agree(&fixture, 0xb0, "fire", &rules);
    find(1, "fire");
    fixture_cosign(&fixture, HERE);
    write_file(in_folder("a.tar"), 2, &facts);
    assert_int_equal(2, facts.compartments);
    assert_int_equal(0, facts.not_cosigned);
    assert_int_equal(302 + 1, facts.entries);
    assert_int_equal(1 + 2 + 1 + 2 + 1 + 2 + 2 + 2, facts.files); /* with the manifest; the larger first */
    read_bytes(in_folder("a.tar"), &bytes);
    assert_int_equal(facts.bytes, bytes.len);
    if (read_file(&bytes, &seen, &oversight, &report) != VERIFY_OK)
        fail_msg("%s: %s (%s)", report.where, report.reason, report.clause);
    exchange_id_hex(&fixture.sides[HERE].party->fingerprint, party);
    assert_string_equal(party, oversight.party);
    assert_int_equal(2, oversight.compartments);
    assert_int_equal(2, seen.count);
    assert_string_equal("b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0", seen.ids[0]);
    assert_int_equal(1, seen.entries[0]);
    assert_int_equal(302, seen.entries[1]);
    assert_int_equal(0, seen.peers[0]);
    assert_int_equal(1, seen.peers[1]);
    assert_int_equal(1, seen.alerts);
    verify_oversight_release(&oversight);
    compartments[1] = compartments[0]; /* other order, one twice: the same file of one */
    write_file(in_folder("b.tar"), 2, &facts);
    write_file(in_folder("c.tar"), 1, &facts);
    read_bytes(in_folder("b.tar"), &bytes);
    read_bytes(in_folder("c.tar"), &again);
    assert_int_equal(bytes.len, again.len);
    assert_memory_equal(bytes.data, again.data, bytes.len);
    assert_int_equal(1, facts.compartments);
    base_buffer_release(&bytes);
    base_buffer_release(&again);
}

static void what_was_not_cosigned_is_named(void **state)
{
    struct node_oversight_facts facts;
    struct verify_oversight oversight;
    struct verify_report report;
    struct seen seen;
    struct base_buffer bytes = BASE_BUFFER_EMPTY;
    (void)state;
    write_file(in_folder("a.tar"), 1, &facts);
    assert_int_equal(0, facts.compartments);
    assert_int_equal(1, facts.not_cosigned);
    read_bytes(in_folder("a.tar"), &bytes);
    assert_int_equal(VERIFY_OK, read_file(&bytes, &seen, &oversight, &report));
    assert_int_equal(0, seen.count);
    assert_int_equal(1, oversight.not_cosigned_count);
    assert_string_equal("c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0", oversight.not_cosigned[0]);
    verify_oversight_release(&oversight);
    base_buffer_release(&bytes);
}

static void a_file_is_written_whole_or_not_at_all(void **state)
{
    struct node_oversight_facts facts;
    struct store *store = fixture.sides[HERE].party->store;
    (void)state;
    fixture_cosign(&fixture, HERE);
    assert_fails(BASE_E_STATE, node_oversight_write(store, compartments, 0, in_folder("a.tar"), &facts));
    assert_fails(BASE_E_LIMIT, node_oversight_write(store, compartments, NODE_OVERSIGHT_COMPARTMENTS_MAX + 1, in_folder("a.tar"), &facts));
    assert_fails(BASE_E_NOT_FOUND, node_oversight_write(store, compartments, 1, in_folder("none/a.tar"), &facts));
    write_file(in_folder("a.tar"), 1, &facts);
    assert_fails(BASE_E_EXISTS, node_oversight_write(store, compartments, 1, in_folder("a.tar"), &facts));
    fixture_sql(&fixture, HERE, "UPDATE entries SET note = note || 'x' WHERE number = 1");
    assert_fails(BASE_E_CORRUPT, node_oversight_write(store, compartments, 1, in_folder("b.tar"), &facts));
    assert_false(base_path_exists(in_folder("b.tar")));
    assert_false(store_is_in_transaction(store));
}

/* Every byte of the file, changed in one, another and its highest bit; and the file cut at every byte, and longer. */
static void every_changed_byte_is_found(void **state)
{
    static const uint8_t masks[] = {0x01, 0x20, 0x80};
    struct node_oversight_facts facts;
    struct verify_oversight oversight;
    struct verify_report report;
    struct seen seen;
    struct base_buffer bytes = BASE_BUFFER_EMPTY;
    (void)state;
    fixture_cosign(&fixture, HERE);
    cosign_peers();
    write_file(in_folder("a.tar"), 1, &facts);
    read_bytes(in_folder("a.tar"), &bytes);
    assert_int_equal(VERIFY_OK, read_file(&bytes, &seen, &oversight, &report));
    verify_oversight_release(&oversight);
    for (size_t at = 0; at < bytes.len; at++) {
        for (size_t mask = 0; mask < sizeof masks; mask++) {
            bytes.data[at] ^= masks[mask];
            enum verify_result result = read_file(&bytes, &seen, &oversight, &report);
            verify_oversight_release(&oversight);
            bytes.data[at] ^= masks[mask];
            if (result != VERIFY_REFUTED || strncmp(report.clause, "oversight 1.", 12) != 0)
                fail_msg("byte %zu, mask %02x: result %d, %s: %s (%s)", at, masks[mask], (int)result, report.where, report.reason,
                         report.clause);
        }
    }
    size_t whole = bytes.len;
    for (bytes.len = 1; bytes.len < whole; bytes.len++) {
        enum verify_result result = read_file(&bytes, &seen, &oversight, &report);
        verify_oversight_release(&oversight);
        if (result == VERIFY_OK)
            fail_msg("taken after %zu of %zu bytes", bytes.len, whole);
    }
    assert_ok(base_buffer_append(&bytes, base_bytes_of("", 1)));
    assert_int_equal(VERIFY_REFUTED, read_file(&bytes, &seen, &oversight, &report));
    assert_string_equal("the archive does not end after two blocks of zeros", report.reason);
    verify_oversight_release(&oversight);
    base_buffer_release(&bytes);
}

/* A checkpoint of the other side's that says what it likes. */
static void sign_checkpoint(uint64_t size, uint8_t root, struct base_buffer *out)
{
    struct node_seat there = fixture_seat(&fixture, THERE);
    struct ledger_checkpoint checkpoint = {.size = size, .root = {{root}}};
    struct base_buffer text = BASE_BUFFER_EMPTY;
    snprintf(checkpoint.origin, sizeof checkpoint.origin, "%s", there.own_name);
    assert_ok(ledger_checkpoint_format(&checkpoint, &text));
    assert_ok(ledger_note_sign(base_bytes_buffer(&text), there.own_name, &there.secret, out));
    base_buffer_release(&text);
    node_seat_release(&there);
}

static void keep_evidence(uint64_t first, uint64_t second, enum node_conflict expected)
{
    struct node_seat here = fixture_seat(&fixture, HERE);
    struct base_buffer held = BASE_BUFFER_EMPTY, offered = BASE_BUFFER_EMPTY;
    struct node_evidence evidence = NODE_EVIDENCE_EMPTY;
    struct store_evidence row = {.found_ms = fixture.now_ms};
    enum node_conflict verdict;
    sign_checkpoint(first, 1, &held);
    sign_checkpoint(second, 2, &offered);
    assert_ok(node_conflict_check(&here.peer, base_bytes_buffer(&held), base_bytes_buffer(&offered), NULL, &verdict, &evidence));
    assert_int_equal(expected, verdict);
    memcpy(row.compartment, fixture.compartment.bytes, sizeof row.compartment);
    row.first = base_bytes_buffer(&evidence.first);
    row.second = base_bytes_buffer(&evidence.second);
    row.proof = base_bytes_buffer(&evidence.proof);
    assert_ok(store_evidence_add(fixture.sides[HERE].party->store, &row));
    node_evidence_release(&evidence);
    base_buffer_release(&held);
    base_buffer_release(&offered);
    node_seat_release(&here);
}

static void evidence_of_two_histories_goes_with_it(void **state)
{
    struct node_oversight_facts facts;
    struct verify_oversight oversight;
    struct verify_report report;
    struct seen seen;
    struct base_buffer bytes = BASE_BUFFER_EMPTY;
    (void)state;
    keep_evidence(7, 7, NODE_CONFLICT_PROVEN);
    keep_evidence(9, 8, NODE_CONFLICT_SUSPECTED);
    keep_evidence(11, 11, NODE_CONFLICT_PROVEN);
    fixture_cosign(&fixture, HERE);
    write_file(in_folder("a.tar"), 1, &facts);
    read_bytes(in_folder("a.tar"), &bytes);
    if (read_file(&bytes, &seen, &oversight, &report) != VERIFY_OK)
        fail_msg("%s: %s (%s)", report.where, report.reason, report.clause);
    assert_int_equal(2, seen.proven);
    assert_int_equal(1, seen.suspected);
    verify_oversight_release(&oversight);
    base_buffer_release(&bytes);
}

/* As an overseer without any tool of this project would: each folder is an export. */
static void plain_tar_unpacks_it(void **state)
{
    struct node_oversight_facts facts;
    struct verify_export export = VERIFY_EXPORT_EMPTY;
    struct verify_report report;
    int status;
    (void)state;
    fixture_cosign(&fixture, HERE);
    write_file(in_folder("a.tar"), 1, &facts);
    const char *file = in_folder("a.tar"), *folder = fixture.folder;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        execlp("tar", "tar", "-C", folder, "-xf", file, (char *)NULL);
        _exit(127);
    }
    assert_int_equal(child, waitpid(child, &status, 0));
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
        test_skip("there is no tar");
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    const struct verify_folder at = verify_folder_at(in_folder("c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0"));
    if (verify_export_read(&export, &at, nobody, &report) != VERIFY_OK)
        fail_msg("%s: %s (%s)", report.where, report.reason, report.clause);
    assert_int_equal(2, export.size);
    verify_export_release(&export);
}

static enum base_code open_content(uint64_t index, const uint8_t with[32], const char *what, struct base_buffer *out)
{
    return node_opening_write(fixture.sides[HERE].party->store, &compartments[0], index, base_bytes_of(with, 32), base_bytes_text(what), out);
}

static void an_opening_stands_alone(void **state)
{
    struct base_buffer out = BASE_BUFFER_EMPTY;
    struct verify_opening opening;
    struct verify_report report;
    (void)state;
    assert_fails(BASE_E_STATE, open_content(1, salt, content, &out));
    say_states(5);
    fixture_cosign(&fixture, HERE);
    assert_ok(open_content(1, salt, content, &out));
    if (verify_opening_read(verify_span_of(out.data, out.len), nobody, &opening, &report) != VERIFY_OK)
        fail_msg("%s: %s (%s)", report.where, report.reason, report.clause);
    assert_int_equal(1, opening.index);
    assert_int_equal(7, opening.size);
    assert_string_equal("alert", opening.kind);
    assert_int_equal(fixture.now_ms / 1000, opening.cosigned_at);
    assert_int_equal(strlen(content), opening.content.len);
    assert_memory_equal(content, opening.content.data, opening.content.len);
    verify_opening_release(&opening);
    base_buffer_release(&out);
}

static void only_what_was_committed_to_is_opened(void **state)
{
    struct base_buffer out = BASE_BUFFER_EMPTY;
    struct store *store = fixture.sides[HERE].party->store;
    uint8_t other_salt[32] = {7, 1, 8};
    char *large = calloc(1, NODE_OPENING_CONTENT_MAX + 2);
    assert_non_null(large);
    memset(large, 'x', NODE_OPENING_CONTENT_MAX + 1);
    (void)state;
    say_states(1);
    fixture_cosign(&fixture, HERE);
    assert_fails(BASE_E_PROOF, open_content(1, other_salt, content, &out));
    assert_fails(BASE_E_PROOF, open_content(1, salt, "{}", &out));
    assert_fails(BASE_E_ARGUMENT, open_content(2, salt, content, &out));
    assert_fails(BASE_E_ARGUMENT, open_content(0, salt, content, &out));
    assert_fails(BASE_E_NOT_FOUND, open_content(3, salt, content, &out));
    assert_fails(BASE_E_LIMIT, open_content(1, salt, large, &out));
    assert_fails(BASE_E_FORMAT, node_opening_write(store, &compartments[0], 1, base_bytes_of(salt, 31), base_bytes_text(content), &out));
    assert_int_equal(0, out.len);
    assert_false(store_is_in_transaction(store));
    free(large);
    base_buffer_release(&out);
}

int main(void)
{
#define FIXTURE(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        FIXTURE(a_file_holds_every_compartment),
        FIXTURE(what_was_not_cosigned_is_named),
        FIXTURE(a_file_is_written_whole_or_not_at_all),
        FIXTURE(every_changed_byte_is_found),
        FIXTURE(evidence_of_two_histories_goes_with_it),
        FIXTURE(plain_tar_unpacks_it),
        FIXTURE(an_opening_stands_alone),
        FIXTURE(only_what_was_committed_to_is_opened),
    };
#undef FIXTURE
    return cmocka_run_group_tests(tests, NULL, NULL);
}
