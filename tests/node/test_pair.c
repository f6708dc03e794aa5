/* SPDX-License-Identifier: Apache-2.0
 *
 * Two whole nodes, two processes, one loopback: from the proposal to the close, over-asking, a node that is down, and a node
 * that is killed in the middle.
 */
#include "nodes.h"

static const struct nodes_person here_list[] = {
    {"Arno Velthuisen", 1971, 3, 14}, {"Mirela Kostrova", 1984, 11, 2}, {"Tamerlan Tsarnaev", 1986, 10, 21}, {"Odo Brandwyk", 1960, 1, 30},
};
static const struct nodes_person there_list[] = {
    {"Царнаев Тамерлан", 1986, 10, 21}, {"Mirela Kostrova", 1984, 11, 2}, {"Ysolde Marchetti", 1992, 7, 7},
};

enum { HITS_RECORDS = 2 };

static json_t *proposal(const char *name, int per_day)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:i, s:i, s:i, s:s}", "do", "propose", "peer", "harbour", "name", name, "purpose",
                     "persons missing after the flood", "max_list", 100, "max_keys", 10000, "matches_per_day", per_day, "starters",
                     "both");
}

static void begin(struct nodes *nodes)
{
    nodes_init(nodes);
    nodes_records(nodes, HERE, here_list, sizeof here_list / sizeof *here_list);
    nodes_records(nodes, THERE, there_list, sizeof there_list / sizeof *there_list);
    nodes_start(nodes, HERE);
    nodes_start(nodes, THERE);
}

/* Proposes and accepts; *id gets the first digits by which both sides find it. */
static void agree(struct nodes *nodes, const char *name, int per_day, char id[33])
{
    json_t *result = nodes_ask(nodes, HERE, proposal(name, per_day));
    assert_true(json_is_true(json_object_get(result, "delivered")));
    snprintf(id, 33, "%s", json_string_value(json_object_get(result, "compartment")));
    assert_int_equal(EXCHANGE_OFFERED, nodes_compartment(nodes, THERE, id).state);
    result = nodes_ask(nodes, THERE, nodes_about("accept", id));
    assert_string_equal("active", json_string_value(json_object_get(result, "state")));
    assert_int_equal(EXCHANGE_ACTIVE, nodes_compartment(nodes, HERE, id).state);
    assert_int_equal(EXCHANGE_ACTIVE, nodes_compartment(nodes, THERE, id).state);
}

static enum base_code count_hit(void *context, const struct store_hit *hit)
{
    assert_true(hit->reason[0] != 0 && hit->rule[0] != 0); /* each says what it stands for */
    ++*(unsigned *)context;
    return BASE_OK;
}

static enum base_code count_hits(void *context, const struct store_match *match)
{
    struct nodes *nodes = ((void **)context)[0];
    unsigned side = *(unsigned *)((void **)context)[1];
    return store_hits_each(nodes_store(nodes, side), match->session, count_hit, ((void **)context)[2]);
}

static unsigned hits_of(struct nodes *nodes, unsigned side)
{
    unsigned hits = 0;
    void *context[] = {nodes, &side, &hits};
    assert_ok(store_matches_each(nodes_store(nodes, side), NULL, count_hits, context));
    return hits;
}

static bool is_settled(struct nodes *nodes, const char *id)
{
    for (unsigned side = 0; side < 2; side++) {
        struct node_compartment compartment = nodes_compartment(nodes, side, id);
        struct node_ledger_facts facts;
        assert_ok(node_ledger_facts(nodes_store(nodes, side), &compartment, &facts));
        if (facts.waiting > 0 || facts.cosigned != facts.entries)
            return false;
    }
    return true;
}

/* Offers, acceptances, matches and receipts are what both have; either side finds so. */
static void assert_reconciled(struct nodes *nodes, unsigned side, const char *id, json_int_t statements)
{
    json_t *result = nodes_ask(nodes, side, nodes_about("reconcile", id)), *counts = json_object_get(result, "counts"), *count;
    const char *sort;
    assert_int_equal(statements, json_integer_value(json_object_get(result, "own")));
    assert_int_equal(statements, json_integer_value(json_object_get(result, "theirs")));
    assert_int_equal(4, json_object_size(counts));
    json_object_foreach(counts, sort, count)
        assert_int_equal(0, json_integer_value(count));
}

