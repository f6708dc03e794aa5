/* SPDX-License-Identifier: Apache-2.0
 *
 * What was found, in words. Texts of a record are cut here, so that a line stays one that a person reads.
 */
#include "people/compare_inside.h"

#include <ctype.h>
#include <string.h>

enum {
    CUT_BYTES = 160,   /* of a text of a record */
    BIRTHS_SHOWN = 3,  /* pairs of dates, the nearest first */
    LISTED_MAX = 5,
    ALIKE_LETTERS = 4, /* Syria, Syrian */
    ALIKE_SOUNDS = 3,
};

static enum base_code put_cut(struct base_buffer *out, const char *text)
{
    size_t len = strlen(text), kept = len;
    if (len > CUT_BYTES)
        for (kept = CUT_BYTES; kept > 0 && ((unsigned char)text[kept] & 0xc0) == 0x80;)
            kept--;
    BASE_TRY(base_buffer_append(out, base_bytes_of(text, kept)));
    return kept < len ? base_buffer_text(out, "...") : BASE_OK;
}

static enum base_code put_line(struct base_buffer *line, struct people_texts *out)
{
    enum base_code code = people_texts_add(out, base_bytes_buffer(line));
    base_buffer_clear(line);
    return code;
}

/* The folded letters, all small: of a Cyrillic name the letters that its sound was made of. */
static enum base_code put_part(struct base_buffer *out, const struct people_profile *profile, const struct people_token *token)
{
    char lower[NAMES_TOKEN_SIZE];
    const char *plain = people_profile_text(profile, token->plain);
    size_t len = 0;
    for (; plain[len] != 0 && len + 1 < sizeof lower; len++)
        lower[len] = (char)tolower((unsigned char)plain[len]);
    lower[len] = 0;
    return base_buffer_text(out, lower);
}

