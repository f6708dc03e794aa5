/* SPDX-License-Identifier: Apache-2.0
 *
 * What a statement may be about, who may say it and when (doc/spec/statements.md 6 and 7): a peer with the right keys says it all the
 * same. Each is refused with its error, changes nothing in either store, and leaves a line in the log.
 */
#include "exchange_world.h"

#include <stddef.h>

static struct world world;

enum about { NOTHING, UNKNOWN, SCENE };
#define OF(member) (SCENE + offsetof(struct world_scene, member))

struct wrong {
    const char *name;
    enum base_code code;
    size_t about;
    bool has_content;
    int64_t due; /* from now */
    struct exchange_statement said;
};

static void hash_of(size_t about, struct crypto_hash *out)
{
    memset(out->bytes, 0xee, sizeof out->bytes);
    if (about >= SCENE)
        memcpy(out->bytes, (const char *)&world.scene + (about - SCENE), sizeof out->bytes);
    else if (about == NOTHING)
        *out = (struct crypto_hash){{0}};
}

static void forge(const struct wrong *wrong, struct world_forged *out)
{
    struct exchange_statement statement = wrong->said;
    struct exchange_content content = world_content(statement.kind);
    hash_of(wrong->about, &statement.about);
    if (wrong->due != 0)
        statement.due_ms = world.now_ms + wrong->due;
    world_forge(&world, HERE, &statement, wrong->has_content ? &content : NULL, out);
    exchange_content_release(&content);
}

static void all_refused(const struct wrong *cases, size_t count)
{
    world_restore(&world);
    for (size_t i = 0; i < count; i++) {
        struct world_forged forged = {.beside = NODE_PARCEL_NOTHING};
        forge(&cases[i], &forged);
        world_refused(&world, &forged, cases[i].code, cases[i].name);
        world_forged_release(&forged);
    }
}

#define ALL_REFUSED(cases) all_refused(cases, sizeof cases / sizeof *cases)

/* Once may be taken; the same or the like again is refused. */
static void take(struct wrong wrong)
{
    struct world_forged forged = {.beside = NODE_PARCEL_NOTHING};
    forge(&wrong, &forged);
    world_taken(&world, &forged, wrong.name);
    world_forged_release(&forged);
}

static void refuse(struct wrong wrong)
{
    struct world_forged forged = {.beside = NODE_PARCEL_NOTHING};
    forge(&wrong, &forged);
    world_refused(&world, &forged, wrong.code, wrong.name);
    world_forged_release(&forged);
}

static void kinds_that_are_not_delivered(void **state)
{
    (void)state;
    static const struct wrong cases[] = {
        {"match-offer", BASE_E_ORDER, NOTHING, false, 0, {.kind = EXCHANGE_KIND_MATCH_OFFER}},
        {"match-accept", BASE_E_ORDER, UNKNOWN, false, 0, {.kind = EXCHANGE_KIND_MATCH_ACCEPT}},
        {"receipt", BASE_E_ORDER, OF(ask_there), false, 0, {.kind = EXCHANGE_KIND_RECEIPT}},
        {"hold", BASE_E_ORDER, NOTHING, true, 0, {.kind = EXCHANGE_KIND_HOLD}},
        {"hit", BASE_E_ORDER, OF(alert_there), true, 0, {.kind = EXCHANGE_KIND_HIT}},
        {"verdict", BASE_E_ORDER, OF(alert_there), true, 0, {.kind = EXCHANGE_KIND_VERDICT}},
        {"release", BASE_E_ORDER, OF(ask_here), true, 0, {.kind = EXCHANGE_KIND_RELEASE}},
        {"retention", BASE_E_ORDER, NOTHING, true, 0, {.kind = EXCHANGE_KIND_RETENTION}},
        {"conflict", BASE_E_ORDER, OF(ask_here), true, 0, {.kind = EXCHANGE_KIND_CONFLICT}},
        {"a match that one has signed", BASE_E_KEY, UNKNOWN, false, 0, {.kind = EXCHANGE_KIND_MATCH}},
        {"match-abort of nothing", BASE_E_ORDER, UNKNOWN, false, 0, {.kind = EXCHANGE_KIND_MATCH_ABORT, .word = "io"}},
        {"match-abort of an ask", BASE_E_ORDER, OF(ask_here), false, 0, {.kind = EXCHANGE_KIND_MATCH_ABORT, .word = "io"}},
        {"refusal of nothing", BASE_E_ORDER, UNKNOWN, false, 0, {.kind = EXCHANGE_KIND_REFUSAL, .word = "io"}},
        {"refusal of an ask", BASE_E_ORDER, OF(ask_there), false, 0, {.kind = EXCHANGE_KIND_REFUSAL, .word = "io"}},
    };
    ALL_REFUSED(cases);
}

