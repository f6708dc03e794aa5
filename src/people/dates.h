/* SPDX-License-Identifier: Apache-2.0
 *
 * Dates of birth as the lists write them, to days or ranges of days. The whole text must be one of the forms of
 * doc/spec/records.md section 5; nothing is picked out of the middle of a sentence, because "24/06/1402 (Hijri)" is not
 * the year 1402. What is not understood stays in the record as a remark: that is the importer's business.
 */
#ifndef PEOPLE_DATES_H
#define PEOPLE_DATES_H

#include "people/record.h"

enum people_date_order { PEOPLE_ORDER_DAY_MONTH, PEOPLE_ORDER_MONTH_DAY }; /* of "03/04/1975" */

/* BASE_E_FORMAT when it is none of the forms; BASE_E_RANGE when it is, and there is no such day or the range runs
 * backwards. `stated_by` of the result is NULL. */
enum base_code people_date_parse(struct base_bytes text, enum people_date_order order, struct people_date *out) BASE_MUST_USE;

#endif
