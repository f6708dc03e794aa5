/* SPDX-License-Identifier: Apache-2.0
 *
 * The reader of name tables (doc/spec/synth.md section 2).
 */
#include "synth/tables.h"

#include "base/cursor.h"

#include <stdlib.h>
#include <string.h>

enum { FIELDS_MAX = 12, WEIGHT_MAX = 1000000, ERA_SCALE = 3 };

static const char *const kind_words[SYNTH_KIND_COUNT] = {
    [SYNTH_KIND_MALE] = "m",          [SYNTH_KIND_FEMALE] = "f",          [SYNTH_KIND_FAMILY] = "s",
    [SYNTH_KIND_SECOND_MALE] = "m2",  [SYNTH_KIND_SECOND_FEMALE] = "f2",  [SYNTH_KIND_ALIAS] = "alias",
    [SYNTH_KIND_ALIAS_FEMALE] = "alias-f",
    [SYNTH_KIND_LINK] = "link",       [SYNTH_KIND_LINK_FEMALE] = "link-f", [SYNTH_KIND_PLACE] = "place",
    [SYNTH_KIND_COUNTRY] = "country",
};
static const char *const role_words[SYNTH_ROLE_COUNT] = {"given", "second", "patronymic", "father", "grandfather", "family", "family2"};

struct reader {
    struct synth_tables *tables;
    struct synth_language *language;
    unsigned line;
    char *fields[FIELDS_MAX];
    size_t field_count;
};

static enum base_code bad(const struct reader *reader, const char *what)
{
    return base_fail(BASE_E_FORMAT, "name tables, line %u (%s): %s", reader->line, reader->language == NULL ? "none" : reader->language->name, what);
}

static enum base_code parse_number(const struct reader *reader, const char *text, uint64_t max, uint64_t *out)
{
    return base_parse_decimal(base_bytes_text(text), max, out) == BASE_OK ? BASE_OK : bad(reader, "a number is expected");
}

static enum base_code find_role(const struct reader *reader, const char *word, size_t len, uint8_t *out)
{
    for (uint8_t role = 0; role < SYNTH_ROLE_COUNT; role++) {
        if (strlen(role_words[role]) == len && strncmp(role_words[role], word, len) == 0) {
            *out = role;
            return BASE_OK;
        }
    }
    return bad(reader, "no part of a name has this word");
}

/* "given second:350 family" */
static enum base_code read_parts(struct reader *reader, const char *value)
{
    struct synth_language *language = reader->language;
    while (*value != 0) {
        size_t len = strcspn(value, " "), word = strcspn(value, " :");
        uint64_t per_mille = 1000;
        uint8_t role = 0;
        if (language->part_count == SYNTH_PARTS_MAX)
            return bad(reader, "too many parts");
        BASE_TRY(find_role(reader, value, word, &role));
        if (word < len && base_parse_decimal(base_bytes_of(value + word + 1, len - word - 1), 1000, &per_mille) != BASE_OK)
            return bad(reader, "a rate per mille is expected");
        language->parts[language->part_count].role = role;
        language->parts[language->part_count++].per_mille = (uint16_t)per_mille;
        value += len + (value[len] != 0);
    }
    return BASE_OK;
}

static enum base_code read_order(struct reader *reader, const char *value)
{
    struct synth_language *language = reader->language;
    while (*value != 0) {
        size_t len = strcspn(value, " ");
        if (language->original_count == SYNTH_PARTS_MAX)
            return bad(reader, "too many parts");
        BASE_TRY(find_role(reader, value, len, &language->original_order[language->original_count++]));
        value += len + (value[len] != 0);
    }
    return BASE_OK;
}

static enum base_code begin_language(struct reader *reader, const char *name)
{
    struct synth_tables *tables = reader->tables;
    if (tables->count == tables->capacity) /* languages refer to each other, so they do not move */
        return bad(reader, "too many languages");
    reader->language = &tables->languages[tables->count++];
    reader->language->name = name;
    return BASE_OK;
}

