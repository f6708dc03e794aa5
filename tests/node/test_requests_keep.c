/* SPDX-License-Identifier: Apache-2.0
 *
 * What users ask about the two ledgers and about what is kept, over the sockets of two running nodes: comparing, erasing, evidence;
 * and who may.
 */
#include "nodes.h"

#include "exchange/content.h"
#include "node/users.h"
#include "store/contents.h"
#include "store/evidence.h"

enum { MANY = 130 };

static char administrator[NODE_USER_KEY_TEXT_LEN + 1], elsewhere[NODE_USER_KEY_TEXT_LEN + 1], auditor[NODE_USER_KEY_TEXT_LEN + 1];

static void begin(struct nodes *nodes)
{
    struct crypto_hash rules;
    nodes_init(nodes);
    nodes_rules(&rules);
    fixture_retention_days = 1;
    fixture_agree(&nodes->fixture, 0xc1, "other", &rules);
    fixture_agree(&nodes->fixture, 0xc0, "flood", &rules);
}

static json_t *with_key(json_t *request, const char *key)
{
    assert_int_equal(0, json_object_set_new(request, "user_key", json_string(key)));
    return request;
}

static json_t *ask(const char *what, const char *compartment)
{
    return compartment == NULL ? json_pack("{s:s}", "do", what) : nodes_about(what, compartment);
}

/* Items come before the result; the last call's are kept here. */
static json_t *items;

static enum base_code keep_line(void *context, json_t *line)
{
    json_t *item = json_object_get(line, "item");
    if (item == NULL)
        return nodes_keep_reply(context, line);
    return json_array_append(items, item) == 0 ? BASE_OK : BASE_E_NOMEM;
}

static json_t *get(struct nodes *nodes, unsigned side, json_t *request)
{
    char path[108];
    json_decref(items);
    items = json_array();
    assert_ok(node_socket_path(nodes->fixture.sides[side].home, path));
    assert_ok(node_control_call(path, request, keep_line, nodes));
    json_decref(request);
    json_t *result = json_object_get(nodes->reply, "ok");
    if (result == NULL)
        fail_msg("refused: %s", json_dumps(nodes->reply, 0));
    return result;
}

static json_int_t number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    assert_true(json_is_integer(value));
    return json_integer_value(value);
}

static void make_user(struct nodes *nodes, const char *name, const char *compartment, enum node_role role, char *key)
{
    struct node_user owner;
    struct base_random random = base_random_system();
    struct store *store = nodes_store(nodes, HERE);
    struct node_compartment facts = nodes_compartment(nodes, HERE, compartment);
    assert_ok(node_user_owner(store, &owner));
    assert_ok(node_user_add(store, &owner, name, &random, nodes->fixture.now_ms, key));
    assert_ok(node_user_grant(store, &owner, name, &facts.id, role, nodes->fixture.now_ms));
}

static void make_users(struct nodes *nodes)
{
    make_user(nodes, "ada", "flood", NODE_ROLE_ADMINISTRATOR, administrator);
    make_user(nodes, "bob", "other", NODE_ROLE_ADMINISTRATOR, elsewhere);
    make_user(nodes, "cal", "flood", NODE_ROLE_AUDITOR, auditor);
}

static void both_ledgers_are_compared(void **state)
{
    struct nodes nodes;
    (void)state;
    begin(&nodes);
    fixture_fill(&nodes.fixture, HERE, MANY); /* which the other never hears of */
    make_users(&nodes);
    nodes_start(&nodes, HERE);
    nodes_refused(&nodes, HERE, with_key(ask("reconcile", "flood"), auditor), BASE_E_IO, "self"); /* the other is down */
    nodes_start(&nodes, THERE);
    json_t *result = get(&nodes, HERE, with_key(ask("reconcile", "flood"), auditor));
    assert_int_equal(MANY, number(result, "own"));
    assert_int_equal(0, number(result, "theirs"));
    assert_int_equal(MANY, number(json_object_get(result, "counts"), "missing_there"));
    assert_int_equal(0, number(json_object_get(result, "counts"), "missing_here"));
    assert_int_equal(0, number(result, "conflicts"));
    assert_int_equal(100, json_array_size(json_object_get(result, "missing_there")));
    assert_int_equal(MANY - 100, json_array_size(items)); /* what the line does not hold */
    assert_string_equal("missing_there", json_string_value(json_object_get(json_array_get(items, 0), "where")));
    json_t *first = json_array_get(json_object_get(result, "missing_there"), 0);
    assert_string_equal("state", json_string_value(json_object_get(first, "kind")));
    assert_int_equal(64, json_string_length(json_object_get(first, "statement")));
    assert_int_equal(20, json_string_length(json_object_get(first, "time")));
    result = get(&nodes, THERE, ask("reconcile", "flood"));
    assert_int_equal(MANY, number(json_object_get(result, "counts"), "missing_here"));
    assert_null(json_object_get(json_array_get(json_object_get(result, "missing_here"), 0), "kind"));
    nodes_refused(&nodes, HERE, with_key(ask("reconcile", "flood"), elsewhere), BASE_E_NOT_FOUND, "self");
    nodes_refused(&nodes, HERE, ask("reconcile", "nowhere"), BASE_E_NOT_FOUND, "self");
    nodes_refused(&nodes, HERE, json_pack("{s:s}", "do", "reconcile"), BASE_E_ARGUMENT, "self");
    nodes_refused(&nodes, HERE, json_pack("{s:s, s:s, s:i}", "do", "reconcile", "compartment", "flood", "more", 1), BASE_E_ARGUMENT, "self");
    nodes_release(&nodes);
}

