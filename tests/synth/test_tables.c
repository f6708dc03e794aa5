/* SPDX-License-Identifier: Apache-2.0 */
#include "synth/inside.h"
#include "support/test.h"

#define HEAD "language: orchard\nscript: Latn\nshare: 1\nparts: given family\n"
#define ROWS "10\tm\tAppel\n10\tf\tPera\n10\ts\tPflaum\n10\tplace\tHain\n10\tcountry\tOrchardia\n"

static void test_the_built_in_tables_are_well_formed(void **state)
{
    (void)state;
    struct synth_tables tables;
    assert_ok(synth_tables_parse(synth_tables_text(), &tables));
    assert_true(tables.count >= 3);
    for (size_t i = 0; i < tables.count; i++)
        for (size_t k = i + 1; k < tables.count; k++)
            assert_string_not_equal(tables.languages[i].name, tables.languages[k].name);
    synth_tables_release(&tables);
}

static void test_a_table_is_read(void **state)
{
    (void)state;
    struct synth_tables tables;
    assert_ok(synth_tables_parse(base_bytes_text(HEAD "linked: 20\n# a remark\n\n" ROWS
                                                      "5\tm+\tBirn\tBirn\tByrn\tBirne\n3\tcompose\ts\ttree field\n"
                                                      "1\ttree\tKirsch\n1\tfield\tau\n40\trule\t^ph>f\n1\twoman\tum>uma\n"
                                                      "1\tlink\tzu\n"),
                                 &tables));
    assert_int_equal(tables.count, 1);
    const struct synth_language *language = &tables.languages[0];
    assert_string_equal(language->name, "orchard");
    assert_int_equal(language->part_count, 2);
    assert_int_equal(language->linked_per_mille, 20);
    const struct synth_table *men = synth_language_table(language, SYNTH_KIND_MALE);
    assert_int_equal(men->count, 2);
    assert_string_equal(men->names[1].original, "Birn");
    assert_int_equal(men->names[1].other_count, 2);
    assert_string_equal(men->names[1].others[1], "Birne");
    assert_int_equal(men->totals[0], 10 * 3 + 5 * 1);
    assert_int_equal(men->totals[2], 10 * 3 + 5 * 9);
    assert_int_equal(synth_language_table(language, SYNTH_KIND_FAMILY)->names[1].class_count, 2);
    assert_int_equal(language->rule_count, 1);
    assert_true(language->rules[0].is_start);
    assert_string_equal(language->women.items[0].roman_to, "uma");
    synth_tables_release(&tables);
}

static void test_a_table_includes_another(void **state)
{
    (void)state;
    struct synth_tables tables;
    assert_ok(synth_tables_parse(base_bytes_text(HEAD ROWS "language: grove\ninclude: orchard\nscript: Latn\nshare: 2\nparts: given\n"
                                                           "10\ts\tLinde\n"),
                                 &tables));
    const struct synth_language *grove = &tables.languages[1];
    assert_string_equal(synth_language_table(grove, SYNTH_KIND_MALE)->names[0].original, "Appel");
    assert_string_equal(synth_language_table(grove, SYNTH_KIND_FAMILY)->names[0].original, "Linde");
    synth_tables_release(&tables);
}

static void pick(const struct synth_language *language, unsigned kind, const char *expected)
{
    struct synth_random random = synth_random_of(1, 2, 3);
    struct synth_part part;
    synth_name_pick(language, kind, 1, &random, &part);
    assert_string_equal(part.original, expected);
}

