/* SPDX-License-Identifier: Apache-2.0 */
#include "node/requests_keep.h"

#include "crypto/text.h"
#include "node/reconcile.h"

enum { IN_RESULT_MAX = 100 }; /* differences of a sort in the result's line; more come as items */

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