/* Also where there is an offer that could be ended. */
static void an_abort_is_about_an_offer(void **state)
{
    (void)state;
    struct exchange_statement offer = {.kind = EXCHANGE_KIND_MATCH_OFFER};
    struct world_forged forged = {.beside = NODE_PARCEL_NOTHING};
    struct wrong of_hit = {"an abort of a hit", BASE_E_ORDER, OF(hit_there), false, 0, {.kind = EXCHANGE_KIND_MATCH_ABORT, .word = "io"}};
    struct wrong of_ask = {"an abort of an ask", BASE_E_ORDER, OF(ask_here), false, 0, {.kind = EXCHANGE_KIND_MATCH_ABORT, .word = "io"}};
    world_restore(&world);
    world_forge(&world, HERE, &offer, NULL, &forged);
    fixture_enter(&world.fixture, THERE, "match-offer", base_bytes_buffer(&forged.note));
    refuse(of_hit);
    refuse(of_ask);
    struct exchange_statement abort = {.kind = EXCHANGE_KIND_MATCH_ABORT, .about = forged.hash, .word = "io"};
    world_forge(&world, HERE, &abort, NULL, &forged);
    world_taken(&world, &forged, "an abort of the offer");
    world_forged_release(&forged);
}

static const struct wrong abouts[] = {
    {"ask", BASE_E_NOT_FOUND, UNKNOWN, true, 200LL * WORLD_DAY_MS, {.kind = EXCHANGE_KIND_ASK}},
    {"alert-renew", BASE_E_NOT_FOUND, UNKNOWN, true, WORLD_DAY_MS, {.kind = EXCHANGE_KIND_RENEW}},
    {"alert-close", BASE_E_NOT_FOUND, UNKNOWN, false, 0, {.kind = EXCHANGE_KIND_CLOSE}},
    {"alert-served", BASE_E_NOT_FOUND, UNKNOWN, false, 0, {.kind = EXCHANGE_KIND_SERVED}},
    {"answer", BASE_E_NOT_FOUND, UNKNOWN, true, 0, {.kind = EXCHANGE_KIND_ANSWER}},
    {"decline", BASE_E_NOT_FOUND, UNKNOWN, false, 0, {.kind = EXCHANGE_KIND_DECLINE}},
    {"defer", BASE_E_NOT_FOUND, UNKNOWN, false, WORLD_DAY_MS, {.kind = EXCHANGE_KIND_DEFER, .reason = "more time"}},
    {"withdraw", BASE_E_NOT_FOUND, UNKNOWN, false, 0, {.kind = EXCHANGE_KIND_WITHDRAW}},
    {"feedback", BASE_E_NOT_FOUND, UNKNOWN, false, 0, {.kind = EXCHANGE_KIND_FEEDBACK}},
    {"tell", BASE_E_NOT_FOUND, UNKNOWN, true, 0, {.kind = EXCHANGE_KIND_TELL, .hit = {{1}}}},
    {"tell-decline", BASE_E_NOT_FOUND, UNKNOWN, false, 0, {.kind = EXCHANGE_KIND_TELL_DECLINE, .hit = {{1}}}},
    {"correction", BASE_E_NOT_FOUND, UNKNOWN, false, 0, {.kind = EXCHANGE_KIND_CORRECTION, .action = EXCHANGE_ERASE}},
    {"corrected", BASE_E_NOT_FOUND, UNKNOWN, false, 0, {.kind = EXCHANGE_KIND_CORRECTED}},
    {"overdue answer", BASE_E_NOT_FOUND, UNKNOWN, false, -WORLD_DAY_MS, {.kind = EXCHANGE_KIND_OVERDUE, .duty = EXCHANGE_DUTY_ANSWER}},
    {"overdue review", BASE_E_NOT_FOUND, UNKNOWN, false, -WORLD_DAY_MS, {.kind = EXCHANGE_KIND_OVERDUE, .duty = EXCHANGE_DUTY_REVIEW}},
    {"overdue tell", BASE_E_NOT_FOUND, UNKNOWN, false, -WORLD_DAY_MS, {.kind = EXCHANGE_KIND_OVERDUE, .duty = EXCHANGE_DUTY_TELL, .hit = {{1}}}},
};

