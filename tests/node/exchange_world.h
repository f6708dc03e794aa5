/* SPDX-License-Identifier: Apache-2.0
 *
 * Two nodes without a network, for what one of them may be made to take. HERE is a peer that holds its right keys and keeps no rules:
 * what it says is forged from its keys, past its own node. THERE is the node that has to bear it.
 *
 *     world_begin(&world);                                    -- once: a scene in which something of each kind was said
 *     world_restore(&world);                                  -- before each case: both stores as they were then
 *     world_refused(&world, &forged, BASE_E_ORDER, "name");   -- the exact error, both stores as before, a line in the log
 */
#ifndef TESTS_NODE_EXCHANGE_WORLD_H
#define TESTS_NODE_EXCHANGE_WORLD_H

#include "fixture.h"

#include "base/cursor.h"
#include "crypto/text.h"
#include "ledger/note.h"
#include "node/exchange.h"
#include "node/screen.h"
#include "people/record.h"
#include "store/sql.h"

#include <sys/mman.h>

enum {
    WORLD_HOUR_MS = 3600000,
    WORLD_DAY_MS = 24 * WORLD_HOUR_MS,
    WORLD_ALERTS_PER_DAY = 6,
    WORLD_ASKS_PER_DAY = 10,
    WORLD_ATTACHMENT_MAX = 1000,
};

/* What was said, and stands in both books unless it says otherwise. */
struct world_scene {
    struct crypto_hash alert_here, alert_there; /* by whom */
    struct crypto_hash ask_here, ask_there;     /* not answered */
    struct crypto_hash ended_here, ended_there; /* asks that were answered */
    struct crypto_hash answer_here, answer_there; /* to those; both want feedback */
    struct crypto_hash told;                    /* the hit that HERE has told of on alert_there */
    struct crypto_hash correction_here, correction_there; /* of answers; carried out */
    struct crypto_hash hit_there;               /* on alert_here: only in THERE's book */
};

struct world {
    struct fixture fixture;
    struct exchange_id compartment, other; /* two that both sit in */
    struct node nodes[2];
    int64_t now_ms;
    uint64_t secrets;
    int log;
    off_t log_seen;
    sqlite3 *saved[2];
    int64_t saved_ms;
    struct world_scene scene;
};

/* A statement and what travels beside it, ready to be delivered. */
struct world_forged {
    struct base_buffer note, content;
    uint8_t salt[EXCHANGE_SALT_LEN];
    enum node_parcel_beside beside;
    struct crypto_hash hash;
};

static inline void world_terms(struct exchange_terms *terms)
{
    terms->alerts_per_day = WORLD_ALERTS_PER_DAY;
    terms->asks_per_day = WORLD_ASKS_PER_DAY;
    terms->max_attachment = WORLD_ATTACHMENT_MAX;
    terms->codes = EXCHANGE_CODES_ALL & ~(1u << EXCHANGE_NOT_HELD);
}

static inline void world_open(struct world *world)
{
    struct crypto_hash rules = {{0x11}};
    struct fixture *fixture = &world->fixture;
    fixture_parties(fixture, "127.0.0.1:1", "127.0.0.1:2");
    fixture_pair(fixture);
    fixture_agree(fixture, 0xc1, "banks", &rules);
    world->other = fixture->compartment;
    fixture_agree(fixture, 0xc0, "border", &rules);
    world->compartment = fixture->compartment;
    for (unsigned side = 0; side < 2; side++) {
        assert_ok(store_script(fixture->sides[side].party->store, "PRAGMA synchronous=OFF")); /* no power cut is tested here */
        world->nodes[side] = (struct node){.party = fixture->sides[side].party, .clock = base_clock_manual(&world->now_ms),
                                           .steady = base_clock_manual(&world->now_ms), .random = base_random_repeatable(&world->secrets)};
        world->nodes[side].log = (struct base_log){.fd = side == THERE ? world->log : -1, .least = BASE_LOG_WARN, .clock = world->nodes[side].clock};
    }
}

/* Contents. */

