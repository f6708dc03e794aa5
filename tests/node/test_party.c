/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

static void reads(const char *home, const char *file, struct base_buffer *out)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", home, file);
    base_buffer_clear(out);
    assert_ok(base_file_read(path, 1 << 20, out));
}

static void writes(const char *home, const char *file, const void *data, size_t len)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", home, file);
    assert_ok(base_file_write(path, base_bytes_of(data, len), 0600));
}

static unsigned mode_of(const char *home, const char *file)
{
    char path[128];
    struct stat facts;
    snprintf(path, sizeof path, "%s/%s", home, file);
    assert_int_equal(0, stat(path, &facts));
    return facts.st_mode & 0777;
}

static void test_key_file(void **state)
{
    struct fixture fixture;
    bool needs = true;
    (void)state;
    fixture_parties(&fixture, "127.0.0.1:4711", "127.0.0.1:4712");
    struct fixture_side *here = &fixture.sides[HERE];
    assert_string_equal("lighthouse", here->party->card.name);
    assert_string_equal("127.0.0.1:4711", here->party->card.address);
    assert_ok(node_party_needs_passphrase(here->home, &needs));
    assert_false(needs);
    assert_int_equal(0700, mode_of(here->home, ""));
    assert_int_equal(0600, mode_of(here->home, "party.key"));
    assert_int_equal(0600, mode_of(here->home, "entente.db"));
    assert_int_equal(0600, mode_of(fixture.folder, "lighthouse.key"));
    struct exchange_id before = here->party->fingerprint;
    fixture_close(&fixture, HERE);
    fixture_open(&fixture, HERE);
    assert_true(exchange_id_equal(&before, &here->party->fingerprint));
    assert_false(exchange_id_equal(&before, &fixture.sides[THERE].party->fingerprint));
    fixture_release(&fixture);
}

static void test_wrong_unlock(void **state)
{
    struct fixture fixture;
    struct node_party *party = NULL;
    (void)state;
    fixture_parties(&fixture, "127.0.0.1:4711", "127.0.0.1:4712");
    const char *home = fixture.sides[HERE].home;
    struct node_unlock phrase = {.passphrase = base_bytes_text("beacon on the hill")};
    assert_fails(BASE_E_PASSPHRASE, node_party_open(home, &phrase, &party));
    assert_fails(BASE_E_PASSPHRASE, node_party_open(home, &fixture.sides[THERE].unlock, &party));
    struct node_unlock missing = {.key_file = "/tmp/entente-no-such-key"};
    assert_fails(BASE_E_NOT_FOUND, node_party_open(home, &missing, &party));
    writes(fixture.folder, "bad.key", "12\n", 3);
    char path[128];
    snprintf(path, sizeof path, "%s/bad.key", fixture.folder);
    struct node_unlock bad = {.key_file = path};
    assert_fails(BASE_E_FORMAT, node_party_open(home, &bad, &party));
    assert_fails(BASE_E_NOT_FOUND, node_party_open("/tmp/entente-no-such-home", &phrase, &party));
    assert_null(party);
    fixture_release(&fixture);
}

static void test_passphrase(void **state)
{
    struct fixture fixture;
    struct node_party *party = NULL;
    struct base_random random = base_random_system();
    char home[128];
    bool needs = false;
    (void)state;
    fixture_parties(&fixture, "127.0.0.1:4711", "127.0.0.1:4712");
    snprintf(home, sizeof home, "%s/deep/er", fixture.folder);
    struct node_unlock phrase = {.passphrase = base_bytes_text("beacon on the hill")};
    struct node_unlock wrong = {.passphrase = base_bytes_text("beacon on the hull")};
    assert_ok(node_party_create(home, "tower", "[::1]:4711", &phrase, &random));
    assert_ok(node_party_needs_passphrase(home, &needs));
    assert_true(needs);
    assert_fails(BASE_E_PASSPHRASE, node_party_open(home, &wrong, &party));
    assert_fails(BASE_E_PASSPHRASE, node_party_open(home, &fixture.sides[HERE].unlock, &party));
    assert_ok(node_party_open(home, &phrase, &party));
    node_party_close(party);
    fixture_release(&fixture);
}

static void test_create_refuses(void **state)
{
    struct fixture fixture;
    struct base_random random = base_random_system();
    char home[128], address[400];
    (void)state;
    fixture_parties(&fixture, "127.0.0.1:4711", "127.0.0.1:4712");
    struct fixture_side *here = &fixture.sides[HERE];
    snprintf(home, sizeof home, "%s/new", fixture.folder);
    memset(address, 'a', sizeof address);
    memcpy(address + sizeof address - 6, ":4711", 6);
    assert_fails(BASE_E_EXISTS, node_party_create(here->home, "tower", "127.0.0.1:1", &here->unlock, &random));
    assert_fails(BASE_E_ARGUMENT, node_party_create(home, "", "127.0.0.1:1", &here->unlock, &random));
    assert_fails(BASE_E_ARGUMENT, node_party_create(home, "two words", "127.0.0.1:1", &here->unlock, &random));
    assert_fails(BASE_E_ARGUMENT, node_party_create(home, "tower", "", &here->unlock, &random));
    assert_fails(BASE_E_ARGUMENT, node_party_create(home, "tower", "no-port", &here->unlock, &random));
    assert_fails(BASE_E_ARGUMENT, node_party_create(home, "tower", "host:70000", &here->unlock, &random));
    assert_fails(BASE_E_ARGUMENT, node_party_create(home, "tower", "host:1\nname: x", &here->unlock, &random));
    assert_fails(BASE_E_ARGUMENT, node_party_create(home, "tower", address, &here->unlock, &random));
    struct node_unlock brief = {.passphrase = base_bytes_text("1234567")};
    assert_fails(BASE_E_ARGUMENT, node_party_create(home, "tower", "127.0.0.1:1", &brief, &random));
    assert_false(base_path_exists(home));
    /* A store without its key is not overwritten. */
    char key[128];
    snprintf(key, sizeof key, "%s/party.key", here->home);
    assert_int_equal(0, unlink(key));
    assert_fails(BASE_E_EXISTS, node_party_create(here->home, "tower", "127.0.0.1:1", &here->unlock, &random));
    fixture_release(&fixture);
}

