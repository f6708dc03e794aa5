/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/psi_run.h"

#include "base/clock.h"
#include "base/cursor.h"
#include "base/pages.h"
#include "cli/progress.h"
#include "crypto/secret.h"
#include "node/link.h"

#include <stdlib.h>
#include <string.h>

enum {
    HELLO_VERSION = 1,
    QUEUE_ENOUGH = 1 << 20, /* bytes on the way; beyond, the next message is computed when they are gone */
    FRAMES_PER_SECOND = 1000000,
    BYTES_PER_SECOND = 2000000000,
};

enum frame_kind { FRAME_HELLO = 1, FRAME_AGREE, FRAME_PART, FRAME_LAST };
enum phase { PHASE_WAITING, PHASE_HELLO, PHASE_AGREE, PHASE_MATCHING, PHASE_ENDED };

struct run {
    const struct cli_psi_config *config;
    struct cli_psi_outcome *out;
    uv_loop_t loop;
    uv_idle_t pump; /* computes and sends while it is active */
    struct node_hub *hub;
    struct node_link *link;
    enum phase phase;
    struct base_buffer hellos[2]; /* the dialling side's, the listening side's */
    uint32_t pass_bits;
    struct base_pages arena;
    struct vpsi_session *session;
    struct base_buffer outgoing, incoming;
    struct cli_progress progress;
    int64_t begun_ms;
    enum base_code code;
    char detail[256];
};

static void keep_failure(struct run *run, enum base_code code, const char *detail)
{
    if (code == BASE_OK || run->code != BASE_OK)
        return;
    run->code = code;
    strncpy(run->detail, detail, sizeof run->detail - 1);
}

static void end(struct run *run, enum base_code code)
{
    keep_failure(run, code, base_detail());
    run->phase = PHASE_ENDED;
    uv_idle_stop(&run->pump);
    if (run->link != NULL)
        node_link_close(run->link, code);
}

/* What this side wants (vpsi 11.2). */
static enum base_code write_hello(const struct cli_psi_config *config, struct base_buffer *out)
{
    struct crypto_hash label;
    const struct base_bytes text = base_bytes_text(config->label);
    crypto_hash_domain("entente/cli/psi-label/v1", &text, 1, &label);
    BASE_TRY(base_put_u8(out, HELLO_VERSION));
    BASE_TRY(base_put_u8(out, config->items->is_text));
    BASE_TRY(base_put_u32(out, config->items->len));
    BASE_TRY(base_put_u64(out, config->items->count));
    BASE_TRY(base_put_u8(out, (uint8_t)config->output));
    return base_put_bytes(out, label.bytes, sizeof label.bytes);
}

static enum base_code differs(const char *what)
{
    return base_fail(BASE_E_OUTSIDE_TERMS, "the other side wants %s", what);
}

static enum base_code read_hello(struct run *run, struct base_bytes payload, uint64_t *peer_count)
{
    const struct cli_psi_config *config = run->config;
    struct base_cursor in = base_cursor_over(payload);
    struct base_bytes label;
    uint8_t version, is_text, output;
    uint32_t len;
    BASE_TRY(base_cursor_u8(&in, &version));
    if (version != HELLO_VERSION)
        return base_fail(BASE_E_VERSION, "the other side has version %u, this one %d", version, HELLO_VERSION);
    BASE_TRY(base_cursor_u8(&in, &is_text));
    BASE_TRY(base_cursor_u32(&in, &len));
    BASE_TRY(base_cursor_u64(&in, peer_count));
    BASE_TRY(base_cursor_u8(&in, &output));
    BASE_TRY(base_cursor_take(&in, sizeof(struct crypto_hash), &label));
    BASE_TRY(base_cursor_end(&in));
    if (is_text != config->items->is_text || len != config->items->len)
        return differs("other items: one side has text, the other records, or their lengths differ");
    if (output != config->output)
        return differs("another --output");
    if (memcmp(label.data, run->hellos[config->is_listening].data + payload.len - label.len, label.len) != 0)
        return differs("another --label");
    return BASE_OK;
}

