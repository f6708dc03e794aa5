/* SPDX-License-Identifier: Apache-2.0
 *
 * What users ask who reach the socket and not the store: their compartments, records, the hits of a match (doc/spec/control.md,
 * "Persons"). Each look is kept before anything is read. There is no request for the whole list: records are searched for by
 * name, and shown one by one.
 */
#include "node/requests_people.h"

#include "base/clock.h"
#include "crypto/text.h"
#include "node/search.h"
#include "store/matches.h"
#include "store/records.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FOUND_MAX = 50,              /* records of a search */
    FOUND_BYTES_MAX = 4 << 20,   /* their contents */
    CONTENT_MAX = 60 * 1024,     /* of one: it has to go into a line */
    HITS_MAX = 20000,            /* of a match */
};

/* The role, and the look in the log of looks. */
static enum base_code look(struct node_request *request, const struct exchange_id *compartment, const char *what, const char *subject,
                           const char *why)
{
    struct node *node = request->node;
    BASE_TRY(node_user_check(node->party->store, &request->user, compartment, NODE_MAY(NODE_ROLE_ANALYST)));
    return node_look(node->party->store, &request->user, compartment, what, subject, why, base_clock_now(&node->clock));
}

/* Compartments */

static enum base_code send_compartment(void *context, const struct node_compartment *facts)
{
    struct node_request *request = context;
    if (!node_user_sees(request->node->party->store, &request->user, &facts->id))
        return BASE_OK;
    json_t *item = node_request_compartment_json(facts, facts->state);
    if (item != NULL)
        json_object_set_new(item, "peer", json_string(facts->peer_name));
    return node_request_item(request, item);
}

enum base_code node_request_compartments(struct node_request *request, json_t *object)
{
    json_error_t error;
    const char *what;
    if (json_unpack_ex(object, &error, JSON_STRICT, "{s:s}", "do", &what) != 0)
        return node_request_bad(&error);
    BASE_TRY(node_user_check(request->node->party->store, &request->user, NULL, NODE_MAY_ANY));
    BASE_TRY(node_compartments_each(request->node->party->store, send_compartment, request));
    node_request_ok(request, json_object());
    return BASE_OK;
}

/* Records */

static json_t *record_json(const struct store_record *record)
{
    return json_pack("{s:I, s:s, s:s%, s:s%, s:I, s:I, s:I}", "record", (json_int_t)record->id, "source", record->source, "key",
                     (const char *)record->key.data, record->key.len, "content", (const char *)record->content.data, record->content.len,
                     "first", (json_int_t)record->first_ms, "changed", (json_int_t)record->changed_ms, "withdrawn",
                     (json_int_t)record->withdrawn_ms);
}

static enum base_code send_record(void *context, const struct store_record *record)
{
    struct node_request *request = context;
    if (record->content.len > CONTENT_MAX)
        return base_fail(BASE_E_LIMIT, "the record is longer than the socket takes");
    json_t *result = record_json(record);
    if (result == NULL)
        return base_fail(BASE_E_CORRUPT, "the record is not text");
    node_request_ok(request, result);
    return BASE_OK;
}

enum base_code node_request_record(struct node_request *request, json_t *object)
{
    json_error_t error;
    const char *what, *why;
    json_int_t id;
    char subject[32];
    if (json_unpack_ex(object, &error, JSON_STRICT, "{s:s, s:I, s:s}", "do", &what, "record", &id, "why", &why) != 0)
        return node_request_bad(&error);
    snprintf(subject, sizeof subject, "%lld", (long long)id);
    BASE_TRY(look(request, NULL, "record", subject, why));
    return store_record_get(request->node->party->store, id, send_record, request);
}

/* A search reads the whole list: off the loop, over a store of its own. */
struct searching {
    struct node_request *request;
    char *home, *source;
    bool has_withdrawn;
    struct node_search search;
    json_t *found;
    uint64_t count, left_out;
    size_t bytes;
};

