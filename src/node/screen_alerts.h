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
    struct people_profile *profiles[EXCHANGE_PERSONS_MAX];
};

/* node->screen, filled with all awake alerts when it is made. */
enum base_code screen_alerts_of(struct node *node, struct node_screen **out) BASE_MUST_USE;
/* Adds or replaces; *out is NULL when the alert is not screened (restricted, erased). */
enum base_code screen_alerts_put(struct node *node, struct node_screen *screen, const struct store_alert *row,
                                 const struct screen_alert **out) BASE_MUST_USE;
void screen_alerts_remove(struct node_screen *screen, const struct store_alert *row);

/* Calls `visit` for each alert that the person is perhaps one of, with the surest finding. The visit may say things; it may not
 * add or remove alerts. */
typedef enum base_code screen_alert_visit(void *context, const struct screen_alert *alert, const struct people_finding *found);
enum base_code screen_alerts_find(struct node_screen *screen, const struct people_record *record, screen_alert_visit *visit,
                                  void *context) BASE_MUST_USE;
/* One alert against one record: the surest of its persons. Weighing gives no reasons and costs little. */
enum base_code screen_alert_weigh(struct node_screen *screen, const struct screen_alert *alert, const struct people_record *record,
                                  bool *is_hit, enum people_grade *grade) BASE_MUST_USE;
enum base_code screen_alert_compare(const struct screen_alert *alert, const struct people_record *record,
                                    struct people_finding *out) BASE_MUST_USE;

#endif
