/* SPDX-License-Identifier: Apache-2.0
 *
 * Saying something for a user: find what it is about, read what it says, and let it wait for a releaser where the terms ask
 * for one (doc/spec/control.md, "The exchange").
 */
#include "node/requests_say.h"

#include "crypto/text.h"
#include "node/screen_alerts.h"
#include "store/ledgers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS_LEAST = 8, HOUR_MS = 3600000, DAY_MS = 86400000 };

void node_saying_release(struct node_saying *saying)
{
    exchange_content_release(&saying->content);
    json_decref(saying->result);
    saying->result = NULL;
}

/* Naming a statement. */

struct naming {
    struct node_request *request;
    const char *digits;
    unsigned roles;
    struct node_named *out;
    const struct node_compartment *facts; /* being looked into */
    size_t found;
};

static enum base_code take_named(void *context, const struct store_entry *entry)
{
    struct naming *naming = context;
    struct ledger_note note;
    if (entry->index == 0)
        return BASE_OK;
    naming->found++;
    naming->out->facts = *naming->facts;
    naming->out->index = entry->index;
    naming->out->entered_ms = entry->time_ms;
    memcpy(naming->out->hash.bytes, entry->hash, sizeof naming->out->hash.bytes);
    BASE_TRY(ledger_note_parse(entry->note, &note));
    enum base_code code = exchange_statement_parse(note.text, &naming->out->statement);
    ledger_note_release(&note);
    return code;
}

static enum base_code look_in_compartment(void *context, const struct node_compartment *facts)
{
    struct naming *naming = context;
    struct store *store = naming->request->node->party->store;
    if (!exchange_terms_is_filled(&facts->terms) || node_user_check(store, &naming->request->user, &facts->id, naming->roles) != BASE_OK)
        return BASE_OK;
    naming->facts = facts;
    return store_entries_with_prefix(store, facts->id.bytes, naming->digits, take_named, naming);
}

enum base_code node_request_named(struct node_request *request, const char *digits, unsigned roles, struct node_named *out)
{
    struct naming naming = {.request = request, .digits = digits, .roles = roles, .out = out};
    if (strlen(digits) < DIGITS_LEAST)
        return base_fail(BASE_E_ARGUMENT, "a statement is named by at least %d digits of its hash", DIGITS_LEAST);
    BASE_TRY(node_compartments_each(request->node->party->store, look_in_compartment, &naming));
    out->facts.terms_note = out->facts.sealed_key = base_bytes_of(NULL, 0);
    if (naming.found == 0)
        return base_fail(BASE_E_NOT_FOUND, "there is no statement %.16s", digits);
    return naming.found == 1 ? BASE_OK : base_fail(BASE_E_ARGUMENT, "%zu statements begin with these digits", naming.found);
}

/* Four eyes. */

static bool discloses(const struct exchange_statement *statement)
{
    return statement->kind == EXCHANGE_KIND_TELL || (statement->kind == EXCHANGE_KIND_ANSWER && statement->outcome <= EXCHANGE_PARTLY);
}

static bool needs_release(const struct node_saying *saying)
{
    enum exchange_release release = saying->facts.terms.release;
    enum exchange_kind kind = saying->statement.kind;
    bool is_wide = kind == EXCHANGE_KIND_ALERT || kind == EXCHANGE_KIND_ASK || (kind == EXCHANGE_KIND_CORRECTION && saying->has_content);
    return (release != EXCHANGE_RELEASE_NONE && discloses(&saying->statement)) || (release == EXCHANGE_RELEASE_ALL && is_wide);
}

/* Would it be taken? Said and taken back, so that its author hears of an error, and not the releaser. */
static enum base_code try_out(struct node_request *request, struct node_saying *saying)
{
    struct node *node = request->node;
    struct exchange_statement copy = saying->statement;
    struct crypto_hash hash;
    struct node_seat seat;
    BASE_TRY(node_seat_open(node->party, &saying->facts.id, &seat));
    node_statement_begin(&seat, copy.kind, &node->party->fingerprint, base_clock_now(&node->clock), &copy);
    struct exchange_statement whole = saying->statement;
    whole.compartment = copy.compartment;
    whole.terms = copy.terms;
    whole.from = copy.from;
    whole.time_ms = copy.time_ms;
    enum base_code code = store_begin(node->party->store);
    if (code == BASE_OK)
        code = node_say(node, &seat, &whole, saying->has_content ? &saying->content : NULL, &hash);
    store_rollback(node->party->store);
    node->is_screen_stale = true;
    node_seat_release(&seat);
    return code;
}

