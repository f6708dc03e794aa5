/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/show.h"

#include <stdio.h>

typedef unsigned long long number;

static const char *party_word(uint8_t party)
{
    return party == 0 ? "owner" : "cosigner";
}

/* A time in quotes, or null for none; four at once may be held. */
static const char *time_text(int64_t seconds)
{
    static char texts[4][32];
    static unsigned next;
    char *text = texts[next++ % 4], plain[24];
    verify_time_write(seconds, plain);
    snprintf(text, sizeof texts[0], seconds == 0 ? "null" : "\"%s\"", plain);
    return text;
}

static const char *bool_text(bool value)
{
    return value ? "true" : "false";
}

/* Paths come from the command line and may hold anything. */
void verify_json_string(const char *text)
{
    putchar('"');
    for (const unsigned char *c = (const unsigned char *)text; *c != 0; c++) {
        if (*c == '"' || *c == '\\')
            printf("\\%c", *c);
        else if (*c < 0x20 || *c > 0x7e)
            printf("\\u%04x", *c);
        else
            putchar(*c);
    }
    putchar('"');
}

static void json_signers(uint8_t signers)
{
    bool is_first = true;
    for (int role = 0; role < VERIFY_ROLE_COUNT; role++) {
        if ((signers & (1u << role)) == 0)
            continue;
        printf("%s\"%s\"", is_first ? "" : ",", verify_role_word((enum verify_role)role));
        is_first = false;
    }
}

void verify_json_entries(const struct verify_export *export)
{
    printf("\"entries\":[");
    for (uint64_t i = 0; i < export->checked; i++) {
        const struct verify_entry *entry = &export->entries[i];
        char leaf[2 * VERIFY_HASH_LEN + 1], time[24];
        verify_hex_write(export->leaves[i].bytes, VERIFY_HASH_LEN, leaf);
        verify_time_write(entry->time, time);
        printf("%s{\"index\":%llu,\"time\":\"%s\",\"kind\":\"%s\",\"hash\":\"%s\",\"known\":%s,\"signed_by\":[", i == 0 ? "" : ",",
               (number)i, time, verify_export_word(export, i), leaf, bool_text(entry->kind != VERIFY_KIND_UNKNOWN));
        json_signers(entry->signers);
        printf("]}");
    }
    printf("]");
}

void verify_json_comparison(const struct verify_comparison *comparison)
{
    printf("\"common\":%llu,\"matches\":%llu,\"only\":[", (number)comparison->common_count, (number)comparison->matches);
    for (uint64_t i = 0; i < comparison->only_count; i++)
        printf("%s{\"in\":\"%s\",\"index\":%llu}", i == 0 ? "" : ",", comparison->only[i].side == 0 ? "first" : "second",
               (number)comparison->only[i].index);
    printf("]");
}

static void json_asks(const struct verify_export *export, const struct verify_account *account)
{
    printf("\"asks\":[");
    for (size_t i = 0; i < account->ask_count; i++) {
        const struct verify_ask *ask = &account->asks[i];
        const struct verify_entry *entry = &export->entries[ask->index];
        printf("%s{\"entry\":%u,\"time\":%s,\"from\":\"%s\",\"urgency\":\"%s\",\"due\":%s,\"outcome\":\"%s\",", i == 0 ? "" : ",", ask->index,
               time_text(entry->time), party_word(entry->from), verify_urgencies.items[entry->word], time_text(ask->due),
               verify_ask_end_word(ask->end));
        if (ask->end == VERIFY_ASK_DECLINED)
            printf("\"code\":\"%s\",", verify_codes.items[ask->code]);
        printf("\"ended\":%s,\"deferred\":%u,\"overdue\":%u,\"late\":%s,\"passed\":%s}", time_text(ask->ended), ask->defers, ask->overdues,
               bool_text(ask->is_late), bool_text(ask->has_passed));
    }
    printf("]");
}