static enum base_code read_include(struct reader *reader, const char *value)
{
    for (size_t i = 0; i + 1 < reader->tables->count; i++)
        if (strcmp(reader->tables->languages[i].name, value) == 0)
            reader->language->base = &reader->tables->languages[i];
    return reader->language->base == NULL ? bad(reader, "no language of this name stands before") : BASE_OK;
}

static enum base_code read_header(struct reader *reader, const char *word, const char *value)
{
    uint64_t number = 0;
    if (strcmp(word, "language") == 0)
        return begin_language(reader, value);
    if (reader->language == NULL)
        return bad(reader, "a table begins with its language");
    if (strcmp(word, "include") == 0)
        return read_include(reader, value);
    if (strcmp(word, "parts") == 0)
        return read_parts(reader, value);
    if (strcmp(word, "original-order") == 0)
        return read_order(reader, value);
    if (strcmp(word, "script") == 0 && strlen(value) == 4) {
        memcpy(reader->language->script, value, 5);
        return BASE_OK;
    }
    if (strcmp(word, "share") == 0) {
        BASE_TRY(parse_number(reader, value, WEIGHT_MAX, &number));
        reader->language->share = (uint32_t)number;
        return BASE_OK;
    }
    if (strcmp(word, "linked") == 0) {
        BASE_TRY(parse_number(reader, value, 1000, &number));
        reader->language->linked_per_mille = (uint16_t)number;
        return BASE_OK;
    }
    if (strcmp(word, "joined") == 0 && strcmp(value, "yes") == 0) {
        reader->language->is_joined = true;
        return BASE_OK;
    }
    return bad(reader, "a word that no table has");
}

/* The number of a kind or class; a class that is new is taken down. `era` is the mark behind "m" or "f". */
static enum base_code find_kind(struct reader *reader, char *word, uint8_t *kind, uint8_t *era)
{
    struct synth_language *language = reader->language;
    size_t len = strlen(word);
    *era = 0;
    if (len == 2 && (word[1] == '-' || word[1] == '+')) {
        *era = (uint8_t)word[1];
        word[1] = 0;
    }
    for (uint8_t i = 0; i < SYNTH_KIND_COUNT; i++) {
        if (strcmp(kind_words[i], word) == 0) {
            *kind = i;
            return BASE_OK;
        }
    }
    for (size_t i = 0; i < language->class_count; i++) {
        if (strcmp(language->classes[i], word) == 0) {
            *kind = (uint8_t)(SYNTH_KIND_COUNT + i);
            return BASE_OK;
        }
    }
    if (language->class_count == SYNTH_CLASSES_MAX)
        return bad(reader, "too many classes of parts");
    *kind = (uint8_t)(SYNTH_KIND_COUNT + language->class_count);
    language->classes[language->class_count++] = word;
    return BASE_OK;
}

static enum base_code add_name(struct reader *reader, uint8_t kind, const struct synth_name *name, uint8_t era, uint32_t weight)
{
    struct synth_table *table = &reader->language->tables[kind];
    BASE_TRY(base_grow_array((void **)&table->names, &table->capacity, table->count + 1, sizeof *table->names));
    BASE_TRY(base_grow_array((void **)&table->weights, &table->weight_capacity, table->count + 1, sizeof *table->weights));
    BASE_TRY(base_grow_array((void **)&table->eras, &table->era_capacity, table->count + 1, sizeof *table->eras));
    table->names[table->count] = *name;
    table->weights[table->count] = weight;
    table->eras[table->count++] = era;
    return BASE_OK;
}

static enum base_code read_composed(struct reader *reader, uint32_t weight)
{
    struct synth_name name = {0};
    uint8_t target = 0, era = 0;
    if (reader->field_count != 4)
        return bad(reader, "a composed name has a kind and its classes");
    BASE_TRY(find_kind(reader, reader->fields[2], &target, &era));
    for (char *word = reader->fields[3]; *word != 0;) {
        size_t len = strcspn(word, " ");
        char *next = word + len + (word[len] != 0);
        word[len] = 0;
        if (name.class_count == SYNTH_COMPOSED_MAX)
            return bad(reader, "a name of too many parts");
        BASE_TRY(find_kind(reader, word, &name.classes[name.class_count++], &era));
        word = next;
    }
    return name.class_count == 0 ? bad(reader, "a name of no parts") : add_name(reader, target, &name, era, weight);
}

