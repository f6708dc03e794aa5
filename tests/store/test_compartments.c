/* SPDX-License-Identifier: Apache-2.0 */
#include "store/compartments.h"

#include "store/scratch.h"

static struct store_peer peer_of(uint8_t id, const char *name, const char *card)
{
    struct store_peer peer = {.state = id, .since_ms = 1000 + id, .card = base_bytes_text(card)};
    memset(peer.fingerprint, id, sizeof peer.fingerprint);
    snprintf(peer.name, sizeof peer.name, "%s", name);
    return peer;
}

static struct store_compartment compartment_of(uint8_t id, const char *name, const char *terms)
{
    struct store_compartment compartment = {.state = 3, .since_ms = -5, .terms = base_bytes_text(terms),
                                            .keys = base_bytes_of("k\0ys", 4)};
    memset(compartment.id, id, sizeof compartment.id);
    memset(compartment.peer, 0xee, sizeof compartment.peer);
    snprintf(compartment.name, sizeof compartment.name, "%s", name);
    return compartment;
}

static enum base_code list_peer(void *context, const struct store_peer *peer)
{
    assert_int_equal(peer->fingerprint[0], peer->state);
    assert_int_equal(peer->fingerprint[15], peer->state);
    assert_int_equal(1000 + peer->state, peer->since_ms);
    return base_buffer_format(context, "%s=%.*s ", peer->name, (int)peer->card.len, (const char *)peer->card.data);
}

static void assert_peers(struct store *store, const char *expected)
{
    struct base_buffer text = BASE_BUFFER_EMPTY;
    assert_ok(base_buffer_append(&text, base_bytes_text("|")));
    assert_ok(store_peers_each(store, list_peer, &text));
    assert_string_equal(expected, base_buffer_c_string(&text));
    base_buffer_release(&text);
}

static void peers_come_by_name_and_are_replaced_by_fingerprint(void **state)
{
    struct scratch *scratch = *state;
    struct store_peer south = peer_of(1, "south", "card 1"), east = peer_of(2, "east", "");
    assert_peers(scratch->store, "|");
    assert_ok(store_peer_put(scratch->store, &south));
    assert_ok(store_peer_put(scratch->store, &east));
    assert_peers(scratch->store, "|east= south=card 1 ");
    south = peer_of(1, "a new name", "card 2");
    assert_ok(store_peer_put(scratch->store, &south));
    assert_peers(scratch->store, "|a new name=card 2 east= ");
    assert_ok(store_peer_remove(scratch->store, east.fingerprint));
    assert_fails(BASE_E_NOT_FOUND, store_peer_remove(scratch->store, east.fingerprint));
    assert_peers(scratch->store, "|a new name=card 2 ");
}

static void two_peers_cannot_have_one_name(void **state)
{
    struct scratch *scratch = *state;
    struct store_peer first = peer_of(1, "south", "1"), second = peer_of(2, "south", "2");
    assert_ok(store_peer_put(scratch->store, &first));
    assert_fails(BASE_E_EXISTS, store_peer_put(scratch->store, &second));
    assert_peers(scratch->store, "|south=1 ");
    assert_ok(store_peer_remove(scratch->store, first.fingerprint));
    assert_ok(store_peer_put(scratch->store, &second)); /* a name is free again when its peer is gone */
}

static void a_name_of_the_longest_length_is_kept_whole(void **state)
{
    struct scratch *scratch = *state;
    char name[STORE_NAME_MAX + 1], expected[STORE_NAME_MAX + 8];
    memset(name, 'n', STORE_NAME_MAX);
    name[STORE_NAME_MAX] = '\0';
    struct store_peer peer = peer_of(1, name, "c");
    assert_ok(store_peer_put(scratch->store, &peer));
    snprintf(expected, sizeof expected, "|%s=c ", name);
    assert_peers(scratch->store, expected);
}

static enum base_code list_compartment(void *context, const struct store_compartment *compartment)
{
    assert_int_equal(0xee, compartment->peer[0]);
    assert_int_equal(3, compartment->state);
    assert_int_equal(-5, compartment->since_ms);
    assert_int_equal(4, compartment->keys.len);
    assert_memory_equal("k\0ys", compartment->keys.data, 4);
    return base_buffer_format(context, "%s:%d=%.*s ", compartment->name, compartment->id[15], (int)compartment->terms.len,
                              (const char *)compartment->terms.data);
}

