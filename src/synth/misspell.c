/* SPDX-License-Identifier: Apache-2.0
 *
 * The name as a second source writes it: the first source's writing, and errors on it. An error is taken down only when it changed
 * something (doc/spec/synth.md section 5).
 */
#include "synth/inside.h"
#include "synth/letters.h"

#include <string.h>

/* In 100,000 persons. Where each comes from: doc/spec/synth.md 5.2. */
enum {
    RATE_ALIAS = 600,
    RATE_SCRIPT = 2000,
    RATE_TOKEN_LESS = 10000,
    RATE_TOKEN_MORE = 10000,
    RATE_OTHER_FAMILY = 3000,
    RATE_PARTICLE = 12000,
    RATE_MARKS = 10000,
    RATE_ROMANISATION = 14000,
    RATE_ORDER = 14000,
    RATE_COMMA = 30, /* per cent of those */
    RATE_JOINED = 700,
    RATE_SPLIT = 300,
    RATE_INITIAL = 300,
    ALIASES = 350, /* per mille of persons with an alias on the second side, too */
};

static const struct {
    enum synth_error error;
    uint32_t rate;
    bool (*slip)(char *text, size_t size, struct synth_random *random);
} slips[] = {
    {SYNTH_ERROR_VOWEL, 2500, synth_letters_vowel},     {SYNTH_ERROR_DOUBLED, 1000, synth_letters_doubled},
    {SYNTH_ERROR_DROPPED, 1200, synth_letters_dropped},  {SYNTH_ERROR_ADDED, 1200, synth_letters_added},
    {SYNTH_ERROR_WRONG, 300, synth_letters_wrong},      {SYNTH_ERROR_SWAPPED, 200, synth_letters_swapped},
};

struct misspelling {
    const struct synth *synth;
    const struct synth_first *first;
    struct synth_random *random;
    struct synth_writing writing;
    uint64_t errors;
};

static bool errs(struct misspelling *spelling, uint32_t rate)
{
    return synth_errs(spelling->synth, spelling->random, rate);
}

static void note(struct misspelling *spelling, enum synth_error error, bool happened)
{
    if (happened)
        spelling->errors |= SYNTH_ERROR_BIT(error);
}

/* One of the parts for which `fits` holds, or NULL. */
static struct synth_written *pick_part(struct misspelling *spelling, bool (*fits)(const struct synth_writing *, size_t))
{
    struct synth_written *found[SYNTH_PARTS_MAX];
    uint32_t count = 0;
    for (size_t i = 0; i < spelling->writing.count; i++)
        if (fits(&spelling->writing, i))
            found[count++] = &spelling->writing.parts[i];
    return count == 0 ? NULL : found[synth_random_below(spelling->random, count)];
}

static bool fits_written(const struct synth_writing *writing, size_t at)
{
    return writing->parts[at].is_written;
}

static size_t written_count(const struct synth_writing *writing)
{
    size_t count = 0;
    for (size_t i = 0; i < writing->count; i++)
        count += writing->parts[i].is_written;
    return count;
}

/* A given name stays, and so does a family name where nothing else is left. */
static bool fits_less(const struct synth_writing *writing, size_t at)
{
    const struct synth_written *part = &writing->parts[at];
    return part->is_written && part->role != SYNTH_ROLE_GIVEN && written_count(writing) > 2;
}

static bool fits_more(const struct synth_writing *writing, size_t at)
{
    return !writing->parts[at].is_written;
}

static bool fits_initial(const struct synth_writing *writing, size_t at)
{
    const struct synth_written *part = &writing->parts[at];
    return part->is_written && part->role <= SYNTH_ROLE_PATRONYMIC && strlen(part->text) > 3 && (part->text[0] & 0x80) == 0 &&
           written_count(writing) > 1;
}

static bool fits_join(const struct synth_writing *writing, size_t at)
{
    return at + 1 < writing->count && writing->parts[at].is_written && writing->parts[at + 1].is_written &&
           writing->parts[at + 1].role <= SYNTH_ROLE_GRANDFATHER &&
           strlen(writing->parts[at].text) + strlen(writing->parts[at + 1].text) < SYNTH_PART_BYTES;
}

static bool fits_split(const struct synth_writing *writing, size_t at)
{
    return writing->parts[at].is_written && strlen(writing->parts[at].text) > 7 && strpbrk(writing->parts[at].text, " ") == NULL;
}

static void lose_token(struct misspelling *spelling)
{
    struct synth_written *part = errs(spelling, RATE_TOKEN_LESS) ? pick_part(spelling, fits_less) : NULL;
    note(spelling, SYNTH_ERROR_TOKEN_LESS, part != NULL);
    if (part != NULL)
        part->is_written = false;
}

