/* SPDX-License-Identifier: Apache-2.0 */
#include "people/mapping.h"
#include "support/test.h"

#define V1 "mapping: entente/mapping/v1\n"
#define BOTH "key: No\nname: Name\n"

static struct people_mapping parsed(const char *text)
{
    struct people_mapping out;
    assert_ok(people_mapping_parse(base_bytes_text(text), &out));
    return out;
}

static void test_defaults(void **state)
{
    (void)state;
    struct people_mapping mapping = parsed(V1 BOTH);
    assert_false(mapping.is_windows_1252);
    assert_true(mapping.has_header);
    assert_int_equal(',', mapping.separator);
    assert_int_equal(0, mapping.comment);
    assert_int_equal(0, mapping.skip_lines);
    assert_int_equal(PEOPLE_ORDER_DAY_MONTH, mapping.order);
    assert_null(mapping.only_column);
    assert_null(mapping.only_value);
    assert_int_equal(2, mapping.field_count);
    people_mapping_release(&mapping);
    assert_int_equal(0, mapping.field_count);
    people_mapping_release(&mapping); /* leaves it empty: a second time does nothing */
}

static void test_every_setting(void **state)
{
    (void)state;
    struct people_mapping mapping = parsed(V1 "encoding: windows-1252\nseparator: bar\ncomment: %\nheader: no\nskip-lines: 1000\n"
                                              "date-order: month-day\nonly: Kind = A = B\n" BOTH);
    assert_true(mapping.is_windows_1252);
    assert_false(mapping.has_header);
    assert_int_equal('|', mapping.separator);
    assert_int_equal('%', mapping.comment);
    assert_int_equal(1000, mapping.skip_lines);
    assert_int_equal(PEOPLE_ORDER_MONTH_DAY, mapping.order);
    assert_string_equal("Kind", mapping.only_column);
    assert_string_equal("A = B", mapping.only_value); /* only the first '=' parts */
    people_mapping_release(&mapping);
    mapping = parsed(V1 "encoding: windows-1252\nencoding: utf-8\nheader: no\nheader: yes\ndate-order: month-day\ndate-order: day-month\n"
                        "only: A = B\nonly: C = D\n" BOTH);
    assert_false(mapping.is_windows_1252);
    assert_true(mapping.has_header);
    assert_int_equal(PEOPLE_ORDER_DAY_MONTH, mapping.order);
    assert_string_equal("C", mapping.only_column); /* the last one counts, and the first is not lost */
    people_mapping_release(&mapping);
}

static void test_every_mark(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        char mark;
    } marks[] = {{"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}, {"bar", '|'}, {"!", '!'}, {"~", '~'}, {":", ':'}};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        char text[256];
        snprintf(text, sizeof text, V1 "separator: %s\ncomment: %s\n" BOTH "alias: A split %s\n", marks[i].word, marks[i].word,
                 marks[i].word);
        struct people_mapping mapping = parsed(text);
        assert_int_equal(marks[i].mark, mapping.separator);
        assert_int_equal(marks[i].mark, mapping.comment);
        assert_int_equal(marks[i].mark, mapping.fields[2].split);
        people_mapping_release(&mapping);
    }
}

static void test_every_field(void **state)
{
    (void)state;
    static const char *const words[PEOPLE_FIELD_COUNT] = {
        "key", "name", "alias", "weak-alias", "original-name", "birth", "birth-place", "address", "nationality", "sex",
        "passport", "id-number", "programme", "title", "remark"};
    for (size_t i = 0; i < PEOPLE_FIELD_COUNT; i++) {
        char text[256];
        snprintf(text, sizeof text, V1 "%s: Here\n%s%s", words[i], i == PEOPLE_FIELD_KEY ? "" : "key: No\n",
                 i == PEOPLE_FIELD_NAME ? "" : "name: Name\n");
        struct people_mapping mapping = parsed(text);
        assert_int_equal(i, mapping.fields[0].field);
        assert_int_equal(1, mapping.fields[0].column_count);
        assert_string_equal("Here", mapping.fields[0].columns[0]);
        assert_int_equal(0, mapping.fields[0].split);
        people_mapping_release(&mapping);
    }
}

