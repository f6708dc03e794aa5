/* SPDX-License-Identifier: Apache-2.0
 *
 * Who a person is. Indices are cut into blocks, and each block is planned from its number: single persons, brothers and sisters,
 * parents with children, twins, and namesakes. What a family shares is drawn from the index of its first member, the rest from the
 * person's own (doc/spec/synth.md section 3).
 */
#include "synth/inside.h"

#include <stdio.h>
#include <string.h>

enum {
    BLOCK = 16,
    FAMILY_MAX = 4,
    COMPOSED_DEPTH = 2,
    GIVEN_TRIES = 8,
    FATHER_YEARS_MIN = 19,
    FATHER_YEARS_SPAN = 24,
    SIBLING_YEARS = 12,
    YEAR_MAX = 2006,
    PASSPORT = 241, /* per mille */
    ID_NUMBER = 253,
    BORN_ELSEWHERE = 250,
};

enum bond { BOND_NONE, BOND_SIBLINGS, BOND_FATHER, BOND_TWINS, BOND_NAMESAKES, BOND_COUNT };

/* Per mille of families, and how many they are. */
static const struct {
    uint16_t per_mille;
    uint8_t least, most;
} bonds[BOND_COUNT] = {
    [BOND_NONE] = {860, 1, 1}, [BOND_SIBLINGS] = {60, 2, 4}, [BOND_FATHER] = {35, 2, 4},
    [BOND_TWINS] = {10, 2, 2}, [BOND_NAMESAKES] = {35, 2, 2},
};

struct family {
    uint64_t first;
    unsigned rank; /* of the person within it; 0: the first, who is the father where there is one */
    enum bond bond;
};

/* What is drawn once for a family. */
struct shared {
    const struct synth_language *language;
    struct synth_part family, father, grandfather, mother_family;
    const struct synth_name *place, *country;
    int year;
};

struct synth_text synth_text_over(char *storage, size_t size)
{
    *storage = 0;
    return (struct synth_text){storage, storage + size - 1};
}

void synth_text_put(struct synth_text *text, const char *bytes)
{
    size_t len = strlen(bytes);
    if (len > (size_t)(text->end - text->at))
        return;
    memcpy(text->at, bytes, len + 1);
    text->at += len;
}

static enum bond pick_bond(struct synth_random *random)
{
    uint32_t level = synth_random_below(random, 1000);
    for (unsigned bond = 0; bond < BOND_COUNT; bond++) {
        if (level < bonds[bond].per_mille)
            return (enum bond)bond;
        level -= bonds[bond].per_mille;
    }
    return BOND_NONE;
}

static struct family find_family(const struct synth *synth, uint64_t index)
{
    struct synth_random plan = synth_random_of(synth->seed, index / BLOCK, SYNTH_PURPOSE_PLAN);
    unsigned wanted = (unsigned)(index % BLOCK), at = 0;
    for (;;) {
        enum bond bond = pick_bond(&plan);
        unsigned size = bonds[bond].least + synth_random_below(&plan, (uint32_t)(bonds[bond].most - bonds[bond].least) + 1);
        if (at + size > BLOCK) {
            bond = BOND_NONE;
            size = 1;
        }
        if (wanted < at + size)
            return (struct family){index - (wanted - at), wanted - at, bond};
        at += size;
    }
}

/* The first letter of a composed name is a capital, where the script has them; parts in other scripts than ASCII are written so. */
static void capitalise(char *text)
{
    if (text[0] >= 'a' && text[0] <= 'z')
        text[0] = (char)(text[0] - 'a' + 'A');
}

/* The pieces of a composed name; a piece may be composed itself ("Abu Abd al-Rahman"), but not much deeper. */
static void put_pieces(const struct synth_language *owner, const struct synth_name *name, unsigned era, struct synth_random *random,
                       unsigned depth, struct synth_text *original, struct synth_text *roman)
{
    for (size_t i = 0; i < name->class_count; i++) {
        const struct synth_language *piece_owner;
        const struct synth_name *piece = synth_table_pick(synth_language_find(owner, name->classes[i], &piece_owner), era, random);
        if (piece->class_count > 0 && depth < COMPOSED_DEPTH) {
            put_pieces(piece_owner, piece, era, random, depth + 1, original, roman);
        } else if (piece->class_count == 0) {
            synth_text_put(original, piece->original);
            synth_text_put(roman, piece->roman);
        }
    }
}

