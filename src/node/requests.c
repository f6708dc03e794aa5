/* SPDX-License-Identifier: Apache-2.0
 *
 * What the command line asks of the running node (doc/spec/control.md).
 */
#include "node/exchange.h"
#include "node/requests_keep.h"
#include "node/requests_people.h"
#include "node/requests_say.h"

#include "store/evidence.h"
#include "store/ledgers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PROGRESS_EVERY_MS = 100 };

static void answer(struct node_request *request, json_t *object)
{
    if (request == NULL || request->is_answered) {
        json_decref(object);
        return;
    }
    request->is_answered = true;
    if (request->client == NULL) {
        json_decref(object);
        free(request);
        return;
    }
    enum base_code code = node_control_reply(request->client, object);
    if (code != BASE_OK)
        base_log_event(&request->node->log, BASE_LOG_WARN, "reply-lost", BASE_LOG_TEXT("reason", base_code_word(code)), BASE_LOG_END);
    node_control_end(request->client); /* `gone` frees the request */
}

void node_request_progress(struct node_request *request, const char *phase, uint64_t done, uint64_t total)
{
    if (request == NULL || request->is_answered || request->client == NULL)
        return;
    int64_t now = base_clock_elapsed_ms();
    if (done != total && done != 0 && now - request->progress_ms < PROGRESS_EVERY_MS)
        return;
    request->progress_ms = now;
    json_t *line = json_pack("{s:{s:s, s:I, s:I}}", "progress", "phase", phase, "done", (json_int_t)done, "total", (json_int_t)total);
    if (line != NULL)
        (void)!node_control_reply(request->client, line); /* progress that does not arrive harms nobody */
}

