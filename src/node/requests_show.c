/* SPDX-License-Identifier: Apache-2.0
 *
 * Alerts, asks and what is owed, shown to users (doc/spec/control.md, "The exchange"). Each look at what was said of a person is
 * kept before anything is read.
 */
#include "node/requests_say.h"

#include "crypto/text.h"
#include "people/record.h"
#include "store/ledgers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FACTS_MAX = 200 };

static bool may_read(struct node_request *request, const uint8_t compartment[STORE_ID_LEN])
{
    struct exchange_id id;
    memcpy(id.bytes, compartment, sizeof id.bytes);
    return node_user_check(request->node->party->store, &request->user, &id, NODE_MAY(NODE_ROLE_ANALYST) | NODE_MAY(NODE_ROLE_RELEASER)) == BASE_OK;
}

/* Content as it is kept: null where it was erased, with "restricted" beside it where it must not be used. */
static enum base_code content_json(void *context, const struct store_content *content)
{
    json_t *object = context;
    if (content->state == STORE_CONTENT_ERASED) {
        json_object_set_new(object, "content", json_null());
        return BASE_OK;
    }
    json_object_set_new(object, "content", json_loadb((const char *)content->content.data, content->content.len, 0, NULL));
    if (content->state == STORE_CONTENT_RESTRICTED)
        json_object_set_new(object, "restricted", json_true());
    return BASE_OK;
}

static enum base_code set_content(struct store *store, const uint8_t compartment[STORE_ID_LEN], const uint8_t hash[32], json_t *out)
{
    enum base_code code = store_content_get(store, compartment, hash, content_json, out);
    return code == BASE_E_NOT_FOUND ? BASE_OK : code;
}

struct single {
    struct exchange_statement statement;
    int64_t entered_ms;
};

static enum base_code read_single(void *context, const struct store_entry *entry)
{
    struct single *single = context;
    struct ledger_note note;
    single->entered_ms = entry->time_ms;
    BASE_TRY(ledger_note_parse(entry->note, &note));
    enum base_code code = exchange_statement_parse(note.text, &single->statement);
    ledger_note_release(&note);
    return code;
}

static enum base_code find_statement(struct store *store, const uint8_t compartment[STORE_ID_LEN], const uint8_t hash[32], struct single *out)
{
    uint64_t index;
    BASE_TRY(store_entry_find(store, compartment, hash, &index));
    return store_entries_each(store, compartment, index, index + 1, read_single, out);
}

static enum base_code facts_of(struct store *store, const uint8_t compartment[STORE_ID_LEN], struct node_compartment *out)
{
    struct exchange_id id;
    char hex[33];
    memcpy(id.bytes, compartment, sizeof id.bytes);
    exchange_id_hex(&id, hex);
    return node_compartment_find(store, hex, out);
}

/* Duties. */

static json_t *duty_json(const struct store_duty *duty, const char *compartment)
{
    json_t *item = json_pack("{s:I, s:s, s:s, s:b, s:s, s:s, s:s, s:b}", "task", (json_int_t)duty->number, "compartment", compartment, "duty",
                             exchange_duties.items[duty->kind % exchange_duties.count], "own", duty->is_own, "state", node_duty_state_word(duty->state),
                             "outcome", duty->outcome, "owner", duty->owner, "reminded", duty->kind == EXCHANGE_DUTY_REVIEW && duty->reminders != 0);
    node_json_hash(item, "about", duty->about);
    node_json_time(item, "opened", duty->opened_ms);
    node_json_time(item, "due", duty->due_ms);
    if (duty->closed_ms != 0)
        node_json_time(item, "closed", duty->closed_ms);
    return item;
}

struct listing {
    struct node_request *request;
    json_t *items;
    const uint8_t *about; /* NULL for all */
    bool all, theirs, both;
    size_t left_out;
};

/* Another list is full when NODE_LISTED_MAX are in it: the newest come first. */
static bool is_full(struct listing *listing)
{
    bool full = json_array_size(listing->items) >= NODE_LISTED_MAX;
    listing->left_out += full;
    return full;
}

