/* SPDX-License-Identifier: Apache-2.0
 *
 * bench-names [LISTS-FOLDER [PAIR [FEATURES-FILE [RECORDS]]]]: how well names are recognised, and how fast. With the name of a pair of lists
 * also its errors, one a line; FEATURES-FILE gets what the weights of src/people/compare*.c are fitted from.
 */
#include "base/file.h"
#include "bench/names.h"

#include "people/keys.h"

#include <stdio.h>
#include <stdlib.h>

enum { SPEED_PERSONS = 200000, CROWD = 1000000 };

int main(int count, char **arguments)
{
    struct lists lists = {0};
    const char *folder = count > 1 ? arguments[1] : "../shared/lists";
    struct people_rules *rules = NULL;
    enum base_code code = people_rules_load(people_rules_default_text(), &rules);
    bool has_lists = base_path_exists(folder);
    if (!has_lists)
        printf("bench-names: no published lists in %s: only times\n", folder);
    if (code == BASE_OK && has_lists)
        code = lists_load(folder, &lists);
    if (code == BASE_OK && has_lists)
        code = names_clear(&lists, count > 2 ? arguments[2] : NULL, count > 3 && arguments[3][0] != '-' ? arguments[3] : NULL);
    if (code == BASE_OK)
        code = names_case();
    if (code == BASE_OK && has_lists)
        code = names_all_against_all(&lists);
    if (code == BASE_OK)
        code = names_one_against_many(count > 4 ? strtoull(arguments[4], NULL, 10) : CROWD);
    if (code == BASE_OK)
        code = names_keys_speed(rules, SPEED_PERSONS);
    if (code != BASE_OK)
        fprintf(stderr, "bench-names: %s (%s)\n", base_detail(), base_code_word(code));
    lists_release(&lists);
    people_rules_free(rules);
    return code != BASE_OK;
}
