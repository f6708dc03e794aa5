/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/persons.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GIVEN = 3000, FAMILY = 200000, SERIAL = 1200, WORD_BYTES = 32, NAME_BYTES = 256 };

/* Ranks by how often: the n-th is n times rarer than the first (Zipf), which is near what names do. */
struct ranks {
    double *up_to;
    size_t count;
};

struct persons {
    uint64_t state, number;
    struct ranks given, family, serial;
};

static uint64_t next(struct persons *persons)
{
    uint64_t z = persons->state += 0x9e3779b97f4a7c15U; /* splitmix64 */
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
    z = (z ^ z >> 27) * 0x94d049bb133111ebU;
    return z ^ z >> 31;
}

static unsigned below(struct persons *persons, unsigned limit)
{
    return (unsigned)(next(persons) % limit);
}

static enum base_code make_ranks(size_t count, struct ranks *out)
{
    double sum = 0;
    out->up_to = base_alloc_array(count, sizeof *out->up_to);
    if (out->up_to == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for %zu names", count);
    out->count = count;
    for (size_t i = 0; i < count; i++)
        out->up_to[i] = sum += 1 / ((double)i + 3); /* without the + the first name alone would be a tenth of all */
    return BASE_OK;
}

static size_t pick(struct persons *persons, const struct ranks *ranks)
{
    double wanted = (double)(next(persons) >> 11) / 9007199254740992.0 * ranks->up_to[ranks->count - 1];
    size_t low = 0, high = ranks->count - 1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (ranks->up_to[middle] < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The word of a rank: two to four syllables that its number picks. */
static void word_of(size_t kind, size_t rank, char out[WORD_BYTES])
{
    static const char *const heads[] = {"b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "sh", "kh"};
    static const char *const vowels[] = {"a", "e", "i", "o", "u", "a"};
    static const char *const tails[] = {"", "", "", "", "l", "r", "n", "m"};
    uint64_t bits = (rank + 1) * 0x9e3779b97f4a7c15U + kind * 0xd1b54a32d192ed03U;
    bits = (bits ^ bits >> 31) * 0x94d049bb133111ebU;
    bits ^= bits >> 29;
    size_t len = 0, syllables = rank > 20000 ? 4 : rank > 40 ? 3 : 2;
    for (size_t i = 0; i < syllables; i++, bits >>= 11)
        len += (size_t)snprintf(out + len, WORD_BYTES - len, "%s%s%s", heads[bits & 15], vowels[(bits >> 4 & 7) % 6], tails[bits >> 8 & 7]);
}

static const char *const frequent[] = {"Muhammad", "Ahmad", "Ali", "Hassan", "Hussein", "Abdullah", "Ibrahim", "Omar", "Khalid", "Mahmoud",
                                       "Yusuf", "Mustafa", "Salih", "Jamal", "Karim", "Ismail"};

static void serial_word(struct persons *persons, char out[WORD_BYTES])
{
    size_t rank = pick(persons, &persons->serial);
    if (rank < sizeof frequent / sizeof *frequent)
        snprintf(out, WORD_BYTES, "%s", frequent[rank]);
    else
        word_of(3, rank, out);
}

/* Letter by letter: these words are made of what Cyrillic has. */
static void to_cyrillic(const char *latin, char *out, size_t capacity)
{
    static const char letters[] = "abdefgiklmnoprstuvz";
    static const char *const cyrillic[] = {"а", "б", "д", "е", "ф", "г", "и", "к", "л", "м", "н", "о", "п", "р", "с", "т", "у", "в", "з"};
    size_t len = 0;
    for (; *latin != 0 && len + 3 < capacity; latin++) {
        const char *at = strchr(letters, *latin);
        const char *letter = at != NULL ? cyrillic[at - letters] : *latin == ' ' ? " " : *latin == 'h' ? "" : "ч";
        if (latin[0] == 's' && latin[1] == 'h')
            letter = "ш";
        if (latin[0] == 'k' && latin[1] == 'h')
            letter = "х";
        len += (size_t)snprintf(out + len, capacity - len, "%s", letter);
    }
    out[len] = 0;
}

static enum base_code add_name(struct people_record *out, enum people_name_kind kind, const char *name)
{
    return people_record_add_name(out, kind, base_bytes_text(name));
}

static enum base_code add_names(struct persons *persons, struct people_record *out)
{
    char first[WORD_BYTES], second[WORD_BYTES], third[WORD_BYTES], fourth[WORD_BYTES], name[NAME_BYTES], other[NAME_BYTES * 2];
    unsigned manner = below(persons, 10);
    if (manner < 4) {
        word_of(1, pick(persons, &persons->given), first);
        word_of(1, pick(persons, &persons->given), second);
        word_of(2, pick(persons, &persons->family), third);
        snprintf(name, sizeof name, "%s %sov %sovich", first, third, second);
        BASE_TRY(add_name(out, PEOPLE_NAME_PRIMARY, name));
        if (below(persons, 3) != 0)
            return BASE_OK;
        to_cyrillic(name, other, sizeof other);
        return add_name(out, PEOPLE_NAME_ORIGINAL, other);
    }
    if (manner < 7) {
        serial_word(persons, first);
        serial_word(persons, second);
        serial_word(persons, third);
        serial_word(persons, fourth);
        snprintf(name, sizeof name, below(persons, 2) == 0 ? "%s %s %s" : "%s %s %s al-%s", first, second, third, fourth);
        BASE_TRY(add_name(out, PEOPLE_NAME_PRIMARY, name));
        snprintf(name, sizeof name, "%s %s", first, third);
        return below(persons, 3) == 0 ? add_name(out, PEOPLE_NAME_ALIAS, name) : BASE_OK;
    }
    word_of(1, pick(persons, &persons->given), first);
    word_of(4, pick(persons, &persons->family), second);
    snprintf(name, sizeof name, "%s %s", first, second);
    return add_name(out, PEOPLE_NAME_PRIMARY, name);
}

static struct people_day any_day(struct persons *persons)
{
    return (struct people_day){(int16_t)(1940 + below(persons, 66)), (uint8_t)(1 + below(persons, 12)), (uint8_t)(1 + below(persons, 28))};
}

static enum base_code add_birth(struct people_record *out, struct people_day day)
{
    return people_record_add_birth(out, day, day, false, base_bytes_text(""));
}

enum base_code persons_next(struct persons *persons, struct people_record *out)
{
    char text[WORD_BYTES];
    struct base_bytes none = base_bytes_text("");
    struct people_day day = any_day(persons);
    unsigned precision = below(persons, 20);
    snprintf(text, sizeof text, "synthetic-%llu", (unsigned long long)persons->number++);
    BASE_TRY(people_record_set_key(out, base_bytes_text(text)));
    BASE_TRY(add_names(persons, out));
    out->sex = below(persons, 2) == 0 ? 'm' : 'f';
    if (precision >= 16)
        day.month = day.day = 0;
    if (precision < 19)
        BASE_TRY(add_birth(out, day));
    BASE_TRY(people_texts_add(&out->nationalities, base_bytes_text(below(persons, 2) == 0 ? "Ruritania" : "Graustark")));
    if (below(persons, 3) != 0)
        return BASE_OK;
    snprintf(text, sizeof text, "%c%09u", 'A' + (char)below(persons, 26), below(persons, 1000000000));
    return people_record_add_document(out, base_bytes_text("Passport"), base_bytes_text(text), none, none);
}

/* Another vowel, which no sound has; of one in eight a wrong letter, which is a slip. */
static void misspell(struct persons *persons, char *name)
{
    size_t len = strlen(name), at = below(persons, (unsigned)len);
    if (below(persons, 8) == 0 && strchr("abdefgiklmnoprstuvz", name[at]) != NULL) {
        name[at] = "bdfgklmnprstvz"[below(persons, 14)];
        return;
    }
    for (size_t i = 0; i < len; i++) {
        char *letter = &name[(at + i) % len];
        if (strchr("aeiou", *letter) == NULL)
            continue;
        *letter = "aeiou"[below(persons, 5)];
        return;
    }
}

static enum base_code misdate(struct persons *persons, const struct people_record *person, struct people_record *out)
{
    if (person->birth_count == 0)
        return BASE_OK;
    struct people_day day = person->births[0].from;
    switch (below(persons, 4)) {
    case 0:
        day.year = (int16_t)(day.year + 1);
        break;
    case 1:
        day.month = day.day = 0;
        break;
    default:
        break;
    }
    return add_birth(out, day);
}

enum base_code persons_misspell(struct persons *persons, const struct people_record *person, struct people_record *out)
{
    char name[NAME_BYTES], turned[NAME_BYTES * 2];
    snprintf(name, sizeof name, "%s", person->names[0].text);
    misspell(persons, name);
    char *blank = strchr(name, ' ');
    if (blank != NULL && below(persons, 2) == 0) {
        *blank = 0;
        snprintf(turned, sizeof turned, "%s %s", blank + 1, name);
        BASE_TRY(add_name(out, PEOPLE_NAME_PRIMARY, turned));
    } else {
        BASE_TRY(add_name(out, PEOPLE_NAME_PRIMARY, name));
    }
    return misdate(persons, person, out);
}

enum base_code persons_new(uint64_t seed, struct persons **out)
{
    struct persons *persons = calloc(1, sizeof *persons);
    if (persons == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for persons");
    persons->state = seed;
    enum base_code code = make_ranks(GIVEN, &persons->given);
    if (code == BASE_OK)
        code = make_ranks(FAMILY, &persons->family);
    if (code == BASE_OK)
        code = make_ranks(SERIAL, &persons->serial);
    if (code != BASE_OK) {
        persons_free(persons);
        return code;
    }
    *out = persons;
    return BASE_OK;
}

void persons_free(struct persons *persons)
{
    if (persons == NULL)
        return;
    free(persons->given.up_to);
    free(persons->family.up_to);
    free(persons->serial.up_to);
    free(persons);
}
