/* SPDX-License-Identifier: Apache-2.0
 *
 * A peer that deviates, message by message: the exact error, no output, nothing left in memory. The VOLE is dealt; what a peer can do
 * to the real one is the business of tests/vole, and of the last case here.
 */
#include "support/test.h"

#include "crypto/secret.h"
#include "vpsi/check.h"

/* What is done to message `number` of a kind. */
enum change {
    CUT,       /* the last byte is missing */
    LONGER,    /* one byte more */
    TOO_LONG,  /* over the limit for messages */
    VERSION,   /* of another version */
    NO_KIND,   /* of a kind there is not */
    OTHER_TAG, /* of another session */
    AGAIN,     /* with the number of an earlier message */
    AHEAD,     /* with a number that is not due yet */
    OTHER_KIND,
    FLIP, /* one bit at `at` in the body, counted from its end if negative */
};

struct attack {
    enum vpsi_kind kind;
    enum change change;
    long at;
    enum base_code expected;
    size_t number;
    size_t seen;
};

static void make_longer(struct base_buffer *message, size_t more)
{
    for (size_t i = 0; i < more; i++)
        assert_ok(base_put_u8(message, 0));
}

static void change_message(struct base_buffer *message, const struct attack *attack)
{
    uint8_t *data = message->data;
    switch (attack->change) {
    case CUT:
        message->len--;
        break;
    case LONGER:
        make_longer(message, 1);
        break;
    case TOO_LONG:
        make_longer(message, VPSI_MESSAGE_MAX + 1 - message->len);
        break;
    case VERSION:
        data[0]++;
        break;
    case NO_KIND:
        data[1] = VPSI_KIND_SENDER_DONE + 1;
        break;
    case OTHER_TAG:
        data[VPSI_HEADER_LEN - 1] ^= 1;
        break;
    case AGAIN:
        data[5]--;
        break;
    case AHEAD:
        data[5]++;
        break;
    case OTHER_KIND:
        data[1] = data[1] == VPSI_KIND_SLOTS ? VPSI_KIND_SHIFT : VPSI_KIND_SLOTS;
        break;
    case FLIP:
        data[attack->at < 0 ? message->len - (size_t)-attack->at : VPSI_HEADER_LEN + (size_t)attack->at] ^= 1;
        break;
    }
}

static void attack_message(struct pair *pair, enum vpsi_role from, void *context)
{
    struct attack *attack = context;
    (void)from;
    if (pair->message.data[1] == (uint8_t)attack->kind && attack->seen++ == attack->number)
        change_message(&pair->message, attack);
}

/* The session has nothing any more: no state but the failure, no bytes, no hits, zeros in its memory. */
static void assert_nothing_left(struct pair *pair, enum vpsi_role role)
{
    struct vpsi_hits hits;
    struct crypto_hash transcript;
    const uint8_t *arena = pair->arenas[role];
    const size_t size = vpsi_arena_size(&pair->terms, role, pair->threads);
    assert_int_equal(VPSI_FAILED, vpsi_session_state(pair->sessions[role]));
    assert_fails(BASE_E_STATE, vpsi_session_pull(pair->sessions[role], &pair->message));
    assert_int_equal(0, pair->message.len);
    assert_fails(BASE_E_STATE, vpsi_session_push(pair->sessions[role], base_bytes_text("?")));
    assert_ok(vpsi_session_work(pair->sessions[role]));
    assert_fails(BASE_E_STATE, vpsi_session_hits(pair->sessions[role], &hits));
    assert_fails(BASE_E_STATE, vpsi_session_transcript(pair->sessions[role], &transcript));
    for (size_t i = 0; i < size; i++)
        if (arena[i] != 0)
            fail_msg("byte %zu of the memory is left", i);
}

static const struct vpsi_terms full_terms = {.output = VPSI_TO_BOTH, .receiver_payload = 6, .sender_payload = 11};

/* Large enough for several messages of RETURNS. */
static void run_attack_on(struct attack attack, size_t receiver, size_t sender, size_t common)
{
    struct pair pair = check_open(receiver, sender, common, full_terms, 1);
    pair.on_message = attack_message;
    pair.context = &attack;
    if (pair_run(&pair))
        fail_msg("kind %d, change %d at %ld: accepted", (int)attack.kind, (int)attack.change, attack.at);
    if (pair.code != attack.expected)
        fail_msg("kind %d, change %d at %ld: %s (%s), expected %s", (int)attack.kind, (int)attack.change, attack.at,
                 base_code_word(pair.code), base_detail(), base_code_word(attack.expected));
    assert_nothing_left(&pair, pair.failed);
    pair_close(&pair);
}

