/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/account.h"

#include <stdlib.h>

const char *verify_ask_end_word(enum verify_ask_end end)
{
    static const char *const words[VERIFY_ASK_END_COUNT] = {
        [VERIFY_ASK_OPEN] = "open", [VERIFY_ASK_DEFERRED] = "deferred", [VERIFY_ASK_SILENT] = "silent",
        [VERIFY_ASK_ANSWERED] = "answered", [VERIFY_ASK_PARTLY] = "partly-answered", [VERIFY_ASK_NO_TRACE] = "no-trace",
        [VERIFY_ASK_TRANSFERRED] = "transferred", [VERIFY_ASK_DECLINED] = "declined", [VERIFY_ASK_WITHDRAWN] = "withdrawn",
    };
    return words[end];
}

/* Walks over the entries about one entry, in their order. */
#define EACH_ABOUT(entry, target)                                                                  \
    for (const struct verify_entry *entry = entry_at(export, (target)->first); entry != NULL; entry = entry_at(export, entry->next))

static const struct verify_entry *entry_at(const struct verify_export *export, uint32_t index)
{
    return index == VERIFY_NONE ? NULL : &export->entries[index];
}

static void end_ask(struct verify_ask *ask, const struct verify_entry *entry, enum verify_ask_end end)
{
    if (ask->ended == 0)
        ask->ended = entry->time;
    ask->end = end;
    ask->code = entry->word;
}

/* oversight 3.2 */
static struct verify_ask account_ask(const struct verify_export *export, uint32_t index)
{
    const struct verify_entry *target = &export->entries[index];
    struct verify_ask ask = {.index = index, .due = target->due};
    int64_t last_overdue = INT64_MIN;
    EACH_ABOUT(entry, target) {
        bool is_ended_by_asker = ask.end == VERIFY_ASK_WITHDRAWN;
        if (entry->kind == VERIFY_KIND_ANSWER && !is_ended_by_asker)
            end_ask(&ask, entry, (enum verify_ask_end)(VERIFY_ASK_ANSWERED + entry->word));
        else if (entry->kind == VERIFY_KIND_DECLINE && !is_ended_by_asker)
            end_ask(&ask, entry, VERIFY_ASK_DECLINED);
        else if (entry->kind == VERIFY_KIND_WITHDRAW && ask.ended == 0)
            end_ask(&ask, entry, VERIFY_ASK_WITHDRAWN);
        else if (entry->kind == VERIFY_KIND_DEFER) {
            ask.defers++;
            ask.due = entry->due;
        } else if (entry->kind == VERIFY_KIND_OVERDUE && entry->word == VERIFY_DUTY_ANSWER) {
            ask.overdues++;
            last_overdue = entry->due > last_overdue ? entry->due : last_overdue;
        }
    }
    if (ask.ended == 0 && last_overdue >= ask.due)
        ask.end = VERIFY_ASK_SILENT;
    else if (ask.ended == 0 && ask.defers > 0)
        ask.end = VERIFY_ASK_DEFERRED;
    ask.has_passed = ask.ended == 0 && ask.end != VERIFY_ASK_SILENT && ask.due < (int64_t)export->cosigned_at;
    ask.is_late = ask.overdues > 0 || (ask.ended != 0 && ask.ended > ask.due);
    return ask;
}

static void account_hit(const struct verify_export *export, const struct verify_entry *hit, struct verify_alert *alert)
{
    int verdict = -1;
    alert->hits[hit->word]++;
    EACH_ABOUT(entry, hit) {
        if (entry->kind == VERIFY_KIND_VERDICT)
            verdict = entry->word;
        alert->judged_late += entry->kind == VERIFY_KIND_OVERDUE && entry->word == VERIFY_DUTY_TASK;
    }
    if (verdict >= 0)
        alert->verdicts[verdict]++;
    else
        alert->unjudged++;
}

/* An overdue speaks of a lapse only once for each date, whichever entry it is about. */
static void account_overdue(const struct verify_entry *entry, struct verify_alert *alert)
{
    switch (entry->word) {
    case VERIFY_DUTY_REVIEW:
        alert->lapses++;
        alert->lapsed_at = entry->time;
        alert->decided_at = 0;
        break;
    case VERIFY_DUTY_JUSTIFY:
        alert->justify_overdue++;
        break;
    case VERIFY_DUTY_TELL:
        alert->told_late++;
        break;
    case VERIFY_DUTY_TASK:
        alert->judged_late++;
        break;
    default:
        break;
    }
}

static void decide(struct verify_alert *alert, const struct verify_entry *entry)
{
    if (alert->lapses > 0 && alert->decided_at == 0)
        alert->decided_at = entry->time;
}

static void account_about_alert(const struct verify_export *export, const struct verify_entry *entry, struct verify_alert *alert)
{
    switch ((enum verify_kind)entry->kind) {
    case VERIFY_KIND_RENEW:
        alert->renewals++;
        alert->review = entry->due;
        decide(alert, entry);
        EACH_ABOUT(later, entry)
            if (later->kind == VERIFY_KIND_OVERDUE)
                account_overdue(later, alert);
        break;
    case VERIFY_KIND_CLOSE:
        if (alert->closed == 0)
            alert->closed_by = entry->from;
        if (alert->closed == 0)
            alert->closed = entry->time;
        decide(alert, entry);
        break;
    case VERIFY_KIND_SERVED:
        alert->served++;
        EACH_ABOUT(later, entry)
            if (later->kind == VERIFY_KIND_OVERDUE)
                account_overdue(later, alert);
        break;
    case VERIFY_KIND_HIT:
        account_hit(export, entry, alert);
        break;
    case VERIFY_KIND_VERDICT:
        alert->verdicts[entry->word]++;
        break;
    case VERIFY_KIND_TELL:
        alert->told++;
        break;
    case VERIFY_KIND_TELL_DECLINE:
        alert->declined++;
        break;
    case VERIFY_KIND_OVERDUE:
        account_overdue(entry, alert);
        break;
    default:
        break;
    }
}