/* A composed name's classes are those of the language its table belongs to, by name, whatever their numbers are. */
static void test_names_are_composed_across_tables(void **state)
{
    (void)state;
    struct synth_tables tables;
    assert_ok(synth_tables_parse(
        base_bytes_text("language: orchard\nscript: Latn\nshare: 0\nparts: given\n1\ttree\tkirsch\n1\tfruit\tpflaume\n1\tcompose\tm\ttree fruit\n"
                        "1\tf\tPera\nlanguage: grove\ninclude: orchard\nscript: Latn\nshare: 1\nparts: given family\n1\tfruit\tnuss\n"
                        "1\tcompose\ts\tfruit tree\n1\tcompose\talias\ts m\n1\tplace\tHain\n1\tcountry\tOrchardia\n"),
        &tables));
    const struct synth_language *grove = &tables.languages[1];
    pick(grove, SYNTH_KIND_MALE, "Kirschpflaume");        /* the base's own fruit */
    pick(grove, SYNTH_KIND_FAMILY, "Nusskirsch");         /* its own fruit, and the base's tree */
    pick(grove, SYNTH_KIND_ALIAS, "Nusskirschkirschpflaume"); /* both of them */
    synth_tables_release(&tables);
}

static void test_tables_that_are_refused(void **state)
{
    (void)state;
    static const struct {
        enum base_code code;
        const char *text;
    } cases[] = {
        {BASE_E_FORMAT, "script: Latn\n"},
        {BASE_E_FORMAT, "10\tm\tAppel\n"},
        {BASE_E_FORMAT, HEAD "10\tm\n"},
        {BASE_E_FORMAT, HEAD "ten\tm\tAppel\n"},
        {BASE_E_FORMAT, HEAD "1000001\tm\tAppel\n"},
        {BASE_E_FORMAT, HEAD "no tabulator\n"},
        {BASE_E_FORMAT, HEAD "colour: red\n"},
        {BASE_E_FORMAT, HEAD "script: Latin\n"},
        {BASE_E_FORMAT, HEAD "share: many\n"},
        {BASE_E_FORMAT, HEAD "linked: 1001\n"},
        {BASE_E_FORMAT, HEAD "joined: no\n"},
        {BASE_E_FORMAT, HEAD "include: grove\n"},
        {BASE_E_FORMAT, HEAD "parts: crown\n"},
        {BASE_E_FORMAT, HEAD "parts: second:1001\n"},
        {BASE_E_FORMAT, HEAD "parts: given given given given given given given given given\n"},
        {BASE_E_FORMAT, HEAD "original-order: crown\n"},
        {BASE_E_FORMAT, HEAD "10\tm\tAp;pel\n"},
        {BASE_E_FORMAT, HEAD "10\tm\tAppelappelappelappelappelappelappelappelappelappelappel\n"},
        {BASE_E_FORMAT, HEAD "10\tm\t1\t2\t3\t4\t5\t6\t7\t8\t9\t10\t11\t12\n"},
        {BASE_E_FORMAT, HEAD "10\tcompose\ts\n"},
        {BASE_E_FORMAT, HEAD "10\tcompose\ts\ta b c d\n"},
        {BASE_E_FORMAT, HEAD ROWS "10\tcompose\ts\tnone-of-it\n"},
        {BASE_E_FORMAT, HEAD "10\twoman\tum\n"},
        {BASE_E_FORMAT, HEAD "101\trule\ta>b\n"},
        {BASE_E_FORMAT, HEAD "50\trule\t>b\n"},
        {BASE_E_FORMAT, HEAD "50\trule\tab\n"},
        {BASE_E_FORMAT, HEAD "10\tm\tAppel\n"}, /* and nobody else */
        {BASE_E_FORMAT, "language: orchard\nshare: 1\n" ROWS},
        {BASE_E_LIMIT, HEAD "0\tm\tAppel\n10\tf\tPera\n10\ts\tPflaum\n10\tplace\tHain\n10\tcountry\tOrchardia\n"},
        {BASE_E_ENCODING, HEAD "10\tm\t\xff\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct synth_tables tables;
        enum base_code code = synth_tables_parse(base_bytes_text(cases[i].text), &tables);
        if (code != cases[i].code)
            fail_msg("case %zu: %s, expected %s", i, base_code_word(code), base_code_word(cases[i].code));
        assert_null(tables.languages);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_built_in_tables_are_well_formed),
        cmocka_unit_test(test_a_table_is_read),
        cmocka_unit_test(test_a_table_includes_another),
        cmocka_unit_test(test_names_are_composed_across_tables),
        cmocka_unit_test(test_tables_that_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