static inline void world_person(struct exchange_content *content, const char *name)
{
    struct people_record record = PEOPLE_RECORD_EMPTY;
    struct people_day day = {1961, 5, 23};
    struct base_buffer json = BASE_BUFFER_EMPTY;
    assert_ok(people_record_set_key(&record, base_bytes_text("p")));
    assert_ok(people_record_add_name(&record, PEOPLE_NAME_PRIMARY, base_bytes_text(name)));
    assert_ok(people_record_add_birth(&record, day, day, false, base_bytes_text("")));
    assert_ok(people_record_encode(&record, &json));
    assert_ok(exchange_content_add_person(content, base_bytes_buffer(&json)));
    base_buffer_release(&json);
    people_record_release(&record);
}

/* What each kind with content carries at least. */
static inline struct exchange_content world_content(enum exchange_kind kind)
{
    static const enum exchange_text of_ask[] = {EXCHANGE_TEXT_FACTS, EXCHANGE_TEXT_REASON, EXCHANGE_TEXT_LINK, EXCHANGE_TEXT_USE};
    struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
    if (kind == EXCHANGE_KIND_ALERT)
        world_person(&content, "Mirela Kostrova");
    else if (kind == EXCHANGE_KIND_ASK)
        for (unsigned i = 0; i < 4; i++)
            assert_ok(exchange_content_set_text(&content, of_ask[i], base_bytes_text("invented")));
    else
        assert_ok(exchange_content_set_text(&content, EXCHANGE_TEXT_TEXT, base_bytes_text("invented")));
    return content;
}

/* Forging. */

/* Compartment, terms, sender and time, as far as they are not set. */
static inline void world_head(struct world *world, unsigned side, struct exchange_statement *statement)
{
    struct node_seat seat = fixture_seat(&world->fixture, side);
    struct exchange_statement head;
    node_statement_begin(&seat, statement->kind, &world->fixture.sides[side].party->fingerprint, world->now_ms, &head);
    statement->compartment = head.compartment;
    statement->terms = head.terms;
    statement->from = head.from;
    if (statement->time_ms == 0)
        statement->time_ms = head.time_ms;
    node_seat_release(&seat);
}

/* Commits to bytes, whether they are a content or not. */
static inline void world_beside(struct exchange_statement *statement, struct base_bytes bytes, struct world_forged *out)
{
    memset(out->salt, 0x5a, sizeof out->salt);
    base_buffer_clear(&out->content);
    assert_ok(base_buffer_append(&out->content, bytes));
    exchange_commit(out->salt, base_bytes_buffer(&out->content), &statement->content);
    out->beside = NODE_PARCEL_CONTENT;
}

static inline void world_sign(struct world *world, unsigned side, struct base_bytes text, struct world_forged *out)
{
    struct node_seat seat = fixture_seat(&world->fixture, side);
    base_buffer_clear(&out->note);
    assert_ok(ledger_note_sign(text, seat.own_name, &seat.secret, &out->note));
    ledger_leaf_hash(base_bytes_buffer(&out->note), &out->hash);
    node_seat_release(&seat);
}

/* `content` may be NULL. With `from` and `to` the first `from` of the text is replaced before it is signed. */
static inline void world_forge_text(struct world *world, unsigned side, struct exchange_statement *statement,
                                    const struct exchange_content *content, const char *from, const char *to, struct world_forged *out)
{
    struct base_buffer text = BASE_BUFFER_EMPTY, bytes = BASE_BUFFER_EMPTY, changed = BASE_BUFFER_EMPTY;
    world_head(world, side, statement);
    if (content != NULL) {
        assert_ok(exchange_content_encode(content, &bytes));
        world_beside(statement, base_bytes_buffer(&bytes), out);
    }
    assert_ok(exchange_statement_format(statement, &text));
    const char *whole = base_buffer_c_string(&text), *at = from == NULL ? NULL : strstr(whole, from);
    if (from != NULL && at == NULL)
        fail_msg("no \"%s\" in %s", from, whole);
    size_t before = at == NULL ? text.len : (size_t)(at - whole);
    assert_ok(base_buffer_append(&changed, base_bytes_of(text.data, before)));
    if (at != NULL) {
        assert_ok(base_buffer_text(&changed, to));
        assert_ok(base_buffer_text(&changed, at + strlen(from)));
    }
    world_sign(world, side, base_bytes_buffer(&changed), out);
    base_buffer_release(&text);
    base_buffer_release(&bytes);
    base_buffer_release(&changed);
}

