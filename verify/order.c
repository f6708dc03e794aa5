/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/order.h"

#include <stdlib.h>
#include <string.h>

enum { HOUR = 3600, DAY = 24 * HOUR, JUSTIFY_DAYS = 15, LEAP_DAYS = 2, DEFERS_MAX = 3 };

/* What is known of an entry from those about it that were gone through. */
struct state {
    int64_t dues[DEFERS_MAX]; /* that deferrals gave an ask */
    int64_t met;              /* the earliest time at which its duty was met */
    uint8_t defers;
    bool is_met;
    bool is_withdrawn;
    bool is_closed;           /* an alert, and the next */
    bool is_justify_overdue;  /* its owner did not justify keeping it in time */
};

struct checking {
    const struct verify_export *export;
    struct state *states;
    struct verify_report *report;
};

#define BIT(kind) (1u << VERIFY_KIND_##kind)
#define ANY_KIND  ((1u << VERIFY_KIND_COUNT) - 1)

enum who { ANYBODY, ONES_OWN, THE_OTHERS };

/* What a kind may be about, and whose (statements 4.3, 7.2). Kinds that are about nothing, or checked by themselves, are zero. */
static const struct rule {
    uint32_t kinds;
    enum who who;
} rules[VERIFY_KIND_COUNT] = {
    [VERIFY_KIND_MATCH_ACCEPT] = {BIT(MATCH_OFFER), THE_OTHERS},
    [VERIFY_KIND_MATCH] = {BIT(MATCH_ACCEPT), THE_OTHERS},
    [VERIFY_KIND_MATCH_ABORT] = {BIT(MATCH_OFFER), ANYBODY},
    [VERIFY_KIND_REFUSAL] = {BIT(MATCH_OFFER), THE_OTHERS},
    [VERIFY_KIND_RENEW] = {BIT(ALERT), ONES_OWN},
    [VERIFY_KIND_CLOSE] = {BIT(ALERT), ANYBODY},
    [VERIFY_KIND_SERVED] = {BIT(ALERT), THE_OTHERS},
    [VERIFY_KIND_ASK] = {ANY_KIND, ANYBODY},
    [VERIFY_KIND_ANSWER] = {BIT(ASK), THE_OTHERS},
    [VERIFY_KIND_DECLINE] = {BIT(ASK), THE_OTHERS},
    [VERIFY_KIND_DEFER] = {BIT(ASK), THE_OTHERS},
    [VERIFY_KIND_WITHDRAW] = {BIT(ASK), ONES_OWN},
    [VERIFY_KIND_FEEDBACK] = {BIT(ANSWER), THE_OTHERS},
    [VERIFY_KIND_TELL] = {BIT(ALERT), THE_OTHERS},
    [VERIFY_KIND_TELL_DECLINE] = {BIT(ALERT), THE_OTHERS},
    [VERIFY_KIND_CORRECTION] = {ANY_KIND, ONES_OWN},
    [VERIFY_KIND_CORRECTED] = {BIT(CORRECTION), THE_OTHERS},
    [VERIFY_KIND_HIT] = {BIT(ALERT), ANYBODY},
    [VERIFY_KIND_VERDICT] = {BIT(HIT) | BIT(ALERT), ANYBODY},
    [VERIFY_KIND_RELEASE] = {ANY_KIND, ONES_OWN},
};

static bool is_none(const struct verify_hash *hash)
{
    static const struct verify_hash none;
    return memcmp(hash, &none, sizeof none) == 0;
}

/* statements 4.3: what is said to oneself stays with who says it; so does an overdue task (6.1). */
static enum verify_result check_path(struct checking *checking, const struct verify_entry *entry)
{
    bool is_own = verify_kind_path((enum verify_kind)entry->kind) == VERIFY_PATH_OWN ||
                  (entry->kind == VERIFY_KIND_OVERDUE && entry->word == VERIFY_DUTY_TASK);
    if (is_own && entry->from != 0)
        return verify_refute(checking->report, "statements 4.3", "what stays in the ledger of who says it, said by the other party");
    return VERIFY_OK;
}