static void gain_token(struct misspelling *spelling)
{
    bool is_less = (spelling->errors & SYNTH_ERROR_BIT(SYNTH_ERROR_TOKEN_LESS)) != 0;
    struct synth_written *part = errs(spelling, RATE_TOKEN_MORE) && !is_less ? pick_part(spelling, fits_more) : NULL;
    note(spelling, SYNTH_ERROR_TOKEN_MORE, part != NULL);
    if (part != NULL)
        part->is_written = true;
}

static void change_family(struct misspelling *spelling)
{
    struct synth_written *part = synth_writing_role(&spelling->writing, SYNTH_ROLE_FAMILY);
    struct synth_part family;
    if (part == NULL || !errs(spelling, RATE_OTHER_FAMILY))
        return;
    synth_name_pick(spelling->first->who.language, SYNTH_KIND_FAMILY, 1, spelling->random, &family);
    note(spelling, SYNTH_ERROR_OTHER_FAMILY, strcmp(part->text, family.roman) != 0);
    struct synth_text text = synth_text_over(part->text, SYNTH_PART_BYTES);
    synth_text_put(&text, family.roman);
}

/* The length of an article that the text begins with, and its hyphen or blank. */
static size_t article_len(const char *text)
{
    static const char *const articles[] = {"al-", "Al-", "el-",  "El-",  "Al ",   "El ", "de ",  "De ",
                                           "da ", "dos ", "van ", "von ", "Ould ", "di ", "del ", "ibn "};
    for (size_t i = 0; i < sizeof articles / sizeof *articles; i++)
        if (strncmp(text, articles[i], strlen(articles[i])) == 0)
            return strlen(articles[i]);
    return 0;
}

static bool fits_article(const struct synth_writing *writing, size_t at)
{
    return writing->parts[at].is_written && article_len(writing->parts[at].text) > 0;
}

/* "bin" more or less where a forefather stands, or an article less. */
static void change_particle(struct misspelling *spelling)
{
    struct synth_writing *writing = &spelling->writing;
    const struct synth_who *who = &spelling->first->who;
    bool has_forefather = synth_writing_role(writing, SYNTH_ROLE_FATHER) != NULL || synth_writing_role(writing, SYNTH_ROLE_GRANDFATHER) != NULL;
    bool has_links = synth_language_table(who->language, SYNTH_KIND_LINK)->count > 0;
    if (!errs(spelling, RATE_PARTICLE))
        return;
    struct synth_written *part = pick_part(spelling, fits_article);
    if (has_links && has_forefather && (part == NULL || synth_random_per_mille(spelling->random, 500))) {
        writing->is_linked = !writing->is_linked;
        note(spelling, SYNTH_ERROR_PARTICLE, true);
    } else if (part != NULL) {
        size_t len = article_len(part->text);
        memmove(part->text, part->text + len, strlen(part->text + len) + 1);
        note(spelling, SYNTH_ERROR_PARTICLE, true);
    }
}

/* The other of the two ways to write a Latin name that has marks. */
static void change_marks(struct misspelling *spelling)
{
    const struct synth_who *who = &spelling->first->who;
    if (strcmp(who->language->script, "Latn") != 0 || !errs(spelling, RATE_MARKS))
        return;
    bool had = spelling->writing.has_marks, is_changed = false;
    for (size_t i = 0; i < who->part_count; i++) {
        const struct synth_part *part = &who->parts[i];
        struct synth_written *written = &spelling->writing.parts[i];
        if (!written->is_written || strcmp(written->text, had ? part->original : part->roman) != 0)
            continue;
        struct synth_text text = synth_text_over(written->text, SYNTH_PART_BYTES);
        synth_text_put(&text, had ? part->roman : part->original);
        is_changed = is_changed || strcmp(part->original, part->roman) != 0;
    }
    spelling->writing.has_marks = !had;
    note(spelling, SYNTH_ERROR_MARKS, is_changed);
}

static void slip_letters(struct misspelling *spelling)
{
    for (size_t i = 0; i < sizeof slips / sizeof *slips; i++) {
        if (!errs(spelling, slips[i].rate))
            continue;
        struct synth_written *part = pick_part(spelling, fits_written);
        note(spelling, slips[i].error, slips[i].slip(part->text, sizeof part->text, spelling->random));
    }
}

static void cut_to_initial(struct misspelling *spelling)
{
    struct synth_written *part = errs(spelling, RATE_INITIAL) ? pick_part(spelling, fits_initial) : NULL;
    note(spelling, SYNTH_ERROR_INITIAL, part != NULL);
    if (part != NULL) {
        part->text[1] = '.';
        part->text[2] = 0;
    }
}

static void join_parts(struct misspelling *spelling)
{
    struct synth_written *part = errs(spelling, RATE_JOINED) ? pick_part(spelling, fits_join) : NULL;
    note(spelling, SYNTH_ERROR_JOINED, part != NULL);
    if (part == NULL)
        return;
    struct synth_text end = {part->text + strlen(part->text), part->text + SYNTH_PART_BYTES - 1};
    for (char *at = part[1].text; *at != 0; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at + 32);
    synth_text_put(&end, part[1].text);
    part[1].is_written = false;
}

