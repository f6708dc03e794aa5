/* SPDX-License-Identifier: Apache-2.0 */
#include "node/search.h"

#include "support/test.h"

static bool fits(struct people_record *record, const char *const *words)
{
    struct node_search search = NODE_SEARCH_EMPTY;
    bool is_fitting = false;
    for (; *words != NULL; words++)
        assert_ok(node_search_add(&search, *words));
    assert_ok(node_search_fits(&search, record, &is_fitting));
    node_search_release(&search);
    return is_fitting;
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void all_words_occur_in_one_name(void **state)
{
    struct people_record record = PEOPLE_RECORD_EMPTY;
    (void)state;
    assert_true(fits(&record, WORDS(NULL)));
    assert_false(fits(&record, WORDS("a")));
    assert_ok(people_record_add_name(&record, PEOPLE_NAME_PRIMARY, base_bytes_text("Borimir VYDUMANOV")));
    assert_ok(people_record_add_name(&record, PEOPLE_NAME_ORIGINAL, base_bytes_text("Боримир ВЫДУМАНОВ")));
    assert_ok(people_record_add_name(&record, PEOPLE_NAME_ALIAS, base_bytes_text("Jos\xc3\xa9 Inventado")));
    assert_true(fits(&record, WORDS("vydu")));
    assert_true(fits(&record, WORDS("VYDU", "bori")));
    assert_true(fits(&record, WORDS("выдуманов")));
    assert_true(fits(&record, WORDS("JOSE\xcc\x81"))); /* the mark written apart */
    assert_false(fits(&record, WORDS("jose")));
    assert_false(fits(&record, WORDS("borimir", "inventado"))); /* of two names */
    assert_false(fits(&record, WORDS("vydumanow")));
    people_record_release(&record);
}

static void bad_words_are_refused(void **state)
{
    struct node_search search = NODE_SEARCH_EMPTY;
    (void)state;
    assert_fails(BASE_E_ENCODING, node_search_add(&search, "a\x80"));
    assert_int_equal(0, search.count);
    for (unsigned i = 0; i < NODE_SEARCH_WORDS_MAX; i++)
        assert_ok(node_search_add(&search, "a"));
    assert_fails(BASE_E_LIMIT, node_search_add(&search, "a"));
    node_search_release(&search);
}

static void a_person_is_called_by_the_primary_name(void **state)
{
    struct people_record record = PEOPLE_RECORD_EMPTY;
    const char *name, *original;
    (void)state;
    node_person_names(&record, &name, &original);
    assert_null(name);
    assert_null(original);
    assert_ok(people_record_add_name(&record, PEOPLE_NAME_ALIAS, base_bytes_text("The Inventor")));
    node_person_names(&record, &name, &original);
    assert_string_equal("The Inventor", name);
    assert_ok(people_record_add_name(&record, PEOPLE_NAME_ORIGINAL, base_bytes_text("Боримир")));
    assert_ok(people_record_add_name(&record, PEOPLE_NAME_PRIMARY, base_bytes_text("Borimir")));
    node_person_names(&record, &name, &original);
    assert_string_equal("Borimir", name);
    assert_string_equal("Боримир", original);
    people_record_release(&record);
    assert_ok(people_record_add_name(&record, PEOPLE_NAME_ORIGINAL, base_bytes_text("Боримир")));
    node_person_names(&record, &name, &original);
    assert_string_equal("Боримир", name);
    assert_null(original); /* not twice */
    people_record_release(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_words_occur_in_one_name),
        cmocka_unit_test(bad_words_are_refused),
        cmocka_unit_test(a_person_is_called_by_the_primary_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