static enum base_code list_duty(void *context, const struct store_duty *duty)
{
    struct listing *listing = context;
    struct node_compartment facts;
    bool waits = duty->state == STORE_DUTY_OPEN || duty->state == STORE_DUTY_OVERDUE;
    struct exchange_id id;
    memcpy(id.bytes, duty->compartment, sizeof id.bytes);
    if (!node_user_sees(listing->request->node->party->store, &listing->request->user, &id) || (!waits && !listing->all) ||
        (duty->is_own == listing->theirs && !listing->both) || (listing->about != NULL && memcmp(listing->about, duty->about, 32) != 0) || is_full(listing))
        return BASE_OK;
    BASE_TRY(facts_of(listing->request->node->party->store, duty->compartment, &facts));
    return json_array_append_new(listing->items, duty_json(duty, facts.name)) == 0 ? BASE_OK : base_fail(BASE_E_NOMEM, "no memory for a list");
}

/* Answers with the list under `key`. */
static void answer_list(struct node_request *request, const char *key, struct listing *listing)
{
    node_request_ok(request, json_pack("{s:o, s:I}", key, listing->items, "left_out", (json_int_t)listing->left_out));
    listing->items = NULL;
}

/* "compartment", "all" and "why", as every list has them. */
static enum base_code begin_list(struct node_request *request, json_t *object, struct listing *listing, struct node_compartment *facts,
                                 const uint8_t **compartment, const char **why)
{
    const char *name;
    *listing = (struct listing){.request = request};
    *compartment = NULL;
    listing->all = node_field_flag(object, "all");
    listing->theirs = node_field_flag(object, "theirs");
    BASE_TRY(node_field_text(object, "compartment", false, &name));
    BASE_TRY(node_field_text(object, "why", false, why));
    BASE_TRY(node_fields_done(object));
    if (name[0] != 0) {
        BASE_TRY(node_request_find(request, name, NODE_MAY_ANY, facts));
        *compartment = facts->id.bytes;
    }
    return BASE_OK;
}

static enum base_code end_list(struct node_request *request, const char *key, struct listing *listing, enum base_code code)
{
    if (code == BASE_OK)
        answer_list(request, key, listing);
    json_decref(listing->items);
    return code;
}

enum base_code node_request_tasks(struct node_request *request, json_t *object)
{
    struct listing listing;
    struct node_compartment facts;
    const uint8_t *compartment;
    const char *why;
    BASE_TRY(begin_list(request, object, &listing, &facts, &compartment, &why));
    BASE_TRY(node_user_check(request->node->party->store, &request->user, NULL, NODE_MAY_ANY));
    listing.items = json_array();
    return end_list(request, "tasks", &listing, store_duties_each(request->node->party->store, compartment, list_duty, &listing));
}

struct task_search {
    int64_t number;
    struct store_duty duty;
    bool is_found;
};

static enum base_code match_task(void *context, const struct store_duty *duty)
{
    struct task_search *search = context;
    if (duty->number == search->number) {
        search->duty = *duty;
        search->is_found = true;
    }
    return BASE_OK;
}

/* One's own duty by number, for an analyst of its compartment. */
static enum base_code find_task(struct node_request *request, json_t *object, struct store_duty *out)
{
    struct task_search search = {.is_found = false};
    struct exchange_id id;
    BASE_TRY(node_field_number(object, "task", true, &search.number));
    BASE_TRY(store_duties_each(request->node->party->store, NULL, match_task, &search));
    memcpy(id.bytes, search.duty.compartment, sizeof id.bytes);
    if (!search.is_found || !search.duty.is_own || !node_user_sees(request->node->party->store, &request->user, &id))
        return base_fail(BASE_E_NOT_FOUND, "there is no task with this number");
    *out = search.duty;
    return node_user_check(request->node->party->store, &request->user, &id, NODE_MAY(NODE_ROLE_ANALYST));
}

enum base_code node_request_task_take(struct node_request *request, json_t *object)
{
    struct store_duty duty = {0};
    const char *user;
    BASE_TRY(find_task(request, object, &duty));
    BASE_TRY(node_field_text(object, "user", false, &user));
    BASE_TRY(node_fields_done(object));
    if (user[0] == 0)
        user = request->user.name;
    if (strlen(user) > STORE_USER_MAX)
        return base_fail(BASE_E_ARGUMENT, "a user's name has at most %d characters", STORE_USER_MAX);
    BASE_TRY(store_duty_assign(request->node->party->store, duty.number, user));
    node_request_ok(request, json_pack("{s:I, s:s}", "task", (json_int_t)duty.number, "owner", user));
    return BASE_OK;
}