static void split_part(struct misspelling *spelling)
{
    struct synth_written *part = errs(spelling, RATE_SPLIT) ? pick_part(spelling, fits_split) : NULL;
    if (part == NULL)
        return;
    size_t len = strlen(part->text), at = 3 + synth_random_below(spelling->random, (uint32_t)len - 5);
    bool fits = len + 2 <= SYNTH_PART_BYTES && (part->text[at] & 0x80) == 0 && (part->text[at - 1] & 0x80) == 0;
    note(spelling, SYNTH_ERROR_SPLIT, fits);
    if (!fits)
        return;
    memmove(part->text + at + 1, part->text + at, len - at + 1);
    part->text[at] = ' ';
}

static void move_part(struct synth_writing *writing, size_t from)
{
    struct synth_written part = writing->parts[from];
    memmove(&writing->parts[1], &writing->parts[0], from * sizeof part);
    writing->parts[0] = part;
}

/* The last part first, or with a comma behind the family name. Positions no longer agree with the person's parts. */
static void change_order(struct misspelling *spelling)
{
    struct synth_writing *writing = &spelling->writing;
    if (written_count(writing) < 2 || !errs(spelling, RATE_ORDER))
        return;
    note(spelling, SYNTH_ERROR_ORDER, true);
    if (synth_random_below(spelling->random, 100) < RATE_COMMA && synth_writing_role(writing, SYNTH_ROLE_FAMILY) != NULL) {
        writing->has_comma = true;
        return;
    }
    size_t last = writing->count - 1;
    while (!writing->parts[last].is_written)
        last--;
    move_part(writing, last);
}

static void make_errors(struct misspelling *spelling)
{
    lose_token(spelling);
    gain_token(spelling);
    change_marks(spelling);
    if (errs(spelling, RATE_ROMANISATION))
        note(spelling, SYNTH_ERROR_ROMANISATION, synth_writing_respell(&spelling->first->who, &spelling->writing, spelling->random));
    change_particle(spelling);
    change_family(spelling);
    slip_letters(spelling);
    cut_to_initial(spelling);
    join_parts(spelling);
    split_part(spelling);
    change_order(spelling);
}

/* A writing of its own, or one of the first source's names. */
static void add_alias(struct misspelling *spelling, struct synth_sheet *out)
{
    const struct synth_first *first = spelling->first;
    char text[SYNTH_NAME_BYTES];
    if (!synth_random_per_mille(spelling->random, ALIASES))
        return;
    if (synth_random_per_mille(spelling->random, 500)) {
        const struct synth_sheet_name *name = &first->sheet.names[synth_random_below(spelling->random, (uint32_t)first->sheet.name_count)];
        synth_sheet_add_name(out, name->kind == PEOPLE_NAME_ORIGINAL ? PEOPLE_NAME_ORIGINAL : PEOPLE_NAME_ALIAS, name->text);
        return;
    }
    struct synth_writing writing = first->writing;
    synth_writing_respell(&first->who, &writing, spelling->random);
    synth_writing_join(&first->who, &writing, text);
    synth_sheet_add_name(out, PEOPLE_NAME_ALIAS, text);
}

/* The first source's alias is all that the second has; false when there is none. */
static bool write_alias(struct misspelling *spelling, struct synth_sheet *out)
{
    const struct synth_sheet *sheet = &spelling->first->sheet;
    for (size_t i = 1; i < sheet->name_count; i++) {
        if (sheet->names[i].kind != PEOPLE_NAME_ALIAS)
            continue;
        synth_sheet_add_name(out, PEOPLE_NAME_PRIMARY, sheet->names[i].text);
        note(spelling, SYNTH_ERROR_ALIAS, true);
        return true;
    }
    return false;
}

uint64_t synth_misspell(const struct synth *synth, const struct synth_first *first, struct synth_random *random,
                        struct synth_sheet *out)
{
    struct misspelling spelling = {.synth = synth, .first = first, .random = random};
    char text[SYNTH_NAME_BYTES];
    bool is_latin = strcmp(first->who.language->script, "Latn") == 0;
    if (errs(&spelling, RATE_ALIAS) && write_alias(&spelling, out))
        return spelling.errors;
    if (!is_latin && errs(&spelling, RATE_SCRIPT)) {
        synth_original_join(&first->who, text);
        synth_sheet_add_name(out, PEOPLE_NAME_ORIGINAL, text);
        note(&spelling, SYNTH_ERROR_SCRIPT, true);
        return spelling.errors;
    }
    spelling.writing = first->writing;
    make_errors(&spelling);
    synth_writing_join(&first->who, &spelling.writing, text);
    synth_sheet_add_name(out, PEOPLE_NAME_PRIMARY, text);
    if (strcmp(text, first->sheet.names[0].text) == 0)
        spelling.errors = 0; /* one error undid another */
    if (synth->error_percent > 0)
        add_alias(&spelling, out);
    return spelling.errors;
}
