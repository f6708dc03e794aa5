/* SPDX-License-Identifier: Apache-2.0
 *
 * What becomes of each part of an OFAC remark (records 6.3.4), and that nothing of it is ever lost: what is no fact is a remark.
 */
#include "collect.h"
#include "people/import_ofac.h"

static struct people_record taken(const char *remarks)
{
    struct people_record record = PEOPLE_RECORD_EMPTY;
    assert_ok(people_ofac_take_remarks(&record, base_bytes_text(remarks)));
    return record;
}

static size_t fact_count(const struct people_record *record)
{
    return record->name_count + record->birth_count + record->document_count + record->place_count + record->nationalities.count +
           record->titles.count + (record->sex != 0);
}

/* The whole part stands as a remark, and nothing else was made of it. */
static void is_remark(const char *remarks, const char *kept)
{
    struct people_record record = taken(remarks);
    assert_int_equal(0, fact_count(&record));
    if (record.remarks.count != 1 || strcmp(record.remarks.items[0], kept) != 0)
        fail_msg("\"%s\" is not kept as \"%s\"", remarks, kept);
    people_record_release(&record);
}

static void test_nothing(void **state)
{
    (void)state;
    static const char *const empty[] = {"", ".", " . ", ";", ";;;.", " ; ; "};
    for (size_t i = 0; i < sizeof empty / sizeof empty[0]; i++) {
        struct people_record record = taken(empty[i]);
        assert_int_equal(0, fact_count(&record) + record.remarks.count);
        people_record_release(&record);
    }
    struct people_record record = PEOPLE_RECORD_EMPTY;
    assert_ok(people_ofac_take_remarks(&record, base_bytes_of(NULL, 0)));
    assert_int_equal(0, fact_count(&record));
}

static void test_births(void **state)
{
    (void)state;
    struct people_record record = taken("DOB 14 Jun 1975; alt. DOB Jun 1974; alt. DOB circa 1973; DOB 1958 to 1963; dob 1901.");
    assert_int_equal(5, record.birth_count);
    assert_int_equal(0, record.remarks.count);
    assert_true(has_birth(&record, 19750614, 19750614, false));
    assert_true(has_birth(&record, 19740600, 19740600, false));
    assert_true(has_birth(&record, 19730000, 19730000, true));
    assert_true(has_birth(&record, 19580000, 19630000, false));
    assert_true(has_birth(&record, 19010000, 19010000, false));
    people_record_release(&record);
    is_remark("DOB 31 Feb 1975.", "Born: 31 Feb 1975");
    is_remark("alt. DOB one spring", "Born: one spring");
}

static void test_places_and_nationalities(void **state)
{
    (void)state;
    struct people_record record = taken("POB Pip, Ruritania; alt. POB Seed; nationality Ruritania; alt. citizen Fenland; citizen Ruritania");
    assert_int_equal(2, record.place_count);
    assert_string_equal("Pip, Ruritania", record.places[0].text);
    assert_int_equal(PEOPLE_PLACE_BIRTH, record.places[1].kind);
    assert_int_equal(2, record.nationalities.count); /* said twice is said once */
    assert_true(has_text(&record.nationalities, "Fenland"));
    people_record_release(&record);
}

static void test_sex(void **state)
{
    (void)state;
    struct people_record record = taken("Gender Female");
    assert_int_equal('f', record.sex);
    assert_int_equal(0, record.remarks.count);
    people_record_release(&record);
    record = taken("Gender Male.");
    assert_int_equal('m', record.sex);
    people_record_release(&record);
    is_remark("Gender unknown to us", "Gender unknown to us");
}

static void test_weak_aliases(void **state)
{
    (void)state;
    static const struct {
        const char *part, *name;
    } aliases[] = {{"a.k.a. 'THE PEAR'", "THE PEAR"}, {"f.k.a. 'OLD PEAR'", "OLD PEAR"}, {"n.k.a. 'NEW PEAR'.", "NEW PEAR"},
                   {"alt. a.k.a. 'ABU D'ORCHARD'", "ABU D'ORCHARD"}, {"A.K.A. 'MEDLAR, Quince'", "Quince MEDLAR"}};
    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++) {
        struct people_record record = taken(aliases[i].part);
        assert_int_equal(1, record.name_count);
        assert_true(has_name(&record, PEOPLE_NAME_WEAK, aliases[i].name));
        assert_int_equal(0, record.remarks.count);
        people_record_release(&record);
    }
    is_remark("a.k.a. THE PEAR", "a.k.a. THE PEAR");
    is_remark("a.k.a. 'THE PEAR", "a.k.a. 'THE PEAR");
    is_remark("a.k.a. ''", "a.k.a. ''");
    is_remark("a.k.a.", "a.k.a"); /* the last point ends the remarks */
}