/* An alert that arrived was looked at: it stays awake, and the ledger says that somebody decided. */
enum base_code node_request_task_close(struct node_request *request, json_t *object)
{
    struct node_saying saying = {.content = EXCHANGE_CONTENT_EMPTY, .has_content = true};
    struct store_duty duty = {0};
    const char *reason;
    BASE_TRY(find_task(request, object, &duty));
    BASE_TRY(node_field_text(object, "reason", true, &reason));
    BASE_TRY(node_fields_done(object));
    if (duty.kind != EXCHANGE_DUTY_TASK)
        return base_fail(BASE_E_STATE, "a duty of the kind %s ends by what is owed", exchange_duties.items[duty.kind % exchange_duties.count]);
    BASE_TRY(facts_of(request->node->party->store, duty.compartment, &saying.facts));
    saying.statement.kind = EXCHANGE_KIND_VERDICT;
    saying.statement.verdict = EXCHANGE_ASSESSED;
    memcpy(saying.statement.about.bytes, duty.about, sizeof saying.statement.about.bytes);
    enum base_code code = exchange_content_set_text(&saying.content, EXCHANGE_TEXT_REASON, base_bytes_text(reason));
    if (code == BASE_OK)
        code = exchange_content_set_text(&saying.content, EXCHANGE_TEXT_TEXT, base_bytes_text(request->user.name));
    if (code != BASE_OK) {
        node_saying_release(&saying);
        return code;
    }
    return node_request_say(request, object, &saying);
}

/* Alerts. */

/* The name that the record calls the person by. */
static const char *primary_name(const struct people_record *record)
{
    for (size_t i = 0; i < record->name_count; i++)
        if (record->names[i].kind == PEOPLE_NAME_PRIMARY)
            return record->names[i].text;
    return record->names[0].text;
}

static enum base_code add_names(void *context, const struct store_content *content)
{
    json_t *names = context;
    struct exchange_content read;
    if (content->state == STORE_CONTENT_ERASED)
        return BASE_OK;
    BASE_TRY(exchange_content_decode(content->content, &read));
    enum base_code code = BASE_OK;
    for (size_t i = 0; code == BASE_OK && i < read.person_count; i++) {
        struct people_record record = PEOPLE_RECORD_EMPTY;
        code = people_record_decode(base_bytes_buffer(&read.persons[i]), &record);
        if (code == BASE_OK && record.name_count > 0)
            json_array_append_new(names, json_string(primary_name(&record)));
        people_record_release(&record);
    }
    exchange_content_release(&read);
    return code;
}

struct count {
    const struct store_alert *alert;
    json_int_t number;
};

static enum base_code count_open(void *context, const struct store_finding *finding)
{
    struct count *count = context;
    count->number += memcmp(finding->alert, count->alert->hash, 32) == 0;
    return BASE_OK;
}

static json_t *words_json(unsigned bits, const struct exchange_words *words)
{
    json_t *array = json_array();
    for (unsigned i = 0; i < words->count; i++)
        if (bits & 1u << i)
            json_array_append_new(array, json_string(words->items[i]));
    return array;
}

static enum base_code alert_json(struct node_request *request, const struct store_alert *alert, json_t **out)
{
    struct store *store = request->node->party->store;
    struct node_compartment facts;
    struct single single;
    struct count open = {alert, 0};
    json_t *names = json_array();
    BASE_TRY(facts_of(store, alert->compartment, &facts));
    BASE_TRY(find_statement(store, alert->compartment, alert->hash, &single));
    BASE_TRY(store_findings_each(store, alert->compartment, true, count_open, &open));
    enum base_code code = alert->is_screened ? store_content_get(store, alert->compartment, alert->content, add_names, names) : BASE_OK;
    if (code != BASE_OK && code != BASE_E_NOT_FOUND) {
        json_decref(names);
        return code;
    }
    struct store_duty review = {.kind = EXCHANGE_DUTY_REVIEW, .is_own = alert->is_own};
    memcpy(review.compartment, alert->compartment, sizeof review.compartment);
    memcpy(review.about, alert->hash, sizeof review.about);
    bool has_lapsed = store_duty_get(store, &review) == BASE_OK && review.state == STORE_DUTY_OVERDUE;
    const char *state = alert->state == STORE_ALERT_CLOSED ? "closed" : has_lapsed ? "lapsed" : "awake";
    *out = json_pack("{s:s, s:s, s:b, s:s, s:o, s:I, s:s, s:o, s:I, s:I}", "compartment", facts.name, "peer", facts.peer_name, "own", alert->is_own,
                     "state", state, "tell", words_json(alert->tell, &exchange_tells), "class", (json_int_t)single.statement.review_class, "label",
                     exchange_labels.items[single.statement.label], "names", names, "person", (json_int_t)alert->person, "hits", open.number);
    node_json_hash(*out, "alert", alert->hash);
    node_json_time(*out, "opened", alert->opened_ms);
    node_json_time(*out, "review", alert->review_ms);
    json_object_set_new(*out, "grading", json_string(exchange_gradings.items[single.statement.grading]));
    json_object_set_new(*out, "handling", json_string(exchange_handlings.items[single.statement.handling]));
    return BASE_OK;
}