static enum base_code send_frame(struct run *run, enum frame_kind kind, struct base_bytes payload)
{
    return node_link_send(run->link, (uint8_t)kind, payload);
}

/* The smaller set receives; the dialling side when they are equal. */
static void set_terms(struct run *run, uint64_t peer_count)
{
    const struct cli_psi_config *config = run->config;
    const uint64_t own_count = config->items->count;
    const bool is_receiver = own_count != peer_count ? own_count < peer_count : !config->is_listening;
    run->out->role = is_receiver ? VPSI_RECEIVER : VPSI_SENDER;
    run->out->terms = (struct vpsi_terms){.receiver_count = is_receiver ? own_count : peer_count,
                                          .sender_count = is_receiver ? peer_count : own_count,
                                          .item_len = config->items->len,
                                          .output = config->output};
}

/* The fewest passes that fit into this side's memory. */
static enum base_code set_passes(struct run *run)
{
    struct vpsi_terms *terms = &run->out->terms;
    BASE_TRY(vpsi_terms_check(terms));
    for (; terms->pass_bits <= VPSI_PASS_BITS_MAX; terms->pass_bits++)
        if (vpsi_arena_size(terms, run->out->role, run->config->threads) <= run->config->memory_bytes)
            return BASE_OK;
    return base_fail(BASE_E_LIMIT, "these sets do not fit into --memory, in however many passes");
}

static enum base_code take_hello(struct run *run, struct base_bytes payload)
{
    uint64_t peer_count;
    BASE_TRY(read_hello(run, payload, &peer_count));
    BASE_TRY(base_buffer_append(&run->hellos[!run->config->is_listening], payload));
    set_terms(run, peer_count);
    BASE_TRY(set_passes(run));
    const uint8_t bits = (uint8_t)run->out->terms.pass_bits;
    run->phase = PHASE_AGREE;
    return send_frame(run, FRAME_AGREE, base_bytes_of(&bits, 1));
}

/* Everything that both sides know: who they are, what they said. */
static enum base_code write_context(struct run *run, struct base_buffer *out, const struct crypto_sign_public *own)
{
    const struct crypto_sign_public *keys[2] = {own, &run->config->peer};
    for (int side = 0; side < 2; side++) {
        const struct crypto_sign_public *key = keys[(side == 1) != run->config->is_listening];
        BASE_TRY(base_put_bytes(out, key->bytes, sizeof key->bytes));
        BASE_TRY(base_put_sized(out, base_bytes_buffer(&run->hellos[side])));
    }
    return BASE_OK;
}

static enum base_code new_session(struct run *run)
{
    const struct cli_psi_config *config = run->config;
    const struct vpsi_terms *terms = &run->out->terms;
    struct crypto_sign_secret secret;
    struct crypto_sign_public own;
    struct base_buffer context = BASE_BUFFER_EMPTY;
    const size_t size = vpsi_arena_size(terms, run->out->role, config->threads);
    crypto_sign_keys_from_seed(config->key, &secret, &own);
    crypto_wipe(&secret, sizeof secret);
    BASE_TRY(base_pages_new(size > 0 ? size : 1, &run->arena));
    run->out->memory_bytes = size;
    enum base_code code = write_context(run, &context, &own);
    const struct vpsi_config session = {.role = run->out->role,
                                        .terms = *terms,
                                        .context = base_bytes_buffer(&context),
                                        .items = config->items->bytes,
                                        .threads = config->threads,
                                        .random = base_random_system(),
                                        .arena = run->arena.data,
                                        .arena_len = size};
    if (code == BASE_OK)
        code = vpsi_session_new(&session, &run->session);
    base_buffer_release(&context);
    return code;
}

static void pump(uv_idle_t *handle);

static enum base_code take_agree(struct run *run, struct base_bytes payload)
{
    struct base_cursor in = base_cursor_over(payload);
    uint8_t bits;
    BASE_TRY(base_cursor_u8(&in, &bits));
    BASE_TRY(base_cursor_end(&in));
    if (bits > run->out->terms.pass_bits)
        run->out->terms.pass_bits = bits;
    run->begun_ms = base_clock_elapsed_ms();
    BASE_TRY(new_session(run));
    run->phase = PHASE_MATCHING;
    node_link_pause(run->link);
    uv_idle_start(&run->pump, pump);
    return BASE_OK;
}

