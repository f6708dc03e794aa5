/* SPDX-License-Identifier: Apache-2.0
 *
 * Every message changed in every way the spec names: the exact error, and then a session that has failed for good.
 */
#include "pair.h"

enum { BODY = PSI_HEADER_LEN, POINTS = BODY + 4, RETURNED = BODY + 8 };

typedef void change_message(struct base_buffer *message);

struct attack {
    enum psi_kind kind; /* 0: every kind in turn */
    change_message *change;
    enum base_code expected;
};

/* Changes the first message of the kind. */
struct attempt {
    const struct attack *attack;
    enum psi_kind kind;
    bool done;
};

static void set_size(struct base_buffer *message, size_t len)
{
    if (len > message->len) {
        assert_ok(base_buffer_reserve(message, len - message->len));
        memset(message->data + message->len, 0, len - message->len);
    }
    message->len = len;
}

static void cut_last(struct base_buffer *m) { m->len--; }
static void cut_header(struct base_buffer *m) { m->len = BODY - 1; }
static void cut_body(struct base_buffer *m) { m->len = BODY; }
static void cut_all(struct base_buffer *m) { m->len = 0; }
static void add_byte(struct base_buffer *m) { set_size(m, m->len + 1); }
static void oversize(struct base_buffer *m) { set_size(m, PSI_MESSAGE_MAX + 1); }
static void change_version(struct base_buffer *m) { m->data[0]++; }
static void kind_none(struct base_buffer *m) { m->data[1] = 0; }
static void kind_unknown(struct base_buffer *m) { m->data[1] = PSI_KIND_SENDER_DONE + 1; }
static void kind_next(struct base_buffer *m) { m->data[1] = (uint8_t)(m->data[1] % PSI_KIND_SENDER_DONE + 1); }
static void skip_one(struct base_buffer *m) { m->data[5]++; }
static void other_session(struct base_buffer *m) { m->data[6] ^= 1; }
static void first_size(struct base_buffer *m) { m->data[BODY + 3]++; }
static void second_size(struct base_buffer *m) { m->data[BODY + 7]--; }
static void huge_size(struct base_buffer *m) { memset(m->data + BODY, 0xff, 4); }
static void total_too_large(struct base_buffer *m) { m->data[BODY + 3] = 6; /* min(5, 8) + 1 */ }
static void last_bit(struct base_buffer *m) { m->data[m->len - 1] ^= 1; }
static void first_bit(struct base_buffer *m) { m->data[BODY] ^= 1; }
static void key_off_group(struct base_buffer *m) { memset(m->data + BODY + 8, 0xff, 32); }
static void key_identity(struct base_buffer *m) { memset(m->data + BODY + 8, 0, 32); }
static void point_off_group(struct base_buffer *m) { memset(m->data + POINTS + 32, 0xff, 32); }
static void point_identity(struct base_buffer *m) { memset(m->data + POINTS + 32, 0, 32); }
static void point_twice(struct base_buffer *m) { memcpy(m->data + POINTS, m->data + POINTS + 32, 32); }
static void proof_challenge(struct base_buffer *m) { m->data[m->len - 64] ^= 1; }
static void proof_response(struct base_buffer *m) { m->data[m->len - 32] ^= 1; }
static void proof_zero(struct base_buffer *m) { memset(m->data + m->len - 64, 0, 64); }
static void proof_not_reduced(struct base_buffer *m) { m->data[m->len - 1] |= 0xf0; }
static void mask_twice(struct base_buffer *m) { memcpy(m->data + POINTS + 16, m->data + POINTS, 16); }
static void mask_changed(struct base_buffer *m) { m->data[POINTS + 15] ^= 1; }
static void return_twice(struct base_buffer *m) { memcpy(m->data + RETURNED, m->data + RETURNED + 16, 16); }
static void return_invented(struct base_buffer *m) { memset(m->data + RETURNED, 0x55, 16); }

static void return_dropped(struct base_buffer *m)
{
    m->data[BODY + 3]--;
    m->data[BODY + 7]--;
    m->len -= 16;
}

static void points_swapped(struct base_buffer *m)
{
    uint8_t kept[32];
    memcpy(kept, m->data + POINTS, 32);
    memcpy(m->data + POINTS, m->data + POINTS + 64, 32);
    memcpy(m->data + POINTS + 64, kept, 32);
}

/* RFC 9496 A.1: the generator, a point that is fine and wrong here. */
static void key_of_another(struct base_buffer *m)
{
    static const uint8_t generator[32] = {0xe2, 0xf2, 0xae, 0x0a, 0x6a, 0xbc, 0x4e, 0x71, 0xa8, 0x84, 0xa9,
                                          0x61, 0xc5, 0x00, 0x51, 0x5f, 0x58, 0xe3, 0x0b, 0x6a, 0xa5, 0x82,
                                          0xdd, 0x8d, 0xb6, 0xa6, 0x59, 0x45, 0xe0, 0x8d, 0x2d, 0x76};
    memcpy(m->data + BODY + 8, generator, 32);
}

