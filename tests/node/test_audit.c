/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

enum { FILLED = 300 }; /* more than one tile */

static void begin(struct fixture *fixture, unsigned count)
{
    struct crypto_hash rules = {{1}};
    fixture_parties(fixture, "127.0.0.1:4711", "127.0.0.1:4712");
    fixture_pair(fixture);
    fixture_agree(fixture, 0xc0, "flood", &rules);
    fixture_fill(fixture, HERE, count);
}

static enum base_code verifies(struct fixture *fixture, struct node_ledger_facts *facts)
{
    struct node_compartment compartment;
    struct store *store = fixture->sides[HERE].party->store;
    assert_ok(node_compartment_find(store, "flood", &compartment));
    return node_ledger_verify(store, &compartment, facts);
}

static void test_good(void **state)
{
    struct fixture fixture;
    struct node_ledger_facts facts;
    (void)state;
    begin(&fixture, FILLED);
    assert_ok(verifies(&fixture, &facts));
    assert_int_equal(FILLED + 1, facts.entries);
    assert_int_equal(0, facts.cosigned);
    fixture_cosign(&fixture, HERE);
    fixture_fill(&fixture, HERE, FILLED); /* the same again: nothing */
    assert_ok(verifies(&fixture, &facts));
    assert_int_equal(FILLED + 1, facts.entries);
    assert_int_equal(FILLED + 1, facts.cosigned);
    fixture_release(&fixture);
}

static void test_tampered(void **state)
{
    static const struct {
        const char *change;
        enum base_code code;
    } cases[] = {
        {"UPDATE entries SET note = CAST(replace(CAST(note AS TEXT), 'number 3', 'number 4') AS BLOB) WHERE number = 4",
         BASE_E_CORRUPT},
        {"UPDATE entries SET hash = zeroblob(32) WHERE number = 2", BASE_E_CORRUPT},
        {"UPDATE entries SET number = -1 WHERE number = 3; UPDATE entries SET number = 3 WHERE number = 4;"
         "UPDATE entries SET number = 4 WHERE number = -1",
         BASE_E_CORRUPT},
        {"DELETE FROM entries WHERE number = 3", BASE_E_CORRUPT},
        {"DELETE FROM entries WHERE number = 8", BASE_E_INCONSISTENT},
        {"UPDATE tiles SET hashes = CAST(zeroblob(length(hashes)) AS BLOB)", BASE_E_CORRUPT},
        {"UPDATE tiles SET hashes = substr(hashes, 1, length(hashes) - 32)", BASE_E_CORRUPT},
        {"DELETE FROM tiles", BASE_E_CORRUPT},
        {"UPDATE heads SET size = 7 WHERE slot = 0", BASE_E_CORRUPT},
        {"UPDATE heads SET size = 7 WHERE slot = 1", BASE_E_CORRUPT},
        {"UPDATE heads SET root = zeroblob(32)", BASE_E_CORRUPT},
        {"DELETE FROM heads WHERE slot = 0", BASE_E_NOT_FOUND},
        {"UPDATE heads SET note = CAST(replace(CAST(note AS TEXT), char(10) || '9' || char(10), char(10) || '8' || char(10)) AS BLOB)"
         " WHERE slot = 0",
         BASE_E_SIGNATURE},
        /* the cosigned checkpoint without its cosignature */
        {"UPDATE heads SET note = (SELECT note FROM heads WHERE slot = 0) WHERE slot = 1", BASE_E_KEY},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture fixture;
        struct node_ledger_facts facts;
        begin(&fixture, 8);
        fixture_cosign(&fixture, HERE);
        assert_ok(verifies(&fixture, &facts));
        fixture_sql(&fixture, HERE, cases[i].change);
        enum base_code code = verifies(&fixture, &facts);
        if (code != cases[i].code)
            fail_msg("%s: %s (%s), expected %s", cases[i].change, base_code_word(code), base_detail(), base_code_word(cases[i].code));
        fixture_release(&fixture);
    }
}