/* As if it were not there: what stands in a party's own ledger alone, its hits above all, is no business of the peer's, who may
 * have seen its hash in a proof. */
static void what_is_not_there_and_what_is_not_theirs_look_alike(void **state)
{
    (void)state;
    world_restore(&world);
    for (size_t i = 0; i < sizeof abouts / sizeof *abouts; i++) {
        struct world_forged forged = {.beside = NODE_PARCEL_NOTHING};
        struct wrong wrong = abouts[i];
        char detail[256];
        wrong.said.owed_by = world.fixture.sides[wrong.said.duty == EXCHANGE_DUTY_TELL ? HERE : THERE].party->fingerprint;
        forge(&wrong, &forged);
        world_refused(&world, &forged, BASE_E_NOT_FOUND, wrong.name);
        assert_fails(BASE_E_NOT_FOUND, world_deliver(&world, THERE, &forged));
        snprintf(detail, sizeof detail, "%s", base_detail());
        world_forged_release(&forged);
        wrong.about = OF(hit_there);
        forge(&wrong, &forged);
        world_refused(&world, &forged, BASE_E_NOT_FOUND, wrong.name);
        assert_fails(BASE_E_NOT_FOUND, world_deliver(&world, THERE, &forged));
        assert_string_equal(detail, base_detail());
        world_forged_release(&forged);
    }
}

static void alerts_by_the_wrong_party(void **state)
{
    (void)state;
    static const struct wrong cases[] = {
        {"renew the other's", BASE_E_ORDER, OF(alert_there), true, WORLD_DAY_MS, {.kind = EXCHANGE_KIND_RENEW}},
        {"renew an ask", BASE_E_ORDER, OF(ask_here), true, WORLD_DAY_MS, {.kind = EXCHANGE_KIND_RENEW}},
        {"renew to today", BASE_E_RANGE, OF(alert_here), true, -1000, {.kind = EXCHANGE_KIND_RENEW}},
        {"renew beyond the class", BASE_E_RANGE, OF(alert_here), true, 368LL * WORLD_DAY_MS, {.kind = EXCHANGE_KIND_RENEW}},
        {"close the other's", BASE_E_ORDER, OF(alert_there), false, 0, {.kind = EXCHANGE_KIND_CLOSE}},
        {"close an ask", BASE_E_ORDER, OF(ask_here), false, 0, {.kind = EXCHANGE_KIND_CLOSE}},
        {"close the other's ask", BASE_E_ORDER, OF(ask_there), false, 0, {.kind = EXCHANGE_KIND_CLOSE}},
        {"one's own has served", BASE_E_ORDER, OF(alert_here), false, 0, {.kind = EXCHANGE_KIND_SERVED}},
        {"an ask has served", BASE_E_ORDER, OF(ask_there), false, 0, {.kind = EXCHANGE_KIND_SERVED}},
        {"tell of one's own alert", BASE_E_ORDER, OF(alert_here), true, 0, {.kind = EXCHANGE_KIND_TELL, .hit = {{1}}}},
        {"tell of an ask", BASE_E_ORDER, OF(ask_there), true, 0, {.kind = EXCHANGE_KIND_TELL, .hit = {{1}}}},
        {"refuse to tell of one's own", BASE_E_ORDER, OF(alert_here), false, 0, {.kind = EXCHANGE_KIND_TELL_DECLINE, .hit = {{1}}}},
        {"refuse to tell, with no code of the terms", BASE_E_OUTSIDE_TERMS, OF(alert_there), false, 0,
         {.kind = EXCHANGE_KIND_TELL_DECLINE, .hit = {{1}}, .code = EXCHANGE_NOT_HELD}},
    };
    ALL_REFUSED(cases);
}