static void run_attack(struct attack attack)
{
    run_attack_on(attack, 300, 400, 120);
}

static void test_every_message_damaged(void **state)
{
    (void)state;
    for (int kind = VPSI_KIND_COMMIT; kind <= VPSI_KIND_SENDER_DONE; kind++) {
        const enum vpsi_kind which = (enum vpsi_kind)kind;
        run_attack((struct attack){.kind = which, .change = CUT, .expected = BASE_E_TRUNCATED});
        run_attack((struct attack){.kind = which, .change = LONGER, .expected = BASE_E_TRAILING});
        run_attack((struct attack){.kind = which, .change = TOO_LONG, .expected = BASE_E_LIMIT});
        run_attack((struct attack){.kind = which, .change = VERSION, .expected = BASE_E_VERSION});
        run_attack((struct attack){.kind = which, .change = NO_KIND, .expected = BASE_E_VERSION});
        run_attack((struct attack){.kind = which, .change = OTHER_TAG, .expected = BASE_E_TRANSCRIPT});
        run_attack((struct attack){.kind = which, .change = AHEAD, .expected = BASE_E_ORDER});
        run_attack((struct attack){.kind = which, .change = OTHER_KIND, .expected = BASE_E_ORDER});
        if (which != VPSI_KIND_COMMIT && which != VPSI_KIND_NONCE)
            run_attack((struct attack){.kind = which, .change = AGAIN, .expected = BASE_E_REPLAY});
    }
}

static void test_every_field_of_the_terms_differs(void **state)
{
    static const long fields[] = {7, 15, 19, 23, 27, 28, 29};
    (void)state;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        run_attack((struct attack){.kind = VPSI_KIND_COMMIT, .change = FLIP, .at = fields[i], .expected = BASE_E_SIZE});
        run_attack((struct attack){.kind = VPSI_KIND_NONCE, .change = FLIP, .at = fields[i], .expected = BASE_E_SIZE});
    }
}

static void test_commitments_opened_to_something_else(void **state)
{
    (void)state;
    run_attack((struct attack){.kind = VPSI_KIND_COMMIT, .change = FLIP, .at = -1, .expected = BASE_E_PROOF});
    run_attack((struct attack){.kind = VPSI_KIND_SALT, .change = FLIP, .at = 0, .expected = BASE_E_PROOF});
    run_attack((struct attack){.kind = VPSI_KIND_SALT, .change = FLIP, .at = -1, .expected = BASE_E_PROOF});
    run_attack((struct attack){.kind = VPSI_KIND_BEGIN, .change = FLIP, .at = -1, .expected = BASE_E_PROOF});
    run_attack((struct attack){.kind = VPSI_KIND_OPEN, .change = FLIP, .at = 0, .expected = BASE_E_PROOF});
    run_attack((struct attack){.kind = VPSI_KIND_OPEN, .change = FLIP, .at = -1, .expected = BASE_E_PROOF});
}

static void test_counts_that_differ(void **state)
{
    static const enum vpsi_kind kinds[] = {VPSI_KIND_BEGIN, VPSI_KIND_SLOTS, VPSI_KIND_HEADS, VPSI_KIND_MASKS};
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        run_attack((struct attack){.kind = kinds[i], .change = FLIP, .at = 3, .expected = BASE_E_SIZE});
}

/* Values that are free to be anything: the receiver finds other hits, or none, and gives none of them, because the messages do not
 * agree in the end. */
static void test_values_that_differ(void **state)
{
    (void)state;
    run_attack((struct attack){.kind = VPSI_KIND_NONCE, .change = FLIP, .at = -1, .expected = BASE_E_TRANSCRIPT});
    run_attack((struct attack){.kind = VPSI_KIND_SLOTS, .change = FLIP, .at = 4, .expected = BASE_E_TRANSCRIPT});
    run_attack((struct attack){.kind = VPSI_KIND_SHIFT, .change = FLIP, .at = 0, .expected = BASE_E_TRANSCRIPT});
    run_attack((struct attack){.kind = VPSI_KIND_MASKS, .change = FLIP, .at = -1, .expected = BASE_E_TRANSCRIPT});
    run_attack((struct attack){.kind = VPSI_KIND_RETURNS, .change = FLIP, .at = -1, .expected = BASE_E_TRANSCRIPT});
    run_attack((struct attack){.kind = VPSI_KIND_RECEIVER_DONE, .change = FLIP, .at = 31, .expected = BASE_E_TRANSCRIPT});
    run_attack((struct attack){.kind = VPSI_KIND_SENDER_DONE, .change = FLIP, .at = 0, .expected = BASE_E_TRANSCRIPT});
}

