/* SPDX-License-Identifier: Apache-2.0
 *
 * Two nodes, and between them the test, which carries every frame by hand. HERE speaks and THERE answers.
 */
#ifndef TESTS_NODE_SYNC_WORLD_H
#define TESTS_NODE_SYNC_WORLD_H

#include "fixture.h"

#include "node/exchange.h"
#include "node/sync.h"
#include "store/sql.h"

enum { FRAMES_MAX = 64, TALKS_MAX = 8, COMPARTMENTS = 3 };

struct frame {
    struct node_talk *talk;
    uint8_t kind;
    struct base_buffer payload;
};

/* What a node has put on the wire. */
struct side {
    struct node node;
    struct frame frames[FRAMES_MAX];
    unsigned count, taken;
    struct node_talk *dialled[TALKS_MAX]; /* by it; NULL once closed */
    unsigned dials, ends;
    bool is_dead; /* sending fails: the link has ended, and nobody has said so yet */
};

static struct sync_world {
    struct fixture fixture;
    struct exchange_id compartments[COMPARTMENTS];
    struct side sides[2];
    struct node_talk *answering; /* THERE's end */
    int64_t now_ms;
} world;

static inline struct side *side_of(const struct node_talk *talk)
{
    return &world.sides[talk->node == &world.sides[THERE].node];
}

static inline enum base_code wire_dial(struct node_talk *talk)
{
    struct side *side = side_of(talk);
    assert_true(side->dials < TALKS_MAX);
    side->dialled[side->dials++] = talk;
    talk->link = side;
    side->is_dead = false;
    return BASE_OK;
}

static inline enum base_code wire_send(struct node_talk *talk, uint8_t kind, struct base_bytes payload)
{
    struct side *side = side_of(talk);
    if (side->is_dead)
        return base_fail(BASE_E_CLOSED, "the peer closed");
    assert_true(side->count < FRAMES_MAX);
    struct frame *frame = &side->frames[side->count++];
    *frame = (struct frame){talk, kind, BASE_BUFFER_EMPTY};
    return base_buffer_append(&frame->payload, payload);
}

static inline void wire_end(struct node_talk *talk, enum base_code why)
{
    assert_int_equal(BASE_OK, why);
    side_of(talk)->ends++;
}

static const struct node_wire wire = {.dial = wire_dial, .send = wire_send, .end = wire_end};

static inline void allow_many(struct exchange_terms *terms)
{
    terms->asks_per_day = EXCHANGE_SAID_PER_DAY_MAX;
}

/* Both sides know that the terms, the first entry, are cosigned. */
static inline void cosign(unsigned side)
{
    struct store_head head;
    struct base_buffer note = BASE_BUFFER_EMPTY;
    const uint8_t *compartment = world.fixture.compartment.bytes;
    fixture_cosign(&world.fixture, side);
    assert_ok(store_head_get(world.fixture.sides[side].party->store, compartment, STORE_HEAD_COSIGNED, &head, &note));
    assert_ok(store_head_put(world.fixture.sides[1 - side].party->store, compartment, STORE_HEAD_PEER, &head, base_bytes_buffer(&note)));
    base_buffer_release(&note);
}

static inline void begin(unsigned compartments)
{
    struct crypto_hash rules = {{0x11}};
    memset(&world, 0, sizeof world);
    fixture_adjust = allow_many;
    fixture_parties(&world.fixture, "127.0.0.1:1", "127.0.0.1:2");
    fixture_pair(&world.fixture);
    for (unsigned i = 0; i < compartments; i++) {
        char name[] = {(char)('a' + i), 0};
        fixture_agree(&world.fixture, (uint8_t)(i + 1), name, &rules);
        world.compartments[i] = world.fixture.compartment;
        cosign(HERE);
        cosign(THERE);
    }
    for (unsigned i = 0; i < 2; i++)
        world.sides[i].node = (struct node){.party = world.fixture.sides[i].party, .clock = base_clock_system(),
                                             .steady = base_clock_manual(&world.now_ms), .random = base_random_system(), .wire = &wire,
                                             .log = {.fd = -1}};
}