/* "from>to" */
static enum base_code cut_arrow(const struct reader *reader, char *text, const char **from, const char **to)
{
    char *arrow = strchr(text, '>');
    if (arrow == NULL)
        return bad(reader, "\"from>to\" is expected");
    *arrow = 0;
    *from = text;
    *to = arrow + 1;
    return BASE_OK;
}

static enum base_code read_ending(struct reader *reader, struct synth_endings *endings)
{
    struct synth_ending ending;
    if (reader->field_count < 3 || reader->field_count > 4)
        return bad(reader, "an ending has one or two spellings");
    BASE_TRY(cut_arrow(reader, reader->fields[2], &ending.original_from, &ending.original_to));
    ending.roman_from = ending.original_from;
    ending.roman_to = ending.original_to;
    if (reader->field_count == 4)
        BASE_TRY(cut_arrow(reader, reader->fields[3], &ending.roman_from, &ending.roman_to));
    BASE_TRY(base_grow_array((void **)&endings->items, &endings->capacity, endings->count + 1, sizeof *endings->items));
    endings->items[endings->count++] = ending;
    return BASE_OK;
}

static enum base_code read_rule(struct reader *reader, uint64_t percent)
{
    struct synth_language *language = reader->language;
    struct synth_rule rule = {.percent = (uint8_t)percent};
    if (reader->field_count != 3 || percent > 100)
        return bad(reader, "a rule has its per cent and \"from>to\"");
    BASE_TRY(cut_arrow(reader, reader->fields[2], &rule.from, &rule.to));
    rule.is_start = rule.from[0] == '^';
    rule.from += rule.is_start;
    rule.from_len = strlen(rule.from);
    rule.is_end = rule.from_len > 0 && rule.from[rule.from_len - 1] == '$';
    rule.from_len -= rule.is_end;
    rule.to_len = strlen(rule.to);
    rule.is_growing = rule.to_len > rule.from_len && strncmp(rule.to, rule.from, rule.from_len) == 0;
    if (rule.from_len == 0 || rule.to_len > SYNTH_TEXT_BYTES)
        return bad(reader, "a rule that rewrites nothing, or too much");
    BASE_TRY(base_grow_array((void **)&language->rules, &language->rule_capacity, language->rule_count + 1, sizeof *language->rules));
    language->rules[language->rule_count++] = rule;
    return BASE_OK;
}

static enum base_code read_others(struct reader *reader, struct synth_name *name)
{
    struct synth_tables *tables = reader->tables;
    for (size_t i = 4; i < reader->field_count; i++) {
        if (tables->other_count == tables->other_capacity)
            return bad(reader, "too many romanisations");
        tables->others[tables->other_count++] = reader->fields[i];
        name->other_count++;
    }
    name->others = tables->others + tables->other_count - name->other_count;
    return BASE_OK;
}

static enum base_code read_name(struct reader *reader, uint32_t weight)
{
    struct synth_name name = {.original = reader->fields[2], .roman = reader->fields[2]};
    uint8_t kind = 0, era = 0;
    if (reader->field_count > 3)
        name.roman = reader->fields[3];
    for (size_t i = 2; i < reader->field_count; i++)
        if (strlen(reader->fields[i]) >= SYNTH_TEXT_BYTES || reader->fields[i][strcspn(reader->fields[i], ";|\"")] != 0)
            return bad(reader, "a name that is too long, or has a sign that lists need");
    BASE_TRY(find_kind(reader, reader->fields[1], &kind, &era));
    BASE_TRY(read_others(reader, &name));
    return add_name(reader, kind, &name, era, weight);
}

