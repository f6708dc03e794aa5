/* SPDX-License-Identifier: Apache-2.0
 *
 * The session both roles share: making and wiping, the table of steps, the order of messages, the transcript, the hits. Failure
 * is handled here and only here: whatever goes wrong, secrets and results are wiped before the code is returned.
 */
#include "vpsi/inside.h"

#include <stdlib.h>

/* Messages a step has. The number of RETURNS is known once the first is there. */
static uint64_t one(const struct vpsi_session *session)
{
    (void)session;
    return 1;
}

static uint64_t slot_messages(const struct vpsi_session *session)
{
    return session->plan.slot_messages;
}

static uint64_t head_messages(const struct vpsi_session *session)
{
    return session->plan.head_messages;
}

static uint64_t mask_messages(const struct vpsi_session *session)
{
    return session->plan.mask_messages;
}

static uint64_t return_messages(const struct vpsi_session *session)
{
    return session->return_count <= VPSI_RETURN_BATCH ? 1 : (session->return_count - 1) / VPSI_RETURN_BATCH + 1;
}

static vpsi_write write_done;
static vpsi_read read_done;

/* The VOLE has its own order of messages, and both may speak. */
static const struct row {
    enum vpsi_kind kind;
    enum vpsi_role speaker;
    uint64_t (*messages)(const struct vpsi_session *session);
    vpsi_write *write;
    vpsi_read *read;
    uint16_t moves; /* steps that may follow */
} rows[VPSI_STEP_END] = {
    [VPSI_STEP_COMMIT] = {VPSI_KIND_COMMIT, VPSI_SENDER, one, vpsi_write_commit, vpsi_read_commit, 1 << VPSI_STEP_NONCE},
    [VPSI_STEP_NONCE] = {VPSI_KIND_NONCE, VPSI_RECEIVER, one, vpsi_write_nonce, vpsi_read_nonce, 1 << VPSI_STEP_SALT},
    [VPSI_STEP_SALT] = {VPSI_KIND_SALT, VPSI_SENDER, one, vpsi_write_salt, vpsi_read_salt,
                        1 << VPSI_STEP_BEGIN | 1 << VPSI_STEP_RECEIVER_DONE},
    [VPSI_STEP_BEGIN] = {VPSI_KIND_BEGIN, VPSI_SENDER, one, vpsi_write_begin, vpsi_read_begin, 1 << VPSI_STEP_VOLE},
    [VPSI_STEP_VOLE] = {VPSI_KIND_VOLE, VPSI_SENDER, NULL, NULL, NULL, 1 << VPSI_STEP_SLOTS},
    [VPSI_STEP_SLOTS] = {VPSI_KIND_SLOTS, VPSI_RECEIVER, slot_messages, vpsi_write_slots, vpsi_read_slots, 1 << VPSI_STEP_SHIFT},
    [VPSI_STEP_SHIFT] = {VPSI_KIND_SHIFT, VPSI_RECEIVER, one, vpsi_write_shift, vpsi_read_shift, 1 << VPSI_STEP_OPEN},
    [VPSI_STEP_OPEN] = {VPSI_KIND_OPEN, VPSI_SENDER, one, vpsi_write_open, vpsi_read_open, 1 << VPSI_STEP_HEADS},
    [VPSI_STEP_HEADS] = {VPSI_KIND_HEADS, VPSI_SENDER, head_messages, vpsi_write_heads, vpsi_read_heads, 1 << VPSI_STEP_MASKS},
    [VPSI_STEP_MASKS] = {VPSI_KIND_MASKS, VPSI_SENDER, mask_messages, vpsi_write_masks, vpsi_read_masks,
                         1 << VPSI_STEP_RETURNS | 1 << VPSI_STEP_BEGIN | 1 << VPSI_STEP_RECEIVER_DONE},
    [VPSI_STEP_RETURNS] = {VPSI_KIND_RETURNS, VPSI_RECEIVER, return_messages, vpsi_write_returns, vpsi_read_returns,
                           1 << VPSI_STEP_BEGIN | 1 << VPSI_STEP_RECEIVER_DONE},
    [VPSI_STEP_RECEIVER_DONE] = {VPSI_KIND_RECEIVER_DONE, VPSI_RECEIVER, one, write_done, read_done, 1 << VPSI_STEP_SENDER_DONE},
    [VPSI_STEP_SENDER_DONE] = {VPSI_KIND_SENDER_DONE, VPSI_SENDER, one, write_done, read_done, 1 << VPSI_STEP_END},
};

