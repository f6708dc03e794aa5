/* SPDX-License-Identifier: Apache-2.0
 *
 * What was found, in words. Texts of a record are cut here, so that a line stays one that a person reads.
 */
#include "people/compare_inside.h"

#include "names/romanise.h"

#include <stdlib.h>
#include <string.h>

enum {
    BIRTHS_SHOWN = 3,  /* pairs of dates, the nearest first */
    LISTED_MAX = 5,
};

struct people_words {
    struct base_buffer line;
    bool is_by_part;
    struct people_explanation *out;
};

enum base_code people_words_cut(struct base_buffer *out, const char *text)
{
    size_t len = strlen(text), kept = len;
    if (len > PEOPLE_CUT_BYTES)
        for (kept = PEOPLE_CUT_BYTES; kept > 0 && ((unsigned char)text[kept] & 0xc0) == 0x80;)
            kept--;
    BASE_TRY(base_buffer_append(out, base_bytes_of(text, kept)));
    return kept < len ? base_buffer_text(out, "...") : BASE_OK;
}

/* Ends a line, which says `evidence`. */
static enum base_code put_line(struct people_words *words, int evidence)
{
    struct people_explanation *out = words->out;
    BASE_TRY(base_grow_array((void **)&out->reasons, &out->capacity, out->count + 1, sizeof *out->reasons));
    char *text = strndup(base_buffer_c_string(&words->line), PEOPLE_TEXT_MAX);
    if (text == NULL)
        return base_fail(BASE_E_NOMEM, "no memory for a reason");
    out->reasons[out->count++] = (struct people_reason){text, evidence};
    base_buffer_clear(&words->line);
    return BASE_OK;
}

static enum base_code put_part(struct base_buffer *out, const struct people_profile *profile, const struct people_token *token)
{
    return base_buffer_text(out, people_profile_text(profile, token->plain));
}

/* One side of the name: a's parts are written first, whichever is left. */
struct view {
    const struct people_side *side;
    const struct people_profile *profile;
    const struct people_profile_name *name;
    uint32_t used;
    bool is_left;
};

static size_t at_of(const struct view *view, const struct people_part_match *match)
{
    return view->is_left ? match->left : match->right;
}

static const struct people_token *token_of(const struct view *view, const struct people_part_match *match)
{
    return people_profile_token(view->profile, view->name, at_of(view, match));
}

/* The part, or the two parts, of one side. */
static enum base_code put_side(struct base_buffer *out, const struct view *view, const struct people_part_match *match)
{
    BASE_TRY(put_part(out, view->profile, token_of(view, match)));
    if (match->way != PEOPLE_WAY_JOINED || match->is_left_joined != view->is_left)
        return BASE_OK;
    BASE_TRY(base_buffer_text(out, " "));
    return put_part(out, view->profile, people_profile_token(view->profile, view->name, at_of(view, match) + 1));
}

static bool is_word_end(char byte)
{
    return byte == 0 || byte == ' ' || byte == '-' || byte == ',';
}

/* The word of the written name that a token was made of; empty when it is not one word there. */
static struct base_bytes word_of(const struct view *view, const struct people_token *token)
{
    const char *text = view->side->record->names[view->name->source].text, *plain = people_profile_text(view->profile, token->plain);
    for (const char *end; *text != 0; text = end) {
        struct names_form form;
        for (end = text; !is_word_end(*end);)
            end++;
        struct base_bytes word = base_bytes_of(text, (size_t)(end - text));
        if (word.len > 0 && names_form_of(word, &form) == BASE_OK && form.count == 1 && strcmp(form.tokens[0].plain, plain) == 0)
            return word;
        end += *end != 0;
    }
    return base_bytes_of("", 0);
}

/* "Царнаев is tsarnayev by BGN/PCGN"; *has_put false when no system is known by which it is. */
static enum base_code put_romanised(struct base_buffer *out, const struct view *from, const struct people_token *token, const char *plain,
                                    bool *has_put)
{
    struct base_bytes word = token->script == NAMES_LATIN ? base_bytes_of("", 0) : word_of(from, token);
    const char *system = word.len == 0 || word.len > PEOPLE_CUT_BYTES ? NULL : names_romanisation_of(word, plain);
    *has_put = system != NULL;
    return system == NULL ? BASE_OK : base_buffer_format(out, "%.*s is %s by %s", (int)word.len, (const char *)word.data, plain, system);
}

