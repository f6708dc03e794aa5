/* SPDX-License-Identifier: Apache-2.0
 *
 * Parties that deviate and keep their own books straight, so that no hash gives them away: sums that fit no tree, columns of different
 * choices, wrong answers to the checks, leaves changed after the fact, guesses at the other's secrets. Where a guess decides, the
 * test knows the secret and demands exactly the outcome that the spec allows: a failed guess is an error and no output, a right one
 * leaves a correct result behind.
 */
#include "parties.h"

enum { LENGTH = 2400 };

/* A receiver that builds its own EXTEND. */
struct cheat {
    void (*head)(struct vole_extend_head *head, unsigned number);
    void (*columns)(struct vole_session *session, uint8_t *columns, unsigned number);
    void (*tail)(struct vole_extend_tail *tail, unsigned number);
    unsigned number;
};

static void make_extend(struct vole_session *session, const struct cheat *cheat, struct base_buffer *message)
{
    struct vole_extend_head head;
    struct vole_extend_tail tail;
    struct crypto_hash first, challenge;
    size_t columns_len = (VOLE_PUNCTURED - 1) * session->params.base_count * VOLE_BLOCK_LEN;
    assert_ok(vole_session_work(session));
    assert_ok(vole_header_encode(VOLE_KIND_EXTEND, session->binding.bytes, message));
    memset(head.nonce, 5, sizeof head.nonce);
    assert_ok(vole_puncture_send(session, &head));
    if (cheat->head != NULL)
        cheat->head(&head, cheat->number);
    assert_ok(base_put_bytes(message, &head, sizeof head));
    assert_ok(vole_extend_grow(session));
    assert_ok(base_buffer_reserve(message, columns_len));
    vole_extend_differences(session, message->data + message->len);
    if (cheat->columns != NULL)
        cheat->columns(session, message->data + message->len, cheat->number);
    message->len += columns_len;
    vole_transcript(session, "entente/vole/extend/v1", VOLE_KIND_CHOICE, &first);
    vole_extend_challenge(&first, base_bytes_buffer(message), &challenge);
    vole_extend_answer(session, &challenge, &tail);
    if (cheat->tail != NULL)
        cheat->tail(&tail, cheat->number);
    assert_ok(base_put_bytes(message, &tail, sizeof tail));
    vole_extend_finish(session);
    crypto_sha256(&(const struct base_bytes){message->data, message->len}, 1, &session->hashes[VOLE_KIND_EXTEND]);
    session->step++;
}

static void open_until_extend(struct parties *parties, const struct cheat *cheat)
{
    parties_open(parties, LENGTH, VOLE_CODE_7X24, 3, 1);
    assert_true(parties_cross(parties));
    base_buffer_clear(&parties->message);
    make_extend(parties->sessions[VOLE_RECEIVER], cheat, &parties->message);
}

static void assert_no_output(struct parties *parties, enum vole_role role)
{
    struct vole_result result;
    assert_int_equal(VOLE_FAILED, vole_session_state(parties->sessions[role]));
    assert_fails(BASE_E_STATE, vole_session_result(parties->sessions[role], &result));
}

/* The cheating receiver's EXTEND is refused, or (when it may be accepted) the session ends well. */
static void expect(const struct cheat *cheat, bool is_accepted)
{
    struct parties parties;
    open_until_extend(&parties, cheat);
    if (!is_accepted) {
        assert_fails(BASE_E_PROOF, vole_session_push(parties.sessions[VOLE_SENDER], base_bytes_buffer(&parties.message)));
        assert_no_output(&parties, VOLE_SENDER);
    } else {
        assert_ok(vole_session_push(parties.sessions[VOLE_SENDER], base_bytes_buffer(&parties.message)));
        while (parties_step(&parties, VOLE_SENDER) && parties_step(&parties, VOLE_RECEIVER))
            ;
        assert_int_equal(BASE_OK, parties.code);
        parties_check(&parties);
    }
    parties_close(&parties);
}

static unsigned delta_bit(unsigned bit)
{
    struct parties parties;
    parties_open(&parties, LENGTH, VOLE_CODE_7X24, 3, 1);
    assert_ok(vole_session_pull(parties.sessions[VOLE_SENDER], &parties.message));
    unsigned out = block_bit(parties.sessions[VOLE_SENDER]->delta, bit);
    parties_close(&parties);
    return out;
}

static void an_honest_receiver_is_accepted(void **state)
{
    (void)state;
    expect(&(const struct cheat){.head = NULL}, true);
}

static void change_sum(struct vole_extend_head *head, unsigned number)
{
    head->punctures[number / 16].sums[number / 2 % 8][number % 2].word[1] ^= 4;
}