static void json_alert(const struct verify_export *export, const struct verify_alert *alert)
{
    const struct verify_entry *entry = &export->entries[alert->index];
    printf("{\"entry\":%u,\"time\":%s,\"from\":\"%s\",\"persons\":%lld,\"class\":%u,\"review\":%s,\"renewed\":%u,\"closed\":%s,", alert->index,
           time_text(entry->time), party_word(entry->from), (long long)entry->count, entry->review_class, time_text(alert->review),
           alert->renewals, time_text(alert->closed));
    if (alert->closed != 0)
        printf("\"closed_by\":\"%s\",", party_word(alert->closed_by));
    printf("\"lapses\":%u,\"lapsed\":%s,\"decided\":%s,\"served\":%u,\"justify_overdue\":%u,", alert->lapses, time_text(alert->lapsed_at),
           time_text(alert->decided_at), alert->served, alert->justify_overdue);
    printf("\"hits\":{\"exact\":%u,\"strong\":%u,\"possible\":%u},\"verdicts\":{\"confirmed\":%u,\"rejected\":%u,\"unsure\":%u,\"assessed\":%u},",
           alert->hits[VERIFY_EXACT], alert->hits[VERIFY_STRONG], alert->hits[VERIFY_POSSIBLE], alert->verdicts[VERIFY_CONFIRMED],
           alert->verdicts[VERIFY_REJECTED], alert->verdicts[VERIFY_UNSURE], alert->verdicts[VERIFY_ASSESSED]);
    printf("\"unjudged\":%u,\"judged_late\":%u,\"told\":%u,\"declined\":%u,\"told_late\":%u}", alert->unjudged, alert->judged_late, alert->told,
           alert->declined, alert->told_late);
}

static void json_alerts(const struct verify_export *export, const struct verify_account *account)
{
    printf("\"alerts\":[");
    for (size_t i = 0; i < account->alert_count; i++) {
        printf("%s", i == 0 ? "" : ",");
        json_alert(export, &account->alerts[i]);
    }
    printf("]");
}

static void json_corrections(const struct verify_export *export, const struct verify_account *account)
{
    printf("\"corrections\":[");
    for (size_t i = 0; i < account->correction_count; i++) {
        const struct verify_correction *correction = &account->corrections[i];
        const struct verify_entry *entry = &export->entries[correction->index];
        printf("%s{\"entry\":%u,\"time\":%s,\"from\":\"%s\",\"action\":\"%s\",\"about\":%u,", i == 0 ? "" : ",", correction->index,
               time_text(entry->time), party_word(entry->from), verify_actions.items[entry->word], entry->about_at);
        if (correction->done != 0)
            printf("\"did\":\"%s\",", verify_dids.items[correction->did]);
        printf("\"done\":%s,\"late\":%s}", time_text(correction->done), bool_text(correction->is_overdue));
    }
    printf("]");
}

static void json_gaps(const struct verify_export *export, const struct verify_account *account)
{
    printf("\"gaps\":[");
    for (size_t i = 0; i < account->gap_count; i++) {
        const struct verify_entry *entry = &export->entries[account->gaps[i].index];
        printf("%s{\"entry\":%u,\"time\":%s,\"duty\":\"%s\",\"owed_by\":\"%s\",\"due\":%s,\"ended\":%s}", i == 0 ? "" : ",",
               account->gaps[i].index, time_text(entry->time), verify_duties.items[entry->word], party_word(entry->owed_by),
               time_text(entry->due), time_text(account->gaps[i].ended));
    }
    printf("],\"unreceipted\":%llu,\"unreceipted_since\":%s", (number)account->unreceipted, time_text(account->unreceipted_since));
}

static void json_counts(const struct verify_account *account)
{
    bool is_first = true;
    printf("\"counts\":{");
    for (int kind = VERIFY_KIND_UNKNOWN; kind < VERIFY_KIND_COUNT; kind++) {
        if (account->kinds[kind] == 0)
            continue;
        printf("%s\"%s\":%llu", is_first ? "" : ",", kind == VERIFY_KIND_UNKNOWN ? "unknown" : verify_kind_word((enum verify_kind)kind),
               (number)account->kinds[kind]);
        is_first = false;
    }
    printf("},\"erased\":%llu,\"uses\":{\"useful\":%llu,\"not-useful\":%llu,\"not-used\":%llu},\"feedback_overdue\":%llu", (number)account->erased,
           (number)account->uses[VERIFY_USEFUL], (number)account->uses[VERIFY_NOT_USEFUL], (number)account->uses[VERIFY_NOT_USED],
           (number)account->feedback_overdue);
}

