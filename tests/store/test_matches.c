/* SPDX-License-Identifier: Apache-2.0 */
#include "store/matches.h"

#include "store/records.h"
#include "store/scratch.h"

static const uint8_t here[STORE_ID_LEN] = "a compartment..";
static const uint8_t elsewhere[STORE_ID_LEN] = "another one....";
static const uint8_t file_hash[32] = {7};

static struct store_match match_of(uint8_t id, const uint8_t compartment[STORE_ID_LEN], int64_t finished_ms)
{
    struct store_match match = {.is_starter = id % 2 == 1, .is_receiver = id % 2 == 0, .own_count = id, .peer_count = 1ull << 40,
                                .hit_count = 3, .bytes_sent = 4, .bytes_received = 5, .started_ms = finished_ms - 1,
                                .finished_ms = finished_ms, .opening = base_bytes_text("sealed"),
                                .tokens = base_bytes_of("tok\0ens", 7)};
    memset(match.session, id, sizeof match.session);
    memcpy(match.compartment, compartment, sizeof match.compartment);
    memset(match.statement, id ^ 0xff, sizeof match.statement);
    return match;
}

static enum base_code list_match(void *context, const struct store_match *match)
{
    uint8_t id = match->session[0];
    struct store_match expected = match_of(id, match->compartment, match->finished_ms);
    assert_memory_equal(expected.session, match->session, sizeof match->session);
    assert_memory_equal(expected.statement, match->statement, sizeof match->statement);
    assert_int_equal(expected.is_starter, match->is_starter);
    assert_int_equal(expected.is_receiver, match->is_receiver);
    assert_true(expected.own_count == match->own_count && expected.peer_count == match->peer_count);
    assert_true(expected.hit_count == match->hit_count && expected.started_ms == match->started_ms);
    assert_true(expected.bytes_sent == match->bytes_sent && expected.bytes_received == match->bytes_received);
    assert_bytes("sealed", match->opening);
    assert_int_equal(7, match->tokens.len);
    assert_memory_equal("tok\0ens", match->tokens.data, 7);
    return base_buffer_format(context, "%d ", id);
}

static void assert_matches(struct store *store, const uint8_t *compartment, const char *expected)
{
    struct base_buffer text = BASE_BUFFER_EMPTY;
    assert_ok(base_buffer_append(&text, base_bytes_text("|")));
    assert_ok(store_matches_each(store, compartment, list_match, &text));
    assert_string_equal(expected, base_buffer_c_string(&text));
    base_buffer_release(&text);
}

static void matches_come_newest_first(void **state)
{
    struct scratch *scratch = *state;
    struct store_match first = match_of(1, here, 100), second = match_of(2, elsewhere, 300), third = match_of(3, here, 200);
    assert_matches(scratch->store, NULL, "|");
    assert_ok(store_match_put(scratch->store, &first));
    assert_ok(store_match_put(scratch->store, &second));
    assert_ok(store_match_put(scratch->store, &third));
    assert_matches(scratch->store, NULL, "|2 3 1 ");
    assert_matches(scratch->store, here, "|3 1 ");
    assert_matches(scratch->store, elsewhere, "|2 ");
    first.finished_ms = 999;
    assert_fails(BASE_E_EXISTS, store_match_put(scratch->store, &first));
    assert_matches(scratch->store, here, "|3 1 ");
}

/* Puts `count` records, with the ids 1 to count, into a fresh store. */
static void put_records(struct store *store, int count)
{
    struct store_import_counts counts;
    char key[8];
    assert_ok(store_import_begin(store, "list", "csv"));
    for (int i = 1; i <= count; i++) {
        snprintf(key, sizeof key, "k%d", i);
        assert_ok(store_import_put(store, base_bytes_text(key), base_bytes_text("{}"), 1));
    }
    assert_ok(store_import_finish(store, "", file_hash, 1, &counts));
}

static struct store_hit hit_of(uint8_t session, int64_t record, uint8_t reference, const char *reason)
{
    struct store_hit hit = {.record = record, .rule = "name-date", .grade = "strong", .reference = {reference}, .reason = reason};
    memset(hit.session, session, sizeof hit.session);
    return hit;
}

static enum base_code list_hit(void *context, const struct store_hit *hit)
{
    assert_string_equal("name-date", hit->rule);
    assert_string_equal("strong", hit->grade);
    assert_int_equal(hit->session[0], hit->session[15]);
    return base_buffer_format(context, "%d/%d=%s ", (int)hit->record, hit->reference[0], hit->reason);
}

static void assert_hits(struct store *store, uint8_t session, const char *expected)
{
    struct base_buffer text = BASE_BUFFER_EMPTY;
    uint8_t id[STORE_ID_LEN];
    memset(id, session, sizeof id);
    assert_ok(base_buffer_append(&text, base_bytes_text("|")));
    assert_ok(store_hits_each(store, id, list_hit, &text));
    assert_string_equal(expected, base_buffer_c_string(&text));
    base_buffer_release(&text);
}

