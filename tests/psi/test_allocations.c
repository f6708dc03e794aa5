/* SPDX-License-Identifier: Apache-2.0
 *
 * A whole session in which the n-th allocation fails, for every n: it ends as out of memory, gives no hits, and leaves nothing
 * behind (the sanitizers watch). The linker sends malloc, calloc and realloc here.
 */
#include "pair.h"

#include "crypto/secret.h"

static unsigned allocations, failing; /* failing 0: none */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

static bool is_refused(void)
{
    return failing != 0 && ++allocations == failing;
}

void *__wrap_malloc(size_t size)
{
    return is_refused() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return is_refused() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return is_refused() ? NULL : __real_realloc(old, size);
}

/* The failed side has no hits, and stays failed. */
static void assert_failed(struct psi_session *session)
{
    const struct psi_hit *hits;
    size_t count;
    struct base_buffer message = BASE_BUFFER_EMPTY;
    assert_int_equal(PSI_FAILED, psi_session_state(session));
    assert_fails(BASE_E_STATE, psi_session_hits(session, &hits, &count));
    assert_int_not_equal(BASE_OK, psi_session_pull(session, &message));
    assert_int_equal(0, message.len);
    base_buffer_release(&message);
}

/* Both sides set up and run with the n-th allocation refused. Returns whether it went through, because there are fewer. */
static bool run_failing_at(unsigned number)
{
    struct pair pair = {.sets = {pair_set_of(9, 1, 7, 3), pair_set_of(9, 2, 11, 3)}, .seeds = {5, 6}};
    enum base_code code = BASE_OK;
    allocations = 0;
    failing = number;
    for (unsigned role = 0; role < 2 && code == BASE_OK; role++) {
        struct psi_config config = pair_config(&pair, (enum psi_role)role, 9, 1);
        code = psi_session_new(&config, &pair.sessions[role]);
    }
    bool is_open = code == BASE_OK;
    bool is_through = is_open && pair_run(&pair);
    failing = 0;
    if (!is_open) {
        assert_int_equal(BASE_E_NOMEM, code);
    } else if (!is_through) {
        assert_int_equal(BASE_E_NOMEM, pair.code);
        assert_failed(pair.sessions[pair.failed]);
    } else {
        const struct psi_hit *hits;
        size_t count;
        for (unsigned role = 0; role < 2; role++) {
            assert_ok(psi_session_hits(pair.sessions[role], &hits, &count));
            assert_int_equal(3, count);
        }
    }
    pair_close(&pair);
    return is_through;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    unsigned number = 1;
    while (!run_failing_at(number))
        assert_true(++number < 10000);
    assert_true(number > 10); /* a session that allocates nothing was not looked at */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation_may_fail)};
    if (crypto_start() != BASE_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
