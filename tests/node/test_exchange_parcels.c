/* SPDX-License-Identifier: Apache-2.0
 *
 * Who signed, for which compartment, under which terms; and what travels beside a statement (doc/spec/statements.md 4.6 and 5.5,
 * doc/spec/content.md).
 */
#include "exchange_world.h"

static struct world world;

static struct world_forged fresh(void)
{
    return (struct world_forged){.beside = NODE_PARCEL_NOTHING};
}

/* An ask that would be taken. */
static struct exchange_statement ask_with(struct exchange_content *content)
{
    *content = world_content(EXCHANGE_KIND_ASK);
    return world_ask(&world);
}

static void forge_ask(struct world_forged *out)
{
    struct exchange_content content;
    struct exchange_statement ask = ask_with(&content);
    world_forge(&world, HERE, &ask, &content, out);
    exchange_content_release(&content);
}

static void refused_with(const char *from, const char *to, enum base_code code)
{
    struct exchange_content content;
    struct exchange_statement ask = ask_with(&content);
    struct world_forged forged = fresh();
    world_forge_text(&world, HERE, &ask, &content, from, to, &forged);
    world_refused(&world, &forged, code, to);
    exchange_content_release(&content);
    world_forged_release(&forged);
}

static void of_another_compartment_or_other_terms(void **state)
{
    (void)state;
    world_restore(&world);
    refused_with("compartment: c0", "compartment: c1", BASE_E_INCONSISTENT);
    refused_with("\nterms: ", "\nterms: 0123456789", BASE_E_FORMAT);
    struct exchange_content content;
    struct exchange_statement ask = ask_with(&content);
    struct world_forged forged = fresh();
    memset(ask.terms.bytes, 0x0b, sizeof ask.terms.bytes);
    struct exchange_statement honest = ask;
    world_forge(&world, HERE, &honest, &content, &forged); /* fills the head in */
    ask = honest;
    char right[65], wrong[65];
    crypto_hex_encode(base_bytes_of(ask.terms.bytes, 32), right);
    memset(wrong, '0', sizeof wrong - 1);
    wrong[64] = 0;
    exchange_content_release(&content);
    world_forged_release(&forged);
    refused_with(right, wrong, BASE_E_INCONSISTENT);
}

/* The same words, said and signed in the other compartment: its keys are unknown here. */
static void said_in_the_other_compartment(void **state)
{
    (void)state;
    struct world_forged forged = fresh();
    world_restore(&world);
    world.fixture.compartment = world.other;
    forge_ask(&forged);
    assert_ok(world_deliver(&world, THERE, &forged)); /* there it is taken */
    world.fixture.compartment = world.compartment;
    world_restore(&world);
    world_refused(&world, &forged, BASE_E_KEY, "an ask of the other compartment");
    world_forged_release(&forged);
}

static void forge_signed_by(const char *name, const struct crypto_sign_secret *secret, struct world_forged *out)
{
    struct ledger_note note;
    struct base_buffer text = BASE_BUFFER_EMPTY;
    forge_ask(out);
    assert_ok(ledger_note_parse(base_bytes_buffer(&out->note), &note));
    assert_ok(base_buffer_append(&text, note.text));
    ledger_note_release(&note);
    base_buffer_clear(&out->note);
    assert_ok(ledger_note_sign(base_bytes_buffer(&text), name, secret, &out->note));
    base_buffer_release(&text);
}

static void signed_by_another_key(void **state)
{
    (void)state;
    struct node_seat here = fixture_seat(&world.fixture, HERE), there = fixture_seat(&world.fixture, THERE);
    const struct crypto_sign_secret *identity = &world.fixture.sides[HERE].party->identity;
    char identity_name[EXCHANGE_KEY_NAME_LEN];
    const struct {
        const char *what, *name;
        const struct crypto_sign_secret *secret;
    } cases[] = {
        {"by the identity key", identity_name, identity},
        {"by the identity key, in the name of the compartment's", here.own_name, identity},
        {"by the receiver's own key", there.own_name, &there.secret},
        {"by the right key, in the receiver's name", there.own_name, &here.secret},
        {"by the right key, in the name of a stranger", "entente/nobody", &here.secret},
    };
    exchange_identity_name(&world.fixture.sides[HERE].party->fingerprint, identity_name);
    world_restore(&world);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world_forged forged = fresh();
        forge_signed_by(cases[i].name, cases[i].secret, &forged);
        world_refused(&world, &forged, BASE_E_KEY, cases[i].what);
        world_forged_release(&forged);
    }
    node_seat_release(&here);
    node_seat_release(&there);
}

