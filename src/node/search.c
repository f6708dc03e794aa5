/* SPDX-License-Identifier: Apache-2.0 */
#include "node/search.h"

#include "names/unicode.h"

#include <string.h>

enum base_code node_search_add(struct node_search *search, const char *word)
{
    if (search->count == NODE_SEARCH_WORDS_MAX)
        return base_fail(BASE_E_LIMIT, "at most %d words can be searched for", NODE_SEARCH_WORDS_MAX);
    BASE_TRY(names_lower(base_bytes_text(word), &search->words[search->count]));
    search->count++;
    return BASE_OK;
}

static bool has_words(const struct node_search *search)
{
    for (size_t i = 0; i < search->count; i++)
        if (strstr(base_buffer_c_string(&search->name), base_buffer_c_string(&search->words[i])) == NULL)
            return false;
    return true;
}

enum base_code node_search_fits(struct node_search *search, const struct people_record *record, bool *fits)
{
    *fits = search->count == 0;
    for (size_t i = 0; !*fits && i < record->name_count; i++) {
        base_buffer_clear(&search->name);
        BASE_TRY(names_lower(base_bytes_text(record->names[i].text), &search->name));
        *fits = has_words(search);
    }
    return BASE_OK;
}

void node_search_release(struct node_search *search)
{
    for (size_t i = 0; i < NODE_SEARCH_WORDS_MAX; i++)
        base_buffer_release(&search->words[i]);
    base_buffer_release(&search->name);
    *search = NODE_SEARCH_EMPTY;
}

void node_person_names(const struct people_record *record, const char **name, const char **original)
{
    *name = *original = NULL;
    for (size_t i = 0; i < record->name_count; i++) {
        const struct people_name *item = &record->names[i];
        if (*name == NULL && (item->kind == PEOPLE_NAME_PRIMARY || i + 1 == record->name_count))
            *name = item->text;
        if (*original == NULL && item->kind == PEOPLE_NAME_ORIGINAL)
            *original = item->text;
    }
    if (*name != NULL && *original != NULL && strcmp(*name, *original) == 0)
        *original = NULL;
}