static void a_hit_is_told_once(void **state)
{
    (void)state;
    struct wrong again[] = {
        {"tell twice", BASE_E_ORDER, OF(alert_there), true, 0, {.kind = EXCHANGE_KIND_TELL, .hit = world.scene.told, .grading = 3}},
        {"told, and refused", BASE_E_ORDER, OF(alert_there), false, 0, {.kind = EXCHANGE_KIND_TELL_DECLINE, .hit = world.scene.told}},
        {"told, and called overdue", BASE_E_ORDER, OF(alert_there), false, -WORLD_DAY_MS,
         {.kind = EXCHANGE_KIND_OVERDUE, .duty = EXCHANGE_DUTY_TELL, .hit = world.scene.told,
          .owed_by = world.fixture.sides[HERE].party->fingerprint}},
    };
    ALL_REFUSED(again);
}

static void asks_by_the_wrong_party(void **state)
{
    (void)state;
    static const struct wrong cases[] = {
        {"answer to one's own", BASE_E_ORDER, OF(ask_here), true, 0, {.kind = EXCHANGE_KIND_ANSWER}},
        {"answer to an alert", BASE_E_ORDER, OF(alert_there), true, 0, {.kind = EXCHANGE_KIND_ANSWER}},
        {"answer twice", BASE_E_ORDER, OF(ended_there), true, 0, {.kind = EXCHANGE_KIND_ANSWER}},
        {"an answer without a content", BASE_E_FORMAT, OF(ask_there), false, 0, {.kind = EXCHANGE_KIND_ANSWER}},
        {"a partial one without a content", BASE_E_FORMAT, OF(ask_there), false, 0,
         {.kind = EXCHANGE_KIND_ANSWER, .outcome = EXCHANGE_PARTLY}},
        {"no trace, with a content", BASE_E_FORMAT, OF(ask_there), true, 0, {.kind = EXCHANGE_KIND_ANSWER, .outcome = EXCHANGE_NO_TRACE}},
        {"transferred to nobody", BASE_E_FORMAT, OF(ask_there), false, 0, {.kind = EXCHANGE_KIND_ANSWER, .outcome = EXCHANGE_TRANSFERRED}},
        {"transferred to blanks", BASE_E_FORMAT, OF(ask_there), false, 0,
         {.kind = EXCHANGE_KIND_ANSWER, .outcome = EXCHANGE_TRANSFERRED, .reason = "   "}},
        {"decline one's own", BASE_E_ORDER, OF(ask_here), false, 0, {.kind = EXCHANGE_KIND_DECLINE}},
        {"decline what was answered", BASE_E_ORDER, OF(ended_there), false, 0, {.kind = EXCHANGE_KIND_DECLINE}},
        {"a code that the terms do not accept", BASE_E_OUTSIDE_TERMS, OF(ask_there), false, 0,
         {.kind = EXCHANGE_KIND_DECLINE, .code = EXCHANGE_NOT_HELD}},
        {"defer one's own", BASE_E_ORDER, OF(ask_here), false, 201LL * WORLD_DAY_MS, {.kind = EXCHANGE_KIND_DEFER, .reason = "time"}},
        {"defer what was answered", BASE_E_ORDER, OF(ended_there), false, 201LL * WORLD_DAY_MS,
         {.kind = EXCHANGE_KIND_DEFER, .reason = "time"}},
        {"defer without a reason", BASE_E_FORMAT, OF(ask_there), false, 201LL * WORLD_DAY_MS, {.kind = EXCHANGE_KIND_DEFER, .reason = " "}},
        {"defer to the date it has", BASE_E_RANGE, OF(ask_there), false, 200LL * WORLD_DAY_MS, {.kind = EXCHANGE_KIND_DEFER, .reason = "time"}},
        {"defer too far", BASE_E_RANGE, OF(ask_there), false, 300LL * WORLD_DAY_MS, {.kind = EXCHANGE_KIND_DEFER, .reason = "time"}},
        {"withdraw the other's", BASE_E_ORDER, OF(ask_there), false, 0, {.kind = EXCHANGE_KIND_WITHDRAW}},
        {"withdraw an alert", BASE_E_ORDER, OF(alert_here), false, 0, {.kind = EXCHANGE_KIND_WITHDRAW}},
        {"feedback on one's own", BASE_E_ORDER, OF(answer_here), false, 0, {.kind = EXCHANGE_KIND_FEEDBACK}},
        {"feedback on an ask", BASE_E_ORDER, OF(ask_there), false, 0, {.kind = EXCHANGE_KIND_FEEDBACK}},
    };
    ALL_REFUSED(cases);
}