static void json_retention(const struct verify_export *export)
{
    bool is_first = true;
    printf("\"retention\":[");
    for (uint64_t i = 0; i < export->size; i++) {
        if (export->entries[i].kind != VERIFY_KIND_RETENTION)
            continue;
        printf("%s{\"entry\":%llu,\"time\":%s,\"erased\":%lld}", is_first ? "" : ",", (number)i, time_text(export->entries[i].time),
               (long long)export->entries[i].count);
        is_first = false;
    }
    printf("]");
}

void verify_json_conflict(const struct verify_conflict *conflict)
{
    char roots[2][2 * VERIFY_HASH_LEN + 1];
    for (int i = 0; i < 2; i++)
        verify_hex_write(conflict->roots[i].bytes, VERIFY_HASH_LEN, roots[i]);
    printf("{\"compartment\":\"%s\",\"party\":\"%s\",\"sizes\":[%llu,%llu],\"roots\":[\"%s\",\"%s\"],\"proven\":%s}",
           conflict->parties.compartment, conflict->parties.fingerprints[0], (number)conflict->sizes[0], (number)conflict->sizes[1], roots[0],
           roots[1], bool_text(conflict->is_proven));
}

void verify_json_compartment(const struct verify_compartment *compartment)
{
    const struct verify_export *export = compartment->export;
    const struct verify_account *account = compartment->account;
    printf("{\"compartment\":\"%s\",\"owner\":\"%s\",\"cosigner\":\"%s\",\"size\":%llu,\"cosigned_at\":%s,", export->parties.compartment,
           export->parties.fingerprints[0], export->parties.fingerprints[1], (number)export->size, time_text((int64_t)export->cosigned_at));
    if (compartment->has_peer)
        printf("\"peer\":{\"size\":%llu,\"cosigned_at\":%s},", (number)compartment->peer_size, time_text((int64_t)compartment->peer_at));
    json_asks(export, account);
    printf(",");
    json_alerts(export, account);
    printf(",");
    json_corrections(export, account);
    printf(",");
    json_gaps(export, account);
    printf(",");
    json_retention(export);
    printf(",");
    json_counts(account);
    printf(",\"conflicts\":[");
    for (size_t i = 0; i < compartment->conflict_count; i++) {
        printf("%s", i == 0 ? "" : ",");
        verify_json_conflict(&compartment->conflicts[i]);
    }
    printf("]}");
}

/* UTF-8 stays as it is, but for what JSON must escape; anything else is given as hexadecimal digits. */
static void json_content(struct verify_span content)
{
    if (!verify_is_utf8(content)) {
        printf("\"content_hex\":\"");
        for (size_t i = 0; i < content.len; i++)
            printf("%02x", content.data[i]);
        printf("\"");
        return;
    }
    printf("\"content\":\"");
    for (size_t i = 0; i < content.len; i++) {
        uint8_t c = content.data[i];
        if (c == '"' || c == '\\')
            printf("\\%c", c);
        else if (c < 0x20 || c == 0x7f)
            printf("\\u%04x", c);
        else
            putchar(c);
    }
    printf("\"");
}

void verify_json_opening(const struct verify_opening *opening)
{
    printf("\"compartment\":\"%s\",\"owner\":\"%s\",\"entry\":%llu,\"kind\":\"%s\",\"from\":\"%s\",\"time\":%s,\"cosigned_at\":%s,\"size\":%llu,",
           opening->parties.compartment, opening->parties.fingerprints[0], (number)opening->index, opening->kind,
           party_word(opening->entry.from), time_text(opening->entry.time), time_text((int64_t)opening->cosigned_at), (number)opening->size);
    json_content(verify_file_span(&opening->content));
}
