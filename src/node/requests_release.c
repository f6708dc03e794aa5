/* SPDX-License-Identifier: Apache-2.0
 *
 * Drafts and their release, and corrections, which may be many statements at once (doc/spec/control.md, "The exchange").
 */
#include "node/requests_say.h"

#include "crypto/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Drafts. */

struct listing {
    struct node_request *request;
    json_t *items;
    const uint8_t *compartment; /* NULL for all */
    size_t left_out;
};

static enum base_code compartment_name(struct node_request *request, const uint8_t id[STORE_ID_LEN], char out[STORE_NAME_MAX + 1])
{
    struct node_compartment facts;
    struct exchange_id copy;
    char hex[33];
    memcpy(copy.bytes, id, sizeof copy.bytes);
    exchange_id_hex(&copy, hex);
    BASE_TRY(node_compartment_find(request->node->party->store, hex, &facts));
    snprintf(out, STORE_NAME_MAX + 1, "%s", facts.name);
    return BASE_OK;
}

static enum base_code list_draft(void *context, const struct store_draft *draft)
{
    static const char *const states[] = {"waits", "released", "refused"};
    struct listing *listing = context;
    struct store *store = listing->request->node->party->store;
    struct exchange_id id;
    char name[STORE_NAME_MAX + 1];
    memcpy(id.bytes, draft->compartment, sizeof id.bytes);
    bool is_releaser = node_user_check(store, &listing->request->user, &id, NODE_MAY(NODE_ROLE_RELEASER)) == BASE_OK;
    if (!is_releaser && node_user_check(store, &listing->request->user, &id, NODE_MAY(NODE_ROLE_ANALYST)) != BASE_OK)
        return BASE_OK;
    if (json_array_size(listing->items) == NODE_LISTED_MAX) {
        listing->left_out++;
        return BASE_OK;
    }
    BASE_TRY(compartment_name(listing->request, draft->compartment, name));
    json_t *item = json_pack("{s:I, s:s, s:s, s:s}", "draft", (json_int_t)draft->number, "compartment", name, "author", draft->author,
                             "state", states[draft->state]);
    node_json_time(item, "created", draft->created_ms);
    if (draft->state != STORE_DRAFT_WAITS) {
        json_object_set_new(item, "decider", json_string(draft->decider));
        json_object_set_new(item, "reason", json_string(draft->reason));
    } else if (is_releaser) {
        json_object_set_new(item, "request", json_loadb((const char *)draft->request.data, draft->request.len, 0, NULL));
    }
    json_array_append_new(listing->items, item);
    return BASE_OK;
}

enum base_code node_request_drafts(struct node_request *request, json_t *object)
{
    struct listing listing = {request, NULL, NULL, 0};
    struct node_compartment facts;
    const char *name;
    bool all = node_field_flag(object, "all");
    BASE_TRY(node_field_text(object, "compartment", false, &name));
    BASE_TRY(node_fields_done(object));
    if (name[0] != 0) {
        BASE_TRY(node_request_find(request, name, NODE_MAY(NODE_ROLE_ANALYST) | NODE_MAY(NODE_ROLE_RELEASER), &facts));
        listing.compartment = facts.id.bytes;
    }
    listing.items = json_array();
    enum base_code code = store_drafts_each(request->node->party->store, listing.compartment, !all, list_draft, &listing);
    if (code == BASE_OK)
        node_request_ok(request, json_pack("{s:O, s:I}", "drafts", listing.items, "left_out", (json_int_t)listing.left_out));
    json_decref(listing.items);
    return code;
}

struct draft_copy {
    struct store_draft row;
    struct base_buffer request;
};

static enum base_code copy_draft(void *context, const struct store_draft *draft)
{
    struct draft_copy *copy = context;
    copy->row = *draft;
    return base_buffer_append(&copy->request, draft->request);
}

/* One that waits, for a releaser of its compartment. */
static enum base_code find_draft(struct node_request *request, int64_t number, struct draft_copy *out)
{
    struct store *store = request->node->party->store;
    struct exchange_id id;
    BASE_TRY(store_draft_get(store, number, copy_draft, out));
    memcpy(id.bytes, out->row.compartment, sizeof id.bytes);
    if (!node_user_sees(store, &request->user, &id))
        return base_fail(BASE_E_NOT_FOUND, "there is no draft with this number");
    BASE_TRY(node_user_check(store, &request->user, &id, NODE_MAY(NODE_ROLE_RELEASER)));
    return out->row.state == STORE_DRAFT_WAITS ? BASE_OK : base_fail(BASE_E_STATE, "this draft was decided already");
}

static enum base_code run_draft(struct node_request *request, const struct draft_copy *draft)
{
    json_t *object = json_loadb((const char *)draft->request.data, draft->request.len, 0, NULL);
    const char *what = json_string_value(json_object_get(object, "do"));
    node_request_run *run = what == NULL ? NULL : node_request_of(what);
    enum base_code code = run == NULL ? base_fail(BASE_E_CORRUPT, "a draft that says nothing") : BASE_OK;
    request->draft = draft->row.number;
    snprintf(request->author, sizeof request->author, "%s", draft->row.author);
    if (code == BASE_OK)
        code = run(request, object);
    json_decref(object);
    return code;
}

enum base_code node_request_release(struct node_request *request, json_t *object)
{
    struct draft_copy draft = {.request = BASE_BUFFER_EMPTY};
    int64_t number = 0;
    BASE_TRY(node_field_number(object, "draft", true, &number));
    BASE_TRY(node_fields_done(object));
    enum base_code code = find_draft(request, number, &draft);
    if (code == BASE_OK && strcmp(draft.row.author, request->user.name) == 0)
        code = base_fail(BASE_E_ROLE, "nobody releases what they wrote themselves");
    if (code == BASE_OK)
        code = run_draft(request, &draft);
    crypto_wipe_buffer(&draft.request);
    return code;
}