/* statements 7.1. A release may stand before what it speaks of: both come in one move. */
static enum verify_result check_about(struct checking *checking, uint32_t index, const struct rule *rule)
{
    const struct verify_entry *entry = &checking->export->entries[index];
    bool is_release = entry->kind == VERIFY_KIND_RELEASE;
    if (entry->about_at == VERIFY_NONE || (entry->about_at >= index && !is_release))
        return verify_refute(checking->report, "statements 7.1", "about nothing that stands before it");
    const struct verify_entry *target = &checking->export->entries[entry->about_at];
    if ((rule->kinds & (1u << target->kind)) == 0)
        return verify_refute(checking->report, "statements 7.1", "about entry %u, which is of another kind than it may be about",
                             entry->about_at);
    bool is_own = target->from == entry->from;
    if ((rule->who == ONES_OWN && !is_own) || (rule->who == THE_OTHERS && is_own))
        return verify_refute(checking->report, "statements 7.1", "about entry %u, of the wrong party", entry->about_at);
    return VERIFY_OK;
}

/* conversations 3.2: a receipt of the owner's stands right behind what it receipts. */
static enum verify_result check_receipt(struct checking *checking, uint32_t index)
{
    static const struct rule rule = {ANY_KIND, ANYBODY};
    const struct verify_entry *entry = &checking->export->entries[index];
    VERIFY_TRY(check_about(checking, index, &rule));
    const struct verify_entry *target = &checking->export->entries[entry->about_at];
    if (target->kind != VERIFY_KIND_UNKNOWN && verify_kind_path((enum verify_kind)target->kind) != VERIFY_PATH_OUT)
        return verify_refute(checking->report, "statements 7.1", "a receipt for entry %u, which is not delivered", entry->about_at);
    if (target->kind != VERIFY_KIND_MATCH && target->from == entry->from)
        return verify_refute(checking->report, "statements 7.1", "about entry %u, of the wrong party", entry->about_at);
    if (entry->from == 0 && entry->about_at + 1 != index)
        return verify_refute(checking->report, "conversations 3.2", "the owner's receipt for entry %u does not stand right behind it",
                             entry->about_at);
    return VERIFY_OK;
}

/* What the owner was sent: of the other party; a match, which both say, is sent to its starter. */
static bool was_delivered(const struct verify_entry *entry)
{
    return verify_kind_path((enum verify_kind)entry->kind) == VERIFY_PATH_OUT && entry->from == (entry->kind == VERIFY_KIND_MATCH ? 0 : 1);
}

static enum verify_result check_receipted(struct checking *checking, uint32_t index)
{
    const struct verify_export *export = checking->export;
    const struct verify_entry *behind = index + 1 < export->size ? &export->entries[index + 1] : NULL;
    if (!was_delivered(&export->entries[index]))
        return VERIFY_OK;
    if (behind == NULL || behind->kind != VERIFY_KIND_RECEIPT || behind->from != 0 || behind->about_at != index)
        return verify_refute(checking->report, "conversations 3.2", "the owner's receipt does not stand right behind it");
    return VERIFY_OK;
}

/* 5.1: the years of the class, and the leap days that may lie in them. */
static enum verify_result check_review(struct checking *checking, const struct verify_entry *entry, uint8_t years)
{
    if (entry->due > entry->time + (365 * (int64_t)years + LEAP_DAYS) * DAY)
        return verify_refute(checking->report, "statements 5.1", "a review later than the class of the alert allows");
    return VERIFY_OK;
}