static inline void world_forge(struct world *world, unsigned side, struct exchange_statement *statement,
                               const struct exchange_content *content, struct world_forged *out)
{
    world_forge_text(world, side, statement, content, NULL, NULL, out);
}

static inline void world_forged_release(struct world_forged *forged)
{
    base_buffer_release(&forged->note);
    base_buffer_release(&forged->content);
    *forged = (struct world_forged){.beside = NODE_PARCEL_NOTHING};
}

/* Delivering. */

static inline struct node_parcel world_parcel(const struct world_forged *forged)
{
    struct node_parcel parcel = {.note = base_bytes_buffer(&forged->note), .beside = forged->beside};
    if (forged->beside == NODE_PARCEL_CONTENT) {
        parcel.salt = base_bytes_of(forged->salt, sizeof forged->salt);
        parcel.content = base_bytes_buffer(&forged->content);
    }
    return parcel;
}

/* In the compartment of the fixture; the receipt, if there is one, is appended. What the node says to a failed delivery is the code. */
static inline enum base_code world_take(struct world *world, unsigned to, const struct node_parcel *parcel, struct base_buffer *receipt)
{
    struct node_seat seat = fixture_seat(&world->fixture, to);
    struct base_buffer answers = BASE_BUFFER_EMPTY;
    enum base_code code = node_take(&world->nodes[to], &seat, parcel, 1, &answers), refusal = BASE_OK;
    node_seat_release(&seat);
    if (code == BASE_OK) {
        struct base_cursor in = base_cursor_over(base_bytes_buffer(&answers));
        struct base_bytes note;
        bool is_receipt;
        assert_ok(node_receipts_next(&in, &is_receipt, &note, &refusal));
        assert_ok(base_cursor_end(&in));
        code = is_receipt ? BASE_OK : refusal;
        if (is_receipt && receipt != NULL)
            assert_ok(base_buffer_append(receipt, note));
    }
    base_buffer_release(&answers);
    return code;
}

static inline enum base_code world_deliver(struct world *world, unsigned to, const struct world_forged *forged)
{
    struct node_parcel parcel = world_parcel(forged);
    return world_take(world, to, &parcel, NULL);
}

/* Saying by the node's own way, and hearing: into both books, with the receipt. */

static inline enum base_code world_copy_content(void *context, const struct store_content *content)
{
    struct world_forged *out = context;
    out->beside = content->state == STORE_CONTENT_ERASED ? NODE_PARCEL_ERASED : NODE_PARCEL_CONTENT;
    if (content->salt.len == sizeof out->salt)
        memcpy(out->salt, content->salt.data, sizeof out->salt);
    return base_buffer_append(&out->content, content->content);
}

struct world_posting {
    struct world *world;
    unsigned from;
};

static inline enum base_code world_post_one(void *context, const struct store_outgoing *row)
{
    struct world_posting *posting = context;
    struct world *world = posting->world;
    struct world_forged parcel = {.beside = NODE_PARCEL_NOTHING};
    struct base_buffer receipt = BASE_BUFFER_EMPTY;
    struct crypto_hash hash;
    assert_ok(base_buffer_append(&parcel.note, row->note));
    memcpy(hash.bytes, row->hash, sizeof hash.bytes);
    enum base_code code = store_content_get(world->nodes[posting->from].party->store, world->fixture.compartment.bytes, row->hash,
                                            world_copy_content, &parcel);
    if (code != BASE_E_NOT_FOUND)
        assert_ok(code);
    struct node_parcel view = world_parcel(&parcel);
    code = world_take(world, 1 - posting->from, &view, &receipt);
    if (code == BASE_OK)
        assert_ok(node_receipt_take(&world->nodes[posting->from], &world->fixture.compartment, &hash, base_bytes_buffer(&receipt)));
    base_buffer_release(&receipt);
    world_forged_release(&parcel);
    return code;
}

