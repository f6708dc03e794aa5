/* SPDX-License-Identifier: Apache-2.0
 *
 * The tables of the index, against the plainest thing that does the same: lists that grow and shrink, and words one slip apart.
 */
#include "people/postings.h"
#include "people/slips.h"
#include "support/test.h"

#include <stdlib.h>

enum { KEYS = 400, NUMBERS = 64, STEPS = 60000 };

static size_t random_below(uint32_t *state, size_t limit)
{
    *state = *state * 1664525 + 1013904223;
    return (*state >> 8) % limit;
}

/* Keys of which many fall on one another, at both ends of the table too. */
static uint32_t key_of(size_t at)
{
    return at % 3 == 0 ? (uint32_t)at : at % 3 == 1 ? PEOPLE_POSTINGS_NUMBER_MAX - (uint32_t)at : people_postings_key(at * 0x9e3779b97f4a7c15U);
}

static uint8_t there[KEYS][NUMBERS]; /* how often */

static void assert_same(const struct people_postings *postings, size_t at)
{
    uint8_t counts[NUMBERS] = {0};
    struct people_postings_list list = people_postings_find(postings, key_of(at));
    for (size_t i = 0; i < list.count; i++)
        counts[list.items[i]]++;
    assert_memory_equal(there[at], counts, sizeof counts);
}

static bool is_multiple(const void *context, uint32_t number)
{
    return number % *(const uint32_t *)context == 0;
}

static void sweep(struct people_postings *postings)
{
    const uint32_t two = 2;
    people_postings_sweep(postings, is_multiple, &two);
    for (size_t at = 0; at < KEYS; at++)
        for (size_t number = 1; number < NUMBERS; number += 2)
            there[at][number] = 0;
    for (size_t at = 0; at < KEYS; at++)
        assert_same(postings, at);
}

static void test_lists_come_and_go(void **state)
{
    (void)state;
    struct people_postings postings = PEOPLE_POSTINGS_EMPTY;
    uint32_t random = 1;
    assert_same(&postings, 0);
    people_postings_remove(&postings, key_of(0), 0);
    for (size_t step = 0; step < STEPS; step++) {
        size_t at = random_below(&random, random_below(&random, 2) == 0 ? 8 : KEYS), number = random_below(&random, NUMBERS);
        if (random_below(&random, 2) == 0 && there[at][number] < 100) {
            assert_ok(people_postings_add(&postings, key_of(at), (uint32_t)number));
            there[at][number]++;
        } else {
            people_postings_remove(&postings, key_of(at), (uint32_t)number);
            there[at][number] = (uint8_t)(there[at][number] - (there[at][number] > 0));
        }
        assert_same(&postings, at);
        if (step % 5000 == 4999)
            sweep(&postings);
    }
    assert_true(people_postings_bytes(&postings) > 0);
    people_postings_release(&postings);
    assert_int_equal(0, people_postings_bytes(&postings));
}

/* By the definition, letter by letter. */
static bool is_one_apart(const char *a, const char *b)
{
    size_t len = strlen(a), other = strlen(b), head = 0, differ = 0;
    if (len == other) {
        for (size_t i = 0; i < len; i++)
            differ += a[i] != b[i];
        while (head < len && a[head] == b[head])
            head++;
        return differ == 1 || (differ == 2 && a[head] == b[head + 1] && a[head + 1] == b[head]);
    }
    const char *longer = len > other ? a : b, *shorter = len > other ? b : a;
    size_t least = strlen(shorter);
    if (strlen(longer) != least + 1)
        return false;
    while (head < least && longer[head] == shorter[head])
        head++;
    return strcmp(longer + head + 1, shorter + head) == 0;
}

enum { WORDS = 600, WORD_MAX = 8 };

static void see(void *context, uint32_t what)
{
    ((bool *)context)[what] = true;
}

static void test_slips_are_those_of_the_definition(void **state)
{
    (void)state;
    static char words[WORDS][WORD_MAX + 1];
    struct people_slips slips = {0};
    uint32_t random = 7;
    size_t slipped = 0;
    for (uint32_t i = 0; i < WORDS; i++) {
        size_t len = 1 + random_below(&random, WORD_MAX);
        for (size_t k = 0; k < len; k++)
            words[i][k] = "abc"[random_below(&random, 3)];
        assert_ok(people_slips_add(&slips, PEOPLE_SLIPS_SPELLING, words[i], len, i));
        assert_ok(people_slips_add(&slips, PEOPLE_SLIPS_SPELLING, words[i], len, i)); /* is there already */
    }
    for (size_t i = 0; i < WORDS; i++) {
        bool seen[WORDS] = {false};
        people_slips_find(&slips, PEOPLE_SLIPS_SPELLING, words[i], strlen(words[i]), see, seen);
        for (size_t k = 0; k < WORDS; k++) {
            if (is_one_apart(words[i], words[k]) != seen[k] && strcmp(words[i], words[k]) != 0)
                fail_msg("%s and %s: %s", words[i], words[k], seen[k] ? "found" : "not found");
            slipped += seen[k];
        }
    }
    assert_true(slipped > WORDS);
    people_slips_release(&slips);
}

static void test_kinds_of_words_are_kept_apart(void **state)
{
    (void)state;
    struct people_slips slips = {0};
    bool seen[2] = {false};
    assert_ok(people_slips_add(&slips, PEOPLE_SLIPS_SPELLING, "KRBN", 4, 0));
    assert_ok(people_slips_add(&slips, PEOPLE_SLIPS_SOUND, "KRMN", 4, 1));
    people_slips_find(&slips, PEOPLE_SLIPS_SOUND, "KRBN", 4, see, seen);
    assert_true(!seen[0] && seen[1]);
    people_slips_release(&slips);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists_come_and_go),
        cmocka_unit_test(test_slips_are_those_of_the_definition),
        cmocka_unit_test(test_kinds_of_words_are_kept_apart),
    };
    return cmocka_run_group_tests_name("people/postings", tests, NULL, NULL);
}
