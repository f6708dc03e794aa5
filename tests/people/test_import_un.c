/* SPDX-License-Identifier: Apache-2.0 */
#include "collect.h"

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?><CONSOLIDATED_LIST dateGenerated=\"2020-02-03T01:02:03Z\"><INDIVIDUALS>\n"
#define TAIL "</INDIVIDUALS><ENTITIES><ENTITY><DATAID>9</DATAID><FIRST_NAME>Fruit Ltd</FIRST_NAME></ENTITY></ENTITIES></CONSOLIDATED_LIST>\n"

static const char whole[] =
    HEAD
    "<INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME> Quince\n</FIRST_NAME><SECOND_NAME>of  Medlar</SECOND_NAME><THIRD_NAME/>"
    "<FOURTH_NAME>Pear</FOURTH_NAME><UN_LIST_TYPE>Orchard</UN_LIST_TYPE><REFERENCE_NUMBER>QX.1 </REFERENCE_NUMBER>"
    "<NAME_ORIGINAL_SCRIPT>Айва</NAME_ORIGINAL_SCRIPT><COMMENTS1>Grows &amp; ripens.</COMMENTS1><GENDER>Male</GENDER>"
    "<TITLE><VALUE>Dr</VALUE><VALUE>Haji</VALUE></TITLE><NATIONALITY><VALUE>Ruritania</VALUE></NATIONALITY>"
    "<DESIGNATION><VALUE>Gardener</VALUE></DESIGNATION>"
    "<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Quince A; Quince B;</ALIAS_NAME>"
    "<DATE_OF_BIRTH>1960-01-02</DATE_OF_BIRTH><CITY_OF_BIRTH>Pip</CITY_OF_BIRTH></INDIVIDUAL_ALIAS>"
    "<INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>The Pear</ALIAS_NAME></INDIVIDUAL_ALIAS>"
    "<INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>"
    "<INDIVIDUAL_ADDRESS><STREET>1 Plum St</STREET><CITY>Pip</CITY><COUNTRY>Ruritania</COUNTRY></INDIVIDUAL_ADDRESS>"
    "<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1964-07-17-04:00</DATE></INDIVIDUAL_DATE_OF_BIRTH>"
    "<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><YEAR>1965</YEAR></INDIVIDUAL_DATE_OF_BIRTH>"
    "<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1966</YEAR></INDIVIDUAL_DATE_OF_BIRTH>"
    "<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><NOTE>Approximately </NOTE><FROM_YEAR>1958</FROM_YEAR>"
    "<TO_YEAR>1963</TO_YEAR></INDIVIDUAL_DATE_OF_BIRTH>"
    "<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><NOTE>Nov. 1973 </NOTE></INDIVIDUAL_DATE_OF_BIRTH>"
    "<INDIVIDUAL_DATE_OF_BIRTH><NOTE>24/06/1402 (Hijri Calendar)</NOTE></INDIVIDUAL_DATE_OF_BIRTH>"
    "<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE/></INDIVIDUAL_DATE_OF_BIRTH>"
    "<INDIVIDUAL_PLACE_OF_BIRTH><CITY>Pip</CITY><STATE_PROVINCE>Seed</STATE_PROVINCE><COUNTRY>Ruritania</COUNTRY></INDIVIDUAL_PLACE_OF_BIRTH>"
    "<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER> R 77 </NUMBER><ISSUING_COUNTRY>Ruritania</ISSUING_COUNTRY>"
    "<DATE_OF_ISSUE>2010-02-18</DATE_OF_ISSUE><NOTE>expired</NOTE></INDIVIDUAL_DOCUMENT>"
    "<INDIVIDUAL_DOCUMENT/></INDIVIDUAL>\n"
    "<INDIVIDUAL><DATAID>2</DATAID><FIRST_NAME>Fig</FIRST_NAME><UN_LIST_TYPE>Orchard</UN_LIST_TYPE></INDIVIDUAL>\n" TAIL;

