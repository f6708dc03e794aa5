/* SPDX-License-Identifier: Apache-2.0
 *
 * A word is the number c0 + c1 B + c2 B^2 ... modulo 2^64, with an odd B: to take a letter out, what stands behind it is divided by
 * B, which is multiplying with the inverse.
 */
#include "people/slips.h"

#include "people/profile_inside.h"

#define BASE UINT64_C(0x9e3779b97f4a7c15)

void people_slips_release(struct people_slips *slips)
{
    people_postings_release(&slips->words);
    *slips = (struct people_slips){0};
}

/* By Newton: each step doubles the bits that are right. */
static uint64_t inverse_of(uint64_t odd)
{
    uint64_t inverse = odd;
    for (int i = 0; i < 6; i++)
        inverse *= 2 - odd * inverse;
    return inverse;
}

static uint32_t key_of(enum people_slips_kind kind, uint64_t word)
{
    return people_postings_key(people_mix(word ^ (uint64_t)(kind + 1) << 40));
}

static void add_letters(struct people_slips *slips, enum people_slips_kind kind, const char *word, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        size_t at = 0;
        while (at < slips->letter_count[kind] && slips->letters[kind][at] != (uint8_t)word[i])
            at++;
        if (at == slips->letter_count[kind])
            slips->letters[kind][slips->letter_count[kind]++] = (uint8_t)word[i];
    }
}

enum base_code people_slips_add(struct people_slips *slips, enum people_slips_kind kind, const char *word, size_t len, uint32_t what)
{
    uint64_t number = 0;
    for (size_t i = len; i-- > 0;)
        number = number * BASE + (uint8_t)word[i];
    uint32_t key = key_of(kind, number);
    struct people_postings_list there = people_postings_find(&slips->words, key);
    for (size_t i = 0; i < there.count; i++)
        if (there.items[i] == what)
            return BASE_OK;
    BASE_TRY(people_postings_add(&slips->words, key, what));
    add_letters(slips, kind, word, len);
    return BASE_OK;
}

struct walk {
    const struct people_slips *slips;
    enum people_slips_kind kind;
    people_slips_visit *visit;
    void *context;
};

static void look_up(const struct walk *walk, uint64_t word)
{
    struct people_postings_list list = people_postings_find(&walk->slips->words, key_of(walk->kind, word));
    for (size_t i = 0; i < list.count; i++)
        walk->visit(walk->context, list.items[i]);
}

/* `before` is the number of what stands before a place, `power` that of the place, `behind` of what stands behind, as it is
 * placed now; without the letter there it moves down, with another one before it up. */
static void look_up_at(const struct walk *walk, uint64_t before, uint64_t power, uint64_t letter, uint64_t behind, uint64_t inverse)
{
    const uint8_t *letters = walk->slips->letters[walk->kind];
    size_t count = walk->slips->letter_count[walk->kind];
    uint64_t pushed = before + (letter * power + behind) * BASE;
    look_up(walk, before + behind * inverse);
    for (size_t i = 0; i < count; i++) {
        look_up(walk, pushed + letters[i] * power);
        if (letters[i] != letter)
            look_up(walk, before + letters[i] * power + behind);
    }
}

void people_slips_find(const struct people_slips *slips, enum people_slips_kind kind, const char *word, size_t len, people_slips_visit *visit,
                       void *context)
{
    const uint64_t inverse = inverse_of(BASE);
    struct walk walk = {slips, kind, visit, context};
    uint64_t all = 0, before = 0, power = 1;
    for (size_t i = len; i-- > 0;)
        all = all * BASE + (uint8_t)word[i];
    for (size_t i = 0; i < len; i++, power *= BASE) {
        uint64_t letter = (uint8_t)word[i], next = i + 1 < len ? (uint8_t)word[i + 1] : letter;
        look_up_at(&walk, before, power, letter, all - before - letter * power, inverse);
        if (next != letter)
            look_up(&walk, all + (next - letter) * power - (next - letter) * power * BASE);
        before += letter * power;
    }
    for (size_t i = 0; i < slips->letter_count[kind]; i++) /* put in at the end */
        look_up(&walk, all + slips->letters[kind][i] * power);
}