/* The request as its author wrote it, without what the reading of its fields put aside. */
static enum base_code keep_draft(struct node_request *request, const json_t *original, const struct node_saying *saying, int64_t *number)
{
    struct node *node = request->node;
    struct store_draft draft = {.created_ms = base_clock_now(&node->clock), .reason = ""};
    char *text = json_dumps(original, JSON_COMPACT);
    if (text == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for a draft");
    memcpy(draft.compartment, saying->facts.id.bytes, sizeof draft.compartment);
    snprintf(draft.author, sizeof draft.author, "%s", request->user.name);
    draft.request = base_bytes_text(text);
    enum base_code code = store_draft_add(node->party->store, &draft, number);
    crypto_wipe(text, strlen(text));
    free(text);
    return code;
}

static enum base_code make_draft(struct node_request *request, const json_t *original, struct node_saying *saying)
{
    bool have_users = false;
    int64_t number;
    BASE_TRY(node_users_exist(request->node->party->store, &have_users));
    if (!have_users)
        return base_fail(BASE_E_ROLE, "by the terms a second person must release this: make users first (entente user add)");
    BASE_TRY(try_out(request, saying));
    BASE_TRY(keep_draft(request, original, saying, &number));
    node_request_ok(request, json_pack("{s:I, s:s}", "draft", (json_int_t)number, "compartment", saying->facts.name));
    return BASE_OK;
}

/* Who wrote and who released it: in one's own ledger, as a commitment. */
static enum base_code say_release(struct node_request *request, const struct node_seat *seat, const struct crypto_hash *about)
{
    struct node *node = request->node;
    struct exchange_statement release;
    struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
    struct crypto_hash hash;
    char text[2 * STORE_USER_MAX + 64];
    snprintf(text, sizeof text, "written by %s, released by %s", request->author, request->user.name);
    node_statement_begin(seat, EXCHANGE_KIND_RELEASE, &node->party->fingerprint, base_clock_now(&node->clock), &release);
    release.about = *about;
    enum base_code code = exchange_content_set_text(&content, EXCHANGE_TEXT_TEXT, base_bytes_text(text));
    if (code == BASE_OK)
        code = node_say(node, seat, &release, &content, &hash);
    exchange_content_release(&content);
    if (code == BASE_OK)
        code = store_draft_decide(node->party->store, request->draft, STORE_DRAFT_RELEASED, request->user.name, "", base_clock_now(&node->clock));
    return code;
}

static enum base_code say_in_transaction(struct node_request *request, struct node_saying *saying, struct crypto_hash *hash)
{
    struct node *node = request->node;
    struct store *store = node->party->store;
    struct exchange_statement begun;
    struct node_seat seat;
    BASE_TRY(node_seat_open(node->party, &saying->facts.id, &seat));
    node_statement_begin(&seat, saying->statement.kind, &node->party->fingerprint, base_clock_now(&node->clock), &begun);
    saying->statement.compartment = begun.compartment;
    saying->statement.terms = begun.terms;
    saying->statement.from = begun.from;
    saying->statement.time_ms = begun.time_ms;
    enum base_code code = store_begin(store);
    if (code == BASE_OK)
        code = node_say(node, &seat, &saying->statement, saying->has_content ? &saying->content : NULL, hash);
    if (code == BASE_OK && request->draft != 0)
        code = say_release(request, &seat, hash);
    if (code == BASE_OK && saying->also != NULL)
        code = saying->also(request, saying, hash);
    if (code == BASE_OK)
        code = store_commit(store);
    store_rollback(store);
    node->is_screen_stale |= code != BASE_OK;
    node_seat_release(&seat);
    return code;
}

/* Answering once it has reached the other party, or could not. */

struct waiting {
    struct node_request *request;
    struct node *node;
    struct exchange_id compartment;
    struct crypto_hash hash;
    json_t *result;
};

static void answer_said(void *context, enum base_code code, const char *detail)
{
    struct waiting *waiting = context;
    bool waits = true;
    if (store_outbox_has(waiting->node->party->store, waiting->compartment.bytes, waiting->hash.bytes, &waits) != BASE_OK)
        waits = true;
    json_object_set_new(waiting->result, "delivered", json_boolean(!waits));
    if (waits)
        json_object_set_new(waiting->result, "detail", json_string(code == BASE_OK ? "it is on its way" : detail));
    node_request_ok(waiting->request, waiting->result);
    free(waiting);
}

static enum base_code answer_later(struct node_request *request, const struct node_saying *saying, const struct crypto_hash *hash, json_t *result)
{
    struct waiting *waiting = calloc(1, sizeof *waiting);
    if (waiting == NULL || result == NULL) {
        free(waiting);
        json_decref(result);
        return base_fail(BASE_E_NOMEM, "no memory to wait");
    }
    *waiting = (struct waiting){request, request->node, saying->facts.id, *hash, result};
    bool is_own = exchange_kind_path(saying->statement.kind) != EXCHANGE_PATH_OUTBOX;
    enum base_code code = is_own ? BASE_E_STATE : node_sync_begin(request->node, &saying->facts.id, NODE_SYNC_DELIVERED, answer_said, waiting);
    if (code != BASE_OK)
        answer_said(waiting, code, is_own ? "" : base_detail());
    return BASE_OK;
}

static enum base_code say_and_answer(struct node_request *request, json_t *original, struct node_saying *saying)
{
    struct crypto_hash hash;
    uint64_t entry;
    char hex[65];
    if (needs_release(saying) && request->draft == 0)
        return make_draft(request, original, saying);
    BASE_TRY(say_in_transaction(request, saying, &hash));
    BASE_TRY(store_entry_find(request->node->party->store, saying->facts.id.bytes, hash.bytes, &entry));
    crypto_hex_encode(base_bytes_of(hash.bytes, sizeof hash.bytes), hex);
    json_t *result = json_pack("{s:s, s:s, s:I, s:[]}", "statement", hex, "compartment", saying->facts.name, "entry", (json_int_t)entry, "warnings");
    const char *warning = saying->statement.kind == EXCHANGE_KIND_DECLINE || saying->statement.kind == EXCHANGE_KIND_TELL_DECLINE
                              ? exchange_reason_warning(saying->statement.code, saying->statement.reason)
                              : NULL;
    if (warning != NULL)
        json_array_append_new(json_object_get(result, "warnings"), json_string(warning));
    if (saying->result != NULL)
        json_object_update(result, saying->result);
    return answer_later(request, saying, &hash, result);
}

enum base_code node_request_say(struct node_request *request, json_t *object, struct node_saying *saying)
{
    enum base_code code = say_and_answer(request, object, saying);
    node_saying_release(saying);
    return code;
}

enum base_code node_request_say_read(struct node_request *request, json_t *object, node_saying_read *read)
{
    struct node_saying saying = {.content = EXCHANGE_CONTENT_EMPTY};
    json_t *fields = json_copy(object);
    enum base_code code = fields == NULL ? base_fail(BASE_E_NOMEM, "no memory for a request") : read(request, fields, &saying);
    if (code == BASE_OK)
        code = node_fields_done(fields);
    if (code == BASE_OK)
        code = node_request_say(request, object, &saying);
    else
        node_saying_release(&saying);
    json_decref(fields);
    return code;
}

static enum base_code read_compartment(struct node_request *request, json_t *object, struct node_saying *saying)
{
    const char *name;
    BASE_TRY(node_field_text(object, "compartment", true, &name));
    BASE_TRY(node_request_find(request, name, request->draft != 0 ? NODE_MAY(NODE_ROLE_RELEASER) : NODE_MAY(NODE_ROLE_ANALYST), &saying->facts));
    return exchange_terms_is_filled(&saying->facts.terms) ? BASE_OK : base_fail(BASE_E_STATE, "the compartment was not accepted yet");
}

/* What the statement is about, named by the field `key`; it must be of one of two kinds. */
static enum base_code read_about(struct node_request *request, json_t *object, const char *key, enum exchange_kind kind, enum exchange_kind other,
                                 struct node_saying *saying)
{
    struct node_named named;
    const char *digits;
    unsigned roles = request->draft != 0 ? NODE_MAY(NODE_ROLE_RELEASER) : NODE_MAY(NODE_ROLE_ANALYST);
    BASE_TRY(node_field_text(object, key, true, &digits));
    BASE_TRY(node_request_named(request, digits, roles, &named));
    if (named.statement.kind != kind && named.statement.kind != other)
        return base_fail(BASE_E_ARGUMENT, "%.16s is a statement of the kind %s, not %s", digits, exchange_kind_word(named.statement.kind),
                         exchange_kind_word(kind));
    saying->facts = named.facts;
    saying->statement.about = named.hash;
    saying->statement.review_class = named.statement.review_class;
    return BASE_OK;
}

static enum base_code read_content(json_t *object, struct node_saying *saying)
{
    saying->has_content = true;
    return node_field_content(object, &saying->content);
}

static void say_time(struct node_saying *saying, const char *key, int64_t time_ms)
{
    if (saying->result == NULL)
        saying->result = json_object();
    node_json_time(saying->result, key, time_ms);
}

/* Alerts. */

struct twin_search {
    struct node_request *request;
    char detail[200];
};

static enum base_code note_twin(void *context, const struct screen_alert *alert, const struct people_finding *found)
{
    struct twin_search *search = context;
    struct store *store = search->request->node->party->store;
    char hash[65], id[33];
    struct node_compartment facts;
    if (found->grade > PEOPLE_GRADE_STRONG || search->detail[0] != 0)
        return BASE_OK;
    crypto_hex_encode(base_bytes_of(alert->hash.bytes, 32), hash);
    exchange_id_hex(&alert->compartment, id);
    BASE_TRY(node_compartment_find(store, id, &facts));
    if (node_user_sees(store, &search->request->user, &alert->compartment))
        snprintf(search->detail, sizeof search->detail, "alert %.8s in the compartment %.63s is about this person already", hash, facts.name);
    else
        snprintf(search->detail, sizeof search->detail, "an alert in another compartment is about this person already");
    return BASE_OK;
}

/* The same person warned of twice is offered as one, before a second alert exists. */
static enum base_code check_twins(struct node_request *request, const struct exchange_content *content)
{
    struct twin_search search = {.request = request};
    struct node_screen *screen;
    BASE_TRY(screen_alerts_of(request->node, &screen));
    for (size_t i = 0; i < content->person_count; i++) {
        struct people_record record = PEOPLE_RECORD_EMPTY;
        enum base_code code = people_record_decode(base_bytes_buffer(&content->persons[i]), &record);
        if (code == BASE_OK)
            code = people_profile_set(screen->profile, &record);
        if (code == BASE_OK)
            code = screen_alerts_find(screen, &record, screen->profile, note_twin, &search);
        people_record_release(&record);
        if (code != BASE_OK)
            return code;
    }
    return search.detail[0] == 0 ? BASE_OK : base_fail(BASE_E_EXISTS, "%s", search.detail);
}

static enum base_code read_tell(json_t *object, unsigned *tell)
{
    json_t *words = json_object_get(object, "tell");
    if (words != NULL && !json_is_array(words))
        return base_fail(BASE_E_ARGUMENT, "\"tell\" is an array of words");
    for (size_t i = 0; i < json_array_size(words); i++) {
        const char *word = json_string_value(json_array_get(words, i));
        unsigned place;
        if (word == NULL || exchange_words_find(&exchange_tells, "tell", base_bytes_text(word), &place) != BASE_OK)
            return base_fail(BASE_E_ARGUMENT, "one can ask to be told of contact, travel, whereabouts or record");
        *tell |= 1u << place;
    }
    json_object_del(object, "tell");
    return BASE_OK;
}

static enum base_code read_review(struct node_request *request, json_t *object, struct node_saying *saying)
{
    int64_t now = base_clock_now(&request->node->clock), years = (int64_t)saying->statement.review_class;
    BASE_TRY(node_field_time(object, "review", now + years * 365 * DAY_MS, &saying->statement.due_ms));
    say_time(saying, "review", saying->statement.due_ms);
    return BASE_OK;
}

static enum base_code read_alert(struct node_request *request, json_t *object, struct node_saying *saying)
{
    int64_t years = 1;
    bool is_again = node_field_flag(object, "again");
    saying->statement.kind = EXCHANGE_KIND_ALERT;
    BASE_TRY(read_compartment(request, object, saying));
    BASE_TRY(node_field_number(object, "class", false, &years));
    BASE_TRY(read_tell(object, &saying->statement.tell));
    BASE_TRY(node_field_handling(object, &saying->statement));
    BASE_TRY(read_content(object, saying));
    saying->statement.review_class = (uint64_t)years;
    saying->statement.count = saying->content.person_count;
    BASE_TRY(read_review(request, object, saying));
    if (saying->content.person_count == 0)
        return base_fail(BASE_E_ARGUMENT, "an alert names a person");
    return is_again ? BASE_OK : check_twins(request, &saying->content);
}

enum base_code node_request_alert_send(struct node_request *request, json_t *object)
{
    return node_request_say_read(request, object, read_alert);
}

static enum base_code read_renewal(struct node_request *request, json_t *object, struct node_saying *saying)
{
    saying->statement.kind = EXCHANGE_KIND_RENEW;
    BASE_TRY(read_about(request, object, "alert", EXCHANGE_KIND_ALERT, EXCHANGE_KIND_ALERT, saying));
    BASE_TRY(read_content(object, saying));
    if (saying->content.texts[EXCHANGE_TEXT_REASON] == NULL)
        return base_fail(BASE_E_ARGUMENT, "keeping an alert needs an assessment: the text \"reason\"");
    return read_review(request, object, saying);
}

enum base_code node_request_alert_renew(struct node_request *request, json_t *object)
{
    return node_request_say_read(request, object, read_renewal);
}

static enum base_code need_reason(json_t *object, struct node_saying *saying)
{
    BASE_TRY(node_field_reason(object, &saying->statement));
    return saying->statement.reason[0] != 0 ? BASE_OK : base_fail(BASE_E_ARGUMENT, "this needs a reason");
}

static enum base_code read_close(struct node_request *request, json_t *object, struct node_saying *saying)
{
    saying->statement.kind = EXCHANGE_KIND_CLOSE;
    BASE_TRY(read_about(request, object, "alert", EXCHANGE_KIND_ALERT, EXCHANGE_KIND_ALERT, saying));
    return need_reason(object, saying);
}

enum base_code node_request_alert_close(struct node_request *request, json_t *object)
{
    return node_request_say_read(request, object, read_close);
}

static enum base_code read_served(struct node_request *request, json_t *object, struct node_saying *saying)
{
    saying->statement.kind = EXCHANGE_KIND_SERVED;
    BASE_TRY(read_about(request, object, "alert", EXCHANGE_KIND_ALERT, EXCHANGE_KIND_ALERT, saying));
    return need_reason(object, saying);
}

enum base_code node_request_alert_served(struct node_request *request, json_t *object)
{
    return node_request_say_read(request, object, read_served);
}

/* Asks. */

static enum base_code read_ask(struct node_request *request, json_t *object, struct node_saying *saying)
{
    struct node_named named;
    const char *about;
    unsigned urgency;
    int64_t now = base_clock_now(&request->node->clock);
    saying->statement.kind = EXCHANGE_KIND_ASK;
    BASE_TRY(read_compartment(request, object, saying));
    BASE_TRY(node_field_text(object, "about", false, &about));
    if (about[0] != 0) {
        BASE_TRY(node_request_named(request, about, NODE_MAY_ANY, &named));
        if (!exchange_id_equal(&named.facts.id, &saying->facts.id))
            return base_fail(BASE_E_ARGUMENT, "what the ask is about was said in another compartment");
        saying->statement.about = named.hash;
    }
    BASE_TRY(node_field_word(object, "urgency", &exchange_urgencies, EXCHANGE_NORMAL, &urgency));
    saying->statement.urgency = (enum exchange_urgency)urgency;
    saying->statement.feedback = node_field_flag(object, "feedback");
    BASE_TRY(node_field_handling(object, &saying->statement));
    BASE_TRY(read_content(object, saying));
    /* From the end of this second: the statement may be dated in the next. */
    int64_t least = now + 999 + (int64_t)saying->facts.terms.hours.answer[urgency] * HOUR_MS;
    BASE_TRY(node_field_time(object, "due", least, &saying->statement.due_ms));
    say_time(saying, "due", saying->statement.due_ms);
    return BASE_OK;
}

enum base_code node_request_ask(struct node_request *request, json_t *object)
{
    return node_request_say_read(request, object, read_ask);
}

static enum base_code read_answer(struct node_request *request, json_t *object, struct node_saying *saying)
{
    unsigned outcome;
    saying->statement.kind = EXCHANGE_KIND_ANSWER;
    BASE_TRY(read_about(request, object, "ask", EXCHANGE_KIND_ASK, EXCHANGE_KIND_ASK, saying));
    BASE_TRY(node_field_word(object, "outcome", &exchange_outcomes, exchange_outcomes.count, &outcome));
    saying->statement.outcome = (enum exchange_outcome)outcome;
    saying->statement.feedback = node_field_flag(object, "feedback");
    BASE_TRY(node_field_handling(object, &saying->statement));
    BASE_TRY(node_field_reason(object, &saying->statement));
    BASE_TRY(read_content(object, saying));
    const struct exchange_content *content = &saying->content;
    bool is_empty = content->person_count + content->attachment_count == 0;
    for (unsigned i = 0; i < EXCHANGE_TEXT_COUNT; i++)
        is_empty &= content->texts[i] == NULL;
    saying->has_content = !is_empty;
    if (outcome <= EXCHANGE_PARTLY && is_empty)
        return base_fail(BASE_E_ARGUMENT, "an answer says something: a text, a person or an attachment");
    return outcome > EXCHANGE_PARTLY && !is_empty ? base_fail(BASE_E_ARGUMENT, "who holds no trace, or passes on, sends no content") : BASE_OK;
}

enum base_code node_request_answer(struct node_request *request, json_t *object)
{
    return node_request_say_read(request, object, read_answer);
}

static enum base_code read_code(json_t *object, struct node_saying *saying)
{
    unsigned code;
    BASE_TRY(node_field_word(object, "code", &exchange_codes, exchange_codes.count, &code));
    saying->statement.code = (enum exchange_code)code;
    return node_field_reason(object, &saying->statement);
}

static enum base_code read_decline(struct node_request *request, json_t *object, struct node_saying *saying)
{
    saying->statement.kind = EXCHANGE_KIND_DECLINE;
    BASE_TRY(read_about(request, object, "ask", EXCHANGE_KIND_ASK, EXCHANGE_KIND_ASK, saying));
    return read_code(object, saying);
}

enum base_code node_request_decline(struct node_request *request, json_t *object)
{
    return node_request_say_read(request, object, read_decline);
}

static enum base_code read_defer(struct node_request *request, json_t *object, struct node_saying *saying)
{
    saying->statement.kind = EXCHANGE_KIND_DEFER;
    BASE_TRY(read_about(request, object, "ask", EXCHANGE_KIND_ASK, EXCHANGE_KIND_ASK, saying));
    BASE_TRY(node_field_time(object, "due", INT64_MIN, &saying->statement.due_ms));
    return need_reason(object, saying);
}

enum base_code node_request_defer(struct node_request *request, json_t *object)
{
    return node_request_say_read(request, object, read_defer);
}

static enum base_code read_withdraw(struct node_request *request, json_t *object, struct node_saying *saying)
{
    saying->statement.kind = EXCHANGE_KIND_WITHDRAW;
    BASE_TRY(read_about(request, object, "ask", EXCHANGE_KIND_ASK, EXCHANGE_KIND_ASK, saying));
    return node_field_reason(object, &saying->statement);
}

enum base_code node_request_withdraw(struct node_request *request, json_t *object)
{
    return node_request_say_read(request, object, read_withdraw);
}

static enum base_code read_feedback(struct node_request *request, json_t *object, struct node_saying *saying)
{
    unsigned use;
    saying->statement.kind = EXCHANGE_KIND_FEEDBACK;
    BASE_TRY(read_about(request, object, "answer", EXCHANGE_KIND_ANSWER, EXCHANGE_KIND_ANSWER, saying));
    BASE_TRY(node_field_word(object, "use", &exchange_uses, exchange_uses.count, &use));
    saying->statement.use = (enum exchange_use)use;
    return node_field_reason(object, &saying->statement);
}

enum base_code node_request_feedback(struct node_request *request, json_t *object)
{
    return node_request_say_read(request, object, read_feedback);
}

static enum base_code read_hold(struct node_request *request, json_t *object, struct node_saying *saying)
{
    saying->statement.kind = EXCHANGE_KIND_HOLD;
    BASE_TRY(read_compartment(request, object, saying));
    return read_content(object, saying);
}

enum base_code node_request_hold(struct node_request *request, json_t *object)
{
    return node_request_say_read(request, object, read_hold);
}