static void test_columns(void **state)
{
    (void)state;
    struct people_mapping mapping = parsed("\n  # before the first line\n" V1 "key: #3\r\n"
                                           "name:a+b + c  d+e+f+g+h+ i split  ; \r\nalias: split mark split /\n   # after");
    assert_string_equal("#3", mapping.fields[0].columns[0]);
    assert_int_equal(PEOPLE_MAPPING_COLUMNS_MAX, mapping.fields[1].column_count);
    assert_string_equal("a", mapping.fields[1].columns[0]);
    assert_string_equal("c  d", mapping.fields[1].columns[2]);
    assert_string_equal("i", mapping.fields[1].columns[7]);
    assert_int_equal(';', mapping.fields[1].split);
    people_mapping_release(&mapping);
}

/* The code, and what the message must hold: the line where there is one. */
static void test_every_error_names_its_line(void **state)
{
    (void)state;
    static const struct {
        enum base_code code;
        const char *text, *says;
    } bad[] = {
        {BASE_E_FORMAT, "", "no `key:` line"},
        {BASE_E_FORMAT, V1 "name: Name\n", "no `key:` line"},
        {BASE_E_FORMAT, V1 "key: No\n", "no `name:` line"},
        {BASE_E_FORMAT, V1 BOTH "key: Nr\n", "two keys"},
        {BASE_E_FORMAT, "\n\nkey: No\n" V1, "line 3: the first line must be"},
        {BASE_E_FORMAT, "separator: comma\n", "line 1: the first line must be"},
        {BASE_E_VERSION, "mapping: entente/mapping/v2\n", "line 1: this program reads"},
        {BASE_E_VERSION, V1 BOTH "mapping: entente/mapping/v9\n", "line 4: this program reads"},
        {BASE_E_FORMAT, V1 BOTH "# fine\nkey\n", "line 5: not `word: value`"},
        {BASE_E_FORMAT, V1 "key:\n", "line 2: no value"},
        {BASE_E_FORMAT, V1 "key:   \r\n", "line 2: no value"},
        {BASE_E_FORMAT, V1 "Key: No\n", "line 2: a word that mapping files do not have"},
        {BASE_E_FORMAT, V1 ": No\n", "line 2: a word that mapping files do not have"},
        {BASE_E_FORMAT, V1 BOTH "fruit: Fig\n", "line 4: a word that mapping files do not have"},
        {BASE_E_FORMAT, V1 "key: + No\n", "line 2: an empty column name"},
        {BASE_E_FORMAT, V1 "key: No + \n", "line 2: an empty column name"},
        {BASE_E_FORMAT, V1 "key: A + + B\n", "line 2: an empty column name"},
        {BASE_E_LIMIT, V1 "key: 1+2+3+4+5+6+7+8+9\n", "line 2: more than 8 columns"},
        {BASE_E_FORMAT, V1 "key: A split ;;\n", "line 2: a mark is"},
        {BASE_E_FORMAT, V1 "separator: \"\n", "line 2: a mark is"},
        {BASE_E_FORMAT, V1 "separator: Tab\n", "line 2: a mark is"},
        {BASE_E_FORMAT, V1 "comment: \xc3\xa9\n", "line 2: a mark is"},
        {BASE_E_FORMAT, V1 "encoding: UTF-8\n", "line 2: it must be windows-1252 or utf-8"},
        {BASE_E_FORMAT, V1 "header: true\n", "line 2: it must be yes or no"},
        {BASE_E_FORMAT, V1 "date-order: year-month\n", "line 2: it must be month-day or day-month"},
        {BASE_E_FORMAT, V1 "skip-lines: 1001\n", "line 2: skip-lines is a number"},
        {BASE_E_FORMAT, V1 "skip-lines: -1\n", "line 2: skip-lines is a number"},
        {BASE_E_FORMAT, V1 "skip-lines: 99999999999999999999999\n", "line 2: skip-lines is a number"},
        {BASE_E_FORMAT, V1 "only: Kind\n", "line 2: only needs"},
        {BASE_E_FORMAT, V1 "only: = Person\n", "line 2: only needs"},
        {BASE_E_FORMAT, V1 "only: Kind = \n", "line 2: only needs"},
        {BASE_E_ENCODING, V1 "key: \xff\n", "not UTF-8"},
        {BASE_E_ENCODING, V1 "key: \xed\xa0\x80\n", "not UTF-8"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct people_mapping out;
        enum base_code code = people_mapping_parse(base_bytes_text(bad[i].text), &out);
        if (code != bad[i].code || strstr(base_detail(), bad[i].says) == NULL)
            fail_msg("mapping %zu gave %s (%s), expected %s", i, base_code_word(code), base_detail(), bad[i].says);
        assert_int_equal(0, out.field_count); /* nothing is left to release */
    }
}

static void test_limits_are_exact(void **state)
{
    (void)state;
    struct base_buffer text = BASE_BUFFER_EMPTY;
    struct people_mapping out;
    assert_ok(base_buffer_text(&text, V1 BOTH));
    for (int i = 2; i < PEOPLE_MAPPING_FIELDS_MAX; i++)
        assert_ok(base_buffer_text(&text, "alias: A\n"));
    assert_ok(people_mapping_parse(base_bytes_buffer(&text), &out));
    people_mapping_release(&out);
    assert_ok(base_buffer_text(&text, "alias: A\n"));
    assert_fails(BASE_E_LIMIT, people_mapping_parse(base_bytes_buffer(&text), &out));
    assert_non_null(strstr(base_detail(), "line 66: more than 64 fields"));
    for (size_t len = 1024; len <= 1025; len++) {
        base_buffer_clear(&text);
        assert_ok(base_buffer_text(&text, V1 BOTH "#"));
        for (size_t i = 1; i < len; i++)
            assert_ok(base_buffer_text(&text, "x"));
        enum base_code code = people_mapping_parse(base_bytes_buffer(&text), &out);
        assert_int_equal(len == 1024 ? BASE_OK : BASE_E_LIMIT, code);
        if (code == BASE_OK)
            people_mapping_release(&out);
    }
    base_buffer_clear(&text);
    assert_ok(base_buffer_text(&text, V1 BOTH));
    while (text.len < 1 << 16)
        assert_ok(base_buffer_text(&text, "\n"));
    assert_ok(people_mapping_parse(base_bytes_buffer(&text), &out));
    people_mapping_release(&out);
    assert_ok(base_buffer_text(&text, "\n"));
    assert_fails(BASE_E_LIMIT, people_mapping_parse(base_bytes_buffer(&text), &out));
    base_buffer_release(&text);
}

/* A name with a zero byte in it would become a shorter name. */
static void test_a_zero_byte_is_refused(void **state)
{
    (void)state;
    static const char text[] = V1 "key: No\0pe\nname: Name\n";
    struct people_mapping out;
    assert_fails(BASE_E_ENCODING, people_mapping_parse(base_bytes_of(text, sizeof text - 1), &out));
}

/* Every cut of a sound mapping is refused, or is a sound shorter one; nothing leaks either way. */
static void test_every_cut(void **state)
{
    (void)state;
    static const char text[] = V1 "separator: tab\nonly: Kind = Person\nkey: No\nname: Given + Family split ;\nalias: A + B";
    size_t sound = 0;
    for (size_t len = 0; len < sizeof text; len++) {
        struct people_mapping out;
        enum base_code code = people_mapping_parse(base_bytes_of(text, len), &out);
        assert_true(code == BASE_OK || code == BASE_E_FORMAT || code == BASE_E_VERSION);
        sound += code == BASE_OK;
        if (code == BASE_OK) {
            assert_true(out.field_count >= 2);
            people_mapping_release(&out);
        }
    }
    assert_true(sound > 10 && sound < 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),         cmocka_unit_test(test_every_setting),
        cmocka_unit_test(test_every_mark),       cmocka_unit_test(test_every_field),
        cmocka_unit_test(test_columns),          cmocka_unit_test(test_every_error_names_its_line),
        cmocka_unit_test(test_limits_are_exact), cmocka_unit_test(test_a_zero_byte_is_refused),
        cmocka_unit_test(test_every_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
