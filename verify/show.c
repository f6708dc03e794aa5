/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/show.h"

#include <stdio.h>
#include <string.h>

typedef unsigned long long number;

static const char *party_word(uint8_t party)
{
    return party == 0 ? "owner" : "cosigner";
}

/* A time, or "-" for none; four at once may be held. */
static const char *time_text(int64_t seconds)
{
    static char texts[4][24];
    static unsigned next;
    char *text = texts[next++ % 4];
    if (seconds == 0)
        snprintf(text, sizeof texts[0], "-");
    else
        verify_time_write(seconds, text);
    return text;
}

static void show_signers(uint8_t signers)
{
    bool is_first = true;
    for (int role = 0; role < VERIFY_ROLE_COUNT; role++) {
        if ((signers & (1u << role)) == 0)
            continue;
        printf("%s%s", is_first ? "" : ", ", verify_role_word((enum verify_role)role));
        is_first = false;
    }
}

void verify_show_entries(const struct verify_export *export)
{
    uint64_t unknown = 0;
    if (export->checked > 0)
        printf("%7s  %-20s  %-16s  %s\n", "index", "time", "kind", "signed by");
    for (uint64_t i = 0; i < export->checked; i++) {
        const struct verify_entry *entry = &export->entries[i];
        bool is_known = entry->kind != VERIFY_KIND_UNKNOWN;
        printf("%7llu  %-20s  %-16s  ", (number)i, time_text(entry->time), verify_export_word(export, i));
        show_signers(entry->signers);
        printf("%s\n", is_known ? "" : "  (kind not known here)");
        unknown += !is_known;
    }
    if (unknown > 0)
        printf("%llu of a kind whose lines this program does not know: only their common lines were checked\n", (number)unknown);
}

void verify_show_comparison(const struct verify_export exports[2], const struct verify_comparison *comparison)
{
    printf("both have %llu, among them %llu matches\n", (number)comparison->common_count, (number)comparison->matches);
    for (uint64_t i = 0; i < comparison->only_count; i++) {
        const struct verify_difference *only = &comparison->only[i];
        printf("only in the %s: %llu  %s  %s\n", only->side == 0 ? "first" : "second", (number)only->index,
               time_text(exports[only->side].entries[only->index].time), verify_export_word(&exports[only->side], only->index));
    }
}

static void show_head(const struct verify_compartment *compartment)
{
    const struct verify_export *export = compartment->export;
    printf("compartment %s\n", export->parties.compartment);
    printf("  owner      %s\n  cosigner   %s\n", export->parties.fingerprints[0], export->parties.fingerprints[1]);
    printf("  ledger     %llu entries, all under the root that the cosigner cosigned at %s; every receipt stands right behind its\n"
           "             statement: nothing was removed\n",
           (number)export->size, time_text((int64_t)export->cosigned_at));
    if (compartment->has_peer)
        printf("  theirs     the cosigner's own ledger had %llu entries when the owner cosigned it at %s\n", (number)compartment->peer_size,
               time_text((int64_t)compartment->peer_at));
    else
        printf("  theirs     the owner has cosigned nothing of the cosigner's own ledger\n");
    if (export->size > 0)
        printf("  terms      of %s; to answer: %lld, %lld, %lld hours by urgency; contents kept %lld days\n",
               time_text(export->entries[0].time), (long long)export->terms.hours[VERIFY_HOURS_URGENT],
               (long long)export->terms.hours[VERIFY_HOURS_NORMAL], (long long)export->terms.hours[VERIFY_HOURS_OTHER],
               (long long)export->terms.retention_days);
}

static void show_ask(const struct verify_export *export, const struct verify_ask *ask)
{
    const struct verify_entry *entry = &export->entries[ask->index];
    printf("  %7u  %s  %-8s  %-7s  %s  %s%s%s", ask->index, time_text(entry->time), party_word(entry->from),
           verify_urgencies.items[entry->word], time_text(ask->due), verify_ask_end_word(ask->end), ask->end == VERIFY_ASK_DECLINED ? " " : "",
           ask->end == VERIFY_ASK_DECLINED ? verify_codes.items[ask->code] : "");
    if (ask->ended != 0)
        printf(", %s", time_text(ask->ended));
    if (ask->defers > 0)
        printf(", deferred %u", ask->defers);
    printf("%s%s\n", ask->is_late ? ", LATE" : "", ask->has_passed ? ", the date has passed" : "");
}

