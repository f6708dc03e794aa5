/* SPDX-License-Identifier: Apache-2.0 */
#include "node/screen_held.h"

#include "node/screen_alerts.h"
#include "people/packed.h"
#include "store/profiles.h"
#include "store/records.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PLACE_SHOWN = 60 /* bytes of an event's place */ };

struct numbers {
    int64_t *items;
    size_t count, capacity;
};

struct screen_held {
    struct people_index *index;
    struct people_profile *read; /* what is compared from the store */
    struct base_buffer block;
    size_t limit_bytes, left_out;
    struct numbers touched; /* by the transaction that is open, or was last */
    bool is_cleared;        /* by that transaction */
    uint64_t undone;        /* of the store, when memory was last in step with it */
};

void screen_held_free(struct screen_held *held)
{
    if (held == NULL)
        return;
    people_index_free(held->index);
    people_profile_free(held->read);
    base_buffer_release(&held->block);
    free(held->touched.items);
    free(held);
}

static enum base_code held_new(const struct node *node, struct screen_held **out)
{
    struct screen_held *held = calloc(1, sizeof *held);
    if (held == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for what is held");
    held->limit_bytes = node->screen_memory_bytes == 0 ? (size_t)SCREEN_MEMORY_DEFAULT_MIB << 20 : node->screen_memory_bytes;
    held->undone = store_undone(node->party->store);
    enum base_code code = people_index_new(&held->index);
    if (code == BASE_OK)
        code = people_profile_new(&held->read);
    if (code != BASE_OK) {
        screen_held_free(held);
        return code;
    }
    *out = held;
    return BASE_OK;
}

/* Things as they stand in the store. */

void screen_thing_release(struct screen_thing *thing)
{
    people_record_release(&thing->record);
}

static enum base_code read_record(void *context, const struct store_record *row)
{
    struct screen_thing *thing = context;
    thing->tell = 1u << EXCHANGE_TELL_RECORD;
    snprintf(thing->what, sizeof thing->what, "record %lld of the list %s", (long long)row->id, row->source);
    return row->withdrawn_ms != 0 ? BASE_OK : people_record_decode(row->content, &thing->record);
}

/* What of a text fits, without half a character; control characters as blanks. A place stands as somebody wrote it down. */
static void put_plain(const char *text, char *out, size_t capacity)
{
    size_t len = strnlen(text, capacity - 1);
    while (len > 0 && !base_bytes_is_utf8(base_bytes_of(text, len)))
        len--;
    for (size_t i = 0; i < len; i++)
        out[i] = (unsigned char)text[i] < 0x20 || text[i] == 0x7f ? ' ' : text[i];
    out[len] = 0;
}

static enum base_code read_event(void *context, const struct store_event *event)
{
    struct screen_thing *thing = context;
    char time[BASE_TIME_TEXT_LEN + 1], place[PLACE_SHOWN + 1];
    base_time_format(event->happened_ms, time);
    put_plain(event->place, place, sizeof place);
    thing->tell = 1u << event->kind;
    snprintf(thing->what, sizeof thing->what, "%s event %lld on %.10s, %s", exchange_tells.items[event->kind], (long long)event->number, time,
             place);
    return people_record_decode(event->content, &thing->record);
}

enum base_code screen_thing_read(struct node *node, int64_t number, struct screen_thing *out)
{
    struct store *store = node->party->store;
    screen_thing_release(out);
    out->number = number;
    enum base_code code = number > 0 ? store_record_get(store, number, read_record, out) : store_event_get(store, -number, read_event, out);
    return code == BASE_E_NOT_FOUND ? BASE_OK : code;
}

/* Memory. */

/* What has no room stays in the store only. */
static enum base_code index_block(struct screen_held *held, int64_t number, struct base_bytes block)
{
    people_index_remove(held->index, number);
    if (people_index_bytes(held->index) + block.len > held->limit_bytes) {
        held->left_out++;
        return BASE_OK;
    }
    return people_index_add_packed(held->index, number, block);
}

static bool is_damaged(enum base_code code)
{
    return code == BASE_E_FORMAT || code == BASE_E_TRUNCATED || code == BASE_E_TRAILING || code == BASE_E_VERSION;
}

struct loading {
    struct screen_held *held;
    struct numbers damaged;
};

static enum base_code load_one(void *context, int64_t number, struct base_bytes block)
{
    struct loading *loading = context;
    enum base_code code = index_block(loading->held, number, block);
    if (!is_damaged(code))
        return code;
    BASE_TRY(base_grow_array((void **)&loading->damaged.items, &loading->damaged.capacity, loading->damaged.count + 1, sizeof(int64_t)));
    loading->damaged.items[loading->damaged.count++] = number;
    return BASE_OK;
}

static enum base_code profile_of_thing(struct node *node, int64_t number, struct people_profile *out)
{
    struct screen_thing thing = {.number = 0};
    enum base_code code = screen_thing_read(node, number, &thing);
    if (code == BASE_OK)
        code = people_profile_set(out, &thing.record);
    screen_thing_release(&thing);
    return code;
}

/* What cannot be read is made anew from what it is of. */
static enum base_code repair(struct node *node, struct screen_held *held, const struct numbers *damaged)
{
    for (size_t i = 0; i < damaged->count; i++) {
        BASE_TRY(profile_of_thing(node, damaged->items[i], held->read));
        base_buffer_clear(&held->block);
        BASE_TRY(people_packed_write(held->read, &held->block));
        BASE_TRY(store_profile_put(node->party->store, damaged->items[i], base_bytes_buffer(&held->block)));
        BASE_TRY(index_block(held, damaged->items[i], base_bytes_buffer(&held->block)));
    }
    if (damaged->count > 0)
        base_log_event(&node->log, BASE_LOG_WARN, "profiles-damaged", BASE_LOG_NUMBER("made-anew", damaged->count), BASE_LOG_END);
    return BASE_OK;
}

static void log_loaded(const struct node *node, const struct screen_held *held, int64_t begun_ms)
{
    base_log_event(&node->log, BASE_LOG_INFO, "screening-loaded", BASE_LOG_NUMBER("profiles", people_index_count(held->index)),
                   BASE_LOG_NUMBER("bytes", people_index_bytes(held->index)), BASE_LOG_NUMBER("ms", base_clock_elapsed_ms() - begun_ms), BASE_LOG_END);
    if (held->left_out > 0)
        base_log_event(&node->log, BASE_LOG_WARN, "screening-memory-full", BASE_LOG_NUMBER("limit-mib", held->limit_bytes >> 20),
                       BASE_LOG_NUMBER("left-out", held->left_out),
                       BASE_LOG_TEXT("so", "each alert reads what was left out from the disk; serve --screen-memory MIB"), BASE_LOG_END);
}

/* What another version wrote is of no use: node_screen_pending() makes it anew. */
static enum base_code load(struct node *node, struct screen_held *held)
{
    struct loading loading = {.held = held};
    struct screen_mark mark;
    int64_t begun_ms = base_clock_elapsed_ms();
    BASE_TRY(screen_mark_read(node, &mark));
    if (mark.is_stale)
        return BASE_OK;
    enum base_code code = store_profiles_each(node->party->store, load_one, &loading);
    if (code == BASE_OK)
        code = repair(node, held, &loading.damaged);
    free(loading.damaged.items);
    if (code == BASE_OK)
        log_loaded(node, held, begun_ms);
    return code;
}

static enum base_code sync_one(void *context, int64_t number, struct base_bytes block)
{
    return index_block(context, number, block);
}

/* Something was taken back: what had been touched is as the store has it. */
static enum base_code look_again(struct node *node, struct screen_held *held)
{
    for (size_t i = 0; i < held->touched.count; i++) {
        enum base_code code = store_profile_get(node->party->store, held->touched.items[i], sync_one, held);
        if (code == BASE_E_NOT_FOUND)
            people_index_remove(held->index, held->touched.items[i]);
        else if (code != BASE_OK)
            return code;
    }
    held->undone = store_undone(node->party->store);
    return BASE_OK;
}

static enum base_code make_anew(struct node *node, struct node_screen *screen)
{
    struct screen_held *held = NULL;
    screen_held_free(screen->held);
    screen->held = NULL;
    BASE_TRY(held_new(node, &held));
    enum base_code code = load(node, held);
    if (code != BASE_OK) {
        screen_held_free(held);
        return code;
    }
    screen->held = held;
    return BASE_OK;
}

/* In step with the store, whatever became of the transactions since. */
static enum base_code held_of(struct node *node, struct screen_held **out)
{
    struct node_screen *screen;
    struct store *store = node->party->store;
    BASE_TRY(screen_alerts_of(node, &screen));
    struct screen_held *held = screen->held;
    bool is_undone = held != NULL && held->undone != store_undone(store);
    if (held == NULL || (is_undone && held->is_cleared)) {
        BASE_TRY(make_anew(node, screen));
        held = screen->held;
    } else if (is_undone) {
        BASE_TRY(look_again(node, held));
    }
    if (!store_is_in_transaction(store)) {
        held->touched.count = 0;
        held->is_cleared = false;
    }
    *out = held;
    return BASE_OK;
}

enum base_code screen_held_put(struct node *node, int64_t number, const struct people_profile *profile)
{
    struct screen_held *held;
    BASE_TRY(held_of(node, &held));
    BASE_TRY(base_grow_array((void **)&held->touched.items, &held->touched.capacity, held->touched.count + 1, sizeof(int64_t)));
    held->touched.items[held->touched.count++] = number;
    if (profile == NULL) {
        people_index_remove(held->index, number);
        return store_profile_remove(node->party->store, number);
    }
    base_buffer_clear(&held->block);
    BASE_TRY(people_packed_write(profile, &held->block));
    BASE_TRY(store_profile_put(node->party->store, number, base_bytes_buffer(&held->block)));
    return index_block(held, number, base_bytes_buffer(&held->block));
}

enum base_code screen_held_load(struct node *node)
{
    struct screen_held *held;
    return held_of(node, &held);
}

struct scan {
    struct node *node;
    struct screen_held *held;
    const struct people_profile *asked;
    people_index_hit *visit;
    void *context;
};

static enum base_code scan_one(void *context, int64_t number, struct base_bytes block)
{
    struct scan *scan = context;
    enum people_grade grade;
    if (people_index_has(scan->held->index, number))
        return BASE_OK;
    enum base_code code = people_packed_read(block, scan->held->read);
    BASE_TRY(is_damaged(code) ? profile_of_thing(scan->node, number, scan->held->read) : code);
    return people_compare_profiles(scan->asked, scan->held->read, &grade) ? scan->visit(scan->context, number, grade) : BASE_OK;
}

enum base_code screen_held_find(struct node *node, const struct people_profile *profile, people_index_hit *visit, void *context)
{
    struct screen_held *held;
    BASE_TRY(held_of(node, &held));
    BASE_TRY(people_index_screen(held->index, profile, visit, context));
    struct scan scan = {node, held, profile, visit, context};
    return held->left_out > 0 ? store_profiles_each(node->party->store, scan_one, &scan) : BASE_OK;
}

enum base_code screen_held_clear(struct node *node)
{
    struct screen_held *held;
    struct people_index *empty = NULL;
    BASE_TRY(held_of(node, &held));
    BASE_TRY(people_index_new(&empty));
    people_index_free(held->index);
    held->index = empty;
    held->is_cleared = true;
    held->left_out = 0;
    return store_profiles_clear(node->party->store);
}

/* The mark. */

static const char MARK[] = "screened-to";

enum base_code screen_mark_read(struct node *node, struct screen_mark *out)
{
    struct base_buffer text = BASE_BUFFER_EMPTY;
    long long changed_ms = 0, id = 0;
    int version = 0;
    enum base_code code = store_setting_get(node->party->store, MARK, &text);
    if (code == BASE_OK && sscanf(base_buffer_c_string(&text), "%d %lld %lld", &version, &changed_ms, &id) != 3)
        code = base_fail(BASE_E_CORRUPT, "the store does not say how far it was screened");
    base_buffer_release(&text);
    bool is_stale = version != PEOPLE_PACKED_VERSION;
    *out = is_stale ? (struct screen_mark){0, 0, true} : (struct screen_mark){changed_ms, id, false};
    return code == BASE_E_NOT_FOUND ? BASE_OK : code;
}

enum base_code screen_mark_write(struct node *node, const struct screen_mark *mark)
{
    char text[64];
    snprintf(text, sizeof text, "%d %lld %lld", PEOPLE_PACKED_VERSION, (long long)mark->changed_ms, (long long)mark->id);
    return store_setting_put(node->party->store, MARK, base_bytes_text(text));
}
