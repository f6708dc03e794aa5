/* SPDX-License-Identifier: Apache-2.0
 *
 * Reports from real ledgers: statements that are signed and entered in a store.
 */
#include "fixture.h"

#include "node/survey.h"

enum { HOUR_MS = 3600000, LAST = EXCHANGE_REPORT_QUARTERS - 1, ALL = EXCHANGE_REPORT_ALL };

static int64_t time_of(const char *text)
{
    int64_t time_ms;
    assert_ok(base_time_parse(base_bytes_text(text), &time_ms));
    return time_ms;
}

/* Says it on one side and enters it in both books, as a delivery would. Returns its hash. */
static struct crypto_hash say(struct fixture *fixture, unsigned side, enum exchange_kind kind,
                              struct exchange_statement statement)
{
    struct base_buffer note = BASE_BUFFER_EMPTY;
    struct crypto_hash hash;
    fixture_say(fixture, side, kind, &statement, &note);
    ledger_leaf_hash(base_bytes_buffer(&note), &hash);
    fixture_enter(fixture, HERE, exchange_kind_word(kind), base_bytes_buffer(&note));
    if (exchange_kind_path(kind) != EXCHANGE_PATH_OWN)
        fixture_enter(fixture, THERE, exchange_kind_word(kind), base_bytes_buffer(&note));
    base_buffer_release(&note);
    return hash;
}

static struct crypto_hash say_asked(struct fixture *fixture, unsigned side, unsigned number)
{
    struct exchange_statement ask = {.due_ms = fixture->now_ms + 168LL * HOUR_MS, .urgency = EXCHANGE_NORMAL};
    memset(ask.content.bytes, 0x70 + (int)number, sizeof ask.content.bytes);
    struct crypto_hash hash = say(fixture, side, EXCHANGE_KIND_ASK, ask);
    say(fixture, 1 - side, EXCHANGE_KIND_RECEIPT, (struct exchange_statement){.about = hash});
    return hash;
}

static void begin(struct fixture *fixture, const char *now)
{
    struct crypto_hash rules = {{1}};
    fixture_parties(fixture, "127.0.0.1:4711", "127.0.0.1:4712");
    fixture_pair(fixture);
    fixture->now_ms = time_of(now);
    fixture_agree(fixture, 0xc0, "flood", &rules);
}

static struct node_survey_plan plan_of(const char *quarter, const char *at)
{
    struct node_survey_plan plan = {.at_ms = time_of(at)};
    assert_ok(exchange_quarter_parse(quarter, &plan.quarter));
    return plan;
}

static void both_ledgers_tell_the_same_from_both_sides(void **state)
{
    struct fixture fixture;
    struct node_survey surveys[2];
    struct node_survey_plan plan = plan_of("2026Q4", "2026-12-31T12:00:00Z");
    (void)state;
    plan.is_verifying = true;
    begin(&fixture, "2026-11-01T08:00:00Z");
    struct crypto_hash answered = say_asked(&fixture, HERE, 0), declined = say_asked(&fixture, HERE, 1);
    say_asked(&fixture, HERE, 2);
    say_asked(&fixture, THERE, 3);
    fixture.now_ms += 48LL * HOUR_MS;
    say(&fixture, THERE, EXCHANGE_KIND_ANSWER, (struct exchange_statement){.about = answered, .outcome = EXCHANGE_PARTLY});
    say(&fixture, THERE, EXCHANGE_KIND_DECLINE,
        (struct exchange_statement){.about = declined, .code = EXCHANGE_NO_LEGAL_BASIS});
    for (unsigned side = 0; side < 2; side++) {
        assert_ok(node_survey_make(fixture.sides[side].party->store, &plan, &surveys[side]));
        assert_int_equal(1, surveys[side].part_count);
        assert_int_equal(1, surveys[side].pair_count);
        assert_string_equal(side == HERE ? "harbour" : "lighthouse", surveys[side].pairs[0].peer_name);
        assert_string_equal(side == HERE ? "lighthouse" : "harbour", surveys[side].own.name);
        assert_int_equal(surveys[side].parts[0].facts.entries, surveys[side].parts[0].report.entries);
        assert_int_equal(0, surveys[side].parts[0].report.unfitting);
        assert_memory_equal(&fixture.terms.hours, &surveys[side].parts[0].report.hours, sizeof fixture.terms.hours);
    }
    for (unsigned by = 0; by < 2; by++) { /* what is ours here is theirs there */
        const struct exchange_report_counts *here = &surveys[HERE].parts[0].report.sides[by].counts[LAST];
        const struct exchange_report_counts *there = &surveys[THERE].parts[0].report.sides[1 - by].counts[LAST];
        assert_int_equal(by == EXCHANGE_BY_US ? 3 : 1, here->asked);
        assert_memory_equal(here, there, sizeof *here);
    }
    const struct exchange_report_counts *ours = &surveys[HERE].parts[0].report.sides[EXCHANGE_BY_US].counts[LAST];
    assert_int_equal(1, ours->ends[EXCHANGE_END_PARTLY]);
    assert_int_equal(1, ours->declines[EXCHANGE_NO_LEGAL_BASIS]);
    assert_int_equal(1, ours->ends[EXCHANGE_END_SILENT]);
    assert_int_equal(3, ours->receipted);
    node_survey_release(&surveys[HERE]);
    node_survey_release(&surveys[THERE]);
    fixture_release(&fixture);
}