static enum base_code weigh_record(void *context, const struct store_record *record)
{
    struct searching *searching = context;
    struct people_record person = PEOPLE_RECORD_EMPTY;
    bool fits = false;
    enum base_code code = people_record_decode(record->content, &person);
    if (code == BASE_OK)
        code = node_search_fits(&searching->search, &person, &fits);
    people_record_release(&person);
    if (code != BASE_OK || !fits)
        return code;
    searching->count++;
    bool is_shown = json_array_size(searching->found) < FOUND_MAX && record->content.len <= CONTENT_MAX &&
                    searching->bytes + record->content.len <= FOUND_BYTES_MAX;
    searching->left_out += !is_shown;
    searching->bytes += is_shown ? record->content.len : 0;
    if (is_shown && json_array_append_new(searching->found, record_json(record)) != 0)
        return base_fail(BASE_E_CORRUPT, "a record is not text");
    return BASE_OK;
}

static enum base_code search_records(void *context)
{
    struct searching *searching = context;
    struct store *store = NULL;
    BASE_TRY(node_store_open(searching->home, false, &store));
    enum base_code code = store_records_each(store, searching->source, searching->has_withdrawn, weigh_record, searching);
    store_close(store);
    return code;
}

static void searching_free(struct searching *searching)
{
    node_search_release(&searching->search);
    json_decref(searching->found);
    free(searching->source);
    free(searching->home);
    free(searching);
}

static void searched(void *context, enum base_code code, const char *detail)
{
    struct searching *searching = context;
    struct node_request *request = searching->request;
    char kept[256];
    for (size_t i = 0; code == BASE_OK && i < json_array_size(searching->found); i++)
        code = node_request_item(request, json_incref(json_array_get(searching->found, i)));
    if (code == BASE_OK) {
        node_request_ok(request, json_pack("{s:I, s:I}", "found", (json_int_t)searching->count, "left_out", (json_int_t)searching->left_out));
    } else {
        snprintf(kept, sizeof kept, "%s", detail == NULL || *detail == 0 ? base_detail() : detail);
        node_request_error(request, code, kept, false);
    }
    searching_free(searching);
}

/* The words as one line, for the log of looks. */
static enum base_code join_words(const json_t *words, struct base_buffer *out)
{
    for (size_t i = 0; i < json_array_size(words); i++) {
        const char *word = json_string_value(json_array_get(words, i));
        if (word == NULL || *word == 0)
            return base_fail(BASE_E_ARGUMENT, "\"words\" is an array of texts");
        BASE_TRY(base_buffer_format(out, "%s%s", i == 0 ? "" : " ", word));
    }
    return out->len > 0 ? BASE_OK : base_fail(BASE_E_ARGUMENT, "\"words\" are missing: a list is not given out whole");
}

static enum base_code begin_search(struct node_request *request, const json_t *words, const char *source, bool has_withdrawn)
{
    struct searching *searching = calloc(1, sizeof *searching);
    if (searching == NULL)
        return base_fail(BASE_E_NOMEM, "no memory to search");
    searching->request = request;
    searching->has_withdrawn = has_withdrawn;
    searching->found = json_array();
    searching->home = base_bytes_dup(base_bytes_text(request->node->party->home));
    searching->source = source == NULL ? NULL : base_bytes_dup(base_bytes_text(source));
    enum base_code code = BASE_OK;
    if (searching->found == NULL || searching->home == NULL || (source != NULL && searching->source == NULL))
        code = base_fail(BASE_E_NOMEM, "no memory to search");
    for (size_t i = 0; code == BASE_OK && i < json_array_size(words); i++)
        code = node_search_add(&searching->search, json_string_value(json_array_get(words, i)));
    if (code == BASE_OK)
        code = node_job_start(request->node, search_records, searched, searching);
    if (code != BASE_OK)
        searching_free(searching);
    return code;
}

enum base_code node_request_records(struct node_request *request, json_t *object)
{
    json_error_t error;
    const char *what, *why, *source = NULL;
    json_t *words;
    int has_withdrawn = 0;
    struct base_buffer subject = BASE_BUFFER_EMPTY;
    if (json_unpack_ex(object, &error, JSON_STRICT, "{s:s, s:o, s:s, s?s, s?b}", "do", &what, "words", &words, "why", &why, "source", &source,
                       "withdrawn", &has_withdrawn) != 0)
        return node_request_bad(&error);
    enum base_code code = join_words(words, &subject);
    if (code == BASE_OK)
        code = look(request, NULL, "records-search", base_buffer_c_string(&subject), why);
    if (code == BASE_OK)
        code = begin_search(request, words, source, has_withdrawn != 0);
    base_buffer_release(&subject);
    return code;
}