static void put_hit(struct store *store, uint8_t session, int64_t record, uint8_t reference, const char *reason)
{
    struct store_hit hit = hit_of(session, record, reference, reason);
    assert_ok(store_hit_put(store, &hit));
}

static void hits_come_by_record_and_reference(void **state)
{
    struct scratch *scratch = *state;
    struct store_match one = match_of(1, here, 100), two = match_of(2, here, 200);
    put_records(scratch->store, 2);
    assert_ok(store_match_put(scratch->store, &one));
    assert_ok(store_match_put(scratch->store, &two));
    put_hit(scratch->store, 1, 2, 1, "d");
    put_hit(scratch->store, 1, 1, 9, "b");
    put_hit(scratch->store, 1, 1, 8, "");
    put_hit(scratch->store, 2, 1, 8, "other");
    put_hit(scratch->store, 1, 1, 9, "b"); /* the same hit again is the same hit */
    assert_hits(scratch->store, 1, "|1/8= 1/9=b 2/1=d ");
    assert_hits(scratch->store, 2, "|1/8=other ");
    assert_hits(scratch->store, 3, "|");
}

static void a_hit_belongs_to_a_match_and_a_record(void **state)
{
    struct scratch *scratch = *state;
    struct store_match match = match_of(1, here, 100);
    struct store_hit no_match = hit_of(2, 1, 1, "r"), no_record = hit_of(1, 77, 1, "r");
    put_records(scratch->store, 1);
    assert_ok(store_match_put(scratch->store, &match));
    assert_fails(BASE_E_DATABASE, store_hit_put(scratch->store, &no_match));
    assert_fails(BASE_E_DATABASE, store_hit_put(scratch->store, &no_record));
    assert_hits(scratch->store, 1, "|");
    assert_ok(store_check(scratch->store));
}

static void a_match_that_is_rolled_back_leaves_no_hit(void **state)
{
    struct scratch *scratch = *state;
    struct store_match match = match_of(1, here, 100);
    put_records(scratch->store, 1);
    assert_ok(store_begin(scratch->store));
    assert_ok(store_match_put(scratch->store, &match));
    put_hit(scratch->store, 1, 1, 1, "r");
    store_rollback(scratch->store);
    assert_matches(scratch->store, NULL, "|");
    assert_hits(scratch->store, 1, "|");
}

static enum base_code stop_at_match(void *context, const struct store_match *match)
{
    (void)match;
    ++*(int *)context;
    return base_fail(BASE_E_CANCELLED, "seen enough");
}

static enum base_code stop_at_hit(void *context, const struct store_hit *hit)
{
    (void)hit;
    ++*(int *)context;
    return base_fail(BASE_E_CANCELLED, "seen enough");
}

static void a_visitors_error_ends_the_walk(void **state)
{
    struct scratch *scratch = *state;
    struct store_match one = match_of(1, here, 100), two = match_of(2, here, 200);
    int seen = 0;
    put_records(scratch->store, 2);
    assert_ok(store_match_put(scratch->store, &one));
    assert_ok(store_match_put(scratch->store, &two));
    put_hit(scratch->store, 1, 1, 1, "r");
    put_hit(scratch->store, 1, 2, 2, "r");
    assert_fails(BASE_E_CANCELLED, store_matches_each(scratch->store, NULL, stop_at_match, &seen));
    assert_fails(BASE_E_CANCELLED, store_hits_each(scratch->store, one.session, stop_at_hit, &seen));
    assert_int_equal(2, seen);
}

static void a_nonce_is_claimed_once_in_each_compartment(void **state)
{
    struct scratch *scratch = *state;
    const uint8_t nonce[32] = {1}, other[32] = {2};
    assert_ok(store_nonce_claim(scratch->store, here, nonce, 10));
    assert_fails(BASE_E_REPLAY, store_nonce_claim(scratch->store, here, nonce, 20));
    assert_ok(store_nonce_claim(scratch->store, here, other, 20));
    assert_ok(store_nonce_claim(scratch->store, elsewhere, nonce, 20));
    assert_ok(store_begin(scratch->store));
    const uint8_t third[32] = {3};
    assert_ok(store_nonce_claim(scratch->store, here, third, 30));
    store_rollback(scratch->store);
    assert_ok(store_nonce_claim(scratch->store, here, third, 30)); /* what was rolled back was never claimed */
    store_close(scratch->store);
    scratch->store = NULL;
    assert_ok(store_open(scratch->path, STORE_OPEN, &scratch->store));
    assert_fails(BASE_E_REPLAY, store_nonce_claim(scratch->store, here, nonce, 40)); /* also after a restart */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(matches_come_newest_first),
        SCRATCH_TEST(hits_come_by_record_and_reference),
        SCRATCH_TEST(a_hit_belongs_to_a_match_and_a_record),
        SCRATCH_TEST(a_match_that_is_rolled_back_leaves_no_hit),
        SCRATCH_TEST(a_visitors_error_ends_the_walk),
        SCRATCH_TEST(a_nonce_is_claimed_once_in_each_compartment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
