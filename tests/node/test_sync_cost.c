/* SPDX-License-Identifier: Apache-2.0
 *
 * What a delivered statement costs, counted and not timed: signatures, checks, and statements of SQL on either side.
 */
#include "sync_world.h"

enum { STATEMENTS = NODE_PARCELS_MAX };

static unsigned made, checked, sql;

void __real_crypto_sign_make(const struct crypto_sign_secret *secret, struct base_bytes message, struct crypto_signature *out);
void __wrap_crypto_sign_make(const struct crypto_sign_secret *secret, struct base_bytes message, struct crypto_signature *out);
enum base_code __real_crypto_sign_check(const struct crypto_sign_public *key, struct base_bytes message,
                                        const struct crypto_signature *signature);
enum base_code __wrap_crypto_sign_check(const struct crypto_sign_public *key, struct base_bytes message,
                                        const struct crypto_signature *signature);

void __wrap_crypto_sign_make(const struct crypto_sign_secret *secret, struct base_bytes message, struct crypto_signature *out)
{
    made++;
    __real_crypto_sign_make(secret, message, out);
}

enum base_code __wrap_crypto_sign_check(const struct crypto_sign_public *key, struct base_bytes message,
                                        const struct crypto_signature *signature)
{
    checked++;
    return __real_crypto_sign_check(key, message, signature);
}

static int count_statement(unsigned event, void *context, void *statement, void *text)
{
    (void)event, (void)context, (void)statement, (void)text;
    sql++;
    return 0;
}

static void count_anew(unsigned side)
{
    for (unsigned i = 0; i < 2; i++)
        sqlite3_trace_v2(world.sides[i].node.party->store->database, i == side ? SQLITE_TRACE_STMT : 0, count_statement, NULL);
    made = checked = sql = 0;
}

/* So many for each statement, and so many for the whole. */
static void assert_cost(const char *what, unsigned counted, unsigned each, unsigned whole)
{
    if (counted > each * STATEMENTS + whole)
        fail_msg("%s: %u, which is %.2f for a statement; at most %u and %u once are expected", what, counted, (double)counted / STATEMENTS,
                 each, whole);
}

static void a_delivered_statement_costs_little(void **state)
{
    (void)state;
    begin(1);
    count_anew(HERE);
    say(0, STATEMENTS);
    assert_cost("saying: signatures", made, 2, 0); /* the statement, and a checkpoint behind it */
    assert_cost("saying: SQL", sql, 11, 10);
    node_sync_wanted(here());
    count_anew(HERE);
    open_line();
    assert_cost("sending: SQL", sql, 1, 10);
    assert_int_equal(0, made + checked);
    count_anew(THERE);
    struct frame *frame = next_frame(HERE, NODE_SAY_DELIVERY);
    assert_ok(node_talk_frame(world.answering, frame->kind, base_bytes_buffer(&frame->payload)));
    assert_cost("taking: signatures", made, 1, 1);
    assert_cost("taking: checks", checked, 1, 0);
    assert_cost("taking: SQL", sql, 6, 20);
    count_anew(HERE);
    struct frame *reply = next_frame(THERE, NODE_SAY_RECEIPTS);
    assert_ok(node_talk_frame(frame->talk, reply->kind, base_bytes_buffer(&reply->payload)));
    assert_cost("receipts: signatures", made, 0, 1);
    assert_cost("receipts: checks", checked, 1, 0);
    assert_cost("receipts: SQL", sql, 2, 30);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_delivered_statement_costs_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