/* oversight 3.3. The entries about renewals are gone through with them: a later decision stands behind in any case. */
static struct verify_alert account_alert(const struct verify_export *export, uint32_t index)
{
    const struct verify_entry *target = &export->entries[index];
    struct verify_alert alert = {.index = index, .review = target->due};
    EACH_ABOUT(entry, target)
        account_about_alert(export, entry, &alert);
    return alert;
}

static struct verify_correction account_correction(const struct verify_export *export, uint32_t index)
{
    struct verify_correction correction = {.index = index};
    EACH_ABOUT(entry, &export->entries[index]) {
        if (entry->kind == VERIFY_KIND_CORRECTED && correction.done == 0) {
            correction.done = entry->time;
            correction.did = entry->word;
        }
        correction.is_overdue |= entry->kind == VERIFY_KIND_OVERDUE && entry->word == VERIFY_DUTY_CORRECTION;
    }
    return correction;
}

/* The receipt of an entry by who did not say it; a match is receipted by its starter, who is said to say it. */
static const struct verify_entry *receipt_of(const struct verify_export *export, const struct verify_entry *target)
{
    EACH_ABOUT(entry, target)
        if (entry->kind == VERIFY_KIND_RECEIPT && (entry->from != target->from || target->kind == VERIFY_KIND_MATCH))
            return entry;
    return NULL;
}

static struct verify_gap account_gap(const struct verify_export *export, uint32_t index)
{
    const struct verify_entry *overdue = &export->entries[index], *target = entry_at(export, overdue->about_at);
    const struct verify_entry *receipt = target == NULL || overdue->word == VERIFY_DUTY_COSIGN ? NULL : receipt_of(export, target);
    return (struct verify_gap){.index = index, .ended = receipt == NULL ? 0 : receipt->time};
}

static bool is_gap(const struct verify_entry *entry)
{
    return entry->kind == VERIFY_KIND_OVERDUE && (entry->word == VERIFY_DUTY_RECEIPT || entry->word == VERIFY_DUTY_COSIGN);
}

/* Delivered by the owner: its own statements, and a match that the other party started. */
static bool is_sent(const struct verify_entry *entry)
{
    bool is_task = entry->kind == VERIFY_KIND_OVERDUE && entry->word == VERIFY_DUTY_TASK;
    return verify_kind_path((enum verify_kind)entry->kind) == VERIFY_PATH_OUT && !is_task &&
           entry->from == (entry->kind == VERIFY_KIND_MATCH ? 1 : 0);
}

static void count_entry(const struct verify_export *export, const struct verify_entry *entry, struct verify_account *out)
{
    out->kinds[entry->kind]++;
    if (entry->kind == VERIFY_KIND_RETENTION)
        out->erased += (uint64_t)entry->count;
    if (entry->kind == VERIFY_KIND_FEEDBACK)
        out->uses[entry->word]++;
    out->feedback_overdue += entry->kind == VERIFY_KIND_OVERDUE && entry->word == VERIFY_DUTY_FEEDBACK;
    if (is_sent(entry) && receipt_of(export, entry) == NULL && out->unreceipted++ == 0)
        out->unreceipted_since = entry->time;
}

static void *list_of(uint64_t count, size_t size)
{
    return calloc(count + 1, size);
}

enum verify_result verify_account_make(const struct verify_export *export, struct verify_account *out, struct verify_report *report)
{
    uint64_t gaps = 0;
    *out = VERIFY_ACCOUNT_EMPTY;
    for (uint64_t i = 0; i < export->size; i++) {
        count_entry(export, &export->entries[i], out);
        gaps += is_gap(&export->entries[i]);
    }
    out->asks = list_of(out->kinds[VERIFY_KIND_ASK], sizeof out->asks[0]);
    out->alerts = list_of(out->kinds[VERIFY_KIND_ALERT], sizeof out->alerts[0]);
    out->corrections = list_of(out->kinds[VERIFY_KIND_CORRECTION], sizeof out->corrections[0]);
    out->gaps = list_of(gaps, sizeof out->gaps[0]);
    if (out->asks == NULL || out->alerts == NULL || out->corrections == NULL || out->gaps == NULL)
        return verify_unreadable(report, "no memory for a list");
    for (uint32_t i = 0; i < export->size; i++) {
        const struct verify_entry *entry = &export->entries[i];
        if (entry->kind == VERIFY_KIND_ASK)
            out->asks[out->ask_count++] = account_ask(export, i);
        else if (entry->kind == VERIFY_KIND_ALERT)
            out->alerts[out->alert_count++] = account_alert(export, i);
        else if (entry->kind == VERIFY_KIND_CORRECTION)
            out->corrections[out->correction_count++] = account_correction(export, i);
        else if (is_gap(entry))
            out->gaps[out->gap_count++] = account_gap(export, i);
    }
    return VERIFY_OK;
}

void verify_account_release(struct verify_account *account)
{
    free(account->asks);
    free(account->alerts);
    free(account->corrections);
    free(account->gaps);
    *account = VERIFY_ACCOUNT_EMPTY;
}
