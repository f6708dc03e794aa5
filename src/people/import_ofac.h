/* SPDX-License-Identifier: Apache-2.0
 *
 * Between the two halves of the OFAC importer: the tables (import_ofac.c) and the prose in their remarks column
 * (import_ofac_remarks.c).
 */
#ifndef PEOPLE_IMPORT_OFAC_H
#define PEOPLE_IMPORT_OFAC_H

#include "people/csv.h"
#include "people/import_job.h"

/* "FAMILY, Given" is kept as "Given FAMILY". */
enum base_code people_ofac_add_name(struct people_record *record, enum people_name_kind kind,
                                    struct base_bytes text) BASE_MUST_USE;
/* Dates and places of birth, nationalities, sex, documents and weak aliases; what is none of these stays a remark. */
enum base_code people_ofac_take_remarks(struct people_record *record, struct base_bytes remarks) BASE_MUST_USE;

#endif
