/* SPDX-License-Identifier: Apache-2.0
 *
 * A packed profile from a store. What is read can be compared, indexed and screened, and what is written of it is read again and
 * is the same.
 */
#include "people/compare.h"
#include "people/index.h"
#include "people/packed.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool is_so)
{
    if (!is_so)
        abort();
}

static enum base_code take(void *context, int64_t number, enum people_grade grade)
{
    demand(number == 7 && grade <= PEOPLE_GRADE_POSSIBLE);
    ++*(size_t *)context;
    return BASE_OK;
}

static void screen(const struct people_profile *profile, struct base_bytes block)
{
    struct people_index *index = NULL;
    enum people_grade grade;
    size_t count = 0;
    demand(people_index_new(&index) == BASE_OK);
    demand(people_index_add_packed(index, 7, block) == BASE_OK);
    demand(people_index_screen(index, profile, take, &count) == BASE_OK);
    demand(count <= people_compare_profiles(profile, profile, &grade));
    people_index_free(index);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct people_profile *first = NULL, *second = NULL;
    struct base_buffer block = BASE_BUFFER_EMPTY, again = BASE_BUFFER_EMPTY;
    demand(people_profile_new(&first) == BASE_OK && people_profile_new(&second) == BASE_OK);
    if (people_packed_read(base_bytes_of(data, size), first) == BASE_OK) {
        demand(people_packed_write(first, &block) == BASE_OK);
        demand(people_packed_read(base_bytes_buffer(&block), second) == BASE_OK);
        demand(people_packed_write(second, &again) == BASE_OK);
        demand(base_bytes_equal(base_bytes_buffer(&block), base_bytes_buffer(&again)));
        screen(first, base_bytes_of(data, size));
    }
    base_buffer_release(&block);
    base_buffer_release(&again);
    people_profile_free(first);
    people_profile_free(second);
    return 0;
}
