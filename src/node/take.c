/* SPDX-License-Identifier: Apache-2.0
 *
 * Statements into the book: this party's own, and those that the other delivers.
 */
#include "node/exchange.h"

#include "base/cursor.h"
#include "store/ledgers.h"

#include <stdio.h>
#include <string.h>

static void taking_begin(struct node *node, const struct node_seat *seat, const struct exchange_statement *statement, bool is_own,
                         struct node_taking *out)
{
    *out = (struct node_taking){.node = node, .seat = seat, .statement = statement, .is_own = is_own,
                                .now_ms = base_clock_now(&node->clock), .content = EXCHANGE_CONTENT_EMPTY};
}

static enum base_code keep_content(const struct node_taking *taking, struct base_bytes salt, struct base_bytes content)
{
    struct store_content row = {.state = taking->is_content_erased ? STORE_CONTENT_ERASED : STORE_CONTENT_KEPT,
                                .changed_ms = taking->now_ms, .salt = salt, .content = content};
    memcpy(row.hash, taking->hash.bytes, sizeof row.hash);
    return store_content_add(taking->node->party->store, taking->seat->facts.id.bytes, &row);
}

/* Saying. */

struct sealed {
    uint8_t salt[EXCHANGE_SALT_LEN];
    struct base_buffer bytes;
};

static enum base_code commit(struct node *node, const struct exchange_content *content, struct exchange_statement *statement,
                             struct sealed *out)
{
    BASE_TRY(base_random_fill(&node->random, out->salt, sizeof out->salt));
    BASE_TRY(exchange_content_encode(content, &out->bytes));
    exchange_commit(out->salt, base_bytes_buffer(&out->bytes), &statement->content);
    return BASE_OK;
}

bool node_statement_crosses(const struct exchange_statement *statement)
{
    bool is_task = statement->kind == EXCHANGE_KIND_OVERDUE && statement->duty == EXCHANGE_DUTY_TASK; /* statements 6.1 */
    return exchange_kind_path(statement->kind) != EXCHANGE_PATH_OWN && !is_task;
}

static bool is_delivered(const struct exchange_statement *statement)
{
    return exchange_kind_path(statement->kind) == EXCHANGE_PATH_OUTBOX && node_statement_crosses(statement);
}

/* The same words in the same second would be the same statement: said again, they are dated a second later. */
static enum base_code sign_new(struct node_taking *taking, struct base_buffer *note)
{
    const char *kind = exchange_kind_word(taking->statement->kind);
    for (;; taking->own->time_ms += 1000) {
        bool is_new = false;
        base_buffer_clear(note);
        BASE_TRY(node_statement_sign(taking->seat, taking->statement, note));
        BASE_TRY(node_book_append(taking->node->party, taking->seat, kind, taking->now_ms, base_bytes_buffer(note), &taking->hash, &is_new));
        if (is_new)
            return BASE_OK;
    }
}

static enum base_code put_into_outbox(const struct node_taking *taking, struct base_bytes note)
{
    const struct exchange_id *compartment = &taking->seat->facts.id;
    BASE_TRY(store_outbox_put(taking->node->party->store, compartment->bytes, taking->hash.bytes, taking->now_ms, note));
    node_sync_want(taking->node, compartment);
    return BASE_OK;
}

static enum base_code enter_own(struct node_taking *taking, const struct sealed *sealed)
{
    struct node *node = taking->node;
    const struct node_seat *seat = taking->seat;
    struct base_buffer note = BASE_BUFFER_EMPTY;
    enum base_code code = sign_new(taking, &note);
    if (code == BASE_OK && taking->has_content)
        code = keep_content(taking, base_bytes_of(sealed->salt, sizeof sealed->salt), base_bytes_buffer(&sealed->bytes));
    if (code == BASE_OK && is_delivered(taking->statement))
        code = put_into_outbox(taking, base_bytes_buffer(&note));
    if (code == BASE_OK)
        code = node_effect_apply(taking);
    if (code == BASE_OK)
        code = node_book_head(node->party, seat, taking->now_ms);
    base_buffer_release(&note);
    return code;
}