/* 7.2: the other party may not have heard yet that it was closed. */
static enum verify_result check_renew(struct checking *checking, const struct verify_entry *entry)
{
    if (entry->from == 0 && checking->states[entry->about_at].is_closed)
        return verify_refute(checking->report, "statements 7.2", "it renews an alert that was closed");
    return check_review(checking, entry, checking->export->entries[entry->about_at].review_class);
}

/* Of the entries about an alert that stand before `index`: did one renew it until this date? */
static bool was_renewed(const struct checking *checking, const struct verify_entry *alert, uint32_t index, int64_t date)
{
    const struct verify_entry *entries = checking->export->entries;
    for (uint32_t at = alert->first; at != VERIFY_NONE && at < index; at = entries[at].next)
        if (entries[at].kind == VERIFY_KIND_RENEW && entries[at].due == date)
            return true;
    return false;
}

/* Likewise: did one call it served, so that its owner had until a date from `least` to `most` to justify it? */
static bool was_served(const struct checking *checking, const struct verify_entry *alert, uint32_t index, int64_t least, int64_t most)
{
    const struct verify_entry *entries = checking->export->entries;
    for (uint32_t at = alert->first; at != VERIFY_NONE && at < index; at = entries[at].next) {
        int64_t due = entries[at].time + JUSTIFY_DAYS * DAY;
        if (entries[at].kind == VERIFY_KIND_SERVED && due >= least && due <= most)
            return true;
    }
    return false;
}

/* 6.4: by the receiver only when the owner was overdue to justify it; the other party's word of that may be under way. */
static enum verify_result check_close(struct checking *checking, uint32_t index)
{
    const struct verify_entry *entry = &checking->export->entries[index], *alert = &checking->export->entries[entry->about_at];
    struct state *state = &checking->states[entry->about_at];
    bool may_close = alert->from == entry->from || state->is_justify_overdue ||
                     (entry->from != 0 && was_served(checking, alert, index, INT64_MIN, entry->time));
    if (!may_close)
        return verify_refute(checking->report, "statements 6.4", "the other party closes an alert that its owner was not overdue to justify");
    state->is_closed = true;
    return VERIFY_OK;
}

/* 6.6 */
static enum verify_result check_ask(struct checking *checking, uint32_t index)
{
    static const struct rule anything = {ANY_KIND, ANYBODY};
    const struct verify_entry *entry = &checking->export->entries[index];
    if (!is_none(&entry->about))
        VERIFY_TRY(check_about(checking, index, &anything));
    if (entry->due < entry->time + checking->export->terms.hours[VERIFY_HOURS_URGENT + entry->word] * HOUR)
        return verify_refute(checking->report, "statements 6.6", "an ask that is due before the hours of its urgency have passed");
    return VERIFY_OK;
}

/* 6.6 */
static enum verify_result check_code(struct checking *checking, const struct verify_entry *entry)
{
    if ((checking->export->terms.codes & (1u << entry->word)) == 0)
        return verify_refute(checking->report, "statements 6.6", "declined for a reason that the terms do not accept");
    return VERIFY_OK;
}

/* 7.2: the other's answer may have been under way when the owner withdrew. */
static enum verify_result check_reply(struct checking *checking, const struct verify_entry *entry)
{
    if (entry->from == 0 && checking->states[entry->about_at].is_withdrawn)
        return verify_refute(checking->report, "statements 7.2", "about an ask that was withdrawn");
    return entry->kind == VERIFY_KIND_DECLINE ? check_code(checking, entry) : VERIFY_OK;
}

/* 6.5 */
static enum verify_result check_defer(struct checking *checking, const struct verify_entry *entry)
{
    struct state *state = &checking->states[entry->about_at];
    int64_t from = state->defers == 0 ? checking->export->entries[entry->about_at].due : state->dues[state->defers - 1];
    VERIFY_TRY(check_reply(checking, entry));
    if (state->defers == DEFERS_MAX)
        return verify_refute(checking->report, "statements 6.5", "an ask that is deferred a fourth time");
    if (from < entry->time)
        from = entry->time;
    if (entry->due > from + checking->export->terms.hours[VERIFY_HOURS_OTHER] * HOUR)
        return verify_refute(checking->report, "statements 6.5", "deferred by more than the terms allow");
    state->dues[state->defers++] = entry->due;
    return VERIFY_OK;
}