static enum base_code make_transcript(struct vpsi_session *session)
{
    struct crypto_hash hashes[2];
    for (int role = VPSI_RECEIVER; role <= VPSI_SENDER; role++)
        crypto_running_final(&session->running[role], &hashes[role]);
    const struct base_bytes parts[] = {base_bytes_of(session->context.bytes, sizeof session->context.bytes),
                                       base_bytes_of(hashes[VPSI_RECEIVER].bytes, sizeof hashes[0].bytes),
                                       base_bytes_of(hashes[VPSI_SENDER].bytes, sizeof hashes[0].bytes)};
    crypto_hash_domain("entente/vpsi/transcript/v1", parts, 3, &session->transcript);
    return BASE_OK;
}

/* Ascending by own index; the order in which they were found is that of the masks. */
static enum base_code finish_hits(struct vpsi_session *session)
{
    const size_t count = session->found_count;
    struct vpsi_place *sorted = base_alloc_array(count + 1, sizeof *sorted);
    session->hits = base_alloc_array(count + 1, sizeof *session->hits);
    enum base_code code = BASE_OK;
    if (sorted == NULL || session->hits == NULL)
        code = base_fail(BASE_E_NOMEM, "no memory for %zu hits", count);
    for (size_t i = 0; i < count; i++)
        session->found[i].key <<= 64 - 27; /* sorting looks at the leading bits first */
    if (code == BASE_OK)
        code = vpsi_sort(session->found, sorted, count, session->threads);
    for (size_t i = 0; code == BASE_OK && i < count; i++)
        session->hits[i] = (struct vpsi_hit){(uint32_t)(sorted[i].key >> (64 - 27)), sorted[i].index};
    if (sorted != NULL)
        crypto_wipe(sorted, count * sizeof *sorted);
    free(sorted);
    return code;
}
_Static_assert(VPSI_SET_MAX <= 1 << 27, "an index has 27 bits");

static enum base_code begin_pass(struct vpsi_session *session)
{
    session->stage = VPSI_STAGE_NONE;
    session->match_count = 0;
    session->return_count = session->least_rank = 0;
    return BASE_OK;
}

/* What is done on entering a step. */
static enum base_code enter(struct vpsi_session *session)
{
    switch (session->step) {
    case VPSI_STEP_BEGIN:
        return begin_pass(session);
    case VPSI_STEP_RECEIVER_DONE:
        return make_transcript(session);
    case VPSI_STEP_END:
        BASE_TRY(finish_hits(session));
        session->state = VPSI_DONE;
        return BASE_OK;
    default:
        return BASE_OK;
    }
}

static enum vpsi_step next_step(struct vpsi_session *session)
{
    const bool is_last = session->pass + 1 >= session->plan.passes;
    switch (session->step) {
    case VPSI_STEP_SALT:
        return session->plan.is_empty ? VPSI_STEP_RECEIVER_DONE : VPSI_STEP_BEGIN;
    case VPSI_STEP_MASKS:
        if (session->terms.output == VPSI_TO_BOTH)
            return VPSI_STEP_RETURNS;
        break;
    case VPSI_STEP_RETURNS:
        break;
    default:
        return session->step + 1;
    }
    if (is_last)
        return VPSI_STEP_RECEIVER_DONE;
    session->pass++;
    return VPSI_STEP_BEGIN;
}

static enum base_code move_on(struct vpsi_session *session)
{
    const enum vpsi_step from = session->step, to = next_step(session);
    if ((rows[from].moves & 1 << to) == 0)
        return base_fail(BASE_E_INTERNAL, "matching step %d cannot follow %d", (int)to, (int)from);
    session->step = to;
    session->number = 0;
    return enter(session);
}

/* Everything that is secret or a result goes; what is left answers vpsi_session_state(). */
static void wipe(struct vpsi_session *session)
{
    vole_session_free(session->vole, VOLE_WIPE_ALL);
    session->vole = NULL;
    crypto_wipe(session->arena, session->plan.layout.total);
    if (session->matches != NULL)
        crypto_wipe(session->matches, session->match_capacity * sizeof *session->matches);
    if (session->found != NULL)
        crypto_wipe(session->found, session->found_capacity * sizeof *session->found);
    if (session->hits != NULL)
        crypto_wipe(session->hits, session->found_count * sizeof *session->hits);
    free(session->matches);
    free(session->found);
    free(session->hits);
    session->matches = NULL;
    session->found = NULL;
    session->hits = NULL;
    session->match_count = session->match_capacity = session->found_count = session->found_capacity = 0;
    crypto_wipe_buffer(&session->peer_payloads);
    crypto_wipe_buffer(&session->inner);
    block_aes_wipe(&session->generator);
    crypto_wipe(session->own_salt, sizeof session->own_salt);
    crypto_wipe(session->own_shift, sizeof session->own_shift);
    crypto_wipe(session->salt, sizeof session->salt);
    crypto_wipe(&session->hashes, sizeof session->hashes);
    crypto_wipe(&session->vole_result, sizeof session->vole_result);
}