static void assert_compartments(struct store *store, const char *expected)
{
    struct base_buffer text = BASE_BUFFER_EMPTY;
    assert_ok(base_buffer_append(&text, base_bytes_text("|")));
    assert_ok(store_compartments_each(store, list_compartment, &text));
    assert_string_equal(expected, base_buffer_c_string(&text));
    base_buffer_release(&text);
}

static void compartments_come_by_name_and_are_replaced_by_id(void **state)
{
    struct scratch *scratch = *state;
    struct store_compartment tracing = compartment_of(1, "tracing", "t1"), fraud = compartment_of(2, "fraud", "f1");
    assert_compartments(scratch->store, "|");
    assert_ok(store_compartment_put(scratch->store, &tracing));
    assert_ok(store_compartment_put(scratch->store, &fraud));
    tracing = compartment_of(1, "tracing", "t2");
    assert_ok(store_compartment_put(scratch->store, &tracing));
    assert_compartments(scratch->store, "|fraud:2=f1 tracing:1=t2 ");
    struct store_compartment third = compartment_of(3, "fraud", "x");
    assert_fails(BASE_E_EXISTS, store_compartment_put(scratch->store, &third));
    assert_compartments(scratch->store, "|fraud:2=f1 tracing:1=t2 ");
}

static enum base_code stop_at_peer(void *context, const struct store_peer *peer)
{
    (void)peer;
    ++*(int *)context;
    return base_fail(BASE_E_CANCELLED, "seen enough");
}

static enum base_code stop_at_compartment(void *context, const struct store_compartment *compartment)
{
    (void)compartment;
    ++*(int *)context;
    return base_fail(BASE_E_CANCELLED, "seen enough");
}

static void a_visitors_error_ends_the_walk(void **state)
{
    struct scratch *scratch = *state;
    int seen = 0;
    for (uint8_t i = 1; i <= 3; i++) {
        char name[8];
        snprintf(name, sizeof name, "n%d", i);
        struct store_peer peer = peer_of(i, name, "c");
        struct store_compartment compartment = compartment_of(i, name, "t");
        assert_ok(store_peer_put(scratch->store, &peer));
        assert_ok(store_compartment_put(scratch->store, &compartment));
    }
    assert_fails(BASE_E_CANCELLED, store_peers_each(scratch->store, stop_at_peer, &seen));
    assert_fails(BASE_E_CANCELLED, store_compartments_each(scratch->store, stop_at_compartment, &seen));
    assert_int_equal(2, seen);
    assert_false(store_is_in_transaction(scratch->store));
}

struct nested {
    struct store *store;
    int seen;
};

/* Reads the peers again, and writes compartments, from within a walk over the peers. */
static enum base_code read_and_write_inside(void *context, const struct store_peer *peer)
{
    struct nested *nested = context;
    struct base_buffer text = BASE_BUFFER_EMPTY;
    struct store_compartment compartment = compartment_of(peer->fingerprint[0], peer->name, "t");
    BASE_TRY(store_compartment_put(nested->store, &compartment));
    BASE_TRY(store_peers_each(nested->store, list_peer, &text));
    assert_string_equal("a=1 b=2 ", base_buffer_c_string(&text));
    base_buffer_release(&text);
    nested->seen++;
    return BASE_OK;
}

static void a_visitor_may_walk_again_and_write_other_rows(void **state)
{
    struct scratch *scratch = *state;
    struct nested nested = {scratch->store, 0};
    struct store_peer a = peer_of(1, "a", "1"), b = peer_of(2, "b", "2");
    assert_ok(store_peer_put(scratch->store, &a));
    assert_ok(store_peer_put(scratch->store, &b));
    assert_ok(store_peers_each(scratch->store, read_and_write_inside, &nested));
    assert_int_equal(2, nested.seen);
    assert_compartments(scratch->store, "|a:1=t b:2=t ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(peers_come_by_name_and_are_replaced_by_fingerprint),
        SCRATCH_TEST(two_peers_cannot_have_one_name),
        SCRATCH_TEST(a_name_of_the_longest_length_is_kept_whole),
        SCRATCH_TEST(compartments_come_by_name_and_are_replaced_by_id),
        SCRATCH_TEST(a_visitors_error_ends_the_walk),
        SCRATCH_TEST(a_visitor_may_walk_again_and_write_other_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
