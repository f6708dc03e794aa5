/* SPDX-License-Identifier: Apache-2.0
 *
 * Any rule file: refused, or rules that make sorted keys within their limit for an invented person.
 */
#include "people/keys.h"

#include "people/rules.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void make(const struct people_rules *rules)
{
    struct people_record record = PEOPLE_RECORD_EMPTY;
    struct people_keys keys = PEOPLE_KEYS_EMPTY;
    struct people_day day = {1961, 2, 3};
    struct base_bytes none = base_bytes_text("");
    if (people_record_add_name(&record, PEOPLE_NAME_PRIMARY, base_bytes_text("Gerasim Pankratowitsch Wolkenstein")) != BASE_OK ||
        people_record_add_birth(&record, day, day, false, none) != BASE_OK ||
        people_record_add_document(&record, none, base_bytes_text("AB123456"), none, none) != BASE_OK ||
        people_keys_make(rules, &record, &keys) != BASE_OK || keys.count > rules->limit)
        abort();
    for (size_t i = 1; i < keys.count; i++)
        if (memcmp(keys.items[i - 1].token.bytes, keys.items[i].token.bytes, sizeof keys.items[i].token.bytes) >= 0)
            abort();
    people_keys_release(&keys);
    people_record_release(&record);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct people_rules *rules = NULL;
    if (people_rules_load(base_bytes_of(data, size), &rules) != BASE_OK)
        return 0;
    make(rules);
    people_rules_free(rules);
    return 0;
}