static enum base_code fail_session(struct vpsi_session *session, enum base_code code)
{
    session->state = VPSI_FAILED;
    wipe(session);
    return code;
}

void vpsi_generate(struct vpsi_session *session, void *out, size_t len)
{
    uint8_t *at = out;
    while (len > 0) {
        struct block block;
        const size_t part = len < sizeof block ? len : sizeof block;
        block_aes_counter(&session->generator, 0, session->generated++, &block, 1);
        memcpy(at, &block, part);
        at += part;
        len -= part;
    }
}

static enum base_code check_config(const struct vpsi_config *config, const struct vpsi_plan *plan)
{
    const bool is_receiver = config->role == VPSI_RECEIVER;
    const uint64_t own = is_receiver ? config->terms.receiver_count : config->terms.sender_count;
    const uint32_t payload = is_receiver ? config->terms.receiver_payload : config->terms.sender_payload;
    if (config->role != VPSI_RECEIVER && config->role != VPSI_SENDER)
        return base_fail(BASE_E_ARGUMENT, "no such role");
    if (own > 0 && (config->items == NULL || (payload > 0 && config->payloads == NULL)))
        return base_fail(BASE_E_ARGUMENT, "items or payloads are missing");
    if (config->arena_len < plan->layout.total || (uintptr_t)config->arena % VPSI_ARENA_ALIGN != 0)
        return base_fail(BASE_E_ARGUMENT, "matching needs %zu bytes of memory at a multiple of %d", plan->layout.total,
                         (int)VPSI_ARENA_ALIGN);
    return BASE_OK;
}

static enum base_code start(struct vpsi_session *session, const struct vpsi_config *config)
{
    struct crypto_hash tag;
    struct block seed;
    session->role = config->role;
    session->terms = config->terms;
    session->items = config->items;
    session->payloads = config->payloads;
    session->threads = config->threads == 0 ? 1 : config->threads;
    session->arena = config->arena;
    session->arena_len = config->arena_len;
    crypto_hash_domain("entente/vpsi/context/v1", &config->context, 1, &session->context);
    crypto_hash_domain("entente/vpsi/session/v1",
                       &(const struct base_bytes){session->context.bytes, sizeof session->context.bytes}, 1, &tag);
    memcpy(session->tag, tag.bytes, VPSI_TAG_LEN);
    for (int role = VPSI_RECEIVER; role <= VPSI_SENDER; role++)
        crypto_running_init(&session->running[role]);
    BASE_TRY(base_random_fill(&config->random, &seed, sizeof seed));
    block_aes_init(&session->generator, seed);
    crypto_wipe(&seed, sizeof seed);
    return BASE_OK;
}

