/* SPDX-License-Identifier: Apache-2.0
 *
 * A name as it is written: in the original script, or in Latin letters in one of the usual romanisations of its language.
 */
#include "synth/inside.h"

#include <string.h>

enum { RESPELL_ROUNDS = 6 };

void synth_writing_make(const struct synth_who *who, bool has_marks, struct synth_writing *out)
{
    out->count = who->part_count;
    out->is_linked = who->is_linked && who->link != NULL;
    out->has_comma = false;
    out->has_marks = has_marks && strcmp(who->language->script, "Latn") == 0;
    for (size_t i = 0; i < who->part_count; i++) {
        const struct synth_part *part = &who->parts[i];
        struct synth_text text = synth_text_over(out->parts[i].text, SYNTH_PART_BYTES);
        synth_text_put(&text, out->has_marks ? part->original : part->roman);
        out->parts[i].role = part->role;
        out->parts[i].is_written = part->is_written;
    }
}

static char lower(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? (char)(letter + 32) : letter;
}

static char upper(char letter)
{
    return letter >= 'a' && letter <= 'z' ? (char)(letter - 32) : letter;
}

static bool begins_with(const char *text, const char *letters, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] == 0 || lower(text[i]) != lower(letters[i]))
            return false;
    return true;
}

/* Not where it would only lengthen what it made before: "gh" has been "g" already. */
static bool is_here(const struct synth_rule *rule, const char *text, size_t at)
{
    return lower(text[at]) == lower(rule->from[0]) && begins_with(text + at, rule->from, rule->from_len) &&
           (!rule->is_end || text[at + rule->from_len] == 0) && !(rule->is_growing && begins_with(text + at, rule->to, rule->to_len));
}

/* The first place that the rule fits; what stood with a capital stands with one again. */
static bool apply_rule(const struct synth_rule *rule, char text[SYNTH_PART_BYTES])
{
    size_t len = strlen(text), at = 0, last = rule->is_start ? 1 : len;
    while (at < last && !is_here(rule, text, at))
        at++;
    size_t now = len - rule->from_len + rule->to_len;
    if (at >= last || now == 0 || now >= SYNTH_PART_BYTES)
        return false;
    bool is_capital = text[at] >= 'A' && text[at] <= 'Z';
    memmove(text + at + rule->to_len, text + at + rule->from_len, len - at - rule->from_len + 1);
    memcpy(text + at, rule->to, rule->to_len);
    if (is_capital)
        text[at] = upper(text[at]);
    return true;
}

static bool respell_part(const struct synth_language *language, const struct synth_name *name, struct synth_random *random,
                         char text[SYNTH_PART_BYTES])
{
    bool is_changed = false;
    if (name != NULL && name->other_count > 0 && synth_random_per_mille(random, 500)) {
        struct synth_text out = synth_text_over(text, SYNTH_PART_BYTES);
        synth_text_put(&out, name->others[synth_random_below(random, name->other_count)]);
        return true;
    }
    if (language->rule_count == 0 && language->base != NULL)
        language = language->base;
    for (size_t i = 0; i < language->rule_count; i++)
        if (synth_random_below(random, 100) < language->rules[i].percent && apply_rule(&language->rules[i], text))
            is_changed = true;
    return is_changed;
}

bool synth_writing_respell(const struct synth_who *who, struct synth_writing *writing, struct synth_random *random)
{
    bool is_changed = false;
    for (unsigned round = 0; round < RESPELL_ROUNDS && !is_changed; round++)
        for (size_t i = 0; i < who->part_count; i++)
            if (writing->parts[i].is_written && synth_random_per_mille(random, 600) &&
                respell_part(who->language, who->parts[i].name, random, writing->parts[i].text))
                is_changed = true;
    return is_changed;
}

struct synth_written *synth_writing_role(struct synth_writing *writing, uint8_t role)
{
    for (size_t i = 0; i < writing->count; i++)
        if (writing->parts[i].role == role && writing->parts[i].is_written)
            return &writing->parts[i];
    return NULL;
}

static bool is_family(uint8_t role)
{
    return role == SYNTH_ROLE_FAMILY || role == SYNTH_ROLE_FAMILY2;
}

static void put_written(const struct synth_who *who, const struct synth_writing *writing, const struct synth_written *part,
                        unsigned *links, struct synth_text *out)
{
    bool is_forefather = part->role == SYNTH_ROLE_FATHER || part->role == SYNTH_ROLE_GRANDFATHER;
    if (writing->is_linked && is_forefather) {
        const struct synth_name *link = (*links)++ == 0 ? who->link : who->link_again;
        synth_text_put(out, link->roman);
        synth_text_put(out, " ");
    }
    synth_text_put(out, part->text);
}

static bool is_ascii(const char *text)
{
    while (*text != 0 && (*text & 0x80) == 0)
        text++;
    return *text == 0;
}

/* "IVANOV, Ivan": family names first, in capitals where all their letters are of ASCII. */
static void join_with_comma(const struct synth_who *who, const struct synth_writing *writing, struct synth_text *out)
{
    unsigned links = 0;
    char *begun = out->at;
    for (size_t i = 0; i < writing->count; i++) {
        if (!writing->parts[i].is_written || !is_family(writing->parts[i].role))
            continue;
        synth_text_put(out, out->at == begun ? "" : " ");
        synth_text_put(out, writing->parts[i].text);
    }
    for (char *at = begun; at < out->at && is_ascii(begun); at++)
        *at = upper(*at);
    synth_text_put(out, ",");
    for (size_t i = 0; i < writing->count; i++) {
        if (!writing->parts[i].is_written || is_family(writing->parts[i].role))
            continue;
        synth_text_put(out, " ");
        put_written(who, writing, &writing->parts[i], &links, out);
    }
}

void synth_writing_join(const struct synth_who *who, const struct synth_writing *writing, char out[SYNTH_NAME_BYTES])
{
    struct synth_text text = synth_text_over(out, SYNTH_NAME_BYTES);
    unsigned links = 0;
    if (writing->has_comma) {
        join_with_comma(who, writing, &text);
        return;
    }
    for (size_t i = 0; i < writing->count; i++) {
        if (!writing->parts[i].is_written)
            continue;
        synth_text_put(&text, text.at == out ? "" : " ");
        put_written(who, writing, &writing->parts[i], &links, &text);
    }
}

static void put_original(const struct synth_who *who, const struct synth_part *part, bool is_first, unsigned *links, struct synth_text *out)
{
    bool is_forefather = part->role == SYNTH_ROLE_FATHER || part->role == SYNTH_ROLE_GRANDFATHER;
    const char *blank = who->language->is_joined ? "" : " ";
    synth_text_put(out, is_first ? "" : blank);
    if (who->is_linked && who->link != NULL && is_forefather) {
        synth_text_put(out, ((*links)++ == 0 ? who->link : who->link_again)->original);
        synth_text_put(out, blank);
    }
    synth_text_put(out, part->original);
}

void synth_original_join(const struct synth_who *who, char out[SYNTH_NAME_BYTES])
{
    const struct synth_language *language = who->language;
    struct synth_text text = synth_text_over(out, SYNTH_NAME_BYTES);
    unsigned links = 0;
    if (language->original_count == 0)
        for (size_t i = 0; i < who->part_count; i++)
            if (who->parts[i].is_written)
                put_original(who, &who->parts[i], text.at == out, &links, &text);
    for (size_t k = 0; k < language->original_count; k++)
        for (size_t i = 0; i < who->part_count; i++)
            if (who->parts[i].is_written && who->parts[i].role == language->original_order[k])
                put_original(who, &who->parts[i], text.at == out, &links, &text);
}