static enum base_code put_heard(struct base_buffer *out, const struct view *a, const struct view *b, const struct people_part_match *match)
{
    static const char *const says[] = {[PEOPLE_WAY_NEAR] = "are nearly spelled the same and sound alike", [PEOPLE_WAY_SOUND] = "sound alike",
                                       [PEOPLE_WAY_SILENT] = "have the same consonants", [PEOPLE_WAY_JOINED] = "sound alike when joined"};
    const struct people_token *x = token_of(a, match), *y = token_of(b, match);
    bool has_put = false;
    if (match->way != PEOPLE_WAY_JOINED && x->script != y->script) {
        BASE_TRY(put_romanised(out, a, x, people_profile_text(b->profile, y->plain), &has_put));
        if (!has_put)
            BASE_TRY(put_romanised(out, b, y, people_profile_text(a->profile, x->plain), &has_put));
    }
    if (has_put)
        return BASE_OK;
    BASE_TRY(put_side(out, a, match));
    BASE_TRY(base_buffer_text(out, " and "));
    BASE_TRY(put_side(out, b, match));
    return base_buffer_format(out, " %s (%s)", says[match->way], people_profile_text(a->is_left ? a->profile : b->profile, match->sound));
}

static enum base_code put_match(struct base_buffer *out, const struct view *a, const struct view *b, const struct people_part_match *match)
{
    bool is_b_first = match->way == PEOPLE_WAY_INITIAL && !token_of(a, match)->is_initial;
    if (match->way != PEOPLE_WAY_SPELLING && match->way < PEOPLE_WAY_SLIP)
        return put_heard(out, a, b, match);
    BASE_TRY(put_side(out, is_b_first ? b : a, match));
    if (match->way == PEOPLE_WAY_SPELLING)
        return base_buffer_text(out, " is spelled the same");
    BASE_TRY(base_buffer_text(out, match->way == PEOPLE_WAY_INITIAL ? " may stand for " : " and "));
    BASE_TRY(put_side(out, is_b_first ? a : b, match));
    return match->way == PEOPLE_WAY_SLIP ? base_buffer_text(out, " are one slip apart") : BASE_OK;
}

static enum base_code put_left_over(struct base_buffer *out, const struct view *view, const char *before)
{
    bool is_first = true;
    for (size_t i = 0; i < view->name->count; i++) {
        if ((view->used & 1U << i) != 0)
            continue;
        BASE_TRY(base_buffer_text(out, is_first ? before : " "));
        BASE_TRY(put_part(out, view->profile, people_profile_token(view->profile, view->name, i)));
        is_first = false;
    }
    return BASE_OK;
}

static enum base_code put_written(struct base_buffer *out, const struct people_side *side, const struct people_profile_name *name)
{
    const struct people_name *written = &side->record->names[name->source];
    BASE_TRY(people_words_cut(out, written->text));
    return base_buffer_format(out, " (%s%s)", written->script, written->kind == PEOPLE_NAME_WEAK ? ", a weak alias" : "");
}

static bool is_same_spelling(const struct people_alignment *name)
{
    for (size_t i = 0; i < name->count; i++)
        if (name->matches[i].way != PEOPLE_WAY_SPELLING)
            return false;
    return name->left_over == 0 && name->right_over == 0;
}

static bool is_same_order(const struct people_alignment *name)
{
    for (size_t i = 0; i < name->count; i++)
        if (name->matches[i].left != name->matches[i].right)
            return false;
    return true;
}

/* In the order of a's parts. */
static enum base_code put_parts(struct base_buffer *out, const struct view *a, const struct view *b, const struct people_alignment *name)
{
    bool is_first = true;
    for (size_t at = 0; at < a->name->count; at++) {
        for (size_t i = 0; i < name->count; i++) {
            if (at_of(a, &name->matches[i]) != at)
                continue;
            BASE_TRY(base_buffer_text(out, is_first ? "" : ", "));
            BASE_TRY(put_match(out, a, b, &name->matches[i]));
            is_first = false;
        }
    }
    BASE_TRY(put_left_over(out, a, "; only in one: "));
    return put_left_over(out, b, "; only in one: ");
}

/* A line for each part. */
static enum base_code write_parts(struct people_words *words, const struct view *a, const struct view *b, const struct people_alignment *name)
{
    for (size_t at = 0; at < a->name->count; at++) {
        for (size_t i = 0; i < name->count; i++) {
            if (at_of(a, &name->matches[i]) != at)
                continue;
            BASE_TRY(base_buffer_text(&words->line, "part: "));
            BASE_TRY(put_match(&words->line, a, b, &name->matches[i]));
            BASE_TRY(put_line(words, name->matches[i].evidence));
        }
    }
    if (name->missing != 0) {
        BASE_TRY(put_left_over(&words->line, a, "part: only in the first: "));
        BASE_TRY(put_left_over(&words->line, b, words->line.len == 0 ? "part: only in the second: " : "; only in the second: "));
        BASE_TRY(put_line(words, name->missing));
    }
    if (name->order == 0)
        return BASE_OK;
    BASE_TRY(base_buffer_format(&words->line, "name: %s%s%s", name->equal == 1 ? "one part alone" : name->equal > 2 ? "several parts, which often go together" : "",
                                name->is_reordered ? (name->equal == 2 ? "another order" : ", another order") : "",
                                name->a->is_weak || name->b->is_weak ? ", a weak alias" : ""));
    return put_line(words, name->order);
}