static void show_alert_state(const struct verify_alert *alert)
{
    if (alert->closed != 0)
        printf("closed by the %s, %s", party_word(alert->closed_by), time_text(alert->closed));
    else
        printf("awake");
    if (alert->renewals > 0)
        printf(", renewed %u", alert->renewals);
    if (alert->lapses > 0)
        printf(", LAPSED %s, %s%s", time_text(alert->lapsed_at), alert->decided_at == 0 ? "not decided" : "decided ",
               alert->decided_at == 0 ? "" : time_text(alert->decided_at));
    if (alert->served > 0)
        printf(", called served%s", alert->justify_overdue > 0 ? " and NOT JUSTIFIED" : "");
}

static void show_alert(const struct verify_export *export, const struct verify_alert *alert)
{
    const struct verify_entry *entry = &export->entries[alert->index];
    printf("  %7u  %s  %-8s  %7lld  %5u  %s  ", alert->index, time_text(entry->time), party_word(entry->from), (long long)entry->count,
           entry->review_class, time_text(alert->review));
    show_alert_state(alert);
    printf("\n           hits: exact %u, strong %u, possible %u; confirmed %u, rejected %u, unsure %u, not judged %u; assessed %u; told %u, "
           "declined %u, told LATE %u, judged LATE %u\n",
           alert->hits[VERIFY_EXACT], alert->hits[VERIFY_STRONG], alert->hits[VERIFY_POSSIBLE], alert->verdicts[VERIFY_CONFIRMED],
           alert->verdicts[VERIFY_REJECTED], alert->verdicts[VERIFY_UNSURE], alert->unjudged, alert->verdicts[VERIFY_ASSESSED], alert->told,
           alert->declined, alert->told_late, alert->judged_late);
}

static void show_asks(const struct verify_export *export, const struct verify_account *account)
{
    printf("  asks: %zu\n", account->ask_count);
    if (account->ask_count > 0)
        printf("  %7s  %-20s  %-8s  %-7s  %-20s  %s\n", "entry", "time", "from", "urgency", "due", "outcome");
    for (size_t i = 0; i < account->ask_count; i++)
        show_ask(export, &account->asks[i]);
}

static void show_alerts(const struct verify_export *export, const struct verify_account *account)
{
    printf("  alerts: %zu\n", account->alert_count);
    if (account->alert_count > 0)
        printf("  %7s  %-20s  %-8s  %7s  %5s  %-20s  %s\n", "entry", "time", "from", "persons", "class", "review", "state");
    for (size_t i = 0; i < account->alert_count; i++)
        show_alert(export, &account->alerts[i]);
}

static void show_corrections(const struct verify_export *export, const struct verify_account *account)
{
    printf("  corrections: %zu\n", account->correction_count);
    for (size_t i = 0; i < account->correction_count; i++) {
        const struct verify_correction *correction = &account->corrections[i];
        const struct verify_entry *entry = &export->entries[correction->index];
        printf("  %7u  %s  %-8s  %s entry %u: %s%s%s%s\n", correction->index, time_text(entry->time), party_word(entry->from),
               verify_actions.items[entry->word], entry->about_at, correction->done == 0 ? "nothing done" : verify_dids.items[correction->did],
               correction->done == 0 ? "" : ", ", correction->done == 0 ? "" : time_text(correction->done),
               correction->is_overdue ? ", LATE" : "");
    }
}

static void show_gaps(const struct verify_export *export, const struct verify_account *account)
{
    printf("  gaps: %zu\n", account->gap_count);
    for (size_t i = 0; i < account->gap_count; i++) {
        const struct verify_entry *entry = &export->entries[account->gaps[i].index];
        printf("  %7u  %s  %-8s  no %s by the %s until %s%s%s\n", account->gaps[i].index, time_text(entry->time), party_word(entry->from),
               entry->word == VERIFY_DUTY_COSIGN ? "cosignature" : "receipt", party_word(entry->owed_by), time_text(entry->due),
               account->gaps[i].ended == 0 ? "" : "; it came ", account->gaps[i].ended == 0 ? "" : time_text(account->gaps[i].ended));
    }
    if (account->unreceipted > 0)
        printf("  of the owner's statements %llu have no receipt yet, the oldest of %s\n", (number)account->unreceipted,
               time_text(account->unreceipted_since));
}