static void signed_twice_or_wrongly(void **state)
{
    (void)state;
    struct node_seat there = fixture_seat(&world.fixture, THERE);
    struct world_forged forged = fresh(), twice = fresh();
    world_restore(&world);
    forge_ask(&forged);
    forge_ask(&twice);
    base_buffer_clear(&twice.note);
    assert_ok(ledger_note_add_signature(base_bytes_buffer(&forged.note), "entente/stranger", &world.fixture.sides[HERE].party->identity, &twice.note));
    world_refused(&world, &twice, BASE_E_FORMAT, "with a stranger's signature beside");
    base_buffer_clear(&twice.note);
    assert_ok(ledger_note_add_signature(base_bytes_buffer(&forged.note), there.own_name, &there.secret, &twice.note));
    world_refused(&world, &twice, BASE_E_FORMAT, "with the receiver's signature beside");

    static const char word[] = "urgency: normal";
    uint8_t *at = memmem(forged.note.data, forged.note.len, word, sizeof word - 1);
    assert_non_null(at);
    memcpy(at + 9, "urgent", 6); /* "urgentl": not a word; then a word of the right length */
    world_refused(&world, &forged, BASE_E_SIGNATURE, "changed behind the signature");
    world_forged_release(&forged);
    world_forged_release(&twice);
    node_seat_release(&there);
}

/* Every bit of a signature counts. */
static void a_signature_with_a_bit_flipped(void **state)
{
    (void)state;
    struct world_forged forged = fresh();
    world_restore(&world);
    forge_ask(&forged);
    const char *line = strrchr(base_buffer_c_string(&forged.note), ' ');
    assert_non_null(line);
    size_t at = (size_t)(line - base_buffer_c_string(&forged.note)) + 20;
    for (size_t i = 0; i < 8; i++) {
        uint8_t was = forged.note.data[at + i];
        forged.note.data[at + i] = was == 'A' ? 'B' : 'A';
        world_refused(&world, &forged, BASE_E_SIGNATURE, "a flipped bit");
        forged.note.data[at + i] = was;
    }
    world_taken(&world, &forged, "as it was signed");
    world_forged_release(&forged);
}

static void from_another_party(void **state)
{
    (void)state;
    char here[33], there[33];
    exchange_id_hex(&world.fixture.sides[HERE].party->fingerprint, here);
    exchange_id_hex(&world.fixture.sides[THERE].party->fingerprint, there);
    world_restore(&world);
    refused_with(here, there, BASE_E_KEY);
}

/* Content. */

static void content_that_is_not_what_was_committed_to(void **state)
{
    (void)state;
    struct world_forged forged = fresh();
    world_restore(&world);
    forge_ask(&forged);
    forged.salt[31] ^= 1;
    world_refused(&world, &forged, BASE_E_INCONSISTENT, "another salt");
    forged.salt[31] ^= 1;
    forged.content.data[forged.content.len - 5] ^= 1;
    world_refused(&world, &forged, BASE_E_INCONSISTENT, "another content");
    forged.content.data[forged.content.len - 5] ^= 1;
    forged.beside = NODE_PARCEL_NOTHING;
    world_refused(&world, &forged, BASE_E_FORMAT, "no content where there is one");
    forged.beside = NODE_PARCEL_CONTENT;
    world_taken(&world, &forged, "the right one");
    world_forged_release(&forged);
}

