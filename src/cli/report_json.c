/* SPDX-License-Identifier: Apache-2.0
 *
 * The report as one JSON document. Times are RFC 3339, spans are seconds, what is not known or not reached is null.
 */
#include "cli/report.h"

#include "base/clock.h"
#include "cli/home.h"

#include <stdlib.h>
#include <string.h>

static void put(json_t *object, const char *key, json_t *value)
{
    json_object_set_new(object, key, value);
}

static json_t *number(uint64_t value)
{
    return json_integer((json_int_t)value);
}

static json_t *time_or_null(int64_t time_ms)
{
    char text[BASE_TIME_TEXT_LEN + 1];
    base_time_format(time_ms, text);
    return time_ms == 0 ? json_null() : json_string(text);
}

static json_t *seconds(int64_t ms)
{
    return json_integer(ms / 1000);
}

static json_t *seconds_or_null(bool is_known, int64_t ms)
{
    return is_known ? seconds(ms) : json_null();
}

static const char *by_word(enum exchange_by by)
{
    return by == EXCHANGE_BY_US ? "us" : "them";
}

/* Words of one key may stand in several rows. */
static void put_words(json_t *section, const struct exchange_report_counts *counts, const struct cli_report_row *row)
{
    json_t *words = json_object_get(section, row->key);
    if (words == NULL) {
        words = json_object();
        put(section, row->key, words);
    }
    for (unsigned place = row->first; place < row->count; place++) {
        uint64_t value = cli_report_value(counts, row, place);
        if (value != 0 || !row->is_optional)
            put(words, row->word(place), number(value));
    }
}

/* {"asks": {"asked": 3, "ends": {...}}, ...} */
static json_t *counts_json(const struct exchange_report_counts *counts)
{
    json_t *object = json_object(), *section = NULL;
    for (size_t i = 0; i < cli_report_row_count; i++) {
        const struct cli_report_row *row = &cli_report_rows[i];
        if (row->title != NULL) {
            section = json_object();
            put(object, row->section, section);
        }
        if (row->count == 0)
            put(section, row->key, number(cli_report_value(counts, row, 0)));
        else
            put_words(section, counts, row);
    }
    json_t *asks = json_object_get(object, "asks");
    put(asks, "replied_by_first_date", number(counts->in_first));
    put(asks, "not_replied_by_first_date", number(counts->over_first));
    put(asks, "oldest_open", time_or_null(counts->oldest_open_ms));
    return object;
}

static json_t *survival_json(const struct exchange_survival *survival)
{
    json_t *steps = json_array();
    for (size_t i = 0; i < survival->step_count; i++) {
        const struct exchange_survival_step *step = &survival->steps[i];
        json_t *item = json_pack("{s:o, s:o, s:o, s:o, s:f, s:f}", "after_s", seconds(step->time_ms), "at_risk",
                                 number(step->at_risk), "events", number(step->events), "censored", number(step->censored),
                                 "waiting", step->survival, "error", step->error);
        put(item, "low", step->has_limits ? json_real(step->low) : json_null());
        put(item, "high", step->has_limits ? json_real(step->high) : json_null());
        json_array_append_new(steps, item);
    }
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "count", number(survival->count), "events", number(survival->events),
                     "median_s", seconds_or_null(survival->has_median, survival->median_ms), "median_low_s",
                     seconds_or_null(survival->has_median_low, survival->median_low_ms), "median_high_s",
                     seconds_or_null(survival->has_median_high, survival->median_high_ms), "steps", steps);
}

static json_t *share_json(uint64_t part, uint64_t whole)
{
    return whole == 0 ? json_null() : json_real((double)part / (double)whole);
}

static json_t *receipts_json(const struct exchange_survival *receipts)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "count", number(receipts->count), "receipted", number(receipts->events),
                     "median_s", seconds_or_null(receipts->has_median, receipts->median_ms), "median_low_s",
                     seconds_or_null(receipts->has_median_low, receipts->median_low_ms), "median_high_s",
                     seconds_or_null(receipts->has_median_high, receipts->median_high_ms));
}

/* Null below ten requests; then they are listed. */
static json_t *estimate_json(const struct exchange_report_times *times, const struct exchange_report_counts *counts)
{
    if (!times->has_estimate)
        return json_null();
    json_t *urgencies = json_object();
    for (unsigned i = 0; i < EXCHANGE_URGENCY_COUNT; i++)
        if (times->urgencies[i].count > 0)
            put(urgencies, exchange_urgencies.items[i], survival_json(&times->urgencies[i]));
    return json_pack("{s:o, s:o, s:o, s:o}", "in_time", share_json(counts->in_time, counts->in_time + counts->overdue),
                     "in_time_first_date", share_json(counts->in_first, counts->in_first + counts->over_first), "replies",
                     survival_json(&times->replies), "by_urgency", urgencies);
}

static json_t *asks_json(const struct exchange_report *report, enum exchange_by by)
{
    const struct exchange_report_side *side = &report->sides[by];
    json_t *list = json_array();
    for (size_t i = 0; i < side->ask_count; i++) {
        const struct exchange_report_ask *ask = &side->asks[i];
        if (ask->asked_ms < cli_report_listed_from(report, by))
            continue;
        json_t *item = json_pack("{s:o, s:s, s:o, s:s, s:o, s:b, s:o}", "asked", time_or_null(ask->asked_ms), "urgency",
                                 exchange_urgencies.items[ask->urgency], "due", time_or_null(ask->due_ms), "end",
                                 exchange_end_word(ask->end), "ended", time_or_null(ask->ended_ms), "was_overdue",
                                 ask->was_overdue, "deferrals", number(ask->deferrals));
        put(item, "code", ask->end == EXCHANGE_END_DECLINED ? json_string(exchange_codes.items[ask->code]) : json_null());
        put(item, "after_s", seconds((ask->ended_ms == 0 ? report->at_ms : ask->ended_ms) - ask->asked_ms));
        json_array_append_new(list, item);
    }
    return list;
}