/* 4.3, 7.2: the hit of a tell stands in the ledger of who tells. */
static enum verify_result check_hit_of(struct checking *checking, const struct verify_entry *entry, const struct verify_entry **hit)
{
    *hit = NULL;
    if (entry->from != 0)
        return VERIFY_OK;
    uint32_t index = verify_export_find(checking->export, &entry->second);
    if (index == VERIFY_NONE || index >= (uint32_t)(entry - checking->export->entries) ||
        checking->export->entries[index].kind != VERIFY_KIND_HIT || checking->export->entries[index].about_at != entry->about_at)
        return verify_refute(checking->report, "statements 4.3", "the hit it names is no hit on this alert that stands before it");
    *hit = &checking->export->entries[index];
    return VERIFY_OK;
}

static enum verify_result check_correction(struct checking *checking, const struct verify_entry *entry)
{
    const struct verify_entry *target = &checking->export->entries[entry->about_at];
    if (target->kind != VERIFY_KIND_UNKNOWN &&
        (!target->has_content || verify_kind_path((enum verify_kind)target->kind) != VERIFY_PATH_OUT))
        return verify_refute(checking->report, "statements 7.2", "it corrects entry %u, with which no content was sent", entry->about_at);
    return VERIFY_OK;
}

static void note_met(struct checking *checking, const struct verify_entry *entry)
{
    struct state *state = &checking->states[entry->about_at];
    if (!state->is_met || entry->time < state->met)
        state->met = entry->time;
    state->is_met = true;
    if (entry->kind == VERIFY_KIND_WITHDRAW)
        state->is_withdrawn = true;
}

/* What opens a duty, which party of that says that it is overdue, and when it is due (6.1). */
static const struct duty {
    struct rule rule;
    int hours; /* a place in the terms, or one of the two below */
} duties[VERIFY_DUTY_COUNT] = {
#define THE_DATE_ITSELF (-1)
#define FIFTEEN_DAYS    (-2)
    [VERIFY_DUTY_ANSWER] = {{BIT(ASK), ONES_OWN}, THE_DATE_ITSELF},
    [VERIFY_DUTY_FEEDBACK] = {{BIT(ANSWER), ONES_OWN}, VERIFY_HOURS_FEEDBACK},
    [VERIFY_DUTY_TELL] = {{BIT(ALERT), THE_OTHERS}, THE_DATE_ITSELF},
    [VERIFY_DUTY_TASK] = {{BIT(HIT) | BIT(ALERT), ANYBODY}, VERIFY_HOURS_TASK},
    [VERIFY_DUTY_REVIEW] = {{BIT(ALERT) | BIT(RENEW), THE_OTHERS}, THE_DATE_ITSELF},
    [VERIFY_DUTY_JUSTIFY] = {{BIT(SERVED) | BIT(ALERT), ANYBODY}, FIFTEEN_DAYS},
    [VERIFY_DUTY_CORRECTION] = {{BIT(CORRECTION), ONES_OWN}, VERIFY_HOURS_CORRECTION},
    [VERIFY_DUTY_RECEIPT] = {{ANY_KIND, ANYBODY}, VERIFY_HOURS_RECEIPT},
    [VERIFY_DUTY_COSIGN] = {{ANY_KIND, ANYBODY}, VERIFY_HOURS_COSIGN},
};

/* Dates that later statements gave a duty: deferrals an ask, renewals the review of an alert. */
static bool is_later_date(const struct checking *checking, uint32_t index, const struct verify_entry *target)
{
    const struct verify_entry *entry = &checking->export->entries[index];
    const struct state *state = &checking->states[entry->about_at];
    for (unsigned i = 0; i < state->defers; i++)
        if (entry->due == state->dues[i])
            return true;
    return target->kind == VERIFY_KIND_ALERT && was_renewed(checking, target, index, entry->due);
}