static enum base_code read_row(struct reader *reader)
{
    struct synth_language *language = reader->language;
    uint64_t weight = 0;
    if (language == NULL || reader->field_count < 3)
        return bad(reader, "a weight, a kind and a spelling are expected");
    BASE_TRY(parse_number(reader, reader->fields[0], WEIGHT_MAX, &weight));
    const char *kind = reader->fields[1];
    if (strcmp(kind, "compose") == 0)
        return read_composed(reader, (uint32_t)weight);
    if (strcmp(kind, "rule") == 0)
        return read_rule(reader, weight);
    if (strcmp(kind, "woman") == 0)
        return read_ending(reader, &language->women);
    if (strcmp(kind, "son") == 0)
        return read_ending(reader, &language->sons);
    if (strcmp(kind, "daughter") == 0)
        return read_ending(reader, &language->daughters);
    return read_name(reader, (uint32_t)weight);
}

static enum base_code read_line(struct reader *reader, char *line)
{
    char *colon = strstr(line, ": ");
    reader->line++;
    if (*line == 0 || *line == '#')
        return BASE_OK;
    if (strchr(line, '\t') == NULL) {
        if (colon == NULL)
            return bad(reader, "neither a header nor a row");
        *colon = 0;
        return read_header(reader, line, colon + 2);
    }
    for (reader->field_count = 0; line != NULL; reader->field_count++) {
        if (reader->field_count == FIELDS_MAX)
            return bad(reader, "too many fields");
        reader->fields[reader->field_count] = strsep(&line, "\t");
    }
    return read_row(reader);
}

/* How many times as frequent a name is in an era: a mark makes it three times as frequent at one end and a third at the other. */
static uint32_t era_factor(uint8_t mark, unsigned era)
{
    static const uint32_t factors[SYNTH_ERAS] = {ERA_SCALE * ERA_SCALE, ERA_SCALE, 1};
    return mark == 0 ? ERA_SCALE : mark == '-' ? factors[era] : factors[SYNTH_ERAS - 1 - era];
}

static enum base_code finish_table(struct synth_table *table)
{
    uint32_t *weights = base_alloc_array(table->count, sizeof *weights);
    enum base_code code = weights == NULL ? base_fail(BASE_E_NOMEM, "no memory for name tables") : BASE_OK;
    for (unsigned era = 0; code == BASE_OK && era < SYNTH_ERAS; era++) {
        for (size_t i = 0; i < table->count; i++)
            weights[i] = table->weights[i] * era_factor(table->eras[i], era);
        code = synth_slots_make(weights, table->count, &table->slots[era], &table->totals[era]);
    }
    free(weights);
    return code;
}

static uint8_t find_class(const struct synth_language *language, const char *name)
{
    for (size_t i = 0; i < language->class_count; i++)
        if (strcmp(language->classes[i], name) == 0 && language->tables[SYNTH_KIND_COUNT + i].count > 0)
            return (uint8_t)(SYNTH_KIND_COUNT + i);
    return 0;
}

/* Every class that names are composed of is the language's own or its base's. */
static enum base_code bind_classes(struct synth_language *language)
{
    for (size_t i = 0; i < language->class_count; i++) {
        language->base_kinds[i] = language->base == NULL ? 0 : find_class(language->base, language->classes[i]);
        if (language->tables[SYNTH_KIND_COUNT + i].count == 0 && language->base_kinds[i] == 0)
            return base_fail(BASE_E_FORMAT, "name tables: %s composes names of %s, which has none", language->name, language->classes[i]);
    }
    return BASE_OK;
}

/* A kind without names cannot be composed of. */
static enum base_code check_classes(const struct synth_language *language, const struct synth_table *table)
{
    for (size_t i = 0; i < table->count; i++)
        for (size_t k = 0; k < table->names[i].class_count; k++)
            if (synth_language_table(language, table->names[i].classes[k])->count == 0)
                return base_fail(BASE_E_FORMAT, "name tables: %s composes names of a kind that has none", language->name);
    return BASE_OK;
}

static enum base_code finish_language(struct synth_language *language)
{
    static const unsigned needed[] = {SYNTH_KIND_MALE, SYNTH_KIND_FEMALE, SYNTH_KIND_FAMILY, SYNTH_KIND_PLACE, SYNTH_KIND_COUNTRY};
    BASE_TRY(bind_classes(language));
    for (unsigned kind = 0; kind < SYNTH_KINDS_MAX; kind++)
        if (language->tables[kind].count > 0)
            BASE_TRY(check_classes(language, &language->tables[kind]));
    for (size_t i = 0; language->share > 0 && i < sizeof needed / sizeof *needed; i++)
        if (synth_language_table(language, needed[i])->count == 0)
            return base_fail(BASE_E_FORMAT, "name tables: %s has no line of kind %s", language->name, kind_words[needed[i]]);
    if (language->part_count == 0 || language->script[0] == 0)
        return base_fail(BASE_E_FORMAT, "name tables: %s has no script or parts", language->name);
    return BASE_OK;
}

