/* SPDX-License-Identifier: Apache-2.0
 *
 * Opening a commitment for an overseer (doc/spec/oversight.md).
 */
#include "node/oversight.h"
#include "node/requests_say.h"

struct opening {
    struct store *store;
    const struct node_named *named;
    struct base_buffer out;
};

static enum base_code write_opening(void *context, const struct store_content *content)
{
    struct opening *opening = context;
    if (content->state == STORE_CONTENT_ERASED)
        return base_fail(BASE_E_NOT_FOUND, "the content was erased");
    return node_opening_write(opening->store, &opening->named->facts, opening->named->index, content->salt, content->content, &opening->out);
}

enum base_code node_request_open(struct node_request *request, json_t *object)
{
    struct node_named named;
    struct opening opening = {request->node->party->store, &named, BASE_BUFFER_EMPTY};
    const char *digits, *why;
    BASE_TRY(node_field_text(object, "statement", true, &digits));
    BASE_TRY(node_field_text(object, "why", false, &why));
    BASE_TRY(node_fields_done(object));
    BASE_TRY(node_request_named(request, digits, NODE_MAY(NODE_ROLE_ANALYST) | NODE_MAY(NODE_ROLE_RELEASER), &named));
    BASE_TRY(node_request_look(request, &named.facts.id, "open", digits, why));
    enum base_code code = store_content_get(opening.store, named.facts.id.bytes, named.hash.bytes, write_opening, &opening);
    if (code == BASE_OK)
        node_request_ok(request, json_pack("{s:s, s:I}", "opening", base_buffer_c_string(&opening.out), "entry", (json_int_t)named.index));
    crypto_wipe_buffer(&opening.out);
    return code;
}