/* All that waits in the outbox of a side. The first refusal ends it. */
static inline enum base_code world_post(struct world *world, unsigned from)
{
    struct world_posting posting = {world, from};
    for (uint64_t waiting = 1; waiting > 0;) {
        BASE_TRY(store_outbox_each(world->nodes[from].party->store, world->fixture.compartment.bytes, 0, 1, world_post_one, &posting));
        assert_ok(store_outbox_count(world->nodes[from].party->store, world->fixture.compartment.bytes, &waiting));
    }
    return BASE_OK;
}

static inline struct crypto_hash world_say(struct world *world, unsigned side, struct exchange_statement statement, bool has_content)
{
    struct exchange_content content = world_content(statement.kind);
    struct crypto_hash hash;
    assert_ok(node_say_alone(&world->nodes[side], &world->fixture.compartment, &statement, has_content ? &content : NULL, &hash));
    exchange_content_release(&content);
    for (unsigned i = 0; i < 2; i++) { /* what was said, and what that made the other say */
        assert_ok(world_post(world, side));
        assert_ok(world_post(world, 1 - side));
    }
    return hash;
}

/* Talking: THERE answers, or asks HERE. The wire keeps the last frame that THERE has sent. */

struct world_line {
    struct node_talk *talk;
    uint8_t kind;
    unsigned frames;
    struct base_buffer payload;
    bool has_ended;
};
static struct world_line world_line;

static inline enum base_code world_dial(struct node_talk *talk)
{
    talk->link = &world_line;
    world_line.talk = talk;
    return BASE_OK;
}

static inline enum base_code world_send(struct node_talk *talk, uint8_t kind, struct base_bytes payload)
{
    (void)talk;
    world_line.kind = kind;
    world_line.frames++;
    base_buffer_clear(&world_line.payload);
    return base_buffer_append(&world_line.payload, payload);
}

static inline void world_hang_up(struct node_talk *talk, enum base_code why)
{
    (void)talk, (void)why;
    world_line.has_ended = true;
}

static const struct node_wire world_wire = {.dial = world_dial, .send = world_send, .end = world_hang_up};

static inline void world_line_clear(void)
{
    base_buffer_release(&world_line.payload);
    world_line = (struct world_line){.payload = BASE_BUFFER_EMPTY};
}

/* HERE dials and sends one frame; the answer stands in world_line. */
static inline enum base_code world_ask_there(struct world *world, uint8_t kind, struct base_bytes payload)
{
    struct node_peer peer;
    struct node_talk *talk;
    world_line_clear();
    world->nodes[THERE].wire = &world_wire;
    assert_ok(node_peer_by_name(world->nodes[THERE].party->store, "lighthouse", &peer));
    assert_ok(node_talk_accept(&world->nodes[THERE], &peer, &world_line, &talk));
    assert_ok(node_talk_opened(talk));
    enum base_code code = node_talk_frame(talk, kind, payload);
    node_talk_closed(talk, code, "");
    return code;
}

/* THERE dials for a sync of the fixture's compartment; its first frame stands in world_line. */
static inline struct node_talk *world_sync(struct world *world, node_sync_done *done, void *context)
{
    world_line_clear();
    world->nodes[THERE].wire = &world_wire;
    assert_ok(node_sync_begin(&world->nodes[THERE], &world->fixture.compartment, NODE_SYNC_COSIGNED, done, context));
    assert_ok(node_talk_opened(world_line.talk));
    return world_line.talk;
}

/* Looking. */

static inline void world_put_value(struct base_buffer *out, sqlite3_stmt *row, int column)
{
    assert_ok(base_put_u8(out, (uint8_t)sqlite3_column_type(row, column)));
    const void *data = sqlite3_column_blob(row, column);
    assert_ok(base_put_sized(out, base_bytes_of(data, (size_t)sqlite3_column_bytes(row, column))));
}

