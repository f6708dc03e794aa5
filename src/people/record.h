/* SPDX-License-Identifier: Apache-2.0
 *
 * What a party holds about one person, as its source wrote it: every name with its script, every date of birth with its
 * precision, documents, nationalities, places. Nothing is normalised here; src/names and src/people/keys do that later.
 *
 *     struct people_record record = PEOPLE_RECORD_EMPTY;
 *     people_record_set(&record, PEOPLE_SOURCE_KEY, text) ... people_record_add_name(&record, ...)
 *     people_record_release(&record);
 *
 * All strings are UTF-8 in NFC, owned by the record, with blanks squeezed. Adding what is already there changes nothing.
 */
#ifndef PEOPLE_RECORD_H
#define PEOPLE_RECORD_H

#include "base/bytes.h"

/* Limits on one record; more is BASE_E_LIMIT. */
enum {
    PEOPLE_TEXT_MAX = 4096,  /* bytes of one string */
    PEOPLE_ITEMS_MAX = 1024, /* names, dates, ... of each kind */
};

enum people_name_kind {
    PEOPLE_NAME_PRIMARY,
    PEOPLE_NAME_ALIAS,
    PEOPLE_NAME_WEAK,     /* the source itself calls it a weak alias */
    PEOPLE_NAME_ORIGINAL, /* in the original script */
};

struct people_name {
    char *text;
    enum people_name_kind kind;
    char script[5]; /* ISO 15924 of most of its letters: "Latn", "Cyrl", "Arab", ...; "Zyyy" when it has no letters */
};

/* A part that is not known is 0: {1975, 0, 0} is a bare year, {1975, 6, 0} a month. */
struct people_day {
    int16_t year;
    uint8_t month;
    uint8_t day;
};

enum people_precision { PEOPLE_DAY, PEOPLE_MONTH, PEOPLE_YEAR, PEOPLE_RANGE };

struct people_date {
    struct people_day from;
    struct people_day to; /* the same as `from` unless the source gives a range */
    bool is_circa;        /* the source says circa, approximately, about */
    char *stated_by;      /* who states it ("passport A123", "UK"), or NULL: the source itself */
};

struct people_document {
    char *type;    /* as written: "Passport", "National identification number", ... or NULL */
    char *number;  /* as written */
    char *country; /* as written, or NULL */
    char *note;    /* the rest of what the source says, or NULL */
};

enum people_place_kind { PEOPLE_PLACE_BIRTH, PEOPLE_PLACE_ADDRESS };

struct people_place {
    enum people_place_kind kind;
    char *text;
    char *country; /* as written, or NULL */
};

struct people_texts {
    char **items;
    size_t count, capacity;
};

struct people_record {
    char *source_key; /* the source's own key of the person; unique within a source */
    char *programme;  /* the list or regime within the source, or NULL */
    char sex;         /* 'm', 'f', or 0: not stated */
    struct people_name *names;
    size_t name_count, name_capacity;
    struct people_date *births;
    size_t birth_count, birth_capacity;
    struct people_document *documents;
    size_t document_count, document_capacity;
    struct people_place *places;
    size_t place_count, place_capacity;
    struct people_texts nationalities;
    struct people_texts titles;
    struct people_texts remarks;
};

#define PEOPLE_RECORD_EMPTY ((struct people_record){0})

void people_record_release(struct people_record *record); /* leaves it empty */

/* Each copies its strings, squeezes blanks, ignores empty text and repeats. BASE_E_NOMEM, BASE_E_LIMIT, BASE_E_ENCODING. */
enum base_code people_record_set_key(struct people_record *record, struct base_bytes source_key) BASE_MUST_USE;
enum base_code people_record_set_programme(struct people_record *record, struct base_bytes text) BASE_MUST_USE;
enum base_code people_record_add_name(struct people_record *record, enum people_name_kind kind,
                                      struct base_bytes text) BASE_MUST_USE; /* works out the script */
/* BASE_E_RANGE for a day that does not exist or a range that runs backwards. `stated_by` may be empty. */
enum base_code people_record_add_birth(struct people_record *record, struct people_day from, struct people_day to,
                                       bool is_circa, struct base_bytes stated_by) BASE_MUST_USE;
enum base_code people_record_add_document(struct people_record *record, struct base_bytes type, struct base_bytes number,
                                          struct base_bytes country, struct base_bytes note) BASE_MUST_USE;
enum base_code people_record_add_place(struct people_record *record, enum people_place_kind kind, struct base_bytes text,
                                       struct base_bytes country) BASE_MUST_USE;
enum base_code people_texts_add(struct people_texts *texts, struct base_bytes text) BASE_MUST_USE;

enum people_precision people_date_precision(const struct people_date *date);

/* Adds everything of `from` that `into` lacks: how the rows of one person become one record. */
enum base_code people_record_merge(struct people_record *into, const struct people_record *from) BASE_MUST_USE;

/* The record as one FollowTheMoney Person entity in canonical JSON (doc/spec/records.md): what the store keeps. Equal
 * records give equal bytes. Decoding checks every field and limit; BASE_E_FORMAT, BASE_E_LIMIT, BASE_E_ENCODING. */
enum base_code people_record_encode(const struct people_record *record, struct base_buffer *out) BASE_MUST_USE;
enum base_code people_record_decode(struct base_bytes json, struct people_record *out) BASE_MUST_USE;

#endif
