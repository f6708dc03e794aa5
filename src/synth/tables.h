/* SPDX-License-Identifier: Apache-2.0
 *
 * The name tables of data/names/ (doc/spec/synth.md section 2), built into the program, as weighted choices. Read only once
 * loaded.
 */
#ifndef SYNTH_TABLES_H
#define SYNTH_TABLES_H

#include "base/bytes.h"
#include "synth/random.h"

enum {
    SYNTH_TEXT_BYTES = 48,  /* of one spelling in a table, with its NUL */
    SYNTH_CLASSES_MAX = 24, /* of parts that names are composed of, in one language */
    SYNTH_COMPOSED_MAX = 3, /* parts of a composed name */
    SYNTH_PARTS_MAX = 8,
    SYNTH_ERAS = 3, /* born before 1960, before 1985, and later */
};

/* Kinds of lines that are chosen from; classes of parts follow them. */
enum synth_kind {
    SYNTH_KIND_MALE,
    SYNTH_KIND_FEMALE,
    SYNTH_KIND_FAMILY,
    SYNTH_KIND_SECOND_MALE, /* a second name that is no given name: "Khan", "Văn" */
    SYNTH_KIND_SECOND_FEMALE,
    SYNTH_KIND_ALIAS, /* besides other writings of the name: "Abu Khalid" */
    SYNTH_KIND_ALIAS_FEMALE,
    SYNTH_KIND_LINK, /* "bin" */
    SYNTH_KIND_LINK_FEMALE,
    SYNTH_KIND_PLACE,
    SYNTH_KIND_COUNTRY,
    SYNTH_KIND_COUNT,
    SYNTH_KINDS_MAX = SYNTH_KIND_COUNT + SYNTH_CLASSES_MAX,
};

enum synth_role {
    SYNTH_ROLE_GIVEN,
    SYNTH_ROLE_SECOND,
    SYNTH_ROLE_PATRONYMIC,
    SYNTH_ROLE_FATHER,
    SYNTH_ROLE_GRANDFATHER,
    SYNTH_ROLE_FAMILY,
    SYNTH_ROLE_FAMILY2,
    SYNTH_ROLE_COUNT
};

struct synth_name {
    const char *original, *roman;
    const char *const *others; /* further usual romanisations */
    uint16_t other_count;
    uint8_t class_count; /* over 0: composed of one name of each of these kinds, and the texts are NULL */
    uint8_t classes[SYNTH_COMPOSED_MAX];
};

/* Walker's alias method with whole numbers: a slot holds its own name below `cut`, and the other one above. */
struct synth_slot {
    uint32_t cut, other;
};

struct synth_table {
    struct synth_name *names;
    uint32_t *weights;
    uint8_t *eras; /* 0: in every era alike; '-' rather the older, '+' rather the younger */
    size_t count, capacity, weight_capacity, era_capacity;
    struct synth_slot *slots[SYNTH_ERAS];
    uint32_t totals[SYNTH_ERAS];
};

/* "-ov" becomes "-ova": the longest ending that fits is rewritten, in the original spelling and in its romanisation. */
struct synth_ending {
    const char *original_from, *original_to, *roman_from, *roman_to;
};

/* Another usual way to write these letters; per cent of names that it is used on. */
struct synth_rule {
    const char *from, *to;
    size_t from_len, to_len;
    uint8_t percent;
    bool is_start, is_end; /* only at the start or end of a part */
    bool is_growing;       /* `to` begins with `from` */
};

struct synth_endings {
    struct synth_ending *items;
    size_t count, capacity;
};

struct synth_language {
    const char *name;
    char script[5];
    uint32_t share;
    const struct synth_language *base; /* whose tables are used where this one has none; or NULL */
    struct {
        uint8_t role;
        uint16_t per_mille;
    } parts[SYNTH_PARTS_MAX]; /* in the usual written order in Latin letters */
    uint8_t part_count;
    uint8_t original_order[SYNTH_PARTS_MAX]; /* roles, in the order of the original script */
    uint8_t original_count;
    uint16_t linked_per_mille;
    bool is_joined; /* no blanks in the original script */
    struct synth_table tables[SYNTH_KINDS_MAX];
    const char *classes[SYNTH_CLASSES_MAX];
    uint8_t base_kinds[SYNTH_CLASSES_MAX]; /* the base's class of the same name; 0 for none */
    size_t class_count;
    struct synth_endings women, sons, daughters;
    struct synth_rule *rules;
    size_t rule_count, rule_capacity;
};

struct synth_tables {
    char *text; /* what all names point into */
    struct synth_language *languages;
    size_t count, capacity;
    const char **others;
    size_t other_count, other_capacity;
};

/* All files of data/names/, one behind the other. */
struct base_bytes synth_tables_text(void);
/* BASE_E_FORMAT with the line, BASE_E_LIMIT, BASE_E_ENCODING, BASE_E_NOMEM. */
enum base_code synth_tables_parse(struct base_bytes text, struct synth_tables *out) BASE_MUST_USE;
void synth_tables_release(struct synth_tables *tables);

/* The table of a kind or class: the language's own, or where it has none its base's. The second also tells whose it is: the classes of
 * a composed name are those of the language that its table belongs to. */
const struct synth_table *synth_language_table(const struct synth_language *language, unsigned kind);
const struct synth_table *synth_language_find(const struct synth_language *language, unsigned kind, const struct synth_language **owner);
/* NULL when the table is empty. */
const struct synth_name *synth_table_pick(const struct synth_table *table, unsigned era, struct synth_random *random);

enum base_code synth_slots_make(const uint32_t *weights, size_t count, struct synth_slot **slots, uint32_t *total) BASE_MUST_USE;
size_t synth_slots_pick(const struct synth_slot *slots, size_t count, uint32_t total, struct synth_random *random);

#endif