static void compartments_of_a_pair_stand_together_and_are_summed(void **state)
{
    struct fixture fixture;
    struct node_survey survey;
    struct node_survey_plan plan = plan_of("2026Q4", "2026-12-31T12:00:00Z");
    struct crypto_hash rules = {{1}};
    (void)state;
    begin(&fixture, "2026-10-01T00:00:00Z");
    say_asked(&fixture, HERE, 0);
    fixture_agree(&fixture, 0xc1, "fire", &rules);
    say_asked(&fixture, HERE, 1);
    say_asked(&fixture, THERE, 2);
    struct store *store = fixture.sides[HERE].party->store;
    assert_ok(node_survey_make(store, &plan, &survey));
    assert_int_equal(2, survey.part_count);
    assert_string_equal("fire", survey.parts[0].compartment.name);
    assert_string_equal("flood", survey.parts[1].compartment.name);
    assert_int_equal(1, survey.pair_count);
    assert_int_equal(2, survey.pairs[0].count);
    assert_int_equal(1, survey.parts[0].report.sides[EXCHANGE_BY_US].counts[ALL].asked);
    assert_int_equal(2, survey.pairs[0].report.sides[EXCHANGE_BY_US].counts[ALL].asked);
    assert_int_equal(1, survey.pairs[0].report.sides[EXCHANGE_BY_THEM].counts[ALL].asked);
    node_survey_release(&survey);
    plan.compartment = "flood";
    assert_ok(node_survey_make(store, &plan, &survey));
    assert_int_equal(1, survey.part_count);
    assert_string_equal("flood", survey.parts[0].compartment.name);
    node_survey_release(&survey);
    plan.compartment = "storm";
    assert_fails(BASE_E_NOT_FOUND, node_survey_make(store, &plan, &survey));
    assert_null(survey.parts);
    fixture_release(&fixture);
}

static void a_party_without_a_compartment_has_nothing_to_report(void **state)
{
    struct fixture fixture;
    struct node_survey survey;
    struct node_survey_plan plan = plan_of("2026Q4", "2026-12-31T12:00:00Z");
    (void)state;
    fixture_parties(&fixture, "127.0.0.1:4711", "127.0.0.1:4712");
    assert_ok(node_survey_make(fixture.sides[HERE].party->store, &plan, &survey));
    assert_int_equal(0, survey.part_count + survey.pair_count);
    node_survey_release(&survey);
    fixture_release(&fixture);
}

static void a_damaged_entry_is_told(void **state)
{
    struct fixture fixture;
    struct node_survey survey;
    struct node_survey_plan plan = plan_of("2026Q4", "2026-12-31T12:00:00Z");
    (void)state;
    begin(&fixture, "2026-11-01T08:00:00Z");
    say_asked(&fixture, HERE, 0);
    struct store *store = fixture.sides[HERE].party->store;
    fixture_sql(&fixture, HERE,
                "UPDATE entries SET note = CAST(replace(CAST(note AS TEXT), 'urgency: normal', 'urgency: urgent') AS BLOB)"
                " WHERE number = 1");
    assert_ok(node_survey_make(store, &plan, &survey)); /* it can still be read ... */
    node_survey_release(&survey);
    plan.is_verifying = true;
    assert_fails(BASE_E_CORRUPT, node_survey_make(store, &plan, &survey)); /* ... and does not stand up */
    assert_null(survey.parts);
    plan.is_verifying = false;
    fixture_sql(&fixture, HERE, "UPDATE entries SET note = CAST('entente/nonsense' AS BLOB) WHERE number = 1");
    assert_fails(BASE_E_CORRUPT, node_survey_make(store, &plan, &survey));
    assert_non_null(strstr(base_detail(), "entry 1 of flood"));
    assert_null(survey.parts);
    fixture_release(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_ledgers_tell_the_same_from_both_sides),
        cmocka_unit_test(compartments_of_a_pair_stand_together_and_are_summed),
        cmocka_unit_test(a_party_without_a_compartment_has_nothing_to_report),
        cmocka_unit_test(a_damaged_entry_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