void synth_name_pick(const struct synth_language *language, unsigned kind, unsigned era, struct synth_random *random,
                     struct synth_part *out)
{
    const struct synth_language *owner;
    const struct synth_name *name = synth_table_pick(synth_language_find(language, kind, &owner), era, random);
    struct synth_text original = synth_text_over(out->original, sizeof out->original);
    struct synth_text roman = synth_text_over(out->roman, sizeof out->roman);
    out->name = NULL;
    if (name == NULL)
        return;
    if (name->class_count == 0) {
        synth_text_put(&original, name->original);
        synth_text_put(&roman, name->roman);
        out->name = name;
        return;
    }
    put_pieces(owner, name, era, random, 0, &original, &roman);
    capitalise(out->original);
    capitalise(out->roman);
}

static size_t pick_language(const struct synth *synth, struct synth_random *random)
{
    return synth->chosen[synth_slots_pick(synth->slots, synth->chosen_count, synth->total, random)];
}

static unsigned era_of(int year)
{
    return year < 1960 ? 0 : year < 1985 ? 1 : 2;
}

/* Per mille of persons by the decade they are born in, from 1920. */
static int pick_year(struct synth_random *random)
{
    static const uint16_t decades[] = {5, 27, 78, 201, 334, 234, 108, 13};
    uint32_t level = synth_random_below(random, 1000);
    int year = 1920;
    for (size_t i = 0; level >= decades[i]; i++) {
        level -= decades[i];
        year += 10;
    }
    return year + (int)synth_random_below(random, 10);
}

static void draw_shared(const struct synth *synth, uint64_t first, struct shared *out)
{
    struct synth_random random = synth_random_of(synth->seed, first, SYNTH_PURPOSE_FAMILY);
    out->language = &synth->tables.languages[pick_language(synth, &random)];
    out->year = pick_year(&random);
    unsigned era = era_of(out->year - FATHER_YEARS_MIN);
    synth_name_pick(out->language, SYNTH_KIND_FAMILY, era, &random, &out->family);
    synth_name_pick(out->language, SYNTH_KIND_FAMILY, era, &random, &out->mother_family);
    synth_name_pick(out->language, SYNTH_KIND_MALE, era, &random, &out->father);
    synth_name_pick(out->language, SYNTH_KIND_MALE, 0, &random, &out->grandfather);
    out->place = synth_table_pick(synth_language_table(out->language, SYNTH_KIND_PLACE), 1, &random);
    out->country = synth_table_pick(synth_language_table(out->language, SYNTH_KIND_COUNTRY), 1, &random);
}

static bool ends_with(const char *text, const char *ending, size_t *at)
{
    size_t len = strlen(text), ending_len = strlen(ending);
    if (ending_len > len || memcmp(text + len - ending_len, ending, ending_len) != 0)
        return false;
    *at = len - ending_len;
    return true;
}

static void rewrite(char *text, size_t at, const char *to)
{
    struct synth_text end = {text + at, text + SYNTH_PART_BYTES - 1};
    *end.at = 0;
    synth_text_put(&end, to);
}

/* The longest ending that fits; the romanisation follows the spelling where it can. */
static void rewrite_ending(const struct synth_endings *endings, struct synth_part *part)
{
    const struct synth_ending *best = NULL;
    size_t at = 0, best_at = 0;
    for (size_t i = 0; i < endings->count; i++) {
        if (!ends_with(part->original, endings->items[i].original_from, &at) || (best != NULL && at >= best_at))
            continue;
        best = &endings->items[i];
        best_at = at;
    }
    if (best == NULL)
        return;
    rewrite(part->original, best_at, best->original_to);
    if (ends_with(part->roman, best->roman_from, &at))
        rewrite(part->roman, at, best->roman_to);
    else
        rewrite(part->roman, strlen(part->roman), best->roman_to);
    part->name = NULL;
}

static char draw_sex(const struct synth *synth, const struct family *family)
{
    uint64_t index = family->bond == BOND_NAMESAKES ? family->first : family->first + family->rank;
    struct synth_random random = synth_random_of(synth->seed, index, SYNTH_PURPOSE_SELF);
    if (family->bond == BOND_FATHER && family->rank == 0)
        return 'm';
    return synth_random_below(&random, 100) < synth->women_percent ? 'f' : 'm';
}