static enum base_code write_name(struct people_words *words, const struct people_side *a, const struct people_side *b,
                                 const struct people_assessment *found)
{
    const struct people_alignment *name = &found->name;
    struct view of_a = {a, a->profile, name->a, name->is_swapped ? name->used_right : name->used_left, !name->is_swapped};
    struct view of_b = {b, b->profile, name->b, name->is_swapped ? name->used_left : name->used_right, name->is_swapped};
    BASE_TRY(base_buffer_text(&words->line, "name: "));
    BASE_TRY(put_written(&words->line, a, name->a));
    BASE_TRY(base_buffer_text(&words->line, " against "));
    BASE_TRY(put_written(&words->line, b, name->b));
    if (words->is_by_part) {
        BASE_TRY(put_line(words, 0));
        BASE_TRY(write_parts(words, &of_a, &of_b, name));
    } else {
        BASE_TRY(base_buffer_text(&words->line, ": "));
        if (is_same_spelling(name))
            BASE_TRY(base_buffer_text(&words->line, is_same_order(name) ? "the same spelling" : "the same spelling in another order"));
        else
            BASE_TRY(put_parts(&words->line, &of_a, &of_b, name));
        BASE_TRY(put_line(words, name->evidence));
    }
    if (found->more_names == 0)
        return BASE_OK;
    BASE_TRY(base_buffer_format(&words->line, "name: %zu more %s alike", found->more_names,
                                found->more_names == 1 ? "pair of their spellings is" : "pairs of their spellings are"));
    return put_line(words, 0);
}

static enum base_code write_birth(struct people_words *words, const struct people_date *a, const struct people_date *b, int evidence)
{
    BASE_TRY(base_buffer_text(&words->line, "birth: "));
    BASE_TRY(people_births_words(a, b, &words->line));
    return put_line(words, evidence);
}

static enum base_code write_births(struct people_words *words, const struct people_record *a, const struct people_record *b,
                                   const struct people_assessment *found)
{
    size_t pairs = a->birth_count * b->birth_count;
    if (!found->has_birth) {
        BASE_TRY(base_buffer_text(&words->line, a->birth_count + b->birth_count == 0 ? "birth: no date of birth is known"
                                                                             : "birth: one of them has no date of birth"));
        return put_line(words, 0);
    }
    BASE_TRY(write_birth(words, &a->births[found->birth_a], &b->births[found->birth_b], found->births));
    if (pairs > BIRTHS_SHOWN) {
        BASE_TRY(base_buffer_format(&words->line, "birth: %zu more pairs of dates, none nearer", pairs - 1));
        return put_line(words, 0);
    }
    for (size_t i = 0; i < a->birth_count; i++)
        for (size_t k = 0; k < b->birth_count; k++)
            if (i != found->birth_a || k != found->birth_b)
                BASE_TRY(write_birth(words, &a->births[i], &b->births[k], 0));
    return BASE_OK;
}

static enum base_code put_document(struct base_buffer *out, const struct people_document *document)
{
    if (document->type != NULL) {
        BASE_TRY(people_words_cut(out, document->type));
        BASE_TRY(base_buffer_text(out, " "));
    }
    BASE_TRY(people_words_cut(out, document->number));
    if (document->country == NULL)
        return BASE_OK;
    BASE_TRY(base_buffer_text(out, " ("));
    BASE_TRY(people_words_cut(out, document->country));
    return base_buffer_text(out, ")");
}

static enum base_code write_document(struct people_words *words, const struct people_side *a, const struct people_side *b,
                                     const struct people_assessment *found)
{
    if (!found->has_document)
        return BASE_OK;
    BASE_TRY(base_buffer_text(&words->line, "document: "));
    BASE_TRY(put_document(&words->line, &a->record->documents[a->profile->numbers[found->number_a].source]));
    BASE_TRY(base_buffer_text(&words->line, " against "));
    BASE_TRY(put_document(&words->line, &b->record->documents[b->profile->numbers[found->number_b].source]));
    BASE_TRY(base_buffer_text(&words->line, ": the same number"));
    return put_line(words, 0);
}

