/* SPDX-License-Identifier: Apache-2.0
 *
 * Every message changed on the way, in every way the spec names: the exact error, and then a session that has failed for good and
 * holds nothing any more. What a party does that deviates and keeps its own books straight is in test_deviate.c.
 */
#include "parties.h"

enum { BODY = VOLE_HEADER_LEN, LENGTH = 2400, LENGTH_DIRECT = 6 };

typedef void change_message(struct base_buffer *message);

struct attack {
    enum vole_kind kind; /* 0: every kind in turn */
    change_message *change;
    enum base_code expected;
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
static void oversize(struct base_buffer *m) { set_size(m, VOLE_MESSAGE_MAX + 1); }
static void change_version(struct base_buffer *m) { m->data[0]++; }
static void kind_none(struct base_buffer *m) { m->data[1] = 0; }
static void kind_unknown(struct base_buffer *m) { m->data[1] = VOLE_KIND_COUNT; }
static void kind_next(struct base_buffer *m) { m->data[1] = (uint8_t)(m->data[1] % VOLE_KIND_PROOF + 1); }
static void other_session(struct base_buffer *m) { m->data[2] ^= 1; }
static void last_bit(struct base_buffer *m) { m->data[m->len - 1] ^= 1; }
static void first_bit(struct base_buffer *m) { m->data[BODY] ^= 1; }
static void middle_bit(struct base_buffer *m) { m->data[BODY + (m->len - BODY) / 2] ^= 0x10; }
static void opening_off_group(struct base_buffer *m) { memset(m->data + BODY, 0xff, 32); }
static void opening_identity(struct base_buffer *m) { memset(m->data + BODY, 0, 32); }
static void offer_off_group(struct base_buffer *m) { memset(m->data + BODY + VOLE_NONCE_LEN + 5 * 64 + 32, 0xff, 32); }
static void offer_identity(struct base_buffer *m) { memset(m->data + BODY + VOLE_NONCE_LEN + 127 * 64, 0, 32); }
static void offers_same(struct base_buffer *m) { memcpy(m->data + BODY + VOLE_NONCE_LEN, m->data + BODY + VOLE_NONCE_LEN + 64, 64); }
static void sum_changed(struct base_buffer *m) { m->data[BODY + VOLE_NONCE_LEN + 3 * sizeof(struct vole_puncture) + 20] ^= 1; }
static void digest_changed(struct base_buffer *m) { m->data[BODY + sizeof(struct vole_extend_head) - 1] ^= 1; }
static void column_changed(struct base_buffer *m) { m->data[BODY + sizeof(struct vole_extend_head) + 77] ^= 1; }
static void answer_changed(struct base_buffer *m) { m->data[m->len - sizeof(struct vole_extend_tail)] ^= 1; }
static void body_zero(struct base_buffer *m) { memset(m->data + BODY, 0, m->len - BODY); }

/* RFC 9496 A.1: the generator, a point that is fine and wrong here. */
static void opening_of_another(struct base_buffer *m)
{
    static const uint8_t generator[32] = {0xe2, 0xf2, 0xae, 0x0a, 0x6a, 0xbc, 0x4e, 0x71, 0xa8, 0x84, 0xa9,
                                          0x61, 0xc5, 0x00, 0x51, 0x5f, 0x58, 0xe3, 0x0b, 0x6a, 0xa5, 0x82,
                                          0xdd, 0x8d, 0xb6, 0xa6, 0x59, 0x45, 0xe0, 0x8d, 0x2d, 0x76};
    memcpy(m->data + BODY, generator, 32);
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
    {0, other_session, BASE_E_TRANSCRIPT},
    {VOLE_KIND_BASE, opening_off_group, BASE_E_POINT},
    {VOLE_KIND_BASE, opening_identity, BASE_E_IDENTITY},
    {VOLE_KIND_BASE, opening_of_another, BASE_E_PROOF},
    {VOLE_KIND_CHOICE, first_bit, BASE_E_PROOF}, /* the nonce: the hashes of the two sides part */
    {VOLE_KIND_CHOICE, offer_off_group, BASE_E_POINT},
    {VOLE_KIND_CHOICE, offer_identity, BASE_E_IDENTITY},
    {VOLE_KIND_CHOICE, offers_same, BASE_E_PROOF},
    {VOLE_KIND_CHOICE, body_zero, BASE_E_IDENTITY},
    {VOLE_KIND_EXTEND, first_bit, BASE_E_PROOF},
    {VOLE_KIND_EXTEND, middle_bit, BASE_E_PROOF},
    {VOLE_KIND_EXTEND, last_bit, BASE_E_PROOF},
    {VOLE_KIND_EXTEND, sum_changed, BASE_E_PROOF},
    {VOLE_KIND_EXTEND, digest_changed, BASE_E_PROOF},
    {VOLE_KIND_EXTEND, column_changed, BASE_E_PROOF},
    {VOLE_KIND_EXTEND, answer_changed, BASE_E_PROOF},
    {VOLE_KIND_EXTEND, body_zero, BASE_E_PROOF},
    {VOLE_KIND_TREES, first_bit, BASE_E_PROOF},
    {VOLE_KIND_TREES, middle_bit, BASE_E_PROOF},
    {VOLE_KIND_TREES, last_bit, BASE_E_PROOF},
    {VOLE_KIND_TREES, body_zero, BASE_E_PROOF},
    {VOLE_KIND_CHECK, first_bit, BASE_E_PROOF},
    {VOLE_KIND_CHECK, last_bit, BASE_E_PROOF},
    {VOLE_KIND_CHECK, body_zero, BASE_E_PROOF},
    {VOLE_KIND_PROOF, first_bit, BASE_E_PROOF},
    {VOLE_KIND_PROOF, last_bit, BASE_E_PROOF},
    {VOLE_KIND_PROOF, body_zero, BASE_E_PROOF},
};

struct attempt {
    const struct attack *attack;
    enum vole_kind kind;
    bool done;
};

static void change_once(struct parties *parties, enum vole_kind kind, void *context)
{
    struct attempt *attempt = context;
    if (attempt->done || kind != attempt->kind)
        return;
    attempt->attack->change(&parties->message);
    attempt->done = true;
}

/* Failed for good: no bytes, no result, and nothing left in the arena. */
static void assert_failed(struct parties *parties, enum vole_role role)
{
    struct vole_session *session = parties->sessions[role];
    struct vole_result result;
    struct base_buffer message = BASE_BUFFER_EMPTY;
    assert_int_equal(VOLE_FAILED, vole_session_state(session));
    assert_fails(BASE_E_STATE, vole_session_result(session, &result));
    assert_null(result.a);
    assert_null(result.b);
    assert_null(result.c);
    assert_fails(BASE_E_STATE, vole_session_pull(session, &message));
    assert_int_equal(0, message.len);
    assert_fails(BASE_E_STATE, vole_session_push(session, base_bytes_text("x")));
    assert_fails(BASE_E_STATE, vole_session_work(session));
    base_buffer_release(&message);
    const uint8_t *bytes = parties->arenas[role].data;
    uint8_t seen = 0;
    for (size_t i = 0; i < parties->arenas[role].len; i++)
        seen |= bytes[i];
    assert_int_equal(0, seen);
}

static void try_attack(size_t number, enum vole_kind kind, size_t length)
{
    struct attempt attempt = {.attack = &attacks[number], .kind = kind};
    struct parties parties;
    parties_open(&parties, length, VOLE_CODE_7X24, 1, 1);
    parties.on_message = change_once;
    parties.context = &attempt;
    if (parties_run(&parties) || parties.code != attempt.attack->expected)
        fail_msg("attack %zu on kind %d: %s (%s), expected %s", number, (int)kind, base_code_word(parties.code), base_detail(),
                 base_code_word(attempt.attack->expected));
    assert_true(attempt.done);
    assert_failed(&parties, parties.failed);
    parties_close(&parties);
}

static void try_all(size_t length, int last_kind)
{
    for (size_t i = 0; i < sizeof attacks / sizeof attacks[0]; i++) {
        if (attacks[i].kind != 0) {
            if ((int)attacks[i].kind <= last_kind)
                try_attack(i, attacks[i].kind, length);
            continue;
        }
        for (int kind = VOLE_KIND_BASE; kind <= last_kind; kind++)
            try_attack(i, (enum vole_kind)kind, length);
    }
}

static void changed_on_the_way(void **state)
{
    (void)state;
    try_all(LENGTH, VOLE_KIND_PROOF);
}

static void changed_on_the_way_when_short(void **state)
{
    (void)state;
    try_all(LENGTH_DIRECT, VOLE_KIND_EXTEND);
}

struct kept {
    struct base_buffer messages[VOLE_KIND_COUNT];
};

static void keep(struct parties *parties, enum vole_kind kind, void *context)
{
    struct kept *kept = context;
    base_buffer_clear(&kept->messages[kind]);
    assert_ok(base_buffer_append(&kept->messages[kind], base_bytes_buffer(&parties->message)));
}

static void keep_session(struct kept *kept, uint8_t context)
{
    struct parties parties;
    memset(kept, 0, sizeof *kept);
    parties_open(&parties, LENGTH, VOLE_CODE_7X24, context, 1);
    parties.on_message = keep;
    parties.context = kept;
    assert_true(parties_run(&parties));
    parties_close(&parties);
}

static void release_kept(struct kept *kept)
{
    for (int kind = 0; kind < VOLE_KIND_COUNT; kind++)
        base_buffer_release(&kept->messages[kind]);
}

struct splice {
    const struct kept *kept;
    enum vole_kind kind;
};

static void splice_in(struct parties *parties, enum vole_kind kind, void *context)
{
    struct splice *splice = context;
    if (kind != splice->kind)
        return;
    base_buffer_clear(&parties->message);
    assert_ok(base_buffer_append(&parties->message, base_bytes_buffer(&splice->kept->messages[kind])));
}

static void another_sessions_message(void **state)
{
    (void)state;
    struct kept kept;
    keep_session(&kept, 2);
    for (int kind = VOLE_KIND_BASE; kind < VOLE_KIND_COUNT; kind++) {
        struct splice splice = {&kept, (enum vole_kind)kind};
        struct parties parties;
        parties_open(&parties, LENGTH, VOLE_CODE_7X24, 1, 1);
        parties.on_message = splice_in;
        parties.context = &splice;
        assert_false(parties_run(&parties));
        assert_int_equal(BASE_E_TRANSCRIPT, parties.code);
        assert_failed(&parties, parties.failed);
        parties_close(&parties);
    }
    release_kept(&kept);
}

/* The same context, which should not happen, and other randomness: the checks notice. */
static void an_older_message_of_the_same_context(void **state)
{
    (void)state;
    struct kept kept;
    keep_session(&kept, 1);
    for (int kind = VOLE_KIND_BASE; kind < VOLE_KIND_COUNT; kind++) {
        struct splice splice = {&kept, (enum vole_kind)kind};
        struct parties parties;
        parties_open(&parties, LENGTH, VOLE_CODE_7X24, 1, 1);
        for (int role = 0; role < 2; role++) {
            vole_session_free(parties.sessions[role], VOLE_WIPE_ALL);
            parties.seeds[role] += 77;
            struct vole_config config = parties_config(&parties, (enum vole_role)role, 1, 1);
            assert_ok(vole_session_new(&config, &parties.sessions[role]));
        }
        parties.on_message = splice_in;
        parties.context = &splice;
        assert_false(parties_run(&parties));
        assert_int_equal(BASE_E_PROOF, parties.code);
        assert_failed(&parties, parties.failed);
        parties_close(&parties);
    }
    release_kept(&kept);
}

/* Delivers a kind a second time right after the first. */
static void push_before(struct parties *parties, enum vole_kind kind, void *context)
{
    const enum vole_kind *doubled = context;
    if (kind == *doubled)
        assert_ok(vole_session_push(parties->sessions[!vole_kind_from(kind)], base_bytes_buffer(&parties->message)));
}

static void the_same_message_twice(void **state)
{
    (void)state;
    for (int number = VOLE_KIND_BASE; number < VOLE_KIND_COUNT; number++) {
        enum vole_kind kind = (enum vole_kind)number;
        struct parties parties;
        parties_open(&parties, LENGTH, VOLE_CODE_7X24, 1, 1);
        parties.on_message = push_before;
        parties.context = &kind;
        assert_false(parties_run(&parties));
        if (kind == VOLE_KIND_PROOF) { /* comes after the end: refused, and what is out stays */
            assert_int_equal(BASE_E_STATE, parties.code);
            assert_int_equal(VOLE_DONE, vole_session_state(parties.sessions[parties.failed]));
        } else {
            assert_int_equal(BASE_E_ORDER, parties.code);
            assert_failed(&parties, parties.failed);
        }
        parties_close(&parties);
    }
}

/* Each kind as the very first message, and own messages sent back. */
static void too_early_and_reflected(void **state)
{
    (void)state;
    struct kept kept;
    keep_session(&kept, 1);
    for (int kind = VOLE_KIND_BASE; kind < VOLE_KIND_COUNT; kind++) {
        for (int role = 0; role < 2; role++) {
            struct parties parties;
            parties_open(&parties, LENGTH, VOLE_CODE_7X24, 1, 1);
            assert_fails(BASE_E_ORDER, vole_session_push(parties.sessions[role], base_bytes_buffer(&kept.messages[kind])));
            assert_failed(&parties, (enum vole_role)role);
            parties_close(&parties);
        }
    }
    for (int role = 0; role < 2; role++) {
        struct parties parties;
        parties_open(&parties, LENGTH, VOLE_CODE_7X24, 1, 1);
        assert_ok(vole_session_pull(parties.sessions[role], &parties.message));
        assert_fails(BASE_E_ORDER, vole_session_push(parties.sessions[role], base_bytes_buffer(&parties.message)));
        assert_failed(&parties, (enum vole_role)role);
        parties_close(&parties);
    }
    release_kept(&kept);
}

static void sides_that_disagree_on_sizes(void **state)
{
    (void)state;
    struct parties parties, longer;
    parties_open(&parties, LENGTH, VOLE_CODE_7X24, 1, 1);
    parties_open(&longer, LENGTH + 1, VOLE_CODE_7X24, 1, 1);
    assert_ok(vole_session_pull(longer.sessions[VOLE_SENDER], &longer.message));
    assert_ok(vole_session_pull(parties.sessions[VOLE_RECEIVER], &parties.message));
    assert_fails(BASE_E_TRANSCRIPT, vole_session_push(parties.sessions[VOLE_RECEIVER], base_bytes_buffer(&longer.message)));
    assert_failed(&parties, VOLE_RECEIVER);
    parties_close(&parties);
    parties_close(&longer);
}

static void arenas_that_will_not_do(void **state)
{
    (void)state;
    struct parties parties;
    struct vole_session *session;
    parties_open(&parties, LENGTH, VOLE_CODE_7X24, 1, 1);
    struct vole_config config = parties_config(&parties, VOLE_SENDER, 1, 1);
    config.arena_len--;
    assert_fails(BASE_E_ARGUMENT, vole_session_new(&config, &session));
    assert_null(session);
    config = parties_config(&parties, VOLE_SENDER, 1, 1);
    config.arena = (uint8_t *)config.arena + 16;
    assert_fails(BASE_E_ARGUMENT, vole_session_new(&config, &session));
    config.arena = NULL;
    assert_fails(BASE_E_ARGUMENT, vole_session_new(&config, &session));
    config = parties_config(&parties, VOLE_SENDER, 1, 1);
    config.params.count = 0;
    assert_fails(BASE_E_LIMIT, vole_session_new(&config, &session));
    parties_close(&parties);
}

/* A session that is given up keeps nothing; one that is done keeps what was asked for. */
static void nothing_is_left_behind(void **state)
{
    (void)state;
    for (size_t length = LENGTH_DIRECT; length <= LENGTH; length += LENGTH - LENGTH_DIRECT) {
        struct parties parties;
        struct vole_result results[2];
        parties_open(&parties, length, VOLE_CODE_7X24, 1, 1);
        assert_true(parties_run(&parties));
        for (int role = 0; role < 2; role++) {
            assert_ok(vole_session_result(parties.sessions[role], &results[role]));
            vole_session_free(parties.sessions[role], VOLE_KEEP_RESULTS);
            parties.sessions[role] = NULL;
        }
        size_t kept[2] = {0, 0};
        for (int role = 0; role < 2; role++)
            for (size_t i = 0; i + 8 <= parties.arenas[role].len; i += 8)
                kept[role] += memcmp((uint8_t *)parties.arenas[role].data + i, "\0\0\0\0\0\0\0\0", 8) != 0;
        size_t results_words = 2 * (parties.params.is_direct ? length : parties.params.out_count);
        assert_int_equal(2 * results_words, kept[VOLE_RECEIVER]);
        assert_int_equal(results_words, kept[VOLE_SENDER]);
        struct block expected = block_xor(results[VOLE_SENDER].b[0], block_gf_multiply(results[VOLE_SENDER].delta, results[VOLE_RECEIVER].a[0]));
        assert_memory_equal(&expected, &results[VOLE_RECEIVER].c[0], sizeof expected);
        parties_close(&parties);
    }
}

static int start(void **state)
{
    (void)state;
    return crypto_start() != BASE_OK;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changed_on_the_way),
        cmocka_unit_test(changed_on_the_way_when_short),
        cmocka_unit_test(another_sessions_message),
        cmocka_unit_test(an_older_message_of_the_same_context),
        cmocka_unit_test(the_same_message_twice),
        cmocka_unit_test(too_early_and_reflected),
        cmocka_unit_test(sides_that_disagree_on_sizes),
        cmocka_unit_test(arenas_that_will_not_do),
        cmocka_unit_test(nothing_is_left_behind),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