static unsigned kind_of(char sex)
{
    return sex == 'f' ? SYNTH_KIND_FEMALE : SYNTH_KIND_MALE;
}

static bool is_taken(const struct synth_part *parts, unsigned count, const struct synth_part *part)
{
    for (unsigned i = 0; i < count; i++)
        if (strcmp(parts[i].original, part->original) == 0)
            return true;
    return false;
}

/* Children of one family have different names: they are drawn one after another from the family's stream. */
static void draw_given(const struct synth *synth, const struct shared *shared, const struct family *family, struct synth_part *out)
{
    struct synth_random random = synth_random_of(synth->seed, family->first, SYNTH_PURPOSE_GIVEN);
    struct synth_part taken[FAMILY_MAX];
    unsigned last = family->bond == BOND_NAMESAKES ? 0 : family->rank;
    for (unsigned i = 0; i <= last; i++) {
        struct family child = {family->first, i, family->bond};
        unsigned tries = 0;
        do
            synth_name_pick(shared->language, kind_of(draw_sex(synth, &child)), era_of(shared->year), &random, &taken[i]);
        while (is_taken(taken, i, &taken[i]) && ++tries < GIVEN_TRIES);
    }
    *out = taken[last];
}

struct people_day synth_day_any(int year, struct synth_random *random)
{
    static const uint8_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    unsigned month = synth_random_below(random, 12);
    return (struct people_day){(int16_t)year, (uint8_t)(month + 1), (uint8_t)(1 + synth_random_below(random, lengths[month]))};
}

static struct people_day draw_birth(const struct synth *synth, const struct shared *shared, const struct family *family)
{
    uint64_t index = family->bond == BOND_TWINS ? family->first : family->first + family->rank;
    struct synth_random random = synth_random_of(synth->seed, index, SYNTH_PURPOSE_BIRTH);
    int year = shared->year;
    if (family->bond == BOND_FATHER && family->rank == 0)
        year -= FATHER_YEARS_MIN + (int)synth_random_below(&random, FATHER_YEARS_SPAN);
    else if (family->bond == BOND_NAMESAKES && family->rank > 0)
        year = pick_year(&random);
    else if (family->bond == BOND_SIBLINGS || family->bond == BOND_FATHER)
        year += (int)synth_random_below(&random, SIBLING_YEARS);
    return synth_day_any(year < YEAR_MAX ? year : YEAR_MAX, &random);
}

static void draw_documents(const struct synth *synth, uint64_t index, struct synth_who *out)
{
    struct synth_random random = synth_random_of(synth->seed, index, SYNTH_PURPOSE_DOCUMENT);
    out->passport[0] = out->id[0] = 0;
    if (synth_random_per_mille(&random, PASSPORT))
        snprintf(out->passport, sizeof out->passport, "%c%07u", (int)('A' + synth_random_below(&random, 26)),
                 (unsigned)synth_random_below(&random, 10000000));
    if (synth_random_per_mille(&random, ID_NUMBER))
        snprintf(out->id, sizeof out->id, "%u%09u", 1 + (unsigned)synth_random_below(&random, 9),
                 (unsigned)synth_random_below(&random, 1000000000));
}

/* The part `of`, in this role. */
static void fill_from(struct synth_part *part, const struct synth_part *of)
{
    uint8_t role = part->role;
    bool is_written = part->is_written;
    *part = *of;
    part->role = role;
    part->is_written = is_written;
}

static void fill_second(const struct synth_who *who, struct synth_random *random, struct synth_part *part)
{
    unsigned kind = who->sex == 'f' ? SYNTH_KIND_SECOND_FEMALE : SYNTH_KIND_SECOND_MALE;
    if (synth_language_table(who->language, kind)->count == 0)
        kind = kind_of(who->sex);
    synth_name_pick(who->language, kind, era_of(who->birth.year), random, part);
}

