/* SPDX-License-Identifier: Apache-2.0
 *
 * Oblivious transfers: what both sides get, and what they refuse.
 */
#include "support/test.h"

#include "crypto/group.h"
#include "crypto/ot.h"
#include "crypto/secret.h"

static const struct crypto_hash context = {{1, 2, 3}}, other_context = {{1, 2, 4}};

static void wide_of(uint8_t number, uint8_t out[128])
{
    crypto_sha512(&(const struct base_bytes){&number, 1}, 1, out);
    number ^= 0x80;
    crypto_sha512(&(const struct base_bytes){&number, 1}, 1, out + 64);
}

struct transfer {
    struct crypto_scalar sender, receiver;
    struct crypto_ot_opening opening;
    struct crypto_ot_offer offer;
};

static void make_transfer(uint32_t number, unsigned choice, struct transfer *out)
{
    uint8_t wide[128];
    wide_of(1, wide);
    assert_ok(crypto_ot_open(wide, &out->sender, &out->opening));
    wide_of((uint8_t)(2 + number), wide);
    assert_ok(crypto_ot_choose(&context, number, choice, wide, &out->receiver, &out->offer));
}

static void the_chosen_key_and_no_other(void **state)
{
    (void)state;
    for (uint32_t number = 0; number < 4; number++) {
        for (unsigned choice = 0; choice < 2; choice++) {
            struct transfer transfer;
            struct crypto_ot_key sent[2], got;
            make_transfer(number, choice, &transfer);
            assert_ok(crypto_ot_sender_keys(&context, number, &transfer.sender, &transfer.opening, &transfer.offer, sent));
            assert_ok(crypto_ot_receiver_key(&context, number, choice, &transfer.receiver, &transfer.opening, &transfer.offer, &got));
            assert_memory_equal(sent[choice].bytes, got.bytes, sizeof got.bytes);
            assert_memory_not_equal(sent[!choice].bytes, got.bytes, sizeof got.bytes);
        }
    }
}

/* The chosen point and its partner are both new when the choice or the number changes, and the equation of ot.h holds. */
static void the_equation_of_an_offer(void **state)
{
    (void)state;
    for (unsigned choice = 0; choice < 2; choice++) {
        struct transfer transfer;
        struct crypto_point expected;
        uint8_t uniform[64], label[5] = {0, 0, 0, 7, (uint8_t)choice};
        struct crypto_point hashed, sum;
        make_transfer(7, choice, &transfer);
        const struct base_bytes parts[] = {{(const uint8_t *)"entente/crypto/ot-group/v1", 27}, {context.bytes, 32}, {label, 5},
                                           {transfer.offer.points[!choice].bytes, 32}};
        crypto_sha512(parts, 4, uniform);
        crypto_group_from_uniform(uniform, &hashed);
        assert_ok(crypto_group_add(&transfer.offer.points[choice], &hashed, &sum));
        crypto_group_multiply_base(&transfer.receiver, &expected);
        assert_memory_equal(expected.bytes, sum.bytes, 32);
    }
}

/* A transfer is worth nothing in another session, under another number or with points exchanged. */
static void keys_are_bound(void **state)
{
    (void)state;
    struct transfer transfer;
    struct crypto_ot_key sent[2], got;
    make_transfer(0, 0, &transfer);
    assert_ok(crypto_ot_receiver_key(&context, 0, 0, &transfer.receiver, &transfer.opening, &transfer.offer, &got));
    for (unsigned change = 0; change < 3; change++) {
        struct crypto_ot_offer offer = transfer.offer;
        if (change == 2) {
            offer.points[0] = transfer.offer.points[1];
            offer.points[1] = transfer.offer.points[0];
        }
        assert_ok(crypto_ot_sender_keys(change == 0 ? &other_context : &context, change == 1 ? 1 : 0, &transfer.sender, &transfer.opening, &offer, sent));
        assert_memory_not_equal(sent[0].bytes, got.bytes, sizeof got.bytes);
        assert_memory_not_equal(sent[1].bytes, got.bytes, sizeof got.bytes);
    }
}

static void bad_points_are_refused(void **state)
{
    (void)state;
    struct transfer transfer;
    struct crypto_ot_key sent[2], got;
    struct crypto_ot_opening opening = {{{0}}};
    make_transfer(0, 0, &transfer);
    assert_fails(BASE_E_IDENTITY, crypto_ot_receiver_key(&context, 0, 0, &transfer.receiver, &opening, &transfer.offer, &got));
    assert_fails(BASE_E_IDENTITY, crypto_ot_opening_check(&opening));
    memset(opening.point.bytes, 0xff, 32);
    assert_fails(BASE_E_POINT, crypto_ot_receiver_key(&context, 0, 0, &transfer.receiver, &opening, &transfer.offer, &got));
    for (unsigned side = 0; side < 2; side++) {
        struct crypto_ot_offer offer = transfer.offer;
        memset(offer.points[side].bytes, 0, 32);
        assert_fails(BASE_E_IDENTITY, crypto_ot_sender_keys(&context, 0, &transfer.sender, &transfer.opening, &offer, sent));
        memset(offer.points[side].bytes, 0xff, 32);
        assert_fails(BASE_E_POINT, crypto_ot_sender_keys(&context, 0, &transfer.sender, &transfer.opening, &offer, sent));
    }
    const uint8_t zero[64] = {0};
    struct crypto_scalar secret;
    assert_fails(BASE_E_SCALAR, crypto_ot_open(zero, &secret, &opening));
}

/* The sender sees the same distribution of points for both choices: neither is fixed, and no point repeats. */
static void offers_do_not_repeat(void **state)
{
    (void)state;
    struct transfer transfers[8];
    for (uint32_t i = 0; i < 8; i++)
        make_transfer(i / 2, i % 2, &transfers[i]);
    for (size_t i = 0; i < 8; i++)
        for (size_t j = 0; j < i; j++)
            for (unsigned side = 0; side < 2; side++)
                assert_memory_not_equal(transfers[i].offer.points[side].bytes, transfers[j].offer.points[side].bytes, 32);
}

static int start(void **state)
{
    (void)state;
    return crypto_start() != BASE_OK;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_chosen_key_and_no_other), cmocka_unit_test(the_equation_of_an_offer), cmocka_unit_test(keys_are_bound),
        cmocka_unit_test(bad_points_are_refused),      cmocka_unit_test(offers_do_not_repeat),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
