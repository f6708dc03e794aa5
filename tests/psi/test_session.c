/* SPDX-License-Identifier: Apache-2.0 */
#include "pair.h"

static bool holds(const struct pair_set *set, const struct crypto_hash *token)
{
    return bsearch(token, set->tokens, set->count, sizeof *token, pair_compare) != NULL;
}

/* The hits of a role are exactly the own tokens that the other set holds, ascending. */
static void assert_intersection(struct pair *pair, enum psi_role role)
{
    const struct psi_hit *hits;
    size_t count, at = 0;
    assert_int_equal(PSI_DONE, psi_session_state(pair->sessions[role]));
    assert_ok(psi_session_hits(pair->sessions[role], &hits, &count));
    for (size_t i = 0; i < pair->sets[role].count; i++) {
        if (!holds(&pair->sets[!role], &pair->sets[role].tokens[i]))
            continue;
        assert_true(at < count);
        assert_int_equal(i, hits[at++].own_index);
    }
    assert_int_equal(count, at);
}

static void assert_same_references(struct pair *pair)
{
    const struct psi_hit *left, *right;
    size_t left_count, right_count;
    struct crypto_hash transcripts[2];
    assert_ok(psi_session_hits(pair->sessions[PSI_RECEIVER], &left, &left_count));
    assert_ok(psi_session_hits(pair->sessions[PSI_SENDER], &right, &right_count));
    assert_int_equal(left_count, right_count);
    for (size_t i = 0; i < left_count; i++) /* both ascend by token, so hit i is the same token */
        assert_memory_equal(left[i].reference, right[i].reference, sizeof left[i].reference);
    for (size_t i = 1; i < left_count; i++)
        assert_memory_not_equal(left[0].reference, left[i].reference, sizeof left[i].reference);
    assert_ok(psi_session_transcript(pair->sessions[PSI_RECEIVER], &transcripts[0]));
    assert_ok(psi_session_transcript(pair->sessions[PSI_SENDER], &transcripts[1]));
    assert_true(crypto_hash_equal(&transcripts[0], &transcripts[1]));
}

static void run_sizes(uint8_t world, size_t receiver, size_t sender, size_t common, unsigned threads)
{
    struct pair pair;
    pair_open(&pair, pair_set_of(world, 1, receiver, common), pair_set_of(world, 2, sender, common), world, threads);
    if (!pair_run(&pair))
        fail_msg("%zu with %zu: %s: %s", receiver, sender, base_code_word(pair.code), base_detail());
    assert_intersection(&pair, PSI_RECEIVER);
    assert_intersection(&pair, PSI_SENDER);
    assert_same_references(&pair);
    pair_close(&pair);
}

static void test_small(void **state)
{
    (void)state;
    uint64_t seed = 42;
    struct base_random random = base_random_repeatable(&seed);
    for (unsigned round = 0; round < 300; round++) {
        uint8_t bytes[4];
        assert_ok(base_random_fill(&random, bytes, sizeof bytes));
        size_t receiver = bytes[0] % 12, sender = bytes[1] % 12, least = receiver < sender ? receiver : sender;
        run_sizes((uint8_t)round, receiver, sender, bytes[2] % (least + 1), 1 + bytes[3] % 3);
    }
}