static enum base_code take_part(struct run *run, bool is_last, struct base_bytes payload)
{
    if (run->incoming.len + payload.len > VPSI_MESSAGE_MAX)
        return base_fail(BASE_E_LIMIT, "a message of more than %d bytes", (int)VPSI_MESSAGE_MAX);
    BASE_TRY(base_buffer_append(&run->incoming, payload));
    if (!is_last)
        return BASE_OK;
    BASE_TRY(vpsi_session_push(run->session, base_bytes_buffer(&run->incoming)));
    base_buffer_clear(&run->incoming);
    node_link_pause(run->link); /* until all is said that there is to say now */
    uv_idle_start(&run->pump, pump);
    return BASE_OK;
}

static enum base_code on_frame(void *context, struct node_link *link, uint8_t kind, struct base_bytes payload)
{
    struct run *run = context;
    (void)link;
    enum base_code code;
    if (run->phase == PHASE_HELLO && kind == FRAME_HELLO)
        code = take_hello(run, payload);
    else if (run->phase == PHASE_AGREE && kind == FRAME_AGREE)
        code = take_agree(run, payload);
    else if (run->phase == PHASE_MATCHING && (kind == FRAME_PART || kind == FRAME_LAST))
        code = take_part(run, kind == FRAME_LAST, payload);
    else
        code = base_fail(BASE_E_ORDER, "a frame of kind %u may not come now", kind);
    keep_failure(run, code, base_detail());
    return code;
}

static enum base_code send_message(struct run *run)
{
    struct base_cursor left = base_cursor_over(base_bytes_buffer(&run->outgoing));
    struct base_bytes part;
    while (left.left > NODE_FRAME_PAYLOAD_MAX) {
        BASE_TRY(base_cursor_take(&left, NODE_FRAME_PAYLOAD_MAX, &part));
        BASE_TRY(send_frame(run, FRAME_PART, part));
    }
    return send_frame(run, FRAME_LAST, base_cursor_rest(&left));
}

/* One message, or what can be computed ahead; then the loop turns, so that what was sent is on its way meanwhile. */
static enum base_code pump_once(struct run *run)
{
    uint64_t done, total;
    BASE_TRY(vpsi_session_pull(run->session, &run->outgoing));
    vpsi_session_progress(run->session, &done, &total);
    cli_progress_show(&run->progress, "matching", false, done, total);
    if (run->outgoing.len > 0) {
        if (node_link_queued(run->link) > QUEUE_ENOUGH)
            uv_idle_stop(&run->pump);
        return send_message(run);
    }
    if (vpsi_session_state(run->session) == VPSI_DONE) {
        end(run, BASE_OK);
        return BASE_OK;
    }
    BASE_TRY(vpsi_session_work(run->session));
    uv_idle_stop(&run->pump);
    node_link_resume(run->link);
    return BASE_OK;
}

static void pump(uv_idle_t *handle)
{
    struct run *run = handle->data;
    const enum base_code code = pump_once(run);
    if (code != BASE_OK)
        end(run, code);
}

static void on_drained(void *context, struct node_link *link)
{
    struct run *run = context;
    (void)link;
    if (run->phase == PHASE_MATCHING && run->outgoing.len > 0)
        uv_idle_start(&run->pump, pump);
}

static enum base_code on_admit(void *context, const struct crypto_sign_public *peer_key, const char *address)
{
    const struct run *run = context;
    if (run->link != NULL)
        return base_fail(BASE_E_BUSY, "there is a matching already");
    if (!crypto_equal(peer_key->bytes, run->config->peer.bytes, sizeof peer_key->bytes))
        return base_fail(BASE_E_KEY, "%s has another key than --peer", address);
    return BASE_OK;
}

static void on_open(void *context, struct node_link *link)
{
    struct run *run = context;
    run->link = link;
    run->phase = PHASE_HELLO;
    const enum base_code code = send_frame(run, FRAME_HELLO, base_bytes_buffer(&run->hellos[run->config->is_listening]));
    if (code != BASE_OK)
        end(run, code);
}