static void test_a_whole_person(void **state)
{
    (void)state;
    struct collect collect = {0};
    assert_ok(collect_text(&collect, PEOPLE_FORMAT_UN_XML, whole, NULL));
    assert_int_equal(2, collect.count);
    assert_string_equal("2020-02-03", collect.facts.list_date);
    const struct people_record *record = collect_find(&collect, "1");
    assert_non_null(record);
    assert_int_equal(5, record->name_count);
    assert_true(has_name(record, PEOPLE_NAME_PRIMARY, "Quince of Medlar Pear"));
    assert_true(has_name(record, PEOPLE_NAME_ORIGINAL, "Айва"));
    assert_true(has_name(record, PEOPLE_NAME_ALIAS, "Quince A"));
    assert_true(has_name(record, PEOPLE_NAME_ALIAS, "Quince B"));
    assert_true(has_name(record, PEOPLE_NAME_WEAK, "The Pear"));
    assert_int_equal(6, record->birth_count);
    assert_true(has_birth(record, 19600102, 19600102, false));
    assert_string_equal("alias", record->births[0].stated_by);
    assert_true(has_birth(record, 19640717, 19640717, false));
    assert_true(has_birth(record, 19650000, 19650000, false));
    assert_true(has_birth(record, 19660000, 19660000, true));
    assert_true(has_birth(record, 19580000, 19630000, true));
    assert_true(has_birth(record, 19731100, 19731100, false));
    assert_true(has_text(&record->remarks, "Born: 24/06/1402 (Hijri Calendar)"));
    assert_true(has_text(&record->remarks, "Grows & ripens."));
    assert_true(has_text(&record->remarks, "Reference: QX.1"));
    assert_true(has_text(&record->remarks, "Designation: Gardener"));
    assert_int_equal('m', record->sex);
    assert_int_equal(2, record->titles.count);
    assert_true(has_text(&record->nationalities, "Ruritania"));
    assert_int_equal(1, record->document_count);
    assert_string_equal("R 77", record->documents[0].number);
    assert_string_equal("Ruritania", record->documents[0].country);
    assert_string_equal("2010-02-18; expired", record->documents[0].note);
    assert_int_equal(3, record->place_count);
    assert_string_equal("Orchard", record->programme);
    collect_release(&collect);
}

static void test_every_cut_is_truncated(void **state)
{
    (void)state;
    /* Up to the '>' that ends the list; the line end behind it does not matter. */
    for (size_t len = 0; len < sizeof whole - 2; len++) {
        struct collect collect = {0};
        assert_fails(BASE_E_TRUNCATED, collect_bytes(&collect, PEOPLE_FORMAT_UN_XML, base_bytes_of(whole, len), NULL));
        collect_release(&collect);
    }
}

static void fails_with(enum base_code expected, const char *text)
{
    struct collect collect = {0};
    assert_fails(expected, collect_text(&collect, PEOPLE_FORMAT_UN_XML, text, NULL));
    collect_release(&collect);
}

static void test_refuses(void **state)
{
    (void)state;
    fails_with(BASE_E_TRUNCATED, HEAD "</INDIVIDUALS></CONSOLIDATED_LIST>"); /* no person at all */
    fails_with(BASE_E_FORMAT, "<html></html>");
    fails_with(BASE_E_FORMAT, "not XML");
    fails_with(BASE_E_FORMAT, HEAD "<INDIVIDUAL></INDIVIDUALS>");
    fails_with(BASE_E_FORMAT, HEAD "<INDIVIDUAL>\xff</INDIVIDUAL>" TAIL);
    fails_with(BASE_E_FORMAT, HEAD "<INDIVIDUAL>&undefined;</INDIVIDUAL>" TAIL);
    fails_with(BASE_E_ENCODING, "<?xml version=\"1.0\" encoding=\"KLINGON\"?><CONSOLIDATED_LIST/>");
    fails_with(BASE_E_FORMAT, "<CONSOLIDATED_LIST><a><b><c><d><e><f><g><h><i><j><k><l><m><n><o><p>");
    /* entities that multiply are refused where they would be declared */
    fails_with(BASE_E_FORMAT, "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>"
                              "<CONSOLIDATED_LIST>&b;</CONSOLIDATED_LIST>");
    fails_with(BASE_E_FORMAT, "<!DOCTYPE x SYSTEM \"file:///etc/hostname\"><CONSOLIDATED_LIST/>");
}

