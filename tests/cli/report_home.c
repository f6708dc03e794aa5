/* SPDX-License-Identifier: Apache-2.0
 *
 * Makes two parties in a folder of their own, with two compartments in which two years of invented statements stand, signed
 * and receipted, and prints the folder. tests/cli/report.py reads the reports of them; who wants to look at one can too.
 *
 *     report_home            -- lighthouse and harbour; prints the folder
 */
#include "../node/fixture.h"

enum { EVENTS_MAX = 4096, NONE = -1, HOUR_MS = 3600000, DAY_MS = 86400000 };

struct event {
    int64_t at_ms;
    int order;      /* as it was planned: keeps what is planned for one time in order */
    int number;     /* stays when the events are sorted */
    int about, hit; /* numbers of earlier events, or NONE */
    unsigned side;
    enum exchange_kind kind;
    struct exchange_statement statement;
};

struct plan {
    struct event events[EVENTS_MAX];
    int count;
    uint64_t seed;
};

static int64_t time_of(const char *day)
{
    char text[BASE_TIME_TEXT_LEN + 1];
    int64_t time_ms;
    snprintf(text, sizeof text, "%sT08:00:00Z", day);
    assert_ok(base_time_parse(base_bytes_text(text), &time_ms));
    return time_ms;
}

static unsigned dice(struct plan *plan, unsigned sides)
{
    plan->seed = plan->seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(plan->seed >> 33) % sides;
}

static int add(struct plan *plan, int64_t at_ms, unsigned side, enum exchange_kind kind, int about,
               struct exchange_statement statement)
{
    assert_true(plan->count < EVENTS_MAX);
    memset(statement.content.bytes, 1 + plan->count % 250, sizeof statement.content.bytes);
    statement.content.bytes[0] = (uint8_t)(plan->count / 250 + 1);
    plan->events[plan->count] = (struct event){at_ms, plan->count, plan->count, about, NONE, side, kind, statement};
    return plan->count++;
}

/* Said, and receipted after `hours`. */
static int say(struct plan *plan, int64_t at_ms, unsigned side, enum exchange_kind kind, int about, double hours,
               struct exchange_statement statement)
{
    int number = add(plan, at_ms, side, kind, about, statement);
    if (hours >= 0)
        add(plan, at_ms + (int64_t)(hours * HOUR_MS), 1 - side, EXCHANGE_KIND_RECEIPT, number,
            (struct exchange_statement){.count = 0});
    return number;
}

