/* SPDX-License-Identifier: Apache-2.0 */
#include "node/screen_alerts.h"

#include "node/screen_held.h"

#include <stdlib.h>
#include <string.h>

static void alert_free(struct screen_alert *alert)
{
    if (alert == NULL)
        return;
    for (size_t i = 0; i < alert->person_count; i++)
        people_record_release(&alert->records[i]);
    free(alert);
}

static void forget_alerts(struct node_screen *screen)
{
    for (size_t i = 0; i < screen->count; i++)
        alert_free(screen->slots[i]);
    free(screen->slots);
    people_index_free(screen->index);
    screen->slots = NULL;
    screen->index = NULL;
    screen->count = screen->capacity = 0;
}

void node_screen_free(struct node_screen *screen)
{
    if (screen == NULL)
        return;
    forget_alerts(screen);
    screen_held_free(screen->held);
    people_profile_free(screen->profile);
    free(screen);
}

static enum base_code read_persons(struct screen_alert *alert, struct base_bytes bytes)
{
    struct exchange_content content;
    BASE_TRY(exchange_content_decode(bytes, &content));
    enum base_code code = BASE_OK;
    for (size_t i = 0; code == BASE_OK && i < content.person_count; i++) {
        alert->records[i] = PEOPLE_RECORD_EMPTY;
        alert->person_count = i + 1;
        code = people_record_decode(base_bytes_buffer(&content.persons[i]), &alert->records[i]);
    }
    exchange_content_release(&content);
    return code;
}

static enum base_code take_content(void *context, const struct store_content *content)
{
    return content->state == STORE_CONTENT_KEPT ? read_persons(context, content->content) : BASE_OK;
}

static void forget_persons(struct node_screen *screen, const struct screen_alert *alert)
{
    for (size_t i = 0; i < alert->person_count; i++)
        people_index_remove(screen->index, alert->slot * EXCHANGE_PERSONS_MAX + (int64_t)i);
}

static enum base_code add_to_index(struct node_screen *screen, struct screen_alert *alert)
{
    BASE_TRY(base_grow_array((void **)&screen->slots, &screen->capacity, screen->count + 1, sizeof(struct screen_alert *)));
    alert->slot = (int64_t)screen->count;
    enum base_code code = BASE_OK;
    for (size_t i = 0; code == BASE_OK && i < alert->person_count; i++) {
        code = people_profile_set(screen->profile, &alert->records[i]);
        if (code == BASE_OK)
            code = people_index_add(screen->index, alert->slot * EXCHANGE_PERSONS_MAX + (int64_t)i, screen->profile);
    }
    if (code == BASE_OK)
        screen->slots[screen->count++] = alert;
    else
        forget_persons(screen, alert);
    return code;
}

enum base_code screen_alerts_put(struct node *node, struct node_screen *screen, const struct store_alert *row,
                                 const struct screen_alert **out)
{
    *out = NULL;
    screen_alerts_remove(screen, row);
    if (!row->is_screened)
        return BASE_OK;
    struct screen_alert *alert = calloc(1, sizeof *alert);
    if (alert == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for an alert");
    memcpy(alert->compartment.bytes, row->compartment, sizeof alert->compartment.bytes);
    memcpy(alert->hash.bytes, row->hash, sizeof alert->hash.bytes);
    alert->is_own = row->is_own;
    alert->tell = row->tell;
    enum base_code code = store_content_get(node->party->store, row->compartment, row->content, take_content, alert);
    if (code == BASE_OK && alert->person_count > 0)
        code = add_to_index(screen, alert);
    if (code != BASE_OK || alert->person_count == 0) {
        alert_free(alert);
        return code == BASE_E_NOT_FOUND ? BASE_OK : code;
    }
    *out = alert;
    return BASE_OK;
}

void screen_alerts_remove(struct node_screen *screen, const struct store_alert *row)
{
    for (size_t i = 0; i < screen->count; i++) {
        struct screen_alert *alert = screen->slots[i];
        if (alert == NULL || memcmp(alert->hash.bytes, row->hash, 32) != 0 || memcmp(alert->compartment.bytes, row->compartment, STORE_ID_LEN) != 0)
            continue;
        forget_persons(screen, alert);
        alert_free(alert);
        screen->slots[i] = NULL;
    }
}

struct loading {
    struct node *node;
    struct node_screen *screen;
};

static enum base_code load_one(void *context, const struct store_alert *row)
{
    struct loading *loading = context;
    const struct screen_alert *alert;
    return screen_alerts_put(loading->node, loading->screen, row, &alert);
}

static enum base_code screen_new(struct node_screen **out)
{
    struct node_screen *screen = calloc(1, sizeof *screen);
    if (screen == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for the alerts");
    enum base_code code = people_profile_new(&screen->profile);
    if (code != BASE_OK) {
        node_screen_free(screen);
        return code;
    }
    *out = screen;
    return BASE_OK;
}

static enum base_code load_alerts(struct node *node)
{
    struct loading loading = {node, node->screen};
    enum base_code code = people_index_new(&node->screen->index);
    if (code == BASE_OK)
        code = store_alerts_each(node->party->store, NULL, true, load_one, &loading);
    if (code != BASE_OK)
        forget_alerts(node->screen);
    return code;
}

enum base_code screen_alerts_of(struct node *node, struct node_screen **out)
{
    if (node->screen == NULL)
        BASE_TRY(screen_new(&node->screen));
    if (node->is_screen_stale)
        forget_alerts(node->screen);
    node->is_screen_stale = false;
    if (node->screen->index == NULL)
        BASE_TRY(load_alerts(node));
    *out = node->screen;
    return BASE_OK;
}

struct search {
    struct node_screen *screen;
    const struct screen_alert **items;
    size_t count, capacity;
};

static enum base_code keep_hit(void *context, int64_t number, enum people_grade grade)
{
    struct search *search = context;
    const struct screen_alert *alert = search->screen->slots[number / EXCHANGE_PERSONS_MAX];
    (void)grade;
    for (size_t i = 0; i < search->count; i++) /* hits are few */
        if (search->items[i] == alert)
            return BASE_OK;
    BASE_TRY(base_grow_array((void **)&search->items, &search->capacity, search->count + 1, sizeof *search->items));
    search->items[search->count++] = alert;
    return BASE_OK;
}

enum base_code screen_alerts_find(struct node_screen *screen, const struct people_record *record, const struct people_profile *profile,
                                  screen_alert_visit *visit, void *context)
{
    struct search search = {.screen = screen};
    enum base_code code = people_index_screen(screen->index, profile, keep_hit, &search);
    for (size_t i = 0; code == BASE_OK && i < search.count; i++) {
        struct people_finding found = PEOPLE_FINDING_EMPTY;
        code = screen_alert_compare(search.items[i], record, &found);
        if (code == BASE_OK && found.is_hit)
            code = visit(context, search.items[i], &found);
        people_finding_release(&found);
    }
    free(search.items);
    return code;
}

enum base_code screen_alert_compare(const struct screen_alert *alert, const struct people_record *record, struct people_finding *out)
{
    *out = PEOPLE_FINDING_EMPTY;
    for (size_t i = 0; i < alert->person_count; i++) {
        struct people_finding one = PEOPLE_FINDING_EMPTY;
        enum base_code code = people_compare(&alert->records[i], record, &one);
        bool is_surer = code == BASE_OK && one.is_hit && (!out->is_hit || one.grade < out->grade);
        people_finding_release(is_surer ? out : &one);
        if (is_surer)
            *out = one;
        if (code != BASE_OK) {
            people_finding_release(out);
            return code;
        }
    }
    return BASE_OK;
}