/* Heads of 400 masks: 400 + 256 - 1 bits, padded to 704. */
static void test_masks_that_are_not_in_order(void **state)
{
    (void)state;
    run_attack((struct attack){.kind = VPSI_KIND_HEADS, .change = FLIP, .at = 4 + 40, .expected = BASE_E_FORMAT});
    run_attack((struct attack){.kind = VPSI_KIND_HEADS, .change = FLIP, .at = -1, .expected = BASE_E_FORMAT});
}

static void swap_masks(struct pair *pair, enum vpsi_role from, void *context)
{
    /* 64 - 8 low bits of each of the 400 masks stand behind 400 times 8 bytes; all are turned over. */
    (void)from;
    (void)context;
    if (pair->message.data[1] == VPSI_KIND_MASKS)
        for (size_t i = 0; i < 400 * 7; i++)
            pair->message.data[VPSI_HEADER_LEN + 4 + 400 * 8 + i] ^= 0xff;
}

static void test_masks_that_do_not_ascend(void **state)
{
    (void)state;
    struct pair pair = check_open(300, 400, 120, full_terms, 1);
    pair.on_message = swap_masks;
    assert_false(pair_run(&pair));
    assert_int_equal(BASE_E_FORMAT, pair.code);
    assert_nothing_left(&pair, VPSI_RECEIVER);
    pair_close(&pair);
}

/* RETURNS: number in all, number here, then for each hit rank, value (16), payload (6). */
static void test_returns_that_are_no_hits(void **state)
{
    enum { VALUE = 4 + 4 + 4, ONE = 4 + 16 + 6, SECOND = 4 + 4 + ONE };
    (void)state;
    run_attack((struct attack){.kind = VPSI_KIND_RETURNS, .change = FLIP, .at = VALUE, .expected = BASE_E_PROOF});
    run_attack((struct attack){.kind = VPSI_KIND_RETURNS, .change = FLIP, .at = VALUE + 15, .expected = BASE_E_PROOF});
    run_attack((struct attack){.kind = VPSI_KIND_RETURNS, .change = FLIP, .at = SECOND, .expected = BASE_E_RANGE});
    run_attack((struct attack){.kind = VPSI_KIND_RETURNS, .change = FLIP, .at = 1, .expected = BASE_E_LIMIT});
    run_attack((struct attack){.kind = VPSI_KIND_RETURNS, .change = FLIP, .at = 3, .expected = BASE_E_SIZE});
    run_attack((struct attack){.kind = VPSI_KIND_RETURNS, .change = FLIP, .at = 7, .expected = BASE_E_SIZE});
    run_attack_on((struct attack){.kind = VPSI_KIND_RETURNS, .change = FLIP, .at = 3, .number = 1, .expected = BASE_E_SIZE}, 5000,
                  5000, 4500);
}

static void repeat_return(struct pair *pair, enum vpsi_role from, void *context)
{
    (void)from;
    (void)context;
    uint8_t *body = pair->message.data + VPSI_HEADER_LEN + 8;
    if (pair->message.data[1] == VPSI_KIND_RETURNS)
        memcpy(body + 26, body, 26);
}

static void test_a_hit_returned_twice(void **state)
{
    (void)state;
    struct pair pair = check_open(300, 400, 120, full_terms, 1);
    pair.on_message = repeat_return;
    assert_false(pair_run(&pair));
    assert_int_equal(BASE_E_REPLAY, pair.code);
    assert_nothing_left(&pair, VPSI_SENDER);
    pair_close(&pair);
}

/* A receiver that names a dummy mask of a repeated item: it cannot have a value for it. */
static void name_every_rank(struct pair *pair, enum vpsi_role from, void *context)
{
    (void)from;
    uint8_t *body = pair->message.data + VPSI_HEADER_LEN + 8;
    if (pair->message.data[1] == VPSI_KIND_RETURNS)
        body[3] = (uint8_t)(body[3] == 0 ? 1 : 0);
    (void)context;
}

