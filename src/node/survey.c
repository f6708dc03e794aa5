/* SPDX-License-Identifier: Apache-2.0 */
#include "node/survey.h"

#include "ledger/note.h"
#include "store/ledgers.h"

#include <stdlib.h>
#include <string.h>

static enum base_code add_part(struct node_survey *survey, const struct node_compartment *compartment)
{
    BASE_TRY(base_grow_array((void **)&survey->parts, &survey->part_capacity, survey->part_count + 1, sizeof *survey->parts));
    struct node_survey_part *part = &survey->parts[survey->part_count++];
    *part = (struct node_survey_part){.compartment = *compartment};
    part->compartment.terms_note = part->compartment.sealed_key = (struct base_bytes){NULL, 0};
    exchange_report_init(&part->report, survey->quarter, survey->at_ms);
    return BASE_OK;
}

/* Terms that only one side has signed have no ledger. */
struct choosing {
    struct store *store;
    const struct node_user *user; /* NULL: all are seen */
    struct node_survey *survey;
};

static enum base_code add_agreed(void *context, const struct node_compartment *compartment)
{
    const struct choosing *choosing = context;
    bool is_seen = choosing->user == NULL || node_user_sees(choosing->store, choosing->user, &compartment->id);
    return is_seen && exchange_terms_is_filled(&compartment->terms) ? add_part(choosing->survey, compartment) : BASE_OK;
}

static int by_names(const void *a, const void *b)
{
    const struct node_compartment *left = &((const struct node_survey_part *)a)->compartment;
    const struct node_compartment *right = &((const struct node_survey_part *)b)->compartment;
    int order = strcmp(left->peer_name, right->peer_name);
    if (order == 0)
        order = memcmp(left->peer.bytes, right->peer.bytes, sizeof left->peer.bytes);
    return order != 0 ? order : strcmp(left->name, right->name);
}

struct reading {
    const struct node_compartment *compartment;
    struct exchange_report *reports[2]; /* the compartment's, and the pair's or NULL */
};

static enum base_code hand_over(const struct reading *reading, const struct exchange_report_entry *entry)
{
    for (unsigned i = 0; i < 2; i++)
        if (reading->reports[i] != NULL)
            BASE_TRY(exchange_report_add(reading->reports[i], entry));
    return BASE_OK;
}

static enum base_code read_entry(void *context, const struct store_entry *row)
{
    const struct reading *reading = context;
    struct ledger_note note = LEDGER_NOTE_EMPTY;
    struct exchange_statement statement;
    struct exchange_report_entry entry = {.entered_ms = row->time_ms, .is_own = true};
    memcpy(entry.hash.bytes, row->hash, sizeof entry.hash.bytes);
    if (row->index == 0) /* the terms */
        return hand_over(reading, &entry);
    enum base_code code = ledger_note_parse(row->note, &note);
    if (code == BASE_OK)
        code = exchange_statement_parse(note.text, &statement);
    ledger_note_release(&note);
    if (code != BASE_OK)
        return base_fail(code == BASE_E_NOMEM ? code : BASE_E_CORRUPT, "entry %llu of %s: %s", (unsigned long long)row->index,
                         reading->compartment->name, base_detail());
    entry.statement = &statement;
    entry.is_own = !exchange_id_equal(&statement.from, &reading->compartment->peer);
    return hand_over(reading, &entry);
}

static enum base_code read_part(struct store *store, bool is_verifying, struct node_survey_part *part,
                                struct exchange_report *sum)
{
    struct reading reading = {&part->compartment, {&part->report, sum}};
    BASE_TRY(is_verifying ? node_ledger_verify(store, &part->compartment, &part->facts)
                          : node_ledger_facts(store, &part->compartment, &part->facts));
    struct exchange_report_ledger ledger = {
        .hours = part->compartment.terms.hours, .cosigned = part->facts.cosigned, .cosigned_ms = part->facts.cosigned_ms};
    for (unsigned i = 0; i < 2; i++)
        if (reading.reports[i] != NULL)
            BASE_TRY(exchange_report_ledger(reading.reports[i], &ledger));
    BASE_TRY(store_entries_each(store, part->compartment.id.bytes, 0, part->facts.entries, read_entry, &reading));
    return exchange_report_finish(&part->report);
}

/* The parts that follow of one peer; they stand together. */
static size_t count_of_peer(const struct node_survey *survey, size_t first)
{
    size_t end = first;
    while (end < survey->part_count &&
           exchange_id_equal(&survey->parts[end].compartment.peer, &survey->parts[first].compartment.peer))
        end++;
    return end - first;
}

static enum base_code read_pair(struct store *store, struct node_survey *survey, size_t first, size_t count)
{
    BASE_TRY(base_grow_array((void **)&survey->pairs, &survey->pair_capacity, survey->pair_count + 1, sizeof *survey->pairs));
    struct node_survey_pair *pair = &survey->pairs[survey->pair_count++];
    *pair = (struct node_survey_pair){.first = first, .count = count, .peer = survey->parts[first].compartment.peer};
    memcpy(pair->peer_name, survey->parts[first].compartment.peer_name, sizeof pair->peer_name);
    exchange_report_init(&pair->report, survey->quarter, survey->at_ms);
    for (size_t i = first; i < first + count; i++)
        BASE_TRY(read_part(store, survey->is_verified, &survey->parts[i], count > 1 ? &pair->report : NULL));
    return exchange_report_finish(&pair->report);
}

static enum base_code find_parts(struct store *store, const struct node_survey_plan *plan, struct node_survey *survey)
{
    struct node_compartment compartment;
    struct choosing choosing = {store, plan->user, survey};
    if (plan->compartment == NULL)
        return node_compartments_each(store, add_agreed, &choosing);
    BASE_TRY(node_compartment_find(store, plan->compartment, &compartment));
    return add_part(survey, &compartment);
}

static enum base_code make(struct store *store, const struct node_survey_plan *plan, struct node_survey *survey)
{
    BASE_TRY(node_card_own(store, &survey->own));
    exchange_fingerprint(&survey->own.identity, &survey->fingerprint);
    BASE_TRY(find_parts(store, plan, survey));
    if (survey->part_count > 0)
        qsort(survey->parts, survey->part_count, sizeof *survey->parts, by_names);
    for (size_t first = 0; first < survey->part_count;) {
        size_t count = count_of_peer(survey, first);
        BASE_TRY(read_pair(store, survey, first, count));
        first += count;
    }
    return BASE_OK;
}

enum base_code node_survey_make(struct store *store, const struct node_survey_plan *plan, struct node_survey *out)
{
    *out = (struct node_survey){.quarter = plan->quarter, .at_ms = plan->at_ms, .is_verified = plan->is_verifying};
    enum base_code code = make(store, plan, out);
    if (code != BASE_OK)
        node_survey_release(out);
    return code;
}

void node_survey_release(struct node_survey *survey)
{
    for (size_t i = 0; i < survey->part_count; i++)
        exchange_report_release(&survey->parts[i].report);
    for (size_t i = 0; i < survey->pair_count; i++)
        exchange_report_release(&survey->pairs[i].report);
    free(survey->parts);
    free(survey->pairs);
    *survey = (struct node_survey){0};
}
