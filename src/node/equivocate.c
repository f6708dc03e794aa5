/* SPDX-License-Identifier: Apache-2.0 */
#include "node/equivocate.h"

#include "crypto/text.h"
#include "node/exchange.h"

#include <string.h>

struct known {
    struct base_bytes held;
    size_t count;
    bool is_proven, is_suspected; /* of the checkpoint that is held */
};

static enum base_code look_at(void *context, const struct store_evidence *evidence)
{
    struct known *known = context;
    struct node_evidence_facts facts;
    known->count++;
    if (!base_bytes_equal(evidence->first, known->held) && !base_bytes_equal(evidence->second, known->held))
        return BASE_OK;
    BASE_TRY(node_evidence_read(evidence, &facts));
    known->is_proven |= facts.is_proven;
    known->is_suspected |= !facts.is_proven;
    return BASE_OK;
}

/* Once is enough for each checkpoint that is held: who retries offers a longer one each time. */
static enum base_code is_news(struct store *store, const struct node_seat *seat, struct base_bytes held, bool is_proven, bool *out)
{
    struct known known = {.held = held};
    BASE_TRY(store_evidence_each(store, seat->facts.id.bytes, look_at, &known));
    *out = known.count < NODE_EVIDENCE_MAX && !known.is_proven && (is_proven || !known.is_suspected);
    return BASE_OK;
}

static enum base_code put_checkpoint(const char *key, const struct node_evidence_checkpoint *checkpoint, struct base_buffer *out)
{
    char root[65];
    crypto_hex_encode(base_bytes_of(checkpoint->root.bytes, sizeof checkpoint->root.bytes), root);
    return base_buffer_format(out, "%s: %llu %s\n", key, (unsigned long long)checkpoint->size, root);
}

/* statements 4.8: what the statement commits to names the file that proves it. */
static enum base_code describe(struct store *store, const struct node_seat *seat, const struct store_evidence *evidence, struct base_buffer *out)
{
    struct node_evidence_facts facts;
    struct base_buffer file = BASE_BUFFER_EMPTY;
    struct crypto_hash hash;
    char hex[65];
    BASE_TRY(node_evidence_read(evidence, &facts));
    enum base_code code = node_evidence_file(store, &seat->facts.id, evidence, &file);
    crypto_sha256(&(struct base_bytes){file.data, file.len}, 1, &hash);
    base_buffer_release(&file);
    crypto_hex_encode(base_bytes_of(hash.bytes, sizeof hash.bytes), hex);
    if (code == BASE_OK)
        code = put_checkpoint("first", &facts.first, out);
    if (code == BASE_OK)
        code = put_checkpoint("second", &facts.second, out);
    return code == BASE_OK ? base_buffer_format(out, "file: %s", hex) : code;
}

static enum base_code say_conflict(struct node *node, const struct node_seat *seat, const struct store_evidence *evidence,
                                   struct base_bytes offered)
{
    struct exchange_statement statement;
    struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
    struct base_buffer text = BASE_BUFFER_EMPTY;
    struct crypto_hash hash;
    node_statement_begin(seat, EXCHANGE_KIND_CONFLICT, &node->party->fingerprint, evidence->found_ms, &statement);
    ledger_leaf_hash(offered, &statement.about); /* oversight 4.7 */
    enum base_code code = describe(node->party->store, seat, evidence, &text);
    if (code == BASE_OK)
        code = exchange_content_set_text(&content, EXCHANGE_TEXT_TEXT, base_bytes_buffer(&text));
    if (code == BASE_OK)
        code = node_say(node, seat, &statement, &content, &hash);
    exchange_content_release(&content);
    base_buffer_release(&text);
    return code;
}

static enum base_code enter(struct node *node, const struct node_seat *seat, const struct store_evidence *evidence, bool is_proven,
                            struct base_bytes offered)
{
    struct store *store = node->party->store;
    BASE_TRY(store_begin(store));
    enum base_code code = store_evidence_add(store, evidence);
    if (code == BASE_OK && is_proven)
        code = say_conflict(node, seat, evidence, offered);
    if (code == BASE_OK)
        code = store_commit(store);
    store_rollback(store);
    return code;
}

static enum base_code keep(struct node *node, const struct node_seat *seat, struct base_bytes held, struct base_bytes offered, bool is_proven,
                           const struct node_evidence *found)
{
    struct store_evidence evidence = {.found_ms = base_clock_now(&node->clock), .first = base_bytes_buffer(&found->first),
                                      .second = base_bytes_buffer(&found->second), .proof = base_bytes_buffer(&found->proof)};
    bool is_new = false;
    memcpy(evidence.compartment, seat->facts.id.bytes, sizeof evidence.compartment);
    BASE_TRY(is_news(node->party->store, seat, held, is_proven, &is_new));
    if (!is_new)
        return BASE_OK;
    BASE_TRY(enter(node, seat, &evidence, is_proven, offered));
    base_log_event(&node->log, BASE_LOG_ERROR, is_proven ? "conflict-proven" : "conflict-suspected", BASE_LOG_TEXT("compartment", seat->facts.name),
                   BASE_LOG_TEXT("peer", seat->facts.peer_name), BASE_LOG_END);
    return BASE_OK;
}

void node_equivocation_keep(struct node *node, const struct node_seat *seat, struct base_bytes held, struct base_bytes offered,
                            const struct ledger_proof *proof)
{
    struct node_evidence found = NODE_EVIDENCE_EMPTY;
    enum node_conflict verdict = NODE_CONFLICT_NONE;
    enum base_code code = node_conflict_check(&seat->peer, held, offered, proof, &verdict, &found);
    /* An offered one that is shorter raises no suspicion by itself: any old checkpoint is that. */
    bool is_shorter = code == BASE_OK && !base_bytes_equal(base_bytes_buffer(&found.first), held);
    if (code == BASE_OK && verdict != NODE_CONFLICT_NONE && (verdict == NODE_CONFLICT_PROVEN || !is_shorter))
        code = keep(node, seat, held, offered, verdict == NODE_CONFLICT_PROVEN, &found);
    if (code != BASE_OK)
        base_log_event(&node->log, BASE_LOG_ERROR, "evidence-not-kept", BASE_LOG_TEXT("compartment", seat->facts.name),
                       BASE_LOG_TEXT("reason", base_code_word(code)), BASE_LOG_TEXT("detail", base_detail()), BASE_LOG_END);
    node_evidence_release(&found);
}