static void test_a_hit_on_a_mask_of_nobody(void **state)
{
    (void)state;
    struct pair pair = check_open(2, 2, 2, full_terms, 1);
    memcpy(pair.sets[VPSI_SENDER].items, pair.sets[VPSI_SENDER].items + CHECK_ITEM_LEN, CHECK_ITEM_LEN);
    pair.on_message = name_every_rank;
    assert_false(pair_run(&pair));
    assert_int_equal(BASE_E_PROOF, pair.code);
    assert_nothing_left(&pair, VPSI_SENDER);
    pair_close(&pair);
}

/* All messages of one session, said again in another one with the same parties and sets. */
struct recording {
    struct base_buffer messages[64];
    size_t count, at;
    bool is_replaying;
};

static void record(struct pair *pair, enum vpsi_role from, void *context)
{
    struct recording *recording = context;
    if (from != VPSI_SENDER)
        return;
    if (recording->is_replaying) {
        base_buffer_clear(&pair->message);
        assert_ok(base_buffer_append(&pair->message, base_bytes_buffer(&recording->messages[recording->at++])));
    } else {
        assert_ok(base_buffer_append(&recording->messages[recording->count++], base_bytes_buffer(&pair->message)));
    }
}

static void test_a_session_replayed(void **state)
{
    struct recording recording = {.count = 0};
    (void)state;
    for (size_t turn = 0; turn < 2; turn++) {
        struct pair pair = check_open(300, 400, 120, full_terms, 1);
        vpsi_session_free(pair.sessions[VPSI_RECEIVER]);
        pair.seeds[VPSI_RECEIVER] = 7000 + turn; /* the receiver draws another nonce */
        struct vpsi_config config = pair_config(&pair, VPSI_RECEIVER);
        assert_ok(vpsi_session_new(&config, &pair.sessions[VPSI_RECEIVER]));
        pair.on_message = record;
        pair.context = &recording;
        recording.is_replaying = turn == 1;
        assert_int_equal(turn == 0, pair_run(&pair));
        if (turn == 1) /* not one hit is reported: the sender refuses the return, or the receiver has none to return */
            assert_int_equal(BASE_E_TRANSCRIPT, pair.code);
        pair_close(&pair);
    }
    for (size_t i = 0; i < recording.count; i++)
        base_buffer_release(&recording.messages[i]);
}

static void test_other_contexts(void **state)
{
    (void)state;
    struct pair pair = check_open(30, 40, 12, full_terms, 1);
    vpsi_session_free(pair.sessions[VPSI_SENDER]);
    struct vpsi_config config = pair_config(&pair, VPSI_SENDER);
    config.context = base_bytes_text("two parties and what they agreed on before");
    assert_ok(vpsi_session_new(&config, &pair.sessions[VPSI_SENDER]));
    assert_false(pair_run(&pair));
    assert_int_equal(BASE_E_TRANSCRIPT, pair.code);
    assert_nothing_left(&pair, VPSI_RECEIVER);
    pair_close(&pair);
}

static void test_calls_after_the_end(void **state)
{
    (void)state;
    struct pair pair = check_open(30, 40, 12, full_terms, 1);
    struct vpsi_hits hits;
    assert_fails(BASE_E_STATE, vpsi_session_hits(pair.sessions[0], &hits));
    pair_must_run(&pair);
    assert_fails(BASE_E_STATE, vpsi_session_push(pair.sessions[0], base_bytes_text("more")));
    assert_int_equal(VPSI_DONE, vpsi_session_state(pair.sessions[0]));
    check_hits(&pair);
    pair_close(&pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_message_damaged),
        cmocka_unit_test(test_every_field_of_the_terms_differs),
        cmocka_unit_test(test_commitments_opened_to_something_else),
        cmocka_unit_test(test_counts_that_differ),
        cmocka_unit_test(test_values_that_differ),
        cmocka_unit_test(test_masks_that_are_not_in_order),
        cmocka_unit_test(test_masks_that_do_not_ascend),
        cmocka_unit_test(test_returns_that_are_no_hits),
        cmocka_unit_test(test_a_hit_returned_twice),
        cmocka_unit_test(test_a_hit_on_a_mask_of_nobody),
        cmocka_unit_test(test_a_session_replayed),
        cmocka_unit_test(test_other_contexts),
        cmocka_unit_test(test_calls_after_the_end),
    };
    return crypto_start() == BASE_OK ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
