/* SPDX-License-Identifier: Apache-2.0 */
#include "people/import_ofac.h"

#include <string.h>

/* What a document's part of the remarks begins with (records 6.3.4); longer before shorter. */
static const char *const document_labels[] = {
    "Diplomatic Passport", "Passport Booklet:", "Passport Card:", "Passport", "National ID No.", "National ID Card No.",
    "National Foreign ID Number", "Identification Number", "Personal ID Card", "Stateless Person ID Card",
    "Stateless Person Passport", "Refugee ID Card", "Cedula No.", "Cedula de Residencia", "Cedula de Ciudadania",
    "Tax ID No.", "SSN", "C.U.R.P.", "C.U.I.P.", "R.F.C.", "RFC", "I.F.E.", "D.N.I.", "D.U.I.", "N.I.E.", "NIT #",
    "Electoral Registry No.", "Credencial electoral", "Cartilla de Servicio Militar Nacional", "LE Number",
    "Driver's License No.", "Numero de Identidad", "Travel Document Number", "Citizen's Card Number",
    "Turkish Identificiation Number", "Turkish Identification Number", "Birth Certificate Number", "Residency Number",
    "Bosnian Personal ID No.", "British National Overseas Passport", "Kenyan ID No.", "Iranian Passport",
    "Tarjeta Profesional", "VisaNumberID", "Italian Fiscal Code", "Moroccan Personal ID No.", "Afghan Money Service",
    "Military Registration Number", "Public Security and Immigration No.", "Serial No.", "File Number", NULL};

static struct base_bytes from(struct base_bytes text, size_t at)
{
    return people_trim(base_bytes_of(text.data + at, text.len - at));
}

/* Takes `prefix` off the front when it stands there. */
static bool take_prefix(struct base_bytes *text, const char *prefix)
{
    if (!people_starts_with(*text, prefix))
        return false;
    *text = from(*text, strlen(prefix));
    return true;
}

enum base_code people_ofac_add_name(struct people_record *record, enum people_name_kind kind, struct base_bytes text)
{
    const uint8_t *comma = text.len == 0 ? NULL : memchr(text.data, ',', text.len);
    if (comma == NULL)
        return people_record_add_name(record, kind, text);
    struct base_buffer turned = BASE_BUFFER_EMPTY;
    size_t family = (size_t)(comma - text.data);
    enum base_code code = base_buffer_append(&turned, from(text, family + 1));
    if (code == BASE_OK)
        code = base_buffer_text(&turned, " ");
    if (code == BASE_OK)
        code = base_buffer_append(&turned, base_bytes_of(text.data, family));
    if (code == BASE_OK)
        code = people_record_add_name(record, kind, base_bytes_buffer(&turned));
    base_buffer_release(&turned);
    return code;
}

/* a.k.a. 'NAME', up to the last quote: names hold apostrophes too. */
static enum base_code take_weak_alias(struct people_record *record, struct base_bytes part, bool *is_taken)
{
    if (!take_prefix(&part, "a.k.a.") && !take_prefix(&part, "f.k.a.") && !take_prefix(&part, "n.k.a."))
        return BASE_OK;
    if (part.len < 3 || part.data[0] != '\'' || part.data[part.len - 1] != '\'')
        return BASE_OK;
    *is_taken = true;
    return people_ofac_add_name(record, PEOPLE_NAME_WEAK, base_bytes_of(part.data + 1, part.len - 2));
}

/* Where the number ends: at a bracket, or at the word that begins what the source says of its validity. */
static size_t number_length(struct base_bytes text)
{
    static const char *const ends[] = {" (", " issued", " expires", " exp.", " valid", NULL};
    for (size_t i = 0; i < text.len; i++)
        for (size_t k = 0; ends[k] != NULL; k++)
            if (people_starts_with(base_bytes_of(text.data + i, text.len - i), ends[k]))
                return i;
    return text.len;
}

/* "Passport AA123 (Ruritania) expires 2011" */
static enum base_code take_document(struct people_record *record, struct base_bytes part, bool *is_taken)
{
    size_t label = 0;
    struct base_bytes rest = part, country = base_bytes_of(NULL, 0);
    while (document_labels[label] != NULL && !take_prefix(&rest, document_labels[label]))
        label++;
    if (document_labels[label] == NULL)
        return BASE_OK;
    while (rest.len > 0 && (rest.data[0] == '#' || rest.data[0] == ':' || rest.data[0] == '.'))
        rest = from(rest, 1);
    struct base_bytes number = base_bytes_of(rest.data, number_length(rest));
    rest = from(rest, number.len);
    const uint8_t *close = rest.len == 0 || rest.data[0] != '(' ? NULL : memchr(rest.data, ')', rest.len);
    if (close != NULL) {
        country = base_bytes_of(rest.data + 1, (size_t)(close - rest.data) - 1);
        rest = from(rest, (size_t)(close - rest.data) + 1);
    }
    if (number.len == 0)
        return BASE_OK;
    *is_taken = true;
    return people_record_add_document(record, base_bytes_text(document_labels[label]), number, country, rest);
}

/* One fact of those with a fixed first word. */
static enum base_code take_fact(struct people_record *record, struct base_bytes part, bool *is_taken)
{
    *is_taken = true;
    if (take_prefix(&part, "DOB "))
        return people_add_birth_text(record, part, PEOPLE_ORDER_DAY_MONTH, base_bytes_of(NULL, 0));
    if (take_prefix(&part, "POB "))
        return people_record_add_place(record, PEOPLE_PLACE_BIRTH, part, base_bytes_of(NULL, 0));
    if (take_prefix(&part, "nationality ") || take_prefix(&part, "citizen "))
        return people_texts_add(&record->nationalities, part);
    *is_taken = false;
    if (take_prefix(&part, "Gender ")) {
        people_set_sex_text(record, part);
        *is_taken = record->sex != 0;
        return BASE_OK;
    }
    BASE_TRY(take_weak_alias(record, part, is_taken));
    return *is_taken ? BASE_OK : take_document(record, part, is_taken);
}

enum base_code people_ofac_take_remarks(struct people_record *record, struct base_bytes remarks)
{
    struct base_bytes part;
    remarks = people_trim(remarks);
    if (remarks.len > 0 && remarks.data[remarks.len - 1] == '.')
        remarks.len--;
    while (people_next_part(&remarks, ';', &part)) {
        struct base_bytes fact = part;
        bool is_taken = false;
        take_prefix(&fact, "alt. ");
        BASE_TRY(take_fact(record, fact, &is_taken));
        if (!is_taken)
            BASE_TRY(people_add_remark(record, "", part));
    }
    return BASE_OK;
}