static const struct attack attacks[] = {
    {0, cut_all, BASE_E_TRUNCATED},
    {0, cut_header, BASE_E_TRUNCATED},
    {0, cut_body, BASE_E_TRUNCATED},
    {0, cut_last, BASE_E_TRUNCATED},
    {0, add_byte, BASE_E_TRAILING},
    {0, oversize, BASE_E_LIMIT},
    {0, change_version, BASE_E_VERSION},
    {0, kind_none, BASE_E_VERSION},
    {0, kind_unknown, BASE_E_VERSION},
    {0, kind_next, BASE_E_ORDER},
    {0, skip_one, BASE_E_ORDER},
    {0, other_session, BASE_E_TRANSCRIPT},
    {PSI_KIND_KEY, first_size, BASE_E_SIZE},
    {PSI_KIND_KEY, second_size, BASE_E_SIZE},
    {PSI_KIND_KEY, key_off_group, BASE_E_POINT},
    {PSI_KIND_KEY, key_identity, BASE_E_IDENTITY},
    {PSI_KIND_KEY, key_of_another, BASE_E_PROOF},
    {PSI_KIND_BLINDED, first_size, BASE_E_SIZE},
    {PSI_KIND_BLINDED, huge_size, BASE_E_SIZE},
    {PSI_KIND_BLINDED, point_off_group, BASE_E_POINT},
    {PSI_KIND_BLINDED, point_identity, BASE_E_IDENTITY},
    {PSI_KIND_BLINDED, point_twice, BASE_E_PROOF}, /* changed on the way: the proof is about other points */
    {PSI_KIND_EVALUATED, first_size, BASE_E_SIZE},
    {PSI_KIND_EVALUATED, huge_size, BASE_E_SIZE},
    {PSI_KIND_EVALUATED, point_off_group, BASE_E_POINT},
    {PSI_KIND_EVALUATED, point_identity, BASE_E_IDENTITY},
    {PSI_KIND_EVALUATED, points_swapped, BASE_E_PROOF},
    {PSI_KIND_EVALUATED, point_twice, BASE_E_PROOF},
    {PSI_KIND_EVALUATED, proof_challenge, BASE_E_PROOF},
    {PSI_KIND_EVALUATED, proof_response, BASE_E_PROOF},
    {PSI_KIND_EVALUATED, proof_zero, BASE_E_PROOF},
    {PSI_KIND_EVALUATED, proof_not_reduced, BASE_E_SCALAR},
    {PSI_KIND_MASKS, first_size, BASE_E_SIZE},
    {PSI_KIND_MASKS, huge_size, BASE_E_SIZE},
    {PSI_KIND_MASKS, mask_twice, BASE_E_FORMAT},
    {PSI_KIND_MASKS, points_swapped, BASE_E_FORMAT},
    {PSI_KIND_MASKS, mask_changed, BASE_E_TRANSCRIPT},
    {PSI_KIND_RETURNS, total_too_large, BASE_E_LIMIT},
    {PSI_KIND_RETURNS, huge_size, BASE_E_LIMIT},
    {PSI_KIND_RETURNS, first_size, BASE_E_SIZE},
    {PSI_KIND_RETURNS, second_size, BASE_E_SIZE},
    {PSI_KIND_RETURNS, return_invented, BASE_E_PROOF},
    {PSI_KIND_RETURNS, return_twice, BASE_E_REPLAY},
    {PSI_KIND_RETURNS, return_dropped, BASE_E_TRANSCRIPT},
    {PSI_KIND_RECEIVER_DONE, first_bit, BASE_E_TRANSCRIPT},
    {PSI_KIND_RECEIVER_DONE, last_bit, BASE_E_TRANSCRIPT},
    {PSI_KIND_SENDER_DONE, first_bit, BASE_E_TRANSCRIPT},
    {PSI_KIND_SENDER_DONE, last_bit, BASE_E_TRANSCRIPT},
};

/* Failed for good: no bytes, no hits, no transcript. */
static void assert_failed(struct psi_session *session)
{
    const struct psi_hit *hits;
    size_t count;
    struct crypto_hash transcript;
    struct base_buffer message = BASE_BUFFER_EMPTY;
    assert_int_equal(PSI_FAILED, psi_session_state(session));
    assert_fails(BASE_E_STATE, psi_session_hits(session, &hits, &count));
    assert_fails(BASE_E_STATE, psi_session_transcript(session, &transcript));
    assert_fails(BASE_E_STATE, psi_session_pull(session, &message));
    assert_int_equal(0, message.len);
    assert_fails(BASE_E_STATE, psi_session_push(session, base_bytes_text("x")));
    base_buffer_release(&message);
}

