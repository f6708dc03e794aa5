/* SPDX-License-Identifier: Apache-2.0 */
#include "store/evidence.h"

#include "store/scratch.h"

static const uint8_t here[STORE_ID_LEN] = {1}, elsewhere[STORE_ID_LEN] = {2};

static struct store_evidence evidence_of(const uint8_t compartment[STORE_ID_LEN], const char *first, const char *second)
{
    struct store_evidence row = {.found_ms = 100, .first = base_bytes_text(first), .second = base_bytes_text(second),
                                 .proof = base_bytes_text("proof")};
    memcpy(row.compartment, compartment, STORE_ID_LEN);
    return row;
}

static enum base_code list_evidence(void *context, const struct store_evidence *row)
{
    return base_buffer_format(context, "%lld:%u %.*s/%.*s+%zu@%d|", (long long)row->number, row->compartment[0], (int)row->first.len,
                              (const char *)row->first.data, (int)row->second.len, (const char *)row->second.data, row->proof.len,
                              (int)row->found_ms);
}

static void a_pair_is_kept_once(void **state)
{
    struct store *store = ((struct scratch *)*state)->store;
    struct base_buffer list = BASE_BUFFER_EMPTY;
    struct store_evidence pair = evidence_of(here, "a", "b"), other = evidence_of(here, "a", "c"), there = evidence_of(elsewhere, "a", "b");
    assert_ok(store_evidence_add(store, &pair));
    assert_fails(BASE_E_EXISTS, store_evidence_add(store, &pair));
    assert_ok(store_evidence_add(store, &there));
    assert_ok(store_evidence_add(store, &other));
    assert_ok(store_evidence_each(store, here, list_evidence, &list));
    assert_string_equal("1:1 a/b+5@100|3:1 a/c+5@100|", base_buffer_c_string(&list));
    base_buffer_clear(&list);
    assert_ok(store_evidence_each(store, NULL, list_evidence, &list));
    assert_string_equal("1:1 a/b+5@100|2:2 a/b+5@100|3:1 a/c+5@100|", base_buffer_c_string(&list));
    base_buffer_release(&list);
}

static void a_row_of_the_wrong_size_is_damage(void **state)
{
    struct store *store = ((struct scratch *)*state)->store;
    struct base_buffer list = BASE_BUFFER_EMPTY;
    struct store_evidence pair = evidence_of(here, "a", "b");
    assert_ok(store_evidence_add(store, &pair));
    assert_ok(store_script(store, "UPDATE evidence SET compartment=x'01'"));
    assert_fails(BASE_E_CORRUPT, store_evidence_each(store, NULL, list_evidence, &list));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(a_pair_is_kept_once),
        SCRATCH_TEST(a_row_of_the_wrong_size_is_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