/* An ask, and what becomes of it: the worse `mood` (0 to 9), the slower and the rarer the replies. */
static void plan_ask(struct plan *plan, int64_t at_ms, unsigned side, unsigned mood)
{
    static const int64_t hours[] = {8, 168, 336};
    unsigned urgency = dice(plan, 10) < 2 ? 0 : dice(plan, 10) < 8 ? 1 : 2, fate = dice(plan, 100);
    int64_t allowed_ms = hours[urgency] * HOUR_MS, due_ms = at_ms + allowed_ms;
    int64_t reply_ms = at_ms + allowed_ms * (int64_t)(5 + dice(plan, 75 + 15 * mood)) / 100;
    int number = say(plan, at_ms, side, EXCHANGE_KIND_ASK, NONE, 0.02 * (1 + dice(plan, 50)),
                     (struct exchange_statement){.urgency = urgency, .due_ms = due_ms, .grading = 5, .handling = EXCHANGE_H2});
    if (fate < 4 + 2 * mood) {
        add(plan, due_ms + HOUR_MS, side, EXCHANGE_KIND_OVERDUE, number,
            (struct exchange_statement){.duty = EXCHANGE_DUTY_ANSWER, .due_ms = due_ms, .count = 1 - side});
        return; /* silent */
    }
    if (fate < 10 + 2 * mood) {
        say(plan, at_ms + allowed_ms / 2, side, EXCHANGE_KIND_WITHDRAW, number, 0.1,
            (struct exchange_statement){.reason = "found elsewhere"});
        return;
    }
    if (fate < 20 + 2 * mood) {
        say(plan, at_ms + allowed_ms * 3 / 4, 1 - side, EXCHANGE_KIND_DEFER, number, 0.1,
            (struct exchange_statement){.due_ms = due_ms + allowed_ms, .reason = "an archive has to be asked"});
        reply_ms += allowed_ms;
    }
    if (fate < 38 + 3 * mood) {
        static const enum exchange_code codes[] = {EXCHANGE_NO_LEGAL_BASIS, EXCHANGE_REQUEST_INCOMPLETE,
                                                   EXCHANGE_ORIGINATOR_WITHHOLDS, EXCHANGE_NEEDS_JUDICIAL_AUTHORISATION};
        say(plan, reply_ms, 1 - side, EXCHANGE_KIND_DECLINE, number, 0.2,
            (struct exchange_statement){.code = codes[dice(plan, 4)]});
        return;
    }
    int answer = say(plan, reply_ms, 1 - side, EXCHANGE_KIND_ANSWER, number, 0.3,
                     (struct exchange_statement){.outcome = fate < 55   ? EXCHANGE_NO_TRACE
                                                            : fate < 66 ? EXCHANGE_PARTLY
                                                            : fate < 69 ? EXCHANGE_TRANSFERRED
                                                                        : EXCHANGE_ANSWERED,
                                                 .feedback = fate > 75,
                                                 .grading = 1});
    if (fate > 82)
        say(plan, reply_ms + 5 * (int64_t)DAY_MS, side, EXCHANGE_KIND_FEEDBACK, answer, 0.1,
            (struct exchange_statement){.use = dice(plan, 3)});
    if (fate > 96) {
        int correction = say(plan, reply_ms + 9 * (int64_t)DAY_MS, 1 - side, EXCHANGE_KIND_CORRECTION, answer, 0.1,
                             (struct exchange_statement){.action = dice(plan, 3), .reason = "the date of birth was another's"});
        if (dice(plan, 3) > 0)
            say(plan, reply_ms + (10 + dice(plan, 9)) * (int64_t)DAY_MS, side, EXCHANGE_KIND_CORRECTED, correction, 0.1,
                (struct exchange_statement){.did = dice(plan, 4)});
    }
}

static void plan_alert(struct plan *plan, int64_t at_ms, unsigned side, unsigned fate)
{
    int64_t review_ms = at_ms + 365 * (int64_t)DAY_MS;
    int alert = say(
        plan, at_ms, side, EXCHANGE_KIND_ALERT, NONE, 0.2,
        (struct exchange_statement){.count = 1, .review_class = 1, .tell = 1u << EXCHANGE_TELL_TRAVEL, .due_ms = review_ms});
    if (side == THERE) { /* HERE looks at it, and has hits */
        if (fate % 4 != 0)
            add(plan, at_ms + 20 * HOUR_MS, HERE, EXCHANGE_KIND_VERDICT, alert,
                (struct exchange_statement){.verdict = EXCHANGE_ASSESSED});
        int hit = add(plan, at_ms + 30 * (int64_t)DAY_MS, HERE, EXCHANGE_KIND_HIT, alert,
                      (struct exchange_statement){
                          .grade = EXCHANGE_STRONG, .tell = fate % 3 != 0, .due_ms = at_ms + 37 * (int64_t)DAY_MS});
        if (fate % 5 != 0)
            add(plan, at_ms + 30 * (int64_t)DAY_MS + 5 * HOUR_MS, HERE, EXCHANGE_KIND_VERDICT, hit,
                (struct exchange_statement){.verdict = fate % 5 == 1 ? EXCHANGE_REJECTED : EXCHANGE_CONFIRMED});
        if (fate % 3 != 0 && fate % 5 != 0) {
            int tell =
                say(plan, at_ms + 31 * (int64_t)DAY_MS, HERE, fate % 7 == 0 ? EXCHANGE_KIND_TELL_DECLINE : EXCHANGE_KIND_TELL,
                    alert, 0.1, (struct exchange_statement){.code = EXCHANGE_JEOPARDISES_INVESTIGATION});
            plan->events[tell].hit = hit;
        }
    } else if (fate % 2 == 0) {
        int tell = say(plan, at_ms + 40 * (int64_t)DAY_MS, THERE, EXCHANGE_KIND_TELL, alert, 0.2,
                       (struct exchange_statement){.count = 0});
        plan->events[tell].hit = alert;
    }
    if (fate % 4 == 1)
        say(plan, review_ms - 10 * (int64_t)DAY_MS, side, EXCHANGE_KIND_RENEW, alert, 0.2,
            (struct exchange_statement){.due_ms = review_ms + 365 * (int64_t)DAY_MS});
    if (fate % 4 == 2)
        say(plan, review_ms + 12 * (int64_t)DAY_MS, side, EXCHANGE_KIND_CLOSE, alert, 0.2,
            (struct exchange_statement){.reason = "no longer needed"});
}