static void change_once(struct pair *pair, enum psi_role from, void *context)
{
    (void)from;
    struct attempt *attempt = context;
    if (attempt->done || pair->message.data[1] != attempt->kind)
        return;
    attempt->attack->change(&pair->message);
    attempt->done = true;
}

static void open_small(struct pair *pair, uint8_t context)
{
    pair_open(pair, pair_set_of(1, 1, 5, 3), pair_set_of(1, 2, 8, 3), context, 1);
}

static void try_attack(size_t number, enum psi_kind kind)
{
    struct attempt attempt = {.attack = &attacks[number], .kind = kind};
    struct pair pair;
    open_small(&pair, 1);
    pair.on_message = change_once;
    pair.context = &attempt;
    if (pair_run(&pair) || pair.code != attempt.attack->expected)
        fail_msg("attack %zu on kind %d: %s (%s), expected %s", number, (int)kind, base_code_word(pair.code), base_detail(),
                 base_code_word(attempt.attack->expected));
    assert_true(attempt.done);
    assert_failed(pair.sessions[pair.failed]);
    pair_close(&pair);
}

static void test_changed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof attacks / sizeof attacks[0]; i++) {
        if (attacks[i].kind != 0) {
            try_attack(i, attacks[i].kind);
            continue;
        }
        for (int kind = PSI_KIND_KEY; kind <= PSI_KIND_SENDER_DONE; kind++)
            try_attack(i, (enum psi_kind)kind);
    }
}

/* Kept messages of a session, by kind. */
struct kept {
    struct base_buffer messages[PSI_KIND_SENDER_DONE + 1];
};

static void keep(struct pair *pair, enum psi_role from, void *context)
{
    (void)from;
    struct kept *kept = context;
    struct base_buffer *slot = &kept->messages[pair->message.data[1]];
    base_buffer_clear(slot);
    assert_ok(base_buffer_append(slot, base_bytes_buffer(&pair->message)));
}

static void keep_session(struct kept *kept, uint8_t context)
{
    struct pair pair;
    memset(kept, 0, sizeof *kept);
    open_small(&pair, context);
    pair.on_message = keep;
    pair.context = kept;
    assert_true(pair_run(&pair));
    pair_close(&pair);
}

static void release_kept(struct kept *kept)
{
    for (int kind = 0; kind <= PSI_KIND_SENDER_DONE; kind++)
        base_buffer_release(&kept->messages[kind]);
}

struct splice {
    const struct kept *kept;
    enum psi_kind kind;
};

static void splice_in(struct pair *pair, enum psi_role from, void *context)
{
    (void)from;
    struct splice *splice = context;
    if (pair->message.data[1] != splice->kind)
        return;
    base_buffer_clear(&pair->message);
    assert_ok(base_buffer_append(&pair->message, base_bytes_buffer(&splice->kept->messages[splice->kind])));
}

static void test_other_sessions_message(void **state)
{
    (void)state;
    struct kept kept;
    keep_session(&kept, 2);
    for (int kind = PSI_KIND_KEY; kind <= PSI_KIND_SENDER_DONE; kind++) {
        struct splice splice = {&kept, (enum psi_kind)kind};
        struct pair pair;
        open_small(&pair, 1);
        pair.on_message = splice_in;
        pair.context = &splice;
        assert_false(pair_run(&pair));
        assert_int_equal(BASE_E_TRANSCRIPT, pair.code);
        assert_failed(pair.sessions[pair.failed]);
        pair_close(&pair);
    }
    release_kept(&kept);
}

/* Delivers each kind a second time right after the first. */
static void push_before(struct pair *pair, enum psi_role from, void *context)
{
    const enum psi_kind *kind = context;
    if (pair->message.data[1] == *kind)
        assert_ok(psi_session_push(pair->sessions[!from], base_bytes_buffer(&pair->message)));
}

static void test_replayed(void **state)
{
    (void)state;
    for (int number = PSI_KIND_KEY; number <= PSI_KIND_SENDER_DONE; number++) {
        enum psi_kind kind = (enum psi_kind)number;
        struct pair pair;
        open_small(&pair, 1);
        pair.on_message = push_before;
        pair.context = &kind;
        assert_false(pair_run(&pair));
        if (kind == PSI_KIND_SENDER_DONE) { /* comes after the end: refused, and what is out stays */
            assert_int_equal(BASE_E_STATE, pair.code);
            assert_int_equal(PSI_DONE, psi_session_state(pair.sessions[pair.failed]));
        } else {
            assert_int_equal(BASE_E_REPLAY, pair.code);
            assert_failed(pair.sessions[pair.failed]);
        }
        pair_close(&pair);
    }
}

