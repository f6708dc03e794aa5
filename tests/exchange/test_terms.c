/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/terms.h"

#include "exchange/sample.h"

static void proposals_and_filled_terms_come_back(void **state)
{
    (void)state;
    struct exchange_terms terms, again;
    struct crypto_hash a, b;
    struct base_buffer text = BASE_BUFFER_EMPTY;
    sample_terms(&terms);
    for (int filled = 0; filled < 2; filled++) {
        if (filled)
            sample_key(4, &terms.sides[EXCHANGE_ACCEPTER].key);
        base_buffer_clear(&text);
        assert_ok(exchange_terms_format(&terms, &text));
        assert_ok(exchange_terms_parse(base_bytes_buffer(&text), &again));
        assert_int_equal(filled, exchange_terms_is_filled(&again));
        assert_ok(exchange_terms_hash(&terms, &a));
        assert_ok(exchange_terms_hash(&again, &b));
        assert_true(crypto_hash_equal(&a, &b));
    }
    base_buffer_release(&text);
}

static void terms_are_read_to_the_letter(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to;
        enum base_code code;
    } cases[] = {
        {"entente/terms/v2", "entente/terms/v1", BASE_E_VERSION},
        {"compartment: c0", "compartment: C0", BASE_E_FORMAT},
        {"compartment: c0", "compartment: ", BASE_E_FORMAT},
        {"purpose: persons", "purpose: per\x01sons", BASE_E_ENCODING},
        {"purpose: persons missing after the flood", "purpose: ", BASE_E_ARGUMENT},
        {"max-list: 1000", "max-list: 0", BASE_E_RANGE},
        {"max-list: 1000", "max-list: 16777217", BASE_E_RANGE},
        {"max-list: 1000", "max-list: 01000", BASE_E_FORMAT},
        {"max-list: 1000\n", "", BASE_E_FORMAT},
        {"max-keys: 24000", "max-keys: -1", BASE_E_FORMAT},
        {"matches-per-day: 4", "matches-per-day: 1001", BASE_E_RANGE},
        {"starters: both", "starters: nobody", BASE_E_FORMAT},
        {"time: 2026-", "time: 2026/", BASE_E_FORMAT},
        {"time: 2026-11", "time: 2026-13", BASE_E_RANGE},
        {"starters: both\n", "starters: both\nstarters: both\n", BASE_E_FORMAT},
        {"alerts-per-day: 1000", "alerts-per-day: 1000001", BASE_E_RANGE},
        {"asks-per-day: 100\n", "", BASE_E_FORMAT},
        {"answer-urgent-hours: 8", "answer-urgent-hours: 0", BASE_E_RANGE},
        {"tell-hours: 24", "tell-hours: 87601", BASE_E_RANGE},
        {"retention-days: 1095", "retention-days: 0", BASE_E_RANGE},
        {"max-attachment: 65536", "max-attachment: 131073", BASE_E_RANGE},
        {"release: none", "release: some", BASE_E_FORMAT},
        {"reasons: all", "reasons: ", BASE_E_FORMAT},
        {"reasons: all", "reasons: NOT_HELD OUT_OF_SCOPE", BASE_E_FORMAT},
        {"reasons: all", "reasons: NOT_HELD NOT_HELD", BASE_E_FORMAT},
        {"reasons: all", "reasons: NOT_HELD ", BASE_E_FORMAT},
        {"reasons: all", "reasons: SECRECY", BASE_E_FORMAT},
    };
    struct exchange_terms terms, out;
    struct base_buffer text = BASE_BUFFER_EMPTY, changed = BASE_BUFFER_EMPTY;
    sample_terms(&terms);
    assert_ok(exchange_terms_format(&terms, &text));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        replaced(&changed, base_buffer_c_string(&text), cases[i].from, cases[i].to);
        assert_fails(cases[i].code, exchange_terms_parse(base_bytes_buffer(&changed), &out));
    }
    assert_ok(base_buffer_text(&text, "more: 1\n"));
    assert_fails(BASE_E_TRAILING, exchange_terms_parse(base_bytes_buffer(&text), &out));
    for (size_t len = 0; len + 9 < text.len; len++)
        assert_int_not_equal(BASE_OK, exchange_terms_parse(base_bytes_of(text.data, len), &out));
    base_buffer_release(&text);
    base_buffer_release(&changed);
}