enum base_code node_say(struct node *node, const struct node_seat *seat, struct exchange_statement *statement,
                        const struct exchange_content *content, struct crypto_hash *hash)
{
    struct node_taking taking;
    struct sealed sealed = {.bytes = BASE_BUFFER_EMPTY};
    enum base_code code = BASE_OK;
    statement->due_ms -= statement->due_ms % 1000; /* as the text will say it */
    if (statement->kind == EXCHANGE_KIND_RENEW)
        BASE_TRY(node_renew_date(seat, node, statement));
    taking_begin(node, seat, statement, true, &taking);
    taking.own = statement;
    if (content != NULL) {
        code = commit(node, content, statement, &sealed);
        taking.content = *content; /* borrowed */
        taking.has_content = true;
    }
    if (code == BASE_OK)
        code = node_effect_check(&taking);
    if (code == BASE_OK)
        code = enter_own(&taking, &sealed);
    if (code == BASE_OK)
        *hash = taking.hash;
    crypto_wipe(sealed.salt, sizeof sealed.salt);
    crypto_wipe_buffer(&sealed.bytes);
    return code;
}

enum base_code node_say_alone(struct node *node, const struct exchange_id *compartment, struct exchange_statement *statement,
                              const struct exchange_content *content, struct crypto_hash *hash)
{
    struct node_seat seat;
    BASE_TRY(node_seat_open(node->party, compartment, &seat));
    struct exchange_statement filled = *statement;
    node_statement_begin(&seat, statement->kind, &node->party->fingerprint, base_clock_now(&node->clock), &filled);
    statement->compartment = filled.compartment;
    statement->terms = filled.terms;
    statement->from = filled.from;
    statement->time_ms = filled.time_ms;
    enum base_code code = store_begin(node->party->store);
    if (code == BASE_OK)
        code = node_say(node, &seat, statement, content, hash);
    if (code == BASE_OK)
        code = store_commit(node->party->store);
    store_rollback(node->party->store);
    node->is_screen_stale |= code != BASE_OK;
    node_seat_release(&seat);
    return code;
}

/* Taking. */

struct receipt_search {
    const struct node_seat *seat;
    struct crypto_hash about;
    struct base_buffer *note;
};

static enum base_code take_receipt(void *context, const struct store_entry *entry)
{
    struct receipt_search *search = context;
    struct exchange_statement receipt;
    BASE_TRY(node_statement_read(entry->note, &receipt));
    bool is_own = !exchange_id_equal(&receipt.from, &search->seat->facts.peer);
    if (receipt.kind == EXCHANGE_KIND_RECEIPT && is_own && crypto_hash_equal(&receipt.about, &search->about))
        return base_buffer_append(search->note, entry->note);
    return BASE_OK;
}

/* The receipt stands right behind its statement: a statement that comes again gets the same one. A match that this side made with the
 * other was never delivered, and has none. */
static enum base_code old_receipt(struct node *node, const struct node_seat *seat, const struct exchange_statement *statement, uint64_t index,
                                  const struct crypto_hash *hash, struct base_buffer *receipt)
{
    struct receipt_search search = {seat, *hash, receipt};
    BASE_TRY(store_entries_each(node->party->store, seat->facts.id.bytes, index + 1, index + 2, take_receipt, &search));
    if (receipt->len > 0)
        return BASE_OK;
    return statement->kind == EXCHANGE_KIND_MATCH ? base_fail(BASE_E_ORDER, "this match is in the ledger, and was not delivered")
                                                  : base_fail(BASE_E_CORRUPT, "a statement without its receipt behind it");
}

static enum base_code enter_receipt(struct node_taking *taking, struct base_buffer *receipt)
{
    struct exchange_statement answer;
    struct crypto_hash hash;
    bool is_new;
    node_statement_begin(taking->seat, EXCHANGE_KIND_RECEIPT, &taking->node->party->fingerprint, taking->now_ms, &answer);
    answer.about = taking->hash;
    BASE_TRY(node_statement_sign(taking->seat, &answer, receipt));
    return node_book_append(taking->node->party, taking->seat, "receipt", taking->now_ms, base_bytes_buffer(receipt), &hash, &is_new);
}

/* Statement and receipt, the effect behind them: what it says itself stands after the receipt. */
static enum base_code enter_other(struct node_taking *taking, const struct node_parcel *parcel, struct base_buffer *receipt)
{
    bool is_new = false;
    BASE_TRY(node_book_append(taking->node->party, taking->seat, exchange_kind_word(taking->statement->kind), taking->now_ms,
                              parcel->note, &taking->hash, &is_new));
    BASE_TRY(enter_receipt(taking, receipt));
    if (taking->has_content || taking->is_content_erased)
        BASE_TRY(keep_content(taking, parcel->salt, parcel->content));
    return node_effect_apply(taking);
}

