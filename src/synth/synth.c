/* SPDX-License-Identifier: Apache-2.0
 *
 * The population: which languages it is drawn from, and its persons as records.
 */
#include "synth/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ERROR_WORD(name, word) [SYNTH_ERROR_##name] = (word),
static const char *const error_words[SYNTH_ERROR_COUNT] = {SYNTH_ERRORS(ERROR_WORD)};

/* In 100,000 persons (doc/spec/synth.md 5.4). */
enum {
    RATE_SCALE = 100000,
    RATE_NO_DOCUMENT = 5700,
    RATE_DOCUMENT_DIGIT = 800,
    RATE_NO_PLACE = 7500,
    RATE_OTHER_PLACE = 500,
    RATE_NO_NATIONALITY = 14000,
};

const char *synth_error_word(enum synth_error error)
{
    return error_words[error];
}

bool synth_errs(const struct synth *synth, struct synth_random *random, uint32_t rate)
{
    return (uint64_t)synth_random_below(random, RATE_SCALE) * 100 < (uint64_t)rate * synth->error_percent;
}

static bool is_named(const struct synth_language *language, const char *name)
{
    return strcmp(language->name, name) == 0 || (language->base != NULL && language->share > 0 && strcmp(language->base->name, name) == 0);
}

static bool is_chosen(const struct synth_options *options, const struct synth_language *language)
{
    if (language->share == 0)
        return false;
    for (size_t i = 0; i < options->language_count; i++)
        if (is_named(language, options->languages[i]))
            return true;
    return options->language_count == 0;
}

static enum base_code check_language(const struct synth_tables *tables, const char *name)
{
    for (size_t i = 0; i < tables->count; i++)
        if (is_named(&tables->languages[i], name))
            return BASE_OK;
    return base_fail(BASE_E_ARGUMENT, "there is no name table of the language '%.40s'", name);
}

static enum base_code choose(struct synth *synth, const struct synth_options *options)
{
    uint32_t shares[SYNTH_LANGUAGES_MAX];
    for (size_t i = 0; i < options->language_count; i++)
        BASE_TRY(check_language(&synth->tables, options->languages[i]));
    for (size_t i = 0; i < synth->tables.count; i++) {
        if (!is_chosen(options, &synth->tables.languages[i]))
            continue;
        if (synth->chosen_count == SYNTH_LANGUAGES_MAX)
            return base_fail(BASE_E_INTERNAL, "more than %d languages", SYNTH_LANGUAGES_MAX);
        shares[synth->chosen_count] = synth->tables.languages[i].share;
        synth->chosen[synth->chosen_count++] = (uint16_t)i;
    }
    return synth_slots_make(shares, synth->chosen_count, &synth->slots, &synth->total);
}