/* A peer that has no such compartment (any more) refuses, and that is said to be its word. */
static void a_peers_refusal_is_told_as_such(void **state)
{
    struct nodes nodes;
    (void)state;
    begin(&nodes);
    fixture_sql(&nodes.fixture, THERE, "DELETE FROM compartments WHERE name='flood'");
    nodes_start(&nodes, HERE);
    nodes_start(&nodes, THERE);
    nodes_refused(&nodes, HERE, ask("reconcile", "flood"), BASE_E_NOT_FOUND, "peer");
    nodes_release(&nodes);
}

/* Contents of two days ago, which belong to nothing that ends. */
static void add_old(struct nodes *nodes, unsigned count)
{
    struct fixture *fixture = &nodes->fixture;
    int64_t now_ms = fixture->now_ms;
    fixture->now_ms -= 2 * 86400000LL;
    for (unsigned i = 0; i < count; i++) {
        static const uint8_t salt[EXCHANGE_SALT_LEN] = {9};
        struct exchange_statement statement = {.count = 0};
        struct store_content content = {.salt = base_bytes_of(salt, sizeof salt), .content = base_bytes_text("{}")};
        struct base_buffer note = BASE_BUFFER_EMPTY;
        struct crypto_hash hash;
        memset(statement.about.bytes, (int)i + 1, sizeof statement.about.bytes);
        exchange_commit(salt, content.content, &statement.content);
        fixture_say(fixture, HERE, EXCHANGE_KIND_RELEASE, &statement, &note);
        fixture_enter(fixture, HERE, "release", base_bytes_buffer(&note));
        ledger_leaf_hash(base_bytes_buffer(&note), &hash);
        memcpy(content.hash, hash.bytes, sizeof content.hash);
        assert_ok(store_content_add(nodes_store(nodes, HERE), fixture->compartment.bytes, &content));
        base_buffer_release(&note);
    }
    fixture->now_ms = now_ms;
}

/* As if the day's run had been a moment ago. */
static void has_run(struct nodes *nodes)
{
    char text[32];
    snprintf(text, sizeof text, "%lld", (long long)nodes->fixture.now_ms);
    assert_ok(store_setting_put(nodes_store(nodes, HERE), "retention-ran", base_bytes_text(text)));
}

static void what_is_over_is_listed_and_erased(void **state)
{
    struct nodes nodes;
    (void)state;
    begin(&nodes);
    add_old(&nodes, 3);
    has_run(&nodes);
    make_users(&nodes);
    nodes_start(&nodes, HERE);
    json_t *dry = with_key(json_pack("{s:s, s:b}", "do", "retention", "dry", 1), administrator);
    json_t *result = get(&nodes, HERE, dry);
    assert_int_equal(0, number(result, "erased"));
    assert_true(json_is_false(json_object_get(result, "more")));
    assert_int_equal(3, json_array_size(items));
    json_t *listed = json_incref(items), *item = json_array_get(items, 0);
    assert_string_equal("flood", json_string_value(json_object_get(item, "compartment")));
    assert_string_equal("release", json_string_value(json_object_get(item, "kind")));
    assert_int_equal(20, json_string_length(json_object_get(item, "since")));
    assert_int_equal(0, nodes_count(&nodes, HERE, "flood", "retention"));
    nodes_refused(&nodes, HERE, with_key(ask("retention", "flood"), auditor), BASE_E_ROLE, "self");
    nodes_refused(&nodes, HERE, with_key(ask("retention", NULL), auditor), BASE_E_ROLE, "self");
    nodes_refused(&nodes, HERE, with_key(ask("retention", "flood"), elsewhere), BASE_E_NOT_FOUND, "self");
    nodes_refused(&nodes, HERE, json_pack("{s:s, s:s}", "do", "retention", "dry", "yes"), BASE_E_ARGUMENT, "self");
    result = get(&nodes, HERE, with_key(ask("retention", NULL), elsewhere)); /* their compartment, and no other */
    assert_int_equal(0, number(result, "erased"));
    result = get(&nodes, HERE, with_key(ask("retention", "flood"), administrator));
    assert_int_equal(3, number(result, "erased"));
    assert_true(json_equal(listed, items));
    json_decref(listed);
    assert_int_equal(1, nodes_count(&nodes, HERE, "flood", "retention"));
    result = get(&nodes, HERE, ask("retention", NULL)); /* the owner */
    assert_int_equal(0, number(result, "erased"));
    nodes_verify(&nodes, HERE, "flood");
    nodes_release(&nodes);
}