/* statements 5.5: what travels beside the note is what it commits to. */
static enum base_code open_content(struct node_taking *taking, const struct node_parcel *parcel)
{
    struct crypto_hash commitment;
    bool is_owed = exchange_kind_has_content(taking->statement->kind) && !exchange_hash_is_none(&taking->statement->content);
    if (is_owed != (parcel->beside != NODE_PARCEL_NOTHING))
        return base_fail(BASE_E_FORMAT, "content %s", is_owed ? "is missing beside the statement" : "beside a statement that has none");
    taking->is_content_erased = parcel->beside == NODE_PARCEL_ERASED;
    taking->has_content = parcel->beside == NODE_PARCEL_CONTENT;
    if (!taking->has_content)
        return BASE_OK;
    exchange_commit(parcel->salt.data, parcel->content, &commitment);
    if (!crypto_hash_equal(&commitment, &taking->statement->content))
        return base_fail(BASE_E_INCONSISTENT, "the content is not what the statement commits to");
    return exchange_content_decode(parcel->content, &taking->content);
}

static enum base_code check_kind(const struct node_seat *seat, struct base_bytes note, const struct exchange_statement *statement)
{
    if (exchange_kind_path(statement->kind) != EXCHANGE_PATH_OUTBOX)
        return base_fail(BASE_E_ORDER, "a %s is not delivered", exchange_kind_word(statement->kind));
    return statement->kind == EXCHANGE_KIND_MATCH ? node_match_signatures_check(seat, note) : BASE_OK;
}

static enum base_code take_new(struct node *node, const struct node_seat *seat, const struct exchange_statement *statement,
                               const struct node_parcel *parcel, node_statement_also *also, void *context, struct base_buffer *receipt)
{
    struct node_taking taking;
    taking_begin(node, seat, statement, false, &taking);
    enum base_code code = open_content(&taking, parcel);
    if (code == BASE_OK)
        code = node_effect_check(&taking);
    if (code == BASE_OK)
        code = enter_other(&taking, parcel, receipt);
    if (code == BASE_OK && also != NULL)
        code = also(context, &taking.hash);
    exchange_content_release(&taking.content);
    return code;
}

/* In a transaction of the caller's, which signs the checkpoint. */
static enum base_code take_parcel(struct node *node, const struct node_seat *seat, const struct node_parcel *parcel,
                                  node_statement_also *also, void *context, struct base_buffer *receipt)
{
    struct exchange_statement statement;
    struct crypto_hash hash;
    uint64_t index;
    BASE_TRY(node_statement_check(seat, parcel->note, &statement));
    BASE_TRY(check_kind(seat, parcel->note, &statement));
    ledger_leaf_hash(parcel->note, &hash);
    enum base_code code = store_entry_find(node->party->store, seat->facts.id.bytes, hash.bytes, &index);
    if (code == BASE_OK)
        return old_receipt(node, seat, &statement, index, &hash, receipt);
    return code == BASE_E_NOT_FOUND ? take_new(node, seat, &statement, parcel, also, context, receipt) : code;
}

enum base_code node_statement_take(struct node *node, const struct node_seat *seat, struct base_bytes note, node_statement_also *also,
                                   void *context, struct base_buffer *receipt)
{
    struct node_parcel parcel = {.note = note, .beside = NODE_PARCEL_NOTHING};
    BASE_TRY(store_begin(node->party->store));
    enum base_code code = take_parcel(node, seat, &parcel, also, context, receipt);
    if (code == BASE_OK)
        code = node_book_head(node->party, seat, base_clock_now(&node->clock));
    if (code == BASE_OK)
        code = store_commit(node->party->store);
    store_rollback(node->party->store);
    node->is_screen_stale |= code != BASE_OK;
    return code;
}

/* A delivery while it is taken. To be able to take back what one parcel has changed costs each of them a copy of every page it
 * writes, and nearly none is refused once it has written anything. So all are taken without that first; a parcel that needs it spoils
 * the attempt, which is taken back whole. */