/* Each kind as the very first message, with the right number: only the key may come first. */
static void test_too_early(void **state)
{
    (void)state;
    struct kept kept;
    keep_session(&kept, 1);
    for (int kind = PSI_KIND_BLINDED; kind <= PSI_KIND_SENDER_DONE; kind++) {
        for (int role = 0; role < 2; role++) {
            struct pair pair;
            open_small(&pair, 1);
            memset(kept.messages[kind].data + 2, 0, 4);
            assert_fails(BASE_E_ORDER, psi_session_push(pair.sessions[role], base_bytes_buffer(&kept.messages[kind])));
            assert_failed(pair.sessions[role]);
            pair_close(&pair);
        }
    }
    release_kept(&kept);
}

/* Own messages sent back. */
static void test_reflected(void **state)
{
    (void)state;
    struct pair pair;
    open_small(&pair, 1);
    assert_ok(psi_session_pull(pair.sessions[PSI_SENDER], &pair.message));
    assert_fails(BASE_E_ORDER, psi_session_push(pair.sessions[PSI_SENDER], base_bytes_buffer(&pair.message)));
    assert_failed(pair.sessions[PSI_SENDER]);
    pair_close(&pair);
}

static void test_more_batches_than_the_window(void **state)
{
    (void)state;
    struct pair pair;
    struct base_buffer again = BASE_BUFFER_EMPTY;
    pair_open(&pair, pair_set_of(1, 1, 3 * PSI_POINT_BATCH, 0), pair_set_of(1, 2, 1, 0), 1, 2);
    assert_ok(psi_session_pull(pair.sessions[PSI_SENDER], &pair.message));
    assert_ok(psi_session_push(pair.sessions[PSI_RECEIVER], base_bytes_buffer(&pair.message)));
    for (unsigned i = 0; i < PSI_WINDOW; i++) {
        assert_ok(psi_session_pull(pair.sessions[PSI_RECEIVER], &pair.message));
        assert_ok(psi_session_push(pair.sessions[PSI_SENDER], base_bytes_buffer(&pair.message)));
    }
    assert_ok(psi_session_pull(pair.sessions[PSI_RECEIVER], &again)); /* waits */
    assert_int_equal(0, again.len);
    pair.message.data[5]++;
    assert_fails(BASE_E_ORDER, psi_session_push(pair.sessions[PSI_SENDER], base_bytes_buffer(&pair.message)));
    assert_failed(pair.sessions[PSI_SENDER]);
    base_buffer_release(&again);
    pair_close(&pair);
}

/* The second RETURNS names another number of hits than the first. */
static void other_total(struct pair *pair, enum psi_role from, void *context)
{
    (void)from;
    size_t *seen = context;
    if (pair->message.data[1] == PSI_KIND_RETURNS && ++*seen == 2)
        pair->message.data[BODY + 3]--;
}

static void test_total_changes(void **state)
{
    (void)state;
    size_t seen = 0, count = PSI_RETURN_BATCH + 2;
    struct pair pair;
    pair_open(&pair, pair_set_of(1, 1, count, count), pair_set_of(1, 2, count, count), 1, 2);
    pair.on_message = other_total;
    pair.context = &seen;
    assert_false(pair_run(&pair));
    assert_int_equal(BASE_E_SIZE, pair.code);
    assert_failed(pair.sessions[PSI_SENDER]);
    pair_close(&pair);
}

/* One side works from other sizes, or for another context. */
static void test_sides_disagree(void **state)
{
    (void)state;
    struct pair pair;
    open_small(&pair, 1);
    psi_session_free(pair.sessions[PSI_RECEIVER]);
    struct psi_config config = pair_config(&pair, PSI_RECEIVER, 1, 1);
    config.peer_count++;
    assert_ok(psi_session_new(&config, &pair.sessions[PSI_RECEIVER]));
    assert_false(pair_run(&pair));
    assert_int_equal(BASE_E_SIZE, pair.code);
    psi_session_free(pair.sessions[PSI_SENDER]);
    psi_session_free(pair.sessions[PSI_RECEIVER]);
    config = pair_config(&pair, PSI_RECEIVER, 1, 1);
    assert_ok(psi_session_new(&config, &pair.sessions[PSI_RECEIVER]));
    config = pair_config(&pair, PSI_SENDER, 2, 1);
    assert_ok(psi_session_new(&config, &pair.sessions[PSI_SENDER]));
    assert_false(pair_run(&pair));
    assert_int_equal(BASE_E_TRANSCRIPT, pair.code);
    pair_close(&pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_changed),
        cmocka_unit_test(test_other_sessions_message),
        cmocka_unit_test(test_replayed),
        cmocka_unit_test(test_too_early),
        cmocka_unit_test(test_reflected),
        cmocka_unit_test(test_more_batches_than_the_window),
        cmocka_unit_test(test_total_changes),
        cmocka_unit_test(test_sides_disagree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