static void content_where_there_is_none(void **state)
{
    (void)state;
    static const enum node_parcel_beside besides[] = {NODE_PARCEL_CONTENT, NODE_PARCEL_ERASED};
    struct exchange_statement states[] = {
        {.kind = EXCHANGE_KIND_STATE, .move = EXCHANGE_SUSPEND},
        {.kind = EXCHANGE_KIND_ANSWER, .about = world.scene.ask_there, .outcome = EXCHANGE_NO_TRACE},
        {.kind = EXCHANGE_KIND_WITHDRAW, .about = world.scene.ask_here},
    };
    world_restore(&world);
    for (size_t i = 0; i < 6; i++) {
        struct world_forged forged = fresh();
        world_forge(&world, HERE, &states[i / 2], NULL, &forged);
        forged.beside = besides[i % 2];
        assert_ok(base_buffer_text(&forged.content, "{}"));
        world_refused(&world, &forged, BASE_E_FORMAT, "content beside a statement that has none");
        world_forged_release(&forged);
    }
}

/* It says in zeros that there is a content, and none travels. */
static void a_commitment_to_nothing(void **state)
{
    (void)state;
    static const char zeros[] = "content: 0000000000000000000000000000000000000000000000000000000000000000\n";
    struct exchange_statement statements[] = {
        world_ask(&world),
        world_alert(&world),
        {.kind = EXCHANGE_KIND_TELL, .about = world.scene.alert_there, .hit = {{1}}},
        {.kind = EXCHANGE_KIND_RENEW, .about = world.scene.alert_here, .due_ms = world.now_ms + WORLD_DAY_MS},
        {.kind = EXCHANGE_KIND_ANSWER, .about = world.scene.ask_there},
    };
    world_restore(&world);
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        struct world_forged forged = fresh();
        char line[80];
        memset(statements[i].content.bytes, 0x0a, sizeof statements[i].content.bytes);
        memset(line, 'a', sizeof line);
        snprintf(line, sizeof line, "content: ");
        for (unsigned k = 0; k < 32; k++)
            snprintf(line + 9 + 2 * k, 4, "0a");
        snprintf(line + 73, 2, "\n");
        world_forge_text(&world, HERE, &statements[i], NULL, line, zeros, &forged);
        world_refused(&world, &forged, BASE_E_FORMAT, "a commitment of zeros");
        world_forged_release(&forged);
    }
}

static void forge_with_bytes(struct base_bytes bytes, struct world_forged *out)
{
    struct exchange_content none;
    struct exchange_statement ask = ask_with(&none);
    exchange_content_release(&none);
    world_beside(&ask, bytes, out);
    world_forge(&world, HERE, &ask, NULL, out);
}

static void content_of_another_form(void **state)
{
    (void)state;
    static const char good[] = "\"facts\":\"f\",\"link\":\"l\",\"reason\":\"r\",\"use\":\"u\"";
    static const struct {
        const char *what, *json;
        enum base_code code;
    } cases[] = {
        {"nothing", "", BASE_E_FORMAT},
        {"not JSON", "{", BASE_E_FORMAT},
        {"an array", "[]", BASE_E_FORMAT},
        {"no members", "{}", BASE_E_FORMAT},
        {"blanks", "{\"attachments\":[], \"persons\":[],\"texts\":{%s}}", BASE_E_FORMAT},
        {"another order", "{\"persons\":[],\"attachments\":[],\"texts\":{%s}}", BASE_E_FORMAT},
        {"one member more", "{\"attachments\":[],\"note\":1,\"persons\":[],\"texts\":{%s}}", BASE_E_FORMAT},
        {"a member twice", "{\"attachments\":[],\"persons\":[],\"persons\":[],\"texts\":{%s}}", BASE_E_FORMAT},
        {"a line end behind", "{\"attachments\":[],\"persons\":[],\"texts\":{%s}}\n", BASE_E_FORMAT},
        {"an escape that need not be", "{\"attachments\":[],\"persons\":[],\"texts\":{\"background\":\"\\u0041\",%s}}", BASE_E_FORMAT},
        {"a text that is a number", "{\"attachments\":[],\"persons\":[],\"texts\":{\"background\":7,%s}}", BASE_E_FORMAT},
        {"a text of another name", "{\"attachments\":[],\"persons\":[],\"texts\":{\"colour\":\"red\",%s}}", BASE_E_FORMAT},
        {"a control character", "{\"attachments\":[],\"persons\":[],\"texts\":{\"background\":\"\\u0007\",%s}}", BASE_E_ENCODING},
        {"a NUL", "{\"attachments\":[],\"persons\":[],\"texts\":{\"background\":\"\\u0000\",%s}}", BASE_E_FORMAT},
        {"a person that is a text", "{\"attachments\":[],\"persons\":[\"p\"],\"texts\":{%s}}", BASE_E_FORMAT},
        {"an attachment without a name", "{\"attachments\":[{\"data\":\"\",\"type\":\"text/plain\"}],\"persons\":[],\"texts\":{%s}}", BASE_E_FORMAT},
        {"an attachment in a folder",
         "{\"attachments\":[{\"data\":\"\",\"name\":\"../x\",\"type\":\"text/plain\"}],\"persons\":[],\"texts\":{%s}}", BASE_E_FORMAT},
        {"an attachment that is not base64",
         "{\"attachments\":[{\"data\":\"?\",\"name\":\"x\",\"type\":\"text/plain\"}],\"persons\":[],\"texts\":{%s}}", BASE_E_FORMAT},
    };
    world_restore(&world);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct base_buffer bytes = BASE_BUFFER_EMPTY;
        struct world_forged forged = fresh();
        const char *at = strstr(cases[i].json, "%s");
        assert_ok(base_buffer_append(&bytes, base_bytes_of(cases[i].json, at == NULL ? strlen(cases[i].json) : (size_t)(at - cases[i].json))));
        if (at != NULL) {
            assert_ok(base_buffer_text(&bytes, good));
            assert_ok(base_buffer_text(&bytes, at + 2));
        }
        forge_with_bytes(base_bytes_buffer(&bytes), &forged);
        world_refused(&world, &forged, cases[i].code, cases[i].what);
        base_buffer_release(&bytes);
        world_forged_release(&forged);
    }
}