static enum base_code list_alert(void *context, const struct store_alert *alert)
{
    struct listing *listing = context;
    json_t *item;
    if (!may_read(listing->request, alert->compartment) || is_full(listing))
        return BASE_OK;
    BASE_TRY(alert_json(listing->request, alert, &item));
    return json_array_append_new(listing->items, item) == 0 ? BASE_OK : base_fail(BASE_E_NOMEM, "no memory for a list");
}

enum base_code node_request_alerts(struct node_request *request, json_t *object)
{
    struct listing listing;
    struct node_compartment facts;
    const uint8_t *compartment;
    const char *why;
    BASE_TRY(begin_list(request, object, &listing, &facts, &compartment, &why));
    BASE_TRY(node_request_look(request, compartment == NULL ? NULL : &facts.id, "alerts", "list", why));
    listing.items = json_array();
    return end_list(request, "alerts", &listing,
                    store_alerts_each(request->node->party->store, compartment, !listing.all, list_alert, &listing));
}

static enum base_code list_same(void *context, const struct store_alert *alert)
{
    struct listing *listing = context;
    if (alert->person != (int64_t)listing->left_out || memcmp(alert->hash, listing->about, 32) == 0 || !may_read(listing->request, alert->compartment))
        return BASE_OK;
    char hex[65];
    crypto_hex_encode(base_bytes_of(alert->hash, 32), hex);
    json_array_append_new(listing->items, json_string(hex));
    return BASE_OK;
}

enum base_code node_request_alert_show(struct node_request *request, json_t *object)
{
    struct store *store = request->node->party->store;
    struct node_named named;
    struct store_alert alert = {.is_own = false};
    const char *digits, *why;
    json_t *result = NULL;
    bool waits;
    BASE_TRY(node_field_text(object, "alert", true, &digits));
    BASE_TRY(node_field_text(object, "why", false, &why));
    BASE_TRY(node_fields_done(object));
    BASE_TRY(node_request_named(request, digits, NODE_MAY(NODE_ROLE_ANALYST) | NODE_MAY(NODE_ROLE_RELEASER), &named));
    memcpy(alert.compartment, named.facts.id.bytes, sizeof alert.compartment);
    memcpy(alert.hash, named.hash.bytes, sizeof alert.hash);
    BASE_TRY(store_alert_get(store, &alert));
    BASE_TRY(node_request_look(request, &named.facts.id, "alert", digits, why));
    BASE_TRY(alert_json(request, &alert, &result));
    struct listing same = {.request = request, .items = json_array(), .about = alert.hash, .left_out = (size_t)alert.person};
    struct listing duties = {.request = request, .items = json_array(), .about = alert.hash, .all = true, .both = true};
    json_t *findings = json_array();
    enum base_code code = alert.is_screened ? set_content(store, alert.compartment, alert.content, result) : BASE_OK;
    if (code == BASE_OK && alert.person != 0)
        code = store_alerts_each(store, NULL, false, list_same, &same);
    if (code == BASE_OK)
        code = node_findings_json(request, alert.compartment, &named.hash, false, findings);
    if (code == BASE_OK)
        code = store_duties_each(store, alert.compartment, list_duty, &duties);
    if (code == BASE_OK)
        code = store_outbox_has(store, alert.compartment, alert.hash, &waits);
    json_object_set_new(result, "same", same.items);
    json_object_set_new(result, "findings", findings);
    json_object_set_new(result, "duties", duties.items);
    if (code != BASE_OK) {
        json_decref(result);
        return code;
    }
    json_object_set_new(result, "receipted", json_boolean(!waits));
    node_request_ok(request, result);
    return BASE_OK;
}