static bool is_due(const struct checking *checking, uint32_t index, const struct verify_entry *target)
{
    const struct verify_entry *entry = &checking->export->entries[index];
    int hours = duties[entry->word].hours;
    if (hours == THE_DATE_ITSELF)
        return entry->due == target->due || is_later_date(checking, index, target);
    if (hours == FIFTEEN_DAYS)
        return target->kind == VERIFY_KIND_SERVED ? entry->due == target->time + JUSTIFY_DAYS * DAY
                                                  : was_served(checking, target, index, entry->due, entry->due);
    if (entry->word == VERIFY_DUTY_TASK && target->kind == VERIFY_KIND_ALERT && target->from == entry->from) /* its review was asked for */
        return entry->due == target->due || is_later_date(checking, index, target);
    int64_t due = target->time + checking->export->terms.hours[hours] * HOUR;
    /* What waits in one's own house is counted from when it came there, and by one's own clock. */
    if (entry->word == VERIFY_DUTY_TASK || entry->word == VERIFY_DUTY_RECEIPT || entry->word == VERIFY_DUTY_COSIGN)
        return target->from != entry->from || entry->due >= due;
    return entry->due == due;
}

/* 6.2 */
static enum verify_result check_overdue_lines(struct checking *checking, const struct verify_entry *entry)
{
    bool is_tell = entry->word == VERIFY_DUTY_TELL, is_with_oneself = is_tell || entry->word == VERIFY_DUTY_TASK;
    if (is_none(&entry->second) == is_tell && entry->word != VERIFY_DUTY_COSIGN)
        return verify_refute(checking->report, "statements 6.2", is_tell ? "an overdue duty to tell that names no hit"
                                                                         : "an overdue duty that is not to tell and names a hit");
    if ((entry->owed_by == entry->from) != is_with_oneself)
        return verify_refute(checking->report, "statements 6.3", "owed by the wrong party");
    if (entry->time < entry->due)
        return verify_refute(checking->report, "statements 6.3", "dated before the date that it says has passed");
    return VERIFY_OK;
}

/* 6.3: did this open the duty? */
static enum verify_result check_opened(struct checking *checking, const struct verify_entry *entry, const struct verify_entry *target)
{
    bool is_out = target->kind == VERIFY_KIND_UNKNOWN || verify_kind_path((enum verify_kind)target->kind) == VERIFY_PATH_OUT;
    bool is_sent = is_out && (target->from == entry->from || target->kind == VERIFY_KIND_MATCH);
    bool is_receivers = (target->kind == VERIFY_KIND_ALERT) == (target->from != entry->from);
    if (entry->word == VERIFY_DUTY_FEEDBACK && !target->wants_feedback)
        return verify_refute(checking->report, "statements 6.3", "about entry %u, an answer that asks for no feedback", entry->about_at);
    if (entry->word == VERIFY_DUTY_RECEIPT && !is_sent)
        return verify_refute(checking->report, "statements 6.3", "about entry %u, for which no receipt is owed", entry->about_at);
    if (entry->word == VERIFY_DUTY_JUSTIFY && !is_receivers)
        return verify_refute(checking->report, "statements 7.1", "about entry %u, of the wrong party", entry->about_at);
    return VERIFY_OK;
}

/* What did not come may be unknown to who is said to owe it: of the other party, such a claim is only a claim. */
static bool is_claim_of_gap(const struct verify_entry *entry)
{
    return entry->from != 0 && (entry->word == VERIFY_DUTY_COSIGN || entry->word == VERIFY_DUTY_RECEIPT);
}

