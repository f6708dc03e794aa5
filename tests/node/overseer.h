/* SPDX-License-Identifier: Apache-2.0
 *
 * Both parties' oversight files, read by the independent verifier: each must be sound, and the two must not contradict each other.
 */
#ifndef TESTS_NODE_OVERSEER_H
#define TESTS_NODE_OVERSEER_H

#include "fixture.h"

#include "node/oversight.h"
#include "verify/compare.h"
#include "verify/oversight.h"

enum { OVERSEER_COMPARTMENTS_MAX = 4 };

struct overseer_list {
    struct node_compartment items[OVERSEER_COMPARTMENTS_MAX];
    size_t count;
};

static inline enum base_code overseer_keep(void *context, const struct node_compartment *compartment)
{
    struct overseer_list *list = context;
    assert_true(list->count < OVERSEER_COMPARTMENTS_MAX);
    list->items[list->count++] = *compartment;
    return BASE_OK;
}

static inline void overseer_count(void *context, const struct verify_compartment *compartment)
{
    uint64_t *entries = context;
    *entries += compartment->export->size;
}

/* The file of a side is sound. */
static inline void overseer_read(struct fixture *fixture, unsigned side, const struct overseer_list *list, uint64_t seed)
{
    static const char *const nobody[2] = {NULL, NULL};
    struct node_oversight_facts facts;
    struct verify_oversight oversight;
    struct verify_report report = {"", "", ""};
    char path[128];
    uint64_t entries = 0;
    snprintf(path, sizeof path, "%.63s/oversight-%u", fixture->folder, side);
    assert_ok(node_oversight_write(fixture->sides[side].party->store, list->items, list->count, path, &facts));
    enum verify_result result = verify_oversight_read(fopen(path, "rb"), nobody, overseer_count, &entries, &oversight, &report);
    if (result != VERIFY_OK)
        fail_msg("seed %llu: side %u: %s: %s (%s)", (unsigned long long)seed, side, report.where, report.reason, report.clause);
    assert_int_equal(facts.entries, entries);
    verify_oversight_release(&oversight);
    unlink(path);
}

/* The two ledgers of a compartment do not contradict each other. */
static inline void overseer_compare(struct fixture *fixture, const struct node_compartment compartments[2], uint64_t seed)
{
    static const char *const nobody[2] = {NULL, NULL};
    struct verify_export exports[2] = {VERIFY_EXPORT_EMPTY, VERIFY_EXPORT_EMPTY};
    struct verify_comparison comparison;
    struct verify_report report = {"", "", ""};
    enum verify_result result = VERIFY_OK;
    for (unsigned side = 0; side < 2 && result == VERIFY_OK; side++) {
        struct node_ledger_facts facts;
        char path[160], id[33];
        exchange_id_hex(&compartments[side].id, id);
        snprintf(path, sizeof path, "%.63s/export-%u-%s", fixture->folder, side, id);
        assert_ok(node_ledger_export(fixture->sides[side].party->store, &compartments[side], path, &facts));
        const struct verify_folder folder = verify_folder_at(path);
        result = verify_export_read(&exports[side], &folder, nobody, &report);
    }
    if (result == VERIFY_OK)
        result = verify_compare(&exports[0], &exports[1], &comparison, &report);
    if (result != VERIFY_OK)
        fail_msg("seed %llu: %s: %s (%s)", (unsigned long long)seed, report.where, report.reason, report.clause);
    verify_comparison_release(&comparison);
    verify_export_release(&exports[0]);
    verify_export_release(&exports[1]);
}

static inline void overseer_check(struct fixture *fixture, uint64_t seed)
{
    struct overseer_list lists[2] = {{.count = 0}, {.count = 0}};
    for (unsigned side = 0; side < 2; side++) {
        assert_ok(node_compartments_each(fixture->sides[side].party->store, overseer_keep, &lists[side]));
        overseer_read(fixture, side, &lists[side], seed);
    }
    for (size_t i = 0; i < lists[0].count; i++)
        for (size_t j = 0; j < lists[1].count; j++)
            if (exchange_id_equal(&lists[0].items[i].id, &lists[1].items[j].id))
                overseer_compare(fixture, (const struct node_compartment[]){lists[0].items[i], lists[1].items[j]}, seed);
}

#endif
