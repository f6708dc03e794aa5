/* SPDX-License-Identifier: Apache-2.0
 *
 * Events, and the hits that screening makes: shown, judged, told (doc/spec/control.md, "The exchange").
 */
#include "node/requests_say.h"

#include "crypto/text.h"
#include "node/screen.h"
#include "store/ledgers.h"
#include "store/records.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EVENTS_MAX = 500 };

/* Events. */

static enum base_code read_event(json_t *object, int64_t now_ms, struct store_event *out, char **person)
{
    unsigned kind;
    BASE_TRY(node_field_word(object, "kind", &exchange_tells, exchange_tells.count, &kind));
    BASE_TRY(node_field_time(object, "time", INT64_MIN, &out->happened_ms));
    BASE_TRY(node_field_text(object, "place", false, &out->place));
    BASE_TRY(node_field_text(object, "reference", true, &out->reference));
    out->kind = kind;
    out->added_ms = now_ms;
    *person = json_dumps(json_object_get(object, "person"), JSON_COMPACT);
    if (*person == NULL)
        return base_fail(BASE_E_ARGUMENT, "an event is of a person");
    out->content = base_bytes_text(*person);
    json_object_del(object, "person");
    return node_fields_done(object);
}

struct adding {
    uint64_t added, found, known;
};

static enum base_code add_event(struct node *node, json_t *object, struct adding *adding)
{
    struct store_event event = {.number = 0};
    char *person = NULL;
    enum base_code code = read_event(object, base_clock_now(&node->clock), &event, &person);
    if (code == BASE_OK)
        code = node_screen_event(node, &event, &adding->found);
    adding->added += code == BASE_OK;
    adding->known += code == BASE_E_EXISTS;
    if (person != NULL)
        crypto_wipe(person, strlen(person));
    free(person);
    return code == BASE_E_EXISTS ? BASE_OK : code;
}

static enum base_code add_events(struct node *node, json_t *events, struct adding *adding)
{
    struct store *store = node->party->store;
    BASE_TRY(store_begin(store));
    enum base_code code = BASE_OK;
    for (size_t i = 0; code == BASE_OK && i < json_array_size(events); i++)
        code = add_event(node, json_array_get(events, i), adding);
    if (code == BASE_OK)
        code = store_commit(store);
    store_rollback(store);
    node->is_screen_stale |= code != BASE_OK;
    return code;
}

/* Hits as JSON. */

static json_t *lines_json(const char *text)
{
    json_t *array = json_array();
    while (*text != 0) {
        size_t len = strcspn(text, "\n");
        json_array_append_new(array, json_stringn(text, len));
        text += len + (text[len] == '\n');
    }
    return array;
}

static void set_duty(struct store *store, const struct store_finding *finding, enum exchange_duty kind, const char *key, json_t *out)
{
    struct store_duty duty = {.kind = kind, .is_own = true};
    memcpy(duty.compartment, finding->compartment, sizeof duty.compartment);
    if (finding->hit.len != sizeof duty.about)
        return;
    memcpy(duty.about, finding->hit.data, sizeof duty.about);
    if (store_duty_get(store, &duty) != BASE_OK)
        return;
    json_t *object = json_pack("{s:I, s:s, s:s, s:s}", "number", (json_int_t)duty.number, "state", node_duty_state_word(duty.state), "outcome",
                               duty.outcome, "owner", duty.owner);
    node_json_time(object, "due", duty.due_ms);
    json_object_set_new(out, key, object);
}

struct what {
    char text[200];
};

static enum base_code say_record(void *context, const struct store_record *record)
{
    struct what *what = context;
    snprintf(what->text, sizeof what->text, "record %lld of the list %.64s", (long long)record->id, record->source);
    return BASE_OK;
}

static enum base_code say_event(void *context, const struct store_event *event)
{
    struct what *what = context;
    char time[BASE_TIME_TEXT_LEN + 1];
    base_time_format(event->happened_ms, time);
    snprintf(what->text, sizeof what->text, "%s on %.10s, %.60s (%.60s)", exchange_tells.items[event->kind], time, event->place, event->reference);
    return BASE_OK;
}