static enum verify_result check_date(struct checking *checking, uint32_t index, const struct verify_entry *target)
{
    const struct verify_entry *entry = &checking->export->entries[index], *hit = NULL;
    bool is_tell = entry->word == VERIFY_DUTY_TELL;
    if (is_tell)
        VERIFY_TRY(check_hit_of(checking, entry, &hit));
    if (is_tell ? hit != NULL && hit->due != entry->due : !is_due(checking, index, target))
        return verify_refute(checking->report, "statements 6.3", "not the date on which the duty was due");
    return VERIFY_OK;
}

static enum verify_result check_overdue(struct checking *checking, uint32_t index)
{
    const struct verify_entry *entry = &checking->export->entries[index];
    VERIFY_TRY(check_overdue_lines(checking, entry));
    if (is_claim_of_gap(entry))
        return VERIFY_OK;
    VERIFY_TRY(check_about(checking, index, &duties[entry->word].rule));
    const struct verify_entry *target = &checking->export->entries[entry->about_at];
    const struct state *state = &checking->states[entry->about_at];
    VERIFY_TRY(check_opened(checking, entry, target));
    VERIFY_TRY(check_date(checking, index, target));
    bool is_told = entry->word == VERIFY_DUTY_ANSWER || entry->word == VERIFY_DUTY_FEEDBACK || entry->word == VERIFY_DUTY_CORRECTION;
    if (is_told && entry->from == 0 && state->is_met && state->met <= entry->due)
        return verify_refute(checking->report, "statements 6.1", "said to be overdue although it was met in time before");
    if (entry->word == VERIFY_DUTY_JUSTIFY)
        checking->states[target->kind == VERIFY_KIND_SERVED ? target->about_at : entry->about_at].is_justify_overdue = true;
    return VERIFY_OK;
}

/* What a kind demands beyond what it may be about. */
static enum verify_result check_kind(struct checking *checking, uint32_t index)
{
    const struct verify_entry *entry = &checking->export->entries[index], *hit;
    switch ((enum verify_kind)entry->kind) {
    case VERIFY_KIND_ALERT:
        return check_review(checking, entry, entry->review_class);
    case VERIFY_KIND_RENEW:
        return check_renew(checking, entry);
    case VERIFY_KIND_CLOSE:
        return check_close(checking, index);
    case VERIFY_KIND_ANSWER:
    case VERIFY_KIND_DECLINE:
        VERIFY_TRY(check_reply(checking, entry));
        note_met(checking, entry);
        return VERIFY_OK;
    case VERIFY_KIND_DEFER:
        return check_defer(checking, entry);
    case VERIFY_KIND_WITHDRAW:
    case VERIFY_KIND_FEEDBACK:
    case VERIFY_KIND_CORRECTED:
        note_met(checking, entry);
        return VERIFY_OK;
    case VERIFY_KIND_TELL_DECLINE:
        VERIFY_TRY(check_code(checking, entry));
        return check_hit_of(checking, entry, &hit);
    case VERIFY_KIND_TELL:
        return check_hit_of(checking, entry, &hit);
    case VERIFY_KIND_CORRECTION:
        return check_correction(checking, entry);
    default:
        return VERIFY_OK;
    }
}

static enum verify_result check_entry(struct checking *checking, uint32_t index)
{
    const struct verify_entry *entry = &checking->export->entries[index];
    const struct rule *rule = &rules[entry->kind];
    VERIFY_TRY(check_path(checking, entry));
    if (entry->kind == VERIFY_KIND_RECEIPT)
        return check_receipt(checking, index);
    VERIFY_TRY(check_receipted(checking, index));
    if (entry->kind == VERIFY_KIND_ASK)
        return check_ask(checking, index);
    if (entry->kind == VERIFY_KIND_OVERDUE)
        return check_overdue(checking, index);
    if (rule->kinds != 0)
        VERIFY_TRY(check_about(checking, index, rule));
    return check_kind(checking, index);
}