/* The sender uses the sum of the side opposite to its bit of Delta: a wrong one is noticed exactly when it is used. */
static void sums_of_no_tree(void **state)
{
    (void)state;
    static const unsigned numbers[] = {0, 1, 14, 15, 100, 101, 254, 255};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        const struct cheat cheat = {.head = change_sum, .number = numbers[i]};
        unsigned used = delta_bit(numbers[i] / 2) ^ 1u;
        expect(&cheat, used != numbers[i] % 2);
    }
}

static void change_check(struct vole_extend_head *head, unsigned number)
{
    head->punctures[number].check[31] ^= 1;
}

static void change_digest(struct vole_extend_head *head, unsigned number)
{
    head->digest.bytes[number] ^= 1;
}

static void wrong_check_of_the_trees(void **state)
{
    (void)state;
    for (unsigned number = 0; number < VOLE_PUNCTURED; number += 5) {
        expect(&(const struct cheat){.head = change_check, .number = number}, false);
        expect(&(const struct cheat){.head = change_digest, .number = number}, false);
    }
}

static void change_column(struct vole_session *session, uint8_t *columns, unsigned number)
{
    columns[(size_t)number * session->params.base_count * VOLE_BLOCK_LEN + 40] ^= 1;
}

/* Choices that are not the same in all columns, to learn Delta later. */
static void other_choices_in_some_columns(void **state)
{
    (void)state;
    for (unsigned number = 0; number < VOLE_PUNCTURED - 1; number += 3) {
        bool is_visible = false; /* not when those bits of Delta are all zero */
        for (unsigned bit = 0; bit < 8; bit++)
            is_visible = is_visible || delta_bit(8 * (number + 1) + bit) != 0;
        expect(&(const struct cheat){.columns = change_column, .number = number}, !is_visible);
    }
}

static void change_answer(struct vole_extend_tail *tail, unsigned number)
{
    (void)number;
    tail->choices.word[0] ^= 1;
}

static void change_answer_column(struct vole_extend_tail *tail, unsigned number)
{
    tail->columns[number].word[1] ^= (uint64_t)1 << 63;
}

static void wrong_answers_to_the_extension(void **state)
{
    (void)state;
    expect(&(const struct cheat){.tail = change_answer}, false);
    for (unsigned number = 0; number < VOLE_BITS; number += 127)
        expect(&(const struct cheat){.tail = change_answer_column, .number = number}, false);
}

/* A sender that changes TREES and its own books with it. */
struct forgery {
    size_t block; /* of the body */
    struct block change;
};

static void forge(struct parties *parties, enum vole_kind kind, void *context)
{
    const struct forgery *forgery = context;
    if (kind != VOLE_KIND_TREES)
        return;
    uint8_t *at = parties->message.data + VOLE_HEADER_LEN + forgery->block * VOLE_BLOCK_LEN;
    block_store(block_xor(block_load(at), forgery->change), at);
    crypto_sha256(&(const struct base_bytes){parties->message.data, parties->message.len}, 1,
                  &parties->sessions[VOLE_SENDER]->hashes[VOLE_KIND_TREES]);
}

/* TREES is taken and its check comes out as it must. */
static void run_forgery(size_t tree, unsigned part, bool (*passes)(const struct vole_session *receiver, size_t tree, unsigned part))
{
    struct parties parties;
    parties_open(&parties, LENGTH, VOLE_CODE_7X24, 3, 1);
    struct forgery forgery = {tree * (parties.params.tree_depth + 1) + part, {{1, 0}}};
    parties.on_message = forge;
    parties.context = &forgery;
    assert_true(parties_cross(&parties));
    assert_true(parties_step(&parties, VOLE_RECEIVER)); /* EXTEND */
    bool is_good = passes(parties.sessions[VOLE_RECEIVER], tree, part);
    while (parties_step(&parties, VOLE_SENDER) && parties_step(&parties, VOLE_RECEIVER))
        ;
    assert_int_equal(is_good ? BASE_OK : BASE_E_PROOF, parties.code);
    if (is_good)
        parties_check(&parties);
    else
        assert_no_output(&parties, VOLE_RECEIVER);
    parties_close(&parties);
}

static bool never(const struct vole_session *receiver, size_t tree, unsigned part)
{
    (void)receiver;
    (void)tree;
    (void)part;
    return false;
}

/* Of the two sums of the last level the receiver uses the one opposite to the noise. */
static bool when_unused(const struct vole_session *receiver, size_t tree, unsigned part)
{
    unsigned depth = receiver->params.tree_depth, side = part - (depth - 2);
    unsigned hidden = (unsigned)(receiver->arrays.places[tree] >> (depth - 1)) & 1u;
    return side == hidden;
}