static int64_t number_of(struct base_bytes other)
{
    uint64_t number = 0;
    for (size_t i = 0; i < other.len && i < 8; i++)
        number = number << 8 | other.data[i];
    return (int64_t)number;
}

/* What the alert met. Of an alert in a compartment the user does not see, only that there is one. */
static void describe_other(struct node_request *request, const struct store_finding *finding, struct what *out)
{
    struct store *store = request->node->party->store;
    struct exchange_id id;
    char hash[65];
    snprintf(out->text, sizeof out->text, "something that is not there any more");
    if (finding->subject == STORE_SUBJECT_RECORD) {
        (void)!store_record_get(store, number_of(finding->other), say_record, out);
    } else if (finding->subject == STORE_SUBJECT_EVENT) {
        (void)!store_event_get(store, number_of(finding->other), say_event, out);
    } else if (finding->other.len == STORE_ID_LEN + 32) {
        memcpy(id.bytes, finding->other.data, sizeof id.bytes);
        crypto_hex_encode(base_bytes_of(finding->other.data + STORE_ID_LEN, 32), hash);
        bool is_seen = node_user_sees(store, &request->user, &id);
        snprintf(out->text, sizeof out->text, is_seen ? "alert %.8s" : "an alert in another compartment", hash);
    }
}

static json_t *finding_json(struct node_request *request, const struct store_finding *finding)
{
    static const char *const subjects[] = {"record", "event", "alert"}, *const states[] = {"open", "confirmed", "rejected", "unsure"};
    struct node_compartment facts;
    struct exchange_id id;
    struct what what;
    char hex[33], alert[65];
    memcpy(id.bytes, finding->compartment, sizeof id.bytes);
    exchange_id_hex(&id, hex);
    crypto_hex_encode(base_bytes_of(finding->alert, 32), alert);
    if (node_compartment_find(request->node->party->store, hex, &facts) != BASE_OK)
        return NULL;
    describe_other(request, finding, &what);
    json_t *item = json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:s, s:s}", "hit", (json_int_t)finding->number, "compartment",
                             facts.name, "alert", alert, "subject", subjects[finding->subject], "what", what.text, "grade",
                             exchange_grades.items[finding->grade % exchange_grades.count], "state", states[finding->state], "reasons",
                             lines_json(finding->reasons), "news", lines_json(finding->news), "judge", finding->judge, "verdict",
                             finding->verdict);
    node_json_time(item, "opened", finding->opened_ms);
    set_duty(request->node->party->store, finding, EXCHANGE_DUTY_TASK, "task", item);
    set_duty(request->node->party->store, finding, EXCHANGE_DUTY_TELL, "tell", item);
    return item;
}

struct listing {
    struct node_request *request;
    const struct crypto_hash *alert; /* NULL for all */
    json_t *items;
    size_t left_out;
    int64_t since; /* numbers above this one */
};

static enum base_code list_finding(void *context, const struct store_finding *finding)
{
    struct listing *listing = context;
    struct exchange_id id;
    memcpy(id.bytes, finding->compartment, sizeof id.bytes);
    if (node_user_check(listing->request->node->party->store, &listing->request->user, &id, NODE_MAY(NODE_ROLE_ANALYST)) != BASE_OK)
        return BASE_OK;
    if ((listing->alert != NULL && memcmp(listing->alert->bytes, finding->alert, 32) != 0) || finding->number <= listing->since)
        return BASE_OK;
    if (json_array_size(listing->items) == NODE_LISTED_MAX) {
        listing->left_out++;
        return BASE_OK;
    }
    json_t *item = finding_json(listing->request, finding);
    return json_array_append_new(listing->items, item) == 0 ? BASE_OK : base_fail(BASE_E_NOMEM, "no memory for a list");
}

enum base_code node_findings_json(struct node_request *request, const uint8_t *compartment, const struct crypto_hash *alert, bool only_open,
                                  json_t *out)
{
    struct listing listing = {request, alert, out, 0, 0};
    return store_findings_each(request->node->party->store, compartment, only_open, list_finding, &listing);
}