enum base_code node_request_refuse(struct node_request *request, json_t *object)
{
    struct draft_copy draft = {.request = BASE_BUFFER_EMPTY};
    const char *reason;
    int64_t number = 0;
    BASE_TRY(node_field_number(object, "draft", true, &number));
    BASE_TRY(node_field_text(object, "reason", true, &reason));
    BASE_TRY(node_fields_done(object));
    enum base_code code = find_draft(request, number, &draft);
    crypto_wipe_buffer(&draft.request);
    if (code == BASE_OK)
        code = store_draft_decide(request->node->party->store, number, STORE_DRAFT_REFUSED, request->user.name, reason,
                                  base_clock_now(&request->node->clock));
    if (code == BASE_OK)
        node_request_ok(request, json_pack("{s:I, s:s}", "draft", (json_int_t)number, "state", "refused"));
    return code;
}

/* Corrections. */

enum { EVERYWHERE_MAX = 64 };

struct places {
    struct node_request *request;
    struct store_alert first;
    struct store_alert items[EVERYWHERE_MAX];
    size_t count;
};

static enum base_code same_person(void *context, const struct store_alert *alert)
{
    struct places *places = context;
    bool is_first = memcmp(alert->hash, places->first.hash, 32) == 0 && memcmp(alert->compartment, places->first.compartment, STORE_ID_LEN) == 0;
    if (!alert->is_own || is_first || alert->person == 0 || alert->person != places->first.person)
        return BASE_OK;
    if (places->count == EVERYWHERE_MAX)
        return base_fail(BASE_E_LIMIT, "more than %d alerts are about this person", EVERYWHERE_MAX);
    places->items[places->count++] = *alert;
    return BASE_OK;
}

/* The same correction for one more alert about the person; the roles there count too. */
static enum base_code correct_one_more(struct node_request *request, const struct node_saying *saying, const struct store_alert *alert,
                                       json_t *hashes)
{
    struct exchange_statement statement = saying->statement;
    struct exchange_id id;
    struct crypto_hash hash;
    char hex[65];
    memcpy(id.bytes, alert->compartment, sizeof id.bytes);
    memcpy(statement.about.bytes, alert->hash, sizeof statement.about.bytes);
    BASE_TRY(node_user_check(request->node->party->store, &request->user, &id, NODE_MAY(NODE_ROLE_ANALYST) | NODE_MAY(NODE_ROLE_RELEASER)));
    BASE_TRY(node_say_alone(request->node, &id, &statement, saying->has_content ? &saying->content : NULL, &hash));
    crypto_hex_encode(base_bytes_of(hash.bytes, sizeof hash.bytes), hex);
    json_array_append_new(hashes, json_string(hex));
    return BASE_OK;
}

static enum base_code correct_elsewhere(struct node_request *request, struct node_saying *saying)
{
    struct places *places = calloc(1, sizeof *places);
    if (places == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for the alerts about a person");
    places->request = request;
    memcpy(places->first.compartment, saying->facts.id.bytes, STORE_ID_LEN);
    memcpy(places->first.hash, saying->statement.about.bytes, 32);
    json_t *hashes = json_array();
    enum base_code code = store_alert_get(request->node->party->store, &places->first);
    if (code == BASE_OK)
        code = store_alerts_each(request->node->party->store, NULL, false, same_person, places);
    for (size_t i = 0; code == BASE_OK && i < places->count; i++)
        code = correct_one_more(request, saying, &places->items[i], hashes);
    saying->result = json_pack("{s:o}", "statements", hashes);
    free(places);
    return code;
}

static enum base_code read_correction(struct node_request *request, json_t *object, struct node_saying *saying, bool *everywhere)
{
    struct node_named named;
    const char *digits;
    unsigned action;
    *everywhere = node_field_flag(object, "everywhere");
    BASE_TRY(node_field_text(object, "statement", true, &digits));
    BASE_TRY(node_request_named(request, digits, NODE_MAY(NODE_ROLE_ANALYST) | NODE_MAY(NODE_ROLE_RELEASER), &named));
    saying->facts = named.facts;
    saying->statement.kind = EXCHANGE_KIND_CORRECTION;
    saying->statement.about = named.hash;
    BASE_TRY(node_field_word(object, "action", &exchange_actions, exchange_actions.count, &action));
    saying->statement.action = (enum exchange_action)action;
    BASE_TRY(node_field_reason(object, &saying->statement));
    if (saying->statement.reason[0] == 0)
        return base_fail(BASE_E_ARGUMENT, "a correction needs a reason");
    saying->has_content = action == EXCHANGE_CORRECT;
    if (*everywhere && named.statement.kind != EXCHANGE_KIND_ALERT)
        return base_fail(BASE_E_ARGUMENT, "only an alert is corrected everywhere");
    return node_field_content(object, &saying->content);
}

enum base_code node_request_correct(struct node_request *request, json_t *object)
{
    struct node_saying saying = {.content = EXCHANGE_CONTENT_EMPTY};
    bool everywhere = false;
    json_t *fields = json_copy(object);
    enum base_code code = fields == NULL ? base_fail(BASE_E_NOMEM, "no memory for a request") : read_correction(request, fields, &saying, &everywhere);
    if (code == BASE_OK)
        code = node_fields_done(fields);
    if (code == BASE_OK && everywhere)
        code = correct_elsewhere(request, &saying);
    if (code == BASE_OK)
        code = node_request_say(request, object, &saying);
    else
        node_saying_release(&saying);
    json_decref(fields);
    return code;
}