static enum base_code put_list(struct base_buffer *out, const struct people_texts *texts)
{
    for (size_t i = 0; i < texts->count && i < LISTED_MAX; i++) {
        BASE_TRY(base_buffer_text(out, i == 0 ? "" : ", "));
        BASE_TRY(people_words_cut(out, texts->items[i]));
    }
    return texts->count > LISTED_MAX ? base_buffer_text(out, " and more") : BASE_OK;
}

static enum base_code write_nationality(struct people_words *words, const struct people_texts *a, const struct people_texts *b,
                                        const struct people_assessment *found)
{
    if (found->nations == PEOPLE_MEETING_UNKNOWN)
        return BASE_OK;
    BASE_TRY(base_buffer_text(&words->line, "nationality: "));
    BASE_TRY(put_list(&words->line, a));
    BASE_TRY(base_buffer_text(&words->line, " against "));
    BASE_TRY(put_list(&words->line, b));
    BASE_TRY(base_buffer_text(&words->line, found->nations == PEOPLE_MEETING_AGREES ? ": agree" : ": none in common as written"));
    return put_line(words, found->nations_evidence);
}

static enum base_code write_sex(struct people_words *words, char a, char b, const struct people_assessment *found)
{
    if (a == 0 || b == 0)
        return BASE_OK;
    BASE_TRY(a == b ? base_buffer_format(&words->line, "sex: both %c", a) : base_buffer_format(&words->line, "sex: differs: %c / %c", a, b));
    return put_line(words, found->sex_evidence);
}

static const struct people_place *birth_place(const struct people_record *record)
{
    for (size_t i = 0; i < record->place_count; i++)
        if (record->places[i].kind == PEOPLE_PLACE_BIRTH)
            return &record->places[i];
    return NULL;
}

static enum base_code write_place(struct people_words *words, const struct people_record *a, const struct people_record *b,
                                  const struct people_assessment *found)
{
    const struct people_place *x = birth_place(a), *y = birth_place(b);
    if (found->places == PEOPLE_MEETING_UNKNOWN || x == NULL || y == NULL)
        return BASE_OK;
    BASE_TRY(base_buffer_text(&words->line, "place: born in "));
    BASE_TRY(people_words_cut(&words->line, x->text));
    BASE_TRY(base_buffer_text(&words->line, " against "));
    BASE_TRY(people_words_cut(&words->line, y->text));
    BASE_TRY(base_buffer_text(&words->line, found->places == PEOPLE_MEETING_AGREES ? ": a name of theirs sounds alike"
                                                                                   : ": nothing in common as written"));
    return put_line(words, found->places_evidence);
}

static enum base_code write_chances(struct people_words *words, const struct people_side *a, const struct people_side *b,
                                    const struct people_assessment *found)
{
    if (!words->is_by_part)
        return BASE_OK;
    if (found->chances != 0) {
        BASE_TRY(base_buffer_format(&words->line, "chance: %zu different names against %zu, of which one pair had to be alike",
                                    a->profile->different_names, b->profile->different_names));
        BASE_TRY(put_line(words, found->chances));
    }
    BASE_TRY(base_buffer_text(&words->line, "before: two persons of two lists are rarely the same"));
    return put_line(words, found->prior);
}

static enum base_code write_all(struct people_words *words, const struct people_side *a, const struct people_side *b,
                                const struct people_assessment *found)
{
    if (found->has_name)
        BASE_TRY(write_name(words, a, b, found));
    if (!found->has_name && words->is_by_part) {
        BASE_TRY(base_buffer_text(&words->line, "name: no part is alike, by letters or by sound"));
        BASE_TRY(put_line(words, found->has_document ? 0 : found->prior));
    }
    if (!found->has_name && !found->has_document)
        return BASE_OK;
    BASE_TRY(write_births(words, a->record, b->record, found));
    BASE_TRY(write_document(words, a, b, found));
    BASE_TRY(write_nationality(words, &a->record->nationalities, &b->record->nationalities, found));
    BASE_TRY(write_sex(words, a->record->sex, b->record->sex, found));
    BASE_TRY(write_place(words, a->record, b->record, found));
    return write_chances(words, a, b, found);
}

enum base_code people_words_write(const struct people_side *a, const struct people_side *b, const struct people_assessment *found,
                                  bool is_by_part, struct people_explanation *out)
{
    struct people_words words = {BASE_BUFFER_EMPTY, is_by_part, out};
    enum base_code code = write_all(&words, a, b, found);
    base_buffer_release(&words.line);
    return code;
}
