/* SPDX-License-Identifier: Apache-2.0 */
#include "node/requests_keep.h"

#include "crypto/text.h"
#include "node/evidence.h"
#include "node/reconcile.h"
#include "node/retention.h"

#include <stdlib.h>

enum {
    IN_RESULT_MAX = 100,   /* differences of a sort in the result's line; more come as items */
    FILE_MAX = 48 * 1024,  /* of a conflict file that has to go into a line */
    AT_ONCE_MAX = 5000,    /* contents that one request erases or names; the node goes on by itself */
};

/* Reconciling */

static const char *const sorts[NODE_DIFFERENCE_COUNT] = {
    [NODE_MISSING_THERE] = "missing_there",
    [NODE_MISSING_HERE] = "missing_here",
    [NODE_WAITS_HERE] = "waiting_here",
    [NODE_WAITS_THERE] = "waiting_there",
};

static json_t *difference_json(const struct node_difference *difference)
{
    char hash[65], time[BASE_TIME_TEXT_LEN + 1];
    crypto_hex_encode(base_bytes_of(difference->hash.bytes, sizeof difference->hash.bytes), hash);
    if (*difference->kind == 0)
        return json_pack("{s:s}", "statement", hash);
    base_time_format(difference->time_ms, time);
    return json_pack("{s:s, s:s, s:s}", "statement", hash, "kind", difference->kind, "time", time);
}

static enum base_code put_differences(struct node_request *request, const struct node_reconciled *found, json_t *result)
{
    for (size_t i = 0; i < found->count; i++) {
        json_t *array = json_object_get(result, sorts[found->items[i].where]), *one = difference_json(&found->items[i]);
        if (one == NULL)
            return base_fail(BASE_E_NOMEM, "no memory for the result");
        if (json_array_size(array) < IN_RESULT_MAX) {
            json_array_append_new(array, one);
            continue;
        }
        json_object_set_new(one, "where", json_string(sorts[found->items[i].where]));
        BASE_TRY(node_request_item(request, one));
    }
    return BASE_OK;
}

static json_t *reconciled_json(const struct node_reconciled *found)
{
    json_t *counts = json_object(), *result = json_pack("{s:I, s:I}", "own", (json_int_t)found->own, "theirs", (json_int_t)found->theirs);
    for (unsigned i = 0; i < NODE_DIFFERENCE_COUNT; i++) {
        json_object_set_new(counts, sorts[i], json_integer((json_int_t)found->counts[i]));
        json_object_set_new(result, sorts[i], json_array());
    }
    json_object_set_new(result, "counts", counts);
    json_object_set_new(result, "conflicts", json_integer((json_int_t)found->conflicts));
    return result;
}

static void reconciled(void *context, enum base_code code, const char *detail, bool is_by_peer, const struct node_reconciled *found)
{
    struct node_request *request = context;
    if (code != BASE_OK) {
        node_request_error(request, code, detail, is_by_peer);
        return;
    }
    json_t *result = reconciled_json(found);
    code = put_differences(request, found, result);
    if (code == BASE_OK) {
        node_request_ok(request, result);
        return;
    }
    json_decref(result);
    node_request_error(request, code, base_detail(), false);
}

enum base_code node_request_reconcile(struct node_request *request, json_t *object)
{
    struct node_compartment facts;
    BASE_TRY(node_request_compartment(request, object, NODE_MAY_ANY, NULL, &facts));
    return node_reconcile_begin(request->node, &facts.id, reconciled, request);
}

/* Retention */

struct retaining {
    struct node_request *request;
    int64_t now_ms;
    bool is_dry, has_more;
    uint64_t count;
};

static enum base_code send_expired(void *context, const struct node_compartment *compartment, const struct node_expired *expired)
{
    struct retaining *retaining = context;
    char hash[65], since[BASE_TIME_TEXT_LEN + 1];
    crypto_hex_encode(base_bytes_of(expired->statement.bytes, sizeof expired->statement.bytes), hash);
    base_time_format(expired->since_ms, since);
    retaining->count++;
    return node_request_item(retaining->request, json_pack("{s:s, s:s, s:s, s:s}", "compartment", compartment->name, "statement", hash, "kind",
                                                           exchange_kind_word(expired->kind), "since", since));
}

static enum base_code retain(struct retaining *retaining, const struct node_compartment *compartment)
{
    struct node_retention_place place = {.has_begun = false};
    if (!exchange_terms_is_filled(&compartment->terms) || compartment->own_state == EXCHANGE_OFFERED)
        return BASE_OK;
    while (!place.has_ended) {
        if (retaining->count + NODE_RETENTION_BATCH > AT_ONCE_MAX) {
            retaining->has_more = true;
            return BASE_OK;
        }
        BASE_TRY(node_retention_step(retaining->request->node, compartment, retaining->now_ms, retaining->is_dry, &place, send_expired, retaining));
    }
    return BASE_OK;
}

struct allowed {
    struct node_request *request;
    struct exchange_id *items;
    size_t count, capacity;
};

static enum base_code keep_allowed(void *context, const struct node_compartment *compartment)
{
    struct allowed *allowed = context;
    struct node_request *request = allowed->request;
    if (node_user_check(request->node->party->store, &request->user, &compartment->id, NODE_MAY(NODE_ROLE_ADMINISTRATOR)) != BASE_OK)
        return BASE_OK;
    BASE_TRY(base_grow_array((void **)&allowed->items, &allowed->capacity, allowed->count + 1, sizeof *allowed->items));
    allowed->items[allowed->count++] = compartment->id;
    return BASE_OK;
}