/* Hits */

struct picking {
    const char *prefix; /* of the session in hexadecimal; NULL for the newest */
    uint8_t session[STORE_ID_LEN];
    uint64_t hits;
    size_t found;
};

static enum base_code pick_match(void *context, const struct store_match *match)
{
    struct picking *picking = context;
    char hex[2 * STORE_ID_LEN + 1];
    crypto_hex_encode(base_bytes_of(match->session, STORE_ID_LEN), hex);
    if (picking->prefix == NULL ? picking->found > 0 : strncmp(hex, picking->prefix, strlen(picking->prefix)) != 0)
        return BASE_OK;
    memcpy(picking->session, match->session, STORE_ID_LEN);
    picking->hits = match->hit_count;
    picking->found++;
    return BASE_OK;
}

static enum base_code pick(struct store *store, const struct exchange_id *compartment, struct picking *picking)
{
    BASE_TRY(store_matches_each(store, compartment->bytes, pick_match, picking));
    if (picking->found > 1)
        return base_fail(BASE_E_ARGUMENT, "%zu sessions begin with %.32s", picking->found, picking->prefix);
    if (picking->found == 0)
        return base_fail(BASE_E_NOT_FOUND, "there is no %s in this compartment", picking->prefix == NULL ? "match" : "such session");
    return picking->hits <= HITS_MAX ? BASE_OK : base_fail(BASE_E_LIMIT, "a match of more than %d hits is read by the node's own account", HITS_MAX);
}

struct sending {
    struct node_request *request;
    int64_t record; /* the hits of one stand together */
    json_t *name, *original; /* of this record */
};

static enum base_code take_names(void *context, const struct store_record *stored)
{
    struct sending *sending = context;
    struct people_record person = PEOPLE_RECORD_EMPTY;
    const char *name, *original;
    BASE_TRY(people_record_decode(stored->content, &person));
    node_person_names(&person, &name, &original);
    sending->name = name == NULL ? NULL : json_string(name);
    sending->original = original == NULL ? NULL : json_string(original);
    people_record_release(&person);
    return BASE_OK;
}

static enum base_code send_hit(void *context, const struct store_hit *hit)
{
    struct sending *sending = context;
    char reference[33];
    if (hit->record != sending->record) {
        json_decref(sending->name);
        json_decref(sending->original);
        sending->name = sending->original = NULL;
        sending->record = hit->record;
        BASE_TRY(store_record_get(sending->request->node->party->store, hit->record, take_names, sending));
    }
    crypto_hex_encode(base_bytes_of(hit->reference, sizeof hit->reference), reference);
    return node_request_item(sending->request,
                             json_pack("{s:I, s:s, s:s, s:s, s:s, s:O*, s:O*}", "record", (json_int_t)hit->record, "reference", reference,
                                       "rule", hit->rule, "grade", hit->grade, "reason", hit->reason, "name", sending->name, "original",
                                       sending->original));
}

enum base_code node_request_match_hits(struct node_request *request, json_t *object)
{
    struct node_compartment facts;
    struct picking picking = {0};
    struct sending sending = {.request = request};
    json_error_t error;
    const char *what, *name, *why;
    char session[2 * STORE_ID_LEN + 1];
    struct store *store = request->node->party->store;
    if (json_unpack_ex(object, &error, JSON_STRICT, "{s:s, s:s, s:s, s?s}", "do", &what, "compartment", &name, "why", &why, "session",
                       &picking.prefix) != 0)
        return node_request_bad(&error);
    BASE_TRY(node_request_find(request, name, NODE_MAY(NODE_ROLE_ANALYST), &facts));
    BASE_TRY(pick(store, &facts.id, &picking));
    crypto_hex_encode(base_bytes_of(picking.session, STORE_ID_LEN), session);
    BASE_TRY(look(request, &facts.id, "hits", session, why));
    enum base_code code = store_hits_each(store, picking.session, send_hit, &sending);
    json_decref(sending.name);
    json_decref(sending.original);
    if (code == BASE_OK)
        node_request_ok(request, json_pack("{s:s, s:s}", "compartment", facts.name, "session", session));
    return code;
}
