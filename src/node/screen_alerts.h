/* SPDX-License-Identifier: Apache-2.0
 *
 * The awake alerts in memory, each person of each made ready for comparing, with an index over all. Made from the store, which
 * knows nothing that is not there too. Private to the layer.
 */
#ifndef NODE_SCREEN_ALERTS_H
#define NODE_SCREEN_ALERTS_H

#include "node/screen.h"
#include "people/compare.h"
#include "people/index.h"

struct screen_alert {
    struct exchange_id compartment;
    struct crypto_hash hash;
    bool is_own;
    unsigned tell;
    int64_t slot;
    size_t person_count;
    struct people_record records[EXCHANGE_PERSONS_MAX];
};

struct screen_held;

struct node_screen {
    struct people_index *index;  /* numbers are slot * EXCHANGE_PERSONS_MAX + person */
    struct screen_alert **slots; /* NULL where one was removed */
    size_t count, capacity;
    struct people_profile *profile; /* of whatever is being made ready */
    struct screen_held *held;       /* screen_held.h; NULL until first needed */
};

/* node->screen, filled with all awake alerts when it is made. */
enum base_code screen_alerts_of(struct node *node, struct node_screen **out) BASE_MUST_USE;
/* Adds or replaces; *out is NULL when the alert is not screened (restricted, erased). */
enum base_code screen_alerts_put(struct node *node, struct node_screen *screen, const struct store_alert *row,
                                 const struct screen_alert **out) BASE_MUST_USE;
void screen_alerts_remove(struct node_screen *screen, const struct store_alert *row);

/* Calls `visit` for each alert that the person is perhaps one of, with the surest finding. The visit may say things; it may not
 * add or remove alerts. `profile` is that of the record. */
typedef enum base_code screen_alert_visit(void *context, const struct screen_alert *alert, const struct people_finding *found);
enum base_code screen_alerts_find(struct node_screen *screen, const struct people_record *record, const struct people_profile *profile,
                                  screen_alert_visit *visit, void *context) BASE_MUST_USE;
/* One alert against one record: the surest of its persons. */
enum base_code screen_alert_compare(const struct screen_alert *alert, const struct people_record *record,
                                    struct people_finding *out) BASE_MUST_USE;

#endif