static void test_match(void **state)
{
    struct nodes nodes;
    char id[33], other[33];
    (void)state;
    begin(&nodes);
    agree(&nodes, "flood", 2, id);
    agree(&nodes, "fire", 2, other);
    nodes_refused(&nodes, THERE, nodes_about("accept", id), BASE_E_STATE, "self");
    for (unsigned turn = 0; turn < 2; turn++) { /* either side may start */
        json_t *result = nodes_ask(&nodes, turn, nodes_about("match", id));
        assert_int_equal(HITS_RECORDS, json_integer_value(json_object_get(result, "records")));
        assert_true(json_integer_value(json_object_get(result, "hits")) >= HITS_RECORDS);
        assert_true(json_is_true(json_object_get(result, "cosigned")));
    }
    assert_true(hits_of(&nodes, HERE) > 0 && hits_of(&nodes, THERE) > 0);
    /* One more than the terms allow: the other node says so, and both books hold it. */
    nodes_refused(&nodes, HERE, nodes_about("match", id), BASE_E_OVER_BUDGET, "peer");
    nodes_until(nodes_count(&nodes, HERE, id, "refusal") == 1 && is_settled(&nodes, id));
    for (unsigned side = 0; side < 2; side++) {
        assert_int_equal(1, nodes_count(&nodes, side, id, "refusal"));
        assert_int_equal(3, nodes_count(&nodes, side, id, "match-offer"));
        assert_int_equal(2, nodes_count(&nodes, side, id, "match-accept"));
        assert_int_equal(2, nodes_count(&nodes, side, id, "match"));
        struct node_ledger_facts facts = nodes_verify(&nodes, side, id);
        assert_int_equal(0, facts.waiting);
        facts = nodes_verify(&nodes, side, other); /* untouched */
        assert_int_equal(1, facts.entries);
        assert_reconciled(&nodes, side, id, 11); /* with receipts of two matches and of the refusal; an offer is not receipted */
        assert_reconciled(&nodes, side, other, 0);
    }
    json_t *result = nodes_ask(&nodes, HERE, nodes_about("match", other));
    assert_int_equal(HITS_RECORDS, json_integer_value(json_object_get(result, "records")));
    nodes_release(&nodes);
}

static void test_suspend(void **state)
{
    struct nodes nodes;
    char id[33], other[33];
    (void)state;
    begin(&nodes);
    agree(&nodes, "flood", 5, id);
    agree(&nodes, "fire", 5, other);
    json_t *result = nodes_ask(&nodes, HERE, json_pack("{s:s, s:s, s:s}", "do", "suspend", "compartment", id, "reason", "audit"));
    assert_true(json_is_true(json_object_get(result, "delivered")));
    assert_int_equal(EXCHANGE_SUSPENDED, nodes_compartment(&nodes, THERE, id).state);
    assert_int_equal(EXCHANGE_ACTIVE, nodes_compartment(&nodes, THERE, id).own_state);
    nodes_refused(&nodes, HERE, nodes_about("match", id), BASE_E_SUSPENDED, "self");
    nodes_refused(&nodes, THERE, nodes_about("match", id), BASE_E_SUSPENDED, "self");
    nodes_refused(&nodes, THERE, nodes_about("resume", id), BASE_E_STATE, "self"); /* not its suspension */
    nodes_ask(&nodes, THERE, nodes_about("match", other));
    nodes_ask(&nodes, HERE, nodes_about("resume", id));
    assert_int_equal(EXCHANGE_ACTIVE, nodes_compartment(&nodes, THERE, id).state);
    nodes_ask(&nodes, THERE, nodes_about("match", id));
    nodes_ask(&nodes, THERE, nodes_about("close", id));
    assert_int_equal(EXCHANGE_CLOSED, nodes_compartment(&nodes, HERE, id).state);
    nodes_refused(&nodes, HERE, nodes_about("match", id), BASE_E_SUSPENDED, "self");
    nodes_ask(&nodes, HERE, nodes_about("cosign", id));
    nodes_until(is_settled(&nodes, id) && is_settled(&nodes, other));
    for (unsigned side = 0; side < 2; side++) {
        nodes_verify(&nodes, side, id);
        nodes_verify(&nodes, side, other);
        assert_int_equal(3, nodes_count(&nodes, side, id, "state"));
        assert_int_equal(0, nodes_count(&nodes, side, other, "state"));
    }
    nodes_release(&nodes);
}

