/* SPDX-License-Identifier: Apache-2.0
 *
 * bench-rarity [LISTS-FOLDER]: how many persons of the published lists have each part of a name and each sound, as
 * src/people/rarity.tsv has it. Only what at least PERSONS_MIN of them have is printed, so that nobody is told by it.
 */
#include "bench/lists.h"
#include "names/forms.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PERSONS_MIN = 4 };

struct word {
    char text[NAMES_TOKEN_SIZE];
    uint32_t person;
};

struct words {
    struct word *items;
    size_t count, capacity;
    uint32_t person;
};

/* Small letters or capitals throughout. */
static bool is_word(const char *text)
{
    size_t small = 0, capital = 0;
    for (size_t i = 0; text[i] != 0; i++) {
        small += text[i] >= 'a' && text[i] <= 'z';
        capital += text[i] >= 'A' && text[i] <= 'Z';
    }
    return small + capital == strlen(text) && (small == 0) != (capital == 0);
}

static enum base_code add(struct words *words, const char *text)
{
    if (!is_word(text))
        return BASE_OK;
    BASE_TRY(base_grow_array((void **)&words->items, &words->capacity, words->count + 1, sizeof *words->items));
    struct word *word = &words->items[words->count++];
    memset(word, 0, sizeof *word);
    memcpy(word->text, text, strlen(text));
    word->person = words->person;
    return BASE_OK;
}

static enum base_code add_name(struct words *words, const char *name)
{
    struct names_form form;
    BASE_TRY(names_form_of(base_bytes_text(name), &form));
    for (size_t i = 0; i < form.count; i++) {
        BASE_TRY(add(words, form.tokens[i].plain));
        for (size_t k = 0; k < form.tokens[i].sound_count; k++)
            BASE_TRY(add(words, form.tokens[i].sounds[k]));
    }
    return BASE_OK;
}

static enum base_code add_list(struct words *words, const struct list *list)
{
    for (size_t i = 0; i < list->count; i++, words->person++)
        for (size_t k = 0; k < list->records[i].name_count; k++)
            BASE_TRY(add_name(words, list->records[i].names[k].text));
    return BASE_OK;
}

static int by_text(const void *a, const void *b)
{
    const struct word *x = a, *y = b;
    int order = strcmp(x->text, y->text);
    return order != 0 ? order : (x->person > y->person) - (x->person < y->person);
}

static void print_words(struct words *words)
{
    qsort(words->items, words->count, sizeof *words->items, by_text);
    printf("# SPDX-License-Identifier: Apache-2.0\n"
           "# How many persons of published lists (UN 2018-06, UK 2018-04, US 2019-01, Belarus annex of the EU) have a part of a name\n"
           "# (small letters) or a sound (capitals), where at least %d have it. Made by bench-rarity.\n"
           "persons\t%u\n", PERSONS_MIN, words->person);
    for (size_t i = 0; i < words->count;) {
        size_t next = i, persons = 0;
        for (; next < words->count && strcmp(words->items[next].text, words->items[i].text) == 0; next++)
            persons += next == i || words->items[next].person != words->items[next - 1].person;
        if (persons >= PERSONS_MIN)
            printf("%s\t%zu\n", words->items[i].text, persons);
        i = next;
    }
}

int main(int count, char **arguments)
{
    struct lists lists = {0};
    struct words words = {0};
    enum base_code code = lists_load(count > 1 ? arguments[1] : "../shared/lists", &lists);
    for (size_t i = 0; code == BASE_OK && i < LISTS_COUNT; i++)
        code = add_list(&words, &lists.lists[i]);
    if (code == BASE_OK)
        print_words(&words);
    else
        fprintf(stderr, "bench-rarity: %s (%s)\n", base_detail(), base_code_word(code));
    lists_release(&lists);
    free(words.items);
    return code != BASE_OK;
}