static void corrections_of_the_wrong_thing(void **state)
{
    (void)state;
    static const struct wrong cases[] = {
        {"correct the other's", BASE_E_ORDER, OF(answer_there), true, 0, {.kind = EXCHANGE_KIND_CORRECTION, .action = EXCHANGE_CORRECT}},
        {"erase the other's alert", BASE_E_ORDER, OF(alert_there), false, 0, {.kind = EXCHANGE_KIND_CORRECTION, .action = EXCHANGE_ERASE}},
        {"erase what has no content", BASE_E_ORDER, OF(correction_here), false, 0, {.kind = EXCHANGE_KIND_CORRECTION, .action = EXCHANGE_ERASE}},
        {"correct to nothing", BASE_E_FORMAT, OF(answer_here), false, 0, {.kind = EXCHANGE_KIND_CORRECTION, .action = EXCHANGE_CORRECT}},
        {"erase with a content", BASE_E_FORMAT, OF(answer_here), true, 0, {.kind = EXCHANGE_KIND_CORRECTION, .action = EXCHANGE_ERASE}},
        {"restrict with a content", BASE_E_FORMAT, OF(answer_here), true, 0, {.kind = EXCHANGE_KIND_CORRECTION, .action = EXCHANGE_RESTRICT}},
        {"correct an alert to nobody", BASE_E_FORMAT, OF(alert_here), true, 0, {.kind = EXCHANGE_KIND_CORRECTION, .action = EXCHANGE_CORRECT}},
        {"corrected one's own", BASE_E_ORDER, OF(correction_here), false, 0, {.kind = EXCHANGE_KIND_CORRECTED}},
        {"corrected twice", BASE_E_ORDER, OF(correction_there), false, 0, {.kind = EXCHANGE_KIND_CORRECTED}},
        {"corrected an ask", BASE_E_ORDER, OF(ask_there), false, 0, {.kind = EXCHANGE_KIND_CORRECTED}},
    };
    ALL_REFUSED(cases);
}