static void show_own(const struct verify_export *export, const struct verify_account *account)
{
    printf("  retention: %llu runs, %llu contents erased\n", (number)account->kinds[VERIFY_KIND_RETENTION], (number)account->erased);
    for (uint64_t i = 0; i < export->size; i++)
        if (export->entries[i].kind == VERIFY_KIND_RETENTION)
            printf("  %7llu  %s  erased %lld\n", (number)i, time_text(export->entries[i].time), (long long)export->entries[i].count);
    printf("  matches: %llu; offers %llu, refused %llu, aborted %llu\n", (number)account->kinds[VERIFY_KIND_MATCH],
           (number)account->kinds[VERIFY_KIND_MATCH_OFFER], (number)account->kinds[VERIFY_KIND_REFUSAL],
           (number)account->kinds[VERIFY_KIND_MATCH_ABORT]);
    printf("  answers were: useful %llu, not useful %llu, not used %llu; feedback LATE %llu\n", (number)account->uses[VERIFY_USEFUL],
           (number)account->uses[VERIFY_NOT_USEFUL], (number)account->uses[VERIFY_NOT_USED], (number)account->feedback_overdue);
    printf("  held and not shared %llu, releases %llu, changes of state %llu\n", (number)account->kinds[VERIFY_KIND_HOLD],
           (number)account->kinds[VERIFY_KIND_RELEASE], (number)account->kinds[VERIFY_KIND_STATE]);
    if (account->kinds[VERIFY_KIND_UNKNOWN] > 0)
        printf("  of kinds that are not known here %llu\n", (number)account->kinds[VERIFY_KIND_UNKNOWN]);
}

void verify_show_conflict(const struct verify_conflict *conflict)
{
    char prefix[2 * VERIFY_HASH_LEN + 1], roots[2][2 * VERIFY_HASH_LEN + 1];
    for (int i = 0; i < 2; i++)
        verify_hex_write(conflict->roots[i].bytes, VERIFY_HASH_LEN, roots[i]);
    verify_hex_write(conflict->prefix.bytes, VERIFY_HASH_LEN, prefix);
    printf("  %s signed %llu entries with the root\n    %s\n  and %llu entries with the root\n    %s\n", conflict->parties.fingerprints[0],
           (number)conflict->sizes[0], roots[0], (number)conflict->sizes[1], roots[1]);
    if (conflict->is_proven && conflict->sizes[0] != conflict->sizes[1])
        printf("  of which the first %llu have the root\n    %s\n", (number)conflict->sizes[0], prefix);
    printf("  %s\n", conflict->is_proven ? "both cannot be true: TWO HISTORIES, proven"
                                         : "that the second continues the first was not shown: a suspicion, no proof");
}

void verify_show_compartment(const struct verify_compartment *compartment)
{
    const struct verify_account *account = compartment->account;
    show_head(compartment);
    show_asks(compartment->export, account);
    show_alerts(compartment->export, account);
    show_corrections(compartment->export, account);
    show_gaps(compartment->export, account);
    show_own(compartment->export, account);
    printf("  conflicts: %llu entries, %zu with evidence\n", (number)account->kinds[VERIFY_KIND_CONFLICT], compartment->conflict_count);
    for (size_t i = 0; i < compartment->conflict_count; i++)
        verify_show_conflict(&compartment->conflicts[i]);
    printf("\n");
}

/* oversight 5.8: letters stay letters; what could move a terminal's cursor does not. */
static void show_content(struct verify_span content)
{
    bool is_text = verify_is_utf8(content);
    for (size_t i = 0; i < content.len; i++) {
        uint8_t byte = content.data[i];
        bool is_c1 = byte == 0xc2 && i + 1 < content.len && content.data[i + 1] < 0xa0;
        if (byte == '\n' || (byte >= 0x20 && byte < 0x7f) || (is_text && byte >= 0x80 && !is_c1))
            putchar(byte);
        else
            printf("\\x%02x", byte);
        if (is_text && is_c1)
            printf("\\x%02x", content.data[++i]);
    }
    putchar('\n');
}

void verify_show_opening(const struct verify_opening *opening)
{
    printf("entry %llu of the ledger of %s in compartment %s\n", (number)opening->index, opening->parties.fingerprints[0],
           opening->parties.compartment);
    printf("  %s, said by %s at %s\n", opening->kind, opening->parties.fingerprints[opening->entry.from], time_text(opening->entry.time));
    printf("  committed to before %s, when %s cosigned %llu entries\n", time_text((int64_t)opening->cosigned_at),
           opening->parties.fingerprints[1], (number)opening->size);
    printf("  content, %zu bytes:\n", opening->content.len);
    show_content(verify_file_span(&opening->content));
}
