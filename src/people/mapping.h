/* SPDX-License-Identifier: Apache-2.0
 *
 * The mapping file of a CSV list: which column is what (doc/spec/records.md section 7). Lines of `word: value`, blank
 * lines, and comments that begin with '#'.
 */
#ifndef PEOPLE_MAPPING_H
#define PEOPLE_MAPPING_H

#include "people/dates.h"

enum { PEOPLE_MAPPING_FIELDS_MAX = 64, PEOPLE_MAPPING_COLUMNS_MAX = 8 };

enum people_field {
    PEOPLE_FIELD_KEY,
    PEOPLE_FIELD_NAME,
    PEOPLE_FIELD_ALIAS,
    PEOPLE_FIELD_WEAK,
    PEOPLE_FIELD_ORIGINAL,
    PEOPLE_FIELD_BIRTH,
    PEOPLE_FIELD_BIRTH_PLACE,
    PEOPLE_FIELD_ADDRESS,
    PEOPLE_FIELD_NATIONALITY,
    PEOPLE_FIELD_SEX,
    PEOPLE_FIELD_PASSPORT,
    PEOPLE_FIELD_ID,
    PEOPLE_FIELD_PROGRAMME,
    PEOPLE_FIELD_TITLE,
    PEOPLE_FIELD_REMARK,
    PEOPLE_FIELD_COUNT
};

struct people_mapped_field {
    enum people_field field;
    char *columns[PEOPLE_MAPPING_COLUMNS_MAX]; /* headers, or "#3" for the third column */
    size_t column_count;
    char split; /* several values in one field are parted by it; 0: one value */
};

struct people_mapping {
    bool is_windows_1252, has_header;
    char separator;
    char comment; /* rows that begin with it are passed over; 0: none */
    uint64_t skip_lines;
    enum people_date_order order;
    char *only_column, *only_value; /* NULL, or: only rows with this value in this column */
    struct people_mapped_field fields[PEOPLE_MAPPING_FIELDS_MAX];
    size_t field_count;
};

/* BASE_E_FORMAT with the line, BASE_E_VERSION, BASE_E_LIMIT, BASE_E_ENCODING. Release `out` only after success. */
enum base_code people_mapping_parse(struct base_bytes text, struct people_mapping *out) BASE_MUST_USE;
void people_mapping_release(struct people_mapping *mapping);

#endif