static void content_over_the_limit(void **state)
{
    (void)state;
    struct base_buffer bytes = BASE_BUFFER_EMPTY;
    struct world_forged forged = fresh();
    world_restore(&world);
    assert_ok(base_buffer_text(&bytes, "{\"attachments\":[],\"persons\":[],\"texts\":{}}"));
    while (bytes.len <= EXCHANGE_CONTENT_MAX)
        assert_ok(base_buffer_text(&bytes, " "));
    forge_with_bytes(base_bytes_buffer(&bytes), &forged);
    world_refused(&world, &forged, BASE_E_LIMIT, "a content over the limit");
    base_buffer_release(&bytes);
    world_forged_release(&forged);
}

static void attach(struct exchange_content *content, size_t bytes)
{
    static uint8_t data[WORLD_ATTACHMENT_MAX + 1];
    assert_ok(exchange_content_add_attachment(content, "report.txt", "text/plain", base_bytes_of(data, bytes)));
}

static void attachments_over_the_terms(void **state)
{
    (void)state;
    struct exchange_content content;
    struct exchange_statement ask;
    struct world_forged forged = fresh();
    world_restore(&world);
    ask = ask_with(&content);
    attach(&content, WORLD_ATTACHMENT_MAX);
    world_forge(&world, HERE, &ask, &content, &forged);
    world_taken(&world, &forged, "all that the terms allow");
    attach(&content, 1);
    world_forge(&world, HERE, &ask, &content, &forged);
    world_refused(&world, &forged, BASE_E_OUTSIDE_TERMS, "one byte more");
    exchange_content_release(&content);
    world_forged_release(&forged);
}

static void asks_that_do_not_say_why(void **state)
{
    (void)state;
    static const enum exchange_text needed[] = {EXCHANGE_TEXT_FACTS, EXCHANGE_TEXT_REASON, EXCHANGE_TEXT_LINK, EXCHANGE_TEXT_USE};
    static const char *const blanks[] = {NULL, "", " \t\n"};
    world_restore(&world);
    for (size_t i = 0; i < 12; i++) {
        struct exchange_content content;
        struct exchange_statement ask = ask_with(&content);
        struct world_forged forged = fresh();
        free(content.texts[needed[i / 3]]);
        content.texts[needed[i / 3]] = NULL;
        if (blanks[i % 3] != NULL)
            assert_ok(exchange_content_set_text(&content, needed[i / 3], base_bytes_text(blanks[i % 3])));
        world_forge(&world, HERE, &ask, &content, &forged);
        world_refused(&world, &forged, BASE_E_FORMAT, exchange_text_keys.items[needed[i / 3]]);
        exchange_content_release(&content);
        world_forged_release(&forged);
    }
}