static void fill_part(const struct synth *synth, const struct shared *shared, const struct family *family,
                      const struct synth_who *who, struct synth_random *random, struct synth_part *part)
{
    const struct synth_language *language = shared->language;
    bool is_father = family->bond == BOND_FATHER && family->rank == 0;
    if (part->role == SYNTH_ROLE_SECOND) {
        fill_second(who, random, part);
    } else if (part->role == SYNTH_ROLE_GIVEN) {
        struct synth_part given;
        draw_given(synth, shared, family, &given);
        fill_from(part, is_father ? &shared->father : &given);
    } else if (part->role == SYNTH_ROLE_FATHER || part->role == SYNTH_ROLE_PATRONYMIC) {
        fill_from(part, is_father ? &shared->grandfather : &shared->father);
        if (part->role == SYNTH_ROLE_PATRONYMIC)
            rewrite_ending(who->sex == 'f' ? &language->daughters : &language->sons, part);
    } else if (part->role == SYNTH_ROLE_GRANDFATHER && is_father) {
        synth_name_pick(language, SYNTH_KIND_MALE, 0, random, part);
    } else if (part->role == SYNTH_ROLE_GRANDFATHER) {
        fill_from(part, &shared->grandfather);
    } else {
        fill_from(part, part->role == SYNTH_ROLE_FAMILY2 ? &shared->mother_family : &shared->family);
        if (who->sex == 'f')
            rewrite_ending(&language->women, part);
    }
}

/* A second name that is the first once more is none. */
static bool is_repeated(const struct synth_who *who, const struct synth_part *part)
{
    for (size_t i = 0; i < who->part_count; i++)
        if (part->role == SYNTH_ROLE_SECOND && strcmp(who->parts[i].original, part->original) == 0)
            return true;
    return false;
}

static bool may_be_missing(uint8_t role)
{
    return role == SYNTH_ROLE_SECOND || role == SYNTH_ROLE_FAMILY || role == SYNTH_ROLE_FAMILY2;
}

static void fill_parts(const struct synth *synth, const struct shared *shared, const struct family *family, struct synth_who *who)
{
    const struct synth_language *language = shared->language;
    bool is_namesake = family->bond == BOND_NAMESAKES;
    struct synth_random random = synth_random_of(synth->seed, is_namesake ? family->first : who->index, SYNTH_PURPOSE_SELF);
    synth_random_next(&random); /* the sex */
    who->part_count = 0;
    for (size_t i = 0; i < language->part_count; i++) {
        struct synth_part *part = &who->parts[who->part_count];
        part->role = language->parts[i].role;
        part->is_written = synth_random_per_mille(&random, language->parts[i].per_mille);
        if (!part->is_written && may_be_missing(part->role))
            continue;
        fill_part(synth, shared, family, who, &random, part);
        if (part->original[0] != 0 && !is_repeated(who, part))
            who->part_count++;
    }
    who->is_linked = synth_random_per_mille(&random, language->linked_per_mille);
    who->link_again = synth_table_pick(synth_language_table(language, SYNTH_KIND_LINK), 1, &random);
    who->link = synth_table_pick(synth_language_table(language, SYNTH_KIND_LINK_FEMALE), 1, &random);
    if (who->sex != 'f' || who->link == NULL)
        who->link = who->link_again;
}

/* One in four was born elsewhere than the family, and a namesake has no family. */
static void draw_places(const struct synth *synth, const struct shared *shared, const struct family *family, struct synth_who *who)
{
    struct synth_random random = synth_random_of(synth->seed, who->index, SYNTH_PURPOSE_DOCUMENT);
    who->place = shared->place;
    who->country = shared->country;
    synth_random_next(&random);
    if (synth_random_per_mille(&random, BORN_ELSEWHERE) || (family->bond == BOND_NAMESAKES && family->rank > 0))
        who->place = synth_table_pick(synth_language_table(shared->language, SYNTH_KIND_PLACE), 1, &random);
}

void synth_who_make(const struct synth *synth, uint64_t index, struct synth_who *out)
{
    struct family family = find_family(synth, index);
    struct shared shared;
    draw_shared(synth, family.first, &shared);
    out->language = shared.language;
    out->index = index;
    out->family = family.first;
    out->sex = draw_sex(synth, &family);
    out->birth = draw_birth(synth, &shared, &family);
    fill_parts(synth, &shared, &family, out);
    draw_places(synth, &shared, &family, out);
    draw_documents(synth, index, out);
}

size_t synth_who_language(const struct synth *synth, uint64_t index)
{
    struct family family = find_family(synth, index);
    struct synth_random random = synth_random_of(synth->seed, family.first, SYNTH_PURPOSE_FAMILY);
    return pick_language(synth, &random);
}

uint64_t synth_who_family(const struct synth *synth, uint64_t index)
{
    return find_family(synth, index).first;
}