static void plan_gap(struct plan *plan, const char *day, unsigned owed_by, enum exchange_duty duty, double days)
{
    int64_t at_ms = time_of(day);
    int said = say(plan, at_ms, 1 - owed_by, EXCHANGE_KIND_STATE, NONE, 24 + 24 * days,
                   (struct exchange_statement){.move = EXCHANGE_RESUME, .reason = "are you there?"});
    add(plan, at_ms + DAY_MS + (owed_by == HERE ? (int64_t)(days * DAY_MS) + 1000 : 0), 1 - owed_by, EXCHANGE_KIND_OVERDUE,
        said, (struct exchange_statement){.duty = duty, .due_ms = at_ms + DAY_MS, .count = owed_by});
}

static int by_time(const void *a, const void *b)
{
    const struct event *left = a, *right = b;
    if (left->at_ms != right->at_ms)
        return left->at_ms < right->at_ms ? -1 : 1;
    return (left->order > right->order) - (left->order < right->order);
}

/* Signs and enters what was planned, up to `end_ms`, in both books. */
static void carry_out(struct fixture *fixture, struct plan *plan, int64_t end_ms)
{
    static struct crypto_hash hashes[EVENTS_MAX];
    static bool is_said[EVENTS_MAX];
    struct node_seat seats[2] = {fixture_seat(fixture, HERE), fixture_seat(fixture, THERE)};
    memset(is_said, 0, sizeof is_said);
    qsort(plan->events, (size_t)plan->count, sizeof *plan->events, by_time);
    for (unsigned side = 0; side < 2; side++)
        assert_ok(store_begin(fixture->sides[side].party->store));
    for (int i = 0; i < plan->count; i++) {
        struct event *event = &plan->events[i];
        struct exchange_statement head, *said = &event->statement;
        struct base_buffer note = BASE_BUFFER_EMPTY;
        if (event->at_ms > end_ms || (event->about != NONE && !is_said[event->about]))
            continue;
        fixture->now_ms = event->at_ms;
        node_statement_begin(&seats[event->side], event->kind, &fixture->sides[event->side].party->fingerprint, event->at_ms,
                             &head);
        said->kind = event->kind;
        said->compartment = head.compartment;
        said->terms = head.terms;
        said->from = head.from;
        said->time_ms = head.time_ms;
        said->due_ms -= said->due_ms % 1000;
        if (event->about != NONE)
            said->about = hashes[event->about];
        if (event->hit != NONE)
            said->hit = hashes[event->hit];
        if (event->kind == EXCHANGE_KIND_OVERDUE)
            said->owed_by = fixture->sides[said->count].party->fingerprint;
        assert_ok(node_statement_sign(&seats[event->side], said, &note));
        for (unsigned side = 0; side < 2; side++)
            if (side == event->side || exchange_kind_path(event->kind) != EXCHANGE_PATH_OWN)
                assert_ok(node_book_add(fixture->sides[side].party, &seats[side], exchange_kind_word(event->kind), event->at_ms,
                                        base_bytes_buffer(&note), &hashes[event->number]));
        is_said[event->number] = true;
        base_buffer_release(&note);
    }
    for (unsigned side = 0; side < 2; side++) {
        assert_ok(store_commit(fixture->sides[side].party->store));
        node_seat_release(&seats[side]);
    }
    plan->count = 0;
}