enum base_code node_request_item(struct node_request *request, json_t *item)
{
    if (item == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for a piece of a result");
    if (request->client == NULL) {
        json_decref(item);
        return BASE_OK;
    }
    return node_control_reply(request->client, json_pack("{s:o}", "item", item));
}

void node_request_ok(struct node_request *request, json_t *result)
{
    if (request != NULL && result != NULL && request->node->replay_ms != 0) /* so that what is due reads right in a replay */
        node_json_time(result, "now", request->node->replay_ms);
    answer(request, json_pack("{s:o}", "ok", result));
}

void node_request_error(struct node_request *request, enum base_code code, const char *detail, bool is_by_peer)
{
    answer(request, json_pack("{s:s, s:s, s:s}", "error", base_code_word(code), "detail", detail, "by", is_by_peer ? "peer" : "self"));
}

enum base_code node_request_bad(const json_error_t *error)
{
    return base_fail(BASE_E_ARGUMENT, "the request is not of the form it must have: %.100s", error->text);
}

struct totals {
    struct store *store;
    const struct node_user *user;
    uint64_t compartments, waiting, conflicts;
};

static enum base_code add_totals(void *context, const struct node_compartment *facts)
{
    struct totals *totals = context;
    uint64_t waiting, conflicts;
    if (!node_user_sees(totals->store, totals->user, &facts->id))
        return BASE_OK;
    BASE_TRY(store_outbox_count(totals->store, facts->id.bytes, &waiting));
    BASE_TRY(store_evidence_count(totals->store, facts->id.bytes, &conflicts));
    totals->compartments++;
    totals->waiting += waiting;
    totals->conflicts += conflicts;
    return BASE_OK;
}

static enum base_code do_status(struct node_request *request, json_t *object)
{
    (void)object;
    struct node *node = request->node;
    struct totals totals = {.store = node->party->store, .user = &request->user};
    char fingerprint[33], since[BASE_TIME_TEXT_LEN + 1];
    BASE_TRY(node_user_check(totals.store, &request->user, NULL, NODE_MAY_ANY));
    BASE_TRY(node_compartments_each(totals.store, add_totals, &totals));
    exchange_id_hex(&node->party->fingerprint, fingerprint);
    base_time_format(node->since_ms, since);
    node_request_ok(request, json_pack("{s:s, s:s, s:s, s:i, s:i, s:s, s:I, s:I, s:I}", "name", node->party->card.name, "fingerprint",
                                       fingerprint, "address", node->party->card.address, "port", (int)node->port, "links",
                                       (int)node_hub_count(node->hub, NULL), "since", since, "compartments",
                                       (json_int_t)totals.compartments, "waiting", (json_int_t)totals.waiting, "conflicts",
                                       (json_int_t)totals.conflicts));
    return BASE_OK;
}

json_t *node_request_compartment_json(const struct node_compartment *facts, enum exchange_state state)
{
    char hex[33];
    exchange_id_hex(&facts->id, hex);
    return json_pack("{s:s, s:s, s:s}", "compartment", hex, "name", facts->name, "state", exchange_state_word(state));
}

/* What a sync was begun for, so that the answer can wait for it. */
struct waiting {
    struct node_request *request;
    struct node_compartment facts;
    const char *flag;
};

static void answer_delivered(void *context, enum base_code code, const char *detail)
{
    struct waiting *waiting = context;
    json_t *result = node_request_compartment_json(&waiting->facts, waiting->facts.state);
    if (result != NULL)
        json_object_set_new(result, waiting->flag, json_boolean(code == BASE_OK));
    if (result != NULL && code != BASE_OK) {
        json_object_set_new(result, "error", json_string(base_code_word(code)));
        json_object_set_new(result, "detail", json_string(detail));
    }
    node_request_ok(waiting->request, result);
    free(waiting);
}

enum base_code node_request_answer_after_sync(struct node_request *request, const struct node_compartment *facts, const char *flag)
{
    struct waiting *waiting = calloc(1, sizeof *waiting);
    if (waiting == NULL)
        return base_fail(BASE_E_NOMEM, "no memory to wait");
    *waiting = (struct waiting){request, *facts, flag};
    enum node_sync_until until = strcmp(flag, "cosigned") == 0 ? NODE_SYNC_COSIGNED : NODE_SYNC_DELIVERED;
    enum base_code code = node_sync_begin(request->node, &facts->id, until, answer_delivered, waiting);
    if (code != BASE_OK)
        answer_delivered(waiting, code, base_detail());
    return BASE_OK;
}

static enum base_code starters_of(const char *word, enum exchange_starters *out)
{
    if (strcmp(word, "both") == 0)
        *out = EXCHANGE_START_BOTH;
    else if (strcmp(word, "me") == 0)
        *out = EXCHANGE_START_PROPOSER;
    else if (strcmp(word, "peer") == 0)
        *out = EXCHANGE_START_ACCEPTER;
    else
        return base_fail(BASE_E_ARGUMENT, "who may start is both, me or peer");
    return BASE_OK;
}

/* A whole number of the request that may be absent; what is above any limit is refused by the terms themselves. */
static enum base_code take_number(json_t *object, const char *key, uint64_t *out)
{
    const json_t *value = json_object_get(object, key);
    if (value == NULL)
        return BASE_OK;
    if (!json_is_integer(value) || json_integer_value(value) < 0)
        return base_fail(BASE_E_ARGUMENT, "\"%s\" is a whole number", key);
    *out = (uint64_t)json_integer_value(value);
    return json_object_del(object, key) == 0 ? BASE_OK : base_fail(BASE_E_INTERNAL, "a key went away");
}

static enum base_code take_word(json_t *object, const char *key, const struct exchange_words *words, unsigned *out)
{
    const char *value = json_string_value(json_object_get(object, key));
    if (value == NULL)
        return BASE_OK;
    if (exchange_words_find(words, key, base_bytes_text(value), out) != BASE_OK)
        return base_fail(BASE_E_ARGUMENT, "\"%s\" cannot be '%.40s'", key, value);
    return json_object_del(object, key) == 0 ? BASE_OK : base_fail(BASE_E_INTERNAL, "a key went away");
}

/* The exchange's part of the terms: what is absent stays as exchange_terms_defaults() has it. */
static enum base_code take_exchange_terms(json_t *object, struct exchange_terms *terms)
{
    const struct {
        const char *key;
        uint64_t *value;
    } numbers[] = {
        {"alerts_per_day", &terms->alerts_per_day},
        {"asks_per_day", &terms->asks_per_day},
        {"answer_urgent_hours", &terms->hours.answer[EXCHANGE_URGENT]},
        {"answer_normal_hours", &terms->hours.answer[EXCHANGE_NORMAL]},
        {"answer_other_hours", &terms->hours.answer[EXCHANGE_OTHER]},
        {"tell_hours", &terms->hours.tell},
        {"task_hours", &terms->hours.task},
        {"receipt_hours", &terms->hours.receipt},
        {"cosign_hours", &terms->hours.cosign},
        {"feedback_hours", &terms->hours.feedback},
        {"correction_hours", &terms->hours.correction},
        {"retention_days", &terms->retention_days},
        {"max_attachment", &terms->max_attachment},
    };
    unsigned release = terms->release;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        BASE_TRY(take_number(object, numbers[i].key, numbers[i].value));
    BASE_TRY(take_word(object, "release", &exchange_releases, &release));
    terms->release = (enum exchange_release)release;
    json_t *reasons = json_object_get(object, "reasons");
    for (size_t i = 0; i < json_array_size(reasons); i++) {
        const char *word = json_string_value(json_array_get(reasons, i));
        unsigned place;
        if (word == NULL || exchange_words_find(&exchange_codes, "reasons", base_bytes_text(word), &place) != BASE_OK)
            return base_fail(BASE_E_ARGUMENT, "not a reason to decline: '%.40s'", word == NULL ? "" : word);
        terms->codes = (i == 0 ? 0 : terms->codes) | 1u << place;
    }
    json_object_del(object, "reasons"); /* absent is fine */
    return BASE_OK;
}

static enum base_code do_propose(struct node_request *request, json_t *object)
{
    struct node *node = request->node;
    struct node_proposal proposal = {0};
    struct exchange_id id;
    struct node_compartment facts;
    json_error_t error;
    const char *what, *purpose, *starters;
    json_int_t max_list, max_keys, per_day;
    char hex[33];
    BASE_TRY(node_user_check(node->party->store, &request->user, &node_every_compartment, NODE_MAY(NODE_ROLE_ADMINISTRATOR)));
    exchange_terms_defaults(&proposal.values);
    BASE_TRY(take_exchange_terms(object, &proposal.values));
    if (json_unpack_ex(object, &error, JSON_STRICT, "{s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:s}", "do", &what, "peer", &proposal.peer,
                       "name", &proposal.name, "purpose", &purpose, "max_list", &max_list, "max_keys", &max_keys,
                       "matches_per_day", &per_day, "starters", &starters) != 0)
        return node_request_bad(&error);
    if (max_list < 1 || max_keys < 1 || per_day < 1)
        return base_fail(BASE_E_RANGE, "limits are at least 1");
    if (strlen(purpose) > EXCHANGE_PURPOSE_MAX)
        return base_fail(BASE_E_LIMIT, "the purpose has more than %d bytes", EXCHANGE_PURPOSE_MAX);
    proposal.values.max_list = (uint64_t)max_list;
    proposal.values.max_keys = (uint64_t)max_keys;
    proposal.values.matches_per_day = (uint64_t)per_day;
    snprintf(proposal.values.purpose, sizeof proposal.values.purpose, "%s", purpose);
    BASE_TRY(starters_of(starters, &proposal.values.starters));
    BASE_TRY(node_agree_propose(node, &proposal, &id));
    exchange_id_hex(&id, hex);
    BASE_TRY(node_compartment_find(node->party->store, hex, &facts));
    return node_request_answer_after_sync(request, &facts, "delivered");
}

enum base_code node_request_find(struct node_request *request, const char *name, unsigned roles, struct node_compartment *out)
{
    struct store *store = request->node->party->store;
    BASE_TRY(node_compartment_find(store, name, out));
    if (!node_user_sees(store, &request->user, &out->id)) /* users 4.2 */
        return base_fail(BASE_E_NOT_FOUND, "there is no such compartment");
    return node_user_check(store, &request->user, &out->id, roles);
}

enum base_code node_request_compartment(struct node_request *request, json_t *object, unsigned roles, const char **reason,
                                        struct node_compartment *out)
{
    json_error_t error;
    const char *what, *name, *none;
    const char **at = reason == NULL ? &none : reason;
    *at = "";
    const char *form = reason == NULL ? "{s:s, s:s}" : "{s:s, s:s, s?s}";
    if (json_unpack_ex(object, &error, JSON_STRICT, form, "do", &what, "compartment", &name, "reason", at) != 0)
        return node_request_bad(&error);
    return node_request_find(request, name, roles, out);
}

static enum base_code do_accept(struct node_request *request, json_t *object)
{
    struct node_compartment facts;
    BASE_TRY(node_request_compartment(request, object, NODE_MAY(NODE_ROLE_ADMINISTRATOR), NULL, &facts));
    return node_agree_accept(request->node, &facts, request);
}

static enum base_code say_state(struct node *node, const struct node_compartment *facts, enum exchange_move move, const char *reason)
{
    struct exchange_statement statement = {.kind = EXCHANGE_KIND_STATE, .move = move};
    struct crypto_hash hash;
    snprintf(statement.reason, sizeof statement.reason, "%s", reason);
    return node_say_alone(node, &facts->id, &statement, NULL, &hash);
}

static enum base_code do_move(struct node_request *request, json_t *object, enum exchange_move move)
{
    struct node_compartment facts;
    const char *reason;
    BASE_TRY(node_request_compartment(request, object, NODE_MAY(NODE_ROLE_ADMINISTRATOR), &reason, &facts));
    enum exchange_state state = facts.own_state;
    BASE_TRY(exchange_state_move(&state, move));
    if (strlen(reason) > EXCHANGE_REASON_MAX)
        return base_fail(BASE_E_LIMIT, "a reason has at most %d bytes", EXCHANGE_REASON_MAX);
    if (!exchange_terms_is_filled(&facts.terms)) { /* never agreed: nobody else needs to hear of it */
        BASE_TRY(node_compartment_set_states(request->node->party->store, &facts.id, state, facts.peer_state,
                                             base_clock_now(&request->node->clock)));
        node_request_ok(request, node_request_compartment_json(&facts, state));
        return BASE_OK;
    }
    BASE_TRY(say_state(request->node, &facts, move, reason));
    char hex[33];
    exchange_id_hex(&facts.id, hex);
    BASE_TRY(node_compartment_find(request->node->party->store, hex, &facts));
    return node_request_answer_after_sync(request, &facts, "delivered");
}

static enum base_code do_suspend(struct node_request *request, json_t *object)
{
    return do_move(request, object, EXCHANGE_SUSPEND);
}

static enum base_code do_resume(struct node_request *request, json_t *object)
{
    return do_move(request, object, EXCHANGE_RESUME);
}

static enum base_code do_close(struct node_request *request, json_t *object)
{
    return do_move(request, object, EXCHANGE_CLOSE);
}

static enum base_code do_match(struct node_request *request, json_t *object)
{
    struct node_compartment facts;
    json_error_t error;
    const char *what, *name, *source = NULL;
    if (json_unpack_ex(object, &error, JSON_STRICT, "{s:s, s:s, s?s}", "do", &what, "compartment", &name, "source", &source) != 0)
        return node_request_bad(&error);
    BASE_TRY(node_request_find(request, name, NODE_MAY(NODE_ROLE_ANALYST), &facts));
    return node_match_begin(request->node, &facts, source, request);
}

static enum base_code do_cosign(struct node_request *request, json_t *object)
{
    struct node_compartment facts;
    BASE_TRY(node_request_compartment(request, object, NODE_MAY_ANY, NULL, &facts));
    return node_request_answer_after_sync(request, &facts, "cosigned");
}

struct unheard {
    struct node *node;
    bool is_any;
};

static enum base_code look_for_unheard(void *context, const struct node_compartment *facts)
{
    struct unheard *unheard = context;
    bool waits = false;
    BASE_TRY(node_sync_is_waiting(unheard->node, facts, &waits));
    unheard->is_any |= waits && facts->own_state != EXCHANGE_PROPOSED;
    return BASE_OK;
}

/* A replay: the clock goes forward a day at a time, so that what falls due on the way is said on its day; and it stops there, so
 * that the other party hears of it on that day too. */
static enum base_code do_clock(struct node_request *request, json_t *object)
{
    enum { DAY_MS = 86400000 };
    struct node *node = request->node;
    int64_t to_ms;
    BASE_TRY(node_user_check(node->party->store, &request->user, &node_every_compartment, NODE_MAY(NODE_ROLE_ADMINISTRATOR)));
    if (node->replay_ms == 0)
        return base_fail(BASE_E_STATE, "this node's clock is the system's: only one that was started with --replay-from is moved");
    BASE_TRY(node_field_time(object, "to", node->replay_ms, &to_ms));
    BASE_TRY(node_fields_done(object));
    if (to_ms < node->replay_ms)
        return base_fail(BASE_E_RANGE, "time does not go back");
    struct unheard unheard = {node, false};
    while (node->replay_ms < to_ms && !unheard.is_any) {
        node->replay_ms = to_ms - node->replay_ms > DAY_MS ? node->replay_ms + DAY_MS : to_ms;
        node_clock(node);
        BASE_TRY(node_compartments_each(node->party->store, look_for_unheard, &unheard));
    }
    node_sync_all(node);
    json_t *result = json_object();
    node_json_time(result, "time", node->replay_ms);
    node_request_ok(request, result);
    return BASE_OK;
}

static enum base_code do_stop(struct node_request *request, json_t *object)
{
    (void)object;
    BASE_TRY(node_user_check(request->node->party->store, &request->user, &node_every_compartment, NODE_MAY(NODE_ROLE_ADMINISTRATOR)));
    node_request_ok(request, json_pack("{s:b}", "stopped", 1));
    request->node->is_stopping = true; /* the tick ends the loop once the answer is out */
    return BASE_OK;
}

static const struct {
    const char *word;
    node_request_run *run;
} requests[] = {
    {"status", do_status}, {"propose", do_propose}, {"accept", do_accept}, {"suspend", do_suspend}, {"resume", do_resume},
    {"close", do_close},   {"match", do_match},     {"cosign", do_cosign}, {"stop", do_stop}, {"clock", do_clock},
    {"compartments", node_request_compartments}, {"record", node_request_record}, {"records", node_request_records},
    {"match-hits", node_request_match_hits},
    {"alert-send", node_request_alert_send}, {"alert-renew", node_request_alert_renew}, {"alert-close", node_request_alert_close},
    {"alert-served", node_request_alert_served}, {"alerts", node_request_alerts}, {"alert-show", node_request_alert_show},
    {"ask", node_request_ask}, {"answer", node_request_answer}, {"decline", node_request_decline}, {"defer", node_request_defer},
    {"withdraw", node_request_withdraw}, {"feedback", node_request_feedback}, {"asks", node_request_asks}, {"ask-show", node_request_ask_show},
    {"events-add", node_request_events_add}, {"hits", node_request_hits}, {"hit-judge", node_request_hit_judge},
    {"hit-tell", node_request_hit_tell}, {"hit-tell-decline", node_request_hit_tell_decline}, {"correct", node_request_correct},
    {"hold", node_request_hold}, {"open", node_request_open}, {"tasks", node_request_tasks}, {"task-take", node_request_task_take},
    {"task-close", node_request_task_close}, {"drafts", node_request_drafts}, {"release", node_request_release}, {"refuse", node_request_refuse},
    {"reconcile", node_request_reconcile}, {"retention", node_request_retention}, {"evidence", node_request_evidence},
};

node_request_run *node_request_of(const char *word)
{
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
        if (strcmp(requests[i].word, word) == 0)
            return requests[i].run;
    return NULL;
}

static enum base_code act(struct node_request *request, json_t *object)
{
    BASE_TRY(node_user_of_request(request->node->party->store, object, &request->user)); /* users 2.4 */
    if (request->user.is_owner && !node_control_is_owner(request->client)) /* users 1.2 */
        return base_fail(BASE_E_ROLE, "only the account that the node runs under may ask without a user key");
    const char *what = json_string_value(json_object_get(object, "do"));
    if (what == NULL)
        return base_fail(BASE_E_ARGUMENT, "a request needs \"do\"");
    node_request_run *run = node_request_of(what);
    return run == NULL ? base_fail(BASE_E_ARGUMENT, "no request of this version") : run(request, object);
}

static void on_request(void *context, struct node_control_client *client, json_t *object)
{
    struct node *node = context;
    if (node_control_data(client) != NULL) /* one request a connection */
        return;
    struct node_request *request = calloc(1, sizeof *request);
    if (request == NULL) {
        node_control_end(client);
        return;
    }
    *request = (struct node_request){.node = node, .client = client};
    node_control_set_data(client, request);
    enum base_code code = act(request, object);
    if (code != BASE_OK)
        node_request_error(request, code, base_detail(), false);
}

static void on_gone(void *context, struct node_control_client *client)
{
    (void)context;
    struct node_request *request = node_control_data(client);
    if (request == NULL)
        return;
    request->client = NULL;
    if (request->is_answered)
        free(request);
}

const struct node_control_events node_request_events = {.request = on_request, .gone = on_gone};