static void test_bad_persons_are_left_out(void **state)
{
    (void)state;
    struct collect collect = {0};
    assert_ok(collect_text(&collect, PEOPLE_FORMAT_UN_XML,
                           HEAD "<INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>Fig</FIRST_NAME></INDIVIDUAL>\n"
                                "<INDIVIDUAL><DATAID>2</DATAID><FIRST_NAME>Plum</FIRST_NAME></INDIVIDUAL>\n"
                                "<INDIVIDUAL><FIRST_NAME>Nameless</FIRST_NAME></INDIVIDUAL>\n" TAIL, NULL));
    assert_int_equal(2, collect.count);
    assert_int_equal(1, collect.bad_count);
    assert_int_equal(4, collect.bad_line);
    assert_string_equal("no key", collect.bad_reason);
    assert_int_equal(3, collect.facts.rows);
    collect_release(&collect);
}

static void test_a_name_over_the_limit(void **state)
{
    (void)state;
    struct base_buffer text = BASE_BUFFER_EMPTY;
    assert_ok(base_buffer_text(&text, HEAD "<INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>Fig</FIRST_NAME></INDIVIDUAL>"
                                           "<INDIVIDUAL><DATAID>2</DATAID><FIRST_NAME>"));
    for (int i = 0; i < PEOPLE_TEXT_MAX; i++)
        assert_ok(base_buffer_text(&text, "fig "));
    assert_ok(base_buffer_text(&text, "</FIRST_NAME></INDIVIDUAL>" TAIL));
    struct collect collect = {0};
    assert_ok(collect_bytes(&collect, PEOPLE_FORMAT_UN_XML, base_bytes_buffer(&text), NULL));
    assert_int_equal(1, collect.count);
    assert_int_equal(1, collect.bad_count);
    assert_null(strstr(collect.bad_reason, "fig"));
    collect_release(&collect);
    base_buffer_release(&text);
}

static void test_a_tag_without_end(void **state)
{
    (void)state;
    struct base_buffer text = BASE_BUFFER_EMPTY;
    assert_ok(base_buffer_text(&text, HEAD "<INDIVIDUAL note=\""));
    assert_ok(base_buffer_reserve(&text, 3 << 20));
    memset(text.data + text.len, 'x', 3 << 20);
    text.len += 3 << 20;
    struct collect collect = {0};
    assert_fails(BASE_E_LIMIT, collect_bytes(&collect, PEOPLE_FORMAT_UN_XML, base_bytes_buffer(&text), NULL));
    collect_release(&collect);
    base_buffer_release(&text);
}

static void test_the_sink_can_stop(void **state)
{
    (void)state;
    struct collect collect = {.stop_after = 1};
    assert_fails(BASE_E_CANCELLED, collect_text(&collect, PEOPLE_FORMAT_UN_XML, whole, NULL));
    collect_release(&collect);
}

/* One person with these elements beside key and name. */
static struct people_record taken(struct collect *collect, const char *elements)
{
    char text[1024];
    snprintf(text, sizeof text, HEAD "<INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>Fig</FIRST_NAME>%s</INDIVIDUAL>" TAIL, elements);
    assert_ok(collect_text(collect, PEOPLE_FORMAT_UN_XML, text, NULL));
    assert_int_equal(1, collect->count);
    assert_int_equal(0, collect->bad_count);
    return collect->records[0];
}

static void test_parts_of_a_document(void **state)
{
    (void)state;
    struct collect collect = {0};
    struct people_record record = taken(&collect, "<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT2>Card</TYPE_OF_DOCUMENT2><NUMBER>7</NUMBER>"
                                                  "<COUNTRY_OF_ISSUE>Fenland</COUNTRY_OF_ISSUE><CITY_OF_ISSUE>Pip</CITY_OF_ISSUE></INDIVIDUAL_DOCUMENT>"
                                                  "<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>8</NUMBER>"
                                                  "</INDIVIDUAL_DOCUMENT>");
    assert_int_equal(2, record.document_count);
    assert_string_equal("Card", record.documents[0].type);
    assert_string_equal("Fenland", record.documents[0].country);
    assert_string_equal("Card; Pip; Fenland", record.documents[0].note);
    assert_string_equal("Passport", record.documents[1].type); /* nothing of the first is left in the second */
    assert_null(record.documents[1].country);
    assert_null(record.documents[1].note);
    collect_release(&collect);
}