static void persons_of_an_alert(void **state)
{
    (void)state;
    struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
    struct exchange_statement alert = world_alert(&world);
    struct world_forged forged = fresh();
    world_restore(&world);
    alert.count = 2;
    world_person(&content, "Mirela Kostrova");
    world_forge(&world, HERE, &alert, &content, &forged);
    world_refused(&world, &forged, BASE_E_FORMAT, "one person fewer than it says");
    alert.count = 0;
    world_forge(&world, HERE, &alert, &content, &forged);
    world_refused(&world, &forged, BASE_E_FORMAT, "one person more than it says");
    exchange_content_release(&content);
    world_forge(&world, HERE, &alert, &content, &forged);
    world_refused(&world, &forged, BASE_E_FORMAT, "nobody");
    forged.beside = NODE_PARCEL_ERASED;
    world_refused(&world, &forged, BASE_E_FORMAT, "nobody, and erased");
    alert.count = 1;
    assert_ok(exchange_content_add_person(&content, base_bytes_text("{\"id\":\"p\"}")));
    world_forge(&world, HERE, &alert, &content, &forged);
    world_refused(&world, &forged, BASE_E_FORMAT, "a person that is no record");
    exchange_content_release(&content);
    world_forged_release(&forged);
}

/* Its sender has erased it before it was delivered: the statement stands, and so does what follows from it. */
static void content_that_was_erased_before_it_came(void **state)
{
    (void)state;
    struct world_forged forged = fresh();
    struct store_alert row = {.is_own = false};
    struct exchange_statement alert = world_alert(&world);
    struct exchange_content content = world_content(EXCHANGE_KIND_ALERT);
    struct store *store = world.nodes[THERE].party->store;
    world_restore(&world);
    world_forge(&world, HERE, &alert, &content, &forged);
    forged.beside = NODE_PARCEL_ERASED;
    world_taken(&world, &forged, "an alert whose content is erased");
    memcpy(row.compartment, world.compartment.bytes, sizeof row.compartment);
    memcpy(row.hash, forged.hash.bytes, sizeof row.hash);
    assert_ok(store_alert_get(store, &row));
    assert_false(row.is_screened);
    struct exchange_statement erasure = {.kind = EXCHANGE_KIND_CORRECTION, .about = forged.hash, .action = EXCHANGE_ERASE};
    world_forge(&world, HERE, &erasure, NULL, (forged.beside = NODE_PARCEL_NOTHING, &forged));
    world_taken(&world, &forged, "its erasure");
    /* and the content it once had, delivered late, is not taken in again */
    world_forge(&world, HERE, &alert, &content, &forged);
    struct crypto_hash before = world_state(&world, THERE);
    assert_ok(world_deliver(&world, THERE, &forged));
    struct crypto_hash after = world_state(&world, THERE);
    assert_true(crypto_hash_equal(&before, &after));
    exchange_content_release(&content);
    world_forged_release(&forged);
}

static int set_up(void **state)
{
    (void)state;
    world_begin(&world);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_end(&world);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_another_compartment_or_other_terms),
        cmocka_unit_test(said_in_the_other_compartment),
        cmocka_unit_test(signed_by_another_key),
        cmocka_unit_test(signed_twice_or_wrongly),
        cmocka_unit_test(a_signature_with_a_bit_flipped),
        cmocka_unit_test(from_another_party),
        cmocka_unit_test(content_that_is_not_what_was_committed_to),
        cmocka_unit_test(content_where_there_is_none),
        cmocka_unit_test(a_commitment_to_nothing),
        cmocka_unit_test(content_of_another_form),
        cmocka_unit_test(content_over_the_limit),
        cmocka_unit_test(attachments_over_the_terms),
        cmocka_unit_test(asks_that_do_not_say_why),
        cmocka_unit_test(persons_of_an_alert),
        cmocka_unit_test(content_that_was_erased_before_it_came),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
