/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/guest.h"

#include "cli/call.h"
#include "cli/who.h"
#include "crypto/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool cli_is_guest(const struct cli *cli)
{
    char *path = cli_format("%s/entente.db", cli->home);
    bool is_guest = faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) != 0 && errno == EACCES;
    free(path);
    return is_guest;
}

enum base_code cli_guest_record(const json_t *answer, struct store_record *out)
{
    const json_t *content = json_object_get(answer, "content"), *key = json_object_get(answer, "key");
    if (!json_is_string(content) || !json_is_string(key))
        return base_fail(BASE_E_FORMAT, "the node's answer has no record");
    *out = (struct store_record){
        .id = (int64_t)cli_result_number(answer, "record"),
        .source = cli_result_text(answer, "source"),
        .key = base_bytes_of(json_string_value(key), json_string_length(key)),
        .content = base_bytes_of(json_string_value(content), json_string_length(content)),
        .first_ms = (int64_t)cli_result_number(answer, "first"),
        .changed_ms = (int64_t)cli_result_number(answer, "changed"),
        .withdrawn_ms = (int64_t)cli_result_number(answer, "withdrawn"),
    };
    return BASE_OK;
}

static enum base_code fill(const json_t *item, struct node_compartment *out)
{
    static const enum exchange_state states[] = {EXCHANGE_PROPOSED, EXCHANGE_OFFERED, EXCHANGE_ACTIVE, EXCHANGE_SUSPENDED, EXCHANGE_CLOSED};
    *out = (struct node_compartment){.state = EXCHANGE_PROPOSED};
    BASE_TRY(exchange_id_parse(base_bytes_text(cli_result_text(item, "compartment")), &out->id));
    snprintf(out->name, sizeof out->name, "%s", cli_result_text(item, "name"));
    snprintf(out->peer_name, sizeof out->peer_name, "%s", cli_result_text(item, "peer"));
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (strcmp(exchange_state_word(states[i]), cli_result_text(item, "state")) == 0)
            out->state = states[i];
    return BASE_OK;
}

enum { DIGITS_LEAST = 8 };

/* The item that the name stands for, by name first; NULL when there is none or, by digits, more than one. */
static const json_t *pick(const json_t *items, const char *name)
{
    const json_t *found = NULL;
    size_t len = strlen(name), count = 0;
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i);
        if (strcmp(cli_result_text(item, "name"), name) == 0)
            return item;
        if (len >= DIGITS_LEAST && strncmp(cli_result_text(item, "compartment"), name, len) == 0) {
            found = item;
            count++;
        }
    }
    return count == 1 ? found : NULL;
}

enum base_code cli_guest_compartment(struct cli *cli, const char *name, struct node_compartment *out)
{
    json_t *result = NULL;
    BASE_TRY(cli_call(cli, json_pack("{s:s}", "do", "compartments"), &result));
    const json_t *items = json_object_get(result, "items");
    size_t count = json_array_size(items);
    const json_t *item = name != NULL ? pick(items, name) : count == 1 ? json_array_get(items, 0) : NULL;
    enum base_code code;
    if (item != NULL)
        code = fill(item, out);
    else if (name == NULL && count > 1)
        code = base_fail(BASE_E_ARGUMENT, "say which of the %zu compartments", count);
    else
        code = base_fail(BASE_E_NOT_FOUND, count == 0 ? "there is no compartment yet" : "there is no such compartment");
    json_decref(result);
    return code;
}

static enum base_code take_hit(const json_t *item, struct cli_hits *hits)
{
    const char *name = json_string_value(json_object_get(item, "name")), *original = json_string_value(json_object_get(item, "original"));
    BASE_TRY(base_grow_array((void **)&hits->items, &hits->capacity, hits->count + 1, sizeof *hits->items));
    struct cli_hit *hit = &hits->items[hits->count++];
    *hit = (struct cli_hit){.record = (int64_t)cli_result_number(item, "record"),
                            .name = original == NULL ? cli_copy(name == NULL ? "(no name)" : name) : cli_format("%s (%s)", name == NULL ? "" : name, original),
                            .rule = cli_copy(cli_result_text(item, "rule")),
                            .grade = cli_copy(cli_result_text(item, "grade")),
                            .reason = cli_copy(cli_result_text(item, "reason"))};
    return crypto_hex_decode(base_bytes_text(cli_result_text(item, "reference")), hit->reference, sizeof hit->reference);
}

enum base_code cli_guest_hits(struct cli *cli, const struct node_compartment *compartment, struct cli_hits *hits, char session[33])
{
    char id[2 * EXCHANGE_ID_LEN + 1], why[CLI_WHY_SIZE];
    json_t *result = NULL;
    BASE_TRY(cli_why(cli, true, why));
    exchange_id_hex(&compartment->id, id);
    json_t *request = json_pack("{s:s, s:s, s:s}", "do", "match-hits", "compartment", id, "why", why);
    if (request != NULL && cli_has(cli, "session"))
        json_object_set_new(request, "session", json_string(cli_value(cli, "session")));
    BASE_TRY(cli_call(cli, request, &result));
    const json_t *items = json_object_get(result, "items");
    enum base_code code = BASE_OK;
    for (size_t i = 0; code == BASE_OK && i < json_array_size(items); i++)
        code = take_hit(json_array_get(items, i), hits);
    snprintf(session, 33, "%s", cli_result_text(result, "session"));
    json_decref(result);
    return code;
}