static void test_parts_of_a_place_and_of_an_alias(void **state)
{
    (void)state;
    struct collect collect = {0};
    struct people_record record =
        taken(&collect, "<INDIVIDUAL_ADDRESS><ZIP_CODE>77</ZIP_CODE><STATE_PROVINCE>Seed</STATE_PROVINCE><STREET>1 Plum St</STREET>"
                        "<COUNTRY>Fenland</COUNTRY></INDIVIDUAL_ADDRESS>"
                        "<INDIVIDUAL_ALIAS><QUALITY>a.k.a.</QUALITY><ALIAS_NAME>Plum &#x410;;;</ALIAS_NAME>"
                        "<COUNTRY_OF_BIRTH>Ruritania</COUNTRY_OF_BIRTH></INDIVIDUAL_ALIAS>"
                        "<INDIVIDUAL_ALIAS><QUALITY>Lowly</QUALITY><ALIAS_NAME><![CDATA[<Pear>]]></ALIAS_NAME></INDIVIDUAL_ALIAS>"
                        "<SORT_KEY>zzz</SORT_KEY><UNKNOWN><DEEP><DEEPER>zzz</DEEPER></DEEP></UNKNOWN>");
    assert_int_equal(2, record.place_count);
    assert_string_equal("1 Plum St, Seed, 77", record.places[0].text);
    assert_string_equal("Fenland", record.places[0].country);
    assert_int_equal(PEOPLE_PLACE_BIRTH, record.places[1].kind);
    assert_string_equal("Ruritania", record.places[1].text); /* all that is known */
    assert_true(has_name(&record, PEOPLE_NAME_ALIAS, "Plum А"));
    assert_true(has_name(&record, PEOPLE_NAME_ALIAS, "<Pear>")); /* only "Low" is weak */
    assert_int_equal(3, record.name_count);
    assert_int_equal(0, record.remarks.count);
    collect_release(&collect);
}

static void test_dates_of_the_list(void **state)
{
    (void)state;
    static const char *const dates[][2] = {{"2020-02-03T04:05:06", "2020-02-03"}, {"2020-02-03", "2020-02-03"}, {"2020-02-30", ""},
                                           {"2020", ""}, {"", ""}, {"yesterday, at", ""}};
    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
        char text[512];
        struct collect collect = {0};
        snprintf(text, sizeof text, "<CONSOLIDATED_LIST dateGenerated=\"%s\"><INDIVIDUALS><INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>Fig"
                                    "</FIRST_NAME></INDIVIDUAL></INDIVIDUALS></CONSOLIDATED_LIST>", dates[i][0]);
        assert_ok(collect_text(&collect, PEOPLE_FORMAT_UN_XML, text, NULL));
        assert_string_equal(dates[i][1], collect.facts.list_date);
        collect_release(&collect);
    }
}

static void test_entities_of_the_list_are_no_persons(void **state)
{
    (void)state;
    struct collect collect = {0};
    assert_ok(collect_text(&collect, PEOPLE_FORMAT_UN_XML,
                           "<CONSOLIDATED_LIST><INDIVIDUALS><INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>Fig</FIRST_NAME></INDIVIDUAL></INDIVIDUALS>"
                           "<ENTITIES><ENTITY><DATAID>2</DATAID><FIRST_NAME>Fruit Ltd</FIRST_NAME></ENTITY></ENTITIES></CONSOLIDATED_LIST>", NULL));
    assert_int_equal(1, collect.count);
    assert_int_equal(1, collect.facts.rows);
    collect_release(&collect);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts_of_a_document),
        cmocka_unit_test(test_parts_of_a_place_and_of_an_alias),
        cmocka_unit_test(test_dates_of_the_list),
        cmocka_unit_test(test_entities_of_the_list_are_no_persons),
        cmocka_unit_test(test_a_whole_person),        cmocka_unit_test(test_every_cut_is_truncated),
        cmocka_unit_test(test_refuses),               cmocka_unit_test(test_bad_persons_are_left_out),
        cmocka_unit_test(test_a_name_over_the_limit), cmocka_unit_test(test_a_tag_without_end),
        cmocka_unit_test(test_the_sink_can_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