/* Every row of every table of a store. */
static inline struct crypto_hash world_state(struct world *world, unsigned side)
{
    sqlite3 *database = world->nodes[side].party->store->database;
    sqlite3_stmt *tables, *rows;
    struct base_buffer all = BASE_BUFFER_EMPTY;
    struct crypto_hash hash;
    assert_int_equal(SQLITE_OK, sqlite3_prepare_v2(database, "SELECT name FROM sqlite_master WHERE type='table' ORDER BY name", -1, &tables, NULL));
    while (sqlite3_step(tables) == SQLITE_ROW) {
        char query[128];
        snprintf(query, sizeof query, "SELECT * FROM %s ORDER BY 1, 2", (const char *)sqlite3_column_text(tables, 0));
        if (sqlite3_prepare_v2(database, query, -1, &rows, NULL) != SQLITE_OK) /* a table of one column */
            continue;
        assert_ok(base_buffer_text(&all, query));
        while (sqlite3_step(rows) == SQLITE_ROW)
            for (int column = 0; column < sqlite3_column_count(rows); column++)
                world_put_value(&all, rows, column);
        sqlite3_finalize(rows);
    }
    sqlite3_finalize(tables);
    struct base_bytes part = base_bytes_buffer(&all);
    crypto_sha256(&part, 1, &hash);
    base_buffer_release(&all);
    return hash;
}

/* Has THERE logged this since the last look? */
static inline bool world_logged(struct world *world, const char *event, enum base_code code)
{
    static char text[1 << 20];
    char wanted[96];
    ssize_t len = pread(world->log, text, sizeof text - 1, world->log_seen);
    assert_true(len >= 0);
    text[len] = 0;
    world->log_seen += len;
    snprintf(wanted, sizeof wanted, "\"reason\":\"%s\"", base_code_word(code));
    for (char *line = text; *line != 0;) {
        char *end = strchr(line, '\n');
        if (end != NULL)
            *end = 0;
        if (strstr(line, event) != NULL && strstr(line, wanted) != NULL)
            return true;
        line = end == NULL ? line + strlen(line) : end + 1;
    }
    return false;
}

/* Exactly this refusal, nothing changed on either side, and an entry in the log. */
static inline void world_refused(struct world *world, const struct world_forged *forged, enum base_code expected, const char *name)
{
    struct crypto_hash before[2] = {world_state(world, HERE), world_state(world, THERE)};
    (void)world_logged(world, "", BASE_OK);
    enum base_code code = world_deliver(world, THERE, forged);
    if (code != expected)
        fail_msg("%s: %s (%s), expected %s", name, base_code_word(code), code == BASE_OK ? "" : base_detail(), base_code_word(expected));
    for (unsigned side = 0; side < 2; side++) {
        struct crypto_hash after = world_state(world, side);
        if (!crypto_hash_equal(&before[side], &after))
            fail_msg("%s: refused, and the store of side %u has changed", name, side);
    }
    if (!world_logged(world, "statement-refused", expected))
        fail_msg("%s: refused, and not logged", name);
}

static inline void world_taken(struct world *world, const struct world_forged *forged, const char *name)
{
    struct crypto_hash before = world_state(world, THERE), after;
    enum base_code code = world_deliver(world, THERE, forged);
    if (code != BASE_OK)
        fail_msg("%s: %s (%s), expected to be taken", name, base_code_word(code), base_detail());
    after = world_state(world, THERE);
    if (crypto_hash_equal(&before, &after))
        fail_msg("%s: taken, and nothing was written", name);
}

/* The scene. */

static inline void world_save(struct world *world)
{
    world->saved_ms = world->now_ms;
    for (unsigned side = 0; side < 2; side++) {
        assert_int_equal(SQLITE_OK, sqlite3_open(":memory:", &world->saved[side]));
        sqlite3_backup *copy = sqlite3_backup_init(world->saved[side], "main", world->nodes[side].party->store->database, "main");
        assert_non_null(copy);
        assert_int_equal(SQLITE_DONE, sqlite3_backup_step(copy, -1));
        assert_int_equal(SQLITE_OK, sqlite3_backup_finish(copy));
    }
}

static inline void world_restore(struct world *world)
{
    world->now_ms = world->saved_ms;
    for (unsigned side = 0; side < 2; side++) {
        sqlite3_backup *copy = sqlite3_backup_init(world->nodes[side].party->store->database, "main", world->saved[side], "main");
        assert_non_null(copy);
        assert_int_equal(SQLITE_DONE, sqlite3_backup_step(copy, -1));
        assert_int_equal(SQLITE_OK, sqlite3_backup_finish(copy));
        node_screen_free(world->nodes[side].screen);
        world->nodes[side].screen = NULL;
        node_sync_forget(&world->nodes[side]);
    }
}