static void trees_that_are_none(void **state)
{
    (void)state;
    struct vole_params params;
    assert_ok(vole_params_for(LENGTH, VOLE_CODE_7X24, &params));
    for (size_t tree = 0; tree < params.tree_count; tree += params.tree_count / 3) {
        for (unsigned part = 0; part + 2 < params.tree_depth; part++)
            run_forgery(tree, part, never);
        run_forgery(tree, params.tree_depth - 2, when_unused);
        run_forgery(tree, params.tree_depth - 1, when_unused);
        run_forgery(tree, params.tree_depth, never); /* the sum that makes the noisy leaf */
    }
}

/* A sender that uses other leaves, or another Delta, after TREES. */
static void change_leaf(struct vole_session *sender)
{
    sender->arrays.vectors[0][1000].word[0] ^= 1;
}

static void change_delta(struct vole_session *sender)
{
    sender->delta.word[0] ^= 1;
}

static void change_mask(struct vole_session *sender)
{
    sender->arrays.base[sender->params.tree_count].word[1] ^= 1;
}

static void a_sender_that_moves_afterwards(void **state)
{
    (void)state;
    static void (*const moves[])(struct vole_session *) = {change_leaf, change_delta, change_mask};
    for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++) {
        struct parties parties;
        parties_open(&parties, LENGTH, VOLE_CODE_7X24, 3, 1);
        assert_true(parties_cross(&parties));
        assert_true(parties_step(&parties, VOLE_RECEIVER));
        assert_true(parties_step(&parties, VOLE_SENDER)); /* TREES is out; the leaves are not yet added up */
        moves[i](parties.sessions[VOLE_SENDER]);
        while (parties_step(&parties, VOLE_RECEIVER) && parties_step(&parties, VOLE_SENDER))
            ;
        assert_int_equal(BASE_E_PROOF, parties.code);
        assert_int_equal(VOLE_RECEIVER, parties.failed);
        assert_no_output(&parties, VOLE_RECEIVER);
        parties_close(&parties);
    }
}

/* A different Delta in a single tree from the start. */
static void another_delta_in_the_trees(void **state)
{
    (void)state;
    struct parties parties;
    parties_open(&parties, LENGTH, VOLE_CODE_7X24, 3, 1);
    assert_true(parties_cross(&parties));
    assert_true(parties_step(&parties, VOLE_RECEIVER));
    struct vole_session *sender = parties.sessions[VOLE_SENDER];
    struct block delta = sender->delta;
    sender->delta.word[1] ^= 1;
    assert_ok(vole_session_pull(sender, &parties.message));
    sender->delta = delta;
    assert_ok(vole_session_push(parties.sessions[VOLE_RECEIVER], base_bytes_buffer(&parties.message)));
    while (parties_step(&parties, VOLE_RECEIVER) && parties_step(&parties, VOLE_SENDER))
        ;
    assert_int_equal(BASE_E_PROOF, parties.code);
    assert_no_output(&parties, VOLE_RECEIVER);
    parties_close(&parties);
}

/* Nobody chooses the code alone: a nonce of either side changes it, and nothing of one session fits another. */
static void the_code_is_new_in_each_session(void **state)
{
    (void)state;
    struct block first[2];
    for (unsigned run = 0; run < 2; run++) {
        struct parties parties;
        parties_open(&parties, LENGTH, VOLE_CODE_7X24, 3, 1);
        if (run == 1) { /* another receiver, the same sender */
            vole_session_free(parties.sessions[VOLE_RECEIVER], VOLE_WIPE_ALL);
            parties.seeds[VOLE_RECEIVER] = 99;
            struct vole_config config = parties_config(&parties, VOLE_RECEIVER, 3, 1);
            assert_ok(vole_session_new(&config, &parties.sessions[VOLE_RECEIVER]));
        }
        assert_true(parties_cross(&parties) && parties_step(&parties, VOLE_RECEIVER));
        for (int role = 0; role < 2; role++) {
            struct block_aes aes;
            vole_transcript_aes(parties.sessions[role], "entente/vole/code/v1", VOLE_KIND_EXTEND, &aes);
            if (role == 0)
                first[run] = aes.round_keys[0];
            else
                assert_memory_equal(&first[run], &aes.round_keys[0], sizeof first[run]); /* both sides agree on it */
        }
        parties_close(&parties);
    }
    assert_memory_not_equal(&first[0], &first[1], sizeof first[0]);
}

static int start(void **state)
{
    (void)state;
    return crypto_start() != BASE_OK;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_honest_receiver_is_accepted),
        cmocka_unit_test(sums_of_no_tree),
        cmocka_unit_test(wrong_check_of_the_trees),
        cmocka_unit_test(other_choices_in_some_columns),
        cmocka_unit_test(wrong_answers_to_the_extension),
        cmocka_unit_test(trees_that_are_none),
        cmocka_unit_test(a_sender_that_moves_afterwards),
        cmocka_unit_test(another_delta_in_the_trees),
        cmocka_unit_test(the_code_is_new_in_each_session),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