static void duties_that_are_not_overdue(void **state)
{
    (void)state;
    const struct exchange_id here = world.fixture.sides[HERE].party->fingerprint, there = world.fixture.sides[THERE].party->fingerprint;
#define OVERDUE(word, debtor) {.kind = EXCHANGE_KIND_OVERDUE, .duty = EXCHANGE_DUTY_##word, .owed_by = debtor}
    const struct wrong cases[] = {
        {"answer, too early", BASE_E_RANGE, OF(ask_here), false, 200LL * WORLD_DAY_MS, OVERDUE(ANSWER, there)},
        {"answer, of a wrong date", BASE_E_ORDER, OF(ask_here), false, -WORLD_DAY_MS, OVERDUE(ANSWER, there)},
        {"answer, of a wrong debtor", BASE_E_ORDER, OF(ask_here), false, -WORLD_DAY_MS, OVERDUE(ANSWER, here)},
        {"answer, one's own duty", BASE_E_ORDER, OF(ask_there), false, -WORLD_DAY_MS, OVERDUE(ANSWER, here)},
        {"answer, of a stranger", BASE_E_ORDER, OF(ask_here), false, -WORLD_DAY_MS, OVERDUE(ANSWER, world.compartment)},
        {"answer, to an alert", BASE_E_NOT_FOUND, OF(alert_here), false, -WORLD_DAY_MS, OVERDUE(ANSWER, there)},
        {"answer, to the debtor's own ask", BASE_E_NOT_FOUND, OF(ask_there), false, -WORLD_DAY_MS, OVERDUE(ANSWER, there)},
        {"feedback, too early", BASE_E_RANGE, OF(answer_here), false, 90LL * WORLD_DAY_MS, OVERDUE(FEEDBACK, there)},
        {"feedback, of a wrong date", BASE_E_ORDER, OF(answer_here), false, -WORLD_DAY_MS, OVERDUE(FEEDBACK, there)},
        {"review, too early", BASE_E_RANGE, OF(alert_there), false, 100LL * WORLD_DAY_MS, OVERDUE(REVIEW, there)},
        {"review, of a wrong date", BASE_E_ORDER, OF(alert_there), false, -WORLD_DAY_MS, OVERDUE(REVIEW, there)},
        {"review, of one's own alert", BASE_E_NOT_FOUND, OF(alert_here), false, -WORLD_DAY_MS, OVERDUE(REVIEW, there)},
        {"justify, never asked for", BASE_E_NOT_FOUND, OF(alert_there), false, -WORLD_DAY_MS, OVERDUE(JUSTIFY, there)},
        {"correction, of a wrong date", BASE_E_ORDER, OF(correction_here), false, -WORLD_DAY_MS, OVERDUE(CORRECTION, there)},
        {"task", BASE_E_ORDER, OF(alert_here), false, -WORLD_DAY_MS, OVERDUE(TASK, here)},
        {"task, of the other's", BASE_E_ORDER, OF(alert_here), false, -WORLD_DAY_MS, OVERDUE(TASK, there)},
        {"tell, owed by the other", BASE_E_ORDER, OF(alert_here), false, -WORLD_DAY_MS,
         {.kind = EXCHANGE_KIND_OVERDUE, .duty = EXCHANGE_DUTY_TELL, .owed_by = there, .hit = {{1}}}},
        {"tell, of one's own alert", BASE_E_ORDER, OF(alert_here), false, -WORLD_DAY_MS,
         {.kind = EXCHANGE_KIND_OVERDUE, .duty = EXCHANGE_DUTY_TELL, .owed_by = here, .hit = {{1}}}},
        {"tell, of no hit", BASE_E_FORMAT, OF(alert_there), false, -WORLD_DAY_MS, OVERDUE(TELL, here)},
        {"tell, too early", BASE_E_RANGE, OF(alert_there), false, WORLD_DAY_MS,
         {.kind = EXCHANGE_KIND_OVERDUE, .duty = EXCHANGE_DUTY_TELL, .owed_by = here, .hit = {{1}}}},
        {"receipt, too early", BASE_E_RANGE, OF(ask_here), false, 1000, OVERDUE(RECEIPT, there)},
        {"receipt, owed by oneself", BASE_E_ORDER, OF(ask_here), false, -WORLD_DAY_MS, OVERDUE(RECEIPT, here)},
        {"cosign, too early", BASE_E_RANGE, UNKNOWN, false, 1000, OVERDUE(COSIGN, there)},
        {"answer, with a hit", BASE_E_FORMAT, OF(ask_here), false, -WORLD_DAY_MS,
         {.kind = EXCHANGE_KIND_OVERDUE, .duty = EXCHANGE_DUTY_ANSWER, .owed_by = there, .hit = {{1}}}},
        {"cosign, with a hit", BASE_E_FORMAT, OF(ask_here), false, -WORLD_DAY_MS,
         {.kind = EXCHANGE_KIND_OVERDUE, .duty = EXCHANGE_DUTY_COSIGN, .owed_by = there, .hit = {{1}}}},
        {"receipt, with a hit", BASE_E_FORMAT, OF(ask_here), false, -WORLD_DAY_MS,
         {.kind = EXCHANGE_KIND_OVERDUE, .duty = EXCHANGE_DUTY_RECEIPT, .owed_by = there, .hit = {{1}}}},
    };
#undef OVERDUE
    ALL_REFUSED(cases);
}

static void an_ask_is_deferred_three_times(void **state)
{
    (void)state;
    world_restore(&world);
    struct wrong defer = {"defer", BASE_E_ORDER, OF(ask_there), false, 0, {.kind = EXCHANGE_KIND_DEFER, .reason = "time"}};
    for (int64_t i = 1; i <= 3; i++) {
        defer.due = (200 + i) * WORLD_DAY_MS;
        take(defer);
    }
    defer.due = 204LL * WORLD_DAY_MS;
    refuse(defer);
}

