/* SPDX-License-Identifier: Apache-2.0
 *
 * One written word, whose letters are known, to its spelling and what is heard: the rules of each script that look at a
 * letter's neighbours. For src/names/fold.c.
 */
#ifndef NAMES_SPELL_H
#define NAMES_SPELL_H

#include "names/fold.h"
#include "names/letters.h"

enum {
    NAMES_WORD_LETTERS = 64, /* of a word; the rest of a longer one is left out */
    NAMES_SYLLABLE_SIZE = 8, /* bytes of a Chinese syllable with its NUL */
};

/* Languages of one script whose letters are spelled in different ways, told by the letters of the whole name. */
enum names_language { NAMES_NO_LANGUAGE, NAMES_UKRAINIAN, NAMES_BELARUSIAN, NAMES_SERBIAN };

struct names_written {
    const struct names_letter *letters[NAMES_WORD_LETTERS];
    uint32_t points[NAMES_WORD_LETTERS];
    size_t count;
    unsigned scripts; /* a bit for each */
    enum names_language language;
};

/* Fills spelled, heard and script of `out`. */
void names_spell(struct names_written *written, struct names_word *out);

/* A word of Chinese characters or of Hangul. `is_whole`: it is the only word of its name, so that the family name stands in it
 * and is the first of the two words that are made. */
void names_spell_han(const struct names_written *written, bool is_whole, struct names_folded *out);
void names_spell_hangul(const struct names_written *written, bool is_whole, struct names_folded *out);

/* A word with nothing in it yet but its script. There is room: src/names/fold.c looks before every written word. */
struct names_word *names_begin_word(struct names_folded *out, enum names_script script);

/* Adds what has room to a text of `len` letters; returns its new length. */
size_t names_append(char text[NAMES_TOKEN_SIZE], size_t len, const char *added);

/* What the last word is heard as besides; `list` is parted by blanks. What has no room is left out. */
void names_add_other(struct names_folded *out, struct names_word *word, const char *heard);
void names_add_others(struct names_folded *out, struct names_word *word, const char *list);

/* The spellings, parted by blanks, of the family name of Korea that is spelled so; NULL when there is none. */
const char *names_korean_family(const char *spelled);

/* What a whole name that reads as Chinese or Korean in Latin letters is heard as besides, and its hyphens. */
void names_read_eastern(struct names_folded *folded);

/* How Kunrei spells what a word of kana is spelled as. */
void names_add_kunrei(struct names_folded *out, struct names_word *word);

/* A syllable of pinyin in Wade-Giles, without its signs. */
void names_wade_giles(const char *pinyin, char out[NAMES_SYLLABLE_SIZE]);

#endif