static void a_node_erases_by_itself(void **state)
{
    struct nodes nodes;
    (void)state;
    begin(&nodes);
    add_old(&nodes, 2);
    nodes_start(&nodes, HERE);
    nodes_until(nodes_count(&nodes, HERE, "flood", "retention") == 1);
    nodes_verify(&nodes, HERE, "flood");
    nodes_release(&nodes);
}

static void sign(struct nodes *nodes, uint8_t root, struct base_buffer *out)
{
    struct node_seat seat = fixture_seat(&nodes->fixture, THERE);
    struct ledger_checkpoint checkpoint = {.size = 5, .root = {{root}}};
    struct base_buffer text = BASE_BUFFER_EMPTY;
    snprintf(checkpoint.origin, sizeof checkpoint.origin, "%s", seat.own_name);
    assert_ok(ledger_checkpoint_format(&checkpoint, &text));
    assert_ok(ledger_note_sign(base_bytes_buffer(&text), seat.own_name, &seat.secret, out));
    node_seat_release(&seat);
    base_buffer_release(&text);
}

static void evidence_is_listed_to_who_sees_the_compartment(void **state)
{
    struct nodes nodes;
    struct store_evidence evidence = {.found_ms = 1000};
    struct base_buffer first = BASE_BUFFER_EMPTY, second = BASE_BUFFER_EMPTY;
    (void)state;
    begin(&nodes);
    sign(&nodes, 1, &first);
    sign(&nodes, 2, &second);
    evidence.first = base_bytes_buffer(&first);
    evidence.second = base_bytes_buffer(&second);
    memcpy(evidence.compartment, nodes.fixture.compartment.bytes, sizeof evidence.compartment);
    assert_ok(store_evidence_add(nodes_store(&nodes, HERE), &evidence));
    make_users(&nodes);
    nodes_start(&nodes, HERE);
    json_t *result = get(&nodes, HERE, with_key(ask("evidence", NULL), auditor));
    assert_int_equal(1, number(result, "found"));
    json_t *item = json_array_get(items, 0);
    assert_string_equal("flood", json_string_value(json_object_get(item, "compartment")));
    assert_string_equal("proven", json_string_value(json_object_get(item, "verdict")));
    assert_string_equal("1970-01-01T00:00:01Z", json_string_value(json_object_get(item, "found")));
    assert_int_equal(5, number(json_object_get(item, "first"), "size"));
    assert_memory_equal("02", json_string_value(json_object_get(json_object_get(item, "second"), "root")), 2);
    assert_memory_equal("entente/conflict/v1\n", json_string_value(json_object_get(item, "file")), 20);
    assert_int_equal(1, number(get(&nodes, HERE, with_key(ask("status", NULL), auditor)), "conflicts"));
    assert_int_equal(0, number(get(&nodes, HERE, with_key(ask("evidence", NULL), elsewhere)), "found"));
    assert_int_equal(0, number(get(&nodes, HERE, with_key(ask("status", NULL), elsewhere)), "conflicts"));
    nodes_refused(&nodes, HERE, with_key(ask("evidence", "flood"), elsewhere), BASE_E_NOT_FOUND, "self");
    assert_int_equal(1, number(get(&nodes, HERE, ask("evidence", "flood")), "found"));
    nodes_refused(&nodes, HERE, json_pack("{s:s, s:i}", "do", "evidence", "compartment", 1), BASE_E_ARGUMENT, "self");
    base_buffer_release(&first);
    base_buffer_release(&second);
    nodes_release(&nodes);
}

static int tear_down(void **state)
{
    (void)state;
    json_decref(items);
    items = NULL;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_ledgers_are_compared),
        cmocka_unit_test(a_peers_refusal_is_told_as_such),
        cmocka_unit_test(what_is_over_is_listed_and_erased),
        cmocka_unit_test(a_node_erases_by_itself),
        cmocka_unit_test(evidence_is_listed_to_who_sees_the_compartment),
    };
    return cmocka_run_group_tests(tests, NULL, tear_down);
}