static void a_line_has_a_limit(void **state)
{
    (void)state;
    struct exchange_terms terms, out;
    struct base_buffer text = BASE_BUFFER_EMPTY, changed = BASE_BUFFER_EMPTY;
    char longer[EXCHANGE_PURPOSE_MAX + 20], longest[1200];
    sample_terms(&terms);
    assert_ok(exchange_terms_format(&terms, &text));
    memset(longer, 'x', sizeof longer);
    longer[EXCHANGE_PURPOSE_MAX + 1] = 0;
    replaced(&changed, base_buffer_c_string(&text), "persons missing after the flood", longer);
    assert_fails(BASE_E_LIMIT, exchange_terms_parse(base_bytes_buffer(&changed), &out));
    memset(longest, 'x', sizeof longest);
    longest[sizeof longest - 1] = 0;
    replaced(&changed, base_buffer_c_string(&text), "persons missing after the flood", longest);
    assert_fails(BASE_E_LIMIT, exchange_terms_parse(base_bytes_buffer(&changed), &out));
    base_buffer_release(&text);
    base_buffer_release(&changed);
}

static void a_compartment_needs_two_parties(void **state)
{
    (void)state;
    struct exchange_terms terms;
    struct base_buffer text = BASE_BUFFER_EMPTY;
    sample_terms(&terms);
    terms.sides[EXCHANGE_ACCEPTER].identity = terms.sides[EXCHANGE_PROPOSER].identity;
    assert_fails(BASE_E_ARGUMENT, exchange_terms_format(&terms, &text));
    base_buffer_release(&text);
}

static void accepting_changes_nothing_but_the_key(void **state)
{
    (void)state;
    struct exchange_terms proposal, filled;
    sample_terms(&proposal);
    filled = proposal;
    assert_fails(BASE_E_INCONSISTENT, exchange_terms_check_filled(&proposal, &filled));
    sample_key(4, &filled.sides[EXCHANGE_ACCEPTER].key);
    assert_ok(exchange_terms_check_filled(&proposal, &filled));
    assert_fails(BASE_E_INCONSISTENT, exchange_terms_check_filled(&filled, &filled));
    filled.max_list++;
    assert_fails(BASE_E_INCONSISTENT, exchange_terms_check_filled(&proposal, &filled));
    filled.max_list--;
    sample_key(5, &filled.sides[EXCHANGE_PROPOSER].key);
    assert_fails(BASE_E_INCONSISTENT, exchange_terms_check_filled(&proposal, &filled));
}

static void each_party_has_its_side(void **state)
{
    (void)state;
    struct exchange_terms terms;
    struct exchange_id id;
    enum exchange_side side;
    struct crypto_sign_public stranger;
    sample_terms(&terms);
    exchange_fingerprint(&terms.sides[EXCHANGE_ACCEPTER].identity, &id);
    assert_ok(exchange_terms_side_of(&terms, &id, &side));
    assert_int_equal(EXCHANGE_ACCEPTER, side);
    sample_key(77, &stranger);
    exchange_fingerprint(&stranger, &id);
    assert_fails(BASE_E_KEY, exchange_terms_side_of(&terms, &id, &side));
}