static inline void close_talk(struct node_talk **talk, enum base_code why)
{
    if (*talk != NULL)
        node_talk_closed(*talk, why, "closed by the test");
    *talk = NULL;
}

static inline void end(void)
{
    for (unsigned i = 0; i < 2; i++) {
        struct side *side = &world.sides[i];
        side->node.wire = NULL;
        for (unsigned k = 0; k < side->dials; k++)
            close_talk(&side->dialled[k], BASE_E_CANCELLED);
        for (unsigned k = 0; k < side->count; k++)
            base_buffer_release(&side->frames[k].payload);
    }
    close_talk(&world.answering, BASE_E_CANCELLED);
    for (unsigned i = 0; i < 2; i++) {
        assert_null(world.sides[i].node.talks);
        node_sync_forget(&world.sides[i].node);
    }
    fixture_release(&world.fixture);
}

static inline struct node *here(void)
{
    return &world.sides[HERE].node;
}

static inline void say(unsigned compartment, unsigned count)
{
    static unsigned number;
    struct node_seat seat;
    assert_ok(node_seat_open(here()->party, &world.compartments[compartment], &seat));
    assert_ok(store_begin(here()->party->store));
    while (count-- > 0) {
        struct exchange_content content = EXCHANGE_CONTENT_EMPTY;
        struct exchange_statement ask;
        struct crypto_hash hash;
        char text[32];
        node_statement_begin(&seat, EXCHANGE_KIND_ASK, &here()->party->fingerprint, base_clock_now(&here()->clock), &ask);
        ask.due_ms = ask.time_ms + 60 * 86400000LL;
        snprintf(text, sizeof text, "invented %u", number++);
        for (unsigned i = 0; i < EXCHANGE_TEXT_COUNT; i++)
            assert_ok(exchange_content_set_text(&content, (enum exchange_text)i, base_bytes_text(text)));
        assert_ok(node_say(here(), &seat, &ask, &content, &hash));
        exchange_content_release(&content);
    }
    assert_ok(store_commit(here()->party->store));
    node_seat_release(&seat);
}

/* The newest dialled talk of HERE, at its other end, too. */
static inline struct node_talk *line(void)
{
    struct side *side = &world.sides[HERE];
    return side->dials == 0 ? NULL : side->dialled[side->dials - 1];
}

static inline void open_line(void)
{
    struct node_peer peer;
    close_talk(&world.answering, BASE_E_CLOSED);
    assert_ok(node_peer_by_name(world.sides[THERE].node.party->store, "lighthouse", &peer));
    assert_ok(node_talk_accept(&world.sides[THERE].node, &peer, &world.sides[THERE], &world.answering));
    assert_ok(node_talk_opened(line()));
}

static inline unsigned under_way(void)
{
    return world.sides[HERE].count - world.sides[HERE].taken;
}

static inline struct frame *next_frame(unsigned side, enum node_frame_kind kind)
{
    struct side *at = &world.sides[side];
    if (at->taken == at->count)
        fail_msg("side %u has sent nothing, and kind %u was expected", side, kind);
    struct frame *frame = &at->frames[at->taken++];
    if (frame->kind != kind)
        fail_msg("side %u has sent kind %u, and kind %u was expected", side, frame->kind, kind);
    return frame;
}

/* The next frame of HERE, of that kind, is answered by THERE; the answer is carried back. */
static inline enum base_code carry(enum node_frame_kind kind, enum node_frame_kind answer)
{
    struct frame *frame = next_frame(HERE, kind);
    assert_ok(node_talk_frame(world.answering, frame->kind, base_bytes_buffer(&frame->payload)));
    struct frame *reply = next_frame(THERE, answer);
    return node_talk_frame(frame->talk, reply->kind, base_bytes_buffer(&reply->payload));
}

static inline void carry_delivery(void)
{
    assert_ok(carry(NODE_SAY_DELIVERY, NODE_SAY_RECEIPTS));
}

static inline void carry_checkpoint(void)
{
    assert_ok(carry(NODE_SAY_CHECKPOINT, NODE_SAY_COSIGNED));
}

#endif