/* Which rule "once" an entry falls under; 0 for none. A tell and its refusal are one: a hit is told or it is not. An overdue
 * is made once by the owner; one that the other repeats says nothing new, and a gap may open again. */
static unsigned once_group(const struct verify_entry *entry)
{
    static const uint8_t groups[VERIFY_KIND_COUNT] = {
        [VERIFY_KIND_FEEDBACK] = 1, [VERIFY_KIND_TELL] = 2, [VERIFY_KIND_TELL_DECLINE] = 2, [VERIFY_KIND_CORRECTED] = 3,
        [VERIFY_KIND_OVERDUE] = 4,  [VERIFY_KIND_RECEIPT] = 5, [VERIFY_KIND_MATCH] = 6,
    };
    bool is_gap = entry->word == VERIFY_DUTY_RECEIPT || entry->word == VERIFY_DUTY_COSIGN;
    return entry->kind == VERIFY_KIND_OVERDUE && (entry->from != 0 || is_gap) ? 0 : groups[entry->kind];
}

static int compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* Equal where the second is one too many; a match is entered once for its acceptance, whatever it says. */
static int compare_said(const struct verify_entry *a, const struct verify_entry *b)
{
    int order = compare_numbers(once_group(a), once_group(b));
    if (order == 0)
        order = compare_numbers(a->from, b->from);
    if (order == 0)
        order = memcmp(&a->about, &b->about, sizeof a->about);
    if (order == 0 && a->kind != VERIFY_KIND_MATCH)
        order = memcmp(&a->second, &b->second, sizeof a->second);
    if (order == 0 && a->kind == VERIFY_KIND_OVERDUE)
        order = compare_numbers(a->word, b->word);
    if (order == 0 && a->kind == VERIFY_KIND_OVERDUE)
        order = compare_numbers(a->due, b->due);
    return order;
}

static int compare_places(const void *a, const void *b, void *entries)
{
    const uint32_t *left = a, *right = b;
    const struct verify_entry *all = entries;
    int order = compare_said(&all[*left], &all[*right]);
    return order != 0 ? order : compare_numbers(*left, *right);
}

/* 6.2, 7.1, 7.2, conversations 3.2 and 3.3 */
static enum verify_result check_once(const struct verify_export *export, struct verify_report *report)
{
    static const char *const clauses[] = {"", "statements 7.2", "statements 7.2", "statements 7.2", "statements 6.2",
                                          "conversations 3.2", "conversations 3.3"};
    uint32_t *places = malloc((export->size + 1) * sizeof *places);
    enum verify_result result = VERIFY_OK;
    size_t count = 0;
    if (places == NULL)
        return verify_unreadable(report, "no memory for a list");
    for (uint32_t i = 0; i < export->size; i++)
        if (once_group(&export->entries[i]) != 0)
            places[count++] = i;
    qsort_r(places, count, sizeof *places, compare_places, export->entries);
    for (size_t i = 1; i < count && result == VERIFY_OK; i++) {
        if (compare_said(&export->entries[places[i - 1]], &export->entries[places[i]]) != 0)
            continue;
        verify_at(report, "entry %u", places[i]);
        result = verify_refute(report, clauses[once_group(&export->entries[places[i]])],
                               "said a second time, after entry %u, where once is allowed", places[i - 1]);
    }
    free(places);
    return result;
}

enum verify_result verify_order_check(const struct verify_export *export, struct verify_report *report)
{
    struct checking checking = {export, calloc(export->size + 1, sizeof *checking.states), report};
    enum verify_result result = checking.states == NULL ? verify_unreadable(report, "no memory for a list") : VERIFY_OK;
    for (uint32_t i = 0; i < export->size && result == VERIFY_OK; i++) {
        verify_at(report, "entry %u", i);
        result = check_entry(&checking, i);
    }
    free(checking.states);
    return result == VERIFY_OK ? check_once(export, report) : result;
}