static void only_the_moves_of_the_picture_are_allowed(void **state)
{
    (void)state;
    static const struct {
        enum exchange_state from;
        enum exchange_move move;
        int to; /* -1: refused */
    } moves[] = {
        {EXCHANGE_PROPOSED, EXCHANGE_ACCEPT, EXCHANGE_ACTIVE},     {EXCHANGE_PROPOSED, EXCHANGE_SUSPEND, -1},
        {EXCHANGE_PROPOSED, EXCHANGE_RESUME, -1},                  {EXCHANGE_PROPOSED, EXCHANGE_CLOSE, EXCHANGE_CLOSED},
        {EXCHANGE_OFFERED, EXCHANGE_ACCEPT, EXCHANGE_ACTIVE},      {EXCHANGE_OFFERED, EXCHANGE_SUSPEND, -1},
        {EXCHANGE_OFFERED, EXCHANGE_RESUME, -1},                   {EXCHANGE_OFFERED, EXCHANGE_CLOSE, EXCHANGE_CLOSED},
        {EXCHANGE_ACTIVE, EXCHANGE_ACCEPT, -1},                    {EXCHANGE_ACTIVE, EXCHANGE_SUSPEND, EXCHANGE_SUSPENDED},
        {EXCHANGE_ACTIVE, EXCHANGE_RESUME, -1},                    {EXCHANGE_ACTIVE, EXCHANGE_CLOSE, EXCHANGE_CLOSED},
        {EXCHANGE_SUSPENDED, EXCHANGE_ACCEPT, -1},                 {EXCHANGE_SUSPENDED, EXCHANGE_SUSPEND, -1},
        {EXCHANGE_SUSPENDED, EXCHANGE_RESUME, EXCHANGE_ACTIVE},    {EXCHANGE_SUSPENDED, EXCHANGE_CLOSE, EXCHANGE_CLOSED},
        {EXCHANGE_CLOSED, EXCHANGE_ACCEPT, -1},                    {EXCHANGE_CLOSED, EXCHANGE_SUSPEND, -1},
        {EXCHANGE_CLOSED, EXCHANGE_RESUME, -1},                    {EXCHANGE_CLOSED, EXCHANGE_CLOSE, -1},
    };
    for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++) {
        enum exchange_state now = moves[i].from;
        if (moves[i].to < 0) {
            assert_fails(BASE_E_STATE, exchange_state_move(&now, moves[i].move));
            assert_int_equal(moves[i].from, now);
        } else {
            assert_ok(exchange_state_move(&now, moves[i].move));
            assert_int_equal(moves[i].to, now);
        }
    }
}

static void a_match_is_held_against_the_terms(void **state)
{
    (void)state;
    struct exchange_terms terms;
    sample_terms(&terms);
    const struct exchange_match_plan fine = {EXCHANGE_ACTIVE, EXCHANGE_PROPOSER, 24000, 3, terms.rules};
    struct exchange_match_plan plan = fine;
    assert_ok(exchange_match_check(&terms, &plan));
    plan.keys = 24001;
    assert_fails(BASE_E_OUTSIDE_TERMS, exchange_match_check(&terms, &plan));
    plan = fine;
    plan.offers_24h = 4;
    assert_fails(BASE_E_OVER_BUDGET, exchange_match_check(&terms, &plan));
    plan = fine;
    plan.rules.bytes[31] ^= 1;
    assert_fails(BASE_E_RULES, exchange_match_check(&terms, &plan));
    for (enum exchange_state now = EXCHANGE_PROPOSED; now <= EXCHANGE_CLOSED; now++) {
        plan = fine;
        plan.state = now;
        if (now != EXCHANGE_ACTIVE)
            assert_fails(BASE_E_SUSPENDED, exchange_match_check(&terms, &plan));
    }
    plan = fine;
    terms.starters = EXCHANGE_START_ACCEPTER;
    assert_fails(BASE_E_OUTSIDE_TERMS, exchange_match_check(&terms, &plan));
    plan.starter = EXCHANGE_ACCEPTER;
    assert_ok(exchange_match_check(&terms, &plan));
    terms.starters = EXCHANGE_START_PROPOSER;
    assert_fails(BASE_E_OUTSIDE_TERMS, exchange_match_check(&terms, &plan));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(proposals_and_filled_terms_come_back),
        cmocka_unit_test(terms_are_read_to_the_letter),
        cmocka_unit_test(a_line_has_a_limit),
        cmocka_unit_test(a_compartment_needs_two_parties),
        cmocka_unit_test(accepting_changes_nothing_but_the_key),
        cmocka_unit_test(each_party_has_its_side),
        cmocka_unit_test(only_the_moves_of_the_picture_are_allowed),
        cmocka_unit_test(a_match_is_held_against_the_terms),
    };
    if (crypto_start() != BASE_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