static void test_edges(void **state)
{
    (void)state;
    static const size_t cases[][3] = {{0, 0, 0},   {0, 1, 0},   {1, 0, 0},    {1, 1, 0},       {1, 1, 1},      {0, 50, 0},
                                      {50, 0, 0},  {5, 5, 5},   {1, 300, 1},  {300, 1, 1},     {300, 2, 0},    {5, 8, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        run_sizes((uint8_t)i, cases[i][0], cases[i][1], cases[i][2], 8); /* more threads than items */
}

static void test_batch_borders(void **state)
{
    (void)state;
    run_sizes(1, PSI_POINT_BATCH, 3, 3, 2);
    run_sizes(2, PSI_POINT_BATCH + 1, 1, 1, 2);
    run_sizes(3, 3 * PSI_POINT_BATCH, 7, 0, 2); /* more batches than the window */
    run_sizes(4, 1, PSI_MASK_BATCH, 1, 2);
    run_sizes(5, 2, PSI_MASK_BATCH + 1, 2, 2);
}

static void test_returns_in_two_messages(void **state)
{
    (void)state;
    run_sizes(9, PSI_RETURN_BATCH + 1, PSI_RETURN_BATCH + 1, PSI_RETURN_BATCH + 1, 2);
}

static void copy_hits(struct pair *pair, struct psi_hit *out, size_t count)
{
    const struct psi_hit *hits;
    size_t got;
    assert_ok(psi_session_hits(pair->sessions[PSI_RECEIVER], &hits, &got));
    assert_int_equal(count, got);
    memcpy(out, hits, count * sizeof *hits);
}

static void test_threads_agree(void **state)
{
    (void)state;
    struct psi_hit hits[4][30];
    struct crypto_hash transcripts[4];
    for (unsigned threads = 0; threads < 4; threads++) {
        struct pair pair;
        pair_open(&pair, pair_set_of(3, 1, 200, 30), pair_set_of(3, 2, 400, 30), 3, threads);
        assert_true(pair_run(&pair));
        copy_hits(&pair, hits[threads], 30);
        assert_ok(psi_session_transcript(pair.sessions[PSI_RECEIVER], &transcripts[threads]));
        pair_close(&pair);
        assert_memory_equal(hits[0], hits[threads], sizeof hits[0]);
        assert_true(crypto_hash_equal(&transcripts[0], &transcripts[threads]));
    }
}

static void test_other_session_other_references(void **state)
{
    (void)state;
    struct psi_hit hits[2][3];
    for (uint8_t context = 0; context < 2; context++) {
        struct pair pair;
        pair_open(&pair, pair_set_of(3, 1, 3, 3), pair_set_of(3, 2, 3, 3), context, 1);
        assert_true(pair_run(&pair));
        copy_hits(&pair, hits[context], 3);
        pair_close(&pair);
    }
    for (size_t i = 0; i < 3; i++)
        assert_memory_not_equal(hits[0][i].reference, hits[1][i].reference, 16);
}

/* Same sizes and same number of hits, other sets: the same messages and lengths both ways. */
static void test_wire_shows_sizes_only(void **state)
{
    (void)state;
    size_t counts[3][2], bytes[3][2];
    static const size_t common[3] = {4, 4, 20};
    for (uint8_t i = 0; i < 3; i++) {
        struct pair pair;
        pair_open(&pair, pair_set_of(i, 1, 40, common[i]), pair_set_of(i, 2, 90, common[i]), i, 1);
        assert_true(pair_run(&pair));
        memcpy(counts[i], pair.counts, sizeof counts[i]);
        memcpy(bytes[i], pair.bytes, sizeof bytes[i]);
        pair_close(&pair);
    }
    assert_memory_equal(counts[0], counts[1], sizeof counts[0]);
    assert_memory_equal(bytes[0], bytes[1], sizeof bytes[0]);
    assert_memory_equal(counts[0], counts[2], sizeof counts[0]);
    assert_int_equal(bytes[0][PSI_SENDER], bytes[2][PSI_SENDER]);
    assert_int_equal(bytes[0][PSI_RECEIVER] + (20 - 4) * PSI_RETURN_LEN, bytes[2][PSI_RECEIVER]);
}

static void keep_masks(struct pair *pair, enum psi_role from, void *context)
{
    if (from == PSI_SENDER && pair->message.data[1] == PSI_KIND_MASKS)
        memcpy(context, pair->message.data + PSI_HEADER_LEN + 4, pair->message.len - PSI_HEADER_LEN - 4);
}

/* The first mask belongs to no token in particular: over many sessions the one common token is everywhere. */
static void test_masks_are_in_no_order_of_the_set(void **state)
{
    (void)state;
    uint8_t masks[40][8][PSI_MASK_LEN];
    for (uint8_t i = 0; i < 40; i++) {
        struct pair pair;
        pair_open(&pair, pair_set_of(1, 1, 1, 1), pair_set_of(1, 2, 8, 1), i, 1);
        pair.on_message = keep_masks;
        pair.context = masks[i];
        assert_true(pair_run(&pair));
        pair_close(&pair);
        for (size_t k = 1; k < 8; k++)
            assert_true(memcmp(masks[i][k - 1], masks[i][k], PSI_MASK_LEN) < 0);
        if (i > 0)
            assert_memory_not_equal(masks[0], masks[i], sizeof masks[0]);
    }
}

static void test_new_refuses(void **state)
{
    (void)state;
    struct pair pair = {.sets = {pair_set_of(1, 1, 5, 0), pair_set_of(1, 2, 5, 0)}, .seeds = {1, 2}};
    struct psi_session *session;
    struct psi_config config = pair_config(&pair, PSI_SENDER, 1, 1);
    struct crypto_hash kept = pair.sets[PSI_SENDER].tokens[1];
    pair.sets[PSI_SENDER].tokens[1] = pair.sets[PSI_SENDER].tokens[2];
    assert_fails(BASE_E_ARGUMENT, psi_session_new(&config, &session));
    assert_null(session);
    pair.sets[PSI_SENDER].tokens[2] = kept;
    assert_fails(BASE_E_ARGUMENT, psi_session_new(&config, &session));
    config = pair_config(&pair, PSI_RECEIVER, 1, 1);
    config.peer_count = PSI_SET_MAX + 1;
    assert_fails(BASE_E_LIMIT, psi_session_new(&config, &session));
    config = pair_config(&pair, PSI_RECEIVER, 1, 1);
    config.own_count = PSI_SET_MAX + 1; /* refused before the tokens are looked at */
    assert_fails(BASE_E_LIMIT, psi_session_new(&config, &session));
    config = pair_config(&pair, PSI_RECEIVER, 1, 1);
    config.role = (enum psi_role)2;
    assert_fails(BASE_E_ARGUMENT, psi_session_new(&config, &session));
    pair_close(&pair);
    psi_session_free(NULL);
}

static enum base_code no_random(void *context, uint8_t *out, size_t len)
{
    (void)context;
    memset(out, 0, len);
    return base_fail(BASE_E_IO, "no randomness");
}

static void test_new_without_randomness(void **state)
{
    (void)state;
    struct pair pair = {.sets = {pair_set_of(1, 1, 5, 0), pair_set_of(1, 2, 5, 0)}};
    struct psi_session *session;
    struct psi_config config = pair_config(&pair, PSI_SENDER, 1, 1);
    config.random = (struct base_random){no_random, NULL};
    assert_fails(BASE_E_IO, psi_session_new(&config, &session));
    assert_null(session);
    pair_close(&pair);
}

struct progress_seen {
    uint64_t last[2];
};

static void check_progress(struct pair *pair, enum psi_role from, void *context)
{
    (void)from;
    struct progress_seen *seen = context;
    const struct psi_hit *hits;
    size_t count;
    struct crypto_hash transcript;
    for (int role = 0; role < 2; role++) {
        uint64_t done, total;
        psi_session_progress(pair->sessions[role], &done, &total);
        assert_true(done >= seen->last[role] && done <= total);
        seen->last[role] = done;
    }
    /* Nothing before the end: the receiver is never done while a message is under way. */
    assert_fails(BASE_E_STATE, psi_session_hits(pair->sessions[PSI_RECEIVER], &hits, &count));
    assert_fails(BASE_E_STATE, psi_session_transcript(pair->sessions[PSI_RECEIVER], &transcript));
}

static void test_progress(void **state)
{
    (void)state;
    struct progress_seen seen = {{0, 0}};
    struct pair pair;
    pair_open(&pair, pair_set_of(1, 1, 1500, 5), pair_set_of(1, 2, 70, 5), 1, 2);
    pair.on_message = check_progress;
    pair.context = &seen;
    assert_true(pair_run(&pair));
    for (int role = 0; role < 2; role++) {
        uint64_t done, total;
        psi_session_progress(pair.sessions[role], &done, &total);
        assert_int_equal(total, done);
    }
    pair_close(&pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small),
        cmocka_unit_test(test_edges),
        cmocka_unit_test(test_batch_borders),
        cmocka_unit_test(test_returns_in_two_messages),
        cmocka_unit_test(test_threads_agree),
        cmocka_unit_test(test_other_session_other_references),
        cmocka_unit_test(test_wire_shows_sizes_only),
        cmocka_unit_test(test_masks_are_in_no_order_of_the_set),
        cmocka_unit_test(test_new_refuses),
        cmocka_unit_test(test_new_without_randomness),
        cmocka_unit_test(test_progress),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