static enum base_code newest_finding(void *context, const struct store_finding *finding)
{
    int64_t *number = context;
    *number = finding->number > *number ? finding->number : *number;
    return BASE_OK;
}

enum base_code node_request_events_add(struct node_request *request, json_t *object)
{
    struct adding adding = {0, 0, 0};
    struct listing listing = {request, NULL, NULL, 0, 0};
    struct store *store = request->node->party->store;
    json_t *events = json_object_get(object, "events");
    BASE_TRY(node_user_check(store, &request->user, NULL, NODE_MAY(NODE_ROLE_ANALYST) | NODE_MAY(NODE_ROLE_ADMINISTRATOR)));
    if (!json_is_array(events) || json_array_size(events) < 1 || json_array_size(events) > EVENTS_MAX)
        return base_fail(BASE_E_ARGUMENT, "\"events\" is an array of 1 to %d events", EVENTS_MAX);
    BASE_TRY(store_findings_each(store, NULL, false, newest_finding, &listing.since));
    BASE_TRY(add_events(request->node, events, &adding));
    listing.items = json_array();
    enum base_code code = adding.found == 0 ? BASE_OK : store_findings_each(store, NULL, false, list_finding, &listing);
    if (code == BASE_OK)
        node_request_ok(request, json_pack("{s:I, s:I, s:I, s:O, s:I}", "added", (json_int_t)adding.added, "found", (json_int_t)adding.found,
                                           "known", (json_int_t)adding.known, "hits", listing.items, "left_out", (json_int_t)listing.left_out));
    json_decref(listing.items);
    return code;
}

struct one {
    struct node_request *request;
    struct exchange_id compartment;
    struct crypto_hash alert, hit;
    bool has_hit;
};

static enum base_code take_one(void *context, const struct store_finding *finding)
{
    struct one *one = context;
    memcpy(one->compartment.bytes, finding->compartment, sizeof one->compartment.bytes);
    memcpy(one->alert.bytes, finding->alert, sizeof one->alert.bytes);
    one->has_hit = finding->hit.len == sizeof one->hit.bytes;
    if (one->has_hit)
        memcpy(one->hit.bytes, finding->hit.data, sizeof one->hit.bytes);
    return BASE_OK;
}

/* The hit with this number, for who has one of the roles in its compartment. */
static enum base_code find_hit(struct node_request *request, json_t *object, unsigned roles, int64_t *number, struct one *out)
{
    struct store *store = request->node->party->store;
    *out = (struct one){.request = request};
    BASE_TRY(node_field_number(object, "hit", true, number));
    BASE_TRY(store_finding_get(store, *number, take_one, out));
    if (!node_user_sees(store, &request->user, &out->compartment))
        return base_fail(BASE_E_NOT_FOUND, "there is no such hit");
    return node_user_check(store, &request->user, &out->compartment, roles);
}

/* One hit, judged or not. */
static enum base_code show_hit(struct node_request *request, json_t *object, const char *why, json_t *out)
{
    struct listing listing = {request, NULL, out, 0, 0};
    struct one one;
    char subject[24];
    int64_t number;
    BASE_TRY(find_hit(request, object, NODE_MAY(NODE_ROLE_ANALYST), &number, &one));
    BASE_TRY(node_fields_done(object));
    snprintf(subject, sizeof subject, "%lld", (long long)number);
    BASE_TRY(node_request_look(request, &one.compartment, "hit", subject, why));
    return store_finding_get(request->node->party->store, number, list_finding, &listing);
}

static enum base_code list_hits(struct node_request *request, json_t *object, const char *why, struct listing *listing)
{
    struct node_compartment facts;
    const char *name;
    const struct exchange_id *id = NULL;
    bool all = node_field_flag(object, "all");
    BASE_TRY(node_field_text(object, "compartment", false, &name));
    BASE_TRY(node_fields_done(object));
    if (name[0] != 0) {
        BASE_TRY(node_request_find(request, name, NODE_MAY(NODE_ROLE_ANALYST), &facts));
        id = &facts.id;
    }
    BASE_TRY(node_request_look(request, id, "hits", "list", why));
    return store_findings_each(request->node->party->store, id == NULL ? NULL : id->bytes, !all, list_finding, listing);
}

