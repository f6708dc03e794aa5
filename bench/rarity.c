/* SPDX-License-Identifier: Apache-2.0
 *
 * bench-rarity [LISTS-FOLDER]: how many persons of the published lists have each part of a name and each sound, as
 * src/people/rarity.tsv has it. What is frequent in a language that the lists hold few persons of is taken from synthetic persons
 * of that language (doc/spec/synth.md): a quarter of its share there, because it is not known what language a person is of. Only what at
 * least PERSONS_MIN persons have is printed, so that nobody is told by it.
 */
#include "bench/lists.h"
#include "names/forms.h"
#include "synth/synth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PERSONS_MIN = 4, SYNTHETIC = 4000, LANGUAGES_LIKELY = 4 };

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

/* One line a word, and how many persons have it instead of which. */
static void count_persons(struct words *words)
{
    size_t kept = 0;
    qsort(words->items, words->count, sizeof *words->items, by_text);
    for (size_t i = 0; i < words->count;) {
        size_t next = i;
        uint32_t persons = 0;
        for (; next < words->count && strcmp(words->items[next].text, words->items[i].text) == 0; next++)
            persons += next == i || words->items[next].person != words->items[next - 1].person;
        words->items[kept] = words->items[i];
        words->items[kept++].person = persons;
        i = next;
    }
    words->count = kept;
}

static enum base_code add_synthetic(const struct synth *synth, struct words *words)
{
    for (uint64_t i = 0; i < SYNTHETIC; i++, words->person++) {
        struct people_record record = PEOPLE_RECORD_EMPTY;
        enum base_code code = synth_person(synth, i, &record);
        for (size_t k = 0; k < record.name_count && code == BASE_OK; k++)
            code = add_name(words, record.names[k].text);
        people_record_release(&record);
        if (code != BASE_OK)
            return code;
    }
    return BASE_OK;
}

/* Appends what is frequent in one language, as a count of `persons`. */
static enum base_code add_language(const char *language, uint32_t persons, struct words *out)
{
    struct synth_options options = SYNTH_OPTIONS_DEFAULT;
    struct synth *synth = NULL;
    struct words words = {0};
    options.languages = &language;
    options.language_count = 1;
    BASE_TRY(synth_new(1, &options, &synth));
    enum base_code code = add_synthetic(synth, &words);
    count_persons(&words);
    for (size_t i = 0; i < words.count && code == BASE_OK; i++) {
        out->person = (uint32_t)((uint64_t)words.items[i].person * persons / SYNTHETIC / LANGUAGES_LIKELY);
        if (out->person >= PERSONS_MIN)
            code = add(out, words.items[i].text);
    }
    synth_free(synth);
    free(words.items);
    return code;
}

static enum base_code add_languages(uint32_t persons, struct words *out)
{
    struct synth *synth = NULL;
    BASE_TRY(synth_new(1, &SYNTH_OPTIONS_DEFAULT, &synth));
    enum base_code code = BASE_OK;
    for (size_t i = 0; code == BASE_OK && synth_language_name(synth, i) != NULL; i++)
        code = add_language(synth_language_name(synth, i), persons, out);
    synth_free(synth);
    return code;
}

/* The greatest count of each word. */
static void print_words(struct words *words, uint32_t persons)
{
    qsort(words->items, words->count, sizeof *words->items, by_text);
    printf("# SPDX-License-Identifier: Apache-2.0\n"
           "# How many persons of published lists (UN 2018-06, UK 2018-04, US 2019-01, Belarus annex of the EU) have a part of a name\n"
           "# (small letters) or a sound (capitals), or would have it where its language is usual; at least %d. Made by bench-rarity.\n"
           "persons\t%u\n", PERSONS_MIN, persons);
    for (size_t i = 0; i < words->count; i++)
        if (words->items[i].person >= PERSONS_MIN && (i + 1 == words->count || strcmp(words->items[i].text, words->items[i + 1].text) != 0))
            printf("%s\t%u\n", words->items[i].text, words->items[i].person);
}

int main(int count, char **arguments)
{
    struct lists lists = {0};
    struct words words = {0};
    enum base_code code = lists_load(count > 1 ? arguments[1] : "../shared/lists", &lists);
    for (size_t i = 0; code == BASE_OK && i < LISTS_COUNT; i++)
        code = add_list(&words, &lists.lists[i]);
    uint32_t persons = words.person;
    count_persons(&words);
    if (code == BASE_OK)
        code = add_languages(persons, &words);
    if (code == BASE_OK)
        print_words(&words, persons);
    else
        fprintf(stderr, "bench-rarity: %s (%s)\n", base_detail(), base_code_word(code));
    lists_release(&lists);
    free(words.items);
    return code != BASE_OK;
}
