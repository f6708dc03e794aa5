/* SPDX-License-Identifier: Apache-2.0
 *
 * What the writer and the reader of a record's JSON share, inside this layer: its words and its limit.
 */
#ifndef PEOPLE_RECORD_JSON_H
#define PEOPLE_RECORD_JSON_H

#include "people/record.h"

enum {
    PEOPLE_JSON_MAX = 1 << 22, /* bytes of one record (records 3.11) */
    PEOPLE_KIND_COUNT = PEOPLE_NAME_ORIGINAL + 1,
    PEOPLE_PLACE_COUNT = PEOPLE_PLACE_ADDRESS + 1,
};

extern const char *const people_kind_words[PEOPLE_KIND_COUNT];   /* records 1.3 */
extern const char *const people_place_words[PEOPLE_PLACE_COUNT]; /* records 3.8 */

#endif