enum base_code node_request_hits(struct node_request *request, json_t *object)
{
    struct listing listing = {request, NULL, NULL, 0, 0};
    const char *why;
    BASE_TRY(node_field_text(object, "why", false, &why));
    listing.items = json_array();
    enum base_code code = json_object_get(object, "hit") != NULL ? show_hit(request, object, why, listing.items)
                                                                 : list_hits(request, object, why, &listing);
    if (code == BASE_OK)
        node_request_ok(request, json_pack("{s:O, s:I}", "hits", listing.items, "left_out", (json_int_t)listing.left_out));
    json_decref(listing.items);
    return code;
}

/* Judging and telling. */

enum base_code node_request_hit_judge(struct node_request *request, json_t *object)
{
    struct store *store = request->node->party->store;
    struct one one;
    const char *reason;
    unsigned verdict;
    int64_t number;
    BASE_TRY(find_hit(request, object, NODE_MAY(NODE_ROLE_ANALYST), &number, &one));
    BASE_TRY(node_field_word(object, "verdict", &exchange_verdicts, exchange_verdicts.count, &verdict));
    BASE_TRY(node_field_text(object, "reason", true, &reason));
    BASE_TRY(node_fields_done(object));
    BASE_TRY(store_begin(store));
    enum base_code code = node_screen_judge(request->node, number, (enum exchange_verdict)verdict, reason, request->user.name);
    if (code == BASE_OK)
        code = store_commit(store);
    store_rollback(store);
    request->node->is_screen_stale |= code != BASE_OK;
    if (code == BASE_OK)
        node_request_ok(request, json_pack("{s:I, s:s}", "hit", (json_int_t)number, "state", exchange_verdicts.items[verdict]));
    return code;
}

static enum base_code read_tell(struct node_request *request, json_t *object, bool is_told, struct node_saying *saying)
{
    struct one one;
    unsigned roles = NODE_MAY(request->draft != 0 ? NODE_ROLE_RELEASER : NODE_ROLE_ANALYST), place;
    int64_t number;
    char hex[33];
    BASE_TRY(find_hit(request, object, roles, &number, &one));
    if (!one.has_hit)
        return base_fail(BASE_E_STATE, "two alerts about one person are nothing to tell of");
    exchange_id_hex(&one.compartment, hex);
    BASE_TRY(node_compartment_find(request->node->party->store, hex, &saying->facts));
    saying->statement.kind = is_told ? EXCHANGE_KIND_TELL : EXCHANGE_KIND_TELL_DECLINE;
    saying->statement.about = one.alert;
    saying->statement.hit = one.hit;
    saying->has_content = is_told;
    if (is_told) {
        BASE_TRY(node_field_handling(object, &saying->statement));
        BASE_TRY(node_field_content(object, &saying->content));
        return saying->content.texts[EXCHANGE_TEXT_TEXT] != NULL || saying->content.person_count > 0
                   ? BASE_OK
                   : base_fail(BASE_E_ARGUMENT, "say what is told: a text or a person");
    }
    BASE_TRY(node_field_word(object, "code", &exchange_codes, exchange_codes.count, &place));
    saying->statement.code = (enum exchange_code)place;
    return node_field_reason(object, &saying->statement);
}

static enum base_code read_told(struct node_request *request, json_t *object, struct node_saying *saying)
{
    return read_tell(request, object, true, saying);
}

static enum base_code read_not_told(struct node_request *request, json_t *object, struct node_saying *saying)
{
    return read_tell(request, object, false, saying);
}

enum base_code node_request_hit_tell(struct node_request *request, json_t *object)
{
    return node_request_say_read(request, object, read_told);
}

enum base_code node_request_hit_tell_decline(struct node_request *request, json_t *object)
{
    return node_request_say_read(request, object, read_not_told);
}