struct attempt {
    struct node *node;
    const struct node_seat *seat;
    struct base_buffer *answers;
    bool can_undo, is_spoilt;
};

static enum base_code refuse_parcel(struct attempt *attempt, bool has_written, enum base_code code, const char *detail)
{
    attempt->is_spoilt = has_written && !attempt->can_undo;
    if (attempt->is_spoilt)
        return BASE_OK;
    if (attempt->can_undo)
        BASE_TRY(store_mark_undo(attempt->node->party->store));
    return node_receipts_put_refusal(code, detail, attempt->answers);
}

static enum base_code answer_parcel(struct attempt *attempt, const struct node_parcel *parcel)
{
    struct store *store = attempt->node->party->store;
    struct base_buffer receipt = BASE_BUFFER_EMPTY;
    uint64_t before = store_changes(store);
    char detail[256];
    if (attempt->can_undo)
        BASE_TRY(store_mark(store));
    enum base_code code = take_parcel(attempt->node, attempt->seat, parcel, NULL, NULL, &receipt), done = BASE_OK;
    snprintf(detail, sizeof detail, "%s", code == BASE_OK ? "" : base_detail());
    if (node_is_own_failure(code)) /* ends the whole delivery; else it is the refusal of a statement */
        done = code;
    else if (code != BASE_OK)
        done = refuse_parcel(attempt, store_changes(store) != before, code, detail);
    else if (attempt->can_undo)
        done = store_mark_keep(store);
    if (code == BASE_OK && done == BASE_OK)
        done = node_receipts_put(base_bytes_buffer(&receipt), attempt->answers);
    base_buffer_release(&receipt);
    return done;
}

static enum base_code take_each(struct attempt *attempt, const struct node_parcel *parcels, size_t count)
{
    struct store *store = attempt->node->party->store;
    const uint8_t *compartment = attempt->seat->facts.id.bytes;
    uint64_t before = 0, after = 0;
    BASE_TRY(store_entries_count(store, compartment, &before));
    for (size_t i = 0; i < count && !attempt->is_spoilt; i++)
        BASE_TRY(answer_parcel(attempt, &parcels[i]));
    if (attempt->is_spoilt)
        return BASE_OK;
    BASE_TRY(store_entries_count(store, compartment, &after));
    if (after != before) /* a delivery of which nothing is taken costs no write */
        BASE_TRY(node_book_head(attempt->node->party, attempt->seat, base_clock_now(&attempt->node->clock)));
    return store_commit(store);
}

static enum base_code take_all(struct attempt *attempt, const struct node_parcel *parcels, size_t count)
{
    struct node *node = attempt->node;
    BASE_TRY(store_begin(node->party->store));
    enum base_code code = take_each(attempt, parcels, count);
    store_rollback(node->party->store);
    node->is_screen_stale |= code != BASE_OK || attempt->is_spoilt;
    return code;
}

/* Only now: a spoilt attempt, or one that fails, has refused nothing. */
static void log_refusals(const struct attempt *attempt, size_t start)
{
    struct base_cursor in = base_cursor_over(base_bytes_of(attempt->answers->data + start, attempt->answers->len - start));
    bool is_receipt;
    struct base_bytes receipt;
    enum base_code refusal;
    while (in.left > 0 && node_receipts_next(&in, &is_receipt, &receipt, &refusal) == BASE_OK)
        if (!is_receipt)
            base_log_event(&attempt->node->log, BASE_LOG_WARN, "statement-refused", BASE_LOG_TEXT("from", attempt->seat->peer_name),
                           BASE_LOG_TEXT("reason", base_code_word(refusal)), BASE_LOG_TEXT("detail", base_detail()), BASE_LOG_END);
}

enum base_code node_take(struct node *node, const struct node_seat *seat, const struct node_parcel *parcels, size_t count,
                         struct base_buffer *answers)
{
    struct attempt attempt = {.node = node, .seat = seat, .answers = answers};
    size_t start = answers->len;
    enum base_code code = take_all(&attempt, parcels, count);
    if (code == BASE_OK && attempt.is_spoilt) {
        answers->len = start;
        attempt = (struct attempt){.node = node, .seat = seat, .answers = answers, .can_undo = true};
        code = take_all(&attempt, parcels, count);
    }
    if (code != BASE_OK)
        answers->len = start;
    if (answers->len > start)
        log_refusals(&attempt, start);
    return code;
}