/* What is said while the other is down waits, in order, and goes out once it is back. */
static void test_down(void **state)
{
    struct nodes nodes;
    char id[33];
    (void)state;
    begin(&nodes);
    agree(&nodes, "flood", 5, id);
    nodes_stop(&nodes, THERE, SIGTERM);
    json_t *result = nodes_ask(&nodes, HERE, nodes_about("suspend", id));
    assert_true(json_is_false(json_object_get(result, "delivered")));
    result = nodes_ask(&nodes, HERE, nodes_about("resume", id));
    assert_true(json_is_false(json_object_get(result, "delivered")));
    result = nodes_ask(&nodes, HERE, proposal("later", 1));
    assert_true(json_is_false(json_object_get(result, "delivered")));
    char later[33];
    snprintf(later, sizeof later, "%s", json_string_value(json_object_get(result, "compartment")));
    assert_ok(nodes_try(&nodes, HERE, nodes_about("match", id)));
    assert_non_null(json_object_get(nodes.reply, "error"));
    nodes_start(&nodes, THERE);
    nodes_until(is_settled(&nodes, id));
    assert_int_equal(2, nodes_count(&nodes, THERE, id, "state"));
    assert_int_equal(EXCHANGE_ACTIVE, nodes_compartment(&nodes, THERE, id).state);
    struct node_compartment offered;
    nodes_until(node_compartment_find(nodes_store(&nodes, THERE), later, &offered) == BASE_OK);
    nodes_ask(&nodes, THERE, nodes_about("accept", later));
    nodes_ask(&nodes, THERE, nodes_about("match", id));
    for (unsigned side = 0; side < 2; side++)
        nodes_verify(&nodes, side, id);
    nodes_release(&nodes);
}

/* Asks in a process of its own, so that a node can die under the question. */
static pid_t ask_apart(struct nodes *nodes, unsigned side, const char *id)
{
    fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        char path[108];
        json_t *request = nodes_about("match", id);
        if (node_socket_path(nodes->fixture.sides[side].home, path) == BASE_OK)
            (void)!node_control_call(path, request, nodes_keep_reply, nodes);
        _exit(0);
    }
    return pid;
}

/* SIGKILL at moments spread over a match, of either side in turn. */
static void test_killed(void **state)
{
    enum { ROUNDS = 8 };
    struct nodes nodes;
    char id[33];
    unsigned seed = 20261124;
    (void)state;
    begin(&nodes);
    agree(&nodes, "flood", 100, id);
    for (unsigned round = 0; round < ROUNDS; round++) {
        unsigned victim = round % 2;
        pid_t asking = ask_apart(&nodes, round / 2 % 2, id);
        seed = seed * 1103515245 + 12345;
        nodes_sleep(round * 12 + seed / 65536 % 12);
        nodes_stop(&nodes, victim, SIGKILL);
        nodes_start(&nodes, victim);
        int status;
        assert_int_equal(asking, waitpid(asking, &status, 0));
        for (unsigned side = 0; side < 2; side++)
            nodes_verify(&nodes, side, id);
    }
    json_t *result = nodes_ask(&nodes, HERE, nodes_about("match", id));
    assert_int_equal(HITS_RECORDS, json_integer_value(json_object_get(result, "records")));
    nodes_until(is_settled(&nodes, id));
    for (unsigned side = 0; side < 2; side++) {
        struct node_ledger_facts facts = nodes_verify(&nodes, side, id);
        assert_int_equal(0, facts.waiting);
    }
    nodes_release(&nodes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_match), cmocka_unit_test(test_suspend), cmocka_unit_test(test_down), cmocka_unit_test(test_killed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