/* One side of the name: a's parts are written first, whichever is left. */
struct view {
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

static enum base_code put_match(struct base_buffer *out, const struct view *a, const struct view *b, const struct people_part_match *match)
{
    static const char *const between[] = {[PEOPLE_WAY_SOUND] = " and ", [PEOPLE_WAY_JOINED] = " and ", [PEOPLE_WAY_SLIP] = " and ",
                                          [PEOPLE_WAY_INITIAL] = " may stand for "};
    if (match->way == PEOPLE_WAY_SPELLING) {
        BASE_TRY(put_side(out, a, match));
        return base_buffer_text(out, " is spelled the same");
    }
    bool is_b_first = match->way == PEOPLE_WAY_INITIAL && !token_of(a, match)->is_initial;
    BASE_TRY(put_side(out, is_b_first ? b : a, match));
    BASE_TRY(base_buffer_text(out, between[match->way]));
    BASE_TRY(put_side(out, is_b_first ? a : b, match));
    if (match->way == PEOPLE_WAY_INITIAL)
        return BASE_OK;
    if (match->way == PEOPLE_WAY_SLIP)
        return base_buffer_text(out, " are one slip apart");
    return base_buffer_format(out, " sound alike%s (%s)", match->way == PEOPLE_WAY_JOINED ? " when joined" : "",
                              people_profile_text(a->is_left ? a->profile : b->profile, match->sound));
}

static enum base_code put_left_over(struct base_buffer *out, const struct view *view)
{
    bool is_first = true;
    for (size_t i = 0; i < view->name->count; i++) {
        if ((view->used & 1U << i) != 0)
            continue;
        BASE_TRY(base_buffer_text(out, is_first ? "; only in one: " : " "));
        BASE_TRY(put_part(out, view->profile, people_profile_token(view->profile, view->name, i)));
        is_first = false;
    }
    return BASE_OK;
}

static enum base_code put_written(struct base_buffer *out, const struct people_side *side, const struct people_profile_name *name)
{
    const struct people_name *written = &side->record->names[name->source];
    BASE_TRY(put_cut(out, written->text));
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
    BASE_TRY(put_left_over(out, a));
    return put_left_over(out, b);
}

static enum base_code write_name(const struct people_side *a, const struct people_side *b, const struct people_assessment *found,
                                 struct base_buffer *line, struct people_texts *out)
{
    const struct people_alignment *name = &found->name;
    struct view of_a = {a->profile, name->a, name->is_swapped ? name->used_right : name->used_left, !name->is_swapped};
    struct view of_b = {b->profile, name->b, name->is_swapped ? name->used_left : name->used_right, name->is_swapped};
    BASE_TRY(base_buffer_text(line, "name: "));
    BASE_TRY(put_written(line, a, name->a));
    BASE_TRY(base_buffer_text(line, " against "));
    BASE_TRY(put_written(line, b, name->b));
    BASE_TRY(base_buffer_text(line, ": "));
    if (is_same_spelling(name))
        BASE_TRY(base_buffer_text(line, is_same_order(name) ? "the same spelling" : "the same spelling in another order"));
    else
        BASE_TRY(put_parts(line, &of_a, &of_b, name));
    BASE_TRY(put_line(line, out));
    if (found->more_names == 0)
        return BASE_OK;
    BASE_TRY(base_buffer_format(line, "name: %zu more %s alike", found->more_names,
                                found->more_names == 1 ? "pair of their spellings is" : "pairs of their spellings are"));
    return put_line(line, out);
}

static enum base_code write_birth(const struct people_date *a, const struct people_date *b, struct base_buffer *line,
                                  struct people_texts *out)
{
    BASE_TRY(base_buffer_text(line, "birth: "));
    BASE_TRY(people_births_words(a, b, line));
    return put_line(line, out);
}

static enum base_code write_births(const struct people_record *a, const struct people_record *b, const struct people_assessment *found,
                                   struct base_buffer *line, struct people_texts *out)
{
    size_t pairs = a->birth_count * b->birth_count;
    if (!found->has_birth) {
        BASE_TRY(base_buffer_text(line, a->birth_count + b->birth_count == 0 ? "birth: no date of birth is known"
                                                                             : "birth: one of them has no date of birth"));
        return put_line(line, out);
    }
    BASE_TRY(write_birth(&a->births[found->birth_a], &b->births[found->birth_b], line, out));
    if (pairs > BIRTHS_SHOWN) {
        BASE_TRY(base_buffer_format(line, "birth: %zu more pairs of dates, none nearer", pairs - 1));
        return put_line(line, out);
    }
    for (size_t i = 0; i < a->birth_count; i++)
        for (size_t k = 0; k < b->birth_count; k++)
            if (i != found->birth_a || k != found->birth_b)
                BASE_TRY(write_birth(&a->births[i], &b->births[k], line, out));
    return BASE_OK;
}

static enum base_code put_document(struct base_buffer *out, const struct people_document *document)
{
    if (document->type != NULL) {
        BASE_TRY(put_cut(out, document->type));
        BASE_TRY(base_buffer_text(out, " "));
    }
    BASE_TRY(put_cut(out, document->number));
    if (document->country == NULL)
        return BASE_OK;
    BASE_TRY(base_buffer_text(out, " ("));
    BASE_TRY(put_cut(out, document->country));
    return base_buffer_text(out, ")");
}

static enum base_code write_document(const struct people_side *a, const struct people_side *b, const struct people_assessment *found,
                                     struct base_buffer *line, struct people_texts *out)
{
    if (!found->has_document)
        return BASE_OK;
    BASE_TRY(base_buffer_text(line, "document: "));
    BASE_TRY(put_document(line, &a->record->documents[a->profile->numbers[found->number_a].source]));
    BASE_TRY(base_buffer_text(line, " against "));
    BASE_TRY(put_document(line, &b->record->documents[b->profile->numbers[found->number_b].source]));
    BASE_TRY(base_buffer_text(line, ": the same number"));
    return put_line(line, out);
}

static enum base_code put_list(struct base_buffer *out, const struct people_texts *texts)
{
    for (size_t i = 0; i < texts->count && i < LISTED_MAX; i++) {
        BASE_TRY(base_buffer_text(out, i == 0 ? "" : ", "));
        BASE_TRY(put_cut(out, texts->items[i]));
    }
    return texts->count > LISTED_MAX ? base_buffer_text(out, " and more") : BASE_OK;
}

/* The first word of a country or a nationality: Russia, Russian Federation. */
static enum base_code are_alike(const char *a, const char *b, bool *out)
{
    struct names_form x, y;
    *out = strcmp(a, b) == 0;
    if (*out)
        return BASE_OK;
    BASE_TRY(names_form_of(base_bytes_text(a), &x));
    BASE_TRY(names_form_of(base_bytes_text(b), &y));
    *out = x.count > 0 && y.count > 0 && strncmp(x.tokens[0].plain, y.tokens[0].plain, ALIKE_LETTERS) == 0;
    return BASE_OK;
}

static enum base_code write_nationality(const struct people_texts *a, const struct people_texts *b, struct base_buffer *line,
                                        struct people_texts *out)
{
    bool are_same = false;
    if (a->count == 0 || b->count == 0)
        return BASE_OK;
    for (size_t i = 0; i < a->count && !are_same; i++) {
        for (size_t k = 0; k < b->count && !are_same; k++) {
            BASE_TRY(are_alike(a->items[i], b->items[k], &are_same));
            if (!are_same)
                continue;
            BASE_TRY(base_buffer_text(line, "nationality: "));
            BASE_TRY(put_cut(line, a->items[i]));
            BASE_TRY(base_buffer_text(line, " against "));
            BASE_TRY(put_cut(line, b->items[k]));
            BASE_TRY(base_buffer_text(line, ": agree"));
            return put_line(line, out);
        }
    }
    BASE_TRY(base_buffer_text(line, "nationality: "));
    BASE_TRY(put_list(line, a));
    BASE_TRY(base_buffer_text(line, " against "));
    BASE_TRY(put_list(line, b));
    BASE_TRY(base_buffer_text(line, ": none in common as written"));
    return put_line(line, out);
}

static enum base_code write_sex(char a, char b, struct base_buffer *line, struct people_texts *out)
{
    if (a == 0 || b == 0)
        return BASE_OK;
    BASE_TRY(a == b ? base_buffer_format(line, "sex: both %c", a) : base_buffer_format(line, "sex: differs: %c / %c", a, b));
    return put_line(line, out);
}

static bool forms_meet(const struct names_form *a, const struct names_form *b)
{
    for (size_t i = 0; i < a->count; i++)
        for (size_t k = 0; k < b->count; k++)
            for (size_t x = 0; x < a->tokens[i].sound_count; x++)
                for (size_t y = 0; y < b->tokens[k].sound_count; y++)
                    if (strlen(a->tokens[i].sounds[x]) >= ALIKE_SOUNDS && strcmp(a->tokens[i].sounds[x], b->tokens[k].sounds[y]) == 0)
                        return true;
    return false;
}

static enum base_code write_place_pair(const struct people_place *a, const struct people_place *b, struct base_buffer *line,
                                       struct people_texts *out, bool *are_same)
{
    struct names_form x, y;
    BASE_TRY(names_form_of(base_bytes_text(a->text), &x));
    BASE_TRY(names_form_of(base_bytes_text(b->text), &y));
    *are_same = forms_meet(&x, &y);
    if (!*are_same)
        return BASE_OK;
    BASE_TRY(base_buffer_text(line, "place: born in "));
    BASE_TRY(put_cut(line, a->text));
    BASE_TRY(base_buffer_text(line, " against "));
    BASE_TRY(put_cut(line, b->text));
    BASE_TRY(base_buffer_text(line, ": a name of theirs sounds alike"));
    return put_line(line, out);
}

static enum base_code write_place(const struct people_record *a, const struct people_record *b, struct base_buffer *line,
                                  struct people_texts *out)
{
    const struct people_place *first_a = NULL, *first_b = NULL;
    for (size_t i = 0; i < a->place_count; i++) {
        for (size_t k = 0; k < b->place_count; k++) {
            bool are_same = false;
            if (a->places[i].kind != PEOPLE_PLACE_BIRTH || b->places[k].kind != PEOPLE_PLACE_BIRTH)
                continue;
            BASE_TRY(write_place_pair(&a->places[i], &b->places[k], line, out, &are_same));
            if (are_same)
                return BASE_OK;
            first_a = first_a == NULL ? &a->places[i] : first_a;
            first_b = first_b == NULL ? &b->places[k] : first_b;
        }
    }
    if (first_a == NULL)
        return BASE_OK;
    BASE_TRY(base_buffer_text(line, "place: born in "));
    BASE_TRY(put_cut(line, first_a->text));
    BASE_TRY(base_buffer_text(line, " against "));
    BASE_TRY(put_cut(line, first_b->text));
    BASE_TRY(base_buffer_text(line, ": nothing in common as written"));
    return put_line(line, out);
}

static enum base_code write_all(const struct people_side *a, const struct people_side *b, const struct people_assessment *found,
                                struct base_buffer *line, struct people_texts *out)
{
    if (found->has_name)
        BASE_TRY(write_name(a, b, found, line, out));
    BASE_TRY(write_births(a->record, b->record, found, line, out));
    BASE_TRY(write_document(a, b, found, line, out));
    BASE_TRY(write_nationality(&a->record->nationalities, &b->record->nationalities, line, out));
    BASE_TRY(write_sex(a->record->sex, b->record->sex, line, out));
    return write_place(a->record, b->record, line, out);
}

enum base_code people_words_write(const struct people_side *a, const struct people_side *b, const struct people_assessment *assessment,
                                  struct people_texts *out)
{
    struct base_buffer line = BASE_BUFFER_EMPTY;
    enum base_code code = write_all(a, b, assessment, &line, out);
    base_buffer_release(&line);
    return code;
}
