/* SPDX-License-Identifier: Apache-2.0 */
#include "synth/letters.h"

#include <string.h>

enum { PLACES_MAX = 192 };

static bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static bool is_vowel(char byte)
{
    return byte != 0 && strchr("aeiouAEIOU", byte) != NULL;
}

static bool is_inner(const char *text, size_t at)
{
    return at > 0 && is_letter(text[at]) && is_letter(text[at - 1]);
}

/* Which places does the slip fit? Picks one of them; PLACES_MAX when there is none. */
static size_t pick_place(const char *text, bool (*fits)(const char *text, size_t at), struct synth_random *random)
{
    uint8_t places[PLACES_MAX];
    uint32_t count = 0;
    for (size_t at = 0; text[at] != 0 && at < PLACES_MAX; at++)
        if (fits(text, at))
            places[count++] = (uint8_t)at;
    return count == 0 ? PLACES_MAX : places[synth_random_below(random, count)];
}

static void cut_out(char *text, size_t at)
{
    memmove(text + at, text + at + 1, strlen(text + at));
}

static bool put_in(char *text, size_t size, size_t at, char letter)
{
    if (strlen(text) + 2 > size)
        return false;
    memmove(text + at + 1, text + at, strlen(text + at) + 1);
    text[at] = letter;
    return true;
}

static bool fits_vowel(const char *text, size_t at)
{
    return is_vowel(text[at]);
}

bool synth_letters_vowel(char *text, size_t size, struct synth_random *random)
{
    size_t at = pick_place(text, fits_vowel, random);
    (void)size;
    if (at == PLACES_MAX)
        return false;
    const char *set = text[at] >= 'a' ? "aeiou" : "AEIOU";
    size_t now = (size_t)(strchr(set, text[at]) - set);
    text[at] = set[(now + 1 + synth_random_below(random, 4)) % 5];
    return true;
}

static bool fits_double(const char *text, size_t at)
{
    return is_inner(text, at);
}

static bool fits_single(const char *text, size_t at)
{
    return is_inner(text, at) && text[at] == text[at - 1];
}

/* One of two left out where there are two, or else one written twice. */
bool synth_letters_doubled(char *text, size_t size, struct synth_random *random)
{
    size_t at = pick_place(text, fits_single, random);
    if (at != PLACES_MAX) {
        cut_out(text, at);
        return true;
    }
    at = pick_place(text, fits_double, random);
    return at != PLACES_MAX && put_in(text, size, at, text[at]);
}

static bool fits_drop(const char *text, size_t at)
{
    return is_inner(text, at) && text[at] != text[at - 1] && text[at] != text[at + 1];
}

bool synth_letters_dropped(char *text, size_t size, struct synth_random *random)
{
    size_t at = pick_place(text, fits_drop, random);
    (void)size;
    if (at == PLACES_MAX || strlen(text) < 4)
        return false;
    cut_out(text, at);
    return true;
}

static char any_letter(struct synth_random *random)
{
    return "abcdefghijklmnopqrstuvwxyz"[synth_random_below(random, 26)];
}

bool synth_letters_added(char *text, size_t size, struct synth_random *random)
{
    size_t at = pick_place(text, fits_double, random);
    if (at == PLACES_MAX)
        return false;
    char letter = any_letter(random);
    while (letter == text[at] || letter == text[at - 1])
        letter = any_letter(random);
    return put_in(text, size, at, letter);
}

static bool fits_wrong(const char *text, size_t at)
{
    return is_inner(text, at) && !is_vowel(text[at]);
}

bool synth_letters_wrong(char *text, size_t size, struct synth_random *random)
{
    size_t at = pick_place(text, fits_wrong, random);
    (void)size;
    if (at == PLACES_MAX)
        return false;
    char letter = any_letter(random);
    while (letter == text[at])
        letter = any_letter(random);
    text[at] = letter;
    return true;
}

static bool fits_swap(const char *text, size_t at)
{
    return is_inner(text, at) && is_letter(text[at + 1]) && text[at] != text[at + 1];
}

bool synth_letters_swapped(char *text, size_t size, struct synth_random *random)
{
    size_t at = pick_place(text, fits_swap, random);
    (void)size;
    if (at == PLACES_MAX)
        return false;
    char letter = text[at];
    text[at] = text[at + 1];
    text[at + 1] = letter;
    return true;
}