static void what_may_be_said_once(void **state)
{
    (void)state;
    static const struct wrong once[] = {
        {"withdraw", BASE_E_ORDER, OF(ask_here), false, 0, {.kind = EXCHANGE_KIND_WITHDRAW}},
        {"withdraw what was answered", BASE_E_ORDER, OF(ended_here), false, 0, {.kind = EXCHANGE_KIND_WITHDRAW}},
        {"feedback", BASE_E_ORDER, OF(answer_there), false, 0, {.kind = EXCHANGE_KIND_FEEDBACK}},
        {"served", BASE_E_ORDER, OF(alert_there), false, 0, {.kind = EXCHANGE_KIND_SERVED}},
        {"decline", BASE_E_ORDER, OF(ask_there), false, 0, {.kind = EXCHANGE_KIND_DECLINE}},
    };
    for (size_t i = 0; i < sizeof once / sizeof *once; i++) {
        struct wrong again = once[i];
        world_restore(&world);
        take(again);
        snprintf(again.said.reason, sizeof again.said.reason, "in other words"); /* else it is the same statement, and has its receipt */
        refuse(again);
    }
}

static void states_that_do_not_follow(void **state)
{
    (void)state;
    struct wrong move = {"resume", BASE_E_STATE, NOTHING, false, 0, {.kind = EXCHANGE_KIND_STATE, .move = EXCHANGE_RESUME}};
    world_restore(&world);
    refuse(move);
    move.said.move = EXCHANGE_SUSPEND;
    take(move);
    snprintf(move.said.reason, sizeof move.said.reason, "again");
    refuse(move);
    move.said.move = EXCHANGE_CLOSE;
    take(move);
    snprintf(move.said.reason, sizeof move.said.reason, "and again");
    refuse(move);
    move.said.move = EXCHANGE_RESUME;
    refuse(move);
}

static void nothing_begins_while_suspended(void **state)
{
    (void)state;
    struct exchange_statement suspend = {.kind = EXCHANGE_KIND_STATE, .move = EXCHANGE_SUSPEND};
    world_restore(&world);
    world_say(&world, THERE, suspend, false);
    struct wrong alert = {"alert", BASE_E_SUSPENDED, NOTHING, true, 0, world_alert(&world)};
    struct wrong ask = {"ask", BASE_E_SUSPENDED, NOTHING, true, 0, world_ask(&world)};
    refuse(alert);
    refuse(ask);
    take((struct wrong){"an answer all the same", BASE_OK, OF(ask_there), true, 0, {.kind = EXCHANGE_KIND_ANSWER}});
}

static void budgets_end(void **state)
{
    (void)state;
    world_restore(&world);
    struct wrong alert = {"alert", BASE_E_OVER_BUDGET, NOTHING, true, 0, world_alert(&world)};
    struct wrong ask = {"ask", BASE_E_OVER_BUDGET, NOTHING, true, 0, world_ask(&world)};
    for (unsigned i = 1; i < WORLD_ALERTS_PER_DAY; i++) { /* one was said in the scene */
        alert.said.due_ms += 1000;
        take(alert);
    }
    for (unsigned i = 2; i < WORLD_ASKS_PER_DAY; i++) { /* two were */
        ask.said.due_ms += 1000;
        take(ask);
    }
    alert.said.due_ms += 1000;
    ask.said.due_ms += 1000;
    refuse(alert);
    refuse(ask);
    world.now_ms += WORLD_DAY_MS + 1000;
    take(alert);
    take(ask);
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
        cmocka_unit_test(kinds_that_are_not_delivered),
        cmocka_unit_test(an_abort_is_about_an_offer),
        cmocka_unit_test(what_is_not_there_and_what_is_not_theirs_look_alike),
        cmocka_unit_test(alerts_by_the_wrong_party),
        cmocka_unit_test(a_hit_is_told_once),
        cmocka_unit_test(asks_by_the_wrong_party),
        cmocka_unit_test(corrections_of_the_wrong_thing),
        cmocka_unit_test(duties_that_are_not_overdue),
        cmocka_unit_test(an_ask_is_deferred_three_times),
        cmocka_unit_test(what_may_be_said_once),
        cmocka_unit_test(states_that_do_not_follow),
        cmocka_unit_test(nothing_begins_while_suspended),
        cmocka_unit_test(budgets_end),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
