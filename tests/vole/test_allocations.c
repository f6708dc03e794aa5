/* SPDX-License-Identifier: Apache-2.0
 *
 * A whole session in which the n-th allocation fails, for every n: it ends as out of memory, gives no result, and leaves nothing
 * behind (the sanitizers watch). The linker sends the allocating functions here.
 */
#include "parties.h"

static unsigned allocations, failing; /* failing 0: none */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);

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

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    return is_refused() ? NULL : __real_aligned_alloc(alignment, size);
}

static enum base_code open_failing(struct parties *parties, const struct vole_params *params)
{
    *parties = (struct parties){.params = *params, .seeds = {5, 6}};
    for (int role = 0; role < 2; role++)
        assert_ok(base_pages_new(vole_arena_size(params, (enum vole_role)role), &parties->arenas[role]));
    enum base_code code = BASE_OK;
    for (int role = 0; role < 2 && code == BASE_OK; role++) {
        struct vole_config config = parties_config(parties, (enum vole_role)role, 9, 1);
        code = vole_session_new(&config, &parties->sessions[role]);
    }
    return code;
}

/* The loop of the header, which may fail anywhere. */
static bool converse(struct parties *parties)
{
    bool moved = true;
    parties->code = BASE_OK;
    while (moved) {
        moved = false;
        for (int role = VOLE_RECEIVER; role <= VOLE_SENDER && parties->code == BASE_OK; role++)
            moved = parties_step(parties, (enum vole_role)role) || moved;
        if (parties->code != BASE_OK)
            return false;
    }
    return true;
}

/* Whether it went through, because there are fewer allocations. */
static bool run_failing_at(unsigned number)
{
    struct vole_params params;
    struct parties parties;
    assert_ok(vole_params_for(1592, VOLE_CODE_21X24, &params));
    allocations = 0;
    failing = number;
    enum base_code code = open_failing(&parties, &params);
    struct base_buffer choice = BASE_BUFFER_EMPTY;
    bool is_through = false;
    if (code == BASE_OK) {
        parties.failed = VOLE_SENDER;
        code = parties.code = vole_session_pull(parties.sessions[VOLE_SENDER], &choice);
    }
    if (code == BASE_OK) {
        is_through = parties_step(&parties, VOLE_RECEIVER);
        parties.failed = VOLE_RECEIVER;
        if (is_through)
            parties.code = vole_session_push(parties.sessions[VOLE_RECEIVER], base_bytes_buffer(&choice));
        is_through = is_through && parties.code == BASE_OK && converse(&parties);
        code = parties.code;
    }
    failing = 0;
    if (is_through)
        parties_check(&parties);
    else
        assert_int_equal(BASE_E_NOMEM, code);
    if (!is_through && parties.sessions[0] != NULL && parties.sessions[1] != NULL)
        assert_true(vole_session_state(parties.sessions[0]) == VOLE_FAILED || vole_session_state(parties.sessions[1]) == VOLE_FAILED);
    base_buffer_release(&choice);
    parties_close(&parties);
    return is_through;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    unsigned number = 1;
    while (!run_failing_at(number))
        assert_true(++number < 1000);
    assert_true(number > 8); /* a session that allocates nothing was not looked at */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation_may_fail)};
    if (crypto_start() != BASE_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