static json_t *corrections_json(const struct exchange_report_side *side)
{
    json_t *list = json_array();
    for (size_t i = 0; i < side->correction_count; i++) {
        const struct exchange_report_correction *item = &side->corrections[i];
        json_array_append_new(list, json_pack("{s:o, s:s, s:o, s:o, s:o}", "said", time_or_null(item->said_ms), "action",
                                              exchange_actions.items[item->action], "due", time_or_null(item->due_ms), "done",
                                              time_or_null(item->done_ms), "did",
                                              item->done_ms == 0 ? json_null() : json_string(exchange_dids.items[item->did])));
    }
    return list;
}

static json_t *side_json(const struct exchange_report *report, enum exchange_by by)
{
    const struct exchange_report_side *side = &report->sides[by];
    json_t *quarters = json_array();
    for (int i = 0; i < EXCHANGE_REPORT_QUARTERS; i++) {
        char name[EXCHANGE_QUARTER_LEN];
        exchange_quarter_format(exchange_quarter_shift(report->quarter, i + 1 - EXCHANGE_REPORT_QUARTERS), name);
        json_t *counts = counts_json(&side->counts[i]);
        put(counts, "quarter", json_string(name));
        json_array_append_new(quarters, counts);
    }
    json_t *object = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "quarters", quarters, "all",
                               counts_json(&side->counts[CLI_REPORT_ALL]), "estimate_quarter",
                               estimate_json(&side->quarter, &side->counts[CLI_REPORT_LAST]), "estimate_all",
                               estimate_json(&side->all, &side->counts[CLI_REPORT_ALL]), "receipts_quarter",
                               receipts_json(&side->quarter.receipts), "receipts_all", receipts_json(&side->all.receipts),
                               "listed", asks_json(report, by), "corrections", corrections_json(side));
    put(object, "now",
        json_pack("{s:o, s:o, s:o, s:o, s:o}", "open_asks", number(side->open_asks), "silent_asks", number(side->silent_asks),
                  "oldest_open", time_or_null(side->oldest_open_ms), "awake_alerts", number(side->awake_alerts),
                  "lapsed_alerts", number(side->lapsed_alerts)));
    return object;
}

static json_t *gaps_json(const struct exchange_report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->gap_count; i++) {
        const struct exchange_report_gap *gap = &report->gaps[i];
        json_array_append_new(list, json_pack("{s:s, s:s, s:o, s:o, s:s, s:o}", "what", exchange_gap_kind_word(gap->kind), "by",
                                              by_word(gap->by), "begin", time_or_null(gap->begin_ms), "end",
                                              time_or_null(gap->end_ms), "how", exchange_gap_end_word(gap->end), "length_s",
                                              seconds(gap->end_ms - gap->begin_ms)));
    }
    return list;
}

static json_t *report_json(const struct exchange_report *report)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "entries", number(report->entries), "unfitting", number(report->unfitting),
                     "by_us", side_json(report, EXCHANGE_BY_US), "by_them", side_json(report, EXCHANGE_BY_THEM), "gaps",
                     gaps_json(report));
}

static json_t *part_json(const struct node_survey_part *part)
{
    char id[2 * EXCHANGE_ID_LEN + 1], root[65];
    exchange_id_hex(&part->compartment.id, id);
    cli_hash_hex(&part->facts.root, root);
    return json_pack("{s:s, s:s, s:s, s:{s:o, s:s, s:o}, s:o}", "compartment", part->compartment.name, "id", id, "purpose",
                     part->compartment.terms.purpose, "ledger", "entries", number(part->facts.entries), "root", root,
                     "cosigned", number(part->facts.cosigned), "report", report_json(&part->report));
}

static json_t *pair_json(const struct node_survey *survey, const struct node_survey_pair *pair)
{
    char id[2 * EXCHANGE_ID_LEN + 1];
    json_t *parts = json_array();
    exchange_id_hex(&pair->peer, id);
    for (size_t i = pair->first; i < pair->first + pair->count; i++)
        json_array_append_new(parts, part_json(&survey->parts[i]));
    return json_pack("{s:s, s:s, s:o, s:o}", "peer", pair->peer_name, "fingerprint", id, "compartments", parts, "all",
                     pair->count > 1 ? report_json(&pair->report) : json_null());
}

json_t *cli_report_json(const struct node_survey *survey)
{
    char quarter[EXCHANGE_QUARTER_LEN], id[2 * EXCHANGE_ID_LEN + 1];
    json_t *pairs = json_array();
    exchange_quarter_format(survey->quarter, quarter);
    exchange_id_hex(&survey->fingerprint, id);
    for (size_t i = 0; i < survey->pair_count; i++)
        json_array_append_new(pairs, pair_json(survey, &survey->pairs[i]));
    return json_pack("{s:s, s:s, s:s, s:o, s:b, s:i, s:o}", "party", survey->own.name, "fingerprint", id, "quarter", quarter,
                     "at", time_or_null(survey->at_ms), "verified", survey->is_verified, "estimated_from",
                     EXCHANGE_REPORT_LEAST, "pairs", pairs);
}