/* Two years of a compartment in which much is asked, and the other side becomes slower. */
static void fill_flood(struct fixture *fixture, struct plan *plan, int64_t end_ms)
{
    int64_t begin_ms = time_of("2025-01-06");
    for (int week = 0; week < 103; week++) {
        int64_t monday_ms = begin_ms + week * 7 * (int64_t)DAY_MS;
        plan_ask(plan, monday_ms + dice(plan, 60) * HOUR_MS, HERE, (unsigned)(week / 13));
        if (week % 4 == 1 || week > 90)
            plan_ask(plan, monday_ms + dice(plan, 90) * HOUR_MS, HERE, (unsigned)(week / 13));
        if (week % 3 == 0)
            plan_ask(plan, monday_ms + dice(plan, 90) * HOUR_MS, THERE, 1);
        if (week % 9 == 4)
            plan_alert(plan, monday_ms + 3 * HOUR_MS, week % 2 == 0 ? THERE : HERE, (unsigned)week / 9);
    }
    for (int i = 0; i < 6; i++)
        plan_alert(plan, begin_ms + (300 + 40 * i) * (int64_t)DAY_MS, THERE, (unsigned)i);
    plan_gap(plan, "2025-08-11", THERE, EXCHANGE_DUTY_RECEIPT, 9);
    plan_gap(plan, "2026-04-02", THERE, EXCHANGE_DUTY_RECEIPT, 26);
    plan_gap(plan, "2026-04-03", THERE, EXCHANGE_DUTY_COSIGN, 0.1);
    plan_gap(plan, "2026-07-20", HERE, EXCHANGE_DUTY_RECEIPT, 4);
    plan_gap(plan, "2026-12-10", THERE, EXCHANGE_DUTY_COSIGN, 0.1);
    say(plan, time_of("2025-11-03"), THERE, EXCHANGE_KIND_STATE, NONE, 0.1,
        (struct exchange_statement){.move = EXCHANGE_SUSPEND, .reason = "a review"});
    say(plan, time_of("2025-11-24"), THERE, EXCHANGE_KIND_STATE, NONE, 0.1,
        (struct exchange_statement){.move = EXCHANGE_RESUME, .reason = "reviewed"});
    carry_out(fixture, plan, end_ms);
}

int main(void)
{
    static struct plan plan = {.seed = 2026};
    struct fixture fixture;
    struct crypto_hash rules = {{1}};
    int64_t end_ms = time_of("2026-12-20");
    fixture_parties(&fixture, "127.0.0.1:4711", "127.0.0.1:4712");
    fixture_pair(&fixture);
    fixture.now_ms = time_of("2025-01-02");
    fixture_agree(&fixture, 0xc0, "flood", &rules);
    fill_flood(&fixture, &plan, end_ms);
    fixture_agree(&fixture, 0xc1, "fire", &rules);
    plan_ask(&plan, time_of("2026-10-05"), HERE, 0);
    plan_ask(&plan, time_of("2026-10-19"), HERE, 3);
    plan_ask(&plan, time_of("2026-12-01"), THERE, 9);
    plan_ask(&plan, time_of("2026-12-18"), THERE, 0);
    carry_out(&fixture, &plan, end_ms);
    puts(fixture.folder);
    for (unsigned side = 0; side < 2; side++)
        fixture_close(&fixture, side);
    return 0;
}