/* Those where the user is an administrator: erasing writes, so the walk over compartments ends first. */
static enum base_code retain_all(struct retaining *retaining)
{
    struct node_request *request = retaining->request;
    struct store *store = request->node->party->store;
    struct allowed allowed = {.request = request};
    BASE_TRY(node_user_check(store, &request->user, NULL, NODE_MAY(NODE_ROLE_ADMINISTRATOR)));
    enum base_code code = node_compartments_each(store, keep_allowed, &allowed);
    for (size_t i = 0; code == BASE_OK && i < allowed.count; i++) {
        struct node_compartment facts;
        char hex[2 * EXCHANGE_ID_LEN + 1];
        exchange_id_hex(&allowed.items[i], hex);
        code = node_compartment_find(store, hex, &facts);
        if (code == BASE_OK)
            code = retain(retaining, &facts);
    }
    free(allowed.items);
    return code;
}

enum base_code node_request_retention(struct node_request *request, json_t *object)
{
    struct retaining retaining = {.request = request, .now_ms = base_clock_now(&request->node->clock)};
    struct node_compartment facts;
    json_error_t error;
    const char *what, *name = NULL;
    int is_dry = 0;
    bool is_empty; /* else the journal is emptied behind the day's run */
    if (json_unpack_ex(object, &error, JSON_STRICT, "{s:s, s?s, s?b}", "do", &what, "compartment", &name, "dry", &is_dry) != 0)
        return node_request_bad(&error);
    retaining.is_dry = is_dry != 0;
    if (name != NULL)
        BASE_TRY(node_request_find(request, name, NODE_MAY(NODE_ROLE_ADMINISTRATOR), &facts));
    BASE_TRY(name != NULL ? retain(&retaining, &facts) : retain_all(&retaining));
    if (retaining.has_more && !retaining.is_dry)
        BASE_TRY(node_retention_hurry(request->node));
    if (retaining.count > 0 && !retaining.is_dry)
        BASE_TRY(store_journal_empty(request->node->party->store, &is_empty));
    node_request_ok(request, json_pack("{s:I, s:b}", "erased", (json_int_t)(retaining.is_dry ? 0 : retaining.count), "more", retaining.has_more));
    return BASE_OK;
}

/* Evidence of two histories */

struct showing {
    struct node_request *request;
    struct node_compartment facts;
    uint64_t count;
};

static json_t *checkpoint_json(const struct node_evidence_checkpoint *checkpoint)
{
    char root[65];
    crypto_hex_encode(base_bytes_of(checkpoint->root.bytes, sizeof checkpoint->root.bytes), root);
    return json_pack("{s:I, s:s}", "size", (json_int_t)checkpoint->size, "root", root);
}

static enum base_code send_evidence(void *context, const struct store_evidence *evidence)
{
    struct showing *showing = context;
    struct node_evidence_facts facts;
    struct base_buffer file = BASE_BUFFER_EMPTY;
    char found[BASE_TIME_TEXT_LEN + 1];
    BASE_TRY(node_evidence_read(evidence, &facts));
    enum base_code code = node_evidence_file(showing->request->node->party->store, &showing->facts.id, evidence, &file);
    if (code == BASE_OK) {
        base_time_format(evidence->found_ms, found);
        showing->count++;
        json_t *item = json_pack("{s:s, s:I, s:s, s:s, s:o, s:o}", "compartment", showing->facts.name, "number", (json_int_t)evidence->number,
                                 "found", found, "verdict", facts.is_proven ? "proven" : "suspected", "first", checkpoint_json(&facts.first),
                                 "second", checkpoint_json(&facts.second));
        if (item != NULL && file.len <= FILE_MAX)
            json_object_set_new(item, "file", json_stringn((const char *)file.data, file.len));
        code = node_request_item(showing->request, item);
    }
    base_buffer_release(&file);
    return code;
}

static enum base_code show_evidence(void *context, const struct node_compartment *facts)
{
    struct showing *showing = context;
    struct store *store = showing->request->node->party->store;
    if (!node_user_sees(store, &showing->request->user, &facts->id))
        return BASE_OK;
    showing->facts = *facts;
    return store_evidence_each(store, facts->id.bytes, send_evidence, showing);
}

enum base_code node_request_evidence(struct node_request *request, json_t *object)
{
    struct showing showing = {.request = request};
    struct node_compartment facts;
    struct store *store = request->node->party->store;
    json_error_t error;
    const char *what, *name = NULL;
    if (json_unpack_ex(object, &error, JSON_STRICT, "{s:s, s?s}", "do", &what, "compartment", &name) != 0)
        return node_request_bad(&error);
    if (name == NULL)
        BASE_TRY(node_user_check(store, &request->user, NULL, NODE_MAY_ANY));
    else
        BASE_TRY(node_request_find(request, name, NODE_MAY_ANY, &facts));
    BASE_TRY(name == NULL ? node_compartments_each(store, show_evidence, &showing) : show_evidence(&showing, &facts));
    node_request_ok(request, json_pack("{s:I}", "found", (json_int_t)showing.count));
    return BASE_OK;
}
