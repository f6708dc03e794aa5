/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include "people/keys.h"
#include "people/rules.h"

#define HEAD "entente-rules/v1\nversion: t-1\nlimit: 10\n"
#define RULE "rule: r exact tokens=2 form=sound date=year distinct=1\n"

static void assert_refused(enum base_code expected, const char *text, const char *where)
{
    struct people_rules *rules = NULL;
    assert_fails(expected, people_rules_load(base_bytes_text(text), &rules));
    assert_null(rules);
    if (strstr(base_detail(), where) == NULL)
        fail_msg("\"%s\" does not say %s", base_detail(), where);
}

static void test_default_text(void **state)
{
    (void)state;
    struct people_rules *rules = NULL;
    struct base_bytes text = people_rules_default_text();
    struct crypto_hash hash;
    assert_ok(people_rules_load(text, &rules));
    crypto_sha256(&text, 1, &hash);
    assert_true(crypto_hash_equal(&hash, people_rules_hash(rules)));
    assert_string_equal("2026-11-3", people_rules_version(rules));
    assert_string_equal("document", people_rule_name(rules, 0));
    assert_int_equal(PEOPLE_GRADE_EXACT, people_rule_grade(rules, 0));
    assert_string_equal("", people_rule_name(rules, 99));
    assert_string_equal("possible", people_grade_word(people_rule_grade(rules, 99)));
    for (size_t i = 1; i < rules->count; i++) /* the strongest first, so that the limit drops the weakest */
        assert_true(rules->rules[i - 1].grade <= rules->rules[i].grade);
    people_rules_free(rules);
    people_rules_free(NULL);
}

static void test_reads_every_part(void **state)
{
    (void)state;
    struct people_rules *rules = NULL;
    assert_ok(people_rules_load(base_bytes_text(HEAD "# a comment\n\ncommon: karim wali\n"
                                                     "rule: a possible letters=9 distinct=2 date=day-month form=plain tokens=3\n"
                                                     "rule: b strong document\n"),
                                &rules));
    assert_int_equal(2, rules->count);
    assert_int_equal(10, rules->limit);
    assert_int_equal(3, rules->rules[0].tokens);
    assert_int_equal(9, rules->rules[0].letters);
    assert_int_equal(2, rules->rules[0].distinct);
    assert_int_equal(PEOPLE_RULE_DAY_MONTH, rules->rules[0].date);
    assert_false(rules->rules[0].is_sound);
    assert_true(rules->rules[1].is_document);
    struct names_form form;
    assert_ok(names_form_of(base_bytes_text("Kareem Petrov"), &form));
    assert_true(people_rules_is_common(rules, form.tokens[0].sounds[0]));
    assert_false(people_rules_is_common(rules, form.tokens[1].sounds[0]));
    people_rules_free(rules);
}

static void test_head(void **state)
{
    (void)state;
    assert_refused(BASE_E_VERSION, "", "line 1");
    assert_refused(BASE_E_VERSION, "entente-rules/v2\n", "line 1");
    assert_refused(BASE_E_VERSION, "entente-rules/v1", "line 1");
    assert_refused(BASE_E_FORMAT, "entente-rules/v1\n", "ends without");
    assert_refused(BASE_E_FORMAT, HEAD, "line 3");
    assert_refused(BASE_E_FORMAT, "entente-rules/v1\nlimit: 3\n" RULE, "line 3");
    assert_refused(BASE_E_FORMAT, HEAD "version: t-2\n" RULE, "line 4");
    assert_refused(BASE_E_FORMAT, HEAD "limit: 4\n" RULE, "line 4");
    assert_refused(BASE_E_FORMAT, "entente-rules/v1\nversion: T\n", "line 2");
    assert_refused(BASE_E_FORMAT, "entente-rules/v1\nlimit: 0\n", "line 2");
    assert_refused(BASE_E_FORMAT, "entente-rules/v1\nlimit: 65536\n", "line 2");
    assert_refused(BASE_E_FORMAT, HEAD "color: red\n", "line 4");
    assert_refused(BASE_E_FORMAT, HEAD "rule: r exact document", "line 4");
    assert_refused(BASE_E_FORMAT, HEAD "# \xff\n", "not UTF-8");
}

static void test_rule_lines(void **state)
{
    (void)state;
    assert_refused(BASE_E_FORMAT, HEAD "rule: \n", "line 4");
    assert_refused(BASE_E_FORMAT, HEAD "rule: Big exact document\n", "line 4");
    assert_refused(BASE_E_FORMAT, HEAD "rule: r sure document\n", "line 4: the grade");
    assert_refused(BASE_E_FORMAT, HEAD "rule: r exact\n", "line 4: needs");
    assert_refused(BASE_E_FORMAT, HEAD "rule: r exact tokens=2 form=sound date=year\n", "line 4: needs");
    assert_refused(BASE_E_FORMAT, HEAD "rule: r exact document tokens=2\n", "line 4: needs");
    assert_refused(BASE_E_FORMAT, HEAD "rule: r exact document document\n", "part 2");
    assert_refused(BASE_E_FORMAT, HEAD "rule: r exact tokens=4 form=sound date=year distinct=1\n", "part 1");
    assert_refused(BASE_E_FORMAT, HEAD "rule: r exact tokens=2 form=taste date=year distinct=1\n", "part 2");
    assert_refused(BASE_E_FORMAT, HEAD "rule: r exact tokens=2 form=sound date=week distinct=1\n", "part 3");
    assert_refused(BASE_E_FORMAT, HEAD "rule: r exact tokens=2  form=sound date=year distinct=1\n", "part 2");
    assert_refused(BASE_E_FORMAT, HEAD "rule: r exact tokens=2 form=sound date=year distinct=3\n", "line 4: more distinct");
    assert_refused(BASE_E_FORMAT, HEAD RULE RULE, "line 5: a second rule");
    assert_refused(BASE_E_FORMAT, HEAD "common: al\n", "line 4: a common word");
    assert_refused(BASE_E_FORMAT, HEAD "common: a-b\n", "line 4: a common word");
}

static void test_limits(void **state)
{
    (void)state;
    struct base_buffer text = BASE_BUFFER_EMPTY;
    assert_ok(base_buffer_text(&text, HEAD));
    for (int i = 0; i <= PEOPLE_RULES_MAX; i++)
        assert_ok(base_buffer_format(&text, "rule: r%d exact document\n", i));
    assert_refused(BASE_E_LIMIT, base_buffer_c_string(&text), "line 36");
    base_buffer_clear(&text);
    assert_ok(base_buffer_text(&text, HEAD "# "));
    for (int i = 0; i < 1100; i++)
        assert_ok(base_buffer_text(&text, "m"));
    assert_ok(base_buffer_text(&text, "\n"));
    assert_refused(BASE_E_LIMIT, base_buffer_c_string(&text), "line 4");
    while (text.len <= PEOPLE_RULES_TEXT_MAX)
        assert_ok(base_buffer_text(&text, "#\n"));
    assert_refused(BASE_E_LIMIT, base_buffer_c_string(&text), "a rule file of");
    base_buffer_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_default_text), cmocka_unit_test(test_reads_every_part), cmocka_unit_test(test_head),
        cmocka_unit_test(test_rule_lines),   cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests_name("people/rules", tests, NULL, NULL);
}
