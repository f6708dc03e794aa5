/* SPDX-License-Identifier: Apache-2.0
 *
 * Statements that wait for another person's release: the request that would make them, as JSON, and who wrote it.
 */
#ifndef STORE_DRAFTS_H
#define STORE_DRAFTS_H

#include "store/duties.h"

enum store_draft_state { STORE_DRAFT_WAITS, STORE_DRAFT_RELEASED, STORE_DRAFT_REFUSED };

struct store_draft {
    int64_t number;
    uint8_t compartment[STORE_ID_LEN];
    enum store_draft_state state;
    int64_t created_ms, decided_ms;
    char author[STORE_USER_MAX + 1];
    char decider[STORE_USER_MAX + 1];
    const char *reason;
    struct base_bytes request; /* empty once decided: the statement's content stands elsewhere */
};
enum base_code store_draft_add(struct store *store, const struct store_draft *draft, int64_t *number) BASE_MUST_USE;
/* Decides, and forgets the request. BASE_E_NOT_FOUND when none with this number waits. */
enum base_code store_draft_decide(struct store *store, int64_t number, enum store_draft_state state, const char *decider,
                                  const char *reason, int64_t now_ms) BASE_MUST_USE;
typedef enum base_code store_draft_visit(void *context, const struct store_draft *draft);
enum base_code store_draft_get(struct store *store, int64_t number, store_draft_visit *visit, void *context) BASE_MUST_USE; /* BASE_E_NOT_FOUND */
/* Newest first; NULL for all compartments. */
enum base_code store_drafts_each(struct store *store, const uint8_t *compartment, bool only_waiting, store_draft_visit *visit,
                                 void *context) BASE_MUST_USE;

#endif