enum base_code vpsi_session_new(const struct vpsi_config *config, struct vpsi_session **out)
{
    struct vpsi_plan plan;
    BASE_TRY(vpsi_plan_make(&config->terms, config->role, config->threads, &plan));
    BASE_TRY(check_config(config, &plan));
    struct vpsi_session *session = base_alloc_array(1, sizeof *session);
    if (session == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for a session");
    session->plan = plan;
    const enum base_code code = start(session, config);
    if (code != BASE_OK) {
        vpsi_session_free(session);
        return code;
    }
    *out = session;
    return BASE_OK;
}

void vpsi_session_free(struct vpsi_session *session)
{
    if (session == NULL)
        return;
    wipe(session);
    crypto_wipe(session, sizeof *session);
    free(session);
}

static enum base_code fill_from_generator(void *context, uint8_t *out, size_t len)
{
    vpsi_generate(context, out, len);
    return BASE_OK;
}

/* The VOLE of this pass is made when it is needed first, but not before the items are hashed: that needs its memory. */
static enum base_code ensure_vole(struct vpsi_session *session)
{
    if (session->vole != NULL)
        return BASE_OK;
    BASE_TRY(vpsi_make_set(session));
    const uint8_t pass[4] = {(uint8_t)(session->pass >> 24), (uint8_t)(session->pass >> 16), (uint8_t)(session->pass >> 8),
                             (uint8_t)session->pass};
    const struct base_bytes parts[] = {base_bytes_of(session->salt, VPSI_SALT_LEN), base_bytes_of(pass, sizeof pass)};
    struct vole_config config = {.role = session->role == VPSI_RECEIVER ? VOLE_RECEIVER : VOLE_SENDER,
                                 .params = session->plan.vole,
                                 .threads = session->threads,
                                 .random = {fill_from_generator, session},
                                 .arena = session->arena + session->plan.layout.shared,
                                 .arena_len = session->plan.layout.total - session->plan.layout.shared};
    crypto_hash_domain("entente/vpsi/vole/v1", parts, 2, &config.context);
    return vole_session_new(&config, &session->vole);
}

/* The VOLE is at its end: what it made stays in the arena until the pass is over. */
static enum base_code settle_vole(struct vpsi_session *session)
{
    if (session->step != VPSI_STEP_VOLE || session->vole == NULL || vole_session_state(session->vole) != VOLE_DONE)
        return BASE_OK;
    BASE_TRY(vole_session_result(session->vole, &session->vole_result));
    vole_session_free(session->vole, VOLE_KEEP_RESULTS);
    session->vole = NULL;
    return move_on(session);
}

static enum base_code begin_message(struct vpsi_session *session, enum vpsi_kind kind, struct base_buffer *message)
{
    struct vpsi_header header = {.kind = kind, .sequence = session->sent};
    memcpy(header.tag, session->tag, VPSI_TAG_LEN);
    return vpsi_header_encode(&header, message);
}

static enum base_code pull_vole(struct vpsi_session *session, struct base_buffer *message)
{
    BASE_TRY(ensure_vole(session));
    BASE_TRY(vole_session_pull(session->vole, &session->inner));
    if (session->inner.len == 0)
        return BASE_OK;
    BASE_TRY(begin_message(session, VPSI_KIND_VOLE, message));
    return base_buffer_append(message, base_bytes_buffer(&session->inner));
}

static enum base_code count_message(struct vpsi_session *session)
{
    session->steps_done++;
    if (++session->number < rows[session->step].messages(session))
        return BASE_OK;
    return move_on(session);
}

/* Counts a whole message for the transcript. */
static void note(struct vpsi_session *session, enum vpsi_role from, struct base_bytes message)
{
    if (session->step < VPSI_STEP_RECEIVER_DONE)
        crypto_running_update(&session->running[from], message);
}

static enum base_code pull(struct vpsi_session *session, struct base_buffer *message)
{
    if (session->step == VPSI_STEP_VOLE) {
        BASE_TRY(pull_vole(session, message));
        if (message->len > 0)
            note(session, session->role, base_bytes_buffer(message));
        BASE_TRY(settle_vole(session));
        if (message->len > 0)
            return BASE_OK;
    }
    if (session->step == VPSI_STEP_END || session->step == VPSI_STEP_VOLE || rows[session->step].speaker != session->role)
        return BASE_OK;
    const struct row *row = &rows[session->step];
    BASE_TRY(begin_message(session, row->kind, message));
    BASE_TRY(row->write(session, session->number, message));
    note(session, session->role, base_bytes_buffer(message));
    return count_message(session);
}

enum base_code vpsi_session_pull(struct vpsi_session *session, struct base_buffer *message)
{
    base_buffer_clear(message);
    if (session->state == VPSI_FAILED)
        return base_fail(BASE_E_STATE, "the session has failed");
    const enum base_code code = pull(session, message);
    if (code != BASE_OK) {
        base_buffer_clear(message);
        return fail_session(session, code);
    }
    if (message->len > 0)
        session->sent++;
    return BASE_OK;
}

static enum base_code check_header(struct vpsi_session *session, const struct vpsi_header *header)
{
    if (!crypto_equal(header->tag, session->tag, VPSI_TAG_LEN))
        return base_fail(BASE_E_TRANSCRIPT, "a message of another session");
    if (header->sequence != session->received)
        return base_fail(header->sequence < session->received ? BASE_E_REPLAY : BASE_E_ORDER, "message %u, when %u was due",
                         header->sequence, session->received);
    return BASE_OK;
}

static enum base_code push_vole(struct vpsi_session *session, struct base_cursor *in)
{
    BASE_TRY(ensure_vole(session));
    BASE_TRY(vole_session_push(session->vole, base_cursor_rest(in)));
    session->steps_done++;
    return BASE_OK;
}

static enum base_code push(struct vpsi_session *session, struct base_bytes message)
{
    struct base_cursor in = base_cursor_over(message);
    struct vpsi_header header;
    if (message.len > VPSI_MESSAGE_MAX)
        return base_fail(BASE_E_LIMIT, "a message of %zu bytes", message.len);
    BASE_TRY(vpsi_header_decode(&in, &header));
    BASE_TRY(check_header(session, &header));
    BASE_TRY(settle_vole(session));
    const struct row *row = &rows[session->step];
    const bool may_come = header.kind == row->kind && (session->step == VPSI_STEP_VOLE || row->speaker != session->role);
    if (!may_come)
        return base_fail(BASE_E_ORDER, "a message of kind %d may not come now", (int)header.kind);
    const enum vpsi_role from = session->role == VPSI_RECEIVER ? VPSI_SENDER : VPSI_RECEIVER;
    if (session->step == VPSI_STEP_VOLE) {
        BASE_TRY(push_vole(session, &in));
        note(session, from, message);
        return settle_vole(session);
    }
    BASE_TRY(row->read(session, session->number, &in));
    BASE_TRY(base_cursor_end(&in));
    note(session, from, message);
    return count_message(session);
}

enum base_code vpsi_session_push(struct vpsi_session *session, struct base_bytes message)
{
    if (session->state == VPSI_DONE) /* a result that is out cannot be taken back */
        return base_fail(BASE_E_STATE, "the session is over");
    if (session->state == VPSI_FAILED)
        return base_fail(BASE_E_STATE, "the session has failed");
    const enum base_code code = push(session, message);
    if (code != BASE_OK)
        return fail_session(session, code);
    session->received++;
    return BASE_OK;
}

static enum base_code work(struct vpsi_session *session)
{
    if (session->step == VPSI_STEP_BEGIN || session->step == VPSI_STEP_VOLE)
        BASE_TRY(vpsi_make_set(session));
    if (session->role == VPSI_RECEIVER)
        BASE_TRY(vpsi_receiver_work(session));
    if (session->step != VPSI_STEP_VOLE)
        return BASE_OK;
    BASE_TRY(ensure_vole(session));
    return vole_session_work(session->vole);
}

enum base_code vpsi_session_work(struct vpsi_session *session)
{
    if (session->state != VPSI_RUNNING)
        return BASE_OK;
    const enum base_code code = work(session);
    return code == BASE_OK ? BASE_OK : fail_session(session, code);
}

/* RECEIVER_DONE and SENDER_DONE: proof that both saw the same messages (vpsi 3.6). */
static void confirm(const struct vpsi_session *session, enum vpsi_kind kind, struct crypto_hash *out)
{
    const uint8_t byte = (uint8_t)kind;
    const struct base_bytes parts[] = {base_bytes_of(session->transcript.bytes, sizeof session->transcript.bytes),
                                       base_bytes_of(&byte, 1)};
    crypto_hash_domain("entente/vpsi/confirm/v1", parts, 2, out);
}

static enum base_code write_done(struct vpsi_session *session, uint64_t number, struct base_buffer *out)
{
    (void)number;
    struct crypto_hash confirmation;
    confirm(session, rows[session->step].kind, &confirmation);
    return base_put_bytes(out, confirmation.bytes, sizeof confirmation.bytes);
}

static enum base_code read_done(struct vpsi_session *session, uint64_t number, struct base_cursor *in)
{
    (void)number;
    struct crypto_hash expected, got;
    confirm(session, rows[session->step].kind, &expected);
    BASE_TRY(base_cursor_copy(in, got.bytes, sizeof got.bytes));
    if (!crypto_hash_equal(&expected, &got))
        return base_fail(BASE_E_TRANSCRIPT, "both sides did not see the same messages");
    return BASE_OK;
}

enum vpsi_state vpsi_session_state(const struct vpsi_session *session)
{
    return session->state;
}

enum base_code vpsi_session_hits(const struct vpsi_session *session, struct vpsi_hits *out)
{
    if (session->state != VPSI_DONE)
        return base_fail(BASE_E_STATE, "the session has no result");
    *out = (struct vpsi_hits){session->hits, session->found_count, session->peer_payloads.data};
    return BASE_OK;
}

enum base_code vpsi_session_transcript(const struct vpsi_session *session, struct crypto_hash *out)
{
    if (session->state != VPSI_DONE)
        return base_fail(BASE_E_STATE, "the session has no result");
    *out = session->transcript;
    return BASE_OK;
}

void vpsi_session_progress(const struct vpsi_session *session, uint64_t *done, uint64_t *total)
{
    const struct vpsi_plan *plan = &session->plan;
    *total = plan->passes * (plan->slot_messages + plan->head_messages + plan->mask_messages + 10) + 5;
    *done = session->state == VPSI_DONE ? *total : session->steps_done < *total ? session->steps_done : *total - 1;
}