static void has_document(const char *part, const char *type, const char *number, const char *country, const char *note)
{
    struct people_record record = taken(part);
    if (record.document_count != 1)
        fail_msg("\"%s\" gave %zu documents", part, record.document_count);
    const struct people_document *document = &record.documents[0];
    assert_string_equal(type, document->type);
    assert_string_equal(number, document->number);
    assert_string_equal(country, document->country == NULL ? "" : document->country);
    assert_string_equal(note, document->note == NULL ? "" : document->note);
    assert_int_equal(0, record.remarks.count);
    people_record_release(&record);
}

static void test_documents(void **state)
{
    (void)state;
    has_document("Passport R4477 (Ruritania) expires 2011", "Passport", "R4477", "Ruritania", "expires 2011");
    has_document("alt. Passport R4477.", "Passport", "R4477", "", "");
    has_document("Diplomatic Passport D 12 issued 2003", "Diplomatic Passport", "D 12", "", "issued 2003");
    has_document("Passport #: 99", "Passport", "99", "", "");
    has_document("National ID No. 77-1 (Fenland)", "National ID No.", "77-1", "Fenland", "");
    has_document("SSN 000-00-0000 (Ruritania)", "SSN", "000-00-0000", "Ruritania", "");
    has_document("Tax ID No. 5 valid to 2020", "Tax ID No.", "5", "", "valid to 2020");
    has_document("Passport A1 (Fenland", "Passport", "A1", "", "(Fenland"); /* a bracket that does not close */
    has_document("Passport A1 (Fenland) (stolen)", "Passport", "A1", "Fenland", "(stolen)");
    has_document("Stateless Person Passport S1", "Stateless Person Passport", "S1", "", "");
    is_remark("Passport", "Passport");
    is_remark("Passport #:.", "Passport #:");
    is_remark("Library card 77", "Library card 77");
}

static void test_names_are_turned_at_the_first_comma(void **state)
{
    (void)state;
    static const struct {
        const char *text, *name;
    } names[] = {{"MEDLAR, Quince", "Quince MEDLAR"}, {"MEDLAR, Quince, Jr.", "Quince, Jr. MEDLAR"}, {"PEAR", "PEAR"},
                 {"PEAR,", "PEAR"}, {", Quince", "Quince"}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct people_record record = PEOPLE_RECORD_EMPTY;
        assert_ok(people_ofac_add_name(&record, PEOPLE_NAME_PRIMARY, base_bytes_text(names[i].text)));
        assert_int_equal(1, record.name_count);
        assert_string_equal(names[i].name, record.names[0].text);
        people_record_release(&record);
    }
    struct people_record record = PEOPLE_RECORD_EMPTY;
    assert_ok(people_ofac_add_name(&record, PEOPLE_NAME_PRIMARY, base_bytes_text(" , ")));
    assert_int_equal(0, record.name_count);
    people_record_release(&record);
}

static void test_what_cannot_be_kept_is_an_error(void **state)
{
    (void)state;
    struct people_record record = PEOPLE_RECORD_EMPTY;
    assert_fails(BASE_E_ENCODING, people_ofac_take_remarks(&record, base_bytes_text("POB \xff")));
    people_record_release(&record);
    assert_fails(BASE_E_ENCODING, people_ofac_take_remarks(&record, base_bytes_text("grows \xff")));
    people_record_release(&record);
    struct base_buffer text = BASE_BUFFER_EMPTY;
    for (int i = 0; i <= PEOPLE_ITEMS_MAX; i++)
        assert_ok(base_buffer_format(&text, "Passport %d;", i));
    assert_fails(BASE_E_LIMIT, people_ofac_take_remarks(&record, base_bytes_buffer(&text)));
    assert_int_equal(PEOPLE_ITEMS_MAX, record.document_count);
    people_record_release(&record);
    base_buffer_release(&text);
}

/* Every cut of a remark is taken in some way, and no cut is read past. */
static void test_every_cut(void **state)
{
    (void)state;
    static const char text[] = "DOB 14 Jun 1975; POB Pip; a.k.a. 'THE PEAR'; Passport #R4477 (Ruritania) expires 2011; Gender Male; x.";
    for (size_t len = 0; len < sizeof text; len++) {
        struct people_record record = PEOPLE_RECORD_EMPTY;
        char *exact = base_bytes_dup(base_bytes_of(text, len));
        assert_non_null(exact);
        assert_ok(people_ofac_take_remarks(&record, base_bytes_of(exact, len)));
        assert_true(len < 4 || fact_count(&record) + record.remarks.count > 0);
        people_record_release(&record);
        free(exact);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_births),
        cmocka_unit_test(test_places_and_nationalities),
        cmocka_unit_test(test_sex),
        cmocka_unit_test(test_weak_aliases),
        cmocka_unit_test(test_documents),
        cmocka_unit_test(test_names_are_turned_at_the_first_comma),
        cmocka_unit_test(test_what_cannot_be_kept_is_an_error),
        cmocka_unit_test(test_every_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