enum base_code synth_new(uint64_t seed, const struct synth_options *options, struct synth **out)
{
    if (options->women_percent > 100 || options->error_percent > SYNTH_ERROR_PERCENT_MAX)
        return base_fail(BASE_E_ARGUMENT, "at most 100 per cent of women, and %d per cent of errors", SYNTH_ERROR_PERCENT_MAX);
    struct synth *synth = calloc(1, sizeof *synth);
    if (synth == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for synthetic persons");
    synth->seed = seed;
    synth->women_percent = options->women_percent;
    synth->error_percent = options->error_percent;
    enum base_code code = synth_tables_parse(synth_tables_text(), &synth->tables);
    if (code == BASE_OK)
        code = choose(synth, options);
    if (code != BASE_OK) {
        synth_free(synth);
        return code;
    }
    *out = synth;
    return BASE_OK;
}

void synth_free(struct synth *synth)
{
    if (synth == NULL)
        return;
    synth_tables_release(&synth->tables);
    free(synth->slots);
    free(synth);
}

const char *synth_language_name(const struct synth *synth, size_t index)
{
    return index < synth->tables.count ? synth->tables.languages[index].name : NULL;
}

size_t synth_person_language(const struct synth *synth, uint64_t index)
{
    return synth_who_language(synth, index);
}

uint64_t synth_person_family(const struct synth *synth, uint64_t index)
{
    return synth_who_family(synth, index);
}

static enum base_code check_index(uint64_t index)
{
    return index <= SYNTH_INDEX_MAX ? BASE_OK : base_fail(BASE_E_RANGE, "persons are numbered up to 2^40");
}

enum base_code synth_person(const struct synth *synth, uint64_t index, struct people_record *out)
{
    struct synth_first first;
    BASE_TRY(check_index(index));
    synth_first_make(synth, index, &first);
    return synth_sheet_record(&first.sheet, out);
}

enum base_code synth_variant(const struct synth *synth, uint64_t index, uint32_t which, struct people_record *out, uint64_t *errors)
{
    struct synth_first first;
    struct synth_sheet second;
    BASE_TRY(check_index(index));
    synth_first_make(synth, index, &first);
    uint64_t made = synth_second_make(synth, &first, which, &second);
    if (errors != NULL)
        *errors = made;
    return synth_sheet_record(&second, out);
}

/* One digit of a number is another. */
static bool slip_digit(char *number, struct synth_random *random)
{
    size_t len = strlen(number);
    if (len < 2)
        return false;
    size_t at = 1 + synth_random_below(random, (uint32_t)len - 1);
    number[at] = (char)('0' + ((unsigned)(number[at] - '0') + 1 + synth_random_below(random, 9)) % 10);
    return true;
}

static uint64_t miscopy_documents(const struct synth *synth, struct synth_random *random, struct synth_sheet *out)
{
    if (out->passport[0] == 0 && out->id[0] == 0)
        return 0;
    if (synth_errs(synth, random, RATE_NO_DOCUMENT)) {
        out->passport[0] = out->id[0] = 0;
        return SYNTH_ERROR_BIT(SYNTH_ERROR_NO_DOCUMENT);
    }
    if (synth_errs(synth, random, RATE_DOCUMENT_DIGIT) && slip_digit(out->passport[0] != 0 ? out->passport : out->id, random))
        return SYNTH_ERROR_BIT(SYNTH_ERROR_DOCUMENT_DIGIT);
    return 0;
}

static uint64_t miscopy_places(const struct synth *synth, const struct synth_first *first, struct synth_random *random, struct synth_sheet *out)
{
    uint64_t errors = 0;
    if (out->place != NULL && synth_errs(synth, random, RATE_NO_PLACE)) {
        out->place = NULL;
        errors |= SYNTH_ERROR_BIT(SYNTH_ERROR_NO_PLACE);
    } else if (out->place != NULL && synth_errs(synth, random, RATE_OTHER_PLACE)) {
        out->place = synth_table_pick(synth_language_table(first->who.language, SYNTH_KIND_PLACE), 1, random)->roman;
        if (strcmp(out->place, first->sheet.place) != 0)
            errors |= SYNTH_ERROR_BIT(SYNTH_ERROR_OTHER_PLACE);
    }
    if (out->country != NULL && synth_errs(synth, random, RATE_NO_NATIONALITY)) {
        out->country = NULL;
        errors |= SYNTH_ERROR_BIT(SYNTH_ERROR_NO_NATIONALITY);
    }
    return errors;
}

uint64_t synth_second_make(const struct synth *synth, const struct synth_first *first, uint32_t which, struct synth_sheet *out)
{
    struct synth_random random = synth_random_of(synth->seed, first->who.index, SYNTH_PURPOSE_VARIANT + (uint64_t)which);
    snprintf(out->key, sizeof out->key, "synth-%llu-%u", (unsigned long long)first->who.index, which);
    out->name_count = out->birth_count = 0;
    out->sex = first->sheet.sex;
    out->place = first->sheet.place;
    out->country = first->sheet.country;
    memcpy(out->passport, first->sheet.passport, sizeof out->passport);
    memcpy(out->id, first->sheet.id, sizeof out->id);
    uint64_t errors = synth_misspell(synth, first, &random, out);
    errors |= synth_misdate(synth, first, &random, out);
    errors |= miscopy_documents(synth, &random, out);
    return errors | miscopy_places(synth, first, &random, out);
}