/* Asks. */

static enum base_code add_facts(void *context, const struct store_content *content)
{
    json_t *item = context;
    struct exchange_content read;
    char text[FACTS_MAX + 8];
    if (content->state == STORE_CONTENT_ERASED)
        return BASE_OK;
    BASE_TRY(exchange_content_decode(content->content, &read));
    const char *facts = read.texts[EXCHANGE_TEXT_FACTS] == NULL ? "" : read.texts[EXCHANGE_TEXT_FACTS];
    size_t len = strnlen(facts, FACTS_MAX);
    while (len > 0 && ((unsigned char)facts[len] & 0xc0) == 0x80) /* not in the middle of a character */
        len--;
    snprintf(text, sizeof text, "%.*s%s", (int)len, facts, facts[len] == 0 ? "" : "\xe2\x80\xa6");
    json_object_set_new(item, "facts", json_string(text));
    exchange_content_release(&read);
    return BASE_OK;
}

static enum base_code ask_json(struct node_request *request, const struct store_duty *duty, json_t **out)
{
    struct store *store = request->node->party->store;
    struct node_compartment facts;
    struct single single;
    BASE_TRY(facts_of(store, duty->compartment, &facts));
    BASE_TRY(find_statement(store, duty->compartment, duty->about, &single));
    *out = json_pack("{s:s, s:s, s:b, s:s, s:s, s:s, s:I, s:s, s:s, s:s}", "compartment", facts.name, "peer", facts.peer_name, "own", !duty->is_own,
                     "urgency", exchange_urgencies.items[single.statement.urgency], "state", node_duty_state_word(duty->state), "outcome", duty->outcome,
                     "deferred", (json_int_t)duty->reminders, "label", exchange_labels.items[single.statement.label], "grading",
                     exchange_gradings.items[single.statement.grading], "handling", exchange_handlings.items[single.statement.handling]);
    node_json_hash(*out, "ask", duty->about);
    node_json_time(*out, "opened", duty->opened_ms);
    node_json_time(*out, "due", duty->due_ms);
    enum base_code code = store_content_get(store, duty->compartment, duty->about, add_facts, *out);
    return code == BASE_E_NOT_FOUND ? BASE_OK : code;
}

static enum base_code list_ask(void *context, const struct store_duty *duty)
{
    struct listing *listing = context;
    json_t *item = NULL;
    bool waits = duty->state == STORE_DUTY_OPEN || duty->state == STORE_DUTY_OVERDUE;
    if (duty->kind != EXCHANGE_DUTY_ANSWER || (!waits && !listing->all) || !may_read(listing->request, duty->compartment) || is_full(listing))
        return BASE_OK;
    enum base_code code = ask_json(listing->request, duty, &item);
    if (code == BASE_OK)
        json_array_append(listing->items, item);
    json_decref(item);
    return code;
}

enum base_code node_request_asks(struct node_request *request, json_t *object)
{
    struct listing listing;
    struct node_compartment facts;
    const uint8_t *compartment;
    const char *why;
    BASE_TRY(begin_list(request, object, &listing, &facts, &compartment, &why));
    BASE_TRY(node_request_look(request, compartment == NULL ? NULL : &facts.id, "asks", "list", why));
    listing.items = json_array();
    return end_list(request, "asks", &listing, store_duties_each(request->node->party->store, compartment, list_ask, &listing));
}

/* What was said of an ask: all statements about it, and about its answers, in the order of the ledger. */
struct thread {
    struct node_request *request;
    struct node_named *ask;
    json_t *items;
    struct crypto_hash about[64]; /* the ask and its answers */
    size_t about_count;
};