static void on_closed(void *context, struct node_link *link, enum base_code why, const char *detail)
{
    struct run *run = context;
    const bool is_done = run->session != NULL && vpsi_session_state(run->session) == VPSI_DONE;
    node_link_bytes(link, &run->out->sent, &run->out->received);
    run->link = NULL;
    if (!is_done && why == BASE_OK)
        keep_failure(run, BASE_E_CLOSED, "the other side ended before there was a result");
    else if (!is_done)
        keep_failure(run, why, detail);
    run->phase = PHASE_ENDED;
    uv_close((uv_handle_t *)&run->pump, NULL);
    node_hub_close(run->hub, NULL, NULL);
}

static enum base_code open_hub(struct run *run, const struct node_tls *tls)
{
    const struct cli_psi_config *config = run->config;
    const uint32_t timeout_ms = (uint32_t)config->timeout_ms;
    const struct node_hub_config hub = {.loop = &run->loop,
                                        .tls = tls,
                                        .events = {run, on_admit, on_open, on_frame, on_drained, on_closed},
                                        .idle_timeout_ms = timeout_ms,
                                        .frame_timeout_ms = timeout_ms,
                                        .max_frames_per_second = FRAMES_PER_SECOND,
                                        .max_bytes_per_second = BYTES_PER_SECOND};
    struct node_link *link;
    BASE_TRY(node_hub_new(&hub, &run->hub));
    return config->is_listening ? node_hub_listen(run->hub, config->host, config->port, NULL)
                                : node_hub_connect(run->hub, config->host, config->port, &config->peer, run, &link);
}

static enum base_code take_hits(struct run *run)
{
    struct vpsi_hits hits;
    BASE_TRY(vpsi_session_hits(run->session, &hits));
    BASE_TRY(vpsi_session_transcript(run->session, &run->out->transcript));
    run->out->hits = base_alloc_array(hits.count + 1, sizeof *run->out->hits);
    if (run->out->hits == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for %zu hits", hits.count);
    for (size_t i = 0; i < hits.count; i++)
        run->out->hits[i] = hits.hits[i].own_index;
    run->out->hit_count = hits.count;
    run->out->elapsed_ms = base_clock_elapsed_ms() - run->begun_ms;
    return BASE_OK;
}

static enum base_code run_loop(struct run *run, const struct node_tls *tls)
{
    if (uv_loop_init(&run->loop) != 0)
        return base_fail(BASE_E_IO, "no event loop");
    uv_idle_init(&run->loop, &run->pump); /* cannot fail */
    run->pump.data = run;
    enum base_code code = open_hub(run, tls);
    if (code != BASE_OK) {
        keep_failure(run, code, base_detail());
        uv_close((uv_handle_t *)&run->pump, NULL);
        if (run->hub != NULL)
            node_hub_close(run->hub, NULL, NULL);
    }
    uv_run(&run->loop, UV_RUN_DEFAULT);
    uv_loop_close(&run->loop);
    return run->code == BASE_OK ? BASE_OK : base_fail(run->code, "%s", run->detail);
}

enum base_code cli_psi_run(const struct cli_psi_config *config, struct cli_psi_outcome *out)
{
    struct run run = {.config = config, .out = out, .arena = BASE_PAGES_EMPTY};
    struct node_tls *tls = NULL;
    *out = (struct cli_psi_outcome){0};
    cli_progress_init(&run.progress, config->cli);
    enum base_code code = write_hello(config, &run.hellos[config->is_listening]);
    if (code == BASE_OK)
        code = node_tls_new(config->key, &tls);
    if (code == BASE_OK)
        code = run_loop(&run, tls);
    cli_progress_end(&run.progress);
    if (code == BASE_OK)
        code = take_hits(&run);
    vpsi_session_free(run.session);
    base_pages_release(&run.arena);
    node_tls_free(tls);
    for (int side = 0; side < 2; side++)
        base_buffer_release(&run.hellos[side]);
    crypto_wipe_buffer(&run.outgoing);
    crypto_wipe_buffer(&run.incoming);
    return code;
}
