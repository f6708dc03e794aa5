/* SPDX-License-Identifier: Apache-2.0
 *
 * Persons that do not exist, as many as a measurement needs (doc/spec/synth.md): named as people of some forty languages are,
 * with families and namesakes among them, and a second writing of each with the errors that published lists make.
 *
 *     struct synth *synth = NULL;
 *     BASE_TRY(synth_new(1, &SYNTH_OPTIONS_DEFAULT, &synth));
 *     BASE_TRY(synth_person(synth, 7, &record));                    into an empty record
 *     BASE_TRY(synth_variant(synth, 7, 0, &other, &errors));        the same person, as somebody else wrote it
 *     synth_free(synth);
 *
 * Person `index` is a function of the seed, the options and the index alone: any part of a population can be made anew, in any
 * order, by several threads at once from one `struct synth`, and comes out in the same bytes on every machine. Every record says
 * that it is synthetic: its key begins with "synth-" and its programme is SYNTH_PROGRAMME.
 */
#ifndef SYNTH_SYNTH_H
#define SYNTH_SYNTH_H

#include "people/record.h"

#define SYNTH_PROGRAMME "synthetic persons"

enum {
    SYNTH_LANGUAGES_MAX = 64,
    SYNTH_ERROR_PERCENT_MAX = 400,
};
#define SYNTH_INDEX_MAX ((uint64_t)1 << 40)

struct synth_options {
    const char *const *languages; /* names of name tables ("russian"); borrowed for the call. NULL: all, in their usual shares */
    size_t language_count;
    unsigned women_percent; /* up to 100 */
    unsigned error_percent; /* of the measured rates; 0: the second writing is the first, up to SYNTH_ERROR_PERCENT_MAX */
};
#define SYNTH_OPTIONS_DEFAULT ((struct synth_options){NULL, 0, 40, 100})

/* What the second writing did to the first. X(NAME, word): the word stands in the truth file. */
#define SYNTH_ERRORS(X)                                                                                                  \
    X(ROMANISATION, "romanisation") /* another usual spelling of a name in Latin letters */                              \
    X(MARKS, "marks")               /* with marks where the first is without, or the reverse */                          \
    X(VOWEL, "vowel")               /* a vowel is another one */                                                         \
    X(DOUBLED, "doubled")           /* a letter written twice, or one of two left out */                                 \
    X(DROPPED, "dropped")           /* a letter left out */                                                              \
    X(ADDED, "added")               /* a letter too many */                                                              \
    X(WRONG, "wrong")               /* a letter is another one */                                                        \
    X(SWAPPED, "swapped")           /* two neighbouring letters changed places */                                        \
    X(PARTICLE, "particle")         /* an article or "son of" more or less: al-, bin, de, von */                         \
    X(TOKEN_LESS, "token-less")     /* a part of the name left out: patronymic, grandfather, second name */              \
    X(TOKEN_MORE, "token-more")     /* a part that the first writing does not have */                                    \
    X(OTHER_FAMILY, "other-family") /* another family name: by marriage, or a clan's */                                  \
    X(ORDER, "order")               /* the parts in another order */                                                     \
    X(JOINED, "joined")             /* two parts written as one */                                                       \
    X(SPLIT, "split")               /* one part written as two */                                                        \
    X(INITIAL, "initial")           /* a part cut to its first letter */                                                 \
    X(SCRIPT, "script")             /* only in the original script */                                                    \
    X(ALIAS, "alias")               /* only by an alias of the first writing */                                          \
    X(NO_DATE, "no-date")           /* no date of birth */                                                               \
    X(BARE_YEAR, "bare-year")       /* the year of a day that the first writing gives */                                 \
    X(FULLER_DATE, "fuller-date")   /* the day where the first writing gives less */                                     \
    X(FIRST_JANUARY, "first-january") /* 1 January of the year */                                                        \
    X(DAY_MONTH, "day-month")       /* day and month have changed places */                                              \
    X(DIGIT, "digit")               /* a digit of the day or the month is another */                                     \
    X(YEAR_OFF, "year-off")         /* a year too early or too late */                                                   \
    X(YEAR_FAR, "year-far")         /* two to ten years off */                                                           \
    X(CIRCA, "circa")               /* circa the year */                                                                 \
    X(RANGE, "range")               /* a range of years around it */                                                     \
    X(FEWER_DATES, "fewer-dates")   /* not all of the first writing's dates */                                           \
    X(MORE_DATES, "more-dates")     /* a wrong date beside the right one */                                              \
    X(NO_DOCUMENT, "no-document")   /* the first writing's documents are missing */                                      \
    X(DOCUMENT_DIGIT, "document-digit") /* a digit of a document's number is another */                                  \
    X(OTHER_PLACE, "other-place")   /* another place of birth */                                                         \
    X(NO_PLACE, "no-place")         /* the first writing's place of birth is missing */                                  \
    X(NO_NATIONALITY, "no-nationality")

#define SYNTH_ERROR_MEMBER(name, word) SYNTH_ERROR_##name,
enum synth_error { SYNTH_ERRORS(SYNTH_ERROR_MEMBER) SYNTH_ERROR_COUNT };
#undef SYNTH_ERROR_MEMBER
#define SYNTH_ERROR_BIT(error) ((uint64_t)1 << (error))

const char *synth_error_word(enum synth_error error);

struct synth;

/* BASE_E_ARGUMENT for a percentage out of its range or a language there is no table of (the detail has the nearest), BASE_E_NOMEM. */
enum base_code synth_new(uint64_t seed, const struct synth_options *options, struct synth **out) BASE_MUST_USE;
void synth_free(struct synth *synth); /* NULL is fine */

/* The languages there are, whatever the options chose: their names in order, NULL behind the last. */
const char *synth_language_name(const struct synth *synth, size_t index);
/* The language of a person: a position among synth_language_name(). */
size_t synth_person_language(const struct synth *synth, uint64_t index);
/* The first person, at or before `index`, whom this person is a relative or namesake of; `index` itself when there is none. */
uint64_t synth_person_family(const struct synth *synth, uint64_t index);

/* Into an empty record, with the source key "synth-INDEX". BASE_E_RANGE over SYNTH_INDEX_MAX, BASE_E_NOMEM; release `out`
 * after failure, too. */
enum base_code synth_person(const struct synth *synth, uint64_t index, struct people_record *out) BASE_MUST_USE;
/* What source number `which` wrote about the same person; its key is "synth-INDEX-WHICH". `errors`, which may be NULL, is the set
 * of SYNTH_ERROR_BIT()s that tells it from synth_person(). */
enum base_code synth_variant(const struct synth *synth, uint64_t index, uint32_t which, struct people_record *out,
                             uint64_t *errors) BASE_MUST_USE;

#endif
