/* SPDX-License-Identifier: Apache-2.0
 *
 * Whole sessions between honest parties: lengths, codes, threads and sets of kernels.
 */
#include "block/levels.h"
#include "parties.h"

static void run_well(size_t count, enum vole_code code, uint8_t context, unsigned threads)
{
    struct parties parties;
    parties_open(&parties, count, code, context, threads);
    if (!parties_run(&parties))
        fail_msg("length %zu, role %d: %s: %s", count, (int)parties.failed, base_code_word(parties.code), base_detail());
    for (int role = 0; role < 2; role++) {
        assert_int_equal(VOLE_DONE, vole_session_state(parties.sessions[role]));
        assert_int_equal(vole_sent_bytes(&parties.params, (enum vole_role)role), parties.bytes[role]);
    }
    parties_check(&parties);
    parties_close(&parties);
}

static void short_lengths(void **state)
{
    (void)state;
    static const size_t counts[] = {1, 2, 3, 4, 5, 7, 8, 100, 127, 128, 129, 1000};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        run_well(counts[i], VOLE_CODE_7X24, (uint8_t)i, 1 + i % 2);
}

static void lengths_around_the_first_trees(void **state)
{
    (void)state;
    static const size_t counts[] = {2179, 2180, 2181, 2184, 2185, 2186, 4368, 5000, 8737};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        run_well(counts[i], VOLE_CODE_7X24, (uint8_t)i, 1 + i % 2);
    run_well(1588, VOLE_CODE_21X24, 1, 1);
    run_well(1592, VOLE_CODE_21X24, 2, 2);
    run_well(1593, VOLE_CODE_21X24, 3, 2);
}

static void long_lengths(void **state)
{
    (void)state;
    run_well(65536, VOLE_CODE_7X24, 1, 1);
    run_well(65537, VOLE_CODE_21X24, 2, 2);
    run_well((1 << 20) + 3, VOLE_CODE_7X24, 3, 2);
}

static void run_at_level(void)
{
    run_well(100, VOLE_CODE_7X24, 9, 1);
    run_well(3001, VOLE_CODE_7X24, 9, 1);
    run_well(3001, VOLE_CODE_21X24, 9, 2);
}

static void every_set_of_kernels(void **state)
{
    (void)state;
    at_every_level(run_at_level);
}

static int start(void **state)
{
    (void)state;
    return crypto_start() != BASE_OK;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_lengths),
        cmocka_unit_test(lengths_around_the_first_trees),
        cmocka_unit_test(long_lengths),
        cmocka_unit_test(every_set_of_kernels),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