/* party.key with one line changed. */
static void test_tampered(void **state)
{
    static const struct {
        const char *from, *to;
        enum base_code code;
    } cases[] = {
        {"entente/sealed-root/v1", "entente/sealed-root/v2", BASE_E_CORRUPT},
        {"kdf: key-file", "kdf: scrypt", BASE_E_VERSION},
        {"kdf: key-file", "kdf: argon2id", BASE_E_PASSPHRASE},
        {"passes: 3", "passes: 4", BASE_E_PASSPHRASE}, /* the head is the label of what is sealed */
        {"passes: 3", "passes: x", BASE_E_CORRUPT},
        {"memory-kib: 262144", "memory-kib: 99999999999", BASE_E_CORRUPT},
        {"salt: ", "salt: 0", BASE_E_CORRUPT},
        {"salt: ", "salz: ", BASE_E_CORRUPT},
        {"sealed: ", "sealed: *", BASE_E_CORRUPT},
        {"sealed: ", "sealed: AAAA", BASE_E_PASSPHRASE},
    };
    struct fixture fixture;
    struct node_party *party = NULL;
    struct base_buffer file = BASE_BUFFER_EMPTY, changed = BASE_BUFFER_EMPTY;
    (void)state;
    fixture_parties(&fixture, "127.0.0.1:4711", "127.0.0.1:4712");
    fixture_close(&fixture, HERE);
    struct fixture_side *here = &fixture.sides[HERE];
    reads(here->home, "party.key", &file);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *text = base_buffer_c_string(&file), *at = strstr(text, cases[i].from);
        assert_non_null(at);
        base_buffer_clear(&changed);
        assert_ok(base_buffer_format(&changed, "%.*s%s%s", (int)(at - text), text, cases[i].to, at + strlen(cases[i].from)));
        writes(here->home, "party.key", changed.data, changed.len);
        assert_fails(cases[i].code, node_party_open(here->home, &here->unlock, &party));
    }
    for (size_t cut = 0; cut < file.len; cut++) { /* cut anywhere */
        writes(here->home, "party.key", file.data, cut);
        enum base_code code = node_party_open(here->home, &here->unlock, &party);
        if (code != BASE_E_CORRUPT && code != BASE_E_VERSION)
            fail_msg("cut at %zu: %s", cut, base_code_word(code));
    }
    assert_ok(base_buffer_text(&file, "more\n"));
    writes(here->home, "party.key", file.data, file.len);
    assert_fails(BASE_E_CORRUPT, node_party_open(here->home, &here->unlock, &party));
    char *large = calloc(1, 8192);
    writes(here->home, "party.key", large, 8192);
    assert_fails(BASE_E_CORRUPT, node_party_open(here->home, &here->unlock, &party));
    free(large);
    base_buffer_release(&file);
    base_buffer_release(&changed);
    fixture_release(&fixture);
}

static void test_foreign_store(void **state)
{
    struct fixture fixture;
    struct node_party *party = NULL;
    struct base_buffer database = BASE_BUFFER_EMPTY;
    (void)state;
    fixture_parties(&fixture, "127.0.0.1:4711", "127.0.0.1:4712");
    fixture_close(&fixture, HERE);
    fixture_close(&fixture, THERE);
    reads(fixture.sides[THERE].home, "entente.db", &database);
    writes(fixture.sides[HERE].home, "entente.db", database.data, database.len);
    assert_fails(BASE_E_CORRUPT, node_party_open(fixture.sides[HERE].home, &fixture.sides[HERE].unlock, &party));
    base_buffer_release(&database);
    fixture_release(&fixture);
}

static void test_socket_path(void **state)
{
    char path[108], home[200];
    (void)state;
    assert_ok(node_socket_path("/tmp/x", path));
    assert_string_equal("/tmp/x/node.sock", path);
    memset(home, 'h', sizeof home);
    home[97] = 0;
    assert_ok(node_socket_path(home, path));
    home[97] = 'h';
    home[98] = 0;
    assert_fails(BASE_E_LIMIT, node_socket_path(home, path));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_key_file),     cmocka_unit_test(test_wrong_unlock),   cmocka_unit_test(test_passphrase),
        cmocka_unit_test(test_create_refuses), cmocka_unit_test(test_tampered),     cmocka_unit_test(test_foreign_store),
        cmocka_unit_test(test_socket_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