static inline struct exchange_statement world_alert(struct world *world)
{
    return (struct exchange_statement){.kind = EXCHANGE_KIND_ALERT, .count = 1, .review_class = 1, .tell = 1u << EXCHANGE_TELL_RECORD,
                                       .label = EXCHANGE_TLP_AMBER, .grading = EXCHANGE_GRADING_UNKNOWN, .handling = EXCHANGE_H1,
                                       .due_ms = world->now_ms + 100LL * WORLD_DAY_MS};
}

static inline struct exchange_statement world_ask(struct world *world)
{
    return (struct exchange_statement){.kind = EXCHANGE_KIND_ASK, .urgency = EXCHANGE_NORMAL, .label = EXCHANGE_TLP_AMBER,
                                       .grading = EXCHANGE_GRADING_UNKNOWN, .handling = EXCHANGE_H1,
                                       .due_ms = world->now_ms + 200LL * WORLD_DAY_MS};
}

static inline struct exchange_statement world_answer(const struct crypto_hash *ask)
{
    return (struct exchange_statement){.kind = EXCHANGE_KIND_ANSWER, .about = *ask, .outcome = EXCHANGE_ANSWERED, .feedback = 1};
}

static inline void world_play(struct world *world)
{
    struct world_scene *scene = &world->scene;
    memset(scene->told.bytes, 0x77, sizeof scene->told.bytes);
    scene->alert_here = world_say(world, HERE, world_alert(world), true);
    scene->alert_there = world_say(world, THERE, world_alert(world), true);
    scene->ask_here = world_say(world, HERE, world_ask(world), true);
    scene->ask_there = world_say(world, THERE, world_ask(world), true);
    scene->ended_here = world_say(world, HERE, world_ask(world), true);
    scene->answer_there = world_say(world, THERE, world_answer(&scene->ended_here), true);
    scene->ended_there = world_say(world, THERE, world_ask(world), true);
    scene->answer_here = world_say(world, HERE, world_answer(&scene->ended_there), true);
    struct exchange_statement correction = {.kind = EXCHANGE_KIND_CORRECTION, .about = scene->answer_here, .action = EXCHANGE_RESTRICT};
    scene->correction_here = world_say(world, HERE, correction, false);
    correction.about = scene->answer_there;
    scene->correction_there = world_say(world, THERE, correction, false);
    struct exchange_statement tell = {.kind = EXCHANGE_KIND_TELL, .about = scene->alert_there, .hit = scene->told};
    struct exchange_content content = world_content(EXCHANGE_KIND_TELL);
    struct world_forged forged = {.beside = NODE_PARCEL_NOTHING};
    world_forge(world, HERE, &tell, &content, &forged);
    assert_ok(world_deliver(world, THERE, &forged));
    exchange_content_release(&content);
    world_forged_release(&forged);
    struct exchange_statement hit = {.kind = EXCHANGE_KIND_HIT, .about = scene->alert_here, .tell = 1u << EXCHANGE_TELL_RECORD,
                                     .due_ms = world->now_ms + WORLD_DAY_MS};
    scene->hit_there = world_say(world, THERE, hit, true);
}

static inline void world_begin(struct world *world)
{
    memset(world, 0, sizeof *world);
    fixture_start_ms = world->now_ms = 1798761600000; /* 2027-01-01 */
    fixture_adjust = world_terms;
    world->secrets = 1;
    world->log = memfd_create("log", MFD_CLOEXEC);
    world_open(world);
    world_play(world);
    world_save(world);
}

static inline void world_end(struct world *world)
{
    for (unsigned side = 0; side < 2; side++) {
        node_screen_free(world->nodes[side].screen);
        node_sync_forget(&world->nodes[side]);
        sqlite3_close(world->saved[side]);
    }
    world_line_clear();
    close(world->log);
    fixture_release(&world->fixture);
}

#endif