/* Entries that are whole and signed, but not by who may say them, or not here. */
static void test_foreign_entry(void **state)
{
    struct fixture fixture;
    struct node_ledger_facts facts;
    struct exchange_statement statement = {.move = EXCHANGE_SUSPEND};
    struct base_buffer note = BASE_BUFFER_EMPTY;
    (void)state;
    begin(&fixture, 2);
    struct node_seat other = fixture_seat(&fixture, THERE);
    fixture_say(&fixture, THERE, EXCHANGE_KIND_STATE, &statement, &note);
    statement.from = other.facts.peer; /* in the name of the owner */
    base_buffer_clear(&note);
    assert_ok(node_statement_sign(&other, &statement, &note));
    fixture_enter(&fixture, HERE, "state", base_bytes_buffer(&note));
    assert_fails(BASE_E_KEY, verifies(&fixture, &facts));
    assert_non_null(strstr(base_detail(), "entry 3"));
    fixture_release(&fixture);
    begin(&fixture, 2);
    node_seat_release(&other);
    other = fixture_seat(&fixture, THERE);
    statement = (struct exchange_statement){.move = EXCHANGE_SUSPEND};
    base_buffer_clear(&note);
    fixture_say(&fixture, THERE, EXCHANGE_KIND_STATE, &statement, &note);
    statement.terms.bytes[3] ^= 1;
    base_buffer_clear(&note);
    assert_ok(node_statement_sign(&other, &statement, &note));
    fixture_enter(&fixture, HERE, "state", base_bytes_buffer(&note));
    assert_fails(BASE_E_INCONSISTENT, verifies(&fixture, &facts));
    node_seat_release(&other);
    base_buffer_release(&note);
    fixture_release(&fixture);
}

static bool has_file(const char *folder, const char *file)
{
    char path[160];
    snprintf(path, sizeof path, "%s/%s", folder, file);
    return base_path_exists(path);
}

static void test_export(void **state)
{
    struct fixture fixture;
    struct node_compartment compartment;
    struct node_ledger_facts facts;
    char folder[128], keys[160];
    struct base_buffer text = BASE_BUFFER_EMPTY;
    (void)state;
    begin(&fixture, FILLED);
    struct store *store = fixture.sides[HERE].party->store;
    snprintf(folder, sizeof folder, "%s/export", fixture.folder);
    assert_ok(node_compartment_find(store, "flood", &compartment));
    assert_fails(BASE_E_STATE, node_ledger_export(store, &compartment, folder, &facts));
    assert_false(has_file(folder, "checkpoint"));
    fixture_cosign(&fixture, HERE);
    assert_ok(node_ledger_export(store, &compartment, folder, &facts));
    assert_int_equal(FILLED + 1, facts.cosigned);
    static const char *const files[] = {"checkpoint",           "keys",        "tile/0/000", "tile/0/001.p/45", "tile/1/000.p/1",
                                        "tile/entries/000", "tile/entries/001.p/45"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (!has_file(folder, files[i]))
            fail_msg("there is no %s", files[i]);
    snprintf(keys, sizeof keys, "%s/keys", folder);
    assert_ok(base_file_read(keys, 4096, &text));
    static const char *const roles[] = {"owner entente/c0c0", "\ncosigner entente/c0c0", "\nowner-identity entente/",
                                        "\ncosigner-identity entente/"};
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        assert_non_null(strstr(base_buffer_c_string(&text), roles[i]));
    assert_fails(BASE_E_EXISTS, node_ledger_export(store, &compartment, folder, &facts));
    base_buffer_release(&text);
    fixture_release(&fixture);
}

static void test_find(void **state)
{
    struct fixture fixture;
    struct node_compartment compartment;
    struct crypto_hash rules = {{1}};
    (void)state;
    begin(&fixture, 0);
    fixture_agree(&fixture, 0xc1, "fire", &rules);
    struct store *store = fixture.sides[HERE].party->store;
    assert_ok(node_compartment_find(store, "fire", &compartment));
    assert_int_equal(0xc1, compartment.id.bytes[0]);
    assert_string_equal("harbour", compartment.peer_name);
    assert_int_equal(EXCHANGE_ACTIVE, compartment.state);
    assert_int_equal(0, compartment.terms_note.len);
    assert_ok(node_compartment_find(store, "c0c0c0c0", &compartment));
    assert_string_equal("flood", compartment.name);
    assert_fails(BASE_E_NOT_FOUND, node_compartment_find(store, "c0c0c0c", &compartment));
    assert_fails(BASE_E_NOT_FOUND, node_compartment_find(store, "c0c0c0c1", &compartment));
    fixture_release(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),   cmocka_unit_test(test_tampered), cmocka_unit_test(test_foreign_entry),
        cmocka_unit_test(test_export), cmocka_unit_test(test_find),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