static enum base_code finish(struct synth_tables *tables)
{
    for (size_t i = 0; i < tables->count; i++) {
        struct synth_language *language = &tables->languages[i];
        for (unsigned kind = 0; kind < SYNTH_KINDS_MAX; kind++)
            if (language->tables[kind].count > 0)
                BASE_TRY(finish_table(&language->tables[kind]));
        BASE_TRY(finish_language(language));
    }
    return BASE_OK;
}

/* Room for all that may come, because names point into it: a language a header, a romanisation a tabulator. */
static enum base_code reserve(struct base_bytes text, struct synth_tables *out)
{
    size_t tabs = 0, headers = 0;
    for (size_t i = 0; i < text.len; i++) {
        tabs += text.data[i] == '\t';
        headers += text.data[i] == 'l' && text.len - i > 10 && strncmp((const char *)text.data + i, "language: ", 10) == 0;
    }
    out->text = base_bytes_dup(text);
    out->languages = base_alloc_array(headers + 1, sizeof *out->languages);
    out->others = base_alloc_array(tabs + 1, sizeof *out->others);
    out->capacity = headers;
    out->other_capacity = tabs;
    return out->text == NULL || out->languages == NULL || out->others == NULL ? base_fail(BASE_E_NOMEM, "no memory for name tables")
                                                                            : BASE_OK;
}

enum base_code synth_tables_parse(struct base_bytes text, struct synth_tables *out)
{
    *out = (struct synth_tables){0};
    struct reader reader = {.tables = out};
    if (!base_bytes_is_utf8(text) || memchr(text.data, 0, text.len) != NULL)
        return base_fail(BASE_E_ENCODING, "name tables that are not UTF-8");
    enum base_code code = reserve(text, out);
    for (char *rest = out->text; code == BASE_OK && rest != NULL;)
        code = read_line(&reader, strsep(&rest, "\n"));
    if (code == BASE_OK)
        code = finish(out);
    if (code != BASE_OK)
        synth_tables_release(out);
    return code;
}

static void release_table(struct synth_table *table)
{
    for (unsigned era = 0; era < SYNTH_ERAS; era++)
        free(table->slots[era]);
    free(table->names);
    free(table->weights);
    free(table->eras);
}

void synth_tables_release(struct synth_tables *tables)
{
    for (size_t i = 0; i < tables->count; i++) {
        struct synth_language *language = &tables->languages[i];
        for (unsigned kind = 0; kind < SYNTH_KINDS_MAX; kind++)
            release_table(&language->tables[kind]);
        free(language->women.items);
        free(language->sons.items);
        free(language->daughters.items);
        free(language->rules);
    }
    free(tables->languages);
    free(tables->others);
    free(tables->text);
    *tables = (struct synth_tables){0};
}

const struct synth_table *synth_language_find(const struct synth_language *language, unsigned kind, const struct synth_language **owner)
{
    *owner = language;
    if (language->tables[kind].count > 0 || language->base == NULL)
        return &language->tables[kind];
    *owner = language->base;
    if (kind >= SYNTH_KIND_COUNT)
        kind = language->base_kinds[kind - SYNTH_KIND_COUNT];
    return &language->base->tables[kind]; /* kind 0 for a class that the base has not: refused when the tables are read */
}

const struct synth_table *synth_language_table(const struct synth_language *language, unsigned kind)
{
    const struct synth_language *owner;
    return synth_language_find(language, kind, &owner);
}

const struct synth_name *synth_table_pick(const struct synth_table *table, unsigned era, struct synth_random *random)
{
    if (table->count == 0)
        return NULL;
    return &table->names[synth_slots_pick(table->slots[era], table->count, table->totals[era], random)];
}