static json_t *said_json(const struct thread *thread, const struct store_entry *entry, const struct exchange_statement *statement)
{
    bool is_own = exchange_id_equal(&statement->from, &thread->request->node->party->fingerprint);
    json_t *item = json_pack("{s:s, s:b}", "kind", entry->kind, "own", is_own);
    node_json_hash(item, "statement", entry->hash);
    node_json_time(item, "time", statement->time_ms);
    node_json_time(item, "entered", entry->time_ms);
    if (statement->kind == EXCHANGE_KIND_ANSWER)
        json_object_set_new(item, "outcome", json_string(exchange_outcomes.items[statement->outcome]));
    if (statement->kind == EXCHANGE_KIND_DECLINE)
        json_object_set_new(item, "code", json_string(exchange_codes.items[statement->code]));
    if (statement->kind == EXCHANGE_KIND_FEEDBACK)
        json_object_set_new(item, "use", json_string(exchange_uses.items[statement->use]));
    if (statement->kind == EXCHANGE_KIND_OVERDUE)
        json_object_set_new(item, "duty", json_string(exchange_duties.items[statement->duty]));
    if (statement->kind == EXCHANGE_KIND_DEFER || statement->kind == EXCHANGE_KIND_OVERDUE)
        node_json_time(item, "due", statement->due_ms);
    if (statement->reason[0] != 0)
        json_object_set_new(item, "reason", json_string(statement->reason));
    return item;
}

static enum base_code add_said(void *context, const struct store_entry *entry)
{
    struct thread *thread = context;
    struct exchange_statement statement;
    struct single single;
    bool is_of = false;
    if (entry->index <= thread->ask->index || strcmp(entry->kind, "receipt") == 0)
        return BASE_OK;
    BASE_TRY(read_single(&single, entry));
    statement = single.statement;
    for (size_t i = 0; i < thread->about_count; i++)
        is_of |= crypto_hash_equal(&thread->about[i], &statement.about);
    if (!is_of)
        return BASE_OK;
    if (statement.kind == EXCHANGE_KIND_ANSWER && thread->about_count < sizeof thread->about / sizeof *thread->about)
        memcpy(thread->about[thread->about_count++].bytes, entry->hash, 32);
    json_t *item = said_json(thread, entry, &statement);
    enum base_code code = set_content(thread->request->node->party->store, thread->ask->facts.id.bytes, entry->hash, item);
    json_array_append_new(thread->items, item);
    return code;
}

enum base_code node_request_ask_show(struct node_request *request, json_t *object)
{
    struct store *store = request->node->party->store;
    struct node_named named;
    struct store_duty duty = {.kind = EXCHANGE_DUTY_ANSWER};
    const char *digits, *why;
    json_t *result = NULL;
    bool waits = false;
    BASE_TRY(node_field_text(object, "ask", true, &digits));
    BASE_TRY(node_field_text(object, "why", false, &why));
    BASE_TRY(node_fields_done(object));
    BASE_TRY(node_request_named(request, digits, NODE_MAY(NODE_ROLE_ANALYST) | NODE_MAY(NODE_ROLE_RELEASER), &named));
    if (named.statement.kind != EXCHANGE_KIND_ASK)
        return base_fail(BASE_E_ARGUMENT, "%.16s is a statement of the kind %s, not ask", digits, exchange_kind_word(named.statement.kind));
    BASE_TRY(node_request_look(request, &named.facts.id, "ask", digits, why));
    duty.is_own = !exchange_id_equal(&named.statement.from, &request->node->party->fingerprint);
    memcpy(duty.compartment, named.facts.id.bytes, sizeof duty.compartment);
    memcpy(duty.about, named.hash.bytes, sizeof duty.about);
    BASE_TRY(store_duty_get(store, &duty));
    struct thread thread = {.request = request, .ask = &named, .items = json_array(), .about = {named.hash}, .about_count = 1};
    enum base_code code = ask_json(request, &duty, &result);
    if (code == BASE_OK)
        code = set_content(store, duty.compartment, duty.about, result);
    if (code == BASE_OK)
        code = store_entries_each(store, duty.compartment, named.index, UINT64_MAX, add_said, &thread);
    if (code == BASE_OK)
        code = store_outbox_has(store, duty.compartment, duty.about, &waits);
    if (code != BASE_OK) {
        json_decref(thread.items);
        json_decref(result);
        return code;
    }
    json_object_set_new(result, "statements", thread.items);
    json_object_set_new(result, "receipted", json_boolean(!waits));
    node_request_ok(request, result);
    return BASE_OK;
}
